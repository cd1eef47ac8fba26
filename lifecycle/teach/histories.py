"""Short random histories of a small cloud, for questions: what happened, what can happen now."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.analysis.exploration.acts import Act, CloudBounds, doings, perform
from lifecycle.analysis.exploration.copies import put_aside, put_back
from lifecycle.cloud.cloud import Cloud
from lifecycle.cloud.vm_states import VmState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

BOUNDS = CloudBounds(images=2, machines=2, saving=True)
"""How large the clouds of questions are."""


_SHORTEST, _LONGEST = 3, 7
_TRIES = 60


class Snapshot(NamedTuple):
    """The states of a cloud's images and machines by their names; gone ones left out.

    Attributes:
        disks: the images of each machine's disks, by their names.
    """

    images: dict[str, str]
    machines: dict[str, str]
    disks: dict[str, set[str]]


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
    def _trying(self, act: Act) -> Iterator[bool]:
        """Do an act, tell whether it was accepted, and take it back."""
        moment = put_aside(self.cloud)
        doing = next(one for one in doings(self.cloud, self._bounds, 0) if one[0] == act)
        try:
            yield perform(self.cloud, doing)
        finally:
            put_back(self.cloud, moment)

    def _snapshot(self) -> Snapshot:
        images = self.cloud.images
        machines = [vm for vm in self.cloud.vms if vm.state is not VmState.DONE]
        disks = {vm.name: [one for one in vm.image_ids() if one in images] for vm in machines}
        return Snapshot(
            {image.name: image.state.name for image in images},
            {vm.name: vm.state.name for vm in machines},
            {name: {images[one].name for one in ids} for name, ids in disks.items()},
        )


def sentence(act: Act) -> str:
    """Give an act as a line of a story."""
    return f"{act.driver}: {act.text}" if act.driver else act.text


def walked(random: Random) -> Walk:
    """Give a random history of a few acts."""
    for _ in range(_TRIES):
        walk = Walk(random)
        length = random.randint(_SHORTEST, _LONGEST)
        while len(walk.acts) < length and walk.go():
            pass
        if len(walk.acts) >= _SHORTEST:
            return walk
    raise AssertionError("a fresh cloud can always move")
