"""How an image is born, each way tried in a real cloud."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from lifecycle.analysis.exploration.configuration import (
    Bounds,
    Configuration,
    Holder,
    arranged,
    record_of,
)
from lifecycle.cloud.cloud import Cloud
from lifecycle.refusal import Refused
from lifecycle.states import FILE_TYPES, SNAPSHOT_TYPES, ImageType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.image import Image

_WAYS = {
    "PATH": 'PATH="/file"',
    "empty": 'SIZE="1"',
    "SOURCE": 'SOURCE="/disk" SIZE="1" FORMAT="raw"',
}
_DEFAULT, _FILES = 1, 2
_WITHOUT_IMAGE = 'CPU="1" MEMORY="1" DISK=[TYPE="fs",SIZE="1",FORMAT="raw"]'


def born(bounds: Bounds) -> Iterator[tuple[str, Cloud, Image]]:
    """Give every way of birth within bounds: its name, the cloud that it was tried in, the image.

    The image has the id 0 in its cloud.
    """
    for kind, persistent, shareable in product(bounds.types, (False, True), (False, True)):
        for way, words in _WAYS.items():
            made = _registered(kind, words, persistent=persistent, shareable=shareable)
            if made is not None:
                yield _name(way, kind, persistent=persistent, shareable=shareable), *made
    for kind, persistent in product(bounds.types, (False, True)):
        copied = _copied(kind, persistent=persistent)
        if copied is not None:
            yield _name("copy", kind, persistent=persistent, shareable=False), *copied
    if ImageType.BACKUP in bounds.types and bounds.machines:
        yield "BACKUP of a machine", *_backed_up()
    for kind, shareable in product(bounds.types, (False, True)):
        if kind in SNAPSHOT_TYPES and bounds.snapshots:
            name = _name("SOURCE", kind, persistent=True, shareable=shareable)
            yield f"{name}, with snapshots", *_with_snapshots(kind, bounds, shareable=shareable)


def births(bounds: Bounds) -> dict[str, Configuration]:
    """Give the configurations in which an image can be born, by how; each once."""
    found: dict[Configuration, str] = {}
    for name, cloud, image in born(bounds):
        found.setdefault(beginning(cloud, image, bounds), name)
    return {name: configuration for configuration, name in found.items()}


def beginning(cloud: Cloud, image: Image, bounds: Bounds) -> Configuration:
    """Give the configuration of an image that was just born; what it counts are ghosts.

    Only a backup counts a machine at birth, and never lets it go.
    """
    open_ = (
        () if bounds.unasked else (one.action for one in cloud.drivers.open if one.id == image.id)
    )
    ghosts = [Holder.GHOST] * image.running_vms
    free = [Holder.NONE] * (bounds.machines - image.running_vms)
    return Configuration(
        record_of(image, open_),
        arranged([*ghosts, *free], symmetry=bounds.symmetry),
        (Holder.NONE,) * bounds.clones,
    )


def _name(way: str, kind: ImageType, *, persistent: bool, shareable: bool) -> str:
    flags = " persistent" * persistent + " shareable" * shareable
    return f"{kind.name}{flags}, {way}"


def _registered(
    kind: ImageType, words: str, *, persistent: bool, shareable: bool
) -> tuple[Cloud, Image] | None:
    cloud = Cloud(journal=False)
    flags = f' TYPE="{kind.name}" PERSISTENT="{"YES" if persistent else "NO"}"'
    if shareable:
        flags += ' PERSISTENT_TYPE="SHAREABLE"'
    store = _FILES if kind in FILE_TYPES else _DEFAULT
    try:
        number = cloud.image.allocate(f'NAME="image" {words}{flags}', store)
    except Refused:
        return None
    return cloud, cloud.images[number]


def _copied(kind: ImageType, *, persistent: bool) -> tuple[Cloud, Image] | None:
    made = _registered(kind, _WAYS["SOURCE"], persistent=persistent, shareable=False)
    if made is None:
        return None
    cloud, source = made
    # The copy is the image in question, and so the one with the id 0.
    cloud.images.clear()
    source.id, source.name = 1, "source"
    cloud.images.add(source)
    cloud.images.next_id = 0
    try:
        number = cloud.image.clone(source.id, "image")
    except Refused:
        return None
    return cloud, cloud.images[number]


def _backed_up() -> tuple[Cloud, Image]:
    cloud = Cloud(journal=False)
    store = cloud.datastore.allocate(
        'NAME="vault" TYPE="BACKUP_DS" DS_MAD="restic" TM_MAD="-" RESTIC_PASSWORD="p"'
    )
    vm = cloud.vm.allocate(_WITHOUT_IMAGE)
    cloud.vm.deploy(vm, 0)
    cloud.vm.backup(vm, store)
    return cloud, cloud.images[0]


def _with_snapshots(kind: ImageType, bounds: Bounds, *, shareable: bool) -> tuple[Cloud, Image]:
    made = _registered(kind, _WAYS["SOURCE"], persistent=True, shareable=shareable)
    assert made is not None, kind  # noqa: S101 - every type with snapshots can be persistent
    cloud, image = made
    vm = cloud.vm.allocate(f'CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image.id}"]')
    cloud.vm.deploy(vm, 0)
    for number in range(bounds.snapshots):
        cloud.vm.disksnapshotcreate(vm, 0, f"snapshot-{number}")
    cloud.vm.action("terminate", vm)
    return cloud, image
