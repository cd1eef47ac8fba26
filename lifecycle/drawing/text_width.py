"""How wide any text is, about: for breaking and cutting it before it is drawn.

What other scripts need is taken generously, so that a text is rather broken too
early than too late.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from lifecycle.drawing.widths import width

_OTHER, _FULL = 700, 1000
_ELLIPSIS = "…"
_STAND_IN = 1.17
"""How much wider than Helvetica a machine without it may draw: DejaVu Sans, the usual stand-in."""


def width_of(text: str, size: float) -> float:
    """Give the width of a text in points, set in Helvetica of a size in points."""
    return sum(map(_letter, text)) * size / 1000


def room_for(text: str, size: float) -> float:
    """Give the width that a text needs in points, also in a font that stands in for Helvetica."""
    return width_of(text, size) * _STAND_IN


@cache
def _letter(letter: str) -> float:
    """Give the width of a letter in thousandths of the font's size."""
    known = width(letter, 1000)
    if known is not None:
        return known
    if unicodedata.combining(letter):
        return 0
    return _FULL if unicodedata.east_asian_width(letter) in "WF" else _OTHER


def cut(text: str, wide: float, size: float) -> str:
    """Give as much of a text as fits into a width, in points, with an ellipsis where it is cut."""
    if room_for(text, size) <= wide:
        return text
    room = wide / _STAND_IN - width_of(_ELLIPSIS, size)
    kept, used = 0, 0.0
    for letter in text:
        used += _letter(letter) * size / 1000
        if used > room:
            break
        kept += 1
    return text[:kept].rstrip() + _ELLIPSIS


def broken(text: str, wide: float, size: float, most: int) -> list[str]:
    """Break a text into lines that fit into a width, in points; what is too much is cut.

    Args:
        text: of any length; a word that is wider than a line is broken inside.
        wide: of a line, in points.
        size: of the letters, in points.
        most: how many lines there may be; the last one ends with an ellipsis where more follows.
    """
    lines: list[str] = []
    left = text
    while left and len(lines) < most - 1:
        line, left = _first_line(left, wide, size)
        lines.append(line)
    if left:
        lines.append(cut(left, wide, size))
    return lines


def _first_line(text: str, wide: float, size: float) -> tuple[str, str]:
    room = wide / _STAND_IN
    used, space = 0.0, 0
    for place, letter in enumerate(text):
        used += _letter(letter) * size / 1000
        if letter == " ":
            space = place
        if used > room and place:
            end = space or place
            return text[:end].rstrip(), text[end:].lstrip()
    return text, ""
