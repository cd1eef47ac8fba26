"""Stories of questions: lines of a scenario, played to see what comes of them."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from lifecycle.refusal import InputError
from lifecycle.scenario.format import parse
from lifecycle.scenario.run import play
from lifecycle.scenario.steps import Scenario
from lifecycle.scenario.timeline import ARROW, rows
from lifecycle.states import GONE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.image import Image
    from lifecycle.scenario.moments import Moment
    from lifecycle.scenario.names import Names
    from lifecycle.scenario.run import Seen
    from lifecycle.scenario.steps import Step
    from lifecycle.scenario.timeline import Row

_GONE = GONE.value
_REMEMBERED = 1024


class Story:
    """What came of the lines of a story.

    Attributes:
        lines: the steps of a scenario, one a line.
        cloud, names: as they are at the end.
    """

    def __init__(self, lines: Sequence[str], seen: Seen | None = None) -> None:
        """Play it.

        Args:
            lines: steps of a scenario.
            seen: is called after each, with the cloud as it is then.

        Raises:
            InputError: a line means nothing there.
        """
        self.lines = tuple(lines)
        self._seen = seen
        self.cloud: Cloud
        self.names: Names
        steps = tuple(map(_step, self.lines))
        self.run = play(Scenario("", "A question", steps), seen=self._see)

    def _see(self, moment: Moment, cloud: Cloud, names: Names) -> None:
        self.cloud, self.names = cloud, names
        if self._seen is not None:
            self._seen(moment, cloud, names)

    @property
    def last(self) -> Moment:
        """What happened last."""
        return self.run.moments[-1]

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of its timeline, one a line."""
        return rows(self.run)

    @property
    def accepted(self) -> bool:
        """Whether nothing was refused, and drivers answered only what they were asked."""
        return all(one.refusal is None and not one.unmet for one in self.run.moments)

    @property
    def done(self) -> bool:
        """Whether the last line was accepted."""
        return self.last.refusal is None and not self.last.unmet

    @property
    def moved(self) -> frozenset[tuple[str, str, str]]:
        """What the last line moved: names, and the states before and after."""
        return frozenset(
            (one.name, one.states[0], one.states[-1].replace("GONE", _GONE))
            for one in self.last.changes
            if one.states[0] != one.states[-1]
        )

    def path(self, name: str) -> tuple[str, str] | None:
        """Give the states of an image or machine before and after the last line."""
        for moved, before, after in self.moved:
            if moved == name:
                return before, after
        things = (*self.cloud.images, *self.cloud.vms)
        state = next((one.state.name for one in things if one.name == name), None)
        return None if state is None else (state, state)


@lru_cache(maxsize=_REMEMBERED)
def _step(line: str) -> Step:
    """Read a line; the same few lines come again and again."""
    return parse(f"title: A line\nsteps:\n  - {line}\n").steps[0]


def shortened(lines: Sequence[str], same: Callable[[tuple[str, ...]], bool]) -> tuple[str, ...]:
    """Leave out of a story what it does not need, so that it is short and plain.

    Args:
        lines: the story.
        same: tells whether shorter lines still come to the same.
    """
    kept = tuple(lines)
    for place in reversed(range(len(lines))):
        fewer = kept[:place] + kept[place + 1 :]
        if fewer and _comes_to_the_same(fewer, same):
            kept = fewer
    return kept


def _comes_to_the_same(lines: tuple[str, ...], same: Callable[[tuple[str, ...]], bool]) -> bool:
    try:
        return same(lines)
    except InputError:
        return False


def subject(command: str, cloud: Cloud, names: Names) -> Image | None:
    """Give the first image that a command names, None when it names none that is there."""
    words = re.split(r"[ ,=]", command)
    for word in words:
        for image in cloud.images:
            if names.of("image", image.id) == word:
                return image
    return None


def outcome(row: Row) -> tuple[str, ...]:
    """Give what came of a row, line by line."""
    return tuple("".join(piece.text for piece in line) for line in row.lines)


def ending(story: Sequence[str], lines: Sequence[str]) -> tuple[str, ...]:
    """Tell the last steps of a story, a line each, with the states that things went through.

    Args:
        story: what happened before.
        lines: the last steps.

    Raises:
        InputError: a line means nothing there.
    """
    told = zip(lines, Story([*story, *lines]).rows[-len(lines) :], strict=True)
    return tuple(f"{line}: {_moves(outcome(row))}" for line, row in told)


def _moves(came: tuple[str, ...]) -> str:
    """Give the lines of what came of something that tell of states, else the first."""
    return "; ".join([line for line in came if ARROW in line] or came[:1])
