"""``lifecycle coverage FILE…``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from lifecycle.analysis.coverage import Coverage, TableCoverage
from lifecycle.cli.output import console, print_json, progress
from lifecycle.cloud import saving
from lifecycle.refusal import InputError
from lifecycle.trace.format import find, read
from lifecycle.trace.replay import cloud_for, perform

if TYPE_CHECKING:
    from lifecycle.table import Part

_KINDS = ("rows", "refusals", "ignored", "guards")


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="FILE-OR-FOLDER…")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--missing", is_flag=True, help="List what was not exercised.")
def command(paths: tuple[str, ...], *, as_json: bool, missing: bool) -> None:
    """Tell which rows of the tables, and which unmet guards, histories or journals exercise.

    A file is a history (*.jsonl, packed or not), a journal (*.json), or a
    saved cloud with its journal (*.json). Exit code 2: input that cannot be
    read.
    """
    coverage = Coverage()
    with progress("files") as bar:
        files = [Path(one) for one in paths if one.endswith(".json")]
        files += find([one for one in paths if not one.endswith(".json")])
        task = bar.add_task("coverage", total=len(files))
        for file in files:
            _add(coverage, file)
            bar.advance(task)
    if as_json:
        print_json(coverage.to_json())
    else:
        _print(coverage, missing=missing)


def _add(coverage: Coverage, file: Path) -> None:
    if file.name.endswith(".json"):
        value = saving.read(file)
        if isinstance(value, dict) and "journal" in value:
            coverage.add_journal(value["journal"], file=str(file), place="journal")
        elif isinstance(value, list):
            coverage.add_journal(value, file=str(file))
        else:
            raise InputError("is neither a journal nor a saved cloud with one", file=str(file))
        return
    for history in read(file):
        cloud = cloud_for(history)
        coverage.watch(cloud)
        for step in history.steps:
            perform(cloud, step, history.file)


def _print(coverage: Coverage, *, missing: bool) -> None:
    out = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("table")
    for kind in _KINDS:
        table.add_column("unmet guards" if kind == "guards" else kind, justify="right")
    for name, one in coverage.tables.items():
        counts = [getattr(one, kind) for kind in _KINDS]
        table.add_row(name, *(f"{done} of {total}" for done, total in counts))
    out.print(table)
    if missing:
        for name, one in coverage.tables.items():
            _print_missing(name, one)


def _print_missing(name: str, one: TableCoverage) -> None:
    parts: list[Part] = one.missing()
    click.echo(f"\nNot exercised of the table {name}:" if parts else f"\nAll of {name} exercised.")
    for part in parts:
        click.echo(f"  {part.key}")
        click.echo(f"      source: {part.source}")
    for operation, guard in one.never_unmet():
        click.echo(f"  {operation}: never refused for want of: {guard}")
