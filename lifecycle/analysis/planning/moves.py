"""What can be done next in a small cloud, by whom, and how it is typed.

The commands are those of the operations' own tables; what a command does is
decided by the cloud, in which it is made. Nothing is repeated here but which
parameters a command's call takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.analysis.names import creation
from lifecycle.cloud.configuration import MARKET_MADS
from lifecycle.cloud.vm_operations import VM_OPERATIONS
from lifecycle.cloud.vm_states import VmState
from lifecycle.cloud.vm_table import VM_TABLE
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.operations import OPERATIONS
from lifecycle.states import CLONABLE_TYPES, ImageState, ImageType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.analysis.situation import Labels
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.drivers import Role
    from lifecycle.cloud.objects import App
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.image import Image

ADMINISTRATOR = "administrator"
DRIVERS: dict[Role, str] = {
    "ds": "datastore",
    "market": "marketplace",
    "tm": "transfer driver",
    "vmm": "machine driver",
}
"""Who answers, by the role of the driver."""

_FAILURE = 6
"""How much it is to hope that a driver fails: more than to wipe a machine."""


class Move(NamedTuple):
    """Something that can be done, or answered.

    Attributes:
        who: ``administrator``, or which driver.
        text: the command as it is typed, or the answer in words.
        harm: how much besides the image is touched: of two ways of the same
            length the gentler is told.
        method, params: the call that the command makes; "" for an answer.
        role, action, id, ok: whose answer it is, to what, about which thing,
            and how; for a command the id is that of the thing.
    """

    who: str
    text: str
    harm: int = 0
    method: str = ""
    params: tuple[Any, ...] = ()
    role: Role = "ds"
    action: str = ""
    id: int = -1
    ok: bool = True

    @property
    def typed(self) -> bool:
        """Whether somebody types it; else a driver answers it."""
        return bool(self.method)

    @property
    def kind(self) -> tuple[str, str, str, bool]:
        """What kind of move it is, whichever thing it is made on."""
        return (self.method, self.role, self.action, self.ok)

    def make(self, cloud: Cloud) -> bool:
        """Make the move in a cloud; tell whether it was not refused."""
        if self.typed:
            return cloud.call(self.method, *self.params).ok
        cloud.answer(self.action, self.id, ok=self.ok, role=self.role)
        return True


def answers(cloud: Cloud, labels: Labels) -> Iterator[Move]:
    """Give what the drivers may answer next: to each open request well, then badly."""
    for ok in (True, False):
        for one in cloud.drivers.open:
            text = f"{one.action} of {labels.of(one.role, one.id)} {'succeeds' if ok else 'fails'}"
            harm = 0 if ok else _FAILURE
            who = DRIVERS[one.role]
            yield Move(who, text, harm, role=one.role, action=one.action, id=one.id, ok=ok)


def commands(cloud: Cloud, subject: int, labels: Labels) -> Iterator[Move]:
    """Give the commands with which an administrator can move an image or what holds it."""
    image = cloud.images.get(subject)
    if image is None:
        return
    yield from _on_image(image, labels)
    for vm in cloud.vms:
        if vm.state is not VmState.DONE and (vm.id in image.vms or subject in vm.image_ids()):
            yield from _on_machine(cloud, vm, subject, labels)
    for number in sorted(image.clones):
        copy = cloud.images.get(number)
        if copy is not None:
            name = "delete_force" if copy.state in _LOCKED else "delete"
            yield _image_command(name, copy, labels, 1)
    for number in sorted(image.app_clones):
        app = cloud.apps.get(number)
        if app is not None and _can_delete(cloud, app):
            text = f"onemarketapp delete {labels.of('market', number)}"
            yield Move(
                ADMINISTRATOR, text, 1, "one.marketapp.delete", (number,), action="app", id=number
            )


def creations(cloud: Cloud, subject: int, labels: Labels) -> Iterator[Move]:
    """Give the commands that make something new that holds the image."""
    image = cloud.images.get(subject)
    if image is None:
        return
    name = _new_name("new-vm", {vm.name for vm in cloud.vms})
    template = f'NAME="{name}" CPU="1" MEMORY="128" DISK=[IMAGE_ID="{subject}"]'
    command = creation(name, labels.of("ds", subject))
    yield Move(ADMINISTRATOR, command, 2, "one.vm.allocate", (template, False), action="acquire")
    if image.type in CLONABLE_TYPES:
        name = _new_name("new-copy", {one.name for one in cloud.images})
        command = _typed("clone", IMAGE=labels.of("ds", subject), NAME=name)
        yield Move(
            ADMINISTRATOR, command, 2, OPERATIONS["clone"].call, (subject, name), action="clone"
        )
        return
    market = next((one for one in cloud.markets if "create" in MARKET_MADS[one.mad].actions), None)
    if market is not None:
        name = _new_name("new-app", {one.name for one in cloud.apps})
        command = _typed(
            "export", IMAGE=labels.of("ds", subject), MARKET=labels.market(market), NAME=name
        )
        template = f'NAME="{name}" ORIGIN_ID="{subject}" TYPE="IMAGE"'
        params = (template, market.id)
        yield Move(ADMINISTRATOR, command, 3, "one.marketapp.allocate", params, action="export")


_LOCKED = tuple(state for state in ImageState if state.locked)

_ON_IMAGE: dict[str, tuple[int, tuple[Any, ...]]] = {
    "enable": (0, (True,)),
    "disable": (0, (False,)),
    "delete": (0, (False,)),
    "delete_force": (1, (True,)),
    "persistent": (1, (True,)),
    "nonpersistent": (1, (False,)),
    "unlock": (1, ()),
}
"""The operations on an image that carry nothing: how much they touch, and the call's parameters."""

