"""What a page holds: blocks of text, as data that any writer can put down in its format.

A text is a tuple of pieces, a plain `str` among them; nothing in it is markup,
so a writer escapes every piece and nothing that stands in a name or in an
error text is ever interpreted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Code(NamedTuple):
    """What is typed or read literally: a name, a command, oned's words."""

    text: str


class Strong(NamedTuple):
    """What is to stand out."""

    text: str


class Link(NamedTuple):
    """A way to another place of the same set of pages.

    Attributes:
        text: what is read.
        page: the name of the page.
        anchor: the heading in it, as :func:`slug` writes it; "" for its top.
        code: whether the text is a name that is read literally.
    """

    text: str
    page: str
    anchor: str = ""
    code: bool = False


Piece = str | Code | Strong | Link
Text = tuple[Piece, ...]
"""One run of text."""

Cell = tuple[Text, ...]
"""What stands in a cell: one text to a line."""


class Heading(NamedTuple):
    """A heading; 2 is the highest level, the page's own title being 1."""

    level: int
    text: str


class Paragraph(NamedTuple):
    """A paragraph."""

    text: Text


class Bullets(NamedTuple):
    """A list without numbers."""

    items: tuple[Text, ...]


class Grid(NamedTuple):
    """A table.

    Attributes:
        title: what it shows, for who cannot see it and as its caption.
        head: the names of the columns.
        rows: as many cells to a row as there are columns.
        code: whether the first column names the row.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Picture(NamedTuple):
    """A picture that is drawn from the table.

    Attributes:
        name: the name of its file, without an ending.
        title: what it shows.
        alt: the same told in words, for who cannot see it.
        svg: the picture; "" where nothing drew it.
        file: where the picture already is, for writers that lead to files; ""
            where its file goes beside the page. With neither, only words are written.
    """

    name: str
    title: str
    alt: str
    svg: str = ""
    file: str = ""


LONGEST = 1_000
"""The most characters of one text that are shown."""

Block = Heading | Paragraph | Bullets | Grid | Picture


class Page(NamedTuple):
    """One page.

    Attributes:
        name: what its file is called, without an ending; "index" is the first.
        title: its heading.
        description: one sentence for lists of pages and for search engines.
        blocks: what it holds.
    """

    name: str
    title: str
    description: str
    blocks: tuple[Block, ...]


def slug(heading: str) -> str:
    """Give the anchor of a heading, as GitHub and Hugo make it of the words."""
    kept = re.sub(r"[^\w\- ]", "", one_line(heading).lower())
    return kept.replace(" ", "-")


def plain(text: Text) -> str:
    """Give the words of a text without what makes them stand out."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in text)


def one_line(text: str) -> str:
    """Give a text on one line: blanks for what breaks lines, escapes for other controls.

    A text of more than :data:`LONGEST` characters ends there, in an ellipsis.
    """
    line = " ".join(text[: LONGEST + 1].split())
    if len(text) > LONGEST:
        line = f"{line[:LONGEST]}…"
    return "".join(one if _shown(one) else f"\\u{ord(one):04x}" for one in line)


def _shown(one: str) -> bool:
    # Direction marks would turn round what stands beside them.
    return one.isprintable() or one in "\u200c\u200d"


def cell(*pieces: Piece) -> Cell:
    """Give a cell that holds one line."""
    return (tuple(pieces),)


def lines(texts: Iterable[Text]) -> Cell:
    """Give a cell with a line for each text."""
    return tuple(texts)
