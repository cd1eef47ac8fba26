"""From a view to a picture by whatever engine there is, or to a text for other programs.

>>> from lifecycle.drawing.picture import draw
>>> picture = draw("around=CLONE", "dot")
>>> b"edge-READY-CLONE-user" in picture
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from lifecycle.drawing import formats, shipped
from lifecycle.drawing.engine import NoEngineError, find_engine
from lifecycle.drawing.look import PALETTES
from lifecycle.drawing.overlay import NO_OVERLAY, Overlay
from lifecycle.drawing.svg import finished, told_of
from lifecycle.drawing.views import View, parse_view
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from lifecycle.drawing.engine import Engine
    from lifecycle.table import Table

PICTURES = ("dot", "svg", "png", "pdf")
"""What an engine draws, and what it draws from."""

FORMATS = (*PICTURES, *formats.FORMATS)
"""What a view is given as: a picture, or a text for other programs."""

THEMES = ("auto", *PALETTES)
"""Which colours it has; `auto` is light, and in an SVG dark where the reader's pages are."""

_OF_ADDRESSES = "%/?#[]@!$&'()*+,;=:~"
"""The signs that stand in addresses for themselves; a stray quote or bracket does not."""


def draw(  # noqa: PLR0913 - each is a choice of its own, and most go unsaid
    view: View | str,
    format: str = "svg",  # noqa: A002 - Graphviz's word
    overlay: Overlay = NO_OVERLAY,
    *,
    theme: str = "auto",
    link: str = "",
    engine: Engine | None = None,
    table: Table = IMAGE_TABLE,
) -> bytes:
    """Draw a view.

    Args:
        view: a view, or how it is asked for (:func:`lifecycle.drawing.views.parse_view`).
        format: one of `FORMATS`.
        overlay: marks that are laid over a picture; texts tell them in words.
        theme: one of `THEMES`.
        link: the address, up to the id, that states and edges lead to; "" for no links.
        engine: what draws; the first that there is, unless told otherwise.
        table: what is drawn.

    Raises:
        InputError: no such view, format or theme; nothing here draws it; the engine fails.
    """
    if isinstance(view, str):
        view = parse_view(view)
    if format not in FORMATS:
        raise InputError(f"no picture has the format {format!r}; there are: {', '.join(FORMATS)}")
    if theme not in THEMES:
        raise InputError(f"no theme is named {theme!r}; there are: {', '.join(THEMES)}")
    if format in formats.FORMATS:
        text = formats.to_text(view.graph(table), format, overlay)
        return text.encode("utf-8", "backslashreplace")
    palette = PALETTES["light" if theme == "auto" else theme]
    try:
        from lifecycle.drawing.dot import to_dot  # noqa: PLC0415 - for no picture that is shipped

        graph = view.graph(table)
        svg = format == "svg"
        address = quote(link, safe=_OF_ADDRESSES)
        if svg:
            # Not every version of Graphviz does that; all leave it as it is.
            address = address.replace("&", "&amp;")
        dot = to_dot(graph, overlay, palette, link=address)
        if format == "dot":
            return dot.encode()
        drawn = (engine or find_engine()).draw(dot, format)
        return finished(drawn, told_of(graph), both=theme == "auto").encode() if svg else drawn
    except (NoEngineError, ModuleNotFoundError) as missing:
        if isinstance(missing, ModuleNotFoundError) and missing.name != "graphviz":
            raise
        plain = overlay == NO_OVERLAY and not link and table is IMAGE_TABLE
        found = shipped.picture(view, format, theme) if plain else None
        if found is None:
            raise InputError(_wanting(format, missing)) from missing
        return found


def _wanting(format: str, missing: Exception) -> str:  # noqa: A002 - the same
    if format == "pdf" and isinstance(missing, NoEngineError):
        return "a PDF needs Graphviz: apt-get install graphviz"
    return (
        "nothing here draws; install what does: pip install 'opennebula-image-lifecycle[drawing]'"
        " (the standard views came along as SVG, the views full and simplified as PNG)"
    )
