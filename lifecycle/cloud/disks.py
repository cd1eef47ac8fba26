"""How a machine's disks take images, hold them, and let them go.

Sources: ``src/vm/VirtualMachineDisk.cc``, ``src/image/ImagePool.cc``,
``Image::disk_attribute`` and ``src/lcm`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.attributes import leading_number, number_of, text_of
from lifecycle.cloud.configuration import DEFAULT_PREFIX
from lifecycle.cloud.disk_attributes import describe
from lifecycle.cloud.vm import Disk, VirtualMachine
from lifecycle.cloud.vm_groups import SAVING
from lifecycle.cloud.vm_triggers import VM_EVENTS
from lifecycle.refusal import InternalRefused, Refused
from lifecycle.snapshots import Snapshots
from lifecycle.states import SNAPSHOT_TYPES, ImageType

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.image import Image


class DiskRefused(InternalRefused):
    """When a disk cannot take its image; the call that wanted it says so in its own words."""


def owner_of(cloud: Cloud, attributes: dict[str, str], uid: int) -> int:
    """Give whose image a disk names, by id, name, or the machine's owner; -1 if unknown."""
    if text := attributes.get("IMAGE_UID", ""):
        return int(text) if text.isdigit() else -1
    if name := attributes.get("IMAGE_UNAME", ""):
        user = cloud.users.named(name)
        return -1 if user is None else user.id
    return uid


def find_image(cloud: Cloud, attributes: dict[str, str], uid: int) -> Image | None:
    """Give the image that a disk names by id or by name, or None."""
    number = number_of(attributes, "IMAGE_ID")
    if number is not None:
        return cloud.images.get(number)
    if "IMAGE" in attributes:
        return cloud.images.named(attributes["IMAGE"], owner_of(cloud, attributes, uid))
    return None


def take(  # noqa: PLR0913 - what a disk is made of
    cloud: Cloud, vm: int, uid: int, attributes: dict[str, str], number: int, *, attach: bool
) -> Disk:
    """Make a disk of its attributes, and take its image.

    Args:
        cloud: where the image is.
        vm: the id of the machine.
        uid: the machine's owner.
        attributes: of the disk, as they were asked for.
        number: the disk's id.
        attach: whether the machine exists already.

    Raises:
        DiskRefused: with oned's reason; no image is taken then.
    """
    given = dict(attributes)
    if number_of(given, "IMAGE_ID") is None and "IMAGE" not in given:
        _check_volatile(given)
        given["DISK_ID"] = str(number)
        return Disk(given)
    image = _acquire(cloud, vm, uid, given, attach=attach)
    if objection := _size_objection(given, image):
        image.release(vm)
        raise DiskRefused(objection, operation="acquire", state=image.state)
    disk = Disk(given)
    describe(cloud, disk, image)
    if image.snapshots is not None and len(image.snapshots) and image.type in SNAPSHOT_TYPES:
        disk.snapshots = image.snapshots.copy()
    if disk.get("SERIAL") == "auto":
        given["SERIAL"] = f"{vm}-{number}"
    given["DISK_ID"] = str(number)
    return disk


def _acquire(cloud: Cloud, vm: int, uid: int, given: dict[str, str], *, attach: bool) -> Image:
    number = number_of(given, "IMAGE_ID")
    image = find_image(cloud, given, uid)
    if image is None:
        if number is not None:
            raise DiskRefused(f"Image with ID: {number} does not exist", operation="acquire")
        owner = owner_of(cloud, given, uid)
        raise DiskRefused(
            f"User {uid if owner == -1 else owner} does not own an image with name:"
            f" {given['IMAGE']} . Set IMAGE_UNAME or IMAGE_UID of owner in DISK.",
            operation="acquire",
        )
    try:
        if attach:
            image.attach(vm)
        else:
            image.acquire(vm)
    except Refused as refusal:
        raise refusal.retold(DiskRefused) from refusal
    return image


def _check_volatile(given: dict[str, str]) -> None:
    kind = given.get("TYPE", "").upper()
    if kind not in {"SWAP", "FS"}:
        raise DiskRefused(f"Unknown disk type {kind}", operation="acquire")
    if (number_of(given, "SIZE") or 0) <= 0:
        raise DiskRefused("SIZE attribute must be a positive integer value.", operation="acquire")
    if not given.get("DEV_PREFIX"):
        given["DEV_PREFIX"] = DEFAULT_PREFIX


def _size_objection(given: dict[str, str], image: Image) -> str:
    size = number_of(given, "SIZE")
    if size is None or size == image.size:
        return ""
    if image.is_persistent:
        return f"SIZE attribute is not supported for persistent image [{image.id}]."
    if image.type is ImageType.CDROM:
        return f"SIZE attribute is not supported for CDROM image [{image.id}]."
    if size < image.size:
        return f"SIZE of {size}MB is less than the image [{image.id}] size of {image.size}MB."
    return ""


# Letting go


def release_images(cloud: Cloud, vm: VirtualMachine, *, failed: bool) -> None:
    """A machine lets the images of all its disks go, once per disk."""
    for disk in vm.disks:
        image = cloud.images.get(disk.image_id)
        if image is None:
            continue
        size = disk.number("SIZE")
        if size > disk.number("ORIGINAL_SIZE"):
            image.write_size(size)
        keep_snapshots(disk, image)
        if failed:
            image.release_failed(vm.id)
        else:
            image.release(vm.id)


