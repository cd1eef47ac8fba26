"""Pages as HTML that stands alone: the style and the pictures are in the file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from importlib import resources
from typing import TYPE_CHECKING

from lifecycle.markup.document import Code, Heading, Link, Strong, one_line, slug
from lifecycle.markup.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.markup.document import Block, Cell, Grid, Page, Picture, Piece, Text

_WIDTH = re.compile(r'<svg width="([0-9.]+)pt"')
_IDS = re.compile(r'(?<= )(id|aria-labelledby|aria-describedby)="')
_LEAST = 0.55
"""How far a picture is made smaller to fit; what is still too wide can be moved."""

_SHELL = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="{description}">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{top}<h1>{heading}</h1>
<p class="lead">{description}</p>
{body}
</main>
{navigation}</body>
</html>
"""


def stylesheet() -> str:
    """Give the style that every page carries."""
    return (resources.files("lifecycle.markup") / "page.css").read_text("utf-8")


@dataclass(frozen=True)
class Html(Writer):
    """The writer of HTML.

    Attributes:
        site: the title of the whole set of pages.
        navigation: the pages that every page leads to: titles by group.
    """

    site: str = ""
    navigation: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    style: str = field(default_factory=stylesheet)

    def page(self, page: Page) -> str:
        """Give a page as the text of its file."""
        title = page.title if page.title == self.site else f"{page.title} · {self.site}"
        return _SHELL.format(
            title=escaped(title if self.site else page.title),
            heading=escaped(page.title),
            description=escaped(page.description),
            style=self.style,
            navigation=self._navigation(page.name),
            top='<a class="to-pages" href="#all-pages">All pages</a>\n' if self.navigation else "",
            body="\n".join(self.blocks(page.blocks)),
        )

    def blocks(self, blocks: Iterable[Block]) -> list[str]:
        """Give each block as its lines; each heading has an id of its own."""
        taken: dict[str, int] = {}
        found = []
        for block in blocks:
            if isinstance(block, Heading):
                name = slug(block.text)
                taken[name] = taken.get(name, 0) + 1
                found.append(_heading(block, name if taken[name] == 1 else f"{name}-{taken[name]}"))
            else:
                found.append(self.block(block))
        return found

    def heading(self, heading: Heading) -> str:
        """Give a heading with an id."""
        return _heading(heading, slug(heading.text))

    def paragraph(self, text: Text) -> str:
        """Give a paragraph."""
        return f"<p>{self.text(text)}</p>"

    def bullets(self, items: tuple[Text, ...]) -> str:
        """Give a list."""
        listed = "\n".join(f"<li>{self.text(item)}</li>" for item in items)
        return f"<ul>\n{listed}\n</ul>"

    def grid(self, grid: Grid) -> str:
        """Give a table; where it is too wide, it can be moved by keyboard too."""
        head = "".join(f'<th scope="col">{escaped(name)}</th>' for name in grid.head)
        rows = "\n".join(self._row(grid.head, row) for row in grid.rows)
        return (
            f'<div class="wide" role="region" tabindex="0" aria-label="{escaped(grid.title)}">\n'
            f"<table>\n<caption>{escaped(grid.title)}</caption>\n"
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
        )

    def _row(self, head: tuple[str, ...], row: tuple[Cell, ...]) -> str:
        cells = (
            f'<td data-column="{escaped(name)}">{self.cell(cell)}</td>'
            for name, cell in zip(head, row, strict=True)
        )
        return f"<tr>{''.join(cells)}</tr>"

    def picture(self, picture: Picture) -> str:
        """Give a picture as it is, with what it shows told below."""
        if not picture.svg:
            return f"<p>{escaped(picture.alt)}</p>"
        svg = within_page(picture.svg, picture.name)
        width = _WIDTH.search(svg)
        least = f' style="--least: {float(width[1]) * _LEAST:.0f}pt"' if width else ""
        return (
            f'<figure{least}>\n<div class="wide" role="region" tabindex="0"'
            f' aria-label="{escaped(picture.title)}">\n{svg}\n</div>\n'
            f"<figcaption>{escaped(picture.title)}</figcaption>\n</figure>"
        )

    def cell(self, cell: Cell) -> str:
        """Give a cell; several texts become a list."""
        texts = [self.text(text) for text in cell if text]
        if len(texts) < 2:  # noqa: PLR2004 - a list of one is no list
            return "".join(texts)
        return f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>"

    def text(self, text: Text) -> str:
        """Give a text."""
        return "".join(self.piece(piece) for piece in text)

    def piece(self, piece: Piece) -> str:
        """Give a piece of a text."""
        match piece:
            case Code(text):
                return f"<code>{escaped(text)}</code>"
            case Strong(text):
                return f"<strong>{escaped(text)}</strong>"
            case Link():
                words = escaped(piece.text)
                inner = f"<code>{words}</code>" if piece.code else words
                return f'<a href="{escaped(self.target(piece))}">{inner}</a>'
            case _:
                return prose(piece)

    def target(self, link: Link) -> str:
        """Give where a link leads."""
        return f"{link.page}.html" + (f"#{link.anchor}" if link.anchor else "")

    def _navigation(self, here: str) -> str:
        if not self.navigation:
            return ""
        groups = "\n".join(
            f"<p>{escaped(group)}</p>\n<ul>\n{self._links(links, here)}\n</ul>"
            for group, links in self.navigation
        )
        return (
            f'<nav id="all-pages" aria-label="Pages">\n<div>\n'
            f"<p>{escaped(self.site)}</p>\n{groups}\n</div>\n</nav>\n"
        )

    def _links(self, links: tuple[tuple[str, str], ...], here: str) -> str:
        current = ' aria-current="page"'
        return "\n".join(
            f'<li><a href="{escaped(name)}.html"'
            f"{current if name == here else ''}>{escaped(title)}</a></li>"
            for name, title in links
        )


def escaped(text: str) -> str:
    """Give a text of which HTML interprets nothing, in an attribute too."""
    return escape(one_line(text))


def within_page(svg: str, prefix: str) -> str:
    """Give an SVG as it can stand in a page beside others: its ids begin with a prefix.

    Within HTML there is no XML declaration and no document type.
    """
    bare = svg[max(svg.find("<svg"), 0) :].rstrip()
    return _IDS.sub(rf'\1="{prefix}-', bare)


def prose(text: str) -> str:
    """Give plain words, with the blanks at their ends."""
    lead = " " if text[:1] == " " else ""
    tail = " " if text[-1:] == " " and len(text) > 1 else ""
    return f"{lead}{escaped(text)}{tail}"


def _heading(heading: Heading, name: str) -> str:
    words = escaped(heading.text)
    link = f'<a class="here" href="#{escaped(name)}" aria-label="Link to {words}">#</a>'
    return f'<h{heading.level} id="{escaped(name)}">{words} {link}</h{heading.level}>'
