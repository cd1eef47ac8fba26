"""Every operation that can move an image, with who does it and what is typed for it.

The rows that say what an operation does stand in :mod:`lifecycle.image_table`.
Sources: the ``oneimage`` and ``onevm`` command lines of OpenNebula 7.4, the
XML-RPC reference, and ``include/ImageManager.h`` for what drivers answer.
"""

from __future__ import annotations

from lifecycle.table import Actor, Operation

USER, DATASTORE, VM, MARKETPLACE = (
    Actor.USER,
    Actor.DATASTORE,
    Actor.VM,
    Actor.MARKETPLACE,
)

_ALL = (
    # Birth
    Operation(
        "allocate",
        USER,
        "A new image is registered: copied, formatted, or taken as it is from a SOURCE.",
        "oneimage create --name NAME … -d DATASTORE",
        "one.image.allocate",
    ),
    Operation(
        "allocate_clone",
        USER,
        "The record of a copy is made, which the datastore is asked to fill.",
        "oneimage clone IMAGE NAME",
        "one.image.clone",
    ),
    Operation(
        "allocate_save_as",
        USER,
        "The record is made into which the disk of a machine will be copied.",
        "onevm disk-saveas VM DISK NAME",
        "one.vm.disksaveas",
    ),
    Operation("allocate_backup", VM, "A backup of a machine ended well and is registered."),
    # Administration
    Operation(
        "enable",
        USER,
        "The image may be used again.",
        "oneimage enable IMAGE",
        "one.image.enable",
    ),
    Operation(
        "disable",
        USER,
        "No new machine may take the image.",
        "oneimage disable IMAGE",
        "one.image.enable",
    ),
    Operation(
        "persistent",
        USER,
        "Machines will write into the image itself.",
        "oneimage persistent IMAGE",
        "one.image.persistent",
    ),
    Operation(
        "nonpersistent",
        USER,
        "Machines will work on copies of the image.",
        "oneimage nonpersistent IMAGE",
        "one.image.persistent",
    ),
    Operation(
        "chtype",
        USER,
        "The type changes within its family.",
        "oneimage chtype IMAGE TYPE",
        "one.image.chtype",
    ),
    Operation(
        "lock",
        USER,
        "The record is locked against calls (this is LOCK, not a state).",
        "oneimage lock IMAGE",
        "one.image.lock",
    ),
    Operation(
        "unlock",
        USER,
        "The lock on the record is taken off.",
        "oneimage unlock IMAGE",
        "one.image.unlock",
    ),
    Operation(
        "rename",
        USER,
        "The name changes.",
        "oneimage rename IMAGE NAME",
        "one.image.rename",
    ),
    Operation(
        "chown",
        USER,
        "The owner or the group changes.",
        "oneimage chown IMAGE USER [GROUP]",
        "one.image.chown",
    ),
    Operation(
        "chmod",
        USER,
        "The permissions change.",
        "oneimage chmod IMAGE OCTET",
        "one.image.chmod",
    ),
    Operation(
        "update",
        USER,
        "The attributes of the template change.",
        "oneimage update IMAGE",
        "one.image.update",
    ),
    Operation(
        "delete",
        USER,
        "The image goes: at once without a SOURCE, else when the datastore has removed it.",
        "oneimage delete IMAGE",
        "one.image.delete",
    ),
    Operation(
        "force",
        USER,
        "FORCE_DELETE is written, before a forced delete looks at anything else.",
        "oneimage delete IMAGE --force",
        "one.image.delete",
    ),
    Operation(
        "delete_force",
        USER,
        "The image goes, even from LOCKED.",
        "oneimage delete IMAGE --force",
        "one.image.delete",
    ),
    Operation(
        "snapshot_delete",
        USER,
        "The datastore is asked to remove a snapshot.",
        "oneimage snapshot-delete IMAGE SNAPSHOT",
        "one.image.snapshotdelete",
    ),
    Operation(
        "snapshot_revert",
        USER,
        "The datastore is asked to go back to a snapshot.",
        "oneimage snapshot-revert IMAGE SNAPSHOT",
        "one.image.snapshotrevert",
    ),
    Operation(
        "snapshot_flatten",
        USER,
        "The datastore is asked to merge all snapshots into the image.",
        "oneimage snapshot-flatten IMAGE SNAPSHOT",
        "one.image.snapshotflatten",
    ),
    # Being the source of a copy
    Operation(
        "clone",
        USER,
        "The image becomes the source of a copy.",
        "oneimage clone IMAGE NAME",
        "one.image.clone",
    ),
    Operation(
        "clone_released",
        DATASTORE,
        "A copy of this image ended, well or badly, or its target was deleted.",
    ),
    Operation(
        "export",
        MARKETPLACE,
        "The image becomes the source of a marketplace app.",
        "onemarketapp create --image IMAGE --market MARKET --name NAME",
        "one.marketapp.allocate",
    ),
    Operation(
        "export_released",
        MARKETPLACE,
        "The export into an app ended, or the app was deleted.",
    ),
    # Virtual machines
    Operation(
        "acquire",
        VM,
        "A machine that is being created takes the image as a disk.",
        "onevm create --disk IMAGE",
        "one.vm.allocate",
    ),
    Operation(
        "attach",
        VM,
        "The image is attached as a disk to a machine that exists.",
        "onevm disk-attach VM --image IMAGE",
        "one.vm.attach",
    ),
    Operation(
        "release",
        VM,
        "A machine lets the image go in good order.",
        "onevm terminate VM",
        "one.vm.action",
    ),
    Operation(
        "release_failed",
        VM,
        "A machine is wiped while it was active, and lets the image go as failed.",
        "onevm recover VM --delete",
        "one.vm.recover",
    ),
    Operation(
        "write_snapshots",
        VM,
        "The snapshots of a machine's disk are written back to its persistent image.",
    ),
    Operation(
        "write_size",
        VM,
        "The size of a machine's disk is written back to its persistent image.",
    ),
    Operation(
        "save_as_formatted",
        VM,
        "The format of the disk that is being saved is written into its target.",
    ),
    Operation(
        "save_as_lost",
        VM,
        "The machine whose disk is being saved is gone or cannot save any more.",
    ),
    Operation(
        "save_as_wiped",
        VM,
        "The machine was wiped while its disk was being copied into this image.",
        "onevm recover VM --delete",
        "one.vm.recover",
    ),
    Operation(
        "save_as_success",
        VM,
        "The transfer driver has copied the disk into this image.",
    ),
    Operation(
        "save_as_failure",
        VM,
        "The transfer driver could not copy the disk into this image.",
    ),
    Operation("backup_disks", VM, "The disks that a backup holds are noted."),
    Operation("add_increment", VM, "One more increment is added to a backup."),
    Operation(
        "flatten_increments",
        VM,
        "The datastore is asked to merge the oldest increments of a backup.",
    ),
    # Answers of the datastore driver
    Operation("cp_success", DATASTORE, "The file was copied into the datastore."),
    Operation("cp_failure", DATASTORE, "The file could not be copied into the datastore."),
    Operation("mkfs_success", DATASTORE, "The empty disk was made."),
    Operation("mkfs_failure", DATASTORE, "The empty disk could not be made."),
    Operation("clone_success", DATASTORE, "The copy of another image is complete."),
    Operation("clone_failure", DATASTORE, "The copy of another image failed."),
    Operation("rm_success", DATASTORE, "The file was removed from the datastore."),
    Operation("rm_failure", DATASTORE, "The file could not be removed from the datastore."),
    Operation("snap_delete_success", DATASTORE, "The snapshot was removed."),
    Operation("snap_delete_failure", DATASTORE, "The snapshot could not be removed."),
    Operation("snap_revert_success", DATASTORE, "The image went back to the snapshot."),
    Operation("snap_revert_failure", DATASTORE, "The image could not go back to the snapshot."),
    Operation("snap_flatten_success", DATASTORE, "The snapshots were merged."),
    Operation("snap_flatten_failure", DATASTORE, "The snapshots could not be merged."),
    Operation("increment_flatten_success", DATASTORE, "The oldest increments were merged."),
    Operation(
        "increment_flatten_failure",
        DATASTORE,
        "The oldest increments could not be merged.",
    ),
)

OPERATIONS = {operation.name: operation for operation in _ALL}
"""Every operation by its name."""

DRIVER_ANSWERS = {
    ("CP", True): "cp_success",
    ("CP", False): "cp_failure",
    ("MKFS", True): "mkfs_success",
    ("MKFS", False): "mkfs_failure",
    ("CLONE", True): "clone_success",
    ("CLONE", False): "clone_failure",
    ("RM", True): "rm_success",
    ("RM", False): "rm_failure",
    ("SNAP_DELETE", True): "snap_delete_success",
    ("SNAP_DELETE", False): "snap_delete_failure",
    ("SNAP_REVERT", True): "snap_revert_success",
    ("SNAP_REVERT", False): "snap_revert_failure",
    ("SNAP_FLATTEN", True): "snap_flatten_success",
    ("SNAP_FLATTEN", False): "snap_flatten_failure",
    ("INCREMENT_FLATTEN", True): "increment_flatten_success",
    ("INCREMENT_FLATTEN", False): "increment_flatten_failure",
}
"""Which operation an answer of the datastore driver is, by its action and outcome."""
