"""``python -m benchmarks``: run the benchmarks and print one table."""

from __future__ import annotations

import argparse
import pkgutil
import platform
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import benchmarks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benchmarks.measure import Result

HEADINGS = ("what", "median", "compared with", "ratio", "bar", "verdict")


def found() -> dict[str, Callable[[bool], list[Result]]]:
    """Give every benchmark by its name: the modules beside this one that have a `run`."""
    names = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    modules = {name: import_module(f"benchmarks.{name}") for name in names if name != "__main__"}
    return {name: module.run for name, module in modules.items() if hasattr(module, "run")}


def cells(result: Result) -> tuple[str, ...]:
    """Give a result as the cells of its line."""
    other = shown(result.other, result.unit)
    return (
        result.what,
        shown(result.figure, result.unit),
        f"{result.against}: {other}" if other else result.against,
        "" if result.ratio is None else f"{result.ratio:.2f}",
        result.bar,
        result.verdict,
    )


def shown(figure: float | None, unit: str) -> str:
    """Give a figure with three digits and its unit."""
    if figure is None:
        return ""
    return f"{figure:.3g} {unit}" if figure < 999.5 else f"{figure:,.0f} {unit}"


def print_table(title: str, results: Iterable[Result]) -> None:
    """Print results, with `rich` where it is installed."""
    lines = [cells(result) for result in results]
    try:
        from rich.console import Console  # noqa: PLC0415 - it may not be installed
        from rich.table import Table  # noqa: PLC0415 - the same
    except ModuleNotFoundError:
        print(f"\n{title}")
        widths = [max(map(len, column)) for column in zip(HEADINGS, *lines, strict=True)]
        for line in (HEADINGS, *lines):
            row = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            print("  ".join(row).rstrip())
    else:
        table = Table(*HEADINGS, title=title, title_justify="left")
        for line in lines:
            table.add_row(*line)
        # Into a file or a pipe, every result on one line.
        Console(width=None if sys.stdout.isatty() else 160).print(table)


def main() -> None:
    """Run what was asked for."""
    known = found()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=benchmarks.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(known)}")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, rougher figures")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(known):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    print(f"Python {platform.python_version()} on {platform.machine()}; medians, taken in turns")
    for name in asked.names or known:
        print_table(name, known[name](asked.quick))


if __name__ == "__main__":
    main()
