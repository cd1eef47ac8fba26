"""Who answers a driver's request, when, and how: by hand, by a plan, late, unasked, never."""

from __future__ import annotations

import pytest

from lifecycle import Cloud, ImageState, InputError, NotAskedError, Plan


def allocate(cloud: Cloud, name: str) -> int:
    return cloud.image.allocate(f'NAME="{name}" PATH="/image" SIZE="1"', 1)


def states(cloud: Cloud) -> list[str]:
    return [image.state.name for image in cloud.images]


def test_a_request_is_held_until_it_is_answered_by_hand() -> None:
    cloud = Cloud()
    good, bad = allocate(cloud, "good"), allocate(cloud, "bad")
    cloud.advance(1e6)
    assert states(cloud) == ["LOCKED", "LOCKED"]
    assert [(one.action, one.id) for one in cloud.drivers.open] == [("CP", good), ("CP", bad)]
    cloud.complete("CP", good, "/somewhere qcow2")
    cloud.fail("CP", bad, "no space left")
    assert states(cloud) == ["READY", "ERROR"]
    assert (cloud.images[good].source, cloud.images[good].format) == ("/somewhere", "qcow2")
    assert "no space left" in cloud.images[bad].template["ERROR"]
    assert cloud.drivers.open == []


def test_what_was_not_asked_cannot_be_completed() -> None:
    cloud = Cloud()
    image = allocate(cloud, "one")
    with pytest.raises(NotAskedError, match=r"^no open request MKFS for 0; open: CP 0$"):
        cloud.complete("MKFS", image)
    cloud.complete("CP", image)
    with pytest.raises(NotAskedError, match=r"^no open request CP for 0; open: none$"):
        cloud.fail("CP", image)


def test_an_answer_whose_words_are_none_leaves_the_request_open() -> None:
    cloud = Cloud()
    image = allocate(cloud, "one")
    with pytest.raises(InputError, match="payload: must be a text, not 1"):
        cloud.complete("CP", image, 1)  # type: ignore[arg-type]  # wrong on purpose
    cloud.complete("CP", image)
    assert states(cloud) == ["READY"]


def test_an_answer_that_nobody_asked_for_is_taken_at_face_value() -> None:
    cloud = Cloud()
    image = allocate(cloud, "one")
    cloud.answer("CP", image, unasked=True)
    assert states(cloud) == ["READY"]
    assert [one.action for one in cloud.drivers.open] == ["CP"]
    assert cloud.answer("CP", image, ok=False) is not None
    assert states(cloud) == ["ERROR"]
    assert cloud.answer("RM", image) is None


def test_a_plan_answers_at_once() -> None:
    cloud = Cloud()
    cloud.plan("failure", "CP", payload="told so")
    allocate(cloud, "one")
    assert states(cloud) == ["ERROR"]
    assert "told so" in cloud.images[0].template["ERROR"]


def test_a_plan_answers_after_a_virtual_delay_in_the_order_of_time() -> None:
    cloud = Cloud()
    cloud.plan(action="CP", name="slow", delay=60)
    cloud.plan(action="CP", delay=10)
    allocate(cloud, "slow")
    allocate(cloud, "quick")
    cloud.advance(9.9)
    assert states(cloud) == ["LOCKED", "LOCKED"]
    cloud.advance(0.1)
    assert states(cloud) == ["LOCKED", "READY"]
    cloud.advance(50)
    assert states(cloud) == ["READY", "READY"]
    answers = [
        (entry.time - cloud.clock.start, entry.object) for entry in cloud.journal.of("answer")
    ]
    assert answers == [(10, "image 1"), (60, "image 0")]


def test_an_answer_by_hand_comes_before_a_delayed_one_which_then_does_not_come() -> None:
    cloud = Cloud()
    cloud.plan("failure", "CP", delay=10)
    image = allocate(cloud, "one")
    cloud.complete("CP", image)
    cloud.advance(20)
    assert states(cloud) == ["READY"]


def test_a_plan_answers_the_nth_time_and_so_often() -> None:
    cloud = Cloud()
    cloud.plan("failure", "CP", skip=2, count=1)
    cloud.plan("success", "CP")
    for number in range(5):
        allocate(cloud, f"image-{number}")
    assert states(cloud) == ["READY", "READY", "ERROR", "READY", "READY"]


def test_plans_match_by_action_image_and_name_and_the_first_one_answers() -> None:
    cloud = Cloud()
    cloud.plan("failure", "C*", id=1)
    cloud.plan("hold", "*", role="ds", name="held*")
    cloud.plan("success", "*", role="ds")
    for name in ("one", "two", "held-1"):
        allocate(cloud, name)
    assert states(cloud) == ["READY", "ERROR", "LOCKED"]


