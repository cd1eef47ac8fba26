"""The whole reference: every page in its order, and which page tells of what."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from lifecycle.image_table import IMAGE_TABLE
from lifecycle.markup.document import Bullets, Heading, Link, Page, Paragraph, Picture
from lifecycle.operations import OPERATIONS
from lifecycle.reference import operation_pages, state_pages
from lifecycle.reference.sentences import page_of, shown
from lifecycle.refusal import InputError
from lifecycle.states import GONE, ImageState
from lifecycle.table import Actor

SITE = "The image life-cycle"
"""The title of the reference."""

Draw = Callable[[str], Picture]
"""What gives the picture of a view, as ``lifecycle diagram --view`` names views."""


def words_only(view: str) -> Picture:
    """Give a picture of which only the words are there."""
    from lifecycle.drawing.views import parse_view  # noqa: PLC0415 - asks the drawing's views

    graph = parse_view(view).graph()
    moves = dict.fromkeys((shown(edge.origin), shown(edge.target)) for edge in graph.edges)
    told = ", ".join(f"{origin} to {target}" for origin, target in moves)
    return Picture(f"image-lifecycle-{graph.name.lower()}", graph.title, f"{graph.title}: {told}.")


def all_pages(draw: Draw = words_only) -> tuple[Page, ...]:
    """Give every page of the reference, in the order in which they are to be read.

    Args:
        draw: what gives the picture of a view; without one, the pages tell it in words.
    """
    draw = cache(draw)
    rest = (
        state_pages.states_page(draw("full"), draw("simplified")),
        *(state_pages.state_page(state, draw(f"around={state.name}")) for state in ImageState),
        state_pages.gone_page(),
        state_pages.simplified_page(draw("simplified")),
        operation_pages.operations_page(),
        *(operation_pages.actor_page(actor) for actor in Actor),
        operation_pages.datastore_page(),
        operation_pages.conditions_page(),
    )
    return (_index(draw, rest), *rest)


def _index(draw: Draw, pages: tuple[Page, ...]) -> Page:
    states = tuple(page for page in pages if page.name.startswith("state-"))
    others = tuple(page for page in pages if page not in states)
    return Page(
        "index",
        SITE,
        "Every state of an OpenNebula image, and everything that moves an image.",
        (
            Paragraph(
                (
                    (
                        f"These pages are written from a table of {len(IMAGE_TABLE.rows)} rows that"
                        " is held against histories recorded from OpenNebula 7.4.0, down to the"
                        " words of every refusal."
                    ),
                )
            ),
            draw("full"),
            Heading(2, "Pages"),
            Bullets(tuple((Link(one.title, one.name), ": ", one.description) for one in others)),
            Heading(2, "States"),
            state_pages.official_table(),
        ),
    )


def navigation(pages: tuple[Page, ...]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Give the pages by group, for what stands beside each of them."""
    groups: dict[str, list[tuple[str, str]]] = {"Overview": [], "States": [], "Operations": []}
    for page in pages:
        if page.name.startswith("state-"):
            group = "States"
        elif page.name in {"index", "states", "simplified"}:
            group = "Overview"
        else:
            group = "Operations"
        groups[group].append((page.name, page.title))
    return tuple((name, tuple(found)) for name, found in groups.items())


def about(topic: str) -> Page:
    """Give the page, or the part of one, that tells of a state, an operation or a page's subject.

    Args:
        topic: the name of a state, an operation or a page, in any case.

    Raises:
        InputError: there is nothing of that name.
    """
    name = topic.strip().lower()
    operation = OPERATIONS.get(name)
    if operation is not None:
        blocks = tuple(operation_pages.operation_blocks(operation))
        return Page(name, name, f"An operation of the actor “{operation.actor.value}”.", blocks[1:])
    subjects = _subjects()
    if name not in subjects:
        raise InputError(
            f"no page tells of {topic!r}; there are: {', '.join(subjects)},"
            " and the name of every operation"
        )
    return subjects[name]()


def _subjects() -> dict[str, Callable[[], Page]]:
    found: dict[str, Callable[[], Page]] = {}
    for state in ImageState:
        found[state.name.lower()] = partial(state_pages.state_page, state)
    found[shown(GONE)] = state_pages.gone_page
    found["states"] = state_pages.states_page
    found["simplified"] = lambda: state_pages.simplified_page(words_only("simplified"))
    found["operations"] = operation_pages.operations_page
    for actor in Actor:
        found[actor.name.lower()] = partial(operation_pages.actor_page, actor)
    found["datastores"] = operation_pages.datastore_page
    found["conditions"] = operation_pages.conditions_page
    return found


__all__ = ["SITE", "Draw", "about", "all_pages", "navigation", "page_of", "words_only"]
