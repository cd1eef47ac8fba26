"""What happens in an orderly life of an image: all of the table but late and unasked answers.

A driver's answer is taken at face value in whatever state it meets the image
(``Late, repeated and unasked answers``), so the table has rows that lead from
every state to ERROR, and from every state to GONE. In an orderly life an answer
meets the image while its request is open: in the state to which the row led
that asked for it, or in what machines make of that state while it is locked
(LOCKED becomes LOCKED_USED). Everything here is followed through the table, for
each kind of image, from the operations of birth on; no state is named.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.drawing.graph import Way, ways_of
from lifecycle.drawing.kinds import Kind, kinds_of, possible
from lifecycle.operations import DRIVER_ANSWERS
from lifecycle.states import AnyState, ImageState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.table import Table

BIRTH = "insert"
"""The effect that puts a record into the pool: what begins a life."""

_SAVE_AS_COPY = "start_save_as_copy"

ANSWERED_BY: dict[str, frozenset[str]] = {
    f"ask_{action.lower()}": frozenset(
        name for (asked, _), name in DRIVER_ANSWERS.items() if asked == action
    )
    for action, _ in DRIVER_ANSWERS
} | {
    # Not the datastore's but the transfer driver's: the machine tells how it ended.
    _SAVE_AS_COPY: frozenset(
        {"save_as_success", "save_as_failure", "save_as_lost", "save_as_wiped"}
    )
}
"""The effects that open a request, each with the operations that answer it."""

_ANSWERS = frozenset().union(*ANSWERED_BY.values())


class _Moment(NamedTuple):
    """Where an image is, and the request that is open; state None before its birth."""

    state: AnyState | None
    request: str | None


def is_answer(way: Way) -> bool:
    """Tell whether a way is an answer to a request, which comes when it comes."""
    return way.operation.name in _ANSWERS


@lru_cache(maxsize=64)
def orderly_ways(table: Table, kinds: tuple[Kind, ...] | None = None) -> tuple[Way, ...]:
    """Give the ways that orderly lives of some kinds of images take, in the order of the table.

    Args:
        table: the image table.
        kinds: all that there are, unless told otherwise.
    """
    ways = ways_of(table)
    taken: set[tuple[str, ImageState]] = set()
    for kind in kinds_of(table) if kinds is None else kinds:
        taken.update(_taken(ways, kind, table))
    return tuple(way for way in ways if (way.row.key, way.origin) in taken)


def late_ways(table: Table) -> tuple[Way, ...]:
    """Give the answers that meet an image when nobody waits for them any more, or never did.

    Only states are among the origins in which an image can be.
    """
    orderly = orderly_ways(table)
    keys = {(way.row.key, way.origin) for way in orderly}
    alive = {way.target for way in orderly}
    return tuple(
        way
        for way in ways_of(table)
        if is_answer(way) and way.origin in alive and (way.row.key, way.origin) not in keys
    )


def _taken(ways: tuple[Way, ...], kind: Kind, table: Table) -> Iterator[tuple[str, ImageState]]:
    """Follow every life of one kind of image, and tell which rows it takes from where."""
    open_to_kind = [way for way in ways if possible(table, way.row, kind)]
    start = _Moment(None, None)
    seen, waiting = {start}, [start]
    while waiting:
        moment = waiting.pop()
        for way in open_to_kind:
            if not _in_order(way, moment):
                continue
            yield way.row.key, way.origin
            following = _after(way, moment)
            if following not in seen:
                seen.add(following)
                waiting.append(following)


def _in_order(way: Way, moment: _Moment) -> bool:
    if moment.state is None:
        return BIRTH in way.row.effects
    if way.origin is not moment.state or BIRTH in way.row.effects:
        return False
    return not is_answer(way) or (
        moment.request is not None and way.operation.name in ANSWERED_BY[moment.request]
    )


def _after(way: Way, moment: _Moment) -> _Moment:
    asked = next((name for name in way.row.effects if name in ANSWERED_BY), None)
    if asked is not None:
        return _Moment(way.target, asked)
    if is_answer(way):
        return _Moment(way.target, None)
    still = moment.request if _waits(way) else None
    return _Moment(way.target, still)


def _waits(way: Way) -> bool:
    """Tell whether the image still waits for its request after a way that is no answer."""
    if not way.moves:
        return True
    return isinstance(way.target, ImageState) and way.target.locked
