"""How wide Helvetica's letters are, so that a picture can hold a stand-in to the same widths.

Thousandths of the size of the font, for the letters from space to ``~``. Every
stand-in that is made to fit (Arimo, Liberation Sans, Arial) has the same. A
test holds them against what the engine reckons with.

Source: the font metrics that Adobe published for Helvetica and Helvetica-Bold.
"""

from __future__ import annotations

from functools import lru_cache

_FIRST = 32

_PLAIN_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 "
    "556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 "
    "1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 "
    "667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 "
    "333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 "
    "556 556 333 500 278 556 500 722 500 500 500 334 260 334 584 "
)
_BOLD_WIDTHS = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 "
    "556 556 556 556 556 556 556 556 556 556 333 333 584 584 584 611 "
    "975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 "
    "667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 "
    "333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 "
    "611 611 389 556 333 611 556 778 556 556 500 389 280 389 584 "
)
_PLAIN = tuple(map(int, _PLAIN_WIDTHS.split()))
_BOLD = tuple(map(int, _BOLD_WIDTHS.split()))


@lru_cache(maxsize=2048)
def width(text: str, size: float, *, bold: bool = False) -> float | None:
    """Give the width of a text in the unit of `size`; None when it has other letters."""
    if not (text.isascii() and text.isprintable()):
        return None
    widths = _BOLD if bold else _PLAIN
    return sum(widths[ord(letter) - _FIRST] for letter in text) * size / 1000
