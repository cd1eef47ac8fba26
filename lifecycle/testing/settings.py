"""What a cloud for tests can be told: how its drivers answer, its seed, where it begins."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.cloud import Cloud
from lifecycle.cloud.drivers import Plan
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from lifecycle.cloud.drivers import Outcome

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a cloud for a test begins, and how its drivers answer where no plan says otherwise.

    Attributes:
        answers: what the datastores answer: ``success``, ``failure``, or
            ``hold``, which leaves every request open until the test answers it.
        delay: seconds of the cloud's clock until they answer.
        speed: seconds of the cloud's clock that pass in a real one; at 0 it
            stands still until the test moves it.
        seed: of the random numbers, for plans with a probability.
        capacity_check: DATASTORE_CAPACITY_CHECK of oned.conf.
        situation: what is there at the beginning, as `Cloud.from_json` takes
            it, or the path of a file that `Cloud.load` reads; None for what
            OpenNebula brings.

    Raises:
        InputError: a field is none of what it can be.
    """

    answers: Outcome = "success"
    delay: float = 0
    speed: float = 0
    seed: int = 0
    capacity_check: bool = False
    situation: dict[str, Any] | str | Path | None = None

    def __post_init__(self) -> None:
        """Refuse what can never be meant."""
        try:
            self.otherwise()
        except InputError as error:
            field = error.field.replace("outcome", "answers")
            raise InputError(error.problem, field=field) from error
        # Types are promises of those who check them; everybody else is told here.
        speed: object = self.speed
        situation: object = self.situation
        check: object = self.capacity_check
        if isinstance(speed, bool) or not isinstance(speed, int | float):
            raise InputError(f"cannot be {speed!r}", field="speed")
        if not 0 <= speed < float("inf"):
            raise InputError(f"must be 0 or more, not {speed}", field="speed")
        if type(self.seed) is not int:
            raise InputError(f"must be a whole number, not {self.seed!r}", field="seed")
        if not isinstance(check, bool):
            raise InputError(f"must be true or false, not {check!r}", field="capacity_check")
        if not isinstance(situation, dict | str | Path | None):
            raise InputError(f"must be an object or a path, not {situation!r}", field="situation")

    @classmethod
    def of(cls, given: dict[str, Any]) -> Settings:
        """Make settings of what was given by name.

        Raises:
            InputError: a name is unknown, or its value none of what it can be.
        """
        known = [field.name for field in fields(cls)]
        for name in given:
            if name not in known:
                raise InputError(f"there is no setting {name!r}, only {', '.join(known)}")
        return cls(**given)

    def otherwise(self) -> Plan:
        """Give the plan for what no other plan is about."""
        return Plan(self.answers, delay=self.delay)

    def cloud(self) -> Cloud:
        """Make such a cloud.

        Raises:
            InputError: the situation is none, or its file cannot be read.
        """
        own = {"seed": self.seed, "capacity_check": self.capacity_check}
        if self.situation is None:
            cloud = Cloud(seed=self.seed, capacity_check=self.capacity_check)
        elif isinstance(self.situation, dict):
            cloud = Cloud.from_json(self.situation, **own)
        else:
            cloud = Cloud.load(self.situation, **own)
        cloud.drivers.otherwise = self.otherwise()
        return cloud
