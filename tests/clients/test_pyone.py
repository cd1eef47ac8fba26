"""pyone, as a script uses it: the whole life of an image, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lifecycle.testing import OpenNebula
from tests.clients.environments import ROOT, program
from tests.clients.running import FAILS, PATIENT, PROGRAMS, let_bad_ones_fail, once, run, seen

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    python = program("pyone")

    def go(home: Path) -> dict[str, Any]:
        with OpenNebula(PATIENT) as opennebula:
            let_bad_ones_fail(opennebula.cloud)
            return seen(python, "pyone_walk.py", home)

    return once(tmp_path_factory, "pyone", go)


def test_it_finds_the_release(walk: dict[str, Any]) -> None:
    assert walk["version"] == ["7.4.0"]


def test_an_image_is_locked_until_the_datastore_has_made_it(walk: dict[str, Any]) -> None:
    assert walk["create"] == [0, ["LOCKED", "READY"]]
    assert walk["create from a dict"] == [["done", 1]]


def test_a_source_is_in_use_while_it_is_copied(walk: dict[str, Any]) -> None:
    assert walk["clone"] == [2, "USED", ["LOCKED", "READY"], ["READY"]]


def test_a_machine_takes_a_persistent_image_for_itself(walk: dict[str, Any]) -> None:
    assert walk["persistent"] == [2, 1]
    assert walk["use"] == [0, "USED_PERS", [0], 1]
    words = "[one.image.delete] Cannot delete image. There are 1 VMs using it."
    assert walk["delete what is used"] == [["OneActionException", words]]
    assert walk["machine"] == [3, 3]


def test_snapshots_stay_with_the_image_and_are_reverted_to_and_flattened(
    walk: dict[str, Any],
) -> None:
    assert walk["snapshots"] == [[0, 1]]
    assert walk["kept"] == ["READY", [[0, "before"], [1, "after"]]]
    assert walk["revert"] == [["LOCKED", "READY"]]
    assert walk["flatten"] == [["LOCKED", "READY"], 0]


def test_a_disabled_image_is_not_copied(walk: dict[str, Any]) -> None:
    words = "Error allocating a new image. Cannot clone image in state: DISABLED"
    refused = ["OneException", f"[one.image.clone] {words}"]
    assert walk["disable"] == [0, "DISABLED", refused]
    assert walk["enable"] == [0, "READY"]


def test_a_failure_leaves_its_words_in_the_image(walk: dict[str, Any]) -> None:
    states, words = walk["failure"]
    assert states[-1] == "ERROR"
    assert words.endswith(f" : {FAILS}")


def test_refusals_and_faults_are_exceptions_of_their_kind(walk: dict[str, Any]) -> None:
    words = "[one.image.info] Error getting image [999]."
    assert walk["absent"] == [["OneNoExistsException", words]]
    words = "<Fault -501: 'Parameter that is supposed to be integer is not'>"
    assert walk["a wrong type"] == [["OneException", words]]
    words = "<Fault -506: \"Method 'one.image.nope' not defined\">"
    assert walk["no such method"] == [["OneException", words]]


def test_pools_are_whole_or_in_pages(walk: dict[str, Any]) -> None:
    assert walk["pool"] == [[3, 2, 1, 0]]
    assert walk["page"] == [[3, 2]]


def test_a_deleted_image_is_seen_until_its_file_is_gone(walk: dict[str, Any]) -> None:
    assert walk["deleting"] == ["DELETE"]
    assert walk["gone"] == [["OneNoExistsException", "[one.image.info] Error getting image [0]."]]


def test_an_empty_reply_is_a_bug_of_pyone(walk: dict[str, Any]) -> None:
    # oned answers so when the image to restore is not there; pyone looks at the first letter.
    assert walk["an empty reply"] == [["IndexError", "string index out of range"]]


def test_it_tells_of_any_history_what_the_cloud_answers(tmp_path: Path) -> None:
    assert run([program("pyone"), PROGRAMS / "pyone_machine.py", ROOT], tmp_path) == ""
