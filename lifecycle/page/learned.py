"""Learns from the simulator what every act does: each is tried in every configuration it reaches.

What an act does to its object, and to each neighbour of it, is noted under what
it can depend on: the object by itself, its neighbours, and their relation. Two
tries that agree in these and differ in what comes of them are a mistake.
"""

from __future__ import annotations

import marshal
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from hashlib import blake2b
from itertools import chain, product, zip_longest
from random import Random
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from lifecycle.analysis.exploration.acts import IMAGES, doings
from lifecycle.analysis.exploration.clouds import configuration_of
from lifecycle.analysis.exploration.copies import Moment, put_aside, put_back
from lifecycle.cloud.cloud import Cloud
from lifecycle.page.neighbourhood import IMAGE, MACHINE, SAVES, UNRELATED, Neighbourhood, Own, Ref
from lifecycle.page.templates import Template, template_of
from lifecycle.refusal import Refused
from lifecycle.scenario.reasons import explain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lifecycle.analysis.exploration.acts import Act, CloudBounds
    from lifecycle.page.neighbourhood import Record, Relation
    from lifecycle.scenario.moments import Refusal as Told

Focus = tuple[tuple["Relation", Own], ...]
"""The neighbours of an object: what each is to it, and by itself."""

_NUMBER = re.compile(r"\b\d+\b")

FIRST = 1
"""The id of the first image and machine: no other number in oned's words is meant for it then."""

_CURIOUS = 0.7
"""How often a curious walk goes on where something is new, if it can."""

_CANONICAL = 2
"""The version of marshal that writes equal values as equal bytes: later ones tell copies apart."""

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
    """

    text: str
    code: str
    why: tuple[str, ...]


class Made(NamedTuple):
    """A new object.

    Attributes:
        own: the new object by itself.
        relation: what the object that the act is done to is to it.
        copies: whether it saves the disk of the same machine, if any: a copy keeps the name.
    """

    own: Own
    relation: Relation
    copies: bool


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
    """What the change of another object can depend on.

    Attributes:
        situation: of the object that the act is done to.
        relation: what the two are to each other.
        through: where they are nothing to each other: for each object between them, what the
            one is to it, and it to the other.
        other: the other object by itself.
    """

    situation: Situation
    relation: Relation
    through: tuple[tuple[Relation, Relation], ...]
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
        bounds: how far it goes; the ids that are left out at the beginning count.
        first: the id of the first image and the first machine.
    """

    def __init__(self, bounds: CloudBounds, first: int = FIRST) -> None:
        """Begin with a fresh cloud."""
        self.cloud = Cloud(journal=False)
        self.cloud.images.next_id = self.cloud.vms.next_id = first
        self.bounds = bounds

    def has_room(self) -> bool:
        """Tell whether there may be one more image and one more machine."""
        return self.bounds.room_for_image(self.cloud) and self.bounds.room_for_machine(self.cloud)

    def all_of(self, moment: Moment) -> Iterator[Try]:
        """Try every act at a moment; until the next one is asked, the cloud is as after it."""
        cloud = self.cloud
        put_back(cloud, moment)
        names: dict[str, Ref] = {one.name: (IMAGE, one.id) for one in cloud.images}
        names |= {one.name: (MACHINE, one.id) for one in cloud.vms}
        for act, do in list(doings(cloud, self.bounds, 0)):
            put_back(cloud, moment)
            template, target = template_of(act, names)
            refused = _refused(do)
            cloud.settle()
            after = Neighbourhood(cloud)
            known = set(names.values())
            made = next((one for one in after.records if one not in known), None)
            yield Try(act, template, target, refused, after, made)


def _refused(do: Callable[[], object]) -> Refused | None:
    try:
        do()
    except Refused as error:
        return error
    return None


Study = Callable[[Moment], Iterable[Try]]
"""Tries everything at a moment; the cloud is as after each try while that is looked at."""


def everywhere(tries: Tries, study: Study, most: int | None = None, *, room: bool = False) -> int:
    """Study every configuration that can be reached; tell how many there are.

    Args:
        tries: in which cloud, within which bounds.
        study: is given a moment of each configuration, once.
        most: how many configurations at most, those with the shortest histories.
        room: whether only those are gone through in which there is room for more.
    """
    waiting = deque([put_aside(tries.cloud)])
    seen = {_known_by(tries.cloud)}
    count = 0
    while waiting:
        count += 1
        for _ in study(waiting.popleft()):
            if len(seen) == most or (room and not tries.has_room()):
                continue
            after = _known_by(tries.cloud)
            if after not in seen:
                seen.add(after)
                waiting.append(put_aside(tries.cloud))
    return count


def _known_by(cloud: Cloud) -> bytes:
    """Give what a configuration is known by: there are too many to keep them whole."""
    plain = marshal.dumps(tuple(configuration_of(cloud, 0, symmetry=True)), _CANONICAL)
    return blake2b(plain, digest_size=16).digest()


def along_a_walk(tries: Tries, study: Study, random: Random, steps: int) -> None:
    """Study a random walk; it begins anew when many images or machines were made."""
    fresh = moment = put_aside(tries.cloud)
    for _ in range(steps):
        ways = [put_aside(tries.cloud) for _ in _further(tries, study, moment)]
        moment = random.choice(ways) if ways else fresh


