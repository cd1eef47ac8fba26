"""The part of the table that a graph shows, as JSON: nothing of it is left out."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Any

from lifecycle.drawing.formats.words import steps
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.wording import effect_words, guard_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import Enum

    from lifecycle.drawing.graph import Graph, Node
    from lifecycle.states import ImageState
    from lifecycle.table import Otherwise, Part, Row

FORMAT = "lifecycle-table/1"
"""What the field `format` holds; it changes when a reader would have to."""


def write(graph: Graph) -> str:
    """Give a graph as JSON."""
    return dumps(table(graph), indent=2, ensure_ascii=False) + "\n"


def table(graph: Graph) -> dict[str, Any]:
    """Give what a graph shows as what JSON can hold.

    A row is shown from those of its states that the graph shows it from. What
    is refused is given for the operations and the states of the graph.
    """
    origins: dict[str, list[ImageState]] = {}
    for step in steps(graph):
        origins.setdefault(step.way.row.key, []).append(step.way.origin)
    rows = [row for row in IMAGE_TABLE.rows if row.key in origins]
    names = {row.operation for row in rows}
    members = [member for node in graph.nodes for member in node.members]
    otherwise = [
        (one, [state for state in one.origins if state in members])
        for one in IMAGE_TABLE.otherwise
        if one.operation in names
    ]
    told = [(one, states) for one, states in otherwise if states]
    parts: list[Part] = [*rows, *(one for one, _ in told)]
    return {
        "format": FORMAT,
        "view": graph.name,
        "title": graph.title,
        "captions": list(graph.captions),
        "states": [_node(node) for node in graph.nodes],
        "operations": [
            one._asdict() | {"actor": one.actor.value}
            for one in IMAGE_TABLE.operations.values()
            if one.name in names
        ],
        "rows": [_row(row, sorted(origins[row.key])) for row in rows],
        "otherwise": [_otherwise(one, states) for one, states in told],
        "guards": {
            name: {
                "holds": guard_words(IMAGE_TABLE, name),
                "does not hold": guard_words(IMAGE_TABLE, f"not {name}"),
            }
            for name in dict.fromkeys(name for part in parts for name in part.when + part.unless)
        },
        "effects": {
            name: effect_words(IMAGE_TABLE, name)
            for name in dict.fromkeys(name for part in parts for name in part.effects)
        },
    }


def _node(node: Node) -> dict[str, Any]:
    return {
        "name": node.name,
        "number": node.number,
        "alias": node.alias,
        "meaning": node.meaning,
        "members": [state.name for state in node.members],
    }


def _row(row: Row, origins: list[ImageState]) -> dict[str, Any]:
    return {
        "key": row.key,
        "operation": row.operation,
        "origins": _names(origins),
        "target": None if row.target is None else row.target.name,
        "when": list(row.when),
        "unless": list(row.unless),
        "effects": list(row.effects),
        "source": row.source,
    }


def _otherwise(one: Otherwise, origins: Sequence[Enum]) -> dict[str, Any]:
    return {
        "key": one.key,
        "operation": one.operation,
        "origins": _names(origins),
        "code": None if one.code is None else one.code.name,
        "text": one.text,
        "when": list(one.when),
        "unless": list(one.unless),
        "effects": list(one.effects),
        "source": one.source,
    }


def _names(states: Sequence[Enum]) -> list[str]:
    return [state.name for state in states]
