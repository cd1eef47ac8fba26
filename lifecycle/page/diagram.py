"""The diagram of the page: states at fixed places, and an arc for each way from one to another.

What is drawn is read from the table, by the views of :mod:`lifecycle.drawing`;
only where it stands is written down here (:mod:`lifecycle.page.places`). The
arcs are computed, so nothing has to be installed that draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from lifecycle.drawing.alternative import node_sentence
from lifecycle.drawing.graph import START, Graph, Node, NodeState
from lifecycle.drawing.text_width import room_for
from lifecycle.drawing.views import parse_view
from lifecycle.page.places import BENDS, HEIGHT, LABELS, PLACES, WIDTH
from lifecycle.page.wording import NEW, state_name
from lifecycle.reference.sentences import shown
from lifecycle.states import GONE, ImageState

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

_NAME_SIZE, _ALIAS_SIZE = 12.0, 9.5
_NODE_HEIGHT, _DOT = 38.0, 18.0
_NARROWEST, _MARGIN = 64.0, 22.0
_STEPS = 400
_GAP = 2.0


class Point(NamedTuple):
    """A place in the picture, from its top left."""

    x: float
    y: float


class Box(NamedTuple):
    """The box of a state, by its middle."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, point: Point, gap: float = 0.0) -> bool:
        """Tell whether a point is in it, or so near."""
        return (
            abs(point.x - self.x) < self.width / 2 + gap
            and abs(point.y - self.y) < self.height / 2 + gap
        )


class Arc(NamedTuple):
    """A way from one state to another, drawn as a quadratic curve.

    Attributes:
        origin, target: the names of the states.
        told: what leads this way, in a line.
        late: whether only answers lead this way that nobody waits for any more.
        start, bend, end: of the curve.
        label: where its name stands.
    """

    origin: str
    target: str
    told: str
    late: bool
    start: Point
    bend: Point
    end: Point
    label: Point

    def at(self, share: float) -> Point:
        """Give the point at a share of the way."""
        return _on(self.start, self.bend, self.end, share)


def box_of(node: Node, say: Callable[[str], str] = str) -> Box:
    """Give the box of a state; `say` is that of `diagram`."""
    x, y = PLACES[name_of(node.state)]
    if node.state is START:
        return Box(x, y, _DOT, _DOT)
    width = max(_NARROWEST, room_for(_face(node, say), _NAME_SIZE) + _MARGIN)
    return Box(x, y, round(width, 1), _NODE_HEIGHT)


def nodes() -> tuple[Node, ...]:
    """Give the states, in the order of OpenNebula's numbers."""
    return _orderly().nodes


def arcs(say: Callable[[str], str] = str) -> tuple[Arc, ...]:
    """Give one arc for each pair of states of which one leads to the other."""
    boxes = {name_of(node.state): box_of(node, say) for node in nodes()}
    orderly, late = _pairs(_orderly()), _pairs(_late())
    return tuple(
        _arc(pair, _told(pair, names, say), boxes, late=pair not in orderly)
        for pair, names in (late | orderly).items()
    )


def diagram(title: str, say: Callable[[str], str] = str) -> str:
    """Give the diagram as SVG that stands in a page; its colours are the page's.

    Args:
        title: what it is called.
        say: gives what a state means in the language of the page, and what has no name.
    """
    root = ET.Element(
        "svg",
        {
            "id": "diagram",
            "viewBox": f"0 0 {WIDTH} {HEIGHT}",
            "role": "group",
            "aria-label": title,
        },
    )
    definitions = ET.SubElement(root, "defs")
    for name in ("arrow", "arrow-lit"):
        _arrow(definitions, name)
    edges = ET.SubElement(root, "g", {"class": "edges", "aria-hidden": "true"})
    for arc in arcs(say):
        _draw_arc(edges, arc)
    states = ET.SubElement(root, "g", {"class": "states"})
    for node in nodes():
        _draw_node(states, node, say)
    for node in nodes():
        if node.state is not START:
            _draw_markers(root, node, say)
    return ET.tostring(root, encoding="unicode")


def name_of(state: NodeState) -> str:
    """Give the name by which the scripts know what a node stands for."""
    return NEW if state is START else shown(state)


def _orderly() -> Graph:
    return parse_view("full").graph()


def _late() -> Graph:
    return parse_view("late").graph()


Pair = tuple[str, str]


def _pairs(graph: Graph) -> dict[Pair, dict[str, None]]:
    """Give the pairs of states of which one leads to the other, with the names of what does so."""
    found: dict[Pair, dict[str, None]] = {}
    for edge in graph.edges:
        names = found.setdefault((name_of(edge.origin), name_of(edge.target)), {})
        names.update(dict.fromkeys(one.name for one in edge.operations))
    return found


def _told(pair: Pair, names: Collection[str], say: Callable[[str], str]) -> str:
    ends = " → ".join(state_name(name, say) for name in pair)
    return ends + (f": {', '.join(names)}" if names else "")


