"""How many changed histories `lifecycle check` notices, and how long it takes.

What is impossible is told by exhaustive search, in `tests.analysis.check.mutations`.
"""

from __future__ import annotations

from random import Random
from time import perf_counter

from benchmarks.measure import Result
from lifecycle.analysis.check.possible import Checker
from tests.analysis.check.mutations import measured
from tests.analysis.check.recordings import recordings


def run(quick: bool) -> list[Result]:
    """Measure the mutations of walks, and the recorded histories at random poll intervals."""
    start = perf_counter()
    tally = measured(Checker(unasked=False), Random(1), 40 if quick else 400)
    took = perf_counter() - start
    checks = tally.walks + tally.impossible + tally.possible
    missed = tally.impossible - tally.rejected
    return [
        Result(
            f"impossible changes not noticed, of {tally.impossible}",
            100 * missed / tally.impossible,
            "%",
            at_most=5,
        ),
        Result(
            f"possible changes rejected, of {tally.possible}",
            float(tally.possible - tally.accepted),
            "",
            at_most=0,
        ),
        Result("checking one of these histories", took / checks * 1e3, "ms"),
        *_recorded(quick),
    ]


def _recorded(quick: bool) -> list[Result]:
    random = Random(2)
    checker = Checker()
    start = perf_counter()
    rejected = images = 0
    for one in recordings()[:: 20 if quick else 1]:
        interval = random.choice((2, 3, 5, 10))
        polls = [seen for seen in one.seen if random.random() < 1 / interval]
        rejected += not checker.check(polls).possible
        images += 1
    took = (perf_counter() - start) / images * 1e3
    return [
        Result(f"recorded images rejected, of {images}", float(rejected), "", at_most=0),
        Result("checking one of these", took, "ms"),
    ]
