"""Ways to measure on a noisy machine, and the lines that come out.

What is compared is measured side by side, in turns, within one run; every
figure is a median.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
import tracemalloc
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table.

    Attributes:
        what: what was measured.
        figure: the median, in `unit`; None when what it is compared with is not installed.
        unit: the unit of `figure` and `other`.
        against: what it was compared with, "" for nothing.
        other: the median of that.
        at_most: the bar: the figure may be no more, None for no bar.
        at_least: the bar: `other` must be that many times the figure.
    """

    what: str
    figure: float | None
    unit: str
    against: str = ""
    other: float | None = None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the figure the other one is."""
        return self.other / self.figure if self.figure and self.other is not None else None

    @property
    def bar(self) -> str:
        """The bar in words, "" for none."""
        if self.at_most is not None:
            return f"<= {self.at_most:,.4g} {self.unit}"
        return f">= {self.at_least:g} times" if self.at_least is not None else ""

    @property
    def verdict(self) -> str:
        """Whether the bar was taken; "" where there is none."""
        if self.figure is None:
            return "not installed"
        if self.at_most is not None:
            return "ok" if self.figure <= self.at_most else "MISSED"
        if self.at_least is not None and self.ratio is not None:
            return "ok" if self.ratio >= self.at_least else "MISSED"
        return ""


def side_by_side(
    candidates: Mapping[str, Callable[[], object]], *, rounds: int, times: int
) -> dict[str, float]:
    """Measure functions in turns, `times` calls each a round.

    Returns:
        for each, the median over the rounds of the microseconds of one call.
    """
    spent: dict[str, list[float]] = {name: [] for name in candidates}
    for function in candidates.values():
        function()
    for _ in range(rounds):
        for name, function in candidates.items():
            start = time.perf_counter()
            for _ in range(times):
                function()
            spent[name].append((time.perf_counter() - start) / times * 1e6)
    return {name: median(found) for name, found in spent.items()}


def memory(make: Callable[[], object]) -> int:
    """Give the bytes that what `make` returns takes."""
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        kept = make()
        after, _ = tracemalloc.get_traced_memory()
        del kept
        return after - before
    finally:
        tracemalloc.stop()


def fresh_processes(programs: Mapping[str, str], *, rounds: int) -> dict[str, float]:
    """Run programs in fresh processes, in turns; all that they import is compiled before.

    Returns:
        for each, the median of its milliseconds, without the interpreter's start.
    """
    spent: dict[str, list[float]] = {name: [] for name in programs}
    with TemporaryDirectory() as compiled:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range(rounds + 1):
            for name, program in programs.items():
                took = _milliseconds(program, environment)
                if number:  # the first round compiles
                    spent[name].append(took)
    return {name: median(found) for name, found in spent.items()}


def _milliseconds(program: str, environment: Mapping[str, str]) -> float:
    timed = (
        "import time; start = time.perf_counter()\n"
        f"{program}\n"
        "print((time.perf_counter() - start) * 1e3)"
    )
    done = subprocess.run(  # noqa: S603 - programs of our own
        [sys.executable, "-c", timed], env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)
