"""A graph as tables in reStructuredText."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.drawing.formats.tables import page
from lifecycle.markup.rest import Rest

if TYPE_CHECKING:
    from lifecycle.drawing.graph import Graph


def write(graph: Graph) -> str:
    """Give a graph as tables in reStructuredText."""
    return Rest(references=False).page(page(graph))
