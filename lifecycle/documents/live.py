"""The documents of a real cloud, fetched from its XML-RPC interface; nothing is ever changed there.

Credentials and address come from where OpenNebula's command line has them:
ONE_AUTH and ONE_XMLRPC. Source: ``Client`` in ``src/oca/ruby/opennebula/client.rb``
of OpenNebula 7.4.0.
"""

from __future__ import annotations

import http.client
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.parsers.expat import ExpatError
from xmlrpc import client as xmlrpc_client

from lifecycle.documents.elements import read
from lifecycle.documents.reading import (
    APPS,
    IMAGES,
    MACHINES,
    app_of,
    image_of,
    machine_of,
)
from lifecycle.refusal import InputError, LifecycleError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from lifecycle.cloud.objects import App
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.documents.elements import Node
    from lifecycle.image import Image

    Made = TypeVar("Made")

IMAGE_POOL, MACHINE_POOL, APP_POOL = (
    "one.imagepool.info",
    "one.vmpool.info",
    "one.marketapppool.info",
)
CALLS = (IMAGE_POOL, MACHINE_POOL, APP_POOL)
"""Every call that is ever made; each only reads."""

_USUAL = "http://localhost:2633/RPC2"
_ALL, _WHOLE, _NOT_DONE = -2, (-1, -1), -1
_SECONDS = 60
_LONGEST = 300


class LiveCloud:
    """Reads the pools of a running oned.

    Args:
        url: of its XML-RPC interface.
        session: ``user:password``.
    """

    def __init__(self, url: str, session: str) -> None:
        """Take where it is; nothing is asked yet.

        Raises:
            InputError: the address is none.
            LifecycleError: defusedxml is not installed.
        """
        secure = _is_secure(url)
        self.url = url
        self._session = session
        self._proxy = xmlrpc_client.ServerProxy(url, transport=_transport(secure), encoding="utf-8")

    @classmethod
    def from_environment(cls, url: str = "") -> LiveCloud:
        """Find address and credentials as OpenNebula's command line does.

        Args:
            url: the address, instead of that of the environment.

        Raises:
            InputError: there are no credentials, or the address is none.
        """
        return cls(url or _address(), _credentials())

    def images(self) -> list[Image]:
        """Give all images.

        Raises:
            InputError: they cannot be had.
        """
        return self._pool(IMAGE_POOL, (_ALL, *_WHOLE), IMAGES, image_of)

    def machines(self) -> list[VirtualMachine]:
        """Give all machines that are not DONE.

        Raises:
            InputError: they cannot be had.
        """
        return self._pool(MACHINE_POOL, (_ALL, *_WHOLE, _NOT_DONE), MACHINES, machine_of)

    def apps(self) -> list[App]:
        """Give all marketplace apps.

        Raises:
            InputError: they cannot be had.
        """
        return self._pool(APP_POOL, (_ALL, *_WHOLE), APPS, app_of)

    def _pool(
        self,
        method: str,
        params: tuple[int, ...],
        kinds: Mapping[str, str],
        make: Callable[[Node, str], Made],
    ) -> list[Made]:
        shown = f"{self.url} {method}"
        stream = io.BytesIO(self._call(method, params).encode())
        found = []
        for _, kind, node in read(stream, kinds, shown):
            try:
                found.append(make(node, kind))
            except InputError as error:
                raise error.at(shown) from error
        return found

    def _call(self, method: str, params: tuple[int, ...]) -> str:
        if method not in CALLS:
            raise LifecycleError(f"{method} is none of the calls that only read")
        try:
            reply: Any = getattr(self._proxy, method)(self._session, *params)
        except (OSError, xmlrpc_client.Error, http.client.HTTPException) as error:
            raise InputError(f"{method}: {_why(error)}", file=self.url) from error
        except (ValueError, TypeError, LookupError, AttributeError, ExpatError) as error:
            # What defusedxml refuses is a ValueError; the rest is what the parser makes of rubbish.
            raise InputError(f"{method}: the answer is no XML-RPC", file=self.url) from error
        match reply:
            case [True, str(document), *_]:
                return document
            case [False, str(text), *_]:
                raise InputError(text, file=self.url)
            case _:
                raise InputError(f"{method}: the answer is not one of oned's", file=self.url)


def _is_secure(url: str) -> bool:
    """Tell whether an address is one of HTTPS, not of HTTP; raise InputError if it is neither."""
    wrong = InputError(f"{url[:_LONGEST]!r} is no address like {_USUAL}", field="endpoint")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # The port is no number or too great, or a bracket is open.
        raise wrong from None
    if not usable:
        raise wrong
    return parts.scheme == "https"


def _why(error: Exception) -> str:
    if isinstance(error, xmlrpc_client.ProtocolError):
        return f"answered {error.errcode} {error.errmsg}"
    if isinstance(error, xmlrpc_client.Fault):
        return f"fault {error.faultCode}: {error.faultString}"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _transport(secure: bool) -> xmlrpc_client.Transport:  # noqa: FBT001 - one of two kinds
    """Give a transport that waits no longer than a minute, and parses nothing hostile."""
    try:
        from defusedxml.xmlrpc import DefusedExpatParser  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise LifecycleError(
            "reading XML needs defusedxml;"
            " install it with: pip install 'opennebula-image-lifecycle[endpoint]'"
        ) from error
    kind = xmlrpc_client.SafeTransport if secure else xmlrpc_client.Transport

    class Transport(kind):  # type: ignore[misc, valid-type]  # one of two classes
        def getparser(self) -> tuple[Any, Any]:
            target = xmlrpc_client.Unmarshaller()
            return DefusedExpatParser(target, forbid_dtd=True), target

        def make_connection(self, host: Any) -> http.client.HTTPConnection:
            connection: http.client.HTTPConnection = super().make_connection(host)
            connection.timeout = _SECONDS
            return connection

    made: xmlrpc_client.Transport = Transport()
    return made


def _address() -> str:
    if url := os.environ.get("ONE_XMLRPC", ""):
        return url
    return _text(Path.home() / ".one" / "one_endpoint") or _USUAL


def _credentials() -> str:
    named = os.environ.get("ONE_AUTH", "")
    places = [Path(named)] if named else []
    places += [Path.home() / ".one" / "one_auth", Path("/var/lib/one/.one/one_auth")]
    for place in places:
        if session := _text(place):
            return session
    raise InputError(
        "there are no credentials: put user:password into a file and its name into ONE_AUTH"
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError, ValueError):
        return ""
