"""The lifecycle in a notebook: pictures and pages that Jupyter and its like show.

>>> from lifecycle.reference.notebook import show
>>> sorted(show("clone")._repr_mimebundle_())
['text/html', 'text/markdown', 'text/plain']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifecycle.drawing.alternative import text_alternative
from lifecycle.drawing.overlay import Mark, Overlay
from lifecycle.drawing.picture import draw
from lifecycle.drawing.views import View, parse_view
from lifecycle.image import Image
from lifecycle.markup.html import Html
from lifecycle.markup.markdown import Markdown
from lifecycle.reference.pages import about
from lifecycle.refusal import InputError
from lifecycle.states import GONE, ImageState

if TYPE_CHECKING:
    from collections.abc import Collection

    from lifecycle.markup.document import Page


class Shown(NamedTuple):
    """What a notebook shows when it is the last line of a cell.

    Attributes:
        bundle: the same thing in several formats, by their media types.
    """

    bundle: dict[str, str]

    def __repr__(self) -> str:
        """Give what is shown in words."""
        return self.bundle["text/plain"]

    def _repr_mimebundle_(
        self, include: Collection[str] = (), exclude: Collection[str] = ()
    ) -> dict[str, str]:
        """Give the formats that are wanted; a notebook shows the richest that it can."""
        return {
            kind: content
            for kind, content in self.bundle.items()
            if (not include or kind in include) and kind not in (exclude or ())
        }


def show(what: str | View | Image = "full") -> Shown:
    """Give a picture or a page for a notebook.

    Args:
        what: a view, as ``lifecycle diagram`` names it; or what ``lifecycle
            docs`` tells about; or an image, which is shown where it stands.

    Raises:
        InputError: there is no such view or topic, or nothing here draws it.
    """
    if isinstance(what, Image):
        return _image(what)
    if isinstance(what, View):
        return _picture(what, Overlay())
    try:
        view = parse_view(what)
    except InputError:
        return _page(about(what))
    return _picture(view, Overlay())


def _image(image: Image) -> Shown:
    if image.state is GONE or not isinstance(image.state, ImageState):
        return Shown({"text/plain": f"{image!r}: its record has left the pool."})
    mark = Mark(note=f"{image.id} {image.name}", emphasis=True)
    overlay = Overlay(title=f"image {image.id}", nodes={image.state.name: mark})
    return _picture(parse_view(f"around={image.state.name}"), overlay)


def _picture(view: View, overlay: Overlay) -> Shown:
    return Shown(
        {
            "image/svg+xml": draw(view, "svg", overlay).decode(),
            "text/plain": text_alternative(view.graph()),
        }
    )


def _page(page: Page) -> Shown:
    markdown = Markdown().page(page)
    html = "\n".join(Html().blocks(page.blocks))
    return Shown({"text/html": html, "text/markdown": markdown, "text/plain": markdown})
