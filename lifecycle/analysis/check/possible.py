"""The search for a hidden history between what was observed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.analysis.check.differing import differences, members_of
from lifecycle.analysis.check.facts import Wrong, family_of, wrong_alone, wrong_together
from lifecycle.analysis.check.hidden import (
    AFTER,
    APP_OTHER,
    BEFORE,
    BOTH,
    ELSE,
    EMPTY,
    FIRST,
    GONE_HIDDEN,
    OTHER,
    SECOND,
    Between,
    Hidden,
    Step,
    Successors,
    births,
)
from lifecycle.analysis.check.hook_events import Change, EventVerdict, check_events
from lifecycle.states import ImageState, ImageType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lifecycle.image import Image

Requests = tuple[str, ...]
"""What drivers were asked and have not answered, sorted."""

_APP = APP_OTHER // OTHER


class Leg(NamedTuple):
    """What happened unseen between two observations of an image: a shortest way."""

    steps: tuple[Step, ...]
    members: dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the observations of one image can be.

    Attributes:
        legs: what happened before each observation; up to the first impossible one.
        impossible: the number of the first impossible observation, -1 where all are possible.
        wrong: what of it is not possible, and the nearest that is.
        unasked: the number of the first observation that needs a late, repeated or unasked
            answer of a driver, -1 where none does.
    """

    legs: tuple[Leg, ...] = ()
    impossible: int = -1
    wrong: tuple[Wrong, ...] = ()
    unasked: int = -1

    @property
    def possible(self) -> bool:
        """Whether all observations are possible."""
        return self.impossible < 0


class _Way(NamedTuple):
    """A way to an observation: how many hidden steps, the last leg, and the way before it."""

    length: int
    steps: tuple[Step, ...]
    before: _Way | None


