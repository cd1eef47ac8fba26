"""The endpoint: a cloud that answers OpenNebula's XML-RPC over HTTP."""

from __future__ import annotations

import ipaddress
import logging
import secrets
import threading
from typing import TYPE_CHECKING, Self

from lifecycle.cloud.cloud import Cloud
from lifecycle.endpoint import reply
from lifecycle.endpoint.call import read_call
from lifecycle.endpoint.control import PREFIX, Control
from lifecycle.endpoint.fault import Fault, FaultCode
from lifecycle.endpoint.foreign import foreign_host, foreign_origin
from lifecycle.endpoint.http import NO_LENGTH, Limits, Request, Response, Server, page
from lifecycle.endpoint.rules import FaultRule, FaultRules
from lifecycle.endpoint.service import Service
from lifecycle.refusal import InputError, LifecycleError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from threading import RLock
    from types import TracebackType

    from lifecycle.endpoint.call import Call
    from lifecycle.endpoint.live import Page
    from lifecycle.page.wording import Wording

log = logging.getLogger(__name__)

PATH = "/RPC2"
"""Where calls are answered."""

USUAL_PASSWORD = "opennebula"  # noqa: S105 - everybody knows it, and it is good for this machine only
"""The password of oneadmin in a fresh cloud."""


class Endpoint:
    """A cloud that answers OpenNebula's XML-RPC over HTTP, in threads of this process.

    >>> from lifecycle.endpoint import Endpoint
    >>> with Endpoint() as endpoint:
    ...     endpoint.url.startswith("http://127.0.0.1:"), endpoint.session
    (True, 'oneadmin:opennebula')

    Args:
        cloud: the cloud, or what makes a fresh one; while the endpoint runs it
            is to be touched with `lock` held only.
        host: the address to listen on.
        port: the port; 0 for any that is free.
        state: a file in which the cloud outlives the process; where it holds a
            cloud already, that one is taken up.
        speed: virtual seconds per real second; 0 leaves time to whoever moves it.
        password: what oneadmin's password is to be; None leaves it.
        token: the word that the control path asks for; drawn at random unless given.
        limits: what clients may ask.
        wording: the language of the page; None for English.

    Attributes:
        service: makes the calls, and keeps the cloud.
        faults: the rules by which calls fail.
        control: answers the control path.
        token: the word that it asks for.
        routes: what answers further paths, by the beginning of the path.

    Raises:
        InputError: the file cannot be used.
    """

    def __init__(  # noqa: PLR0913 - all but the first are named
        self,
        cloud: Cloud | Callable[[], Cloud] = Cloud,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        state: str | Path | None = None,
        speed: float = 0,
        password: str | None = None,
        token: str | None = None,
        limits: Limits | None = None,
        wording: Wording | None = None,
    ) -> None:
        """Make an endpoint that does not listen yet."""
        self.service = Service(cloud, state=state, speed=speed)
        if password is not None:
            self._set_password(password)
        self.service.admits = self._check_password
        self.faults = FaultRules()
        self.token = secrets.token_urlsafe(24) if token is None else token
        self.control = Control(self.service, self.faults, self.token, wording)
        self.routes: dict[str, Callable[[Request], Response | None]] = {}
        self._address = (host, port)
        self._limits = limits
        self._server: Server | None = None
        self._stopped = threading.Event()
        self._wording = wording
        self._page: Page | None = None

    def _set_password(self, password: str) -> None:
        try:
            if password != self.cloud.users[0].password:
                self.service.do("password", {"password": password})
        except LifecycleError:
            self.service.close()
            raise

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
    def control_url(self) -> str:
        """The address of the control path."""
        return self.root + PREFIX

    @property
    def page_url(self) -> str:
        """The address of the page over the cloud, with the token that it needs.

        What stands behind # is not sent to anybody.
        """
        return f"{self.root}/#token={self.token}"

    @property
    def session(self) -> str:
        """The session of oneadmin, as ``user:password``."""
        with self.lock:
            admin = self.cloud.users[0]
            return f"{admin.name}:{admin.password}"

    def fault(self, method: str = "*", **fields: object) -> FaultRule:
        """Have calls fail from now on; what can be said of them is told at `FaultRule`.

        Raises:
            InputError: a field is none of what it can be.
        """
        rule = FaultRule.from_json({"method": method, **fields})
        self.faults.add(rule)
        return rule

    def start(self) -> Self:
        """Listen and answer.

        Raises:
            InputError: the address cannot be listened on, or is open to others
                while oneadmin has the password that everybody knows.
        """
        with self.lock:
            self._check_password(self.cloud)
        self._stopped.clear()
        self._server = Server(self._address, self.answer, self._limits, trusts=self._trusts)
        self._server.start()
        return self

    def _trusts(self, path: str, headers: Mapping[str, str]) -> bool:
        return path.startswith(f"{PREFIX}/") and self.control.knows_token(headers)

    def _check_password(self, cloud: Cloud) -> None:
        host, _ = self._address
        if not _is_loopback(host) and cloud.users[0].password == USUAL_PASSWORD:
            raise InputError(
                f"cannot listen on {host} while oneadmin has its usual password;"
                " others could call: choose another password first"
            )

    def stop(self) -> None:
        """Answer no more, drop every connection, and give the port back."""
        if self._server is None:
            return
        self._stopped.set()
        self.control.end_streams()
        self._server.stop()
        self._server = None

    def close(self) -> None:
        """Stop, and give the file of the cloud back."""
        self.stop()
        self.service.close()

    def __enter__(self) -> Self:
        """Listen and answer until the block ends."""
        try:
            return self.start()
        except InputError:
            self.close()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def answer(self, request: Request) -> Response | None:
        """Answer a request; None drops the connection."""
        refused = foreign_origin(request)
        if refused is not None:
            return refused
        if request.path == PATH:
            return self._answer_call(request)
        if request.path == PREFIX or request.path.startswith(f"{PREFIX}/"):
            return self._foreign_host(request) or self.control.answer(request)
        for prefix, route in self.routes.items():
            if request.path.startswith(prefix):
                return self._foreign_host(request) or route(request)
        asks_for_page = request.path == "/" and request.method in {"GET", "HEAD"}
        if asks_for_page and self._foreign_host(request) is None:
            return self._show()
        return page(404, f"Calls are answered at {PATH} only.")

    def _show(self) -> Response:
        from lifecycle.endpoint.live import Page  # noqa: PLC0415 - loaded when it is asked for

        if self._page is None:
            self._page = Page(self._wording)
        return self._page.answer()

    def _foreign_host(self, request: Request) -> Response | None:
        # Where others may reach it, it has names that are not known here.
        return foreign_host(request) if _is_loopback(self._address[0]) else None

    def _answer_call(self, request: Request) -> Response | None:
        if request.method == "OPTIONS":
            return Response(headers=(("Allow", "POST"),))
        if request.method != "POST":
            return page(405, "A call is made with POST.")
        if not request.body:
            measured = "Content-Length" in request.headers
            return page(400, "The request is empty.") if measured else page(411, NO_LENGTH)
        try:
            call = read_call(request.body)
        except Fault as fault:
            return Response(body=reply.fault(fault))
        rule = self.faults.choose(call)
        if rule is None:
            return Response(body=self._made(call))
        return self._fail(rule, call)

    def _made(self, call: Call) -> list[bytes]:
        try:
            return self.service.answer_call(call.method, call.params)
        except Fault as fault:
            return reply.fault(fault)
        except Exception:
            # Whatever goes wrong here is a defect; a client is told so in the form it reads.
            log.exception("a call could not be answered: %.200s", call.method)
            return reply.fault(Fault(FaultCode.INTERNAL, "Internal error of the simulator"))

    def _fail(self, rule: FaultRule, call: Call) -> Response | None:
        if rule.delay and self._stopped.wait(rule.delay):
            return None
        made = self._made(call) if rule.made or rule.only_delays or rule.cut is not None else []
        if rule.only_delays or rule.cut is not None:
            return Response(body=made, cut=rule.cut)
        if rule.drop:
            return None
        if rule.status is not None:
            return page(rule.status, rule.text)
        if rule.fault is not None:
            return Response(body=reply.fault(Fault(rule.fault, rule.text)))
        message = f"[{call.method}] {rule.text}"
        return Response(body=reply.result(reply.refusal(message, rule.code)))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
