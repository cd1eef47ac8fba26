"""Which rows of the tables, and which unmet guards, a set of histories exercises."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.vm_table import VM_TABLE
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.refusal import InputError, Refused
from lifecycle.table import Otherwise, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.table import Part, Table

TABLES = {"image": IMAGE_TABLE, "machine": VM_TABLE}
"""The tables by their names."""


def parts_of(table: Table) -> dict[str, Part]:
    """Give every line of a table, those that refuse or ignore included, by its key."""
    parts: list[Part] = [*table.rows, *table.otherwise]
    return {part.key: part for part in parts}


_TABLE_OF = {key: name for name, table in TABLES.items() for key in parts_of(table)}
"""The name of the table that each line stands in: no key is in both."""


def guards_that_can_fail(table: Table) -> list[tuple[str, str]]:
    """Give each operation that can be refused with each guard of its rows."""
    refusable = {other.operation for other in table.otherwise if not other.ignored}
    pairs = {
        (row.operation, guard)
        for row in table.rows
        if row.operation in refusable
        for guard in row.guards
    }
    return sorted(pairs)


@dataclass(slots=True)
class TableCoverage:
    """What was exercised of one table: how often each line, and each guard unmet."""

    table: Table
    lines: Counter[str] = field(default_factory=Counter)
    unmet: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def rows(self) -> tuple[int, int]:
        """How many rows were exercised, and how many there are."""
        return self._count(row.key for row in self.table.rows)

    @property
    def refusals(self) -> tuple[int, int]:
        """How many lines that refuse were exercised, and how many there are."""
        return self._count(one.key for one in self.table.otherwise if not one.ignored)

    @property
    def ignored(self) -> tuple[int, int]:
        """How many lines that ignore were exercised, and how many there are."""
        return self._count(one.key for one in self.table.otherwise if one.ignored)

    @property
    def guards(self) -> tuple[int, int]:
        """How many guards were seen unmet in a refusal, and how many could be."""
        pairs = guards_that_can_fail(self.table)
        return sum(pair in self.unmet for pair in pairs), len(pairs)

    def missing(self) -> list[Part]:
        """Give the lines that were not exercised, in the order of the table."""
        return [part for key, part in parts_of(self.table).items() if key not in self.lines]

    def never_unmet(self) -> list[tuple[str, str]]:
        """Give the operations and guards that were never seen unmet in a refusal."""
        return [pair for pair in guards_that_can_fail(self.table) if pair not in self.unmet]

    def _count(self, keys: Iterable[str]) -> tuple[int, int]:
        every = list(keys)
        return sum(key in self.lines for key in every), len(every)


class Coverage:
    """Counts what clouds and journals exercise of the tables."""

    def __init__(self) -> None:
        """Begin with nothing exercised."""
        self.tables = {name: TableCoverage(table) for name, table in TABLES.items()}

    def watch(self, cloud: Cloud) -> None:
        """Count everything that happens in a cloud from now on."""
        cloud.observers.append(self._see)

    def add_journal(self, entries: object, *, file: str = "", place: str = "") -> None:
        """Count what a journal, as JSON, tells of.

        A journal does not tell of what oned ignores without a word.

        Args:
            entries: the list of its entries.
            file: where it was read, for the message.
            place: where it stands there, for the message.

        Raises:
            InputError: it is no journal, or names a line that no table has; nothing is counted.
        """
        found = _read_journal(entries, file, place)
        for name, line, unmet in found:
            one = self.tables[name]
            one.lines[line] += 1
            one.unmet.update((line.partition(":")[0], guard) for guard in unmet)

    def to_json(self) -> dict[str, Any]:
        """Give all of it as a JSON value."""
        return {
            name: {
                **{
                    part: {"exercised": done, "of": total}
                    for part in ("rows", "refusals", "ignored", "guards")
                    for done, total in [getattr(one, part)]
                },
                "lines": dict(sorted(one.lines.items())),
                "missing": [part.key for part in one.missing()],
                "never_unmet": [f"{operation}: {guard}" for operation, guard in one.never_unmet()],
            }
            for name, one in self.tables.items()
        }

    def _see(self, kind: str, thing: Any, what: Any) -> None:
        if isinstance(what, Row | Otherwise):
            name = "image" if type(thing).__name__ == "Image" else "machine"
            self.tables[name].lines[what.key] += 1
        elif kind == "refused" and isinstance(what, Refused) and what.why.rule:
            rule = what.why.rule
            one = self.tables[_TABLE_OF[rule]]
            one.lines[rule] += 1
            operation = rule.partition(":")[0]
            one.unmet.update((operation, guard) for row in what.unmet for guard in row.guards)


def _read_journal(entries: object, file: str, place: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Give the table, the line and the unmet guards of each entry that tells of a line."""
    if not isinstance(entries, list):
        raise InputError("must be a list of a journal's entries", file=file, field=place)
    found = []
    for number, entry in enumerate(entries):
        here = f"{place}[{number}]"
        if not isinstance(entry, dict):
            raise InputError("must be an object", file=file, field=here)
        for name, kind, word in (("kind", str, "a text"), ("detail", dict, "an object")):
            if not isinstance(entry.get(name), kind):
                raise InputError(f"must be {word}", file=file, field=f"{here}.{name}")
        detail = entry["detail"]
        key = "row" if entry["kind"] == "move" else "rule"
        if key not in detail and key == "rule":
            continue
        line, field = detail.get(key), f"{here}.detail"
        if not isinstance(line, str) or line not in _TABLE_OF:
            raise InputError("is no line of the tables", file=file, field=f"{field}.{key}")
        unmet = _read_unmet(detail.get("unmet", []), file, f"{field}.unmet")
        found.append((_TABLE_OF[line], line, unmet))
    return found


def _read_unmet(rows: object, file: str, place: str) -> tuple[str, ...]:
    if not isinstance(rows, list):
        raise InputError("must be a list", file=file, field=place)
    guards: list[str] = []
    for number, row in enumerate(rows):
        named = row.get("guards") if isinstance(row, dict) else None
        if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
            raise InputError(
                "must be a list of texts", file=file, field=f"{place}[{number}].guards"
            )
        guards += named
    return tuple(guards)