@dataclass(slots=True)
class Checker:
    """Checks observed histories of images; what it worked out once it knows from then on.

    Attributes:
        unasked: whether late, repeated and unasked answers of drivers are accepted where
            nothing else helps.
    """

    unasked: bool = True
    _successors: Successors = field(default_factory=Successors)
    _found: dict[tuple[Hidden, Between, Hidden], dict[Requests, tuple[Step, ...]]] = field(
        default_factory=dict
    )

    def check(self, observations: Sequence[Image | None]) -> Verdict:
        """Tell whether an image can have been observed like that.

        Args:
            observations: in their order; None where its record was gone.
        """
        verdict = self._check(observations, unasked=False)
        if verdict.possible or not self.unasked:
            return verdict
        again = self._check(observations, unasked=True)
        if not again.possible:
            return again
        return Verdict(again.legs, unasked=verdict.impossible)

    def check_events(self, events: Sequence[Change]) -> EventVerdict:
        """Tell whether the state-hook events of an image can have come like that."""
        return check_events(events, self._successors, unasked=self.unasked)

    def _check(self, observations: Sequence[Image | None], *, unasked: bool) -> Verdict:
        ways: dict[Requests, _Way] = {}
        last: Image | None = None
        begun = False
        sizes: set[int] = set()
        for place, seen in enumerate(observations):
            # An answer about increments that is not of a backup sets SIZE 0.
            wrong = _wrong(last, seen, sizes | {0} if unasked else sizes, begun=begun)
            if wrong:
                return Verdict(_legs(ways, observations[:place]), place, tuple(wrong))
            if seen is None and last is None:
                ways = ways or {(): _Way(0, (), None)}
            if _alike(last, seen) or (seen is None and last is None):
                # Whatever could happen before the same was seen again can happen after it.
                ways = {open_: _Way(way.length, (), way) for open_, way in ways.items()}
                last = seen
                continue
            between = _between(last, seen, unasked=unasked)
            arrived = self._arrive(ways, last, seen, between, begun=begun)
            if not arrived:
                nearest = self._nearest(ways, last, seen, between, begun=begun)
                return Verdict(_legs(ways, observations[:place]), place, tuple(nearest))
            ways, last, begun = arrived, seen, True
            if seen is not None:
                sizes.add(seen.size)
        return Verdict(_legs(ways, observations))

    def _arrive(
        self,
        ways: dict[Requests, _Way],
        last: Image | None,
        seen: Image | None,
        between: Between,
        *,
        begun: bool,
    ) -> dict[Requests, _Way]:
        wanted = _as_seen(seen, between, last)
        found: dict[Requests, _Way] = {}
        for way, first, start in _starts(ways, last, seen, between, begun=begun):
            for requests, steps in self._reach(start, between, wanted).items():
                length = (way.length if way else 0) + len(first) + len(steps)
                if requests not in found or length < found[requests].length:
                    found[requests] = _Way(length, (*first, *steps), way)
        return found

    def _reach(
        self, start: Hidden, between: Between, wanted: Hidden
    ) -> dict[Requests, tuple[Step, ...]]:
        """Give a shortest way to what was seen, for everything that may be open then."""
        key = start, between, wanted
        known = self._found.get(key)
        if known is not None:
            return known
        found: dict[Requests, tuple[Step, ...]] = {}
        parents = self._explore(start, between)
        for hidden in parents:
            if hidden._replace(requests=()) == wanted:
                found[hidden.requests] = _steps_to(hidden, parents)
        self._found[key] = found
        return found

    def _explore(self, start: Hidden, between: Between) -> dict[Hidden, tuple[Step, Hidden] | None]:
        parents: dict[Hidden, tuple[Step, Hidden] | None] = {start: None}
        todo = [start]
        for hidden in todo:
            for step, after in self._successors.of(hidden, between):
                if after not in parents:
                    parents[after] = step, hidden
                    todo.append(after)
        return parents

    def _nearest(
        self,
        ways: dict[Requests, _Way],
        last: Image | None,
        seen: Image | None,
        between: Between,
        *,
        begun: bool,
    ) -> list[Wrong]:
        """Give in what the nearest possible observation differs from the one that was made."""
        wanted = _as_seen(seen, between, last)
        best: Hidden | None = None
        fewest = len(Hidden._fields) + 1
        for _, _, start in _starts(ways, last, seen, between, begun=begun):
            for hidden in self._explore(start, between):
                differing = sum(
                    one != two
                    for one, two in zip(hidden._replace(requests=()), wanted, strict=True)
                )
                if differing < fewest:
                    best, fewest = hidden, differing
        if best is None:
            return [Wrong("record", "there", "gone for ever: a record does not come back")]
        return list(differences(best, wanted, last, seen))


def _wrong(last: Image | None, seen: Image | None, sizes: set[int], *, begun: bool) -> list[Wrong]:
    if seen is None:
        return []
    if begun and last is None:
        return [Wrong("record", "there", "gone for ever: a record does not come back")]
    found = wrong_alone(seen)
    return found + (wrong_together(last, seen, sizes) if last is not None else [])


def _alike(last: Image | None, seen: Image | None) -> bool:
    return last is not None and seen is not None and _matters(last) == _matters(seen)


def _matters(image: Image) -> tuple[object, ...]:
    return (
        image.state,
        image.prev_state,
        image.is_persistent,
        image.source,
        image.format,
        image.size,
        image.cloning_id,
        image.target_snapshot,
        _snapshot_ids(image),
        image.vms,
        image.clones,
        image.app_clones,
    )


def _between(last: Image | None, seen: Image | None, *, unasked: bool) -> Between:
    image = seen if seen is not None else last
    assert image is not None  # noqa: S101 - the caller has one of them
    kind = min(family_of(image))
    vms = _fates(last, seen, "vms", unseen=True)
    copies = _fates(last, seen, "clones") | _APP * _fates(last, seen, "app_clones")
    # Where no copy is seen, one that comes and goes unseen opens no way but to and from CLONE.
    if copies or ImageState.CLONE in {one.state for one in (last, seen) if one is not None}:
        copies |= APP_OTHER
    snapshots = tuple(dict.fromkeys([(), *(_snapshot_ids(one) for one in (last, seen) if one)]))
    if seen is None or (last is not None and last.source == seen.source):
        source = BEFORE if image.source else ELSE
    else:
        source = AFTER if seen.source else ELSE
    same_format = seen is None or last is None or last.format == seen.format
    grows = seen is not None and last is not None and last.size != seen.size
    return Between(
        kind,
        vms,
        copies,
        snapshots,
        () if seen is None else _snapshot_ids(seen),
        -1 if seen is None else seen.target_snapshot,
        source,
        BEFORE if same_format else AFTER,
        grows and image.type is not ImageType.BACKUP,
        unasked,
    )


