"""What users, machines and marketplaces can do to an image: every row that succeeds.

Sources are given per row: the functions of OpenNebula 7.4.0's own source, most
of them in ``src/image``, in which the fact can be read.
What datastore drivers answer stands in :mod:`lifecycle.driver_rows`, what is
refused in :mod:`lifecycle.image_refusals`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.row_makers import (
    CLONE,
    DELETE,
    DISABLED,
    ERROR,
    INIT,
    LOCKED,
    LOCKED_USED,
    LOCKED_USED_PERS,
    READY,
    USED,
    USED_PERS,
    Names,
    States,
    fails,
    row,
    stays,
    unlocks,
)
from lifecycle.states import GONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.table import Row


def _birth() -> Iterator[Row]:
    source = "ImageManager::stat_image, register_image, Image::insert"
    init = (INIT,)
    copied = ("has_path", "not has_source", "not backup")
    yield row("allocate", init, LOCKED, "insert", "ask_cp", given=copied, source=source)
    empty = ("snapshot_type", "not has_path", "not has_source")
    yield row("allocate", init, LOCKED, "insert", "ask_mkfs", given=empty, source=source)
    taken = ("has_source", "has_format", "not has_path", "not filesystem", "not backup")
    yield row("allocate", init, READY, "insert", "write", given=taken, source=source)
    source = "ImageManager::clone_image"
    yield row("allocate_clone", init, LOCKED, "insert", "ask_clone", source=source)
    source = "VirtualMachineAPI::disk_save_as"
    saved = ("saving",)
    yield row("allocate_save_as", init, LOCKED, "insert", "ask_mkfs", given=saved, source=source)
    source = "Image::insert"
    kept = ("backup", "has_source")
    yield row("allocate_backup", init, READY, "add_vm", "insert", given=kept, source=source)


def _administration() -> Iterator[Row]:
    source = "ImageManager::enable_image"
    given: Names = ("not backup",)
    yield row("enable", (DISABLED,), READY, "write", given=given, source=source)
    yield from unlocks("enable", "write", where=(ERROR,), given=given, source=source)
    yield stays("enable", where=(READY,), given=given, source=source)
    yield row("disable", (READY, ERROR), DISABLED, "write", given=given, source=source)
    yield stays("disable", where=(DISABLED,), given=given, source=source)

    source = "ImageAPI::persistent, Image::persistent"
    free = (INIT, READY, DISABLED, LOCKED, ERROR, DELETE)
    yield stays("persistent", given=("persistent",), source=source)
    given = ("not persistent", "not file", "not backup")
    effects = ("set_persistent", "write")
    yield stays("persistent", *effects, where=free, given=given, source=source)
    yield stays("nonpersistent", given=("not persistent",), source=source)
    given = ("persistent", "not file", "not backup", "not has_snapshots")
    effects = ("clear_persistent", "write")
    yield stays("nonpersistent", *effects, where=free, given=given, source=source)

    source = "ImageAPI::change_type, Image::set_type"
    fits = ("type_known", "type_in_family", "not backup", "not filesystem")
    for given in (("not has_snapshots",), ("has_snapshots", "type_with_snapshots")):
        yield stays("chtype", "set_type", "write", given=(*fits, *given), source=source)

    given = ("level_known", "lock_free", "not only_testing")
    yield stays("lock", "set_lock", "write", given=given, source="SharedAPI::lock")
    given = ("lock_owned",)
    yield stays("unlock", "clear_lock", "write", given=given, source="SharedAPI::unlock")
    yield stays("rename", "set_name", "write", source="SharedAPI::rename")
    yield stays("chown", "set_owner", "write", source="SharedAPI::chown")
    yield stays("chmod", "set_permissions", "write", source="SharedAPI::chmod")
    yield stays("update", "set_template", "write", source="SharedAPI::update")


def _deletion() -> Iterator[Row]:
    yield stays("force", "mark_force_delete", "write", source="ImageAPI::del_image")
    for operation in ("delete", "delete_force"):
        yield from _goes(operation, (READY,), ("not has_vms",))
        yield from _goes(operation, (READY,), ("has_vms", "backup"))
        yield from _goes(operation, (INIT, DISABLED, ERROR, DELETE), ())
    for given, told in ((("not saving",), ()), (("saving",), ("end_save_as",))):
        drop, remove = ("drop", "release_source", *told), ("ask_rm", "leave_source", *told)
        yield from _goes("delete_force", (LOCKED,), given, drop, remove)


def _goes(
    operation: str,
    origins: States,
    given: Names,
    drop: Names = ("drop",),
    remove: Names = ("ask_rm", "clear_cloning_id", "write"),
) -> Iterator[Row]:
    source = "ImageManager::delete_image"
    without, with_source = (*given, "not has_source"), (*given, "has_source")
    yield row(operation, origins, GONE, *drop, given=without, source=source)
    yield row(operation, origins, DELETE, *remove, given=with_source, source=source)


def _snapshots() -> Iterator[Row]:
    source = "ImageManager::delete_snapshot, Snapshots::test_delete_image"
    ready = (READY,)
    effects: Names = ("set_target_snapshot", "ask_snap_delete", "write")
    there = ("snapshot_type", "snapshot_exists")
    loose = (*there, "not snapshot_in_tree")
    leaf = (*there, "snapshot_in_tree", "not snapshot_active", "not snapshot_has_children")
    for given in (loose, leaf):
        yield row("snapshot_delete", ready, LOCKED, *effects, given=given, source=source)
    for name in ("revert", "flatten"):
        source = f"ImageManager::{name}_snapshot"
        effects = ("set_target_snapshot", f"ask_snap_{name}", "write")
        yield row(f"snapshot_{name}", ready, LOCKED, *effects, given=there, source=source)
    source = "ImageManager::flatten_increments"
    effects = ("ask_increment_flatten", "write")
    yield row("flatten_increments", ready, LOCKED, *effects, given=("backup",), source=source)


def _copies() -> Iterator[Row]:
    copied = ("clonable", "not has_snapshots")
    yield from _taken("clone", "add_clone", copied, "ImageAPI::clone, ")
    yield from _taken("export", "add_app", ("not backup",), "")
    yield from _let_go("clone_released", "remove_clone", "last_clone")
    yield from _let_go("export_released", "remove_app", "last_app")


def _taken(operation: str, add: str, given: Names, function: str) -> Iterator[Row]:
    source = f"{function}ImageManager::set_clone_state"
    effects = (add, "write")
    for kind, target in (("persistent", CLONE), ("not persistent", USED)):
        yield row(operation, (READY,), target, *effects, given=(*given, kind), source=source)
    yield stays(operation, *effects, where=(USED, CLONE), given=given, source=source)


def _let_go(operation: str, remove: str, last: str) -> Iterator[Row]:
    source = "ImageManager::release_cloning_resource"
    where, effects = (USED, CLONE), (remove, "write")
    yield row(operation, where, READY, *effects, given=("clonable", last), source=source)
    more = ("clonable", f"not {last}")
    yield stays(operation, *effects, where=where, given=more, source=source)


def _machines() -> Iterator[Row]:
    ready, locked = (READY, USED, USED_PERS), (LOCKED, LOCKED_USED, LOCKED_USED_PERS)
    yield from _acquired("acquire", ready, locked)
    # A machine that runs cannot wait.
    yield from _acquired("attach", ready)
    yield from _released()
    given = ("snapshot_type",)
    source = "ImageManager::set_image_snapshots"
    effects = ("set_snapshots", "write")
    yield stays("write_snapshots", *effects, where=(USED_PERS,), given=given, source=source)
    source = "ImageManager::set_image_size"
    yield stays("write_size", "set_size", "write", where=(USED_PERS,), given=given, source=source)
    source = "LifeCycleManager::trigger_backup_success"
    yield stays("backup_disks", "note_backup_disks", "write", source=source)
    given = ("increment_follows",)
    yield stays("add_increment", "append_increment", "write", given=given, source=source)


def _acquired(operation: str, *groups: States) -> Iterator[Row]:
    source = "ImageManager::acquire_image"
    take = ("add_vm", "write")
    for idle, used, used_pers in groups:
        for kind, target in (("persistent", used_pers), ("not persistent", used)):
            yield row(operation, (idle,), target, *take, given=("disk", kind), source=source)
    _, used_more, shared = zip(*groups, strict=True)
    yield stays(operation, *take, where=used_more, given=("disk",), source=source)
    yield stays(operation, *take, where=shared, given=("disk", "shareable"), source=source)


def _released() -> Iterator[Row]:
    source = "ImageManager::release_image"
    go, timed = ("remove_vm", "write"), ("remove_vm", "touch", "write")
    last, more = ("disk", "last_holder"), ("disk", "not last_holder")
    for operation in ("release", "release_failed"):
        for origin, idle in ((USED, READY), (LOCKED_USED, LOCKED)):
            yield row(operation, (origin,), idle, *go, given=last, source=source)
            yield stays(operation, *go, where=(origin,), given=more, source=source)
    last, more = ("disk", "last_vm"), ("disk", "not last_vm")
    for origin, idle in ((USED_PERS, READY), (LOCKED_USED_PERS, LOCKED)):
        yield row("release", (origin,), idle, *timed, given=last, source=source)
        yield stays("release", *timed, where=(origin,), given=more, source=source)
    given = ("disk",)
    yield row("release_failed", (USED_PERS,), ERROR, *timed, given=given, source=source)
    # The machine lets go before the image fails, so it is not told of the failure.
    told = ("remove_vm", "touch", "tell_machines", "write")
    yield row("release_failed", (LOCKED_USED_PERS,), ERROR, *told, given=given, source=source)


def _save_as() -> Iterator[Row]:
    source = "ImageManager::_mkfs"
    yield stays("save_as_formatted", "set_format", "write", source=source)
    yield from fails("save_as_lost", "error_given", "write", "end_save_as", source=source)
    source = "LifeCycleManager::trigger_delete"
    yield from fails("save_as_wiped", "write", source=source)
    source = "LifeCycleManager::trigger_saveas_success"
    yield from unlocks("save_as_success", "clear_saving", "write", source=source)
    source = "LifeCycleManager::trigger_saveas_failure"
    yield from fails("save_as_failure", "clear_saving", "write", source=source)


IMAGE_ROWS = (
    *_birth(),
    *_administration(),
    *_deletion(),
    *_snapshots(),
    *_copies(),
    *_machines(),
    *_save_as(),
)
"""Every way in which a user, a machine or a marketplace succeeds."""
