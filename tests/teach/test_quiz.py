"""The quiz: made with a seed, and every answer found once more by playing its story.

The stories are written as scenarios, played by the player of scenarios, and
the cloud is looked at; a shortest way is held against a search of its own.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

import pytest

from lifecycle import InputError
from lifecycle.page.texts import texts
from lifecycle.scenario.expectations import STATES
from lifecycle.scenario.format import parse
from lifecycle.scenario.run import play
from lifecycle.teach.question import Question, mixed
from lifecycle.teach.quiz import FAMILIES, quiz
from tests.teach.searching import Played, holds, steps_to

if TYPE_CHECKING:
    from collections.abc import Sequence

QUESTIONS = list(quiz(40, seed=7))


def played(lines: Sequence[str]) -> Played:
    text = "title: a question\nsteps:\n" + "".join(f"  - {line}\n" for line in lines)
    found = Played()
    found.run = play(parse(text), seen=found.see)
    return found


def of(*families: str) -> list[Question]:
    return [one for one in QUESTIONS if one.family in families]


each = partial(pytest.mark.parametrize, ids=lambda one: "; ".join((*one.story, one.ask))[-80:])


def test_the_families_take_turns_and_nothing_is_asked_twice() -> None:
    assert len({one.family for one in QUESTIONS}) == len(FAMILIES) == 4
    assert [one.family for one in QUESTIONS[:4]] == [one.family for one in QUESTIONS[4:8]]
    asked = {(one.story, one.ask, *one.values.values(), one.choices) for one in QUESTIONS}
    assert len(asked) == 40


def test_the_same_seed_asks_the_same() -> None:
    assert list(quiz(6, seed=7)) == QUESTIONS[:6]
    assert list(islice(quiz(6, seed=8), 2)) != QUESTIONS[:2]


@each("question", QUESTIONS)
def test_a_question_is_whole(question: Question) -> None:
    assert len(question.choices) == len(set(question.choices)) == len(question.replays) == 4
    assert question.because
    words = texts()[f"quiz.ask.{question.ask}"].format(**question.values)
    assert "{" not in words
    assert f"quiz.family.{question.family}" in texts()
    story = played(question.story).run
    assert all(moment.refusal is None and not moment.unmet for moment in story.moments)


@each("question", of("what-now", "machines"))
def test_the_state_that_is_right_is_that_of_the_cloud(question: Question) -> None:
    name, last = question.values["name"], question.values["act"]
    assert played(question.story).states[name] == question.values["state"]
    assert played([*question.story, last]).states[name] == question.answer
    kind = "image" if question.family == "what-now" else "machine"
    assert set(question.choices) <= set(STATES[kind])


@each("question", of("machines"))
def test_what_happens_to_a_machine_is_not_done_to_it(question: Question) -> None:
    assert question.values["name"] not in question.values["act"].split()


@each("question", of("which-refused"))
def test_only_the_right_command_is_refused_and_for_the_right_reason(question: Question) -> None:
    for choice in question.choices:
        reply = played([*question.story, choice]).run.moments[-1].reply
        assert reply is not None
        assert reply[0] is (choice != question.answer), choice
        if choice == question.answer:
            assert question.then is not None
            right = [str(reply[1]).endswith(one) for one in question.then.choices]
            assert right == [one == question.then.answer for one in question.then.choices]
            assert len(right) >= 3


@each("question", of("way-out"))
def test_no_way_out_is_shorter_than_the_right_one(question: Question) -> None:
    goal = question.ask.removeprefix("way-out.")
    name = question.values["name"]
    right = question.replays[question.right]
    assert right[0] == question.answer
    assert holds(played([*question.story, *right]).cloud, name, goal)
    assert steps_to(played(question.story).cloud, name, goal, len(right)) == len(right)
    for choice in question.choices:
        if choice != question.answer:
            cloud = played([*question.story, choice]).cloud
            assert steps_to(cloud, name, goal, len(right) - 1) is None, choice


@each("question", QUESTIONS)
def test_what_a_choice_leads_to_begins_with_it(question: Question) -> None:
    for choice, replay in zip(question.choices, question.replays, strict=True):
        asked = question.values.get("act", choice)
        assert replay[0] == asked
        played([*question.story, *replay])


@pytest.mark.parametrize("seed", range(3))
def test_any_seed_gives_questions(seed: int) -> None:
    assert len(list(quiz(8, seed))) == 8


@pytest.mark.parametrize("count", [-1, 0, 101])
def test_a_number_of_questions_that_cannot_be_is_refused(count: int) -> None:
    with pytest.raises(InputError, match=f"from 1 to 100, not {count}"):
        list(quiz(count))


# Grading


@pytest.mark.parametrize(
    ("answer", "graded"),
    [("b", True), ("B\n", True), ("READY", True), ("ready", True), ("a", False), ("e", None)],
)
def test_an_answer_is_a_letter_or_the_choice(answer: str, graded: bool | None) -> None:
    question = Question("f", "state", {}, ("USED", "READY"), 1)
    assert question.grade(answer) is graded


def test_choices_are_mixed_without_the_right_one_twice() -> None:
    choices, right = mixed(Random(1), "a", ["b", "a", "b", "c", "d", "e"])
    assert sorted(choices) == ["a", "b", "c", "d"]
    assert choices[right] == "a"
