"""What a scenario says, as immutable values: its plans, and its steps in order.

Each knows the line that it stands in. The text form is read by
:mod:`lifecycle.scenario.format`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lifecycle.scenario.grammar import Invocation

Driver = Literal["datastore", "transfer", "hypervisor", "market"]
Must = Literal["", "accepted", "refused"]
Mode = Literal["success", "failure", "hold", "default"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How drivers answer requests that match.

    Attributes:
        outcome: success, failure, or hold: never.
        action: the driver's action.
        driver: the driver that has it.
        pattern: a pattern of the names that it is about.
        after: virtual seconds from the request to the answer.
        nth: the first matching request that it is about, from 1.
        times: how many requests it answers at most, None for all.
        probability: how likely it is to answer a matching request.
        words: the driver's, None for what is usual.
    """

    line: int
    outcome: Literal["success", "failure", "hold"]
    action: str
    driver: Driver
    pattern: str = "*"
    after: int = 0
    nth: int = 1
    times: int | None = None
    probability: float = 1.0
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """Somebody types a command.

    Attributes:
        text: as it was written.
        invocation: what it means.
        user: who types it.
        must: whether it must be ``accepted`` or ``refused``, or either ("").
        saying: what the text of the refusal must hold.
    """

    line: int
    text: str
    invocation: Invocation
    user: str = "oneadmin"
    must: Must = ""
    saying: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A driver answers.

    Attributes:
        thing: the name of the image, machine or app.
        words: the driver's, None for what is usual.
        unasked: whether it answers what nobody asks.
    """

    line: int
    driver: Driver
    ok: bool
    action: str
    thing: str
    words: str | None = None
    unasked: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A driver answers an action in the same way from now on, or as usual again."""

    line: int
    driver: Driver
    mode: Mode
    action: str
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Time passes, in whole seconds."""

    line: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Say:
    """A text for the reader."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Expected:
    """That a field of a thing has a value: a text, or a list of names."""

    line: int
    name: str
    field: str
    value: str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expect:
    """A checkpoint: how things must be now."""

    line: int
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A checkpoint: exactly these requests wait for an answer, as (action, name)."""

    line: int
    requests: tuple[tuple[str, str], ...]


Step = Command | Answer | Rule | Wait | Say | Expect | Unanswered


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story: what is planned, and what happens.

    Attributes:
        file: where it stands.
        title: one line, for the reader.
        text: an introduction, for the reader.
        seed: of the random numbers, for plans with a probability.
    """

    file: str
    title: str
    steps: tuple[Step, ...]
    plans: tuple[Plan, ...] = ()
    text: str = ""
    seed: int = 0
