"""What an image, a datastore and the order of the disks write into a machine's disk.

Sources: ``Image::disk_attribute``, ``Datastore::disk_attribute``, and
``VirtualMachineDisks::get_images``, ``set_up_attach`` and ``check_tm_mad`` of
OpenNebula 7.4.0.
"""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

from lifecycle.cloud.attributes import number_of, text_of
from lifecycle.cloud.configuration import (
    DEFAULT_PREFIX,
    DISK_TYPE_NAMES,
    INHERIT_DATASTORE,
    INHERIT_IMAGE,
)
from lifecycle.cloud.datastores import driver_of
from lifecycle.refusal import ActionRefused
from lifecycle.states import ImageType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.objects import Datastore
    from lifecycle.cloud.vm import Disk, VirtualMachine
    from lifecycle.image import Image

_WAITING = ("LOCKED", "LOCKED_USED", "LOCKED_USED_PERS")
_CDROM_PREFIX = "hd"
_TARGETS = ("CLONE_TARGET", "LN_TARGET")


def describe(cloud: Cloud, disk: Disk, image: Image) -> None:
    """Write what an image and its datastore say into a disk."""
    given = disk.attributes
    if not given.get("DEV_PREFIX") and image.type not in {ImageType.CDROM, ImageType.FILESYSTEM}:
        given["DEV_PREFIX"] = text_of(image.template, "DEV_PREFIX") or DEFAULT_PREFIX
    given["IMAGE"], given["IMAGE_ID"] = image.name, str(image.id)
    given["SOURCE"] = image.source
    given["ORIGINAL_SIZE"] = str(image.size)
    if not given.get("SIZE"):
        given["SIZE"] = str(image.size)
    total = 0 if image.snapshots is None else image.snapshots.total_size
    given["DISK_SNAPSHOT_TOTAL_SIZE"] = str(total)
    if image.format:
        given["DRIVER"] = given["FORMAT"] = image.format.lower()
    else:
        given.pop("DRIVER", None)
        given.pop("FORMAT", None)
    given["IMAGE_STATE"] = str(image.state.value)
    _describe_use(given, image)
    if image.state.name in _WAITING:
        given["CLONING"] = "YES"
    else:
        given.pop("CLONING", None)
    given["TYPE"] = _type_of(image)
    if not given.get("TARGET") and (target := text_of(image.template, "TARGET")):
        given["TARGET"] = target
    if given["TYPE"] == "FILESYSTEM":
        _describe_mount(given, image)
    _inherit(given, image.template, INHERIT_IMAGE)
    datastore = cloud.datastores.get(image.datastore_id)
    if datastore is not None:
        _describe_datastore(given, datastore)


def _type_of(image: Image) -> str:
    name = DISK_TYPE_NAMES.get(image.disk_type, "FILE")
    if image.type is ImageType.CDROM:
        return f"{name}_CDROM" if name in {"RBD", "SHEEPDOG", "GLUSTER"} else "CDROM"
    return name


def _describe_use(given: dict[str, str], image: Image) -> None:
    kind = text_of(image.template, "PERSISTENT_TYPE").upper()
    if image.type is ImageType.CDROM or kind == "IMMUTABLE":
        given.update(SAVE="NO", CLONE="NO", READONLY="YES")
        return
    if not given.get("READONLY"):
        given["READONLY"] = "YES" if text_of(image.template, "READONLY").upper() == "YES" else "NO"
    if image.is_persistent:
        given.update(PERSISTENT="YES", CLONE="NO", SAVE="YES")
        if kind == "SHAREABLE" and image.format.lower() in {"raw", "dir"}:
            given["SHAREABLE"] = "YES"
    else:
        given.update(CLONE="YES", SAVE="NO")


def _describe_mount(given: dict[str, str], image: Image) -> None:
    for name, usual in (
        ("MOUNT_POINT", f"/mnt/one-fs-{image.id}"),
        ("MOUNT_TAG", f"one-tag-{image.id}"),
    ):
        if not given.get(name):
            given[name] = text_of(image.template, name) or usual


def _describe_datastore(given: dict[str, str], datastore: Datastore) -> None:
    given.update(
        DATASTORE=datastore.name,
        DATASTORE_ID=str(datastore.id),
        TM_MAD=datastore.tm_mad,
        CLUSTER_ID="0",
    )
    system = given.get("TM_MAD_SYSTEM", "").strip().upper()
    for name in _TARGETS:
        value = system and text_of(datastore.template, f"{name}_{system}")
        value = value or text_of(datastore.template, name)
        if value and not given.get(name):
            given[name] = value
    _inherit(given, datastore.template, INHERIT_DATASTORE)
    if system and (kind := text_of(datastore.template, f"DISK_TYPE_{system}")):
        given["DISK_TYPE"] = kind
        cdrom = given.get("TYPE", "").endswith("CDROM")
        plain = "CDROM" if kind in {"FILE", "ISCSI", "NONE"} else f"{kind}_CDROM"
        given["TYPE"] = plain if cdrom else kind


