"""What is otherwise in one cloud than in another that it became, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.image import Image
from lifecycle.increments import Increments
from lifecycle.snapshots import Snapshots

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.analysis.situation import Labels
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.drivers import Role

_POOLS: tuple[tuple[Role, str, str], ...] = (
    ("ds", "images", "image"),
    ("vmm", "vms", "machine"),
    ("market", "apps", "app"),
)
_QUIET = {"world", "prev_state", "modtime", "regtime", "state"}
_NAMES = {"is_persistent": "PERSISTENT", "lock_held": "LOCK", "app_clones": "APP_CLONES"}


def state_changes(before: Cloud, after: Cloud, labels: Labels, *, but: int = -1) -> list[str]:
    """Tell which things have another state, are new, or are gone.

    Args:
        before: the cloud as it was.
        after: the cloud that it became.
        labels: what things are called.
        but: the id of an image that is left out.
    """
    lines = []
    for role, pool, noun in _POOLS:
        was, now = getattr(before, pool), getattr(after, pool)
        for number in sorted({*was.ids(), *now.ids()}):
            if role == "ds" and number == but:
                continue
            one, two = was.get(number), now.get(number)
            states = ["" if thing is None else thing.state.name for thing in (one, two)]
            if states[0] != states[1]:
                name = labels.within(before if two is None else after).of(role, number)
                lines.append(f"{noun} {name}: {states[0] or 'new'} → {states[1] or 'gone'}")
    return lines


def field_changes(before: Image, after: Image) -> dict[str, tuple[Any, Any]]:
    """Give the fields of an image's record that changed, as before and after, but for times."""
    found: dict[str, tuple[Any, Any]] = {}
    for slot in Image.__slots__:
        one, two = getattr(before, slot), getattr(after, slot)
        if slot not in _QUIET and one != two:
            found[_NAMES.get(slot, slot.upper())] = _plain(one), _plain(two)
    return found


def told_fields(changes: dict[str, tuple[Any, Any]]) -> Iterator[str]:
    """Tell of changed fields, a line for each; of the template only what changed."""
    for name, (one, two) in changes.items():
        if name == "TEMPLATE":
            for key in {**one, **two}:
                if one.get(key) != two.get(key):
                    yield f"{key}: {one.get(key, 'not there')} → {two.get(key, 'not there')}"
        elif name == "SNAPSHOTS":
            yield f"SNAPSHOTS: {len(one or ())} → {len(two or ())}"
        else:
            yield f"{name}: {_written(one)} → {_written(two)}"


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None or value == "" else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Snapshots):
        return [one.id for one in value]
    if isinstance(value, Increments):
        return len(value)
    return getattr(value, "name", value)
