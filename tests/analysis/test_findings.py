"""What gets stuck is found by exploring, and stands in the examples as scenarios that play."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from lifecycle.analysis.exploration.findings import FINDINGS, Finding, Found, find
from lifecycle.analysis.exploration.properties import PROPERTIES, WISHES
from lifecycle.analysis.exploration.stories import files
from lifecycle.scenario.format import parse
from lifecycle.scenario.run import play

FOLDER = Path(__file__).parents[2] / "examples" / "stuck"


@cache
def found() -> list[Found]:
    every = [find(one) for one in FINDINGS]
    assert None not in every
    return [one for one in every if one is not None]


def test_the_examples_are_what_exploring_finds() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert written == files(found())


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.name)
def test_a_scenario_comes_to_what_was_found(finding: Finding) -> None:
    text = (FOLDER / f"{finding.name}.yaml").read_text(encoding="utf-8")
    run = play(parse(text, finding.name))
    assert run.unmet == ()
    assert run.checked > 0


def test_there_are_eight_well_known_ways_and_more_than_twelve_others() -> None:
    known = [one.known for one in FINDINGS if one.known]
    assert sorted(known) == list(range(1, 9))
    assert len(FINDINGS) - len(known) >= 12
    assert len({(one.fails, one.state, one.known) for one in FINDINGS}) == len(FINDINGS)


def test_ways_out_lead_out_and_the_worst_have_none() -> None:
    listed = json.loads((FOLDER / "findings.json").read_text(encoding="utf-8"))
    stuck = {one["name"] for one in listed if one["way_out"] is None}
    assert {"ghost-in-used", "ghost-in-used-pers", "locked-by-ghosts", "exported-file"} <= stuck
    for one in listed:
        if one["way_out"] is None:
            continue
        text = (FOLDER / one["scenario"]).read_text(encoding="utf-8")
        run = play(parse(text + "".join(_step(act) for act in one["way_out"]), one["name"]))
        way = run.moments[-len(one["way_out"]) :]
        assert all(moment.refusal is None for moment in way)


def _step(label: str) -> str:
    return f"  - {label}\n"


def test_every_finding_fails_a_property_that_others_can_look_up() -> None:
    names = {one.name for one in (*PROPERTIES, *WISHES)}
    assert len(names) == len(PROPERTIES) + len(WISHES)
    assert {one.fails for one in FINDINGS} <= names
