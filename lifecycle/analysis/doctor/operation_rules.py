"""Rules about what a datastore was asked, did, or did not answer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lifecycle.analysis.doctor.observed import saved_machine
from lifecycle.analysis.doctor.rules import CRITICAL, NOTICE, WARNING, Rule, Trouble, listed
from lifecycle.cloud.attributes import text_of
from lifecycle.cloud.vm_groups import SAVING
from lifecycle.effects import EFFECTS
from lifecycle.guards import saving
from lifecycle.image import Image
from lifecycle.row_makers import ANY_LOCKED
from lifecycle.states import ImageState, ImageType

if TYPE_CHECKING:
    from lifecycle.analysis.doctor.observed import Observed

S = ImageState
_SAVE_AS = "save_as"


@cache
def _removal_failed() -> str:
    """Give oned's words for a file that could not be removed."""
    image = Image()
    EFFECTS["error_removing"](image, "")
    return str(image.template["ERROR"])


def _locked_for_nothing(_: Observed, image: Image) -> Trouble | None:
    if image.state is not S.LOCKED or not image.source or saving(image, None):
        return None
    asked = image.target_snapshot != -1 or image.cloning_id != -1
    if asked or image.type is ImageType.BACKUP:
        return None
    return Trouble(
        "It is LOCKED although it has its file, and neither a snapshot nor a copy is under way.",
        (f"oneimage delete {image.id} --force",),
        "To keep its content, first save the file behind SOURCE:"
        f" {image.source}; nothing but an answer of the datastore unlocks it.",
    )


def _never_answered(observed: Observed, image: Image) -> Trouble | None:
    if image.state not in ANY_LOCKED or image.source or saving(image, None):
        return None
    if not observed.overdue(image.regtime):
        return None
    waiting = [] if observed.machines is None else observed.holders(image)
    hours = (observed.now - image.regtime) // 3600
    doing = "copied from an image" if image.cloning_id != -1 else "put into the datastore"
    return Trouble(
        f"It is being {doing} for {hours} hour{'' if hours == 1 else 's'}, and has no file yet.",
        (
            *(f"onevm terminate {number}" for number in waiting),
            f"oneimage delete {image.id} --force",
        ),
        "Look first whether the datastore's driver is still at work; after a restart of oned it"
        " never answers. The record goes at once; a half-made file may stay.",
    )


def _snapshot_open(observed: Observed, image: Image) -> Trouble | None:
    if image.state is not S.LOCKED or image.target_snapshot == -1:
        return None
    if not observed.overdue(max(image.regtime, image.modtime)):
        return None
    return Trouble(
        f"It is LOCKED for an operation on snapshot {image.target_snapshot}; since when, no"
        " document tells.",
        (f"oneimage delete {image.id} --force",),
        "Only if the driver is no longer at work, or oned was restarted meanwhile; else wait.",
    )


def _error_without_file(_: Observed, image: Image) -> Trouble | None:
    if image.state is not S.ERROR or image.source or image.type is ImageType.BACKUP:
        return None
    if image.running_vms:
        return Trouble(
            f"It is in ERROR and has no file, and counts {listed('machine', sorted(image.vms))}:"
            " enabled, it would start them without a disk.",
            (f"oneimage delete {image.id}",),
            "Terminate the machines too: they can never have this disk.",
        )
    return Trouble(
        "It is in ERROR and has no file: enabled, it would be READY and start no machine.",
        (f"oneimage delete {image.id}",),
        _reason(image),
    )


def _error_after_delete(_: Observed, image: Image) -> Trouble | None:
    if image.state is not S.ERROR or not image.source:
        return None
    if _removal_failed() not in text_of(image.template, "ERROR"):
        return None
    return Trouble(
        "Its file could not be removed from the datastore; the record and the file are there.",
        (f"oneimage delete {image.id}",),
        "If that fails again, remove the file by hand and delete with --force: then the record"
        " goes whatever the datastore answers.",
    )


