"""A cloud as the page shows it: the views of ``scripts/types.js``, as plain data."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.attributes import text_of
from lifecycle.guards import forced, has_source, saving, shareable
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


def image_view(
    image: Image, name: str = "", *, ids: int | None = None, letters: int | None = None
) -> View:
    """Give an ImageView.

    Args:
        image: in a cloud.
        name: what it is called, if not by its own name.
        ids: how many others are named of each kind at most, None for all.
        letters: how long a text is at most, None for any length.
    """
    snapshots = image.snapshots or ()
    return {
        "id": image.id,
        "name": (name or image.name)[:letters],
        "state": image.state.name,
        "type": image.type.name,
        "persistent": image.is_persistent,
        "flags": _flags(image),
        "runningVms": image.running_vms,
        "cloningOps": image.cloning_ops,
        "machines": sorted(image.vms)[:ids],
        "clones": sorted(image.clones)[:ids],
        "source": None if image.cloning_id < 0 else image.cloning_id,
        "snapshots": [one.id for one in islice(snapshots, ids)],
        "error": text_of(image.template, "ERROR")[:letters],
    }


def machine_view(
    vm: VirtualMachine, name: str = "", *, ids: int | None = None, letters: int | None = None
) -> View:
    """Give a MachineView.

    Args:
        vm: in a cloud.
        name: what it is called, if not by its own name.
        ids: how many images are named at most, None for all.
        letters: how long a text is at most, None for any length.
    """
    return {
        "id": vm.id,
        "name": (name or vm.name)[:letters],
        "state": vm.state.name,
        "images": list(dict.fromkeys(vm.image_ids()))[:ids],
        "error": vm.error[:letters],
    }


def request_view(request: Request, name: str = "", *, kind: str = "", number: int = -1) -> View:
    """Give a RequestView.

    Args:
        request: an open one.
        name: what it is about, if not called by its own name.
        kind: of what it is about, if not what its driver is asked about.
        number: the id of that.
    """
    driver = DRIVERS[request.role]
    about = (kind, number) if kind else (KIND_OF[driver], request.id)
    return {
        "key": f"{request.number}",
        "driver": driver,
        "action": request.action,
        "about": dict(zip(("kind", "id"), about, strict=True)),
        "name": name or request.name,
    }


def _flags(image: Image) -> list[str]:
    """Give what else is set, in the words of the rest of the page."""
    lock = image.lock_held
    flags = {
        "SHAREABLE": shareable(image, None),
        "FORCE_DELETE": forced(image, None),
        "SAVE_AS_HOT": saving(image, None),
        "no file": not has_source(image, None),
    }
    return [
        *(name for name, is_set in flags.items() if is_set),
        *([] if lock is None else [f"LOCK {LEVELS.get(lock.level, lock.level)}"]),
    ]


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
