"""A second cloud that is like a first one, to try something in.

Nothing that happens to one of them reaches the other. It is what saving and
loading give, several times quicker; hooks and observers stay with the first.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.attributes import leading_number, text_of
from lifecycle.cloud.backups import Backups
from lifecycle.cloud.calls import GROUPS
from lifecycle.cloud.clock import Clock
from lifecycle.cloud.cloud import Cloud
from lifecycle.cloud.drivers import Plan
from lifecycle.cloud.journal import Journal
from lifecycle.cloud.pool import Pool
from lifecycle.cloud.saving import POOLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lifecycle.cloud.objects import App
    from lifecycle.cloud.vm import Disk, VirtualMachine
    from lifecycle.image import Image

_POOLS = tuple(POOLS)
"""Every pool of a cloud, by the name that it is saved under."""


def copied(
    cloud: Cloud, *, journal: bool = False, only: Mapping[str, Iterable[int]] | None = None
) -> Cloud:
    """Give an independent copy of a cloud.

    Args:
        cloud: with nothing under way.
        journal: whether the copy keeps a journal; it begins empty.
        only: the ids of what is copied, for pools (``images``) of which not all is.
    """
    chosen = {} if only is None else only
    twin = Cloud(
        clock=Clock(cloud.clock.start),
        capacity_check=cloud.capacity_check,
        journal=journal,
        host=False,
    )
    twin.clock.reset(cloud.clock.start, cloud.clock.now)
    copiers: dict[str, Callable[[Any], Any]] = {
        "images": lambda image: _image(image, twin),
        "vms": lambda vm: _machine(vm, twin),
        "datastores": lambda one: replace(one, images=set(one.images)),
        "markets": lambda one: replace(one, apps=set(one.apps)),
    }
    for name in _POOLS:
        pool: Pool[Any] = getattr(cloud, name)
        things = pool if name not in chosen else [pool[one] for one in sorted(set(chosen[name]))]
        _fill(getattr(twin, name), things, copiers.get(name, replace), pool.next_id)
    twin.acl_rules = list(cloud.acl_rules)
    twin.next_acl_id, twin.next_sync_id = cloud.next_acl_id, cloud.next_sync_id
    twin.drivers.take_over(cloud.drivers)
    twin.schedule_delayed()
    return twin


def excerpt(cloud: Cloud, number: int) -> Cloud:
    """Give a copy of what the life of one image depends on, quickly also of a large cloud.

    That is what `surroundings` gives. Plans about drivers are left out: their
    requests are all held.

    Args:
        cloud: with nothing under way.
        number: the id of the image.

    Raises:
        KeyError: there is no such image.
    """
    twin = surroundings(cloud, images=(number,))
    drivers = twin.drivers
    drivers.plans, drivers.ruled, drivers.delayed = [], {}, {}
    drivers.otherwise = Plan("hold")
    return twin


def surroundings(
    cloud: Cloud,
    images: Iterable[int] = (),
    vms: Iterable[int] = (),
    *,
    most: int | None = None,
) -> Cloud:
    """Give a copy of what the life of some images and machines depends on.

    That is the images, those of the machines, what holds them, what they are
    copies of, the other images of these machines, and what drivers were asked
    about them; datastores, marketplaces, hosts, and plans about drivers. Answers
    that are on their way do not come in it.

    Args:
        cloud: with nothing under way.
        images: the ids of images.
        vms: the ids of machines.
        most: of how many machines and copies that hold an image there is a copy,
            None for all. Those that are left out hold it all the same: what
            can be done to the image does not depend on which they are.

    Raises:
        KeyError: there is no such image or machine.
    """
    machines = [cloud.vms[one] for one in vms]
    about = {*images, *(disk for vm in machines for disk in vm.image_ids() if disk in cloud.images)}
    known = [cloud.images[one] for one in about]
    saved = (leading_number(text_of(image.template, "SAVED_VM_ID")) for image in known)
    held = {one for image in known for one in _some(image.vms, most)}
    around = {one for one in {*held, *saved} if one is not None and one in cloud.vms}
    around.update(vm.id for vm in machines)
    disks = {disk for one in around for disk in cloud.vms[one].image_ids()}
    kin = {one for image in known for one in (image.cloning_id, *_some(image.clones, most))}
    found = {
        "images": {one for one in about | kin | disks if one in cloud.images},
        "vms": around,
        "apps": {one for image in known for one in image.app_clones if one in cloud.apps},
        "templates": set(),
    }
    twin = copied(cloud, only=found)
    drivers = twin.drivers
    twin.clock.reset(cloud.clock.start, cloud.clock.now)
    pools = {"ds": "images", "market": "apps", "tm": "vms", "vmm": "vms"}
    drivers.open = [one for one in drivers.open if one.id in found[pools[one.role]]]
    for store in twin.datastores:
        store.images &= found["images"]
    for market in twin.markets:
        market.apps &= found["apps"]
    return twin


def _some(ids: Iterable[int], most: int | None) -> Iterable[int]:
    return ids if most is None else sorted(ids)[:most]


def branched(cloud: Cloud) -> Cloud:
    """Give a copy of a cloud for trying one call or answer, several times quicker than `copied`.

    Images, machines, apps and requests are its own; users, datastores,
    marketplaces, hosts and the clock are those of the first, and no call
    about these may be made.
    """
    twin = object.__new__(Cloud)
    state = dict(cloud.__dict__)
    for group in GROUPS:
        state.pop(group, None)
    twin.__dict__.update(state)
    twin.journal = Journal(enabled=False)
    twin.drivers = cloud.drivers.branched()
    twin.hooks, twin.observers = [], []
    twin._queue, twin._calls = deque(), {}
    for name, copy in _CHANGED.items():
        others: Pool[Any] = getattr(cloud, name)
        pool: Pool[Any] = Pool(others.kind)
        for thing in others:
            pool.add(copy(thing, twin))
        pool.next_id = others.next_id
        setattr(twin, name, pool)
    return twin


def _fill(pool: Pool[Any], things: Iterable[Any], copy: Callable[[Any], Any], next_id: int) -> None:
    pool.clear()
    for thing in things:
        pool.add(copy(thing))
    pool.next_id = next_id


def _image(image: Image, twin: Cloud) -> Image:
    copy = image.copy()
    copy.world = twin
    return copy


def _machine(vm: VirtualMachine, twin: Cloud) -> VirtualMachine:
    copy = vm.copy()
    copy.disks = [_disk(disk) for disk in vm.disks]
    copy.template = dict(vm.template)
    copy.backups = None if vm.backups is None else Backups.from_json(vm.backups.to_json())
    copy.world = twin
    return copy


def _disk(disk: Disk) -> Disk:
    snapshots = None if disk.snapshots is None else disk.snapshots.copy()
    return replace(disk, attributes=dict(disk.attributes), snapshots=snapshots)


def _app(app: App, _: Cloud) -> App:
    return replace(app)


_CHANGED: dict[str, Callable[[Any, Cloud], Any]] = {
    "images": _image,
    "vms": _machine,
    "apps": _app,
}
"""The pools whose objects the life of an image changes, and how one is copied."""
