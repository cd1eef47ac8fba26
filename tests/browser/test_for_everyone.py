"""The page is for everyone: whatever the screen, the colours, the eyes, the hands."""

from __future__ import annotations

import re
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.auditing import audit
from tests.browser.hands import CREATE, TEXTS, Hands
from tests.browser.looks import DARK, DESK, PHONE, SCRIPTLESS, STILL, Look
from tests.browser.views import views

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Opener

TABLET_ZOOMED = Look(width=640, height=400)
"""What a window of 1280 pixels has at a zoom of 200 %."""

DESK_ZOOMED = Look(width=320, height=256)
"""What it has at 400 %: the least that WCAG 2.2 asks for, in 1.4.10."""

NAMELESS = re.compile(r"- (?:button|link|checkbox|textbox|img|radio)(?:$| \[)", re.MULTILINE)
"""What can be pressed and has no name, in a snapshot of what screen readers are told."""

ALL_LESSONS = 99

SMALLEST = 24
"""CSS pixels: WCAG 2.2, 2.5.8."""

_TOO_SMALL = """
(least) => [...document.querySelectorAll("button, a[href], input, select, summary, [role=button]")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.right > 0 && box.width > 0 && Math.min(box.width, box.height) < least)
  .map(([one, box]) => `${one.outerHTML.slice(0, 120)}: ${box.width} x ${box.height}`)
"""
_TOO_WIDE = """
() => {
  const page = document.scrollingElement;
  return page.scrollWidth > page.clientWidth ? page.scrollWidth : 0;
}
"""
_MOVING = """
() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  const lasts = `${style.transitionDuration}, ${style.animationDuration}`.split(", ");
  return lasts.some((one) => parseFloat(one) > 0);
}).length + document.getAnimations().length
"""


@pytest.mark.parametrize("look", [STILL], ids=str)
def test_axe_finds_nothing_in_any_view_in_light_and_dark_and_on_a_phone(played: Page) -> None:
    found = {}
    for view in views(played, lessons=ALL_LESSONS):
        # The top and the diagram are the same in every lesson.
        seen_before = view.startswith("lesson ") and not view.startswith("lesson 1,")
        beside = ["#top", "#board"] if seen_before else []
        for look in (DARK, PHONE, DESK):
            look.put_on(played)
            found[view, str(look)] = audit(played, *beside)
    assert {view: told for view, told in found.items() if told} == {}


@pytest.mark.parametrize("look", [PHONE, TABLET_ZOOMED, DESK_ZOOMED], ids=str)
def test_on_a_narrow_screen_no_view_is_wider_than_it(played: Page) -> None:
    found = {view: played.evaluate(_TOO_WIDE) for view in views(played)}
    assert {view: width for view, width in found.items() if width} == {}


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_on_a_phone_whatever_is_pressed_is_large_enough(played: Page) -> None:
    found = {view: played.evaluate(_TOO_SMALL, SMALLEST) for view in views(played)}
    assert {view: small for view, small in found.items() if small} == {}


@pytest.mark.parametrize("look", [DESK, STILL], ids=str)
def test_nothing_moves_for_whoever_does_not_want_it(played: Page, look: Look) -> None:
    Hands(played).story()
    assert (played.evaluate(_MOVING) == 0) is look.still


@pytest.mark.parametrize("look", [DESK, DARK], ids=str)
def test_the_ground_is_light_or_dark_as_the_system_is(played: Page, look: Look) -> None:
    ground = played.evaluate("getComputedStyle(document.body).backgroundColor")
    ink = played.evaluate("getComputedStyle(document.body).color")
    assert (brightness(ground) < brightness(ink)) is look.dark
    assert abs(brightness(ground) - brightness(ink)) > 150


def brightness(colour: str) -> float:
    """Give how bright a colour is that a browser tells as ``rgb(…)``."""
    red, green, blue, *_ = map(float, re.findall(r"[\d.]+", colour))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_where_colours_are_forced_one_still_sees_what_is_selected(played: Page) -> None:
    hands = Hands(played)
    hands.story()
    played.emulate_media(forced_colors="active")
    hands.choose("web")
    played.locator("#tool-help").focus()  # what has the focus is marked anyway
    outlined = """(found) => found.filter((one) => getComputedStyle(one).outlineStyle === "solid")
        .map((one) => one.textContent)"""
    assert played.locator(".card").evaluate_all(outlined) == [hands.card("web").text_content()]
    assert played.locator(".tab").evaluate_all(outlined) == [TEXTS["nav.play"]]


def test_letters_are_as_large_as_the_browser_is_set_to(played: Page) -> None:
    """Whoever sets large letters gets them: on screens no size is fixed; the diagram scales."""
    fixed = played.evaluate(
        """() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
            .filter((rule) => rule.style?.fontSize?.endsWith("px"))
            .map((rule) => rule.selectorText)"""
    )
    assert [one for one in fixed if ".marker" not in one] == []


