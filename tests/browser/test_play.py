"""The part of the page on which the lifecycle is played: what is shown, told and explained."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from lifecycle.cloud.vm_operations import VM_OPERATIONS
from lifecycle.cloud.vm_states import VmState
from lifecycle.states import ImageState
from tests.browser.hands import CREATE, TEXTS, Hands
from tests.browser.looks import DESK, PHONE, PRINTED
from tests.tools import run_node

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Opener

COVERED = """
() => {
  const box = (one) => one.getBoundingClientRect();
  const meet = (one, other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2;
  const labels = [...document.querySelectorAll("#pills .pill")];
  const drawn = [...labels, ...document.querySelectorAll("#diagram .state rect")];
  return labels.flatMap((label) =>
    drawn
      .filter((other) => other !== label && meet(box(label), box(other)))
      .map((other) => `${label.dataset.way} ${other.dataset.way ?? other.parentNode.id}`));
}
"""
"""Tells which labels of moves lie upon another or upon a state."""


def lit(page: Page) -> list[str]:
    found: list[str] = page.locator("#diagram .state.lit").evaluate_all(
        "(found) => found.map((one) => one.dataset.state)"
    )
    return found


def moves(page: Page) -> set[str]:
    found: list[str] = page.locator("#pills .pill").evaluate_all(
        "(found) => found.map((one) => one.dataset.way)"
    )
    edges: list[str] = page.locator("#diagram .edge.lit").evaluate_all(
        "(found) => found.map((one) => `${one.dataset.from}-${one.dataset.to}`)"
    )
    assert sorted(found) == sorted(edges)
    return set(found)


def test_the_state_of_what_is_selected_is_lit_and_so_are_its_moves(played: Page) -> None:
    Hands(played).do(CREATE)
    assert lit(played) == ["LOCKED"]
    assert moves(played) == {"LOCKED-READY", "LOCKED-ERROR", "LOCKED-gone", "LOCKED-LOCKED_USED"}
    Hands(played).answer()
    expect(played.locator("#state-READY")).to_have_class(re.compile(r"\blit\b"))
    assert "READY-DISABLED" in moves(played)
    assert not {one for one in moves(played) if not one.startswith("READY-")}


def test_the_first_move_is_lit_where_there_is_nothing_yet(played: Page) -> None:
    assert lit(played) == ["new"]
    assert moves(played) == {"INIT-LOCKED"}
    played.locator("#pills .pill").click()
    played.locator("#pills .menu .choice").first.click()
    expect(played.locator("#images .badge")).to_have_text(["LOCKED"])


def test_another_link_in_the_same_tab_is_followed(played: Page) -> None:
    Hands(played).do(CREATE)
    played.locator("#tool-share").click()
    link = played.locator("#share-link").input_value()
    played.keyboard.press("Escape")
    Hands(played).answer()
    expect(played.locator("#timeline > li")).to_have_count(2)
    played.evaluate("(link) => { location.href = link; }", link)
    expect(played.locator("#timeline > li")).to_have_count(1)
    expect(played.locator("#images .badge")).to_have_text(["LOCKED"])


def test_an_image_that_is_gone_is_shown_as_gone_until_something_else_is_chosen(
    played: Page,
) -> None:
    Hands(played).do(CREATE, "oneimage delete debian --force")
    assert lit(played) == ["gone"]
    assert moves(played) == set()
    expect(played.locator("#chosen")).to_contain_text("debian")
    expect(played.locator("#acts .act:visible")).to_have_count(0)
    played.locator("#images .card").last.click()
    expect(Hands(played).act(CREATE)).to_be_visible()


def test_images_are_marked_on_their_states_and_chosen_by_their_marks(played: Page) -> None:
    Hands(played).do(CREATE)
    Hands(played).answer()
    Hands(played).do("oneimage clone")
    expect(played.locator(".markers[data-of=LOCKED] [data-image='1']")).to_have_count(1)
    played.locator(".markers[data-of=LOCKED] [data-image='1']").click()
    expect(played.locator("#chosen")).to_contain_text("debian-copy")
    expect(played.locator(".marker.chosen")).to_have_attribute("data-image", "1")
    assert lit(played) == ["LOCKED"]


def test_a_card_tells_counters_flags_holders_and_where_it_comes_from(played: Page) -> None:
    Hands(played).do(CREATE)
    Hands(played).answer()
    Hands(played).do("onevm create", "oneimage clone")
    source, copy = (played.locator("#images .card").nth(place) for place in (0, 1))
    for told in ("USED", "RUNNING_VMS 1", "CLONING_OPS 1", "Held by web", "Being copied to"):
        expect(source).to_contain_text(told)
    for told in ("LOCKED", "RUNNING_VMS 0", TEXTS["world.no_file"], "Copied from debian"):
        expect(copy).to_contain_text(told)
    expect(played.locator("#machines .card")).to_contain_text("Disks: debian")


def test_a_card_tells_which_of_its_holders_are_done(played: Page) -> None:
    hands = Hands(played)
    hands.do(CREATE, "onevm create")
    hands.answer(well=False)
    hands.choose("web")
    hands.do("onevm terminate web")
    expect(played.locator("#images .card").first).to_contain_text("Held by web (DONE)")


def test_where_no_more_fit_the_page_says_so_until_one_is_gone(played: Page) -> None:
    def most(kind: str) -> str:
        return TEXTS[f"play.full.{kind}"].format(most=4)

    told = played.locator("#chosen-about .full")
    for number in range(4):
        expect(told).to_have_count(0)
        played.keyboard.press("n")
        Hands(played).do(CREATE)
        expect(played.locator("#images .badge")).to_have_count(number + 1)
    expect(told).to_have_text([most("image")])
    for _ in range(4):
        Hands(played).do("onevm create")
    expect(told).to_have_text([most("image"), most("machine")])
    played.keyboard.press("n")
    expect(told).to_have_text([most("image")])
    expect(played.locator("#status")).to_have_text(f"{TEXTS['board.new']}. {most('image')}")
    expect(played.locator("#acts .act")).to_have_count(0)
    played.locator("#images .card").first.click()
    Hands(played).do("oneimage delete debian --force")
    expect(told).to_have_text([most("machine")])


def test_a_machine_lights_the_states_of_its_images(played: Page) -> None:
    Hands(played).do(CREATE, "onevm create")
    played.locator("#machines .card").click()
    expect(played.locator("#chosen")).to_contain_text("web")
    assert lit(played) == ["LOCKED_USED"]
    assert "LOCKED_USED-LOCKED" in moves(played)


def test_what_machines_can_do_for_an_image_stands_with_its_own_moves(played: Page) -> None:
    Hands(played).do(CREATE)
    Hands(played).answer()
    Hands(played).do("onevm create")
    expect(played.locator("#moves-machines")).to_contain_text("onevm terminate web")
    played.locator("#pills [data-way=USED-READY]").click()
    expect(played.locator("#state-READY")).to_have_class(re.compile(r"\blit\b"))


ON_EDGE = """
(edge) => {
  const line = edge.querySelector(".hit");
  const at = line.getPointAtLength(line.getTotalLength() * 0.75);
  const { x, y } = new DOMPoint(at.x, at.y).matrixTransform(line.getScreenCTM());
  return [x, y];
}
"""
"""Gives a point of the window on the line of an edge."""


def test_a_press_on_a_lit_edge_does_what_its_label_does(played: Page) -> None:
    def press(start: str, end: str) -> None:
        edge = played.locator(f"#diagram .edge[data-from={start}][data-to={end}]")
        played.mouse.click(*edge.evaluate(ON_EDGE))

    Hands(played).do(CREATE)
    press("LOCKED", "READY")
    expect(played.locator("#images .badge")).to_have_text(["READY"])
    press("READY", "USED")  # by a machine, and by a copy
    choices = played.locator("#pills .menu .choice")
    expect(choices).to_have_count(2)
    played.locator("#diagram").click(position={"x": 5, "y": 5})
    expect(choices).to_have_count(0)
    press("READY", "USED")
    choices.filter(has_text="onevm create").click()
    expect(played.locator("#images .badge")).to_have_text(["USED"])


def test_several_acts_of_one_way_are_offered_and_escape_closes_them(played: Page) -> None:
    Hands(played).do(CREATE)
    Hands(played).answer()
    way = played.locator("#pills [data-way=READY-USED]")
    way.click()
    expect(way).to_have_attribute("aria-expanded", "true")
    choices = played.locator("#pills .menu .choice")
    expect(choices.first).to_be_focused()
    played.keyboard.press("Escape")
    expect(choices).to_have_count(0)
    expect(way).to_be_focused()
    way.click()
    choices.filter(has_text="onevm create").click()
    expect(played.locator("#images .badge").first).to_have_text("USED")


def test_a_refusal_tells_the_reason_oneds_text_and_what_helps(played: Page) -> None:
    Hands(played).do(CREATE, "oneimage delete debian")
    refusal = played.locator("#refusal")
    expect(refusal).to_contain_text("Image locked, use --force flag to remove the image")
    expect(refusal).to_contain_text(TEXTS["refusal.why"])
    expect(refusal).to_contain_text("the image is LOCKED")
    expect(played.locator("#timeline > li.refused")).to_have_count(1)
    refusal.get_by_role("button", name="oneimage delete debian --force").click()
    expect(refusal).to_be_hidden()
    assert lit(played) == ["gone"]


def test_who_is_stuck_is_told_so_and_what_helps(played: Page) -> None:
    hands = Hands(played)
    hands.do(CREATE, "onevm create")
    hands.answer(well=False)
    hands.choose("web")
    hands.do("onevm terminate")
    hands.choose("debian")
    hands.do("oneimage enable", "oneimage delete debian")  # its machine is gone, and counted still
    refusal = played.locator("#refusal")
    for told in (refusal, played.locator("#status")):
        expect(told).to_contain_text(TEXTS["refusal.nowhere"])
    # What the page has, and what cannot be tried now, is not told as possible elsewhere.
    expect(refusal).not_to_contain_text("onevm terminate")
    expect(refusal).to_contain_text("onemarketapp create")
    refusal.get_by_role("button", name=TEXTS["refusal.stuck"].format(state="USED")).click()
    dialog = played.get_by_role("dialog", name="USED", exact=True)
    expect(dialog).to_contain_text(TEXTS["explain.stuck"])
    expect(dialog).to_contain_text("onedb fsck")


def test_what_happens_is_told_to_who_listens(played: Page) -> None:
    Hands(played).do(CREATE)
    status = played.locator("#status")
    expect(status).to_contain_text("debian is new: LOCKED")
    expect(status).to_contain_text("datastore: complete CP debian")
    Hands(played).do("oneimage delete debian")
    expect(status).to_contain_text("Image locked, use --force")
    Hands(played).answer()
    expect(status).to_contain_text("debian: LOCKED → READY")


@pytest.mark.parametrize("state", [one.name for one in ImageState])
def test_each_state_is_explained_on_demand(played: Page, state: str) -> None:
    played.locator(f"#state-{state}").click()
    dialog = played.get_by_role("dialog", name=state, exact=True)
    expect(dialog).to_contain_text(ImageState[state].meaning)
    expect(dialog).to_contain_text(TEXTS["explain.ways"])
    played.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_state_of_a_machine_is_explained_on_demand(played: Page) -> None:
    Hands(played).do(CREATE, "onevm create")
    played.locator("#machines .card").click()
    expect(played.locator("#chosen-about")).to_contain_text(VmState.CLONING.meaning)
    played.get_by_role("button", name=TEXTS["play.explain"].format(name="CLONING")).click()
    dialog = played.get_by_role("dialog", name="CLONING", exact=True)
    for told in (
        VmState.CLONING.meaning,
        "images changed → HOLD, PENDING, CLONING_FAILURE",
        VM_OPERATIONS["images_changed"].meaning,
        "terminate → DONE",
        "onevm terminate VM",
    ):
        expect(dialog).to_contain_text(told)


def test_an_operation_is_explained_with_what_is_typed(played: Page) -> None:
    Hands(played).do(CREATE)
    explain = played.get_by_role("button", name=TEXTS["play.explain"].format(name="delete force"))
    explain.click()
    dialog = played.get_by_role("dialog")
    for told in ("The image goes", "oneimage delete IMAGE --force", "oneimage delete debian --for"):
        expect(dialog).to_contain_text(told)
    expect(dialog).to_contain_text("one.image.delete")
    played.keyboard.press("Escape")
    expect(explain).to_be_focused()


def test_arrows_lead_from_state_to_state_in_the_diagram(played: Page) -> None:
    Hands(played).do(CREATE)
    played.locator("#state-LOCKED").focus()
    played.keyboard.press("ArrowRight")
    expect(played.locator("#state-ERROR")).to_be_focused()
    expect(played.locator("#diagram [role=button][tabindex='0']")).to_have_count(1)
    played.keyboard.press("Enter")
    expect(played.get_by_role("dialog", name="ERROR")).to_be_visible()


def test_the_focus_is_never_lost(played: Page) -> None:
    Hands(played).act(CREATE).focus()
    played.keyboard.press("Enter")
    expect(played.locator("#timeline > li")).to_have_count(1)
    Hands(played).act("oneimage delete debian --force").focus()
    played.keyboard.press("Enter")
    expect(played.locator("#timeline > li")).to_have_count(2)
    assert played.evaluate("document.activeElement.tagName") != "BODY"


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_a_phone_shows_all_and_nothing_scrolls_sideways_but_boxes(played: Page) -> None:
    Hands(played).story()
    assert played.evaluate("document.documentElement.scrollWidth") <= PHONE.width
    stage = played.locator("#stage").bounding_box()
    state = played.locator("#diagram .state.lit").bounding_box()
    assert stage is not None
    assert state is not None
    assert stage["x"] <= state["x"] < state["x"] + state["width"] <= stage["x"] + stage["width"]


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_a_phone_shows_all_of_a_choice_in_the_diagram(played: Page) -> None:
    Hands(played).do(CREATE)
    Hands(played).answer()
    played.locator("#pills [data-way=READY-USED]").click()
    stage = played.locator("#stage").bounding_box()
    menu = played.locator("#pills .menu").bounding_box()
    assert stage is not None
    assert menu is not None
    assert stage["x"] <= menu["x"] < menu["x"] + menu["width"] <= stage["x"] + stage["width"]


@pytest.mark.parametrize("look", [PRINTED], ids=str)
def test_paper_shows_the_story_and_no_buttons_of_tools(played: Page) -> None:
    played.emulate_media(media="screen")
    Hands(played).story()
    played.emulate_media(media="print")
    expect(played.locator("#diagram")).to_be_visible()
    expect(played.locator("#timeline > li").first).to_be_visible()
    for hidden in (".toolbar", ".explain", ".pill", "#moves-refused"):
        expect(played.locator(hidden).first).to_be_hidden()


@pytest.mark.parametrize("look", [PRINTED], ids=str)
def test_paper_shows_all_cards_whole(played: Page) -> None:
    played.emulate_media(media="screen")
    for number in range(4):
        Hands(played).choose_new()
        Hands(played).do(CREATE)
        expect(played.locator("#images .badge")).to_have_count(number + 1)
    played.set_viewport_size({"width": 760, "height": 1000})
    played.emulate_media(media="print")
    expect(played.locator("#images [data-key='-1']")).to_be_hidden()
    boxes = [card.bounding_box() for card in played.locator("#images .card:visible").all()]
    assert len(boxes) == 4
    assert all(box is not None and box["x"] + box["width"] <= 760 for box in boxes)


@pytest.mark.parametrize("look", [DESK, PHONE], ids=str)
def test_high_numbers_in_the_timeline_are_not_torn_apart(played: Page) -> None:
    hands = Hands(played)
    hands.do(CREATE)
    hands.answer()  # what is told in few words stays in its line
    row = played.locator("#timeline > li").first
    low = row.bounding_box()
    row.evaluate("(one) => { one.value = 1234567; }")
    high = row.bounding_box()
    assert low is not None
    assert high is not None
    assert high["height"] == low["height"]


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_options_of_commands_are_not_torn_apart(played: Page) -> None:
    lines = played.locator("#acts .act code .whole").evaluate_all(
        "(found) => found.map((one) => [one.textContent, one.getClientRects().length])"
    )
    assert "--persistent" in [words for words, _ in lines]
    assert {count for _, count in lines} == {1}


def test_every_kind_of_refusal_is_shown_with_its_reason_and_what_helps(
    opened: Opener, page_file: Path
) -> None:
    told = run_node("refusals.mjs", None)
    assert told["missing"] == 0
    assert len(told["found"]) > 40
    page, before = opened(page_file.as_uri()), ""
    for one in sorted(told["found"], key=lambda one: str(one["fragment"])):
        if one["fragment"] != before:
            page.goto("about:blank")
            page.goto(f"{page_file.as_uri()}#{one['fragment']}")
            before = one["fragment"]
        card = page.locator(".card", has=page.get_by_text(one["on"], exact=True)).first
        card.click()
        expect(card).to_have_attribute("aria-pressed", "true")
        assert page.evaluate(COVERED) == []
        page.locator("#moves-refused .act", has=page.get_by_text(one["label"], exact=True)).click()
        refusal = page.locator("#refusal")
        expect(refusal.locator(".oned code")).to_have_text(one["text"])
        for words in (*one["why"], *one["ways"]):
            expect(refusal).to_contain_text(words.partition(" --")[0])
        assert one["instead"], one
        for way in one["instead"]:
            assert all(way["done"]), way
            for step in way["steps"]:
                expect(refusal).to_contain_text(step)
        page.locator("#tool-undo").click()
        expect(refusal).to_be_hidden()
