"""``lifecycle docs [TOPIC]``."""

from __future__ import annotations

import re
from functools import partial

import click

from lifecycle.cli.output import console, print_line
from lifecycle.files import write_files
from lifecycle.markup import terminal
from lifecycle.reference.pages import about
from lifecycle.reference.pictures import drawn
from lifecycle.reference.writing import FORMATS, reference
from lifecycle.refusal import InputError


@click.command()
@click.argument("topic", required=False)
@click.option("--format", "format_", metavar="|".join(FORMATS), help="The format to write.")
@click.option("--out", metavar="DIR", help="The folder to write all pages into.")
def command(topic: str | None, format_: str | None, out: str | None) -> None:
    """Write the reference of the image lifecycle, or show what it tells of a TOPIC.

    A TOPIC is a state (LOCKED), an operation (clone), or one of: states,
    simplified, operations, user, datastore, vm, marketplace, datastores,
    conditions. With --format and --out, all pages are written. Exit code 2:
    there is no such topic or format, or the folder cannot be written.
    """
    if format_ is None and out is None:
        _show(topic or "states")
        return
    if format_ is None or out is None or topic is not None:
        raise InputError("pages are written with both --format and --out, and all at once")
    files = reference(format_, partial(drawn, ending=".html") if format_ == "html" else drawn)
    write_files(out, files)
    click.echo(f"{len(files)} files in {out}")


def _show(topic: str) -> None:
    out = console()
    page = about(topic)
    with out.capture() as shown:
        for part in terminal.rendered(page, out.width):
            out.print(part)
    # Tables fill their lines with blanks, and have empty ones around them.
    lines = "\n".join(line.rstrip() for line in shown.get().splitlines())
    print_line(re.sub(r"\n{3,}", "\n\n", lines))
