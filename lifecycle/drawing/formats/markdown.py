"""A graph as tables in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.drawing.formats.tables import page
from lifecycle.markup.markdown import Markdown

if TYPE_CHECKING:
    from lifecycle.drawing.graph import Graph


def write(graph: Graph) -> str:
    """Give a graph as tables in Markdown."""
    return Markdown().page(page(graph))
