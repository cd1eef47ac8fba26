"""The quiz: made with a seed, and every answer what a cloud does when it is asked on its own."""

from __future__ import annotations

import re
from itertools import islice
from random import Random

import pytest

from lifecycle import InputError
from lifecycle.scenario.expectations import STATES
from lifecycle.scenario.format import parse
from lifecycle.scenario.run import play
from lifecycle.teach.question import Question, mixed
from lifecycle.teach.quiz import FAMILIES, quiz

QUESTIONS = list(quiz(40, seed=7))


def lines(question: Question, *more: str) -> str:
    return "title: a question\nsteps:\n" + "".join(
        f"  - {line}\n" for line in (*question.story, *more)
    )


def states(text: str) -> dict[str, str]:
    found = {}
    for moment in play(parse(text)).moments:
        for change in moment.changes:
            found[change.name] = change.states[-1].replace("GONE", "gone")
    return found


def of(family: str) -> list[Question]:
    return [one for one in QUESTIONS if one.family == family]


def test_the_families_take_turns_and_nothing_is_asked_twice() -> None:
    assert len({one.family for one in QUESTIONS}) == len(FAMILIES) == 4
    assert [one.family for one in QUESTIONS[:4]] == [one.family for one in QUESTIONS[4:8]]
    assert len({(one.story, one.prompt) for one in QUESTIONS}) == 40


def test_the_same_seed_asks_the_same() -> None:
    assert list(quiz(6, seed=7)) == QUESTIONS[:6]
    assert list(islice(quiz(6, seed=8), 2)) != QUESTIONS[:2]


@pytest.mark.parametrize("question", QUESTIONS, ids=range(len(QUESTIONS)))
def test_choices_are_apart_and_explained(question: Question) -> None:
    assert len(question.choices) == 4
    assert len(set(question.choices)) == 4
    assert question.because


@pytest.mark.parametrize("question", of("what state now?"), ids=lambda one: one.prompt)
def test_the_state_that_is_right_is_the_one_of_a_scenario(question: Question) -> None:
    name, _, last = re.findall(r"^(\w+) is (\w+)\. Now: (.*)\. In which", question.prompt)[0]
    assert states(lines(question, last))[name] == question.answer


@pytest.mark.parametrize(
    "question", of("what happens to the machines?"), ids=lambda one: one.prompt
)
def test_the_machine_does_what_the_machine_of_a_scenario_does(question: Question) -> None:
    name, before, last = re.findall(r"^(\w+) is (\w+)\. Now: (.*)\. What is", question.prompt)[0]
    assert states(lines(question))[name] == before
    assert states(lines(question, last))[name] == question.answer
    assert set(question.choices) <= set(STATES["machine"])


@pytest.mark.parametrize("question", of("which is refused, and why?"), ids=range(10))
def test_only_the_right_command_is_refused_in_a_scenario(question: Question) -> None:
    odd = "refused" in question.prompt
    for choice in question.choices:
        moment = play(parse(lines(question, choice))).moments[-1]
        assert (moment.refusal is not None) is (odd is (choice == question.answer))


@pytest.mark.parametrize("question", of("the shortest way out"), ids=range(10))
def test_the_way_out_is_a_way_out(question: Question) -> None:
    assert question.because[0].startswith(question.answer) or len(question.because) >= 1
    goal = re.findall(r"leads (\w+) to (gone|READY)", question.prompt)
    assert len(goal) == 1
    assert question.because[-1].endswith(f"to {goal[0][1].replace('gone', 'GONE')}")


def test_no_question_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="1 or more"):
        list(quiz(0))


# Grading


@pytest.mark.parametrize(
    ("answer", "graded"),
    [("b", True), ("B\n", True), ("READY", True), ("ready", True), ("a", False), ("e", None)],
)
def test_an_answer_is_a_letter_or_the_choice(answer: str, graded: bool | None) -> None:
    question = Question("f", (), "p", ("USED", "READY"), 1, ())
    assert question.grade(answer) is graded


def test_choices_are_mixed_without_the_right_one_twice() -> None:
    choices, right = mixed(Random(1), "a", ["b", "a", "b", "c", "d", "e"])
    assert sorted(choices) == ["a", "b", "c", "d"]
    assert choices[right] == "a"
