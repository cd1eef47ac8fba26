"""Short pages of text and tables, in colour on a terminal and plain elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import click
from rich.table import Table
from rich.text import Text

from lifecycle.cli.output import console

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from rich.console import RenderableType

WIDEST = 120
"""No page is wider, however wide the terminal is: long lines are hard to read."""

_STATES = {
    "READY": "green",
    "USED": "blue",
    "USED_PERS": "blue",
    "CLONE": "cyan",
    "DELETE": "magenta",
    "DISABLED": "bright_black",
    "ERROR": "bold red",
    "gone": "bright_black",
    "GONE": "bright_black",
}


def state_style(state: str) -> str:
    """Give the style of a state's name."""
    return "yellow" if state.startswith("LOCKED") else _STATES.get(state, "")


def state_text(state: str) -> Text:
    """Give a state's name in its colour."""
    return Text.assemble((state, state_style(state)))


class Page:
    """What a command prints; outside a terminal no line ends in blanks.

    It is used in a ``with`` block, at the end of which it is printed.
    """

    def __init__(self) -> None:
        """Begin an empty page."""
        self._out = console()
        self._out.width = min(self._out.width, WIDEST)
        self._parts: list[RenderableType] = []

    def __enter__(self) -> Self:
        """Begin to fill the page."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Print it, unless something went wrong."""
        if error is not None:
            return
        while self._parts and self._parts[-1] == "":
            self._parts.pop()
        if self._out.is_terminal:
            for part in self._parts:
                self._out.print(part)
            return
        with self._out.capture() as captured:
            for part in self._parts:
                self._out.print(part)
        for line in captured.get().splitlines():
            click.echo(line.rstrip())

    def title(self, text: str | Text) -> None:
        """Add the first line."""
        self._parts.append(Text(text, "bold") if isinstance(text, str) else text)

    def heading(self, text: str, style: str = "bold") -> None:
        """Add a line above what belongs together."""
        self._parts.append(Text(text, style))

    def line(self, text: str | Text, style: str = "") -> None:
        """Add a paragraph."""
        self._parts.append(Text(text, style) if isinstance(text, str) else text)

    def gap(self) -> None:
        """Add an empty line, unless there is one."""
        if self._parts and self._parts[-1] != "":
            self._parts.append("")

    def items(self, texts: Iterable[str | Text], mark: str = "·", style: str = "") -> None:
        """Add lines with a mark in front; what is too long for a line is indented."""
        grid = self._grid()
        grid.add_column(width=len(mark) + 1, no_wrap=True)
        grid.add_column(overflow="fold")
        for text in texts:
            grid.add_row(
                Text(f" {mark}", "dim"), Text(text, style) if isinstance(text, str) else text
            )
        if grid.row_count:
            self._parts.append(grid)
        self.gap()

    def rows(self, rows: Iterable[tuple[Text, RenderableType, RenderableType]]) -> None:
        """Add numbered lines in two columns."""
        grid = self._grid()
        grid.add_column(justify="right", width=3, no_wrap=True)
        grid.add_column(ratio=11, overflow="fold")
        grid.add_column(ratio=9, overflow="fold")
        for row in rows:
            grid.add_row(*row)
        grid.expand = True
        self._parts.append(grid)

    def table(self, table: Table) -> None:
        """Add a table."""
        self._parts.append(table)

    @staticmethod
    def _grid() -> Table:
        return Table(
            box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False, expand=False
        )
