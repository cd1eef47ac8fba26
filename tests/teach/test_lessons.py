"""Lessons: scenarios that ask before they tell, with answers that the cloud gives.

Each answer is found once more on another way: the scenario is cut off behind
the line that is asked about, played by the player of scenarios, and the cloud
looked at, or its trace.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lifecycle import InputError
from lifecycle.page.texts import texts
from lifecycle.scenario.format import parse
from lifecycle.scenario.run import play
from lifecycle.scenario.steps import Answer, Command, Expect, Wait
from lifecycle.teach.lessons import find, lesson_of, shipped

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.image import Image
    from lifecycle.scenario.moments import Moment
    from lifecycle.scenario.names import Names
    from lifecycle.scenario.steps import Scenario
    from lifecycle.teach.question import Question

ROOT = Path(__file__).parents[2]
NAMES = sorted(shipped())
SCENARIOS = sorted((ROOT / "examples").glob("*.yaml"))
MOVES = (Command, Answer, Wait)


def after(scenario: Scenario, line: int) -> tuple[dict[str, str], dict[str, Image], str | None]:
    """Give the states of everything behind a line, the images, and what it was refused with."""
    steps = tuple(one for one in scenario.steps if isinstance(one, MOVES) and one.line <= line)
    found: dict[str, str] = {}
    images: dict[str, Image] = {}
    said: list[str | None] = []

    def look(moment: Moment, cloud: Cloud, names: Names) -> None:
        found.update(dict.fromkeys(found, "gone"))
        found.update({names.of("image", one.id): one.state.name for one in cloud.images})
        images.update({names.of("image", one.id): one for one in cloud.images})
        found.update({names.of("machine", one.id): one.state.name for one in cloud.vms})
        said.append(None if moment.reply is None or moment.reply[0] else str(moment.reply[1]))

    play(replace(scenario, steps=steps), seen=look)
    return found, images, said[-1]


def asked(scenario: Scenario) -> list[tuple[int, Question]]:
    """Give every question of a lesson with the line that it is about."""
    lines = [one.line for one in scenario.steps if not isinstance(one, Expect)]
    parts = lesson_of(scenario).parts
    assert len(lines) == len(parts)
    return [
        (line, question)
        for line, part in zip(lines, parts, strict=True)
        for question in part.questions
    ]


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
def test_every_answer_of_a_lesson_is_what_a_cloud_comes_to(name: str) -> None:
    scenario = find(name)
    for line, question in asked(scenario):
        states, images, refused = after(scenario, line)
        if question.ask == "state":
            assert question.answer == states[question.values["name"]], (line, question)
            assert set(question.choices) - {question.answer}
        elif question.family == "field":
            counters = {"vms": "running_vms", "clones": "cloning_ops"}
            image = images[question.values["name"]]
            field = question.ask.removeprefix("field.")
            if field in counters:
                assert question.answer == str(getattr(image, counters[field]))
            elif field == "snapshots":
                assert question.answer == str(len(image.snapshots or ()))
            else:
                assert field == "lock"
                levels = {1: "use", 2: "manage", 3: "admin"}
                held = image.lock_held
                assert question.answer == ("none" if held is None else levels[held.level])
        else:
            assert question.ask == "accepted"
            assert question.answer == ("accepted" if refused is None else "refused"), line
        if question.then is not None:
            assert refused is not None
            assert refused.endswith(question.then.answer)
            assert not any(refused.endswith(one) for one in others(question.then))


def others(question: Question) -> list[str]:
    return [one for one in question.choices if one != question.answer]


def test_lessons_ask_why_something_is_refused() -> None:
    whys = [
        question.then
        for name in NAMES
        for question in lesson_of(find(name)).questions
        if question.then is not None
    ]
    assert len(whys) >= 10
    assert all(len(one.choices) >= 2 for one in whys)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_any_scenario_is_a_lesson(path: Path) -> None:
    lesson = lesson_of(find(str(path)))
    assert lesson.parts
    for question in lesson.questions:
        assert len(set(question.choices)) == len(question.choices) >= 2
        assert question.answer in question.choices


def test_all_that_is_asked_has_words() -> None:
    known = texts()
    for name in NAMES:
        for question in lesson_of(find(name)).questions:
            words = known[f"quiz.ask.{question.ask}"].format(**question.values)
            assert "{" not in words


def test_a_wrong_checkpoint_does_not_change_the_answer() -> None:
    text = "title: a\nsteps:\n  - oneimage create --name d --type OS --path /d -d default\n"
    wrong = "  - expect: {d: READY}\n  - accepted: oneimage disable d\n"
    lesson = lesson_of(parse(text + wrong))
    assert [one.answer for one in lesson.questions][:2] == ["LOCKED", "refused"]
    # Who learns is told what is so, not what the author took to be so.
    assert not [line for part in lesson.parts for line in part.outcome if "expected" in line]


def test_a_checkpoint_behind_a_wait_is_asked_before_the_wait_is_told() -> None:
    scenario = parse(
        "title: a\nplans:\n  - {complete: CP, after: 1 min}\nsteps:\n"
        "  - oneimage create --name d --type OS --path /d -d default\n"
        "  - wait: 30 s\n  - expect: {d: LOCKED}\n"
        "  - wait: 1 min\n  - expect: {d: READY}\n"
    )
    parts = lesson_of(scenario).parts
    told = [(part.kind, *(one.answer for one in part.questions)) for part in parts]
    assert told == [("command",), ("wait", "LOCKED"), ("wait",), ("answer", "READY")]


@pytest.mark.parametrize("count", [1, 3, 4, 9])
def test_counters_are_asked_for_however_high_they_are(count: int) -> None:
    creates = "".join(f"  - onevm create --name v{n} --disk d\n" for n in range(count))
    scenario = parse(
        "title: a\nsteps:\n"
        "  - oneimage create --name d --type OS --path /d -d default\n"
        f"  - datastore: complete CP d\n{creates}  - expect: {{d: {{vms: {count}}}}}\n"
    )
    (question,) = lesson_of(scenario).questions
    assert question.answer == str(count)
    assert len(question.choices) == 4
    assert all(int(one) >= 0 for one in question.choices)


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
