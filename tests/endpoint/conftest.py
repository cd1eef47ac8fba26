"""A running endpoint, and clients for it."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any
from xmlrpc.client import ServerProxy

import pytest

from lifecycle.endpoint import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as running:
        yield running


@pytest.fixture
def client(endpoint: Endpoint) -> Iterator[ServerProxy]:
    with ServerProxy(endpoint.url) as proxy:
        yield proxy


class Remote:
    """Asks the control path for JSON."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.headers = {"Authorization": f"Bearer {endpoint.token}"}

    def ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Give the status and the JSON value that is answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.endpoint.port, timeout=10)
        text = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        try:
            connection.request(
                method, f"/control{path}", text, self.headers if headers is None else headers
            )
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        is_json = response.headers["Content-Type"] == "application/json"
        return response.status, json.loads(answer) if is_json else answer.decode()

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        status, answer = self.ask("GET", path)
        assert status == 200, answer
        return answer

    def post(self, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        status, answer = self.ask("POST", path, {} if body is None else body)
        assert status == 200, answer
        return answer


@pytest.fixture
def control(endpoint: Endpoint) -> Remote:
    return Remote(endpoint)
