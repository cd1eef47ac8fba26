"""Lessons: scenarios that ask before they tell, with answers that the cloud gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecycle import InputError
from lifecycle.scenario.expectations import STATES
from lifecycle.scenario.format import parse
from lifecycle.scenario.run import play
from lifecycle.teach.lessons import find, lesson_of, shipped

ROOT = Path(__file__).parents[2]
NAMES = sorted(shipped())
SCENARIOS = sorted((ROOT / "examples").glob("*.yaml"))


def test_there_are_ten_lessons() -> None:
    assert len(NAMES) == 10


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_is_true_and_asks(name: str) -> None:
    scenario = find(name)
    run = play(scenario)
    assert run.unmet == ()
    assert run.checked
    lesson = lesson_of(scenario)
    assert len(lesson.questions) >= 5
    assert lesson.text


@pytest.mark.parametrize("name", NAMES)
def test_every_state_asked_for_is_the_one_that_the_outcome_tells(name: str) -> None:
    """The outcome is told by the timeline, which finds it on its own way."""
    states: dict[str, str] = {}
    for part in lesson_of(find(name)).parts:
        for line in part.outcome:
            thing, _, rest = line.partition(" ")
            path = rest.partition(",")[0].split(" → ")
            if all(state in {*STATES["image"], *STATES["machine"]} for state in path):
                states[thing] = path[-1]
        for question in part.questions:
            if question.family == "what state now?":
                thing = question.prompt.removeprefix("In which state is ").split()[0]
                assert question.answer == states[thing], question
            else:
                refused = any(line.startswith("refused: ") for line in part.outcome)
                assert question.answer == ("refused" if refused else "accepted")


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_any_scenario_is_a_lesson(path: Path) -> None:
    lesson = lesson_of(find(str(path)))
    assert lesson.parts
    for question in lesson.questions:
        assert len(set(question.choices)) == len(question.choices) >= 2
        assert question.answer in question.choices


def test_a_wrong_checkpoint_does_not_change_the_answer() -> None:
    text = "title: a\nsteps:\n  - oneimage create --name d --type OS --path /d -d default\n"
    lesson = lesson_of(parse(text + "  - expect: {d: READY}\n"))
    assert [one.answer for one in lesson.questions] == ["LOCKED"]


def test_the_seed_orders_the_choices() -> None:
    scenario = find("clones")
    assert lesson_of(scenario, 1) == lesson_of(scenario, 1)
    lessons = [lesson_of(scenario, seed) for seed in (1, 2, 3)]
    choices = {tuple(one.choices for one in lesson.questions) for lesson in lessons}
    assert len(choices) == 3


def test_a_lesson_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="no lesson is named 'x'; there are: first-image"):
        find("x")
    with pytest.raises(InputError, match=r"nowhere\.yaml"):
        find("nowhere.yaml")
