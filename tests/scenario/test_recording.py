"""A run as a trace: its header, its steps, and that the cloud replays it without a difference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lifecycle.scenario.format import parse, read
from lifecycle.scenario.recording import extra_fields, trace_text
from lifecycle.scenario.run import play
from lifecycle.trace import format as trace_format
from lifecycle.trace.replay import replay
from tests.scenario.playing import CREATED, READY, differences, run_of

SCENARIOS = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_example_replays_without_a_difference(path: Path, tmp_path: Path) -> None:
    for seed in (None, 1, 2):
        run = play(read(str(path)), seed)
        file = tmp_path / "trace.jsonl"
        file.write_text(trace_text(run.trace), encoding="utf-8")
        (history,) = trace_format.read(file)
        result = replay(history, stop_at_first=False)
        assert result.differences == []
        assert result.steps == len(run.trace) - 1


def test_the_header_tells_where_a_trace_comes_from() -> None:
    run = play(parse(f"title: T\nsteps:\n{READY}", "stories/one.yaml"))
    assert run.trace[0] == {
        "format": "lifecycle-trace/1",
        "source": "lifecycle simulate",
        "name": "one",
        "level": 5,
        "title": "T",
        "host": 0,
    }


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        ("oneimage delete a", []),
        ("oneuser create a", ["owner"]),
        ("oneimage chmod a 600", ["owner"]),
        ("onevm backup a", ["backup"]),
        ("onevm updateconf a", ["backup"]),
        ("onevm disk-saveas a 0 b", ["saveas"]),
        ("onemarket create --name a", ["apps"]),
        ("onemarketapp delete a", ["apps"]),
        ("onetemplate create --name a", ["templates"]),
    ],
)
def test_the_header_names_the_additional_fields_that_occur(command: str, extra: list[str]) -> None:
    assert list(extra_fields(parse(f"steps: [{command}]"))) == extra


def test_a_field_is_written_only_where_the_header_names_it() -> None:
    run = run_of(CREATED)
    assert "UID" not in run.trace[1]["then"]["images"]["0"]
    run = run_of("- oneuser create bob\n", before=CREATED)
    assert run.trace[0]["extra"] == ["owner"]
    assert run.trace[1]["then"]["images"]["0"]["UID"] == 0


def test_steps_are_written_as_in_the_recorded_traces() -> None:
    story = (
        "- oneuser create bob pw\n- as bob: oneimage enable a\n"
        "- hypervisor: always fail DEPLOY no memory\n- datastore: unasked complete CP a /x raw\n"
        "- oneimage enable b\n"
    )
    before = f"{CREATED}- refused: oneimage clone a b\n"
    run = run_of(story, before=before, head="plans: [fail: BACKUP]\n")
    header, held, created, refused, user, enabled, rule, answer = run.trace
    assert header["extra"] == ["owner"]
    assert held == {"do": "rule", "role": "vmm", "action": "BACKUP", "mode": "hold", "then": {}}
    assert created["do"] == "call"
    assert created["then"]["asked"] == [["CP", 0]]
    assert refused["reply"] == [
        False,
        "[one.image.clone] Error allocating a new image. Cannot clone image in state: LOCKED",
        16384,
    ]
    assert user["params"] == ["bob", "pw", "core", []]
    assert enabled["as"] == "bob:pw"
    assert rule["payload"] == "no memory"
    assert answer["payload"] == "/x raw"
    assert answer["unsolicited"] is True
    assert differences(run) == []


def test_a_trace_is_a_line_of_json_for_each_step() -> None:
    run = run_of(READY)
    lines = trace_text(run.trace).splitlines()
    assert [json.loads(line) for line in lines] == list(run.trace)
