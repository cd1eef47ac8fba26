"""``lifecycle states``."""

from __future__ import annotations

from typing import Any

import click
from rich.table import Table

from lifecycle.cli.output import print_json
from lifecycle.cli.pages import Page, state_text
from lifecycle.states import ImageState


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(*, as_json: bool) -> None:
    """List the eleven states of an image."""
    if as_json:
        print_json([_value(state) for state in ImageState])
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("", justify="right", style="dim")
    for heading in ("state", "short", "simplified"):
        table.add_column(heading, no_wrap=True)
    table.add_column("meaning", overflow="fold")
    for state in ImageState:
        simple = "" if state.simplified is None else state.simplified.value
        table.add_row(str(int(state)), state_text(state.name), state.alias, simple, state.meaning)
    with Page() as page:
        page.table(table)
        page.gap()
        page.line("lifecycle explain STATE tells more of one.", "dim")


def _value(state: ImageState) -> dict[str, Any]:
    return {
        "number": int(state),
        "name": state.name,
        "alias": state.alias,
        "printed": state.printed,
        "simplified": None if state.simplified is None else state.simplified.value,
        "meaning": state.meaning,
    }
