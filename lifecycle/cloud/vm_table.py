"""The lifecycle of a virtual machine, no deeper than images feel it.

A second table beside that of the image, read by the same engine. Sources are
given per row: functions of ``src/lcm`` and ``src/dm`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.vm_effects import VM_EFFECTS
from lifecycle.cloud.vm_guards import VM_GUARDS
from lifecycle.cloud.vm_operations import VM_OPERATIONS
from lifecycle.cloud.vm_states import VmState as S
from lifecycle.codes import ErrorCode
from lifecycle.table import Otherwise, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

ANY = tuple(S)
ACTIVE = tuple(state for state in ANY if state.active)
WAITING = (S.CLONING, S.CLONING_FAILURE)
NEVER_RAN = (S.INIT, S.PENDING, S.HOLD, *WAITING)

SAVING = {
    S.HOTPLUG_SAVEAS: S.RUNNING,
    S.HOTPLUG_SAVEAS_POWEROFF: S.POWEROFF,
    S.HOTPLUG_SAVEAS_SUSPENDED: S.SUSPENDED,
    S.HOTPLUG_SAVEAS_UNDEPLOYED: S.UNDEPLOYED,
    S.HOTPLUG_SAVEAS_STOPPED: S.STOPPED,
}
"""The states of a machine that saves a disk, and where it goes back to."""

SNAPSHOTTING = {
    S.DISK_SNAPSHOT: (S.RUNNING, "activate_snapshot", "delete_snapshot"),
    S.DISK_SNAPSHOT_POWEROFF: (S.POWEROFF, "activate_snapshot", "delete_snapshot"),
    S.DISK_SNAPSHOT_SUSPENDED: (S.SUSPENDED, "activate_snapshot", "delete_snapshot"),
    S.DISK_SNAPSHOT_REVERT_POWEROFF: (S.POWEROFF, "revert_snapshot", "keep_snapshot"),
    S.DISK_SNAPSHOT_DELETE: (S.RUNNING, "delete_snapshot", "keep_snapshot"),
    S.DISK_SNAPSHOT_DELETE_POWEROFF: (S.POWEROFF, "delete_snapshot", "keep_snapshot"),
    S.DISK_SNAPSHOT_DELETE_SUSPENDED: (S.SUSPENDED, "delete_snapshot", "keep_snapshot"),
}
"""The states of a snapshot operation: where each goes back to, and what ends it well or badly."""

FAILURES = {
    S.PROLOG_FAILURE: S.PROLOG,
    S.PROLOG_RESUME_FAILURE: S.PROLOG_RESUME,
    S.PROLOG_UNDEPLOY_FAILURE: S.PROLOG_UNDEPLOY,
    S.BOOT_FAILURE: S.BOOT,
    S.BOOT_STOPPED_FAILURE: S.BOOT_STOPPED,
    S.BOOT_UNDEPLOY_FAILURE: S.BOOT_UNDEPLOY,
    S.EPILOG_FAILURE: S.EPILOG,
    S.EPILOG_STOP_FAILURE: S.EPILOG_STOP,
    S.EPILOG_UNDEPLOY_FAILURE: S.EPILOG_UNDEPLOY,
}
"""The …_FAILURE states, and the state that failed."""

PROLOGS = (S.PROLOG, S.PROLOG_RESUME, S.PROLOG_UNDEPLOY)
EPILOGS = (S.EPILOG, S.EPILOG_STOP, S.EPILOG_UNDEPLOY)
BOOTS = (S.BOOT, S.BOOT_POWEROFF, S.BOOT_SUSPENDED, S.BOOT_STOPPED, S.BOOT_UNDEPLOY)
SHUTDOWNS = (S.SHUTDOWN, S.SHUTDOWN_POWEROFF, S.SHUTDOWN_UNDEPLOY)
SAVES = (S.SAVE_SUSPEND, S.SAVE_STOP)
BACKUPS = {S.BACKUP: S.RUNNING, S.BACKUP_POWEROFF: S.POWEROFF}


def _failed(*states: S) -> tuple[S, ...]:
    return tuple(failure for failure, state in FAILURES.items() if state in states)


TRANSFERS = {
    **dict.fromkeys(PROLOGS, "prolog"),
    **dict.fromkeys((*EPILOGS, S.CLEANUP_RESUBMIT), "epilog"),
    **dict.fromkeys(SAVING, "save_as"),
    S.HOTPLUG_PROLOG_POWEROFF: "attach",
    S.HOTPLUG_EPILOG_POWEROFF: "detach",
    **{state: "disk_snapshot" for state in SNAPSHOTTING if state is not S.DISK_SNAPSHOT},
}
"""What an answer of the transfer driver means, by the machine's state (``_transfer``)."""

