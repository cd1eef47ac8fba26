"""Finds the marks of a picture in a history: where images stand, their path, how often, what never.

Each is a pure function of a graph and of the moves of a history; the cost grows
with the number of moves, and with nothing else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from lifecycle.drawing.graph import START
from lifecycle.drawing.overlay import Mark, Overlay
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lifecycle.drawing.chronicle import Chronicle, Lane, Move
    from lifecycle.drawing.graph import Edge, Graph

_SHOWN_NAMES = 3
_BIRTH = "INIT"


class _Places:
    """Where the moves of a history are in a graph."""

    def __init__(self, graph: Graph) -> None:
        self._edges: dict[tuple[str, str], Edge] = {
            (way.row.key, way.origin.name): edge
            for edge in (*graph.edges, *graph.loops)
            for way in edge.ways
        }
        self._quiet = {(way.row.key, way.origin.name) for way in graph.quiet}
        self.nodes = {
            member.name: node.identifier for node in graph.nodes for member in node.members
        } | {node.state.name: node.identifier for node in graph.nodes if not node.members}
        self.start = next((one.identifier for one in graph.edges if one.actor is None), None)
        self.elsewhere = 0

    def edge(self, move: Move) -> str | None:
        """Give the edge that a move takes, None where the view draws none."""
        place = move.row, move.origin
        found = self._edges.get(place)
        if found is None:
            self.elsewhere += place not in self._quiet
            return None
        return found.identifier

    def captions(self) -> tuple[str, ...]:
        """Say how much of the history the view does not show."""
        if not self.elsewhere:
            return ()
        moves = "1 move is" if self.elsewhere == 1 else f"{self.elsewhere} moves are"
        return (f"{moves} not part of this view.",)


def standing(graph: Graph, chronicles: Sequence[Chronicle]) -> Overlay:
    """Mark where images stand at the end, with their names."""
    places = _Places(graph)
    names: dict[str, list[str]] = defaultdict(list)
    hidden = 0
    for chronicle in chronicles:
        known = chronicle.names()
        last = {move.lane: move.target for move in chronicle.moves}
        for lane, state in last.items():
            if state not in places.nodes:
                hidden += 1
                continue
            names[places.nodes[state]].append(known.get(lane) or f"{lane.kind} {lane.id}")
    nodes = {node: Mark(note=_listed(found), emphasis=True) for node, found in names.items()}
    left = f"{hidden} images stand where this view shows no state." if hidden else ""
    return Overlay("where images stand", (left,) if left else (), nodes)


def _listed(names: list[str]) -> str:
    more = len(names) - _SHOWN_NAMES
    return ", ".join(names[:_SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")


def path(graph: Graph, chronicle: Chronicle, image: str | None = None) -> Overlay:
    """Number the steps of one image, and let step back what it never took.

    Args:
        graph: what is drawn.
        chronicle: the history.
        image: its name or its id; the first image of the history unless told.

    Raises:
        InputError: there is no such image.
    """
    lane, name = _image(chronicle, image)
    places = _Places(graph)
    taken: dict[str, list[int]] = defaultdict(list)
    visited = {START.name, _BIRTH}
    last, number = _BIRTH, 0
    for move in chronicle.moves:
        if move.lane != lane:
            continue
        visited |= {move.origin, move.target}
        last = move.target
        edge = places.edge(move)
        if edge is not None:
            number += 1
            taken[edge].append(number)
    edges = {edge.identifier: Mark(faded=True) for edge in (*graph.edges, *graph.loops)}
    if places.start is not None:
        del edges[places.start]
    edges |= {edge: Mark(numbers=tuple(found), emphasis=True) for edge, found in taken.items()}
    came_by = {places.nodes[state] for state in visited if state in places.nodes}
    nodes = {node: Mark(faded=node not in came_by) for node in places.nodes.values()}
    if last in places.nodes:
        nodes[places.nodes[last]] = Mark(emphasis=True, note="now")
    return Overlay(f"the path of {name}", places.captions(), nodes, edges)


def _image(chronicle: Chronicle, image: str | None) -> tuple[Lane, str]:
    names = chronicle.names()
    lanes = list(dict.fromkeys(move.lane for move in chronicle.moves))
    shown = {lane: names.get(lane) or f"{lane.kind} {lane.id}" for lane in lanes}
    for lane, name in shown.items():
        if image is None or image in {name, str(lane.id)}:
            return lane, name
    if not shown:
        raise InputError("no image moves in it, so there is no path to draw")
    known = ", ".join(f"{lane.id} ({name})" for lane, name in list(shown.items())[:20])
    raise InputError(f"no image {image!r} in it; there are: {known}")


def heat(graph: Graph, chronicles: Iterable[Chronicle]) -> Overlay:
    """Colour edges and states by how often images took them and came into them."""
    places = _Places(graph)
    edges: Counter[str] = Counter()
    nodes: Counter[str] = Counter()
    for chronicle in chronicles:
        for move in chronicle.moves:
            edge = places.edge(move)
            if edge is not None:
                edges[edge] += 1
            node = places.nodes.get(move.target)
            if node is not None and node != places.nodes.get(move.origin):
                nodes[node] += 1
    return Overlay(
        "how often",
        places.captions(),
        _hot(nodes, places.nodes.values()),
        _hot(edges, (edge.identifier for edge in (*graph.edges, *graph.loops) if edge.ways)),
    )


def _hot(counts: Counter[str], every: Iterable[str]) -> Mapping[str, Mark]:
    most = max(counts.values(), default=1)
    return {
        one: Mark(note=_times(counts[one]), heat=counts[one] / most)
        if counts[one]
        else Mark(faded=True)
        for one in every
    }


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def coverage(graph: Graph, chronicles: Iterable[Chronicle]) -> Overlay:
    """Mark what histories never exercised of the table; what they did exercise steps back."""
    taken = {(move.row, move.origin) for chronicle in chronicles for move in chronicle.moves}
    edges: dict[str, Mark] = {}
    drawn = [edge for edge in (*graph.edges, *graph.loops) if edge.ways]
    missed = full = 0
    for edge in drawn:
        done = sum((way.row.key, way.origin.name) in taken for way in edge.ways)
        missed += done == 0
        full += done == len(edge.ways)
        if done == 0:
            edges[edge.identifier] = Mark(note="never", emphasis=True)
        elif done < len(edge.ways):
            edges[edge.identifier] = Mark(note=f"{done} of {len(edge.ways)} rows")
        else:
            edges[edge.identifier] = Mark(faded=True)
    told = f"Of {len(drawn)} edges {full} were exercised in full, {missed} never."
    return Overlay("what was never exercised", (told,), {}, edges)
