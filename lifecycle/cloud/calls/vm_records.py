"""How the record of a new machine is made: what is checked, and how its disks take their images.

Sources: ``VirtualMachine::insert`` and ``VirtualMachineDisks::get_images`` of
OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud import backup_runs, disk_attributes, disks
from lifecycle.cloud.attributes import number_of, text_of
from lifecycle.cloud.authorization import Caller, Right, Subject, permissions_for
from lifecycle.cloud.backups import INCREMENT, Backups
from lifecycle.cloud.configuration import VM_RESTRICTED
from lifecycle.cloud.disks import DiskRefused
from lifecycle.cloud.names import objection_to
from lifecycle.cloud.restricted import first_of
from lifecycle.cloud.vm import Disk, VirtualMachine
from lifecycle.cloud.vm_states import VmState as S
from lifecycle.guards import is_true
from lifecycle.refusal import AuthorizationRefused, InternalRefused
from lifecycle.states import ImageType

if TYPE_CHECKING:
    from lifecycle.cloud.calls.remote import CallGroup
    from lifecycle.cloud.cloud import Cloud

_CONFIGURABLE = frozenset(
    {
        S.PENDING,
        S.HOLD,
        S.POWEROFF,
        S.UNDEPLOYED,
        S.CLONING,
        S.CLONING_FAILURE,
        S.PROLOG,
        S.RUNNING,
        S.EPILOG,
        S.SHUTDOWN,
        S.CLEANUP_RESUBMIT,
        S.SHUTDOWN_POWEROFF,
        S.CLEANUP_DELETE,
        S.HOTPLUG_SAVEAS_POWEROFF,
        S.SHUTDOWN_UNDEPLOY,
        S.EPILOG_UNDEPLOY,
        S.PROLOG_UNDEPLOY,
        S.HOTPLUG_PROLOG_POWEROFF,
        S.HOTPLUG_EPILOG_POWEROFF,
        S.BOOT_FAILURE,
        S.PROLOG_FAILURE,
        S.EPILOG_FAILURE,
        S.EPILOG_UNDEPLOY_FAILURE,
        S.BOOT_UNDEPLOY_FAILURE,
        S.PROLOG_UNDEPLOY_FAILURE,
        S.DISK_SNAPSHOT_POWEROFF,
        S.DISK_SNAPSHOT_REVERT_POWEROFF,
        S.DISK_SNAPSHOT_DELETE_POWEROFF,
    }
)
"""The states in which ``one.vm.updateconf`` is accepted."""


_TAKEN_OUT = frozenset({"BACKUP_CONFIG", "DISK", "NAME"})


def rights_on_images(
    cloud: Cloud, uid: int, given: list[dict[str, str]]
) -> list[tuple[Right, Subject]]:
    """Give the rights that disks need on their images; an image that is not there needs none."""
    asked = []
    for attributes in given:
        by_name = {name: value for name, value in attributes.items() if name != "IMAGE_ID"}
        chosen = by_name if "IMAGE" in attributes else attributes
        image = disks.find_image(cloud, chosen, uid)
        if image is not None:
            if "IMAGE" in attributes:
                attributes["IMAGE_ID"] = str(image.id)
            right = Right.USE_NO_LCK if is_true(attributes.get("CLONING")) else Right.USE
            asked.append((right, Subject("IMAGE", image)))
    return asked


def refuse_restricted(group: CallGroup, template: dict[str, list[Any]], head: str) -> None:
    """Let pass a template without attributes that only administrators may set.

    Raises:
        AuthorizationRefused: there is one; its name follows the head of the message.
    """
    if not group.caller.admin and (name := first_of(template, VM_RESTRICTED)):
        raise AuthorizationRefused(f"{head} includes a restricted attribute {name}")


def new_vm(  # noqa: PLR0913 - what a record is made of
    cloud: Cloud,
    caller: Caller,
    template: dict[str, list[Any]],
    given: list[dict[str, str]],
    number: int,
    *,
    hold: bool,
) -> VirtualMachine:
    """Make the record of a new machine, with all its images taken, or none.

    Raises:
        InternalRefused: the template is wrong, or an image cannot be taken.
    """
    prefix = text_of(template, "TEMPLATE_NAME") or "one"
    name = text_of(template, "NAME") or f"{prefix}-{number}"
    if objection := objection_to(name):
        raise InternalRefused(objection, operation="allocate")
    if (number_of(template, "MEMORY") or 0) <= 0:
        raise InternalRefused("MEMORY attribute must be a positive integer value.")
    if _number(text_of(template, "CPU")) <= 0:
        raise InternalRefused("CPU attribute must be a positive float or integer value.")
    vcpu = text_of(template, "VCPU")
    if vcpu and (number_of(template, "VCPU") or 0) <= 0:
        raise InternalRefused("VCPU attribute must be a positive integer value.")
    vm = VirtualMachine(
        number,
        name,
        caller.uid,
        caller.gid,
        permissions_for(caller),
        template={key: value for key, value in template.items() if key not in _TAKEN_OUT},
        on_hold=hold or is_true(text_of(template, "SUBMIT_ON_HOLD")),
        stime=cloud.now(),
        world=cloud,
    )
    for attributes in given:
        attributes.pop("TM_MAD_SYSTEM", None)
        if system := text_of(template, "TM_MAD_SYSTEM"):
            attributes["TM_MAD_SYSTEM"] = system
    vm.disks = take_all(cloud, vm, given)
    try:
        configure_backups(vm, template, append=False)
    except InternalRefused:
        disks.release_images(cloud, vm, failed=False)
        raise
    return vm


def take_all(cloud: Cloud, vm: VirtualMachine, given: list[dict[str, str]]) -> list[Disk]:
    """Take the images of all disks; when one cannot be taken, those already taken are let go.

    Raises:
        InternalRefused: with the number of the disk and the reason.
    """
    taken: list[tuple[Disk, ImageType]] = []
    try:
        for number, attributes in enumerate(given):
            disk = _take(cloud, vm, attributes, number)
            image = cloud.images.get(disk.image_id)
            kind = ImageType.DATABLOCK if image is None else image.type
            if kind is ImageType.FILESYSTEM:
                _check_filesystem(disk, [one for one, _ in taken])
            taken.append((disk, kind))
        _assign_targets(vm, taken)
    except InternalRefused:
        for disk, _ in taken:
            image = cloud.images.get(disk.image_id)
            if image is not None:
                image.release(vm.id)
        raise
    return [disk for disk, _ in taken]


def _assign_targets(vm: VirtualMachine, taken: list[tuple[Disk, ImageType]]) -> None:
    context = disk_attributes.context_of(vm)
    objection = disk_attributes.assign_targets(taken, context[0] if context else None)
    if objection:
        raise InternalRefused(objection)


def _take(cloud: Cloud, vm: VirtualMachine, attributes: dict[str, str], number: int) -> Disk:
    try:
        return disks.take(cloud, vm.id, vm.uid, attributes, number, attach=False)
    except DiskRefused as refusal:
        reason = f"DISK {number}: {refusal.reason}"
        raise refusal.retold(InternalRefused, reason) from refusal


def _check_filesystem(disk: Disk, taken: list[Disk]) -> None:
    if any(other.image_id == disk.image_id for other in taken):
        raise InternalRefused("File system image can only be added once to the same VM")
    tag = disk.get("MOUNT_TAG")
    if tag and any(other.get("MOUNT_TAG") == tag for other in taken):
        raise InternalRefused(f"MOUNT_TAG '{tag}' is duplicated across disks")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def backups_of(vm: VirtualMachine) -> Backups:
    """Give what a machine knows of its backups; nothing yet is new, and not the machine's."""
    return Backups() if vm.backups is None else vm.backups


