"""Small clouds: a few images, machines, copies and apps, and everything that can happen to them.

Every successor is computed by a real cloud, in which an act is done and which
then goes back. A configuration leaves out names, times, sizes and texts.
"""

from __future__ import annotations

from itertools import permutations, product
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.analysis.exploration.acts import (
    Act,
    CloudBounds,
    doings,
    furnished,
    perform,
)
from lifecycle.analysis.exploration.copies import Moment, put_aside, put_back
from lifecycle.analysis.exploration.fields import (
    fields_of_disk,
    fields_of_image,
    saved_machine,
    target_image,
)
from lifecycle.analysis.exploration.search import Graph, search
from lifecycle.cloud.attributes import text_of
from lifecycle.cloud.cloud import Cloud
from lifecycle.cloud.vm_states import VmState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lifecycle.analysis.exploration.search import Told
    from lifecycle.cloud.objects import App
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.image import Image


class CloudConfiguration(NamedTuple):
    """What of a small cloud matters, as plain values that can be compared and sorted.

    Attributes:
        images, machines, apps: each object's fields, its number first.
        requests: what drivers have not answered, as (driver, action, number).
        made: how many images, machines and apps there ever were.
        unasked: how many answers came that nobody asked for.
    """

    images: tuple[Any, ...]
    machines: tuple[Any, ...]
    apps: tuple[Any, ...]
    requests: tuple[tuple[str, str, int], ...]
    made: tuple[int, int, int]
    unasked: int = 0


class SmallCloud:
    """What can happen in a small cloud within bounds.

    Attributes:
        bounds: how far it is explored.
        before: the steps of a scenario that make the cloud in which it begins.
    """

    def __init__(self, bounds: CloudBounds | None = None) -> None:
        """Take the bounds, the usual ones unless given."""
        self.bounds = CloudBounds() if bounds is None else bounds
        self._cloud = Cloud(journal=False)
        self.before = furnished(self._cloud, self.bounds)
        self._moments: dict[CloudConfiguration, Moment] = {}

    def beginning(self) -> CloudConfiguration:
        """Give the configuration of the cloud in which nothing has happened yet."""
        first = configuration_of(self._cloud, 0, symmetry=self.bounds.symmetry)
        self._moments.setdefault(first, put_aside(self._cloud))
        return first

    def successors(
        self, configuration: CloudConfiguration
    ) -> Iterator[tuple[Act, CloudConfiguration]]:
        """Give every act that leads to another configuration, and that configuration."""
        cloud, moment = self._cloud, self._moments[configuration]
        left = self.bounds.unasked - configuration.unasked
        put_back(cloud, moment)
        for doing in list(doings(cloud, self.bounds, left)):
            put_back(cloud, moment)
            perform(cloud, doing)
            unasked = configuration.unasked + doing[0].unasked
            after = configuration_of(cloud, unasked, symmetry=self.bounds.symmetry)
            if after == configuration:
                continue
            if after not in self._moments:
                self._moments[after] = put_aside(cloud)
            yield doing[0], after

    def moment(self, configuration: CloudConfiguration) -> Moment:
        """Give what the cloud holds in a configuration.

        Raises:
            KeyError: the configuration was not reached.
        """
        return self._moments[configuration]

    def remember(self, configuration: CloudConfiguration, moment: Moment) -> None:
        """Take over from elsewhere what the cloud holds in a configuration."""
        self._moments[configuration] = moment

    def forget(self) -> None:
        """Forget every configuration that was reached."""
        self._moments.clear()

    def at(self, configuration: CloudConfiguration) -> Cloud:
        """Give the cloud as it is in a configuration; it is another one after the next question.

        Raises:
            KeyError: the configuration was not reached.
        """
        put_back(self._cloud, self._moments[configuration])
        return self._cloud


def explore_cloud(
    small: SmallCloud,
    *,
    most: int | None = None,
    megabytes: int | None = None,
    told: Told | None = None,
    until: Callable[[CloudConfiguration], bool] | None = None,
) -> Graph[Act, CloudConfiguration]:
    """Reach every configuration of a small cloud.

    Args:
        small: the cloud; it remembers a moment of each configuration.
        most: how many configurations to find at most.
        megabytes: how much memory this process may have grown to.
        told: is told now and then how far it is.
        until: the search ends with the first configuration of which this holds.
    """
    return search(
        {"a fresh cloud": small.beginning()},
        small.successors,
        most=most,
        megabytes=megabytes,
        told=told,
        until=until,
    )