RECOVERS = {
    **{state: event for state, event in TRANSFERS.items() if state is not S.CLEANUP_RESUBMIT},
    **dict.fromkeys(_failed(*PROLOGS), "prolog"),
    **dict.fromkeys(_failed(*EPILOGS), "epilog"),
    **dict.fromkeys((*BOOTS, *_failed(*BOOTS)), "deploy"),
    **dict.fromkeys(SHUTDOWNS, "shutdown"),
    **dict.fromkeys(SAVES, "save"),
    **dict.fromkeys(BACKUPS, "backup"),
    S.HOTPLUG: "attach",
    S.DISK_SNAPSHOT: "disk_snapshot",
}
"""Which event ``onevm recover --success`` or ``--failure`` makes of a state (``recover``)."""


def _row(
    operation: str,
    origins: tuple[S, ...],
    target: S | None,
    *effects: str,
    source: str,
    **guards: tuple[str, ...],
) -> Row:
    return Row(operation, origins, target, effects=effects, source=source, **guards)


def _creation() -> Iterator[Row]:
    source = "VirtualMachine::insert"
    yield _row("allocate", (S.INIT,), S.CLONING, when=("waits",), source=source)
    yield _row("allocate", (S.INIT,), S.HOLD, when=("on_hold",), unless=("waits",), source=source)
    yield _row("allocate", (S.INIT,), S.PENDING, unless=("waits", "on_hold"), source=source)
    source = "LifeCycleManager::trigger_disk_lock_success"
    told = "images_changed"
    yield _row(told, WAITING, S.HOLD, "refresh_disks", when=("all_ready", "on_hold"), source=source)
    yield _row(
        told,
        WAITING,
        S.PENDING,
        "refresh_disks",
        when=("all_ready",),
        unless=("on_hold",),
        source=source,
    )
    yield _row(
        told,
        WAITING,
        S.CLONING_FAILURE,
        "refresh_disks",
        when=("some_failed",),
        unless=("all_ready",),
        source=source,
    )
    yield _row(
        told,
        WAITING,
        S.CLONING,
        "refresh_disks",
        unless=("all_ready", "some_failed"),
        source=source,
    )


def _start() -> Iterator[Row]:
    source = "DispatchManager::hold, release"
    yield _row("hold", (S.PENDING,), S.HOLD, source=source)
    yield _row("release", (S.HOLD,), S.PENDING, source=source)
    source = "LifeCycleManager::trigger_deploy"
    idle = (S.PENDING, S.HOLD, S.STOPPED, S.UNDEPLOYED)
    yield _row(
        "deploy",
        idle,
        S.PROLOG_RESUME,
        "arrive",
        "ask_prolog_resume",
        when=("was_stopped",),
        source=source,
    )
    yield _row(
        "deploy",
        idle,
        S.PROLOG_UNDEPLOY,
        "arrive",
        "ask_prolog_resume",
        when=("was_undeployed",),
        unless=("was_stopped",),
        source=source,
    )
    yield _row(
        "deploy",
        idle,
        S.PROLOG,
        "arrive",
        "ask_prolog",
        unless=("was_stopped", "was_undeployed"),
        source=source,
    )
    source = "LifeCycleManager::trigger_prolog_success, trigger_prolog_failure"
    boots = {
        S.PROLOG: (S.BOOT, "ask_deploy"),
        S.PROLOG_RESUME: (S.BOOT_STOPPED, "ask_restore"),
        S.PROLOG_UNDEPLOY: (S.BOOT_UNDEPLOY, "ask_deploy"),
    }
    for state, (boot, ask) in boots.items():
        yield _row("prolog_success", (state, *_failed(state)), boot, ask, source=source)
        yield _row("prolog_failure", (state,), _failed(state)[0], source=source)
    yield _row("prolog_failure", _failed(*PROLOGS), None, source=source)
    source = "LifeCycleManager::trigger_deploy_success, trigger_deploy_failure"
    yield _row(
        "deploy_success", (*BOOTS, *_failed(*BOOTS)), S.RUNNING, "note_nothing", source=source
    )
    yield _row("deploy_success", (S.RUNNING,), None, source=source)
    for boot, failure in (
        (S.BOOT, S.BOOT_FAILURE),
        (S.BOOT_STOPPED, S.BOOT_STOPPED_FAILURE),
        (S.BOOT_UNDEPLOY, S.BOOT_UNDEPLOY_FAILURE),
        (S.BOOT_POWEROFF, S.POWEROFF),
        (S.BOOT_SUSPENDED, S.SUSPENDED),
    ):
        yield _row("deploy_failure", (boot,), failure, source=source)
    yield _row("deploy_failure", _failed(*BOOTS), None, source=source)


