"""Whether the state-hook events of one image can have come in their order.

A hook tells every change of state that is written, so that between two events
the state stays as it is; all else may happen in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifecycle.analysis.check.facts import FAMILIES
from lifecycle.analysis.check.hidden import (
    AFTER,
    APP_OTHER,
    APP_SECOND,
    OTHER,
    SECOND,
    Between,
    Hidden,
    Step,
    Successors,
    births,
)
from lifecycle.states import ImageState, ImageType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Way = tuple[Step, ...]


class Change(NamedTuple):
    """A change of state that a hook told."""

    before: ImageState
    after: ImageState

    def words(self) -> str:
        """Write it as ``LOCKED → READY``."""
        return f"{self.before.name} → {self.after.name}"


class EventVerdict(NamedTuple):
    """Whether the events of one image can be.

    Attributes:
        legs: what happened up to each event, the step that caused it last.
        impossible: the number of the first event that cannot be, -1 where all can.
        instead: the changes that could have been told there.
        unasked: whether a late, repeated or unasked answer of a driver is needed.
    """

    legs: tuple[Way, ...] = ()
    impossible: int = -1
    instead: tuple[Change, ...] = ()
    unasked: bool = False

    @property
    def possible(self) -> bool:
        """Whether all events are possible."""
        return self.impossible < 0


def check_events(
    events: Sequence[Change], successors: Successors, *, unasked: bool = True
) -> EventVerdict:
    """Tell whether events of one image can have come in this order.

    Args:
        events: in their order; where the first does not start from INIT, the
            image was there before.
        successors: what can follow what.
        unasked: whether late, repeated and unasked answers are accepted where
            nothing else helps.
    """
    orderly = _best(events, successors, unasked=False)
    if orderly.possible or not unasked:
        return orderly
    return _best(events, successors, unasked=True)._replace(unasked=True)


def _best(events: Sequence[Change], successors: Successors, *, unasked: bool) -> EventVerdict:
    verdicts = [
        _check(events, successors, _any_time(kind, unasked=unasked))
        for kind in (min(family) for family in FAMILIES)
    ]
    possible = [one for one in verdicts if one.possible]
    if possible:
        return min(possible, key=lambda one: sum(map(len, one.legs)))
    furthest = max(verdicts, key=lambda one: one.impossible)
    instead = {
        change
        for one in verdicts
        if one.impossible == furthest.impossible
        for change in one.instead
    }
    return furthest._replace(instead=tuple(sorted(instead)))


def _any_time(kind: ImageType, *, unasked: bool) -> Between:
    return Between(
        kind,
        SECOND | OTHER,
        APP_SECOND | APP_OTHER,
        snapshots=((), (0,)),
        kept=(),
        source=AFTER,
        unasked=unasked,
    )


def _check(events: Sequence[Change], successors: Successors, between: Between) -> EventVerdict:
    now = _beginnings(events, successors, between)
    for place, event in enumerate(events):
        after: dict[Hidden, tuple[Way, ...]] = {}
        instead: set[Change] = set()
        for hidden, legs in now.items():
            if len(legs) > place + 1:
                # It was born with the event.
                after.setdefault(hidden, legs)
        for legs, step, then, told in _quietly(now, place, successors, between):
            instead.add(told)
            if told == event:
                after.setdefault(then, (*legs[:-1], (*legs[-1], step), ()))
        if not after:
            legs = next(iter(now.values()), ((),))
            return EventVerdict(legs[:place], place, tuple(sorted(instead)))
        now = after
    shortest = min(now.values(), key=lambda legs: sum(map(len, legs)), default=())
    return EventVerdict(shortest[: len(events)])


def _beginnings(
    events: Sequence[Change], successors: Successors, between: Between
) -> dict[Hidden, tuple[Way, ...]]:
    """Give where it can begin; what was born with the first event has its leg behind it."""
    now: dict[Hidden, tuple[Way, ...]] = {}
    for with_path in (True, False):
        for step, hidden in births(between, with_path=with_path):
            told = _change(None, hidden)
            if told is None:
                now.setdefault(hidden, ((step,),))
            elif events and events[0] == told:
                now.setdefault(hidden, ((step,), ()))
    if events and events[0].before is not ImageState.INIT:
        return dict.fromkeys(_all_reachable(now, successors, between), ((),))
    return now


def _quietly(
    now: dict[Hidden, tuple[Way, ...]], place: int, successors: Successors, between: Between
) -> Iterator[tuple[tuple[Way, ...], Step, Hidden, Change]]:
    """Give every event that can come next, after steps that no hook tells."""
    known = {one: legs for one, legs in now.items() if len(legs) == place + 1}
    todo = list(known)
    for hidden in todo:
        legs = known[hidden]
        for step, after in successors.of(hidden, between):
            told = _change(hidden, after)
            if told is not None:
                yield legs, step, after, told
            elif after not in known and isinstance(after.state, ImageState):
                known[after] = (*legs[:-1], (*legs[-1], step))
                todo.append(after)


def _all_reachable(
    start: Iterable[Hidden], successors: Successors, between: Between
) -> list[Hidden]:
    todo = list(start)
    known = set(todo)
    for hidden in todo:
        for _, after in successors.of(hidden, between):
            if after not in known:
                known.add(after)
                todo.append(after)
    return [one for one in todo if isinstance(one.state, ImageState)]


def _change(before: Hidden | None, after: Hidden) -> Change | None:
    """Give what a hook tells of a step, None where it tells nothing."""
    if not after.written or not isinstance(after.state, ImageState):
        return None
    state = before.state if before is not None and before.written else ImageState.INIT
    if state is after.state or not isinstance(state, ImageState):
        return None
    return Change(state, after.state)
