"""Searching all that can be reached, breadth first: the first way found to anything is a shortest.

It works on whatever has beginnings and successors: one image, a small cloud,
several independent images. The same search gives the same result each time.
"""

from __future__ import annotations

import sys
from array import array
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

    Told = Callable[[int, int], object]
    """Is told now and then how many configurations and edges were found."""

C = TypeVar("C", bound="Hashable")
M = TypeVar("M")

FOUND = "what was looked for was found"
"""Why a search stopped that was to go on until something was found."""

_EVERY = 512
_KIB_PER_MB = 1024
_BYTES_PER_KIB = 1024


class Edge(NamedTuple, Generic[M]):
    """That a move leads from one configuration to another, by their numbers."""

    origin: int
    move: M
    target: int


class EdgeList(Sequence[Edge[M]]):
    """Many edges in little memory: three numbers each, made into an `Edge` when looked at."""

    def __init__(self, moves: Sequence[M]) -> None:
        """Begin with none; edges name their move by its place among the moves."""
        self._moves = moves
        self._origins, self._places, self._targets = array("i"), array("i"), array("i")

    def add(self, origin: int, place: int, target: int) -> int:
        """Add an edge, and give its number."""
        self._origins.append(origin)
        self._places.append(place)
        self._targets.append(target)
        return len(self._origins) - 1

    def __len__(self) -> int:
        """Count the edges."""
        return len(self._origins)

    @overload
    def __getitem__(self, number: int) -> Edge[M]: ...
    @overload
    def __getitem__(self, number: slice) -> list[Edge[M]]: ...
    def __getitem__(self, number: int | slice) -> Edge[M] | list[Edge[M]]:
        """Give an edge by its number, or several."""
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        place = self._moves[self._places[number]]
        return Edge(self._origins[number], place, self._targets[number])

    def __iter__(self) -> Iterator[Edge[M]]:
        """Go through the edges in order."""
        moves = self._moves
        for origin, place, target in zip(self._origins, self._places, self._targets, strict=True):
            yield Edge(origin, moves[place], target)


class Step(NamedTuple, Generic[M, C]):
    """One step of a history: a move, and the configuration after it."""

    move: M
    after: C


@dataclass(slots=True)
class Graph(Generic[M, C]):
    """What was reached.

    Attributes:
        configurations: each once, in the order in which they were found.
        edges: every move that changes something, in the order of its origin.
        beginnings: the number of each configuration in which it began, by its name.
        complete: whether all was reached; False where a bound stopped the search.
        stopped: why it was stopped, "" where it was not.
        parents: for each configuration the edge by which it was first reached, -1 for none.
    """

    configurations: list[C] = field(default_factory=list)
    edges: Sequence[Edge[M]] = ()
    beginnings: dict[str, int] = field(default_factory=dict)
    complete: bool = True
    stopped: str = ""
    parents: list[int] = field(default_factory=list)

    def history(self, number: int) -> tuple[str, list[Step[M, C]]]:
        """Give a shortest history to a configuration: how it began, and its steps."""
        steps: list[Step[M, C]] = []
        while self.parents[number] >= 0:
            edge = self.edges[self.parents[number]]
            steps.append(Step(edge.move, self.configurations[number]))
            number = edge.origin
        name = next(name for name, one in self.beginnings.items() if one == number)
        return name, steps[::-1]

    def that(self, holds: Callable[[C], bool]) -> list[int]:
        """Give the numbers of the configurations of which something holds, nearest first."""
        return [number for number, one in enumerate(self.configurations) if holds(one)]

    def without_way_to(
        self, goal: Callable[[C], bool], along: Callable[[M], bool] | None = None
    ) -> list[int]:
        """Give the configurations from which no way leads to a goal, nearest first.

        Args:
            goal: what is to be reached.
            along: the moves that count as a way; all unless given.
        """
        into: list[list[int]] = [[] for _ in self.configurations]
        for edge in self.edges:
            if along is None or along(edge.move):
                into[edge.target].append(edge.origin)
        reached = [goal(one) for one in self.configurations]
        todo = deque(number for number, holds in enumerate(reached) if holds)
        while todo:
            for origin in into[todo.popleft()]:
                if not reached[origin]:
                    reached[origin] = True
                    todo.append(origin)
        return [number for number, holds in enumerate(reached) if not holds]

    def can_avoid(
        self, goal: Callable[[C], bool], along: Callable[[M], bool] | None = None
    ) -> list[int]:
        """Give the configurations from which a goal need not ever be reached, nearest first.

        From there some way goes round for ever, or ends, without the goal.

        Args:
            goal: what is to happen eventually.
            along: the moves that can happen; all unless given.
        """
        onward: list[set[int]] = [set() for _ in self.configurations]
        into: list[set[int]] = [set() for _ in self.configurations]
        for edge in self.edges:
            if along is None or along(edge.move):
                onward[edge.origin].add(edge.target)
                into[edge.target].add(edge.origin)
        left = [len(targets) for targets in onward]
        inevitable = [goal(one) for one in self.configurations]
        todo = deque(number for number, holds in enumerate(inevitable) if holds)
        while todo:
            for origin in into[todo.popleft()]:
                left[origin] -= 1
                if left[origin] == 0 and not inevitable[origin]:
                    inevitable[origin] = True
                    todo.append(origin)
        return [number for number, holds in enumerate(inevitable) if not holds]


