"""Chronicles: what a scenario, a recorded history or a journal did, told alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lifecycle import Cloud, InputError, Plan
from lifecycle.drawing.chronicle import Lane, of_journal
from lifecycle.drawing.chronicles import read

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
LEVEL3 = ROOT / "tests/data/traces/level3.jsonl.xz"
IMAGE, MACHINE = Lane("image", 0), Lane("machine", 0)


def last_states(path: str) -> dict[Lane, str]:
    (chronicle,) = read(path)
    return {
        moved.lane: moved.states[-1]
        for happening in chronicle.happenings
        for moved in happening.moved
    }


def test_a_scenario_is_told_with_its_names_times_and_states() -> None:
    (chronicle,) = read(str(ROOT / "examples/first-image.yaml"))
    assert chronicle.title == "The first image"
    assert chronicle.unit == "seconds"
    assert chronicle.elapsed == 50
    assert chronicle.names() == {IMAGE: "debian", MACHINE: "web"}
    first = chronicle.happenings[0]
    assert (first.time, first.who, first.asked) == (0, "oneadmin", ("CP debian",))
    assert [one.states for one in first.moved] == [("INIT", "LOCKED")]


def test_a_refusal_is_told_in_oneds_words_on_what_the_command_names() -> None:
    (chronicle,) = read(str(ROOT / "examples/first-image.yaml"))
    (refused,) = [one for one in chronicle.happenings if one.refused]
    assert refused.refused == "Cannot delete image. There are 1 VMs using it."
    assert refused.about == (IMAGE,)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_lane_of_an_example_goes_on_where_it_was(path: Path) -> None:
    (chronicle,) = read(str(path))
    states: dict[Lane, str] = {}
    for happening in chronicle.happenings:
        for moved in happening.moved:
            assert states.get(moved.lane, moved.states[0]) == moved.states[0]
            states[moved.lane] = moved.states[-1]
    assert states


def test_recorded_histories_are_told_step_by_step() -> None:
    chronicles = list(read(str(LEVEL3)))
    assert len(chronicles) == 30
    assert {one.unit for one in chronicles} == {"steps"}
    assert all(one.elapsed == len(one.happenings) for one in chronicles)
    refused = [one for told in chronicles for one in told.happenings if one.refused]
    assert refused
    assert any(one.about for one in refused)


def cloud_with_a_journal() -> Cloud:
    cloud = Cloud()
    cloud.drivers.plans.append(Plan("success", action="CP", delay=5))
    image = cloud.image.allocate('NAME="debian" PATH="/d"', 1)
    cloud.advance(10)
    vm = cloud.vm.allocate(f'CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image}"]')
    cloud.advance(1)
    assert not cloud.call("one.image.delete", image).ok
    cloud.vm.action("terminate", vm)
    cloud.image.delete(image)
    cloud.fail("RM", image)
    return cloud


def test_a_journal_is_told_with_the_call_that_moved_what() -> None:
    chronicle = of_journal(list(cloud_with_a_journal().journal))
    told = [
        (one.time, one.what, tuple(moved.states for moved in one.moved), bool(one.refused))
        for one in chronicle.happenings
    ]
    assert told == [
        (0, "image.allocate … 1", (("INIT", "LOCKED"),), False),
        (5, "completes CP image 0", (("LOCKED", "READY"),), False),
        (10, "vm.allocate …", (("READY", "USED"), ("INIT", "PENDING")), False),
        (11, "image.delete 0", (), True),
        (11, "vm.action terminate 0", (("PENDING", "DONE"), ("USED", "READY")), False),
        (11, "image.delete 0", (("READY", "DELETE"),), False),
        (11, "fails RM image 0", (("DELETE", "ERROR"),), False),
    ]
    assert [one.failed for one in chronicle.happenings][-1]
    assert [one.about for one in chronicle.happenings if one.refused] == [(IMAGE,)]


def test_a_saved_cloud_and_a_journal_of_its_own_are_told_alike(tmp_path: Path) -> None:
    cloud = cloud_with_a_journal()
    saved, alone = tmp_path / "cloud.json", tmp_path / "journal.json"
    cloud.save(saved)
    alone.write_text(json.dumps(cloud.journal.to_json()), encoding="utf-8")
    assert last_states(str(saved)) == last_states(str(alone)) == {IMAGE: "ERROR", MACHINE: "DONE"}


def test_a_saved_cloud_knows_names(tmp_path: Path) -> None:
    cloud = cloud_with_a_journal()
    saved = tmp_path / "cloud.json"
    cloud.save(saved)
    (chronicle,) = read(str(saved))
    assert chronicle.names() == {IMAGE: "debian", MACHINE: cloud.vms[0].name}


@pytest.mark.parametrize("images", ["x", [7, {"id": "0"}], {"objects": None}, {}])
def test_names_that_cannot_be_read_are_not_needed(tmp_path: Path, images: object) -> None:
    journal = cloud_with_a_journal().journal.to_json()
    saved = tmp_path / "cloud.json"
    saved.write_text(json.dumps({"images": images, "journal": journal}), encoding="utf-8")
    (chronicle,) = read(str(saved))
    assert chronicle.names() == {IMAGE: "", MACHINE: ""}


def test_a_scenario_is_played_several_times_with_seeds_that_follow() -> None:
    path = str(ROOT / "examples/flaky-datastore.yaml")
    first, second, third = read(path, runs=3, seed=4)
    (fifth,) = read(path, seed=5)
    assert second == fifth
    assert first != third


def entry(*, time: str = "0", kind: str = "move", detail: str = "{}") -> str:
    return (
        f'[{{"number": 1, "time": {time}, "kind": "{kind}", "object": "image 0", "what": "",'
        f' "detail": {detail}}}]'
    )


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.txt", "", "must end in one of .yaml"),
        ("a.json", "{}", "must be a list of a journal's entries"),
        ("a.json", "[1]", "must be an object"),
        ("a.json", '[{"number": 1}]', "must be seconds since the epoch"),
        (
            "a.json",
            '[{"number": 1, "time": 0, "kind": "x", "object": "", "what": "", "detail": {}}]',
            "is none of call, asked",
        ),
        (
            "a.json",
            '[{"number": 1, "time": 0, "kind": "move", "object": "", "what": "", "detail": {}}]',
            "must be a text",
        ),
        ("a.json", entry(time="1e400"), "[0].time: is no time"),
        ("a.json", entry(time="NaN"), "[0].time: is no time"),
        ("a.json", entry(detail='{"from": "NEW", "to": "READY", "row": ""}'), "from: is no state"),
        ("a.json", entry(detail='{"from": "INIT", "to": "x", "row": ""}'), "to: is no state"),
        ("a.json", entry(kind="call", detail='{"params": 7}'), "[0].detail.params: must be a list"),
    ],
)
def test_what_tells_no_history_is_refused(
    tmp_path: Path, name: str, content: str, problem: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        list(read(str(path)))
    assert problem in str(refused.value)
    assert name in str(refused.value)
