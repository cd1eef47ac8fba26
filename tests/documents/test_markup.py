"""Whatever stands in a cloud, its documents can be parsed, and say what stands there."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from lifecycle import Cloud
from lifecycle.documents import markup, pieces_of, text_of

NASTY = [
    "]]>",
    "]]]]>]]>",
    "a & <b> \"c\" 'd'",
    "&amp;",
    "<![CDATA[x]]>",
    "日本 ✓ \U0001f600",
    " blanks around ",
    "",
]


@pytest.mark.parametrize("words", NASTY)
def test_a_value_is_read_back_as_it_was(words: str) -> None:
    root = ET.fromstring(f"<A>{markup.cdata(words)}</A>")  # noqa: S314 - written here
    assert (root.text or "") == words
    root = ET.fromstring(f"<A>{markup.text(words)}</A>")  # noqa: S314 - written here
    assert (root.text or "") == words


@pytest.mark.parametrize("words", ["\x00", "a\x1bb", "\ud800", "\ufffe", "\x7f\x08"])
def test_what_xml_cannot_hold_is_replaced(words: str) -> None:
    for written in (markup.cdata(words), markup.text(words)):
        read = ET.fromstring(f"<A>{written}</A>").text or ""  # noqa: S314 - written here
        assert "\ufffd" in read
        assert len(read) == len(words)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("ERROR", "ERROR"),
        ("1ST", "_1ST"),
        ("A²", "A_"),
        ("É", "_"),
        ("A.B-C", "A.B-C"),
        ("-", "_-"),
    ],
)
def test_every_name_becomes_one_of_an_element(name: str, written: str) -> None:
    assert markup.tag(name) == written
    assert ET.fromstring(markup.attribute(name, "v")).tag == written  # noqa: S314 - written here


def test_attributes_go_by_their_names_and_several_of_one_name_stay_in_order() -> None:
    assert markup.template({"A": {"B": ["1", "2"]}}) == (
        "<TEMPLATE><A><B><![CDATA[1]]></B><B><![CDATA[2]]></B></A></TEMPLATE>"
    )
    values = {"B": ["2", {"Y": "1", "X": "0"}, "1"], "A": "x"}
    assert markup.template(values) == (
        "<TEMPLATE><A><![CDATA[x]]></A><B><![CDATA[2]]></B>"
        "<B><X><![CDATA[0]]></X><Y><![CDATA[1]]></Y></B><B><![CDATA[1]]></B></TEMPLATE>"
    )


def test_an_answer_becomes_what_goes_over_the_wire() -> None:
    cloud = Cloud()
    reply = cloud.call("one.image.allocate", 'NAME="a" SIZE="10"', 1)
    assert text_of(cloud, reply.value) == 0
    assert text_of(cloud, cloud.call("one.system.version").value) == "7.4.0"
    image = text_of(cloud, cloud.call("one.image.info", 0).value)
    assert str(image).startswith("<IMAGE><ID>0</ID><UID>0</UID><GID>0</GID><UNAME>oneadmin</UNAME>")
    pool = cloud.call("one.imagepool.info", -2, -1, -1).value
    assert text_of(cloud, pool) == f"<IMAGE_POOL>{image}</IMAGE_POOL>"
    assert list(pieces_of(cloud, pool)) == ["<IMAGE_POOL>", image, "</IMAGE_POOL>"]
    empty = cloud.call("one.imagepool.info", 77, -1, -1).value
    assert text_of(cloud, empty) == "<IMAGE_POOL></IMAGE_POOL>"


def test_an_error_names_the_object_that_it_is_about() -> None:
    cloud = Cloud()
    cloud.call("one.image.allocate", 'NAME="a" SIZE="10"', 1)
    assert cloud.call("one.image.info", 9).object_id == 9
    assert cloud.call("one.image.delete", 0).object_id == 0
    assert cloud.call("one.image.enable", 0, False).object_id == -1
