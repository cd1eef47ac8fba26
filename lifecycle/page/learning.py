"""Lessons and questions for the page: what people read, are asked, and see, as plain data.

Nothing about outcomes is stored: each lesson and each question is played by
the simulator when the page is made. A step of a story has, besides its words,
what changed in the picture: `picture` gives only what is new there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.page.views import cloud_views
from lifecycle.refusal import InputError
from lifecycle.scenario.timeline import GONE
from lifecycle.teach.lessons import find, lesson_of, shipped
from lifecycle.teach.quiz import quiz
from lifecycle.teach.stories import Story, outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.scenario.moments import Change, Moment
    from lifecycle.scenario.names import Names
    from lifecycle.scenario.steps import Scenario
    from lifecycle.scenario.timeline import Row
    from lifecycle.teach.lessons import Part
    from lifecycle.teach.question import Question

Data = dict[str, Any]
"""Something that JSON can hold."""

QUESTIONS = 48
"""How many questions a page has, unless told otherwise."""

MOST_STEPS = 2000
"""How many steps a lesson of the page has at most: each has a picture of the cloud."""

_IMAGE, _MACHINE = "image", "machine"
_CHECK = "check"

_POOLS = (
    ("images", "id", "gone"),
    ("machines", "id", "ended"),
    ("requests", "key", "answered"),
)
"""What a picture is made of: what tells one from another, and what those are called that went."""


def lessons(own: Iterable[Scenario] = (), seed: int = 0) -> list[Data]:
    """Give the lessons that come with the package, and others behind them.

    Args:
        own: the scenarios of further lessons.
        seed: of the order of the choices.

    Raises:
        InputError: a name in a scenario means nothing, or it has more than `MOST_STEPS` steps.
    """
    return [lesson_data(one, seed) for one in (*map(find, shipped()), *own)]


def lesson_data(scenario: Scenario, seed: int = 0) -> Data:
    """Give one lesson: its title and text, and its parts with the picture after each.

    Args:
        scenario: any.
        seed: of the order of the choices.

    Raises:
        InputError: a name in it means nothing, or it has more than `MOST_STEPS` steps.
    """
    count = len(scenario.steps)
    if count > MOST_STEPS:
        raise InputError(
            f"a lesson of the page has at most {MOST_STEPS} steps, and this one has {count}",
            file=scenario.file,
        )
    pictures = _Pictures()
    lesson = lesson_of(scenario, seed, pictures.see)
    return {
        "title": lesson.title,
        "text": lesson.text.strip(),
        "parts": [
            _part(part, shown) for part, shown in zip(lesson.parts, pictures.shown, strict=True)
        ],
    }


def questions(count: int = QUESTIONS, seed: int = 0) -> list[Data]:
    """Give the questions of a quiz, with what comes of each choice.

    Args:
        count: how many.
        seed: of the random numbers; the same seed gives the same questions.

    Raises:
        InputError: the number is below 1, or too large.
    """
    return [_question(one) for one in quiz(count, seed)]


def _part(part: Part, shown: Data) -> Data:
    return {
        "kind": part.kind,
        "who": part.who,
        "text": part.text.strip(),
        "refused": part.refused,
        "outcome": list(part.outcome),
        "questions": [_asked(one) for one in part.questions],
        **shown,
    }


def _question(question: Question) -> Data:
    story = list(_told(question.story, 0))
    replays: dict[tuple[str, ...], list[Data]] = {}
    for lines in question.replays:
        if lines not in replays:
            replays[lines] = list(_told((*question.story, *lines), len(question.story)))
    known = list(replays)
    return {
        **_asked(question),
        "story": story,
        "replays": list(replays.values()),
        "replay": [known.index(lines) for lines in question.replays],
    }


def _asked(question: Question) -> Data:
    """Give what a question asks, without a story."""
    return {
        "family": question.family,
        "ask": question.ask,
        "values": dict(question.values),
        "choices": list(question.choices),
        "right": question.right,
        "because": list(question.because),
        "then": None if question.then is None else _asked(question.then),
    }


def _told(lines: Sequence[str], known: int) -> Iterator[Data]:
    """Play the lines of a story and tell the steps behind those that are known."""
    pictures = _Pictures()
    story = Story(lines, pictures.see)
    for line, row, moment, shown in list(
        zip(lines, story.rows, story.run.moments, pictures.shown, strict=True)
    )[known:]:
        yield _step(line, row, moment, shown)


def _step(line: str, row: Row, moment: Moment, shown: Data) -> Data:
    driver, _, rest = line.rpartition(": ")
    return {
        "kind": moment.kind,
        "who": driver,
        "text": rest,
        "refused": moment.refusal is not None,
        "outcome": list(outcome(row)),
        **shown,
    }


class _Pictures:
    """Looks at a cloud while a story is played in it.

    Attributes:
        shown: for each moment what changed in the picture.
    """

    def __init__(self) -> None:
        self.shown: list[Data] = []
        self._last: Data = {pool: [] for pool, *_ in _POOLS}

    def see(self, moment: Moment, cloud: Cloud, names: Names) -> None:
        """Note what changed; a checkpoint changes nothing."""
        if moment.kind == _CHECK:
            return
        now = cloud_views(cloud, names.of)
        self.shown.append(
            {
                "picture": _changed(self._last, now),
                "changes": [
                    _change(one) for one in moment.changes if one.kind in {_IMAGE, _MACHINE}
                ],
            }
        )
        self._last = now


def _changed(before: Data, now: Data) -> Data:
    """Give the views that are new or otherwise than before, and what is gone or answered."""
    found: Data = {}
    for pool, key, ended in _POOLS:
        had = {one[key]: one for one in before[pool]}
        there = {one[key] for one in now[pool]}
        views = [one for one in now[pool] if had.get(one[key]) != one]
        gone = [name for name in had if name not in there]
        if views:
            found[pool] = views
        if gone:
            found[ended] = gone
    return found


def _change(change: Change) -> Data:
    """Give the states of an image, or the first and the last one of a machine, as timelines do."""
    states = [GONE if state == "GONE" else state for state in change.states]
    if change.kind == _MACHINE:
        states = list(dict.fromkeys((states[0], states[-1])))
    return {"kind": change.kind, "id": change.id, "name": change.name, "states": states}
