"""HTTP for the endpoint: the standard library's server, its known traps removed.

One write a reply and no delay, so that a kept connection answers at once;
limits on what is sent and on how long it may take; a bounded number of
connections; an end that waits for nobody.
"""

from __future__ import annotations

import io
import logging
import socket
import socketserver
import sys
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from lifecycle.refusal import InputError

log = logging.getLogger(__name__)

Send = Callable[[bytes], None]

NO_LENGTH = "A request needs a Content-Length."
"""What a client is told that does not say how long its request is."""

_XML = "text/xml; charset=utf-8"
_HTML = "text/html; charset=utf-8"
_OLDEST, _OLD = "HTTP/0.9", "HTTP/1.0"
_MOST_LINE = 65536
_MOST_DRAINED = 256 * 1024 * 1024
_CHUNK = 64 * 1024
_JOIN = 2.0
_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Limits:
    """What clients may ask of the server.

    Attributes:
        body: the most bytes of a body.
        trusted: the same for who knows the token: a whole cloud is large.
        seconds: the time in which a request must have come, once it has begun.
        idle: the seconds for which a connection may do nothing.
        connections: how many there may be at once.
    """

    body: int = 16 * 1024 * 1024
    trusted: int = 256 * 1024 * 1024
    seconds: float = 30
    idle: float = 300
    connections: int = 512


@dataclass(slots=True)
class Request:
    """A request that has come whole.

    Attributes:
        method: POST, GET, …
        path: without the query.
        query: what follows the question mark, or "".
        headers: by their names, in any case.
        body: all of it.
    """

    method: str
    path: str
    query: str
    headers: Any
    body: bytes


@dataclass(slots=True)
class Response:
    """What is answered.

    Attributes:
        status: the HTTP status.
        body: in pieces.
        type: the content type.
        headers: further ones.
        cut: how many bytes of the body are sent before the connection is dropped; None for all.
        stream: takes the connection over after the head; it is given what sends.
    """

    status: int = 200
    body: list[bytes] = field(default_factory=list)
    type: str = _XML
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None
    stream: Callable[[Send], None] | None = None


Answering = Callable[[Request], Response | None]
"""Answers a request; None drops the connection."""


def page(status: int, text: str) -> Response:
    """Give an error as a page."""
    title = f"{status} {HTTPStatus(status).phrase}"
    html = f"<html><head><title>{title}</title></head><body><p>{escape(text)}</p></body></html>\n"
    return Response(status, [html.encode()], _HTML)


class _Refused(Exception):  # noqa: N818 - an answer, not an error
    """When a request is answered before anybody looks at it; the connection is closed then."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.response = page(status, text)


class _Reader(io.RawIOBase):
    """Reads from a socket until a deadline."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__()
        self._connection = connection
        self.end = 0.0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


