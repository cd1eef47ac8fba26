"""The diagram of the page shows all ways of the table, and can be read."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from lifecycle.drawing.look import DARK, LIGHT
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.page.colours import colours
from lifecycle.page.diagram import Arc, arcs, box_of, diagram, name_of, nodes
from lifecycle.page.places import BENDS, HEIGHT, LABELS, PLACES, WIDTH
from lifecycle.states import GONE, ImageState

SHARES = [number / 40 for number in range(41)]
LABEL = (64, 22)
"""How much room a label takes at least, in the diagram's own units."""


def test_there_is_an_arc_for_each_way_of_the_table_that_an_image_can_take() -> None:
    possible = {
        (origin.name, name_of(row.target))
        for row in IMAGE_TABLE.rows
        for origin in row.origins
        if row.target is not None and row.target is not origin
        if isinstance(row.target, ImageState) or row.target is GONE
    }
    drawn = {(arc.origin, arc.target) for arc in arcs()} - {("new", "INIT")}
    # The rest are answers to an image in INIT, in which none is ever found.
    assert drawn <= possible
    assert {origin for origin, _ in possible - drawn} <= {"INIT"}


def test_every_state_is_drawn() -> None:
    assert {name_of(node.state) for node in nodes()} == {
        "new",
        *(state.name for state in ImageState),
        "gone",
    }


def test_places_are_given_for_what_is_drawn_and_for_nothing_else() -> None:
    assert set(PLACES) == {name_of(node.state) for node in nodes()}
    assert set(BENDS) == set(LABELS) == {f"{arc.origin}-{arc.target}" for arc in arcs()}


def test_states_lie_apart_and_inside() -> None:
    boxes = [box_of(node) for node in nodes()]
    for one, two in combinations(boxes, 2):
        apart = max(
            abs(one.x - two.x) - (one.width + two.width) / 2,
            abs(one.y - two.y) - (one.height + two.height) / 2,
        )
        assert apart > 20
    for box in boxes:
        assert box.width / 2 < box.x < WIDTH - box.width / 2
        assert box.height / 2 < box.y < HEIGHT - box.height / 2


@pytest.mark.parametrize("arc", arcs(), ids=lambda arc: f"{arc.origin}-{arc.target}")
def test_no_arc_runs_through_a_state_that_it_does_not_lead_to(arc: Arc) -> None:
    others = {
        name_of(node.state): box_of(node)
        for node in nodes()
        if name_of(node.state) not in {arc.origin, arc.target}
    }
    met = {name for name, box in others.items() for share in SHARES if box.holds(arc.at(share), 3)}
    assert met == set()


def test_labels_of_what_leads_out_of_one_state_lie_apart_and_on_no_state() -> None:
    for one, two in combinations(arcs(), 2):
        if one.origin == two.origin:
            wide = abs(one.label.x - two.label.x) / LABEL[0]
            high = abs(one.label.y - two.label.y) / LABEL[1]
            assert max(wide, high) > 1, (one, two)
    for arc in arcs():
        if not arc.late:
            for node in nodes():
                assert not box_of(node).holds(arc.label, 8), (arc, node.name)


def test_scripts_find_states_and_edges_and_the_policy_forbids_nothing_in_it() -> None:
    root = ET.fromstring(diagram("What it <shows>"))  # noqa: S314 - our own
    assert root.get("aria-label") == "What it <shows>"
    states = [one.get("data-state") for one in root.iter() if one.get("data-state")]
    assert states == [name_of(node.state) for node in nodes()]
    edges = [
        (one.get("data-from"), one.get("data-to")) for one in root.iter() if one.get("data-to")
    ]
    assert edges == [(arc.origin, arc.target) for arc in arcs()]
    names = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(names) == len(set(names))
    assert not any(name in {"style", "onclick"} for one in root.iter() for name in one.attrib)


def test_the_diagram_is_the_same_each_time() -> None:
    assert diagram("one") == diagram("one")


def test_the_page_has_the_colours_of_the_pictures() -> None:
    light, dark = colours().split("@media")
    assert all(colour in light for colour in LIGHT.fills.values())
    assert all(colour in dark for colour in DARK.fills.values())
