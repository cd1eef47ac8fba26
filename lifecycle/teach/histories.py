"""Short random histories of a small cloud, for questions: what happened, what can happen now."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.analysis.exploration.acts import Act, CloudBounds, doings, perform
from lifecycle.analysis.exploration.copies import put_aside, put_back
from lifecycle.analysis.exploration.stories import scenario
from lifecycle.cloud.cloud import Cloud
from lifecycle.scenario.format import parse
from lifecycle.scenario.run import play
from lifecycle.scenario.timeline import rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from lifecycle.scenario.timeline import Row

BOUNDS = CloudBounds(images=2, machines=2, unasked=0)
"""How large the clouds of questions are."""


class Snapshot(NamedTuple):
    """The states of a cloud's images and machines, by their names, in order; gone ones left out."""

    images: tuple[tuple[str, str], ...]
    machines: tuple[tuple[str, str], ...]


class Walk:
    """A history that grows act by act.

    Attributes:
        cloud: as it is now.
        acts: what has happened.
        snapshots: the states before each act, and after the last one.
    """

    def __init__(self, random: Random, bounds: CloudBounds = BOUNDS) -> None:
        """Begin in a fresh cloud."""
        self._random = random
        self._bounds = bounds
        self.cloud = Cloud(journal=False)
        self.acts: list[Act] = []
        self.snapshots = [self._snapshot()]

    def go(self) -> bool:
        """Do one more thing that changes a state; tell whether there was any."""
        moment = put_aside(self.cloud)
        places = list(range(sum(1 for _ in doings(self.cloud, self._bounds, 0))))
        self._random.shuffle(places)
        for place in places:
            # What is tried is bound to the objects of now, which putting back replaces.
            doing = list(doings(self.cloud, self._bounds, 0))[place]
            act = doing[0]
            if perform(self.cloud, doing):
                now = self._snapshot()
                if now != self.snapshots[-1]:
                    self.acts.append(act)
                    self.snapshots.append(now)
                    return True
            put_back(self.cloud, moment)
        return False

    def choices(self) -> tuple[list[Act], list[Act]]:
        """Give the commands that would be accepted now, and those that would be refused."""
        commands = [act for act, _ in doings(self.cloud, self._bounds, 0) if not act.driver]
        accepted: list[Act] = []
        refused: list[Act] = []
        for act in commands:
            with self._trying(act) as done:
                (accepted if done else refused).append(act)
        return accepted, refused

    @contextmanager
    def tried(self, act: Act) -> Iterator[Cloud]:
        """Give the cloud as it is after an act, which is then taken back."""
        with self._trying(act):
            yield self.cloud

    @contextmanager
    def _trying(self, act: Act) -> Iterator[bool]:
        """Do an act, tell whether it was accepted, and take it back."""
        moment = put_aside(self.cloud)
        doing = next(one for one in doings(self.cloud, self._bounds, 0) if one[0] == act)
        try:
            yield perform(self.cloud, doing)
        finally:
            put_back(self.cloud, moment)

    def told(self, *more: Act) -> list[Row]:
        """Give the history, and what would come of more acts, as rows of a timeline."""
        text = scenario("A question", [*self.acts, *more], Cloud(journal=False))
        return rows(play(parse(text)))

    def _snapshot(self) -> Snapshot:
        return Snapshot(
            tuple((image.name, image.state.name) for image in self.cloud.images),
            tuple((vm.name, vm.state.name) for vm in self.cloud.vms),
        )


def sentence(act: Act) -> str:
    """Give an act as a line of a story."""
    return f"{act.driver}: {act.text}" if act.driver else act.text


def outcome(row: Row) -> tuple[str, ...]:
    """Give what came of a row, line by line."""
    return tuple("".join(piece.text for piece in line) for line in row.lines)
