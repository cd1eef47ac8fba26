"""The calls on virtual machines that images feel: ``one.vm.*``.

Sources: ``src/rm/api/VirtualMachineAPI.cc`` and
``src/dm/DispatchManagerActions.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud import backup_runs, disks
from lifecycle.cloud.attributes import multiple, text_of
from lifecycle.cloud.authorization import Right, Subject
from lifecycle.cloud.calls import image_records, shared, vm_records
from lifecycle.cloud.calls.image_calls import parsed
from lifecycle.cloud.calls.remote import CallGroup, found, remote
from lifecycle.cloud.configuration import VM_ADMIN_ACTIONS
from lifecycle.cloud.disks import DiskRefused
from lifecycle.cloud.objects import DatastoreType
from lifecycle.cloud.quotas import check_quota
from lifecycle.cloud.vm_states import VmState
from lifecycle.cloud.vm_table import RECOVERS
from lifecycle.cloud.vm_triggers import VM_EVENTS
from lifecycle.refusal import (
    ActionRefused,
    ApiRefused,
    InternalRefused,
    NotFoundRefused,
    Refused,
)
from lifecycle.states import CLONABLE_TYPES

if TYPE_CHECKING:
    from lifecycle.cloud.vm import Disk, VirtualMachine
    from lifecycle.image import Image

ACTIONS = (
    "terminate",
    "terminate-hard",
    "hold",
    "release",
    "stop",
    "suspend",
    "resume",
    "reboot",
    "reboot-hard",
    "resched",
    "unresched",
    "poweroff",
    "poweroff-hard",
    "undeploy",
    "undeploy-hard",
)
"""The words that ``one.vm.action`` knows."""

RECOVERIES = ("failure", "success", "retry", "delete", "delete_recreate", "delete_db")
"""What ``one.vm.recover`` does, by the number of the operation."""

_NO_DISK = "VM disk does not exist"


class VmCalls(CallGroup):
    """The calls on one machine."""

    __slots__ = ()

    @remote("vm.allocate", "s", "b")
    def allocate(self, template: str, hold: bool = False) -> int:  # noqa: FBT001, FBT002 - as on the wire
        """Create a machine and give its id; a disk's image is taken at once.

        Raises:
            Refused: an image cannot be taken, or the template is wrong; none is taken then.
        """
        return allocate(self, multiple(parsed(template)), hold=hold)

    @remote("vm.info", "i", "b")
    def info(self, vm: int, decrypt: bool = False) -> VirtualMachine:  # noqa: ARG002, FBT001, FBT002 - as on the wire
        """Give a machine.

        Raises:
            Refused: there is none, or the right to use it is missing.
        """
        thing: VirtualMachine = self.existing(self.cloud.vms, vm, Right.USE_NO_LCK)
        return thing

    @remote("vm.deploy", "ii", "bis")
    def deploy(
        self,
        vm: int,
        host: int,
        enforce: bool = False,
        datastore: int = -1,
        template: str = "",
    ) -> int:
        """Send a machine to a host.

        Raises:
            Refused: the machine cannot be sent anywhere now, or there is no such host.
        """
        del enforce
        cloud = self.cloud
        if template:
            parsed(template)
        where = cloud.hosts.get(host)
        if where is None:
            raise NotFoundRefused(kind="HOST", number=host)
        thing = found(cloud.vms, vm, cloud.vms.get(vm))
        store = cloud.datastores.get(0 if datastore == -1 else datastore)
        if store is None:
            raise NotFoundRefused(kind="DATASTORE", number=datastore)
        if store.type is not DatastoreType.SYSTEM_DS:
            raise InternalRefused(
                f"Trying to use datastore [{store.id}] to deploy the VM, but it is not of type"
                " system datastore."
            )
        self.authorize(
            (Right.ADMIN, Subject("VM", thing)),
            (Right.MANAGE, Subject("HOST", where)),
            (Right.USE, Subject("DATASTORE", store)),
        )
        self._fire(thing, "deploy")
        return vm

    @remote("vm.action", "si")
    def action(self, word: str, vm: int) -> int:
        """Do one of the actions of a machine (see `ACTIONS`).

        Raises:
            Refused: the word is unknown, or the machine cannot do that now.
        """
        thing = self._machine(vm, word)
        if word not in ACTIONS:
            raise ActionRefused(f'Action "{word}" is not supported')
        self._fire(thing, word.replace("-", "_"))
        return vm

    @remote("vm.recover", "ii")
    def recover(self, vm: int, operation: int) -> int:
        """Recover a machine: 0 failure, 1 success, 2 retry, 3 delete, 4 recreate, 5 delete-db.

        Raises:
            Refused: the operation is unknown, or the machine needs no recovery.
        """
        if not 0 <= operation < len(RECOVERIES):
            raise ActionRefused("Wrong recovery operation code")
        thing = self._machine(vm, "recover")
        word = RECOVERIES[operation]
        if word in {"failure", "success"}:
            self._recover(thing, word)
        else:
            self._fire(thing, word)
        return vm

    def _recover(self, vm: VirtualMachine, how: str) -> None:
        state = vm.state
        self._fire(vm, "recover")
        if state is VmState.CLONING_FAILURE:
            self.cloud.later(self.cloud.fire_vm, vm.id, "images_changed")
        elif state is VmState.CLEANUP_DELETE:
            self.cloud.later(self.cloud.fire_vm, vm.id, "done")
        elif state is VmState.CLEANUP_RESUBMIT:
            self.cloud.later(self.cloud.fire_vm, vm.id, "cleanup_success")
        elif (event := RECOVERS.get(state)) is not None:
            self.cloud.later(self.cloud.fire_vm, vm.id, f"{event}_{how}")

    # Disks

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
        if not self.caller.admin:
            vm_records.refuse_restricted_disks(given, "DISK includes a restricted attribute ")
        objection = VM_EVENTS["attach"].objection(thing)
        if objection is not None:
            raise objection
        if not given:
            raise ActionRefused("Internal error parsing DISK attribute")
        self._take_disk(thing, given[0])
        self._fire(thing, "attach")
        return vm

    def _take_disk(self, vm: VirtualMachine, given: dict[str, str]) -> None:
        number = max((disk.id for disk in vm.disks), default=-1) + 1
        try:
            disk = disks.take(self.cloud, vm.id, vm.uid, given, number, attach=True)
        except DiskRefused as refusal:
            raise refusal.retold(ActionRefused, operation="attach") from refusal
        if disk.get("TYPE").upper() == "FILESYSTEM":
            # The image stays taken: oned does not release it here.
            raise ActionRefused(f"Can not attach disks {disk.get('TYPE')}")
        disk.attaching = True
        vm.disks.append(disk)

    @remote("vm.detach", "ii")
    def detach(self, vm: int, disk: int) -> int:
        """Detach a disk from a machine that is RUNNING or in POWEROFF.

        Raises:
            Refused: there is no such disk, or the machine cannot let it go now.
        """
        thing = self._machine(vm, "disk-detach")
        chosen = _disk(thing, disk)
        objection = VM_EVENTS["detach"].objection(thing)
        if objection is not None:
            raise objection
        if chosen.get("TYPE").upper() == "FILESYSTEM":
            raise ActionRefused("FILESYSTEM disks can not be detached")
        chosen.attaching = True
        self._fire(thing, "detach")
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
        objection = VM_EVENTS["disk_snapshot_create"].objection(thing)
        if objection is not None:
            raise objection
        try:
            number = disks.new_snapshot(cloud, chosen, name)
        except DiskRefused as refusal:
            raise ActionRefused(refusal.reason) from refusal
        self._fire(thing, "disk_snapshot_create")
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
        objection = VM_EVENTS["disk_snapshot_delete"].objection(thing)
        if objection is not None:
            raise objection
        if chosen.snapshots is None:
            raise ActionRefused("Snapshot does not exist")
        words = chosen.snapshots.objection(snapshot, persistent=chosen.persistent)
        if words:
            raise ActionRefused(words)
        chosen.snapshot = snapshot
        self._fire(thing, "disk_snapshot_delete")
        return vm

    @remote("vm.disksnapshotrevert", "iii")
    def disksnapshotrevert(self, vm: int, disk: int, snapshot: int) -> int:
        """Have a disk go back to a snapshot.

        Raises:
            Refused: there is no such disk or snapshot, or the machine is not in POWEROFF.
        """
        cloud = self.cloud
        thing = cloud.vms.get(vm)
        if thing is not None:
            chosen = _snapshot_disk(thing, disk, "Snapshots are not supported on disks of type: ")
        thing = self._machine(vm, "disk-snapshot-revert")
        objection = VM_EVENTS["disk_snapshot_revert"].objection(thing)
        if objection is not None:
            raise objection
        if chosen.snapshots is None:
            raise ActionRefused("Snapshot does not exist")
        if snapshot not in chosen.snapshots:
            raise ActionRefused(f"Disk id ({disk}) or snapshot id ({snapshot}) is not valid.")
        chosen.snapshot = snapshot
        self._fire(thing, "disk_snapshot_revert")
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
        self._fire(thing, "save_as")
        try:
            return self._save(thing, disk, name, type_, snapshot)
        except Refused:
            self._fire(thing, "save_as_end")
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

    # Backups

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
        objection = VM_EVENTS["backup"].objection(thing)
        if objection is not None:
            raise objection
        backups.datastore = store.id
        if reset:
            backups.reset_chain()
        self._fire(thing, "backup")
        return vm

    @remote("vm.updateconf", "is", "i")
    def updateconf(self, vm: int, template: str, append: int = 0) -> int:
        """Change what a machine's backups are to be like (BACKUP_CONFIG); 1 appends.

        Raises:
            Refused: the configuration is wrong.
        """
        if append not in (0, 1):
            raise ApiRefused("Wrong update type")
        given = multiple(parsed(template))
        thing: VirtualMachine = self._machine(vm, "updateconf")
        vm_records.configure_backups(thing, given, append=append == 1)
        self.cloud.vm_written(thing)
        return vm

    # Sharing

    @remote("vm.lock", "ii", "b")
    def lock(self, vm: int, level: int, test: bool = False) -> int:  # noqa: FBT001, FBT002 - as on the wire
        """Lock a machine against calls: 1 use, 2 manage, 3 admin, 4 all.

        Raises:
            Refused: the level is unknown, or somebody else holds the lock.
        """
        shared.lock(self, self.cloud.vms, vm, level, test=test)
        return vm

    @remote("vm.unlock", "i")
    def unlock(self, vm: int) -> int:
        """Take the lock off a machine.

        Raises:
            Refused: somebody else holds it.
        """
        shared.unlock(self, self.cloud.vms, vm)
        return vm

    @remote("vm.rename", "is")
    def rename(self, vm: int, name: str) -> int:
        """Give a machine another name.

        Raises:
            Refused: the name cannot be used.
        """
        thing = self._machine(vm, "rename")
        if objection := shared.objection_to(name):
            raise ActionRefused(objection)
        thing.name = name
        return vm

    def _machine(self, number: int, action: str) -> Any:
        right = Right.ADMIN if action in VM_ADMIN_ACTIONS else Right.MANAGE
        thing = found(self.cloud.vms, number, self.cloud.vms.get(number))
        self.authorize((right, Subject("VM", thing)))
        return thing

    def _fire(self, vm: VirtualMachine, event: str) -> None:
        VM_EVENTS[event].fire(vm)
        self.cloud.vm_written(vm)


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


def allocate(group: CallGroup, template: dict[str, list[Any]], *, hold: bool) -> int:
    """Create a machine and give its id.

    Raises:
        Refused: an image cannot be taken, or the template is wrong; none is taken then.
    """
    cloud, caller = group.cloud, group.caller
    given = [one for one in template.get("DISK", []) if isinstance(one, dict)]
    if not caller.admin:
        vm_records.refuse_restricted(template, given)
    group.authorize(
        (Right.CREATE, Subject("VM")),
        *vm_records.rights_on_images(cloud, caller.uid, given),
    )
    number = cloud.vms.take_id()
    try:
        vm = vm_records.new_vm(cloud, caller, template, given, number, hold=hold)
    except Refused:
        cloud.vms.give_back_id(number)
        raise
    cloud.vms.add(vm)
    VM_EVENTS["allocate"].fire(vm)
    cloud.vm_written(vm)
    if vm.state is VmState.CLONING:
        cloud.later(cloud.fire_vm, vm.id, "images_changed")
    return vm.id
