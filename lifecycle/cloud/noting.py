"""A refusal as the journal notes it, and read from there again: who did not meet it is told why."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.vm_table import VM_TABLE
from lifecycle.codes import ErrorCode
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.refusal import REFUSALS, AuthorizationRefused, Refused, Unmet, Why

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecycle.table import Row, Table


def noted_refusal(refused: Refused) -> dict[str, Any]:
    """Give the reasons of a refusal as a part of the entry of its call; nothing where none are."""
    if isinstance(refused, AuthorizationRefused) and refused.locked:
        return {"locked": refused.locked}
    why = refused.why
    if not why.rule:
        return {}
    return {
        "rule": why.rule,
        "operation": refused.operation,
        "state": "" if refused.state is None else refused.state.name,
        "unmet": [
            {"row": one.row.key, "state": one.state, "guards": list(one.guards)}
            for one in why.unmet
        ],
        "legal": list(why.legal),
    }


def refusal_noted(detail: Mapping[str, Any]) -> Refused | None:
    """Give the refusal that the entry of a call tells of, with its reasons.

    Args:
        detail: of the entry.

    Returns:
        its reason is the whole of what the call answered. None where nothing was refused, or
        where the entry is none as `noted_refusal` makes it: a journal can be loaded.
    """
    try:
        return None if detail["ok"] else _read(detail)
    except (AttributeError, LookupError, TypeError, ValueError):
        return None


def _read(detail: Mapping[str, Any]) -> Refused:
    words, kind = str(detail["value"]), REFUSALS[ErrorCode(detail["code"])]
    if "rule" not in detail:
        refused = kind(words)
        if isinstance(refused, AuthorizationRefused):
            refused.locked = str(detail.get("locked", ""))
        return refused
    known = [(*_rows()[one["row"]], one) for one in detail["unmet"]]
    table = known[0][0]
    if detail["operation"] not in table.operations:
        raise ValueError("the table has no such operation")
    unmet = tuple(
        Unmet(row, bool(one["state"]), tuple(name for name in row.guards if name in one["guards"]))
        for _, row, one in known
    )
    legal = tuple(name for name in table.operations if name in detail["legal"])
    state = next((one for one in table.states if one.name == detail["state"]), None)
    why = Why(unmet, legal, rule=str(detail["rule"]))
    return kind(words, operation=detail["operation"], state=state, why=lambda: why)


@cache
def _rows() -> dict[str, tuple[Table, Row]]:
    """Give every row of the tables, and its table, by its key."""
    return {row.key: (table, row) for table in (IMAGE_TABLE, VM_TABLE) for row in table.rows}
