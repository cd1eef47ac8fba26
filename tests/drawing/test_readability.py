"""Pictures read well: the scorer sees what a reader would stumble over, and finds nothing."""

from __future__ import annotations

import json

import pytest

from lifecycle.drawing.dot import to_dot
from lifecycle.drawing.engine import find_engine
from lifecycle.drawing.readability import Picture, picture_of, score
from lifecycle.drawing.views import View, standard_views

PINNED = find_engine(pinned=True)

BUDGET = {"type-OS": 9, "type-DATABLOCK": 9}
"""How many lines may cross in a view; in the others, the full one too, at most as many as:"""
OTHERS = 8


def drawn(dot: str) -> Picture:
    return picture_of(json.loads(PINNED.draw(dot, "json")))


@pytest.mark.parametrize("view", standard_views(), ids=lambda view: view.name)
def test_nothing_hides_anything_in_a_standard_view_and_few_lines_cross(view: View) -> None:
    found = score(drawn(to_dot(view.graph())))
    assert found.label_on_label == []
    assert found.label_on_node == []
    assert found.line_through_label == []
    assert found.line_through_node == []
    mend = f"python -m lifecycle.drawing.arrange {view.name}: {found.crossings}"
    assert len(found.crossings) <= BUDGET.get(view.name, OTHERS), mend


def test_a_picture_without_faults_has_none() -> None:
    found = score(drawn('digraph { a -> b [id=one label="first"]; b -> c [id=two label=next] }'))
    assert (found.overlaps, found.crossings) == (0, [])


def boxed(name: str, x: float, y: float) -> dict[str, object]:
    return {"name": name, "pos": f"{x},{y}", "width": "0.5", "height": "0.5"}


def edge(name: str, tail: int, head: int, pos: str, *texts: tuple[float, float]) -> object:
    draws = [{"op": "F", "size": 10.0, "face": "Helvetica"}]
    draws += [
        {"op": "T", "pt": [x, y], "align": "l", "width": 40.0, "text": name} for x, y in texts
    ]
    return {"id": name, "tail": tail, "head": head, "pos": pos, "_ldraw_": draws}


def scene(*edges: object) -> Picture:
    """Four nodes at the corners of a square of 200 points, and what is drawn between them."""
    nodes = [boxed("a", 0, 0), boxed("b", 200, 200), boxed("c", 0, 200), boxed("d", 200, 0)]
    objects = [{**node, "_gvid": number} for number, node in enumerate(nodes)]
    return picture_of({"bb": "0,0,200,200", "objects": objects, "edges": list(edges)})


RISING = "0,0 70,70 130,130 200,200"
FALLING = "0,200 70,130 130,70 200,0"


def test_lines_that_cross_are_seen_once() -> None:
    found = score(scene(edge("up", 0, 1, RISING), edge("down", 2, 3, FALLING)))
    assert found.crossings == [("up", "down")]
    assert found.overlaps == 0


def test_lines_that_meet_at_their_node_do_not_cross() -> None:
    found = score(scene(edge("up", 0, 1, RISING), edge("flat", 0, 3, "0,0 70,0 130,0 200,0")))
    assert found.crossings == []


def test_a_text_on_a_text_is_seen() -> None:
    one = edge("one", 0, 3, "0,0 70,0 130,0 200,0", (80, 50))
    two = edge("two", 0, 3, "0,0 70,0 130,0 200,0", (100, 55))
    assert score(scene(one, two)).label_on_label == [("one", "two")]


def test_a_text_on_a_node_is_seen() -> None:
    found = score(scene(edge("one", 0, 3, "0,0 70,0 130,0 200,0", (190, 200))))
    assert found.label_on_node == [("one", "b")]


def test_a_line_through_a_text_is_seen_its_own_too() -> None:
    own = edge("own", 0, 1, RISING, (80, 95))
    assert score(scene(own)).line_through_label == [("own", "own")]


def test_a_line_through_a_node_is_seen() -> None:
    by = edge("by", 0, 1, "0,0 -60,200 0,260 200,200")
    assert score(scene(by)).line_through_node == [("by", "c")]
