"""Which rows lead into a state, out of it, and which leave it as it is.

A driver's answer counts in whatever state it meets the image, so most states
have rows for answers that nobody waits for there: those are *late*.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.drawing.orderly import ANSWERED_BY, orderly_ways
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.operations import DRIVER_ANSWERS

if TYPE_CHECKING:
    from enum import Enum

    from lifecycle.states import ImageState
    from lifecycle.table import Operation, Otherwise, Row


class Way(NamedTuple):
    """One row, seen from a state.

    Attributes:
        operation: what is done.
        row: the row.
        states: the other ends: where it comes from, or where it leads to.
        late: whether it is an answer that nobody waits for there.
    """

    operation: Operation
    row: Row
    states: tuple[Enum, ...]
    late: bool


def arrivals(state: Enum) -> list[Way]:
    """Give the rows that lead into a state from others, in the order of the table."""
    found = []
    for row in IMAGE_TABLE.rows:
        origins = [origin for origin in row.origins if origin is not state]
        if row.target is not state:
            continue
        for late in (False, True):
            ends = tuple(one for one in origins if _is_late(row, one) is late)
            if ends:
                found.append(Way(IMAGE_TABLE.operations[row.operation], row, ends, late))
    return found


def departures(state: ImageState) -> list[Way]:
    """Give the rows that lead out of a state."""
    return [way for way in _accepted(state) if way.states]


def stays(state: ImageState) -> list[Way]:
    """Give the rows that apply in a state and leave it as it is."""
    return [way for way in _accepted(state) if not way.states]


def _accepted(state: ImageState) -> list[Way]:
    found = []
    for row in IMAGE_TABLE.rows_from(state):
        target = () if row.target is None or row.target is state else (row.target,)
        operation = IMAGE_TABLE.operations[row.operation]
        found.append(Way(operation, row, target, _is_late(row, state)))
    return found


def _is_late(row: Row, origin: Enum) -> bool:
    return row.operation in _ANSWERS and (row.key, origin) not in _orderly()


@cache
def _orderly() -> frozenset[tuple[str, Enum]]:
    return frozenset((way.row.key, way.origin) for way in orderly_ways(IMAGE_TABLE))


_ANSWERS = frozenset().union(*ANSWERED_BY.values())


def otherwise(state: ImageState, *, ignored: bool) -> list[Otherwise]:
    """Give what is refused, or ignored, in a state.

    What an operation of which a row without guards applies there would answer
    is left out: it never comes to that.
    """
    sure = {row.operation for row in IMAGE_TABLE.rows_from(state) if not row.guards}
    return [
        one
        for one in IMAGE_TABLE.otherwise
        if state in one.origins and one.operation not in sure and one.ignored is ignored
    ]


def waits_for(state: ImageState) -> tuple[str, ...]:
    """Name the actions of the datastore driver that an image in a state waits for."""
    answers = {way.operation.name for way in departures(state) if not way.late}
    return tuple(
        dict.fromkeys(action for (action, _), name in DRIVER_ANSWERS.items() if name in answers)
    )


def asked_by(action: str) -> list[Way]:
    """Give the rows that ask the datastore driver for an action."""
    effect = f"ask_{action.lower()}"
    return [
        Way(IMAGE_TABLE.operations[row.operation], row, row.origins, late=False)
        for row in IMAGE_TABLE.rows
        if effect in row.effects
    ]
