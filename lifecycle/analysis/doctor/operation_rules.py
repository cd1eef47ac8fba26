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
from lifecycle.scenario.words import quoted
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
        f" {quoted(image.source)}; nothing but an answer of the datastore unlocks it.",
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


def _error_after_delete(observed: Observed, image: Image) -> Trouble | None:
    if image.state is not S.ERROR or not image.source:
        return None
    if _removal_failed() not in text_of(image.template, "ERROR"):
        return None
    held = [] if observed.machines is None else observed.holders(image)
    if held and image.type is not ImageType.BACKUP:
        return Trouble(
            f"It was to be deleted under {listed('machine', held)}, and its file could not be"
            " removed.",
            (f"oneimage enable {image.id}",),
            "A delete would take the file away under them.",
        )
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
    words = " ".join(text_of(image.template, "ERROR").split())
    return f"oned says: {words}" if words else ""


def _no_file(observed: Observed, image: Image) -> Trouble | None:
    if image.source or image.state not in {S.READY, S.USED, S.USED_PERS, S.CLONE, S.DISABLED}:
        return None
    what = f"It is {image.state.name} and has no file (SOURCE is empty): no machine starts with it."
    delete = f"oneimage delete {image.id}"
    held = observed.holders(image)
    terminate = tuple(f"onevm terminate {number}" for number in held)
    if observed.machines is None and held:
        return Trouble(what, (), "Terminate its machines and delete it.")
    if image.state in {S.READY, S.DISABLED}:
        disable = (f"oneimage disable {image.id}",) if image.running_vms else ()
        disable = disable if image.state is S.READY else ()
        return Trouble(what, (*disable, delete, *terminate))
    if observed.ghosts(image) or image.cloning_ops or not held:
        return Trouble(what, terminate, "It can be deleted only when nobody holds it.")
    return Trouble(what, (*terminate, delete))


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


def _deleted_under_machines(observed: Observed, image: Image) -> Trouble | None:
    held = observed.holders(image)
    if image.state is not S.DELETE or not held or image.type is ImageType.BACKUP:
        return None
    return Trouble(
        f"Its file is being removed while {listed('machine', held)} may still work on it.",
        tuple(f"onevm terminate {number}" for number in held),
        "Save what is on the disk first; no command stops the removal.",
    )


def _persistent_cdrom(_: Observed, image: Image) -> Trouble | None:
    if image.type is not ImageType.CDROM or not image.is_persistent:
        return None
    free = image.state in {S.READY, S.DISABLED, S.ERROR, S.LOCKED}
    return Trouble(
        "A CDROM is persistent, which it cannot be born as: one machine at a time can have it.",
        (f"oneimage nonpersistent {image.id}",) if free else (),
        "" if free else "Make it non-persistent when nobody holds it.",
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
        example="stuck/datastore-is-silent.yaml",
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
        example="stuck/delete-failed.yaml",
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
        example="stuck/ready-without-a-source.yaml",
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
        example="stuck/copy-without-its-source.yaml",
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
        example="stuck/backup-in-use.yaml",
    ),
    Rule(
        "deleting",
        NOTICE,
        "The image was deleted (DELETE), and the datastore has not answered.",
        _deleting,
        needs=("clock",),
    ),
    Rule(
        "deleted-under-machines",
        WARNING,
        "The image was in ERROR, READY or DISABLED while it still counted machines, and was"
        " deleted: only USED and what waits is kept from that.",
        _deleted_under_machines,
        needs=("machines",),
        example="stuck/removed-under-a-machine.yaml",
    ),
    Rule(
        "persistent-cdrom",
        NOTICE,
        "`oneimage persistent` takes a CDROM, or a persistent disk was made one by chtype.",
        _persistent_cdrom,
        example="stuck/persistent-cdrom.yaml",
    ),
)
"""Rules about what datastores do."""
