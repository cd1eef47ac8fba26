"""What clients should not send: the endpoint refuses it clearly, and lives on."""

from __future__ import annotations

import http.client
import socket
import threading
import time
import xmlrpc.client
from typing import TYPE_CHECKING

import pytest

from lifecycle.endpoint import Endpoint, Limits
from lifecycle.endpoint.call import read_call
from lifecycle.endpoint.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

GOOD = xmlrpc.client.dumps(("oneadmin:opennebula",), "one.system.version").encode()
HURRIED = Limits(body=100_000, seconds=0.5, idle=2, connections=8)


@pytest.fixture
def hurried() -> Iterator[Endpoint]:
    """An endpoint with little patience."""
    with Endpoint(limits=HURRIED) as running:
        yield running


def post(endpoint: Endpoint, body: bytes, path: str = "/RPC2") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=30)
    try:
        connection.request("POST", path, body)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def raw(endpoint: Endpoint, data: bytes) -> bytes:
    """Send bytes as they are, and give all that comes until the connection ends."""
    with socket.create_connection(("127.0.0.1", endpoint.port), timeout=30) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while chunk := connection.recv(65536):
            found += chunk
        return found


def lives(endpoint: Endpoint) -> bool:
    status, body = post(endpoint, GOOD)
    return status == 200 and b"7.4.0" in body


def code_of(body: bytes) -> int:
    with pytest.raises(xmlrpc.client.Fault) as fault:
        xmlrpc.client.loads(body.decode())
    return fault.value.faultCode


