"""What can happen next to one image: commands, what machines and clones do, and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifecycle.analysis.exploration.configuration import Bounds, Holder
from lifecycle.analysis.exploration.outcomes import ANSWERS
from lifecycle.operations import OPERATIONS

if TYPE_CHECKING:
    from lifecycle.table import Actor

_COMMANDS = (
    "enable",
    "disable",
    "persistent",
    "nonpersistent",
    "delete",
    "delete_force",
    "snapshot_delete",
    "snapshot_revert",
    "snapshot_flatten",
)
"""The commands that matter, but for `chtype`; what they leave out (a lock, a name) does not."""


class Move(NamedTuple):
    """One thing that can happen.

    Attributes:
        operation: its name in the image's table; ``recover`` for a machine in
            CLONING_FAILURE that is told to look at the image again, ``clone_lost`` for
            a clone whose record goes without its source being told.
        what: the type that `chtype` carries.
        holder: the kind of machine or clone that does it, NONE where a new one does;
            None where no holder has a part in it.
        place: which of the holders, where they are not interchangeable; else -1.
    """

    operation: str
    what: str = ""
    holder: Holder | None = None
    place: int = -1

    @property
    def label(self) -> str:
        """The move in few words, the same for holders that are interchangeable."""
        words = [self.operation]
        if self.what:
            words.append(self.what)
        if self.holder in (Holder.WAITING, Holder.ACTIVE) and self.operation == "release":
            words.append(self.holder.name.lower())
        if self.place >= 0:
            words.append(str(self.place))
        return " ".join(words)

    @property
    def actor(self) -> Actor:
        """Who does it."""
        name = {"recover": "lock", "clone_lost": "rm_success"}.get(self.operation, self.operation)
        return OPERATIONS[name].actor

    @property
    def answers(self) -> str:
        """The action of the datastore that it answers, "" for none."""
        return ANSWERS[self.operation][0] if self.operation in ANSWERS else ""

    @property
    def fault(self) -> bool:
        """Whether it is a failure of the datastore."""
        return self.operation in ANSWERS and not ANSWERS[self.operation][1]


def moves_within(bounds: Bounds) -> tuple[Move, ...]:
    """Give every move within bounds, in a fixed order."""
    found = [Move(name) for name in _COMMANDS if bounds.force or name != "delete_force"]
    found += [Move("chtype", kind.name) for kind in bounds.types]
    answers = [Move(name) for name in ANSWERS]
    found += [move for move in answers if bounds.faults or not move.fault]
    for place in _places(bounds.machines, bounds):
        found.append(Move("acquire", holder=Holder.NONE, place=place))
        for kind in (Holder.WAITING, Holder.ACTIVE):
            found.append(Move("release", holder=kind, place=place))
        found.append(Move("release_failed", holder=Holder.ACTIVE, place=place))
        found.append(Move("recover", holder=Holder.WAITING, place=place))
    for place in _places(bounds.clones, bounds):
        found.append(Move("clone", holder=Holder.NONE, place=place))
        found.append(Move("clone_released", holder=Holder.ACTIVE, place=place))
        if bounds.unasked:
            found.append(Move("clone_lost", holder=Holder.ACTIVE, place=place))
    return tuple(found)


def _places(number: int, bounds: Bounds) -> range | tuple[int, ...]:
    if bounds.symmetry:
        return (-1,) if number else ()
    return range(number)
