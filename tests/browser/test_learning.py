"""Lessons and the quiz on the page: each to its end, right and wrong, by the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from lifecycle.page import document
from lifecycle.page.learning import lesson_data
from lifecycle.scenario.format import read
from lifecycle.teach.lessons import find, shipped
from tests.browser.hands import TEXTS
from tests.browser.looks import DARK, PHONE, Look
from tests.browser.views import data_of, in_order, part

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Opener

Data = dict[str, Any]
NAMES = list(shipped())
LETTERS = "abcd"
ROUND = 8


def answers(lesson: Data) -> list[list[Data]]:
    """Give the questions of each page of a lesson: one for each thing that happens."""
    pages = [
        [one for first in part["questions"] for one in in_order(first)]
        for part in lesson["parts"]
        if part["kind"] != "say"
    ]
    return pages if lesson["parts"][-1]["kind"] != "say" else [*pages, []]


def sentence(words: str) -> str:
    """Give words as they are told: with a mark at their end."""
    return words if words.endswith((".", "!", "?")) else f"{words}."


def came_of_right(question: Data) -> list[str]:
    """Give what happens after the right answer to a question of the quiz, line by line."""
    steps = question["replays"][question["replay"][question["right"]]]
    return [line for step in steps for line in step["outcome"]]


def answer(host: Locator, question: Data, place: int) -> None:
    """Answer the open question, and look at what is said to it."""
    asked = host.locator(".question:has(button)")
    expect(asked.locator("button")).to_have_count(len(question["choices"]))
    told = host.locator(".verdict")
    before = told.count()
    asked.locator("button").nth(place).click()
    expect(told).to_have_count(before + 1)
    right = place == question["right"]
    words = "Right." if right else "No: "
    expect(told.last).to_contain_text(words)
    expect(host.locator(".answer-right")).to_have_count(before + 1)


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_is_played_to_its_end_with_right_answers(name: str, played: Page) -> None:
    lesson = lesson_data(find(name))
    host = part(played, "lessons")
    host.get_by_role("button", name=lesson["title"]).click()
    expect(host.get_by_role("heading", level=2)).to_have_text(lesson["title"])
    count = 0
    for questions in answers(lesson):
        for question in questions:
            count += 1
            answer(host, question, question["right"])
        host.locator(".next").click()
    expect(host.locator(".score")).to_have_text(f"{count} of {count} right")


def test_wrong_answers_are_put_right_and_what_happens_is_shown(played: Page) -> None:
    lesson = lesson_data(find(NAMES[0]))
    host = part(played, "lessons")
    host.get_by_role("button", name=lesson["title"]).click()
    count = 0
    done = [one for one in lesson["parts"] if one["kind"] != "say"]
    for one, questions in zip(done, answers(lesson), strict=False):
        for question in questions:
            count += 1
            expect(host.locator(".came")).to_have_count(0)
            answer(host, question, (question["right"] + 1) % len(question["choices"]))
        if one["outcome"]:
            expect(host.locator(".came li")).to_have_text(one["outcome"])
        for change in one["changes"]:
            if change["kind"] == "image":
                lit = played.locator(f"#diagram .state[data-state='{change['states'][-1]}']")
                assert "lit" in (lit.get_attribute("class") or "").split()
        host.locator(".next").click()
    expect(host.locator(".score")).to_have_text(f"0 of {count} right")
    asked = [place for place, questions in enumerate(answers(lesson)) if questions]
    again = host.locator(".telling ul.steps button")
    expect(again).to_have_text([f"Step {place + 1} of {len(done)}" for place in asked])
    looked_at = host.get_by_role("heading", name=TEXTS["quiz.wrongs"])
    expect(looked_at).to_be_visible()
    played.emulate_media(media="print")
    expect(looked_at).to_have_count(0)
    played.emulate_media(media="screen")
    again.last.click()
    expect(host.locator(".answer-wrong")).to_have_count(len(answers(lesson)[asked[-1]]))


def test_screen_readers_are_told_what_came_of_a_step_and_the_score(played: Page) -> None:
    lesson = lesson_data(find(NAMES[0]))
    told = played.locator("#status")
    host = part(played, "lessons")
    host.get_by_role("button", name=lesson["title"]).click()
    done = [one for one in lesson["parts"] if one["kind"] != "say"]
    count = 0
    for one, questions in zip(done, answers(lesson), strict=False):
        for question in questions:
            count += 1
            answer(host, question, question["right"])
            expect(told).to_contain_text("Right.")
        if questions:
            expect(told).to_have_text(" ".join(["Right.", *map(sentence, one["outcome"])]))
        host.locator(".next").click()
    expect(told).to_have_text(f"{count} of {count} right.")


def test_screen_readers_are_told_what_happens_after_the_right_answer_to_a_quiz(
    played: Page,
) -> None:
    question = data_of(played)["questions"][0]
    came = came_of_right(question)
    host = part(played, "quiz")
    host.locator(".lesson").first.click()
    answer(host, question, (question["right"] + 1) % len(question["choices"]))
    told = played.locator("#status")
    expect(told).to_have_text(
        " ".join(map(sentence, [f"No: {question['choices'][question['right']]}", *came]))
    )


def test_whoever_was_right_can_have_it_shown_and_goes_on_there(played: Page) -> None:
    question = data_of(played)["questions"][0]
    came = came_of_right(question)
    host = part(played, "quiz")
    host.locator(".lesson").first.click()
    answer(host, question, question["right"])
    host.get_by_role("button", name=TEXTS["quiz.show"]).press("Enter")
    expect(host.get_by_role("button", name=TEXTS["quiz.first"])).to_be_focused()
    expect(played.locator("#status")).to_have_text(" ".join(map(sentence, came)))


@pytest.mark.parametrize(
    ("name", "thing", "told"),
    [("first-image", "web", "Disks: debian"), ("snapshots", "data", "Snapshots: #0")],
)
def test_cards_of_lessons_call_things_by_their_names(
    name: str, thing: str, told: str, played: Page
) -> None:
    lesson = lesson_data(find(name))
    host = part(played, "lessons")
    host.get_by_role("button", name=lesson["title"]).click()
    card = host.locator(".scene .card", has_text=thing)
    seen = []
    for questions in answers(lesson):
        for question in questions:
            answer(host, question, question["right"])
        seen += card.all_inner_texts()
        host.locator(".next").click()
    seen += card.all_inner_texts()
    assert "#0" not in seen[-1].replace("Snapshots: #0", "")
    assert any(told in one for one in seen)


def test_a_lesson_goes_back_and_forth_and_keeps_the_answers(played: Page) -> None:
    lesson = lesson_data(find("clones"))
    host = part(played, "lessons")
    host.get_by_role("button", name=lesson["title"]).click()
    for questions in answers(lesson)[:3]:
        for question in questions:
            answer(host, question, question["right"])
        host.locator(".next").click()
    seen = host.locator(".telling").inner_text()
    host.get_by_role("button", name="Back").click()
    expect(host.locator(".verdict").first).to_have_text("Right.")
    assert host.locator(".question button").count() == 0
    host.locator(".next").click()
    assert host.locator(".telling").inner_text() == seen


@pytest.mark.parametrize("look", [Look(height=500)], ids=str)
def test_each_step_of_a_lesson_is_read_from_its_beginning(played: Page) -> None:
    lesson = lesson_data(find(NAMES[-1]))
    host = part(played, "lessons")
    host.get_by_role("button", name=lesson["title"]).click()
    for questions in answers(lesson):
        for question in questions:
            answer(host, question, question["right"])
        host.locator(".next").click()
        expect(host.locator(".learn-head")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("look", [PHONE], ids=str)
def test_a_lesson_is_taken_by_the_keyboard_alone(played: Page) -> None:
    lesson = lesson_data(find("two-meanings-of-lock"))
    keys = played.keyboard
    for _ in range(30):
        keys.press("Tab")
        if played.evaluate("document.activeElement.dataset.part") == "lessons":
            break
    keys.press("Enter")
    for _ in range(30):
        keys.press("Tab")
        if lesson["title"] in played.evaluate("document.activeElement.textContent"):
            break
    keys.press("Enter")
    host = played.locator("#lessons")
    expect(host.get_by_role("heading", level=2)).to_be_focused()
    count = 0
    for number, questions in enumerate(answers(lesson)):
        if not number:
            for _ in range(5):
                keys.press("Tab")
                if played.evaluate("document.activeElement.matches('.question button, .next')"):
                    break
        for question in questions:
            count += 1
            expect(host.locator(".question button").first).to_be_focused()
            keys.press(LETTERS[question["right"]])
            expect(played.locator("#status")).to_contain_text("Right.")
        expect(host.locator(".next")).to_be_focused()
        keys.press("Enter")
    expect(host.locator(".score")).to_have_text(f"{count} of {count} right")
    assert played.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_letter_answers_wherever_in_its_part_one_is(played: Page) -> None:
    keys, told = played.keyboard, played.locator(".verdict:visible")
    lessons = part(played, "lessons")
    lessons.locator(".lesson").first.click()
    expect(lessons.get_by_role("heading", level=2)).to_be_focused()
    keys.press("Control+a")
    expect(told).to_have_count(0)
    keys.press("A")
    expect(told).to_have_count(1)
    quiz = part(played, "quiz")
    quiz.locator(".lesson").first.click()
    for number in range(2):
        quiz.locator(".prompt").first.click()
        for _ in in_order(data_of(played)["questions"][number]):
            keys.press("x")
            keys.press("b")
        expect(quiz.locator("button.answer")).to_have_count(0)
        quiz.locator(".next").click()


def test_the_quiz_is_played_to_its_end(played: Page) -> None:
    questions = data_of(played)["questions"][:ROUND]
    host = part(played, "quiz")
    host.get_by_role("button", name="All kinds in turn").click()
    asked = right = 0
    for number, question in enumerate(questions):
        for one in in_order(question):
            place = (one["right"] + number % 2) % len(one["choices"])
            asked += 1
            right += place == one["right"]
            answer(host, one, place)
        if number % 2:
            shown = host.locator(".replay section").first
            steps = [
                *question["story"],
                *question["replays"][question["replay"][question["right"]]],
            ]
            expect(shown.locator("ol.story > li")).to_have_count(len(steps))
            expect(shown.locator("li[aria-current]")).to_contain_text(steps[-1]["text"])
            shown.get_by_role("button", name="Step back").click()
            expect(shown.locator("li[aria-current]")).to_contain_text(steps[-2]["text"])
        else:
            host.get_by_role("button", name="Show what happens").click()
            expect(host.locator(".replay section")).to_have_count(1)
        host.locator(".next").click()
    expect(host.get_by_role("heading", level=2)).to_have_text(f"{right} of {asked} right")
    expect(host.get_by_role("button", name="Question 2", exact=True)).to_be_visible()
    host.get_by_role("button", name="More questions").click()
    expect(host.get_by_role("heading", level=2)).to_be_focused()


def test_a_family_asks_its_own_questions_only_and_others_the_next_time(played: Page) -> None:
    mine = [one for one in data_of(played)["questions"] if one["family"] == "way-out"]
    host = part(played, "quiz")
    for first in (mine[0], mine[ROUND % len(mine)]):
        host.get_by_role("button", name="Find the shortest way out").click()
        choices = host.locator(".typed-choice")
        expect(choices).to_have_text(first["choices"])
        expect(host.get_by_role("heading", level=2)).to_have_text("Find the shortest way out")
        host.get_by_role("button", name="All quizzes").click()


def test_the_diagram_goes_where_it_is_needed_and_comes_back(played: Page) -> None:
    stage = played.locator("#stage")
    host = part(played, "lessons")
    host.locator(".lesson").first.click()
    expect(host.locator("#stage")).to_be_visible()
    quiz = part(played, "quiz")
    quiz.locator(".lesson").first.click()
    expect(quiz.locator("#stage")).to_be_visible()
    part(played, "play")
    expect(played.locator("#play #stage")).to_be_visible()
    assert stage.count() == 1
    part(played, "lessons")
    expect(host.locator("#stage")).to_be_visible()


@pytest.mark.parametrize("look", [Look(), DARK, PHONE], ids=str)
def test_names_and_texts_of_a_lesson_are_texts(opened: Opener, tmp_path: Path) -> None:
    # oned refuses names with most of what is markup; in texts anything goes.
    hostile, name = "<img src=x onerror=alert(1)>", "img src=x onerror=alert(1)"
    lines = [
        f"title: '{hostile}'",
        f"text: '{hostile}'",
        "steps:",
        f"  - say: '{hostile}'",
        f"  - 'oneimage create --name \"{name}\" --type OS --path /x -d default'",
        f"  - expect: {{'{name}': LOCKED}}",
    ]
    file, page_file = tmp_path / "own.yaml", tmp_path / "page.html"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    write_page(page_file, file)
    page = opened(page_file.as_uri())
    host = part(page, "lessons")
    expect(host.locator(".lesson").last).to_contain_text(hostile)
    host.locator(".lesson").last.click()
    expect(host.locator(".say").first).to_have_text(hostile)
    expect(host.locator(".prompt")).to_contain_text(name)
    host.locator(".question button").first.click()
    expect(host.locator(".scene-cards .card-name").first).to_have_text(name)
    assert page.locator("img").count() == 0


def write_page(to: Path, lesson: Path) -> None:
    to.write_text(document(own=[read(str(lesson))], count=4), "utf-8")
