"""Groups of a machine's states, and short ways to write the rows of its table."""

from __future__ import annotations

from lifecycle.cloud.vm_states import VmState as S
from lifecycle.codes import ErrorCode
from lifecycle.table import Otherwise, Row

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
RESIZING = {
    S.DISK_RESIZE: S.RUNNING,
    S.DISK_RESIZE_POWEROFF: S.POWEROFF,
    S.DISK_RESIZE_UNDEPLOYED: S.UNDEPLOYED,
}
"""The states of a machine of which a disk is made larger, and where it goes back to."""


def failed(*states: S) -> tuple[S, ...]:
    """Give the …_FAILURE states of some states."""
    return tuple(failure for failure, state in FAILURES.items() if state in states)


TRANSFERS: dict[S, str] = {
    **dict.fromkeys(PROLOGS, "prolog"),
    **dict.fromkeys((*EPILOGS, S.CLEANUP_RESUBMIT), "epilog"),
    **dict.fromkeys(SAVING, "save_as"),
    S.HOTPLUG_PROLOG_POWEROFF: "attach",
    S.HOTPLUG_EPILOG_POWEROFF: "detach",
    S.RESTORE: "restore",
    **{state: "disk_resize" for state in RESIZING if state is not S.DISK_RESIZE},
    **{state: "disk_snapshot" for state in SNAPSHOTTING if state is not S.DISK_SNAPSHOT},
}
"""What an answer of the transfer driver means, by the machine's state (``_transfer``)."""

RECOVERS: dict[S, str] = {
    **{state: event for state, event in TRANSFERS.items() if state is not S.CLEANUP_RESUBMIT},
    **dict.fromkeys(failed(*PROLOGS), "prolog"),
    **dict.fromkeys(failed(*EPILOGS), "epilog"),
    **dict.fromkeys((*BOOTS, *failed(*BOOTS)), "deploy"),
    **dict.fromkeys(SHUTDOWNS, "shutdown"),
    **dict.fromkeys(SAVES, "save"),
    **dict.fromkeys(BACKUPS, "backup"),
    S.HOTPLUG: "attach",
    S.DISK_SNAPSHOT: "disk_snapshot",
    S.DISK_RESIZE: "disk_resize",
}
"""Which event ``onevm recover --success`` or ``--failure`` makes of a state (``recover``)."""


def row(
    operation: str,
    origins: tuple[S, ...],
    target: S | None,
    *effects: str,
    source: str,
    **guards: tuple[str, ...],
) -> Row:
    """Give a row; the guards in `when` must hold, those in `unless` must not."""
    return Row(operation, origins, target, effects=effects, source=source, **guards)


def refused(operation: str, text: str, code: ErrorCode = ErrorCode.ACTION) -> Otherwise:
    """Give what is refused in every state in which no row applies."""
    return Otherwise(operation, ANY, code, text, source="DispatchManager, VirtualMachineAPI")
