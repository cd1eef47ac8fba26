"""Every operation that can move a virtual machine, as far as images feel it.

The rows stand in :mod:`lifecycle.cloud.vm_table`. Sources: ``onevm`` and the
XML-RPC reference of OpenNebula 7.4, ``src/lcm`` and ``src/dm``.
"""

from __future__ import annotations

from lifecycle.table import Actor, Operation

USER, DRIVER = Actor.USER, Actor.VM


def _action(name: str, meaning: str, word: str = "") -> Operation:
    command = (word or name).replace("_", "-")
    return Operation(name, USER, meaning, f"onevm {command} VM", "one.vm.action")


_ALL = (
    Operation(
        "allocate", USER, "A machine is created on its images.", "onevm create …", "one.vm.allocate"
    ),
    Operation(
        "deploy", USER, "The machine is sent to a host.", "onevm deploy VM HOST", "one.vm.deploy"
    ),
    _action("hold", "The machine is kept from being scheduled."),
    _action("release", "The machine may be scheduled again."),
    _action("stop", "The machine is saved and its disks go back to the frontend."),
    _action("suspend", "The machine is saved on its host."),
    _action("resume", "The machine goes on."),
    _action("reboot", "The machine is restarted."),
    _action("reboot_hard", "The machine is reset.", "reboot --hard"),
    _action("resched", "The machine is marked for another host."),
    _action("unresched", "The mark for another host is taken off."),
    _action("poweroff", "The machine is shut down and stays on its host."),
    _action(
        "poweroff_hard", "The machine is switched off and stays on its host.", "poweroff --hard"
    ),
    _action("undeploy", "The machine is shut down and its disks go back to the frontend."),
    _action("undeploy_hard", "The same, switched off.", "undeploy --hard"),
    _action("terminate", "The machine is shut down and ends."),
    _action("terminate_hard", "The machine is switched off and ends.", "terminate --hard"),
    Operation(
        "attach", USER, "A disk is attached.", "onevm disk-attach VM --image IMAGE", "one.vm.attach"
    ),
    Operation("detach", USER, "A disk is detached.", "onevm disk-detach VM DISK", "one.vm.detach"),
    Operation(
        "save_as",
        USER,
        "A disk is saved as a new image.",
        "onevm disk-saveas VM DISK NAME",
        "one.vm.disksaveas",
    ),
    Operation(
        "disk_snapshot_create",
        USER,
        "A snapshot of a disk is taken.",
        "onevm disk-snapshot-create VM DISK NAME",
        "one.vm.disksnapshotcreate",
    ),
    Operation(
        "disk_snapshot_revert",
        USER,
        "A disk goes back to a snapshot.",
        "onevm disk-snapshot-revert VM DISK SNAPSHOT",
        "one.vm.disksnapshotrevert",
    ),
    Operation(
        "disk_snapshot_delete",
        USER,
        "A snapshot of a disk is removed.",
        "onevm disk-snapshot-delete VM DISK SNAPSHOT",
        "one.vm.disksnapshotdelete",
    ),
    Operation(
        "disk_resize",
        USER,
        "A disk is made larger.",
        "onevm disk-resize VM DISK SIZE",
        "one.vm.diskresize",
    ),
    Operation(
        "backup_cancel",
        USER,
        "The backup that is under way is to be given up.",
        "onevm backup-cancel VM",
        "one.vm.backupcancel",
    ),
    Operation(
        "restore",
        USER,
        "A backup is written into the disks.",
        "onevm restore VM IMAGE",
        "one.vm.restore",
    ),
    Operation("backup", USER, "A backup is made.", "onevm backup VM -d DATASTORE", "one.vm.backup"),
    Operation(
        "recover",
        USER,
        "The pending action is taken as ended.",
        "onevm recover VM --success|--failure",
        "one.vm.recover",
    ),
    Operation(
        "retry",
        USER,
        "The pending or failed action is tried again.",
        "onevm recover VM --retry",
        "one.vm.recover",
    ),
    Operation(
        "delete", USER, "The machine is wiped.", "onevm recover VM --delete", "one.vm.recover"
    ),
    Operation(
        "delete_recreate",
        USER,
        "The machine is wiped and made anew.",
        "onevm recover VM --recreate",
        "one.vm.recover",
    ),
    Operation(
        "delete_db",
        USER,
        "The machine's record ends; no driver is asked.",
        "onevm recover VM --delete-db",
        "one.vm.recover",
    ),
    Operation("done", DRIVER, "The wiping has ended."),
    Operation(
        "images_changed", DRIVER, "The operation on an image that the machine waits for has ended."
    ),
    Operation("prolog_success", DRIVER, "The disks are on the host."),
    Operation("prolog_failure", DRIVER, "The disks could not be brought to the host."),
    Operation("deploy_success", DRIVER, "The machine runs."),
    Operation("deploy_failure", DRIVER, "The machine could not be started."),
    Operation("save_success", DRIVER, "The machine's memory is saved."),
    Operation("save_failure", DRIVER, "The machine's memory could not be saved."),
    Operation("shutdown_success", DRIVER, "The machine is down."),
    Operation("shutdown_failure", DRIVER, "The machine could not be shut down."),
    Operation("epilog_success", DRIVER, "The disks have left the host."),
    Operation("epilog_failure", DRIVER, "The disks could not be taken from the host."),
    Operation("cleanup_success", DRIVER, "The host was cleaned."),
    Operation("cleanup_failure", DRIVER, "The host could not be cleaned."),
    Operation("attach_success", DRIVER, "The disk is attached."),
    Operation("attach_failure", DRIVER, "The disk could not be attached."),
    Operation("detach_success", DRIVER, "The disk is detached."),
    Operation("detach_failure", DRIVER, "The disk could not be detached."),
    Operation("save_as_success", DRIVER, "The disk was copied into the new image."),
    Operation("save_as_failure", DRIVER, "The disk could not be copied into the new image."),
    Operation("save_as_end", DRIVER, "The save-as ends from the image's side."),
    Operation("disk_snapshot_success", DRIVER, "The snapshot operation on a disk is done."),
    Operation("disk_snapshot_failure", DRIVER, "The snapshot operation on a disk failed."),
    Operation("disk_resize_success", DRIVER, "The disk is larger."),
    Operation("disk_resize_failure", DRIVER, "The disk could not be made larger."),
    Operation("restore_success", DRIVER, "The backup was written into the disks."),
    Operation("restore_failure", DRIVER, "The backup could not be written into the disks."),
    Operation("backup_success", DRIVER, "The backup is complete."),
    Operation("backup_failure", DRIVER, "The backup failed."),
)

VM_OPERATIONS = {operation.name: operation for operation in _ALL}
"""Every operation by its name."""
