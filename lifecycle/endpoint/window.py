"""A part of a cloud as the live page shows it: bounded, however large the cloud is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, get_args

from lifecycle.cloud.attributes import leading_number, text_of
from lifecycle.cloud.journal import Kind
from lifecycle.cloud.vm_states import VmState
from lifecycle.endpoint.attempts import IMAGE, MACHINE, Ref, about
from lifecycle.endpoint.past import rows
from lifecycle.page.views import image_view, machine_view, request_view
from lifecycle.refusal import InputError
from lifecycle.states import ImageState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.image import Image

MOST = 200
"""How many images a window has at most."""

_LOOKED_BACK = 500
"""How many entries of the journal tell what happened lately."""

_MOST_IDS = 50
_MOST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """Which part of a cloud is asked for.

    Attributes:
        text: what stands in the name of an image, or of one of its machines; or its number.
        state: the state of the images, "" for any.
        around: an image or machine that is to be there with what it has to do with.
        size: how many images, and how many machines, at most.

    Raises:
        InputError: there is no such state, or the size is none.
    """

    text: str = ""
    state: str = ""
    around: Ref | None = None
    size: int = 20

    def __post_init__(self) -> None:
        """Refuse what can never be meant."""
        if self.state and self.state not in ImageState.__members__:
            known = ", ".join(ImageState.__members__)
            raise InputError(f"is none of {known}", field="state")
        if not 0 < self.size <= MOST:
            raise InputError(f"must be from 1 to {MOST}", field="size")
        if self.around is not None and self.around.kind not in {IMAGE, MACHINE}:
            raise InputError("must be image-N or machine-N", field="around")


def window(cloud: Cloud, wish: Wish) -> dict[str, Any]:
    """Give a part of a cloud as JSON; its lists are those of the page's ``View``.

    Those images come first with which something happened lately, then the youngest.
    """
    lately = _lately(cloud)
    images = _chosen(_images(cloud, wish, lately), wish.size)
    shown = {image.id for image in images}
    vms = _chosen(_machines(cloud, wish, shown, lately), wish.size)
    machines = {vm.id for vm in vms}
    living = sum(vm.state is not VmState.DONE for vm in cloud.vms)
    there = sum(vm.state is not VmState.DONE for vm in vms)
    states = Counter(image.state.name for image in cloud.images)
    return {
        "number": cloud.journal[-1].number if len(cloud.journal) else 0,
        "kinds": list(get_args(Kind)),
        "totals": {
            "images": len(cloud.images),
            "machines": living,
            "requests": len(cloud.drivers.open),
        },
        "states": {one: states[one] for one in ImageState.__members__ if one in states},
        "images": [image_view(image, ids=_MOST_IDS, letters=_MOST_TEXT) for image in images],
        "machines": [machine_view(vm, ids=_MOST_IDS, letters=_MOST_TEXT) for vm in vms],
        "requests": list(_requests(cloud, shown, machines)),
        "timeline": rows(cloud, _LOOKED_BACK),
        "hidden": {"images": len(cloud.images) - len(images), "machines": living - there},
    }


def _lately(cloud: Cloud) -> dict[str, list[int]]:
    """Give the images and machines of the journal's last entries, the latest first."""
    journal = cloud.journal
    first = max(len(journal) - _LOOKED_BACK, 0)
    found: dict[str, dict[int, None]] = {"image": {}, "vm": {}}
    for place in range(len(journal) - 1, first - 1, -1):
        kind, _, number = journal[place].object.partition(" ")
        if kind in found:
            found[kind][int(number)] = None
    return {kind: list(ids) for kind, ids in found.items()}


def _images(cloud: Cloud, wish: Wish, lately: dict[str, list[int]]) -> Iterator[Image]:
    """Give images in the order in which they are wanted, some more than once."""
    if wish.around is not None:
        yield from _around(cloud, wish.around)
    touched = (cloud.images[one] for one in lately["image"] if one in cloud.images)
    every: Iterator[Image] = chain(touched, reversed(cloud.images))
    if wish.state:
        every = (image for image in every if image.state.name == wish.state)
    if wish.text:
        text = wish.text.casefold()
        named = _of_named_machines(cloud, text)
        every = (image for image in every if _is_meant(image, text) or image.id in named)
    yield from every


def _is_meant(image: Image, text: str) -> bool:
    return text in image.name.casefold() or text == str(image.id)


def _around(cloud: Cloud, around: Ref) -> Iterator[Image]:
    """Give an image and those that it is copied from and to, or the images of a machine."""
    image = cloud.images.get(around.id) if around.kind == IMAGE else None
    ids: Iterable[int] = ()
    if image is not None:
        ids = (image.id, image.cloning_id, *sorted(image.clones))
    elif around.kind == MACHINE and around.id in cloud.vms:
        ids = cloud.vms[around.id].image_ids()
    yield from (cloud.images[one] for one in ids if one in cloud.images)


def _of_named_machines(cloud: Cloud, text: str) -> frozenset[int]:
    """Give the images of the machines whose name holds a text."""
    return frozenset(
        image for vm in cloud.vms if text in vm.name.casefold() for image in vm.image_ids()
    )


def _machines(
    cloud: Cloud, wish: Wish, images: set[int], lately: dict[str, list[int]]
) -> Iterator[VirtualMachine]:
    """Give machines in the order in which they are wanted: those of the images first."""
    around = wish.around
    if around is not None and around.kind == MACHINE and around.id in cloud.vms:
        yield cloud.vms[around.id]
    touched = [cloud.vms[one] for one in lately["vm"] if one in cloud.vms]
    yield from (vm for vm in touched if _lives(vm) and not images.isdisjoint(vm.image_ids()))
    for number in sorted(images):
        image = cloud.images[number]
        # Also those that it counts although they are done.
        held = (cloud.vms.get(one) for one in sorted(image.vms)[-wish.size :])
        yield from (vm for vm in held if vm is not None)
        saved = leading_number(text_of(image.template, "SAVED_VM_ID"))
        vm = None if saved is None else cloud.vms.get(saved)
        if vm is not None and _lives(vm):
            yield vm
    text = wish.text.casefold()
    if not wish.state:
        every = chain(touched, reversed(cloud.vms))
        yield from (vm for vm in every if _lives(vm) and text in vm.name.casefold())


def _lives(vm: VirtualMachine) -> bool:
    return vm.state is not VmState.DONE


def _chosen(wanted: Iterator[Any], size: int) -> list[Any]:
    """Give the first of what is wanted, each once, by their ids."""
    found: dict[int, Any] = {}
    for one in wanted:
        found.setdefault(one.id, one)
        if len(found) == size:
            break
    return [found[number] for number in sorted(found)]


def _requests(cloud: Cloud, images: set[int], machines: set[int]) -> Iterator[dict[str, Any]]:
    """Give the open requests about what is shown."""
    pools: dict[str, tuple[set[int], Any]] = {
        IMAGE: (images, cloud.images),
        MACHINE: (machines, cloud.vms),
    }
    for request in cloud.drivers.open:
        ref = about(cloud, request)
        if ref is None or ref.id not in pools[ref.kind][0]:
            continue
        name = pools[ref.kind][1][ref.id].name[:_MOST_TEXT]
        yield request_view(request, name, kind=ref.kind, number=ref.id)
