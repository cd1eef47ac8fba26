"""``lifecycle replay FILE-OR-FOLDER…``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from lifecycle.cli import DIFFERENT, UNUSABLE
from lifecycle.cli.output import console, print_json, print_line, progress
from lifecycle.refusal import InputError
from lifecycle.trace.format import find, read
from lifecycle.trace.replay import Difference, Result, replay

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_SHOWN = 20
_MOST_CHARACTERS = 300


@dataclass(slots=True)
class Tally:
    """What came of replaying many histories: counts by subject, and all differences."""

    histories: Counter[str] = field(default_factory=Counter)
    equal: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def add(self, result: Result) -> None:
        """Count one history more."""
        subject = result.history.subject
        self.histories[subject] += 1
        self.equal[subject] += result.equal
        self.steps[subject] += result.steps
        self.differences += result.differences


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="FILE-OR-FOLDER…")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--all", "everything", is_flag=True, help="Go on after a step that differs.")
def command(paths: tuple[str, ...], *, as_json: bool, everything: bool) -> None:
    """Run recorded histories through the cloud and compare everything in them.

    A file is *.jsonl, or packed as *.jsonl.xz or *.jsonl.gz; of a folder all
    such files below it are taken. Exit codes: 0 all equal, 1 a difference, 2
    input that cannot be read.
    """
    files = find(list(paths))
    tally = Tally()
    problems: list[InputError] = []
    with progress("files") as bar:
        task = bar.add_task("replay", total=len(files))
        for file in files:
            try:
                for history in read(file):
                    tally.add(replay(history, stop_at_first=not everything))
            except InputError as error:
                problems.append(error)
            bar.advance(task)
    if as_json:
        print_json(_as_json(tally, problems))
    else:
        _print(tally)
    for problem in problems:
        click.echo(f"lifecycle: {problem}", err=True)
    if problems:
        sys.exit(UNUSABLE)
    if tally.equal != tally.histories:
        sys.exit(DIFFERENT)


def _print(tally: Tally) -> None:
    out = console()
    different = [one for one in tally.differences if not one.detail]
    details = [one for one in tally.differences if one.detail]
    for one in different[:_MOST_SHOWN]:
        for line in _lines(one):
            print_line(line)
    if len(different) > _MOST_SHOWN:
        print_line(f"… and {len(different) - _MOST_SHOWN} more differences")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("subject")
    columns = {"histories": tally.histories, "equal": tally.equal, "steps": tally.steps}
    for heading in columns:
        table.add_column(heading, justify="right")
    for subject in sorted(tally.histories):
        table.add_row(subject, *(str(column[subject]) for column in columns.values()))
    table.add_row("total", *(str(column.total()) for column in columns.values()))
    out.print(table)
    if details:
        out.print(f"{len(details)} differences in a machine's own detail, which reach no image")


def _lines(one: Difference) -> Iterator[str]:
    data = one.step.data
    if one.step.kind == "call":
        params = ", ".join(json.dumps(param, ensure_ascii=False) for param in data["params"])
        what = f"{data['method']}({params})"
    else:
        outcome = data.get("mode") or ("success" if data["ok"] else "failure")
        what = f"{data['action']} {data.get('id', data.get('role'))} {outcome}"
    yield f"{one.history.file}:{one.step.line}: {one.history.name}: {_short(what)}"
    yield f"  {one.place}"
    yield f"    recorded:  {_short(json.dumps(one.recorded, ensure_ascii=False))}"
    yield f"    simulated: {_short(json.dumps(one.simulated, ensure_ascii=False, default=str))}"


def _short(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"


def _as_json(tally: Tally, problems: list[InputError]) -> dict[str, Any]:
    return {
        "histories": tally.histories.total(),
        "equal": tally.equal.total(),
        "steps": tally.steps.total(),
        "differences": [
            {
                "file": one.history.file,
                "line": one.step.line,
                "history": one.history.name,
                "step": {name: value for name, value in one.step.data.items() if name != "then"},
                "field": one.place,
                "recorded": one.recorded,
                "simulated": one.simulated,
                "detail": one.detail,
            }
            for one in tally.differences
        ],
        "unreadable": [str(problem) for problem in problems],
    }
