"""A graph as a listing in the colours of a terminal: each state, and what leads out of it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lifecycle.drawing.formats.words import edge_labels, title_of
from lifecycle.drawing.graph import START, Outcome
from lifecycle.markup.document import one_line
from lifecycle.states import GONE, ImageState, Simplified
from lifecycle.table import Actor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from lifecycle.drawing.graph import Edge, Graph, Node

WIDTH = 80
"""How many columns it takes at most."""

_ARROWS = {
    None: ("white", "──▶"),
    Actor.USER: ("blue", "──▶"),
    Actor.DATASTORE: ("yellow", "╌╌▶"),
    Actor.VM: ("green", "━━▶"),
    Actor.MARKETPLACE: ("magenta", "┄┄▶"),
}
"""How an actor is shown: by colour, and by line."""


def write(graph: Graph) -> str:
    """Give a graph with the escapes that colour it."""
    file = io.StringIO()
    out = Console(
        file=file,
        force_terminal=True,
        color_system="standard",
        width=WIDTH,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    for line in _lines(graph):
        out.print(line)
    return file.getvalue()


def _lines(graph: Graph) -> Iterator[RenderableType]:
    labels = edge_labels(graph)
    yield Text(one_line(graph.title), style="bold")
    for caption in graph.captions:
        yield Text(one_line(caption), style="dim")
    yield _legend(graph)
    for node in graph.nodes:
        yield Text()
        yield _node(node)
        loops = [edge for edge in graph.loops if edge.origin is node.state]
        edges = (*graph.edges_from(node.state), *loops)
        if edges:
            yield _edges(graph, edges, labels)
    yield Text()
    yield Text("Guards and effects: lifecycle docs STATE, lifecycle docs OPERATION.", style="dim")


def _legend(graph: Graph) -> Text:
    line = Text()
    for actor in Actor:
        if any(edge.actor is actor for edge in (*graph.edges, *graph.loops)):
            colour, arrow = _ARROWS[actor]
            line.append(f"{arrow} {actor.value}   ", style=colour)
    return line


def _node(node: Node) -> Text:
    colour = "cyan"
    if node.state in {ImageState.ERROR, Simplified.ERROR}:
        colour = "red"
    elif node.state in {START, GONE}:
        colour = "white"
    name = Text(f" {one_line(title_of(node))} ", style=f"bold reverse {colour}")
    return Text.assemble(name, Text(f"  {one_line(node.meaning)}", style="dim"))


def _edges(graph: Graph, edges: tuple[Edge, ...], labels: dict[str, str]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(min_width=6, justify="right")
    table.add_column(min_width=16, no_wrap=True)
    table.add_column(overflow="fold")
    for edge in edges:
        colour, arrow = _ARROWS[edge.actor]
        stays = edge.origin is edge.target
        names = labels[edge.identifier]
        table.add_row(
            Text("↻" if stays else arrow, style=colour),
            Text("stays" if stays else graph.node(edge.target).name, style="" if stays else "bold"),
            Text(names, style="red" if edge.outcome is Outcome.FAILURE else colour),
        )
    return table
