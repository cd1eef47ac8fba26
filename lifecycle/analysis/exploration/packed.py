"""One image explored with packed numbers: a configuration is one integer.

The number of the record, of the arrangement of machines and of that of clones
make it up. What a move does to a record is asked of the engine once for each
record and number of holders; what it does to an arrangement is a table.
"""

from __future__ import annotations

from array import array
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING

from lifecycle.analysis.exploration.configuration import (
    GONE_RECORD,
    Configuration,
    Holder,
    Record,
    arranged,
)
from lifecycle.analysis.exploration.search import EdgeList, Graph, stopped

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.analysis.exploration.moves import Move
    from lifecycle.analysis.exploration.one_image import OneImage
    from lifecycle.analysis.exploration.search import Told

Table = tuple[int, ...]
"""For each arrangement the number of the one that it becomes, -1 where that cannot be."""

Way = tuple[int, int, Table, Table]
"""A move's number, the record that it leads to, and what becomes of machines and clones."""

_EVERY = 256


class Arrangements:
    """All arrangements of some holders, numbered, and what becomes of them.

    Attributes:
        every: the arrangements, by their numbers.
        counts: how many holders each counts.
    """

    def __init__(self, places: int, *, symmetry: bool) -> None:
        """Number the arrangements; with symmetry those of which the order does not matter."""
        if symmetry:
            found = {arranged(one) for one in combinations_with_replacement(Holder, places)}
        else:
            found = set(product(Holder, repeat=places))
        self._symmetry = symmetry
        self.every = sorted(found)
        self.numbers = {one: number for number, one in enumerate(self.every)}
        self.counts = [sum(one is not Holder.NONE for one in holders) for holders in self.every]
        self.same: Table = tuple(range(len(self.every)))
        self._tables: dict[tuple[Holder | None, int, Holder | None, bool], Table] = {}

    def table(
        self, holder: Holder | None, place: int, becomes: Holder | None, *, go_on: bool
    ) -> Table:
        """Give what becomes of each arrangement.

        Args:
            holder: the kind of holder that acts, None for nobody.
            place: which one, -1 for any of that kind.
            becomes: what it becomes.
            go_on: whether all that wait then go on.
        """
        key = holder, place, becomes, go_on
        if key not in self._tables:
            self._tables[key] = tuple(self._after(one, *key) for one in self.every)
        return self._tables[key]

    def _after(
        self,
        holders: tuple[Holder, ...],
        holder: Holder | None,
        place: int,
        becomes: Holder | None,
        go_on: bool,  # noqa: FBT001 - the last part of a table's key
    ) -> int:
        now = list(holders)
        if holder is not None and becomes is not None:
            if place < 0:
                place = now.index(holder) if holder in now else -1
            if place < 0 or now[place] is not holder:
                return -1
            now[place] = becomes
        if go_on:
            now = [Holder.ACTIVE if one is Holder.WAITING else one for one in now]
        return self.numbers[arranged(now, symmetry=self._symmetry)]


class Packed:
    """One image within bounds, in packed numbers."""

    def __init__(self, image: OneImage) -> None:
        """Number the arrangements; records are numbered as they are met."""
        self._image = image
        bounds = image.bounds
        self._machines = Arrangements(bounds.machines, symmetry=bounds.symmetry)
        self._clones = Arrangements(bounds.clones, symmetry=bounds.symmetry)
        self._records: list[Record] = []
        self._numbers: dict[Record, int] = {}
        self._ways: dict[tuple[int, int, int], list[Way]] = {}
        self._free = Configuration(
            GONE_RECORD, (Holder.NONE,) * bounds.machines, (Holder.NONE,) * bounds.clones
        )
        self._gone = self.pack(self._free)

    def pack(self, configuration: Configuration) -> int:
        """Give a configuration as a number."""
        record, machines, clones = configuration
        number = self._record(record) * len(self._machines.every) + self._machines.numbers[machines]
        return number * len(self._clones.every) + self._clones.numbers[clones]

    def unpack(self, code: int) -> Configuration:
        """Give the configuration of a number."""
        rest, clones = divmod(code, len(self._clones.every))
        record, machines = divmod(rest, len(self._machines.every))
        return Configuration(
            self._records[record], self._machines.every[machines], self._clones.every[clones]
        )

    def explore(
        self, most: int | None, megabytes: int | None, told: Told | None
    ) -> Graph[Move, Configuration]:
        """Reach every configuration, in the same order as a plain search does."""
        codes: list[int] = []
        numbers: dict[int, int] = {}
        graph: Graph[Move, Configuration] = Graph()
        parents = array("q")
        for name, one in self._image.beginnings().items():
            code = self.pack(one)
            if code not in numbers:
                numbers[code] = len(codes)
                codes.append(code)
                parents.append(-1)
            graph.beginnings[name] = numbers[code]
        edges: EdgeList[Move] = EdgeList(self._image.moves)
        for origin, code in enumerate(codes):
            if origin % _EVERY == 0:
                if told is not None:
                    told(len(codes), len(edges))
                graph.stopped = stopped(len(codes), most, megabytes)
                if graph.stopped:
                    graph.complete = False
                    break
            self._follow(origin, code, codes, numbers, parents, edges.add)
        graph.configurations = [self.unpack(code) for code in codes]
        graph.edges = edges
        graph.parents = parents.tolist()
        return graph

    def _follow(  # noqa: PLR0913, PLR0917 - the innermost loop, which all of these are part of
        self,
        origin: int,
        code: int,
        codes: list[int],
        numbers: dict[int, int],
        parents: array[int],
        add: Callable[[int, int, int], int],
    ) -> None:
        if code == self._gone:
            return
        arrangements, copies = len(self._machines.every), len(self._clones.every)
        rest, clones = divmod(code, copies)
        record, machines = divmod(rest, arrangements)
        key = record, self._machines.counts[machines], self._clones.counts[clones]
        ways = self._ways.get(key)
        if ways is None:
            ways = self._ways[key] = self._work_out(*key)
        for move, target, of_machines, of_clones in ways:
            new_machines, new_clones = of_machines[machines], of_clones[clones]
            if new_machines < 0 or new_clones < 0:
                continue
            after = self._gone
            if target >= 0:
                after = (target * arrangements + new_machines) * copies + new_clones
            if after == code:
                continue
            number = numbers.get(after)
            if number is None:
                number = numbers[after] = len(codes)
                codes.append(after)
                parents.append(add(origin, move, number))
            else:
                add(origin, move, number)

    def _record(self, record: Record) -> int:
        number = self._numbers.get(record)
        if number is None:
            number = self._numbers[record] = len(self._records)
            self._records.append(record)
        return number

    def _work_out(self, number: int, vms: int, clones: int) -> list[Way]:
        """Work out what each move does to a record with so many holders."""
        found: list[Way] = []
        for place, move in enumerate(self._image.moves):
            effect = self._image.effect(self._records[number], vms, clones, move)
            if effect is None:
                continue
            if effect.record is GONE_RECORD:
                found.append((place, -1, self._machines.same, self._clones.same))
                continue
            machines, copies = self._machines.same, self._clones.same
            if effect.of_clones:
                copies = self._clones.table(move.holder, move.place, effect.becomes, go_on=False)
            if effect.go_on or (move.holder is not None and not effect.of_clones):
                holder = None if effect.of_clones else move.holder
                machines = self._machines.table(
                    holder, move.place, effect.becomes, go_on=effect.go_on
                )
            found.append((place, self._record(effect.record), machines, copies))
        return found
