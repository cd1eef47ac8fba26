"""How the commands print: tables and progress on a terminal, plain lines elsewhere."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lifecycle.refusal import InputError

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


def print_json(value: Any) -> None:
    """Print a value as JSON, the same bytes each time."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, sort_keys=False))


def write_file(path: str, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    target = Path(path)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=path) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(target)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise InputError(f"cannot be written: {error.strerror}", file=path) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
