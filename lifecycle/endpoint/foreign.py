"""Keeps other web sites' pages from what a browser on this machine can reach.

A page of another origin may send requests here, and one whose name was bound
to this address anew may even read the answers. So an Origin must be this
server's own, and where it listens to this machine only, the control path and
the pages want a name of this machine as their Host.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lifecycle.endpoint.http import page

if TYPE_CHECKING:
    from lifecycle.endpoint.http import Request, Response

_OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


def foreign_origin(request: Request) -> Response | None:
    """Give the refusal of a request that another site's page makes; None lets it pass."""
    origin = request.headers.get("Origin")
    if origin is None or _same_place(origin, request.headers.get("Host", "")):
        return None
    return page(403, "Pages of other origins may not call here.")


def foreign_host(request: Request) -> Response | None:
    """Give the refusal of a request for a name that is not this machine's; None lets it pass."""
    try:
        name = urlsplit(f"//{request.headers.get('Host', '')}").hostname
    except ValueError:
        name = None
    if name in _OWN_NAMES:
        return None
    return page(403, "This is not the host that was asked for.")


def _same_place(origin: str, host: str) -> bool:
    scheme, _, place = origin.partition("://")
    return scheme == "http" and place.lower() == host.lower() and bool(host)