def _arc(pair: Pair, told: str, boxes: dict[str, Box], *, late: bool) -> Arc:
    one, other = boxes[pair[0]], boxes[pair[1]]
    key = "-".join(pair)
    share = BENDS[key]
    dx, dy = other.x - one.x, other.y - one.y
    bend = Point((one.x + other.x) / 2 + dy * share, (one.y + other.y) / 2 - dx * share)
    first, last = _outside(one, bend, other)
    start, turn, end = _part(Point(one.x, one.y), bend, Point(other.x, other.y), first, last)
    return Arc(*pair, told, late, start, turn, end, _on(start, turn, end, LABELS[key]))


def _outside(one: Box, bend: Point, other: Box) -> tuple[float, float]:
    """Tell which part of a curve between two boxes is in neither."""
    shares = [number / _STEPS for number in range(_STEPS + 1)]
    ends = Point(one.x, one.y), bend, Point(other.x, other.y)
    free = [
        share
        for share in shares
        if not one.holds(_on(*ends, share), _GAP) and not other.holds(_on(*ends, share), _GAP)
    ]
    return free[0], free[-1]


def _on(start: Point, bend: Point, end: Point, share: float) -> Point:
    rest = 1 - share
    return Point(
        *(
            rest * rest * one + 2 * rest * share * two + share * share * three
            for one, two, three in zip(start, bend, end, strict=True)
        )
    )


def _part(
    start: Point, bend: Point, end: Point, first: float, last: float
) -> tuple[Point, Point, Point]:
    """Cut a piece out of a quadratic curve."""
    turn = Point(
        *(
            (1 - first) * (1 - last) * one
            + ((1 - first) * last + first * (1 - last)) * two
            + first * last * three
            for one, two, three in zip(start, bend, end, strict=True)
        )
    )
    return _on(start, bend, end, first), turn, _on(start, bend, end, last)


def _arrow(definitions: ET.Element, name: str) -> None:
    marker = ET.SubElement(
        definitions,
        "marker",
        {
            "id": name,
            "class": name,
            "viewBox": "0 0 10 10",
            "refX": "9",
            "refY": "5",
            "markerWidth": "7",
            "markerHeight": "7",
            "markerUnits": "userSpaceOnUse",
            "orient": "auto",
        },
    )
    ET.SubElement(marker, "path", {"d": "M0 1 10 5 0 9Z"})


def _draw_arc(parent: ET.Element, arc: Arc) -> None:
    path = f"M{_two(arc.start)}Q{_two(arc.bend)} {_two(arc.end)}"
    group = ET.SubElement(
        parent,
        "g",
        {
            "id": f"edge-{arc.origin}-{arc.target}",
            "class": "edge late" if arc.late else "edge",
            "data-from": arc.origin,
            "data-to": arc.target,
            "data-x": f"{arc.label.x / WIDTH:.4f}",
            "data-y": f"{arc.label.y / HEIGHT:.4f}",
        },
    )
    ET.SubElement(group, "title").text = arc.told
    ET.SubElement(group, "path", {"class": "hit", "d": path})
    ET.SubElement(group, "path", {"class": "line", "d": path})


def _draw_node(parent: ET.Element, node: Node, say: Callable[[str], str]) -> None:
    name, box = name_of(node.state), box_of(node, say)
    group = ET.SubElement(
        parent, "g", {"id": f"state-{name}", "class": _classes(node), "data-state": name}
    )
    if node.state is START:
        ET.SubElement(group, "circle", _circle(box, _DOT / 2))
        return
    ET.SubElement(group, "title").text = node_sentence(node, say)
    ET.SubElement(
        group,
        "rect",
        {
            "x": _short(box.x - box.width / 2),
            "y": _short(box.y - box.height / 2),
            "width": _short(box.width),
            "height": _short(box.height),
            "rx": "9" if node.state is not GONE else _short(box.height / 2),
        },
    )
    for text, size, down in _lines(node, say):
        line = ET.SubElement(
            group,
            "text",
            {"x": _short(box.x), "y": _short(box.y + down), "font-size": f"{size:g}"},
        )
        line.text = text


def _draw_markers(parent: ET.Element, node: Node, say: Callable[[str], str]) -> None:
    """Give the place where scripts put a mark for each image that is in a state."""
    box = box_of(node, say)
    ET.SubElement(
        parent,
        "g",
        {
            "class": "markers",
            "aria-hidden": "true",
            "data-of": name_of(node.state),
            "data-x": _short(box.x),
            "data-y": _short(box.y + box.height / 2 + 5),
        },
    )


def _face(node: Node, say: Callable[[str], str]) -> str:
    """Give what is written on a state."""
    return state_name(name_of(node.state), say)


def _lines(node: Node, say: Callable[[str], str]) -> Iterator[tuple[str, float, float]]:
    if node.number is None:
        yield _face(node, say), _NAME_SIZE, 4
        return
    yield name_of(node.state), _NAME_SIZE, -2
    yield f"{node.number} · {node.alias}", _ALIAS_SIZE, 11


def _classes(node: Node) -> str:
    if isinstance(node.state, ImageState) and node.state.simplified is not None:
        return f"state {node.state.simplified.name.lower()}"
    return f"state {name_of(node.state).lower()}"


def _circle(box: Box, radius: float) -> dict[str, str]:
    return {"cx": _short(box.x), "cy": _short(box.y), "r": _short(radius)}


def _two(point: Point) -> str:
    return f"{_short(point.x)} {_short(point.y)}"


def _short(number: float) -> str:
    return f"{round(number, 1):g}"