def _inherit(given: dict[str, str], template: dict[str, object], names: Iterable[str]) -> None:
    for name in names:
        value = text_of(template, name)
        if value and not given.get(name):
            given[name] = value


def describe_volatile(given: dict[str, str], datastore: Datastore) -> None:
    """Write what a system datastore says into a volatile disk that will live there."""
    kind = given.get("TYPE", "").upper()
    _describe_datastore(given, datastore)
    driver = driver_of(datastore)
    if kind != "FS":
        driver = "raw"
    elif not driver:
        driver = given.get("FORMAT", "") or "raw"
    given["DRIVER"] = given["FORMAT"] = driver


def check_transfer(cloud: Cloud, vm: VirtualMachine, tm_mad: str) -> None:
    """Let a machine be deployed to a system datastore that all its disks can be brought to.

    The first time, the disks take over how that is done.

    Args:
        cloud: where the datastores are.
        vm: the machine.
        tm_mad: the transfer driver of the system datastore.

    Raises:
        ActionRefused: a disk's datastore does not know that driver.
    """
    if text_of(vm.template, "TM_MAD_SYSTEM"):
        return
    changes: list[tuple[Disk, dict[str, str]]] = []
    for disk in vm.disks:
        number = number_of(disk.attributes, "DATASTORE_ID")
        same = disk.get("TM_MAD").upper() == tm_mad.upper()
        if same or number is None or disk.get("TYPE") == "FILESYSTEM":
            continue
        datastore = cloud.datastores.get(number)
        if datastore is None:
            raise ActionRefused("Datastore does not exist")
        names = (*_TARGETS, "DISK_TYPE")
        values = [text_of(datastore.template, f"{name}_{tm_mad.upper()}") for name in names]
        if not all(values):
            raise ActionRefused(f"Image Datastore does not support transfer mode: {tm_mad}")
        change = dict(zip(names, values, strict=True)) | {"TM_MAD_SYSTEM": tm_mad}
        changes.append((disk, change))
    for disk, change in changes:
        disk.attributes.update(change)
    vm.template["TM_MAD_SYSTEM"] = [tm_mad]


# Targets: the names of the devices


def assign_targets(disks: list[tuple[Disk, ImageType]], context: dict[str, str] | None) -> str:
    """Give every disk of a new machine a TARGET; say in oned's words why not, or "".

    Args:
        disks: each with the type of its image, DATABLOCK for a volatile one.
        context: CONTEXT, which is a CD-ROM of its own, or None.
    """
    used: set[str] = set()
    system: list[dict[str, str]] = []
    cdroms: list[dict[str, str]] = []
    blocks: list[dict[str, str]] = []
    for disk, kind in disks:
        if target := disk.get("TARGET"):
            if target in used:
                return f"Two disks have defined the same target {target}"
            used.add(target)
        elif kind is ImageType.OS and not system:
            system.append(disk.attributes)
        elif kind is ImageType.CDROM:
            cdroms.append(disk.attributes)
        elif kind in {ImageType.OS, ImageType.DATABLOCK}:
            blocks.append(disk.attributes)
    if context is not None:
        cdroms.append(context)
        context["DISK_ID"] = str(len(disks))
    for queue, usual in ((system, DEFAULT_PREFIX), (cdroms, _CDROM_PREFIX), (blocks, "")):
        for attributes in queue:
            _assign(attributes, used, usual or DEFAULT_PREFIX)
    return ""


def assign_target(vm: VirtualMachine, disk: Disk, kind: ImageType) -> str:
    """Give a disk that is attached a TARGET; say in oned's words why not, or ""."""
    used = {one.get("TARGET") for one in vm.disks}
    used |= {one.get("TARGET", "") for one in context_of(vm)}
    target = disk.get("TARGET")
    if not target:
        usual = _CDROM_PREFIX if kind is ImageType.CDROM else DEFAULT_PREFIX
        _assign(disk.attributes, used, usual)
    elif target in used:
        return f"Target {target} is already in use."
    return ""


def context_of(vm: VirtualMachine) -> list[dict[str, str]]:
    """Give CONTEXT, if the machine has any."""
    return [one for one in vm.template.get("CONTEXT", []) if isinstance(one, dict)][:1]


def _assign(attributes: dict[str, str], used: set[str], usual: str) -> None:
    prefix = attributes.get("DEV_PREFIX") or usual
    number = 0
    while (target := prefix + _letters(number)) in used:
        number += 1
    attributes["TARGET"] = target
    used.add(target)


def _letters(number: int) -> str:
    """Count with letters: a, b, to z, then aa, ab and so on."""
    letters = ""
    number += 1
    while number > 0:
        number, rest = divmod(number - 1, len(ascii_lowercase))
        letters = ascii_lowercase[rest] + letters
    return letters
