"""The pictures in the reference, drawn by whatever engine there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lifecycle.drawing.alternative import text_alternative
from lifecycle.drawing.engine import NoEngineError
from lifecycle.drawing.picture import draw
from lifecycle.drawing.shipped import FOLDER, file_name
from lifecycle.drawing.views import parse_view
from lifecycle.markup.document import Picture
from lifecycle.reference.sentences import page_of
from lifecycle.refusal import InputError
from lifecycle.states import GONE, ImageState

if TYPE_CHECKING:
    from lifecycle.drawing.views import View

_SCHEME = "lifecycle:"
_LINK = re.compile(rf"{_SCHEME}(?:state|edge)-([A-Za-z_]+)[\w-]*")


def drawn(view: str, *, ending: str = "") -> Picture:
    """Draw a view for a page.

    Args:
        view: as ``lifecycle diagram`` names it.
        ending: what the names of pages end with where the picture's states and
            edges are to lead to them; "" for no links. Where nothing draws, the
            pictures that came along have none either.

    Raises:
        InputError: there is no such view, or nothing here draws it.
    """
    asked = parse_view(view)
    try:
        svg = draw(asked, "svg", link=_SCHEME if ending else "").decode()
    except InputError as mistake:
        if not isinstance(mistake.__cause__, NoEngineError | ModuleNotFoundError):
            raise
        svg = draw(asked, "svg").decode()
    return _picture(asked)._replace(svg=_LINK.sub(lambda link: _page(link[1]) + ending, svg))


def linked(view: str) -> Picture:
    """Give the picture of a view as it is in the gallery, beside the folder of the pages."""
    asked = parse_view(view)
    return _picture(asked)._replace(file=f"../{FOLDER}/{file_name(asked, 'svg', 'auto')}")


def _picture(view: View) -> Picture:
    graph = view.graph()
    return Picture(f"lifecycle-{graph.name.lower()}", graph.title, text_alternative(graph))


def _page(name: str) -> str:
    if name in ImageState.__members__:
        return page_of(ImageState[name])
    return page_of(GONE) if name == GONE.value else "simplified"
