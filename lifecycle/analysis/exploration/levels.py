"""The same search on several cores: level by level, in the same order, and so with the same result.

What follows from the configurations of a level is worked out in chunks by
processes, and put together in the order in which one process would find it.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import cache, partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from lifecycle.analysis.exploration.clouds import CloudConfiguration, SmallCloud
from lifecycle.analysis.exploration.search import Edge, Graph, stopped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.analysis.exploration.acts import Act, CloudBounds
    from lifecycle.analysis.exploration.copies import Moment
    from lifecycle.analysis.exploration.search import Told

Item = tuple[CloudConfiguration, "Moment"]
Following = list[tuple["Act", CloudConfiguration, "Moment | None"]]

_CHUNKS = 4
"""How many chunks each process gets of a level: one that is slow holds up the others less."""

_LEAST = 16


@cache
def _small(bounds: CloudBounds) -> SmallCloud:
    return SmallCloud(bounds)


def follow(bounds: CloudBounds, items: list[Item]) -> list[Following]:
    """Give what follows from each of some configurations of a small cloud.

    Args:
        bounds: of the cloud.
        items: configurations, each with its moment.

    Returns:
        for each its acts, and where they lead; the moment comes with the first
        mention of a configuration that is none of those given.
    """
    small = _small(bounds)
    small.forget()
    told = set()
    for configuration, moment in items:
        small.remember(configuration, moment)
        told.add(configuration)
    found: list[Following] = []
    for configuration, _ in items:
        following: Following = []
        for act, after in small.successors(configuration):
            new = after not in told
            told.add(after)
            following.append((act, after, small.moment(after) if new else None))
        found.append(following)
    return found


def explore_in_processes(  # noqa: PLR0913 - what may stop it; all but two are named
    small: SmallCloud,
    workers: int,
    *,
    most: int | None = None,
    megabytes: int | None = None,
    told: Told | None = None,
    worth: int = 256,
) -> Graph[Act, CloudConfiguration]:
    """Reach every configuration of a small cloud with several processes.

    Args:
        small: the cloud; it remembers a moment of each configuration.
        workers: how many processes.
        most: how many configurations to find at most.
        megabytes: how much memory this process may have grown to.
        told: is told now and then how far it is.
        worth: how many configurations a level must have to be worth the processes.
    """
    edges: list[Edge[Act]] = []
    graph: Graph[Act, CloudConfiguration] = Graph(edges=edges)
    first = small.beginning()
    graph.configurations.append(first)
    graph.parents.append(-1)
    graph.beginnings["a fresh cloud"] = 0
    numbers = {first: 0}
    level = [0]
    pool: ProcessPoolExecutor | None = None
    with ExitStack() as stack:
        while level:
            graph.stopped = stopped(len(graph.configurations), most, megabytes)
            if graph.stopped:
                graph.complete = False
                break
            if workers > 1 and len(level) >= worth:
                pool = pool or stack.enter_context(_processes(workers))
                following = _followed(pool, small, graph, level, workers)
            else:
                following = (_alone(small, graph.configurations[number]) for number in level)
            level = _merged(small, graph, edges, numbers, level, following)
            if told is not None:
                told(len(graph.configurations), len(graph.edges))
    return graph


def _processes(workers: int) -> ProcessPoolExecutor:
    # Whatever else runs in this process, a new one begins with nothing of it.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def _alone(small: SmallCloud, configuration: CloudConfiguration) -> Following:
    return [(act, after, small.moment(after)) for act, after in small.successors(configuration)]


def _followed(
    pool: ProcessPoolExecutor,
    small: SmallCloud,
    graph: Graph[Act, CloudConfiguration],
    level: list[int],
    workers: int,
) -> Iterator[Following]:
    size = max(len(level) // (workers * _CHUNKS) + 1, _LEAST)
    items: list[Any] = [
        (graph.configurations[number], small.moment(graph.configurations[number]))
        for number in level
    ]
    chunks = [items[start : start + size] for start in range(0, len(items), size)]
    for found in pool.map(partial(follow, small.bounds), chunks):
        yield from found


def _merged(  # noqa: PLR0913, PLR0917 - the parts of the graph that grow
    small: SmallCloud,
    graph: Graph[Act, CloudConfiguration],
    edges: list[Edge[Act]],
    numbers: dict[CloudConfiguration, int],
    level: list[int],
    following: Iterator[Following],
) -> list[int]:
    """Take over what follows from a level, in order; give the numbers of what is new."""
    more = []
    for origin, found in zip(level, following, strict=True):
        for act, after, moment in found:
            number = numbers.get(after)
            if number is None:
                number = numbers[after] = len(graph.configurations)
                graph.configurations.append(after)
                graph.parents.append(len(edges))
                more.append(number)
                assert moment is not None  # noqa: S101 - the first mention brings it
                small.remember(after, moment)
            edges.append(Edge(origin, act, number))
    return more
