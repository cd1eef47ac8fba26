"""One image explored the slow way: by every call and answer in a real cloud, from every situation.

It knows nothing of tables and outcomes, and so tells whether
:mod:`.one_image` reaches exactly what a cloud reaches.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.analysis.exploration.births import beginning, born
from lifecycle.analysis.exploration.configuration import (
    GONE_RECORD,
    Bounds,
    Configuration,
    Holder,
    arranged,
    record_of,
)
from lifecycle.analysis.exploration.copies import Moment, put_aside, put_back
from lifecycle.cloud.vm_groups import WAITING
from lifecycle.cloud.vm_states import VmState
from lifecycle.operations import DRIVER_ANSWERS
from lifecycle.refusal import Refused
from lifecycle.states import ImageState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.image import Image

Edge = tuple[Configuration, str, Configuration]
Call = tuple[str, "Callable[[], object]"]

_IMAGE, _HOST = 0, 0
_SUCCESS, _DELETE, _DELETE_DB = 1, 3, 5
_MACHINE = 'CPU="1" MEMORY="1" DISK=[IMAGE_ID="0",PERSISTENT_SNAPSHOTS="NO"]'


class Reached(NamedTuple):
    """What was reached: configurations, and edges as (from, label, to), self-loops left out."""

    configurations: set[Configuration]
    edges: set[Edge]
    calls: int


def reach(bounds: Bounds, told: Callable[[int, int], object] | None = None) -> Reached:
    """Reach all there is to reach by calls and answers, and nothing else.

    Args:
        bounds: as for one image; holders are always interchangeable.
        told: is told now and then how many configurations and edges were found.
    """
    found = Reached(set(), set(), 0)
    calls = 0
    todo: list[tuple[Cloud, Moment, Configuration]] = []
    for _, cloud, image in born(bounds):
        configuration = beginning(cloud, image, bounds)
        if configuration not in found.configurations:
            found.configurations.add(configuration)
            todo.append((cloud, put_aside(cloud), configuration))
    for cloud, moment, configuration in todo:
        if told is not None:
            told(len(found.configurations), len(found.edges))
        number = 0
        while True:
            put_back(cloud, moment)
            call = next(_skipped(_calls(cloud, configuration, bounds), number), None)
            if call is None:
                break
            number += 1
            calls += 1
            after = _made(cloud, call, bounds)
            if after is None or after == configuration:
                continue
            found.edges.add((configuration, call[0], after))
            if after not in found.configurations:
                found.configurations.add(after)
                if after.record is not GONE_RECORD:
                    todo.append((cloud, put_aside(cloud), after))
    return found._replace(calls=calls)


def _skipped(calls: Iterator[Call], number: int) -> Iterator[Call]:
    for place, call in enumerate(calls):
        if place >= number:
            yield call


def _made(cloud: Cloud, call: Call, bounds: Bounds) -> Configuration | None:
    """Make a call, have machines sent to a host, and give the configuration after it."""
    # A refusal can change something all the same.
    with suppress(Refused):
        call[1]()
    cloud.settle()
    for vm in cloud.vms:
        if vm.state is VmState.PENDING:
            cloud.vm.deploy(vm.id, _HOST)
    return configuration_of(cloud, bounds)


def configuration_of(cloud: Cloud, bounds: Bounds) -> Configuration | None:
    """Give the configuration of image 0 of a cloud, None where it is out of bounds."""
    image = cloud.images.get(_IMAGE)
    if bounds.unasked:
        cloud.drivers.open.clear()
    if image is None:
        return Configuration(
            GONE_RECORD, (Holder.NONE,) * bounds.machines, (Holder.NONE,) * bounds.clones
        )
    open_ = [one.action for one in cloud.drivers.open if one.role == "ds" and one.id == _IMAGE]
    if len(open_) > bounds.requests or len(set(open_)) < len(open_):
        return None
    machines = [_machine_now(cloud.vms[number]) for number in image.vms]
    clones = [_clone_now(cloud.images.get(number)) for number in image.clones]
    free = bounds.machines - len(machines), bounds.clones - len(clones)
    return Configuration(
        record_of(image, open_),
        arranged([*machines, *[Holder.NONE] * free[0]]),
        arranged([*clones, *[Holder.NONE] * free[1]]),
    )


def _machine_now(vm: VirtualMachine) -> Holder:
    if vm.state is VmState.DONE or _IMAGE not in vm.image_ids():
        return Holder.GHOST
    return Holder.WAITING if vm.state in WAITING else Holder.ACTIVE


def _clone_now(clone: Image | None) -> Holder:
    filled = clone is not None and clone.state is ImageState.LOCKED and clone.cloning_id == _IMAGE
    return Holder.ACTIVE if filled else Holder.GHOST


def _calls(cloud: Cloud, configuration: Configuration, bounds: Bounds) -> Iterator[Call]:
    yield from _commands(cloud, bounds)
    yield from _answers(cloud, bounds)
    if Holder.NONE in configuration.machines:
        yield "acquire", lambda: cloud.vm.allocate(_MACHINE)
    image = cloud.images[_IMAGE]
    for number in sorted(image.vms):
        yield from _ends(cloud, cloud.vms[number])
    if Holder.NONE in configuration.clones:
        yield "clone", lambda: cloud.image.clone(_IMAGE, f"copy-{cloud.images.next_id}")
    for number in sorted(image.clones):
        if _clone_now(cloud.images.get(number)) is Holder.ACTIVE:
            yield from _endings(cloud, number, bounds)


def _commands(cloud: Cloud, bounds: Bounds) -> Iterator[Call]:
    calls = cloud.image
    yield "enable", lambda: calls.enable(_IMAGE, enabled=True)
    yield "disable", lambda: calls.enable(_IMAGE, enabled=False)
    yield "persistent", lambda: calls.persistent(_IMAGE, persistent=True)
    yield "nonpersistent", lambda: calls.persistent(_IMAGE, persistent=False)
    yield "delete", lambda: calls.delete(_IMAGE)
    yield "delete_force", lambda: calls.delete(_IMAGE, force=True)
    for kind in bounds.types:
        yield f"chtype {kind.name}", partial(calls.chtype, _IMAGE, kind.name)
    snapshots = cloud.images[_IMAGE].snapshots
    first = min((one.id for one in snapshots or ()), default=0)
    yield "snapshot_delete", lambda: calls.snapshotdelete(_IMAGE, first)
    yield "snapshot_revert", lambda: calls.snapshotrevert(_IMAGE, first)
    yield "snapshot_flatten", lambda: calls.snapshotflatten(_IMAGE, first)


def _answers(cloud: Cloud, bounds: Bounds) -> Iterator[Call]:
    for (action, ok), label in DRIVER_ANSWERS.items():
        if not ok and not bounds.faults:
            continue
        if bounds.unasked or cloud.drivers.oldest(action, _IMAGE, "ds") is not None:
            yield label, partial(cloud.answer, action, _IMAGE, ok=ok, role="ds")


def _ends(cloud: Cloud, vm: VirtualMachine) -> Iterator[Call]:
    holder = _machine_now(vm)
    if holder is Holder.GHOST:
        return
    word = "waiting" if holder is Holder.WAITING else "active"
    yield f"release {word}", lambda: cloud.vm.recover(vm.id, _DELETE_DB)
    if holder is Holder.ACTIVE:
        yield "release_failed", lambda: cloud.vm.recover(vm.id, _DELETE)
    else:
        yield "recover", lambda: cloud.vm.recover(vm.id, _SUCCESS)


def _endings(cloud: Cloud, clone: int, bounds: Bounds) -> Iterator[Call]:
    """Give the ways in which a copy that is being made can end."""
    label = "clone_released"
    yield label, lambda: cloud.answer("CLONE", clone, ok=True, role="ds")
    yield label, lambda: cloud.answer("CLONE", clone, ok=False, role="ds")
    yield label, lambda: cloud.image.delete(clone, force=True)
    if bounds.unasked:
        yield "clone_lost", lambda: cloud.answer("RM", clone, ok=True, role="ds", unasked=True)
