"""What a call answers, as it goes over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud.pool import Selection
from lifecycle.documents.images import image_document
from lifecycle.image import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lifecycle.cloud.cloud import Cloud

DOCUMENTS: dict[type, Callable[[Cloud, Any], str]] = {
    Image: image_document,
}
"""How the objects that a call can answer with are written."""

ROOTS = {
    "IMAGE": "IMAGE_POOL",
}
"""The root of the document of a pool, by the kind of its objects."""


def text_of(cloud: Cloud, value: Any) -> str | int | bool:
    """Give what `Cloud.call` answers (``Reply.value``) as it goes over the wire.

    An object (an image, a machine) becomes its document, a selection from a
    pool the document of that pool; texts, numbers and booleans stay as they are.
    """
    if isinstance(value, str | int | bool):
        return value
    if isinstance(value, Selection):
        return "".join(pieces_of(cloud, value))
    return DOCUMENTS[type(value)](cloud, value)


def pieces_of(cloud: Cloud, pool: Selection[Any]) -> Iterator[str]:
    """Give the document of a pool in pieces, an object each, so that it need not be held whole."""
    root = ROOTS[pool.kind]
    yield f"<{root}>"
    for thing in pool:
        yield DOCUMENTS[type(thing)](cloud, thing)
    yield f"</{root}>"
