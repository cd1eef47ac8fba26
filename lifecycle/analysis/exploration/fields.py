"""What of an image, of a machine's disk and of their snapshots decides what can happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.attributes import text_of
from lifecycle.guards import is_true

if TYPE_CHECKING:
    from lifecycle.cloud.vm import Disk
    from lifecycle.image import Image
    from lifecycle.snapshots import Snapshots

ImageFields = tuple[str, str, bool, bool, bool, bool, bool]
"""State, type, and whether: persistent, shareable, a file is known, forced deletion, saved hot."""

DiskFields = tuple[bool, bool, bool, bool, bool]
"""Whether: it is being cloned, its file is known, persistent, being attached, being saved."""


def fields_of_image(image: Image) -> ImageFields:
    """Give the fields of an image that are its own; numbers of others are not among them."""
    template = image.template
    return (
        image.state.name,
        image.type.name,
        image.is_persistent,
        text_of(template, "PERSISTENT_TYPE").upper() == "SHAREABLE",
        image.source != "",
        is_true(template.get("FORCE_DELETE")),
        is_true(template.get("SAVE_AS_HOT")),
    )


def fields_of_disk(disk: Disk) -> DiskFields:
    """Give the fields of a machine's disk that are its own."""
    return (
        disk.cloning,
        disk.get("SOURCE") != "",
        disk.persistent,
        disk.attaching,
        disk.saving,
    )


def fields_of_snapshots(snapshots: Snapshots | None) -> tuple[object, ...]:
    """Give what of snapshots decides which can be taken and deleted; names and sizes do not."""
    if snapshots is None:
        return ()
    tree = tuple((one.id, one.parent, one.children, one.active) for one in snapshots)
    return (snapshots.orphans.value, snapshots.next_id, snapshots.current_base, tree)


def saved_machine(image: Image) -> int | None:
    """Give the id of the machine of which an image saves a disk; None where it does not."""
    saved = text_of(image.template, "SAVED_VM_ID")
    return int(saved) if saved else None
