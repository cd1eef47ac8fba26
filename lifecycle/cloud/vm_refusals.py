"""What is refused to a machine, or ignored, and with which words.

Sources are given per row: functions of ``src/lcm`` and ``src/dm`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.vm_groups import (
    ANY,
    SNAPSHOTTING,
    refused,
)
from lifecycle.codes import ErrorCode
from lifecycle.table import Otherwise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.cloud.vm_states import VmState as S


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
        yield refused(
            name, head.format(word=word) + "This action is not available for state {state}"
        )
    for name in ("resched", "unresched"):
        yield refused(
            name, head.format(word=name) + "This action is not available for state {state}"
        )
    for name in ("terminate", "terminate_hard"):
        word = name.replace("_", "-")
        yield refused(
            name, head.format(word=word) + "Could not terminate VM {id}, wrong state {state}."
        )
    yield refused("deploy", "Deploy action is not available for state {state}")
    yield refused("attach", "Could not attach a new disk to VM {id}, wrong state {state}.")
    yield refused("detach", "Could not detach disk from VM {id}, wrong state {state}.")
    yield refused(
        "save_as", "VM has to be RUNNING, POWEROFF or SUSPENDED to save disks.", ErrorCode.INTERNAL
    )
    yield refused(
        "disk_snapshot_create", "Could not create a new snapshot for VM {id}, wrong state {state}."
    )
    yield refused(
        "disk_snapshot_revert",
        "Could not revert to disk snapshot for VM {id}, wrong state {state}.",
    )
    yield refused(
        "disk_snapshot_delete", "Could not delete disk snapshot from VM {id}, wrong state {state}."
    )
    yield refused(
        "backup",
        "Could not create a new backup for VM {id}, wrong state {state}.",
        ErrorCode.INTERNAL,
    )
    yield refused(
        "backup_cancel",
        "Could not cancel backup for VM {id}, no backup in progress",
        ErrorCode.INTERNAL,
    )
    yield refused("restore", "Could not restore VM, it must be in poweroff")
    yield refused("disk_resize", "Could not resize disk for VM {id}, wrong state {state}.")
    yield refused(
        "recover", "Could not perform a recover operation on VM {id}, wrong state {state}."
    )
    yield refused("retry", "Could not perform a retry on VM {id}, wrong state {state}.")
    yield refused("delete_recreate", "Cannot delete-recreate a VM already in DONE state")


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
        name = f"disk_resize_{answer}"
        yield _quiet(name, f"{name}, VM in a wrong state", f"{lcm}{name}")
        text = "VM restore success, VM in a wrong state"
        if answer == "failure":
            text = "restore fails, VM in a wrong state: {state}"
        yield _quiet(f"restore_{answer}", text, f"{lcm}disk_restore_{answer}")
    yield _quiet("backup_success", "backup_success, VM in wrong state", f"{lcm}backup_success")


def _quiet(
    operation: str,
    text: str,
    source: str,
    origins: tuple[S, ...] = ANY,
    unless: tuple[str, ...] = (),
) -> Otherwise:
    return Otherwise(operation, origins, None, text, unless=unless, source=source)


VM_REFUSALS = (
    *_refusals(),
    *_ignored(),
)
