"""What of an image, and of a machine's disk, decides what can happen: its plain fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle import guards
from lifecycle.cloud.attributes import text_of

if TYPE_CHECKING:
    from lifecycle.cloud.vm import Disk, VirtualMachine
    from lifecycle.image import Image

ImageFields = tuple[str, str, bool, bool, bool, bool, bool, bool]
"""State, type, and whether: persistent, shareable, file known, format known, forced, saved hot."""

DiskFields = tuple[bool, bool, bool, bool, bool, bool]
"""Whether: being cloned, file known, format known, persistent, being attached, being saved."""


def fields_of_image(image: Image) -> ImageFields:
    """Give the fields of an image that are its own; numbers of others are not among them."""
    return (
        image.state.name,
        image.type.name,
        guards.persistent(image, None),
        guards.shareable(image, None),
        guards.has_source(image, None),
        guards.has_format(image, None),
        guards.forced(image, None),
        guards.saving(image, None),
    )


def fields_of_disk(disk: Disk) -> DiskFields:
    """Give the fields of a machine's disk that are its own."""
    return (
        disk.cloning,
        disk.get("SOURCE") != "",
        disk.format != "",
        disk.persistent,
        disk.attaching,
        disk.saving,
    )


def saved_machine(image: Image) -> int | None:
    """Give the id of the machine of which an image saves a disk; None where it does not."""
    saved = text_of(image.template, "SAVED_VM_ID")
    return int(saved) if saved else None


def target_image(disk: Disk, vm: VirtualMachine) -> int | None:
    """Give the id of the image that a machine's disk is being copied into; None where none is."""
    image = vm.world.images.get(disk.saved_into)
    return None if image is None else image.id
