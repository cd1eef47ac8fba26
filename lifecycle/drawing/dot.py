"""The picture as DOT: a pure function of a graph, an overlay and a palette.

The same input gives the same bytes. The ids are ``state-READY`` for a state and
``edge-READY-USED-vm`` for an edge; the classes name the kind of state, the actor
and the outcome. GONE is drawn once for each state that an image leaves for good.
"""

from __future__ import annotations

import textwrap
from functools import lru_cache
from typing import TYPE_CHECKING

import graphviz

from lifecycle.drawing.alternative import edge_sentence, node_sentence
from lifecycle.drawing.escaping import attribute_text, label_text, shown
from lifecycle.drawing.graph import START, Edge, Graph, Node, NodeState
from lifecycle.drawing.labels import guards_line, phrases_of
from lifecycle.drawing.layout import Layout, layout_of, side_by_side
from lifecycle.drawing.legend import graph_label
from lifecycle.drawing.look import FONT, LIGHT, LINES, Palette
from lifecycle.drawing.overlay import NO_MARK, NO_OVERLAY, Mark, Overlay, steps
from lifecycle.states import GONE, ImageState

if TYPE_CHECKING:
    from lifecycle.table import Actor

_LETTERS = 24
"""How many letters a line of a label holds."""

_PLAIN = 1.3
_WIDTHS = {"bold": 2.1, "dotted": 1.7}
"""The strokes of lines, in points: the usual one, and those of some styles."""


def to_dot(
    graph: Graph,
    overlay: Overlay = NO_OVERLAY,
    palette: Palette = LIGHT,
    *,
    link: str = "",
    layout: Layout | None = None,
) -> str:
    """Give a picture of a graph as DOT.

    Args:
        graph: what is drawn.
        overlay: the marks that are laid over it.
        palette: the colours.
        link: what stands in front of the id of a state or an edge to make the
            address that it leads to; "" for no links.
        layout: how it is laid out; that of its view unless told otherwise.
    """
    return _Drawing(graph, overlay, palette, link, layout or layout_of(graph)).source()