def _pauses() -> Iterator[Row]:
    running = (S.RUNNING,)
    source = "LifeCycleManager::trigger_suspend, trigger_stop"
    yield _row("suspend", running, S.SAVE_SUSPEND, "note_suspend", "ask_save", source=source)
    yield _row("stop", running, S.SAVE_STOP, "note_stop", "ask_save", source=source)
    yield _row("stop", (S.SUSPENDED,), S.EPILOG_STOP, "note_stop", "ask_epilog_stop", source=source)
    source = "LifeCycleManager::trigger_poweroff, trigger_undeploy"
    yield _row(
        "poweroff", running, S.SHUTDOWN_POWEROFF, "note_poweroff", "ask_shutdown", source=source
    )
    yield _row(
        "undeploy", running, S.SHUTDOWN_UNDEPLOY, "note_undeploy", "ask_shutdown", source=source
    )
    for name, state in (("poweroff", S.SHUTDOWN_POWEROFF), ("undeploy", S.SHUTDOWN_UNDEPLOY)):
        note = f"note_{name}_hard"
        yield _row(f"{name}_hard", running, state, note, "ask_cancel", source=source)
        yield _row(f"{name}_hard", (state,), state, "cancel_vmm", note, "ask_cancel", source=source)
    for name in ("undeploy", "undeploy_hard"):
        yield _row(
            name,
            (S.POWEROFF,),
            S.EPILOG_UNDEPLOY,
            "note_undeploy",
            "ask_epilog_stop",
            source=source,
        )
    source = "DispatchManager::resume, LifeCycleManager::trigger_restore, trigger_restart"
    yield _row("resume", (S.STOPPED, S.UNDEPLOYED), S.PENDING, source=source)
    yield _row("resume", (S.SUSPENDED,), S.BOOT_SUSPENDED, "resume", "ask_restore", source=source)
    yield _row("resume", (S.POWEROFF,), S.BOOT_POWEROFF, "resume", "ask_deploy", source=source)
    source = "DispatchManager::reboot, resched"
    yield _row("reboot", running, None, "ask_reboot", source=source)
    yield _row("reboot_hard", running, None, "ask_reset", source=source)
    for name in ("resched", "unresched"):
        yield _row(name, (S.RUNNING, S.POWEROFF), None, source=source)
    source = "LifeCycleManager::trigger_save_success, trigger_save_failure"
    yield _row("save_success", (S.SAVE_SUSPEND,), S.SUSPENDED, source=source)
    yield _row("save_success", (S.SAVE_STOP,), S.EPILOG_STOP, "ask_epilog_stop", source=source)
    yield _row("save_failure", SAVES, S.RUNNING, "note_nothing", source=source)


