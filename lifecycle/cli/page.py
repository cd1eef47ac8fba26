"""``lifecycle page``."""

from __future__ import annotations

import click

from lifecycle.cli.output import print_line
from lifecycle.files import write_file
from lifecycle.page import document


@click.command()
@click.option("--out", metavar="FILE", required=True, help="The file to write, as lifecycle.html.")
def command(out: str) -> None:
    """Write the page on which the lifecycle is played in a browser.

    One file that needs nothing else: it works without a server and without a
    network. Exit code 2: the file cannot be written.
    """
    write_file(out, document())
    print_line(out)
