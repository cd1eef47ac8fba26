"""What answers of drivers do to an image where no recorded history had them come.

oned takes every answer at face value, also one that nobody asked for; so each
of these situations is reached by calls, but for what is marked otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lifecycle.analysis.coverage import Coverage
from lifecycle.cloud.backups import Backups
from lifecycle.snapshots import Orphans, Snapshots
from tests.cloud.histories import (
    DELETE,
    DELETE_DB,
    clone_of,
    image_with_snapshots,
    machine_on,
    new_image,
    ready_image,
    running_machine_on,
    save_disk,
)
from tests.cloud.unrecorded import Case, expected, image_in, play, situation, unasked

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle import Cloud

UNLOCK = "Image::set_state_unlock, LifeCycleManager::trigger_disk_lock_success"
FAIL = "Image::set_state, LifeCycleManager::trigger_disk_lock_failure"


def waited_for(*, persistent: bool = False) -> Callable[[Cloud], None]:
    """Image 0 is being made, and machine 0 waits for it."""

    def make(cloud: Cloud) -> None:
        machine_on(cloud, new_image(cloud, persistent=persistent))

    return make


def failed(*, persistent: bool = False) -> Callable[[Cloud], None]:
    """Image 0 could not be made, and machine 0, that waited for it, is in CLONING_FAILURE."""

    def make(cloud: Cloud) -> None:
        waited_for(persistent=persistent)(cloud)
        cloud.fail("MKFS", 0)

    return make


def goes_on(state: str, **more: object) -> dict[str, Any]:
    """Image 0 is in use, and machine 0 does not wait for it any more."""
    return {
        "image 0 state": state,
        "vm 0 state": "PENDING",
        "vm 0 disk 0 CLONING": None,
        **{f"image 0 {name}": value for name, value in more.items()},
    }


def marked(given: Callable[[Cloud], None]) -> Callable[[Cloud], None]:
    """The same, but snapshot 0 is the target of an operation, and a flatten is under way.

    No call leads there: an image that machines wait for has been no READY one before.
    """

    def make(cloud: Cloud) -> None:
        given(cloud)
        image = cloud.images[0]
        image.snapshots = Snapshots(Orphans.ALLOW)
        for name, size in (("first", 4), ("second", 5)):
            image.snapshots.create(name, size, 0)
        image.snapshots.activate(1, revert=False)
        image.target_snapshot = 0
        cloud.vms[0].backups = Backups({"ACTIVE_FLATTEN": "YES"})

    return make


def _unlocks() -> list[Case]:
    """Answers to operations on snapshots and increments, in states that they do not begin in."""
    no_target: dict[str, Any] = {"target_snapshot": -1}
    flat = "Error flattening backup increments"
    answers: dict[str, tuple[bool, str, dict[str, Any]]] = {
        "snap_delete_success": (True, "", no_target | {"snapshots": "1*"}),
        "snap_delete_failure": (
            False,
            "why",
            no_target | {"ERROR": "Error removing snapshot 0 from image 0: why"},
        ),
        "snap_revert_success": (True, "", no_target | {"snapshots": "0* 1", "size": 4}),
        "snap_revert_failure": (
            False,
            "why",
            no_target | {"ERROR": "Error reverting image 0 to snapshot 0: why"},
        ),
        "snap_flatten_success": (True, "", no_target | {"snapshots": None}),
        "snap_flatten_failure": (
            False,
            "why",
            no_target | {"ERROR": "Error flattening image snapshot: why"},
        ),
        # An image that is no backup has no increment of id 0; the sum of none is 0 MB.
        "increment_flatten_success": (
            True,
            "7 0:/ds/new",
            {"size": 0, "ERROR": f"{flat}: 7 0:/ds/new"},
        ),
        "increment_flatten_failure": (False, "-", {"ERROR": flat}),
    }
    ways: dict[str, tuple[str, Callable[[Cloud], None], str]] = {
        "LOCKED_USED -> USED": ("", waited_for(), "USED"),
        "LOCKED_USED_PERS -> USED_PERS": ("", waited_for(persistent=True), "USED_PERS"),
        "ERROR -> USED_PERS": (" [has_vms, persistent]", failed(persistent=True), "USED_PERS"),
        "ERROR -> USED": (" [has_vms, not persistent]", failed(), "USED"),
    }
    cases = []
    for answer, (ok, payload, changes) in answers.items():
        action = answer.rpartition("_")[0]
        ended = {"vm 0 backups ACTIVE_FLATTEN": "NO"} if "increment" in action else {}
        for way, (guards, given, state) in ways.items():
            key = f"{answer}: {way}{guards}"
            source = f"ImageManager::_{action}, {UNLOCK}"
            event = unasked(action.upper(), ok=ok, payload=payload)
            result = goes_on(state, **changes) | ended
            cases.append(Case(key, source, marked(given), event, result))
    return cases


def failed_clone(cloud: Cloud) -> None:
    """Image 1, a persistent copy, has failed under machine 0, which waited for it."""
    waited_for_clone(cloud, persistent=True)
    cloud.fail("CLONE", 1)


def waited_for_clone(cloud: Cloud, *, persistent: bool = False) -> None:
    """Image 1 is being copied from image 0, and machine 0 waits for it."""
    machine_on(cloud, clone_of(cloud, ready_image(cloud, persistent=persistent)))


def copied(cloud: Cloud) -> None:
    """Image 1 is being copied from image 0."""
    clone_of(cloud, ready_image(cloud))


BIRTHS = [
    Case(
        "cp_success: ERROR -> USED [answer_has_source, answer_has_format, has_vms, not persistent]",
        f"ImageManager::_cp, {UNLOCK}",
        failed(),
        unasked("CP", payload="/ds/new qcow2"),
        goes_on("USED", source="/ds/new", format="qcow2")
        | {
            "vm 0 disk 0 SOURCE": "/ds/new",
            "vm 0 disk 0 FORMAT": "qcow2",
            "vm 0 disk 0 DRIVER": "qcow2",
        },
    ),
    Case(
        "clone_success: ERROR -> USED_PERS [answer_has_source, has_vms, persistent]",
        f"ImageManager::_clone, {UNLOCK}",
        failed_clone,
        unasked("CLONE", 1, payload="/ds/new qcow2"),
        {
            "image 1 state": "USED_PERS",
            "image 1 source": "/ds/new",
            "image 1 format": "qcow2",
            "vm 0 state": "PENDING",
            "vm 0 disk 0 CLONING": None,
            "vm 0 disk 0 SOURCE": "/ds/new",
            "vm 0 disk 0 FORMAT": "qcow2",
            "vm 0 disk 0 DRIVER": "qcow2",
        },
    ),
    Case(
        "clone_success: LOCKED_USED|LOCKED_USED_PERS -> ERROR [not answer_has_source]",
        f"ImageManager::_clone, release_cloning_resource, {FAIL}",
        waited_for_clone,
        unasked("CLONE", 1, payload=""),
        {
            "image 0 state": "READY",
            "image 0 cloning_ops": 0,
            "image 0 clones": [],
            "image 1 state": "ERROR",
            "image 1 ERROR": "Error cloning from Image 0",
            "image 1 cloning_id": -1,
            "vm 0 state": "CLONING_FAILURE",
        },
    ),
    Case(
        "clone_success: any but LOCKED_USED|LOCKED_USED_PERS -> ERROR [not answer_has_source]",
        "ImageManager::_clone, release_cloning_resource",
        copied,
        unasked("CLONE", 1, payload=" "),
        {
            "image 0 state": "READY",
            "image 0 cloning_ops": 0,
            "image 0 clones": [],
            "image 1 state": "ERROR",
            "image 1 ERROR": "Error cloning from Image 0:  ",
            "image 1 cloning_id": -1,
        },
    ),
]


# Image 0 is the disk of machine 0, and is saved into image 1.


def saving(cloud: Cloud) -> None:
    """MKFS of image 1 is not answered yet."""
    save_disk(cloud, running_machine_on(cloud, ready_image(cloud)))


def copying(cloud: Cloud) -> None:
    """The transfer driver copies the disk into image 1."""
    saving(cloud)
    cloud.complete("MKFS", 1)


def saving_for_another(cloud: Cloud) -> None:
    """The same, and machine 1 waits for image 1."""
    saving(cloud)
    machine_on(cloud, 1)


def copying_for_another(cloud: Cloud) -> None:
    """The same, and machine 1 waits for image 1."""
    copying(cloud)
    machine_on(cloud, 1)


def saving_of_a_machine_without_record(cloud: Cloud) -> None:
    """The machine that saves has been taken off the database, and machine 1 waits for image 1."""
    saving_for_another(cloud)
    cloud.vm.recover(0, DELETE_DB)


def copying_persistent_for_another(cloud: Cloud) -> None:
    """Image 1 was made persistent while it was LOCKED."""
    copying(cloud)
    cloud.image.persistent(1, True)
    machine_on(cloud, 1)


def copying_failed(cloud: Cloud) -> None:
    """An answer that nobody asked for has sent image 1 to ERROR, the copy still goes on."""
    copying(cloud)
    unasked("CP", 1, ok=False)(cloud)


def copying_failed_for_another(*, persistent: bool) -> Callable[[Cloud], None]:
    """The same, and machine 1 has waited for image 1."""

    def make(cloud: Cloud) -> None:
        (copying_persistent_for_another if persistent else copying_for_another)(cloud)
        unasked("CP", 1, ok=False)(cloud)

    return make


def copying_ended_early(cloud: Cloud) -> None:
    """An answer that nobody asked for has made image 1 ready, the copy still goes on."""
    copying(cloud)
    unasked("CP", 1, payload="/ds/new raw")(cloud)


NO_COPY = {
    "vm 0 disk 0 saving": False,
    "vm 0 disk 0 HOTPLUG_SAVE_AS_SNAPSHOT_ID": None,
}
"""The mark that a save-as leaves on the disk is taken off."""

NO_MORE_COPY = NO_COPY | {
    "vm 0 disk 0 HOTPLUG_SAVE_AS": None,
    "vm 0 disk 0 HOTPLUG_SAVE_AS_SOURCE": None,
}
"""The same, once the copy had begun."""

COPIED = NO_MORE_COPY | {"vm 0 state": "RUNNING", "image 1 SAVE_AS_HOT": None}
"""Machine 0 runs again, and image 1 is no target any more."""

OTHER_GOES_ON = {
    "vm 1 state": "PENDING",
    "vm 1 disk 0 CLONING": None,
}

saved = unasked("SAVEAS", 0, role="tm")
SAVED = "LifeCycleManager::trigger_saveas_success"

SAVE_AS = [
    Case(
        "save_as_lost: LOCKED_USED|LOCKED_USED_PERS -> ERROR",
        f"ImageManager::_mkfs, VirtualMachine::set_saveas_disk, {FAIL}",
        saving_of_a_machine_without_record,
        lambda cloud: cloud.complete("MKFS", 1, "/ds/new"),
        NO_COPY
        | {
            "image 1 state": "ERROR",
            "image 1 source": "/ds/new",
            "image 1 ERROR": "Image created to save as disk but VM is no longer running: /ds/new",
            "vm 1 state": "CLONING_FAILURE",
        },
    ),
    Case(
        "save_as_wiped: LOCKED_USED|LOCKED_USED_PERS -> ERROR",
        f"LifeCycleManager::trigger_delete, clean_up_vm, {FAIL}",
        copying_for_another,
        lambda cloud: cloud.vm.recover(0, DELETE),
        NO_MORE_COPY
        | {
            # SAVE_AS_HOT stays in the template.
            "image 1 state": "ERROR",
            "vm 0 state": "DONE",
            "vm 0 actions": ["DELETE"],
            "vm 0 etime": "now",
            "image 0 state": "READY",
            "image 0 running_vms": 0,
            "image 0 vms": [],
            "vm 1 state": "CLONING_FAILURE",
        },
        asked=("vmm DRIVER_CANCEL 0", "vmm CLEANUP 0"),
    ),
    Case(
        "save_as_success: LOCKED_USED_PERS -> USED_PERS",
        f"{SAVED}, {UNLOCK}",
        copying_persistent_for_another,
        saved,
        COPIED | {"image 1 state": "USED_PERS"} | OTHER_GOES_ON,
    ),
    Case(
        "save_as_success: ERROR -> READY [not has_vms]",
        f"{SAVED}, {UNLOCK}",
        copying_failed,
        saved,
        COPIED | {"image 1 state": "READY"},
    ),
    Case(
        "save_as_success: ERROR -> USED_PERS [has_vms, persistent]",
        f"{SAVED}, {UNLOCK}",
        copying_failed_for_another(persistent=True),
        saved,
        COPIED | {"image 1 state": "USED_PERS"} | OTHER_GOES_ON,
    ),
    Case(
        "save_as_success: ERROR -> USED [has_vms, not persistent]",
        f"{SAVED}, {UNLOCK}",
        copying_failed_for_another(persistent=False),
        saved,
        COPIED | {"image 1 state": "USED"} | OTHER_GOES_ON,
    ),
    Case(
        "save_as_success: any but LOCKED|ERROR|LOCKED_USED|LOCKED_USED_PERS -> stays",
        f"{SAVED}, Image::set_state_unlock",
        copying_ended_early,
        saved,
        COPIED,
    ),
]


# Letting go


def held_by_a_running_machine_while_locked(cloud: Cloud) -> None:
    """Machine 1 runs on image 0, which is LOCKED_USED_PERS; machine 2 waits for it.

    An answer that nobody asked for sends the image to ERROR; disabled and enabled
    it is READY, although it is in use; so its snapshot can be deleted.
    """
    image = image_with_snapshots(cloud)
    running_machine_on(cloud, image)
    unasked("CP", ok=False)(cloud)
    cloud.image.enable(image, False)
    cloud.image.enable(image, True)
    cloud.image.snapshotdelete(image, 1)
    machine_on(cloud, image)


def running_on(image: dict[str, Any]) -> Callable[[Cloud], None]:
    """Machine 0 runs on image 0, a situation that no call leads into."""
    disk = {"attributes": {"DISK_ID": "0", "IMAGE_ID": "0"}}
    return situation(
        images=[{"id": 0, "state": "USED", "vms": [0], **image}],
        vms=[{"id": 0, "state": "RUNNING", "actions": [""], "disks": [disk]}],
    )


def wipe(number: int) -> Callable[[Cloud], object]:
    return lambda cloud: cloud.vm.recover(number, DELETE)


WIPED = {"vm 0 state": "DONE", "vm 0 actions": ["DELETE"], "vm 0 etime": "now"}
WIPING = ("vmm DRIVER_CANCEL 0", "vmm CLEANUP 0")
RELEASED = "LifeCycleManager::trigger_delete, ImageManager::release_image"
NO_DISK = "Trying to release a KERNEL, RAMDISK, BACKUP or CONTEXT image"

RELEASES = [
    Case(
        "release_failed: LOCKED_USED_PERS -> ERROR [disk]",
        f"{RELEASED}, {FAIL}",
        held_by_a_running_machine_while_locked,
        wipe(1),
        {
            "image 0 state": "ERROR",
            "image 0 running_vms": 1,
            "image 0 vms": [2],
            "image 0 modtime": "now",
            "vm 1 state": "DONE",
            "vm 1 actions": ["DELETE"],
            "vm 1 etime": "now",
            "vm 2 state": "CLONING_FAILURE",
        },
        asked=("vmm DRIVER_CANCEL 1", "vmm CLEANUP 1"),
    ),
    # An image that waits and is not persistent has no machine that runs: loaded.
    Case(
        "release_failed: LOCKED_USED -> LOCKED [disk, last_holder]",
        RELEASED,
        running_on({"state": "LOCKED_USED"}),
        wipe(0),
        WIPED | {"image 0 state": "LOCKED", "image 0 running_vms": 0, "image 0 vms": []},
        asked=WIPING,
    ),
    Case(
        "release_failed: LOCKED_USED -> stays [disk, not last_holder]",
        RELEASED,
        running_on({"state": "LOCKED_USED", "vms": [0, 5]}),
        wipe(0),
        WIPED | {"image 0 running_vms": 1, "image 0 vms": [5]},
        asked=WIPING,
    ),
    # No machine can take a KERNEL or a BACKUP as a disk: loaded.
    Case(
        "release_failed: any -> ignored [not disk]",
        RELEASED,
        running_on({"type": "KERNEL"}),
        wipe(0),
        WIPED,
        asked=WIPING,
        logged=(NO_DISK,),
    ),
    Case(
        "release: any -> ignored [not disk]",
        "DispatchManager::delete_vm_db, ImageManager::release_image",
        running_on({"type": "BACKUP"}),
        lambda cloud: cloud.vm.recover(0, DELETE_DB),
        {"vm 0 state": "DONE", "vm 0 etime": "now"},
        logged=(NO_DISK,),
    ),
]


def exported_kernel(cloud: Cloud) -> None:
    """Image 0, a KERNEL, is being exported as app 0."""
    market = cloud.market.allocate("NAME=market\nMARKET_MAD=http\nBASE_URL=http://a\nPUBLIC_DIR=/b")
    cloud.image.allocate("NAME=kernel\nTYPE=KERNEL\nPATH=/path", 2)
    cloud.complete("CP", 0)
    cloud.marketapp.allocate("NAME=app\nORIGIN_ID=0", market)


def copied_from_a_kernel(cloud: Cloud) -> None:
    """Image 1 is being copied from image 0, which has become a KERNEL meanwhile: loaded."""
    situation(
        images=[
            {"id": 0, "state": "USED", "type": "KERNEL", "clones": [1]},
            {"id": 1, "state": "LOCKED", "cloning_id": 0},
        ]
    )(cloud)


SOURCES = [
    Case(
        "export_released: any -> ignored [not clonable]",
        "MarketPlaceManager::_import, ImageManager::release_cloning_resource",
        exported_kernel,
        lambda cloud: cloud.fail("IMPORT", 0, "why"),
        {"app 0 state": "ERROR", "app 0 ERROR": "Error importing app into marketplace: why"},
        logged=("Trying to release a cloning KERNEL image",),
    ),
    Case(
        "clone_released: any -> ignored [not clonable]",
        "ImageManager::_clone, release_cloning_resource",
        copied_from_a_kernel,
        unasked("CLONE", 1, payload="/ds/new"),
        {"image 1 state": "READY", "image 1 source": "/ds/new", "image 1 cloning_id": -1},
        logged=("Trying to release a cloning KERNEL image",),
    ),
    # Nothing asks for an increment that does not follow: oned checks the chain before.
    Case(
        "add_increment: any -> ignored",
        "IncrementSet::new_increment, LifeCycleManager::trigger_backup_success",
        image_in("READY", type="BACKUP"),
        lambda cloud: cloud.images[0].add_increment(("/ds/inc", 5, "INCREMENT", 0)),
        {},
        logged=("cannot add increment to backup image",),
    ),
]

CASES = [*_unlocks(), *BIRTHS, *SAVE_AS, *RELEASES, *SOURCES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_an_answer_does_what_the_source_says(case: Case) -> None:
    assert play(case, Coverage()) == expected(case)
