"""Explanations as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cli.plan import as_value as plans_value
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.states import GONE

if TYPE_CHECKING:
    from enum import Enum

    from lifecycle.analysis.explaining import Explanation, StateExplanation
    from lifecycle.analysis.explaining.states import Passage
    from lifecycle.table import Operation, Part


def explanation_value(found: Explanation) -> dict[str, Any]:
    """Give what an operation would do as a JSON value."""
    value: dict[str, Any] = {
        "operation": found.operation.name,
        "command": found.operation.command,
        "call": found.operation.call,
        "situation": found.situation,
        "argument": _plain(found.argument),
        "outcome": found.outcome,
        "from": _name(found.before),
        "to": _name(found.after),
        "rule": found.rule,
        "effects": list(found.effects),
        "fields": {name: list(map(_plain, pair)) for name, pair in (found.fields or {}).items()},
        "others": list(found.others),
        "asked": list(found.asked),
    }
    if found.outcome != "done":
        value |= {
            "code": None if found.code is None else found.code.name,
            "text": found.text,
            "obstacles": [
                {
                    "row": one.row,
                    "states": list(one.states),
                    "guards": list(one.guards),
                    "words": list(one.words),
                    "source": one.source,
                }
                for one in found.obstacles
            ],
            "instead": None if found.instead is None else plans_value(found.instead),
            "legal": list(found.legal),
        }
    return value | {"source": found.source, "odd": list(found.odd)}


def operation_value(operation: Operation) -> dict[str, Any]:
    """Give an operation, and all that the table says of it, as a JSON value."""
    return {
        **operation.told,
        "rows": [
            {**_part(row), "to": "stays" if row.target is None else _name(row.target)}
            for row in IMAGE_TABLE.rows_of(operation.name)
        ],
        "otherwise": [
            {**_part(one), "code": None if one.code is None else one.code.name, "text": one.text}
            for one in IMAGE_TABLE.otherwise_of(operation.name)
        ],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "key": part.key,
        "from": [state.name for state in part.origins],
        "guards": list(part.guards),
        "effects": list(part.effects),
        "source": part.source,
    }


def state_value(found: StateExplanation) -> dict[str, Any]:
    """Give a state, and what is known of it, as a JSON value."""
    state = found.state
    return {
        "name": state.name,
        "number": int(state),
        "alias": state.alias,
        "printed": state.printed,
        "simplified": None if state.simplified is None else state.simplified.value,
        "meaning": state.meaning,
        "in": [_passage(one) for one in found.ways_in],
        "out": [_passage(one) for one in found.ways_out],
        "stays": [one.name for one in found.stays],
        "refused": [one.name for one in found.refused],
        "usual": found.usual,
        "free": None if found.free is None else plans_value(found.free),
        "gone": None if found.gone is None else plans_value(found.gone),
    }


def _passage(passage: Passage) -> dict[str, Any]:
    return {
        "operation": passage.operation.name,
        "states": list(passage.states),
        "when": list(passage.when),
    }


def _name(state: Enum) -> str:
    return "gone" if state is GONE else state.name


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset | tuple):
        return sorted(value) if isinstance(value, set | frozenset) else list(value)
    return value if isinstance(value, int | str | list | dict | None) else str(value)
