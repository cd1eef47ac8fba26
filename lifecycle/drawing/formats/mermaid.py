"""A graph as Mermaid's stateDiagram-v2.

The picture says who does what. What Mermaid has no place for, the guards and
effects of every row, stands in comments behind the arrow, and what they mean at
the end.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from lifecycle.drawing.formats.words import edge_labels, label_of, legend, title_of
from lifecycle.drawing.graph import START
from lifecycle.drawing.look import LIGHT
from lifecycle.markup.document import one_line
from lifecycle.states import GONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.drawing.graph import Edge, Graph, Node, NodeState

_OUTLINE = f"stroke:{LIGHT.rule},color:{LIGHT.ink}"

# In state diagrams Mermaid knows no way to write these signs.
_MARKS = re.compile(r"[^\w ,./()\[\]+*=!?'-]|--+")


def write(graph: Graph) -> str:
    """Give a graph as Mermaid."""
    return "\n".join(_lines(graph)) + "\n"


def text(words: str) -> str:
    """Give a text of which Mermaid interprets nothing; what it would, is shown as U+FFFD."""
    return _MARKS.sub("\N{REPLACEMENT CHARACTER}", one_line(words))


def _lines(graph: Graph) -> Iterator[str]:
    labels = edge_labels(graph)
    yield "---"
    yield f"title: {json.dumps(one_line(graph.title), ensure_ascii=False)}"
    yield "---"
    yield "stateDiagram-v2"
    for caption in graph.captions:
        yield from _comment(caption)
    for node in graph.nodes:
        if node.state not in {START, GONE}:
            loops = [edge for edge in graph.loops if edge.origin is node.state]
            yield from _node(node, loops, labels)
    for edge in graph.edges:
        label = text(labels[edge.identifier])
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


def _node(node: Node, loops: list[Edge], labels: dict[str, str]) -> Iterator[str]:
    yield f'    state "{text(title_of(node))}" as {node.identifier}'
    yield f"    style {node.identifier} fill:{LIGHT.fill(node.state)},{_OUTLINE}"
    for edge in loops:
        yield f"    {node.identifier} : {text(labels[edge.identifier])}"
        for way in edge.ways:
            yield from _comment(f"stays: {label_of(way.row)}")


def _end(graph: Graph, state: NodeState) -> str:
    return "[*]" if state in {START, GONE} else graph.node(state).identifier


def _comment(words: str) -> Iterator[str]:
    # Mermaid takes a comment with braces in it for a directive.
    yield f"    %% {one_line(words)}".replace("{", "(").replace("}", ")")
