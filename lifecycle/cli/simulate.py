"""``lifecycle simulate SCENARIO``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from lifecycle.cli import DIFFERENT
from lifecycle.cli.output import console, print_json
from lifecycle.files import write_file
from lifecycle.refusal import InputError
from lifecycle.scenario.format import read
from lifecycle.scenario.recording import trace_text
from lifecycle.scenario.run import play
from lifecycle.scenario.telling import as_json
from lifecycle.scenario.timeline import rows, summary
from lifecycle.scenario.words import ROLES

if TYPE_CHECKING:
    from rich.console import Console

    from lifecycle.scenario.moments import Run
    from lifecycle.scenario.timeline import Line, Row

_WIDEST = 120
_GAP = 2
_SHARE = 0.42
_LEAST_WHO = 3
_LEAST_REST = 14
_EASY_REST = 20
_INDENT = 2
_PACKED = (".xz", ".gz")
_DRIVER_STYLE = "cyan"
_STYLES = {
    "name": "bold",
    "refused": "bold red",
    "why": "red",
    "asked": "cyan",
    "ignored": "magenta",
    "unmet": "bold white on red",
    "quiet": "dim",
}
_STATE_STYLES = {
    "READY": "green",
    "RUNNING": "green",
    "USED": "blue",
    "USED_PERS": "blue",
    "CLONE": "cyan",
    "CLONING": "yellow",
    "DELETE": "magenta",
    "DISABLED": "dim",
    "DONE": "dim",
    "gone": "dim",
}


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option("--json", "as_data", is_flag=True, help="Print all of it as JSON.")
@click.option("--trace", metavar="FILE", help="Write the run as a trace, for lifecycle replay.")
@click.option("--seed", type=int, help="Use this seed for random numbers, not the scenario's.")
def command(scenario: str, *, as_data: bool, trace: str | None, seed: int | None) -> None:
    """Run a scenario and print its timeline.

    A scenario is a YAML file: commands as an administrator types them, answers
    of drivers, time that passes, and checkpoints; the guide in examples/ tells
    the form. Exit codes: 0 all is as it must be, 1 a checkpoint is not met, 2
    the scenario cannot be used.
    """
    if trace is not None:
        _check_trace(trace, scenario)
    run = play(read(scenario), seed)
    if trace is not None:
        write_file(trace, trace_text(run.trace))
    if as_data:
        print_json(as_json(run))
    else:
        _print(run)
    for unmet in run.unmet:
        click.echo(f"lifecycle: {scenario}:{unmet.line}: {unmet}", err=True)
    if run.unmet:
        sys.exit(DIFFERENT)


def _check_trace(trace: str, scenario: str) -> None:
    """Refuse a name that no trace can be written to without harm, before anything is run."""
    if not trace.strip() or trace == "-":
        raise InputError("give a file's name", field="--trace")
    if trace.endswith(_PACKED):
        raise InputError("a trace is written unpacked; let its name end in .jsonl", file=trace)
    try:
        same = Path(trace).samefile(scenario)
    except (OSError, ValueError):
        # One of them is not there; whoever reads or writes it tells.
        return
    if same:
        raise InputError("is the scenario itself; give the trace another name", file=trace)


def _print(run: Run) -> None:
    out = console()
    if out.is_terminal:
        _print_on(out, run)
        return
    # Tables are filled up with spaces; in a file they are in the way.
    with out.capture() as captured:
        _print_on(out, run)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())


def _print_on(out: Console, run: Run) -> None:
    told = rows(run)
    layout = _Layout(out, told)
    width = layout.width
    scenario = run.scenario
    if scenario.title:
        out.print(Text(scenario.title, style="bold"))
        out.print()
    if scenario.text:
        layout.say(scenario.text)
        out.print()
    for row in told:
        layout.add(row)
    layout.flush()
    out.print()
    out.print(Text(summary(run)), width=width)


class _Layout:
    """Rows, in parts between texts, of which the first has headings; all have the same widths."""

    def __init__(self, out: Console, told: list[Row]) -> None:
        self._out = out
        self._time = max(len("time"), *(len(row.time) for row in told), 0)
        fixed = self._time + 3 * _GAP
        # On a terminal that is narrower still, the terminal breaks the lines.
        out.width = max(out.width, fixed + _LEAST_WHO + _LEAST_REST)
        self.width = min(out.width, _WIDEST)
        who = max(_LEAST_WHO, *(len(row.who) for row in told), 0)
        self._who = max(min(who, self.width - fixed - _EASY_REST), _LEAST_WHO)
        rest = self.width - fixed - self._who
        self._what = int(rest * _SHARE)
        self._came = rest - self._what
        self._part = self._new_part(headed=True)
        self._begun = False

    def _new_part(self, *, headed: bool) -> Table:
        part = Table(
            box=None,
            show_header=headed,
            header_style="bold",
            padding=(0, _GAP, 0, 0),
            pad_edge=False,
        )
        part.add_column("time", width=self._time, justify="right", style="dim")
        part.add_column("who", width=self._who, overflow="fold")
        part.add_column("what", width=self._what, overflow="fold")
        part.add_column("what came of it", width=self._came, overflow="fold")
        return part

    def add(self, row: Row) -> None:
        """Add a row; a text ends the part before it."""
        if row.kind == "say":
            self.flush()
            self._gap()
            self.say(row.what)
            return
        came = [_hang(self._out, _styled(line), self._came) for line in row.lines]
        what = _hang(self._out, Text(row.what), self._what)
        who = Text(row.who, style=_DRIVER_STYLE if row.who in ROLES else "")
        self._part.add_row(row.time, who, what, Text("\n").join(came))

    def flush(self) -> None:
        """Print the rows since the last text, if there are any."""
        if self._part.row_count:
            self._gap()
            self._out.print(self._part)
            self._part = self._new_part(headed=False)

    def say(self, text: str) -> None:
        """Print a text for the reader, over the whole width."""
        self._out.print(Text(text, style="italic"), width=self.width)

    def _gap(self) -> None:
        """Print an empty line between two parts."""
        if self._begun:
            self._out.print()
        self._begun = True


def _styled(line: Line) -> Text:
    text = Text()
    for piece in line:
        style = _STYLES.get(piece.kind, "")
        if piece.kind == "state":
            style = _state_style(piece.text)
        text.append(piece.text, style)
    return text


def _state_style(state: str) -> str:
    if state.startswith("LOCKED"):
        return "yellow"
    if state == "ERROR" or state.endswith("FAILURE"):
        return "bold red"
    return _STATE_STYLES.get(state, "")


def _hang(out: Console, text: Text, width: int) -> Text:
    """Break a text into lines, all but the first a little to the right."""
    first, *rest = text.wrap(out, width)
    if not rest:
        return first
    left = text[len(first.plain) :]
    left = left[len(left.plain) - len(left.plain.lstrip()) :]
    first.rstrip()
    hung = [first]
    for line in left.wrap(out, width - _INDENT):
        line.rstrip()
        # A space after a word that just fits becomes a line of its own.
        if line.plain:
            hung.append(Text(" " * _INDENT) + line)
    return Text("\n").join(hung)
