"""What happened to each image of a recorded history, as events for a machine that others run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lifecycle.image import Image
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.machine import LeanEvent, Moved
from lifecycle.trace.format import read
from lifecycle.trace.replay import cloud_for, perform

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


@dataclass
class Walk:
    """One image's way: its events, and where it was after each."""

    events: list[dict[str, Any]] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    effects: list[tuple[str, ...]] = field(default_factory=list)


def walks_of(file: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> list[Walk]:
    """Replay the first histories of a file; give every image's operations and what guards said.

    An operation that is refused, ignored, or about an image of which the call
    then left no record, is no event.
    """
    walks: dict[int, Walk] = {}
    kept: list[Image] = []
    fire = LeanEvent.fire

    def watched(event: LeanEvent, thing: Moved, what: object = None) -> bool:
        if not isinstance(thing, Image):
            return fire(event, thing, what)
        kept.append(thing)  # so that no other image gets its identity
        guards = {
            name: IMAGE_TABLE.guards[name](thing, what)
            for name in IMAGE_TABLE.guards_of(event.name)
        }
        rows = [
            row
            for row in IMAGE_TABLE.rows_of(event.name)
            if thing.state in row.origins
            and all(guards[name] for name in row.when)
            and not any(guards[name] for name in row.unless)
        ]
        if not rows:
            return fire(event, thing, what)
        target = rows[0].target or thing.state
        walk = walks.setdefault(id(thing), Walk())
        walk.events.append({"type": event.name, "guards": guards})
        walk.after.append(target.value if target.name == "GONE" else target.name)
        walk.effects.append(rows[0].effects)
        return fire(event, thing, what)

    with monkeypatch.context() as patched:
        patched.setattr(LeanEvent, "fire", watched)
        for number, history in enumerate(read(file)):
            if number == count:
                break
            cloud = cloud_for(history)
            for step in history.steps:
                perform(cloud, step, history.file)
    return list(walks.values())
