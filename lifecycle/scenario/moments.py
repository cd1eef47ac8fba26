"""What came of playing a scenario, as immutable values.

A run is a row of moments: a command, a driver's answer, time that passes, a
text. Each knows what it changed, what it asked drivers for, and why it was
refused. :mod:`lifecycle.scenario.timeline` makes rows of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from lifecycle.scenario.expectations import Unmet
    from lifecycle.scenario.steps import Scenario

Value = Any
"""What a field of a trace holds: a number, a text, a list, fields, or nothing."""

Kind = Literal["command", "answer", "rule", "wait", "say", "check"]


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one thing.

    Attributes:
        kind: image, machine, app or template.
        id, name: which one.
        states: the states that it was in, in order; only one where it stayed.
        fields: what else changed, by the fields of a trace: before and after;
            of a new thing, all that it is, with None before.
        new, gone: whether it appeared, or its record was dropped.
    """

    kind: str
    id: int
    name: str
    states: tuple[str, ...]
    fields: dict[str, tuple[Value, Value]] = field(default_factory=dict)
    new: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A driver was asked for something; told where it does not answer at once."""

    driver: str
    action: str
    name: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that oned only logged.

    Attributes:
        name, state: the thing that it was about.
        operation: what it was.
        text: oned's words.
        kept: the counters of an image that stay as they are, as ``2 VMs``.
    """

    name: str
    state: str
    operation: str
    text: str
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command was refused.

    Attributes:
        text: oned's words, without the method's name in front.
        code: the name of oned's error code.
        why: the reasons in plain words, from the lifecycle's table.
        legal: the commands that would be accepted instead.
        operation, state: what was refused in which state, "" where a check refused.
    """

    text: str
    code: str
    why: tuple[str, ...] = ()
    legal: tuple[str, ...] = ()
    operation: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One row of a run.

    Attributes:
        kind: what kind of thing happened.
        time: virtual seconds since the start.
        line: where it stands in the scenario, 0 for a planned answer.
        who: a user, a driver, or "".
        what: what was done, in short; for a text, the text.
        method: the call of oned's that a command made.
        reply: for a command: whether it was done, the value or message, the code.
        made: what was made that has no state: ``user bob``.
        unmet: what must be so and is not.
    """

    kind: Kind
    time: int
    line: int
    who: str
    what: str
    method: str = ""
    reply: tuple[bool, Any, int] | None = None
    made: str = ""
    refusal: Refusal | None = None
    changes: tuple[Change, ...] = ()
    asked: tuple[Asked, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    hooks: tuple[tuple[str, str, str], ...] = ()
    unmet: tuple[Unmet, ...] = ()
    checked: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """A scenario that was played.

    Attributes:
        seed: of the random numbers.
        elapsed: virtual seconds from start to end.
        unanswered: the requests that no driver has answered, as ``CP debian``.
        trace: the run in the trace format, line by line.
    """

    scenario: Scenario
    seed: int
    elapsed: int
    moments: tuple[Moment, ...]
    unanswered: tuple[str, ...]
    trace: tuple[dict[str, Any], ...]

    @property
    def unmet(self) -> tuple[Unmet, ...]:
        """Everything that must be so and is not, in order."""
        return tuple(one for moment in self.moments for one in moment.unmet)

    @property
    def checked(self) -> int:
        """How many things were checked."""
        return sum(moment.checked for moment in self.moments)
