"""A search that shares nothing with the planner: every call on everything, in real clouds.

A cloud is copied by saving and loading it, and known again by what it saves.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lifecycle import Cloud
from lifecycle.cloud.vm_states import VmState
from lifecycle.states import CLONABLE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle import Image
    from lifecycle.cloud.vm import VirtualMachine

TIMES = ("regtime", "modtime", "stime", "etime", "time", "number", "request", "error", "prev_state")
MOST_MORE = 1
"""How many more holders of a kind than at the beginning there may be."""


def layers(cloud: Cloud, image: int, most: int) -> list[list[Image | None]]:
    """Give what an image can be after so many moves and no fewer: at the beginning, after 1, ….

    Args:
        cloud: where it begins.
        image: the id of the image.
        most: how many moves are made.
    """
    limit = holders(cloud, image)
    frontier, seen = [cloud], {known_by(cloud)}
    found = [[cloud.images.get(image)]]
    for _ in range(most):
        clouds: list[Cloud] = []
        for after in (after for one in frontier for after in nexts(one, image, limit)):
            key = known_by(after)
            if key not in seen:
                seen.add(key)
                clouds.append(after)
        found.append([one.images.get(image) for one in clouds])
        frontier = clouds
    return found


def nexts(cloud: Cloud, image: int, limit: tuple[int, int]) -> Iterator[Cloud]:
    """Give every cloud that one move away: an answer, or a call that is not refused."""
    for request in cloud.drivers.open:
        for ok in (True, False):
            after = copied(cloud)
            after.answer(request.action, request.id, ok=ok, role=request.role)
            yield after
    for method, params in calls(cloud, image):
        after = copied(cloud)
        if after.call(method, *params).ok and within(after, image, limit):
            yield after


def calls(cloud: Cloud, image: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Give every call that can move an image or what holds it."""
    for number in cloud.images.ids():
        for force in (False, True):
            yield "one.image.delete", (number, force)
    for app in cloud.apps:
        yield "one.marketapp.delete", (app.id,)
    for vm in cloud.vms:
        yield from calls_on_machine(vm)
    subject = cloud.images.get(image)
    if subject is not None:
        yield from calls_on_image(cloud, subject)


def calls_on_image(cloud: Cloud, image: Image) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for on in (True, False):
        yield "one.image.enable", (image.id, on)
        yield "one.image.persistent", (image.id, on)
    for snapshot in image.snapshots or ():
        for word in ("delete", "revert", "flatten"):
            yield f"one.image.snapshot{word}", (image.id, snapshot.id)
    yield "one.image.clone", (image.id, f"copy-{cloud.images.next_id}")
    disk = f'DISK=[IMAGE_ID="{image.id}"]'
    yield "one.vm.allocate", (f'NAME="vm" CPU="1" MEMORY="64" {disk}', False)
    if image.type not in CLONABLE_TYPES:
        app = f'NAME="app-{cloud.apps.next_id}" ORIGIN_ID="{image.id}" TYPE="IMAGE"'
        yield "one.marketapp.allocate", (app, cloud.markets.ids()[-1])


def calls_on_machine(vm: VirtualMachine) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for word in ("terminate", "terminate-hard"):
        yield "one.vm.action", (word, vm.id)
    for number in range(6):
        yield "one.vm.recover", (vm.id, number)
    yield "one.vm.deploy", (vm.id, 0)
    for disk in vm.disks:
        yield "one.vm.detach", (vm.id, disk.id)


def within(cloud: Cloud, image: int, limit: tuple[int, int]) -> bool:
    """Tell whether no more holders are there than may be."""
    return all(
        now <= most + MOST_MORE for now, most in zip(holders(cloud, image), limit, strict=True)
    )


def holders(cloud: Cloud, image: int) -> tuple[int, int]:
    """Count the machines and the copies that an image counts."""
    thing = cloud.images.get(image)
    return (0, 0) if thing is None else (len(thing.vms), len(thing.clones) + len(thing.app_clones))


def copied(cloud: Cloud) -> Cloud:
    """Copy a cloud as its users do."""
    return Cloud.from_json(cloud.to_json(journal=False), journal=False)


def known_by(cloud: Cloud) -> str:
    """Give all that a cloud saves, but for times, and machines that have ended."""
    value = cloud.to_json(journal=False)
    value["vms"]["objects"] = [
        one for one in value["vms"]["objects"] if one["state"] != VmState.DONE.name
    ]
    requests = [(one.role, one.action, one.id) for one in cloud.drivers.open]
    parts = {name: value[name]["objects"] for name in ("images", "vms", "apps")}
    return json.dumps([without_times(parts), requests], sort_keys=True)


def without_times(value: Any) -> Any:  # noqa: ANN401 - what stands in JSON has no one type
    """Leave out the fields that hold times, at any depth."""
    if isinstance(value, dict):
        return {
            name: without_times(one) for name, one in value.items() if name.lower() not in TIMES
        }
    return [without_times(one) for one in value] if isinstance(value, list) else value
