"""Well-known ways to get stuck: how it comes to each, how it shows, what helps.

Each has the history that leads there, as operations on an image alone, so that
the tests can walk it and see that what is said about the way out is so.
Sources are the rows that the history goes through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifecycle.analysis.doctor.fsck import advice
from lifecycle.image import Image
from lifecycle.markup.document import Code
from lifecycle.snapshots import Snapshots
from lifecycle.states import ImageState, ImageType
from lifecycle.triggers import EVENTS

if TYPE_CHECKING:
    from lifecycle.markup.document import Text


class Situation(NamedTuple):
    """One way to get stuck.

    Attributes:
        state: the state that the image is stuck in.
        sign: what is seen.
        cause: how it comes to this.
        way_out: what helps.
        ghosts: whether what it counts does not exist, so that a recount changes it.
        history: the operations that lead there, each with what it carries.
        helps: the operations that lead out; none where none does.
        start: the state in which the history begins.
        persistent, type, source: what the image is like when it begins.
    """

    state: ImageState
    sign: str
    cause: str
    way_out: Text
    history: tuple[tuple[str, object], ...]
    helps: tuple[str, ...]
    start: ImageState = ImageState.READY
    persistent: bool = False
    type: ImageType = ImageType.OS
    source: str = "/datastore/file"
    ghosts: bool = False


SITUATIONS = (
    Situation(
        ImageState.LOCKED,
        "The image stays LOCKED, and nothing happens in its datastore.",
        "The driver never answered; requests are not sent again when the daemon restarts.",
        (
            "A forced delete: ",
            Code("oneimage delete IMAGE --force"),
            ". Without a SOURCE the record is dropped at once; files may stay in the datastore.",
        ),
        (("allocate", None),),
        ("delete_force",),
        start=ImageState.INIT,
        source="",
    ),
    Situation(
        ImageState.LOCKED_USED,
        "Machines wait in CLONING for an image that stays LOCKED_USED.",
        "The driver never answered, and machines were created meanwhile.",
        (
            "Terminate the machines that wait; with the last of them the image is LOCKED, and ",
            Code("oneimage delete IMAGE --force"),
            " is accepted.",
        ),
        (("acquire", 1),),
        ("release",),
        start=ImageState.LOCKED,
        source="",
    ),
    Situation(
        ImageState.LOCKED_USED_PERS,
        "The image is LOCKED_USED_PERS, and no machine that it counts exists any more.",
        "A machine was wiped while the image was in ERROR: there a release is ignored, and the"
        " machine stays in VMS. The image was disabled, enabled and used in a datastore"
        " operation again.",
        (
            (
                "Only an answer of the driver leads out, and one that nobody waits for may never"
                " come: no command leads out of it."
            ),
        ),
        (
            ("acquire", 1),
            ("cp_failure", ""),
            ("release", 1),
            ("disable", None),
            ("enable", None),
            ("snapshot_flatten", 0),
            ("acquire", 2),
            ("release", 2),
        ),
        (),
        persistent=True,
        ghosts=True,
    ),
    Situation(
        ImageState.ERROR,
        "A machine waits in CLONING_FAILURE.",
        "The datastore operation that it waited for failed.",
        (
            Code("oneimage enable IMAGE"),
            ": the machine is told again, and goes on when all its images are ready.",
        ),
        (("acquire", 1), ("cp_failure", "no route")),
        ("enable",),
        start=ImageState.LOCKED,
    ),
    Situation(
        ImageState.ERROR,
        "The image was deleted, and is in ERROR with its SOURCE still there.",
        "The driver could not remove the file.",
        (
            "Delete it again, or ",
            Code("oneimage delete IMAGE --force"),
            ": then the record is dropped even when the driver fails once more.",
        ),
        (("delete", None), ("rm_failure", "")),
        ("delete", "delete_force"),
    ),
    Situation(
        ImageState.DELETE,
        "The image stays in DELETE.",
        "The driver never answered RM.",
        (
            Code("oneimage delete IMAGE"),
            " asks the driver again; the record goes when it answers.",
        ),
        (("delete", None),),
        ("rm_success",),
    ),
    Situation(
        ImageState.USED,
        "The image is USED, and no machine that it counts exists any more.",
        "A machine was wiped while the image was in ERROR: there a release is ignored, and the"
        " machine stays in VMS. Then the image was enabled.",
        ("No command gives the machine back.",),
        (
            ("acquire", 1),
            ("cp_failure", ""),
            ("release_failed", 1),
            ("enable", None),
        ),
        (),
        ghosts=True,
    ),
    Situation(
        ImageState.USED,
        "The image is USED by a copy that ended long ago.",
        "The copy, or the export, ended while this image was neither USED nor CLONE: letting go"
        " is ignored there, and the copy stays in CLONES.",
        ("No command takes the copy out.",),
        (
            ("clone", 5),
            ("cp_failure", ""),
            ("clone_released", 5),
            ("enable", None),
            ("acquire", 1),
            ("release", 1),
        ),
        (),
        ghosts=True,
    ),
    Situation(
        ImageState.CLONE,
        "The image is in CLONE, and its copy does not exist any more.",
        "The record of the copy was dropped before the driver answered CLONE, by a late answer"
        " to a delete.",
        ("No command takes the copy out.",),
        (("clone", 5),),
        (),
        persistent=True,
        ghosts=True,
    ),
    Situation(
        ImageState.USED,
        "A kernel, a ramdisk or a context file stays USED after it was exported.",
        "Such a file can be exported, but letting it go is ignored for its type.",
        ("No command leads out of it.",),
        (("export", 3), ("export_released", 3)),
        (),
        type=ImageType.KERNEL,
        ghosts=True,
    ),
    Situation(
        ImageState.USED_PERS,
        "A backup is USED_PERS and cannot be deleted.",
        "It was in ERROR, and a late answer of the driver unlocked it while it counted its"
        " machine.",
        ("No command leads out of it: backups are neither released nor disabled.",),
        (("rm_failure", ""), ("snap_delete_failure", "")),
        (),
        persistent=True,
        type=ImageType.BACKUP,
    ),
)
"""Every well-known way to get stuck, by the state in which it shows."""


def brought(situation: Situation) -> Image:
    """Give an image to which all of a situation's history has happened."""
    image = Image(
        7,
        "stuck",
        situation.type,
        persistent=situation.persistent,
        state=situation.start,
        source=situation.source,
    )
    if situation.type is ImageType.BACKUP:
        image.vms, image.running_vms = {1}, 1
    if any(name.startswith("snapshot_") for name, _ in situation.history):
        image.snapshots = Snapshots()
        image.snapshots.create("first", 1, 0)
    for name, what in situation.history:
        EVENTS[name].fire(image, what)
    return image


def way_out(situation: Situation) -> Text:
    """Say what helps; where what is counted does not exist, also what a recount makes of it."""
    if not situation.ghosts:
        return situation.way_out
    told = advice(brought(situation), vms=0, clones=0).split("`")
    pieces = (Code(piece) if number % 2 else piece for number, piece in enumerate(told) if piece)
    return (*situation.way_out, " ", *pieces)


def situations(state: ImageState) -> tuple[Situation, ...]:
    """Give the well-known ways to get stuck in a state."""
    return tuple(one for one in SITUATIONS if one.state is state)
