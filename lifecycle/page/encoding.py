"""Writes down what was learned of every act, as the data by which the page is played.

Every act is looked up by as little as decides it. Records, refusals and
outcomes that occur often stand once, and are named by their place.
"""

from __future__ import annotations

import json
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

from lifecycle.analysis.exploration.acts import CloudBounds
from lifecycle.page.deciding import (
    OTHER,
    RELATION,
    REQUESTS,
    THROUGH,
    Features,
    features_of_encounter,
    features_of_situation,
    least,
)
from lifecycle.page.learned import Change, Learned, Made, Outcome, Refusal, Tries
from lifecycle.page.neighbourhood import (
    DISK_FIELDS,
    FADING,
    IMAGE,
    IMAGE_FIELDS,
    MACHINE,
    MACHINE_FIELDS,
    MOST_COUNTED,
    SAVES,
    SIDES,
    SOLE,
    UNRELATED,
)
from lifecycle.page.templates import Template, operation_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from lifecycle.page.neighbourhood import Own, Record


MOST = 4
"""How many images, and how many machines, the page has at a time."""

_FIELDS = {IMAGE: IMAGE_FIELDS, MACHINE: MACHINE_FIELDS}
_NOTHING = -1
_UNRELATED = "0"
_NONE: dict[str, Any] = {"by": [], "to": {}}

_WORLDS: tuple[tuple[CloudBounds, int | None], ...] = (
    (CloudBounds(images=3, machines=4, saving=True, apart=True), None),
    (CloudBounds(images=4, machines=2, apart=True), None),
    (CloudBounds(images=4, machines=3, apart=True), None),
    (CloudBounds(images=5, machines=3, apart=True), 4000),
    (CloudBounds(images=4, machines=3, saving=True, apart=True), 8000),
)
"""What is explored as far as there is room for one more; ids begin with 1 there."""

_WALKS: tuple[tuple[int, int], ...] = ((2, 6000), (3, 10000), (MOST, 16000))
"""Random walks: how many images and machines there are at a time, and how many steps."""


def learn(told: Callable[[str], object] = lambda _: None) -> Learned:
    """Learn the rules from the simulator; takes a minute or two.

    Args:
        told: is told how far it is.

    Raises:
        LocalityError: an act depends on more than its neighbourhood.
    """
    learned = Learned()
    for bounds, most in _WORLDS:
        count = learned.explore(Tries(bounds), most, room=True)
        told(f"{count} configurations with room")
    for most, steps in _WALKS:
        bounds = CloudBounds(images=most, machines=most, saving=True, living=True, apart=True)
        learned.wander(bounds, Random(0), steps)
        told(f"{steps} steps of a walk with {most} images, {most} machines")
    return learned


def encoded(learned: Learned) -> dict[str, Any]:
    """Give what was learned in the form that the page reads: see ``scripts/rules.js``."""
    return _Encoder(learned).encode()


