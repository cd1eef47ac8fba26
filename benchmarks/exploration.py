"""How long it takes to explore: one image against calls in a cloud, many against a plain set."""

from __future__ import annotations

import time
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.measure import Result
from lifecycle.analysis.exploration import Bounds, explore_image
from lifecycle.analysis.exploration.acts import CloudBounds
from lifecycle.analysis.exploration.brute_force import reach
from lifecycle.analysis.exploration.clouds import SmallCloud, explore_cloud
from lifecycle.analysis.exploration.levels import explore_in_processes
from lifecycle.analysis.exploration.product import explore_independent, one_image, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lifecycle.analysis.exploration import Configuration, Graph, Move

CORES = 2
WHOLE = Bounds(machines=3, clones=3, snapshots=2)
"""One image with all types and flags, and as many holders as are ever looked at."""

IMAGES = 6


def run(quick: bool) -> list[Result]:
    """Measure one image, a small cloud, and one to six images at once."""
    return [*_one(quick), *_cloud(quick), *_many(quick)]


def _seconds(candidates: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Measure in turns; what takes long needs no call before to warm up."""
    spent: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, function in candidates.items():
            start = time.perf_counter()
            function()
            spent[name].append(time.perf_counter() - start)
    return {name: median(found) for name, found in spent.items()}


def _one(quick: bool) -> list[Result]:
    bounds = Bounds() if quick else WHOLE
    spent = _seconds(
        {"engine": lambda: explore_image(bounds), "cloud": lambda: reach(bounds)},
        1 if quick else 3,
    )
    graph = explore_image(bounds)
    what = f"one image, {len(graph.configurations):,} configurations, {len(graph.edges):,} edges"
    return [Result(what, spent["engine"], "s", "calls in a cloud", spent["cloud"], at_most=2)]


def _cloud(quick: bool) -> list[Result]:
    bounds = CloudBounds(machines=1 if quick else 2)

    def alone() -> object:
        return explore_cloud(SmallCloud(bounds))

    def together() -> object:
        return explore_in_processes(SmallCloud(bounds), CORES)

    spent = _seconds({"two": together, "one": alone}, 1 if quick else 3)
    graph = explore_cloud(SmallCloud(bounds))
    what = f"a small cloud, {len(graph.edges):,} edges, {CORES} processes"
    return [Result(what, spent["two"], "s", "one process", spent["one"])]


def _many(quick: bool) -> list[Result]:
    one = one_image()
    results = []
    for images in range(1, IMAGES if quick else IMAGES + 1):
        whole = images == IMAGES
        spent = _seconds(_ways(images, one), 1 if whole or quick else 3)
        apart = explore_independent(images, one, workers=CORES)
        alike = explore_independent(images, one, symmetry=True)
        assert apart.configurations == len(one.configurations) ** images
        what = f"{images} images, {apart.configurations:,} configurations, {apart.edges:,} edges"
        bar = 5.0 if whole else None
        against = ("plain Python set", spent["plain"])
        results.append(Result(what, spent["arrays"], "s", *against, at_most=bar))
        what = f"{images} with symmetry: {alike.configurations:,}, {alike.edges:,} edges"
        against = ("without symmetry", spent["arrays"])
        results.append(Result(what, spent["symmetry"], "s", *against))
    return results


def _ways(images: int, one: Graph[Move, Configuration]) -> dict[str, Callable[[], object]]:
    return {
        "arrays": partial(explore_independent, images, one, workers=CORES),
        "symmetry": partial(explore_independent, images, one, symmetry=True),
        "plain": partial(plain, images, one),
    }
