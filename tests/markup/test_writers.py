"""A page says the same in every format, and nothing in its texts is read as markup."""

from __future__ import annotations

import io

import pytest
from docutils import nodes
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from lifecycle.markup import terminal
from lifecycle.markup.document import (
    Bullets,
    Code,
    Grid,
    Heading,
    Link,
    Page,
    Paragraph,
    Picture,
    Strong,
    cell,
    one_line,
    plain,
    slug,
)
from lifecycle.markup.html import Html
from lifecycle.markup.markdown import Hugo, Markdown
from lifecycle.markup.rest import Rest
from tests.markup.parsing import read_html, read_markdown, read_rest

HOSTILE = (
    "<script>alert(1)</script>",
    "a & b &amp; <b>",
    "\"quoted\" and 'single'",
    "*bold* _under_ `code` ``two`` ~~gone~~",
    "[text](http://example.invalid) ![x](y) <http://example.invalid>",
    "| cell | cell |",
    "line\nbreak\r\n\ttab",
    "# heading",
    "1. first",
    "- item",
    "> quoted",
    ".. raw:: html",
    ":ref:`x` |sub| [1]_ name_ `any`_",
    "{{< script >}} {{% more %}} {{ .Site }}",
    "a\u202eb\u200f\x1b[31mred\x07\x00",
    "back\\slash\\",
    "`",
    "``",
    "\\",
    "::",
    "*",
    "",
    " ",
    "www.example.invalid and me@example.invalid :smile: $x$",
    "x" * 10_000,
    "<!-- --> ]]> <![CDATA[",
    "ä 漢字 😀",
    "a_b __init__ LOCKED_USED_PERS",
    "[bold]rich[/bold] [red]",
)


def page_with(text: str) -> Page:
    return Page(
        "one",
        f"T {text}",
        f"D {text}",
        (
            Heading(2, f"H {text}"),
            Paragraph(("before ", text, " between ", Code(text), " after ", Strong(f"s {text}"))),
            Bullets(((text,), (Code(text), ": ", text))),
            Grid(f"G {text}", ("A", text), ((cell(text), cell(Code(text))), ((), cell("x")))),
            Picture("p", "P", f"alt {text}", "<svg></svg>"),
        ),
    )


def words(text: str) -> str:
    return " ".join(text.replace("\u2060", "").split())


@pytest.mark.parametrize("text", HOSTILE)
def test_html_shows_every_text_as_it_is(text: str) -> None:
    read = read_html(Html(site="S").page(page_with(text)))
    assert words(f"before {one_line(text)} between {one_line(text)} after") in words(read.text)
    assert not {"script", "b", "img"} & {tag for tag, _ in read.tags}
    assert read.tables[0][1] == [words(one_line(text))] * 2


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_every_text_as_it_is(text: str) -> None:
    read = read_markdown(Markdown().page(page_with(text)))
    shown = words(one_line(text))
    assert words(f"before {shown} between {shown} after {words(one_line(f's {text}'))}") in words(
        read.text
    )
    tags = [tag for tag, _ in read.tags]
    assert not {"script", "b", "a", "blockquote", "ol", "em", "s"} & set(tags)
    assert (tags.count("img"), tags.count("h2"), tags.count("table")) == (1, 1, 1)
    assert read.tables[0][1] == [shown, shown]


@pytest.mark.parametrize("text", HOSTILE)
def test_hugo_is_given_no_shortcode_that_was_not_meant(text: str) -> None:
    written = Hugo().page(page_with(text))
    front, body = written.removeprefix("---\n").split("\n---\n", 1)
    assert front.count("\n") == 3
    assert "{{" not in body


@pytest.mark.parametrize("text", HOSTILE)
def test_rest_shows_every_text_as_it_is(text: str) -> None:
    document = read_rest(Rest(references=False).page(page_with(text)))
    shown = words(one_line(text))
    paragraph = next(
        node for node in document.findall(nodes.paragraph) if node.astext().startswith("before")
    )
    assert words(paragraph.astext()) == words(
        f"before {shown} between {shown} after {words(one_line(f's {text}'))}"
    )
    entries = [words(node.astext()) for node in document.findall(nodes.entry)]
    assert entries == ["A", shown, shown, shown, "", "x"]
    assert not list(document.findall(nodes.raw))
    assert not list(document.findall(nodes.problematic))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [100, 40])
