"""What the engine makes of an operation, for every record and number of holders, asked once.

Nothing of the lifecycle is written down here: the operation is fired on a real
image, and what it did is read off. An operation whose guards read no counter is
asked once per record, however many machines and clones hold the image.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.analysis.exploration.configuration import Record, record_of
from lifecycle.analysis.surroundings import Surroundings
from lifecycle.cloud.cloud import Cloud
from lifecycle.cloud.drivers import Request
from lifecycle.cloud.payloads import usual_payload
from lifecycle.cloud.vm import Disk, VirtualMachine
from lifecycle.cloud.vm_groups import WAITING
from lifecycle.cloud.vm_states import VmState
from lifecycle.cloud.vm_triggers import VM_EVENTS
from lifecycle.image import Image
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.operations import DRIVER_ANSWERS
from lifecycle.refusal import Refused
from lifecycle.snapshots import Orphans, Snapshots
from lifecycle.triggers import EVENTS

if TYPE_CHECKING:
    from lifecycle.states import AnyState, ImageState
    from lifecycle.table import Guard

ANSWERS = {operation: key for key, operation in DRIVER_ANSWERS.items()}
"""The action of the datastore that an operation answers, and whether it went well."""

_VMS, _CLONES = range(8), range(100, 108)
_NEW_VM, _NEW_CLONE = 50, 150
_SEVERAL = 2

_CARRIES: dict[str, tuple[str, ...]] = {
    "new machine": ("acquire",),
    "machine": ("release", "release_failed"),
    "new clone": ("clone",),
    "clone": ("clone_released",),
    "snapshot": ("snapshot_delete", "snapshot_revert", "snapshot_flatten"),
}
_CARRIED = {operation: kind for kind, names in _CARRIES.items() for operation in names}
_FIRST: dict[str, tuple[tuple[str, str], ...]] = {
    # FORCE_DELETE is written before a forced delete looks at anything else.
    "delete_force": (("force", ""),),
    # A machine writes its disk's snapshots back before it lets go; these disks keep none.
    "release": (("write_snapshots", ""),),
    "release_failed": (("write_snapshots", ""),),
}
"""What oned does to the image before, within the same command."""


class Outcome(NamedTuple):
    """What an operation does to an image, whoever its holders are.

    Attributes:
        record: the record afterwards.
        vms: how many more machines it counts.
        clones: how many more clones it counts.
        told: whether the machines in VMS are told that the datastore is done.
    """

    record: Record
    vms: int
    clones: int
    told: bool


class Outcomes:
    """What operations do to images: asked of the engine when it is first needed.

    Args:
        tracked: whether a record knows its open requests.
        requests: how many may be open at a time.
    """

    def __init__(self, *, tracked: bool = True, requests: int = 2) -> None:
        self._tracked = tracked
        self._requests = requests
        self._known: dict[tuple[Record, int, int, str, str], Outcome | None] = {}

    def of(
        self, record: Record, vms: int, clones: int, operation: str, what: str = ""
    ) -> Outcome | None:
        """Give what an operation does; None where it is out of bounds, or answers nothing.

        Args:
            record: the image's.
            vms: RUNNING_VMS.
            clones: CLONING_OPS.
            operation: its name in the table.
            what: the type that it carries, where it is `chtype`.
        """
        by_vms, by_clones = _reads(operation)
        key = (
            record,
            min(vms, _SEVERAL) if by_vms else -1,
            min(clones, _SEVERAL) if by_clones else -1,
            operation,
            what,
        )
        try:
            return self._known[key]
        except KeyError:
            found = self._known[key] = self._ask(record, vms, clones, operation, what)
            return found

    def _ask(
        self, record: Record, vms: int, clones: int, operation: str, what: str
    ) -> Outcome | None:
        steps = (*_FIRST.get(operation, ()), (operation, what))
        answered, _ = ANSWERS.get(operation, ("", True))
        if self._tracked and answered and answered not in record.requests:
            return None
        if not answered and not any(_can_change(name, record.state) for name, _ in steps):
            # Refused or ignored: the image is as it was.
            return Outcome(record, 0, 0, told=False)
        world = Surroundings()
        image = _image(record, vms, clones, world)
        for name, carried in steps:
            _fire(image, record, name, carried)
        requests = [one for one in record.requests if one != answered]
        if self._tracked:
            if set(world.actions) & set(requests):
                return None
            requests += world.actions
            if len(requests) > self._requests and world.actions:
                return None
        after = record_of(image, requests)
        more = image.running_vms - vms, image.cloning_ops - clones
        return Outcome(after, *more, world.told)


def _fire(image: Image, record: Record, operation: str, what: str) -> None:
    carried: Any = what
    kind = _CARRIED.get(operation)
    if kind is not None:
        carried = _member(kind, record)
    elif operation in ANSWERS:
        carried = _payload(operation)
    elif operation != "chtype":
        carried = None
    try:
        EVENTS[operation].fire(image, carried)
    except Refused:
        # What a refusal changes all the same is seen in the record.
        return


def _member(kind: str, record: Record) -> int:
    if kind == "snapshot":
        return min(record.snapshots, default=0)
    return {
        "new machine": _NEW_VM,
        "machine": _VMS[0],
        "new clone": _NEW_CLONE,
        "clone": _CLONES[0],
    }[kind]


def _image(record: Record, vms: int, clones: int, world: Any) -> Image:
    template = {}
    if record.shareable:
        template["PERSISTENT_TYPE"] = "SHAREABLE"
    if record.forced:
        template["FORCE_DELETE"] = "YES"
    image = Image(
        0,
        "image",
        record.type,
        persistent=record.persistent,
        state=record.state,
        source="/disk" if record.source else "",
        path="/file",
        format="raw",
        template=template,
        world=world,
    )
    image.vms, image.running_vms = set(_VMS[:vms]), vms
    image.clones, image.cloning_ops = set(_CLONES[:clones]), clones
    image.target_snapshot = record.target
    if record.snapshots:
        image.snapshots = _snapshots(record.snapshots)
    return image


def _snapshots(numbers: tuple[int, ...]) -> Snapshots:
    made = Snapshots(Orphans.ALLOW)
    for number in range(max(numbers) + 1):
        made.create("", 1, 0)
        if number not in numbers:
            made.delete(number)
    return made


@cache
def _payload(operation: str) -> str:
    action, ok = ANSWERS[operation]
    request = Request(0, "ds", action, 0, "image", 0)
    return usual_payload(Cloud(journal=False), request, ok=ok)


@cache
def _can_change(operation: str, state: AnyState) -> bool:
    """Tell whether some line of the table could change anything in a state."""
    rows = IMAGE_TABLE.rows_of(operation)
    others = IMAGE_TABLE.otherwise_of(operation)
    return any(state in row.origins for row in rows) or any(
        other.effects and state in other.origins for other in others
    )


@cache
def _reads(operation: str) -> tuple[bool, bool]:
    """Tell whether the guards of an operation read RUNNING_VMS, and CLONING_OPS."""
    names = {
        name
        for step in (operation, *(first for first, _ in _FIRST.get(operation, ())))
        for guard in IMAGE_TABLE.guards_of(step)
        for name in _attributes(IMAGE_TABLE.guards[guard])
    }
    return "running_vms" in names, "cloning_ops" in names


def _attributes(guard: Guard) -> tuple[str, ...]:
    return guard.__code__.co_names


@cache
def goes_on(state: ImageState) -> bool:
    """Tell whether a machine that waits for an image goes on when told, by the machine's table."""

    class Alone(Surroundings):
        images = {0: Image(0, state=state)}  # noqa: RUF012 - read, and never changed

    disk = Disk({"DISK_ID": "0", "IMAGE_ID": "0", "CLONING": "YES"})
    vm = VirtualMachine(0, "", 0, 0, state=VmState.CLONING, disks=[disk], world=Alone())
    VM_EVENTS["images_changed"].fire(vm)
    return vm.state not in WAITING
