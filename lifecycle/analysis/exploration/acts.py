"""What can be done in a small cloud: commands as an administrator types them, and drivers' answers.

Each act knows the words of a scenario's step, so that every history can be
played by ``lifecycle simulate``.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.cloud.vm_groups import SAVING
from lifecycle.cloud.vm_states import VmState
from lifecycle.operations import DRIVER_ANSWERS
from lifecycle.refusal import Refused
from lifecycle.states import SNAPSHOT_TYPES, ImageType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.drivers import Request
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.image import Image

IMAGES, MACHINES, APPS = "abcdefgh", "vm", "app"
DEFAULT, HOST, MARKET, VAULT = 1, 0, 100, 100

_SUCCESS, _DELETE = 1, 3
_DRIVERS = {"ds": "datastore", "tm": "transfer", "vmm": "hypervisor", "market": "market"}


@dataclass(frozen=True, slots=True)
class CloudBounds:
    """How far a small cloud is explored.

    Attributes:
        images: how many images there ever are, copies and saved disks among them.
        machines: how many machines there ever are.
        apps: how many marketplace apps there ever are.
        backups: how many backups there ever are; they are images besides, and come last.
        snapshots: how many snapshots of disks are ever taken.
        types: the types that images may be born with; more than one lets them change, too.
        persistent: whether images are born persistent: yes, no, or both.
        copies: whether images may be copied.
        saving: whether disks may be saved as images.
        attach: whether images may be attached and detached, too.
        faults: whether drivers may fail.
        unasked: how many answers may come that nobody asked for, or asks for no more.
        symmetry: whether images, machines and apps that are alike are interchangeable.
        living: whether only those images and machines count that are still there.
        apart: whether each image's removals count for themselves.
    """

    images: int = 1
    machines: int = 1
    apps: int = 0
    backups: int = 0
    snapshots: int = 0
    types: tuple[ImageType, ...] = (ImageType.OS,)
    persistent: tuple[bool, ...] = (False, True)
    copies: bool = True
    saving: bool = False
    attach: bool = False
    faults: bool = True
    unasked: int = 0
    symmetry: bool = True
    living: bool = False
    apart: bool = False

    def room_for_image(self, cloud: Cloud) -> bool:
        """Tell whether there may be one more image."""
        return (len(cloud.images) if self.living else cloud.images.next_id) < self.images

    def room_for_machine(self, cloud: Cloud) -> bool:
        """Tell whether there may be one more machine."""
        if self.living:
            return sum(vm.state is not VmState.DONE for vm in cloud.vms) < self.machines
        return cloud.vms.next_id < self.machines


class Act(NamedTuple):
    """One step of a scenario.

    Attributes:
        driver: ``datastore``, ``transfer``, ``market``; "" for a command.
        text: the command, or what the driver does.
        unasked: whether it is an answer that nobody asked for.
        fault: whether a driver fails.
        makes: whether a new image, machine or app is made.
    """

    driver: str
    text: str
    unasked: bool = False
    fault: bool = False
    makes: bool = False

    @property
    def line(self) -> str:
        """The step as it stands in a scenario."""
        return f"- {self.driver}: {self.text}" if self.driver else f"- {self.text}"

    @property
    def label(self) -> str:
        """The act in few words, with who does it."""
        return f"{self.driver}: {self.text}" if self.driver else self.text


Doing = tuple[Act, "Callable[[], object]"]


def furnished(cloud: Cloud, bounds: CloudBounds) -> tuple[Act, ...]:
    """Put into a fresh cloud what stands there before anything happens; give the steps for it."""
    acts = []
    if bounds.backups:
        cloud.datastore.allocate(
            'NAME="vault" TYPE="BACKUP_DS" DS_MAD="restic" TM_MAD="-" RESTIC_PASSWORD="secret"'
        )
        acts.append(Act("", "onedatastore create --name vault --type BACKUP_DS"))
    if bounds.apps:
        cloud.market.allocate(
            'NAME="shop" MARKET_MAD="http" BASE_URL="http://shop" PUBLIC_DIR="/s"'
        )
        acts.append(Act("", "onemarket create --name shop"))
    return tuple(acts)


def name_of(image: Image, cloud: Cloud) -> str:
    """Give what a scenario calls an image: backups are called after their machine."""
    if image.type is not ImageType.BACKUP:
        return image.name
    vm = cloud.vms[min(image.vms)]
    made = sorted(vm.backups.ids) if vm.backups is not None else [image.id]
    return f"{vm.name}.backup{made.index(image.id) + 1 if image.id in made else 1}"


def doings(cloud: Cloud, bounds: CloudBounds, unasked: int) -> Iterator[Doing]:
    """Give every act that can be tried now.

    Args:
        cloud: in which.
        bounds: how far it is explored.
        unasked: how many answers that nobody asked for may still come.
    """
    yield from _births(cloud, bounds)
    for image in cloud.images:
        yield from _on_image(cloud, bounds, image)
    for vm in cloud.vms:
        if vm.state is not VmState.DONE:
            yield from _on_machine(cloud, bounds, vm)
    for app in cloud.apps:
        act = Act("", f"onemarketapp delete {app.name}")
        if not _open(cloud, "market", "DELETE", app.id):
            yield act, partial(cloud.marketapp.delete, app.id)
    for request in list(cloud.drivers.open):
        yield from _answers(cloud, bounds, request)
    if unasked:
        for image in cloud.images:
            yield from _unasked(cloud, bounds, image)


def perform(cloud: Cloud, doing: Doing) -> bool:
    """Do an act; tell whether it was accepted. A refusal may change something all the same."""
    with suppress(Refused):
        doing[1]()
        cloud.settle()
        return True
    cloud.settle()
    return False


def _births(cloud: Cloud, bounds: CloudBounds) -> Iterator[Doing]:
    if not bounds.room_for_image(cloud):
        return
    name = _next_image(cloud)
    for kind in bounds.types:
        for persistent in bounds.persistent:
            flag = " --persistent" if persistent else ""
            text = f"oneimage create --name {name} --type {kind.name} --path /{name} -d default"
            template = f'NAME="{name}" TYPE="{kind.name}" PATH="/{name}"'
            store = DEFAULT
            if kind in {ImageType.KERNEL, ImageType.RAMDISK, ImageType.CONTEXT}:
                text, store = text.replace("default", "files"), DEFAULT + 1
                if persistent:
                    continue
            if persistent:
                template += ' PERSISTENT="YES"'
            yield (
                Act("", text + flag, makes=True),
                partial(cloud.image.allocate, template, store),
            )


def _next_image(cloud: Cloud) -> str:
    return IMAGES[cloud.images.next_id]


def _on_image(cloud: Cloud, bounds: CloudBounds, image: Image) -> Iterator[Doing]:
    yield from _administration(cloud, bounds, image)
    yield from _deletion(cloud, bounds, image)
    yield from _snapshots(cloud, image)
    yield from _uses(cloud, bounds, image)


def _administration(cloud: Cloud, bounds: CloudBounds, image: Image) -> Iterator[Doing]:
    name, number, calls = name_of(image, cloud), image.id, cloud.image
    yield Act("", f"oneimage enable {name}"), partial(calls.enable, number, enabled=True)
    yield Act("", f"oneimage disable {name}"), partial(calls.enable, number, enabled=False)
    if len(bounds.persistent) > 1:
        for word, wanted in (("persistent", True), ("nonpersistent", False)):
            act = Act("", f"oneimage {word} {name}")
            yield act, partial(calls.persistent, number, persistent=wanted)
    if len(bounds.types) > 1:
        for kind in bounds.types:
            act = Act("", f"oneimage chtype {name} {kind.name}")
            yield act, partial(calls.chtype, number, kind.name)


def _deletion(cloud: Cloud, bounds: CloudBounds, image: Image) -> Iterator[Doing]:
    """Give the ways to delete an image; its file is removed at most twice at a time."""
    name, number, calls = name_of(image, cloud), image.id, cloud.image
    removals = [one.id for one in cloud.drivers.open if one.action == "RM"]
    counted = removals.count(number) if bounds.apart else len(removals)
    if number in removals and counted > 1:
        return
    yield Act("", f"oneimage delete {name}"), partial(calls.delete, number)
    if number not in removals:
        act = Act("", f"oneimage delete {name} --force")
        yield act, partial(calls.delete, number, force=True)


def _snapshots(cloud: Cloud, image: Image) -> Iterator[Doing]:
    if image.snapshots is None or image.type not in SNAPSHOT_TYPES:
        return
    name, number, calls = name_of(image, cloud), image.id, cloud.image
    words = {"delete": calls.snapshotdelete, "flatten": calls.snapshotflatten}
    for snapshot in image.snapshots:
        for word, call in words.items():
            if not _open(cloud, "ds", f"SNAP_{word.upper()}", number):
                act = Act("", f"oneimage snapshot-{word} {name} {snapshot.id}")
                yield act, partial(call, number, snapshot.id)


def _uses(cloud: Cloud, bounds: CloudBounds, image: Image) -> Iterator[Doing]:
    """Give what can be made of an image: a copy, a machine, an app."""
    name, number = name_of(image, cloud), image.id
    if bounds.copies and bounds.room_for_image(cloud):
        copy = _next_image(cloud)
        act = Act("", f"oneimage clone {name} {copy}", makes=True)
        yield act, partial(cloud.image.clone, number, copy)
    if bounds.room_for_machine(cloud):
        vm = f"{MACHINES}{cloud.vms.next_id + 1}"
        template = f'NAME="{vm}" CPU="1" MEMORY="1024" DISK=[IMAGE_ID="{number}"]'
        act = Act("", f"onevm create --name {vm} --disk {name}", makes=True)
        yield act, partial(cloud.vm.allocate, template)
    if cloud.apps.next_id < bounds.apps:
        app = f"{APPS}{cloud.apps.next_id + 1}"
        act = Act("", f"onemarketapp create --name {app} --image {name} --market shop", makes=True)
        template = f'NAME="{app}" ORIGIN_ID="{number}"'
        yield act, partial(cloud.marketapp.allocate, template, MARKET)


def _on_machine(cloud: Cloud, bounds: CloudBounds, vm: VirtualMachine) -> Iterator[Doing]:
    name, number, calls = vm.name, vm.id, cloud.vm
    if vm.state in {VmState.PENDING, VmState.UNDEPLOYED}:
        yield Act("", f"onevm deploy {name}"), partial(calls.deploy, number, HOST)
    if not vm.state.active or vm.state is VmState.RUNNING or vm.state.name.endswith("FAILURE"):
        yield Act("", f"onevm terminate {name}"), partial(calls.action, "terminate", number)
    if vm.state.active:
        yield Act("", f"onevm recover {name} --delete"), partial(calls.recover, number, _DELETE)
    if vm.state is VmState.CLONING_FAILURE or vm.state in SAVING:
        yield Act("", f"onevm recover {name} --success"), partial(calls.recover, number, _SUCCESS)
    if vm.state is VmState.RUNNING:
        yield from _on_disks(cloud, bounds, vm)
        yield from _attachments(cloud, bounds, vm)
        if bounds.backups and cloud.images.next_id < bounds.images + bounds.backups:
            act = Act("", f"onevm backup {name} -d vault", makes=True)
            yield act, partial(calls.backup, number, VAULT)


def _on_disks(cloud: Cloud, bounds: CloudBounds, vm: VirtualMachine) -> Iterator[Doing]:
    name, number, calls = vm.name, vm.id, cloud.vm
    for disk in vm.disks:
        if disk.image_id not in cloud.images:
            continue
        if bounds.attach:
            act = Act("", f"onevm disk-detach {name} {disk.id}")
            yield act, partial(calls.detach, number, disk.id)
        if bounds.saving and bounds.room_for_image(cloud):
            target = _next_image(cloud)
            act = Act("", f"onevm disk-saveas {name} {disk.id} {target}", makes=True)
            yield act, partial(calls.disksaveas, number, disk.id, target, "", -1)
        taken = 0 if disk.snapshots is None else disk.snapshots.next_id
        if taken < bounds.snapshots:
            act = Act("", f"onevm disk-snapshot-create {name} {disk.id} snap{taken}")
            yield act, partial(calls.disksnapshotcreate, number, disk.id, f"snap{taken}")


def _attachments(cloud: Cloud, bounds: CloudBounds, vm: VirtualMachine) -> Iterator[Doing]:
    held = set(vm.image_ids())
    for image in cloud.images if bounds.attach else ():
        if image.id not in held:
            act = Act("", f"onevm disk-attach {vm.name} --image {name_of(image, cloud)}")
            yield act, partial(cloud.vm.attach, vm.id, f'DISK=[IMAGE_ID="{image.id}"]')


def _answers(cloud: Cloud, bounds: CloudBounds, request: Request) -> Iterator[Doing]:
    thing = _thing(cloud, request)
    if thing is None:
        return
    for ok, word in ((True, "complete"), (False, "fail")):
        if ok or bounds.faults:
            text = f"{word} {request.action} {thing}"
            yield (
                Act(_DRIVERS[request.role], text, fault=not ok),
                partial(cloud.answer, request.action, request.id, ok=ok, role=request.role),
            )


def _thing(cloud: Cloud, request: Request) -> str | None:
    """Give the name of what a request is about, None when that is gone."""
    if request.role == "ds":
        image = cloud.images.get(request.id)
        return None if image is None else name_of(image, cloud)
    pool = cloud.apps if request.role == "market" else cloud.vms
    found = pool.get(request.id)
    return None if found is None else str(found.name)


def _unasked(cloud: Cloud, bounds: CloudBounds, image: Image) -> Iterator[Doing]:
    """Give the answers that nobody asks for now, about one image."""
    name = name_of(image, cloud)
    for action, ok in DRIVER_ANSWERS:
        if (not ok and not bounds.faults) or _open(cloud, "ds", action, image.id):
            continue
        text = f"unasked {'complete' if ok else 'fail'} {action} {name}"
        yield (
            Act("datastore", text, unasked=True, fault=not ok),
            partial(_answer_unasked, cloud, action, image.id, ok=ok),
        )


def _answer_unasked(cloud: Cloud, action: str, number: int, *, ok: bool) -> None:
    from lifecycle.cloud.drivers import Request as Asked  # noqa: PLC0415 - only for its words
    from lifecycle.cloud.payloads import usual_payload  # noqa: PLC0415 - the same

    words = usual_payload(cloud, Asked(0, "ds", action, number, "", 0), ok=ok)
    cloud.answer(action, number, ok=ok, payload=words, role="ds", unasked=True)


def _open(cloud: Cloud, role: str, action: str, number: int) -> bool:
    return any(
        one.role == role and one.action == action and one.id == number for one in cloud.drivers.open
    )
