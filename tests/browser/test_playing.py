"""The lifecycle is played: with a mouse, with the keyboard alone, forth and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.hands import CREATE, TEXTS, Hands
from tests.browser.looks import DESK, PHONE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Opener


@pytest.mark.parametrize("look", [DESK, PHONE], ids=str)
def test_an_image_is_made_used_copied_and_not_deleted(played: Page) -> None:
    hands = Hands(played)
    hands.story()
    assert hands.states() == ["USED", "LOCKED"]
    refusal = played.locator("#refusal")
    expect(refusal).to_contain_text("Cannot delete image. There are 1 VMs using it.")
    expect(played.locator("#machines .card")).to_have_count(1)
    expect(played.locator("#requests > li")).to_have_count(1)
    lit = played.locator("#diagram .state.lit")
    expect(lit).to_have_attribute("data-state", "USED")


def test_a_lit_label_in_the_diagram_does_what_the_button_does(played: Page) -> None:
    hands = Hands(played)
    hands.choose_new()
    hands.do(CREATE)
    hands.answer()
    assert hands.states() == ["READY"]
    played.locator("#pills [data-way='READY-DISABLED']").click()
    expect(played.locator("#images .badge").first).to_have_text("DISABLED")
    played.locator("#diagram .edge[data-from='DISABLED'][data-to='READY']").dispatch_event("click")
    expect(played.locator("#images .badge").first).to_have_text("READY")


def test_of_two_requests_alike_either_can_be_answered(played: Page) -> None:
    hands = Hands(played)
    hands.choose_new()
    hands.do(CREATE)
    hands.answer()
    hands.do("oneimage delete")
    hands.do("oneimage delete")  # is asked for again while the datastore is still removing it
    requests = played.locator("#requests > li")
    expect(requests).to_have_count(2)
    requests.last.get_by_text(TEXTS["requests.fail"], exact=True).click()
    expect(requests).to_have_count(1)


def test_undo_and_redo_reach_both_ends_and_stop_there(played: Page) -> None:
    hands = Hands(played)
    fresh = hands.situation()
    undo, redo = hands.tool("undo"), hands.tool("redo")
    expect(undo).to_have_attribute("aria-disabled", "true")
    hands.story()
    end, steps = hands.situation(), hands.happened()
    for _ in range(steps):
        undo.click()
    expect(played.locator("#timeline > li")).to_have_count(0)
    expect(undo).to_have_attribute("aria-disabled", "true")
    undo.click(force=True)
    expect(played.locator("#status")).to_have_text(TEXTS["announce.first"])
    assert hands.situation() == fresh
    for _ in range(steps):
        redo.click()
    expect(redo).to_have_attribute("aria-disabled", "true")
    redo.click(force=True)
    expect(played.locator("#status")).to_have_text(TEXTS["announce.last"])
    assert hands.situation() == end


def test_what_is_done_after_an_undo_takes_the_place_of_what_was_undone(played: Page) -> None:
    hands = Hands(played)
    hands.story()
    hands.tool("undo").click()
    hands.tool("undo").click()
    expect(played.locator("#timeline > li")).to_have_count(3)
    hands.do("oneimage clone")
    expect(hands.tool("redo")).to_have_attribute("aria-disabled", "true")


def test_a_double_click_does_not_press_what_came_into_the_place_of_what_was_pressed(
    played: Page,
) -> None:
    hands = Hands(played)
    hands.act(CREATE).dblclick()
    expect(played.locator("#images .badge")).to_have_text(["LOCKED"])
    hands.answer()
    hands.choose("debian")
    hands.act("oneimage persistent").dblclick()  # stays where it is
    expect(played.locator("#timeline > li")).to_have_count(4)
    hands.tool("undo").dblclick()
    expect(played.locator("#timeline > li")).to_have_count(2)


def test_a_restart_begins_with_nothing(played: Page) -> None:
    hands = Hands(played)
    fresh = hands.situation()
    hands.story()
    hands.tool("restart").click()
    expect(played.locator("#timeline > li")).to_have_count(0)
    assert hands.situation() == fresh
    assert hands.announced() == TEXTS["announce.restarted"]


def test_a_restart_by_mistake_is_taken_back_by_redo(played: Page) -> None:
    hands = Hands(played)
    hands.story()
    end, steps = hands.situation(), hands.happened()
    hands.tool("restart").click()
    for _ in range(steps):
        hands.tool("redo").click()
    assert hands.situation() == end
    expect(hands.tool("redo")).to_have_attribute("aria-disabled", "true")


def test_whoever_opens_a_shared_link_sees_the_same(played: Page, opened: Opener) -> None:
    hands = Hands(played)
    hands.story()
    link = shared(hands)
    other = Hands(opened(link))
    assert other.situation() == hands.situation()
    other.do("oneimage clone")


def shared(hands: Hands) -> str:
    hands.tool("share").click()
    field = hands.page.locator("#share-link")
    link = field.input_value()
    assert field.evaluate("(one) => one.selectionEnd - one.selectionStart") == len(link)
    hands.page.keyboard.press("Escape")
    expect(hands.page.locator("dialog")).to_be_hidden()
    return link


DAMAGES = {
    "cut": ("{begin}.{rest}i", "damaged"),
    "of another version": ("{begin}1.{rest}", "other_version"),
    "without a version": ("play=", "other_version"),
    "of acts that cannot be": ("{begin}.999i7", "damaged"),
    "with a negative act": ("{begin}.-1", "damaged"),
    "huge": ("{begin}" + ".0" * 100_000, "damaged"),
    "foreign": ("{begin}.%00%ff<script>alert(1)</script>", "damaged"),
    "with nothing in it": ("{begin}", "damaged"),
}


@pytest.mark.parametrize(("link", "problem"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_link_gives_one_sentence_and_a_fresh_world(
    played: Page, opened: Opener, page_file: Path, link: str, problem: str
) -> None:
    hands = Hands(played)
    fresh = hands.situation()
    hands.choose_new()
    hands.do(CREATE)
    begin, _, rest = shared(hands).partition("#")[2].partition(".")
    assert begin
    assert rest
    other = opened(f"{page_file.as_uri()}#{link.format(begin=begin, rest=rest)}")
    told = other.locator(".dialog-body")
    expect(told).to_have_text(TEXTS["world.link_" + problem])
    other.keyboard.press("Escape")
    assert Hands(other).situation() == fresh
    Hands(other).do(CREATE)


def test_a_link_and_redo_show_again_what_was_refused_and_why(played: Page, opened: Opener) -> None:
    hands = Hands(played)
    hands.do(CREATE)
    hands.choose_new()
    hands.do(CREATE)
    hands.do("oneimage delete alpine")
    told = played.locator("#refusal").inner_text()
    other = opened(shared(hands))
    expect(other.locator("#chosen")).to_contain_text("alpine")
    expect(other.locator("#refusal")).to_be_visible()
    assert other.locator("#refusal").inner_text() == told
    hands.tool("undo").click()
    expect(played.locator("#refusal")).to_be_hidden()
    hands.choose("debian")
    hands.tool("redo").click()
    expect(played.locator("#chosen")).to_contain_text("alpine")
    expect(played.locator("#refusal")).to_have_text(re.compile("oneimage delete alpine"))


def test_a_long_story_is_shared_too(played: Page, opened: Opener) -> None:
    hands = Hands(played)
    hands.choose_new()
    hands.do(CREATE)
    hands.answer()
    hands.do("oneimage persistent")
    link = shared(hands)
    last = link.rpartition(".")[2]
    link += f".{last}" * 997
    other = Hands(opened(link))
    expect(other.page.locator("dialog")).to_have_count(0)
    expect(other.page.locator("#timeline > li").first).to_have_attribute("value", "1000")
    expect(other.page.locator("#timeline > li").first).to_contain_text(TEXTS["timeline.nothing"])
    assert shared(other) == link


def test_who_shares_a_file_is_told_how_the_link_is_opened_elsewhere(played: Page) -> None:
    Hands(played).tool("share").click()
    expect(played.locator(".dialog-body")).to_contain_text(TEXTS["share.file"])


def test_what_is_no_story_at_all_is_no_link(opened: Opener, page_file: Path) -> None:
    page = opened(f"{page_file.as_uri()}#{'%ED%A0%80' * 9}")
    expect(page.locator("dialog")).to_have_count(0)
    Hands(page).do(CREATE)
