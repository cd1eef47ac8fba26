"""The views and states of the page, one after the other, for what has to hold in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.browser.hands import CREATE, TEXTS, Hands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page


def views(page: Page, *, lessons: int = 1) -> Iterator[str]:
    """Go through the page, and tell the name of each view while it is shown.

    Args:
        page: the page, just opened.
        lessons: how many lessons are looked at, from the first one on.
    """
    yield from _playing(page)
    yield from _lessons(page, lessons)
    yield from _quiz(page)


def _playing(page: Page) -> Iterator[str]:
    hands = Hands(page)
    dialog = page.locator("dialog")
    yield "fresh"
    hands.do(CREATE)
    yield "an image"
    hands.answer()
    hands.tool("restart").click()
    hands.story()
    yield "images, machines, requests, a refusal"
    several = page.locator("#pills [aria-expanded]")
    if several.count():
        several.first.click()
        yield "a choice of moves in the diagram"
        page.keyboard.press("Escape")
    hands.choose("web")
    yield "a machine"
    openers = {
        "a state, explained": "#diagram .state[role=button]",
        "the chosen state, explained": "#chosen-about .explain",
        "an operation, explained": "#moves-now .explain",
        "help": "#tool-help",
        "share": "#tool-share",
    }
    hands.choose("debian")
    for name, opener in openers.items():
        page.locator(opener).first.click()
        expect(dialog).to_be_visible()
        yield name
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()


def part(page: Page, name: str) -> Locator:
    """Go to a part of the page: play, lessons, quiz."""
    page.get_by_role("button", name=TEXTS[f"nav.{name}"], exact=True).click()
    host = page.locator(f"#{name}")
    expect(host.locator("h2").first).to_be_visible()
    return host


def _lessons(page: Page, most: int) -> Iterator[str]:
    part(page, "lessons")
    yield "lessons"
    lessons = data_of(page)["lessons"][:most]
    for place in range(len(lessons)):
        page.locator("#lessons .lesson").nth(place).click()
        yield from (f"lesson {place + 1}, {view}" for view in _lesson(page, lessons[place]))
        page.get_by_role("button", name=TEXTS["lessons.all"], exact=True).first.click()


def _lesson(page: Page, lesson: dict[str, Any]) -> Iterator[str]:
    """Take a lesson, answering always with the first choice."""
    asked = [
        one for part in lesson["parts"] for first in part["questions"] for one in in_order(first)
    ]
    answered = 0
    while not page.locator("#lessons .score").count():
        if page.locator("#lessons .next").count():
            page.locator("#lessons .next").click()
            continue
        if not answered:
            yield "its first question"
        page.locator("#lessons button.answer").first.click()
        answered += 1
        if answered == len(asked):
            yield "its last answer"
    yield "its end"


def in_order(question: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """Give a question, and what is asked next about the same."""
    while question is not None:
        yield question
        question = question["then"]


def data_of(page: Page) -> dict[str, Any]:
    """Give what the page was made with."""
    found: dict[str, Any] = page.evaluate("JSON.parse(document.getElementById('data').textContent)")
    return found


def _quiz(page: Page) -> Iterator[str]:
    bank = data_of(page)["questions"]
    part(page, "quiz")
    yield "quiz"
    page.locator("#quiz .lesson").first.click()
    yield "quiz, a question"
    _reply(page, bank[0], wrongly=False)
    expect(page.locator("#quiz .verdict-wrong")).to_have_count(0)
    yield "quiz, a right answer"
    page.locator("#quiz .next").click()
    _reply(page, bank[1], wrongly=True)
    expect(page.locator("#quiz .verdict-wrong")).not_to_have_count(0)
    yield "quiz, a wrong answer"
    for question in bank[2:]:
        page.locator("#quiz .next").click()
        if page.locator("#quiz .scores").count():
            break
        _reply(page, question, wrongly=False)
    yield "quiz, its end"


def _reply(page: Page, question: dict[str, Any], *, wrongly: bool) -> None:
    """Answer a question of the quiz, and what it asks next about the same."""
    for one in in_order(question):
        choices = page.locator("#quiz button.answer")
        expect(choices).to_have_count(len(one["choices"]))
        choices.nth((one["right"] + wrongly) % len(one["choices"])).click()
