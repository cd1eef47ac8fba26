"""Where things go: hints for the engine, found by trying, which make the pictures readable.

They change no picture's content. Each is about two nodes, in whatever view both are.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.drawing.graph import START, NodeState
from lifecycle.states import GONE, ImageState, Simplified

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecycle.drawing.graph import Edge, Graph, Node


class Hint(NamedTuple):
    """How one edge is laid out.

    Attributes:
        back: the engine is told that it leads the other way, so that its target
            stands above its origin.
        weight: how short and straight it shall be.
        minlen: how many ranks it spans at least.
        constraint: whether it has a say in which node stands above which.
    """

    back: bool = False
    weight: int = 1
    minlen: int = 1
    constraint: bool = True

    def attributes(self) -> dict[str, str]:
        """Give the attributes that tell the engine."""
        told = {}
        if self.back:
            told["dir"] = "back"
        if self.weight != 1:
            told["weight"] = str(self.weight)
        if self.minlen != 1:
            told["minlen"] = str(self.minlen)
        if not self.constraint:
            told["constraint"] = "false"
        return told


S, M = ImageState, Simplified

_RANKS: dict[NodeState, int] = {
    START: 0,
    S.INIT: 1,
    S.LOCKED: 2,
    S.LOCKED_USED: 3,
    S.LOCKED_USED_PERS: 3,
    S.USED: 4,
    S.USED_PERS: 4,
    S.READY: 5,
    S.ERROR: 6,
    S.CLONE: 6,
    S.DISABLED: 7,
    S.DELETE: 8,
    GONE: 9,
    M.LOCKED: 2,
    M.USED: 4,
    M.READY: 5,
    M.ERROR: 6,
    M.CLONING: 6,
    M.DISABLED: 7,
    M.DELETING: 8,
}
"""How far down each state stands: the spine of a life reads from above to below."""


class Layout(NamedTuple):
    """How a graph is laid out.

    Attributes:
        nodes: the identifiers of nodes in the order in which the engine is told of them.
        edges: the same of edges.
        hints: by the identifier of an edge; the others are laid out by rank.
    """

    nodes: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()
    hints: Mapping[str, Hint] = {}

    def hint(self, edge: Edge) -> Hint:
        """Give the hint for an edge."""
        return self.hints.get(edge.identifier) or Hint(_RANKS[edge.origin] > _RANKS[edge.target])

    def in_order_of_nodes(self, nodes: Iterable[Node]) -> list[Node]:
        """Give nodes in order; those that it does not know last."""
        place = {name: number for number, name in enumerate(self.nodes)}
        return sorted(nodes, key=lambda node: place.get(node.identifier, len(place)))

    def in_order_of_edges(self, edges: Iterable[Edge]) -> list[Edge]:
        """Give edges in order; those that it does not know last."""
        place = {name: number for number, name in enumerate(self.edges)}
        return sorted(edges, key=lambda edge: place.get(edge.identifier, len(place)))


def layout_of(graph: Graph) -> Layout:
    """Give the layout that was found for a view; where none was, that of the full view."""
    found = _found()
    return found.get(graph.name) or found.get("full") or Layout()


FILE = Path(__file__).with_name("layouts.json")
"""The layouts that were found by trying, with :mod:`lifecycle.drawing.arrange`."""


def to_json(layout: Layout) -> dict[str, Any]:
    """Give a layout as it is kept: the edges are listed, not named, so that their order stays."""
    edges = [[name, *layout.hints[name]] for name in layout.edges]
    return {"nodes": list(layout.nodes), "edges": edges}


@cache
def _found() -> dict[str, Layout]:
    kept = json.loads(FILE.read_text("utf-8"))
    return {
        name: Layout(
            tuple(told["nodes"]),
            tuple(edge[0] for edge in told["edges"]),
            {edge[0]: Hint(*edge[1:]) for edge in told["edges"]},
        )
        for name, told in kept.items()
    }


SIDE_BY_SIDE: tuple[tuple[ImageState, ImageState], ...] = (
    (S.LOCKED_USED, S.LOCKED_USED_PERS),
    (S.USED, S.USED_PERS),
)
"""States that stand on one rank."""


def side_by_side(graph: Graph) -> tuple[tuple[ImageState, ImageState], ...]:
    """Give the pairs of the graph that stand on one rank."""
    states = {node.state for node in graph.nodes}
    return tuple(pair for pair in SIDE_BY_SIDE if states.issuperset(pair))
