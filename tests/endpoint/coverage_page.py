"""Writes the page that tells which of oned's calls are answered, and how that is known.

    python -m tests.endpoint.coverage_page

It plays the recordings of the wire, so what it says of them is what is so.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

from lifecycle.cloud.calls import GROUPS
from lifecycle.cloud.calls.remote import METHODS
from lifecycle.endpoint.introspection import list_methods
from lifecycle.files import write_file
from tests.endpoint import replaying
from tests.endpoint.test_recordings import answered

PAGE = Path(__file__).parent.parent.parent / "diagrams" / "endpoint.md"

_CLIENTS = {
    "ansible": "Ansible",
    "opennebula-cli": "opennebula-cli",
    "pyone": "pyone",
    "ruby": "oneimage & co.",
}
_LISTED = re.compile(r"<value><string>((?:one|system)\.[\w.]+)</string></value>")
_HEAD = """# What the endpoint answers

Written by `python -m tests.endpoint.coverage_page` from the calls that there are and
from the recordings in `tests/data/wire`, which it plays. *Equal* counts the recorded
exchanges of a call that are answered alike; under *clients* stand the programs whose
recorded sessions make it. A call that is not answered gets oned's fault for an unknown
method.
"""


def page() -> str:
    """Give the page."""
    assert GROUPS
    equal, total, clients = _played()
    there = set(list_methods())
    oned = _listed_by_oned()
    lines = [_HEAD]
    lines += [
        _counted(len(there & set(oned)), len(oned), equal.total(), total.total()),
        "",
        "| method | parameters | equal | clients |",
        "|---|---|---|---|",
    ]
    lines += [_row(name, equal, total, clients) for name in sorted(there)]
    lines += ["", "## What is not answered", ""]
    missing: dict[str, list[str]] = defaultdict(list)
    for name in sorted(set(oned) - there):
        group, _, call = name.rpartition(".")
        missing[group].append(call)
    lines += [f"- `{group}`: {', '.join(calls)}" for group, calls in missing.items()]
    lines += ["", "## What is left unequal", ""]
    lines += [f"- {where} {number}: {why}" for (where, number), why in replaying.UNEQUAL.items()]
    return "\n".join(lines) + "\n"


def _counted(there: int, oned: int, equal: int, total: int) -> str:
    return (
        f"{there} of the {oned} methods of OpenNebula 7.4.0 are answered;"
        f" {equal} of {total} recorded calls are equal."
    )


def _row(name: str, equal: Counter[str], total: Counter[str], clients: dict[str, set[str]]) -> str:
    method = METHODS.get(name)
    params = "" if method is None else method.required + f"[{method.optional}]"
    shown = params.removesuffix("[]")
    count = f"{equal[name]} of {total[name]}" if total[name] else ""
    return f"| `{name}` | {shown} | {count} | {', '.join(sorted(clients[name]))} |"


def _played() -> tuple[Counter[str], Counter[str], dict[str, set[str]]]:
    equal: Counter[str] = Counter()
    total: Counter[str] = Counter()
    clients: dict[str, set[str]] = defaultdict(set)
    for path in (replaying.EXCHANGES, *replaying.SESSIONS):
        name = replaying.name_of(path)
        client = next((_CLIENTS[one] for one in _CLIENTS if name.startswith(one)), None)
        for event, problems in answered(path):
            method = event.get("method") or ""
            total[method] += 1
            equal[method] += not problems
            if client is not None:
                clients[method].add(client)
    return equal, total, clients


def _listed_by_oned() -> list[str]:
    """Give the methods that the recorded daemon listed."""
    for event in replaying.events(replaying.EXCHANGES):
        if event.get("method") == "system.listMethods":
            return _LISTED.findall(replaying.body_of(event["response"]).decode())
    raise AssertionError


if __name__ == "__main__":
    write_file(PAGE, page())