def written(found: Mapping[str, Any]) -> str:
    """Give rules as the text of their file: an act, a record or a refusal a line."""
    parts = []
    for name, value in found.items():
        if isinstance(value, list) and value and not isinstance(value[0], str):
            lines = ",\n".join(_compact(one) for one in value)
            parts.append(f'"{name}": [\n{lines}\n]')
        else:
            parts.append(f'"{name}": {_compact(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class _Places:
    """Values that are named by their place."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[Any, int] = {}

    def of(self, value: Hashable) -> int:
        """Give the place of a value, a new one where it has none yet."""
        if value not in self._places:
            self._places[value] = len(self.values)
            self.values.append(value)
        return self._places[value]


class _Encoder:
    """Writes rules with places instead of values."""

    def __init__(self, learned: Learned) -> None:
        self._learned = learned
        self._relations = _Places()
        self._relations.of(UNRELATED)
        self._made = _Places()
        self._refusals = _Places()
        self._outcomes = _Places()
        self._changes = _Places()
        self._births = _Places()
        self._commands = _Places()

    def encode(self) -> dict[str, Any]:
        births = [
            {**_told(template), "record": self._made.of(record)}
            for template, record in sorted(self._learned.births.items())
        ]
        acts = [self._act(template) for template in sorted(self._learned.outcomes)]
        ways = _table(
            [
                (features_of_situation(one, self._relations.of), self._commands.of(commands))
                for one, commands in self._learned.ways.items()
            ]
        )
        return {
            "most": MOST,
            "counted": MOST_COUNTED,
            "fields": _FIELDS,
            "sides": {
                one: {other: list(SIDES[one, other]) for other in _FIELDS} for one in _FIELDS
            },
            "fading": list(FADING),
            "sole": {name: DISK_FIELDS.index(field) for name, field in SOLE.items()},
            "relations": self._relations.values,
            "records": self._made.values,
            "made": self._births.values,
            "refusals": [self._refusal(one) for one in self._refusals.values],
            "outcomes": [(json.loads(moved), *rest) for moved, *rest in self._outcomes.values],
            "changes": [(json.loads(moved), *rest) for moved, *rest in self._changes.values],
            "commands": self._commands.values,
            "ways": ways,
            "births": births,
            "acts": acts,
        }

    def _act(self, template: Template) -> dict[str, Any]:
        outcomes, changes = self._learned.outcomes[template], self._learned.changes[template]
        place = self._relations.of
        seen = [
            (features_of_situation(one, place), self._outcomes.of(self._outcome(one.own, found)))
            for one, found in outcomes.items()
        ]
        seen += [
            (features_of_situation(one, place), _NOTHING) for one in self._learned.idle(template)
        ]
        met = [
            (
                features_of_encounter(one, place),
                _NOTHING if found is None else self._changes.of(self._change(one.other, found)),
            )
            for one, found in changes.items()
        ]
        born = [
            (features_of_situation(one, place), self._births.of(self._birth(found.made)))
            for one, found in outcomes.items()
            if found.made is not None
        ]
        asked = (f"{REQUESTS}:{template.text.split()[1]}",) if template.driver else ()
        return {
            **_told(template),
            "makes": template.makes,
            "made": _table(born) if born else _NONE,
            "outcomes": _table(seen, ("state", *asked)),
            "changes": _by_kind(met),
        }

    def _outcome(self, own: Own, one: Outcome) -> tuple[Any, ...]:
        """Give what changes, and the refusal."""
        refusal = _NOTHING if one.refusal is None else self._refusals.of(one.refusal)
        return _moved(own, one.after), refusal

    def _birth(self, made: Made) -> tuple[int, int, tuple[str, ...]]:
        """Give the record of what is made, the relation to it, and the relations it copies."""
        copied = (SAVES,) if made.copies else ()
        return self._made.of(made.own.record), self._relations.of(made.relation), copied

    def _change(self, other: Own, one: Change) -> tuple[str, int]:
        return _moved(other, one.after), self._relations.of(one.relation)

    def _refusal(self, one: Refusal) -> tuple[Any, ...]:
        """Give a refusal, with holes where oned's words have numbers that differ."""
        # A counter that never had another value there is a number like any other.
        words = self._learned.words[one.text]
        text = min(words, key=lambda found: (found.count("{"), found))
        return (text, one.code, one.why)


def _moved(own: Own, after: Record | None) -> str:
    """Give the fields that change, each with what it is then; null of what is gone.

    Of the requests it is told which come and which end: others may be open besides.
    """
    if after is None:
        return "null"
    found: dict[str, Any] = {}
    for name, was, now in zip(_FIELDS[own.kind], own.record, after, strict=True):
        if was == now:
            continue
        if name == REQUESTS:
            come, gone = Counter(now), Counter(was)
            found[name] = [sorted((come - gone).elements()), sorted((gone - come).elements())]
        else:
            found[name] = now
    return _compact(found)


def _table(seen: list[tuple[Features, int]], kept: tuple[str, ...] = ()) -> dict[str, Any]:
    names, found = least(seen, kept)
    return {"by": names, "to": {key: place for key, place in found.items() if place != _NOTHING}}


def _by_kind(met: list[tuple[Features, int]]) -> dict[str, Any]:
    """Give the tables of what others come to, one for images and one for machines.

    Of neighbours it stands there too that nothing happens to them: what a table
    does not have is not known. To others nothing happens unless it stands there.
    """
    kinds = {
        IMAGE: [one for one in met if f"{OTHER}type" in one[0]],
        MACHINE: [one for one in met if f"{OTHER}disks" in one[0]],
    }
    tables = {}
    for kind, found in kinds.items():
        if any(place != _NOTHING for _, place in found):
            names, decided = least(found, ("state", RELATION, THROUGH, f"{OTHER}state"))
            near = names.index(RELATION)
            to = {
                key: place
                for key, place in decided.items()
                if place != _NOTHING or key.split("|")[near] != _UNRELATED
            }
            tables[kind] = {"by": names, "to": to}
    return tables


def _told(template: Template) -> dict[str, str]:
    return {
        "text": template.text,
        "driver": template.driver,
        "on": template.kind,
        "operation": operation_of(template),
    }
