"""A run as JSON: everything that a timeline tells, and all fields that changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from lifecycle.trace.replay import shown

if TYPE_CHECKING:
    from lifecycle.scenario.expectations import Unmet
    from lifecycle.scenario.moments import Change, Moment, Run


def as_json(run: Run) -> dict[str, Any]:
    """Give a run as a JSON value."""
    scenario = run.scenario
    return {
        "title": scenario.title,
        "text": scenario.text,
        "file": scenario.file,
        "seed": run.seed,
        "seconds": run.elapsed,
        "moments": [_moment(one) for one in run.moments],
        "unanswered": list(run.unanswered),
        "checks": run.checked,
        "unmet": [_unmet(one) for one in run.unmet],
    }


def _moment(moment: Moment) -> dict[str, Any]:
    value: dict[str, Any] = {
        "kind": moment.kind,
        "time": moment.time,
        "line": moment.line,
        "who": moment.who,
        "what": moment.what,
    }
    if moment.reply is not None:
        done, answer, code = moment.reply
        value["call"] = {"method": moment.method, "reply": [done, shown(answer), code]}
    if moment.refusal is not None:
        value["refused"] = asdict(moment.refusal)
    if moment.made:
        value["made"] = moment.made
    if moment.kind in {"command", "answer"}:
        value["changes"] = [_change(one) for one in moment.changes]
    for name in ("asked", "ignored"):
        found = getattr(moment, name)
        if found:
            value[name] = [asdict(one) for one in found]
    if moment.hooks:
        value["hooks"] = [list(one) for one in moment.hooks]
    if moment.checked:
        value["checks"] = moment.checked
    if moment.unmet:
        value["unmet"] = [_unmet(one) for one in moment.unmet]
    return value


def _change(change: Change) -> dict[str, Any]:
    value: dict[str, Any] = {
        "kind": change.kind,
        "id": change.id,
        "name": change.name,
        "states": list(change.states),
    }
    if change.new:
        value["new"] = True
    if change.gone:
        value["gone"] = True
    value["fields"] = {name: list(pair) for name, pair in change.fields.items()}
    return value


def _unmet(unmet: Unmet) -> dict[str, Any]:
    return unmet._asdict()
