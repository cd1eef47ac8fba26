"""The recordings of the wire, played again through a socket, byte for byte as they were sent."""

from __future__ import annotations

import base64
import http.client
import socket
from typing import TYPE_CHECKING

import pytest

from lifecycle.endpoint import Endpoint
from tests.endpoint import comparing, replaying

if TYPE_CHECKING:
    from pathlib import Path

    from tests.endpoint.replaying import Event


def sent(request: Event) -> bytes:
    """Give the bytes that a client sent."""
    if "raw" in request:
        raw = request["raw"]
        if "b64" in raw:
            return base64.b64decode(raw["b64"])
        text: str = raw["text"]
        return text.encode()
    lines = [request["line"], *(f"{name}: {value}" for name, value in request["headers"])]
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + replaying.body_of(request)


def exchange(port: int, request: Event) -> tuple[int, bytes]:
    """Send a request on a connection of its own, and give the status and the body that come."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent(request))
        first_word = request.get("line", "POST").partition(" ")[0]
        response = http.client.HTTPResponse(connection, method=first_word)
        response.begin()
        try:
            return response.status, response.read()
        finally:
            response.close()


CLOCK_OR_CHANCE = {88, 89, 95, 210, 296, 439, 466}
"""The exchanges whose bytes differ: times, numbers that oned never wrote, what there is, a DTD."""


@pytest.mark.parametrize("path", [replaying.EXCHANGES, *replaying.SESSIONS], ids=replaying.name_of)
def test_a_recording_is_answered_alike(path: Path) -> None:
    name = replaying.name_of(path)
    count, unequal = 0, {}
    with Endpoint(replaying.recorded_cloud()) as endpoint:
        for event in replaying.events(path):
            if event["do"] == "driver":
                with endpoint.lock:
                    replaying.answer_driver(endpoint.cloud, event)
            if event["do"] != "http":
                continue
            count += 1
            status, body = exchange(endpoint.port, event["request"])
            recorded = int(event["response"]["line"].split(" ")[1])
            if status != recorded:
                unequal[name, event["n"]] = [f"recorded {recorded}, answered {status}"]
            elif recorded == http.client.OK and body:
                problems = comparing.differences(replaying.body_of(event["response"]), body)
                if problems:
                    unequal[name, event["n"]] = problems
    excused = {key for key in replaying.UNEQUAL if key[0] == name}
    assert count > 0
    assert {key: unequal[key] for key in unequal.keys() - excused} == {}


def test_a_call_is_answered_byte_for_byte_where_no_document_is() -> None:
    """Spelling, line ends and order of what surrounds a value are xmlrpc-c's own."""
    different = []
    with Endpoint(replaying.recorded_cloud()) as endpoint:
        for event in replaying.events(replaying.EXCHANGES):
            if event["do"] == "driver":
                with endpoint.lock:
                    replaying.answer_driver(endpoint.cloud, event)
            elif event["do"] == "http" and replaying.is_call(event):
                _, body = exchange(endpoint.port, event["request"])
                recorded = replaying.body_of(event["response"])
                if b"&lt;" not in recorded and body != recorded:
                    different.append(event["n"])
    assert set(different) <= CLOCK_OR_CHANCE
