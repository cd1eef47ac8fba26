"""A graph as tables in HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.drawing.formats.tables import page
from lifecycle.markup.html import Html

if TYPE_CHECKING:
    from lifecycle.drawing.graph import Graph


def write(graph: Graph) -> str:
    """Give a graph as tables in HTML."""
    return Html().page(page(graph))
