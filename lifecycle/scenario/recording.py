"""Writes what is played into the trace format, so that it can be replayed and compared.

The form is that of the traces recorded from OpenNebula: a header, then a line
for each call, driver's answer and rule, with all that could be seen to change.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lifecycle.scenario.steps import Command, Scenario
from lifecycle.trace.format import FORMAT
from lifecycle.trace.happenings import Happenings
from lifecycle.trace.replay import shown

if TYPE_CHECKING:
    from lifecycle.cloud.calls.remote import Reply
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.drivers import Request, Role
    from lifecycle.scenario.given import Call

SOURCE = "lifecycle simulate"
_LEVEL = 5
_HOST = 0

_FIRST_WORDS = {
    "owner": ("oneuser", "onegroup", "oneimage chown", "oneimage chgrp", "oneimage chmod"),
    "backup": ("onevm backup", "onevm updateconf"),
    "saveas": ("onevm disk-saveas",),
    "apps": ("onemarket", "onemarketapp"),
    "templates": ("onetemplate",),
}
"""Which commands make each additional field of a trace worth showing."""


def extra_fields(scenario: Scenario) -> tuple[str, ...]:
    """Give the additional fields that occur in a scenario."""
    said = {one.invocation.verb.words for one in scenario.steps if isinstance(one, Command)}
    return tuple(
        name
        for name, beginnings in _FIRST_WORDS.items()
        if any(words == one or words.startswith(f"{one} ") for words in said for one in beginnings)
    )


class Recording:
    """A trace that grows with each step.

    Attributes:
        lines: the header and the steps so far, as JSON values.
    """

    def __init__(self, scenario: Scenario, cloud: Cloud, name: str) -> None:
        """Begin a trace of a fresh cloud."""
        extra = extra_fields(scenario)
        self._happenings = Happenings(cloud, extra)
        header: dict[str, Any] = {
            "format": FORMAT,
            "source": SOURCE,
            "name": name,
            "level": _LEVEL,
            "title": scenario.title,
            "host": _HOST,
        }
        if extra:
            header["extra"] = list(extra)
        self.lines: list[dict[str, Any]] = [header]

    def call(self, call: Call, session: str | None, reply: Reply) -> None:
        """Write a call and oned's answer."""
        step: dict[str, Any] = {"do": "call", "method": call.method, "params": list(call.params)}
        if session is not None:
            step["as"] = session
        self._write(step | {"reply": [reply.ok, shown(reply.value), reply.code]})

    def answer(self, request: Request, payload: str, *, ok: bool, unasked: bool) -> None:
        """Write what a driver answered."""
        step: dict[str, Any] = {
            "do": "driver",
            "action": request.action,
            "id": request.id,
            "ok": ok,
            "payload": payload,
        }
        if request.role != "ds":
            step["role"] = request.role
        if unasked:
            step["unsolicited"] = True
        self._write(step)

    def rule(self, role: Role, action: str, mode: str, payload: str | None) -> None:
        """Write how a driver answers from now on."""
        step = {"do": "rule", "role": role, "action": action, "mode": mode}
        self._write(step if payload is None else step | {"payload": payload})

    def _write(self, step: dict[str, Any]) -> None:
        then = self._happenings.take()
        # What is kept must not change with the cloud any more.
        self.lines.append(json.loads(json.dumps(step | {"then": then}, ensure_ascii=False)))


def trace_text(lines: tuple[dict[str, Any], ...]) -> str:
    """Give the text of a trace file."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
