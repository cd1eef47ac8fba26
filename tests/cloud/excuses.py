"""What a refused call changes all the same, because oned changes it too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lifecycle.cloud.calls.remote import Reply
    from tests.cloud.walks import Step

Leaf = Any


class Change(NamedTuple):
    """A value of a cloud that is another than before; its place is like ``images.3.state``."""

    place: str
    before: Leaf
    after: Leaf
    was: dict[str, Leaf]

    def of(self, *fields: str) -> bool:
        """Tell whether it is one of some fields of an image."""
        return re.fullmatch(rf"images\.\d+\.({'|'.join(fields)})(\..*)?", self.place) is not None

    def beside(self, field: str) -> Leaf:
        """Give another field that the same object had."""
        return self.was.get(f"{'.'.join(self.place.split('.')[:2])}.{field}")


class Excuse(NamedTuple):
    """Something that refused calls change.

    Attributes:
        why: what oned does.
        calls: the calls that do so.
        covers: tells which changes this is.
    """

    why: str
    calls: tuple[str, ...]
    covers: Callable[[Step, str, Change], bool]


ACQUIRING = ("vm.allocate", "vm.attach", "template.instantiate")
"""The calls that take images, and let them go again when they are refused."""

EXCUSES = (
    Excuse(
        "a request that waits for its answer has a number, and counts",
        (),
        lambda _, __, change: change.place in {"next_sync_id", "drivers.count"},
    ),
    Excuse(
        "what a driver refuses was asked of it, and used up a plan",
        ("image.restore",),
        lambda _, __, change: change.place in {"drivers.plans", "drivers.random"},
    ),
    Excuse(
        "FORCE_DELETE is written before anything is checked",
        ("image.delete",),
        lambda step, _, change: (
            step[-1] is True and change.of("template.FORCE_DELETE", "modtime", "prev_state")
        ),
    ),
    Excuse(
        "a lock that is refused is a write",
        ("image.lock",),
        lambda _, __, change: change.of("modtime", "prev_state"),
    ),
    Excuse(
        "an image that was taken and let go was written, and lost its lock",
        ACQUIRING,
        lambda _, __, change: change.of("modtime", "prev_state", "lock_held"),
    ),
    Excuse(
        "a persistent image that was taken and let go has its list of snapshots cleared",
        ACQUIRING,
        lambda _, __, change: (
            change.of("snapshots")
            and (change.before is None or change.after in {True, 0, -1, "NO"})
        ),
    ),
    Excuse(
        "an image that ghosts hold is USED by them once it was taken and let go",
        ACQUIRING,
        lambda _, __, change: (
            change.of("state")
            and change.after in {f"{change.before}_USED", "USED", "USED_PERS"}
            and change.beside("running_vms") + change.beside("cloning_ops") > 0
        ),
    ),
    Excuse(
        "a machine that has an image leaves it when a further disk of it has a wrong SIZE",
        ("vm.attach",),
        lambda step, message, change: (
            "SIZE" in message
            and change.of("state", "running_vms", "vms")
            and step[3] in change.beside("vms")
        ),
    ),
    Excuse(
        "the first id of a pool is lost when its object is refused late",
        ("image.allocate", "vm.allocate", "template.instantiate"),
        lambda _, __, change: (
            change.place in {"images.next_id", "vms.next_id"} and change.before == 0
        ),
    ),
    Excuse(
        "an export that is refused leaves its app, in ERROR",
        ("marketapp.allocate",),
        lambda _, __, change: change.place.startswith("apps.") or ".apps" in change.place,
    ),
    Excuse(
        "copies of images that a recursive clone had begun stay, for they are LOCKED",
        ("template.clone", "template.instantiate"),
        lambda step, _, change: (
            step[-1] is True
            and change.place.startswith(("images.", "templates.", "drivers.", "datastores."))
        ),
    ),
)


def unexcused(
    step: Step, reply: Reply, before: dict[str, Any], after: dict[str, Any]
) -> dict[str, tuple[Leaf, Leaf]]:
    """Give what a refused call changed, but for what oned changes too."""
    if before == after:
        return {}
    was, now = dict(leaves("", before)), dict(leaves("", after))
    found = {}
    for place in {**was, **now}:
        change = Change(place, was.get(place), now.get(place), was)
        if change.before != change.after and not any(
            (not excuse.calls or step[2] in excuse.calls)
            and excuse.covers(step, str(reply.value), change)
            for excuse in EXCUSES
        ):
            found[place] = (change.before, change.after)
    return found


def leaves(place: str, value: Leaf) -> Iterator[tuple[str, Leaf]]:
    """Give all values below one, by their places; objects of a pool by their ids."""
    if isinstance(value, dict) and "objects" in value:
        yield f"{place}.next_id", value["next_id"]
        for one in value["objects"]:
            yield from leaves(f"{place}.{one['id']}", one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(f"{place}.{name}" if place else name, one)
    else:
        yield place, value
