"""What a rule of the doctor is, and what it finds."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.analysis.doctor.observed import Observed


class Severity(Enum):
    """How bad it is; the value is its rank."""

    CRITICAL = 3
    WARNING = 2
    NOTICE = 1

    @property
    def word(self) -> str:
        """The word for it, in small letters."""
        return self.name.lower()

    def counted(self, count: int) -> str:
        """Count what was found: ``1 notice``, ``2 warnings``, ``3 critical``."""
        return f"{count} {self.word}{'' if count == 1 or self is Severity.CRITICAL else 's'}"

    @property
    def meaning(self) -> str:
        """What it means for who has to mend it."""
        return {
            "CRITICAL": "no command leads out of it",
            "WARNING": "it stays wrong until somebody acts; a command mends it",
            "NOTICE": "nothing fails today; it is a trap for later",
        }[self.name]


CRITICAL, WARNING, NOTICE = Severity


class Trouble(NamedTuple):
    """What a rule found in one object.

    Attributes:
        what: what is wrong, with the ids; a sentence.
        commands: what mends it, in order; empty where no command does.
        advice: what to mind, or what helps where no command does.
        severity: instead of the rule's own.
    """

    what: str
    commands: tuple[str, ...] = ()
    advice: str = ""
    severity: Severity | None = None


class Rule(NamedTuple):
    """Something that can be wrong.

    Attributes:
        name: in small letters with dashes; it stays the same between versions.
        severity: how bad it is, unless what is found says otherwise.
        how: the shortest way in which it comes about; a sentence or two.
        find: tells what is wrong with an object, or None.
        needs: what must have been seen besides images: ``machines``, ``apps``, ``clock``.
        example: a scenario below ``examples/`` in which it comes about, "" for none.
    """

    name: str
    severity: Severity
    how: str
    find: Callable[[Observed, Any], Trouble | None]
    needs: tuple[str, ...] = ()
    example: str = ""


class Finding(NamedTuple):
    """Something that is wrong with one object.

    Attributes:
        rule: the rule that found it.
        kind: ``image``, ``machine`` or ``app``.
        id: the object's.
        name: the object's.
        state: the object's, by OpenNebula's name.
        trouble: what is wrong, and what mends it.
        outcome: what the commands come to, as the simulated cloud shows it.
    """

    rule: Rule
    kind: str
    id: int
    name: str
    state: str
    trouble: Trouble
    outcome: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.trouble.severity or self.rule.severity

    def to_json(self) -> dict[str, Any]:
        """Give it as a JSON value."""
        return {
            "rule": self.rule.name,
            "severity": self.severity.word,
            "kind": self.kind,
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "what": self.trouble.what,
            "how": self.rule.how,
            "example": self.rule.example or None,
            "commands": list(self.trouble.commands),
            "outcome": list(self.outcome),
            "advice": self.trouble.advice or None,
        }


def listed(kind: str, numbers: list[int], most: int = 6) -> str:
    """Name some objects: ``machine 3``, ``machines 3, 4 and 5``, ``machines 3, 4, … (12)``."""
    if len(numbers) == 1:
        return f"{kind} {numbers[0]}"
    plural = "copies" if kind == "copy" else f"{kind}s"
    if len(numbers) > most:
        return f"{plural} {', '.join(map(str, numbers[:most]))}, … ({len(numbers)} in all)"
    return f"{plural} {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def is_are(numbers: list[int]) -> str:
    """Give the verb for some objects."""
    return "is" if len(numbers) == 1 else "are"
