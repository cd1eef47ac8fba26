"""What the page is given of lessons and questions is what the simulator does."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from lifecycle.page.learning import MOST_STEPS, lesson_data, lessons, questions
from lifecycle.refusal import InputError
from lifecycle.scenario.format import parse
from lifecycle.scenario.run import play
from lifecycle.scenario.steps import Expect, Unanswered
from lifecycle.teach.lessons import find, lesson_of, shipped
from lifecycle.teach.quiz import quiz

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.scenario.moments import Moment
    from lifecycle.scenario.names import Names
    from lifecycle.scenario.steps import Scenario

Data = dict[str, Any]
COUNT = 20
QUESTIONS = questions(COUNT, seed=3)


def seen(scenario: Scenario) -> list[dict[str, tuple[object, ...]]]:
    """Give what a cloud holds after each step but the checkpoints."""
    found: list[dict[str, tuple[object, ...]]] = []

    def look(moment: Moment, cloud: Cloud, names: Names) -> None:
        if moment.kind == "check":
            return
        things = {
            names.of("image", one.id): (one.state.name, one.running_vms, one.cloning_ops)
            for one in cloud.images
        }
        machines = {names.of("machine", one.id): (one.state.name,) for one in cloud.vms}
        requests = {f"{one.action} {one.id}": () for one in cloud.drivers.open}
        found.append({**things, **machines, **requests})

    play(scenario, seen=look)
    return found


def shown(steps: Sequence[Data]) -> list[dict[str, tuple[object, ...]]]:
    """Give what the page shows after each step, as its script adds the changes up."""
    images: dict[int, Data] = {}
    machines: dict[int, Data] = {}
    requests: dict[str, Data] = {}
    found: list[dict[str, tuple[object, ...]]] = []
    for step in steps:
        picture = step["picture"]
        images |= {one["id"]: one for one in picture.get("images", ())}
        machines |= {one["id"]: one for one in picture.get("machines", ())}
        for number in picture.get("gone", ()):
            del images[number]
        for number in picture.get("ended", ()):
            del machines[number]
        requests |= {one["key"]: one for one in picture.get("requests", ())}
        for key in picture.get("answered", ()):
            del requests[key]
        found.append(
            {
                one["name"]: (one["state"], one["runningVms"], one["cloningOps"])
                for one in images.values()
            }
            | {one["name"]: (one["state"],) for one in machines.values()}
            | {f"{one['action']} {one['about']['id']}": () for one in requests.values()}
        )
    return found


@pytest.mark.parametrize("name", shipped())
def test_the_picture_after_each_part_is_that_of_the_cloud(name: str) -> None:
    scenario = find(name)
    data = lesson_data(scenario)
    assert data["title"] == scenario.title
    assert shown(data["parts"]) == seen(scenario)
    without = tuple(one for one in scenario.steps if not isinstance(one, Expect | Unanswered))
    assert seen(replace(scenario, steps=without)) == seen(scenario)


@pytest.mark.parametrize("question", QUESTIONS, ids=range(COUNT))
def test_the_pictures_of_a_question_are_those_of_its_story(question: Data) -> None:
    for replay in question["replays"]:
        steps = [*question["story"], *replay]
        lines = [f"{one['who']}: {one['text']}".removeprefix(": ") for one in steps]
        text = "title: a question\nsteps:\n" + "".join(f"  - {line}\n" for line in lines)
        assert shown(steps) == seen(parse(text))


def test_the_page_asks_what_the_terminal_asks() -> None:
    for name, data in zip(shipped(), lessons(), strict=True):
        told = [one for part in data["parts"] for one in part["questions"]]
        told = [one for first in told for one in (first, first["then"]) if one is not None]
        asked = lesson_of(find(name)).questions
        assert [(one["ask"], one["values"], one["choices"], one["right"]) for one in told] == [
            (one.ask, one.values, list(one.choices), one.right) for one in asked
        ]
    for one, other in zip(QUESTIONS, quiz(COUNT, seed=3), strict=True):
        assert (one["ask"], one["values"], one["choices"], one["right"]) == (
            other.ask,
            other.values,
            list(other.choices),
            other.right,
        )


@pytest.mark.parametrize("question", QUESTIONS, ids=range(COUNT))
def test_each_choice_has_what_comes_of_it(question: Data) -> None:
    assert len(question["replay"]) == len(question["choices"])
    replays = question["replays"]
    assert sorted(set(question["replay"])) == list(range(len(replays)))
    if question["family"] == "which-refused":
        refused = [replays[place][0]["refused"] for place in question["replay"]]
        assert refused == [place == question["right"] for place in range(len(refused))]


def test_what_the_page_is_given_is_small() -> None:
    assert len(json.dumps([lessons(), QUESTIONS], separators=(",", ":"))) < 200_000


def test_a_scenario_of_ones_own_is_a_lesson_behind_the_others() -> None:
    text = "title: <b>My own</b>\nsteps:\n  - oneimage create --name d --path /d -d default\n"
    found = lessons([parse(text)])
    assert len(found) == len(shipped()) + 1
    assert found[-1]["title"] == "<b>My own</b>"


def test_a_long_story_takes_little_more_than_a_short_one() -> None:
    """What is told grows with what happens, not with what is there while it does."""

    def size(count: int) -> int:
        made = "".join(
            f"  - oneimage create --name d{place} --path /d -d default\n" for place in range(count)
        )
        return len(json.dumps(lesson_data(parse(f"title: Long\nsteps:\n{made}"))))

    assert size(200) < 2.2 * size(100)


def test_a_lesson_with_too_many_steps_is_refused_in_one_line() -> None:
    steps = "  - wait: 1 s\n" * (MOST_STEPS + 1)
    with pytest.raises(InputError, match=r"^own\.yaml: .*at most 2000 steps, and .* has 2001"):
        lesson_data(parse(f"title: Long\nsteps:\n{steps}", "own.yaml"))
