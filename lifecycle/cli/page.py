"""``lifecycle page``."""

from __future__ import annotations

from pathlib import Path

import click

from lifecycle.cli import complain
from lifecycle.cli.output import print_line
from lifecycle.files import write_file
from lifecycle.page import document
from lifecycle.page.learning import QUESTIONS
from lifecycle.page.wording import Wording, read_wording
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
@click.option(
    "--texts", is_flag=True, help="Write, instead of the page, all its texts, to be translated."
)
@click.option(
    "--translation", metavar="FILE", help="What --texts wrote, translated: the page speaks so then."
)
def command(  # noqa: PLR0913 - a command has its options
    out: str,
    *,
    own: tuple[str, ...],
    questions: int,
    seed: int,
    texts: bool,
    translation: str | None,
) -> None:
    """Write the page on which the lifecycle is played in a browser.

    One file that needs nothing else: it works without a server and without a
    network. The same version of the package writes the same bytes. Exit code 2:
    a lesson or the translation cannot be used, or the file cannot be written;
    what was there before is still there.

    To translate it, write its texts with --texts, with your lessons if you have
    some. In that file set "language", as de or pt-BR, and translate what stands
    behind each colon. What is in braces stays, and may move. What is left empty
    is in English. With both options a translation is written anew for another
    version of the page, or other lessons: what is new is empty.
    """
    wording = Wording() if translation is None else read_wording(translation)
    lessons = [read(one) for one in own]
    page = document(own=lessons, count=questions, seed=seed, wording=wording)
    if translation is not None:
        then = "empty" if texts else "left as it is"
        _tell(f"{translation}: not translated, and so {then}", wording.missing)
        _tell(f"{translation}: translated, but not on the page", wording.unused)
    if texts:
        page = wording.file()
    if out == _STDOUT:
        click.echo(page.encode(), nl=False)
        return
    write_file(out, page)
    if Path(out).is_file():
        print_line(out)


def _tell(what: str, found: list[str]) -> None:
    """Tell of texts that are no reason not to write the page."""
    if found:
        complain(f"{what}: {len(found)}; the first: {found[0]}")
