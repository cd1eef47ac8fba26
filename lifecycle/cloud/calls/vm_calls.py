"""The calls on virtual machines that images feel: ``one.vm.*``.

Sources: ``src/rm/api/VirtualMachineAPI.cc`` and
``src/dm/DispatchManagerActions.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud import disk_attributes
from lifecycle.cloud.attributes import multiple
from lifecycle.cloud.authorization import Right, Subject
from lifecycle.cloud.calls import shared, vm_records
from lifecycle.cloud.calls.remote import found, remote
from lifecycle.cloud.calls.shared import parsed
from lifecycle.cloud.calls.vm_backup_calls import VmBackupCalls
from lifecycle.cloud.calls.vm_disk_calls import VmDiskCalls
from lifecycle.cloud.configuration import VM_RESTRICTED
from lifecycle.cloud.objects import Datastore, DatastoreType
from lifecycle.cloud.vm import HIDDEN_ATTRIBUTES, OWN_ATTRIBUTES
from lifecycle.cloud.vm_groups import RECOVERS
from lifecycle.cloud.vm_states import VmState
from lifecycle.cloud.vm_triggers import VM_EVENTS
from lifecycle.refusal import (
    ActionRefused,
    InternalRefused,
    NotFoundRefused,
    Refused,
)

if TYPE_CHECKING:
    from lifecycle.cloud.calls.remote import CallGroup
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.vm import VirtualMachine

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


class VmCalls(VmDiskCalls, VmBackupCalls):
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
        enforce: bool = False,  # noqa: FBT001, FBT002 - as on the wire
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
        store = _system_datastore(cloud, datastore)
        self.authorize(
            (Right.ADMIN, Subject("VM", thing)),
            (Right.MANAGE, Subject("HOST", where)),
            (Right.USE, Subject("DATASTORE", store)),
        )
        self.test(thing, "deploy")
        disk_attributes.check_transfer(cloud, thing, store.tm_mad)
        thing.host, thing.datastore = where.id, store.id
        for disk in thing.disks:
            if disk.volatile:
                disk_attributes.describe_volatile(disk.attributes, store)
        self.fire(thing, "deploy")
        return vm

    @remote("vm.action", "si")
    def action(self, word: str, vm: int) -> int:
        """Do one of the actions of a machine (see `ACTIONS`).

        Raises:
            Refused: the word is unknown, or the machine cannot do that now.
        """
        thing = self.machine(vm, word)
        if word not in ACTIONS:
            raise ActionRefused(f'Action "{word}" is not supported')
        self.fire(thing, word.replace("-", "_"))
        return vm

    @remote("vm.recover", "ii")
    def recover(self, vm: int, operation: int) -> int:
        """Recover a machine: 0 failure, 1 success, 2 retry, 3 delete, 4 recreate, 5 delete-db.

        Raises:
            Refused: the operation is unknown, or the machine needs no recovery.
        """
        if not 0 <= operation < len(RECOVERIES):
            raise ActionRefused("Wrong recovery operation code")
        thing = self.machine(vm, "recover")
        word = RECOVERIES[operation]
        if word in {"failure", "success"}:
            self._recover(thing, word)
        else:
            self.fire(thing, word)
        return vm

    def _recover(self, vm: VirtualMachine, how: str) -> None:
        state = vm.state
        self.fire(vm, "recover")
        if state is VmState.CLONING_FAILURE:
            self.cloud.later(self.cloud.fire_vm, vm.id, "images_changed")
        elif state is VmState.CLEANUP_DELETE:
            self.cloud.later(self.cloud.fire_vm, vm.id, "done")
        elif state is VmState.CLEANUP_RESUBMIT:
            self.cloud.later(self.cloud.fire_vm, vm.id, "cleanup_success")
        elif (event := RECOVERS.get(state)) is not None:
            self.cloud.later(self.cloud.fire_vm, vm.id, f"{event}_{how}")

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
        shared.rename(self, self.cloud.vms, vm, name)
        return vm

    @remote("vm.chmod", "iiiiiiiiii")
    def chmod(self, vm: int, *bits: int) -> int:
        """Change the nine permission bits of a machine, owner USE first; -1 keeps.

        Raises:
            Refused: a value is not -1, 0 or 1.
        """
        shared.chmod(self, self.cloud.vms, vm, bits)
        return vm

    @remote("vm.chown", "iii")
    def chown(self, vm: int, uid: int, gid: int) -> int:
        """Give a machine another owner or group; -1 keeps what there is.

        Raises:
            Refused: there is no such user or group, or the machine is DONE.
        """
        pool = self.cloud.vms
        thing, user, group = shared.new_owner(self, pool, vm, uid, gid)
        if thing.state is VmState.DONE:
            raise ActionRefused("Could not change VM ownership, wrong state", state=thing.state)
        thing.uid = thing.uid if user is None else user
        thing.gid = thing.gid if group is None else group
        self.cloud.vm_written(thing)
        return vm

    @remote("vm.update", "is", "i")
    def update(self, vm: int, template: str, append: int = 0) -> int:
        """Replace (0) or append to (1) the user's attributes of a machine.

        Raises:
            Refused: the text is no template, or names what only administrators may set.
        """
        thing = self.authorized(self.cloud.vms, vm)
        shared.check_append(append)
        found(self.cloud.vms, vm, thing)
        try:
            given = multiple(parsed(template))
        except InternalRefused as refusal:
            raise refusal.retold(ActionRefused) from refusal
        shared.refuse_changed(self, given, thing.template, VM_RESTRICTED, append=append == 1)
        fixed = OWN_ATTRIBUTES | HIDDEN_ATTRIBUTES
        own = {name: value for name, value in thing.template.items() if name in fixed}
        thing.template = {**(thing.template if append else {}), **given, **own}
        self.cloud.vm_written(thing)
        return vm


def _system_datastore(cloud: Cloud, number: int) -> Datastore:
    """Give the system datastore that a machine is deployed to, -1 for the usual one.

    Raises:
        Refused: there is none, or it is of another type.
    """
    if number == -1:
        usual = [one for one in cloud.datastores if one.type is DatastoreType.SYSTEM_DS]
        if not usual:
            raise ActionRefused("cluster [0] does not have any datastore of type SYSTEM_DS.")
        return usual[0]
    store = cloud.datastores.get(number)
    if store is None:
        raise NotFoundRefused(kind="DATASTORE", number=number)
    if store.type is not DatastoreType.SYSTEM_DS:
        raise InternalRefused(
            f"Trying to use datastore [{store.id}] to deploy the VM, but it is not of type"
            " system datastore."
        )
    return store


def allocate(
    group: CallGroup,
    template: dict[str, list[Any]],
    *,
    hold: bool,
    rights: tuple[tuple[Right, Subject], ...] | None = None,
) -> int:
    """Create a machine and give its id.

    Args:
        group: the calls that ask.
        template: of the machine.
        hold: whether it is created on hold.
        rights: what is needed besides the rights on the images; None for what
            ``one.vm.allocate`` needs.

    Raises:
        Refused: an image cannot be taken, or the template is wrong; none is taken then.
    """
    cloud, caller = group.cloud, group.caller
    given = [one for one in template.get("DISK", []) if isinstance(one, dict)]
    if rights is None:
        vm_records.refuse_restricted(group, template, "VM Template")
        rights = ((Right.CREATE, Subject("VM")),)
    group.authorize(*rights, *vm_records.rights_on_images(cloud, caller.uid, given))
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