def along_curious_walks(tries: Tries, study: Study, seeds: Iterable[int], steps: int) -> None:
    """Study random walks that mostly go where an object gets into a situation not met before.

    Args:
        tries: in which cloud, within which bounds; every walk begins as it is.
        study: is given a moment of each step.
        seeds: of the walks, one each; what one has met is not new to those after it.
        steps: how many each has.
    """
    fresh = put_aside(tries.cloud)
    met: set[Situation] = set()
    for random in map(Random, seeds):
        moment = fresh
        for _ in range(steps):
            ways = [
                (put_aside(tries.cloud), situations_of(tried.after).values())
                for tried in _further(tries, study, moment)
            ]
            new = [way for way in ways if not met.issuperset(way[1])]
            chosen = new if new and random.random() < _CURIOUS else ways
            moment, situations = random.choice(chosen) if chosen else (fresh, ())
            met.update(situations)


def _further(tries: Tries, study: Study, moment: Moment) -> Iterator[Try]:
    """Study a moment; give what is accepted there, unless many were made by then."""
    for tried in study(moment):
        made = max(tries.cloud.images.next_id, tries.cloud.vms.next_id)
        if tried.refused is None and made < len(IMAGES):
            yield tried


class Learned:
    """What is known of every act.

    Attributes:
        outcomes: what it does to its object, by what that can depend on.
        changes: what it does to others, where it is not refused: then it does nothing to them.
        situations: of every object that was seen, with whether there was room for more then.
        births: the acts that are done to nothing, each with what it makes.
        ways: of objects for which something was refused, the commands that would do something.
        words: for oned's words, with # for each number, with what they can be read: each number
            by itself, or as the object's id or one of its counters.
    """

    def __init__(self) -> None:
        """Know nothing."""
        self.outcomes: dict[Template, dict[Situation, Outcome]] = defaultdict(dict)
        self.changes: dict[Template, dict[Encounter, Change | None]] = defaultdict(dict)
        self.situations: dict[Situation, bool] = {}
        self.births: dict[Template, Record] = {}
        self.ways: dict[Situation, tuple[str, ...]] = {}
        self.words: dict[str, frozenset[str]] = {}

    def explore(self, tries: Tries, most: int | None = None, *, room: bool = False) -> int:
        """Try everything in all configurations: see `everywhere`; tell how many there are."""
        return everywhere(tries, lambda moment: self.study(tries, moment), most, room=room)

    def wander(self, bounds: CloudBounds, random: Random, steps: int) -> None:
        """Try everything along a random walk."""
        tries = Tries(bounds)
        along_a_walk(tries, lambda moment: self.study(tries, moment), random, steps)

    def study(self, tries: Tries, moment: Moment) -> Iterator[Try]:
        """Try every act at a moment, and learn from it."""
        put_back(tries.cloud, moment)
        before = Neighbourhood(tries.cloud)
        situations = situations_of(before)
        room = tries.has_room()
        for situation in situations.values():
            self.situations[situation] = self.situations.get(situation, False) or room
        for tried in tries.all_of(moment):
            if tried.target is None:
                self._learn_birth(tried)
            else:
                self._learn(before, situations[tried.target], tried)
            yield tried

    def idle(self, template: Template) -> list[Situation]:
        """Give the situations in which an act could not be tried, though there was room for it."""
        tried = self.outcomes[template]
        return [
            one
            for one, room in self.situations.items()
            if one.own.kind == template.kind and one not in tried and (room or not template.makes)
        ]

    def _read(self, text: str, numbers: Mapping[str, int], tried: Try) -> None:
        skeleton, found = without_numbers(text), readings(text, numbers)
        self.words[skeleton] = self.words.get(skeleton, found) & found
        _must(bool(self.words[skeleton]), tried)

    def _learn_birth(self, tried: Try) -> None:
        assert tried.made is not None  # noqa: S101 - an image can always be made
        record = tried.after.records[tried.made]
        _agree(self.births, tried.template, record, tried)

    def _learn(self, before: Neighbourhood, situation: Situation, tried: Try) -> None:
        target, after = tried.target, tried.after
        assert target is not None  # noqa: S101 - the others are births
        made = None
        if tried.made is not None:
            saves = after.held.get((tried.made, SAVES)), before.held.get((target, SAVES))
            copies = saves[0] is not None and saves[0] == saves[1]
            made = Made(after.own(tried.made), after.relation(target, tried.made), copies)
        after_record = after.records.get(target)
        table = self.outcomes[tried.template]
        known = table.get(situation)
        if known is None:
            told = None if tried.refused is None else explain(tried.refused)
            refusal = None if told is None else _refusal(told)
            table[situation] = Outcome(after_record, made, refusal)
            if told is not None:
                _agree(self.ways, situation, told.legal, tried)
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
            through = before.through(target, other) if relation == UNRELATED else ()
            if tried.refused is not None or (relation == UNRELATED and not through):
                _must(same, tried)
                continue
            encounter = Encounter(situation, relation, through, before.own(other))
            _agree(self.changes[tried.template], encounter, None if same else change, tried)


def situations_of(seen: Neighbourhood) -> dict[Ref, Situation]:
    """Give of every object that there is, by itself and with its neighbours."""
    return {one: Situation(seen.own(one), focus_of(seen, one)) for one in seen.records}


def focus_of(seen: Neighbourhood, one: Ref) -> Focus:
    """Give the neighbours of an object, in an order that does not depend on ids."""
    return tuple(
        sorted((seen.relation(one, other), seen.own(other)) for other in seen.neighbours(one))
    )


def _refusal(told: Told) -> Refusal:
    return Refusal(without_numbers(told.text), told.code, told.why)


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
