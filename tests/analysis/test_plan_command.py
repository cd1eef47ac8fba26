"""``lifecycle plan``: its pages, its JSON, its exit codes, and what it says of mistakes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from lifecycle import Cloud

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "lifecycle", "plan"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - runs this package's own command
        [*COMMAND, *arguments], capture_output=True, text=True, check=False
    )


def test_a_page_tells_the_way_if_all_goes_well_and_the_guaranteed_one() -> None:
    done = run("--from", "used", "--to", "gone")
    assert done.returncode == 0
    assert done.stderr == ""
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[:2] == ["OS image, USED, not persistent, held by 1 machine (RUNNING)", "to gone"]
    assert "2 oneimage delete IMAGE READY → DELETE" in lines
    assert "3 datastore: RM of IMAGE is answered, either way DELETE → gone" in lines
    assert all(line == line.rstrip() for line in done.stdout.splitlines())


def test_where_there_is_no_way_it_says_why_and_exits_with_1() -> None:
    done = run("--from", "LOCKED_USED_PERS", "--ghosts", "1", "--nothing-asked", "--to", "gone")
    assert done.returncode == 1
    assert "There is no way." in done.stdout
    assert "what is counted there (1) exists no more" in done.stdout


def test_what_is_so_already_needs_no_way() -> None:
    done = run("--to", "READY with no holders")
    assert done.returncode == 0
    assert "It is so already." in done.stdout


def test_a_way_that_goes_round_says_where_it_goes_on() -> None:
    done = run("--from", "READY", "--snapshots", "1", "--to", "READY with no snapshots")
    assert done.returncode == 0
    assert "Guaranteed: none" in done.stdout
    assert "again from step 1" in done.stdout


def test_the_same_as_json() -> None:
    done = run("--from", "LOCKED", "--to", "READY", "--json")
    value = json.loads(done.stdout)
    assert (value["possible"], value["complete"]) == (True, True)
    (step,) = value["hoped"][0]["steps"]
    assert step["answer"] == {"role": "ds", "action": "CP", "id": 0, "ok": True}
    (wait,) = value["guaranteed"]["steps"]
    assert [branch["answers"] for branch in wait["wait"]] == [
        ["CP of IMAGE succeeds"],
        ["CP of IMAGE fails"],
    ]
    assert wait["wait"][1]["steps"][0]["call"] == {
        "method": "one.image.enable",
        "params": [0, True],
    }
    assert run("--from", "LOCKED", "--to", "READY", "--json").stdout == done.stdout


def test_an_image_of_a_saved_cloud_by_id_or_name(tmp_path: Path) -> None:
    cloud = Cloud()
    for name in ("one", "two"):
        cloud.image.allocate(f'NAME="{name}" PATH="/p" SIZE="1"', 1)
    file = tmp_path / "cloud.json"
    cloud.save(file)
    by_id = run("--cloud", str(file), "--image", "1", "--to", "gone")
    assert "oneimage delete 1 --force" in by_id.stdout
    assert run("--cloud", str(file), "--image", "two", "--to", "gone").stdout == by_id.stdout
    for arguments, problem in (
        (["--image", "three"], "there is no such image: 'three'; give the id of one"),
        ([], "say which of the 2 images, with --image ID"),
        (
            ["--image", "1", "--ghosts", "1"],
            "the image of a saved cloud is as it is; leave the rest out",
        ),
    ):
        done = run("--cloud", str(file), *arguments, "--to", "gone")
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1
        assert problem in done.stderr


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--to", "redy"], "goal: unknown state 'redy'; did you mean READY?"),
        (["--from", "LOKED", "--to", "gone"], "unknown state 'LOKED'; did you mean LOCKED?"),
        (["--type", "DISK", "--to", "gone"], "unknown type 'DISK'"),
        (["--machines", "RUNING", "--to", "gone"], "did you mean RUNNING?"),
        (["--vms", "99", "--to", "gone"], "vms: must be from 0 to 9, not 99"),
        (["--image", "3", "--to", "gone"], "--image: say of which saved cloud"),
        ([], "Missing option '--to'"),
    ],
)
def test_a_mistake_is_told_in_one_line(arguments: list[str], problem: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert problem in done.stderr
