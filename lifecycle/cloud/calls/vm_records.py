"""How the record of a new machine is made: what is checked, and how its disks take their images.

Sources: ``VirtualMachine::insert`` and ``VirtualMachineDisks::get_images`` of
OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud import backup_runs, disks
from lifecycle.cloud.attributes import number_of, text_of
from lifecycle.cloud.authorization import Caller, Right, Subject, permissions_for
from lifecycle.cloud.backups import Backups
from lifecycle.cloud.configuration import DISK_RESTRICTED, VM_RESTRICTED
from lifecycle.cloud.disks import DiskRefused
from lifecycle.cloud.names import objection_to
from lifecycle.cloud.vm import Disk, VirtualMachine
from lifecycle.guards import is_true
from lifecycle.refusal import AuthorizationRefused, InternalRefused

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud


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


def refuse_restricted(template: dict[str, list[Any]], given: list[dict[str, str]]) -> None:
    """Let pass a template without attributes that only administrators may set.

    Raises:
        AuthorizationRefused: there is one.
    """
    head = "VM Template includes a restricted attribute "
    for name in VM_RESTRICTED:
        if name in template:
            raise AuthorizationRefused(head + name)
    refuse_restricted_disks(given, head)


def refuse_restricted_disks(given: list[dict[str, str]], head: str) -> None:
    """Let pass disks without attributes that only administrators may set.

    Raises:
        AuthorizationRefused: there is one; its name follows the head of the message.
    """
    for attributes in given:
        for name in DISK_RESTRICTED:
            if name in attributes:
                raise AuthorizationRefused(head + name)


def new_vm(
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
        template={key: value for key, value in template.items() if key not in {"NAME", "DISK"}},
        on_hold=hold or is_true(text_of(template, "SUBMIT_ON_HOLD")),
        stime=cloud.now(),
        world=cloud,
    )
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
    taken: list[Disk] = []
    targets: set[str] = set()
    try:
        for number, attributes in enumerate(given):
            disk = _take(cloud, vm, attributes, number)
            if _is_filesystem_twice(disk, taken):
                raise InternalRefused("File system image can only be added once to the same VM")
            taken.append(disk)
            target = disk.get("TARGET")
            if target and target in targets:
                raise InternalRefused(f"Two disks have defined the same target {target}")
            targets.add(target)
    except InternalRefused:
        for disk in taken:
            image = cloud.images.get(disk.image_id)
            if image is not None:
                image.release(vm.id)
        raise
    return taken


def _take(cloud: Cloud, vm: VirtualMachine, attributes: dict[str, str], number: int) -> Disk:
    try:
        return disks.take(cloud, vm.id, vm.uid, attributes, number, attach=False)
    except DiskRefused as refusal:
        reason = f"DISK {number}: {refusal.reason}"
        raise refusal.retold(InternalRefused, reason) from refusal


def _is_filesystem_twice(disk: Disk, taken: list[Disk]) -> bool:
    return disk.get("TYPE") == "FILESYSTEM" and any(
        other.image_id == disk.image_id for other in taken
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def backups_of(vm: VirtualMachine) -> Backups:
    """Give what a machine knows of its backups, made now if there is nothing yet."""
    if vm.backups is None:
        vm.backups = Backups()
    return vm.backups


def configure_backups(vm: VirtualMachine, template: dict[str, list[Any]], *, append: bool) -> None:
    """Take over BACKUP_CONFIG, where a template has one.

    Raises:
        InternalRefused: it is wrong.
    """
    given = next((one for one in template.get("BACKUP_CONFIG", []) if isinstance(one, dict)), None)
    if given is None:
        return
    volatile = is_true(given.get("BACKUP_VOLATILE"))
    objection = backups_of(vm).configure(
        given,
        can_increment=backup_runs.can_increment(vm, volatile=volatile),
        append=append,
        eligible=backup_runs.eligible(vm, volatile=volatile),
    )
    if objection:
        raise InternalRefused(objection)
