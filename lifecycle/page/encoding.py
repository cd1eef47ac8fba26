"""Writes down what was learned of every act, as the data by which the page is played.

Every act is looked up by as little as decides it. Records, refusals and
outcomes that occur often stand once, and are named by their place.
"""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

from lifecycle.analysis.exploration.acts import CloudBounds
from lifecycle.page.learned import (
    Change,
    Encounter,
    Focus,
    Learned,
    LocalityError,
    Outcome,
    Refusal,
    Situation,
)
from lifecycle.page.neighbourhood import (
    IMAGE,
    IMAGE_FIELDS,
    MACHINE,
    MACHINE_FIELDS,
    MOST_COUNTED,
    SIDES,
)
from lifecycle.page.templates import Template, operation_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from lifecycle.page.neighbourhood import Own, Record

    K = TypeVar("K", bound=Hashable)
    V = TypeVar("V")

MOST = 4
"""How many images, and how many machines, the page has at a time."""

KINDS = (IMAGE, MACHINE)

LOOKS: tuple[tuple[str, ...], ...] = ((), (IMAGE,), (IMAGE, MACHINE))
"""How far an act looks: at its object only, at the images around it, at the machines too."""

_NOTHING, _SAME, _GONE = -1, -1, -2

_WORLDS: tuple[tuple[CloudBounds, int | None], ...] = (
    (CloudBounds(images=2, machines=4), None),
    (CloudBounds(images=4, machines=1), 500),
    (CloudBounds(images=3, machines=2, saving=True, snapshots=1), 2000),
    (CloudBounds(images=3, machines=3), 2000),
)
"""What is explored; ids begin with 1, so that each allows one more than there can be."""

_WIDE = CloudBounds(images=MOST, machines=MOST, saving=True, snapshots=1, living=True)
_STEPS = 300


def learn(told: Callable[[str], object] = lambda _: None) -> Learned:
    """Learn the rules from the simulator; takes a minute or two.

    Args:
        told: is told how far it is.

    Raises:
        LocalityError: an act depends on more than its neighbourhood.
    """
    learned = Learned()
    for bounds, most in _WORLDS:
        count = learned.explore(bounds, most)
        told(
            f"{count} configurations of {bounds.images - 1} images, {bounds.machines - 1} machines"
        )
    learned.wander(_WIDE, Random(0), _STEPS)
    told(f"{_STEPS} steps of a walk with {MOST} images, {MOST} machines")
    return learned


def encoded(learned: Learned) -> dict[str, Any]:
    """Give what was learned in the form that the page reads: see ``scripts/rules.js``."""
    return _Encoder().encode(learned)


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

    def __init__(self) -> None:
        self._records = {IMAGE: _Places(), MACHINE: _Places()}
        self._relations = _Places()
        self._refusals = _Places()
        self._outcomes = _Places()
        self._changes = _Places()

    def encode(self, learned: Learned) -> dict[str, Any]:
        self._relations.of(((), ()))
        self._words = learned.words
        births = [
            {**_told(template), "record": self._record(IMAGE, record)}
            for template, record in sorted(learned.births.items())
        ]
        acts = [
            self._act(template, outcomes, learned.changes.get(template, {}))
            for template, outcomes in sorted(learned.outcomes.items())
        ]
        return {
            "most": MOST,
            "counted": MOST_COUNTED,
            "imageFields": list(IMAGE_FIELDS),
            "machineFields": list(MACHINE_FIELDS),
            "sides": {one: {other: list(SIDES[one, other]) for other in KINDS} for one in KINDS},
            "looks": [list(kinds) for kinds in LOOKS],
            "relations": self._relations.values,
            "images": self._records[IMAGE].values,
            "machines": self._records[MACHINE].values,
            "refusals": [self._refusal(one) for one in self._refusals.values],
            "outcomes": self._outcomes.values,
            "changes": self._changes.values,
            "births": births,
            "acts": acts,
        }

    def _act(
        self,
        template: Template,
        outcomes: Mapping[Situation, Outcome],
        changes: Mapping[Encounter, Change | None],
    ) -> dict[str, Any]:
        found = {
            key: self._outcomes.of(self._outcome(key.own, one)) for key, one in outcomes.items()
        }
        moved = {
            key: _NOTHING if one is None else self._changes.of(self._change(key, one))
            for key, one in changes.items()
        }
        look, decided = _least(template, found, self._situation)
        others_look, others = _least(template, moved, self._encounter)
        return {
            **_told(template),
            "makes": template.makes,
            "looks": [look, others_look],
            "outcomes": decided,
            "changes": {key: place for key, place in others.items() if place != _NOTHING},
        }

    def _situation(self, key: Situation, look: int) -> str:
        return f"{self._own(key.own)}|{self._focus(key.focus, look)}"

    def _encounter(self, key: Encounter, look: int) -> str:
        mine = f"{self._own(key.own)}|{self._focus(key.focus, look)}"
        return f"{mine}|{self._relations.of(key.relation)}|{self._own(key.other)}"

    def _own(self, own: Own) -> str:
        """Give an object by itself: its record, and of an image its counters."""
        record = self._record(own.kind, own.record)
        return f"{record}" if own.kind == MACHINE else f"{record}.{own.vms}.{own.clones}"

    def _focus(self, focus: Focus, look: int) -> str:
        return ";".join(
            sorted(
                f"{self._relations.of(relation)}:{self._own(own)}"
                for relation, own in focus
                if own.kind in LOOKS[look]
            )
        )

    def _record(self, kind: str, record: Record) -> int:
        return self._records[kind].of(record)

    def _after(self, own: Own, after: Record | None) -> int:
        if after is None:
            return _GONE
        return _SAME if after == own.record else self._record(own.kind, after)

    def _outcome(self, own: Own, one: Outcome) -> tuple[int, ...]:
        """Give the record afterwards, the refusal, and the record and relation of what is made."""
        after = self._after(own, one.after)
        refusal = _NOTHING if one.refusal is None else self._refusals.of(one.refusal)
        if one.made is None:
            return after, refusal
        made, relation = one.made
        return after, refusal, self._record(made.kind, made.record), self._relations.of(relation)

    def _refusal(self, one: Refusal) -> tuple[Any, ...]:
        """Give a refusal, with holes where oned's words have numbers that differ."""
        # A counter that never had another value there is a number like any other.
        text = min(self._words[one.text], key=lambda words: (words.count("{"), words))
        return (text, one.code, one.why, one.ways)

    def _change(self, key: Encounter, one: Change) -> tuple[int, int]:
        return self._after(key.other, one.after), self._relations.of(one.relation)


def _told(template: Template) -> dict[str, str]:
    return {
        "text": template.text,
        "driver": template.driver,
        "on": template.kind,
        "operation": operation_of(template),
    }


def _least(
    template: Template, table: Mapping[K, int], key_of: Callable[[K, int], str]
) -> tuple[int, dict[str, int]]:
    """Give how little decides what comes of an act, and the table of it."""
    for look in range(len(LOOKS)):
        found: dict[str, int] = {}
        if all(found.setdefault(key_of(key, look), place) == place for key, place in table.items()):
            return look, dict(sorted(found.items()))
    raise LocalityError(f"{template.text}: what comes of it is not decided by its neighbourhood")
