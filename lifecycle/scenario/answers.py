"""What drivers answer in a scenario: its own words, or the usual ones."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from lifecycle.cloud.attributes import parse
from lifecycle.cloud.payloads import usual_payload
from lifecycle.cloud.template_text import ParseError

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.drivers import Request


def payload_of(cloud: Cloud, request: Request, words: str | None, *, ok: bool) -> str:
    """Give a driver's answer to a request, as oned reads it.

    Args:
        cloud: where it was asked.
        request: what was asked.
        words: as the scenario has them, None for what is usual.
        ok: whether the driver succeeded.
    """
    if words is None:
        return usual_payload(cloud, request, ok=ok)
    if request.role == "market" and request.action == "IMPORT" and ok:
        return b64encode(_spaced(words).encode("utf-8", "surrogatepass")).decode()
    return words


def _spaced(words: str) -> str:
    """Put attributes that stand on one line on lines of their own, if that is what they are."""
    text = "\n".join(words.split())
    try:
        parse(text)
    except ParseError:
        return words
    return text
