"""The calls on the disks of machines: ``one.vm.attach``, ``one.vm.disk…``.

Sources: ``src/rm/api/VirtualMachineAPI.cc`` and
``src/dm/DispatchManagerActions.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud import disk_attributes, disks
from lifecycle.cloud.attributes import multiple, number_of, text_of
from lifecycle.cloud.authorization import Right, Subject
from lifecycle.cloud.calls import image_records, vm_records
from lifecycle.cloud.calls.remote import found, remote
from lifecycle.cloud.calls.shared import parsed
from lifecycle.cloud.calls.vm_group import VmGroup
from lifecycle.cloud.disks import DiskRefused
from lifecycle.cloud.objects import DatastoreType
from lifecycle.cloud.quotas import check_quota
from lifecycle.refusal import ActionRefused, InternalRefused, NotFoundRefused, Refused
from lifecycle.states import CLONABLE_TYPES, ImageType

if TYPE_CHECKING:
    from lifecycle.cloud.vm import Disk, VirtualMachine
    from lifecycle.image import Image

_NO_DISK = "VM disk does not exist"


class VmDiskCalls(VmGroup):
    """The calls on the disks of one machine."""

    __slots__ = ()

    @remote("vm.attach", "is")
    def attach(self, vm: int, template: str) -> int:
        """Attach a disk to a machine that is RUNNING or in POWEROFF.

        Raises:
            Refused: the machine cannot take a disk now, or the image cannot be taken.
        """
        thing = found(self.cloud.vms, vm, self.cloud.vms.get(vm))
        if not thing.has_history:
            raise ActionRefused("VM is not running in any host")
        given = [one for one in multiple(parsed(template)).get("DISK", []) if isinstance(one, dict)]
        wanted = [(Right.MANAGE, Subject("VM", thing))]
        self.authorize(*wanted, *vm_records.rights_on_images(self.cloud, self.uid, given))
        vm_records.refuse_restricted(self, {"DISK": given}, "DISK")
        self.test(thing, "attach")
        if not given:
            raise ActionRefused("Internal error parsing DISK attribute")
        self._take_disk(thing, given[0])
        self.interrupt(thing, "attach")
        return vm

    def _take_disk(self, vm: VirtualMachine, given: dict[str, str]) -> None:
        cloud = self.cloud
        taken = [disk.attributes for disk in vm.disks] + disk_attributes.context_of(vm)
        number = max((int(one.get("DISK_ID", -1)) for one in taken), default=-1) + 1
        given.pop("TM_MAD_SYSTEM", None)
        if system := text_of(vm.template, "TM_MAD_SYSTEM"):
            given["TM_MAD_SYSTEM"] = system
        try:
            disk = disks.take(cloud, vm.id, vm.uid, given, number, attach=True)
        except DiskRefused as refusal:
            raise refusal.retold(ActionRefused, operation="attach") from refusal
        if disk.get("TYPE") == "FILESYSTEM":
            # The image stays taken: oned does not release it here.
            raise ActionRefused(f"Can not attach disks {disk.get('TYPE')}")
        image = cloud.images.get(disk.image_id)
        kind = ImageType.DATABLOCK if image is None else image.type
        if objection := disk_attributes.assign_target(vm, disk, kind):
            if image is not None:
                image.release(vm.id)
            raise ActionRefused(objection, operation="attach")
        disk.attaching = True
        vm.disks.append(disk)

    @remote("vm.detach", "ii")
    def detach(self, vm: int, disk: int) -> int:
        """Detach a disk from a machine that is RUNNING or in POWEROFF.

        Raises:
            Refused: there is no such disk, or the machine cannot let it go now.
        """
        thing = self.machine(vm, "disk-detach")
        chosen = _disk(thing, disk)
        self.test(thing, "detach")
        if chosen.get("TYPE").upper() == "FILESYSTEM":
            raise ActionRefused("FILESYSTEM disks can not be detached")
        chosen.attaching = True
        self.interrupt(thing, "detach")
        return vm

    @remote("vm.disksnapshotcreate", "iis")
    def disksnapshotcreate(self, vm: int, disk: int, name: str) -> int:
        """Take a snapshot of a disk and give its id.

        Raises:
            Refused: there is no such disk, or no snapshot can be taken now.
        """
        cloud = self.cloud
        thing = found(cloud.vms, vm, cloud.vms.get(vm))
        if thing.backups is not None and thing.backups.mode == "INCREMENT":
            raise ActionRefused(
                'Action "disk-snapshot-create" is not compatible with incremental backups'
            )
        chosen = _snapshot_disk(thing, disk, "Cannot make snapshots on disks of type: ")
        wanted = [(Right.MANAGE, Subject("VM", thing))]
        if not chosen.volatile and (chosen.persistent or chosen.target == "NONE"):
            image = cloud.images.get(chosen.image_id)
            if image is None:
                raise NotFoundRefused(number=chosen.image_id)
            wanted.append((Right.MANAGE, Subject("IMAGE", image)))
        self.authorize(*wanted)
        self.test(thing, "disk_snapshot_create")
        try:
            number = disks.new_snapshot(cloud, chosen, name)
        except DiskRefused as refusal:
            raise ActionRefused(refusal.reason) from refusal
        self.interrupt(thing, "disk_snapshot_create")
        return number

    @remote("vm.disksnapshotdelete", "iii")
    def disksnapshotdelete(self, vm: int, disk: int, snapshot: int) -> int:
        """Remove a snapshot of a disk.

        Raises:
            Refused: there is no such disk or snapshot, or it cannot be removed now.
        """
        cloud = self.cloud
        thing = found(cloud.vms, vm, cloud.vms.get(vm))
        chosen = _snapshot_disk(thing, disk, "Snapshots are not supported on disks of type: ")
        wanted = [(Right.MANAGE, Subject("VM", thing))]
        if chosen.persistent:
            image = cloud.images.get(chosen.image_id)
            if image is None:
                raise NotFoundRefused(number=chosen.image_id)
            wanted.append((Right.MANAGE, Subject("IMAGE", image)))
        self.authorize(*wanted)
        self.test(thing, "disk_snapshot_delete")
        if chosen.snapshots is None:
            raise ActionRefused("Snapshot does not exist")
        words = chosen.snapshots.objection(snapshot, persistent=chosen.persistent)
        if words:
            raise ActionRefused(words)
        chosen.snapshot = snapshot
        self.interrupt(thing, "disk_snapshot_delete")
        return vm

    @remote("vm.disksnapshotrevert", "iii")
    def disksnapshotrevert(self, vm: int, disk: int, snapshot: int) -> int:
        """Have a disk go back to a snapshot.

        Raises:
            Refused: there is no such disk or snapshot, or the machine is not in POWEROFF.
        """
        cloud = self.cloud
        thing = found(cloud.vms, vm, cloud.vms.get(vm))
        chosen = _snapshot_disk(thing, disk, "Snapshots are not supported on disks of type: ")
        self.machine(vm, "disk-snapshot-revert")
        self.test(thing, "disk_snapshot_revert")
        if chosen.snapshots is None:
            raise ActionRefused("Snapshot does not exist")
        if snapshot not in chosen.snapshots:
            raise ActionRefused(f"Disk id ({disk}) or snapshot id ({snapshot}) is not valid.")
        chosen.snapshot = snapshot
        self.interrupt(thing, "disk_snapshot_revert")
        return vm

    @remote("vm.disksnapshotrename", "iiis")
    def disksnapshotrename(self, vm: int, disk: int, snapshot: int, name: str) -> int:
        """Give a snapshot of a disk another name.

        Raises:
            Refused: there is no such disk or snapshot.
        """
        thing = self.machine(vm, "disk-snapshot-rename")
        chosen = _snapshot_disk(thing, disk, "Snapshots are not supported on disks of type: ")
        if chosen.snapshots is None or snapshot not in chosen.snapshots:
            raise ActionRefused("Snapshot does not exist")
        chosen.snapshots.rename(snapshot, name)
        self.cloud.vm_written(thing)
        return vm

    @remote("vm.diskresize", "iis")
    def diskresize(self, vm: int, disk: int, size: str) -> int:
        """Make a disk larger (MB).

        Raises:
            Refused: there is no such disk, it is not smaller, or the machine cannot do that now.
        """
        wanted = number_of({"SIZE": size.strip()}, "SIZE")
        if wanted is None:
            raise ActionRefused("Disk SIZE is not a valid integer")
        thing: VirtualMachine = self.machine(vm, "disk-resize")
        chosen = _disk(thing, disk)
        if wanted <= chosen.number("SIZE"):
            raise ActionRefused("New disk size has to be greater than current one")
        asked = [(Right.MANAGE, Subject("VM", thing))]
        if not chosen.volatile and (chosen.persistent or chosen.target == "NONE"):
            image = found(
                self.cloud.images, chosen.image_id, self.cloud.images.get(chosen.image_id)
            )
            asked.append((Right.MANAGE, Subject("IMAGE", image)))
        self.authorize(*asked)
        self.test(thing, "disk_resize")
        if chosen.get("TYPE") == "FILESYSTEM":
            raise ActionRefused("FILESYSTEM disks can not be resized")
        chosen.attributes |= {"SIZE_PREV": chosen.get("SIZE"), "SIZE": str(wanted), "RESIZE": "YES"}
        self.interrupt(thing, "disk_resize")
        return vm

    @remote("vm.disksaveas", "iissi")
    def disksaveas(self, vm: int, disk: int, name: str, type_: str, snapshot: int) -> int:
        """Save a disk as a new image, and give its id.

        Args:
            vm: the id of the machine.
            disk: the id of the disk.
            name: of the new image.
            type_: of the new image; "" for that of the disk's image.
            snapshot: of the disk, -1 for its present content.

        Raises:
            Refused: see sections 3.1 and 4 of the lifecycle.
        """
        thing = found(self.cloud.vms, vm, self.cloud.vms.get(vm))
        try:
            self.fire(thing, "save_as")
            try:
                return self._save(thing, disk, name, type_, snapshot)
            except Refused:
                self.fire(thing, "save_as_end")
                raise
        except Refused as refusal:
            # Whatever the reason, oned's answer names the machine, but for what is not there.
            if not isinstance(refusal, NotFoundRefused):
                refusal.number = vm
            raise

    def _save(self, vm: VirtualMachine, disk: int, name: str, type_: str, snapshot: int) -> int:
        cloud, caller = self.cloud, self.caller
        chosen = vm.disk(disk)
        if chosen is None:
            raise InternalRefused("Cannot use DISK. DISK does not exist.")
        if chosen.image_id == -1:
            raise InternalRefused("Cannot use DISK. DISK does not have a valid IMAGE_ID.")
        if snapshot != -1 and (chosen.snapshots is None or snapshot not in chosen.snapshots):
            raise InternalRefused("Cannot use DISK. Snapshot does not exist.")
        chosen.saving = True
        chosen.attributes["HOTPLUG_SAVE_AS_SNAPSHOT_ID"] = str(snapshot)
        source: Image = found(cloud.images, chosen.image_id, cloud.images.get(chosen.image_id))
        if source.type not in CLONABLE_TYPES:
            raise InternalRefused(f"Cannot save an image of type {source.type.name}")
        store = found(
            cloud.datastores, source.datastore_id, cloud.datastores.get(source.datastore_id)
        )
        size = chosen.number("SIZE")
        image_records.check_space(cloud, store, size)
        template = {
            "NAME": name,
            "SIZE": str(size),
            "SAVED_IMAGE_ID": str(source.id),
            "SAVED_DISK_ID": str(disk),
            "SAVED_VM_ID": str(vm.id),
            "SAVE_AS_HOT": "YES",
            "TYPE": type_ or source.type.name,
        }
        for word in ("TARGET", "DEV_PREFIX"):
            if text_of(source.template, word):
                template[word] = text_of(source.template, word)
        image_records.settle_persistent(cloud, caller, template, allocate=False)
        self.authorize(
            (Right.MANAGE, Subject("VM", vm)),
            (Right.CREATE, Subject("IMAGE")),
            (Right.USE, Subject("DATASTORE", store)),
        )
        check_quota(cloud, caller.uid, caller.gid, store.id, size)
        image = image_records.new_image(
            cloud, caller, template, store, as_type=DatastoreType.IMAGE_DS
        )
        image.allocate_save_as()
        return image.id


def _disk(vm: VirtualMachine, number: int) -> Disk:
    disk = vm.disk(number)
    if disk is None:
        raise ActionRefused(_NO_DISK)
    return disk


def _snapshot_disk(vm: VirtualMachine, number: int, words: str) -> Disk:
    disk = _disk(vm, number)
    if disk.volatile or disk.get("TYPE").upper() == "FILESYSTEM":
        raise ActionRefused(f"{words}{disk.get('TYPE')}")
    return disk
