"""``lifecycle occupancy FILE…``."""

from __future__ import annotations

import click

from lifecycle.cli.output import print_json, progress
from lifecycle.cli.pictures import picture_options, wanted
from lifecycle.drawing.chronicles import read
from lifecycle.drawing.occupancy import BINS, in_words, occupancy, plot


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--runs", type=click.IntRange(1), default=1, help="How often to play a scenario.")
@click.option("--seed", type=int, help="The seed of the first run, not the scenario's own.")
@click.option("--bins", type=click.IntRange(1, 1000), default=BINS, help="Parts of the time.")
@picture_options()
@click.option("--json", "as_json", is_flag=True, help="Print the numbers instead of a picture.")
def command(  # noqa: PLR0913 - one for each option
    files: tuple[str, ...],
    *,
    runs: int,
    seed: int | None,
    bins: int,
    format_: str | None,
    output: str | None,
    theme: str,
    as_json: bool,
) -> None:
    """Plot how many images are in which state over time, in the mean of many runs.

    A FILE is a scenario, played --runs times with seeds that follow each other,
    a trace with its histories, a journal, or a saved cloud. Exit code 2: nothing
    here draws it, or a file cannot be used.
    """
    want = wanted(format_, output, theme)
    chronicles = []
    with progress("runs") as bar:
        task = bar.add_task("occupancy", total=None)
        for file in files:
            for chronicle in read(file, runs=runs, seed=seed):
                chronicles.append(chronicle)
                bar.advance(task)
    counted = occupancy(chronicles, bins)
    if as_json:
        print_json(counted.to_json())
        return
    want.draw(plot(counted, want.palette), counted.title, in_words(counted))
