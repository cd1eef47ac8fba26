"""The SVG is for every page: named, told in words, light and dark, and safe from other fonts."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from lifecycle import GONE, InputError
from lifecycle.drawing.dot import to_dot
from lifecycle.drawing.engine import Engine, find_engine
from lifecycle.drawing.look import DARK, LIGHT
from lifecycle.drawing.overlay import NO_OVERLAY, Mark, Overlay
from lifecycle.drawing.picture import draw
from lifecycle.drawing.svg import finished, told_of
from lifecycle.drawing.views import View, parse_view, standard_views
from lifecycle.drawing.widths import width
from tests.tools import require

SVG = "{http://www.w3.org/2000/svg}"
PINNED = find_engine(pinned=True)


def svg(
    view: View | str, overlay: Overlay = NO_OVERLAY, *, theme: str = "auto", link: str = ""
) -> ET.Element:
    return ET.fromstring(draw(view, "svg", overlay, theme=theme, link=link, engine=PINNED))


@pytest.mark.parametrize("view", standard_views(), ids=lambda view: view.name)
def test_every_state_and_every_edge_of_the_view_is_in_its_picture_and_nothing_else(
    view: View,
) -> None:
    graph = view.graph()
    groups = {group.get("id", ""): group for group in svg(view).iter(f"{SVG}g")}
    edges = {name for name in groups if name.startswith("edge-")}
    states = {name for name in groups if name.startswith("state-")}
    assert edges == {f"edge-{edge.identifier}" for edge in graph.edges}
    leaving = {
        f"state-gone-{graph.node(edge.origin).identifier}"
        for edge in graph.edges
        if edge.target is GONE
    }
    shown = {f"state-{node.identifier}" for node in graph.nodes if node.name != "gone"}
    assert states == shown | leaving
    for edge in graph.edges:
        classes = groups[f"edge-{edge.identifier}"].get("class", "").split()
        assert edge.outcome.value in classes
        assert (edge.actor.name.lower() if edge.actor else "start") in classes


@pytest.mark.parametrize("view", standard_views(), ids=lambda view: view.name)
def test_every_edge_of_a_standard_view_has_an_arrow_in_its_colour(view: View) -> None:
    graph = view.graph()
    groups = {group.get("id"): group for group in svg(view).iter(f"{SVG}g")}
    for edge in graph.edges:
        arrows = [
            arrow.get("fill") for arrow in groups[f"edge-{edge.identifier}"].iter(f"{SVG}polygon")
        ]
        assert arrows == [LIGHT.line(edge.actor, edge.outcome)]


def test_it_is_an_image_with_a_title_and_a_description() -> None:
    root = svg("simplified")
    assert root.get("role") == "img"
    title, description = root[0], root[1]
    assert (title.tag, title.text) == (f"{SVG}title", "OpenNebula image lifecycle, simplified")
    assert description.tag == f"{SVG}desc"
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == description.get("id")
    assert "READY to USED by virtual machine: acquire, attach" in (description.text or "")
    assert "Ready: " not in (title.text or "")


def test_each_part_says_what_it_is_when_the_pointer_rests_on_it() -> None:
    groups = {group.get("id"): group for group in svg("full").iter(f"{SVG}g")}
    assert groups["state-READY"].findtext(f"{SVG}title") == "READY (1, rdy): Image ready to use"
    assert (groups["edge-READY-USED-vm"].findtext(f"{SVG}title") or "").startswith(
        "READY to USED, by virtual machine: acquire [disk, not persistent]"
    )


def test_states_and_edges_lead_to_where_they_are_told() -> None:
    root = svg("around=CLONE", link="states.html#")
    links = {link.get("href") for link in root.iter(f"{SVG}a")}
    assert "states.html#state-CLONE" in links
    assert "states.html#edge-READY-CLONE-user" in links
    assert list(svg("around=CLONE").iter(f"{SVG}a")) == []


@pytest.mark.parametrize("engine", ["system", "pinned"])
def test_an_address_may_hold_anything(engine: str) -> None:
    drawing = PINNED
    if engine == "system":
        drawing = Engine(require("dot", mend="apt-get install graphviz"))
    root = ET.fromstring(
        draw("around=CLONE", "svg", link='x?a=1&copy=2 "<b>\\N\x01#', engine=drawing)
    )
    links = {link.get("href") for link in root.iter(f"{SVG}a")}
    assert "x?a=1&copy=2%20%22%3Cb%3E%5CN%01#state-CLONE" in links


def test_the_same_picture_is_dark_where_the_page_is() -> None:
    style = svg("full").findtext(f"{SVG}style") or ""
    assert "prefers-color-scheme:dark" in style
    assert f"[fill='{LIGHT.paper}'i]{{fill:{DARK.paper}}}" in style
    for theme in ("light", "dark"):
        assert "prefers-color-scheme" not in (
            svg("full", theme=theme).findtext(f"{SVG}style") or ""
        )


def test_no_colour_of_the_light_picture_is_left_in_the_dark_one() -> None:
    """Every colour in the picture has its counterpart in the style sheet."""
    root = svg("full", Overlay(nodes={"READY": Mark(heat=1.0), "USED": Mark(emphasis=True)}))
    style = root.findtext(f"{SVG}style") or ""
    used = {
        value.lower()
        for element in root.iter()
        for part in ("fill", "stroke")
        if (value := element.get(part, "none")) not in {"none", "transparent"}
    }
    assert used
    assert [colour for colour in used if f"='{colour}'i]" not in style] == []


def test_a_stand_in_for_the_font_is_held_to_the_widths_that_were_reckoned_with() -> None:
    texts = list(svg("full").iter(f"{SVG}text"))
    assert texts
    assert all(float(text.get("textLength", "0")) > 0 for text in texts)
    assert all("font-family" not in text.attrib for text in texts)


@pytest.mark.parametrize("view", ["full", "simplified", "late"])
def test_the_widths_of_letters_are_those_that_the_engine_reckons_with(view: str) -> None:
    drawn = json.loads(PINNED.draw(to_dot(parse_view(view).graph()), "json"))
    checked = 0
    for part in (drawn, *drawn["objects"], *drawn["edges"]):
        size, bold = 0.0, False
        for one in part.get("_ldraw_", ()):
            if one["op"] == "F":
                size = float(one["size"])
            elif one["op"] == "t":
                bold = bool(one["fontchar"] & 1)
            elif one["op"] == "T":
                own = width(one["text"], size, bold=bold)
                assert own == pytest.approx(one["width"], rel=0.02), one["text"]
                checked += 1
    assert checked > 50


def test_other_letters_than_those_of_ascii_have_no_width() -> None:
    assert width("é", 10) is None
    assert width("a\n", 10) is None
    assert width("aa", 10) == pytest.approx(11.12)


def test_what_is_no_picture_is_told_in_one_line() -> None:
    with pytest.raises(InputError, match="the engine wrote what is no picture"):
        finished(b"no picture", told_of(parse_view("full").graph()))
