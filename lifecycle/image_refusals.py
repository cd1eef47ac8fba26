"""What is refused to an image, or ignored, and with which words.

Each group is in the order in which oned checks: of those that speak, the
first is the answer. Sources are given as in :mod:`lifecycle.image_rows`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.codes import ErrorCode
from lifecycle.row_makers import (
    ANY_LOCKED,
    CLONE,
    DELETE,
    DISABLED,
    ERROR,
    HELD,
    INIT,
    LOCKED_USED_PERS,
    READY,
    USED,
    USED_PERS,
    Names,
    ignored,
    other_than,
    refused,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.table import Otherwise

ACTION, ALLOCATE, INTERNAL = ErrorCode.ACTION, ErrorCode.ALLOCATE, ErrorCode.INTERNAL


def _birth() -> Iterator[Otherwise]:
    init = (INIT,)
    source = "ImageManager::stat_image, ImageAllocateAPI::allocate"
    text = "Cannot parse image SIZE: Missing PATH attribute."
    given: Names = ("filesystem", "not has_path")
    yield refused("allocate", INTERNAL, text, where=init, given=given, source=source)
    text = "Cannot parse image SIZE: Either PATH or SOURCE are required for {type}"
    given = ("not has_path", "not has_source", "not backup")
    yield refused("allocate", INTERNAL, text, where=init, given=given, source=source)
    source = "ImagePool::allocate"
    text = "IMAGES of type BACKUP can only be registered in an BACKUP_DS datastore"
    yield refused("allocate", ALLOCATE, text, where=init, given=("backup",), source=source)
    source = "Image::insert"
    text = "PATH and SOURCE cannot be both set."
    yield refused("allocate", ALLOCATE, text, where=init, given=("has_path",), source=source)
    text = "SOURCE needs FORMAT to be set."
    yield refused("allocate", ALLOCATE, text, where=init, source=source)
    text = "SOURCE cannot be empty for BACKUP images"
    given = ("backup",)
    yield refused("allocate_backup", ALLOCATE, text, where=init, given=given, source=source)
    quiet = "Only a BACKUP is born of a backup."
    yield ignored(
        "allocate_backup", quiet, where=init, source="ImageAPI::allocate, ImagePool::allocate"
    )
    quiet = "Only an image with SAVE_AS_HOT is born of a disk that is saved."
    yield ignored(
        "allocate_save_as", quiet, where=init, source="ImageAPI::allocate, ImagePool::allocate"
    )
    for operation in ("allocate", "allocate_clone", "allocate_save_as", "allocate_backup"):
        quiet = "An image is born once."
        yield ignored(
            operation,
            quiet,
            where=other_than(INIT),
            source="ImageAPI::allocate, ImagePool::allocate",
        )


def _administration() -> Iterator[Otherwise]:
    source = "ImageManager::enable_image, ImageAPI::enable"
    for name in ("enable", "disable"):
        text = f"Could not {name} image: Backup images cannot be enabled or disabled."
        yield refused(name, INTERNAL, text, given=("backup",), source=source)
        text = f"Could not {name} image: Image cannot be in state {{state}}."
        where = other_than(READY, DISABLED, ERROR)
        yield refused(name, INTERNAL, text, where=where, source=source)

    source = "ImageAPI::persistent, Image::persistent"
    for name, word in (("persistent", "persistent"), ("nonpersistent", "non-persistent")):
        text = "KERNEL, RAMDISK and CONTEXT must be non-persistent"
        yield refused(name, ACTION, text, given=("file",), source=source)
        text = "BACKUP images must be persistent"
        yield refused(name, ACTION, text, given=("backup",), source=source)
        if name == "nonpersistent":
            text = "Could not make image non-persistent: Image has snapshots."
            yield refused(name, INTERNAL, text, given=("has_snapshots",), source=source)
        text = f"Could not make image {word}: Image cannot be in state {{state}}."
        yield refused(name, INTERNAL, text, where=(*HELD, CLONE), source=source)

    source = "ImageAPI::change_type, Image::set_type"
    for given in (("backup",), ("filesystem",)):
        text = "Cannot change type for{type} images."
        yield refused("chtype", ACTION, text, given=given, source=source)
    text = "Cannot change image type to an incompatible type for the current datastore."
    yield refused("chtype", ACTION, text, given=("not type_in_family",), source=source)
    text = "Image with snapshots can be only of type OS or DATABLOCK"
    snapshots = ("has_snapshots", "not type_with_snapshots")
    yield refused("chtype", INTERNAL, text, given=snapshots, source=source)
    yield refused("chtype", INTERNAL, "{unknown_type}", given=("not type_known",), source=source)

    source = "SharedAPI::lock"
    text = "Wrong lock level specified"
    yield refused("lock", ACTION, text, given=("not level_known",), source=source)
    yield refused("lock", ACTION, "{lock_time}", given=("only_testing",), source=source)
    # The record is written all the same.
    text = "Error trying to lock the resource."
    yield refused("lock", ACTION, text, "write", source=source)
    text = "Cannot unlock: Lock is owned by another user"
    yield refused("unlock", ACTION, text, source="SharedAPI::unlock")


def _deletion() -> Iterator[Otherwise]:
    source = "ImageAPI::del_image, ImageManager::delete_image"
    text = (
        "Image locked, use --force flag to remove the image."
        " Force delete may leave some files on Datastore"
    )
    yield refused("delete", INTERNAL, text, where=ANY_LOCKED, source=source)
    for name in ("delete", "delete_force"):
        text = "Cannot delete image. There are {clones} active clone operations."
        yield refused(name, ACTION, text, where=(CLONE,), source=source)
        text = "Cannot delete image. There are {vms} VMs using it."
        held = HELD if name == "delete_force" else (USED, USED_PERS)
        yield refused(name, ACTION, text, where=(READY, *held), source=source)


def _snapshots() -> Iterator[Otherwise]:
    for name, words in (("delete", "delete"), ("revert", "revert to"), ("flatten", "flatten")):
        operation, source = f"snapshot_{name}", f"ImageManager::{name}_snapshot"
        text = (
            "IMAGES of type KERNEL, RAMDISK, BACKUP, FILESYSTEM and CONTEXT"
            " does not have snapshots."
        )
        yield refused(operation, ACTION, text, given=("not snapshot_type",), source=source)
        text = f"Cannot {words} snapshot in state {{state}}"
        yield refused(operation, ACTION, text, where=other_than(READY), source=source)
        text = "Snapshot does not exist"
        given = ("not snapshot_exists",)
        yield refused(operation, ACTION, text, where=(READY,), given=given, source=source)
    source = "Snapshots::test_delete_image"
    text = "Cannot delete the active snapshot"
    ready, given = (READY,), ("snapshot_active",)
    yield refused("snapshot_delete", ACTION, text, where=ready, given=given, source=source)
    text = "Cannot delete snapshot with children"
    yield refused("snapshot_delete", ACTION, text, where=ready, source=source)
    source = "ImageManager::flatten_increments"
    text = "Image is not of type BACKUP"
    yield refused("flatten_increments", ACTION, text, given=("not backup",), source=source)
    text = "Cannot flatten increments in state {state}"
    where = other_than(READY)
    yield refused("flatten_increments", ACTION, text, where=where, source=source)


def _copies() -> Iterator[Otherwise]:
    source = "ImageAPI::clone, ImageManager::can_clone_image"
    text = "{type} images cannot be cloned."
    yield refused("clone", ACTION, text, given=("not clonable",), source=source)
    text = "Cannot clone images with snapshots"
    yield refused("clone", ACTION, text, given=("has_snapshots",), source=source)
    text = "Cannot clone image in state: {state}"
    where = other_than(READY, USED, CLONE)
    yield refused("clone", ALLOCATE, text, where=where, source=source)
    source = "ImageManager::set_clone_state"
    misspelt = "Cannoe clone backup images"
    yield refused("export", INTERNAL, misspelt, given=("backup",), source=source)
    text = "Cannot clone image in current state"
    yield refused("export", INTERNAL, text, where=where, source=source)
    source = "ImageManager::release_cloning_resource"
    for operation in ("clone_released", "export_released"):
        text = "Trying to release a cloning {type} image"
        yield ignored(operation, text, given=("not clonable",), source=source)
        text, where = "Release cloning image in wrong state", other_than(USED, CLONE)
        yield ignored(operation, text, where=where, source=source)


def _machines() -> Iterator[Otherwise]:
    source = "ImageManager::acquire_image"
    for name, code in (("acquire", INTERNAL), ("attach", ACTION)):
        text = "Image {id} ({name}) of type {type} cannot be used as DISK."
        yield refused(name, code, text, given=("not disk",), source=source)
        text = "Cannot acquire image {id}, it is persistent and already in use"
        in_use, given = (USED_PERS, LOCKED_USED_PERS), ("not shareable",)
        yield refused(name, code, text, where=in_use, given=given, source=source)
        if name == "attach":
            text = "Cannot acquire image {id}, it is locked"
            yield refused(name, code, text, where=ANY_LOCKED, source=source)
        text = "Cannot acquire image {id}, it is in state: {state}"
        where = (INIT, DISABLED, ERROR, CLONE, DELETE)
        yield refused(name, code, text, where=where, source=source)
    source = "ImageManager::release_image"
    for name in ("release", "release_failed"):
        text = "Trying to release a KERNEL, RAMDISK, BACKUP or CONTEXT image"
        yield ignored(name, text, given=("not disk",), source=source)
        text = "Releasing image in wrong state: {state}"
        yield ignored(name, text, where=other_than(*HELD), source=source)
    source = "ImageManager::set_image_snapshots, set_image_size"
    for name in ("write_snapshots", "write_size"):
        # Only a persistent image in use takes over what its machine's disk has; no word is said.
        yield ignored(name, "", source=source)
    source = "LifeCycleManager::trigger_backup_success"
    yield ignored("add_increment", "cannot add increment to backup image", source=source)


def _driver_answers() -> Iterator[Otherwise]:
    text = "Ignoring mkfs callback, image is being deleted"
    for name in ("mkfs_success", "mkfs_failure"):
        yield ignored(name, text, where=(DELETE,), source="ImageManager::_mkfs")


IMAGE_REFUSALS = (
    *_birth(),
    *_administration(),
    *_deletion(),
    *_snapshots(),
    *_copies(),
    *_machines(),
    *_driver_answers(),
)
"""Everything that is refused or ignored."""
