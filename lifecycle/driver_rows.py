"""What an answer of the datastore driver does to an image: every row.

Answers are taken at face value: late, repeated and unasked ones too.
Source: ``src/image/ImageManagerProtocol.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.row_makers import ANY, DELETE, Names, fails, other_than, row, stays, unlocks
from lifecycle.states import GONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.table import Row


def _cp() -> Iterator[Row]:
    source = "ImageManager::_cp"
    effects: Names = ("set_answered_source", "set_answered_format", "write")
    given: Names = ("answer_has_source", "answer_has_format")
    yield from unlocks("cp_success", *effects, given=given, source=source)
    # The SOURCE is kept, although the copy failed for want of a FORMAT.
    effects = ("set_answered_source", "error_no_format", "write")
    given = ("answer_has_source", "not answer_has_format")
    yield from fails("cp_success", *effects, given=given, source=source)
    effects = ("error_copying", "write")
    given = ("not answer_has_source",)
    yield from fails("cp_success", *effects, given=given, source=source)
    yield from fails("cp_failure", *effects, source=source)


def _mkfs() -> Iterator[Row]:
    source = "ImageManager::_mkfs"
    where = other_than(DELETE)
    saving, empty = ("saving",), ("not saving",)
    effects: Names = ("set_whole_source", "write")
    copy = (*effects, "start_save_as_copy")
    yield stays("mkfs_success", *copy, where=where, given=saving, source=source)
    yield from unlocks("mkfs_success", *effects, where=where, given=empty, source=source)
    effects = ("error_making", "write")
    yield from fails("mkfs_failure", *effects, where=where, given=empty, source=source)
    effects = (*effects, "end_save_as")
    yield from fails("mkfs_failure", *effects, where=where, given=saving, source=source)


def _clone() -> Iterator[Row]:
    source = "ImageManager::_clone"
    effects: Names = ("set_answered_source", "set_answered_format", "leave_source")
    yield from unlocks("clone_success", *effects, given=("answer_has_source",), source=source)
    effects = ("error_cloning", "leave_source")
    yield from fails("clone_success", *effects, given=("not answer_has_source",), source=source)
    yield from fails("clone_failure", *effects, source=source)


def _rm() -> Iterator[Row]:
    source = "ImageManager::_rm"
    gone = ("drop", "leave_backups")
    yield row("rm_success", ANY, GONE, *gone, source=source)
    yield row("rm_failure", ANY, GONE, *gone, given=("forced",), source=source)
    effects = ("error_removing", "write")
    yield from fails("rm_failure", *effects, given=("not forced",), source=source)


def _snapshots() -> Iterator[Row]:
    for action, done, failed in (
        ("snap_delete", "delete_target_snapshot", "error_deleting_snapshot"),
        ("snap_revert", "revert_target_snapshot", "error_reverting_snapshot"),
        ("snap_flatten", "clear_snapshots", "error_flattening_snapshots"),
    ):
        source = f"ImageManager::_{action}"
        for answer, effect in (("success", done), ("failure", failed)):
            effects = (effect, "clear_target_snapshot", "write")
            yield from unlocks(f"{action}_{answer}", *effects, source=source)
    source = "ImageManager::_increment_flatten"
    effects = ("merge_increments", "write", "flatten_ended")
    yield from unlocks("increment_flatten_success", *effects, source=source)
    effects = ("error_flattening_increments", "write", "flatten_ended")
    yield from unlocks("increment_flatten_failure", *effects, source=source)


DRIVER_ROWS = (*_cp(), *_mkfs(), *_clone(), *_rm(), *_snapshots())
"""Everything that an answer of the datastore driver does."""
