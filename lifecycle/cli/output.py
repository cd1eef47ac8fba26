"""How the commands print: tables and progress on a terminal, plain lines elsewhere."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

_INDENT = 2
PLAIN_WIDTH = 100
"""The width of what is printed where there is no terminal, so that it is the same everywhere."""


def console() -> Console:
    """Give the console for results; where there is no terminal its width is fixed."""
    made = Console(highlight=False, soft_wrap=False, emoji=False, markup=False)
    return (
        made
        if made.is_terminal
        else Console(width=PLAIN_WIDTH, highlight=False, emoji=False, markup=False, no_color=True)
    )


def progress(unit: str) -> Progress:
    """Give a progress bar on standard error, shown on a terminal only."""
    err = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


def counted(number: int, thing: str) -> str:
    """Count things: ``1 image``, ``2 images``."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def print_text(out: Console, text: Text, depth: int = 0) -> None:
    """Print a text, broken into lines of which each is indented and none ends in blanks."""
    for line in text.wrap(out, max(out.width - _INDENT * depth, 1)):
        line.rstrip()
        out.print(Text(" " * (_INDENT * depth if line.plain else 0)) + line, soft_wrap=True)


def print_json(value: Any) -> None:
    """Print a value as JSON, the same bytes each time."""
    print_line(json.dumps(value, indent=2, ensure_ascii=False, sort_keys=False))


def print_line(text: str) -> None:
    """Print a text; half of a surrogate pair is printed escaped, as JSON writes it."""
    click.echo(text.encode("utf-8", "backslashreplace").decode())