def configure_backups(vm: VirtualMachine, template: dict[str, list[Any]], *, append: bool) -> None:
    """Take over BACKUP_CONFIG, where a template has one.

    Raises:
        InternalRefused: it is wrong; nothing is taken over then.
    """
    values = template.get("BACKUP_CONFIG", [])
    if not values:
        return
    given = values[0]
    if not isinstance(given, dict):
        raise InternalRefused("Internal error parsing BACKUP_CONFIG attribute.")
    backups = backups_of(vm)
    volatile = is_true(given.get("BACKUP_VOLATILE"))
    if append and not given.get("BACKUP_VOLATILE"):
        volatile = backups.config.get("BACKUP_VOLATILE") == "YES"
    wanted = Backups(dict(backups.config), backups.ids)
    objection = wanted.configure(
        given,
        can_increment=backup_runs.can_increment(vm, volatile=volatile),
        append=append,
        eligible=backup_runs.eligible(vm, volatile=volatile),
    )
    if objection:
        raise InternalRefused(objection)
    vm.backups = wanted


def reconfigure_backups(
    vm: VirtualMachine, template: dict[str, list[Any]], *, append: bool
) -> None:
    """Change BACKUP_CONFIG, where a template has one and the machine's state allows it.

    Source: ``VirtualMachine::updateconf``.

    Raises:
        InternalRefused: the state does not allow it, or the configuration is wrong.
    """
    if vm.state not in _CONFIGURABLE:
        raise InternalRefused(
            f"configuration cannot be updated in state {vm.state.printed}", state=vm.state
        )
    values = template.get("BACKUP_CONFIG", [])
    given = values[0] if values and isinstance(values[0], dict) else {}
    volatile = is_true(given.get("BACKUP_VOLATILE"))
    if append and not given.get("BACKUP_VOLATILE"):
        volatile = backups_of(vm).config.get("BACKUP_VOLATILE") == "YES"
    if given.get("MODE", "").upper() == INCREMENT and not backup_runs.can_increment(
        vm, volatile=volatile
    ):
        raise InternalRefused(
            "VM cannot use backup increment mode, it has disks snapshots or disks are not qcow2."
        )
    configure_backups(vm, template, append=append)
