"""Going back in a cloud: what it holds is put aside, and put back as often as one likes.

Much faster than saving and loading: one cloud is used over and over, and only
images, machines, apps, open requests and the time are copied. Users, hosts,
datastores, marketplaces and templates must not change in between.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.cloud.vm import Disk, VirtualMachine

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.drivers import Request
    from lifecycle.cloud.objects import App
    from lifecycle.image import Image


class Moment(NamedTuple):
    """What a cloud held at one time; none of it is changed by what happens in the cloud."""

    images: tuple[Image, ...]
    vms: tuple[VirtualMachine, ...]
    apps: tuple[App, ...]
    requests: tuple[Request, ...]
    next_ids: tuple[int, int, int]
    now: float


def put_aside(cloud: Cloud) -> Moment:
    """Copy what a cloud holds; nothing may be under way in it."""
    return Moment(
        tuple(image.copy() for image in cloud.images),
        tuple(_machine(vm) for vm in cloud.vms),
        tuple(replace(app) for app in cloud.apps),
        tuple(cloud.drivers.open),
        (cloud.images.next_id, cloud.vms.next_id, cloud.apps.next_id),
        cloud.clock.now,
    )


def put_back(cloud: Cloud, moment: Moment) -> None:
    """Make a cloud hold what it held at a moment of its own."""
    for store in cloud.datastores:
        store.images.clear()
    for market in cloud.markets:
        market.apps.clear()
    cloud.images.clear()
    for kept in moment.images:
        image = kept.copy()
        image.world = cloud
        cloud.images.add(image)
        cloud.datastores[image.datastore_id].images.add(image.id)
    cloud.vms.clear()
    for machine in moment.vms:
        vm = _machine(machine)
        vm.world = cloud
        cloud.vms.add(vm)
    cloud.apps.clear()
    for app in moment.apps:
        cloud.apps.add(replace(app))
        cloud.markets[app.market_id].apps.add(app.id)
    cloud.images.next_id, cloud.vms.next_id, cloud.apps.next_id = moment.next_ids
    cloud.drivers.open[:] = moment.requests
    cloud.clock.reset(cloud.clock.start, moment.now)


def _machine(vm: VirtualMachine) -> VirtualMachine:
    twin = vm.copy()
    twin.disks = [_disk(disk) for disk in vm.disks]
    twin.backups = deepcopy(vm.backups)
    # Whoever puts it back says where it lives; until then it can be sent anywhere.
    twin.world = None
    return twin


def _disk(disk: Disk) -> Disk:
    snapshots = None if disk.snapshots is None else disk.snapshots.copy()
    return Disk(dict(disk.attributes), snapshots, disk.attaching, disk.saving, disk.snapshot)