def _fates(last: Image | None, seen: Image | None, name: str, *, unseen: bool = False) -> int:
    one: set[int] = set(getattr(last, name)) if last is not None else set()
    two: set[int] = set(getattr(seen, name)) if seen is not None else set()
    fates = OTHER if unseen else 0
    for fate, members in ((BOTH, one & two), (FIRST, one - two), (SECOND, two - one)):
        fates |= fate if members else 0
    return fates


def _snapshot_ids(image: Image) -> tuple[int, ...]:
    return () if image.snapshots is None else tuple(one.id for one in image.snapshots)


def _starts(
    ways: dict[Requests, _Way],
    last: Image | None,
    seen: Image | None,
    between: Between,
    *,
    begun: bool,
) -> Iterator[tuple[_Way | None, tuple[Step, ...], Hidden]]:
    if last is not None:
        for requests, way in ways.items():
            yield way, (), _start(last, requests, between)
    elif seen is None:
        for way in ways.values():
            yield way, (), GONE_HIDDEN
    elif not begun:
        before = next(iter(ways.values()), None)
        for step, hidden in births(between, with_path=seen.path != ""):
            open_ = hidden._replace(requests=()) if between.unasked else hidden
            yield before, (step,), open_


def _start(image: Image, requests: Requests, between: Between) -> Hidden:
    """Give the configuration at the first of two observations."""
    apps = (between.copies // _APP) & (BOTH | FIRST)
    return Hidden(
        image.state,
        image.is_persistent,
        BEFORE if image.source else EMPTY,
        BEFORE,
        cloning=image.cloning_id != -1,
        target=image.target_snapshot,
        snapshots=_snapshot_ids(image),
        requests=requests,
        vms=between.vms & (BOTH | FIRST),
        copies=(between.copies & (BOTH | FIRST)) | _APP * apps,
        written=image.prev_state is not ImageState.INIT,
    )


def _as_seen(seen: Image | None, between: Between, last: Image | None) -> Hidden:
    """Give the configuration at the second of two observations, whatever may be open."""
    if seen is None:
        return GONE_HIDDEN
    source = EMPTY
    if seen.source:
        source = BEFORE if last is not None and last.source == seen.source else AFTER
    return Hidden(
        seen.state,
        seen.is_persistent,
        source,
        between.format,
        between.grows,
        seen.cloning_id != -1,
        seen.target_snapshot,
        _snapshot_ids(seen),
        (),
        between.vms & (BOTH | SECOND),
        (between.copies & (BOTH | SECOND)) | _APP * ((between.copies // _APP) & (BOTH | SECOND)),
        seen.prev_state is not ImageState.INIT,
    )


def _steps_to(
    hidden: Hidden, parents: dict[Hidden, tuple[Step, Hidden] | None]
) -> tuple[Step, ...]:
    steps: list[Step] = []
    while (parent := parents[hidden]) is not None:
        step, hidden = parent
        steps.append(step)
    return tuple(reversed(steps))


def _legs(ways: dict[Requests, _Way], observations: Sequence[Image | None]) -> tuple[Leg, ...]:
    if not ways:
        return ()
    found: list[tuple[Step, ...]] = []
    way: _Way | None = min(ways.values(), key=lambda one: one.length)
    while way is not None:
        found.append(way.steps)
        way = way.before
    found.reverse()
    pairs: Iterable[tuple[Image | None, Image | None]] = zip(
        [None, *observations], observations, strict=False
    )
    return tuple(
        Leg(steps, members_of(last, seen))
        for steps, (last, seen) in zip(found, pairs, strict=False)
    )
