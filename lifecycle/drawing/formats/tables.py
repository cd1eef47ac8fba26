"""A graph as tables: its states, and every row that moves an image or leaves it where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.drawing.formats.words import legend, steps
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.markup.document import Code, Grid, Heading, Page, Paragraph, cell, lines
from lifecycle.wording import guard_words, lowered

if TYPE_CHECKING:
    from lifecycle.drawing.formats.words import Step
    from lifecycle.drawing.graph import Graph, Node
    from lifecycle.markup.document import Cell


def page(graph: Graph) -> Page:
    """Give a graph as a page of tables."""
    head = ("From", "To", "By", "Operation", "If", "Besides")
    return Page(
        graph.name,
        graph.title,
        "Its states, and every way that an image takes from one to another.",
        (
            Heading(2, "States"),
            Grid(
                "The states",
                ("#", "State", "Alias", "Meaning"),
                tuple(_node(node) for node in graph.nodes),
            ),
            Heading(2, "Transitions"),
            Grid("The transitions", head, tuple(_step(graph, step) for step in steps(graph))),
            Heading(2, "What the names mean"),
            Grid(
                "The conditions and effects",
                ("Name", "Meaning"),
                tuple((cell(Code(name)), cell(words)) for name, words in legend(graph)),
            ),
            *(Paragraph((caption,)) for caption in graph.captions),
        ),
    )


def _node(node: Node) -> tuple[Cell, ...]:
    number = () if node.number is None else cell(str(node.number))
    return (
        number,
        cell(Code(node.name)),
        cell(Code(node.alias)) if node.alias else (),
        cell(node.meaning),
    )


def _step(graph: Graph, step: Step) -> tuple[Cell, ...]:
    target = cell("stays") if step.target is None else cell(Code(graph.node(step.target).name))
    row = step.way.row
    return (
        cell(Code(graph.node(step.origin).name)),
        target,
        cell(step.way.operation.actor.value),
        cell(Code(row.operation)),
        lines((lowered(guard_words(IMAGE_TABLE, guard)),) for guard in row.guards),
        cell(Code(", ".join(row.effects))) if row.effects else (),
    )
