"""A cloud as the page shows it: the views of ``scripts/types.js``, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.guards import forced, has_source, shareable
from lifecycle.scenario.phrases import LEVELS
from lifecycle.scenario.words import DRIVERS, KIND_OF

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.drivers import Request
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.image import Image

View = dict[str, Any]
"""A view of ``scripts/types.js``."""


def image_view(image: Image, name: str = "") -> View:
    """Give an ImageView.

    Args:
        image: in a cloud.
        name: what it is called, if not by its own name.
    """
    return {
        "id": image.id,
        "name": name or image.name,
        "state": image.state.name,
        "type": image.type.name,
        "persistent": image.is_persistent,
        "flags": _flags(image),
        "runningVms": image.running_vms,
        "cloningOps": image.cloning_ops,
        "machines": sorted(image.vms),
        "clones": sorted(image.clones),
        "source": None if image.cloning_id == -1 else image.cloning_id,
        "snapshots": [] if image.snapshots is None else [one.id for one in image.snapshots],
    }


def machine_view(vm: VirtualMachine, name: str = "") -> View:
    """Give a MachineView.

    Args:
        vm: in a cloud.
        name: what it is called, if not by its own name.
    """
    images = list(dict.fromkeys(vm.image_ids()))
    return {"id": vm.id, "name": name or vm.name, "state": vm.state.name, "images": images}


def request_view(request: Request, name: str = "") -> View:
    """Give a RequestView.

    Args:
        request: an open one.
        name: what it is about, if not called by its own name.
    """
    driver = DRIVERS[request.role]
    return {
        "key": f"{request.number}",
        "driver": driver,
        "action": request.action,
        "about": {"kind": KIND_OF[driver], "id": request.id},
        "name": name or request.name,
    }


def _flags(image: Image) -> list[str]:
    """Give what else is set, in the words of the rest of the page."""
    found = []
    if forced(image, None):
        found.append("FORCE_DELETE")
    if shareable(image, None):
        found.append("SHAREABLE")
    if not has_source(image, None):
        found.append("no file")
    if image.lock_held is not None:
        found.append(f"LOCK {LEVELS[image.lock_held.level]}")
    return found


def cloud_views(cloud: Cloud, named: Callable[[str, int], str]) -> dict[str, list[View]]:
    """Give the images, machines and open requests of a cloud.

    Args:
        cloud: any.
        named: gives the name of a thing by its kind (image, machine, app) and id.
    """
    requests = [
        request_view(one, named(KIND_OF[DRIVERS[one.role]], one.id)) for one in cloud.drivers.open
    ]
    return {
        "images": [image_view(one, named("image", one.id)) for one in cloud.images],
        "machines": [machine_view(one, named("machine", one.id)) for one in cloud.vms],
        "requests": requests,
    }
