"""Many images that have nothing to do with each other, explored at once by array operations.

The configurations of k images that each have n are the n^k combinations. What
was reached is an array with one byte for each of them, of k dimensions: a move
of one image leads from one slice of it to another, so that all edges that this
move stands for are followed in one operation. Images that are alike may be
taken as interchangeable: then a combination stands for all its orders.

One image is explored first, on the engine (see :mod:`.one_image`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.analysis.exploration.configuration import Bounds, Configuration
from lifecycle.analysis.exploration.one_image import OneImage
from lifecycle.analysis.exploration.search import Graph, search
from lifecycle.refusal import InputError
from lifecycle.states import ImageType

try:
    import numpy as np
except ModuleNotFoundError as missing:  # pragma: no cover - the tests have it
    raise InputError(
        "exploring many images needs numpy;"
        " install it with: pip install 'opennebula-image-lifecycle[explore]'"
    ) from missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.analysis.exploration.moves import Move
    from lifecycle.analysis.exploration.search import Told

MODEL = Bounds(machines=1, clones=0, types=(ImageType.OS,), force=False)
"""One image of the usual model: a machine may hold it, the datastore may fail, nothing is forced.

Born with a SOURCE it has 11 configurations and 32 edges; six of them have
1,771,561 configurations and 30,921,792 edges.
"""

BEGINNING = "OS, SOURCE"
"""How an image of the usual model is born."""

_ARRAYS = 4
_BYTES = 1024 * 1024
_FURTHEST = 255


@dataclass(frozen=True, slots=True)
class Reached:
    """What many images can come to.

    Attributes:
        one: what each of them can come to.
        images: how many they are.
        configurations: how many configurations they have together.
        edges: how many moves lead from one of those to another.
        steps: the length of the longest of all shortest histories.
        symmetry: whether images were interchangeable.
        distances: without symmetry, how far each combination is, 255 for never, as
            an array with a dimension for each image; else None.
    """

    one: Graph[Move, Configuration]
    images: int
    configurations: int
    edges: int
    steps: int
    symmetry: bool
    distances: Any = None

    def history(self, combination: tuple[int, ...]) -> list[Moved]:
        """Give a shortest history to a combination of configurations, by their numbers.

        Raises:
            InputError: the combination is not reached, or symmetry was used.
        """
        if self.distances is None or self.distances[combination] == _FURTHEST:
            raise InputError(f"no history to {combination} is known")
        into: dict[int, list[tuple[Move, int]]] = {}
        for edge in self.one.edges:
            into.setdefault(edge.target, []).append((edge.move, edge.origin))
        steps: list[Moved] = []
        now = combination
        while self.distances[now] > 0:
            now = self._back(now, into, steps)
        return steps[::-1]

    def _back(
        self,
        now: tuple[int, ...],
        into: dict[int, list[tuple[Move, int]]],
        steps: list[Moved],
    ) -> tuple[int, ...]:
        for image, number in enumerate(now):
            for move, origin in into.get(number, ()):
                before = (*now[:image], origin, *now[image + 1 :])
                if self.distances[before] + 1 == self.distances[now]:
                    steps.append(Moved(image, move))
                    return before
        raise AssertionError(now)  # pragma: no cover - every distance has one before it


class Moved(NamedTuple):
    """One step of a history: which image moves, counted from 0, and how."""

    image: int
    move: Move


def one_image(bounds: Bounds = MODEL, beginning: str = BEGINNING) -> Graph[Move, Configuration]:
    """Explore one image of those that are put together.

    Args:
        bounds: how far.
        beginning: how it is born.

    Raises:
        InputError: it cannot be born so.
    """
    image = OneImage(bounds)
    beginnings = image.beginnings()
    if beginning not in beginnings:
        known = "; ".join(beginnings)
        raise InputError(f"{beginning!r} is no way of birth within the bounds, which are: {known}")
    return search({beginning: beginnings[beginning]}, image.successors)


def explore_independent(  # noqa: PLR0913 - all but two are named
    images: int,
    one: Graph[Move, Configuration] | None = None,
    *,
    symmetry: bool = False,
    workers: int = 1,
    megabytes: int = 2000,
    told: Told | None = None,
) -> Reached:
    """Reach every configuration of several images that have nothing to do with each other.

    Args:
        images: how many.
        one: what one of them can come to; the usual model unless given.
        symmetry: whether they are interchangeable.
        workers: how many threads share the work; the result is the same.
        megabytes: how much memory the arrays may take.
        told: is told now and then how many configurations and edges were found.

    Raises:
        InputError: the arrays would take more memory than that.
    """
    graph = one_image() if one is None else one
    if symmetry:
        return _interchangeable(graph, images, megabytes, told)
    size = len(graph.configurations) ** images
    needed = size * _ARRAYS // _BYTES
    if needed > megabytes:
        raise InputError(
            f"{images} images have {size:,} configurations, which take {needed:,} MB;"
            f" {megabytes:,} MB are allowed: take fewer images, or symmetry"
        )
    return _apart(graph, images, workers, told)


def _apart(
    graph: Graph[Move, Configuration], images: int, workers: int, told: Told | None
) -> Reached:
    count = len(graph.configurations)
    pairs = sorted({(edge.origin, edge.target) for edge in graph.edges})
    distances = np.full((count,) * images, _FURTHEST, dtype=np.uint8)
    start = (0,) * images
    distances[start] = 0
    frontier = np.zeros(distances.shape, dtype=bool)
    frontier[start] = True
    level = 0
    found = 1
    with ThreadPoolExecutor(workers) as pool:
        while True:
            following = np.zeros_like(frontier)
            blocks = np.array_split(np.arange(count), min(workers, count))
            jobs = [
                pool.submit(
                    _follow, frontier, following, pairs, (int(block[0]), int(block[-1]) + 1)
                )
                for block in blocks
                if len(block)
            ]
            for job in jobs:
                job.result()
            following &= distances == _FURTHEST
            more = int(np.count_nonzero(following))
            if not more:
                break
            level += 1
            distances[following] = level
            frontier = following
            found += more
            if told is not None:
                told(found, 0)
    edges = _count_edges(graph, distances != _FURTHEST, images)
    return Reached(graph, images, found, edges, level, symmetry=False, distances=distances)


def _follow(
    frontier: Any, following: Any, pairs: list[tuple[int, int]], block: tuple[int, int]
) -> None:
    """Follow every move of every image into the combinations whose first image is in a block.

    No two blocks write to the same place.
    """
    low, high = block
    for origin, target in pairs:
        if low <= target < high:
            following[target] |= frontier[origin]
    for axis in range(1, frontier.ndim):
        # The slice of one image's configuration, within the block of the first.
        source = np.moveaxis(frontier[low:high], axis, 0)
        into = np.moveaxis(following[low:high], axis, 0)
        for origin, target in pairs:
            into[target] |= source[origin]


def _count_edges(graph: Graph[Move, Configuration], reached: Any, images: int) -> int:
    """Count the edges: of each image's each configuration as many as it has by itself."""
    out = np.bincount([edge.origin for edge in graph.edges], minlength=len(graph.configurations))
    edges = 0
    for axis in range(images):
        others = tuple(one for one in range(images) if one != axis)
        edges += int((np.count_nonzero(reached, axis=others) * out).sum())
    return edges


