"""What happened lately in a cloud, as rows of the live page's timeline: read from its journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud.noting import refusal_noted
from lifecycle.cloud.vm_states import VmState
from lifecycle.codes import ErrorCode
from lifecycle.drawing.chronicle import IMAGE, Lane, groups, lane_of, noted
from lifecycle.endpoint.service import READS
from lifecycle.scenario.reasons import explain
from lifecycle.scenario.typed import command_of
from lifecycle.states import GONE, ImageState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.journal import Entry
    from lifecycle.drawing.chronicle import Moved
    from lifecycle.refusal import Refused

MOST = 60
"""How many rows there are at most."""

_MOST_TEXT = 500
_BIRTHS = frozenset({ImageState.INIT.name, VmState.INIT.name})


def rows(cloud: Cloud, most: int) -> list[dict[str, Any]]:
    """Give the last rows, the oldest first, each as the page's ``Happening``.

    Calls that only read are none.

    Args:
        cloud: whose journal is read.
        most: how many of its entries are looked at.
    """
    journal = cloud.journal
    first = max(len(journal) - most, 0)
    entries = [one for place in range(first, len(journal)) if not _reads(one := journal[place])]
    parts = list(groups(entries))
    if first:
        del parts[:1]  # its beginning is not among what was looked at
    return [row(cloud, part) for part in parts[-MOST:]]


def since(cloud: Cloud, number: int) -> list[Entry]:
    """Give the journal's entries after one, by its number."""
    journal, found = cloud.journal, []
    for place in range(len(journal) - 1, -1, -1):
        if journal[place].number <= number:
            break
        found.append(journal[place])
    return found[::-1]


def row(cloud: Cloud, part: Sequence[Entry]) -> dict[str, Any]:
    """Give a part of the journal: a call or an answer, and what it did."""
    told = noted(part, 0.0, _names(cloud, part))
    head = next((one for one in part if one.kind == "call"), None)
    refused = None
    if told.refused:
        code = 0 if head is None else int(head.detail.get("code", 0))
        known = None if head is None else refusal_noted(head.detail)
        refused = refusal(told.refused[:_MOST_TEXT], code, known)
    command = "" if head is None else command_of(cloud, head.what, head.detail.get("params", ()))
    return {
        "number": part[0].number,
        "who": told.who,
        "what": (command or told.what)[:_MOST_TEXT],
        "call": f"one.{told.what}"[:_MOST_TEXT] if command else "",
        "accepted": not told.refused,
        "changes": [_change(one) for one in told.moved],
        "refusal": refused,
    }


def refusal(text: str, code: int, known: Refused | None = None) -> dict[str, Any]:
    """Give a refusal as ``RefusalView``.

    Args:
        text: oned's words.
        code: its error code.
        known: the refusal, where its reasons are known.
    """
    names = {one.value: one.name for one in ErrorCode}
    reasons = None if known is None else explain(known)
    return {
        "text": text,
        "code": names.get(code, str(code)),
        "why": [] if reasons is None else list(reasons.why),
        "ways": [] if reasons is None else list(reasons.legal),
    }


def _reads(entry: Entry) -> bool:
    return entry.kind == "call" and entry.what.rpartition(".")[2] in READS


def _names(cloud: Cloud, part: Sequence[Entry]) -> dict[Lane, str]:
    found = {}
    for entry in part:
        lane = lane_of(entry.object)
        if lane is not None:
            pool: Any = cloud.images if lane.kind == IMAGE else cloud.vms
            thing = pool.get(lane.id)
            found[lane] = f"{lane.kind} {lane.id}" if thing is None else thing.name[:_MOST_TEXT]
    return found


def _change(moved: Moved) -> dict[str, Any]:
    first, last = moved.states[0], moved.states[-1]
    return {
        "kind": moved.lane.kind,
        "id": moved.lane.id,
        "name": moved.name,
        "from": "" if first in _BIRTHS else first,
        "to": GONE.value if last == GONE.name else last,
    }