def _error_with_file(observed: Observed, image: Image) -> Trouble | None:
    if image.state is not S.ERROR or not image.source or image.type is ImageType.BACKUP:
        return None
    if _removal_failed() in text_of(image.template, "ERROR"):
        return None
    if observed.ghosts(image) or observed.ghost_clones(image) or observed.ghost_apps(image):
        return None
    held = observed.holders(image)
    what = "It is in ERROR, and its file is there."
    if held:
        what = f"It is in ERROR with its file there, and counts {listed('machine', held)}."
    return Trouble(what, (f"oneimage enable {image.id}",), _reason(image))


def _reason(image: Image) -> str:
    words = text_of(image.template, "ERROR")
    return f"oned says: {words}" if words else ""


def _no_file(_: Observed, image: Image) -> Trouble | None:
    if image.source or image.state not in {S.READY, S.USED, S.USED_PERS, S.CLONE, S.DISABLED}:
        return None
    delete = f"oneimage delete {image.id}"
    if image.state in {S.READY, S.DISABLED} and not image.running_vms:
        commands: tuple[str, ...] = (delete,)
        advice = "No machine starts with it."
    else:
        commands = ()
        advice = "Terminate its machines and delete it: none of them can be deployed with it."
    return Trouble(f"It is {image.state.name} and has no file (SOURCE is empty).", commands, advice)


def _copy_in_limbo(observed: Observed, image: Image) -> Trouble | None:
    if image.cloning_id == -1 or not isinstance(image.state, S) or image.state.locked:
        return None
    source = observed.images.get(image.cloning_id)
    held = source is not None and image.id in source.clones
    return Trouble(
        f"It is {image.state.name} while it is still being copied from image {image.cloning_id}.",
        (),
        f"Do not delete it before the datastore has answered its CLONE: image {image.cloning_id}"
        " would count it for ever."
        if held
        else "Nothing is lost with it.",
        None if held else NOTICE,
    )


def _copy_uncounted(observed: Observed, image: Image) -> Trouble | None:
    if image.cloning_id == -1 or not isinstance(image.state, S) or not image.state.locked:
        return None
    source = observed.images.get(image.cloning_id)
    if source is None:
        return Trouble(
            f"It is being copied from image {image.cloning_id}, which is gone.",
            (),
            "Wait for the datastore's answer; if none comes, delete it with --force.",
        )
    if image.id in source.clones:
        return None
    return Trouble(
        f"It is being copied from image {source.id}, which does not count it and may be deleted"
        " under way.",
        (),
        f"Leave image {source.id} alone until this one is READY.",
    )


def _saving_left(_: Observed, image: Image) -> Trouble | None:
    if not isinstance(image.state, S) or image.state.locked:
        return None
    if not saving(image, None):
        if image.format != _SAVE_AS or not image.source:
            return None
        return Trouble(
            f"Its FORMAT is still {_SAVE_AS}: the disk was never copied into it, or nobody said"
            " in which format.",
            (f"oneimage delete {image.id}",),
            "If the file is good, write its true format: `onedb change-body image --id"
            f" {image.id} FORMAT …`, with oned stopped.",
        )
    return Trouble(
        "SAVE_AS_HOT is left from a disk that could not be saved; copies inherit it, and an"
        " answer of the datastore is taken for the beginning of a save.",
        (f"oneimage delete {image.id}",) if image.state is S.ERROR else (),
        "" if image.state is S.ERROR else f"Take SAVE_AS_HOT out: oneimage update {image.id}",
    )


def _saving_from_nobody(observed: Observed, image: Image) -> Trouble | None:
    if image.state is not S.LOCKED or not saving(image, None):
        return None
    number = saved_machine(image)
    machine = observed.machine(number)
    if machine is not None and machine.state in SAVING:
        return None
    there = "is gone" if machine is None else f"is {machine.state.name} and saves nothing"
    return Trouble(
        f"It waits for the disk of machine {number}, which {there}.",
        (f"oneimage delete {image.id} --force",),
        "If its MKFS is still to be answered it ends in ERROR by itself.",
    )