def search(  # noqa: PLR0913 - what may stop it; all but two are named
    beginnings: Mapping[str, C],
    successors: Callable[[C], Iterable[tuple[M, C]]],
    *,
    most: int | None = None,
    megabytes: int | None = None,
    told: Told | None = None,
    until: Callable[[C], bool] | None = None,
) -> Graph[M, C]:
    """Reach all that can be reached.

    Args:
        beginnings: where it begins, by name.
        successors: gives the moves from a configuration and where they lead.
        most: how many configurations to find at most.
        megabytes: how much memory this process may have grown to.
        told: is told now and then how far it is.
        until: the search ends with the first configuration of which this holds.

    Returns:
        what was reached; not `complete` where it was stopped.
    """
    edges: list[Edge[M]] = []
    graph: Graph[M, C] = Graph(edges=edges)
    numbers: dict[C, int] = {}
    for name, one in beginnings.items():
        if one not in numbers:
            numbers[one] = len(graph.configurations)
            graph.configurations.append(one)
            graph.parents.append(-1)
        graph.beginnings[name] = numbers[one]
    # The list grows while it is gone through.
    for origin, one in enumerate(graph.configurations):
        if origin % _EVERY == 0:
            if told is not None:
                told(len(graph.configurations), len(graph.edges))
            graph.stopped = stopped(len(graph.configurations), most, megabytes)
            if graph.stopped:
                graph.complete = False
                break
        for move, after in successors(one):
            number = numbers.get(after)
            if number is None:
                number = numbers[after] = len(graph.configurations)
                graph.configurations.append(after)
                graph.parents.append(len(edges))
            edges.append(Edge(origin, move, number))
            if until is not None and number == len(graph.configurations) - 1 and until(after):
                graph.complete, graph.stopped = False, FOUND
                return graph
    return graph


def stopped(found: int, most: int | None, megabytes: int | None) -> str:
    """Say why a search must stop, "" where it need not.

    Args:
        found: how many configurations were found.
        most: how many may be.
        megabytes: how much memory this process may have grown to.
    """
    if most is not None and found > most:
        return f"more than {most:,} configurations"
    if megabytes is not None and (used := memory()) > megabytes:
        return f"{used:,} MB of memory are in use, and {megabytes:,} were allowed"
    return ""


def memory() -> int:
    """Give the most memory that this process ever had, in MB; 0 on Windows, which does not tell."""
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415 - only where there is one

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes, all others KiB.
    return most // _KIB_PER_MB // (_BYTES_PER_KIB if sys.platform == "darwin" else 1)
