"""A refusal is noted in the journal so that whoever reads it there can tell why."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from lifecycle import Cloud
from lifecycle.cloud.noting import noted_refusal, refusal_noted
from lifecycle.refusal import Refused
from lifecycle.scenario.reasons import explain
from tests.cloud import walks

if TYPE_CHECKING:
    from lifecycle.scenario.moments import Refusal


def reasons(refusal: Refusal) -> Refusal:
    """Give all of a refusal but its words, which the journal has as a call's answer."""
    return replace(refusal, text="")


@pytest.mark.parametrize("seed", range(4))
def test_the_journal_tells_the_reasons_that_the_refusal_had(seed: int) -> None:
    cloud, random = walks.furnished(seed), Random(seed)
    met: list[Refused] = []
    cloud.observers.append(lambda kind, _, rest: met.append(rest) if kind == "refused" else None)
    for _ in range(600):
        walks.perform(cloud, walks.drawn(cloud, random))
    loaded = Cloud.from_json(json.loads(json.dumps(cloud.to_json())))
    noted = [one for one in loaded.journal.of("call") if not one.detail["ok"]]
    assert len(noted) == len(met) > 100
    told = 0
    for entry, refused in zip(noted, met, strict=True):
        read = refusal_noted(entry.detail)
        assert read is not None
        assert read.reason == entry.detail["value"]
        expected = explain(refused)
        told += bool(expected.why)
        if refused.why.rule or expected.why:
            assert reasons(explain(read)) == reasons(expected)
        else:
            assert explain(read).why == ()
    assert told > 50


def test_what_was_done_is_no_refusal() -> None:
    cloud = Cloud()
    cloud.image.allocate('NAME="a" PATH="/a" SIZE="1"', 1)
    assert refusal_noted(cloud.journal.of("call")[-1].detail) is None


def refused_detail() -> dict[str, Any]:
    cloud = Cloud()
    image = cloud.image.allocate('NAME="a" PATH="/a" SIZE="1"', 1)
    assert not cloud.call("one.image.clone", image, "b").ok
    return cloud.journal.of("call")[-1].detail


@pytest.mark.parametrize(
    "change",
    [
        {"ok": None, "code": 7},
        {"code": "a text"},
        {"operation": "nothing of the kind"},
        {"operation": ["clone"]},
        {"unmet": []},
        {"unmet": [{"row": "no row", "state": True, "guards": []}]},
        {"unmet": [{"row": {}, "state": True, "guards": []}]},
        {"unmet": ["a text"]},
        {"unmet": None},
        {"legal": None},
    ],
    ids=str,
)
def test_what_no_journal_of_this_package_says_is_no_refusal(change: dict[str, Any]) -> None:
    detail = refused_detail()
    read = refusal_noted(detail)
    assert read is not None
    assert explain(read).why
    assert refusal_noted(detail | change) is None


def test_what_is_no_guard_of_the_table_is_left_out() -> None:
    detail = refused_detail()
    detail["unmet"] = [one | {"guards": ["<b>"], "state": False} for one in detail["unmet"]]
    read = refusal_noted(detail | {"legal": ["<b>"], "state": "<b>"})
    assert read is not None
    assert "<b>" not in str(reasons(explain(read)))


def test_a_refusal_without_a_row_has_nothing_more_to_be_noted() -> None:
    assert noted_refusal(Refused("because")) == {}