class Handler(BaseHTTPRequestHandler):
    """One connection: its requests, one after the other."""

    protocol_version = "HTTP/1.1"
    server: Server  # type: ignore[mutable-override]  # no other server has this handler
    rfile: io.BufferedReader  # type: ignore[mutable-override]  # it is made below, as this
    wfile: io.BytesIO  # type: ignore[mutable-override]  # the same

    def setup(self) -> None:
        """Take the connection over."""
        self.connection = self.request
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)  # noqa: FBT003 - as sockets have it
        self._reader = _Reader(self.connection)
        self.rfile = io.BufferedReader(self._reader, _CHUNK)
        # What the standard library writes is gathered here, and sent in one piece.
        self.wfile = io.BytesIO()

    def finish(self) -> None:
        """Let the connection go."""
        self.rfile.close()

    def handle(self) -> None:
        """Answer until the client or the server has had enough."""
        self.close_connection = False
        try:
            while not self.close_connection and self._begins():
                self._handle_one()
        except (OSError, ValueError):
            return  # the client is gone, or it reads too slowly

    def _begins(self) -> bool:
        """Wait for the first byte of a request."""
        self._reader.end = time.monotonic() + self.server.limits.idle
        try:
            return bool(self.rfile.peek(1))
        except TimeoutError:
            return False

    def _handle_one(self) -> None:
        self._reader.end = time.monotonic() + self.server.limits.seconds
        try:
            request = self._read()
        except _Refused as refused:
            self.close_connection = True
            self._send(refused.response)
            return
        except TimeoutError:
            self.close_connection = True
            self._send(page(408, "The request did not come in time."))
            return
        response = self.server.answering(request)
        if response is None:
            self.close_connection = True
            return
        if self._more_waits():
            # oned answers one request a connection: one that is sent before the answer is lost.
            self.close_connection = True
        self._send(response)

    def _read(self) -> Request:
        self.command, self.request_version = "", self.protocol_version
        self.raw_requestline = self.rfile.readline(_MOST_LINE + 1)
        if len(self.raw_requestline) > _MOST_LINE:
            raise _Refused(414, "The request line is too long.")
        self.parse_request()
        if self.request_version == _OLDEST:
            self.send_error(400, "A request needs a version of HTTP.")
        length = self._length()
        body = self.rfile.read(length) if length else b""
        if len(body) < length:
            raise _Refused(400, "The request ended too early.")
        try:
            # The standard library takes a second slash away; oned does not.
            parts = urlsplit(self.requestline.split()[1])
        except ValueError as error:
            raise _Refused(400, "The address of the request is none.") from error
        return Request(self.command, parts.path, parts.query, self.headers, body)

    def _length(self) -> int:
        """Give the length of the body that is announced."""
        given = self.headers.get("Content-Length")
        if "Transfer-Encoding" in self.headers:
            raise _Refused(411, NO_LENGTH)
        if given is None:
            # What follows, if anything does, is nobody's request.
            self.close_connection = self.close_connection or self.command == "POST"
            return 0
        if not (given.isascii() and given.isdigit()):
            raise _Refused(400, "The Content-Length is no number.")
        length = int(given[:20])
        most = self._most()
        if length > most:
            self._drain(length)
            raise _Refused(413, f"The body is larger than {most} bytes.")
        return length

    def _most(self) -> int:
        limits = self.server.limits
        return limits.trusted if self.server.trusts(self.path, self.headers) else limits.body

    def _drain(self, length: int) -> None:
        """Read away what is not wanted, so that the client gets to read the answer."""
        left = min(length, _MOST_DRAINED)
        while left > 0:
            chunk = self.rfile.read1(min(left, _CHUNK))
            if not chunk:
                return
            left -= len(chunk)

    def handle_expect_100(self) -> bool:
        """Tell a client that asks to send its body, unless that is too large."""
        given = self.headers.get("Content-Length", "0")
        if given.isdigit() and int(given[:20]) > (most := self._most()):
            raise _Refused(413, f"The body is larger than {most} bytes.")
        super().handle_expect_100()
        self._flush()
        return True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what the standard library cannot read."""
        del explain
        self.request_version = self.protocol_version
        raise _Refused(code, message or HTTPStatus(code).phrase)

    def _more_waits(self) -> bool:
        self._reader.end = 0
        try:
            return bool(self.rfile.peek(1))
        except TimeoutError:
            return False

    def _send(self, response: Response) -> None:
        self.connection.settimeout(self.server.limits.seconds)
        length = sum(map(len, response.body))
        self.send_response_only(response.status)
        self.send_header("Content-Type", response.type)
        if response.stream is None:
            self.send_header("Content-Length", str(length))
        else:
            self.close_connection = True
        for name, value in response.headers:
            self.send_header(name, value)
        if response.cut is not None:
            self.close_connection = True
        elif self.close_connection:
            self.send_header("Connection", "close")
        elif self.request_version == _OLD:
            self.send_header("Connection", "keep-alive")
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(response)
        self._flush()
        if response.stream is not None:
            response.stream(self.connection.sendall)

    def _send_body(self, response: Response) -> None:
        left = sys.maxsize if response.cut is None else response.cut
        for piece in response.body:
            if left <= 0:
                return
            self.wfile.write(piece[:left] if left < len(piece) else piece)
            left -= len(piece)
            if self.wfile.tell() > _CHUNK:
                self._flush()

    def _flush(self) -> None:
        waiting = self.wfile.getbuffer()
        if len(waiting):
            self.connection.sendall(waiting)
        waiting.release()
        self.wfile = io.BytesIO()


def _nobody(path: str, headers: Any) -> bool:
    del path, headers
    return False


class Server(ThreadingHTTPServer):
    """Listens, and has every connection handled in a thread of its own.

    Args:
        address: the host's address and the port; 0 for any that is free.
        answering: answers a request, None to drop the connection.
        limits: what clients may ask.
        trusts: tells by path and headers whether more may be sent than usual.

    Raises:
        InputError: the address cannot be listened on.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(
        self,
        address: tuple[str, int],
        answering: Answering,
        limits: Limits | None = None,
        *,
        trusts: Callable[[str, Any], bool] = _nobody,
    ) -> None:
        """Listen, and answer nothing yet."""
        self.answering = answering
        self.trusts = trusts
        self.limits = Limits() if limits is None else limits
        self._open: set[socket.socket] = set()
        # A thread outlives its connection for a moment.
        self._handling: weakref.WeakSet[threading.Thread] = weakref.WeakSet()
        self._guard = threading.Lock()
        self._stopping = False
        self._thread: threading.Thread | None = None
        host, port = address
        if ":" in host:
            self.address_family = socket.AF_INET6
        try:
            super().__init__((host, port), Handler)
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise InputError(f"cannot listen on {host} port {port}: {why}") from error

    def server_bind(self) -> None:
        """Bind without asking a name server for the host's name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]  # typeshed has it wider

    def start(self) -> None:
        """Begin to answer."""
        self._thread = threading.Thread(target=self._accept, name="lifecycle-endpoint", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Answer no more, drop every connection, and give the port back."""
        if self._stopping:
            return
        self._stopping = True
        if self._thread is not None:
            self._wake()
            self._thread.join()
        self.server_close()
        with self._guard:
            left, threads = list(self._open), list(self._handling)
        for connection in left:
            _cut(connection)
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(_JOIN)

    def _accept(self) -> None:
        while not self._stopping:
            self.handle_request()

    def _wake(self) -> None:
        """Have the thread that waits for connections look up."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.server_name, self.server_name)  # noqa: S104 - nothing is bound here
        try:
            socket.create_connection((host, self.server_port), timeout=1).close()
        except OSError:
            log.warning("the endpoint could not be woken at %s", host)

    def get_request(self) -> tuple[Any, Any]:
        """Take a connection; where none can be had, as too many files are open, not in a hurry."""
        try:
            return super().get_request()
        except OSError:
            time.sleep(_PAUSE)
            raise

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Let a connection in, unless it is one too many."""
        del client_address
        if self._stopping:
            return False
        with self._guard:
            if len(self._open) < self.limits.connections:
                return True
        log.warning("more than %d connections", self.limits.connections)
        _send_off(request)
        return False

    def process_request(self, request: Any, client_address: Any) -> None:
        """Handle a connection in a thread of its own."""
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        with self._guard:
            self._open.add(request)
            self._handling.add(thread)
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what went wrong in a thread; the connection is closed."""
        del request, client_address
        log.error("a request could not be answered", exc_info=sys.exc_info())


def _send_off(connection: socket.socket) -> None:
    """Tell a client that there are too many."""
    try:
        connection.settimeout(1)
        connection.sendall(
            b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
    except OSError:
        return


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is closed already
