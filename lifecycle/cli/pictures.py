"""What the commands that draw have in common: their options, and where a picture goes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from lifecycle.drawing.formats import format_of
from lifecycle.drawing.look import PALETTES
from lifecycle.drawing.picture import PICTURES, THEMES
from lifecycle.files import write_bytes
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.drawing.look import Palette
    from lifecycle.drawing.placed import Picture

_BINARY = ("png", "pdf")

Function = TypeVar("Function", bound="Callable[..., Any]")


class Wanted(NamedTuple):
    """How a picture is wanted.

    Attributes:
        format: one of the picture's formats.
        output: the file to write; None for standard output.
        theme: ``auto``, ``light`` or ``dark``.
    """

    format: str
    output: str | None
    theme: str

    @property
    def palette(self) -> Palette:
        """The colours to draw with."""
        return PALETTES["light" if self.theme == "auto" else self.theme]

    def draw(self, picture: Picture, title: str, description: str) -> None:
        """Draw a picture of which every place is given, and write it.

        Raises:
            InputError: nothing here draws it, or it cannot be written.
        """
        both = self.theme == "auto"
        drawn = picture.drawn(self.format, title=title, description=description, both=both)
        deliver(drawn, self.format, self.output)


def picture_options(known: tuple[str, ...] = PICTURES) -> Callable[[Function], Function]:
    """Give a command the options that say how a picture is wanted, in formats that it knows."""
    options = (
        click.option("--theme", default="auto", metavar="THEME", help=_one_of(THEMES)),
        click.option(
            "--output", "-o", metavar="FILE", help="The file to write; its ending is a format."
        ),
        click.option("--format", "-f", "format_", metavar="FORMAT", help=_one_of(known)),
    )

    def given(function: Function) -> Function:
        for option in options:
            function = option(function)
        return function

    return given


def _one_of(words: tuple[str, ...]) -> str:
    return f"One of {', '.join(words)}."


def wanted(
    format_: str | None, output: str | None, theme: str, known: tuple[str, ...] = PICTURES
) -> Wanted:
    """Read the options: the format is as asked for, or as the file's name ends, or SVG.

    Raises:
        InputError: there is no such format or theme.
    """
    found = format_ or (_told_by(output) if output else "") or "svg"
    if found not in known:
        raise InputError(f"no picture has the format {found!r}; there are: {', '.join(known)}")
    if theme not in THEMES:
        raise InputError(f"no theme is named {theme!r}; there are: {', '.join(THEMES)}")
    return Wanted(found, output, theme)


def _told_by(output: str) -> str:
    return format_of(output) or Path(output).suffix[1:]


def deliver(picture: bytes, format_: str, output: str | None) -> None:
    """Write a picture to a file, or to standard output.

    Raises:
        InputError: it cannot be written, or is nothing for a terminal.
    """
    if output is not None:
        write_bytes(output, picture)
        return
    if format_ in _BINARY and sys.stdout.isatty():
        raise InputError(f"a {format_.upper()} is nothing for a terminal; name a file: --output")
    click.echo(picture, nl=False)
