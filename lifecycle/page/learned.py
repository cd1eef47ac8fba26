"""Learns from the simulator what every act does: each is tried in every configuration it reaches.

What an act does to its object, and to each neighbour of it, is noted under what
it can depend on: the object by itself, its neighbours, and their relation. Two
tries that agree in these and differ in what comes of them are a mistake.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import chain, product, zip_longest
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from lifecycle.analysis.exploration.acts import doings
from lifecycle.analysis.exploration.clouds import CloudConfiguration, configuration_of
from lifecycle.analysis.exploration.copies import Moment, put_aside, put_back
from lifecycle.analysis.exploration.search import search
from lifecycle.cloud.cloud import Cloud
from lifecycle.page.neighbourhood import IMAGE, MACHINE, UNRELATED, Neighbourhood, Own, Ref
from lifecycle.page.templates import Template, template_of
from lifecycle.refusal import Refused
from lifecycle.scenario.reasons import explain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    from lifecycle.analysis.exploration.acts import Act, CloudBounds
    from lifecycle.page.neighbourhood import Record, Relation

Focus = tuple[tuple["Relation", Own], ...]
"""The neighbours of an object: what each is to it, and by itself."""

_NUMBER = re.compile(r"\b\d+\b")

FIRST = 1
"""The id of the first image and machine: no other number in oned's words is meant for it then."""


K = TypeVar("K")
V = TypeVar("V")


class LocalityError(Exception):
    """When what comes of an act depends on more than is noted; then the page could not be right."""


class Refusal(NamedTuple):
    """A refusal.

    Attributes:
        text: oned's words, with # for each number: see `Learned.words`.
        code: the name of oned's error code.
        why: the reasons, in plain words.
        ways: commands that would do something.
    """

    text: str
    code: str
    why: tuple[str, ...]
    ways: tuple[str, ...]


class Made(NamedTuple):
    """A new object: by itself, and what the object that the act is done to is to it."""

    own: Own
    relation: Relation


class Outcome(NamedTuple):
    """What an act does to the object that it is done to.

    Attributes:
        after: the object's record; None when it is gone.
        made: the new object, if any.
        refusal: why it was refused, None where it was not.
    """

    after: Record | None
    made: Made | None
    refusal: Refusal | None


class Change(NamedTuple):
    """What an act does to a neighbour: its record, None when it is gone, and the relation."""

    after: Record | None
    relation: Relation


class Situation(NamedTuple):
    """What an act can depend on."""

    own: Own
    focus: Focus


class Encounter(NamedTuple):
    """What the change of a neighbour can depend on."""

    own: Own
    focus: Focus
    relation: Relation
    other: Own


class Try(NamedTuple):
    """One try of an act.

    Attributes:
        act: what is tried.
        template: the same with holes.
        target: what it is done to, None for a new image.
        refused: the refusal, None where it was accepted.
        after: the neighbourhood afterwards.
        made: the new object, None where nothing was made.
    """

    act: Act
    template: Template
    target: Ref | None
    refused: Refused | None
    after: Neighbourhood
    made: Ref | None


class Tries:
    """Tries every act in a small cloud, over and over.

    Args:
        bounds: how far it goes; ids begin with `FIRST`, so one more of each is to be allowed.
    """

    def __init__(self, bounds: CloudBounds) -> None:
        """Begin with a fresh cloud."""
        self.cloud = Cloud(journal=False)
        self.cloud.images.next_id = self.cloud.vms.next_id = FIRST
        self.bounds = bounds

    def all_of(self, moment: Moment) -> Iterator[Try]:
        """Try every act at a moment; until the next one is asked, the cloud is as after it."""
        cloud = self.cloud
        put_back(cloud, moment)
        names: dict[str, Ref] = {one.name: (IMAGE, one.id) for one in cloud.images}
        names |= {one.name: (MACHINE, one.id) for one in cloud.vms}
        for place in range(sum(1 for _ in doings(cloud, self.bounds, 0))):
            put_back(cloud, moment)
            yield self._try(place, names)

    def _try(self, place: int, names: dict[str, Ref]) -> Try:
        # What is tried is bound to the objects of now, which putting back replaces.
        act, do = list(doings(self.cloud, self.bounds, 0))[place]
        template, target = template_of(act, names)
        refused = None
        try:
            do()
        except Refused as error:
            refused = error
        self.cloud.settle()
        after = Neighbourhood(self.cloud)
        known = set(names.values())
        made = next((one for one in after.records if one not in known), None)
        return Try(act, template, target, refused, after, made)


