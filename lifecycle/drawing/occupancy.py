"""How many images are in which state over time, in the mean of many runs, and the plot of it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING, Any

from lifecycle.drawing.chronicle import IMAGE
from lifecycle.drawing.escaping import shown
from lifecycle.drawing.look import LIGHT
from lifecycle.drawing.placed import Picture
from lifecycle.drawing.text_width import cut
from lifecycle.refusal import InputError
from lifecycle.scenario.words import time_text
from lifecycle.states import GONE, ImageState, Simplified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lifecycle.drawing.chronicle import Chronicle, Lane
    from lifecycle.drawing.look import Palette

BINS = 60
"""Into how many parts the time is cut."""

_MARGIN = 12.0
_LEFT, _RIGHT = 36.0, 128.0
_WIDTH, _HEIGHT = 480.0, 220.0
_TITLE, _FOOT = 58.0, 40.0
_BIG, _SIZE, _SMALL = 13.0, 9.0, 8.0
_SWATCH = 9.0
_LEGEND_LINE = 16.0
_TICKS = 4
_RULE, _LINE, _OVERLAP = 0.6, 1.0, 0.4
_LONG = 120
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Occupancy:
    """How many images are in which state.

    Attributes:
        title: what it is about.
        runs: over how many runs the mean is taken.
        unit: of the times: ``seconds`` or ``steps``.
        times: the middles of the parts of the time.
        counts: for each state, the mean number of images at each of the times.
    """

    title: str
    runs: int
    unit: str
    times: tuple[float, ...]
    counts: dict[ImageState, tuple[float, ...]]

    def to_json(self) -> dict[str, Any]:
        """Give it as a JSON value."""
        return {
            "title": self.title,
            "runs": self.runs,
            "unit": self.unit,
            "times": list(self.times),
            "images": {state.name: list(counts) for state, counts in self.counts.items()},
        }

    def simplified(self) -> dict[Simplified, list[float]]:
        """Give the counts by simplified states; INIT, in which no image stays, is none of them."""
        merged = {state: [0.0] * len(self.times) for state in Simplified}
        for state, counts in self.counts.items():
            if state.simplified is not None:
                row = merged[state.simplified]
                row[:] = [one + two for one, two in zip(row, counts, strict=True)]
        return {state: row for state, row in merged.items() if any(row)}


def occupancy(chronicles: Iterable[Chronicle], bins: int = BINS) -> Occupancy:
    """Count over many runs; each lasts as long as the longest, and ends as it ended.

    Args:
        chronicles: the runs; all with the same unit of time.
        bins: into how many parts the time is cut.

    Raises:
        InputError: there is no image in them, or their times have different units.
    """
    runs = list(chronicles)
    units = {run.unit for run in runs}
    if len(units) > 1:
        raise InputError("some of it is told in seconds and some in steps; draw them apart")
    until = max((run.elapsed for run in runs), default=0)
    lives = [life for run in runs for life in _lives(run)]
    if not lives:
        raise InputError("no image appears in it, so there is nothing to draw")
    times = tuple((number + 0.5) * max(until, 1) / bins for number in range(bins))
    found = [Counter[ImageState]() for _ in times]
    for life in lives:
        moments = [moment for moment, _ in life]
        for place, time in enumerate(times):
            at = bisect_right(moments, time) - 1
            state = life[at][1] if at >= 0 else None
            if state is not None:
                found[place][state] += 1
    counts = {
        state: tuple(one[state] / len(runs) for one in found)
        for state in ImageState
        if any(one[state] for one in found)
    }
    title = runs[0].title if len({run.title for run in runs}) == 1 else f"{len(runs)} histories"
    return Occupancy(title, len(runs), units.pop(), times, counts)


def _lives(run: Chronicle) -> Iterator[list[tuple[float, ImageState | None]]]:
    """Give for each image of a run when it came into which state, None when it was gone."""
    lives: dict[Lane, list[tuple[float, ImageState | None]]] = {}
    for happening in run.happenings:
        for moved in happening.moved:
            if moved.lane.kind != IMAGE:
                continue
            state = None if moved.states[-1] == GONE.name else ImageState[moved.states[-1]]
            lives.setdefault(moved.lane, []).append((happening.time, state))
    return iter(lives.values())


def plot(counted: Occupancy, palette: Palette = LIGHT) -> Picture:
    """Give the plot: bars over time, stacked by simplified state."""
    rows = counted.simplified()
    wide, high = _LEFT + _WIDTH + _RIGHT + 2 * _MARGIN, _TITLE + _HEIGHT + _FOOT + _MARGIN
    picture = Picture("occupancy", wide, high, palette.paper)
    step = _step(max(map(sum, zip(*rows.values(), strict=True))))
    most = step * _TICKS
    _title(picture, counted, palette)
    _axes(picture, counted, most, palette)
    _bars(picture, rows, most, palette)
    _legend(picture, rows, palette)
    return picture


def in_words(counted: Occupancy) -> str:
    """Tell the plot in words, for whoever does not see it."""
    rows = counted.simplified()
    total = sum(map(sum, rows.values()))
    shares = ", ".join(f"{state.value} {sum(row) / total:.0%}" for state, row in rows.items())
    return f"Share of the time that images spend in each state, {_runs(counted)}: {shares}."


def _runs(counted: Occupancy) -> str:
    return f"the mean of {counted.runs} runs" if counted.runs > 1 else "one run"


def _step(most: float) -> float:
    """Give the distance of the ticks: 1, 2 or 5 times a power of ten, so that all fits below."""
    power = 10.0 ** floor(log10(most / _TICKS))
    return next(
        step * power for step in (1, 2, 5, 10) if step * power * _TICKS >= most - _TOLERANCE
    )


def _title(picture: Picture, counted: Occupancy, palette: Palette) -> None:
    wide = picture.width - 2 * _MARGIN
    title = cut(shown(counted.title, _LONG), wide, _BIG)
    picture.text(_MARGIN, _MARGIN, wide, title, size=_BIG, ink=palette.ink, kind="title")
    told = f"Images by state over time, {_runs(counted)}"
    top = _MARGIN + 1.5 * _BIG
    picture.text(_MARGIN, top, wide, told, size=_SMALL, ink=palette.muted, kind="caption")


def _axes(picture: Picture, counted: Occupancy, most: float, palette: Palette) -> None:
    left, bottom = _MARGIN + _LEFT, _TITLE + _HEIGHT
    for tick in range(_TICKS + 1):
        share = tick / _TICKS
        top = bottom - share * _HEIGHT
        picture.box(left, top, _WIDTH, _RULE, fill=palette.fills[None])
        picture.text(
            _MARGIN,
            top - _SMALL * 0.6,
            _LEFT - 6,
            f"{share * most:g}",
            size=_SMALL,
            ink=palette.muted,
            align="right",
        )
        until = 2 * counted.times[-1] - (counted.times[-2] if len(counted.times) > 1 else 0)
        end = (counted.times[-1] + until) / 2
        when = share * end
        text = time_text(round(when)) if counted.unit == "seconds" else f"{when:.0f}"
        picture.text(
            left + share * _WIDTH - _LEFT,
            bottom + 5,
            2 * _LEFT,
            text,
            size=_SMALL,
            ink=palette.muted,
            align="center",
        )
    word = "time" if counted.unit == "seconds" else "steps"
    picture.text(left, bottom + 18, _WIDTH, word, size=_SMALL, ink=palette.muted, align="center")


def _bars(
    picture: Picture, rows: dict[Simplified, list[float]], most: float, palette: Palette
) -> None:
    left, bottom = _MARGIN + _LEFT, _TITLE + _HEIGHT
    bins = len(next(iter(rows.values())))
    wide = _WIDTH / bins
    for place in range(bins):
        base = bottom
        for state, row in rows.items():
            height = row[place] / most * _HEIGHT
            if height <= 0:
                continue
            base -= height
            picture.box(
                left + place * wide,
                base,
                wide + _OVERLAP,
                height,
                fill=palette.fills[state],
                kind=f"bar state-{state.name}",
                tooltip=f"{state.value}: {row[place]:.3g} images",
            )
            # The fills are pale: a line along the top of each tells them apart.
            picture.box(left + place * wide, base, wide, _LINE, fill=palette.rule, kind="edge")


def _legend(picture: Picture, rows: dict[Simplified, list[float]], palette: Palette) -> None:
    """Name the states from the top of the stack to its foot, with their share of all time."""
    total = sum(map(sum, rows.values()))
    left = _MARGIN + _LEFT + _WIDTH + 16
    for number, (state, row) in enumerate(_from_the_top(rows)):
        top = _TITLE + number * _LEGEND_LINE
        picture.box(left, top, _SWATCH, _SWATCH, fill=palette.fills[state], line=palette.rule)
        text = f"{state.value}, {sum(row) / total:.0%}"
        picture.text(left + 16, top - 1, _RIGHT - 32, text, size=_SIZE, ink=palette.ink)


def _from_the_top(
    rows: dict[Simplified, list[float]],
) -> Sequence[tuple[Simplified, list[float]]]:
    return list(reversed(rows.items()))
