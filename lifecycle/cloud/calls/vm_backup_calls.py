"""The calls on the backups of machines: ``one.vm.backup`` and what goes with it.

Sources: ``src/rm/api/VirtualMachineAPI.cc`` and
``src/dm/DispatchManagerActions.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud import backup_runs
from lifecycle.cloud.attributes import multiple
from lifecycle.cloud.authorization import Right, Subject
from lifecycle.cloud.calls import image_records, shared, vm_records
from lifecycle.cloud.calls.remote import found, remote
from lifecycle.cloud.calls.shared import parsed
from lifecycle.cloud.calls.vm_group import VmGroup
from lifecycle.cloud.objects import DatastoreType
from lifecycle.refusal import ActionRefused, InternalRefused, NotFoundRefused
from lifecycle.states import ImageType

if TYPE_CHECKING:
    from lifecycle.cloud.vm import VirtualMachine


class VmBackupCalls(VmGroup):
    """The calls on the backups of one machine."""

    __slots__ = ()

    @remote("vm.backup", "i", "ib")
    def backup(self, vm: int, datastore: int = -1, reset: bool = False) -> int:  # noqa: FBT001, FBT002 - as on the wire
        """Make a backup of a machine.

        Args:
            vm: the id of the machine.
            datastore: a BACKUP datastore; a chain of increments keeps its own.
            reset: whether to begin a new chain of increments.

        Raises:
            Refused: the machine cannot be backed up now, or the datastore does not fit.
        """
        cloud = self.cloud
        thing: VirtualMachine = found(cloud.vms, vm, cloud.vms.get(vm))
        if any(disk.get("TYPE").upper() == "FILESYSTEM" for disk in thing.disks):
            raise ActionRefused("Cannot backup VM with FILESYSTEM disks")
        backups = vm_records.backups_of(thing)
        number = datastore
        if backups.mode == "INCREMENT" and not reset and backups.last_increment != -1:
            chain = cloud.images.get(backups.chain_image)
            if chain is None:
                raise NotFoundRefused(number=backups.chain_image)
            number = chain.datastore_id
        store = cloud.datastores.get(number)
        if store is None:
            raise NotFoundRefused(kind="DATASTORE", number=number)
        if store.type is not DatastoreType.BACKUP_DS:
            raise ActionRefused("Datastore needs to be of type BACKUP")
        needed = backup_runs.size_of(thing)
        image_records.check_space(cloud, store, needed, "Not enough free space on target datastore")
        self.authorize(
            (Right.ADMIN, Subject("VM", thing)), (Right.USE, Subject("DATASTORE", store))
        )
        if backups.flattening:
            raise InternalRefused(
                f"Could not create a new backup for VM {vm}, consolidating backup increments"
            )
        self.test(thing, "backup")
        thing.backups = backups
        backups.datastore = store.id
        if reset:
            backups.reset_chain()
        self.interrupt(thing, "backup")
        return vm

    @remote("vm.updateconf", "is", "i")
    def updateconf(self, vm: int, template: str, append: int = 0) -> int:
        """Change what a machine's backups are to be like (BACKUP_CONFIG); 1 appends.

        Raises:
            Refused: the configuration is wrong.
        """
        shared.check_append(append)
        given = multiple(parsed(template))
        thing: VirtualMachine = self.machine(vm, "updateconf")
        vm_records.reconfigure_backups(thing, given, append=append == 1)
        self.cloud.vm_written(thing)
        return vm

    @remote("vm.backupcancel", "i")
    def backupcancel(self, vm: int) -> int:
        """Ask the driver to give up the backup that is under way; its answer ends the backup.

        Raises:
            Refused: there is none under way.
        """
        thing: VirtualMachine = self.machine(vm, "backup-cancel")
        self.fire(thing, "backup_cancel")
        return vm

    @remote("vm.restore", "iiii")
    def restore(self, vm: int, image: int, increment: int, disk: int) -> int:
        """Write a backup into the disks of a machine in POWEROFF.

        Args:
            vm: the id of the machine.
            image: the id of the backup.
            increment: the id of the increment, -1 for the youngest.
            disk: the id of the disk, -1 for all.

        Raises:
            Refused: the image is no backup, or the machine is not in POWEROFF.
        """
        cloud = self.cloud
        thing: VirtualMachine = found(cloud.vms, vm, cloud.vms.get(vm))
        if disk != -1 and thing.disk(disk) is None:
            raise ActionRefused("VM disk does not exist")
        backup = found(cloud.images, image, cloud.images.get(image))
        if backup.type is not ImageType.BACKUP:
            raise ActionRefused("Image has to be of type BACKUP")
        if increment > backup.increments.last_id:
            raise ActionRefused("Wrong increment")
        self.authorize((Right.ADMIN, Subject("VM", thing)), (Right.USE, Subject("IMAGE", backup)))
        self.interrupt(thing, "restore")
        return vm
