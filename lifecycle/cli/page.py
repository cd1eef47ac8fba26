"""``lifecycle page``."""

from __future__ import annotations

from pathlib import Path

import click

from lifecycle.cli.output import print_line
from lifecycle.files import write_file
from lifecycle.page import document

_STDOUT = "-"


@click.command()
@click.option(
    "--out",
    metavar="FILE",
    required=True,
    help="The file to write, as lifecycle.html; - for standard output.",
)
def command(out: str) -> None:
    """Write the page on which the lifecycle is played in a browser.

    One file that needs nothing else: it works without a server and without a
    network. The same version of the package writes the same bytes. Exit code 2:
    the file cannot be written; what was there before is still there.
    """
    page = document()
    if out == _STDOUT:
        click.echo(page.encode(), nl=False)
        return
    write_file(out, page)
    if Path(out).is_file():
        print_line(out)
