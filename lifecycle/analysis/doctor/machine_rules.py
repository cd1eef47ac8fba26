"""Rules about machines and apps, as far as images feel them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.analysis.doctor.rules import NOTICE, WARNING, Rule, Trouble, is_are, listed
from lifecycle.cloud.objects import AppState, AppType
from lifecycle.cloud.vm_groups import SAVING
from lifecycle.cloud.vm_states import VmState
from lifecycle.states import ImageState

if TYPE_CHECKING:
    from lifecycle.analysis.doctor.observed import Observed
    from lifecycle.cloud.objects import App
    from lifecycle.cloud.vm import VirtualMachine

_WITHOUT_IMAGES = {VmState.DONE, VmState.INIT}


def _image_ids(machine: VirtualMachine) -> list[int]:
    return list(dict.fromkeys(machine.image_ids()))


def _image_gone(observed: Observed, machine: VirtualMachine) -> Trouble | None:
    if machine.state in _WITHOUT_IMAGES:
        return None
    gone = [number for number in _image_ids(machine) if number not in observed.images]
    if not gone:
        return None
    return Trouble(
        f"It has a disk of {listed('image', gone)}, which {is_are(gone)} gone.",
        (f"onevm terminate {machine.id}",),
        "Save what is on the disk first; it cannot be deployed anew.",
    )


def _not_counted(observed: Observed, machine: VirtualMachine) -> Trouble | None:
    if machine.state in _WITHOUT_IMAGES:
        return None
    missing = [
        number
        for number in _image_ids(machine)
        if (image := observed.images.get(number)) is not None and machine.id not in image.vms
    ]
    if not missing:
        return None
    return Trouble(
        f"It has a disk of {listed('image', missing)}, which {_does(missing)} not count it: it may"
        " be deleted, or given to another machine, under way.",
        (),
        "`onedb fsck`, with oned stopped, counts it again.",
    )


def _does(numbers: list[int]) -> str:
    return "does" if len(numbers) == 1 else "do"


def _clone_failed(observed: Observed, machine: VirtualMachine) -> Trouble | None:
    if machine.state is not VmState.CLONING_FAILURE:
        return None
    images = [observed.images[one] for one in _image_ids(machine) if one in observed.images]
    broken = [image for image in images if image.state is ImageState.ERROR]
    good = [image for image in broken if image.source]
    names = listed("image", [image.id for image in broken]) if broken else "its images"
    terminate = f"onevm terminate {machine.id}"
    if broken and good == broken and machine.id in broken[0].vms:
        return Trouble(
            f"It waits for {names} in ERROR, with the file there.",
            tuple(f"oneimage enable {image.id}" for image in broken),
            "It goes on to PENDING when all its images are ready.",
        )
    if broken:
        return Trouble(
            f"It waits for {names} in ERROR, without a file.",
            (terminate, *(f"oneimage delete {image.id}" for image in broken)),
            "Delete the image afterwards, and do not enable it: it still counts the machine.",
        )
    return Trouble(
        f"It waits for {names}, of which none is in ERROR any more: nothing tells it again.",
        (terminate,),
    )


def _waits_in_vain(observed: Observed, machine: VirtualMachine) -> Trouble | None:
    if machine.state is not VmState.CLONING:
        return None
    images = [observed.images.get(one) for one in _image_ids(machine)]
    if any(image is not None and image.state.name.startswith("LOCKED") for image in images):
        return None
    if any(image is not None and image.state is ImageState.ERROR for image in images):
        return None
    return Trouble(
        "It waits in CLONING, and none of its images is LOCKED: nothing tells it again.",
        (f"onevm terminate {machine.id}",),
    )


def _saves_nothing(observed: Observed, machine: VirtualMachine) -> Trouble | None:
    if machine.state not in SAVING or observed.targets(machine):
        return None
    return Trouble(
        f"It is {machine.state.name}, and no image waits for its disk.",
        (f"onevm recover {machine.id} --failure",),
        "It goes back to what it did before.",
    )


def _app_locked(observed: Observed, app: App) -> Trouble | None:
    if app.state is not AppState.LOCKED or app.type is not AppType.IMAGE:
        return None
    if not observed.overdue(app.regtime):
        return None
    return Trouble(
        f"It is being exported from image {app.origin_id}, which it holds.",
        (f"onemarketapp delete {app.id}",),
        "Look first whether the market's driver is still at work. The image is let go at once,"
        " unless it is in ERROR: then bring it back first.",
    )


MACHINE_RULES = (
    Rule(
        "image-gone",
        WARNING,
        "A late answer of the datastore to a RM dropped the image while the machine had it.",
        _image_gone,
        needs=("machines",),
        example="stuck/machine-without-its-image.yaml",
    ),
    Rule(
        "machine-not-counted",
        WARNING,
        "No history of oned's leads here: the database was edited, or a write was lost.",
        _not_counted,
        needs=("machines",),
    ),
    Rule(
        "cloning-failure",
        WARNING,
        "The machine waited for an image that the datastore then failed to make.",
        _clone_failed,
        needs=("machines",),
        example="stuck/machine-in-cloning-failure.yaml",
    ),
    Rule(
        "waits-in-vain",
        WARNING,
        "The image was unlocked, or went, without the machine being told.",
        _waits_in_vain,
        needs=("machines",),
        example="stuck/waits-for-nothing.yaml",
    ),
    Rule(
        "saves-nothing",
        WARNING,
        "The image into which the disk was being saved was updated (that drops SAVED_VM_ID), or"
        " went.",
        _saves_nothing,
        needs=("machines",),
    ),
)
"""Rules about machines."""

APP_RULES = (
    Rule(
        "export-unanswered",
        NOTICE,
        "The image was exported (USED or CLONE), and the market's driver never answered.",
        _app_locked,
        needs=("apps", "clock"),
        example="marketplace-export.yaml",
    ),
)
"""Rules about marketplace apps."""
