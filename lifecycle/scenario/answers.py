"""The words that drivers usually answer with, where a scenario does not tell them."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from lifecycle.cloud.attributes import ParseError, parse, write
from lifecycle.cloud.drivers import Request, usual_payload

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud

_MD5 = "0" * 32


def payload_of(cloud: Cloud, request: Request, words: str | None, *, ok: bool) -> str:
    """Give a driver's answer to a request, as oned reads it.

    Args:
        cloud: where it was asked.
        request: what was asked.
        words: as the scenario has them, None for what is usual.
        ok: whether the driver succeeded.
    """
    if request.role == "market" and request.action == "IMPORT" and ok:
        return _imported(cloud, request.id, words)
    if words is not None:
        return words
    if request.role == "ds" and request.action == "INCREMENT_FLATTEN" and ok:
        return _flattened(cloud, request.id)
    return usual_payload(request, ok=ok)


def _imported(cloud: Cloud, number: int, words: str | None) -> str:
    """Give what a market says of a new app: where it is and what it is like, encoded."""
    if words is None:
        app = cloud.apps.get(number)
        image = None if app is None else cloud.images.get(app.origin_id)
        text = write(
            {
                "SOURCE": f"http://market/app-{number}",
                "MD5": _MD5,
                "SIZE": 0 if image is None else image.size,
                "FORMAT": "raw" if image is None else image.format or "raw",
            }
        )
    else:
        text = _spaced(words)
    return b64encode(text.encode()).decode()


def _spaced(words: str) -> str:
    """Put attributes that stand on one line on lines of their own, if that is what they are."""
    text = "\n".join(words.split())
    try:
        parse(text)
    except ParseError:
        return words
    return text


def _flattened(cloud: Cloud, number: int) -> str:
    """Give what a datastore says when it has merged the oldest increments of a backup."""
    image = cloud.images.get(number)
    vm = None if image is None or not image.vms else cloud.vms.get(min(image.vms))
    if image is None or vm is None or vm.backups is None:
        return ""
    chain = list(image.increments)
    kept = chain[-vm.backups.keep_last :] if vm.backups.keep_last else chain
    if not kept:
        return ""
    merged = sum(int(one.size) for one in chain if one.id <= kept[0].id)
    return f"{merged} {','.join(f'{one.id}:{one.source}' for one in kept)}"
