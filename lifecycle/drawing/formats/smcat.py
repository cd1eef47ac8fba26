"""A graph for state-machine-cat: every row as a transition with its guards and effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.drawing.formats.words import is_end, label_of, steps, title_of
from lifecycle.drawing.graph import START
from lifecycle.drawing.look import LIGHT
from lifecycle.markup.document import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.drawing.formats.words import Step
    from lifecycle.drawing.graph import Graph, Node, NodeState

_QUOTED = str.maketrans({'"': "″", "\\": "＼"})  # noqa: RUF001 - smcat has no escapes


def write(graph: Graph) -> str:
    """Give a graph for state-machine-cat."""
    return "\n".join(_lines(graph)) + "\n"


def text(words: str) -> str:
    """Give a text as it can stand between quotes, for whose own there is no escape."""
    return one_line(words).translate(_QUOTED)


def _lines(graph: Graph) -> Iterator[str]:
    yield f"# {text(graph.title)}"
    for caption in graph.captions:
        yield f"# {text(caption)}"
    yield ",\n".join(_node(node, graph) for node in graph.nodes) + ";"
    for edge in graph.edges:
        if edge.actor is None:
            yield f"{_name(graph, edge.origin)} => {_name(graph, edge.target)};"
    for step in steps(graph):
        yield _transition(graph, step)


def _node(node: Node, graph: Graph) -> str:
    if node.state is START:
        attributes = "type=initial"
    elif is_end(node.state):
        attributes = "type=final"
    else:
        attributes = f'label="{text(title_of(node))}" color="{LIGHT.rule}"'
    return f'{_name(graph, node.state)} [{attributes}]: "{text(node.meaning)}"'


def _transition(graph: Graph, step: Step) -> str:
    row = step.way.row
    target = step.origin if step.target is None else step.target
    kind = "type=internal " if step.target is None else ""
    late = " late" if step.late else ""
    actor = step.way.operation.actor
    colour = LIGHT.line(actor, step.way.outcome)
    attributes = f'[{kind}color="{colour}" class="{actor.name.lower()}{late}"]'
    arrow = f"{_name(graph, step.origin)} => {_name(graph, target)}"
    return f'{arrow} {attributes}: "{text(label_of(row))}";'


def _name(graph: Graph, state: NodeState) -> str:
    return f'"{graph.node(state).identifier}"'
