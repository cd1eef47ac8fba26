"""What happens to a machine's disks and backups: every row that succeeds.

Sources are given per row: functions of ``src/lcm`` and ``src/dm`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.vm_groups import (
    ANY,
    BACKUPS,
    RESIZING,
    SAVING,
    SNAPSHOTTING,
    row,
)
from lifecycle.cloud.vm_states import VmState as S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.table import Row


def _disks() -> Iterator[Row]:
    source = "DispatchManager::attach, detach"
    yield row("attach", (S.RUNNING,), S.HOTPLUG, "ask_attach", source=source)
    yield row(
        "attach", (S.POWEROFF,), S.HOTPLUG_PROLOG_POWEROFF, "ask_prolog_attach", source=source
    )
    yield row("detach", (S.RUNNING,), S.HOTPLUG, "ask_detach", source=source)
    yield row(
        "detach", (S.POWEROFF,), S.HOTPLUG_EPILOG_POWEROFF, "ask_epilog_detach", source=source
    )
    for event, waiting, well, badly in (
        ("attach", S.HOTPLUG_PROLOG_POWEROFF, "end_attach", "drop_attached_disk"),
        ("detach", S.HOTPLUG_EPILOG_POWEROFF, "drop_detached_disk", "keep_disk"),
    ):
        source = f"LifeCycleManager::trigger_{event}_success, trigger_{event}_failure"
        for origin, target in ((S.HOTPLUG, S.RUNNING), (waiting, S.POWEROFF)):
            yield row(f"{event}_success", (origin,), target, well, source=source)
            yield row(f"{event}_failure", (origin,), target, badly, source=source)
    source = "VirtualMachine::set_saveas_state, clear_saveas_state"
    for saving, before in SAVING.items():
        yield row("save_as", (before,), saving, source=source)
        yield row("save_as_success", (saving,), before, "saved", source=source)
        yield row("save_as_failure", (saving,), before, "not_saved", source=source)
        yield row("save_as_end", (saving,), before, "end_save_as_mark", source=source)
    rest = tuple(state for state in ANY if state not in SAVING)
    for name in ("save_as_success", "save_as_failure", "save_as_end"):
        yield row(name, rest, None, "end_save_as_mark", source=source)
    source = "DispatchManager::disk_snapshot_create, _revert, _delete"
    for origin, state, ask in (
        (S.RUNNING, S.DISK_SNAPSHOT, "ask_disk_snapshot"),
        (S.POWEROFF, S.DISK_SNAPSHOT_POWEROFF, "ask_snapshot_create"),
        (S.SUSPENDED, S.DISK_SNAPSHOT_SUSPENDED, "ask_snapshot_create"),
    ):
        yield row("disk_snapshot_create", (origin,), state, ask, source=source)
    yield row(
        "disk_snapshot_revert",
        (S.POWEROFF,),
        S.DISK_SNAPSHOT_REVERT_POWEROFF,
        "ask_snapshot_revert",
        source=source,
    )
    for origin, state in (
        (S.RUNNING, S.DISK_SNAPSHOT_DELETE),
        (S.POWEROFF, S.DISK_SNAPSHOT_DELETE_POWEROFF),
        (S.SUSPENDED, S.DISK_SNAPSHOT_DELETE_SUSPENDED),
    ):
        yield row("disk_snapshot_delete", (origin,), state, "ask_snapshot_delete", source=source)
    source = "LifeCycleManager::trigger_disk_snapshot_success, _failure"
    for state, (target, well, badly) in SNAPSHOTTING.items():
        yield row(
            "disk_snapshot_success",
            (state,),
            target,
            well,
            when=("snapshot_pending",),
            source=source,
        )
        yield row(
            "disk_snapshot_failure",
            (state,),
            target,
            badly,
            when=("snapshot_pending",),
            source=source,
        )
    source = "DispatchManager::backup, LifeCycleManager::trigger_backup_success, _failure"
    for state, before in BACKUPS.items():
        yield row("backup", (before,), state, "ask_backup", source=source)
        yield row("backup_success", (state,), before, "register_backup", source=source)
        yield row("backup_failure", (state,), before, "forget_backup", source=source)
    yield row(
        "backup_failure",
        tuple(state for state in ANY if state not in BACKUPS),
        None,
        "forget_backup",
        source=source,
    )


def _resize() -> Iterator[Row]:
    asks = ("ask_resize_disk", "ask_resize", "ask_resize")
    for (state, before), ask in zip(RESIZING.items(), asks, strict=True):
        source = "DispatchManager::disk_resize"
        yield row("disk_resize", (before,), state, ask, source=source)
        source = "LifeCycleManager::trigger_disk_resize_success, _failure"
        note = ("note_undeploy_if_nothing",) if before is S.UNDEPLOYED else ()
        effects = ("keep_size", *note)
        yield row("disk_resize_success", (state,), before, *effects, source=source)
        effects = ("undo_resize", *note)
        yield row("disk_resize_failure", (state,), before, *effects, source=source)


def _restore() -> Iterator[Row]:
    source = "DispatchManager::backup_cancel"
    yield row("backup_cancel", tuple(BACKUPS), None, "ask_backup_cancel", source=source)
    source = "DispatchManager::restore"
    yield row("restore", (S.POWEROFF,), S.RESTORE, "ask_tm_restore", source=source)
    source = "LifeCycleManager::trigger_disk_restore_success, _failure"
    effects = ("drop_snapshots", "reset_chain")
    yield row("restore_success", (S.RESTORE,), S.POWEROFF, *effects, source=source)
    yield row("restore_failure", (S.RESTORE,), S.POWEROFF, source=source)


DISK_ROWS = (*_disks(), *_resize(), *_restore())
