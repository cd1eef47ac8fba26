"""Pages on a terminal, in colour where it has colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Words

from lifecycle.markup.document import (
    Block,
    Bullets,
    Code,
    Grid,
    Heading,
    Link,
    Page,
    Paragraph,
    Picture,
    Strong,
    Text,
    one_line,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from lifecycle.markup.document import Cell, Piece

NARROW = 72
"""Below this many columns a table is told row by row."""


def rendered(page: Page, width: int) -> Iterator[RenderableType]:
    """Give what a console prints for a page of that many columns."""
    yield Words(one_line(page.title), style="bold reverse")
    yield Words(one_line(page.description), style="italic")
    yield from rendered_blocks(page.blocks, width)


def rendered_blocks(blocks: Iterable[Block], width: int) -> Iterator[RenderableType]:
    """Give what a console prints for blocks, an empty line before each."""
    for block in blocks:
        yield Words()
        match block:
            case Heading(level, text):
                style = "bold cyan" if level == 2 else "bold"  # noqa: PLR2004 - the highest level
                yield Words(one_line(text), style=style)
            case Paragraph(text):
                yield words(text)
            case Bullets(items):
                for item in items:
                    yield Padding(Words("• ").append_text(words(item)), (0, 0, 0, 2))
            case Picture():
                yield words((block.alt,))
            case Grid():
                yield from _told(block) if width < NARROW else (_table(block),)


def _table(grid: Grid) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", expand=False)
    for name in grid.head:
        table.add_column(one_line(name), overflow="fold")
    for row in grid.rows:
        table.add_row(*(_cell(cell) for cell in row))
    return table


def _told(grid: Grid) -> Iterator[RenderableType]:
    for row in grid.rows:
        first, *rest = zip(grid.head, row, strict=True)
        yield Words("• ").append_text(_cell(first[1]))
        for name, cell in rest:
            if cell and any(cell):
                told = Words(f"{one_line(name)}: ", style="dim").append_text(_cell(cell))
                yield Padding(told, (0, 0, 0, 4))


def _cell(cell: Cell) -> Words:
    return Words("\n").join(words(text) for text in cell)


def words(text: Text) -> Words:
    """Give a text with its styles; nothing in it is read as markup."""
    made = Words()
    for piece in text:
        made.append_text(_piece(piece))
    return made


def _piece(piece: Piece) -> Words:
    match piece:
        case Code(text):
            return Words(one_line(text), style="green")
        case Strong(text):
            return Words(one_line(text), style="bold")
        case Link():
            return Words(one_line(piece.text), style="green" if piece.code else "")
        case _:
            lead = " " if piece[:1] == " " else ""
            tail = " " if piece[-1:] == " " and len(piece) > 1 else ""
            return Words(f"{lead}{one_line(piece)}{tail}")
