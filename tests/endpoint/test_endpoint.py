"""The endpoint as an object: its routes, its password, its beginning and end."""

from __future__ import annotations

import http.client
import threading
import time
from typing import TYPE_CHECKING
from xmlrpc.client import Fault

import pytest

from lifecycle import Cloud
from lifecycle.endpoint import Endpoint
from lifecycle.endpoint.http import Response, Server
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    import socket
    from pathlib import Path
    from xmlrpc.client import ServerProxy


def get(endpoint: Endpoint, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=30)
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_further_paths_can_be_answered(endpoint: Endpoint) -> None:
    endpoint.routes["/page"] = lambda request: Response(
        body=[request.path.encode(), b"?", request.query.encode()], type="text/plain"
    )
    assert get(endpoint, "/page/one?two=3") == (200, b"/page/one?two=3")
    # They are kept from other sites' pages, as the control path is.
    assert get(endpoint, "/page", {"Host": "evil.example"})[0] == 403
    assert get(endpoint, "/page", {"Origin": "http://evil.example"})[0] == 403
    assert get(endpoint, "/other")[0] == 404


def test_a_password_that_cannot_be_leaves_nothing_open(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="password: "):
        Endpoint(state=tmp_path / "state", password="a b", speed=1)
    with Endpoint(state=tmp_path / "state") as endpoint:
        assert endpoint.session == "oneadmin:opennebula"


def test_a_speed_that_cannot_be_is_told() -> None:
    with pytest.raises(InputError, match="speed: must be 0 or more"):
        Endpoint(speed=-1)


def test_an_endpoint_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    for _ in range(3):
        with Endpoint(speed=5) as endpoint:
            assert get(endpoint, "/RPC2")[0] == 405
    assert threading.active_count() == before


def test_an_end_waits_for_the_thread_of_a_closed_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    close = Server.shutdown_request

    def close_and_linger(server: Server, request: socket.socket) -> None:
        close(server, request)
        time.sleep(0.2)

    monkeypatch.setattr(Server, "shutdown_request", close_and_linger)
    before = threading.active_count()
    with Endpoint() as endpoint:
        get(endpoint, "/")
    assert threading.active_count() == before


def test_an_endpoint_can_be_started_again() -> None:
    endpoint = Endpoint(Cloud())
    for _ in range(2):
        endpoint.start()
        assert get(endpoint, "/RPC2")[0] == 405
        endpoint.stop()
        assert endpoint.port == 0
    endpoint.stop()
    endpoint.close()


def test_an_old_client_is_told_that_its_connection_is_kept(endpoint: Endpoint) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=30)
    connection._http_vsn_str = "HTTP/1.0"  # type: ignore[attr-defined]  # what it sends
    connection.request("GET", "/RPC2", headers={"Connection": "keep-alive"})
    response = connection.getresponse()
    assert response.headers["Connection"] == "keep-alive"
    response.read()
    connection.close()


def test_a_defect_is_told_in_the_form_that_clients_read(
    endpoint: Endpoint, client: ServerProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback goes over the wire, and the endpoint lives on."""

    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    with monkeypatch.context() as patch:
        patch.setattr(endpoint.service, "answer_call", broken)
        patch.setattr(endpoint.service, "catch_up", broken)
        with pytest.raises(Fault) as fault:
            client.one.system.version(endpoint.session)
        assert fault.value.faultCode == -500
        assert "secret" not in fault.value.faultString
        token = {"Authorization": f"Bearer {endpoint.token}"}
        status, body = get(endpoint, "/control/clock", token)
        assert (status, b"secret" in body) == (500, False)
    assert client.one.system.version(endpoint.session) == [True, "7.4.0", 0]
