"""What comes of a backup of a machine: an image, or an increment of one.

Source: ``LifeCycleManager::trigger_backup_success`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.attributes import leading_number
from lifecycle.cloud.backups import INCREMENT
from lifecycle.image import Image
from lifecycle.increments import FULL as FULL_INCREMENT
from lifecycle.increments import INCREMENT as NEXT_INCREMENT
from lifecycle.refusal import Refused
from lifecycle.states import ImageType

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.vm import VirtualMachine

_NO_BACKUP = ("SWAP", "CDROM", "RBD_CDROM", "FILESYSTEM")
_RAW_DRIVERS = ("ssh", "local", "shared", "qcow2")
_PERMISSIONS = 0o600


def eligible(vm: VirtualMachine, *, volatile: bool) -> list[int]:
    """Give the disks of a machine that can be backed up."""
    return [
        disk.id
        for disk in vm.disks
        if (kind := disk.get("TYPE").upper()) not in _NO_BACKUP and (volatile or kind != "FS")
    ]


def disk_ids(vm: VirtualMachine) -> list[int]:
    """Give the disks that the backups of a machine hold."""
    backups = vm.backups
    if backups is None:
        return eligible(vm, volatile=False)
    found = eligible(vm, volatile=backups.config.get("BACKUP_VOLATILE") == "YES")
    chosen = backups.disk_ids
    return [number for number in found if number in chosen] if chosen else found


def can_increment(vm: VirtualMachine, *, volatile: bool) -> bool:
    """Tell whether the disks of a machine allow increments (raw files do not)."""
    for disk in vm.disks:
        kind = disk.get("TYPE").upper()
        if kind in {"SWAP", "FILESYSTEM"} or (kind == "FS" and not volatile):
            continue
        form, driver = disk.get("FORMAT").lower(), disk.get("TM_MAD").lower()
        # Once it had snapshots a disk keeps its list of them, be it empty.
        if (form == "qcow2" and disk.snapshots is not None) or (
            form == "raw" and driver in _RAW_DRIVERS
        ):
            return False
        if driver in {"fs_lvm", "fs_lvm_ssh"} and not disk.yes("LVM_THIN_ENABLE"):
            return False
    return True


def size_of(vm: VirtualMachine) -> int:
    """Give the most that a backup of a machine can take, in MB."""
    chosen = disk_ids(vm)
    return sum(disk.number("SIZE") for disk in vm.disks if disk.id in chosen)


def register(cloud: Cloud, vm: VirtualMachine) -> None:
    """Make an image of a backup that ended well, or add it to the chain of increments."""
    backups = vm.backups
    if backups is None:
        return
    chain = backups.chain_image
    starts = backups.mode != INCREMENT or chain == -1
    number, too_many = -1, []
    if starts:
        number = _make_image(cloud, vm)
        if number == -1:
            return
        backups.ids.add(number)
        too_many = backups.too_many()
        cloud.images[number].backup_disks(disk_ids(vm))
    increments = -1
    if backups.mode == INCREMENT:
        added = _add_increment(cloud, vm, number if starts else chain, starts=starts)
        if added is None:
            if starts:
                backups.chain_image = -1
                backups.ids.discard(number)
            return
        number, increments = added
    backups.end()
    for old in too_many:
        _forget_old(cloud, old)
    if not starts and 0 < backups.keep_last < increments:
        backups.flattening = True
        try:
            cloud.images[number].flatten_increments()
        except Refused as refusal:
            cloud.journal.add(
                cloud.clock.now,
                "refused",
                f"image {number}",
                "flatten_increments",
                text=refusal.reason,
            )


def _make_image(cloud: Cloud, vm: VirtualMachine) -> int:
    backups = vm.backups
    datastore = None if backups is None else cloud.datastores.get(backups.datastore)
    if backups is None or datastore is None:
        return -1
    source, size, form = backups.answer
    name = f"{vm.id} {cloud.clock.date('%d-%b %H.%M.%S')}"
    if cloud.images.named(name, vm.uid) is not None:
        return -1
    image = Image(
        cloud.images.take_id(),
        name,
        ImageType.BACKUP,
        persistent=True,
        source=source,
        format=form,
        size=leading_number(size) or 0,
        uid=vm.uid,
        gid=vm.gid,
        permissions=_PERMISSIONS,
        datastore_id=datastore.id,
        template={"BACKUP_SELECTED_DISKS": "YES"} if backups.disk_ids else {},
        world=cloud,
    )
    image.disk_type = datastore.disk_type
    try:
        image.allocate_backup(vm.id)
    except Refused:
        cloud.images.give_back_id(image.id)
        return -1
    return image.id


def _add_increment(
    cloud: Cloud, vm: VirtualMachine, number: int, *, starts: bool
) -> tuple[int, int] | None:
    backups = vm.backups
    image = cloud.images.get(number)
    if backups is None or image is None:
        return None
    if starts:
        backups.chain_image = number
    source, size, _ = backups.answer
    if not starts and not len(image.increments):
        return None
    kind = FULL_INCREMENT if starts else NEXT_INCREMENT
    image.add_increment((source, leading_number(size) or 0, kind, cloud.now()))
    backups.last_increment = image.increments.last_id
    return number, len(image.increments)


def _forget_old(cloud: Cloud, number: int) -> None:
    image = cloud.images.get(number)
    if image is None:
        return
    try:
        image.delete()
    except Refused as refusal:
        cloud.journal.add(
            cloud.clock.now, "refused", f"image {number}", "delete", text=refusal.reason
        )


def forget_image(cloud: Cloud, image: Image) -> None:
    """A backup image has left its pool: the machine that it was of forgets it."""
    if image.type is not ImageType.BACKUP or not image.vms:
        return
    vm = cloud.vms.get(min(image.vms))
    if vm is None or vm.backups is None:
        return
    vm.backups.ids.discard(image.id)
    if vm.backups.chain_image == image.id:
        vm.backups.reset_chain()
    cloud.vm_written(vm)


def flatten_ended(cloud: Cloud, image: Image) -> None:
    """The increments of a backup were merged, or not: its machine may make backups again."""
    vm = cloud.vms.get(min(image.vms)) if image.vms else None
    if vm is not None and vm.backups is not None:
        vm.backups.flattening = False
        cloud.vm_written(vm)


def busy(cloud: Cloud, image: Image) -> bool:
    """Tell whether the machine of a backup image is in the middle of a backup that needs it."""
    if image.type is not ImageType.BACKUP or not image.vms:
        return False
    vm = cloud.vms.get(min(image.vms))
    if vm is None:
        return False
    if vm.backups is not None and vm.backups.flattening:
        return True
    return vm.state.name in {"BACKUP", "BACKUP_POWEROFF"}
