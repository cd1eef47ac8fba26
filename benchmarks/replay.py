"""Steps of recorded histories replayed in a second, everything in them compared."""

from __future__ import annotations

from statistics import median
from time import perf_counter

from benchmarks.measure import ROOT, Result
from lifecycle.trace.format import find, read
from lifecycle.trace.replay import replay

TRACES = ROOT / "tests" / "data" / "traces"
BAR = 100.0
"""Microseconds a step may take: ten thousand steps a second."""


def run(quick: bool) -> list[Result]:
    """Measure the replay of the histories that the tests replay."""
    files = [path for path in find([str(TRACES)]) if not quick or path.name.startswith("level1")]
    reading, both = [], []
    steps = 0
    for _ in range(3 if quick else 9):
        start = perf_counter()
        steps = sum(len(history.steps) for path in files for history in read(path))
        read_at = perf_counter()
        equal = [replay(history).equal for path in files for history in read(path)]
        done = perf_counter()
        assert all(equal)
        reading.append((read_at - start) / steps * 1e6)
        both.append((done - read_at) / steps * 1e6)
    return [
        Result(f"reading and replaying one of {steps:,} steps", median(both), "µs", at_most=BAR),
        Result("reading it alone", median(reading), "µs"),
    ]