def _backup_stuck(_: Observed, image: Image) -> Trouble | None:
    if image.type is not ImageType.BACKUP:
        return None
    if image.state is S.ERROR:
        return Trouble(
            "It is a backup in ERROR: a late answer of the datastore would make it USED_PERS,"
            " from where it can never be deleted.",
            (f"oneimage delete {image.id}",),
            _reason(image),
            WARNING,
        )
    if image.state in {S.READY, S.LOCKED, S.DELETE}:
        return None
    return Trouble(
        f"It is a backup in {image.state.name}: it can be neither deleted, enabled nor disabled.",
        (),
        "`onedb fsck` does not help; the STATE in the database can be edited, with oned stopped.",
    )


def _deleting(observed: Observed, image: Image) -> Trouble | None:
    if image.state is not S.DELETE or not observed.overdue(max(image.regtime, image.modtime)):
        return None
    return Trouble(
        "It is being deleted; since when, no document tells.",
        (f"oneimage delete {image.id}",),
        "If it stays: that asks the datastore once more.",
    )


OPERATION_RULES = (
    Rule(
        "locked-for-nothing",
        WARNING,
        "No history of oned's leads here: the database was edited, or a write was lost.",
        _locked_for_nothing,
    ),
    Rule(
        "never-answered",
        WARNING,
        "The image was registered (LOCKED), and the datastore's driver never answered; after a"
        " restart of oned nothing is asked again.",
        _never_answered,
        needs=("clock",),
    ),
    Rule(
        "snapshot-unanswered",
        NOTICE,
        "A snapshot was to be deleted, reverted to or flattened (LOCKED), and the datastore's"
        " driver has not answered.",
        _snapshot_open,
        needs=("clock",),
    ),
    Rule(
        "error-without-file",
        WARNING,
        "The datastore could not make or copy the file.",
        _error_without_file,
        example="copy-fails.yaml",
    ),
    Rule(
        "error-after-delete",
        WARNING,
        "The image was deleted, and the datastore failed to remove the file.",
        _error_after_delete,
        example="delete-fails.yaml",
    ),
    Rule(
        "error-with-file",
        WARNING,
        "A machine that had the persistent image was wiped, or an answer came late or without a"
        " format.",
        _error_with_file,
        example="wiped-machine.yaml",
    ),
    Rule(
        "no-file",
        WARNING,
        "The image was enabled from an ERROR without a file, or the datastore answered a MKFS"
        " with nothing.",
        _no_file,
    ),
    Rule(
        "copy-in-limbo",
        WARNING,
        "A late answer, or enable and disable, moved the image before its CLONE was answered.",
        _copy_in_limbo,
        example="late-answers.yaml",
    ),
    Rule(
        "copy-not-counted",
        NOTICE,
        "The source left USED or CLONE, or went, while the copy was being made.",
        _copy_uncounted,
    ),
    Rule(
        "save-as-left",
        WARNING,
        "The datastore failed to make the image into which a disk was to be saved.",
        _saving_left,
    ),
    Rule(
        "saved-from-nobody",
        WARNING,
        "The machine was deleted from the database, or recovered, while its disk was being saved.",
        _saving_from_nobody,
        needs=("machines",),
    ),
    Rule(
        "backup-stuck",
        CRITICAL,
        "The backup was in ERROR when a late SNAP_* or INCREMENT_FLATTEN answer unlocked it.",
        _backup_stuck,
    ),
    Rule(
        "deleting",
        NOTICE,
        "The image was deleted (DELETE), and the datastore has not answered.",
        _deleting,
        needs=("clock",),
    ),
)
"""Rules about what datastores do."""
