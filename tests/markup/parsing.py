"""Reads written pages with the parsers that others would read them with."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple

from docutils.core import publish_doctree
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from docutils import nodes

VOID = {"meta", "br", "img", "link", "input", "hr"}


class Read(NamedTuple):
    """What a browser finds in a page: the words, the tags with attributes, the tables."""

    text: str
    tags: list[tuple[str, dict[str, str]]]
    tables: list[list[list[str]]]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.tables: list[list[list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.words.append(data)
        if {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += data


def read_html(text: str) -> Read:
    """Read HTML; every tag that is opened has to be closed, in order."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    tables = [[[cell.strip() for cell in row] for row in table] for table in reader.tables]
    return Read("".join(reader.words), reader.tags, tables)


def read_markdown(text: str) -> Read:
    """Read Markdown as GitHub does, raw HTML and bare addresses too."""
    return read_html(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(text))


def read_rest(text: str) -> nodes.document:
    """Read reStructuredText; whatever docutils warns of is an error."""
    return publish_doctree(text, settings_overrides={"halt_level": 2, "report_level": 5})
