"""Questions for the shortest way out of a situation, found by the planner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.analysis.exploration.acts import doings
from lifecycle.analysis.planning import plan
from lifecycle.analysis.situation import Labels, told
from lifecycle.refusal import InputError
from lifecycle.scenario.words import DRIVERS
from lifecycle.states import GONE, ImageState
from lifecycle.teach.histories import BOUNDS, sentence, walked
from lifecycle.teach.question import Question, mixed
from lifecycle.teach.stories import Story, ending, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from lifecycle.analysis.planning import Move, Way
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.teach.histories import Walk

Lines = tuple[str, ...]
"""Steps of a scenario, one a line."""

_GOALS = {"ready": "READY with no VMs and no clones", "gone": GONE.value}
_CHOICES = 4
_FAR = 2
"""How many steps a way has at least: what one command does asks nobody to plan."""
_WAYS = 9
_FAILS = ": fail "


def shortest_way_out(random: Random) -> Question:
    """Ask for the first step of the shortest way to READY, or to the end of the image."""
    while True:
        walk = walked(random)
        images = [one for one in walk.cloud.images if one.state is not ImageState.READY]
        if images:
            name, goal = random.choice(images).name, random.choice(tuple(_GOALS))
            question = _way_out(random, walk, name, goal)
            if question is not None:
                return question


def _way_out(random: Random, walk: Walk, name: str, goal: str) -> Question | None:
    """Ask for the way of an image; None where it is too plain, or hopes for a failure."""
    situation = _situation(walk.cloud, name)
    story = shortened(
        tuple(map(sentence, walk.acts)),
        lambda lines: _leads(lines, name, situation),
    )
    begin = Story(story)
    ways = _ways(begin, name, goal)
    if not ways or len(ways[0]) < _FAR or any(_FAILS in line for line in ways[0]):
        return None
    wrong: dict[str, Lines] = {}
    for line in _others(random, begin, name, {way[0] for way in ways}):
        after = _longer(begin, line, name, goal, len(ways[0]))
        if after is not None:
            wrong[line] = after
        if len(wrong) == _CHOICES - 1:
            break
    else:
        return None
    choices, right = mixed(random, ways[0][0], list(wrong))
    return Question(
        "way-out",
        f"way-out.{goal}",
        {"name": name, "situation": situation},
        choices,
        right,
        ending(story, ways[0]),
        story,
        tuple(wrong.get(choice, ways[0]) for choice in choices),
    )


def _leads(lines: Lines, name: str, situation: str) -> bool:
    story = Story(lines)
    return story.accepted and _situation(story.cloud, name) == situation


def _situation(cloud: Cloud, name: str) -> str:
    """Say what the situation of an image is."""
    image = next((one for one in cloud.images if one.name == name), None)
    return GONE.value if image is None else told(cloud, image)


def _ways(story: Story, name: str, goal: str) -> list[Lines]:
    """Give the shortest ways of an image to a goal, as steps of a scenario."""
    number = next((one.id for one in story.cloud.images if one.name == name), -1)
    if number < 0:
        return []
    found = plan(
        story.cloud,
        _GOALS[goal],
        image=number,
        labels=Labels(story.cloud, by_id=False),
        ways=_WAYS,
        guarantee=False,
    )
    # Nobody knows which ids new things get, so that nothing is made on the way.
    ways = [way for way in found.hoped if not any(_makes(step.move) for step in way.steps)]
    return [line for way in ways for line in _lines(way, story.cloud)]


def _makes(move: Move) -> bool:
    return move.typed and move.action in {"acquire", "clone"}


def _lines(way: Way, cloud: Cloud) -> Iterator[Lines]:
    """Give a way as steps, once more for each command that could begin it as well."""
    steps = way.steps
    rest = tuple(_line(step.move, cloud) for step in steps[1:])
    yield (_line(steps[0].move, cloud), *rest)
    for command in steps[0].instead:
        yield (command, *rest)


def _line(move: Move, cloud: Cloud) -> str:
    if move.typed:
        return move.text
    name = Labels(cloud, by_id=False).of(move.role, move.id)
    return f"{DRIVERS[move.role]}: {'complete' if move.ok else 'fail'} {move.action} {name}"


def _others(random: Random, story: Story, name: str, firsts: set[str]) -> Iterator[str]:
    """Give what else could be tried, what has to do with the image first."""
    acts = [act for act, _ in doings(story.cloud, BOUNDS, 0) if not (act.fault or act.makes)]
    random.shuffle(acts)
    near = {name, *(vm.name for vm in story.cloud.vms if _held(story.cloud, name, vm.id))}
    acts.sort(key=lambda act: near.isdisjoint(act.text.split()))
    yield from (line for line in map(sentence, acts) if line not in firsts)


def _held(cloud: Cloud, name: str, vm: int) -> bool:
    return any(image.name == name and vm in image.vms for image in cloud.images)


def _longer(begin: Story, line: str, name: str, goal: str, shortest: int) -> Lines | None:
    """Give a step and the shortest way after it; None where it would be a shortest way as well."""
    try:
        story = Story([*begin.lines, line])
    except InputError:
        return None
    if not story.done:
        return (line,)
    if all(image.name != name for image in story.cloud.images):
        return None if goal == "gone" else (line,)
    after = _ways(story, name, goal)
    if not after:
        return (line,)
    return None if len(after[0]) < shortest else (line, *after[0])
