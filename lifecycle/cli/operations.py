"""``lifecycle operations``."""

from __future__ import annotations

import click
from rich.table import Table
from rich.text import Text

from lifecycle.analysis.names import state_of
from lifecycle.cli.output import print_json
from lifecycle.cli.pages import Page
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.operations import OPERATIONS
from lifecycle.table import Actor

_ACTORS = {
    "user": Actor.USER,
    "datastore": Actor.DATASTORE,
    "vm": Actor.VM,
    "market": Actor.MARKETPLACE,
}


@click.command()
@click.option("--actor", type=click.Choice(list(_ACTORS)), help="Only what this one does.")
@click.option("--state", metavar="STATE", help="Only what is done in this state.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(actor: str | None, state: str | None, *, as_json: bool) -> None:
    """List the operations that can be done to an image, by who does them."""
    chosen = [one for one in OPERATIONS.values() if actor is None or one.actor is _ACTORS[actor]]
    if state is not None:
        there = {row.operation for row in IMAGE_TABLE.rows_from(state_of(state))}
        chosen = [one for one in chosen if one.name in there]
    if as_json:
        print_json([one.told for one in chosen])
        return
    with Page() as page:
        for who in Actor:
            found = [one for one in chosen if one.actor is who]
            if not found:
                continue
            page.heading(f"By the {who.value}")
            table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
            table.add_column(no_wrap=True, width=max(map(len, OPERATIONS)), style="bold")
            table.add_column(overflow="fold")
            for one in found:
                text = Text(one.meaning)
                if one.command:
                    text.append(f"\n{one.command}", "cyan")
                table.add_row(one.name, text)
            page.table(table)
            page.gap()
        page.line("lifecycle explain OPERATION tells more of one.", "dim")
