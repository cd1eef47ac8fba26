"""The reference as files, in the format of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.markup.document import Picture
from lifecycle.markup.html import Html
from lifecycle.markup.markdown import Hugo, Markdown
from lifecycle.markup.rest import Rest
from lifecycle.reference.pages import SITE, all_pages, navigation, words_only
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lifecycle.markup.document import Page
    from lifecycle.reference.pages import Draw


def reference(format_: str, draw: Draw = words_only) -> dict[str, str]:
    """Give every file of the reference by its name: the pages, and their pictures.

    Args:
        format_: one of :data:`FORMATS`.
        draw: what gives the picture of a view; without one, the pages tell it in words.

    Raises:
        InputError: there is no such format.
    """
    if format_ not in FORMATS:
        raise InputError(f"no format is named {format_!r}; there are: {', '.join(FORMATS)}")
    pages = all_pages(draw)
    files = FORMATS[format_](pages)
    if format_ != "html":
        files |= _pictures(pages)
    return files


def _markdown(pages: tuple[Page, ...]) -> dict[str, str]:
    writer = Markdown()
    return {f"{page.name}.md": writer.page(page) for page in pages}


def _hugo(pages: tuple[Page, ...]) -> dict[str, str]:
    files = {}
    for number, page in enumerate(pages):
        first = page.name == "index"
        name = "_index" if first else page.name
        files[f"{name}.md"] = Hugo(weight=10 * (number + 1), first=first).page(page)
    return files


def _sphinx(pages: tuple[Page, ...]) -> dict[str, str]:
    writer = Rest()
    files = {f"{page.name}.rst": writer.page(page) for page in pages}
    rest = "\n".join(f"   {page.name}" for page in pages if page.name != "index")
    files["index.rst"] += f"\n.. toctree::\n   :maxdepth: 1\n   :hidden:\n\n{rest}\n"
    return files


def _html(pages: tuple[Page, ...]) -> dict[str, str]:
    writer = Html(site=SITE, navigation=navigation(pages))
    return {f"{page.name}.html": writer.page(page) for page in pages}


def _pictures(pages: Iterable[Page]) -> dict[str, str]:
    return {
        f"{block.name}.svg": block.svg
        for page in pages
        for block in page.blocks
        if isinstance(block, Picture) and block.svg
    }


FORMATS: Mapping[str, Callable[[tuple[Page, ...]], dict[str, str]]] = {
    "hugo": _hugo,
    "sphinx": _sphinx,
    "markdown": _markdown,
    "html": _html,
}
"""What writes the pages in a format, by the format's name."""
