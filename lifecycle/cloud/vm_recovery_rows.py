"""How a machine is wiped, recovered and retried: every row that succeeds.

Sources are given per row: functions of ``src/lcm`` and ``src/dm`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.vm_groups import (
    ACTIVE,
    ANY,
    BOOTS,
    EPILOGS,
    FAILURES,
    NEVER_RAN,
    PROLOGS,
    SAVES,
    SHUTDOWNS,
    SNAPSHOTTING,
    WAITING,
    failed,
    row,
)
from lifecycle.cloud.vm_states import VmState as S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.table import Row


_CLEANS: tuple[tuple[tuple[S, ...], tuple[str, ...]], ...] = (
    (
        (*PROLOGS, *failed(*PROLOGS), *EPILOGS, *failed(*EPILOGS)),
        ("cancel_tm", "ask_epilog_delete"),
    ),
    ((*BOOTS, *failed(*BOOTS), S.RUNNING, *SHUTDOWNS, *SAVES), ("cancel_vmm", "ask_cleanup")),
    ((S.BACKUP,), ("ask_backup_cancel", "ask_cleanup")),
    ((S.BACKUP_POWEROFF,), ("cancel_vmm", "ask_epilog_delete")),
    ((S.DISK_RESIZE,), ("undo_resize", "cancel_vmm", "ask_cleanup")),
    (
        (S.DISK_RESIZE_POWEROFF, S.DISK_RESIZE_UNDEPLOYED),
        ("undo_resize", "cancel_tm", "ask_epilog_delete"),
    ),
    ((S.RESTORE,), ("cancel_tm", "ask_epilog_delete")),
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


def wipe(name: str, states: tuple[S, ...]) -> Iterator[Row]:
    """Give the rows of an operation that wipes a machine from some ACTIVE states."""
    source = "LifeCycleManager::trigger_delete, clean_up_vm"
    for origins, effects in _CLEANS:
        chosen = tuple(state for state in origins if state in states)
        if chosen:
            yield row(
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
    yield row(
        "delete",
        (S.SUSPENDED, S.POWEROFF, S.STOPPED, S.UNDEPLOYED),
        S.DONE,
        "ask_epilog_delete",
        "release_images",
        source=source,
    )
    yield row("delete", NEVER_RAN, S.DONE, "release_images", source=source)
    yield row("delete", (S.DONE,), None, source=source)
    yield row(
        "delete",
        (S.CLEANUP_RESUBMIT, S.CLEANUP_DELETE),
        S.CLEANUP_DELETE,
        "trigger_done",
        source=source,
    )
    yield from wipe("delete", ACTIVE)
    yield row(
        "done",
        (S.CLEANUP_DELETE,),
        S.DONE,
        "release_images_failed",
        source="DispatchManager::trigger_done",
    )
    source = "DispatchManager::delete_recreate, LifeCycleManager::trigger_delete_recreate"
    yield row("delete_recreate", (S.INIT, S.PENDING, *WAITING), None, source=source)
    yield row("delete_recreate", (S.HOLD,), S.PENDING, "note_delete_recreate", source=source)
    yield row(
        "delete_recreate",
        (S.STOPPED, S.UNDEPLOYED),
        S.PENDING,
        "drop_snapshots",
        "note_delete_recreate",
        source=source,
    )
    yield row("delete_recreate", (S.CLEANUP_RESUBMIT,), None, "trigger_resubmit", source=source)
    yield row("delete_recreate", (S.CLEANUP_DELETE,), None, source=source)
    yield row(
        "delete_recreate",
        (S.POWEROFF, S.SUSPENDED),
        S.CLEANUP_RESUBMIT,
        "note_delete_recreate",
        "ask_cleanup",
        "drop_snapshots",
        source=source,
    )
    for origins, effects in _CLEANS:
        yield row(
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
    yield row("delete_db", alive, S.DONE, "release_images", source=source)
    yield row("delete_db", (S.DONE,), None, source=source)
    # What recover does depends on the event that the state waits for: see RECOVERS.
    yield row("recover", (*WAITING[1:], *ACTIVE), None, source="DispatchManager::recover")


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
        yield row("retry", (failure,), state, asks[state], source=source)
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
        yield row("retry", (state,), None, ask, source=source)
    yield row("retry", SHUTDOWNS, None, "ask_shutdown", when=("terminating",), source=source)
    yield row("retry", SHUTDOWNS, None, "ask_cancel", unless=("terminating",), source=source)
    rest = tuple(state for state in ACTIVE if state not in {*FAILURES, *again, *SHUTDOWNS})
    yield row("retry", rest, None, source=source)


RECOVERY_ROWS = (
    *_recovery(),
    *_retries(),
)
