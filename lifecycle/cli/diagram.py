"""``lifecycle diagram [VIEW]``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifecycle.cli.output import print_line
from lifecycle.cli.pictures import deliver, picture_options, wanted
from lifecycle.drawing.overlay import NO_OVERLAY
from lifecycle.drawing.picture import FORMATS, draw
from lifecycle.drawing.views import VIEWS, parse_view, usage
from lifecycle.files import write_files
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from lifecycle.drawing.graph import Graph
    from lifecycle.drawing.overlay import Overlay

OVERLAYS = ("path", "standing", "heat", "coverage")
"""What a history can show on a picture."""


@click.command()
@click.argument("view", nargs=-1, metavar="[VIEW]")
@picture_options(FORMATS)
@click.option("--link", default="", metavar="URL", help="Where states and edges link to.")
@click.option(
    "--history",
    "histories",
    multiple=True,
    metavar="FILE",
    help="A scenario, trace or journal to lay over the picture; may be repeated.",
)
@click.option(
    "--show",
    metavar="WHAT",
    help=f"One of {', '.join(OVERLAYS)}, of the history; path unless told.",
)
@click.option("--image", metavar="IMAGE", help="Whose path, by name or id; the first one's.")
@click.option("--list", "listed", is_flag=True, help="List the views.")
@click.option("--gallery", metavar="FOLDER", help="Write the pictures of all standard views.")
def command(  # noqa: PLR0913 - one for each option
    view: tuple[str, ...],
    *,
    format_: str | None,
    output: str | None,
    theme: str,
    link: str,
    histories: tuple[str, ...],
    show: str | None,
    image: str | None,
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
    want = wanted(format_, output, theme, FORMATS)
    overlay = _overlay(asked.graph(), histories, show, image)
    picture = draw(asked, want.format, overlay, theme=theme, link=link)
    deliver(picture, want.format, output)


def _overlay(graph: Graph, files: tuple[str, ...], show: str | None, image: str | None) -> Overlay:
    if not files:
        for option, given in (("--show", show), ("--image", image)):
            if given is not None:
                raise InputError("is of a history; name its file: --history FILE", field=option)
        return NO_OVERLAY
    show = "path" if show is None else show
    if show not in OVERLAYS:
        raise InputError(f"must be one of {', '.join(OVERLAYS)}, not {show!r}", field="--show")
    if image is not None and show != "path":
        raise InputError(f"is of a path; {show} shows all images", field="--image")
    from lifecycle.drawing import overlays  # noqa: PLC0415 - reads scenarios and traces
    from lifecycle.drawing.chronicles import read  # noqa: PLC0415 - the same

    found = [chronicle for file in files for chronicle in read(file)]
    if show == "path":
        if len(files) > 1:
            raise InputError("a path is that of one image in one history", field="--history")
        return overlays.path(graph, found[0], image)
    make = {
        "standing": overlays.standing,
        "heat": overlays.heat,
        "coverage": overlays.coverage,
    }
    return make[show](graph, found)


def _write_gallery(folder: str) -> None:
    from lifecycle.drawing.gallery import write_gallery  # noqa: PLC0415 - needs more than a picture
    from lifecycle.reference import gallery as reference_gallery  # noqa: PLC0415 - the same

    for name in write_gallery(folder):
        print_line(name)
    place = Path(folder) / reference_gallery.FOLDER
    pages = reference_gallery.pages()
    write_files(place, pages)
    for name in pages:
        print_line(f"{reference_gallery.FOLDER}/{name}")
