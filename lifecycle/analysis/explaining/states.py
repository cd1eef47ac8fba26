"""What a state means, what leads into it and out of it, and how an image gets away from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.analysis.planning import Plans, plan
from lifecycle.analysis.situation import Situation
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.operations import OPERATIONS
from lifecycle.states import GONE, AnyState, ImageState
from lifecycle.wording import guard_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.table import Operation, Row


class Passage(NamedTuple):
    """A way in which an operation leads into a state or out of it.

    Attributes:
        operation: the operation.
        states: the names of the states at its other end.
        when: what must hold for it, a sentence for each guard.
    """

    operation: Operation
    states: tuple[str, ...]
    when: tuple[str, ...]


@dataclass(frozen=True)
class StateExplanation:
    """What there is to know about a state.

    Attributes:
        state: the state.
        ways_in, ways_out: what leads into it from another state, and out of it.
        stays: the operations that are done there and leave the state.
        refused: the operations that are never done there, and are refused.
        usual: a usual situation of an image in that state, in words.
        free, gone: how the image of that situation gets to READY with nobody
            holding it, and how it gets deleted; None for a state for which
            this is no question.
    """

    state: ImageState
    ways_in: tuple[Passage, ...]
    ways_out: tuple[Passage, ...]
    stays: tuple[Operation, ...]
    refused: tuple[Operation, ...]
    usual: str
    free: Plans | None
    gone: Plans | None


FREE = "READY with no holders"
"""What administrators want of an image that is in the way."""


def explain_state(state: ImageState, *, ways: bool = True) -> StateExplanation:
    """Explain a state.

    Args:
        state: the state.
        ways: whether to look for the ways away from there.
    """
    rows = IMAGE_TABLE.rows
    into = [row for row in rows if row.target is state and row.origins != (state,)]
    out = [row for row in IMAGE_TABLE.rows_from(state) if row.target not in {None, state}]
    leaves = {row.operation for row in out}
    stays = {
        row.operation for row in IMAGE_TABLE.rows_from(state) if row.target is None and row.effects
    }
    done = {row.operation for row in IMAGE_TABLE.rows_from(state)}
    refused = [
        name
        for name in OPERATIONS
        if name not in done
        and any(state in one.origins and not one.ignored for one in IMAGE_TABLE.otherwise_of(name))
    ]
    begin = Situation(state)
    asked = ways and state is not ImageState.INIT
    return StateExplanation(
        state,
        _passages(into, lambda row: row.origins),
        _passages(out, lambda row: (row.target,)),
        tuple(OPERATIONS[name] for name in OPERATIONS if name in stays - leaves),
        tuple(OPERATIONS[name] for name in refused),
        begin.told(),
        plan(begin, FREE) if asked else None,
        plan(begin, "gone") if asked else None,
    )


def _passages(rows: list[Row], ends: Callable[[Row], tuple[Any, ...]]) -> tuple[Passage, ...]:
    """Put rows into words; those of an operation that differ in nothing else are one."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for row in rows:
        when = tuple(guard_words(IMAGE_TABLE, guard) for guard in row.guards)
        names = found.setdefault((row.operation, when), [])
        names += [_name(state) for state in ends(row) if _name(state) not in names]
    return tuple(
        Passage(OPERATIONS[operation], tuple(names), when)
        for (operation, when), names in found.items()
    )


def _name(state: AnyState) -> str:
    return "gone" if state is GONE else state.name
