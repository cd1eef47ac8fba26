"""What calls do to a machine, and refuse, where no recorded history had them made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lifecycle.analysis.coverage import Coverage
from tests.cloud import machines as at
from tests.cloud.histories import DELETE, RECREATE, RETRY
from tests.cloud.machines import act, after, deploy, hold, hold_transfers, recover, then
from tests.cloud.unrecorded import Case, expected, play, situation

if TYPE_CHECKING:
    from lifecycle import Cloud
    from tests.cloud.machines import Event

SNAPSHOTTING = (
    "DISK_SNAPSHOT_POWEROFF|DISK_SNAPSHOT_SUSPENDED|DISK_SNAPSHOT_REVERT_POWEROFF"
    "|DISK_SNAPSHOT_DELETE|DISK_SNAPSHOT_DELETE_POWEROFF|DISK_SNAPSHOT_DELETE_SUSPENDED"
)

STOPPING = [
    Case(
        "stop: SUSPENDED -> EPILOG_STOP",
        "DispatchManager::stop, LifeCycleManager::trigger_stop",
        after(at.suspended, hold_transfers),
        act("stop"),
        {"vm 0 state": "EPILOG_STOP", "vm 0 actions": ["STOP"]},
        asked=("tm TRANSFER.stop 0",),
    ),
    Case(
        "undeploy: POWEROFF -> EPILOG_UNDEPLOY",
        "DispatchManager::undeploy, LifeCycleManager::trigger_undeploy",
        after(at.off, hold_transfers),
        act("undeploy"),
        {"vm 0 state": "EPILOG_UNDEPLOY", "vm 0 actions": ["UNDEPLOY"]},
        asked=("tm TRANSFER.stop 0",),
    ),
    Case(
        "poweroff_hard: SHUTDOWN_POWEROFF -> SHUTDOWN_POWEROFF",
        "DispatchManager::poweroff, LifeCycleManager::trigger_poweroff",
        after(hold("vmm", "SHUTDOWN"), hold("vmm", "CANCEL"), act("poweroff")),
        act("poweroff-hard"),
        {"vm 0 actions": ["POWEROFF_HARD"]},
        asked=("vmm DRIVER_CANCEL 0", "vmm CANCEL 0"),
    ),
    Case(
        "undeploy_hard: SHUTDOWN_UNDEPLOY -> SHUTDOWN_UNDEPLOY",
        "DispatchManager::undeploy, LifeCycleManager::trigger_undeploy",
        after(hold("vmm", "SHUTDOWN"), hold("vmm", "CANCEL"), act("undeploy")),
        act("undeploy-hard"),
        {"vm 0 actions": ["UNDEPLOY_HARD"]},
        asked=("vmm DRIVER_CANCEL 0", "vmm CANCEL 0"),
    ),
    Case(
        "reboot_hard: RUNNING -> stays",
        "DispatchManager::reboot",
        at.running,
        act("reboot-hard"),
        {},
        asked=("vmm RESET 0",),
    ),
]

FREED = {
    "vm 0 state": "DONE",
    "vm 0 etime": "now",
    "image 0 state": "READY",
    "image 0 running_vms": 0,
    "image 0 vms": [],
}
DELETED = FREED | {"vm 0 actions": ["DELETE"]}
VMM_CLEANS = ("vmm DRIVER_CANCEL 0", "vmm CLEANUP 0")
TM_CLEANS = ("tm DRIVER_CANCEL 0", "tm TRANSFER.delete 0")
NOT_RESIZED = {
    "vm 0 disk 0 SIZE": "10",
    "vm 0 disk 0 SIZE_PREV": None,
    "vm 0 disk 0 RESIZE": None,
}
NOT_COPIED = {
    "image 1 state": "ERROR",
    "vm 0 disk 0 saving": False,
    "vm 0 disk 0 HOTPLUG_SAVE_AS": None,
    "vm 0 disk 0 HOTPLUG_SAVE_AS_SOURCE": None,
    "vm 0 disk 0 HOTPLUG_SAVE_AS_SNAPSHOT_ID": None,
}
WITHOUT_SNAPSHOTS = {
    "vm 0 disk 0 snapshots": None,
    "vm 0 disk 0 DISK_SNAPSHOT_TOTAL_SIZE": None,
}
"""The snapshots of a disk that is a copy on the host are lost with it."""

NO_SNAPSHOT_PENDING = {"vm 0 disk 0 snapshot": None}
TWO_ACTIONS = {"vm 0 actions": ["UNDEPLOY", "DELETE"]}
CLEAN = "LifeCycleManager::clean_up_vm"

DELETIONS = [
    Case(
        "delete: CLEANUP_RESUBMIT|CLEANUP_DELETE -> CLEANUP_DELETE",
        "LifeCycleManager::trigger_delete, DispatchManager::trigger_done",
        at.BEING_WIPED,
        recover(DELETE),
        # The action stays DELETE_RECREATE, and no driver is asked again.
        FREED,
    ),
    *(
        Case(f"delete: {state} -> CLEANUP_DELETE", CLEAN, given, recover(DELETE), changes, asked)
        for state, given, changes, asked in (
            ("BACKUP", at.BACKUP, DELETED, ("vmm BACKUPCANCEL 0", "vmm CLEANUP 0")),
            (
                "BACKUP_POWEROFF",
                at.BACKUP_POWEROFF,
                DELETED,
                ("vmm DRIVER_CANCEL 0", "tm TRANSFER.delete 0"),
            ),
            ("DISK_RESIZE", at.DISK_RESIZE, DELETED | NOT_RESIZED, VMM_CLEANS),
            (
                "DISK_RESIZE_POWEROFF|DISK_RESIZE_UNDEPLOYED",
                at.DISK_RESIZE_POWEROFF,
                DELETED | NOT_RESIZED,
                TM_CLEANS,
            ),
            ("RESTORE", at.RESTORE, DELETED, TM_CLEANS),
            (
                "HOTPLUG_SAVEAS_POWEROFF|HOTPLUG_SAVEAS_SUSPENDED",
                at.HOTPLUG_SAVEAS_POWEROFF,
                DELETED | NOT_COPIED,
                TM_CLEANS,
            ),
            ("DISK_SNAPSHOT", at.DISK_SNAPSHOT, DELETED | NO_SNAPSHOT_PENDING, VMM_CLEANS),
            (
                SNAPSHOTTING,
                at.DISK_SNAPSHOT_REVERT_POWEROFF,
                DELETED | NO_SNAPSHOT_PENDING,
                TM_CLEANS,
            ),
        )
    ),
]


def uncleaned(given: Event) -> Event:
    """Give a situation in which no driver answers from then on."""
    return then(given, hold("vmm", "CLEANUP"), hold_transfers)


def being_deleted(cloud: Cloud) -> None:
    """Machine 0 is in CLEANUP_DELETE, which no call finds it in: it ends by itself at once."""
    situation(vms=[{"id": 0, "state": "CLEANUP_DELETE", "actions": ["DELETE"]}])(cloud)


RECREATED = {"vm 0 state": "CLEANUP_RESUBMIT", "vm 0 actions": ["DELETE_RECREATE"]}
DM = "DispatchManager::delete_recreate"
LCM = f"{DM}, LifeCycleManager::trigger_delete_recreate"

RECREATIONS = [
    Case(
        "delete_recreate: INIT|PENDING|CLONING|CLONING_FAILURE -> stays",
        DM,
        at.pending,
        recover(RECREATE),
        {},
    ),
    Case(
        "delete_recreate: HOLD -> PENDING",
        DM,
        after(act("undeploy"), act("resume"), act("hold")),
        recover(RECREATE),
        {"vm 0 state": "PENDING", "vm 0 actions": ["DELETE_RECREATE"]},
    ),
    Case(
        "delete_recreate: STOPPED|UNDEPLOYED -> PENDING",
        f"{DM}, VirtualMachineDisks::delete_non_persistent_snapshots",
        after(at.snapshot, act("stop")),
        recover(RECREATE),
        {"vm 0 state": "PENDING", "vm 0 actions": ["DELETE_RECREATE"]} | WITHOUT_SNAPSHOTS,
    ),
    Case(
        "delete_recreate: CLEANUP_RESUBMIT -> stays",
        f"{LCM}, DispatchManager::trigger_resubmit",
        at.BEING_WIPED,
        recover(RECREATE),
        {"vm 0 state": "PENDING", "vm 0 deploy_id": ""},
    ),
    Case(
        "delete_recreate: CLEANUP_DELETE -> stays",
        LCM,
        being_deleted,
        recover(RECREATE),
        {},
    ),
    *(
        Case(
            f"delete_recreate: {state} -> CLEANUP_RESUBMIT",
            f"{LCM}, clean_up_vm",
            uncleaned(given),
            recover(RECREATE),
            RECREATED | WITHOUT_SNAPSHOTS | changes,
            asked,
        )
        for state, given, changes, asked in (
            ("BACKUP", at.BACKUP, {}, ("vmm BACKUPCANCEL 0", "vmm CLEANUP 0")),
            (
                "BACKUP_POWEROFF",
                at.BACKUP_POWEROFF,
                {},
                ("vmm DRIVER_CANCEL 0", "tm TRANSFER.delete 0"),
            ),
            ("DISK_RESIZE", at.DISK_RESIZE, NOT_RESIZED, VMM_CLEANS),
            (
                "DISK_RESIZE_POWEROFF|DISK_RESIZE_UNDEPLOYED",
                at.DISK_RESIZE_UNDEPLOYED,
                NOT_RESIZED,
                TM_CLEANS,
            ),
            ("RESTORE", at.RESTORE, {}, TM_CLEANS),
            ("HOTPLUG_SAVEAS", at.HOTPLUG_SAVEAS, NOT_COPIED, VMM_CLEANS),
            (
                "HOTPLUG_SAVEAS_POWEROFF|HOTPLUG_SAVEAS_SUSPENDED",
                at.HOTPLUG_SAVEAS_POWEROFF,
                NOT_COPIED,
                TM_CLEANS,
            ),
            # Nothing is asked, so that nothing ends it: it must be recovered.
            (
                "HOTPLUG_SAVEAS_UNDEPLOYED|HOTPLUG_SAVEAS_STOPPED",
                at.HOTPLUG_SAVEAS_STOPPED,
                NOT_COPIED,
                (),
            ),
            (
                "DISK_SNAPSHOT",
                at.DISK_SNAPSHOT,
                NO_SNAPSHOT_PENDING,
                VMM_CLEANS,
            ),
            (
                SNAPSHOTTING,
                at.DISK_SNAPSHOT_DELETE_SUSPENDED,
                NO_SNAPSHOT_PENDING,
                TM_CLEANS,
            ),
        )
    ),
]


def _retry(
    line: str,
    given: Event,
    asked: str,
    state: str | None = None,
) -> Case:
    """Give a case of what is asked again, and the state that it is asked in, if it is another."""
    changes = {} if state is None else {"vm 0 state": state}
    source = "LifeCycleManager::retry"
    return Case(f"retry: {line}", source, given, recover(RETRY), changes, (f"{asked} 0",))


RETRIES = [
    _retry(
        "PROLOG_UNDEPLOY_FAILURE -> PROLOG_UNDEPLOY",
        then(at.PROLOG_UNDEPLOY_FAILURE, hold_transfers),
        "tm TRANSFER.resume",
        "PROLOG_UNDEPLOY",
    ),
    _retry(
        "BOOT_UNDEPLOY_FAILURE -> BOOT_UNDEPLOY",
        then(at.BOOT_UNDEPLOY_FAILURE, hold("vmm", "DEPLOY")),
        "vmm DEPLOY",
        "BOOT_UNDEPLOY",
    ),
    _retry("PROLOG_UNDEPLOY -> stays", at.PROLOG_UNDEPLOY, "tm TRANSFER.resume"),
    _retry("BOOT -> stays", at.BOOT, "vmm DEPLOY"),
    # It was deployed, and is restored now.
    _retry(
        "BOOT_UNDEPLOY -> stays",
        then(at.BOOT_UNDEPLOY, hold("vmm", "RESTORE")),
        "vmm RESTORE",
    ),
    _retry("EPILOG_STOP -> stays", at.EPILOG_STOP, "tm TRANSFER.stop"),
    _retry("BOOT_SUSPENDED -> stays", at.BOOT_SUSPENDED, "vmm RESTORE"),
    _retry("BOOT_POWEROFF -> stays", at.BOOT_POWEROFF, "vmm DEPLOY"),
    _retry(
        "SHUTDOWN|SHUTDOWN_POWEROFF|SHUTDOWN_UNDEPLOY -> stays [terminating]",
        at.SHUTDOWN,
        "vmm SHUTDOWN",
    ),
]


def _disk(line: str, given: Event, event: Event, asked: str, **changes: object) -> Case:
    """Give a case of a call on disk 0."""
    operation, _, way = line.partition(": ")
    state = way.rpartition(" ")[2]
    named = {f"vm 0 disk 0 {name}": value for name, value in changes.items()}
    source = f"DispatchManager::{operation}"
    return Case(line, source, given, event, {"vm 0 state": state} | named, (f"{asked} 0",))


GROWS = {"SIZE": "25", "SIZE_PREV": "10", "RESIZE": "YES"}
TWO_SNAPSHOTS = (at.snapshot, at.snapshot)

DISKS = [
    _disk(
        "disk_snapshot_create: SUSPENDED -> DISK_SNAPSHOT_SUSPENDED",
        after(at.suspended, hold_transfers),
        at.snapshot,
        "tm TRANSFER.disk_snapshot",
        snapshots="0",
        snapshot=0,
        DISK_SNAPSHOT_TOTAL_SIZE="10",
    ),
    _disk(
        "disk_snapshot_delete: POWEROFF -> DISK_SNAPSHOT_DELETE_POWEROFF",
        after(*TWO_SNAPSHOTS, at.off, hold_transfers),
        at.drop_snapshot,
        "tm TRANSFER.disk_snapshot",
        snapshot=0,
    ),
    _disk(
        "disk_snapshot_delete: SUSPENDED -> DISK_SNAPSHOT_DELETE_SUSPENDED",
        after(*TWO_SNAPSHOTS, at.suspended, hold_transfers),
        at.drop_snapshot,
        "tm TRANSFER.disk_snapshot",
        snapshot=0,
    ),
    _disk(
        "disk_resize: RUNNING -> DISK_RESIZE",
        after(hold("vmm", "RESIZEDISK")),
        at.resize,
        "vmm RESIZEDISK",
        **GROWS,
    ),
    _disk(
        "disk_resize: POWEROFF -> DISK_RESIZE_POWEROFF",
        after(at.off, hold_transfers),
        at.resize,
        "tm TRANSFER.disk_resize",
        **GROWS,
    ),
    _disk(
        "disk_resize: UNDEPLOYED -> DISK_RESIZE_UNDEPLOYED",
        after(act("undeploy"), hold_transfers),
        at.resize,
        "tm TRANSFER.disk_resize",
        **GROWS,
    ),
    _disk(
        "restore: POWEROFF -> RESTORE",
        after(at.back_up, at.off, hold_transfers),
        at.restore,
        "tm TRANSFER.restore",
    ),
    Case(
        "backup_cancel: BACKUP|BACKUP_POWEROFF -> stays",
        "DispatchManager::backup_cancel",
        at.BACKUP,
        lambda cloud: cloud.vm.backupcancel(0),
        {},
        asked=("vmm BACKUPCANCEL 0",),
    ),
]


def _not_now(word: str, state: str) -> str:
    return (
        f'ACTION: Error performing action "{word}": This action is not available for state {state}'
    )


REFUSED = [
    *(
        Case(
            f"{word.replace('-', '_')}: any -> refused ACTION",
            "VirtualMachineAPI::action, DispatchManager",
            given,
            act(word),
            {},
            refused=_not_now(word, state),
        )
        for word, given, state in (
            ("reboot-hard", at.BACKUP, "BACKUP"),
            ("undeploy", after(at.suspended), "SUSPENDED"),
            ("undeploy-hard", after(act("stop")), "STOPPED"),
            ("unresched", at.pending, "PENDING"),
        )
    ),
    Case(
        "delete_recreate: any -> refused ACTION",
        DM,
        after(act("terminate")),
        recover(RECREATE),
        {},
        refused="ACTION: Cannot delete-recreate a VM already in DONE state",
    ),
    Case(
        "backup_cancel: any -> refused INTERNAL",
        "VirtualMachineAPI::backup_cancel, DispatchManager::backup_cancel",
        at.running,
        lambda cloud: cloud.vm.backupcancel(0),
        {},
        refused="INTERNAL: Could not cancel backup for VM 0, no backup in progress",
    ),
    Case(
        "restore: any -> refused ACTION",
        "DispatchManager::restore",
        after(at.back_up),
        at.restore,
        {},
        refused="ACTION: Could not restore VM, it must be in poweroff",
    ),
    Case(
        "disk_resize: any -> refused ACTION",
        "DispatchManager::disk_resize",
        after(at.suspended),
        at.resize,
        {},
        refused="ACTION: Could not resize disk for VM 0, wrong state SUSPENDED.",
    ),
    # Lines that recordings have, for want of what they have not.
    Case(
        "deploy: any -> refused ACTION",
        "VirtualMachineAPI::deploy",
        at.EPILOG_STOP,
        deploy,
        {},
        refused="ACTION: Deploy action is not available for state EPILOG_STOP",
    ),
    Case(
        "deploy: any -> refused ACTION",
        "VirtualMachineAPI::deploy",
        at.EPILOG_UNDEPLOY,
        deploy,
        {},
        refused="ACTION: Deploy action is not available for state EPILOG_UNDEPLOY",
    ),
    Case(
        "retry: any -> refused ACTION",
        "DispatchManager::retry",
        after(act("terminate")),
        recover(RETRY),
        {},
        refused="ACTION: Could not perform a retry on VM 0, wrong state DONE.",
    ),
]

CASES = [*STOPPING, *DELETIONS, *RECREATIONS, *RETRIES, *DISKS, *REFUSED]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_a_call_does_what_the_source_says(case: Case) -> None:
    assert play(case, Coverage()) == expected(case)
