"""``lifecycle explain``, ``states`` and ``operations``: pages, JSON, exit codes, mistakes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from lifecycle import OPERATIONS, Cloud, ImageState

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "lifecycle"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - runs this package's own command
        [*COMMAND, *arguments], capture_output=True, text=True, check=False
    )


def lines(*arguments: str) -> list[str]:
    done = run("explain", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(line == line.rstrip() for line in done.stdout.splitlines())
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


def test_a_refusal_is_explained_with_its_words_reasons_and_what_to_do() -> None:
    page = lines("delete", "--state", "USED")
    assert "✗ refused ACTION (0x0800)" in page
    assert "│ [one.image.delete] Cannot delete image. There are 1 VMs using it." in page
    assert "· delete is possible in READY, INIT, DISABLED, ERROR, DELETE; the image is USED" in page
    assert "1 onevm terminate VM1 USED → READY" in page
    assert page[-1] == "source: ImageAPI::del_image, ImageManager::delete_image"


def test_what_would_be_done_is_explained_with_its_effects() -> None:
    page = lines("cp_success", "--state", "locked_used")
    assert "✓ done LOCKED_USED → USED" in page
    assert "· SOURCE becomes the first word of the answer" in page
    assert "· machine VM1: CLONING → PENDING" in page


def test_what_is_odd_is_said() -> None:
    page = lines("release", "--state", "ERROR", "--vms", "1")
    assert "○ ignored" in page
    assert any(line.startswith("! The machine stays in VMS") for line in page)


def test_a_state_and_an_operation_that_share_a_name_are_told_apart_by_their_case() -> None:
    assert lines("DELETE")[0].startswith("DELETE 7, in short dele")
    assert lines("delete")[0] == "delete oneimage delete IMAGE one.image.delete"
    assert lines("CLONE")[0].startswith("CLONE 6")
    assert lines("error")[0].startswith("ERROR 5")


def test_a_state_tells_how_to_get_away_from_there() -> None:
    page = lines("LOCKED_USED_PERS")
    assert "Messages and hooks call it LOCKED_USED." in page
    assert "Free again" in page
    assert any("oneimage delete IMAGE --force" in line for line in page)


@pytest.mark.parametrize("name", list(OPERATIONS)[::8])
def test_an_operation_has_a_page(name: str) -> None:
    page = lines(name)
    assert page[1] == OPERATIONS[name].meaning
    assert "Done" in page


def test_an_image_of_a_saved_cloud_is_explained(tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.image.allocate('NAME="debian" PATH="/p" SIZE="1"', 1)
    file = tmp_path / "cloud.json"
    cloud.save(file)
    page = lines("delete", "--cloud", str(file), "--image", "debian")
    assert "1 datastore: CP of 0 is answered" in " ".join(page) or "CP of 0 succeeds" in " ".join(
        page
    )


@pytest.mark.parametrize(
    ("arguments", "field", "value"),
    [
        (["delete", "--state", "USED"], "code", "ACTION"),
        (["delete", "--state", "READY"], "to", "DELETE"),
        (["release", "--state", "ERROR", "--vms", "1"], "outcome", "ignored"),
        (["delete"], "actor", "user"),
        (["ERROR"], "number", 5),
        (["chtype", "CDROM", "--state", "READY"], "argument", "CDROM"),
    ],
)
def test_the_same_as_json(arguments: list[str], field: str, value: object) -> None:
    done = run("explain", *arguments, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)[field] == value


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["delet"], "unknown operation 'delet'; did you mean delete?"),
        (["fly"], "unknown operation 'fly'; see lifecycle operations"),
        (["ERROR", "--vms", "1"], "ERROR is a state; explain it alone, or an operation there: "),
        (["delete", "--state", "USD"], "unknown state 'USD'; did you mean USED?"),
        (["delete", "3", "--state", "USED"], "delete: carries nothing; leave '3' out"),
        (["delete", "--state", "USED", "--image", "3"], "--image: say of which saved cloud"),
        (["delete", "--cloud", "nowhere.json"], "nowhere.json: cannot be read"),
    ],
)
def test_a_mistake_is_told_in_one_line(arguments: list[str], problem: str) -> None:
    done = run("explain", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert problem in done.stderr


def test_the_states_are_listed() -> None:
    done = run("states")
    assert done.returncode == 0
    for state in ImageState:
        assert f" {state.name} " in done.stdout
    listed = json.loads(run("states", "--json").stdout)
    assert [one["name"] for one in listed] == [state.name for state in ImageState]


def test_the_operations_are_listed_by_who_does_them() -> None:
    done = run("operations")
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if line.startswith("By the")] == [
        "By the user",
        "By the datastore driver",
        "By the virtual machine",
        "By the marketplace",
    ]
    listed = json.loads(run("operations", "--json").stdout)
    assert [one["name"] for one in listed] == list(OPERATIONS)
    some = json.loads(run("operations", "--state", "CLONE", "--actor", "user", "--json").stdout)
    assert "clone" in [one["name"] for one in some]
    assert "enable" not in [one["name"] for one in some]
