"""What calls do to an image, and refuse, where no recorded history had them made.

Where a check of a call comes before the image's own, the image is asked
itself; the situation is then one that no call leads into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lifecycle import Image, ImageState
from lifecycle.analysis.coverage import Coverage
from tests.cloud.histories import (
    HOST,
    backup_datastore,
    image_with_snapshots,
    machine_on,
    ready_image,
    running_machine_on,
)
from tests.cloud.unrecorded import Case, expected, image_in, play, situation, unasked

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle import Cloud


def backup(cloud: Cloud) -> None:
    """Image 1 is a backup of machine 0, which runs on image 0."""
    cloud.vm.backup(running_machine_on(cloud, ready_image(cloud)), backup_datastore(cloud))


def backup_without_source(cloud: Cloud) -> None:
    """The same, but an answer that nobody asked for has taken SOURCE away."""
    backup(cloud)
    unasked("MKFS", 1, payload="")(cloud)


def snapshot_being_deleted(cloud: Cloud) -> None:
    """Image 0 is LOCKED, and its snapshot 1 is being removed."""
    cloud.image.snapshotdelete(image_with_snapshots(cloud), 1)


def tree_of_snapshots(cloud: Cloud) -> None:
    """Image 0 has the snapshots 0, and on it 1 and 2; 2 is the active one."""
    store = cloud.datastore.allocate("NAME=tree\nDS_MAD=fs\nTM_MAD=qcow2")
    system = cloud.datastore.allocate("NAME=tree-system\nTYPE=SYSTEM_DS\nTM_MAD=qcow2")
    image = cloud.image.allocate("NAME=image\nSIZE=10\nPERSISTENT=YES", store)
    cloud.complete("MKFS", image, "/ds/image")
    vm = machine_on(cloud, image)
    cloud.vm.deploy(vm, HOST, False, system)
    for name in ("root", "leaf"):
        cloud.vm.disksnapshotcreate(vm, 0, name)
    cloud.vm.action("poweroff-hard", vm)
    cloud.vm.disksnapshotrevert(vm, 0, 0)
    cloud.vm.disksnapshotcreate(vm, 0, "active")
    cloud.vm.action("terminate-hard", vm)


def grown_disk(**image: object) -> Callable[[Cloud], None]:
    """Machine 0 is powered off, and its disk has grown from 10 to 25 MB: disks do not grow here."""
    attributes = {"DISK_ID": "0", "IMAGE_ID": "0", "ORIGINAL_SIZE": "10", "SIZE": "25"}
    return situation(
        images=[{"id": 0, "size": 10, "vms": [0], **image}],
        vms=[
            {"id": 0, "state": "POWEROFF", "actions": [""], "disks": [{"attributes": attributes}]}
        ],
    )


TERMINATED = {
    "image 0 running_vms": 0,
    "image 0 state": "READY",
    "image 0 vms": [],
    "vm 0 actions": ["TERMINATE"],
    "vm 0 etime": "now",
    "vm 0 state": "DONE",
}


def terminate(cloud: Cloud) -> None:
    cloud.vm.action("terminate", 0)


DELETED = "ImageManager::delete_image"
ACCEPTED = [
    Case(
        "chtype: any -> stays [type_known, type_in_family, has_snapshots, type_with_snapshots,"
        " not backup, not filesystem]",
        "ImageAPI::change_type, Image::set_type",
        image_with_snapshots,
        lambda cloud: cloud.image.chtype(0, "datablock"),
        {"image 0 type": "DATABLOCK"},
    ),
    Case(
        # ImageManager::_rm takes a backup off its machine's list; delete_image does not.
        "delete: READY -> GONE [has_vms, backup, not has_source]",
        DELETED,
        backup_without_source,
        lambda cloud: cloud.image.delete(1),
        {"image 1": None},
    ),
    Case(
        "delete_force: READY -> GONE [has_vms, backup, not has_source]",
        DELETED,
        backup_without_source,
        lambda cloud: cloud.image.delete(1, True),
        {"image 1": None},
    ),
    Case(
        "delete_force: READY -> DELETE [has_vms, backup, has_source]",
        f"ImageAPI::del_image, {DELETED}",
        backup,
        lambda cloud: cloud.image.delete(1, True),
        {"image 1 state": "DELETE", "image 1 FORCE_DELETE": "YES"},
        asked=("ds RM 1",),
    ),
    Case(
        "delete_force: LOCKED -> DELETE [has_source, not saving]",
        f"ImageAPI::del_image, {DELETED}",
        snapshot_being_deleted,
        lambda cloud: cloud.image.delete(0, True),
        {"image 0 state": "DELETE", "image 0 FORCE_DELETE": "YES"},
        asked=("ds RM 0",),
    ),
    Case(
        "snapshot_delete: READY -> LOCKED [snapshot_type, snapshot_exists, snapshot_in_tree,"
        " not snapshot_active, not snapshot_has_children]",
        "ImageManager::delete_snapshot, Snapshots::test_delete_image",
        tree_of_snapshots,
        lambda cloud: cloud.image.snapshotdelete(0, 1),
        {"image 0 state": "LOCKED", "image 0 target_snapshot": 1},
        asked=("ds SNAP_DELETE 0",),
    ),
    Case(
        "write_size: USED_PERS -> stays [snapshot_type]",
        "VirtualMachineDisks::release_images, ImageManager::set_image_size",
        grown_disk(state="USED_PERS", is_persistent=True),
        terminate,
        TERMINATED | {"image 0 size": 25, "image 0 modtime": "now"},
        asked=("tm TRANSFER.epilog 0",),
    ),
    Case(
        "write_size: any -> ignored",
        "VirtualMachineDisks::release_images, ImageManager::set_image_size",
        grown_disk(state="USED"),
        terminate,
        TERMINATED,
        asked=("tm TRANSFER.epilog 0",),
    ),
]


def market_and_backup(cloud: Cloud) -> None:
    """The same as `backup`, and there is a marketplace, 100."""
    backup(cloud)
    cloud.market.allocate("NAME=market\nMARKET_MAD=http\nBASE_URL=http://a\nPUBLIC_DIR=/b")


PERSISTENT = "ImageAPI::persistent"
CHTYPE = "ImageAPI::change_type, Image::str_to_type"
SNAPSHOTS = "ImageManager::delete_snapshot, Snapshots::test_delete_image"

REFUSED_CALLS = [
    Case(
        "persistent: any -> refused ACTION [backup]",
        PERSISTENT,
        # A backup that is not persistent: loaded.
        image_in("READY", type="BACKUP"),
        lambda cloud: cloud.image.persistent(0, True),
        {},
        refused="ACTION: BACKUP images must be persistent",
    ),
    Case(
        "nonpersistent: any -> refused ACTION [file]",
        PERSISTENT,
        # A persistent KERNEL: loaded.
        image_in("READY", type="KERNEL", is_persistent=True),
        lambda cloud: cloud.image.persistent(0, False),
        {},
        refused="ACTION: KERNEL, RAMDISK and CONTEXT must be non-persistent",
    ),
    Case(
        "nonpersistent: any -> refused ACTION [backup]",
        PERSISTENT,
        backup,
        lambda cloud: cloud.image.persistent(1, False),
        {},
        refused="ACTION: BACKUP images must be persistent",
    ),
    Case(
        "chtype: any -> refused ACTION [backup]",
        "ImageAPI::change_type",
        backup,
        lambda cloud: cloud.image.chtype(1, "BACKUP"),
        {},
        refused="ACTION: Cannot change type forBACKUP images.",
    ),
    Case(
        "chtype: any -> refused INTERNAL [has_snapshots, not type_with_snapshots]",
        "ImageAPI::change_type, Image::set_type",
        image_with_snapshots,
        lambda cloud: cloud.image.chtype(0, "CDROM"),
        {},
        refused="INTERNAL: Image with snapshots can be only of type OS or DATABLOCK",
    ),
    Case(
        # The number of the image's own type, 2, is added to a C string.
        "chtype: any -> refused INTERNAL [not type_known]",
        f"{CHTYPE}, Image::set_type",
        image_in("READY", type="DATABLOCK"),
        lambda cloud: cloud.image.chtype(0, "FLOPPY"),
        {},
        refused="INTERNAL: known type ",
    ),
    Case(
        "snapshot_delete: READY -> refused ACTION [snapshot_active]",
        SNAPSHOTS,
        tree_of_snapshots,
        lambda cloud: cloud.image.snapshotdelete(0, 2),
        {},
        refused="ACTION: Cannot delete the active snapshot",
    ),
    Case(
        "snapshot_delete: READY -> refused ACTION",
        SNAPSHOTS,
        tree_of_snapshots,
        lambda cloud: cloud.image.snapshotdelete(0, 0),
        {},
        refused="ACTION: Cannot delete snapshot with children",
    ),
    Case(
        "export: any -> refused INTERNAL [backup]",
        "MarketPlaceManager::import_app, ImageManager::set_clone_state",
        market_and_backup,
        lambda cloud: cloud.marketapp.allocate("NAME=app\nORIGIN_ID=1", 100),
        # The app stays.
        {"app 0": "there", "app 0 state": "ERROR", "app 0 ERROR": "Cannoe clone backup images"},
        refused="INTERNAL: Cannoe clone backup images",
    ),
]


# An image itself is asked.

STAT = "ImageManager::stat_image, ImageAllocateAPI::allocate"

REFUSED = [
    Case(
        "allocate: INIT -> refused INTERNAL [filesystem, not has_path]",
        STAT,
        image_in("INIT", type="FILESYSTEM", source="/ds/image", format="raw"),
        lambda cloud: cloud.images[0].allocate(),
        {},
        refused="INTERNAL: Cannot parse image SIZE: Missing PATH attribute.",
    ),
    Case(
        "allocate: INIT -> refused INTERNAL [not has_path, not has_source, not backup]",
        STAT,
        image_in("INIT", type="CDROM"),
        lambda cloud: cloud.images[0].allocate(),
        {},
        refused="INTERNAL: Cannot parse image SIZE: Either PATH or SOURCE are required for CDROM",
    ),
    Case(
        "allocate: INIT -> refused ALLOCATE [backup]",
        "ImagePool::allocate",
        image_in("INIT", type="BACKUP", path="/path"),
        lambda cloud: cloud.images[0].allocate(),
        {},
        refused="ALLOCATE: Error allocating a new image. IMAGES of type BACKUP can only be"
        " registered in an BACKUP_DS datastore",
    ),
    Case(
        "allocate_backup: INIT -> refused ALLOCATE [backup]",
        "Image::insert",
        image_in("INIT", type="BACKUP", is_persistent=True),
        lambda cloud: cloud.images[0].allocate_backup(0),
        {},
        refused="ALLOCATE: Error allocating a new image. SOURCE cannot be empty for BACKUP images",
    ),
    Case(
        "flatten_increments: any -> refused ACTION [not backup]",
        "ImageManager::flatten_increments",
        ready_image,
        lambda cloud: cloud.images[0].flatten_increments(),
        {},
        refused="ACTION: Image is not of type BACKUP",
    ),
    Case(
        "flatten_increments: any but READY -> refused ACTION",
        "ImageManager::flatten_increments",
        image_in("USED_PERS", type="BACKUP"),
        lambda cloud: cloud.images[0].flatten_increments(),
        {},
        # oned prints USED for USED_PERS.
        refused="ACTION: Cannot flatten increments in state USED",
    ),
]

ONCE = "An image is born once."
IGNORED = [
    Case(
        "allocate_backup: INIT -> ignored",
        "LifeCycleManager::create_backup_image makes images of type BACKUP only",
        image_in("INIT", source="/ds/image"),
        lambda cloud: cloud.images[0].allocate_backup(0),
        {},
        logged=("Only a BACKUP is born of a backup.",),
    ),
    Case(
        "allocate_save_as: INIT -> ignored",
        "VirtualMachineAPI::disk_save_as sets SAVE_AS_HOT always",
        image_in("INIT", template={"SAVE_AS_HOT": "NO"}),
        lambda cloud: cloud.images[0].allocate_save_as(),
        {},
        logged=("Only an image with SAVE_AS_HOT is born of a disk that is saved.",),
    ),
    *(
        Case(
            f"{birth}: any but INIT -> ignored",
            "Image::insert is called for a new record only",
            image_in("READY", source="/ds/image"),
            event,
            {},
            logged=(ONCE,),
        )
        for birth, event in (
            ("allocate", lambda cloud: cloud.images[0].allocate()),
            ("allocate_clone", lambda cloud: cloud.images[0].allocate_clone()),
            ("allocate_save_as", lambda cloud: cloud.images[0].allocate_save_as()),
            ("allocate_backup", lambda cloud: cloud.images[0].allocate_backup(0)),
        )
    ),
]

CASES = [*ACCEPTED, *REFUSED_CALLS, *REFUSED, *IGNORED]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_a_call_does_what_the_source_says(case: Case) -> None:
    assert play(case, Coverage()) == expected(case)


NEVER_UNMET = {
    ("allocate_backup", "backup"): "an image of another type is not refused but ignored",
    ("nonpersistent", "persistent"): "where it is not, there is nothing to do: accepted",
    ("persistent", "not persistent"): "where it is already, there is nothing to do: accepted",
}
"""The guards that no refusal can be for want of, each with the reason."""


@pytest.mark.parametrize("state", ImageState)
def test_what_a_guard_in_that_list_does_not_let_pass_is_not_refused(state: ImageState) -> None:
    assert Image(state=state).allocate_backup(0) is False
    assert Image(state=state).nonpersistent() is True
    assert Image(state=state, persistent=True).persistent() is True
