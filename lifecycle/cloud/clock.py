"""A virtual clock that only moves forward, with a total order of what is due.

Nothing reads the wall clock. What is due at the same instant happens in the
order in which it was scheduled.
"""

from __future__ import annotations

import heapq
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from lifecycle.refusal import ClockError

if TYPE_CHECKING:
    from collections.abc import Callable

EPOCH = 1_767_225_600.0
"""The time at which a clock begins unless told otherwise: 1 January 2026, 00:00 UTC."""

END = 253_402_300_800.0
"""The beginning of the year 10000, in seconds since the epoch: no calendar here has it."""


class Clock:
    """Virtual time, in seconds since the epoch."""

    __slots__ = ("_count", "_due", "_now", "start")

    def __init__(self, start: float = EPOCH) -> None:
        """Begin at a time in seconds since the epoch."""
        self.start = float(start)
        self._now = float(start)
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._count = 0

    @property
    def now(self) -> float:
        """The time now, in seconds since the epoch."""
        return self._now

    @property
    def elapsed(self) -> float:
        """The seconds since the clock began."""
        return self._now - self.start

    @property
    def next_due(self) -> float | None:
        """The time of what is due next, in seconds since the epoch, or None."""
        return self._due[0][0] if self._due else None

    def schedule(self, delay: float, action: Callable[[], object]) -> None:
        """Have something happen after a delay of some seconds.

        Raises:
            ClockError: the delay is negative.
        """
        if delay < 0:
            raise ClockError(f"cannot schedule something {-delay:g} s in the past")
        self._count += 1
        heapq.heappush(self._due, (self._now + delay, self._count, action))

    def advance(self, seconds: float) -> None:
        """Move on, and have everything happen that becomes due on the way, in order.

        Raises:
            ClockError: the number of seconds is negative.
        """
        if not _is_number(seconds):
            raise ClockError(f"the clock goes on by seconds, not by {seconds!r}")
        if seconds < 0:
            raise ClockError(f"the clock cannot go back by {-seconds:g} s")
        self.advance_to(self._now + seconds)

    def advance_to(self, when: float) -> None:
        """Move on to a time in seconds since the epoch.

        Raises:
            ClockError: that time has passed, or is beyond the year 9999, or is none.
        """
        if not _is_number(when) or not when < END:
            raise ClockError(f"the clock cannot go to {when!r}, only to seconds before year 10000")
        if when < self._now:
            raise ClockError(f"the clock cannot go back from {self._now:g} to {when:g}")
        while self._due and self._due[0][0] <= when:
            due, _, action = heapq.heappop(self._due)
            self._now = due
            action()
        self._now = when

    @property
    def scheduled(self) -> int:
        """How many things are still to happen."""
        return len(self._due)

    def reset(self, start: float, now: float) -> None:
        """Begin anew at a time, with nothing to happen; both in seconds since the epoch."""
        self.start, self._now = start, now
        self._due.clear()

    def date(self, form: str) -> str:
        """Give the time in UTC as a text, by `strftime` codes."""
        return (datetime.fromtimestamp(0, UTC) + timedelta(seconds=self._now)).strftime(form)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