def keep_snapshots(disk: Disk, image: Image) -> None:
    """Write a disk's snapshots back to its image, or clear the image's."""
    kept = disk.snapshots if disk.keeps_snapshots else None
    image.write_snapshots(kept)


def remove_disk(cloud: Cloud, vm: VirtualMachine, *, backups: bool) -> None:
    """A machine loses the disk that is being attached or detached.

    The image is let go unless another disk of the machine has it too.
    """
    disk = vm.marked("attaching")
    if disk is None:
        return
    if backups and vm.backups is not None and vm.backups.configured:
        if disk.id in cloud.backup_disks(vm):
            vm.backups.reset_chain()
        vm.backups.select_disks(one for one in vm.backups.disk_ids if one != disk.id)
    vm.disks.remove(disk)
    image = cloud.images.get(disk.image_id)
    if image is None:
        return
    keep_snapshots(disk, image)
    if disk.image_id not in vm.image_ids():
        image.release(vm.id)


# Snapshots of disks


def end_snapshot(cloud: Cloud, vm: VirtualMachine, how: str) -> None:
    """A snapshot operation on a machine's disk has ended.

    Args:
        cloud: where the image is.
        vm: the machine.
        how: ``activate`` (taken), ``revert``, ``delete``, or ``keep`` (failed,
            nothing to be done).
    """
    disk = vm.marked("snapshot")
    if disk is None or disk.snapshot is None:
        return
    number, disk.snapshot = disk.snapshot, None
    size = -1
    snapshots = disk.snapshots
    if snapshots is not None:
        if how == "activate":
            snapshots.activate(number, revert=False)
        elif how == "revert":
            size = snapshots.size(number)
            disk.attributes["SIZE"] = str(size)
            snapshots.activate(number, revert=True)
            if snapshots.orphans.name == "LINEAR":
                snapshots.delete_younger(number)
        elif how == "delete":
            snapshots.delete(number)
        disk.attributes["DISK_SNAPSHOT_TOTAL_SIZE"] = str(snapshots.total_size)
    image = cloud.images.get(disk.image_id)
    if image is None or not disk.persistent or disk.target != "NONE":
        return
    if size >= 0:
        image.write_size(size)
    if disk.keeps_snapshots:
        image.write_snapshots(snapshots)


def new_snapshot(cloud: Cloud, disk: Disk, name: str) -> int:
    """Note a snapshot of a disk that is to be taken, and give its id.

    Raises:
        DiskRefused: with oned's reason.
    """
    if disk.volatile:
        raise DiskRefused("Cannot make snapshots on volatile disks")
    size = number_of(disk.attributes, "SIZE")
    if size is None:
        raise DiskRefused("Wrong size in disk")
    if disk.yes("READONLY"):
        raise DiskRefused("Cannot make snapshots on readonly disks")
    if disk.snapshots is None:
        disk.snapshots = Snapshots(disk.orphans)
    disk.snapshot = disk.snapshots.create(name, size, cloud.now())
    disk.attributes["DISK_SNAPSHOT_TOTAL_SIZE"] = str(disk.snapshots.total_size)
    return disk.snapshot


# Save-as


def start_save_as_copy(cloud: Cloud, image: Image) -> None:
    """The target of a save-as was made: the machine starts to copy its disk into it.

    Source: ``ImageManager::_mkfs``.
    """
    vm = cloud.vms.get(_saved(image, "SAVED_VM_ID"))
    tail = f": {image.source}" if image.source and image.source[0] != "-" else ""
    if vm is None:
        image.save_as_lost(f"Image created to save as a disk but VM does not exist.{tail}")
        return
    disk = vm.marked("saving")
    if vm.state not in SAVING or disk is None:
        image.save_as_lost(f"Image created to save as disk but VM is no longer running{tail}")
        return
    disk.attributes["HOTPLUG_SAVE_AS"] = str(image.id)
    disk.attributes["HOTPLUG_SAVE_AS_SOURCE"] = image.source
    named = vm.disk(_saved(image, "SAVED_DISK_ID"))
    form = "" if named is None else named.format
    if not vm.has_history:
        cloud.later(cloud.fire_vm, vm.id, "save_as_failure")
    else:
        cloud.ask_for_vm(vm, "tm", "SAVEAS")
    cloud.vm_written(vm)
    if form:
        image.save_as_formatted(form)
        return
    image.save_as_lost(
        "Image created to save as a disk but VM disk does not contains either FORMAT or DRIVER"
        f" attribute.{tail}"
    )


def end_save_as(cloud: Cloud, image: Image) -> None:
    """The machine that was to save a disk into the image leaves its save-as state."""
    vm = cloud.vms.get(_saved(image, "SAVED_VM_ID"))
    if vm is not None:
        VM_EVENTS["save_as_end"].fire(vm)
        cloud.vm_written(vm)


def _saved(image: Image, name: str) -> int:
    """Give a number that a save-as left in its target: where there is none, oned reads 0."""
    return leading_number(text_of(image.template, name)) or 0
