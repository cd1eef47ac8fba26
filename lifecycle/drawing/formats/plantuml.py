"""A graph as a state diagram of PlantUML.

The picture says who does what, in the order of the states. Guards and effects
of every row stand in comments behind the arrow, what they mean at the end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lifecycle.drawing.formats.words import edge_labels, label_of, legend, title_of
from lifecycle.drawing.graph import START
from lifecycle.drawing.look import LIGHT, LINES
from lifecycle.markup.document import one_line
from lifecycle.states import GONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.drawing.graph import Edge, Graph, Node, NodeState

_PLAIN = re.compile(r"[^\w ,./()\[\]'!?:;-]|--+|//+|__+|''+|\[\[|\]\]")

_LINES = {"solid": "", "dashed": ",dashed", "bold": ",bold", "dotted": ",dotted"}
"""PlantUML's words for the lines of pictures."""


def write(graph: Graph) -> str:
    """Give a graph as PlantUML."""
    return "\n".join(_lines(graph)) + "\n"


def text(words: str) -> str:
    """Give a text of which PlantUML interprets nothing: all but plain signs by their number."""
    return _PLAIN.sub(lambda found: "".join(f"&#{ord(one)};" for one in found[0]), one_line(words))


def _lines(graph: Graph) -> Iterator[str]:
    labels = edge_labels(graph)
    yield f"@startuml {graph.name}"
    yield f"title {text(graph.title)}"
    yield "hide empty description"
    for node in graph.nodes:
        if node.state not in {START, GONE}:
            loops = [edge for edge in graph.loops if edge.origin is node.state]
            yield from _node(node, loops, labels)
    for edge in graph.edges:
        yield _arrow(graph, edge, labels[edge.identifier])
        for way in edge.ways:
            yield _comment(label_of(way.row))
    if graph.quiet:
        yield _comment("What leaves an image where it is:")
        for key in dict.fromkeys(f"{way.origin.name}: {label_of(way.row)}" for way in graph.quiet):
            yield _comment(key)
    for name, words in legend(graph):
        yield _comment(f"{name}: {words}")
    if graph.captions:
        yield "legend bottom"
        yield from (text(caption) for caption in graph.captions)
        yield "endlegend"
    yield "@enduml"


def _node(node: Node, loops: list[Edge], labels: dict[str, str]) -> Iterator[str]:
    yield f'state "{text(title_of(node))}" as {node.identifier} {LIGHT.fill(node.state)}'
    for edge in loops:
        yield f"{node.identifier} : {text(labels[edge.identifier])}"
        for way in edge.ways:
            yield _comment(f"stays: {label_of(way.row)}")


def _arrow(graph: Graph, edge: Edge, said: str) -> str:
    line = "" if edge.actor is None else _LINES[LINES[edge.actor]]
    style = f"[{LIGHT.line(edge.actor, edge.outcome)}{line}]"
    arrow = f"{_end(graph, edge.origin)} -{style}-> {_end(graph, edge.target)}"
    label = text(said)
    return f"{arrow} : {label}" if label else arrow


def _end(graph: Graph, state: NodeState) -> str:
    return "[*]" if state in {START, GONE} else graph.node(state).identifier


def _comment(words: str) -> str:
    return f"' {one_line(words)}"
