"""Questions that are made from the model with a seed: the same seed asks the same.

Every story is a history of a real simulated cloud without what the question
does not need, every answer is what the cloud does, and every explanation is
what a scenario of that history tells.
"""

from __future__ import annotations

import re
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from lifecycle.refusal import InputError
from lifecycle.teach.histories import Walk, sentence, walked
from lifecycle.teach.question import PLAUSIBLE, Question, mixed
from lifecycle.teach.stories import Story, outcome, shortened, subject
from lifecycle.teach.ways import shortest_way_out
from lifecycle.teach.whys import why

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Lines = tuple[str, ...]

MOST = 100
"""How many questions there are at most under a seed; the short stories are used up some time."""

_CHOICES = 4
_TRIES = 3
"""How often another question is tried for, when one is of a kind that was asked before."""
_NAME = re.compile(r"\b(?:[a-h]|vm[0-9])\b")


def quiz(count: int, seed: int = 0) -> Iterator[Question]:
    """Give questions, the families in turn, none twice.

    Args:
        count: how many.
        seed: of the random numbers; the same seed gives the same questions.

    Raises:
        InputError: the number is below 1, or above `MOST`.
    """
    if not 1 <= count <= MOST:
        raise InputError(f"must be from 1 to {MOST}, not {count}", field="questions")
    random = Random(seed)
    asked: set[str] = set()
    kinds: set[str] = set()
    families = list(FAMILIES.values())
    while len(asked) < count:
        family = families[len(asked) % len(families)]
        question = _fresh(family, random, asked, kinds)
        if question is not None:
            yield question


def _fresh(
    family: Callable[[Random], Question], random: Random, asked: set[str], kinds: set[str]
) -> Question | None:
    """Make a question that was not asked, of a new kind where one is found soon, and note it."""
    for left in reversed(range(_TRIES)):
        question = family(random)
        what, kind = _plain(question)
        if what not in asked and (kind not in kinds or not left):
            asked.add(what)
            kinds.add(kind)
            return question
    return None


def what_now(random: Random) -> Question:
    """Ask for the state of an image after what happened last."""
    while True:
        walk = walked(random)
        found = [
            (place, name)
            for place, (before, after) in enumerate(pairwise(walk.snapshots))
            for name in _changed(before.images, after.images)
        ]
        if found:
            return _moved(random, walk, "what-now", *random.choice(found), "image")


def what_happens_to_machines(random: Random) -> Question:
    """Ask what becomes of a machine when something is done to its image, and not to it."""
    while True:
        walk = walked(random)
        found = [
            (place, name)
            for place, (before, after) in enumerate(pairwise(walk.snapshots))
            for name, images in before.disks.items()
            if name not in walk.acts[place].text.split()
            and not images.isdisjoint(_changed(before.images, after.images))
        ]
        if found:
            return _moved(random, walk, "machines", *random.choice(found), "machine")


def _changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Give the names of the images that were there and have another state, or are gone."""
    return [name for name, state in before.items() if after.get(name) != state]


def _moved(  # noqa: PLR0913, PLR0917 - what, of whom, and among what
    random: Random, walk: Walk, family: str, place: int, name: str, kind: str
) -> Question:
    """Ask for the state of a thing after something that happened."""
    *lines, last = map(sentence, walk.acts[: place + 1])
    whole = Story([*lines, last])
    story = shortened(lines, lambda one: _moves(one, last, name, whole))
    told = Story([*story, last])
    before, after = whole.path(name) or ("", "")
    states = list(PLAUSIBLE[kind])
    random.shuffle(states)
    choices, right = mixed(random, after, [before, *states])
    values = {"name": name, "state": before, "act": last}
    because = outcome(told.rows[-1])
    replays = ((last,),) * len(choices)
    return Question(family, family, values, choices, right, because, story, replays)


def _moves(lines: Lines, last: str, name: str, whole: Story) -> bool:
    """Tell whether after a shorter story the last thing that happens moves the same."""
    story = Story([*lines, last])
    same = story.path(name) == whole.path(name) and story.moved == whole.moved
    return story.accepted and same


def _plain(question: Question) -> tuple[str, str]:
    """Give a question without its names, and of what kind it is, to compare it with others."""
    why = "" if question.then is None else question.then.answer
    about = " ".join((question.ask, *question.values.values(), question.answer, why))
    names: dict[str, str] = {}
    what = "\n".join((*question.story, about)).replace(" --persistent", "")
    return (
        _NAME.sub(lambda found: names.setdefault(found[0], f"<{len(names)}>"), what),
        _NAME.sub("", about),
    )


def which_refused(random: Random) -> Question:
    """Ask which of several commands is refused, and then why."""
    while True:
        walk = walked(random)
        accepted, refused = walk.choices()
        if not refused or len(accepted) < _CHOICES - 1:
            continue
        lines, odd = tuple(map(sentence, walk.acts)), random.choice(refused).text
        others = [act.text for act in accepted]
        random.shuffle(others)
        choices, right = mixed(random, odd, others)
        text = _refused(lines, odd)
        story = shortened(lines, lambda one: _fits(one, choices, odd, text))  # noqa: B023 - used at once
        told = Story([*story, odd])
        image = subject(odd, told.cloud, told.names)
        if image is None:
            continue
        then = why(random, "which-refused", told.last, image.words(), fewest=2)
        if then is None:
            continue
        because = (f"{odd}:", *outcome(told.rows[-1]))
        replays = tuple((choice,) for choice in choices)
        return Question(
            "which-refused",
            "which-refused",
            {},
            choices,
            right,
            because,
            story,
            replays,
            then,
        )


def _refused(lines: Lines, command: str) -> str:
    """Give oned's words to a command at the end of a story, "" where it is accepted."""
    refusal = Story([*lines, command]).last.refusal
    return "" if refusal is None else refusal.text


def _fits(lines: Lines, choices: Lines, odd: str, text: str) -> bool:
    """Tell whether after a shorter story the same one of the choices is refused."""
    return Story(lines).accepted and all(
        _refused(lines, one) == (text if one == odd else "") for one in choices
    )


FAMILIES: dict[str, Callable[[Random], Question]] = {
    "what-now": what_now,
    "which-refused": which_refused,
    "machines": what_happens_to_machines,
    "way-out": shortest_way_out,
}
"""The kinds of questions, each with what makes one."""
