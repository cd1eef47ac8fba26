"""Steps that lead a cloud from one situation to the next, and the histories they make.

A step is a plain value that says what is done: a call, a driver's answer, time
that passes. It prints as the Python that makes it, so that a history which
shows a mistake can be pasted into a test. What can be done next is worked out
from the tables: `next_steps` names nothing that they refuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecycle.cloud.cloud import Cloud
from lifecycle.cloud.vm_table import VM_TABLE
from lifecycle.cloud.vm_triggers import VM_EVENTS
from lifecycle.machine import legal
from lifecycle.triggers import EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lifecycle.cloud.calls.remote import Reply
    from lifecycle.cloud.drivers import Role
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.image import Image

__all__ = ["Answer", "Call", "History", "Step", "Wait", "next_steps"]

_DATASTORE, _HOST = 1, 0
_MOST_IMAGES, _MOST_MACHINES = 5, 3


@dataclass(frozen=True)
class Call:
    """A call of oneadmin's: its name as in ``one.image.enable``, its parameters less the session.

    Raises, when it is taken:
        UnknownMethodError: there is no such call.
        WrongParameterError: a parameter is missing or of a wrong type.
    """

    method: str
    params: tuple[int | str | bool, ...] = ()

    def __repr__(self) -> str:
        return f"Call({self.method!r}, {self.params!r})"

    def take(self, cloud: Cloud) -> Reply:
        """Make the call, and give the answer; a refusal is an answer too."""
        return cloud.call(self.method, *self.params)


@dataclass(frozen=True)
class Answer:
    """A driver's answer to its oldest open request of an action for an object.

    Attributes:
        action: CP, MKFS, CLONE, RM, SAVEAS, …
        id: the image, machine or app.
        ok: whether the driver succeeded.
        role: ds, tm, vmm or market.
    """

    action: str
    id: int
    ok: bool = True
    role: Role = "ds"

    def __repr__(self) -> str:
        role = "" if self.role == "ds" else f", role={self.role!r}"
        return f"Answer({self.action!r}, {self.id}, ok={self.ok}{role})"

    def take(self, cloud: Cloud) -> None:
        """Have the driver answer; where nothing is open, oned takes it at face value."""
        cloud.answer(self.action, self.id, ok=self.ok, role=self.role)


@dataclass(frozen=True)
class Wait:
    """Virtual time that passes, in seconds."""

    seconds: float

    def __repr__(self) -> str:
        return f"Wait({self.seconds:g})"

    def take(self, cloud: Cloud) -> None:
        """Let the time pass.

        Raises:
            ClockError: it is negative.
        """
        cloud.advance(self.seconds)


Step = Call | Answer | Wait


@dataclass(frozen=True)
class History:
    """Steps, oldest first, from a fresh cloud to a situation."""

    steps: tuple[Step, ...] = ()

    def __repr__(self) -> str:
        lines = "".join(f"        {step!r},\n" for step in self.steps)
        return f"History(\n    (\n{lines}    )\n)" if lines else "History()"

    def cloud(self) -> Cloud:
        """Give a cloud of its own in which all of it has happened."""
        return self.lead(Cloud())

    def lead(self, cloud: Cloud) -> Cloud:
        """Have all of it happen in a cloud, and give that cloud."""
        for step in self.steps:
            step.take(cloud)
        return cloud


def next_steps(cloud: Cloud) -> dict[str, list[Step]]:
    """Give what can be done now and is not refused, by what it is about.

    The subjects are ``birth``, ``answer``, ``machine``, ``copy``, ``image`` and
    ``wait``; one about which nothing can be done is left out. Names that are
    given are new ones. Steps that a cloud would go on accepting for ever, more
    than five images or three machines, are left out too.
    """
    steps = {subject: list(found(cloud)) for subject, found in SUBJECTS.items()}
    return {subject: found for subject, found in steps.items() if found}


def _births(cloud: Cloud) -> Iterator[Step]:
    if len(cloud.images) >= _MOST_IMAGES:
        return
    name = f"image-{cloud.images.next_id}"
    for more in (
        'TYPE="DATABLOCK" SIZE="10"',
        'PATH="/image" SIZE="10"',
        'SOURCE="/there" FORMAT="raw" SIZE="10"',
        'TYPE="DATABLOCK" SIZE="10" PERSISTENT="YES"',
        'TYPE="CDROM" PATH="/cdrom" SIZE="10"',
    ):
        yield Call("one.image.allocate", (f'NAME="{name}" {more}', _DATASTORE))


_PLAIN: dict[str, Callable[[int], Call]] = {
    "enable": lambda image: Call("one.image.enable", (image, True)),
    "disable": lambda image: Call("one.image.enable", (image, False)),
    "persistent": lambda image: Call("one.image.persistent", (image, True)),
    "nonpersistent": lambda image: Call("one.image.persistent", (image, False)),
    "delete": lambda image: Call("one.image.delete", (image,)),
    "delete_force": lambda image: Call("one.image.delete", (image, True)),
}
"""The calls of operations that carry nothing, by the operation."""

_ON_SNAPSHOTS = ("snapshot_delete", "snapshot_revert", "snapshot_flatten")
_TYPES = ("OS", "DATABLOCK", "CDROM")


def _about_images(cloud: Cloud) -> Iterator[Step]:
    for image in cloud.images:
        if image.lock_held is not None:
            yield Call("one.image.unlock", (image.id,))
        else:
            yield from _about_image(image)


def _about_image(image: Image) -> Iterator[Step]:
    number = image.id
    for operation, call in _PLAIN.items():
        if EVENTS[operation].objection(image) is None:
            yield call(number)
    if image.name != f"image-{number}-renamed":
        yield Call("one.image.rename", (number, f"image-{number}-renamed"))
    yield Call("one.image.lock", (number, 1))
    for name in _TYPES:
        if name != image.type.name and EVENTS["chtype"].objection(image, name) is None:
            yield Call("one.image.chtype", (number, name))
    for operation in _ON_SNAPSHOTS:
        for snapshot in image.snapshots or ():
            if EVENTS[operation].objection(image, snapshot.id) is None:
                method = f"one.image.{operation.replace('_', '')}"
                yield Call(method, (number, snapshot.id))


def _copies(cloud: Cloud) -> Iterator[Step]:
    if len(cloud.images) >= _MOST_IMAGES:
        return
    name = f"image-{cloud.images.next_id}"
    for image in _usable(cloud, "clone"):
        yield Call("one.image.clone", (image.id, name))
    for vm in cloud.vms:
        if "save_as" in legal(VM_TABLE, vm):
            for disk in vm.disks:
                yield Call("one.vm.disksaveas", (vm.id, disk.id, name, "", -1))


def _machines(cloud: Cloud) -> Iterator[Step]:
    if len(cloud.vms) < _MOST_MACHINES:
        for image in _usable(cloud, "acquire"):
            template = f'CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image.id}"]'
            yield Call("one.vm.allocate", (template,))
    for vm in cloud.vms:
        yield from _about_machine(cloud, vm, legal(VM_TABLE, vm))


def _usable(cloud: Cloud, operation: str) -> Iterable[Image]:
    return (
        image
        for image in cloud.images
        if image.lock_held is None and EVENTS[operation].objection(image) is None
    )


_ACTIONS = ("poweroff-hard", "resume", "suspend", "stop", "undeploy-hard", "terminate-hard")


def _about_machine(cloud: Cloud, vm: VirtualMachine, possible: tuple[str, ...]) -> Iterator[Step]:
    if "deploy" in possible:
        yield Call("one.vm.deploy", (vm.id, _HOST))
    for word in _ACTIONS:
        if VM_EVENTS[word.replace("-", "_")].objection(vm) is None:
            yield Call("one.vm.action", (word, vm.id))
    if "attach" in possible:
        for image in _usable(cloud, "attach"):
            yield Call("one.vm.attach", (vm.id, f'DISK=[IMAGE_ID="{image.id}"]'))
    for disk in vm.disks:
        if "detach" in possible:
            yield Call("one.vm.detach", (vm.id, disk.id))
        if "disk_snapshot_create" in possible and not disk.yes("READONLY"):
            yield Call("one.vm.disksnapshotcreate", (vm.id, disk.id, "snapshot"))


def _answers(cloud: Cloud) -> Iterator[Step]:
    for request in cloud.drivers.open:
        if request.number not in cloud.drivers.delayed:
            for ok in (True, False):
                yield Answer(request.action, request.id, ok=ok, role=request.role)


def _waits(cloud: Cloud) -> Iterator[Step]:
    if cloud.drivers.delayed:
        yield Wait(1)
        yield Wait(60)


SUBJECTS: dict[str, Callable[[Cloud], Iterator[Step]]] = {
    "birth": _births,
    "answer": _answers,
    "machine": _machines,
    "copy": _copies,
    "image": _about_images,
    "wait": _waits,
}
"""What finds the steps about each subject."""
