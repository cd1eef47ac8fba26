"""A graph as the config of XState's `createMachine`, version 5, in JSON.

Every guard is of the type ``row`` and names in its params the guards of the
table that must hold (``when``) and must not (``unless``): whoever makes the
machine provides that one guard. Every effect is an action by its name.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lifecycle.drawing.formats.words import initial, is_end, legend, steps_by_node, title_of
from lifecycle.drawing.graph import START
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.wording import guard_words

if TYPE_CHECKING:
    from lifecycle.drawing.formats.words import Step
    from lifecycle.drawing.graph import Graph, Node


def write(graph: Graph) -> str:
    """Give a graph as the JSON that `createMachine` takes."""
    return json.dumps(machine(graph), indent=2, ensure_ascii=False) + "\n"


def machine(graph: Graph) -> dict[str, Any]:
    """Give a graph as the config that `createMachine` takes."""
    steps = steps_by_node(graph)
    return {
        "id": graph.name,
        "description": "\n".join((graph.title, *graph.captions)),
        "initial": initial(graph).identifier,
        "states": {node.identifier: _state(graph, node, steps[node.state]) for node in graph.nodes},
        "meta": {"words": dict(legend(graph))},
    }


def _state(graph: Graph, node: Node, steps: list[Step]) -> dict[str, Any]:
    state: dict[str, Any] = {"description": f"{title_of(node)}: {node.meaning}"}
    if is_end(node.state):
        return state | {"type": "final"}
    if node.state is START:
        targets = [edge.target for edge in graph.edges_from(START) if edge.actor is None]
        if targets:
            state["always"] = graph.node(targets[0]).identifier
    events: dict[str, list[dict[str, Any]]] = {}
    for step in steps:
        events.setdefault(step.way.row.operation, []).append(_transition(graph, step))
    return state | ({"on": events} if events else {})


def _transition(graph: Graph, step: Step) -> dict[str, Any]:
    row, operation = step.way.row, step.way.operation
    # XState takes what has neither a target nor actions for a transition that is forbidden.
    target = step.origin if step.target is None else step.target
    transition: dict[str, Any] = {"target": graph.node(target).identifier}
    if row.guards:
        params = {"when": list(row.when), "unless": list(row.unless)}
        transition["guard"] = {"type": "row", "params": params}
    if row.effects:
        transition["actions"] = [{"type": effect} for effect in row.effects]
    said = "; ".join(guard_words(IMAGE_TABLE, guard) for guard in row.guards)
    transition["description"] = operation.meaning + (f" If: {said}." if said else "")
    transition["meta"] = {
        "actor": operation.actor.value,
        "command": operation.command,
        "call": operation.call,
        "key": row.key,
        "source": row.source,
        "late": step.late,
    }
    return transition
