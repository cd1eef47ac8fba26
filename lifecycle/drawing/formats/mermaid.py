"""A graph as Mermaid's stateDiagram-v2.

The picture says who does what. What Mermaid has no place for, the guards and
effects of every row, stands in comments behind the arrow, and what they mean at
the end.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from lifecycle.drawing.formats.words import edge_label, label_of, legend, title_of
from lifecycle.drawing.graph import START
from lifecycle.markup.document import one_line
from lifecycle.states import GONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.drawing.graph import Edge, Graph, Node, NodeState

_PLAIN = re.compile(r"[^\w ,./()\[\]'+*=!?-]|--+")


def write(graph: Graph) -> str:
    """Give a graph as Mermaid."""
    return "\n".join(_lines(graph)) + "\n"


def text(words: str) -> str:
    """Give a text of which Mermaid interprets nothing: all but plain signs by their number."""
    return _PLAIN.sub(lambda found: "".join(f"#{ord(one)};" for one in found[0]), one_line(words))


def _lines(graph: Graph) -> Iterator[str]:
    yield "---"
    yield f"title: {json.dumps(one_line(graph.title), ensure_ascii=False)}"
    yield "---"
    yield "stateDiagram-v2"
    for caption in graph.captions:
        yield from _comment(caption)
    for node in graph.nodes:
        if node.state not in {START, GONE}:
            yield from _node(node, [edge for edge in graph.loops if edge.origin is node.state])
    for edge in graph.edges:
        label = text(edge_label(edge))
        arrow = f"    {_end(graph, edge.origin)} --> {_end(graph, edge.target)}"
        yield f"{arrow} : {label}" if label else arrow
        for way in edge.ways:
            yield from _comment(label_of(way.row))
    if graph.quiet:
        yield from _comment("What leaves an image where it is:")
        for key in dict.fromkeys(f"{way.origin.name}: {label_of(way.row)}" for way in graph.quiet):
            yield from _comment(key)
    for name, words in legend(graph):
        yield from _comment(f"{name}: {words}")


def _node(node: Node, loops: list[Edge]) -> Iterator[str]:
    yield f'    state "{text(title_of(node))}" as {node.identifier}'
    for edge in loops:
        yield f"    {node.identifier} : {text(edge_label(edge))}"
        for way in edge.ways:
            yield from _comment(f"stays: {label_of(way.row)}")


def _end(graph: Graph, state: NodeState) -> str:
    return "[*]" if state in {START, GONE} else graph.node(state).identifier


def _comment(words: str) -> Iterator[str]:
    # Mermaid takes a comment with braces in it for a directive.
    yield f"    %% {one_line(words)}".replace("{", "(").replace("}", ")")