class Learned:
    """What is known of every act.

    Attributes:
        outcomes: what it does to its object, by what that can depend on.
        changes: what it does to neighbours, where it does anything.
        births: the acts that are done to nothing, each with what it makes.
        words: for oned's words, with # for each number, with what they can be read: each number
            by itself, or as the object's id or one of its counters.
    """

    def __init__(self) -> None:
        """Know nothing."""
        self.outcomes: dict[Template, dict[Situation, Outcome]] = defaultdict(dict)
        self.changes: dict[Template, dict[Encounter, Change | None]] = defaultdict(dict)
        self.births: dict[Template, Record] = {}
        self.words: dict[str, frozenset[str]] = {}

    def explore(self, bounds: CloudBounds, most: int | None = None) -> int:
        """Try everything in all configurations within bounds; tell how many there are.

        Args:
            bounds: how far; without what is made of an image in marketplaces and backups.
            most: how many configurations at most, those with the shortest histories.
        """
        tries = Tries(bounds)
        first = configuration_of(tries.cloud, 0, symmetry=True)
        moments: dict[CloudConfiguration, Moment] = {first: put_aside(tries.cloud)}

        def successors(one: CloudConfiguration) -> Iterator[tuple[Act, CloudConfiguration]]:
            for tried in self.study(tries, moments[one]):
                after = configuration_of(tries.cloud, 0, symmetry=True)
                if after not in moments:
                    moments[after] = put_aside(tries.cloud)
                yield tried.act, after

        return len(search({"": first}, successors, most=most).configurations)

    def wander(self, bounds: CloudBounds, random: Random, steps: int) -> None:
        """Try everything along a random walk, which begins anew when too many names are used."""
        tries = Tries(bounds)
        fresh = put_aside(tries.cloud)
        moment, most = fresh, 8
        for _ in range(steps):
            ways = [
                put_aside(tries.cloud)
                for tried in self.study(tries, moment)
                if tried.refused is None and tries.cloud.images.next_id < most
            ]
            moment = random.choice(ways) if ways else fresh

    def study(self, tries: Tries, moment: Moment) -> Iterator[Try]:
        """Try every act at a moment, and learn from it."""
        put_back(tries.cloud, moment)
        before = Neighbourhood(tries.cloud)
        focus = {one: focus_of(before, one, (IMAGE, MACHINE)) for one in before.records}
        for tried in tries.all_of(moment):
            if tried.target is None:
                self._learn_birth(tried)
            else:
                self._learn(before, focus[tried.target], tried)
            yield tried

    def _read(self, text: str, numbers: Mapping[str, int], tried: Try) -> None:
        skeleton, found = without_numbers(text), readings(text, numbers)
        self.words[skeleton] = self.words.get(skeleton, found) & found
        _must(bool(self.words[skeleton]), tried)

    def _learn_birth(self, tried: Try) -> None:
        assert tried.made is not None  # noqa: S101 - an image can always be made
        record = tried.after.records[tried.made]
        _agree(self.births, tried.template, record, tried)

    def _learn(self, before: Neighbourhood, focus: Focus, tried: Try) -> None:
        target, after = tried.target, tried.after
        assert target is not None  # noqa: S101 - the others are births
        made = None
        if tried.made is not None:
            made = Made(after.own(tried.made), after.relation(target, tried.made))
        own = before.own(target)
        after_record = after.records.get(target)
        table, situation = self.outcomes[tried.template], Situation(own, focus)
        known = table.get(situation)
        if known is None:
            refusal = None if tried.refused is None else _refusal(tried.refused)
            table[situation] = Outcome(after_record, made, refusal)
        else:
            _must_agree(known, after_record, made, tried)
        if tried.refused is not None:
            self._read(tried.refused.text, before.numbers(target), tried)
        for other in before.records:
            if other == target:
                continue
            relation = before.relation(target, other)
            change = Change(after.records.get(other), after.relation(target, other))
            same = change == (before.records[other], relation)
            if relation == UNRELATED:
                _must(same, tried)
                continue
            encounter = Encounter(own, focus, relation, before.own(other))
            _agree(self.changes[tried.template], encounter, None if same else change, tried)


def focus_of(seen: Neighbourhood, one: Ref, kinds: tuple[str, ...]) -> Focus:
    """Give the neighbours of an object, of some kinds, in an order that does not depend on ids."""
    return tuple(
        sorted(
            (seen.relation(one, other), seen.own(other)) for other in seen.neighbours(one, kinds)
        )
    )


def _refusal(refused: Refused) -> Refusal:
    told = explain(refused)
    return Refusal(without_numbers(told.text), told.code, told.why, told.legal)


def without_numbers(text: str) -> str:
    """Give oned's words with # for each number."""
    return _NUMBER.sub("#", text)


def readings(text: str, numbers: Mapping[str, int]) -> frozenset[str]:
    """Give every way to read the numbers in oned's words: as they stand, or as what has that value.

    Args:
        text: oned's words.
        numbers: what they may mean, by the names of holes.
    """
    ways = [
        [found, *(f"{{{name}}}" for name, value in numbers.items() if found == str(value))]
        for found in _NUMBER.findall(text)
    ]
    pieces = _NUMBER.split(text)
    return frozenset(
        "".join(chain.from_iterable(zip_longest(pieces, chosen, fillvalue="")))
        for chosen in product(*ways)
    )


def _must_agree(known: Outcome, after: Record | None, made: Made | None, tried: Try) -> None:
    refused = tried.refused
    _must(known.after == after and known.made == made, tried)
    if refused is None or known.refusal is None:
        _must(refused is None and known.refusal is None, tried)
        return
    told = without_numbers(refused.text), refused.code.name
    _must(told == (known.refusal.text, known.refusal.code), tried)


def _agree(table: dict[K, V], key: K, value: V, tried: Try) -> None:
    _must(table.setdefault(key, value) == value, tried)


def _must(holds: bool, tried: Try) -> None:  # noqa: FBT001 - as in an assertion
    if not holds:
        raise LocalityError(f"{tried.act.label}: it depends on more than its neighbourhood")