def _ending() -> Iterator[Row]:
    source = "DispatchManager::terminate, LifeCycleManager::trigger_shutdown"
    yield _row(
        "terminate", (S.RUNNING,), S.SHUTDOWN, "note_terminate", "ask_shutdown", source=source
    )
    yield _row(
        "terminate_hard",
        (S.RUNNING,),
        S.SHUTDOWN,
        "note_terminate_hard",
        "ask_cancel",
        source=source,
    )
    yield _row(
        "terminate_hard",
        (S.SHUTDOWN,),
        S.SHUTDOWN,
        "cancel_vmm",
        "note_terminate_hard",
        "ask_cancel",
        source=source,
    )
    for name in ("terminate", "terminate_hard"):
        away = (S.SUSPENDED, S.POWEROFF, S.STOPPED, S.UNDEPLOYED)
        yield _row(name, away, S.EPILOG, "note_terminate", "ask_epilog", source=source)
        yield _row(name, NEVER_RAN, S.DONE, "release_images", source=source)
        yield _row(name, (S.DONE,), None, source=source)
        yield from _wipe(name, tuple(FAILURES))
    source = "LifeCycleManager::trigger_shutdown_success, trigger_shutdown_failure"
    yield _row("shutdown_success", (S.SHUTDOWN,), S.EPILOG, "ask_epilog", source=source)
    yield _row("shutdown_success", (S.SHUTDOWN_POWEROFF,), S.POWEROFF, source=source)
    yield _row(
        "shutdown_success",
        (S.SHUTDOWN_UNDEPLOY,),
        S.EPILOG_UNDEPLOY,
        "ask_epilog_stop",
        source=source,
    )
    yield _row("shutdown_failure", SHUTDOWNS, S.RUNNING, "note_nothing", source=source)
    source = "LifeCycleManager::trigger_epilog_success, trigger_epilog_failure"
    yield _row(
        "epilog_success", (S.EPILOG, S.EPILOG_FAILURE), S.DONE, "release_images", source=source
    )
    yield _row(
        "epilog_success",
        (S.EPILOG_STOP, S.EPILOG_STOP_FAILURE),
        S.STOPPED,
        "note_stop_if_nothing",
        source=source,
    )
    yield _row(
        "epilog_success",
        (S.EPILOG_UNDEPLOY, S.EPILOG_UNDEPLOY_FAILURE),
        S.UNDEPLOYED,
        "note_undeploy_if_nothing",
        source=source,
    )
    for state in EPILOGS:
        yield _row("epilog_failure", (state,), _failed(state)[0], source=source)
    yield _row("epilog_failure", _failed(*EPILOGS), None, source=source)
    for name in ("epilog_success", "epilog_failure", "cleanup_success", "cleanup_failure"):
        yield _row(
            name,
            (S.CLEANUP_RESUBMIT,),
            S.PENDING,
            "forget_deploy_id",
            source="DispatchManager::trigger_resubmit",
        )


_CLEANS: tuple[tuple[tuple[S, ...], tuple[str, ...]], ...] = (
    (
        (*PROLOGS, *_failed(*PROLOGS), *EPILOGS, *_failed(*EPILOGS)),
        ("cancel_tm", "ask_epilog_delete"),
    ),
    ((*BOOTS, *_failed(*BOOTS), S.RUNNING, *SHUTDOWNS, *SAVES), ("cancel_vmm", "ask_cleanup")),
    ((S.BACKUP,), ("ask_backup_cancel", "ask_cleanup")),
    ((S.BACKUP_POWEROFF,), ("cancel_vmm", "ask_epilog_delete")),
    ((S.HOTPLUG,), ("keep_disk", "cancel_vmm", "ask_cleanup")),
    (
        (S.HOTPLUG_PROLOG_POWEROFF, S.HOTPLUG_EPILOG_POWEROFF),
        ("keep_disk", "cancel_tm", "ask_epilog_delete"),
    ),
    ((S.HOTPLUG_SAVEAS,), ("wipe_save_as", "cancel_vmm", "ask_cleanup")),
    (
        (S.HOTPLUG_SAVEAS_POWEROFF, S.HOTPLUG_SAVEAS_SUSPENDED),
        ("wipe_save_as", "cancel_tm", "ask_epilog_delete"),
    ),
    ((S.HOTPLUG_SAVEAS_UNDEPLOYED, S.HOTPLUG_SAVEAS_STOPPED), ("wipe_save_as",)),
    ((S.DISK_SNAPSHOT,), ("end_snapshot_mark", "cancel_vmm", "ask_cleanup")),
    (
        tuple(state for state in SNAPSHOTTING if state is not S.DISK_SNAPSHOT),
        ("end_snapshot_mark", "cancel_tm", "ask_epilog_delete"),
    ),
)


