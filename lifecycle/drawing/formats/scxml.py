"""A graph as SCXML that can be run.

A guard is a condition on the data of the event, by its name: an event carries
``disk`` and ``persistent`` as booleans, and so on. An effect is logged by its
name and its words. What leaves an image where it is has no target.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from lifecycle.drawing.formats.words import initial, is_end, steps_by_node, title_of
from lifecycle.drawing.graph import START
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.markup.document import one_line
from lifecycle.wording import effect_words, guard_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.drawing.formats.words import Step
    from lifecycle.drawing.graph import Graph, Node
    from lifecycle.table import Row


def write(graph: Graph) -> str:
    """Give a graph as SCXML."""
    return "\n".join(_lines(graph)) + "\n"


def condition(row: Row) -> str:
    """Give the guards of a row as an expression of ECMAScript about the event's data."""
    return " && ".join(
        (
            *(f"_event.data.{name} === true" for name in row.when),
            *(f"_event.data.{name} === false" for name in row.unless),
        )
    )


def _lines(graph: Graph) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield _comment(graph.title)
    for caption in graph.captions:
        yield _comment(caption)
    yield (
        '<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript"'
        f' name="{graph.name}" initial="{initial(graph).identifier}">'
    )
    steps = steps_by_node(graph)
    for node in graph.nodes:
        if is_end(node.state):
            yield f'  <final id="{node.identifier}"/>'
        else:
            yield from _state(graph, node, steps[node.state])
    yield "</scxml>"


def _state(graph: Graph, node: Node, steps: list[Step]) -> Iterator[str]:
    yield f'  <state id="{node.identifier}">'
    yield f"    {_comment(f'{title_of(node)}: {node.meaning}')}"
    if node.state is START:
        for edge in graph.edges_from(START):
            if edge.actor is None:
                yield f'    <transition target="{graph.node(edge.target).identifier}"/>'
    for step in steps:
        yield from _transition(graph, step)
    yield "  </state>"


def _transition(graph: Graph, step: Step) -> Iterator[str]:
    row = step.way.row
    words = "; ".join(guard_words(IMAGE_TABLE, guard) for guard in row.guards)
    told = f" if {words}" if words else ""
    late = "late or unasked: " if step.late else ""
    yield f"    {_comment(f'{late}{step.way.operation.actor.value}{told} ({row.source})')}"
    event = f"event={quoteattr(row.operation)}"
    cond = f" cond={quoteattr(condition(row))}" if row.guards else ""
    target = ""
    if step.target is not None:
        target = f' target="{graph.node(step.target).identifier}"'
    if not row.effects:
        yield f"    <transition {event}{cond}{target}/>"
        return
    yield f"    <transition {event}{cond}{target}>"
    for effect in row.effects:
        said = effect_words(IMAGE_TABLE, effect).replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
        expression = quoteattr(f"'{one_line(said)}'")
        yield f"      <log label={quoteattr(effect)} expr={expression}/>"
    yield "    </transition>"


def _comment(words: str) -> str:
    return f"<!-- {escape(one_line(words)).replace('--', '- -')} -->"
