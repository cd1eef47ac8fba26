"""How a cloud for a test begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lifecycle import Cloud, InputError
from lifecycle.testing import Settings

if TYPE_CHECKING:
    from pathlib import Path

NEW = 'NAME="new" TYPE="DATABLOCK" SIZE="1"'
KNOWN = "answers, delay, speed, seed, capacity_check, situation"


@pytest.mark.parametrize(
    ("settings", "after", "state"),
    [
        (Settings(), 0, "READY"),
        (Settings(answers="failure"), 0, "ERROR"),
        (Settings(answers="hold"), 1e6, "LOCKED"),
        (Settings(delay=30), 29, "LOCKED"),
        (Settings(delay=30), 30, "READY"),
    ],
)
def test_datastores_answer_as_the_settings_say(
    settings: Settings, after: float, state: str
) -> None:
    cloud = settings.cloud()
    cloud.image.allocate(NEW, 1)
    cloud.advance(after)
    assert cloud.images[0].state.name == state


def test_a_cloud_begins_with_a_situation_or_the_file_of_one(tmp_path: Path) -> None:
    odd = Settings(situation={"images": [{"id": 7, "state": "USED"}]}).cloud()
    odd.save(tmp_path / "odd.json")
    for situation in (tmp_path / "odd.json", str(tmp_path / "odd.json")):
        loaded = Settings(situation=situation, answers="failure").cloud()
        assert loaded.images[7].state.name == "USED"
        assert loaded.drivers.otherwise.outcome == "failure"


def test_the_seed_is_that_of_the_plans() -> None:
    def drawn(cloud: Cloud) -> list[str]:
        cloud.plan("failure", probability=0.5)
        for number in range(20):
            cloud.image.allocate(f'NAME="{number}" TYPE="DATABLOCK" SIZE="1"', 1)
        return [image.state.name for image in cloud.images]

    assert drawn(Settings(seed=1).cloud()) == drawn(Settings(seed=1).cloud())
    assert drawn(Settings(seed=1).cloud()) != drawn(Settings(seed=2).cloud())


def test_the_capacity_check_is_that_of_the_configuration() -> None:
    assert Settings(capacity_check=True).cloud().capacity_check
    assert not Settings().cloud().capacity_check


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"answers": "maybe"}, "answers: 'maybe' is none of success, failure, hold"),
        ({"delay": -1}, "delay: must be seconds, 0 or more, not -1"),
        ({"delay": "soon"}, "delay: cannot be 'soon'"),
        ({"speed": True}, "speed: cannot be True"),
        ({"speed": float("nan")}, "speed: must be 0 or more, not nan"),
        ({"speed": float("inf")}, "speed: must be 0 or more, not inf"),
        ({"seed": 1.0}, "seed: must be a whole number, not 1.0"),
        ({"capacity_check": 1}, "capacity_check: must be true or false, not 1"),
        ({"situation": 7}, "situation: must be an object or a path, not 7"),
        (
            {"answer": "hold"},
            f"there is no setting 'answer', only {KNOWN}",
        ),
    ],
)
def test_settings_that_can_never_be_meant_are_refused(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError) as raised:
        Settings.of(given)
    assert str(raised.value) == problem
