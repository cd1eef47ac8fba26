"""What answers of drivers do to a machine where no recorded history had them come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lifecycle.analysis.coverage import Coverage
from tests.cloud import machines as at
from tests.cloud.histories import RECREATE
from tests.cloud.machines import act, after, done, fails, hold, hold_transfers, recover
from tests.cloud.unrecorded import Case, expected, play, situation, unasked

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle import Cloud


def fire(event: str) -> Callable[[Cloud], object]:
    """Give an event that no answer and no call causes in that state."""
    return lambda cloud: cloud.fire_vm(0, event)


def recreated_during_a_backup(cloud: Cloud) -> None:
    """The machine is PENDING, and the driver has not ended the backup of before."""
    at.BACKUP(cloud)
    recover(RECREATE)(cloud)


LCM = "LifeCycleManager::trigger_"

DEPLOYMENT = [
    Case(
        "prolog_failure: PROLOG_UNDEPLOY -> PROLOG_UNDEPLOY_FAILURE",
        f"TransferManager::_transfer, {LCM}prolog_failure",
        at.PROLOG_UNDEPLOY,
        fails("TRANSFER"),
        {"vm 0 state": "PROLOG_UNDEPLOY_FAILURE"},
    ),
    Case(
        "deploy_failure: BOOT_SUSPENDED -> SUSPENDED",
        f"VirtualMachineManager::_restore, {LCM}deploy_failure",
        at.BOOT_SUSPENDED,
        fails("RESTORE"),
        {"vm 0 state": "SUSPENDED"},
    ),
    Case(
        "epilog_failure: CLEANUP_RESUBMIT -> PENDING",
        f"{LCM}epilog_failure, DispatchManager::trigger_resubmit",
        after(hold_transfers, act("stop"), recover(RECREATE)),
        fails("TRANSFER.delete"),
        {"vm 0 state": "PENDING", "vm 0 deploy_id": ""},
    ),
    Case(
        "cleanup_failure: CLEANUP_RESUBMIT -> PENDING",
        f"{LCM}cleanup_callback, DispatchManager::trigger_resubmit",
        at.BEING_WIPED,
        fails("CLEANUP"),
        {"vm 0 state": "PENDING", "vm 0 deploy_id": ""},
    ),
    Case(
        "backup_failure: any but BACKUP|BACKUP_POWEROFF -> stays",
        f"VirtualMachineManager::_backup, {LCM}backup_failure, Backups::last_backup_clear",
        recreated_during_a_backup,
        fails("BACKUP"),
        {"vm 0 backups LAST_DATASTORE_ID": None},
    ),
    Case(
        "detach_failure: HOTPLUG -> RUNNING",
        f"{LCM}detach_failure",
        at.HOTPLUG,
        fails("DETACHDISK"),
        {"vm 0 state": "RUNNING", "vm 0 disk 0 attaching": False},
    ),
]


def _ends(line: str, given: Callable[[Cloud], object], action: str, **changes: object) -> Case:
    """Give a case of an operation on disk 0 that ends, well or badly."""
    event, _, way = line.partition(": ")
    state = way.removesuffix(" [snapshot_pending]").rpartition(" ")[2]
    named = {f"vm 0 disk 0 {name}": value for name, value in changes.items()}
    answer = done if event.endswith("success") else fails
    source = f"{LCM}{event.replace('restore', 'disk_restore')}"
    return Case(line, source, given, answer(action), {"vm 0 state": state} | named)


def restored_chain(cloud: Cloud) -> None:
    """A machine with a chain of increments is being restored from image 1."""
    at.RESTORE(cloud)
    vm = cloud.to_json(journal=False)["vms"]["objects"][0]
    vm["backups"]["config"] |= {"INCREMENTAL_BACKUP_ID": "1", "LAST_INCREMENT_ID": "0"}
    situation(vms=[vm])(cloud)


TRANSFER = "TRANSFER"
PENDING = " [snapshot_pending]"
ENDED = {"SIZE_PREV": None, "RESIZE": None}
UNDONE = ENDED | {"SIZE": "10"}
ONE_LESS = {"snapshot": None, "DISK_SNAPSHOT_TOTAL_SIZE": "10", "snapshots": "1*"}

DISKS = [
    # A snapshot that could not be taken is gone, one that was taken is the active one.
    _ends(
        f"disk_snapshot_failure: DISK_SNAPSHOT_POWEROFF -> POWEROFF{PENDING}",
        at.DISK_SNAPSHOT_POWEROFF,
        TRANSFER,
        snapshot=None,
        snapshots="",
        DISK_SNAPSHOT_TOTAL_SIZE="0",
    ),
    _ends(
        f"disk_snapshot_success: DISK_SNAPSHOT_SUSPENDED -> SUSPENDED{PENDING}",
        at.DISK_SNAPSHOT_SUSPENDED,
        TRANSFER,
        snapshot=None,
        snapshots="0*",
    ),
    _ends(
        f"disk_snapshot_failure: DISK_SNAPSHOT_SUSPENDED -> SUSPENDED{PENDING}",
        at.DISK_SNAPSHOT_SUSPENDED,
        TRANSFER,
        snapshot=None,
        snapshots="",
        DISK_SNAPSHOT_TOTAL_SIZE="0",
    ),
    # What could not be reverted or removed stays as it is.
    _ends(
        f"disk_snapshot_failure: DISK_SNAPSHOT_REVERT_POWEROFF -> POWEROFF{PENDING}",
        at.DISK_SNAPSHOT_REVERT_POWEROFF,
        TRANSFER,
        snapshot=None,
    ),
    _ends(
        f"disk_snapshot_failure: DISK_SNAPSHOT_DELETE -> RUNNING{PENDING}",
        at.DISK_SNAPSHOT_DELETE,
        TRANSFER,
        snapshot=None,
    ),
    _ends(
        f"disk_snapshot_success: DISK_SNAPSHOT_DELETE_POWEROFF -> POWEROFF{PENDING}",
        at.DISK_SNAPSHOT_DELETE_POWEROFF,
        TRANSFER,
        **ONE_LESS,
    ),
    _ends(
        f"disk_snapshot_failure: DISK_SNAPSHOT_DELETE_POWEROFF -> POWEROFF{PENDING}",
        at.DISK_SNAPSHOT_DELETE_POWEROFF,
        TRANSFER,
        snapshot=None,
    ),
    _ends(
        f"disk_snapshot_success: DISK_SNAPSHOT_DELETE_SUSPENDED -> SUSPENDED{PENDING}",
        at.DISK_SNAPSHOT_DELETE_SUSPENDED,
        TRANSFER,
        **ONE_LESS,
    ),
    _ends(
        f"disk_snapshot_failure: DISK_SNAPSHOT_DELETE_SUSPENDED -> SUSPENDED{PENDING}",
        at.DISK_SNAPSHOT_DELETE_SUSPENDED,
        TRANSFER,
        snapshot=None,
    ),
    _ends("disk_resize_success: DISK_RESIZE -> RUNNING", at.DISK_RESIZE, "RESIZEDISK", **ENDED),
    _ends("disk_resize_failure: DISK_RESIZE -> RUNNING", at.DISK_RESIZE, "RESIZEDISK", **UNDONE),
    _ends(
        "disk_resize_success: DISK_RESIZE_POWEROFF -> POWEROFF",
        at.DISK_RESIZE_POWEROFF,
        TRANSFER,
        **ENDED,
    ),
    _ends(
        "disk_resize_failure: DISK_RESIZE_POWEROFF -> POWEROFF",
        at.DISK_RESIZE_POWEROFF,
        TRANSFER,
        **UNDONE,
    ),
    _ends(
        "disk_resize_success: DISK_RESIZE_UNDEPLOYED -> UNDEPLOYED",
        at.DISK_RESIZE_UNDEPLOYED,
        TRANSFER,
        **ENDED,
    ),
    _ends(
        "disk_resize_failure: DISK_RESIZE_UNDEPLOYED -> UNDEPLOYED",
        at.DISK_RESIZE_UNDEPLOYED,
        TRANSFER,
        **UNDONE,
    ),
    _ends("restore_failure: RESTORE -> POWEROFF", at.RESTORE, TRANSFER),
    Case(
        # The snapshots of a disk that is a copy on the host, and the chain, are no more.
        "restore_success: RESTORE -> POWEROFF",
        f"{LCM}disk_restore_success",
        restored_chain,
        done(TRANSFER),
        {
            "vm 0 state": "POWEROFF",
            "vm 0 disk 0 snapshots": None,
            "vm 0 disk 0 DISK_SNAPSHOT_TOTAL_SIZE": None,
            "vm 0 backups INCREMENTAL_BACKUP_ID": "-1",
            "vm 0 backups LAST_INCREMENT_ID": "-1",
        },
    ),
]


SAVING = (
    "any but HOTPLUG_SAVEAS|HOTPLUG_SAVEAS_POWEROFF|HOTPLUG_SAVEAS_SUSPENDED"
    "|HOTPLUG_SAVEAS_UNDEPLOYED|HOTPLUG_SAVEAS_STOPPED"
)
marks = {"DISK_ID": "0", "IMAGE_ID": "0", "HOTPLUG_SAVE_AS": "1", "HOTPLUG_SAVE_AS_SOURCE": "/ds"}
still_marked = situation(
    # No call leaves the mark on the disk of a machine that is in another state.
    images=[
        {"id": 0, "state": "USED", "vms": [0]},
        {"id": 1, "state": "LOCKED", "template": {"SAVE_AS_HOT": "YES"}},
    ],
    vms=[
        {
            "id": 0,
            "state": "RUNNING",
            "actions": [""],
            "disks": [{"attributes": marks, "saving": True}],
        }
    ],
)

SAVE_AS = [
    Case(
        f"save_as_{how}: {SAVING} -> stays",
        f"{LCM}saveas_{how}, VirtualMachine::clear_saveas_state",
        still_marked,
        fire(f"save_as_{how}"),
        # The mark is taken off, the image is left alone.
        {
            "vm 0 disk 0 saving": False,
            "vm 0 disk 0 HOTPLUG_SAVE_AS": None,
            "vm 0 disk 0 HOTPLUG_SAVE_AS_SOURCE": None,
        },
    )
    for how in ("success", "failure")
]


def _ignored(
    event: str,
    logged: str,
    happens: Callable[[Cloud], object] | None = None,
    given: Callable[[Cloud], object] = at.running,
) -> Case:
    """Give a case of an event that comes in a wrong state."""
    key = f"{event}: any -> ignored"
    source = f"{LCM}{event}"
    return Case(key, source, given, happens or fire(event), {}, logged=(logged,))


def vmm(action: str, *, ok: bool = True) -> Callable[[Cloud], object]:
    """Give the event that the machine driver answers what nobody asked."""
    return unasked(action, ok=ok, payload=None if ok else "-", role="vmm")


SNAPSHOTTING = (
    "any but DISK_SNAPSHOT_POWEROFF|DISK_SNAPSHOT_REVERT_POWEROFF|DISK_SNAPSHOT_DELETE_POWEROFF"
    "|DISK_SNAPSHOT_SUSPENDED|DISK_SNAPSHOT_DELETE_SUSPENDED|DISK_SNAPSHOT|DISK_SNAPSHOT_DELETE"
)
snapshot_pending = situation(
    # No call leaves a snapshot pending when the machine is in another state.
    vms=[
        {
            "id": 0,
            "state": "RUNNING",
            "actions": [""],
            "disks": [{"attributes": {"DISK_ID": "0"}, "snapshot": 3}],
        }
    ]
)

IGNORED = [
    _ignored("allocate", "A machine is born once.", given=at.pending),
    _ignored("done", "done action received but VM 0 not in ACTIVE state"),
    # The transfer driver's answers are told apart by the machine's state: these cannot come.
    _ignored("prolog_success", "prolog_success_action, VM in a wrong state"),
    _ignored("epilog_success", "epilog_success_action, VM in a wrong state"),
    _ignored("epilog_failure", "epilog_failure_action, VM in a wrong state"),
    _ignored("restore_success", "VM restore success, VM in a wrong state"),
    _ignored("restore_failure", "restore fails, VM in a wrong state: RUNNING"),
    # The machine driver's answers are taken at face value.
    _ignored(
        "deploy_failure", "deploy_failure_action, VM in a wrong state", vmm("DEPLOY", ok=False)
    ),
    _ignored("save_success", "save_success_action, VM in a wrong state", vmm("SAVE")),
    _ignored("shutdown_success", "shutdown_success_action, VM in a wrong state", vmm("CANCEL")),
    _ignored("detach_success", "detach_success_action, VM in a wrong state", vmm("DETACHDISK")),
    _ignored("cleanup_success", "cleanup_callback_action, VM in a wrong state", vmm("CLEANUP")),
    _ignored(
        "cleanup_failure",
        "cleanup_callback_action, VM in a wrong state",
        vmm("CLEANUP", ok=False),
    ),
    _ignored("disk_resize_success", "disk_resize_success, VM in a wrong state", vmm("RESIZEDISK")),
    _ignored(
        "disk_resize_failure",
        "disk_resize_failure, VM in a wrong state",
        vmm("RESIZEDISK", ok=False),
    ),
    _ignored("backup_success", "backup_success, VM in wrong state", vmm("BACKUP")),
    Case(
        "deploy_success: any -> ignored",
        f"VirtualMachineManager::_deploy, {LCM}deploy_success",
        at.PROLOG,
        vmm("DEPLOY"),
        # Its name in the hypervisor is noted all the same.
        {"vm 0 deploy_id": "one-0"},
        logged=("deploy_success_action, VM in a wrong state",),
    ),
    *(
        Case(
            f"disk_snapshot_{how}: {line}",
            f"{LCM}disk_snapshot_{how}",
            given,
            vmm("DISKSNAPSHOTCREATE", ok=how == "success"),
            {},
            logged=(logged,),
        )
        for how in ("success", "failure")
        for line, given, logged in (
            (
                "any -> ignored [not snapshot_pending]",
                at.running,
                "Snapshot DISK could not be found",
            ),
            (
                f"{SNAPSHOTTING} -> ignored",
                snapshot_pending,
                f"disk_snapshot_{how}, VM in a wrong state",
            ),
        )
    ),
]

CASES = [*DEPLOYMENT, *DISKS, *SAVE_AS, *IGNORED]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_an_answer_does_what_the_source_says(case: Case) -> None:
    assert play(case, Coverage()) == expected(case)


def test_what_a_driver_answers_of_a_machine_that_is_not_active_is_dropped() -> None:
    dropped = Case("", "VirtualMachineManager::check_vm_state", after(at.off), vmm("SAVE"), {})
    assert play(dropped, Coverage()) == expected(dropped)


def test_a_host_that_was_cleaned_after_its_machine_had_ended_is_not_spoken_of() -> None:
    late = after(hold("vmm", "CLEANUP"), recover(RECREATE), done("CLEANUP"))
    again = Case("", "VirtualMachineManager::_cleanup", late, vmm("CLEANUP"), {})
    assert play(again, Coverage()) == expected(again)
