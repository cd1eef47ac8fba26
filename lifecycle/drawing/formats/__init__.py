"""The graph of a view as text that other programs read: diagrams, machines, tables.

Each format has a module with one pure function from the graph to its text.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.drawing.overlay import NO_OVERLAY, Mark, Overlay, steps
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lifecycle.drawing.graph import Graph


class TextFormat(NamedTuple):
    """One format.

    Attributes:
        name: as it is asked for; its module has the name too.
        ending: what files in it end with, without a dot.
        meaning: one line for people.
    """

    name: str
    ending: str
    meaning: str

    def write(self, graph: Graph) -> str:
        """Give a graph in this format."""
        written: Callable[[Graph], str] = import_module(f"{__name__}.{self.name}").write
        return written(graph)


FORMATS: Mapping[str, TextFormat] = {
    one.name: one
    for one in (
        TextFormat("mermaid", "mmd", "Mermaid, stateDiagram-v2"),
        TextFormat("plantuml", "puml", "PlantUML, a state diagram"),
        TextFormat("smcat", "smcat", "state-machine-cat"),
        TextFormat("scxml", "scxml", "SCXML, with guards as conditions on an event's data"),
        TextFormat("xstate", "xstate.json", "XState v5, the config of createMachine as JSON"),
        TextFormat("json", "json", "the rows of the table as JSON"),
        TextFormat("markdown", "md", "tables in Markdown"),
        TextFormat("rst", "rst", "tables in reStructuredText"),
        TextFormat("html", "html", "tables in HTML"),
        TextFormat("ansi", "ans", "a listing in the colours of a terminal"),
    )
}
"""Every format by its name."""


def format_of(file: str) -> str | None:
    """Give the name of the format that a file's name ends with, None for no ending of these."""
    endings = sorted(FORMATS.values(), key=lambda one: len(one.ending), reverse=True)
    return next((one.name for one in endings if file.endswith(f".{one.ending}")), None)


def to_text(graph: Graph, format_: str, overlay: Overlay = NO_OVERLAY) -> str:
    """Give a graph in a format; what is laid over it is told in words, as further captions.

    Raises:
        InputError: there is no such format.
    """
    if format_ not in FORMATS:
        raise InputError(f"no format is named {format_!r}; there are: {', '.join(FORMATS)}")
    return FORMATS[format_].write(_annotated(graph, overlay))


def _annotated(graph: Graph, overlay: Overlay) -> Graph:
    captions = [*graph.captions, *([overlay.title] if overlay.title else []), *overlay.captions]
    marks = [(node.name, overlay.node(node.identifier)) for node in graph.nodes]
    marks += [(edge.identifier, overlay.edge(edge.identifier)) for edge in graph.edges]
    marks += [(loop.identifier, overlay.edge(loop.identifier)) for loop in graph.loops]
    for name, mark in marks:
        captions += _told(name, mark)
    if faded := [name for name, mark in marks if mark.faded]:
        captions.append(f"faded: {', '.join(faded)}")
    return graph._replace(captions=tuple(captions))


def _told(name: str, mark: Mark) -> Iterator[str]:
    said = [
        mark.note,
        f"steps {steps(mark.numbers)}" if mark.numbers else "",
        "" if mark.heat is None else f"heat {mark.heat:.2f}",
        "marked" if mark.emphasis else "",
    ]
    if any(said):
        yield f"{name}: {', '.join(one for one in said if one)}"
