"""Legal histories of a cloud, told in short sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifecycle import Cloud

IMAGES, FILES, HOST = 1, 2, 0
"""The ids of the datastores for images and for files, and of the host."""

FAILURE, SUCCESS, RETRY, DELETE, RECREATE, DELETE_DB = range(6)
"""The operations of ``one.vm.recover``."""

_STATES = {
    1: "PENDING",
    2: "HOLD",
    3: "ACTIVE",
    4: "STOPPED",
    5: "SUSPENDED",
    6: "DONE",
    8: "POWEROFF",
    9: "UNDEPLOYED",
    10: "CLONING",
    11: "CLONING_FAILURE",
}


def new_image(cloud: Cloud, *, persistent: bool = False, more: str = "") -> int:
    """Allocate an image, LOCKED until MKFS is answered."""
    wanted = "YES" if persistent else "NO"
    image: int = cloud.image.allocate(
        f"NAME=image-{cloud.images.next_id}\nSIZE=10\nPERSISTENT={wanted}\n{more}", IMAGES
    )
    return image


def ready_image(cloud: Cloud, *, persistent: bool = False, more: str = "") -> int:
    """Allocate an image and have it made."""
    image = new_image(cloud, persistent=persistent, more=more)
    cloud.complete("MKFS", image)
    return image


def uploaded_image(cloud: Cloud, kind: str, datastore: int = IMAGES) -> int:
    """Allocate an image of a type from a path, and have it copied."""
    image: int = cloud.image.allocate(
        f"NAME=image-{cloud.images.next_id}\nTYPE={kind}\nPATH=/path", datastore
    )
    cloud.complete("CP", image)
    return image


def clone_of(cloud: Cloud, image: int) -> int:
    """Have an image cloned; CLONE is not answered yet."""
    copy: int = cloud.image.clone(image, f"image-{cloud.images.next_id}")
    return copy


def machine_on(cloud: Cloud, *images: int, hold: bool = False) -> int:
    """Create a machine with a disk of each image."""
    disks = "".join(f"DISK=[IMAGE_ID={image}]\n" for image in images)
    vm: int = cloud.vm.allocate(f"CPU=0.1\nMEMORY=64\n{disks}", hold)
    return vm


def running_machine_on(cloud: Cloud, *images: int) -> int:
    """Create a machine with a disk of each image, and send it to the host."""
    vm = machine_on(cloud, *images)
    cloud.vm.deploy(vm, HOST)
    return vm


def attach(cloud: Cloud, vm: int, image: int) -> None:
    """Attach a disk of an image to a machine."""
    cloud.vm.attach(vm, f"DISK=[IMAGE_ID={image}]")


def save_disk(cloud: Cloud, vm: int) -> int:
    """Save the first disk of a machine as a new image; MKFS is not answered yet."""
    image: int = cloud.vm.disksaveas(vm, 0, f"image-{cloud.images.next_id}", "", -1)
    return image


def image_with_snapshots(cloud: Cloud) -> int:
    """Make a persistent image with the snapshots 0 and 1, that a machine took and left."""
    image = ready_image(cloud, persistent=True)
    vm = running_machine_on(cloud, image)
    for name in ("first", "second"):
        cloud.vm.disksnapshotcreate(vm, 0, name)
    cloud.vm.action("terminate-hard", vm)
    return image


def backup_datastore(cloud: Cloud) -> int:
    """Make a datastore for backups."""
    datastore: int = cloud.datastore.allocate(
        "NAME=backups\nTYPE=BACKUP_DS\nDS_MAD=restic\nTM_MAD=-\nRESTIC_PASSWORD=secret"
    )
    return datastore


def shown_image(cloud: Cloud, image: int) -> str:
    """Show an image as the records do: state, counters, P, where it is cloned from, E."""
    one = cloud.images.get(image)
    if one is None:
        return "GONE"
    shown = f"{one.state.name} r{one.running_vms} c{one.cloning_ops}"
    shown += " P" if one.is_persistent else ""
    shown += f" <-{one.cloning_id}" if one.cloning_id != -1 else ""
    return shown + (" E" if "ERROR" in one.template else "")


def shown_machine(cloud: Cloud, vm: int) -> str:
    """Show a machine as the records do: STATE/LCM_STATE."""
    state = cloud.vms[vm].state
    return f"{_STATES[state.number]}/{state.name if state.active else 'LCM_INIT'}"