def _wipe(name: str, states: tuple[S, ...]) -> Iterator[Row]:
    source = "LifeCycleManager::trigger_delete, clean_up_vm"
    for origins, effects in _CLEANS:
        chosen = tuple(state for state in origins if state in states)
        if chosen:
            yield _row(
                name,
                chosen,
                S.CLEANUP_DELETE,
                "note_delete",
                # The machine has ended before a driver can have answered.
                "trigger_done",
                *effects,
                source=source,
            )


def _recovery() -> Iterator[Row]:
    source = "DispatchManager::delete_vm"
    yield _row(
        "delete",
        (S.SUSPENDED, S.POWEROFF, S.STOPPED, S.UNDEPLOYED),
        S.DONE,
        "ask_epilog_delete",
        "release_images",
        source=source,
    )
    yield _row("delete", NEVER_RAN, S.DONE, "release_images", source=source)
    yield _row("delete", (S.DONE,), None, source=source)
    yield _row(
        "delete",
        (S.CLEANUP_RESUBMIT, S.CLEANUP_DELETE),
        S.CLEANUP_DELETE,
        "trigger_done",
        source=source,
    )
    yield from _wipe("delete", ACTIVE)
    yield _row(
        "done",
        (S.CLEANUP_DELETE,),
        S.DONE,
        "release_images_failed",
        source="DispatchManager::trigger_done",
    )
    source = "DispatchManager::delete_recreate, LifeCycleManager::trigger_delete_recreate"
    yield _row("delete_recreate", (S.INIT, S.PENDING, *WAITING), None, source=source)
    yield _row("delete_recreate", (S.HOLD,), S.PENDING, "note_delete_recreate", source=source)
    yield _row(
        "delete_recreate",
        (S.STOPPED, S.UNDEPLOYED),
        S.PENDING,
        "drop_snapshots",
        "note_delete_recreate",
        source=source,
    )
    yield _row("delete_recreate", (S.CLEANUP_RESUBMIT,), None, "trigger_resubmit", source=source)
    yield _row("delete_recreate", (S.CLEANUP_DELETE,), None, source=source)
    yield _row(
        "delete_recreate",
        (S.POWEROFF, S.SUSPENDED),
        S.CLEANUP_RESUBMIT,
        "note_delete_recreate",
        "ask_cleanup",
        "drop_snapshots",
        source=source,
    )
    for origins, effects in _CLEANS:
        yield _row(
            "delete_recreate",
            origins,
            S.CLEANUP_RESUBMIT,
            "note_delete_recreate",
            *effects,
            "drop_snapshots",
            source=source,
        )
    source = "DispatchManager::delete_vm_db"
    alive = tuple(state for state in ANY if state is not S.DONE)
    yield _row("delete_db", alive, S.DONE, "release_images", source=source)
    yield _row("delete_db", (S.DONE,), None, source=source)
    yield from _retries()
    # What recover does depends on the event that the state waits for: see RECOVERS.
    yield _row("recover", (*WAITING[1:], *ACTIVE), None, source="DispatchManager::recover")


def _retries() -> Iterator[Row]:
    source = "LifeCycleManager::retry"
    asks = {
        S.PROLOG: "ask_prolog",
        S.PROLOG_RESUME: "ask_prolog_resume",
        S.PROLOG_UNDEPLOY: "ask_prolog_resume",
        S.BOOT: "ask_deploy",
        S.BOOT_STOPPED: "ask_restore",
        S.BOOT_UNDEPLOY: "ask_deploy",
        S.EPILOG: "ask_epilog",
        S.EPILOG_STOP: "ask_epilog_stop",
        S.EPILOG_UNDEPLOY: "ask_epilog_stop",
    }
    for failure, state in FAILURES.items():
        yield _row("retry", (failure,), state, asks[state], source=source)
    # Of a boot that is under way, only BOOT and BOOT_POWEROFF are deployed again.
    again = (
        asks
        | {
            S.BOOT_UNDEPLOY: "ask_restore",
            S.BOOT_SUSPENDED: "ask_restore",
            S.BOOT_POWEROFF: "ask_deploy",
        }
        | dict.fromkeys(SAVES, "ask_save")
    )
    for state, ask in again.items():
        yield _row("retry", (state,), None, ask, source=source)
    yield _row("retry", SHUTDOWNS, None, "ask_shutdown", when=("terminating",), source=source)
    yield _row("retry", SHUTDOWNS, None, "ask_cancel", unless=("terminating",), source=source)
    rest = tuple(state for state in ACTIVE if state not in {*FAILURES, *again, *SHUTDOWNS})
    yield _row("retry", rest, None, source=source)


