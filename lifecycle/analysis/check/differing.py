"""In what an observation differs from the nearest possible one, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.analysis.check.facts import Wrong
from lifecycle.analysis.check.hidden import (
    AFTER,
    APP_BOTH,
    BEFORE,
    BOTH,
    ELSE,
    EMPTY,
    FIRST,
    OTHER,
    SECOND,
    Hidden,
)
from lifecycle.states import GONE, ImageState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.image import Image

_APP = APP_BOTH // BOTH


def members_of(last: Image | None, seen: Image | None) -> dict[int, list[int]]:
    """Give the ids that stand behind BOTH, FIRST, … of machines, copies (negative) and apps."""
    found: dict[int, list[int]] = {}
    for name, factor in (("vms", 1), ("clones", -1), ("app_clones", _APP)):
        one: set[int] = set(getattr(last, name)) if last is not None else set()
        two: set[int] = set(getattr(seen, name)) if seen is not None else set()
        for fate, members in ((BOTH, one & two), (FIRST, one - two), (SECOND, two - one)):
            if members:
                found[factor * fate] = sorted(members)
    return found


_FIELDS = {
    "state": "STATE",
    "persistent": "PERSISTENT",
    "source": "SOURCE",
    "format": "FORMAT",
    "grown": "SIZE",
    "cloning": "CLONING_ID",
    "target": "TARGET_SNAPSHOT",
    "snapshots": "SNAPSHOTS",
    "vms": "VMS",
    "copies": "CLONES",
    "written": "PREV_STATE",
}


_YES_NO = {
    "persistent": ("0", "1"),
    "grown": ("as before", "another"),
    "cloning": ("-1", "set"),
    "written": ("INIT", "that of STATE"),
}
_WORDS = {EMPTY: "empty", BEFORE: "as before", AFTER: "another", ELSE: "something else"}


def differences(
    possible: Hidden, wanted: Hidden, last: Image | None, seen: Image | None
) -> Iterator[Wrong]:
    """Give in which fields what is possible differs from what was seen.

    Args:
        possible: a configuration that can be reached.
        wanted: the one that was seen.
        last: the observation before.
        seen: the observation.
    """
    if wanted.state is GONE or possible.state is GONE:
        yield Wrong("record", _there(wanted), _there(possible))
        return
    members = members_of(last, seen)
    for name, title in _FIELDS.items():
        one, two = getattr(possible, name), getattr(wanted, name)
        if one != two:
            yield Wrong(title, _shown(name, two, members), _shown(name, one, members))


def _there(hidden: Hidden) -> str:
    return "gone" if hidden.state is GONE else f"there, {hidden.state.name}"


def _shown(name: str, value: object, members: dict[int, list[int]]) -> str:
    if isinstance(value, ImageState):
        return value.name
    if isinstance(value, bool):
        no, yes = _YES_NO[name]
        return yes if value else no
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "empty"
    if name in {"vms", "copies"} and isinstance(value, int):
        return _ids(name, value, members)
    return _WORDS.get(str(value), str(value))


def _ids(name: str, value: int, members: dict[int, list[int]]) -> str:
    found: list[str] = []
    for fate in (BOTH, FIRST, SECOND, OTHER):
        if name == "vms":
            if value & fate:
                found += map(str, members.get(fate, ["another"]))
            continue
        if value & fate:
            found += map(str, members.get(-fate, ["another"]))
        if value & _APP * fate:
            found += [f"app {one}" for one in members.get(_APP * fate, ["another"])]
    return ", ".join(found) or "empty"
