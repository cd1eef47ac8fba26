"""``lifecycle timeline FILE``."""

from __future__ import annotations

from itertools import islice

import click

from lifecycle.cli.pictures import picture_options, wanted
from lifecycle.drawing.chronicles import read
from lifecycle.drawing.timeline import in_words, timeline
from lifecycle.refusal import InputError


@click.command()
@click.argument("file", metavar="FILE")
@picture_options()
@click.option("--seed", type=int, help="Play a scenario with this seed, not its own.")
@click.option("--number", type=click.IntRange(1), default=1, help="Which history of the file.")
def command(  # noqa: PLR0913 - one for each option
    file: str,
    *,
    format_: str | None,
    output: str | None,
    theme: str,
    seed: int | None,
    number: int,
) -> None:
    """Draw a history over time, with a lane for each image and machine.

    FILE is a scenario (.yaml), a trace (.jsonl, packed or not), a journal or a
    saved cloud (.json). Without --output the picture goes to standard output.
    Exit code 2: nothing here draws it, or a file cannot be used.
    """
    want = wanted(format_, output, theme)
    chronicle = next(islice(read(file, seed=seed), number - 1, None), None)
    if chronicle is None:
        raise InputError(f"holds no history number {number}", file=file)
    try:
        picture = timeline(chronicle, want.palette)
    except InputError as error:
        raise error.at(file) from error
    want.draw(picture, chronicle.title, in_words(chronicle))
