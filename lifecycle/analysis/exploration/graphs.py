"""What was reached, as JSON and as GraphML, for whatever draws or searches graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from lifecycle.analysis.exploration.configuration import Configuration, Holder
from lifecycle.states import GONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lifecycle.analysis.exploration.clouds import CloudConfiguration
    from lifecycle.analysis.exploration.search import Graph


def to_json(
    graph: Graph[Any, Any], values: Callable[[Any], Any], label: Callable[[Any], str]
) -> dict[str, Any]:
    """Give a graph as a JSON value; configurations are numbered from 0.

    Args:
        graph: what was reached.
        values: gives a configuration as a JSON value.
        label: gives a move in words.
    """
    return {
        "format": "lifecycle-graph/1",
        "complete": graph.complete,
        "stopped": graph.stopped,
        "beginnings": graph.beginnings,
        "configurations": [values(one) for one in graph.configurations],
        "edges": [[edge.origin, label(edge.move), edge.target] for edge in graph.edges],
    }


def graphml(
    graph: Graph[Any, Any], words: Callable[[Any], str], label: Callable[[Any], str]
) -> str:
    """Give a graph in GraphML: every node with its words, every edge with its move.

    Args:
        graph: what was reached.
        words: tells a configuration in one line.
        label: gives a move in words.
    """
    return "\n".join(_graphml(graph, words, label)) + "\n"


def _graphml(
    graph: Graph[Any, Any], words: Callable[[Any], str], label: Callable[[Any], str]
) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    yield '<key id="words" for="node" attr.name="words" attr.type="string"/>'
    yield '<key id="move" for="edge" attr.name="move" attr.type="string"/>'
    yield '<graph id="reached" edgedefault="directed">'
    for number, one in enumerate(graph.configurations):
        yield f'<node id="n{number}"><data key="words">{escape(words(one))}</data></node>'
    for edge in graph.edges:
        move = escape(label(edge.move))
        yield (
            f'<edge source="n{edge.origin}" target="n{edge.target}">'
            f'<data key="move">{move}</data></edge>'
        )
    yield "</graph>"
    yield "</graphml>"


def image_values(one: Configuration) -> dict[str, Any]:
    """Give a configuration of one image as a JSON value."""
    record = one.record
    if record.state is GONE:
        return {"state": GONE.name}
    return {
        **record._asdict(),
        "state": record.state.name,
        "type": record.type.name,
        "machines": [holder.name for holder in one.machines if holder is not Holder.NONE],
        "clones": [holder.name for holder in one.clones if holder is not Holder.NONE],
    }


def cloud_values(one: CloudConfiguration) -> dict[str, Any]:
    """Give a configuration of a small cloud as a JSON value."""
    return one._asdict()


def cloud_words(one: CloudConfiguration) -> str:
    """Tell a configuration of a small cloud in one line: each object and its state."""
    parts = [f"image {image[0]} {image[1]}" for image in one.images]
    parts += [f"machine {vm[0]} {vm[1]}" for vm in one.machines]
    parts += [f"app {app[0]} {app[1]}" for app in one.apps]
    parts += [f"{action} {number} unanswered" for _, action, number in one.requests]
    return ", ".join(parts) or "nothing"
