"""The doctor recognises every way to get stuck that exploration found, and says what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lifecycle.analysis.doctor.examine import RULES, examine, with_outcome
from lifecycle.scenario.format import read
from lifecycle.scenario.run import _Player
from tests.analysis.doctor.situations import seen_again

EXAMPLES = Path(__file__).parents[3] / "examples"
SCENARIOS = sorted((EXAMPLES / "stuck").glob("*.yaml"))

RECOGNISED_BY = {
    "backup-in-use": "backup-stuck",
    "copy-without-its-source": "copy-not-counted",
    "datastore-is-silent": "never-answered",
    "delete-failed": "error-after-delete",
    "disabled-and-held": "held-while-idle",
    "error-counts-a-copy": "ghost-clones",
    "error-counts-an-export": "ghost-apps",
    "exported-file": "exported-file",
    "force-left-behind": "force-delete-left",
    "ghost-copy": "ghost-clones",
    "ghost-in-error": "ghost-machines",
    "ghost-in-ready": "ghost-machines",
    "ghost-in-used": "ghost-machines",
    "ghost-in-used-pers": "ghost-machines",
    "locked-by-ghosts": "ghost-machines",
    "lost-copy": "ghost-clones",
    "machine-in-cloning-failure": "cloning-failure",
    "machine-without-its-image": "image-gone",
    "persistent-cdrom": "persistent-cdrom",
    "ready-and-held": "held-while-idle",
    "ready-counts-a-copy": "ghost-clones",
    "ready-counts-an-export": "ghost-apps",
    "ready-without-a-source": "no-file",
    "removed-under-a-machine": "deleted-under-machines",
    "runs-on-an-error": "error-after-delete",
    "two-write-into-one": "two-write-into-one",
    "used-without-a-source": "no-file",
    "waits-for-nothing": "waits-in-vain",
    "waits-for-what-is-disabled": "cloning-failure",
    "waits-for-what-is-gone": "image-gone",
}
"""Which rule says what the scenario is about."""


def test_every_scenario_has_its_rule() -> None:
    assert {path.stem for path in SCENARIOS} == RECOGNISED_BY.keys()


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_end_of_a_scenario_is_recognised(path: Path) -> None:
    player = _Player(read(str(path)), 0)
    player.play()
    seen = seen_again(player._cloud)
    rule = RECOGNISED_BY[path.stem]
    found = [one for one in examine(seen) if one.rule.name == rule]
    assert found, [one.rule.name for one in examine(seen)]
    finding = with_outcome(seen, found[0])
    assert finding.trouble.commands or finding.trouble.advice
    assert not [line for line in finding.outcome if line.startswith("refused")]


def test_where_exploration_finds_no_way_out_the_doctor_promises_none() -> None:
    findings = json.loads((EXAMPLES / "stuck" / "findings.json").read_text("utf-8"))
    hopeless = [one for one in findings if one["way_out"] is None]
    assert len(hopeless) > 5
    for one in hopeless:
        player = _Player(read(str(EXAMPLES / "stuck" / one["scenario"])), 0)
        player.play()
        worst = examine(seen_again(player._cloud))[0]
        assert worst.severity.word == "critical", one["name"]
        assert worst.trouble.commands == ()


def test_the_examples_of_rules_are_there() -> None:
    for rules in RULES.values():
        for rule in rules:
            assert not rule.example or (EXAMPLES / rule.example).is_file(), rule.name
