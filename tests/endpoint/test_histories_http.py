"""The recorded histories run through the endpoint as they do in the process."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET
from xmlrpc.client import ServerProxy

import pytest

from lifecycle.cloud.calls.remote import Reply
from lifecycle.endpoint import Endpoint
from lifecycle.trace.format import find, read
from lifecycle.trace.replay import cloud_for, replay

FILES = find([str(Path(__file__).parent.parent / "data" / "traces")])


class Asked:
    """Makes calls over HTTP, each session on a connection of its own."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.sessions: dict[str, ServerProxy] = {}

    def call(self, method: str, *params: Any, session: str | None) -> Reply:  # noqa: ANN401 - as in a trace
        session = self.endpoint.session if session is None else session
        if session not in self.sessions:
            self.sessions[session] = ServerProxy(self.endpoint.url)
        answer = getattr(self.sessions[session], method)(session, *params)
        if answer[0]:
            _, value, code = answer
            return Reply(True, seen(value), code)
        ok, message, code, _, index = answer
        assert index == -1
        return Reply(ok, message, code)

    def close(self) -> None:
        for proxy in self.sessions.values():
            proxy("close")()


def seen(value: str | int) -> object:
    """Give a value as the cloud does: a pool as its objects, of which only the ids are known."""
    if not isinstance(value, str) or not value.startswith("<"):
        return value
    root = ET.fromstring(value)  # noqa: S314 - the project's own
    if not root.tag.endswith("_POOL"):
        return root
    return [SimpleNamespace(id=int(one.findtext("ID", ""))) for one in root if len(one)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removesuffix(".jsonl.xz"))
def test_every_history_is_equal_over_http(file: Path) -> None:
    unequal = []
    for history in read(file):
        cloud = cloud_for(history)
        with Endpoint(cloud) as endpoint:
            asked = Asked(endpoint)
            result = replay(history, cloud, call=asked.call)
            asked.close()
        assert result.steps == len(history.steps) or not result.equal
        if not result.equal:
            unequal.append((history.name, result.differences[0]))
    assert unequal == []
