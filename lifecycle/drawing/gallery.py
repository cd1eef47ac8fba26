"""The gallery: the pictures of the standard views, drawn by the pinned engine.

They are checked in under ``diagrams/views/``, come with the package, and are compared
with a fresh run by a test, whose message names the command that mends them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lifecycle.drawing.engine import find_engine
from lifecycle.drawing.picture import draw
from lifecycle.drawing.shipped import FOLDER, file_name
from lifecycle.drawing.views import standard_views, usage
from lifecycle.files import write_bytes
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.drawing.engine import Engine
    from lifecycle.drawing.views import View

COMMAND = "lifecycle diagram --gallery diagrams"
"""What mends a gallery that is stale."""

_AS_PNG = ("full", "simplified")
"""The views that are in the gallery as PNG too."""


def gallery() -> Iterator[tuple[str, bytes]]:
    """Give every file of the folder of pictures: its name, and what it holds.

    Raises:
        InputError: the pinned engine is not there, or fails.
    """
    engine = find_engine(pinned=True)
    for view in standard_views():
        yield from _pictures(view, engine)
    yield "README.md", _index().encode()


def write_gallery(folder: str | Path) -> list[str]:
    """Write the pictures into their folder in that of the gallery, and give the files' names.

    Raises:
        InputError: as :func:`gallery`, or a file cannot be written.
    """
    place = Path(folder) / FOLDER
    files = list(gallery())
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made: {error.strerror}", file=str(folder)) from error
    for name, content in files:
        write_bytes(place / name, content)
    return [f"{FOLDER}/{name}" for name, _ in files]


def _pictures(view: View, engine: Engine) -> Iterator[tuple[str, bytes]]:
    wanted = [("svg", "auto")]
    if view.name in _AS_PNG:
        wanted += [("png", "light"), ("png", "dark")]
    for kind, theme in wanted:
        yield file_name(view, kind, theme), draw(view, kind, theme=theme, engine=engine)


def _index() -> str:
    """Write the page that shows the gallery."""
    lines = [
        "# The lifecycle of an OpenNebula image, in pictures",
        "",
        "Each is drawn from the table by",
        "",
        "```sh",
        COMMAND,
        "```",
        "",
        "and is dark where your pages are. The same in words:",
        "[the reference](../reference/index.md).",
    ]
    kinds = []
    for view in standard_views():
        if view.kind not in kinds:
            kinds.append(view.kind)
            lines += ["", f"## `{usage(view.kind)}`", "", view.kind.meaning]
        lines += ["", f"![{view.title}]({file_name(view, 'svg', 'auto')})"]
    return "\n".join(lines) + "\n"
