"""The guards of the image table: questions about an image, each a named function.

A guard is given the image and what the operation carries (None stands for
"whatever it may carry": then the guard answers whether it *could* hold), and
returns a real boolean, because `transitions` compares it with True.

What a guard means stands in its docstring, and nowhere else: the first sentence
says what holds when it is True, the line "Otherwise:" what holds when it is
False. :mod:`lifecycle.wording` reads both.

Sources: ``src/image/ImageManagerActions.cc``, ``ImageManagerProtocol.cc`` and
``src/rm/api/ImageAPI.cc`` of OpenNebula 7.4.0, unless a guard says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.increments import FULL
from lifecycle.snapshots import Orphans
from lifecycle.states import (
    CLONABLE_TYPES,
    DISK_TYPES,
    FILE_TYPES,
    SNAPSHOT_TYPES,
    ImageType,
)

if TYPE_CHECKING:
    from lifecycle.image import Image
    from lifecycle.table import Guard


def is_true(value: object) -> bool:
    """Tell whether a template attribute means yes: only YES does, in capitals or not."""
    return isinstance(value, str) and value.upper() == "YES"


# What the image is


def disk(image: Image, _: object) -> bool:
    """The type is one that a machine can have as a disk.

    Otherwise: The type is one that no machine can have as a disk.
    """
    return image.type in DISK_TYPES


def file(image: Image, _: object) -> bool:
    """The type is KERNEL, RAMDISK or CONTEXT.

    Otherwise: The type is not KERNEL, RAMDISK or CONTEXT.
    """
    return image.type in FILE_TYPES


def backup(image: Image, _: object) -> bool:
    """The image is a backup.

    Otherwise: The image is no backup.
    """
    return image.type is ImageType.BACKUP


def filesystem(image: Image, _: object) -> bool:
    """The image is a shared file system.

    Otherwise: The image is no shared file system.
    """
    return image.type is ImageType.FILESYSTEM


def clonable(image: Image, _: object) -> bool:
    """The type is OS, DATABLOCK or CDROM.

    Otherwise: The type is not OS, DATABLOCK or CDROM.
    """
    return image.type in CLONABLE_TYPES


def snapshot_type(image: Image, _: object) -> bool:
    """The type is OS or DATABLOCK: the only ones that have snapshots, or are made empty.

    Otherwise: The type is neither OS nor DATABLOCK.
    """
    return image.type in SNAPSHOT_TYPES


def persistent(image: Image, _: object) -> bool:
    """The image is persistent.

    Otherwise: The image is not persistent.
    """
    return image.is_persistent


def shareable(image: Image, _: object) -> bool:
    """PERSISTENT_TYPE is SHAREABLE, in capitals or not.

    Otherwise: PERSISTENT_TYPE is not SHAREABLE.
    """
    kind = image.template.get("PERSISTENT_TYPE")
    return isinstance(kind, str) and kind.upper() == "SHAREABLE"


def has_source(image: Image, _: object) -> bool:
    """The datastore has put the file, or the image was born with a SOURCE.

    Otherwise: There is no SOURCE: no file of the image is in the datastore yet.
    """
    return image.source != ""


def has_path(image: Image, _: object) -> bool:
    """There is a file to copy from.

    Otherwise: There is no PATH to copy from.
    """
    return image.path != ""


def has_format(image: Image, _: object) -> bool:
    """The FORMAT is known.

    Otherwise: The FORMAT is not known.
    """
    return image.format != ""


def saving(image: Image, _: object) -> bool:
    """The disk of a machine is being saved into the image (SAVE_AS_HOT is YES).

    Otherwise: No disk of a machine is being saved into the image.
    """
    return is_true(image.template.get("SAVE_AS_HOT"))


def forced(image: Image, _: object) -> bool:
    """A forced delete was asked for at some time (FORCE_DELETE is YES).

    Otherwise: No forced delete was ever asked for (FORCE_DELETE is not YES).
    """
    return is_true(image.template.get("FORCE_DELETE"))


# Who holds it


def has_vms(image: Image, _: object) -> bool:
    """RUNNING_VMS is not 0.

    Otherwise: RUNNING_VMS is 0.
    """
    return image.running_vms != 0


def last_vm(image: Image, vm: Any) -> bool:
    """When this machine has let go, RUNNING_VMS is 0.

    Otherwise: When this machine has let go, RUNNING_VMS is not 0.
    """
    return image.running_vms == (vm is None or vm in image.vms)


def last_holder(image: Image, vm: Any) -> bool:
    """When this machine has let go, RUNNING_VMS and CLONING_OPS are 0.

    Otherwise: When this machine has let go, RUNNING_VMS or CLONING_OPS is not 0.
    """
    return image.cloning_ops == 0 and image.running_vms == (vm is None or vm in image.vms)


def last_clone(image: Image, clone: Any) -> bool:
    """When this clone has let go, CLONING_OPS and RUNNING_VMS are 0.

    Otherwise: When this clone has let go, CLONING_OPS or RUNNING_VMS is not 0.
    """
    return image.running_vms == 0 and image.cloning_ops == (clone is None or clone in image.clones)


def last_app(image: Image, app: Any) -> bool:
    """When this app has let go, CLONING_OPS and RUNNING_VMS are 0.

    Otherwise: When this app has let go, CLONING_OPS or RUNNING_VMS is not 0.
    """
    return image.running_vms == 0 and image.cloning_ops == (app is None or app in image.app_clones)


# Snapshots


def has_snapshots(image: Image, _: object) -> bool:
    """There is at least one snapshot.

    Otherwise: There is no snapshot.
    """
    return image.snapshots is not None and len(image.snapshots) > 0


def snapshot_exists(image: Image, snapshot: Any) -> bool:
    """The snapshot is there.

    Otherwise: There is no such snapshot.
    """
    if image.snapshots is None:
        return False
    return len(image.snapshots) > 0 if snapshot is None else snapshot in image.snapshots


def snapshot_in_tree(image: Image, _: object) -> bool:
    """The snapshots depend on each other, so that not each may be deleted.

    Otherwise: The snapshots do not depend on each other: any of them may be deleted.

    Source: ``src/vm/Snapshots.cc``, ``test_delete_image``.
    """
    snapshots = image.snapshots
    if snapshots is None or snapshots.cleared:
        return False
    return snapshots.orphans in {Orphans.DENY, Orphans.MIXED}


def snapshot_active(image: Image, snapshot: Any) -> bool:
    """The snapshot is the active one.

    Otherwise: The snapshot is not the active one.
    """
    return image.snapshots is not None and image.snapshots.active(snapshot)


def snapshot_has_children(image: Image, snapshot: Any) -> bool:
    """Other snapshots depend on it.

    Otherwise: No other snapshot depends on it.
    """
    return image.snapshots is not None and image.snapshots.has_children(snapshot)


# What the operation carries


def type_known(_: Image, name: Any) -> bool:
    """The name is one of OpenNebula's eight types, in capitals or not; none at all means OS.

    Otherwise: The name is none of OpenNebula's eight types.
    """
    return name is None or name == "" or name.upper() in ImageType.__members__


def type_in_family(image: Image, name: Any) -> bool:
    """The new type is of the same family (disks, or files); an unknown name counts as OS.

    Otherwise: The new type is of another family (disks, files), and so of another datastore.
    """
    if name is None:
        return True
    wanted = ImageType.__members__.get(name.upper(), ImageType.OS)
    family = FILE_TYPES if image.type in FILE_TYPES else CLONABLE_TYPES
    return wanted in family


def type_with_snapshots(_: Image, name: Any) -> bool:
    """The new type is one that can have snapshots.

    Otherwise: The new type is one that cannot have snapshots.
    """
    return name is None or name == "" or name.upper() in {kind.name for kind in SNAPSHOT_TYPES}


def level_known(_: Image, request: Any) -> bool:
    """The level of the lock is 1 (use), 2 (manage), 3 (admin) or 4 (all).

    Otherwise: The level of the lock is none of 1 (use), 2 (manage), 3 (admin) and 4 (all).
    """
    return request is None or request.level in {1, 2, 3, 4}


def lock_free(image: Image, request: Any) -> bool:
    """Nobody else holds the lock, or an administrator asks.

    Otherwise: Somebody else holds the lock, and no administrator asks.

    Source: ``src/pool/PoolObjectSQL.cc``, ``lock_db``.
    """
    held = image.lock_held
    return held is None or request is None or request.admin or held.owner == request.owner


def only_testing(image: Image, request: Any) -> bool:
    """The call only asks whether there is a lock, and there is one.

    Otherwise: The call does not only ask whether there is a lock, or there is none.
    """
    return request is not None and request.test and image.lock_held is not None


def lock_owned(image: Image, owner: Any) -> bool:
    """The lock is that owner's, or an administrator (-1) asks.

    Otherwise: There is no lock, or it is another's, and no administrator asks.

    Source: ``src/pool/PoolObjectSQL.cc``, ``unlock_db``.
    """
    if owner is None or owner == -1:
        return True
    return image.lock_held is not None and image.lock_held.owner == owner


def answer_has_source(_: Image, payload: Any) -> bool:
    """The answer has a first word: the SOURCE.

    Otherwise: The answer has no words: no SOURCE.
    """
    return payload is None or bool(payload.split())


def answer_has_format(_: Image, payload: Any) -> bool:
    """The answer has a second word: the FORMAT.

    Otherwise: The answer has no second word: no FORMAT.
    """
    return payload is None or len(payload.split()) > 1


def increment_follows(image: Image, increment: Any) -> bool:
    """The increment can be added: a chain begins with a FULL one.

    Otherwise: The increment has nothing to follow: a chain begins with a FULL one.

    Source: ``src/image/BackupIncrements.cc``, ``IncrementSet::new_increment``.
    """
    return len(image.increments) > 0 or increment is None or increment[2] == FULL


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        disk,
        file,
        backup,
        filesystem,
        clonable,
        snapshot_type,
        persistent,
        shareable,
        has_source,
        has_path,
        has_format,
        saving,
        forced,
        has_vms,
        last_vm,
        last_holder,
        last_clone,
        last_app,
        has_snapshots,
        snapshot_exists,
        snapshot_in_tree,
        snapshot_active,
        snapshot_has_children,
        type_known,
        type_in_family,
        type_with_snapshots,
        level_known,
        lock_free,
        only_testing,
        lock_owned,
        answer_has_source,
        answer_has_format,
        increment_follows,
    )
}
"""Every guard of the image table by its name."""

LASTING = frozenset({backup.__name__, filesystem.__name__})
"""Guards that hold of an image always or never: no type changes from or to theirs."""
