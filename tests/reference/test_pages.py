"""The reference tells the whole table: the official states, every row, every refusal, ways out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lifecycle import GONE, IMAGE_TABLE, OPERATIONS, Image, ImageState, InputError
from lifecycle.markup.document import (
    Bullets,
    Code,
    Grid,
    Heading,
    Link,
    Page,
    Paragraph,
    Strong,
    plain,
    slug,
)
from lifecycle.markup.markdown import Markdown
from lifecycle.reference.operation_pages import operation_blocks
from lifecycle.reference.pages import about, all_pages
from lifecycle.reference.paths import departures
from lifecycle.reference.sentences import PLACEHOLDERS, answer, page_of
from lifecycle.reference.state_pages import OFFICIAL_HEAD, official_table
from lifecycle.reference.stuck import SITUATIONS, Situation, brought, way_out
from lifecycle.reference.writing import reference
from lifecycle.table import Actor
from tests.markup.parsing import Read, read_html, read_markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lifecycle.markup.document import Text
    from lifecycle.table import Part

OFFICIAL = Path(__file__).parent / "official_states.md"
PAGES = all_pages()


def texts(page: Page) -> Iterator[Text]:
    for block in page.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Bullets):
            yield from block.items
        elif isinstance(block, Grid):
            for row in block.rows:
                for cell in row:
                    yield from cell


def page(name: str) -> Page:
    return next(one for one in PAGES if one.name == name)


def grid_rows(page_: Page, title: str) -> list[list[str]]:
    """Give the rows of all tables whose title begins so, as words."""
    return [
        [" / ".join(plain(text) for text in cell) for cell in row]
        for block in page_.blocks
        if isinstance(block, Grid) and block.title.startswith(title)
        for row in block.rows
    ]


def official() -> list[list[str]]:
    return read_markdown(OFFICIAL.read_text("utf-8")).tables[0]


def test_the_state_table_is_the_official_one_cell_by_cell() -> None:
    table = official_table()
    rows = [[plain(cell[0]) for cell in row] for row in table.rows]
    assert [list(OFFICIAL_HEAD), *rows] == official()


@pytest.mark.parametrize(
    ("format_", "file", "read"),
    [("markdown", "states.md", read_markdown), ("html", "states.html", read_html)],
)
def test_the_state_table_is_the_official_one_as_it_is_read_from_a_page(
    format_: str, file: str, read: Callable[[str], Read]
) -> None:
    assert read(reference(format_)[file]).tables[0] == official()


def test_every_link_leads_somewhere() -> None:
    places = {
        (one.name, slug(block.text))
        for one in PAGES
        for block in one.blocks
        if isinstance(block, Heading)
    } | {(one.name, "") for one in PAGES}
    links = [
        piece for one in PAGES for text in texts(one) for piece in text if isinstance(piece, Link)
    ]
    assert len(links) > 1000
    assert {(link.page, link.anchor) for link in links} - places == set()


def test_pages_have_names_of_their_own_and_every_state_has_one() -> None:
    names = [one.name for one in PAGES]
    assert len(set(names)) == len(names)
    assert {page_of(state) for state in (*ImageState, GONE)} <= set(names)
    assert names[0] == "index"


@pytest.mark.parametrize("state", ImageState)
def test_a_state_page_tells_all_that_leads_in_and_out(state: ImageState) -> None:
    here = page(page_of(state))
    into = {
        (row.operation, origin.name)
        for row in IMAGE_TABLE.rows
        for origin in row.origins
        if row.target is state and origin is not state
    }
    out = {
        (row.operation, "gone" if row.target is GONE else row.target.name)
        for row in IMAGE_TABLE.rows
        if state in row.origins and row.target not in {None, state} and row.target is not None
    }
    told_in = {
        (cells[0], origin)
        for cells in grid_rows(here, "Leads in")
        for origin in named_states(cells[-2])
    }
    told_out = {(cells[0], cells[-2]) for cells in grid_rows(here, "Leads out")}
    assert {pair for pair in told_in if pair[1] != state.name} == into
    assert told_out == out


def named_states(words: str) -> set[str]:
    every = {state.name for state in ImageState}
    names = set(re.findall(r"[A-Z_]+", words)) & every
    return every - names if words.startswith("any state") else names


@pytest.mark.parametrize("state", ImageState)
def test_a_state_page_tells_every_refusal_with_the_words_of_oned(state: ImageState) -> None:
    told = {(cells[0], cells[2]) for cells in grid_rows(page(page_of(state)), "Refused")}
    for name in OPERATIONS:
        for other in IMAGE_TABLE.otherwise_of(name):
            if other.ignored or state not in other.origins:
                continue
            if any(state in row.origins and not row.guards for row in IMAGE_TABLE.rows_of(name)):
                continue
            assert (name, answer(other.text, state)) in told


@pytest.mark.parametrize("state", ImageState)
def test_what_a_state_accepts_besides_is_what_the_table_accepts(state: ImageState) -> None:
    told = {cells[0] for cells in grid_rows(page(page_of(state)), "Accepted")}
    assert told == {
        row.operation
        for row in IMAGE_TABLE.rows_from(state)
        if row.target is None or row.target is state
    }


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_told_with_all_its_rows(name: str) -> None:
    operation = OPERATIONS[name]
    blocks = tuple(operation_blocks(operation))
    section = Page(name, name, "", blocks)
    written = Markdown().page(section)
    for fact in (operation.meaning, operation.command, operation.call):
        assert fact in written
    names = {
        piece.text for text in texts(section) for piece in text if isinstance(piece, Code | Link)
    }
    parts: list[Part] = [*IMAGE_TABLE.rows_of(name), *IMAGE_TABLE.otherwise_of(name)]
    assert len(grid_rows(section, "What ")) == len(parts)
    for part in parts:
        assert set(re.split("[;,] ", part.source)) <= names
        assert set(part.effects) <= names
    there = page(f"operations-{operation.actor.name.lower()}")
    start = there.blocks.index(blocks[0])
    assert there.blocks[start : start + len(blocks)] == blocks


def test_every_operation_stands_in_the_overview_with_command_and_call() -> None:
    rows = {cells[0]: cells for cells in grid_rows(page("operations"), "The operations")}
    assert set(rows) == set(OPERATIONS)
    for name, operation in OPERATIONS.items():
        if operation.command:
            assert rows[name][1:] == [operation.meaning, operation.command, operation.call]


def test_every_condition_and_effect_is_explained() -> None:
    here = page("conditions")
    assert {cells[0] for cells in grid_rows(here, "The conditions")} == set(IMAGE_TABLE.guards)
    headings = {block.text for block in here.blocks if isinstance(block, Heading)}
    assert set(IMAGE_TABLE.effects) <= headings


def test_the_simplified_lifecycle_says_what_its_states_stand_for() -> None:
    mapping = grid_rows(page("simplified"), "What the states")
    assert [cells[0] for cells in mapping] == [
        "Ready",
        "Used",
        "Disabled",
        "Locked",
        "Error",
        "Cloning",
        "Deleting",
    ]
    told = {name: words.split(", ") for name, words in mapping}
    assert told["Locked"] == ["LOCKED", "LOCKED_USED", "LOCKED_USED_PERS"]
    assert told["Used"] == ["USED", "USED_PERS"]
    assert sum(len(states) for states in told.values()) == 10


def test_the_braces_in_the_words_of_oned_are_explained() -> None:
    assert set(PLACEHOLDERS) == set(Image().words())


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.sign[:40])
def test_a_way_to_get_stuck_leads_there_and_only_what_is_said_leads_out(
    situation: Situation,
) -> None:
    image = brought(situation)
    assert image.state is situation.state
    accepted = set(image.legal())
    leading = {
        way.operation.name
        for way in departures(situation.state)
        if way.operation.actor is Actor.USER and way.operation.name in accepted
    }
    if situation.helps:
        assert set(situation.helps) <= accepted
    else:
        assert leading == set()


def test_a_topic_is_a_state_an_operation_or_a_page() -> None:
    assert about("locked_used").title == "LOCKED_USED"
    assert about(" Clone ").title == "clone"
    assert about("gone").name == "state-gone"
    for topic in ("states", "simplified", "operations", "vm", "datastores", "conditions"):
        assert about(topic).blocks
    with pytest.raises(InputError, match="no page tells of 'mars'; there are: init, ready"):
        about("mars")


def test_the_same_table_gives_the_same_bytes() -> None:
    assert reference("html") == reference("html")


def test_an_unknown_format_is_told() -> None:
    with pytest.raises(InputError, match="no format is named 'pdf'; there are: hugo, sphinx"):
        reference("pdf")


def test_what_stands_out_in_a_cell_is_a_word_not_a_mark() -> None:
    assert any(
        isinstance(piece, Strong) and piece.text == "or"
        for text in texts(page("state-ready"))
        for piece in text
    )


def test_where_ghosts_are_counted_it_is_told_what_a_recount_makes_of_it() -> None:
    told = {one.state.name: plain(way_out(one)) for one in SITUATIONS if one.ghosts}
    assert "onedb fsck, with oned stopped, counts 0 machines and makes it READY" in told["CLONE"]
    assert "Not even onedb fsck helps" in told["LOCKED_USED_PERS"]