def test_a_plan_with_a_probability_is_the_same_under_the_same_seed() -> None:
    def outcomes(seed: int) -> list[str]:
        cloud = Cloud(seed=seed)
        cloud.plan("failure", "CP", probability=0.5)
        cloud.plan("success", "CP")
        for number in range(40):
            allocate(cloud, f"image-{number}")
        return states(cloud)

    assert outcomes(1) == outcomes(1) != outcomes(2)
    assert set(outcomes(1)) == {"READY", "ERROR"}


@pytest.mark.parametrize("seed", [None, 0.5, "1", True])
def test_a_seed_is_a_whole_number(seed: object) -> None:
    with pytest.raises(InputError, match=r"^seed: must be a whole number, not "):
        Cloud(seed=seed)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"outcome": "succes"}, "outcome: 'succes' is none of success, failure, hold"),
        ({"role": "disk"}, "role: 'disk' is none of ds, tm, vmm, market"),
        ({"delay": -1}, "delay: must be seconds, 0 or more, not -1"),
        ({"delay": float("nan")}, "delay: must be seconds, 0 or more, not nan"),
        ({"probability": 1.5}, "probability: must be from 0 to 1, not 1.5"),
        ({"skip": -1}, "skip: must be 0 or more, not -1"),
        ({"count": -1}, "count: must be 0 or more, not -1"),
        ({"action": 5}, "action: cannot be 5"),
        ({"name": None}, "name: cannot be None"),
        ({"payload": b"x"}, "payload: cannot be b'x'"),
        ({"skip": 1.5}, "skip: cannot be 1.5"),
        ({"id": "x"}, "id: cannot be 'x'"),
        ({"delay": 10**12}, "delay: must be seconds, 0 or more, not 1000000000000"),
        ({"delay": "soon"}, "delay: cannot be 'soon'"),
        ({"probability": True}, "probability: cannot be True"),
    ],
)
def test_a_plan_that_can_never_be_meant_is_refused(fields: dict[str, object], problem: str) -> None:
    cloud = Cloud()
    with pytest.raises(InputError) as raised:
        cloud.plan(**fields)  # type: ignore[arg-type]  # wrong on purpose
    assert str(raised.value) == problem
    assert cloud.drivers.plans == []


def test_a_rule_stays_until_it_is_taken_back() -> None:
    cloud = Cloud()
    cloud.rule("ds", "CP", "failure", "ruled")
    allocate(cloud, "one")
    cloud.rule("ds", "CP", "default")
    allocate(cloud, "two")
    assert states(cloud) == ["ERROR", "LOCKED"]


def test_what_would_be_held_is_answered_otherwise_if_the_cloud_says_so() -> None:
    cloud = Cloud()
    cloud.drivers.otherwise = Plan("success", delay=2)
    cloud.plan("failure", "CP", name="bad")
    cloud.rule("ds", "MKFS", "hold")
    for name in ("good", "bad"):
        allocate(cloud, name)
    cloud.image.allocate("NAME=empty\nTYPE=DATABLOCK\nSIZE=1", 1)
    assert states(cloud) == ["LOCKED", "ERROR", "LOCKED"]
    loaded = Cloud.from_json(cloud.to_json())
    for one in (cloud, loaded):
        one.advance(2)
        assert states(one) == ["READY", "ERROR", "LOCKED"]
    allocate(loaded, "another")
    loaded.advance(2)
    assert states(loaded)[3] == "READY"


@pytest.mark.parametrize(
    ("role", "mode", "problem"),
    [("ds", "maybe", "mode: 'maybe' is none of"), ("db", "hold", "role: 'db' is none of")],
)
def test_a_rule_that_is_none_is_refused(role: str, mode: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        Cloud().rule(role, "CP", mode)  # type: ignore[arg-type]  # wrong on purpose


def test_machine_drivers_answer_at_once_unless_a_plan_holds_them() -> None:
    cloud = Cloud()
    cloud.plan("hold", "DEPLOY", role="vmm", count=1)
    cloud.plan("success", role="ds")
    allocate(cloud, "one")
    for _ in range(2):
        vm = cloud.vm.allocate('CPU="1" MEMORY="1" DISK=[IMAGE_ID="0"]')
        cloud.vm.deploy(vm, 0)
    assert [vm.state.name for vm in cloud.vms] == ["BOOT", "RUNNING"]
    cloud.fail("DEPLOY", 0)
    assert cloud.vms[0].state.name == "BOOT_FAILURE"
    assert cloud.images[0].state is ImageState.USED
