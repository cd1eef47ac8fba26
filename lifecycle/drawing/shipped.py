"""The pictures that come with the package, for machines where nothing draws."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from lifecycle.drawing.views import View

FOLDER = "views"
"""The folder of the pictures in the gallery."""

_IN_THE_TREE = Path(__file__).parent.parent.parent / "diagrams" / FOLDER


def picture(view: View, format: str, theme: str) -> bytes | None:  # noqa: A002 - Graphviz's word
    """Give the picture of a view, or None when none of that format and theme came along."""
    file = _folder().joinpath(file_name(view, format, theme))
    return file.read_bytes() if file.is_file() else None


def file_name(view: View, format: str, theme: str) -> str:  # noqa: A002 - the same
    """Name the file of a picture: ``full.svg``, ``full-dark.png``."""
    dark = "-dark" if theme == "dark" else ""
    return f"{view.name}{dark}.{format}"


def _folder() -> Traversable:
    """Give the folder of the installed package or, in a clone, that of the gallery."""
    installed = resources.files("lifecycle.drawing").joinpath("pictures")
    return installed if installed.is_dir() else _IN_THE_TREE
