"""What changed of a thing besides its state, in a few words for each field.

Only what matters to the lifecycle is told: who holds an image, its flags, its
lock, its snapshots, its ERROR text. The rest stands in the JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from lifecycle.scenario.moments import Value
from lifecycle.states import ImageType

if TYPE_CHECKING:
    from lifecycle.scenario.moments import Change

Teller = Callable[[Value, Value], Iterator[str]]
"""Tells of a field: given what it was (None where the thing is new), and what it is."""

LEVELS = {1: "use", 2: "manage", 3: "admin"}
"""What a lock is against, by its level."""

_ERROR = "ERROR"
_TOLD = ("FORCE_DELETE",)
_QUIET = ("SAVED_", "SAVE_AS_HOT", "DEV_PREFIX", "FROM_APP", "DRIVER", _ERROR)


def phrases(change: Change) -> list[str]:
    """Give what changed of a thing, each field in a few words."""
    if change.kind == "template":
        return ["new template"] if change.new else []
    return [
        words
        for name, (before, after) in change.fields.items()
        if (change.kind, name) in _TELLERS
        for words in _TELLERS[change.kind, name](before, after)
    ]


def error_of(change: Change) -> str:
    """Give the ERROR text that a thing got, "" if it got none."""
    if change.kind == "app":
        return str(change.fields.get(_ERROR, (None, ""))[1])
    before, after = change.fields.get("TEMPLATE", (None, {}))
    text = str(after.get(_ERROR, ""))
    return "" if text == (before or {}).get(_ERROR) else text


def _count(word: str) -> Teller:
    def tell(before: Value, after: Value) -> Iterator[str]:
        if (before or 0) != after:
            yield f"{word} {before or 0}→{after}"

    return tell


def _persistent(before: Value, after: Value) -> Iterator[str]:
    if after or before is not None:
        yield "persistent" if after else "not persistent"


def _changed(words: str) -> Teller:
    """Tell of a field only where it changed: a new thing has it as expected."""

    def tell(before: Value, after: Value) -> Iterator[str]:
        if before is not None:
            yield words.format(before=before, after=after)

    return tell


def _type(before: Value, after: Value) -> Iterator[str]:
    if before is not None:
        yield f"type {ImageType(after).name}"


def _lock(before: Value, after: Value) -> Iterator[str]:
    if after is not None:
        yield f"locked against {LEVELS[after['LOCKED']]}"
    elif before is not None:
        yield "lock off"


def _chain(word: str) -> Teller:
    def tell(before: Value, after: Value) -> Iterator[str]:
        one, two = len(before or []), len(after)
        if one != two:
            yield f"{word} {one}→{two}"
        elif before and before != after:
            yield f"{word} changed"

    return tell


def _template(before: Value, after: Value) -> Iterator[str]:
    old = before or {}
    for name, value in after.items():
        told = before is not None or name in _TOLD
        if told and not name.startswith(_QUIET) and old.get(name) != value:
            yield f"{name}={value}"
    for name in old:
        if name not in after and not name.startswith(_QUIET):
            yield f"no {name}"


def _disks(before: Value, after: Value) -> Iterator[str]:
    if before is None:
        return
    for number in sorted({*before, *after}, key=int):
        if number not in before:
            yield f"new disk {number}"
        elif number not in after:
            yield f"disk {number} gone"


_TELLERS: dict[tuple[str, str], Teller] = {
    ("image", "RUNNING_VMS"): _count("VMs"),
    ("image", "CLONING_OPS"): _count("clones"),
    ("image", "PERSISTENT"): _persistent,
    ("image", "TYPE"): _type,
    ("image", "NAME"): _changed("was {before}"),
    ("image", "UID"): _changed("owner {after}"),
    ("image", "GID"): _changed("group {after}"),
    ("image", "PERM"): _changed("mode {after}"),
    ("image", "LOCK"): _lock,
    ("image", "SNAPSHOTS"): _chain("snapshots"),
    ("image", "BACKUP_INCREMENTS"): _chain("increments"),
    ("image", "TEMPLATE"): _template,
    ("machine", "DISKS"): _disks,
}