@pytest.mark.parametrize("look", [Look(width=700, printed=True)], ids=str)
def test_on_paper_there_are_the_situation_and_the_whole_diagram(played: Page) -> None:
    played.emulate_media(media="screen")
    Hands(played).story()
    played.emulate_media(media="print")
    assert played.evaluate(_TOO_WIDE) == 0
    expect(played.locator("#images")).to_be_visible()
    expect(played.locator("#timeline > li")).to_have_count(5)
    for pressed in ("#tool-undo", ".explain", ".pill"):
        for one in played.locator(pressed).all():
            expect(one).to_be_hidden()
    stage, diagram = (played.locator(one).bounding_box() for one in ("#stage", "#diagram"))
    assert stage
    assert diagram
    assert diagram["width"] <= stage["width"] <= 700
    assert curves(played.pdf(format="A4")) > 30
    played.locator("#diagram").evaluate("(one) => one.remove()")
    assert curves(played.pdf(format="A4")) < 30


def curves(pdf: bytes) -> int:
    """Count the curves that a PDF draws; the diagram's ways are some."""
    assert pdf.startswith(b"%PDF-")
    streams = re.findall(rb"/FlateDecode.*?stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    pages = (zlib.decompressobj().decompress(one) for one in streams)
    return sum(len(re.findall(rb"(?:[-\d.]+ ){6}c\n[-\d. ]*S", page)) for page in pages)


def test_screen_readers_are_told_what_each_move_did_and_what_is_possible(played: Page) -> None:
    hands = Hands(played)
    status = played.locator("#status")
    expect(status).to_have_attribute("aria-live", "polite")
    hands.do(CREATE)
    expect(status).to_contain_text("debian is new: LOCKED. Possible now: ")
    hands.answer()
    expect(status).to_contain_text("debian: LOCKED → READY. Possible now: oneimage ")
    hands.do("onevm create")
    expect(status).to_contain_text("debian: READY → USED")
    hands.do("oneimage delete")
    expect(status).to_contain_text("Refused. Cannot delete image. There are 1 VMs using it. one")
    way = "onevm terminate web, then oneimage delete debian"
    expect(status).to_contain_text(f"the image is USED. So that it is done: {way}. Possible now: ")
    hands.tool("undo").click()
    expect(status).to_contain_text(
        "Undone: oneimage delete debian. debian: USED. Possible now: one"
    )
    hands.tool("undo").click()
    expect(status).to_contain_text("Undone: onevm create --name web --disk debian. debian: READY.")
    hands.tool("redo").click()
    expect(status).to_contain_text("--disk debian. debian: USED. Possible now: oneimage ")
    hands.choose("web")
    expect(status).to_contain_text("web: PENDING. Possible now: onevm ")


def test_everything_that_can_be_pressed_has_a_name(played: Page) -> None:
    for view in views(played):
        told = played.locator("body").aria_snapshot()
        assert NAMELESS.findall(told) == [], view
        assert "heading" in told, view


def test_landmarks_and_headings_lead_through_the_page(played: Page) -> None:
    Hands(played).story()
    expect(played.get_by_role("main")).to_have_count(1)
    expect(played.get_by_role("banner")).to_have_count(1)
    expect(played.get_by_role("heading", level=1)).to_have_count(1)
    levels = played.locator(":is(h1, h2, h3, h4):visible").evaluate_all(
        "(all) => all.map((one) => Number(one.tagName[1]))"
    )
    assert all(later <= before + 1 for before, later in pairwise(levels))


def test_the_first_tab_stop_leads_past_the_top(played: Page) -> None:
    played.keyboard.press("Tab")
    assert played.evaluate("document.activeElement.textContent") == TEXTS["nav.skip"]
    played.keyboard.press("Enter")
    assert played.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("look", [SCRIPTLESS], ids=str)
def test_without_scripts_the_page_says_what_it_needs(played: Page) -> None:
    sentence = played.locator("noscript p")
    expect(sentence).to_be_visible()
    assert sentence.inner_text() == TEXTS["noscript"]


def test_back_and_forth_in_the_browser_goes_from_link_to_link(
    played: Page, opened: Opener, page_file: Path
) -> None:
    hands = Hands(played)
    hands.story()
    hands.tool("share").click()
    link = played.locator("#share-link").input_value()
    there = hands.situation()
    page = opened(page_file.as_uri())
    other = Hands(page)
    fresh = other.situation()
    page.goto(link)
    expect(page.locator("#timeline > li")).to_have_count(5)
    assert other.situation() == there
    page.go_back()
    expect(page.locator("#timeline > li")).to_have_count(0)
    assert other.situation() == fresh
    page.go_forward()
    expect(page.locator("#timeline > li")).to_have_count(5)
    assert other.situation() == there
