"""A search for shortest ways that knows nothing of the planner: it tries whatever can be tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.copying import copied

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.image import Image
    from lifecycle.scenario.moments import Moment, Run
    from lifecycle.scenario.names import Names

SUCCESS, DELETE = 1, 3


class Played:
    """What came of a story, seen by looking at the cloud.

    Attributes:
        run: what the player tells.
        cloud: as it is at the end.
        states: of images and machines by their names, "gone" for dropped records.
    """

    run: Run
    cloud: Cloud

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.states: dict[str, str] = {}

    def see(self, _: Moment, cloud: Cloud, names: Names) -> None:
        """Look at the cloud."""
        self.cloud = cloud
        self.states = dict.fromkeys(self.states, "gone")
        self.states |= {names.of("image", one.id): one.state.name for one in cloud.images}
        self.states |= {names.of("machine", one.id): one.state.name for one in cloud.vms}


def image_of(cloud: Cloud, name: str) -> Image | None:
    """Give the image of a name, None when it is gone."""
    return next((one for one in cloud.images if one.name == name), None)


def holds(cloud: Cloud, name: str, goal: str) -> bool:
    """Tell whether an image is gone, or READY and held by nobody."""
    image = image_of(cloud, name)
    if image is None:
        return goal == "gone"
    free = image.running_vms == image.cloning_ops == 0
    return goal == "ready" and image.state.name == "READY" and free


def steps_to(cloud: Cloud, name: str, goal: str, most: int) -> int | None:
    """Give the number of steps to a goal; None when it takes more than `most`."""
    level = [cloud]
    seen = {mark(cloud)}
    for steps in range(most + 1):
        if any(holds(one, name, goal) for one in level):
            return steps
        level = [] if steps == most else list(next_level(level, name, seen))
    return None


def next_level(level: list[Cloud], name: str, seen: set[Hashable]) -> Iterator[Cloud]:
    """Give the clouds that are one step further and were not seen before."""
    for cloud in level:
        for method, params in calls(cloud, name):
            twin = copied(cloud)
            twin.call(method, *params)
            yield from fresh(twin, seen)
        for request in cloud.drivers.open:
            for ok in (True, False):
                twin = copied(cloud)
                twin.answer(request.action, request.id, ok=ok, role=request.role)
                yield from fresh(twin, seen)


def fresh(cloud: Cloud, seen: set[Hashable]) -> Iterator[Cloud]:
    """Give a cloud that was not seen before."""
    if mark(cloud) not in seen:
        seen.add(mark(cloud))
        yield cloud


def calls(cloud: Cloud, name: str) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Give what can be typed, on the image and on all machines."""
    image = image_of(cloud, name)
    if image is None:
        return
    for flag in (False, True):
        yield "one.image.delete", (image.id, flag)
        yield "one.image.enable", (image.id, flag)
    for vm in cloud.vms:
        yield "one.vm.action", ("terminate", vm.id)
        yield "one.vm.deploy", (vm.id, 0)
        yield "one.vm.recover", (vm.id, SUCCESS)
        yield "one.vm.recover", (vm.id, DELETE)


def mark(cloud: Cloud) -> Hashable:
    """Give what tells one cloud from another, as far as ways depend on it."""
    images = [
        (one.id, one.state, one.is_persistent, one.running_vms, one.cloning_ops, bool(one.source))
        for one in cloud.images
    ]
    forced = [one.id for one in cloud.images if "FORCE_DELETE" in one.template]
    machines = [(one.id, one.state) for one in cloud.vms]
    requests = [(one.action, one.id) for one in cloud.drivers.open]
    return tuple(images), tuple(forced), tuple(machines), tuple(requests)
