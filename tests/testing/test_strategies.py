"""The Hypothesis strategies: what they draw, that all of it is reached, and that it shrinks."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from http.client import HTTPException
from xml.parsers.expat import ExpatError
from xmlrpc.client import Error

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from lifecycle import GONE, Cloud, ImageState, InputError, Plan
from lifecycle.endpoint.rules import FaultRule  # noqa: TC001 - Hypothesis looks at annotations
from lifecycle.states import AnyState  # noqa: TC001 - Hypothesis looks at annotations
from lifecycle.testing import (
    Answer,
    Call,
    ClientRefused,
    History,
    OpenNebula,
    Wait,
    XmlRpcClient,
    api_faults,
    fault_plans,
    histories,
    next_steps,
    plans,
    situations,
)

NAMES = {"History": History, "Call": Call, "Answer": Answer, "Wait": Wait}
"""What a history prints itself with."""

STEADY = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    suppress_health_check=list(HealthCheck),
)


@STEADY
@given(histories())
def test_every_step_of_a_history_is_accepted_where_it_is_taken(history: History) -> None:
    cloud = Cloud()
    for step in history.steps:
        reply = step.take(cloud)
        assert reply is None or reply.ok, (step, reply)


@STEADY
@given(histories())
def test_a_history_leads_to_the_same_situation_again_and_prints_as_what_makes_it(
    history: History,
) -> None:
    again = eval(repr(history), NAMES)  # noqa: S307 - our own text
    assert again == history
    assert again.cloud().to_json() == history.cloud().to_json()


def test_every_state_is_reached() -> None:
    seen: set[AnyState] = set()

    @settings(STEADY, max_examples=400)
    @given(situations())
    def look(cloud: Cloud) -> None:
        seen.update(image.state for image in cloud.images)

    look()
    assert seen == set(ImageState) - {ImageState.INIT}


def test_a_history_shrinks_to_what_matters() -> None:
    history = find(
        histories(max_size=4),
        lambda one: any(image.state is ImageState.USED for image in one.cloud().images),
        settings=settings(STEADY, max_examples=1000),
    )
    assert len(history.steps) <= 4


def test_a_failing_test_prints_the_history_of_its_cloud() -> None:
    @settings(STEADY, phases=[Phase.generate])
    @given(situations(max_size=8))
    def fail(cloud: Cloud) -> None:
        assert not cloud.vms.ids()

    with pytest.raises(AssertionError) as raised:
        fail()
    told = "\n".join(raised.value.__notes__)
    found = re.search(r"the cloud is (History\(.*\))\.cloud\(\)", told, re.DOTALL)
    assert found is not None, told
    history: History = eval(found[1], NAMES)  # noqa: S307 - our own text
    assert history.cloud().vms.ids()


def test_histories_have_as_many_steps_as_is_said() -> None:
    counted: Counter[int] = Counter()

    @STEADY
    @given(histories(min_size=2, max_size=4))
    def count(history: History) -> None:
        counted[len(history.steps)] += 1

    count()
    assert {2, 4} <= set(counted) <= {2, 3, 4}


@STEADY
@given(plans())
def test_plans_can_be_added_to_a_cloud(plan: Plan) -> None:
    cloud = Cloud()
    cloud.drivers.plans.append(plan)
    cloud.image.allocate('NAME="a" TYPE="DATABLOCK" SIZE="1"', 1)
    cloud.advance(3600)
    assert cloud.images[0].state.name in {"LOCKED", "READY", "ERROR"}


@STEADY
@given(fault_plans(max_size=2))
def test_fault_plans_make_nothing_succeed(drawn: list[Plan]) -> None:
    assert len(drawn) <= 2
    assert {plan.outcome for plan in drawn} <= {"failure", "hold"}


@settings(STEADY, max_examples=10)
@given(api_faults())
def test_a_client_that_tries_again_comes_through_all_faults(drawn: list[FaultRule]) -> None:
    with OpenNebula() as opennebula:
        opennebula.add_faults(drawn)
        for _ in range(30):
            with (
                suppress(ClientRefused, Error, OSError, HTTPException, ExpatError),
                XmlRpcClient(opennebula.endpoint, opennebula.session) as client,
            ):
                assert client.ids() == []
                return
    pytest.fail("it never came through")


@pytest.mark.parametrize(
    ("sizes", "problem"),
    [
        ({"max_size": -1}, "max_size: must be a whole number, 0 or more, not -1"),
        ({"min_size": True}, "min_size: must be a whole number, 0 or more, not True"),
        ({"min_size": 3, "max_size": 2}, "min_size: must be 2 or less, as max_size is, not 3"),
    ],
)
def test_sizes_that_can_never_be_meant_are_refused(sizes: dict[str, int], problem: str) -> None:
    with pytest.raises(InputError) as raised:
        histories(**sizes)
    assert str(raised.value) == problem


def test_what_can_be_done_next_is_told_by_subject() -> None:
    cloud = Cloud()
    assert set(next_steps(cloud)) == {"birth"}
    cloud.image.allocate('NAME="a" TYPE="DATABLOCK" SIZE="1"', 1)
    assert next_steps(cloud)["answer"] == [Answer("MKFS", 0), Answer("MKFS", 0, ok=False)]
    cloud.complete("MKFS", 0)
    steps = next_steps(cloud)
    assert steps["copy"] == [Call("one.image.clone", (0, "image-1"))]
    assert Call("one.image.enable", (0, False)) in steps["image"]
    assert Call("one.image.snapshotdelete", (0, 0)) not in steps["image"]
    cloud.image.lock(0, 1)
    assert next_steps(cloud)["image"] == [Call("one.image.unlock", (0,))]
    cloud.image.unlock(0)
    cloud.plan("success", "RM", delay=5)
    cloud.image.delete(0)
    assert next_steps(cloud)["wait"] == [Wait(1), Wait(60)]
    assert "answer" not in next_steps(cloud)
    image = cloud.images[0]
    Wait(60).take(cloud)
    assert image.state is GONE
