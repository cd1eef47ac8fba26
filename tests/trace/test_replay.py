"""Every recorded history is what the cloud does, and what differs is found."""

from __future__ import annotations

import copy
import json
import lzma
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lifecycle.trace.format import History, find, read
from lifecycle.trace.replay import Result, replay

if TYPE_CHECKING:
    from collections.abc import Callable

TRACES = Path(__file__).parents[1] / "data" / "traces"
HISTORIES = {
    "level1": (30, 1800),
    "level2": (30, 1800),
    "level3": (30, 1800),
    "level4": (80, 4800),
    "backup": (11, 247),
    "capacity": (1, 19),
    "late-answers": (31, 1088),
    "machine-failures": (56, 1872),
    "marketplace": (11, 328),
    "mixed": (12, 480),
    "pools": (4, 125),
    "save-as-and-clone": (10, 260),
    "templates": (4, 65),
    "types-and-datastores": (6, 169),
    "users-and-locks": (33, 1053),
}
"""How many histories and steps each packed file holds."""


def packed(name: str) -> Path:
    (path,) = [one for one in find([str(TRACES)]) if one.name == f"{name}.jsonl.xz"]
    return path


def mutated(change: Callable[[History], object]) -> Result:
    """Replay the first history of level 3 after a change to one of its steps."""
    history = copy.deepcopy(next(iter(read(packed("level3")))))
    change(history)
    return replay(history)


def step_with(history: History, part: str) -> dict[str, Any]:
    return next(step.data for step in history.steps if step.data.get("then", {}).get(part))


@pytest.mark.parametrize("name", HISTORIES)
def test_every_recorded_history_replays_without_a_difference(name: str) -> None:
    results = [replay(history) for history in read(packed(name))]
    assert [one for result in results for one in result.differences] == []
    assert (len(results), sum(result.steps for result in results)) == HISTORIES[name]


def test_no_history_is_left_out() -> None:
    assert [path.name.partition(".")[0] for path in find([str(TRACES)])] == list(HISTORIES)


def test_every_step_of_a_history_is_replayed() -> None:
    for history in read(packed("mixed")):
        assert replay(history).steps == len(history.steps)


def test_another_answer_is_a_difference() -> None:
    def change(history: History) -> None:
        step = next(step for step in history.steps if step.kind == "call")
        step.data["reply"] = [*step.data["reply"][:2], 4321]

    (found,) = mutated(change).differences
    assert found.place == "reply"
    assert found.recorded[2] == 4321
    assert found.simulated[2] != 4321


def test_another_field_of_an_image_is_a_difference() -> None:
    def change(history: History) -> None:
        images = step_with(history, "images")["then"]["images"]
        next(view for view in images.values() if view)["STATE"] = 9

    (found,) = mutated(change).differences
    assert found.place.endswith(".STATE")
    assert (found.recorded, found.simulated) != (9, 9)


def test_a_field_that_only_one_of_them_has_is_a_difference() -> None:
    def change(history: History) -> None:
        images = step_with(history, "images")["then"]["images"]
        next(view for view in images.values() if view)["COLOUR"] = "blue"

    (found,) = mutated(change).differences
    assert (found.recorded, found.simulated) == ("blue", "(not there)")


def test_a_part_that_no_replay_knows_is_a_difference() -> None:
    def change(history: History) -> None:
        history.steps[0].data["then"]["imagez"] = {"0": {"STATE": 77}}

    assert [one.place for one in mutated(change).differences] == ["imagez"]


def test_an_image_that_the_record_does_not_have_is_a_difference() -> None:
    def change(history: History) -> None:
        step_with(history, "images")["then"]["images"].popitem()

    assert mutated(change).differences


@pytest.mark.parametrize("part", ["asked", "hooks"])
def test_requests_and_hooks_compare_as_multisets(part: str) -> None:
    def twice(history: History) -> None:
        rows = step_with(history, part)["then"][part]
        rows.append(rows[0])

    def other_order(history: History) -> None:
        for step in history.steps:
            if part in step.data["then"]:
                step.data["then"][part].reverse()

    assert [one.place for one in mutated(twice).differences] == [part]
    assert mutated(other_order).equal


def test_only_a_machines_own_detail_in_machine_failures_leaves_a_history_equal() -> None:
    history = next(
        one
        for one in read(packed("machine-failures"))
        if any(step.data["then"].get("vms") for step in one.steps)
    )
    machines = step_with(history, "vms")["then"]["vms"]
    view = next(view for view in machines.values() if view)
    view["LCM_STATE"] = 99
    result = replay(history)
    assert result.equal
    assert [one.detail for one in result.differences] == [True]
    view["STATE"] = 99
    assert not replay(history).equal


def test_a_replay_stops_at_the_first_step_that_differs_unless_told_otherwise() -> None:
    history = next(iter(read(packed("level4"))))
    for step in history.steps:
        if step.kind == "call":
            step.data["reply"] = [*step.data["reply"][:2], 4321]
    assert len(replay(history).differences) == 1
    assert len(replay(history, stop_at_first=False).differences) == sum(
        step.kind == "call" for step in history.steps
    )


def test_what_carries_the_recordings_clock_compares_by_pattern() -> None:
    compared = Counter(
        one
        for history in read(packed("users-and-locks"))
        for step in history.steps
        if step.kind == "call" and step.data["method"].endswith(".lock")
        for one in [str(step.data["reply"][1]).rpartition(" ")[2].isdigit()]
    )
    assert compared[True] > 0


def test_the_packed_files_are_plain_json_lines() -> None:
    first = lzma.decompress(packed("level1").read_bytes()).splitlines()[0]
    assert json.loads(first)["format"] == "lifecycle-trace/1"
