"""Recordings of what went over the wire, played again.

`events` gives a recording; `play` performs its events on a cloud, whose answers
come from whatever is given: the service in the process, or a server.
"""

from __future__ import annotations

import base64
import json
import lzma
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecycle import Cloud
from tests.endpoint.comparing import differences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WIRE = Path(__file__).parent.parent / "data" / "wire"
EXCHANGES = WIRE / "exchanges.jsonl.xz"
SESSIONS = sorted((WIRE / "sessions").glob("*.jsonl.xz"))

UNEQUAL = {
    ("exchanges", 88): "oned counts lines from a number in memory that it never wrote",
    ("exchanges", 89): "oned counts lines from a number in memory that it never wrote",
    ("exchanges", 439): "only the methods that are there are listed",
    ("exchanges", 466): "entities of a document type are refused: they could be a bomb",
    ("opennebula-cli-image", 56): "oned measures all datastores 15 s after its start",
}
"""The exchanges that are left unequal, and the reason of each."""

Event = dict[str, Any]


def events(path: Path) -> Iterator[Event]:
    """Give the events of a recording, without its header."""
    for line in lzma.decompress(path.read_bytes()).decode().splitlines():
        event: Event = json.loads(line)
        if "do" in event:
            yield event


def name_of(path: Path) -> str:
    """Give the name of a recording."""
    return path.name.removesuffix(".jsonl.xz")


def body_of(part: Event) -> bytes:
    """Give the body of a request or a response."""
    body = part.get("body") or {}
    if "b64" in body:
        return base64.b64decode(body["b64"])
    text: str = body.get("text", "")
    return text.encode()


def is_call(event: Event) -> bool:
    """Tell whether an exchange is about a call, and not about HTTP itself."""
    status = str(event["response"].get("line", ""))
    request = str(event["request"].get("line", ""))
    return status.startswith("HTTP/1.1 200") and request.startswith("POST /RPC2")


def recorded_cloud() -> Cloud:
    """Make the fresh cloud that every recording starts from."""
    return Cloud(journal=False)


def answer_driver(cloud: Cloud, event: Event) -> None:
    """Have a driver answer as it was recorded."""
    cloud.answer(
        event["action"],
        event["id"],
        ok=event["ok"],
        payload=event["payload"],
        role=event.get("role"),
    )


def play(
    path: Path, cloud: Cloud, answer: Callable[[Event], bytes | None]
) -> Iterator[tuple[Event, list[str]]]:
    """Play a recording, and give each exchange with what is unequal in it.

    Args:
        path: the recording.
        cloud: where the drivers answer.
        answer: gives the body of the answer to an exchange's request, None for
            an exchange that it does not make.
    """
    for event in events(path):
        if event["do"] == "driver":
            answer_driver(cloud, event)
        if event["do"] == "http":
            got = answer(event)
            if got is not None:
                yield event, differences(body_of(event["response"]), got)
