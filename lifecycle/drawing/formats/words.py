"""What formats write about a row: its label, its guards and effects, in words and by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifecycle.drawing.graph import START, Graph
from lifecycle.drawing.labels import Labels, guards_line
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.states import GONE, ImageState
from lifecycle.wording import effect_words, guard_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.drawing.graph import Edge, Node, NodeState, Way
    from lifecycle.table import Row


class Step(NamedTuple):
    """One row from one state, as a transition of a machine.

    Attributes:
        origin, target: the nodes; target is None where the image stays where it is.
        way: the row.
        late: whether it is an answer that nobody waits for any more.
    """

    origin: NodeState
    target: NodeState | None
    way: Way
    late: bool = False


def steps(graph: Graph) -> Iterator[Step]:
    """Give every row of a graph from each of its nodes: what moves, loops, is quiet, or late."""
    shown = {member: node.state for node in graph.nodes for member in node.members}
    start = any(node.state is START for node in graph.nodes)
    for edge in (*graph.edges, *graph.loops):
        for way in edge.ways:
            yield Step(edge.origin, None if edge.origin is edge.target else edge.target, way)
    for way in graph.quiet:
        node = shown.get(way.origin, START if start else None)
        if node is not None:
            yield Step(node, None, way)
    for way in graph.late:
        target = shown[way.target] if isinstance(way.target, ImageState) else way.target
        yield Step(shown[way.origin], target if way.moves else None, way, late=True)


def steps_by_node(graph: Graph) -> dict[NodeState, list[Step]]:
    """Give the steps of each node, in the order of the table."""
    found: dict[NodeState, list[Step]] = {node.state: [] for node in graph.nodes}
    for step in steps(graph):
        found[step.origin].append(step)
    order = {row.key: place for place, row in enumerate(IMAGE_TABLE.rows)}
    for listed in found.values():
        listed.sort(key=lambda step: order[step.way.row.key])
    return found


def initial(graph: Graph) -> Node:
    """Give the node in which a machine of the graph begins."""
    states = {node.state: node for node in graph.nodes}
    return states.get(START, graph.nodes[0])


def title_of(node: Node) -> str:
    """Give the name of a node with its number and alias."""
    if node.number is None:
        return node.name
    return f"{node.name} ({node.number}, {node.alias})"


def guards_of(row: Row) -> str:
    """Give the guards of a row in brackets, nothing where there are none."""
    return f"[{', '.join(row.guards)}]" if row.guards else ""


def label_of(row: Row) -> str:
    """Give a row as state machines are labelled: ``operation [guards] / effects``."""
    parts = [row.operation, guards_of(row)]
    if row.effects:
        parts.append(f"/ {', '.join(row.effects)}")
    return " ".join(part for part in parts if part)


def edge_labels(graph: Graph) -> dict[str, str]:
    """Give each edge, by its identifier, in a few words: what is done, if what, and by whom."""
    labels = Labels(graph)
    return {
        edge.identifier: "" if edge.actor is None else f"{_said(labels, edge)} ({edge.actor.value})"
        for edge in (*graph.edges, *graph.loops)
    }


def _said(labels: Labels, edge: Edge) -> str:
    return ", ".join(
        phrase.what + (f" {guards_line(phrase.guards)}" if phrase.guards else "")
        for phrase in labels.phrases(edge)
    )


def legend(graph: Graph) -> Iterator[tuple[str, str]]:
    """Give the name and the words of every guard and effect that a graph uses."""
    rows = [step.way.row for step in steps(graph)]
    for guard in dict.fromkeys(name for row in rows for name in row.when + row.unless):
        yield guard, guard_words(IMAGE_TABLE, guard)
    for effect in dict.fromkeys(name for row in rows for name in row.effects):
        yield effect, effect_words(IMAGE_TABLE, effect)


def is_end(state: NodeState) -> bool:
    """Tell whether nothing comes after a node."""
    return state is GONE
