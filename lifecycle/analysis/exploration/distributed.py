"""The same exploration on a Dask cluster, for what one machine has no memory for.

Configurations are spread over partitions by a hash of what they hold. Each
partition lives on a worker: what it has seen never leaves it. In every level
each partition works out what follows from its new configurations, sorts it by
partition, and takes over what is its own. Only counts come back.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.analysis.exploration.clouds import SmallCloud
from lifecycle.analysis.exploration.configuration import Bounds
from lifecycle.analysis.exploration.levels import follow
from lifecycle.analysis.exploration.one_image import OneImage

if TYPE_CHECKING:
    from distributed import Client

    from lifecycle.analysis.exploration.acts import CloudBounds
    from lifecycle.analysis.exploration.search import Graph, Told

_BYTES = 8
_MODULUS = 2 ** (8 * _BYTES)

Item = tuple[Any, Any]
"""A configuration, and what is needed to go on from it."""


class Totals(NamedTuple):
    """What was reached, counted.

    Attributes:
        configurations: how many.
        edges: how many.
        steps: the length of the longest of all shortest histories.
        checksum: the same for the same configurations, however they were found.
        complete: whether all was reached; False where a bound stopped it.
    """

    configurations: int
    edges: int
    steps: int
    checksum: int
    complete: bool = True


class Partition(NamedTuple):
    """What lives on a worker.

    Attributes:
        seen: the configurations, a set for each level; none of them ever changes.
        new: those of the last level.
    """

    seen: tuple[frozenset[Any], ...] = ()
    new: tuple[Item, ...] = ()


class Sorted(NamedTuple):
    """What follows from a partition's new configurations, by the partition that it belongs to."""

    edges: int
    buckets: tuple[tuple[Item, ...], ...]


def explore_distributed(
    client: Client,
    bounds: Bounds | CloudBounds,
    *,
    partitions: int | None = None,
    most: int | None = None,
    told: Told | None = None,
) -> Totals:
    """Reach every configuration of one image or of a small cloud, on a cluster.

    Args:
        client: of a Dask cluster whose workers have this package.
        bounds: of one image, or of a small cloud.
        partitions: how many; two for each worker's thread unless given.
        most: how many configurations to find at most.
        told: is told after each level how many configurations and edges were found.
    """
    dask: Any = client  # it carries no types
    count = partitions or 2 * max(sum(dask.nthreads().values()), 1)
    parts = [dask.submit(_began, bounds, count, number, pure=False) for number in range(count)]
    found, checksum = _counted(dask, parts)
    edges = steps = 0
    while True:
        if most is not None and found > most:
            return Totals(found, edges, steps, checksum, complete=False)
        followed = [dask.submit(_followed, bounds, part, count, pure=False) for part in parts]
        edges += sum(dask.gather([dask.submit(_edges, one, pure=False) for one in followed]))
        parts = [
            dask.submit(
                _absorbed,
                part,
                [dask.submit(_bucket, one, number, pure=False) for one in followed],
                pure=False,
            )
            for number, part in enumerate(parts)
        ]
        more, sums = _counted(dask, parts)
        if told is not None:
            told(found + more, edges)
        if not more:
            return Totals(found, edges, steps, checksum)
        found += more
        steps += 1
        checksum = (checksum + sums) % _MODULUS


def totals(graph: Graph[Any, Any]) -> Totals:
    """Count what was reached on one machine, to be compared."""
    checksum = sum(stable_hash(one) for one in graph.configurations) % _MODULUS
    furthest = len(graph.configurations) - 1
    steps = len(graph.history(furthest)[1])
    return Totals(
        len(graph.configurations), len(graph.edges), steps, checksum, complete=graph.complete
    )


def stable_hash(configuration: Any) -> int:
    """Give a number that is the same for the same configuration in every process."""
    text = repr(configuration).encode()
    return int.from_bytes(blake2b(text, digest_size=_BYTES).digest(), "big")


def _counted(dask: Any, parts: list[Any]) -> tuple[int, int]:
    sizes = dask.gather([dask.submit(_size, part, pure=False) for part in parts])
    return sum(size for size, _ in sizes), sum(check for _, check in sizes) % _MODULUS


# What runs on workers


@cache
def _image(bounds: Bounds) -> OneImage:
    return OneImage(bounds)


def _began(bounds: Bounds | CloudBounds, count: int, number: int) -> Partition:
    if isinstance(bounds, Bounds):
        every: list[Item] = [(one, None) for one in _image(bounds).beginnings().values()]
    else:
        small = SmallCloud(bounds)
        first = small.beginning()
        every = [(first, small.moment(first))]
    own = {one: rest for one, rest in every if stable_hash(one) % count == number}
    return Partition((frozenset(own),), tuple(own.items()))


def _followed(bounds: Bounds | CloudBounds, part: Partition, count: int) -> Sorted:
    buckets: list[dict[Any, Any]] = [{} for _ in range(count)]
    edges = 0
    if isinstance(bounds, Bounds):
        image = _image(bounds)
        for one, _ in part.new:
            for _, reached in image.successors(one):
                edges += 1
                buckets[stable_hash(reached) % count][reached] = None
    else:
        moments = dict(part.new)
        for following in follow(bounds, list(part.new)):
            for _, after, moment in following:
                edges += 1
                if moment is not None:
                    moments[after] = moment
                buckets[stable_hash(after) % count].setdefault(after, moments[after])
    return Sorted(edges, tuple(tuple(bucket.items()) for bucket in buckets))


def _bucket(found: Sorted, number: int) -> tuple[Item, ...]:
    return found.buckets[number]


def _edges(found: Sorted) -> int:
    return found.edges


def _absorbed(part: Partition, buckets: list[tuple[Item, ...]]) -> Partition:
    new: dict[Any, Any] = {}
    for bucket in buckets:
        for one, rest in bucket:
            if one not in new and not any(one in level for level in part.seen):
                new[one] = rest
    return Partition((*part.seen, frozenset(new)), tuple(new.items()))


def _size(part: Partition) -> tuple[int, int]:
    return len(part.new), sum(stable_hash(one) for one, _ in part.new) % _MODULUS