def _interchangeable(
    graph: Graph[Move, Configuration], images: int, megabytes: int, told: Told | None
) -> Reached:
    count = len(graph.configurations)
    most = comb(count + images - 1, images)
    if (needed := most * images * _ARRAYS * 8 // _BYTES) > megabytes:
        raise InputError(
            f"{images} images have up to {most:,} configurations, which take {needed:,} MB;"
            f" {megabytes:,} MB are allowed"
        )
    targets = [
        [edge.target for edge in graph.edges if edge.origin == number] for number in range(count)
    ]
    weights = count ** np.arange(images - 1, -1, -1, dtype=np.int64)
    frontier = np.zeros((1, images), dtype=np.int64)
    known = frontier @ weights
    level = edges = 0
    while True:
        reached = []
        for rows in _moved(frontier, targets):
            edges += len(rows)
            reached.append(np.unique(np.sort(rows, axis=1) @ weights))
        codes = np.unique(np.concatenate(reached)) if reached else np.empty(0, np.int64)
        codes = np.setdiff1d(codes, known, assume_unique=True)
        if not len(codes):
            break
        level += 1
        known = np.union1d(known, codes)
        frontier = codes[:, None] // weights % count
        if told is not None:
            told(len(known), edges)
    return Reached(graph, images, len(known), edges, level, symmetry=True)


def _moved(frontier: Any, targets: list[list[int]]) -> Iterator[Any]:
    """Give the combinations after each move; of images in the same configuration, one moves."""
    for image in range(frontier.shape[1]):
        column = frontier[:, image]
        first = np.ones(len(frontier), dtype=bool)
        if image:
            first = column != frontier[:, image - 1]
        for number, after in enumerate(targets):
            rows = frontier[first & (column == number)]
            if not len(rows):
                continue
            for target in after:
                changed = rows.copy()
                changed[:, image] = target
                yield changed


def plain(images: int, one: Graph[Move, Configuration] | None = None) -> tuple[int, int]:
    """Count configurations and edges with a plain Python set, for comparison."""
    graph = one_image() if one is None else one
    targets = [
        [edge.target for edge in graph.edges if edge.origin == number]
        for number in range(len(graph.configurations))
    ]
    start = (0,) * images
    seen, todo, edges = {start}, [start], 0
    for now in todo:
        for image, number in enumerate(now):
            for target in targets[number]:
                edges += 1
                after = (*now[:image], target, *now[image + 1 :])
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
    return len(seen), edges