class _Drawing:
    """The parts of one picture."""

    def __init__(
        self, graph: Graph, overlay: Overlay, palette: Palette, link: str, layout: Layout
    ) -> None:
        self.graph = graph
        self.overlay = overlay
        self.palette = palette
        self.link = link
        self.layout = layout
        self.phrases = phrases_of(graph)
        self.names = {node.state: node.identifier for node in graph.nodes}
        self.dot = graphviz.Digraph(graph.name)

    def source(self) -> str:
        self._defaults()
        for node in self.layout.in_order_of_nodes(self.graph.nodes):
            self._node(node)
        for pair in side_by_side(self.graph):
            with self.dot.subgraph() as rank:
                rank.attr(rank="same")
                for state in pair:
                    rank.node(state.name)
        for edge in self.layout.in_order_of_edges(self.graph.edges):
            self._edge(edge)
        return str(self.dot.source)

    def _defaults(self) -> None:
        palette = self.palette
        self.dot.attr(
            "graph",
            rankdir="TB",
            newrank="true",
            splines="true",
            nodesep="0.25",
            ranksep="0.4",
            pad="0.25",
            bgcolor=palette.paper,
            fontname=FONT,
            fontsize="11",
            fontcolor=palette.ink,
            labelloc="t",
            labeljust="l",
            label=graph_label(self.graph, self.overlay, palette),
        )
        self.dot.attr(
            "node",
            shape="box",
            style="rounded,filled",
            margin="0.14,0.07",
            penwidth=str(_PLAIN),
            color=palette.rule,
            fontname=FONT,
            fontsize="12",
            fontcolor=palette.ink,
        )
        self.dot.attr(
            "edge",
            penwidth=str(_PLAIN),
            arrowsize="0.75",
            fontname=FONT,
            fontsize="9.5",
            fontcolor=palette.ink,
        )

    # States

    def _node(self, node: Node) -> None:
        if node.state is START:
            self._dot_mark(node.identifier, "circle", "0.17", self.overlay.node(node.identifier))
        elif node.state is not GONE:
            self._state(node)

    def _dot_mark(self, name: str, shape: str, size: str, mark: Mark) -> None:
        palette = self.palette
        colour = palette.emphasis if mark.emphasis else palette.ink
        self.dot.node(
            name,
            id=f"state-{name}",
            label="",
            shape=shape,
            width=size,
            height=size,
            fixedsize="true",
            style="filled",
            fillcolor=colour,
            color=colour,
            tooltip="start" if shape == "circle" else "gone",
            **{"class": "pseudo-state"},
        )

    def _state(self, node: Node) -> None:
        mark = self.overlay.node(node.identifier)
        attributes = {
            "id": f"state-{node.identifier}",
            "class": f"state {_kind_name(node.state)}",
            "label": f"<{'<BR/>'.join(self._state_lines(node, mark))}>",
            "fillcolor": self._fill(node, mark),
            "tooltip": attribute_text(node_sentence(node)),
        }
        if mark.emphasis:
            attributes |= {"color": self.palette.emphasis, "penwidth": "3"}
        elif mark.faded:
            attributes |= {"color": self.palette.unused, "style": "rounded,dashed"}
        if self.link:
            attributes["URL"] = attribute_text(f"{self.link}{attributes['id']}")
        self.dot.node(node.identifier, **attributes)

    def _state_lines(self, node: Node, mark: Mark) -> list[str]:
        palette = self.palette
        lines = [f"<B>{label_text(node.name)}</B>"]
        about = node.alias if node.number is None else f"{node.number} / {node.alias}"
        lines.append(_small(about, palette.muted, 9))
        if len(node.members) > 1:
            lines += [_small(member.name, palette.muted, 8) for member in node.members]
        for loop in self.graph.loops:
            if loop.origin is node.state:
                colour = palette.line(loop.actor, loop.outcome)
                what = ", ".join(phrase.what for phrase in self.phrases[loop.identifier])
                what += _noted(self.overlay.edge(loop.identifier))
                lines += [_small(line, colour, 8.5) for line in _wrapped(what, _LETTERS + 6)]
        if noted := _noted(mark).strip():
            lines += [_small(line, palette.ink, 9) for line in _wrapped(noted, _LETTERS)]
        return lines

    def _fill(self, node: Node, mark: Mark) -> str:
        if mark.heat is not None:
            heat = self.palette.heat
            return heat[min(int(mark.heat * len(heat)), len(heat) - 1)]
        if mark.faded:
            return self.palette.paper
        return self.palette.fill(node.state)

    # Edges

    def _edge(self, edge: Edge) -> None:
        name, outcome = f"edge-{edge.identifier}", edge.outcome
        mark = self.overlay.edge(edge.identifier)
        colour = self.palette.unused if mark.faded else self.palette.line(edge.actor, outcome)
        ends = [self.names[edge.origin], self.names[edge.target]]
        if edge.target is GONE:
            ends[1] = f"gone-{ends[0]}"
            gone = NO_MARK if mark.faded else self.overlay.node(GONE.value)
            self._dot_mark(ends[1], "doublecircle", "0.13", gone)
        hint = self.layout.hint(edge)
        attributes = {
            "id": name,
            "class": f"edge {_actor_name(edge.actor)} {outcome.value}",
            "tooltip": attribute_text(edge_sentence(edge)),
            **_line(edge.actor, colour, mark),
            **hint.attributes(),
        }
        if label := self._edge_label(edge, colour, mark):
            attributes["label"] = label
        if self.link:
            attributes["URL"] = attribute_text(f"{self.link}{name}")
        if hint.back:
            ends.reverse()
        self.dot.edge(*ends, **attributes)

    def _edge_label(self, edge: Edge, colour: str, mark: Mark) -> str:
        muted = self.palette.muted
        lines = []
        for phrase in self.phrases[edge.identifier]:
            lines += [_coloured(line, colour) for line in _wrapped(phrase.what, _LETTERS)]
            if phrase.guards:
                guards = _wrapped(guards_line(phrase.guards), _LETTERS + 2)
                lines += [_small(line, muted, 8.5) for line in guards]
        if noted := _noted(mark).strip():
            strong = self.palette.emphasis if mark.emphasis else self.palette.ink
            lines += [f"<B>{_coloured(line, strong)}</B>" for line in _wrapped(noted, _LETTERS)]
        if not lines:
            return ""
        cell = "<BR/>".join(lines)
        return (
            '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">'
            f"<TR><TD>{cell}</TD></TR></TABLE>>"
        )


def _line(actor: Actor | None, colour: str, mark: Mark) -> dict[str, str]:
    """Give the attributes of a line: its style says who, its width also how much."""
    style = "solid" if actor is None else LINES[actor]
    width = _WIDTHS.get(style, _PLAIN)
    if mark.heat is not None:
        width += 3.5 * mark.heat
    elif mark.emphasis:
        width += 1.8
    line = {"color": colour, "penwidth": f"{width:g}"}
    if style in {"dashed", "dotted"}:
        line["style"] = style
    return line


def _kind_name(state: NodeState) -> str:
    simplified = state.simplified if isinstance(state, ImageState) else state
    return "init" if simplified is None else simplified.name.lower()


def _actor_name(actor: Actor | None) -> str:
    return "start" if actor is None else actor.name.lower()


def _noted(mark: Mark) -> str:
    parts = [steps(mark.numbers)] if mark.numbers else []
    parts += [shown(mark.note)] if mark.note else []
    return f" {' '.join(parts)}" if parts else ""


def _coloured(text: str, colour: str) -> str:
    return f'<FONT COLOR="{colour}">{label_text(text)}</FONT>'


def _small(text: str, colour: str, size: float) -> str:
    return f'<FONT POINT-SIZE="{size:g}" COLOR="{colour}">{label_text(text)}</FONT>'


@lru_cache(maxsize=512)
def _wrapped(text: str, letters: int) -> tuple[str, ...]:
    return tuple(textwrap.wrap(text, letters, break_on_hyphens=False))
