"""Faults on demand: rules by which calls fail that a cloud would answer.

They are about what lies between a client and the cloud, and about answers that
oned gives for reasons of its own. What a driver makes of a request is for the
cloud's plans (`lifecycle.cloud.drivers.Plan`).
"""

from __future__ import annotations

import random
import threading
from dataclasses import asdict, dataclass, field, fields
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from lifecycle.codes import ErrorCode
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.endpoint.call import Call

_LONGEST_DELAY = 3600.0
_LEAST_STATUS, _MOST_STATUS = 400, 599


@dataclass(slots=True)
class FaultRule:
    """How calls that match fail.

    What happens is one of `error`, `fault`, `status`, `drop` and `cut`, or a
    `delay` alone; a delay may also come before any of them.

    Attributes:
        method: a pattern of the method's name.
        user: a pattern of the user's name in the session.
        id: the first parameter behind the session that is a number, None for any.
        error: answer a refusal with this error code of oned's, by its name or number.
        fault: answer an XML-RPC fault with this code.
        status: answer with this HTTP status, from 400 to 599.
        drop: drop the connection without an answer.
        cut: drop the connection after so many bytes of the answer's body.
        text: the words of the refusal, the fault or the page.
        delay: real seconds before anything happens.
        made: whether the call is made nevertheless: its answer is lost, but what it does is
            done. With `cut` and a delay alone it always is.
        skip: how many matching calls are let pass first.
        count: how many matching calls it is applied to at most, None for all.
        probability: how likely it is to be applied to a matching call.
        seed: of the random numbers.
    """

    method: str = "*"
    user: str = "*"
    id: int | None = None
    error: str | int | None = None
    fault: int | None = None
    status: int | None = None
    drop: bool = False
    cut: int | None = None
    text: str = "simulated failure"
    delay: float = 0.0
    made: bool = False
    skip: int = 0
    count: int | None = None
    probability: float = 1.0
    seed: int = 0
    _random: random.Random = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a rule that can never be meant.

        Raises:
            InputError: a field is none of what it can be.
        """
        for name, kinds in _TYPES.items():
            value = getattr(self, name)
            if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
                raise InputError(f"cannot be {value!r}", field=name)
        self._check_effect()
        for name in ("skip", "count", "cut"):
            number = getattr(self, name)
            if number is not None and number < 0:
                raise InputError(f"must be 0 or more, not {number}", field=name)
        if not 0 <= self.probability <= 1:
            raise InputError(f"must be from 0 to 1, not {self.probability}", field="probability")
        if not 0 <= self.delay <= _LONGEST_DELAY:
            raise InputError(f"must be from 0 to 3600 seconds, not {self.delay}", field="delay")
        self._random = random.Random(self.seed)

    def _check_effect(self) -> None:
        chosen = [name for name in _EFFECTS if getattr(self, name) not in (None, False)]
        if len(chosen) > 1:
            raise InputError(
                f"cannot stand beside {chosen[0]}: a rule does one thing", field=chosen[1]
            )
        if not chosen and not self.delay:
            raise InputError(f"a rule needs one of {', '.join(_EFFECTS)} or delay")
        if self.error is not None:
            self.code  # noqa: B018 - raises when there is no such code
        if self.status is not None and not _LEAST_STATUS <= self.status <= _MOST_STATUS:
            raise InputError(f"must be from 400 to 599, not {self.status}", field="status")

    @property
    def code(self) -> int:
        """The error code of the refusal.

        Raises:
            InputError: there is no such code.
        """
        if isinstance(self.error, int):
            if self.error in set(ErrorCode):
                return self.error
        elif str(self.error).upper() in ErrorCode.__members__:
            return int(ErrorCode[str(self.error).upper()])
        names = ", ".join(f"{code.name} ({code:#06x})" for code in ErrorCode)
        raise InputError(f"{self.error!r} is none of {names}", field="error")

    @property
    def only_delays(self) -> bool:
        """Whether the call is answered as ever, only later."""
        return all(getattr(self, name) in (None, False) for name in _EFFECTS)

    def matches(self, call: Call) -> bool:
        """Tell whether the rule is about a call."""
        if not fnmatchcase(call.method, self.method):
            return False
        session = call.params[0] if call.params else ""
        name = session.partition(":")[0] if isinstance(session, str) else ""
        if not fnmatchcase(name, self.user):
            return False
        numbers = (one for one in call.params[1:] if type(one) is int)
        return self.id is None or self.id == next(numbers, None)

    def applies(self, call: Call) -> bool:
        """Tell whether the rule is applied to a call, and count it."""
        if self.count == 0 or not self.matches(call):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.probability < 1 and self._random.random() >= self.probability:
            return False
        if self.count is not None:
            self.count -= 1
        return True

    def to_json(self) -> dict[str, Any]:
        """Give the rule as it is now: skip and count are what is left."""
        value = asdict(self)
        del value["_random"]
        return value

    @classmethod
    def from_json(cls, value: Any) -> FaultRule:
        """Make a rule of what `to_json` gives, or of a part of it.

        Raises:
            InputError: it is none.
        """
        if not isinstance(value, dict):
            raise InputError("a fault rule must be an object")
        known = [one.name for one in fields(cls) if one.init]
        for name in value:
            if name not in known:
                raise InputError(f"unknown field; one of {', '.join(known)}", field=name)
        return cls(**value)


_EFFECTS = ("error", "fault", "status", "drop", "cut")
_TYPES: dict[str, tuple[type, ...]] = {
    "method": (str,),
    "user": (str,),
    "id": (int, type(None)),
    "error": (str, int, type(None)),
    "fault": (int, type(None)),
    "status": (int, type(None)),
    "drop": (bool,),
    "cut": (int, type(None)),
    "text": (str,),
    "delay": (int, float),
    "made": (bool,),
    "skip": (int,),
    "count": (int, type(None)),
    "probability": (int, float),
    "seed": (int,),
}


class FaultRules:
    """The rules of an endpoint, in their order, each with a number."""

    def __init__(self) -> None:
        """Begin with none."""
        self._rules: dict[int, FaultRule] = {}
        self._count = 0
        self._guard = threading.Lock()

    def __len__(self) -> int:
        """Count the rules."""
        return len(self._rules)

    def __iter__(self) -> Iterator[tuple[int, FaultRule]]:
        """Go through the rules, each with its number, in order."""
        with self._guard:
            return iter(list(self._rules.items()))

    def add(self, rule: FaultRule) -> int:
        """Add a rule behind those that there are, and give its number."""
        with self._guard:
            self._count += 1
            self._rules[self._count] = rule
            return self._count

    def remove(self, number: int) -> None:
        """Take a rule away.

        Raises:
            InputError: there is no rule of that number.
        """
        with self._guard:
            if number not in self._rules:
                raise InputError(f"there is no fault rule {number}")
            del self._rules[number]

    def clear(self) -> None:
        """Take all rules away."""
        with self._guard:
            self._rules.clear()

    def choose(self, call: Call) -> FaultRule | None:
        """Give the first rule that is applied to a call, None when there is none."""
        if not self._rules:
            return None
        with self._guard:
            return next((rule for rule in self._rules.values() if rule.applies(call)), None)
