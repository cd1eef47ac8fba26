"""What of one image and its holders matters to what can still happen, and how far to look.

A configuration leaves out names, owners, times, sizes and texts, and whatever
else no guard of the table reads and no effect makes matter. Holders that are
alike are interchangeable: what counts is how many there are of each kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.guards import is_true
from lifecycle.states import GONE, AnyState, ImageState, ImageType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.image import Image


class Holder(IntEnum):
    """What has become of one machine, or one clone, that may hold the image.

    Attributes:
        NONE: it does not hold the image; another may take its place.
        WAITING: a machine in CLONING or CLONING_FAILURE.
        ACTIVE: a machine that was sent to a host, or a clone that is being filled.
        GHOST: it is gone, or has let go without being heard, and still counts.
    """

    NONE = 0
    WAITING = 1
    ACTIVE = 2
    GHOST = 3


class Record(NamedTuple):
    """What of an image's own record matters.

    Attributes:
        source: whether SOURCE is set.
        forced: whether FORCE_DELETE is YES.
        snapshots: the ids of the snapshots.
        target: TARGET_SNAPSHOT, -1 for none.
        requests: what the datastore was asked about it and has not answered, sorted.
    """

    state: AnyState
    type: ImageType = ImageType.OS
    persistent: bool = False
    shareable: bool = False
    source: bool = False
    forced: bool = False
    snapshots: tuple[int, ...] = ()
    target: int = -1
    requests: tuple[str, ...] = ()


class Configuration(NamedTuple):
    """An image and its holders; the places of holders that are alike are sorted, NONE last."""

    record: Record
    machines: tuple[Holder, ...] = ()
    clones: tuple[Holder, ...] = ()

    @property
    def state(self) -> AnyState:
        """The state of the image."""
        return self.record.state

    @property
    def vms(self) -> int:
        """RUNNING_VMS."""
        return sum(one is not Holder.NONE for one in self.machines)

    @property
    def cloning_ops(self) -> int:
        """CLONING_OPS."""
        return sum(one is not Holder.NONE for one in self.clones)

    def words(self) -> str:
        """Tell the configuration in one line."""
        record = self.record
        if record.state is GONE:
            return "gone"
        parts = [record.type.name, record.state.name]
        parts += [word for word, holds in _flags(record) if holds]
        for kind, holders in (("machine", self.machines), ("clone", self.clones)):
            for holder in (Holder.WAITING, Holder.ACTIVE, Holder.GHOST):
                if number := holders.count(holder):
                    parts.append(f"{number} {holder.name.lower()} {kind}{'s' * (number > 1)}")
        if record.snapshots:
            parts.append(f"snapshots {','.join(map(str, record.snapshots))}")
        if record.target != -1:
            parts.append(f"target snapshot {record.target}")
        parts += [f"{action} unanswered" for action in record.requests]
        return ", ".join(parts)


def _flags(record: Record) -> Iterable[tuple[str, bool]]:
    return (
        ("persistent", record.persistent),
        ("shareable", record.shareable),
        ("without SOURCE", not record.source),
        ("FORCE_DELETE", record.forced),
    )


GONE_RECORD = Record(GONE)
"""The record of an image that has left the pool: nothing of it matters any more."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far one image is explored.

    Attributes:
        machines: how many machines may hold it at a time, ghosts included.
        clones: how many copies may be made of it at a time, ghosts included.
        snapshots: how many snapshots a machine may leave in it.
        types: the types that it may be born with, or get.
        faults: whether the datastore may fail.
        force: whether the image may be deleted by force.
        unasked: whether the datastore may answer what nobody asked, or ask again;
            which requests are open then makes no difference, and is left out.
        requests: how many requests may be open at a time, one of each action.
        symmetry: whether holders that are alike are interchangeable.
    """

    machines: int = 1
    clones: int = 1
    snapshots: int = 0
    types: tuple[ImageType, ...] = tuple(ImageType)
    faults: bool = True
    force: bool = True
    unasked: bool = False
    requests: int = 2
    symmetry: bool = True


def arranged(holders: Iterable[Holder], *, symmetry: bool = True) -> tuple[Holder, ...]:
    """Give the one order that stands for all orders of holders that are alike."""
    return tuple(sorted(holders, key=_by_kind)) if symmetry else tuple(holders)


def _by_kind(holder: Holder) -> tuple[bool, Holder]:
    return holder is Holder.NONE, holder


def record_of(image: Image, requests: Iterable[str] = ()) -> Record:
    """Give what matters of an image's record.

    Args:
        image: any image.
        requests: the actions that its datastore has not answered.
    """
    if not isinstance(image.state, ImageState):
        return GONE_RECORD
    kind = image.template.get("PERSISTENT_TYPE")
    return Record(
        image.state,
        image.type,
        image.is_persistent,
        isinstance(kind, str) and kind.upper() == "SHAREABLE",
        image.source != "",
        is_true(image.template.get("FORCE_DELETE")),
        () if image.snapshots is None else tuple(one.id for one in image.snapshots),
        image.target_snapshot,
        tuple(sorted(requests)),
    )
