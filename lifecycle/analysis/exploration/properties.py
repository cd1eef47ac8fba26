"""What should hold in every cloud: questions in Python that name the objects of which it fails.

They are general: none knows of a history that breaks it. Which ones do not
hold, and how that comes about, the exploration finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifecycle.cloud.objects import AppState
from lifecycle.cloud.vm_groups import SAVING
from lifecycle.cloud.vm_states import VmState
from lifecycle.guards import is_true, shareable
from lifecycle.states import FILE_TYPES, ImageState, ImageType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.image import Image

_IN_USE = frozenset(
    {
        ImageState.USED,
        ImageState.USED_PERS,
        ImageState.LOCKED_USED,
        ImageState.LOCKED_USED_PERS,
    }
)
_LOCKED = frozenset(state for state in ImageState if state.locked)
_FREE = frozenset({ImageState.READY, ImageState.DISABLED, ImageState.LOCKED, ImageState.DELETE})
_PERS = frozenset({ImageState.USED_PERS, ImageState.LOCKED_USED_PERS})
_USABLE = frozenset({ImageState.READY, *_IN_USE}) - {
    ImageState.LOCKED_USED,
    ImageState.LOCKED_USED_PERS,
}


class Breach(NamedTuple):
    """An object of which a property does not hold.

    Attributes:
        kind: ``image`` or ``machine``.
        number: its id.
        state: the state that it is in.
    """

    kind: str
    number: int
    state: str


class Property(NamedTuple):
    """Something that should hold in every cloud.

    Attributes:
        name: in few words with hyphens.
        says: the sentence.
        broken: gives the objects of which it does not hold.
    """

    name: str
    says: str
    broken: Callable[[Cloud], Iterator[Breach]]


def of_images(name: str, says: str, fails: Callable[[Cloud, Image], bool]) -> Property:
    """Give a property of every image, by the question whether it fails."""

    def broken(cloud: Cloud) -> Iterator[Breach]:
        for image in cloud.images:
            if fails(cloud, image):
                yield Breach("image", image.id, image.state.name)

    return Property(name, says, broken)


def of_machines(name: str, says: str, fails: Callable[[Cloud, VirtualMachine], bool]) -> Property:
    """Give a property of every machine that is not DONE, by the question whether it fails."""

    def broken(cloud: Cloud) -> Iterator[Breach]:
        for vm in cloud.vms:
            if vm.state is not VmState.DONE and fails(cloud, vm):
                yield Breach("machine", vm.id, vm.state.name)

    return Property(name, says, broken)


def ghost_machines(cloud: Cloud, image: Image) -> list[int]:
    """Give the machines that an image counts and that do not have it as a disk."""
    if image.type is ImageType.BACKUP:
        return []
    found = []
    for number in sorted(image.vms):
        vm = cloud.vms.get(number)
        if vm is None or vm.state is VmState.DONE or image.id not in vm.image_ids():
            found.append(number)
    return found


def ghost_clones(cloud: Cloud, image: Image) -> list[int]:
    """Give the copies that an image counts and that are not being made of it."""
    found = []
    for number in sorted(image.clones):
        copy = cloud.images.get(number)
        if copy is None or copy.cloning_id != image.id:
            found.append(number)
    return found


def ghost_apps(cloud: Cloud, image: Image) -> list[int]:
    """Give the apps that an image counts and that do not take it over."""
    apps = ((number, cloud.apps.get(number)) for number in sorted(image.app_clones))
    return [number for number, app in apps if app is None or app.state is not AppState.LOCKED]


def holders(image: Image) -> int:
    """Count the machines, copies and apps that an image counts."""
    return image.running_vms + image.cloning_ops


def asked(cloud: Cloud, image: Image) -> set[str]:
    """Give what the datastore was asked about an image and has not answered."""
    return {one.action for one in cloud.drivers.open if one.role == "ds" and one.id == image.id}


def _is_filled(cloud: Cloud, image: Image) -> bool:
    return any(
        one.action == "SAVEAS" and disk.saved_into == image.id
        for one in cloud.drivers.open
        for vm in cloud.vms
        if vm.id == one.id
        for disk in vm.disks
    )


def _idle(cloud: Cloud, image: Image) -> bool:
    return image.state in _LOCKED and not asked(cloud, image) and not _is_filled(cloud, image)


def _unfit(_: Cloud, image: Image) -> bool:
    if image.state not in _IN_USE or image.type is ImageType.BACKUP:
        return False
    return image.is_persistent is not (image.state in _PERS)


def _crowded(cloud: Cloud, image: Image) -> bool:
    # One that is written to by each machine, not copied for each.
    if not image.is_persistent or shareable(image, None):
        return False
    return image.type is not ImageType.BACKUP and len(_living(cloud, image)) > 1


def _living(cloud: Cloud, image: Image) -> list[VirtualMachine]:
    return [vm for vm in cloud.vms if vm.state is not VmState.DONE and image.id in vm.image_ids()]


def _orphan(cloud: Cloud, image: Image) -> bool:
    if image.cloning_id == -1:
        return False
    source = cloud.images.get(image.cloning_id)
    return source is None or image.id not in source.clones


def _lost(cloud: Cloud, vm: VirtualMachine) -> bool:
    return any(number not in cloud.images for number in vm.image_ids())


def _uncounted(cloud: Cloud, vm: VirtualMachine) -> bool:
    images = (cloud.images.get(number) for number in vm.image_ids())
    return any(image is not None and vm.id not in image.vms for image in images)


def _waits_in_vain(cloud: Cloud, vm: VirtualMachine) -> bool:
    if vm.state not in {VmState.CLONING, VmState.CLONING_FAILURE}:
        return False
    images = [cloud.images.get(number) for number in vm.waits_for()]
    if vm.state is VmState.CLONING:
        return not any(image is not None and image.state in _LOCKED for image in images)
    return not any(image is not None and image.state is ImageState.ERROR for image in images)


def _saves_in_vain(cloud: Cloud, vm: VirtualMachine) -> bool:
    if vm.state not in SAVING:
        return False
    targets = (
        image
        for image in cloud.images
        if is_true(image.template.get("SAVE_AS_HOT"))
        and image.template.get("SAVED_VM_ID") == str(vm.id)
    )
    return not any(image.state in _LOCKED for image in targets)


def _on_sand(cloud: Cloud, vm: VirtualMachine) -> bool:
    images = (cloud.images.get(number) for number in vm.image_ids())
    return vm.state is VmState.RUNNING and any(
        image is not None and image.state in {ImageState.ERROR, ImageState.DELETE, ImageState.READY}
        for image in images
    )


PROPERTIES = (
    of_images(
        "machines-are-there",
        "Every machine that an image counts has the image as a disk.",
        lambda cloud, image: bool(ghost_machines(cloud, image)),
    ),
    of_images(
        "copies-are-under-way",
        "Every copy that an image counts is being made of it.",
        lambda cloud, image: bool(ghost_clones(cloud, image)),
    ),
    of_images(
        "exports-are-under-way",
        "Every app that an image counts takes it over.",
        lambda cloud, image: bool(ghost_apps(cloud, image)),
    ),
    of_images(
        "used-by-somebody",
        "An image in use, or being cloned, counts somebody.",
        lambda _, image: (
            (image.state in _IN_USE or image.state is ImageState.CLONE) and not holders(image)
        ),
    ),
    of_images(
        "free-of-holders",
        "An image that is READY, DISABLED, LOCKED or being deleted counts nobody.",
        lambda _, image: (
            image.state in _FREE and bool(holders(image)) and image.type is not ImageType.BACKUP
        ),
    ),
    of_images(
        "locked-with-a-reason",
        "An image is LOCKED only while a driver works on it.",
        _idle,
    ),
    of_images(
        "deleted-with-a-reason",
        "An image is in DELETE only while the datastore removes it.",
        lambda cloud, image: image.state is ImageState.DELETE and "RM" not in asked(cloud, image),
    ),
    of_images(
        "removed-only-when-deleted",
        "The datastore removes only what is in DELETE.",
        lambda cloud, image: image.state is not ImageState.DELETE and "RM" in asked(cloud, image),
    ),
    of_images(
        "state-fits-persistence",
        "A persistent image in use is USED_PERS, any other USED.",
        _unfit,
    ),
    of_images(
        "written-by-one",
        "A persistent image that is not shareable is the disk of one machine at most.",
        _crowded,
    ),
    of_images(
        "usable-has-a-source",
        "An image that can be used has a SOURCE.",
        lambda _, image: image.state in _USABLE and image.source == "",
    ),
    of_images(
        "not-marked-for-force",
        "FORCE_DELETE stands only on what is being deleted.",
        lambda _, image: (
            is_true(image.template.get("FORCE_DELETE")) and image.state is not ImageState.DELETE
        ),
    ),
    of_images(
        "copied-from-somewhere",
        "The image that CLONING_ID names is there, and counts the copy.",
        _orphan,
    ),
    of_images(
        "never-a-persistent-cdrom",
        "A CDROM is not persistent, and neither is a file.",
        lambda _, image: image.is_persistent and image.type in {ImageType.CDROM, *FILE_TYPES},
    ),
    of_images(
        "snapshot-target-while-locked",
        "TARGET_SNAPSHOT is set only while the datastore works on a snapshot.",
        lambda cloud, image: (
            image.target_snapshot != -1
            and not any(action.startswith("SNAP_") for action in asked(cloud, image))
        ),
    ),
    of_images(
        "held-by-the-living",
        "An image that machines wait for, or use, has one that lives.",
        lambda cloud, image: (
            image.state in _IN_USE
            and 0 < len(image.vms) == len(ghost_machines(cloud, image))
            and not image.cloning_ops
        ),
    ),
    of_images(
        "backups-are-idle",
        "No machine uses a backup as a disk.",
        lambda _, image: image.type is ImageType.BACKUP and image.state in _IN_USE,
    ),
    of_machines(
        "disks-are-there",
        "The image of every disk is there.",
        _lost,
    ),
    of_machines(
        "disks-are-counted",
        "The image of every disk counts the machine.",
        _uncounted,
    ),
    of_machines(
        "waits-for-something",
        "A machine in CLONING waits for a LOCKED image, one in CLONING_FAILURE has one in ERROR.",
        _waits_in_vain,
    ),
    of_machines(
        "saves-into-something",
        "A machine that saves a disk has a LOCKED image to save it into.",
        _saves_in_vain,
    ),
    of_machines(
        "runs-on-firm-ground",
        "The image of a machine that runs is in use.",
        _on_sand,
    ),
)
"""What should hold of every image and machine, whatever happens."""

WISHES = (
    of_images(
        "datastores-answer",
        "The datastore answers whatever it is asked.",
        lambda cloud, image: image.state in _LOCKED and bool(asked(cloud, image)),
    ),
    of_images(
        "what-is-deleted-goes",
        "An image whose file is there is not in ERROR.",
        lambda _, image: image.state is ImageState.ERROR and image.source != "",
    ),
    of_machines(
        "copies-succeed",
        "No machine waits for an image in ERROR.",
        lambda _, vm: vm.state is VmState.CLONING_FAILURE,
    ),
)
"""What would be good, and does not hold wherever a datastore is slow or fails."""


def free(cloud: Cloud, number: int) -> bool:
    """Tell whether an image is READY and counts nobody, or gone: where everything can end."""
    image = cloud.images.get(number)
    return image is None or (image.state is ImageState.READY and not holders(image))