def configuration_of(cloud: Cloud, unasked: int, *, symmetry: bool) -> CloudConfiguration:
    """Give the configuration of a cloud; of those that differ in numbering only, always the same.

    Args:
        cloud: with nothing under way.
        unasked: how many answers came that nobody asked for.
        symmetry: whether objects that are alike are interchangeable.
    """
    made = cloud.images.next_id, cloud.vms.next_id, cloud.apps.next_id
    if not symmetry:
        straight = tuple(range(made[0])), tuple(range(made[1])), tuple(range(made[2]))
        return _numbered(cloud, unasked, made, *straight)
    keys = (
        [_image_key(cloud.images.get(number)) for number in range(made[0])],
        [_machine_key(cloud.vms.get(number)) for number in range(made[1])],
        [_app_key(cloud.apps.get(number)) for number in range(made[2])],
    )
    orders = [
        _numbered(cloud, unasked, made, images, machines, apps)
        for images, machines, apps in product(*map(_orders, keys))
    ]
    return orders[0] if len(orders) == 1 else min(orders, key=repr)


def _orders(keys: list[str]) -> list[tuple[int, ...]]:
    """Give every way to number objects anew that keeps to the order of their keys.

    A key says what is so of an object whatever numbers objects have: only objects
    with the same key can take each other's place.
    """
    alike: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        alike.setdefault(key, []).append(number)
    groups = [alike[key] for key in sorted(alike)]
    found = []
    for chosen in product(*(permutations(group) for group in groups)):
        numbers = [0] * len(keys)
        for new, old in enumerate(number for group in chosen for number in group):
            numbers[old] = new
        found.append(tuple(numbers))
    return found


def _image_key(image: Image | None) -> str:
    if image is None:
        return "gone"
    held = len(image.vms), len(image.clones), len(image.app_clones), image.cloning_id == -1
    flags = image.is_persistent, image.source == "", image.target_snapshot
    return repr((image.state.name, image.type.name, held, flags))


def _machine_key(vm: VirtualMachine | None) -> str:
    if vm is None or vm.state is VmState.DONE:
        # Nothing else of it is part of a configuration.
        return "gone" if vm is None else vm.state.name
    return f"{vm.state.name} {len(vm.disks)} {vm.action}"


def _app_key(app: App | None) -> str:
    return "gone" if app is None else app.state.name


def _numbered(  # noqa: PLR0913, PLR0917 - an order for each kind of object
    cloud: Cloud,
    unasked: int,
    made: tuple[int, int, int],
    images: tuple[int, ...],
    machines: tuple[int, ...],
    apps: tuple[int, ...],
) -> CloudConfiguration:
    kinds = {"ds": images, "market": apps}
    requests = sorted(
        (one.role, one.action, kinds.get(one.role, machines)[one.id]) for one in cloud.drivers.open
    )
    return CloudConfiguration(
        tuple(sorted(_image(one, images, machines, apps) for one in cloud.images)),
        tuple(sorted(_machine(one, images, machines) for one in cloud.vms)),
        tuple(sorted(_app(one, images, apps) for one in cloud.apps)),
        tuple(requests),
        made,
        unasked,
    )


def _image(
    image: Image, images: tuple[int, ...], machines: tuple[int, ...], apps: tuple[int, ...]
) -> tuple[Any, ...]:
    saved = saved_machine(image)
    return (
        images[image.id],
        *fields_of_image(image),
        -1 if saved is None else machines[saved],
        text_of(image.template, "SAVED_DISK_ID"),
        tuple(sorted(machines[one] for one in image.vms)),
        tuple(sorted(images[one] for one in image.clones)),
        tuple(sorted(apps[one] for one in image.app_clones)),
        -1 if image.cloning_id == -1 else images[image.cloning_id],
        image.target_snapshot,
        () if image.snapshots is None else tuple(one.id for one in image.snapshots),
        len(image.increments),
    )


def _machine(
    vm: VirtualMachine, images: tuple[int, ...], machines: tuple[int, ...]
) -> tuple[Any, ...]:
    if vm.state is VmState.DONE:
        return machines[vm.id], vm.state.name
    disks = tuple(
        (
            images[disk.image_id] if disk.image_id >= 0 else -1,
            *fields_of_disk(disk),
            -1 if (target := target_image(disk, vm)) is None else images[target],
            () if disk.snapshots is None else tuple(one.id for one in disk.snapshots),
        )
        for disk in vm.disks
    )
    backups = () if vm.backups is None else tuple(sorted(images[one] for one in vm.backups.ids))
    return machines[vm.id], vm.state.name, disks, backups, vm.action


def _app(app: App, images: tuple[int, ...], apps: tuple[int, ...]) -> tuple[Any, ...]:
    return apps[app.id], app.state.name, images[app.origin_id]
