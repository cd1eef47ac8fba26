"""Histories with one field changed, and whether they are possible: by exhaustive search.

The search goes through the graph of everything that `explore_image` reaches,
which is held against calls in a cloud elsewhere. It knows nothing of how
`lifecycle check` works. What the exploration leaves out is added: whoever may
update an image can write SHAREABLE and FORCE_DELETE, and a machine may keep
snapshots in its persistent image.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.analysis.exploration import Bounds, Configuration, explore_image
from lifecycle.image import Image
from lifecycle.snapshots import Orphans, Snapshots
from lifecycle.states import GONE, ImageState, ImageType

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from lifecycle.analysis.check.possible import Checker

BOUNDS = Bounds(
    machines=3,
    clones=2,
    snapshots=2,
    types=(ImageType.OS, ImageType.CDROM, ImageType.KERNEL, ImageType.BACKUP),
)
_STEPS = 14
_TWO = 2


class Seen(NamedTuple):
    """What somebody sees who polls; None stands for an image that is gone."""

    state: ImageState
    type: ImageType
    persistent: bool
    source: bool
    snapshots: tuple[int, ...]
    target: int
    vms: int
    clone: int


@dataclass(slots=True)
class World:
    """The graph, and what can be seen of its configurations.

    Attributes:
        configurations: all of them.
        onward: for each, where it can go.
        births: where an image can begin.
    """

    configurations: list[Configuration]
    onward: list[set[int]]
    births: list[int]
    _reached: dict[tuple[frozenset[int], str], frozenset[int]] = field(default_factory=dict)

    def reach(self, start: frozenset[int], clone: str) -> frozenset[int]:
        """Give what can be reached, the start included.

        Args:
            start: the numbers of configurations.
            clone: "same" where a clone must stay all the time, "other" where it
                must go and another come, "" where neither is known.
        """
        key = start, clone
        if key not in self._reached:
            self._reached[key] = frozenset(self._search(start, clone))
        return self._reached[key]

    def _search(self, start: frozenset[int], clone: str) -> Iterator[int]:
        # Whether a clone came on the way counts where it must be another one.
        done = {(one, False) for one in start}
        todo = list(done)
        for number, came in todo:
            if clone != "other" or came:
                yield number
            copies = self.configurations[number].cloning_ops
            for after in self.onward[number]:
                then = self.configurations[after].cloning_ops
                if clone == "same" and not then:
                    continue
                next_ = after, clone == "other" and (came or then > copies)
                if next_ not in done:
                    done.add(next_)
                    todo.append(next_)


@cache
def world() -> World:
    """Give the graph that the search goes through."""
    graph = explore_image(BOUNDS)
    configurations = graph.configurations
    # A copy shows whose copy it is; that is left out here.
    left_out = {n for n, one in enumerate(configurations) if "CLONE" in one.record.requests}
    onward: list[set[int]] = [set() for _ in configurations]
    for edge in graph.edges:
        if not left_out & {edge.origin, edge.target}:
            onward[edge.origin].add(edge.target)
    by_rest = _by_all_but_snapshots(configurations)
    for edge in graph.edges:
        here, there = configurations[edge.origin], configurations[edge.target]
        if here.state is ImageState.USED_PERS and here.vms > there.vms:
            onward[edge.origin] |= by_rest[_without_snapshots(there)] - left_out
    for alike in _alike(configurations, left_out):
        for one in alike:
            onward[one] |= alike - {one}
    births = [one for one in graph.beginnings.values() if one not in left_out]
    return World(configurations, onward, births)


def _alike(configurations: list[Configuration], left_out: set[int]) -> Iterator[set[int]]:
    groups: dict[object, set[int]] = defaultdict(set)
    for number, one in enumerate(configurations):
        if number in left_out or one.state is GONE:
            continue
        updated = one.record._replace(shareable=False, forced=False)
        groups["updated", one._replace(record=updated)].add(number)
        if one.state is ImageState.USED_PERS and one.vms:
            groups["snapshots", _without_snapshots(one)].add(number)
    yield from groups.values()


def _without_snapshots(configuration: Configuration) -> Configuration:
    return configuration._replace(record=configuration.record._replace(snapshots=()))


def _by_all_but_snapshots(configurations: list[Configuration]) -> dict[Configuration, set[int]]:
    found: dict[Configuration, set[int]] = defaultdict(set)
    for number, one in enumerate(configurations):
        found[_without_snapshots(one)].add(number)
    return found


def seen_of(configuration: Configuration, clone: int) -> Seen | None:
    """Give what can be seen of a configuration; the clone, if it has one, bears that id."""
    record = configuration.record
    if not isinstance(record.state, ImageState):
        return None
    return Seen(
        record.state,
        record.type,
        record.persistent,
        record.source,
        record.snapshots,
        record.target,
        configuration.vms,
        clone if configuration.cloning_ops else 0,
    )


def possible(history: list[Seen | None]) -> bool:
    """Tell by exhaustive search whether a history can have been seen."""
    if not _ids_grow(history):
        return False
    there = world()
    now = there.reach(frozenset(there.births), "")
    before: Seen | None = None
    for seen in history:
        if before is not None:
            now = there.reach(now, _clone(before, seen))
        now = frozenset(n for n in now if _fits(there.configurations[n], seen))
        if not now:
            return False
        before = seen
        if seen is None:
            return all(one is None for one in history[history.index(None) :])
    return True


def _ids_grow(history: list[Seen | None]) -> bool:
    """Tell whether every clone that comes has a higher id than those before it."""
    clones = [seen.clone for seen in history if seen is not None and seen.clone]
    return clones == sorted(clones)


def _clone(before: Seen, after: Seen | None) -> str:
    if after is None or not before.clone or not after.clone:
        return ""
    return "same" if before.clone == after.clone else "other"


def _fits(configuration: Configuration, seen: Seen | None) -> bool:
    clone = seen.clone if seen is not None else 0
    return configuration.cloning_ops < _TWO and seen_of(configuration, clone or -1) == seen


def histories(random: Random) -> Iterator[list[Seen | None]]:
    """Give walks through the graph as they are seen at random poll intervals."""
    there = world()
    while True:
        number, clone = random.choice(there.births), 100
        interval = random.choice((1, 2, 3, 5))
        polls: list[Seen | None] = []
        for _ in range(_STEPS):
            if not polls or random.random() < 1 / interval:
                polls.append(seen_of(there.configurations[number], clone))
            if not there.onward[number]:
                break
            before = there.configurations[number].cloning_ops
            choices = [n for n in sorted(there.onward[number]) if _simple(there.configurations[n])]
            if not choices:
                break
            number = random.choice(choices)
            clone += there.configurations[number].cloning_ops > before
        if len(polls) > 1:
            yield polls


def _simple(configuration: Configuration) -> bool:
    """Tell whether there is no more to be seen than one clone and two machines."""
    return configuration.cloning_ops < _TWO and configuration.vms <= _TWO


def mutations(history: list[Seen | None], random: Random) -> tuple[str, list[Seen | None]]:
    """Give the history with one field of one observation changed, and the field."""
    place = random.choice([n for n, one in enumerate(history) if one is not None])
    seen = history[place]
    assert seen is not None
    name = random.choice(Seen._fields)
    value = random.choice(_others(seen, name))
    changed = list(history)
    changed[place] = seen._replace(**{name: value})
    return name, changed


def _others(seen: Seen, name: str) -> list[Any]:
    values: dict[str, list[Any]] = {
        "state": [one for one in ImageState if one is not ImageState.INIT],
        "type": list(BOUNDS.types),
        "persistent": [False, True],
        "source": [False, True],
        "snapshots": [(), (1,), (0, 1)],
        "target": [-1, 0, 1],
        "vms": [0, 1, 2],
        "clone": [0, seen.clone or 150],
    }
    return [one for one in values[name] if one != getattr(seen, name)]


def decided(history: list[Seen | None]) -> bool:
    """Tell whether the graph can decide: it knows no disk that is saved, and few snapshots."""
    return all(seen is None or _decided(seen) for seen in history)


def _decided(seen: Seen) -> bool:
    if seen.state.locked and seen.source and seen.target == -1:
        return seen.type is ImageType.BACKUP
    if seen.target in seen.snapshots and seen.target != min(seen.snapshots):
        return False
    return not seen.snapshots or not seen.vms or seen.state is ImageState.USED_PERS


def image_of(seen: Seen | None) -> Image | None:
    """Give the image that is seen."""
    if seen is None:
        return None
    image = Image(
        7,
        "debian",
        seen.type,
        persistent=seen.persistent,
        state=seen.state,
        source="/ds/7" if seen.source else "",
        # A file is never made empty: it is copied, or has its SOURCE from the beginning.
        path="/debian" if seen.type is ImageType.KERNEL else "",
        format="raw",
    )
    image.vms, image.running_vms = set(range(1, seen.vms + 1)), seen.vms
    image.clones = {seen.clone} if seen.clone else set()
    image.cloning_ops = len(image.clones)
    image.target_snapshot = seen.target
    if seen.snapshots:
        image.snapshots = Snapshots(Orphans.ALLOW)
        for number in seen.snapshots:
            image.snapshots.next_id = number
            image.snapshots.create("", 1, 0)
    return image


class Tally(NamedTuple):
    """What came of checking histories and their mutations.

    Attributes:
        walks: how many histories were checked as they are.
        rejected_walks: those of them that were not accepted.
        impossible: how many mutations are impossible by exhaustive search.
        rejected: those of them that were rejected.
        possible: how many mutations are possible by exhaustive search.
        accepted: those of them that were accepted.
    """

    walks: int = 0
    rejected_walks: int = 0
    impossible: int = 0
    rejected: int = 0
    possible: int = 0
    accepted: int = 0


def measured(checker: Checker, random: Random, walks: int, each: int = 3) -> Tally:
    """Check histories, and mutations of each, and tell what came of it."""
    tally = Tally()
    for history in islice(histories(random), walks):
        accepted = _accepts(checker, history)
        tally = tally._replace(
            walks=tally.walks + 1, rejected_walks=tally.rejected_walks + (not accepted)
        )
        for _ in range(each):
            _, changed = mutations(history, random)
            if not decided(changed):
                continue
            says = _accepts(checker, changed)
            if possible(changed):
                tally = tally._replace(possible=tally.possible + 1, accepted=tally.accepted + says)
            else:
                tally = tally._replace(
                    impossible=tally.impossible + 1, rejected=tally.rejected + (not says)
                )
    return tally


def _accepts(checker: Checker, history: list[Seen | None]) -> bool:
    return checker.check([image_of(seen) for seen in history]).possible
