"""Pages as Markdown: as any viewer reads it, or with the front matter and links of Hugo."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecycle.markup.document import Code, Heading, Link, Strong, one_line
from lifecycle.markup.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.markup.document import Block, Cell, Grid, Page, Picture, Piece, Text

_MARKS = re.compile(
    r"""[\\`*\[\]<>|~&$@]   # always marks
    |(?<![^\W_])_|_(?![^\W_])   # not within a word
    |\{(?=\{)|(?<=\{)\{|:(?=//|\w+:)|(?<=www)\.   # shortcodes, addresses, pictures by name
    |^[#+=-]|(?<=^\d)[.)]|(?<=^\d\d)[.)]   # at the beginning of a line
    """,
    re.VERBOSE,
)


def escaped(text: str) -> str:
    """Give a text of which Markdown interprets nothing, on one line."""
    return _MARKS.sub(r"\\\g<0>", one_line(text))


def code(text: str, *, in_table: bool = False) -> str:
    """Give a text as a code span; where a code span cannot hold it, escaped."""
    line = one_line(text)
    if not line or "{{" in line or (in_table and "|" in line):
        return escaped(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


@dataclass(frozen=True)
class Markdown(Writer):
    """The writer of plain Markdown, as GitHub shows it."""

    def page(self, page: Page) -> str:
        """Give a page as the text of its file."""
        body = "\n\n".join(self.blocks(page.blocks))
        return f"{self.head(page)}\n\n{body}\n"

    def head(self, page: Page) -> str:
        """Give what stands above the blocks."""
        return f"# {self.prose(page.title)}\n\n{self.prose(page.description)}"

    def blocks(self, blocks: Iterable[Block]) -> list[str]:
        """Give each block as its lines."""
        return [self.block(block) for block in blocks]

    def heading(self, heading: Heading) -> str:
        """Give a heading."""
        return f"{'#' * heading.level} {self.prose(heading.text)}"

    def grid(self, grid: Grid) -> str:
        """Give a table."""
        rows = [[self.cell(one) for one in row] for row in grid.rows]
        head = [escaped(one) for one in grid.head]
        lines = [head, ["---"] * len(head), *rows]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)

    def picture(self, picture: Picture) -> str:
        """Give a picture as a link to its file."""
        if not picture.svg and not picture.file:
            return self.prose(picture.alt)
        return f"![{self.prose(picture.title)}]({self.picture_path(picture)})"

    def picture_path(self, picture: Picture) -> str:
        """Give the way to the file of a picture."""
        return picture.file or f"{picture.name}.svg"

    def cell(self, cell: Cell) -> str:
        """Give a cell on its one line."""
        return "; ".join(self.text(line, in_table=True) for line in cell if line)

    def text(self, text: Text, *, in_table: bool = False) -> str:
        """Give a text."""
        return "".join(self.piece(piece, in_table=in_table) for piece in text)

    def piece(self, piece: Piece, *, in_table: bool) -> str:
        """Give a piece of a text."""
        match piece:
            case Code(text):
                return code(text, in_table=in_table)
            case Strong(text):
                return f"**{escaped(text)}**"
            case Link():
                words = (
                    code(piece.text, in_table=in_table) if piece.code else self.prose(piece.text)
                )
                return f"[{words}]({self.target(piece)})"
            case _:
                return self.prose(piece)

    def prose(self, text: str) -> str:
        """Give plain words, escaped where Markdown would read them otherwise."""
        lead = " " if text[:1] == " " else ""
        tail = " " if text[-1:] == " " and len(text) > 1 else ""
        return f"{lead}{escaped(text)}{tail}"

    def target(self, link: Link) -> str:
        """Give where a link leads."""
        return f"{link.page}.md" + (f"#{link.anchor}" if link.anchor else "")


@dataclass(frozen=True)
class Hugo(Markdown):
    """The writer of Markdown for Hugo: front matter, `relref`, paths of pretty addresses."""

    weight: int = 0
    first: bool = False

    def head(self, page: Page) -> str:
        """Give the front matter, in YAML that JSON is a part of."""
        fields = {
            "title": page.title,
            "linkTitle": page.title,
            "description": page.description,
            "weight": self.weight,
        }
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
        return "\n".join(["---", *lines, "---"])

    def picture_path(self, picture: Picture) -> str:
        """Give the way to the file: pages but the first have a folder of their own."""
        return f"{picture.name}.svg" if self.first else f"../{picture.name}.svg"

    def target(self, link: Link) -> str:
        """Give a shortcode that Hugo checks."""
        name = "_index" if link.page == "index" else link.page
        anchor = f"#{link.anchor}" if link.anchor else ""
        return f'{{{{< relref "{name}.md{anchor}" >}}}}'
