"""Pages as reStructuredText, for Sphinx and for docutils alone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecycle.markup.document import Code, Heading, Link, Strong, one_line, slug
from lifecycle.markup.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.markup.document import Block, Cell, Grid, Page, Picture, Piece, Text

_MARKS = re.compile(r"[\\`*|@\[]|_(?!\w)|(?<!\w)_|:(?=//)")
_FIRST = re.compile(r"[^\w\s\\]|\w+(?=[.)])")
_APART = "\0"
_LINES = "=-~^"


def escaped(text: str, *, first: bool = True) -> str:
    """Give a text of which reStructuredText interprets nothing, on one line.

    Args:
        text: the words.
        first: whether they are the first of their line, where more is a mark.
    """
    words = _MARKS.sub(r"\\\g<0>", one_line(text))
    if first and not re.search(r"\w", words):
        # A line of nothing but marks could be the line above a title.
        return f"\\ {words}" if words else ""
    return f"\\{words}" if first and _FIRST.match(words) else words


def literal(text: str) -> str:
    """Give a text as an inline literal; where a literal cannot hold it, escaped."""
    line = one_line(text)
    if not line or "`" in line or line.endswith("\\") or line != line.strip():
        return escaped(text)
    return f"``{line}``"


@dataclass(frozen=True)
class Rest(Writer):
    """The writer of reStructuredText.

    Attributes:
        references: whether links are Sphinx's `:ref:`; otherwise only their words are written.
        prefix: what the labels of this set of pages begin with.
    """

    references: bool = True
    prefix: str = "image-lifecycle"

    def page(self, page: Page) -> str:
        """Give a page as the text of its file."""
        head = [self.label(page.name), _headed(1, page.title), self.prose(page.description)]
        return "\n\n".join([*head, *self.blocks(page.blocks, page.name)]) + "\n"

    def blocks(self, blocks: Iterable[Block], page: str = "") -> list[str]:
        """Give each block as its lines; headings of a page get a label."""
        found, seen = [], set[str]()
        for block in blocks:
            if isinstance(block, Heading) and page and slug(block.text) not in seen:
                seen.add(slug(block.text))
                found.append(self.label(page, slug(block.text)))
            found.append(self.block(block))
        return found

    def label(self, page: str, anchor: str = "") -> str:
        """Give a line that names a place for links."""
        return f".. _{self.name(page, anchor)}:"

    def name(self, page: str, anchor: str = "") -> str:
        """Give the name of a place."""
        return "-".join(part for part in (self.prefix, page, anchor) if part)

    def heading(self, heading: Heading) -> str:
        """Give a heading."""
        return _headed(heading.level, heading.text)

    def grid(self, grid: Grid) -> str:
        """Give a table as a `list-table`, which needs no counting of columns."""
        lines = [
            f".. list-table:: {self.prose(grid.title)}",
            "   :header-rows: 1",
            "   :class: image-lifecycle-table",
            "",
        ]
        head = [((name,),) for name in grid.head]
        for row in (head, *grid.rows):
            for number, cell in enumerate(row):
                lines += self.cell(cell, "   * - " if number == 0 else "     - ")
        return "\n".join(lines)

    def cell(self, cell: Cell, lead: str) -> list[str]:
        """Give a cell as its lines; several texts become a list in it."""
        texts = [self.text(text) for text in cell if text]
        if len(texts) < 2:  # noqa: PLR2004 - a list of one is no list
            return [f"{lead}{texts[0]}" if texts else lead.rstrip()]
        rest = " " * len(lead)
        return [f"{lead if number == 0 else rest}- {text}" for number, text in enumerate(texts)]

    def picture(self, picture: Picture) -> str:
        """Give a picture as a figure."""
        if not picture.svg and not picture.file:
            return self.prose(picture.alt)
        return "\n".join(
            [
                f".. figure:: {picture.file or f'{picture.name}.svg'}",
                f"   :alt: {self.prose(picture.title)}",
                "",
                f"   {self.prose(picture.title)}",
            ]
        )

    def text(self, text: Text) -> str:
        """Give a text; where a mark touches a word, a separator that is not seen parts them."""
        made = ""
        for piece in text:
            words = self.piece(piece, first=not made)
            marked = not isinstance(piece, str)
            if made and words and marked and not made[-1].isspace():
                made += _APART
            made += words + (_APART if marked else "")
        if made.endswith("::"):
            made = f"{made[:-1]}\\:"
        return re.sub(rf"{_APART}+(?=$|[\s.,;:)!?])", "", made).replace(_APART, "\\ ")

    def piece(self, piece: Piece, *, first: bool) -> str:
        """Give a piece of a text, first in its line or not."""
        match piece:
            case Code(text):
                return literal(text)
            case Strong(text):
                return f"**{escaped(text)}**"
            case Link() if self.references:
                return f":ref:`{_title(piece.text)} <{self.name(piece.page, piece.anchor)}>`"
            case Link():
                return literal(piece.text) if piece.code else self.prose(piece.text)
            case _:
                return self.prose(piece, first=first)

    def prose(self, text: str, *, first: bool = True) -> str:
        """Give plain words, escaped where reStructuredText would read them otherwise."""
        lead = " " if text[:1] == " " else ""
        tail = " " if text[-1:] == " " and len(text) > 1 else ""
        return f"{lead}{escaped(text, first=first)}{tail}"


def _headed(level: int, text: str) -> str:
    words = escaped(text)
    return f"{words}\n{_LINES[level - 1] * max(column_width(words), 3)}"


def column_width(text: str) -> int:
    """Count the columns that a text takes; letters of East Asia take two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _title(text: str) -> str:
    return re.sub(r"[<>`\\]", lambda found: f"\\{found[0]}", one_line(text))
