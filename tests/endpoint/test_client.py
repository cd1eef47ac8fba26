"""The control path in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lifecycle.endpoint import ControlClient, ControlError, Endpoint, Limits
from lifecycle.refusal import InputError, NotAskedError

if TYPE_CHECKING:
    from xmlrpc.client import ServerProxy

TEXT = 'NAME="debian" PATH="/images/debian" SIZE="1"'


@pytest.fixture
def control(endpoint: Endpoint) -> ControlClient:
    return ControlClient(endpoint.control_url, endpoint.token)


def test_whole_clouds_may_be_larger_than_calls() -> None:
    with Endpoint(limits=Limits(body=10, trusted=100_000)) as endpoint:
        control = ControlClient(endpoint.control_url, endpoint.token)
        control.load(control.save())
        stranger = ControlClient(endpoint.control_url, "a guess")
        for client, value in ((control, "x" * 100_000), (stranger, "x" * 10)):
            with pytest.raises(ControlError, match="larger than the endpoint takes"):
                client.load({"format": value})


def test_requests_are_completed_and_failed(
    endpoint: Endpoint, client: ServerProxy, control: ControlClient
) -> None:
    for name in ("a", "b"):
        client.one.image.allocate(endpoint.session, f'NAME="{name}" PATH="/i" SIZE="1"', 1)
    first, second = control.requests()
    control.complete(first["number"])
    control.fail(second["number"], "no route")
    assert [image.state.name for image in endpoint.cloud.images] == ["READY", "ERROR"]
    assert control.answer("CP", 0, ok=False, unasked=True) is None
    assert endpoint.cloud.images[0].state.name == "ERROR"


def test_plans_faults_and_time_are_set(
    endpoint: Endpoint, client: ServerProxy, control: ControlClient
) -> None:
    assert control.plan(delay=60) == 0
    control.otherwise(outcome="success")
    client.one.image.allocate(endpoint.session, TEXT, 1)
    before = control.now()
    assert control.advance(60) == before + 60
    assert endpoint.cloud.images[0].state.name == "READY"
    control.clear_plans()
    assert control.fault("one.image.info", error="ACTION") == 1
    assert control.about()["faults"] == len(control.faults()) == 1
    control.clear_faults()
    control.tie(10)
    assert endpoint.service.speed == 10
    control.tie(0)


def test_a_cloud_goes_out_and_comes_back(
    endpoint: Endpoint, client: ServerProxy, control: ControlClient
) -> None:
    client.one.image.allocate(endpoint.session, TEXT, 1)
    saved = control.save()
    assert "journal" not in saved
    assert control.save(journal=True)["journal"]
    control.reset()
    assert control.about()["images"] == 0
    control.load(saved)
    assert control.about()["images"] == 1


def test_the_journal_comes_whole_and_as_it_grows(
    endpoint: Endpoint, client: ServerProxy, control: ControlClient
) -> None:
    client.one.image.allocate(endpoint.session, TEXT, 1)
    entries = control.journal()
    assert [entry["kind"] for entry in control.journal(kind="asked")] == ["asked"]
    coming = control.events(after=0)
    assert [next(coming) for _ in entries] == entries
    endpoint.stop()
    assert list(coming) == []


def test_mistakes_are_raised(endpoint: Endpoint, control: ControlClient) -> None:
    with pytest.raises(InputError, match="outcome: 'maybe' is none of"):
        control.plan(outcome="maybe")
    with pytest.raises(NotAskedError, match="no request 5 is open"):
        control.complete(5)
    with pytest.raises(ControlError, match="token"):
        ControlClient(endpoint.control_url, "wrong").requests()
    with pytest.raises(ControlError, match="token"):
        next(ControlClient(endpoint.control_url, "wrong").events())
    with pytest.raises(ControlError, match="is no control path"):
        ControlClient(endpoint.root + "/elsewhere", "x").requests()
    endpoint.stop()
    for ask in (control.requests, lambda: next(control.events())):
        with pytest.raises(ControlError, match="does not answer"):
            ask()
