"""One image, its machines and its clones: where it begins, what can follow, all that is reached.

Machines take the image when they are created, and a scheduler sends each to a
host as soon as it need not wait. Their disks are of a kind that keeps no
snapshots in the image (PERSISTENT_SNAPSHOTS=NO, as those of an LVM datastore).
A machine in any state can let go in good order, one on a host also as failed.
A clone is filled or fails, or its record is deleted; either way its source is
told. What is neither done to the image nor to a holder is left out: exports,
disks that are saved as images, runs of backups after the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifecycle.analysis.exploration.births import births
from lifecycle.analysis.exploration.configuration import (
    GONE_RECORD,
    Bounds,
    Configuration,
    Holder,
    Record,
    arranged,
)
from lifecycle.analysis.exploration.moves import Move, moves_within
from lifecycle.analysis.exploration.outcomes import Outcome, Outcomes, goes_on
from lifecycle.analysis.exploration.packed import Packed
from lifecycle.states import GONE, ImageState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.analysis.exploration.search import Graph, Told

_OF_CLONES = frozenset({"clone", "clone_released", "clone_lost"})
_NOT_OF_THE_IMAGE = frozenset({"recover", "clone_lost"})


class Effect(NamedTuple):
    """What a move does.

    Attributes:
        record: the image's record afterwards.
        becomes: what becomes of the holder that made it, None where none did.
        of_clones: whether that holder is a clone.
        go_on: whether the machines that wait go on.
    """

    record: Record
    becomes: Holder | None
    of_clones: bool
    go_on: bool


class OneImage:
    """What can happen to one image within bounds.

    Attributes:
        bounds: how far it is explored.
        moves: every move within the bounds, in a fixed order.
    """

    def __init__(self, bounds: Bounds | None = None) -> None:
        """Take the bounds, the usual ones unless given."""
        self.bounds = Bounds() if bounds is None else bounds
        self.moves = moves_within(self.bounds)
        self._outcomes = Outcomes(tracked=not self.bounds.unasked, requests=self.bounds.requests)

    def beginnings(self) -> dict[str, Configuration]:
        """Give the configurations in which an image can be born, by how it is born."""
        return births(self.bounds)

    def successors(self, configuration: Configuration) -> Iterator[tuple[Move, Configuration]]:
        """Give every move that leads to another configuration, and that configuration."""
        if configuration.state is GONE:
            return
        for move in self.moves:
            after = self.after(configuration, move)
            if after is not None and after != configuration:
                yield move, after

    def effect(self, record: Record, vms: int, clones: int, move: Move) -> Effect | None:
        """Give what a move does to an image and its holders, None where it is out of bounds.

        Args:
            record: the image's.
            vms: how many machines it counts.
            clones: how many clones it counts.
            move: where a holder makes it, one of its kind must be there.
        """
        if move.operation in _NOT_OF_THE_IMAGE:
            outcome: Outcome | None = Outcome(record, 0, 0, told=False)
        else:
            outcome = self._outcomes.of(record, vms, clones, move.operation, move.what)
        if outcome is None:
            return None
        of_clones = move.operation in _OF_CLONES
        state = outcome.record.state
        if not isinstance(state, ImageState):
            return Effect(GONE_RECORD, None, of_clones, go_on=False)
        becomes = None
        if move.holder is not None:
            becomes = (
                clone_after(move.operation, outcome)
                if of_clones
                else machine_after(move, outcome, state)
            )
        return Effect(outcome.record, becomes, of_clones, go_on=outcome.told and goes_on(state))

    def after(self, configuration: Configuration, move: Move) -> Configuration | None:
        """Give the configuration after a move, None where it cannot be made."""
        record, machines, clones = configuration
        place = -1
        if move.holder is not None:
            holders = clones if move.operation in _OF_CLONES else machines
            place = _find(holders, move)
            if place < 0:
                return None
        effect = self.effect(record, configuration.vms, configuration.cloning_ops, move)
        if effect is None:
            return None
        if effect.record is GONE_RECORD:
            return self._gone(configuration)
        if effect.becomes is not None and effect.of_clones:
            clones = self._with(clones, place, effect.becomes)
        elif effect.becomes is not None:
            machines = self._with(machines, place, effect.becomes)
        if effect.go_on:
            machines = arranged(map(_told, machines), symmetry=self.bounds.symmetry)
        return Configuration(effect.record, machines, clones)

    def _with(self, holders: tuple[Holder, ...], place: int, holder: Holder) -> tuple[Holder, ...]:
        changed = (*holders[:place], holder, *holders[place + 1 :])
        return arranged(changed, symmetry=self.bounds.symmetry)

    def _gone(self, configuration: Configuration) -> Configuration:
        return Configuration(
            GONE_RECORD,
            (Holder.NONE,) * len(configuration.machines),
            (Holder.NONE,) * len(configuration.clones),
        )


def _find(holders: tuple[Holder, ...], move: Move) -> int:
    """Give the place of the holder that makes a move, -1 where there is none."""
    if move.place >= 0:
        return move.place if holders[move.place] is move.holder else -1
    return next((place for place, one in enumerate(holders) if one is move.holder), -1)


def _told(holder: Holder) -> Holder:
    return Holder.ACTIVE if holder is Holder.WAITING else holder


def machine_after(move: Move, outcome: Outcome, state: ImageState) -> Holder:
    """Tell what becomes of the machine that made a move."""
    if move.operation == "acquire":
        if not outcome.vms:
            return Holder.NONE
        return Holder.WAITING if state.locked else Holder.ACTIVE
    if move.operation == "recover":
        return Holder.ACTIVE if goes_on(state) else Holder.WAITING
    return Holder.NONE if outcome.vms else Holder.GHOST


def clone_after(operation: str, outcome: Outcome) -> Holder:
    """Tell what becomes of the clone that made a move."""
    if operation == "clone":
        return Holder.ACTIVE if outcome.clones else Holder.NONE
    return Holder.NONE if outcome.clones else Holder.GHOST


def explore_image(
    bounds: Bounds | None = None,
    *,
    most: int | None = None,
    megabytes: int | None = None,
    told: Told | None = None,
) -> Graph[Move, Configuration]:
    """Reach every configuration of one image.

    Args:
        bounds: how far; the usual ones unless given.
        most: how many configurations to find at most.
        megabytes: how much memory this process may have grown to.
        told: is told now and then how far it is.
    """
    return Packed(OneImage(bounds)).explore(most, megabytes, told)