def test_a_terminal_is_given_nothing_that_controls_it(text: str, width: int) -> None:
    out = Console(file=io.StringIO(), width=width, force_terminal=False, emoji=False)
    for part in terminal.rendered(page_with(text), width):
        out.print(part)
    assert isinstance(out.file, io.StringIO)
    written = out.file.getvalue()
    assert all(one.isprintable() or one == "\n" for one in written)
    shown = one_line(text)
    if len(shown) < 30:
        assert words(shown) in words(written)


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=40))
def test_any_text_at_all_is_shown_as_it_is(text: str) -> None:
    shown = words(one_line(text))
    page = page_with(text)
    assert read_html(Html(site="S").page(page)).tables[0][1] == [shown, shown]
    assert read_markdown(Markdown().page(page)).tables[0][1] == [shown, shown]
    entries = read_rest(Rest(references=False).page(page)).findall(nodes.entry)
    assert [words(entry.astext()) for entry in entries][2:4] == [shown, shown]


def test_links_are_those_of_the_format() -> None:
    text = ("see ", Link("READY", "state-ready", "what-leads-in", code=True), ".")
    assert Markdown().text(text) == "see [`READY`](state-ready.md#what-leads-in)."
    assert Hugo().text(text) == 'see [`READY`]({{< relref "state-ready.md#what-leads-in" >}}).'
    assert Rest().text(text) == "see :ref:`READY <image-lifecycle-state-ready-what-leads-in>`."
    assert Rest(references=False).text(text) == "see ``READY``."
    assert Html().text(text) == (
        'see <a href="state-ready.html#what-leads-in"><code>READY</code></a>.'
    )
    index = (Link("All", "index"),)
    assert Hugo().text(index) == '[All]({{< relref "_index.md" >}})'


def test_several_texts_in_a_cell_become_a_list_where_there_are_lists() -> None:
    two = (("one",), ("two",))
    grid = Grid("G", ("A",), ((two,),))
    assert "| one; two |" in Markdown().grid(grid)
    assert '<td data-column="A"><ul><li>one</li><li>two</li></ul></td>' in Html().grid(grid)
    items = read_rest(Rest().grid(grid)).findall(nodes.list_item)
    assert [item.astext() for item in items][-2:] == ["one", "two"]


def test_a_picture_that_no_engine_drew_is_told_in_words() -> None:
    picture = Picture("p", "title", "from A to B")
    assert Markdown().picture(picture) == "from A to B"
    assert Rest().picture(picture) == "from A to B"
    assert Html().picture(picture) == "<p>from A to B</p>"


def test_headings_of_the_same_words_have_ids_of_their_own() -> None:
    blocks = (Heading(2, "By users"), Heading(2, "By users"))
    tags = read_html("\n".join(Html().blocks(blocks))).tags
    assert [values["id"] for tag, values in tags if tag == "h2"] == ["by-users", "by-users-2"]


def test_an_anchor_is_what_viewers_make_of_a_heading() -> None:
    assert slug("What leads in") == "what-leads-in"
    assert slug("clone_released") == "clone_released"
    assert plain(("a ", Code("b"), Link("c", "d"))) == "a bc"


def test_pictures_in_one_page_have_ids_of_their_own() -> None:
    svg = '<?xml?><svg width="900pt" aria-labelledby="t"><title id="t">x</title></svg>\n'
    pages = Html().blocks([Picture(name, name, "", svg) for name in ("a", "b")])
    ids = [values["id"] for tag, values in read_html("".join(pages)).tags if tag == "title"]
    assert ids == ["a-t", "b-t"]
    assert 'aria-labelledby="b-t"' in pages[1]
    assert "?xml" not in pages[1]
    assert '<figure style="--least: 495pt">' in pages[1]


def test_a_picture_that_is_elsewhere_is_led_to() -> None:
    picture = Picture("p", "title", "words", file="../there.svg")
    assert Markdown().picture(picture) == "![title](../there.svg)"
    assert Rest().picture(picture).startswith(".. figure:: ../there.svg\n   :alt: title\n")
