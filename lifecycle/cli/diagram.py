"""``lifecycle diagram [VIEW]``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from lifecycle.cli.output import print_line
from lifecycle.drawing.picture import FORMATS, THEMES, draw
from lifecycle.drawing.views import VIEWS, parse_view, usage
from lifecycle.files import write_bytes
from lifecycle.refusal import InputError

_BINARY = ("png", "pdf")


@click.command()
@click.argument("view", nargs=-1, metavar="[VIEW]")
@click.option("--format", "-f", "format_", metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")
@click.option("--output", "-o", metavar="FILE", help="The file to write; its ending is a format.")
@click.option("--theme", default="auto", metavar="THEME", help=f"One of {', '.join(THEMES)}.")
@click.option("--link", default="", metavar="URL", help="Where states and edges link to.")
@click.option("--list", "listed", is_flag=True, help="List the views.")
@click.option("--gallery", metavar="FOLDER", help="Write the pictures of all standard views.")
def command(  # noqa: PLR0913 - one for each option
    view: tuple[str, ...],
    *,
    format_: str | None,
    output: str | None,
    theme: str,
    link: str,
    listed: bool,
    gallery: str | None,
) -> None:
    """Draw the lifecycle: VIEW is full unless told, as: simplified, actor=user, around=ERROR.

    Without --output the picture goes to standard output. Exit code 2: no such
    view or format, nothing here draws it, or the file cannot be written.
    """
    if listed:
        for kind in VIEWS.values():
            print_line(f"{usage(kind):<24}{kind.meaning}")
        return
    if gallery is not None:
        _write_gallery(gallery)
        return
    asked = parse_view(" ".join(view) or "full")
    suffix = Path(output).suffix[1:] if output else ""
    format_ = format_ or suffix or "svg"
    picture = draw(asked, format_, theme=theme, link=link)
    if output is not None:
        write_bytes(output, picture)
    else:
        _print(picture, format_)


def _print(picture: bytes, format_: str) -> None:
    if format_ in _BINARY and sys.stdout.isatty():
        raise InputError(f"a {format_.upper()} is nothing for a terminal; name a file: --output")
    click.echo(picture, nl=False)


def _write_gallery(folder: str) -> None:
    from lifecycle.drawing.gallery import write_gallery  # noqa: PLC0415 - needs more than a picture

    for name in write_gallery(folder):
        print_line(name)
