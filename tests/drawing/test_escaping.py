"""What strangers write is shown as text, whatever it holds."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.drawing.dot import to_dot
from lifecycle.drawing.engine import find_engine
from lifecycle.drawing.escaping import LONGEST, attribute_text, label_text, shown
from lifecycle.drawing.overlay import Mark, Overlay
from lifecycle.drawing.picture import draw
from lifecycle.drawing.readability import picture_of
from lifecycle.drawing.views import parse_view

HOSTILE = (
    "<b>bold</b>",
    "</TABLE>>",
    "<script>alert(1)</script>",
    'a "quoted" name',
    "it's",
    "&amp; &lt; &#60;",
    "back\\slash \\N \\G \\L \\\\",
    "two\nlines\r\nand\ttabs",
    "nul\0bell\a",
    "\u202egnp.exe",
    "\u2066isolated\u2069",
    "עברית العربية",
    "half \ud800 a pair",
    "日本語 emoji 🦊",
    "]]>",
    "%s {0} ${x}",
    "x" * 10_000,
    "",
    " ",
    "<",
    ">",
)


def overlay(text: str) -> Overlay:
    return Overlay(
        title=text,
        captions=(text,),
        nodes={"CLONE": Mark(note=text, emphasis=True)},
        edges={"READY-CLONE-user": Mark(note=text), "CLONE-CLONE-user": Mark(note=text)},
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_a_picture_shows_a_strangers_text_and_is_not_changed_by_it(text: str) -> None:
    picture = draw("around=CLONE", "svg", overlay(text), engine=find_engine(pinned=True))
    root = ET.fromstring(picture)
    plain = ET.fromstring(draw("around=CLONE", "svg", engine=find_engine(pinned=True)))
    assert {one.tag for one in root.iter()} <= {one.tag for one in plain.iter()}
    words = " ".join("".join(one.itertext()) for one in root.iter() if one.tag.endswith("text"))
    for word in shown(text).split():
        assert word[:20] in words


@pytest.mark.parametrize("text", HOSTILE)
def test_the_engine_reads_the_same_graph_whatever_a_stranger_writes(text: str) -> None:
    dot = to_dot(parse_view("around=CLONE").graph(), overlay(text))
    drawn = picture_of(json.loads(find_engine(pinned=True).draw(dot, "json")))
    assert set(drawn.nodes) == {"READY", "CLONE"}
    assert len(drawn.lines) == 4


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_what_is_shown_is_one_line_without_anything_hidden(text: str) -> None:
    line = shown(text)
    assert len(line) <= LONGEST
    assert line.isprintable()
    assert shown(line) == line


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    assert shown("a" * 50 + "b" * 50) == "a" * 28 + "..." + "b" * 28


def test_marks_of_direction_and_control_characters_are_seen() -> None:
    assert shown("a\u202eb\0c") == "a\ufffdb\ufffdc"


def test_markup_and_backslashes_are_text() -> None:
    assert label_text('<b>"\\N"') == "&lt;b&gt;&quot;\\\\N&quot;"
    assert attribute_text("\\N") == "\\\\N"
    assert not attribute_text("<b>").startswith("<")