_ON_SNAPSHOT = {"snapshot_flatten": 1, "snapshot_delete": 1, "snapshot_revert": 2}
"""Those that carry a snapshot, and how much they touch."""


def _on_image(image: Image, labels: Labels) -> Iterator[Move]:
    for name, (harm, _) in _ON_IMAGE.items():
        if _may_apply(name, image):
            yield _image_command(name, image, labels, harm)
    if image.type is not ImageType.BACKUP:
        for name, harm in _ON_SNAPSHOT.items():
            if _may_apply(name, image):
                for snapshot in image.snapshots or ():
                    text = _typed(name, IMAGE=labels.of("ds", image.id), SNAPSHOT=str(snapshot.id))
                    call = OPERATIONS[name].call
                    params = (image.id, snapshot.id)
                    yield Move(ADMINISTRATOR, text, harm, call, params, action=name, id=image.id)


def _image_command(name: str, image: Image, labels: Labels, harm: int) -> Move:
    text = _typed(name, IMAGE=labels.of("ds", image.id))
    params = (image.id, *_ON_IMAGE[name][1])
    return Move(ADMINISTRATOR, text, harm, OPERATIONS[name].call, params, action=name, id=image.id)


def _may_apply(name: str, image: Image) -> bool:
    return any(
        image.state in row.origins and (row.target is not None or row.effects)
        for row in IMAGE_TABLE.rows_of(name)
    )


_RECOVERIES = {"delete": (3, 4), "delete_db": (5, 5)}
"""The ways to wipe a machine: the number that the call takes, and how much they touch."""

_PENDING = {"--retry": (2, 1), "--success": (1, 2), "--failure": (0, 2)}
"""The ways to end what a machine is waiting for."""


def _on_machine(cloud: Cloud, vm: VirtualMachine, subject: int, labels: Labels) -> Iterator[Move]:
    name = labels.of("vmm", vm.id)
    disk = next((disk.id for disk in vm.disks if disk.image_id == subject), None)
    data = cloud.images[subject].type is ImageType.DATABLOCK
    if disk is not None and _has_row("detach", vm):
        text = _typed_vm("detach", VM=name, DISK=str(disk))
        yield _vm_move(text, 1 if data else 3, "one.vm.detach", (vm.id, disk), "detach", vm)
    for word in ("terminate", "terminate_hard"):
        if _has_row(word, vm):
            text = _typed_vm(word, VM=name)
            yield _vm_move(text, 2, "one.vm.action", (word.replace("_", "-"), vm.id), word, vm)
            # What is shut down in good order need not be switched off.
            break
    host = next(iter(cloud.hosts), None)
    if host is not None and _has_row("deploy", vm):
        text = _typed_vm("deploy", VM=name, HOST=labels.host(host))
        yield _vm_move(text, 1, "one.vm.deploy", (vm.id, host.id), "deploy", vm)
    if vm.state is VmState.CLONING_FAILURE or (vm.state.active and vm.state is not VmState.RUNNING):
        for flag, (number, harm) in _PENDING.items():
            if flag != "--retry" or _has_row("retry", vm):
                text = f"onevm recover {name} {flag}"
                yield _vm_move(text, harm, "one.vm.recover", (vm.id, number), "recover", vm)
    for word, (number, harm) in _RECOVERIES.items():
        if _has_row(word, vm):
            text = _typed_vm(word, VM=name)
            yield _vm_move(text, harm, "one.vm.recover", (vm.id, number), word, vm)


def _has_row(operation: str, vm: VirtualMachine) -> bool:
    return any(vm.state in row.origins for row in VM_TABLE.rows_of(operation))


def _vm_move(  # noqa: PLR0913, PLR0917 - what a move is made of
    text: str, harm: int, method: str, params: tuple[Any, ...], action: str, vm: VirtualMachine
) -> Move:
    return Move(ADMINISTRATOR, text, harm, method, params, "vmm", action, vm.id)


def _can_delete(cloud: Cloud, app: App) -> bool:
    market = cloud.markets.get(app.market_id)
    return market is not None and "delete" in MARKET_MADS[market.mad].actions


def _typed(operation: str, **places: str) -> str:
    return _filled(OPERATIONS[operation].command, places)


def _typed_vm(operation: str, **places: str) -> str:
    return _filled(VM_OPERATIONS[operation].command, places)


def _filled(command: str, places: dict[str, str]) -> str:
    """Put names in a command's places: the words that are written in capitals."""
    return " ".join(places.get(word, word) for word in command.split())


def _new_name(word: str, taken: set[str]) -> str:
    number = 1
    while (name := word if number == 1 else f"{word}-{number}") in taken:
        number += 1
    return name
