"""Ansible's one_image and one_image_info, in a playbook: what a role sees, and their own bugs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lifecycle.testing import OpenNebula, Settings
from tests.clients.environments import program
from tests.clients.running import (
    FAILS,
    PROGRAMS,
    let_bad_ones_fail,
    new,
    once,
    run,
)

if TYPE_CHECKING:
    from pathlib import Path

    from lifecycle import Cloud

Results = dict[str, Any]


def furnish(cloud: Cloud) -> None:
    """Put in an image that a machine uses, one with a snapshot, and one that goes at once."""
    for name in ("used", "kept", "quick"):
        cloud.plan("success", "MKFS", name=name)
        cloud.image.allocate(new(name), 1)
    cloud.plan("success", "RM", name="quick")
    cloud.plan("hold", "RM", name="copy")
    cloud.image.persistent(1, True)
    for image in (0, 1):
        vm = cloud.vm.allocate(f'CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image}"]')
        cloud.vm.deploy(vm, 0)
    cloud.vm.disksnapshotcreate(1, 0, "before")
    cloud.vm.action("terminate-hard", 1)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    playbook, python = program("ansible", "ansible-playbook"), program("ansible")

    def go(home: Path) -> Results:
        variables = {"ansible_python_interpreter": python, "results": str(home / "results.json")}
        options = ["-i", "localhost,", "-c", "local", "-e", json.dumps(variables)]
        # The modules look every second, and are told after 0.3 s that all went well.
        with OpenNebula(Settings(delay=0.3, speed=1)) as opennebula:
            let_bad_ones_fail(opennebula.cloud)
            furnish(opennebula.cloud)
            run([playbook, *options, PROGRAMS / "ansible_walk.yml"], home)
            found: Results = json.loads((home / "results.json").read_text("utf-8"))
            found["persistent in the cloud"] = {
                image.name: image.is_persistent for image in opennebula.cloud.images
            }
        return found

    return once(tmp_path_factory, "ansible", go)


def test_an_image_is_created_once_and_waited_for(results: Results) -> None:
    assert results["create"]["changed"] is True
    assert results["create"]["state"] == "READY"
    assert results["create_again"]["changed"] is False


def test_an_image_is_cloned_once_and_waited_for(results: Results) -> None:
    assert results["clone"]["changed"] is True
    assert (results["clone"]["name"], results["clone"]["state"]) == ("copy", "READY")
    assert results["clone_again"]["changed"] is False


def test_an_image_is_disabled_once_and_enabled(results: Results) -> None:
    assert results["disable"]["changed"] is True
    assert results["disable_again"]["changed"] is False
    assert results["disable_again"]["state"] == "DISABLED"
    assert results["enable"]["changed"] is True


def test_an_image_is_renamed(results: Results) -> None:
    assert results["rename"]["changed"] is True
    assert "renamed" in results["persistent in the cloud"]


def test_a_failure_of_the_datastore_fails_the_task_with_its_words(results: Results) -> None:
    assert results["failure"]["failed"] is True
    message = results["failure"]["msg"]
    assert message.startswith("Got an ERROR state: ")
    assert message.endswith(f" : {FAILS}")


def test_what_is_used_is_neither_disabled_nor_deleted(results: Results) -> None:
    assert results["disable_used"]["msg"] == "Cannot disable USED image!"
    words = "Cannot delete image. There are 1 VMs using it."
    assert results["delete_used"]["msg"] == words


def test_images_are_shown_by_a_pattern_of_their_names(results: Results) -> None:
    shown = {image["name"]: image for image in results["info"]["images"]}
    assert (shown["used"]["state"], shown["used"]["vms"]) == ("USED", ["Null"])
    assert (shown["bad"]["state"], shown["bad"]["running_vms"]) == ("ERROR", 0)


def test_an_image_is_deleted(results: Results) -> None:
    assert results["delete"]["changed"] is True


def test_an_absent_image_fails_the_task(results: Results) -> None:
    assert results["absent"]["msg"] == "There is no image with name=nowhere"


def test_a_ready_image_is_not_made_persistent(results: Results) -> None:
    # A bug of one_image: it compares the state where it means the flag.
    assert results["persistent_ready"]["changed"] is False
    assert results["persistent in the cloud"]["used"] is False
    assert results["persistent_disabled"]["changed"] is True
    assert results["persistent in the cloud"]["copy"] is True


def test_an_image_that_goes_at_once_breaks_the_task_that_deletes_it(results: Results) -> None:
    # A bug of one_image: looking whether it is gone, it calls itself with a parameter less.
    assert results["delete_quick"]["failed"] is True
    assert "quick" not in results["persistent in the cloud"]
    told = json.dumps(results["delete_quick"])
    assert "get_image_instance() missing 1 required positional argument" in told


def test_an_image_with_a_snapshot_cannot_be_shown(results: Results) -> None:
    # A bug of both modules: they take the snapshots that pyone gives for dictionaries.
    assert results["info_snapshot"]["failed"] is True
    assert "object is not subscriptable" in results["info_snapshot"]["msg"]
