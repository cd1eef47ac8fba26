"""Draws a chronicle: time runs down, each image and machine has a lane coloured by its state.

Every place is worked out here, in points from the top left, and the engine is
only asked to paint (``neato -n2``): so the same picture comes as SVG, PNG and
PDF, and nothing can lie on anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecycle.cloud.vm_states import VmState
from lifecycle.drawing.chronicle import IMAGE, Lane
from lifecycle.drawing.escaping import shown
from lifecycle.drawing.look import LIGHT
from lifecycle.drawing.placed import Picture
from lifecycle.drawing.text_width import broken, cut, room_for
from lifecycle.refusal import InputError
from lifecycle.scenario.words import ROLES, span_text, time_text
from lifecycle.states import GONE, ImageState, Simplified
from lifecycle.table import Actor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.drawing.chronicle import Chronicle, Happening
    from lifecycle.drawing.look import Palette
    from lifecycle.drawing.placed import Align

MOST_ROWS = 1000
"""How many happenings a picture shows at most; a longer history is refused."""
MOST_LANES = 40
"""How many images and machines a picture shows at most; the others are counted in words."""

_MARGIN = 12.0
_TIME, _WHO, _WHAT = 54.0, 66.0, 300.0
_GAP = 10.0
_SIZE, _SMALL = 9.0, 8.0
_LINE = 11.5
_PAD = 4.0
_PAUSE = 16.0
_TITLE, _HEAD = 26.0, 32.0
_NARROWEST, _WIDEST = 84.0, 170.0
_END = 15.0
_LINES = 4
_FOOT = 44.0
_BIG = 13.0
_MARK = 9.0
_RULE = 0.6
_LONG, _LONGEST = 200, 600
_HALF_LINE = 0.6
_CROSS = "\N{MULTIPLICATION SIGN}"
_OVER = frozenset({GONE.name, VmState.DONE.name})
_BEGINNING = ImageState.INIT.name


@dataclass(frozen=True, slots=True)
class _Row:
    """A happening and its place: the top, the height, and the pause before it."""

    happening: Happening
    lines: tuple[tuple[str, str], ...]
    top: float
    height: float
    pause: float

    @property
    def line(self) -> float:
        """Where the middle of its first line is: lanes change their state there."""
        return self.top + _PAD + _LINE / 2


@dataclass(slots=True)
class _Column:
    """A lane and its place."""

    lane: Lane
    name: str
    left: float = 0.0
    width: float = _NARROWEST


def timeline(chronicle: Chronicle, palette: Palette = LIGHT) -> Picture:
    """Give the picture of a chronicle.

    Args:
        chronicle: what happens.
        palette: the colours.

    Raises:
        InputError: nothing happens in it, or too much for one picture.
    """
    if not chronicle.happenings:
        raise InputError("nothing happens in it, so there is nothing to draw")
    if len(chronicle.happenings) > MOST_ROWS:
        raise InputError(
            f"{len(chronicle.happenings)} things happen in it, and a timeline shows"
            f" {MOST_ROWS} at most"
        )
    rows = _rows(chronicle)
    columns = _columns(chronicle)
    return _Drawing(chronicle, rows, columns, palette).drawn()


def in_words(chronicle: Chronicle) -> str:
    """Tell a chronicle in words, for whoever does not see the picture."""
    return " ".join(_sentence(one, chronicle.unit) for one in chronicle.happenings)


def _sentence(happening: Happening, unit: str) -> str:
    parts = [f"{_when(happening.time, unit)} {happening.who}: {happening.what}"]
    if happening.refused:
        parts.append(f"refused: {happening.refused}")
    parts += [f"{one.name} {' to '.join(one.states)}" for one in happening.moved]
    parts += [f"asks for {asked}" for asked in happening.asked]
    return shown("; ".join(parts), _LONGEST) + "."


def _when(time: float, unit: str) -> str:
    return time_text(int(time)) if unit == "seconds" else f"{time:g}"


def _rows(chronicle: Chronicle) -> list[_Row]:
    rows: list[_Row] = []
    top, last = _MARGIN + _TITLE + _HEAD, 0.0
    for happening in chronicle.happenings:
        lines = tuple(_lines(happening))
        pause = happening.time - last if rows and chronicle.unit == "seconds" else 0.0
        top += _PAUSE if pause > 1 else 0.0
        height = 2 * _PAD + len(lines) * _LINE
        rows.append(_Row(happening, lines, top, height, pause))
        top, last = top + height, happening.time
    return rows


def _lines(happening: Happening) -> list[tuple[str, str]]:
    """Give the lines of a row, each with what it is: ``what``, ``refused`` or ``asked``."""
    found = [("what", one) for one in broken(shown(happening.what, _LONG), _WHAT, _SIZE, _LINES)]
    if happening.refused:
        text = f"refused: {shown(happening.refused, _LONG)}"
        found += [("refused", one) for one in broken(text, _WHAT, _SMALL, _LINES)]
    for asked in happening.asked:
        found += [("asked", one) for one in broken(f"asks for {shown(asked)}", _WHAT, _SMALL, 1)]
    return found or [("what", "")]


def _columns(chronicle: Chronicle) -> list[_Column]:
    names = chronicle.names()
    order = sorted(names, key=lambda lane: lane.kind != IMAGE)
    columns = [_Column(lane, names[lane] or f"{lane.kind} {lane.id}") for lane in order]
    del columns[MOST_LANES:]
    widths = {column.lane: _NARROWEST for column in columns}
    for happening in chronicle.happenings:
        for moved in happening.moved:
            if moved.lane in widths:
                wide = max(room_for(state, _SMALL) for state in moved.states[1:] or moved.states)
                widths[moved.lane] = max(widths[moved.lane], wide + 2 * _PAD)
    left = _MARGIN + _TIME + _WHO + _WHAT + 3 * _GAP
    for column in columns:
        column.left, column.width = left, min(widths[column.lane], _WIDEST)
        left += column.width + _GAP
    return columns


class _Drawing:
    """A timeline that is being drawn."""

    def __init__(
        self, chronicle: Chronicle, rows: list[_Row], columns: list[_Column], palette: Palette
    ) -> None:
        self._chronicle = chronicle
        self._rows = rows
        self._columns = columns
        self._palette = palette
        self._bottom = rows[-1].top + rows[-1].height
        left = _MARGIN + _TIME + _WHO + _WHAT + 3 * _GAP
        right = columns[-1].left + columns[-1].width if columns else left
        self._picture = Picture("timeline", right + _MARGIN, self._bottom + _FOOT, palette.paper)

    def drawn(self) -> Picture:
        """Draw all of it."""
        self._title()
        for row in self._rows:
            self._row(row)
        for column in self._columns:
            self._lane(column)
        for row in self._rows:
            if row.happening.refused:
                self._refusal(row)
        self._foot()
        return self._picture

    def _title(self) -> None:
        ink, muted, width = self._palette.ink, self._palette.muted, self._picture.width
        title = cut(shown(self._chronicle.title, _LONG), width - 2 * _MARGIN, _BIG)
        self._picture.text(
            _MARGIN, _MARGIN, width - 2 * _MARGIN, title, size=_BIG, ink=ink, kind="title"
        )
        top = _MARGIN + _TITLE + _HEAD / 2
        headings = ((_TIME, self._chronicle.unit.removesuffix("s")), (_WHO, "who"), (_WHAT, "what"))
        left = _MARGIN
        for wide, heading in headings:
            word = "time" if heading == "second" else heading
            align: Align = "right" if left == _MARGIN else "left"
            self._picture.text(
                left, top, wide, word, size=_SMALL, ink=muted, align=align, kind="heading"
            )
            left += wide + _GAP

    def _row(self, row: _Row) -> None:
        ink, muted = self._palette.ink, self._palette.muted
        happening, top = row.happening, row.top + _PAD
        if row.pause > 1:
            self._pause(row)
        self._picture.box(
            _MARGIN,
            row.top,
            self._picture.width - 2 * _MARGIN,
            _RULE,
            fill=self._palette.fills[None],
        )
        when = _when(happening.time, self._chronicle.unit)
        self._picture.text(_MARGIN, top, _TIME, when, size=_SIZE, ink=muted, align="right")
        left = _MARGIN + _TIME + _GAP
        who = cut(shown(happening.who), _WHO, _SIZE)
        colour = ink if happening.who not in ROLES else self._palette.actors[Actor.DATASTORE]
        self._picture.text(
            left, top, _WHO, who, size=_SIZE, ink=colour, tooltip=shown(happening.who)
        )
        left += _WHO + _GAP
        inks = {
            "what": self._palette.failure if happening.failed else ink,
            "refused": self._palette.failure,
            "asked": self._palette.actors[Actor.DATASTORE],
        }
        for kind, line in row.lines:
            size = _SIZE if kind == "what" else _SMALL
            self._picture.text(left, top, _WHAT, line, size=size, ink=inks[kind], kind=kind)
            top += _LINE

    def _pause(self, row: _Row) -> None:
        """Say how much time passes before a row; it is not drawn to scale."""
        text = f"{span_text(int(row.pause))} pass"
        top = row.top - _PAUSE + (_PAUSE - _SMALL) / 2
        self._picture.text(
            _MARGIN + _TIME + _GAP, top, _WHO + _WHAT, text, size=_SMALL, ink=self._palette.muted
        )

    def _lane(self, column: _Column) -> None:
        ink, muted = self._palette.ink, self._palette.muted
        top = _MARGIN + _TITLE
        name = cut(shown(column.name), column.width, _SIZE)
        self._picture.text(
            column.left,
            top,
            column.width,
            name,
            size=_SIZE,
            ink=ink,
            align="center",
            kind="lane",
            tooltip=shown(column.name),
        )
        below = f"{column.lane.kind} {column.lane.id}"
        self._picture.text(
            column.left, top + _LINE, column.width, below, size=_SMALL, ink=muted, align="center"
        )
        for state, start, end in self._stretches(column.lane):
            self._stretch(column, state, start, end)

    def _stretches(self, lane: Lane) -> Iterator[tuple[str, float, float]]:
        """Give the states of a lane, each with its upper and lower end."""
        state, start = "", 0.0
        for row in self._rows:
            for moved in row.happening.moved:
                if moved.lane == lane:
                    if state:
                        yield state, start, row.line
                    elif moved.states[0] != _BEGINNING:
                        yield moved.states[0], self._rows[0].top, row.line
                    state, start = moved.states[-1], row.line
        if state:
            yield state, start, start + _END if state in _OVER else self._bottom + _PAD

    def _stretch(self, column: _Column, state: str, start: float, end: float) -> None:
        over = state in _OVER
        text = cut(state.lower() if state == GONE.name else state, column.width - _PAD, _SMALL)
        self._picture.box(
            column.left,
            start,
            column.width,
            end - start,
            fill=self._palette.paper if over else self._palette.fills[family(state)],
            line=self._palette.rule,
            kind=f"stretch state-{state}",
            tooltip=f"{shown(column.name)}: {state}",
            rounded=over,
        )
        self._picture.text(
            column.left,
            start + min((end - start) / 2 - _SMALL * _HALF_LINE, _PAD),
            column.width,
            text,
            size=_SMALL,
            ink=self._palette.muted if over else self._palette.ink,
            align="center",
            kind="state",
        )

    def _refusal(self, row: _Row) -> None:
        """Mark a refusal on what the command names, or beside its time where it names nothing."""
        places = [one.left for one in self._columns if one.lane in row.happening.about]
        for left in places or [_MARGIN - _MARK]:
            at = left + _MARK / 2 if places else left
            told = f"refused: {shown(row.happening.refused, _LONG)}"
            self._picture.box(
                at,
                row.line - _MARK / 2,
                _MARK,
                _MARK,
                fill=self._palette.failure,
                kind="mark refused",
                tooltip=told,
                rounded=True,
            )
            self._picture.text(
                at,
                row.line - _MARK * _HALF_LINE,
                _MARK,
                _CROSS,
                size=_MARK,
                ink=self._palette.paper,
                align="center",
                kind="mark",
                tooltip=told,
            )

    def _foot(self) -> None:
        left_out = len(self._chronicle.names()) - len(self._columns)
        parts = ["Time runs down, not to scale."] if self._chronicle.unit == "seconds" else []
        parts.append(f"{_CROSS} marks what was refused.")
        if left_out:
            parts.append(f"{left_out} more images and machines are not shown.")
        self._picture.text(
            _MARGIN,
            self._bottom + _FOOT - 2 * _MARGIN,
            self._picture.width - 2 * _MARGIN,
            " ".join(parts),
            size=_SMALL,
            ink=self._palette.muted,
            kind="caption",
        )


def family(state: str) -> Simplified | None:
    """Give the simplified state whose colour an image's or a machine's state has.

    A machine that waits for an image, runs, or failed has the colour of the
    image's state that comes nearest; one on its way has none.
    """
    if state in ImageState.__members__:
        return ImageState[state].simplified
    if state.endswith("FAILURE"):
        return Simplified.ERROR
    return _MACHINES.get(state)


_MACHINES = {
    VmState.CLONING.name: Simplified.LOCKED,
    VmState.RUNNING.name: Simplified.USED,
    VmState.DONE.name: Simplified.DISABLED,
}
