"""``lifecycle page``."""

from __future__ import annotations

from pathlib import Path

import click

from lifecycle.cli.output import print_line
from lifecycle.files import write_file
from lifecycle.page import document
from lifecycle.page.learning import QUESTIONS
from lifecycle.scenario.format import read

_STDOUT = "-"


@click.command()
@click.option(
    "--out",
    metavar="FILE",
    required=True,
    help="The file to write, as lifecycle.html; - for standard output.",
)
@click.option(
    "--lesson",
    "own",
    metavar="FILE",
    multiple=True,
    help="A scenario of your own that becomes a lesson, behind the others; may be repeated.",
)
@click.option(
    "--questions", type=int, default=QUESTIONS, show_default=True, help="How many the quiz has."
)
@click.option("--seed", type=int, default=0, help="Another seed asks other questions.")
def command(out: str, *, own: tuple[str, ...], questions: int, seed: int) -> None:
    """Write the page on which the lifecycle is played in a browser.

    One file that needs nothing else: it works without a server and without a
    network. The same version of the package writes the same bytes. Exit code 2:
    a lesson cannot be used, or the file cannot be written; what was there
    before is still there.
    """
    page = document(own=[read(one) for one in own], count=questions, seed=seed)
    if out == _STDOUT:
        click.echo(page.encode(), nl=False)
        return
    write_file(out, page)
    if Path(out).is_file():
        print_line(out)
