"""Finds how little decides what comes of an act, of all that could.

What could is seen as features by name: the fields of the object itself, those
of the objects around it (``image.state``), and where a neighbour is changed,
what it is to the object (``relation``) and its own fields (``other.state``).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from lifecycle.page.neighbourhood import (
    CLONES,
    IMAGE,
    IMAGE_FIELDS,
    MACHINE,
    MACHINE_FIELDS,
    VMS,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from lifecycle.page.learned import Encounter, Focus, Situation
    from lifecycle.page.neighbourhood import Own, Relation

    V = TypeVar("V", bound=Hashable)

Features = dict[str, str]
"""What could decide, each as a word of a key."""

OTHER, RELATION, THROUGH, REQUESTS = "other.", "relation", "through", "requests"
ACTIONS = ("CLONE", "CP", "MKFS", "RM", "SAVEAS")
"""What drivers are asked for by the acts of the page."""

_FIELDS = {IMAGE: (*IMAGE_FIELDS, VMS, CLONES), MACHINE: MACHINE_FIELDS}
_LAST = (RELATION, THROUGH, REQUESTS, "state", "disks", "persistent", VMS, CLONES)
"""What decides most often: the others are left out first."""


def features_of_situation(situation: Situation, place: Callable[[Relation], int]) -> Features:
    """Give what could decide what an act does to its object."""
    return _own("", situation.own) | _around(situation.focus, place)


def features_of_encounter(encounter: Encounter, place: Callable[[Relation], int]) -> Features:
    """Give what could decide what an act does to a neighbour."""
    between = {
        RELATION: word(place(encounter.relation)),
        THROUGH: _words(f"{place(one)}>{place(other)}" for one, other in encounter.through),
    }
    mine = features_of_situation(encounter.situation, place)
    return mine | between | _own(OTHER, encounter.other)


def _own(prefix: str, own: Own) -> Features:
    counts = (own.vms, own.clones) if own.kind == IMAGE else ()
    values = dict(zip(_FIELDS[own.kind], (*own.record, *counts), strict=True))
    asked = values.pop(REQUESTS)
    found = {prefix + name: word(value) for name, value in values.items()}
    return found | {f"{prefix}{REQUESTS}:{name}": word(asked.count(name)) for name in ACTIONS}


def _around(focus: Focus, place: Callable[[Relation], int]) -> Features:
    found: Features = {}
    for kind, fields in _FIELDS.items():
        near = [(relation, own) for relation, own in focus if own.kind == kind]
        found[f"{kind}.{RELATION}"] = _words(word(place(relation)) for relation, _ in near)
        owns = [_own("", own) for _, own in near]
        found |= {
            f"{kind}.{name}": _words(own[name] for own in owns)
            for name in fields
            if name != REQUESTS
        }
        asked = fields.index(REQUESTS)
        found[f"{kind}.{REQUESTS}"] = _words(word(own.record[asked]) for _, own in near)
    return found


def word(value: Any) -> str:
    """Give a value as a word of a key, the same as the page's scripts give."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _words(found: Any) -> str:
    return ";".join(sorted(found))


def least(
    table: Sequence[tuple[Features, V]], kept: Sequence[str] = ()
) -> tuple[list[str], dict[str, V]]:
    """Give the names of features that decide together, and what they decide, by the key of them.

    Args:
        table: for what could decide, what came of it.
        kept: features that are not left out, whatever was seen.

    Raises:
        ValueError: all of them do not decide.
    """
    names = sorted(table[0][0], key=_order)
    if _decided(table, names) is None:
        raise ValueError("what comes of it is not decided by what is around")
    near = [name for name in names if not _is_around(name)]
    if _decided(table, near) is not None:
        names = near
    for name in list(names):
        fewer = [one for one in names if one != name]
        if name not in kept and _decided(table, fewer) is not None:
            names = fewer
    names = sorted(names, key=lambda name: (name.count("."), name))
    found = _decided(table, names)
    assert found is not None  # noqa: S101 - the order does not matter to what is decided
    return names, dict(sorted(found.items()))


def _order(name: str) -> tuple[bool, int, str]:
    """Leave out first what is far away, then what seldom decides."""
    plain = name.rpartition(".")[2].partition(":")[0]
    rank = _LAST[::-1].index(plain) - len(_LAST) if plain in _LAST else -len(_LAST) - 1
    return (not _is_around(name), rank, name)


def _is_around(name: str) -> bool:
    return name.startswith((f"{IMAGE}.", f"{MACHINE}."))


def _decided(
    table: Sequence[tuple[Mapping[str, str], V]], names: Sequence[str]
) -> dict[str, V] | None:
    found: dict[str, V] = {}
    for features, value in table:
        key = "|".join(features[name] for name in names)
        if found.setdefault(key, value) != value:
            return None
    return found
