"""A table whose guards say what a test tells them, and whose effects only note their names."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from lifecycle.image_table import IMAGE_TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.states import AnyState
    from lifecycle.table import Effect, Guard


@dataclass
class Thing:
    """An object whose guards are a mapping of truth values."""

    state: AnyState
    truth: dict[str, bool]
    called: list[str] = field(default_factory=list)
    world: Any = None

    def words(self) -> dict[str, object]:
        """Give something for every placeholder."""
        names = ("id", "name", "state", "type", "vms", "clones", "unknown_type", "lock_time")
        return dict.fromkeys(names, "?")

    def copy(self) -> Thing:
        """Give an independent copy."""
        return Thing(self.state, self.truth, list(self.called))


def _guard(name: str) -> Guard:
    return lambda thing, _: thing.truth[name]


def _effect(name: str) -> Effect:
    return lambda thing, _: thing.called.append(name)


STUB_TABLE = replace(
    IMAGE_TABLE,
    guards={name: _guard(name) for name in IMAGE_TABLE.guards},
    effects={name: _effect(name) for name in IMAGE_TABLE.effects},
)


def assignments(operation: str) -> Iterator[dict[str, bool]]:
    """Give every assignment of truth values to the guards that decide about an operation."""
    names = IMAGE_TABLE.guards_of(operation)
    for values in product((False, True), repeat=len(names)):
        yield dict(zip(names, values, strict=True))
