"""How well a picture reads: a score over what the engine drew, told by its ``-Tjson`` output.

Counted are texts that touch texts, nodes or lines, lines that run through
nodes, and lines that cross. All lengths are in points.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Point = tuple[float, float]

_PIECES = 12
"""Into how many straight pieces each part of a curve is cut."""

_MEETING = 14.0
"""Lines that end at the same node may touch this near to it."""

_SLACK = 0.8
"""How far into each other two boxes may reach."""

_ASCENT, _DESCENT = 0.72, 0.2
"""How far letters reach above and below their line, as parts of the size of the font."""


class Box(NamedTuple):
    """A rectangle."""

    left: float
    low: float
    right: float
    high: float

    def overlaps(self, other: Box, slack: float = _SLACK) -> bool:
        """Tell whether two boxes share more than an edge."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > slack
            and min(self.high, other.high) - max(self.low, other.low) > slack
        )

    def holds(self, point: Point) -> bool:
        """Tell whether a point is inside."""
        x, y = point
        return self.left < x < self.right and self.low < y < self.high

    def grown(self, by: float) -> Box:
        """Give the box with a margin around it."""
        return Box(self.left - by, self.low - by, self.right + by, self.high + by)


class Text(NamedTuple):
    """One line of text, and the id of what it belongs to."""

    owner: str
    words: str
    box: Box


class Line(NamedTuple):
    """An edge as it is drawn: its id, the nodes it joins, and its points."""

    owner: str
    ends: tuple[str, str]
    points: tuple[Point, ...]
    box: Box


@dataclass
class Picture:
    """What the engine drew."""

    nodes: dict[str, Box] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    size: tuple[float, float] = (0.0, 0.0)


@dataclass
class Score:
    """What a reader stumbles over; each list says what and what."""

    label_on_label: list[tuple[str, str]] = field(default_factory=list)
    label_on_node: list[tuple[str, str]] = field(default_factory=list)
    line_through_label: list[tuple[str, str]] = field(default_factory=list)
    line_through_node: list[tuple[str, str]] = field(default_factory=list)
    crossings: list[tuple[str, str]] = field(default_factory=list)

    @property
    def overlaps(self) -> int:
        """How often something hides something else; crossings are told apart from it."""
        return (
            len(self.label_on_label)
            + len(self.label_on_node)
            + len(self.line_through_label)
            + len(self.line_through_node)
        )


def picture_of(drawn: dict[str, Any]) -> Picture:
    """Read what an engine wrote with ``-Tjson``."""
    picture = Picture()
    names: dict[int, str] = {}
    left, low, right, high = (float(part) for part in drawn["bb"].split(","))
    picture.size = right - left, high - low
    picture.texts += _texts("title", drawn.get("_ldraw_", ()))
    for thing in drawn.get("objects", ()):
        if "pos" not in thing:
            picture.texts += _texts(thing["name"], thing.get("_ldraw_", ()))
            continue
        names[thing["_gvid"]] = thing["name"]
        picture.nodes[thing["name"]] = _node_box(thing)
    for edge in drawn.get("edges", ()):
        ends = names[edge["tail"]], names[edge["head"]]
        picture.texts += _texts(edge["id"], edge.get("_ldraw_", ()))
        for spline in edge["pos"].split(";"):
            points = tuple(_curve(spline))
            picture.lines.append(Line(edge["id"], ends, points, _around(points)))
    return picture


def score(picture: Picture) -> Score:
    """Count what a reader of a picture stumbles over."""
    return Score(
        [
            (one.owner, two.owner)
            for one, two in combinations(picture.texts, 2)
            if one.owner != two.owner and one.box.overlaps(two.box)
        ],
        [
            (text.owner, name)
            for text in picture.texts
            for name, box in picture.nodes.items()
            if text.box.overlaps(box)
        ],
        [
            (line.owner, text.owner)
            for text in picture.texts
            for line in picture.lines
            if line.box.overlaps(text.box, -_SLACK) and _through(line, text.box)
        ],
        [
            (line.owner, name)
            for line in picture.lines
            for name, box in picture.nodes.items()
            if name not in line.ends and line.box.overlaps(box) and _through(line, box)
        ],
        [
            (one.owner, two.owner)
            for one, two in combinations(picture.lines, 2)
            for _ in range(_crossings(picture, one, two))
        ],
    )