DECLARATION = b"<?xml version='1.0'?>"
CALL = b"<methodCall><methodName>one.system.version</methodName><params>%b</params></methodCall>"
LAUGHS = (
    DECLARATION
    + b'<!DOCTYPE a [<!ENTITY l0 "ha">'
    + b"".join(b'<!ENTITY l%d "%b">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]>"
    + CALL % b"<param><value>&l9;</value></param>"
)
EXTERNAL = (
    DECLARATION
    + b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    + CALL % b"<param><value>&x;</value></param>"
)
PARAMETER = DECLARATION + b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">' + CALL % b""


@pytest.mark.parametrize("body", [LAUGHS, EXTERNAL, PARAMETER], ids=["bomb", "file", "address"])
def test_entities_are_never_expanded(endpoint: Endpoint, body: bytes) -> None:
    status, answer = post(endpoint, body)
    assert (status, code_of(answer)) == (200, -503)
    assert b"root:" not in answer
    assert lives(endpoint)


@pytest.mark.parametrize(
    "body",
    [
        b"\0",
        b"<",
        b"<?xml",
        b"<?xml version='1.0' encoding='nope'?><a/>",
        b"<?xml version='1.0' encoding='utf-16'?><a/>",
        b"<a>" * 200,
        b"<methodCall><methodName>x</methodName><params><param/></params></methodCall>",
        b"<methodCall><methodName><b/></methodName></methodCall>",
        b"<methodCall><methodName>x</methodName><params/><more/></methodCall>",
        b"<methodCall><methodName>x</methodName><other/></methodCall>",
        CALL % b"<param><value><i8></i8></value></param>",
        CALL % b"<param><value><i8> 1</i8></value></param>",
        CALL % b"<param><value><i8>1e9</i8></value></param>",
        CALL % b"<param><value><int>99999999999999999999</int></value></param>",
        CALL % b"<param><value><int>-2147483649</int></value></param>",
        CALL % b"<param><value><double>x</double></value></param>",
        CALL % b"<param><value><base64>*</base64></value></param>",
        CALL % b"<param><value><float>1</float></value></param>",
        CALL % b"<param><value><int><b/></int></value></param>",
        CALL % b"<param><value><int>1</int><int>1</int></value></param>",
        CALL % b"<param><int>1</int></param>",
        CALL % b"<parm/>",
        CALL % b"<param><value><array/></value></param>",
        CALL % b"<param><value><array><dat/></array></value></param>",
        CALL % b"<param><value><array><data><int/></data></array></value></param>",
        CALL % b"<param><value><struct><int/></struct></value></param>",
        CALL % b"<param><value><struct><member/></struct></value></param>",
        CALL % b"<param><value><struct><member><name/><name/></member></struct></value></param>",
        CALL % b"<param><value><struct><member><value/><value/></member></struct></value></param>",
        CALL
        % (
            b"<param><value><struct><member><name><b/></name><value/></member></struct>"
            b"</value></param>"
        ),
        CALL
        % (
            b"<param>"
            + b"<value><array><data>" * 70
            + b"</data></array></value>" * 70
            + b"</param>"
        ),
    ],
)
def test_what_is_no_call_is_a_parse_fault(endpoint: Endpoint, body: bytes) -> None:
    status, answer = post(endpoint, body)
    assert (status, code_of(answer)) == (200, -503)


@pytest.mark.parametrize("body", [b"<a>" * 5000, b"<a>" + b"<b/>" * 200_000 + b"</a>"])
def test_far_too_many_elements_are_refused(body: bytes) -> None:
    with pytest.raises(Fault, match="too many elements") as fault:
        read_call(body)
    assert fault.value.code == -509


def test_a_text_of_megabytes_is_no_trouble(endpoint: Endpoint) -> None:
    text = "x" * 5_000_000
    body = xmlrpc.client.dumps((f"oneadmin:{text}",), "one.system.version").encode()
    status, answer = post(endpoint, body)
    assert status == 200
    assert b"authenticated" in answer


class TestSizes:
    def test_a_body_that_is_too_large_is_told_so(self, hurried: Endpoint) -> None:
        status, body = post(hurried, b"x" * 3_000_000)
        assert status == 413
        assert b"larger than 100000 bytes" in body
        assert lives(hurried)

    def test_a_hundred_megabytes_are_told_so(self, endpoint: Endpoint) -> None:
        assert post(endpoint, b"x" * 100_000_000)[0] == 413
        assert lives(endpoint)

    def test_one_who_asks_first_is_told_before_sending(self, hurried: Endpoint) -> None:
        head = b"POST /RPC2 HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
        assert b" 413 " in raw(hurried, head + b"Content-Length: 999999999\r\n\r\n")
        good = head + b"Content-Length: %d\r\n\r\n%b" % (len(GOOD), GOOD)
        answer = raw(hurried, good)
        assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")

    @pytest.mark.parametrize(
        ("head", "status"),
        [
            (b"POST /RPC2 HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
            (b"POST /RPC2 HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400),
            (b"POST /RPC2 HTTP/1.1\r\nContent-Length: 5\r\n\r\nab", 400),
            (b"POST /RPC2 HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 413),
            (b"POST /RPC2 HTTP/1.1\r\n\r\n", 411),
            (b"POST /RPC2 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
            (b"POST /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
            (b"POST /RPC2 HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", 431),
            (b"POST /RPC2 HTTP/1.1\r\nA: " + b"b" * 70_000 + b"\r\n\r\n", 431),
            (b"POST /RPC2 HTTP/9.9\r\n\r\n", 505),
            (b"GET /RPC2\r\n\r\n", 400),
            (b"GET http://[/RPC2 HTTP/1.1\r\n\r\n", 400),
            (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", 400),
            (b"BREW /RPC2 HTTP/1.1\r\n\r\n", 405),
        ],
    )
    def test_a_head_that_cannot_be_is_refused(
        self, endpoint: Endpoint, head: bytes, status: int
    ) -> None:
        assert raw(endpoint, head).startswith(b"HTTP/1.1 %d " % status)
        assert lives(endpoint)


class TestSlow:
    @pytest.mark.parametrize("part", [b"P", b"POST /RPC2 HTTP/1.1\r\nContent-Le", b""])
    def test_a_request_that_does_not_come_whole_in_time_is_given_up(
        self, hurried: Endpoint, part: bytes
    ) -> None:
        head = b"POST /RPC2 HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(GOOD)
        with socket.create_connection(("127.0.0.1", hurried.port), timeout=30) as connection:
            connection.sendall(part or head + GOOD[:20])
            began = time.monotonic()
            assert connection.recv(65536).startswith(b"HTTP/1.1 408 ")
            assert time.monotonic() - began < 10
        assert lives(hurried)

    def test_one_who_trickles_is_given_up_too(self, hurried: Endpoint) -> None:
        with socket.create_connection(("127.0.0.1", hurried.port), timeout=30) as connection:
            connection.settimeout(0.1)
            found = b""
            for _ in range(100):
                try:
                    connection.sendall(b"P")
                    found = connection.recv(65536)
                    break
                except TimeoutError:
                    continue
                except OSError:
                    break
            assert found.startswith((b"HTTP/1.1 408 ", b"HTTP/1.1 4"))
        assert lives(hurried)

    def test_an_idle_connection_is_closed(self) -> None:
        with (
            Endpoint(limits=Limits(idle=0.1)) as endpoint,
            socket.create_connection(("127.0.0.1", endpoint.port), timeout=30) as connection,
        ):
            assert connection.recv(100) == b""

    def test_half_requests_hold_nobody_up(self, hurried: Endpoint) -> None:
        held = [socket.create_connection(("127.0.0.1", hurried.port)) for _ in range(5)]
        for connection in held:
            connection.sendall(b"POST /RPC2 HTT")
        assert lives(hurried)
        for connection in held:
            connection.close()

    def test_one_connection_too_many_is_told_so(self, hurried: Endpoint) -> None:
        held = [socket.create_connection(("127.0.0.1", hurried.port)) for _ in range(8)]
        for connection in held:
            connection.sendall(b"P")
        deadline = time.monotonic() + 5
        answer = b""
        while not answer.startswith(b"HTTP/1.1 503 ") and time.monotonic() < deadline:
            answer = raw(hurried, b"")
        assert answer.startswith(b"HTTP/1.1 503 ")
        for connection in held:
            connection.close()
        while not lives_now(hurried):
            assert time.monotonic() < deadline + 10


def lives_now(endpoint: Endpoint) -> bool:
    try:
        return lives(endpoint)
    except OSError:
        return False


def test_a_kept_connection_serves_many_calls(endpoint: Endpoint) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=30)
    for _ in range(20):
        connection.request("POST", "/RPC2", GOOD)
        response = connection.getresponse()
        assert response.status == 200
        response.read()
        assert not response.will_close
    connection.close()


def test_an_endpoint_ends_though_clients_are_connected() -> None:
    with Endpoint() as endpoint:
        held = [socket.create_connection(("127.0.0.1", endpoint.port)) for _ in range(4)]
        held[0].sendall(b"POST /RPC2 HTTP/1.1\r\nContent-Length: 5\r\n\r\n")
        assert lives(endpoint)
        count = threading.active_count()
    assert threading.active_count() < count
    for connection in held:
        connection.close()


@pytest.mark.parametrize(
    "path", ["/", "/RPC2/", "//RPC2", "/rpc2", "/../etc/passwd", "/%2e%2e/etc/passwd"]
)
def test_no_other_path_is_answered(endpoint: Endpoint, path: str) -> None:
    assert post(endpoint, GOOD, path)[0] == 404


def test_what_is_told_of_a_path_cannot_be_a_page_of_the_clients(endpoint: Endpoint) -> None:
    answer = raw(endpoint, b"<script>alert(1)</script>\r\n\r\n")
    assert b"<script>" not in answer


@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
def test_a_page_of_another_origin_cannot_call(endpoint: Endpoint, origin: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=30)
    connection.request("POST", "/RPC2", GOOD, {"Origin": origin, "Content-Type": "text/plain"})
    assert connection.getresponse().status == 403
    connection.close()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "No digits"),
        ("-", "No digits"),
        ("1.2.3", "Two decimal points"),
        ("1x", "Garbage (not sign, digit, or period) starting at 'x'"),
        ("1.5 kg", "Garbage (not sign, digit, or period) starting at ' kg'"),
    ],
)
def test_it_is_told_why_a_text_is_no_double(text: str, why: str) -> None:
    with pytest.raises(Fault) as fault:
        read_call(CALL % f"<param><value><double>{text}</double></value></param>".encode())
    assert fault.value.text.endswith(f"is not a valid floating point number.  {why}")
