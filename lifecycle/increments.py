"""The chain of increments of a backup image.

Source: ``src/image/BackupIncrements.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

FULL, INCREMENT = "FULL", "INCREMENT"


class Increment(NamedTuple):
    """One increment; size in MB as the driver wrote it, date in seconds since the epoch."""

    id: int
    kind: str
    source: str
    size: str
    parent: int
    date: int


class Increments(tuple[Increment, ...]):
    """A chain of increments, oldest first; never changed, only followed by another."""

    __slots__ = ()

    @property
    def chain(self) -> tuple[Increment, ...]:
        """The increments as a plain tuple."""
        return tuple(self)

    @property
    def last_id(self) -> int:
        """The id of the youngest increment, -1 when there is none."""
        return self[-1].id if self else -1

    @property
    def total_size(self) -> int:
        """The size of all increments together, in MB; of a size, the digits that it begins with."""
        return sum(_leading_number(one.size) for one in self)

    def added(self, source: str, size: int, kind: str, date: int) -> Increments:
        """Give the chain with one more at its end.

        Raises:
            ValueError: the first increment of a chain is not a FULL one.
        """
        if not self and kind != FULL:
            raise ValueError("the first increment of a chain must be a FULL one")
        last = self.last_id
        return Increments((*self, Increment(last + 1, kind, source, str(size), last, date)))

    def flattened(self, answer: str, size: str) -> tuple[Increments, bool]:
        """Give the chain that a datastore's answer (``id:source,…``) describes.

        The first id named becomes a FULL one of the given size, those with a
        smaller id go, the others named get their new source.

        Returns:
            the chain, and whether the whole answer was understood; what was
            understood before the first mistake has been done all the same.
        """
        chain = {one.id: one for one in self}
        first = -1
        for part in filter(None, answer.split(",")):
            match [word for word in part.split(":") if word]:
                case [text, source] if _is_number(text) and int(text) in chain:
                    number = int(text)
                case _:
                    return Increments(chain.values()), False
            if first == -1:
                first = number
                chain[number] = chain[number]._replace(kind=FULL, parent=-1, size=size)
            chain[number] = chain[number]._replace(source=source)
        for number in range(first - 1, -1, -1):
            if chain.pop(number, None) is None:
                break
        return Increments(chain.values()), True

    def attributes(self) -> list[dict[str, str]]:
        """Give each increment's attributes as OpenNebula's documents have them, without DATE."""
        return [
            {
                "ID": str(one.id),
                "PARENT_ID": str(one.parent),
                "SIZE": one.size,
                "SOURCE": one.source,
                "TYPE": one.kind,
            }
            for one in self
        ]

    def to_json(self) -> list[dict[str, Any]]:
        """Give all of it as a JSON value."""
        return [one._asdict() for one in self]

    @classmethod
    def from_json(cls, value: list[dict[str, Any]]) -> Increments:
        """Make a chain again out of what `to_json` gave.

        Raises:
            TypeError: the value is not such a one.
        """
        return cls(Increment(**row) for row in value)


def _is_number(text: str) -> bool:
    return re.fullmatch("[+-]?[0-9]+", text) is not None


def _leading_number(text: str) -> int:
    digits = re.match("[+-]?[0-9]+", text)
    return int(digits[0]) if digits else 0
