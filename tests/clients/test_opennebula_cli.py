"""opennebula-cli, as an administrator types it: the whole life of an image, and its own bugs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lifecycle import ImageState
from lifecycle.testing import OpenNebula
from tests.clients.environments import program
from tests.clients.running import FAILS, PATIENT, let_bad_ones_fail, once, run, seen

if TYPE_CHECKING:
    from pathlib import Path

API = 12
"""Its exit code where oned refuses."""
SOME_FAILED = 17
"""Its exit code where something of several things failed."""

Walk = dict[str, Any]


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    python = program("opennebula-cli")

    def go(home: Path) -> Walk:
        with OpenNebula(PATIENT) as opennebula:
            let_bad_ones_fail(opennebula.cloud)
            return seen(python, "opennebula_cli_walk.py", home)

    return once(tmp_path_factory, "opennebula-cli", go)


def state(walk: Walk, step: str) -> ImageState:
    code, shown = walk[step]
    assert code == 0
    return ImageState(shown["state_id"])


def refused(walk: Walk, step: str) -> str:
    code, answer = walk[step]
    assert code == API
    return str(answer["error"]["message"])


def test_the_command_as_it_is_installed_finds_the_endpoint_by_itself(
    opennebula: OpenNebula, tmp_path_factory: pytest.TempPathFactory
) -> None:
    one = program("opennebula-cli", "one")
    assert "No results." in run([one, "image", "list"], tmp_path_factory.mktemp("home"))
    calls = [entry.what for entry in opennebula.cloud.journal.of("call")]
    assert calls == ["one.system.version", "one.imagepool.info"]


def test_an_image_is_locked_until_the_datastore_has_made_it(walk: Walk) -> None:
    assert walk["empty list"] == [0, []]
    assert walk["create"][1]["id"] == 0
    assert state(walk, "locked") is ImageState.LOCKED
    assert state(walk, "ready") is ImageState.READY


def test_a_source_is_in_use_while_it_is_copied(walk: Walk) -> None:
    assert walk["clone"][1]["id"] == 1
    assert state(walk, "source") is ImageState.USED
    assert state(walk, "copy") is ImageState.READY


def test_a_machine_takes_a_persistent_image_for_itself(walk: Walk) -> None:
    assert walk["persistent"][0] == walk["use"][0] == walk["deploy"][0] == 0
    assert state(walk, "used") is ImageState.USED_PERS
    assert walk["used"][1]["running_vms_count"] == 1
    words = "[one.image.delete] Cannot delete image. There are 1 VMs using it."
    assert refused(walk, "delete what is used") == words


def test_snapshots_stay_with_the_image_and_are_reverted_to_and_flattened(walk: Walk) -> None:
    for step in ("snapshot", "terminate", "revert", "flatten"):
        assert walk[step][0] == 0, walk[step]
    assert state(walk, "reverted") is state(walk, "flattened") is ImageState.READY


def test_a_disabled_image_is_not_copied(walk: Walk) -> None:
    assert state(walk, "disabled") is ImageState.DISABLED
    assert refused(walk, "clone what is disabled").endswith("image in state: DISABLED")


def test_a_locked_image_is_not_deleted(walk: Walk) -> None:
    assert walk["lock"][0] == walk["unlock"][0] == 0
    words = "[one.image.delete] User [0] : IMAGE is locked. [0]."
    assert refused(walk, "delete what is locked") == words


def test_a_failure_leaves_its_words_in_the_image(walk: Walk) -> None:
    assert walk["failing create"][0] == 0
    assert state(walk, "failure") is ImageState.ERROR
    assert walk["failure"][1]["template"]["ERROR"].endswith(f" : {FAILS}")
    assert [image["id"] for image in walk["list"][1]] == [2, 1, 0]


def test_a_deleted_image_is_seen_until_its_file_is_gone(walk: Walk) -> None:
    assert state(walk, "deleting") is ImageState.DELETE
    assert refused(walk, "gone") == "[one.image.info] Error getting image [0]."


def test_it_does_not_know_the_names_of_states(walk: Walk) -> None:
    # A bug of its own: it looks for names where pyone has none, and shows the number.
    assert walk["ready"][1]["state"] == "UNKNOWN_1"
    assert walk["failure"][1]["state"] == "UNKNOWN_5"


def test_it_does_not_list_the_machines_of_an_image_as_its_owners(walk: Walk) -> None:
    # A bug of its own: VMS is there, and what it shows for it is not what oned said.
    assert walk["owner"][1]["vms"] == []


@pytest.mark.parametrize("step", ["chmod", "restore"])
def test_it_leaves_out_parameters_that_oned_needs(walk: Walk, step: str) -> None:
    # A bug of its own: oned takes nine numbers for chmod, and options for restore.
    code, answer = walk[step]
    assert code in {API, SOME_FAILED}
    failures = answer["error"].get("failures") or [answer["error"]]
    assert failures[0]["message"] == "<Fault -501: 'Not enough parameters'>"
