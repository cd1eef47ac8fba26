"""What an act can depend on, and what it can change: an object, and those that hold it or are held.

A cloud is seen as objects, each with a record of its own fields, and as
relations between them: the machines in an image's VMS, the copies in its
CLONES, the image that it is a copy of, the disks of a machine, the machine of
which an image saves a disk, the image that a disk is being copied into.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.analysis.exploration.fields import (
    fields_of_disk,
    fields_of_image,
    saved_machine,
    target_image,
)
from lifecycle.cloud.vm_states import VmState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.image import Image

IMAGE, MACHINE = "image", "machine"
VMS, CLONES, SOURCE, SAVES = "vms", "clones", "source", "saves"
DISKS, TARGETS = "images", "targets"
"""The relations: of an image to machines and images, and of a machine to its images."""

MOST_COUNTED = 2
"""Nobody asks whether an image has two holders or more of them."""

Ref = tuple[str, int]
"""An object: its kind and its id."""

Record = tuple[Any, ...]
"""An object's own fields, by the names in `IMAGE_FIELDS` or `MACHINE_FIELDS`."""

Relation = tuple[tuple[str, ...], tuple[str, ...]]
"""What one object is to another, and the other to it."""

IMAGE_FIELDS = (
    "state",
    "type",
    "persistent",
    "shareable",
    "file",
    "format",
    "forced",
    "hot",
    "requests",
)
MACHINE_FIELDS = ("state", "disks", "action", "requests")

DISK_FIELDS = ("image", "cloning", "file", "format", "persistent", "attaching", "saving")
"""What of each of a machine's disks stands in its record."""

SOLE = {TARGETS: "saving"}
"""The relations to one image at a time: each is over when no disk of the machine has that field."""

FADING = (SOURCE, DISKS, TARGETS)
"""The relations to images that are over when the image is gone; the others are still counted."""

UNRELATED: Relation = ((), ())

SIDES = {
    (IMAGE, IMAGE): (CLONES, SOURCE),
    (IMAGE, MACHINE): (VMS, SAVES),
    (MACHINE, IMAGE): (DISKS, TARGETS),
    (MACHINE, MACHINE): (),
}
"""What an object of one kind can be to one of another."""


class Own(NamedTuple):
    """An object by itself: its record, and how many hold it as far as that is counted."""

    kind: str
    record: Record
    vms: int
    clones: int


class Neighbourhood:
    """The objects of a cloud and their relations, at one time.

    Attributes:
        records: of every image and machine; a machine that is done has but its state.
        held: for each object and relation, the ids on the other side.
    """

    def __init__(self, cloud: Cloud) -> None:
        """Look at a cloud in which nothing is under way."""
        asked: dict[Ref, list[str]] = defaultdict(list)
        for one in cloud.drivers.open:
            what = (IMAGE, one.action) if one.role == "ds" else (MACHINE, one.action)
            asked[what[0], one.id].append(what[1])
        self.records: dict[Ref, Record] = {}
        self.held: dict[tuple[Ref, str], set[int]] = {}
        for image in cloud.images:
            self._see_image(image, asked[IMAGE, image.id])
        for vm in cloud.vms:
            self._see_machine(vm, asked[MACHINE, vm.id])
        for (_, name), ids in self.held.items():
            if name in FADING:
                ids.intersection_update(one.id for one in cloud.images)

    def _see_image(self, image: Image, asked: Iterable[str]) -> None:
        me = IMAGE, image.id
        self.records[me] = _image(image, asked)
        saved = saved_machine(image)
        self.held[me, VMS] = set(image.vms)
        self.held[me, CLONES] = set(image.clones)
        self.held[me, SOURCE] = set() if image.cloning_id == -1 else {image.cloning_id}
        self.held[me, SAVES] = set() if saved is None else {saved}

    def _see_machine(self, vm: VirtualMachine, asked: Iterable[str]) -> None:
        me = MACHINE, vm.id
        self.records[me] = _machine(vm, asked)
        disks = () if vm.state is VmState.DONE else vm.disks
        self.held[me, DISKS] = {disk.image_id for disk in disks if disk.image_id >= 0}
        targets = (target_image(disk, vm) for disk in disks)
        self.held[me, TARGETS] = {one for one in targets if one is not None}

    def own(self, one: Ref) -> Own:
        """Give an object by itself."""
        if one[0] == MACHINE:
            return Own(MACHINE, self.records[one], 0, 0)
        counts = (min(len(self.held[one, name]), MOST_COUNTED) for name in (VMS, CLONES))
        return Own(IMAGE, self.records[one], *counts)

    def numbers(self, one: Ref) -> dict[str, int]:
        """Give the numbers of an object that oned may tell: its id, and how many hold it."""
        held = {
            name: len(self.held[one, name]) for name in (VMS, CLONES) if (one, name) in self.held
        }
        return {"id": one[1], **held}

    def relation(self, one: Ref, other: Ref) -> Relation:
        """Give what two objects are to each other; one that is gone is nothing to others."""
        return self._side(one, other), self._side(other, one)

    def _side(self, one: Ref, other: Ref) -> tuple[str, ...]:
        return tuple(
            name for name in SIDES[one[0], other[0]] if other[1] in self.held.get((one, name), ())
        )

    def through(self, one: Ref, other: Ref) -> tuple[tuple[Relation, Relation], ...]:
        """Give for each object between two, what the one is to it, and it to the other."""
        between = (
            (self.relation(one, middle), self.relation(middle, other))
            for middle in self.neighbours(one)
            if middle != other
        )
        return tuple(sorted(found for found in between if found[1] != UNRELATED))

    def neighbours(self, one: Ref) -> list[Ref]:
        """Give the objects that have to do with one."""
        return [
            other
            for other in self.records
            if other != one and self.relation(one, other) != UNRELATED
        ]


def _image(image: Image, asked: Iterable[str]) -> Record:
    return (*fields_of_image(image), tuple(sorted(asked)))


def _machine(vm: VirtualMachine, asked: Iterable[str]) -> Record:
    if vm.state is VmState.DONE:
        # What drivers were asked for may still be answered.
        return (vm.state.name, (), "", tuple(sorted(asked)))
    disks = tuple((disk.image_id >= 0, *fields_of_disk(disk)) for disk in vm.disks)
    return vm.state.name, disks, vm.action, tuple(sorted(asked))
