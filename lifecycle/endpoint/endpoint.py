"""The endpoint: a cloud that answers OpenNebula's XML-RPC over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from lifecycle.cloud.cloud import Cloud
from lifecycle.endpoint.http import Limits, Request, Response, Server, page
from lifecycle.endpoint.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import RLock
    from types import TracebackType

PATH = "/RPC2"
"""Where calls are answered."""


class Endpoint:
    """A cloud that answers OpenNebula's XML-RPC over HTTP, in threads of this process.

    >>> from lifecycle.endpoint import Endpoint
    >>> with Endpoint() as endpoint:
    ...     endpoint.url.startswith("http://127.0.0.1:"), endpoint.session
    (True, 'oneadmin:opennebula')

    Args:
        cloud: the cloud; a fresh one unless given. While the endpoint runs it
            is to be touched with `lock` held only.
        host: the address to listen on.
        port: the port; 0 for any that is free.
        limits: what clients may ask.

    Attributes:
        routes: what answers further paths, by the beginning of the path; a
            route gives None to drop the connection.
    """

    def __init__(
        self,
        cloud: Cloud | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        limits: Limits | None = None,
    ) -> None:
        """Make an endpoint that does not listen yet."""
        self.service = Service(Cloud() if cloud is None else cloud)
        self.routes: dict[str, Callable[[Request], Response | None]] = {}
        self._address = (host, port)
        self._limits = limits
        self._server: Server | None = None

    @property
    def cloud(self) -> Cloud:
        """The cloud; another one after it was reset or loaded."""
        return self.service.cloud

    @property
    def lock(self) -> RLock:
        """What keeps calls off the cloud while it is held."""
        return self.service.lock

    @property
    def port(self) -> int:
        """The port that it listens on, 0 while it does not."""
        return 0 if self._server is None else self._server.server_port

    @property
    def root(self) -> str:
        """The address of the server, as ``http://127.0.0.1:2633``."""
        host = self._address[0]
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def url(self) -> str:
        """The address for clients: what ONE_XMLRPC is to be."""
        return self.root + PATH

    @property
    def session(self) -> str:
        """The session of oneadmin, as ``user:password``."""
        with self.lock:
            admin = self.cloud.users[0]
            return f"{admin.name}:{admin.password}"

    def start(self) -> Self:
        """Listen and answer.

        Raises:
            InputError: the address cannot be listened on.
        """
        self._server = Server(self._address, self.answer, self._limits)
        self._server.start()
        return self

    def stop(self) -> None:
        """Answer no more, drop every connection, and give the port back."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def __enter__(self) -> Self:
        """Listen and answer until the block ends."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def answer(self, request: Request) -> Response | None:
        """Answer a request; None drops the connection."""
        if request.path == PATH:
            return self._answer_call(request)
        for prefix, route in self.routes.items():
            if request.path.startswith(prefix):
                return route(request)
        return page(404, f"Calls are answered at {PATH} only.")

    def _answer_call(self, request: Request) -> Response | None:
        if request.method == "OPTIONS":
            return Response(headers=(("Allow", "POST"),))
        if request.method != "POST":
            return page(405, "A call is made with POST.")
        if not request.body:
            return page(400, "The request is empty.")
        return Response(body=self.service.answer(request.body))
