"""Cases for lines of the tables that no recorded history exercises, and how they are played.

What must come out of a case is written by hand from the sources of OpenNebula
7.4.0: all that is otherwise afterwards than before, every request of a driver,
oned's refusal or what it logs. What a case does not name must not change.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle import Cloud
from lifecycle.analysis.coverage import Coverage
from lifecycle.cloud import saving
from lifecycle.cloud.drivers import Request
from lifecycle.cloud.vm_effects import VM_EFFECTS
from lifecycle.image import Lock
from lifecycle.refusal import Refused
from lifecycle.trace.format import find, read
from lifecycle.trace.replay import cloud_for, perform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lifecycle.cloud.drivers import Role

TRACES = Path(__file__).parent.parent / "data" / "traces"


HARMLESS = Lock(level=9, owner=0, time=0, request=-1)
"""A LOCK that keeps nobody from anything: its level is above all that a call can want."""


class Case(NamedTuple):
    """One situation, one event, and all that comes of it.

    Attributes:
        key: the line of the table that it is about.
        source: the functions of OpenNebula that the expectation was read in.
        given: makes the situation out of a fresh cloud.
        event: what happens then.
        changes: what is otherwise afterwards, by names as ``image 0 state``,
            ``vm 0 state``, ``vm 0 disk 0 SOURCE``; None for what is gone.
        asked: the requests of drivers, as ``ds RM 0``.
        refused: oned's error code and message.
        logged: what oned logs when it ignores the event.
    """

    key: str
    source: str
    given: Callable[[Cloud], object]
    event: Callable[[Cloud], object]
    changes: Mapping[str, Any]
    asked: tuple[str, ...] = ()
    refused: str = ""
    logged: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """What came of a case, in the case's own words."""

    changes: Mapping[str, Any]
    asked: tuple[str, ...]
    refused: str
    logged: tuple[str, ...]


def play(case: Case, coverage: Coverage) -> Outcome:
    """Play a case; only the event is watched, not what led there."""
    cloud = Cloud()
    case.given(cloud)
    cloud.advance(60)
    for image in cloud.images:
        image.lock_held = HARMLESS
    told: list[Refused] = []
    asked: list[str] = []

    def see(kind: str, thing: object, what: object) -> None:
        if isinstance(what, Refused):
            told.append(what)
        elif kind == "asked" and isinstance(thing, Request):
            asked.append(f"{thing.role} {thing.action} {thing.id}")

    cloud.observers.append(see)
    coverage.watch(cloud)
    before, noted = shown(cloud), len(cloud.journal)
    refused = ""
    try:
        case.event(cloud)
    except Refused as refusal:
        if refusal not in told:  # an image itself refuses; no call was made that tells of it
            cloud.told_refusal(refusal)
        refused = f"{refusal.code.name}: {refusal.text}"
    cloud.settle()
    check_locks(cloud, before)
    after = shown(cloud)
    changes = {
        name: after.get(name)
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
        and not (name.endswith(" unwritten") and name in before)
    }
    logged = tuple(
        entry.detail["text"] for entry in list(cloud.journal)[noted:] if entry.kind == "ignored"
    )
    return Outcome(_in_short(changes), tuple(asked), refused, logged)


def check_locks(cloud: Cloud, before: dict[str, Any]) -> None:
    """Hold a LOCK against ``Image::set_state``: it does not outlive a change, but to LOCKED."""
    for image in cloud.images:
        was = before.get(f"image {image.id} state")
        if was is not None:
            assert (image.lock_held is HARMLESS) == (image.state.name in {was, "LOCKED"})
            image.lock_held = HARMLESS


def expected(case: Case) -> Outcome:
    """Give what a case says must come out."""
    return Outcome(case.changes, case.asked, case.refused, case.logged)


def _in_short(changes: dict[str, Any]) -> dict[str, Any]:
    """Tell of what is gone only that it is, and of what is new its state and its ERROR."""
    whole = {name: value for name, value in changes.items() if name.count(" ") == 1}
    return {
        name: value
        for name, value in changes.items()
        if name in whole
        or " ".join(name.split(" ")[:2]) not in whole
        or (name.endswith((" state", " ERROR")) and value is not None)
    }


def shown(cloud: Cloud) -> dict[str, Any]:
    """Show all images and machines of a cloud, a line a field."""
    saved = cloud.to_json(journal=False)
    lines: dict[str, Any] = {}
    for word, pool in (("image", "images"), ("vm", "vms"), ("app", "apps")):
        for one in saved[pool]["objects"]:
            name = f"{word} {one['id']}"
            lines[name] = "there"
            written = one.pop("prev_state", one["state"])
            if written != one["state"]:
                lines[f"{name} unwritten"] = written
            _spread(name, one, lines)
    for name, value in lines.items():
        if name.endswith((" etime", " modtime")) and value == cloud.now():
            lines[name] = "now"
    return lines


NOTED = {name.removeprefix("note_").upper() for name in VM_EFFECTS if name.startswith("note_")}
NOTED |= {"", "RESUME"}


def _spread(name: str, value: object, lines: dict[str, Any]) -> None:
    """Write a value line by line; templates and attributes stand directly under their object.

    Snapshots are shown by their ids, the active one with a star, a list that
    was cleared as nothing. A machine's ERROR is left out: no row writes it, what
    a driver says does. Of a machine's actions, those that no row of the
    table notes (the calls on disks and backups do) are left out.
    """
    if re.fullmatch(r"vm \d+ error", name):
        return
    if name.endswith(" actions") and isinstance(value, list):
        value = [one for one in value if one in NOTED]
    if name.endswith(" snapshots") and isinstance(value, dict) and value.get("cleared"):
        lines[name] = None
    elif name.endswith(" snapshots") and isinstance(value, dict):
        numbers = [f"{one['id']}{'*' if one['active'] else ''}" for one in value["snapshots"]]
        lines[name] = " ".join(numbers)
    elif isinstance(value, dict):
        for key, one in value.items():
            transparent = key in {"template", "attributes", "config"}
            _spread(name if transparent else f"{name} {key}", one, lines)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, one in enumerate(value):
            _spread(f"{name.removesuffix('s')} {one.get('id', number)}", one, lines)
    elif name.endswith(" ERROR") and isinstance(value, str):
        lines[name] = value.partition(" : ")[2]
    else:
        lines[name] = value


def situation(**pools: list[dict[str, Any]]) -> Callable[[Cloud], None]:
    """Give a situation that no call leads into; what is not said is as usual."""

    def load(cloud: Cloud) -> None:
        saving.from_json(cloud, pools)

    return load


def image_in(state: str, **fields: object) -> Callable[[Cloud], None]:
    """Give the situation that there is one image, 0, in a state."""
    return situation(images=[{"id": 0, "state": state, **fields}])


def unasked(
    action: str, id_: int = 0, *, ok: bool = True, payload: str | None = None, role: Role = "ds"
) -> Callable[[Cloud], object]:
    """Give the event that a driver answers what nobody asked, or what was answered already."""
    return lambda cloud: cloud.answer(action, id_, ok=ok, payload=payload, role=role, unasked=True)


@cache
def recorded() -> Coverage:
    """Give what the recorded histories exercise."""
    coverage = Coverage()
    for file in find([str(TRACES)]):
        for history in read(file):
            cloud = cloud_for(history)
            coverage.watch(cloud)
            for step in history.steps:
                perform(cloud, step, history.file)
    return coverage