def _disks() -> Iterator[Row]:
    source = "DispatchManager::attach, detach"
    yield _row("attach", (S.RUNNING,), S.HOTPLUG, "ask_attach", source=source)
    yield _row(
        "attach", (S.POWEROFF,), S.HOTPLUG_PROLOG_POWEROFF, "ask_prolog_attach", source=source
    )
    yield _row("detach", (S.RUNNING,), S.HOTPLUG, "ask_detach", source=source)
    yield _row(
        "detach", (S.POWEROFF,), S.HOTPLUG_EPILOG_POWEROFF, "ask_epilog_detach", source=source
    )
    for event, waiting, well, badly in (
        ("attach", S.HOTPLUG_PROLOG_POWEROFF, "end_attach", "drop_attached_disk"),
        ("detach", S.HOTPLUG_EPILOG_POWEROFF, "drop_detached_disk", "keep_disk"),
    ):
        source = f"LifeCycleManager::trigger_{event}_success, trigger_{event}_failure"
        for origin, target in ((S.HOTPLUG, S.RUNNING), (waiting, S.POWEROFF)):
            yield _row(f"{event}_success", (origin,), target, well, source=source)
            yield _row(f"{event}_failure", (origin,), target, badly, source=source)
    source = "VirtualMachine::set_saveas_state, clear_saveas_state"
    for saving, before in SAVING.items():
        yield _row("save_as", (before,), saving, source=source)
        yield _row("save_as_success", (saving,), before, "saved", source=source)
        yield _row("save_as_failure", (saving,), before, "not_saved", source=source)
        yield _row("save_as_end", (saving,), before, "end_save_as_mark", source=source)
    rest = tuple(state for state in ANY if state not in SAVING)
    for name in ("save_as_success", "save_as_failure", "save_as_end"):
        yield _row(name, rest, None, "end_save_as_mark", source=source)
    source = "DispatchManager::disk_snapshot_create, _revert, _delete"
    for origin, state, ask in (
        (S.RUNNING, S.DISK_SNAPSHOT, "ask_disk_snapshot"),
        (S.POWEROFF, S.DISK_SNAPSHOT_POWEROFF, "ask_snapshot_create"),
        (S.SUSPENDED, S.DISK_SNAPSHOT_SUSPENDED, "ask_snapshot_create"),
    ):
        yield _row("disk_snapshot_create", (origin,), state, ask, source=source)
    yield _row(
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
        yield _row("disk_snapshot_delete", (origin,), state, "ask_snapshot_delete", source=source)
    source = "LifeCycleManager::trigger_disk_snapshot_success, _failure"
    for state, (target, well, badly) in SNAPSHOTTING.items():
        yield _row(
            "disk_snapshot_success",
            (state,),
            target,
            well,
            when=("snapshot_pending",),
            source=source,
        )
        yield _row(
            "disk_snapshot_failure",
            (state,),
            target,
            badly,
            when=("snapshot_pending",),
            source=source,
        )
    source = "DispatchManager::backup, LifeCycleManager::trigger_backup_success, _failure"
    for state, before in BACKUPS.items():
        yield _row("backup", (before,), state, "ask_backup", source=source)
        yield _row("backup_success", (state,), before, "register_backup", source=source)
        yield _row("backup_failure", (state,), before, "forget_backup", source=source)
    yield _row(
        "backup_failure",
        tuple(state for state in ANY if state not in BACKUPS),
        None,
        "forget_backup",
        source=source,
    )


def _refused(operation: str, text: str, code: ErrorCode = ErrorCode.ACTION) -> Otherwise:
    return Otherwise(operation, ANY, code, text, source="DispatchManager, VirtualMachineAPI")


def _refusals() -> Iterator[Otherwise]:
    head = 'Error performing action "{word}": '
    for name in (
        "hold",
        "release",
        "stop",
        "suspend",
        "resume",
        "reboot",
        "reboot_hard",
        "poweroff",
        "poweroff_hard",
        "undeploy",
        "undeploy_hard",
    ):
        word = name.replace("_", "-")
        yield _refused(
            name, head.format(word=word) + "This action is not available for state {state}"
        )
    for name in ("resched", "unresched"):
        yield _refused(
            name, head.format(word=name) + "This action is not available for state {state}"
        )
    for name in ("terminate", "terminate_hard"):
        word = name.replace("_", "-")
        yield _refused(
            name, head.format(word=word) + "Could not terminate VM {id}, wrong state {state}."
        )
    yield _refused("deploy", "Deploy action is not available for state {state}")
    yield _refused("attach", "Could not attach a new disk to VM {id}, wrong state {state}.")
    yield _refused("detach", "Could not detach disk from VM {id}, wrong state {state}.")
    yield _refused(
        "save_as", "VM has to be RUNNING, POWEROFF or SUSPENDED to save disks.", ErrorCode.INTERNAL
    )
    yield _refused(
        "disk_snapshot_create", "Could not create a new snapshot for VM {id}, wrong state {state}."
    )
    yield _refused(
        "disk_snapshot_revert",
        "Could not revert to disk snapshot for VM {id}, wrong state {state}.",
    )
    yield _refused(
        "disk_snapshot_delete", "Could not delete disk snapshot from VM {id}, wrong state {state}."
    )
    yield _refused(
        "backup",
        "Could not create a new backup for VM {id}, wrong state {state}.",
        ErrorCode.INTERNAL,
    )
    yield _refused(
        "recover", "Could not perform a recover operation on VM {id}, wrong state {state}."
    )
    yield _refused("retry", "Could not perform a retry on VM {id}, wrong state {state}.")
    yield _refused("delete_recreate", "Cannot delete-recreate a VM already in DONE state")


_LCM_ANSWERS = ("prolog", "deploy", "save", "shutdown", "epilog", "attach", "detach")


def _ignored() -> Iterator[Otherwise]:
    lcm = "LifeCycleManager::trigger_"
    yield _quiet("allocate", "A machine is born once.", "VirtualMachinePool::allocate")
    # Nothing is logged of a machine that does not wait for images.
    yield _quiet("images_changed", "", f"{lcm}disk_lock_success")
    text = "done action received but VM {id} not in ACTIVE state"
    yield _quiet("done", text, "DispatchManager::trigger_done")
    for answer in ("success", "failure"):
        for name in _LCM_ANSWERS:
            text = f"{name}_{answer}_action, VM in a wrong state"
            yield _quiet(f"{name}_{answer}", text, f"{lcm}{name}_{answer}")
        text = "cleanup_callback_action, VM in a wrong state"
        yield _quiet(f"cleanup_{answer}", text, f"{lcm}cleanup_callback")
        name = f"disk_snapshot_{answer}"
        text, unless = "Snapshot DISK could not be found", ("snapshot_pending",)
        yield _quiet(name, text, f"{lcm}{name}", unless=unless)
        rest = tuple(state for state in ANY if state not in SNAPSHOTTING)
        yield _quiet(name, f"{name}, VM in a wrong state", f"{lcm}{name}", rest)
    yield _quiet("backup_success", "backup_success, VM in wrong state", f"{lcm}backup_success")


def _quiet(
    operation: str,
    text: str,
    source: str,
    origins: tuple[S, ...] = ANY,
    unless: tuple[str, ...] = (),
) -> Otherwise:
    return Otherwise(operation, origins, None, text, unless=unless, source=source)


VM_TABLE = Table(
    name="machine",
    states=ANY,
    final=(),
    operations=VM_OPERATIONS,
    rows=(*_creation(), *_start(), *_pauses(), *_ending(), *_recovery(), *_disks()),
    otherwise=(
        *_refusals(),
        *_ignored(),
    ),
    guards=VM_GUARDS,
    effects=VM_EFFECTS,
)
"""The lifecycle of a machine."""