def _through(line: Line, box: Box) -> bool:
    inner = box.grown(-_SLACK)
    return any(_cuts(piece, inner) for piece in _pieces(line) if _reaches(piece, inner))


def _cuts(piece: tuple[Point, Point], box: Box) -> bool:
    """Tell whether a straight piece has a part inside a box (by Liang and Barsky)."""
    (x, y), (to_x, to_y) = piece
    enters, leaves = 0.0, 1.0
    for start, step, low, high in (
        (x, to_x - x, box.left, box.right),
        (y, to_y - y, box.low, box.high),
    ):
        if step == 0:
            if not low < start < high:
                return False
            continue
        near, far = sorted(((low - start) / step, (high - start) / step))
        enters, leaves = max(enters, near), min(leaves, far)
    return enters < leaves


def _node_box(node: dict[str, Any]) -> Box:
    x, y = (float(part) for part in node["pos"].split(","))
    across, up = float(node["width"]) * 36, float(node["height"]) * 36
    return Box(x - across, y - up, x + across, y + up)


def _texts(owner: str, operations: Iterable[dict[str, Any]]) -> Iterator[Text]:
    size = 10.0
    for one in operations:
        if one["op"] == "F":
            size = float(one["size"])
        elif one["op"] == "T":
            x, y = one["pt"]
            width = float(one["width"])
            left = x - {"l": 0.0, "c": width / 2, "r": width}[one["align"]]
            box = Box(left, y - size * _DESCENT, left + width, y + size * _ASCENT)
            yield Text(owner, one["text"], box)


def _curve(spline: str) -> Iterator[Point]:
    start: list[Point] = []
    end: list[Point] = []
    points: list[Point] = []
    for word in spline.split():
        kind, *place = word.split(",") if word[0] in "es" else ("", *word.split(","))
        target = {"s": start, "e": end, "": points}[kind]
        target.append((float(place[0]), float(place[1])))
    yield from start
    yield points[0]
    for first in range(0, len(points) - 1, 3):
        a, b, c, d = points[first : first + 4]
        for step in range(1, _PIECES + 1):
            t = step / _PIECES
            u = 1 - t
            k, m, n, o = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
            yield (
                k * a[0] + m * b[0] + n * c[0] + o * d[0],
                k * a[1] + m * b[1] + n * c[1] + o * d[1],
            )
    yield from end


def _around(points: tuple[Point, ...]) -> Box:
    across, up = zip(*points, strict=True)
    return Box(min(across), min(up), max(across), max(up))


def _crossings(picture: Picture, first: Line, second: Line) -> int:
    """Count how often two lines cross, but for where they meet at a node."""
    if not first.box.overlaps(second.box, 0.0):
        return 0
    meeting = set(first.ends) & set(second.ends)
    near = [picture.nodes[end].grown(_MEETING) for end in meeting]
    ahead = [piece for piece in _pieces(second) if _reaches(piece, first.box)]
    found = (
        _meet(one, two) for one in _pieces(first) if _reaches(one, second.box) for two in ahead
    )
    return sum(where is not None and not any(box.holds(where) for box in near) for where in found)


def _pieces(line: Line) -> Iterator[tuple[Point, Point]]:
    return zip(line.points, line.points[1:], strict=False)


def _reaches(piece: tuple[Point, Point], box: Box) -> bool:
    (ax, ay), (bx, by) = piece
    return (
        max(ax, bx) >= box.left
        and min(ax, bx) <= box.right
        and max(ay, by) >= box.low
        and min(ay, by) <= box.high
    )


def _meet(one: tuple[Point, Point], two: tuple[Point, Point]) -> Point | None:
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = two
    across = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if across == 0:
        return None
    t = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / across
    u = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / across
    # Half open, so that a crossing in a joint of two pieces counts once.
    if 0 <= t < 1 and 0 <= u < 1:
        return ax + t * (bx - ax), ay + t * (by - ay)
    return None
