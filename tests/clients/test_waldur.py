"""The image part of Waldur's site agent: finding the image of a model, and whether it is usable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lifecycle.testing import OpenNebula, Settings
from tests.clients.environments import program
from tests.clients.running import let_bad_ones_fail, new, seen

if TYPE_CHECKING:
    from lifecycle import Cloud

NAMES = ("engine", "model", "bad", "held", "off", "private")


def furnish(cloud: Cloud) -> None:
    """Put in images in every state that the agent asks about."""
    let_bad_ones_fail(cloud)
    cloud.plan("hold", "MKFS", name="held")
    for name in NAMES:
        cloud.image.allocate(new(name), 1)
    cloud.image.enable(4, False)
    cloud.image.persistent(5, True)
    cloud.vm.allocate('CPU="1" MEMORY="1" DISK=[IMAGE_ID="5"]')


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    python = program("waldur")
    with OpenNebula(Settings()) as opennebula:
        furnish(opennebula.cloud)
        home = tmp_path_factory.mktemp("home")
        found = seen(python, "waldur_walk.py", home, *NAMES, "nowhere")
        found["states"] = [image.state.name for image in opennebula.cloud.images]
    return found


def test_images_are_found_by_name_and_by_id(walk: dict[str, Any]) -> None:
    assert [walk[name] for name in NAMES] == [[number] for number in range(len(NAMES))]
    assert walk["by id"] == [7]
    assert walk["nowhere"] == ["Model image named 'nowhere' not found"]


def test_an_image_is_usable_when_it_is_ready_or_used(walk: dict[str, Any]) -> None:
    assert walk["engine usable"] == walk["model usable"] == walk["private usable"] == [None]


@pytest.mark.parametrize(
    ("name", "number", "state"), [("bad", 2, 5), ("held", 3, 4), ("off", 4, 3)]
)
def test_an_image_in_another_state_is_not_usable(
    walk: dict[str, Any], name: str, number: int, state: int
) -> None:
    words = f"Model image {number} is not usable (state {state}); expected READY or USED."
    assert walk[f"{name} usable"] == [words]


def test_an_image_that_is_not_there_is_told_as_not_found(walk: dict[str, Any]) -> None:
    assert walk["absent, usable"] == ["Model image 999 not found"]


def test_the_model_is_a_disk_beside_those_of_the_template(walk: dict[str, Any]) -> None:
    assert walk["base disks"] == [[0]]
    assert walk["instantiate"] == [1]
    assert walk["states"] == ["USED", "USED", "ERROR", "LOCKED", "DISABLED", "USED_PERS"]
