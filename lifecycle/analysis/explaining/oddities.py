"""Where OpenNebula does something that nobody would guess.

What it does stands in the tables, and is what happens here; this says only
that it is meant so. An oddity speaks of an operation in some states, with some
guards, and of what came of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from lifecycle.guards import GUARDS
from lifecycle.operations import DRIVER_ANSWERS
from lifecycle.row_makers import (
    ANY,
    ANY_LOCKED,
    CLONE,
    DELETE,
    ERROR,
    HELD,
    READY,
    USED,
    USED_PERS,
    States,
    other_than,
)

if TYPE_CHECKING:
    from lifecycle.image import Image

Outcome = Literal["done", "refused", "ignored"]


class Oddity(NamedTuple):
    """Something that nobody would guess.

    Attributes:
        operations: of which it is said.
        text: what is odd, as a sentence.
        outcome: what came of the operation.
        states: in which it is so.
        when: the guards that must hold for it, ``not name`` for one that must not.
        source: the place that the fact comes from.
    """

    operations: tuple[str, ...]
    text: str
    outcome: Outcome = "done"
    states: States = ANY
    when: tuple[str, ...] = ()
    source: str = ""

    def speaks(self, operation: str, image: Image, outcome: Outcome) -> bool:
        """Tell whether it is about an operation that is done to an image, with what came of it."""
        return (
            operation in self.operations
            and outcome == self.outcome
            and image.state in self.states
            and all(
                GUARDS[name.removeprefix("not ")](image, None) is not name.startswith("not ")
                for name in self.when
            )
        )


_RELEASES = ("release", "release_failed")
_COPY_ENDS = ("clone_released", "export_released")
_FAILURES = ("cp_failure", "clone_failure", "clone_success")
_ON_SNAPSHOTS = tuple(
    name
    for (action, ok), name in DRIVER_ANSWERS.items()
    if not ok and action in {"SNAP_DELETE", "SNAP_REVERT", "SNAP_FLATTEN", "INCREMENT_FLATTEN"}
)

ODDITIES = (
    Oddity(
        _RELEASES,
        "The machine stays in VMS although it has ended: from now on the image counts a machine"
        " that is gone, and no command takes it out.",
        "ignored",
        other_than(*HELD),
        ("disk", "has_vms"),
        "ImageManager::release_image",
    ),
    Oddity(
        ("release_failed",),
        "The image goes to ERROR even if other machines still hold it.",
        states=(USED_PERS,),
        source="ImageManager::release_image",
    ),
    Oddity(
        ("enable",),
        "It goes back to being used because VMS is not empty; nobody looks whether these machines"
        " still exist.",
        states=(ERROR,),
        when=("has_vms",),
        source="Image::set_state_unlock",
    ),
    Oddity(
        ("disable",),
        "VMS is kept: disabled and enabled, the image is READY with RUNNING_VMS above 0, and then"
        " cannot be deleted.",
        when=("has_vms",),
        source="ImageManager::enable_image",
    ),
    Oddity(
        ("delete", "delete_force"),
        "It says 0 VMs: what holds the image is a copy or an export of it, which the sentence does"
        " not know.",
        "refused",
        HELD,
        ("not has_vms",),
        "ImageManager::delete_image",
    ),
    Oddity(
        ("delete_force",),
        "FORCE_DELETE is written before anything is looked at, and stays: a later plain delete"
        " whose RM fails drops the record all the same, and copies inherit it.",
        "refused",
        source="ImageAPI::del_image",
    ),
    Oddity(
        ("delete",),
        "FORCE_DELETE was left behind by an earlier forced delete: the record goes even if the"
        " file cannot be removed.",
        when=("forced", "has_source"),
        source="ImageManager::_rm",
    ),
    Oddity(
        ("delete", "delete_force"),
        "Without a SOURCE the record is dropped at once, whatever the datastore is still doing;"
        " what it writes stays there unknown.",
        when=("not has_source",),
        source="ImageManager::delete_image",
    ),
    Oddity(
        ("delete", "delete_force"),
        "The datastore is asked to remove the file again, although it was asked before.",
        states=(DELETE,),
        when=("has_source",),
        source="ImageManager::delete_image",
    ),
    Oddity(
        _FAILURES[:2],
        "A late failure is taken at face value: the image goes to ERROR whatever its state is.",
        states=other_than(*ANY_LOCKED),
        source="ImageManager::_cp, _clone",
    ),
    Oddity(
        ("rm_success",),
        "The record is dropped in any state, also while machines or copies hold it.",
        states=other_than(DELETE),
        source="ImageManager::_rm",
    ),
    Oddity(
        ("cp_success", "clone_success", "mkfs_success", *_ON_SNAPSHOTS),
        "A late answer unlocks the image out of ERROR, whatever had failed.",
        states=(ERROR,),
        when=("not saving",),
        source="Image::set_state_unlock",
    ),
    Oddity(
        _ON_SNAPSHOTS,
        "A failure leaves the image as usable as a success; only the ERROR text tells of it.",
        states=ANY_LOCKED,
        source="ImageManager::_snap_delete",
    ),
    Oddity(
        ("mkfs_success", "mkfs_failure"),
        "An image that is being deleted does not listen to the answer at all.",
        "ignored",
        (DELETE,),
        source="ImageManager::_mkfs",
    ),
    Oddity(
        _COPY_ENDS,
        "The copy stays in CLONES although it has ended: CLONING_OPS never comes down again.",
        "ignored",
        other_than(USED, CLONE),
        ("clonable",),
        "ImageManager::release_cloning_resource",
    ),
    Oddity(
        ("export",),
        "Letting go ignores this type: once exported, the image stays USED for ever, and a delete"
        " is refused because of 0 VMs.",
        states=(READY,),
        when=("not clonable",),
        source="ImageManager::release_cloning_resource",
    ),
    Oddity(
        ("export_released",),
        "The app stays in APP_CLONES: the image stays USED for ever.",
        "ignored",
        (USED, CLONE),
        ("not clonable",),
        "ImageManager::release_cloning_resource",
    ),
    Oddity(
        ("chtype",),
        "It is refused even to the type that the image has, and the words lack a blank.",
        "refused",
        when=("backup",),
        source="ImageAPI::change_type",
    ),
    Oddity(
        ("persistent",),
        "The flag can be set on an image that is being deleted.",
        states=(DELETE,),
        when=("not persistent",),
        source="Image::persistent",
    ),
    Oddity(
        ("acquire",),
        "The machine is created all the same, and waits in CLONING until the datastore answers.",
        states=ANY_LOCKED,
        source="ImageManager::acquire_image",
    ),
)
"""All that is known, most of it met in recorded histories."""


def odd(operation: str, image: Image, outcome: Outcome) -> tuple[str, ...]:
    """Say what nobody would guess about an operation on an image, given what came of it."""
    return tuple(one.text for one in ODDITIES if one.speaks(operation, image, outcome))
