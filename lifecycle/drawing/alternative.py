"""A picture in words: what is read aloud, and what is shown when the pointer rests on a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.drawing.graph import START
from lifecycle.states import GONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.drawing.graph import Edge, Graph, Node


def node_sentence(node: Node, say: Callable[[str], str] = str) -> str:
    """Tell what a state is, in one line; `say` gives its meaning in another language."""
    about = "" if node.number is None else f" ({node.number}, {node.alias})"
    name = node.name if node.number is not None else say(node.name)
    return f"{name}{about}: {say(node.meaning)}"


def edge_sentence(edge: Edge) -> str:
    """Tell what leads from one state to another, in one line; each row with its guards."""
    ends = f"{_name(edge.origin)} to {_name(edge.target)}"
    if edge.actor is None:
        return ends
    told = dict.fromkeys(
        way.operation.name + (f" [{', '.join(way.row.guards)}]" if way.row.guards else "")
        for way in edge.ways
    )
    return f"{ends}, by {edge.actor.value}: {'; '.join(told)}"


def text_alternative(graph: Graph) -> str:
    """Tell in words all that a picture of the graph shows, one line for each part."""
    lines = [f"{graph.title}.", *graph.captions]
    lines += [f"{node_sentence(node)}." for node in graph.nodes if node.state not in {START, GONE}]
    lines += [f"{_told(edge)}." for edge in (*graph.edges, *graph.loops)]
    return "\n".join(lines)


def _told(edge: Edge) -> str:
    if edge.actor is None:
        return f"An image begins in {_name(edge.target)}"
    names = ", ".join(operation.name for operation in edge.operations)
    if edge.origin is edge.target:
        return f"{_name(edge.origin)} stays by {edge.actor.value}: {names}"
    return f"{_name(edge.origin)} to {_name(edge.target)} by {edge.actor.value}: {names}"


def _name(state: object) -> str:
    return getattr(state, "name", "")
