"""Template text is read as oned reads it, and refused in its words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.cloud import template_text
from lifecycle.cloud.attributes import parse, write
from lifecycle.cloud.template_text import ParseError

REFUSED = "Parse error: syntax error, unexpected "


@pytest.mark.parametrize(
    ("text", "error"),
    [
        # Recorded from a running oned; it counts lines from a number it never wrote, often 0.
        ("NAME x", "VARIABLE, expecting EQUAL or EQUAL_EMPTY at line 0, columns 6:7"),
        ("%%%=", "EQUAL, expecting $end at line 0, columns 4:5"),
        ("SOURCE = [ ", "$end, expecting CBRACKET or VARIABLE at line 0, columns 10:12"),
        (
            'NAME="vecu"\nTYPE=DATABLOCK\nSIZE=5\nV=[A="1"',
            "$end, expecting COMMA or CBRACKET at line 3, columns 40:43",
        ),
        # By the grammar.
        ("A=", "$end, expecting OBRACKET or CCDATA or STRING at line 0, columns 2:3"),
        ("A=b\n=", "EQUAL, expecting $end at line 1, columns 5:6"),
        ("V=[A=\n]", "EQUAL_EMPTY, expecting EQUAL at line 1, columns 5:7"),
        ('V=[A="1",]', "CBRACKET, expecting VARIABLE at line 0, columns 10:11"),
        ("V=[A=]", "$end, expecting STRING at line 0, columns 6:7"),
        ('A="é" B', "$end, expecting EQUAL or EQUAL_EMPTY at line 0, columns 8:9"),
        ("A=b # no end", "VARIABLE, expecting EQUAL or EQUAL_EMPTY at line 0, columns 10:13"),
    ],
)
def test_a_text_that_is_no_template_is_refused_in_oneds_words(text: str, error: str) -> None:
    with pytest.raises(ParseError, match=re.escape(REFUSED + error) + "$"):
        parse(text)


def test_the_end_of_a_cdata_section_is_no_value() -> None:
    with pytest.raises(ParseError, match=r"^Parse error\.$"):
        parse('A="x]]>"')


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ('A="1" a=2\n', [("A", "1"), ("A", "2")]),
        ("A=\nB=c", [("A", ""), ("B", "c")]),
        (' # all\nA = " b " # of it\n', [("A", " b ")]),
        ('NAME=" b "', [("NAME", "b")]),
        ('V=[A="1",B=2,A="3"]', [("V", {"A": "1", "B": "2"})]),
        ("V=[]W = [\n]\n", [("V", {}), ("W", {})]),
        (r'A="say \"a\" \\ b"', [("A", r'say "a" \\ b')]),
        ('A="two\nlines"', [("A", "two\nlines")]),
        ('A="b', [("A", '"b')]),
        ("A==b", [("A", "b")]),
        ("% A=b %", [("A", "b")]),
        ('1A="b" XMLA="b" _A="b"', [("ONE_1A", "b"), ("ONE_XMLA", "b"), ("_A", "b")]),
        # As XML.
        ("<T><A> b </A><V><W>c</W></V></T>", [("A", " b "), ("V", {"W": "c"})]),
        ("<T> <a>b</a> <A><!-- no text alone -->b</A> <A/><B></B></T>", [("A", "b")]),
        ("<T><A><![CDATA[]]></A></T>", [("A", "")]),
        ("<T><A><![CDATA[x]]]]><![CDATA[>y]]></A><A>x<![CDATA[y]]></A></T>", [("A", "x]]>y")]),
        ("<T><V><W>1</W><W>2</W><X/><Y><Z>3</Z></Y></V></T>", [("V", {"W": "2"})]),
        ("<T><V>a<W>1<Z/>2</W></V></T>", [("V", {"W": "1"})]),
        ('<T><a:b xmlns:a="urn:x">c</a:b><XMLA>d</XMLA></T>', [("B", "c"), ("ONE_XMLA", "d")]),
        ("<T><A><![CDATA[<!x]]></A></T>", [("A", "<!x")]),
        (f"<T><A>{'x' * 100_000}</A></T>", [("A", "x" * 100_000)]),
    ],
)
def test_what_oned_takes_is_taken_as_it_takes_it(text: str, pairs: list[object]) -> None:
    assert parse(text) == pairs


@pytest.mark.parametrize(
    "text",
    [
        "<T>",
        "<T/>x",
        "<A>1</A><B>2</B>",
        "<T><1>x</1></T>",
        "<!DOCTYPE T [<!ENTITY a 'b'>]><T><A>&a;</A></T>",
        "<T><A>&a;</A></T>",
        "<T>" + "<A>" * 300 + "</A>" * 300 + "</T>",
        "<T>\ud800</T>",
        '<?xml version="1.0" encoding="nonsense"?><T/>',
    ],
)
def test_xml_that_is_not_well_formed_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match=r"^Parse error: XML Template malformed\.$"):
        parse(text)


PIECES = st.sampled_from(
    ["A", "B1", "=", '"', "\\", "\n", " ", "[", "]", ",", "#", '"a"', 'A="b"', "XML", "\r", "é"]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_the_quick_way_reads_what_the_tokens_say(text: str) -> None:
    usual = template_text._usual(text)
    if usual is not None:
        assert usual == template_text._by_tokens(text)


@given(st.dictionaries(st.sampled_from("ABC"), st.text(st.sampled_from('ab"\\\n ='))))
def test_what_is_written_is_read_again(values: dict[str, str]) -> None:
    values = {name: value.rstrip("\\") for name, value in values.items()}
    assert dict(parse(write(values))) == values


@pytest.mark.parametrize("piece", ["#", " ", "=", "A=", '"', "]]>", "[", 'A="\n', "V=[A=b,"])
def test_no_text_takes_long(piece: str) -> None:
    text = "V=[" + piece * 200_000
    with pytest.raises(ParseError):
        parse(text)
