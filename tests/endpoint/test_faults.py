"""Fault rules: calls that fail as they are told to."""

from __future__ import annotations

import http.client
import time
import xmlrpc.client
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError

import pytest

from lifecycle.endpoint import FaultRule
from lifecycle.endpoint.call import Call
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from xmlrpc.client import ServerProxy

    from lifecycle.endpoint import Endpoint
    from tests.endpoint.conftest import Remote


def version(endpoint: Endpoint, client: ServerProxy) -> object:
    return client.one.system.version(endpoint.session)


GOOD = [True, "7.4.0", 0]


class TestEffects:
    def test_an_error_code_is_answered_in_oneds_form(
        self, endpoint: Endpoint, client: ServerProxy
    ) -> None:
        endpoint.fault(error="LOCKED", text="busy")
        assert version(endpoint, client) == [False, "[one.system.version] busy", 0x8000, -1, -1]

    def test_a_fault_is_answered(self, endpoint: Endpoint, client: ServerProxy) -> None:
        endpoint.fault(fault=-500, text="oops")
        with pytest.raises(xmlrpc.client.Fault) as fault:
            version(endpoint, client)
        assert (fault.value.faultCode, fault.value.faultString) == (-500, "oops")

    def test_an_http_status_is_answered(self, endpoint: Endpoint, client: ServerProxy) -> None:
        endpoint.fault(status=502)
        with pytest.raises(xmlrpc.client.ProtocolError) as error:
            version(endpoint, client)
        assert error.value.errcode == 502

    def test_a_connection_is_dropped(self, endpoint: Endpoint, client: ServerProxy) -> None:
        endpoint.fault(drop=True)
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            version(endpoint, client)

    def test_an_answer_is_cut(self, endpoint: Endpoint, client: ServerProxy) -> None:
        endpoint.fault(cut=40)
        with pytest.raises(ExpatError):
            version(endpoint, client)

    def test_an_answer_is_late(self, endpoint: Endpoint, client: ServerProxy) -> None:
        endpoint.fault(delay=0.05)
        began = time.monotonic()
        assert version(endpoint, client) == GOOD
        assert time.monotonic() - began >= 0.05

    def test_an_endpoint_that_ends_does_not_wait_for_a_delay(self, endpoint: Endpoint) -> None:
        endpoint.fault(delay=3600, count=1)
        connection = http.client.HTTPConnection("127.0.0.1", endpoint.port)
        body = xmlrpc.client.dumps((endpoint.session,), "one.system.version")
        connection.request("POST", "/RPC2", body)
        while next(iter(endpoint.faults))[1].count:
            time.sleep(0.001)
        endpoint.stop()
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            connection.getresponse()
        connection.close()

    @pytest.mark.parametrize(("made", "images"), [(True, 1), (False, 0)])
    def test_a_call_may_be_made_though_its_answer_is_lost(
        self, endpoint: Endpoint, client: ServerProxy, made: bool, images: int
    ) -> None:
        endpoint.fault("one.image.allocate", drop=True, made=made)
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            client.one.image.allocate(endpoint.session, 'NAME=a PATH="/a" SIZE=1', 1)
        assert len(endpoint.cloud.images) == images


class TestWhich:
    def test_a_rule_is_about_what_matches(self, endpoint: Endpoint, client: ServerProxy) -> None:
        endpoint.fault("one.image.*", id=7, user="oneadmin", error=0x2000)
        assert version(endpoint, client) == GOOD
        for number, code in ((7, 0x2000), (8, 0x400)):
            answer = client.one.image.info(endpoint.session, number)
            assert isinstance(answer, list)
            assert answer[2] == code

    def test_skip_and_count_choose_the_nth_call(
        self, endpoint: Endpoint, client: ServerProxy
    ) -> None:
        endpoint.fault(error="ACTION", skip=1, count=2)
        codes = []
        for _ in range(5):
            answer = version(endpoint, client)
            assert isinstance(answer, list)
            codes.append(answer[2])
        assert codes == [0, 0x800, 0x800, 0, 0]

    def test_a_probability_draws_under_its_seed(self) -> None:
        call = Call("one.image.info", ["oneadmin:opennebula", 1])
        rules = [FaultRule(drop=True, probability=0.5, seed=5) for _ in range(2)]
        first, second = ([rule.applies(call) for _ in range(64)] for rule in rules)
        assert first == second
        assert 0 < sum(first) < 64

    def test_the_first_rule_that_applies_is_taken(
        self, endpoint: Endpoint, client: ServerProxy
    ) -> None:
        endpoint.fault(error="ACTION", count=1)
        endpoint.fault(error="INTERNAL", count=1)
        codes = []
        for _ in range(3):
            answer = version(endpoint, client)
            assert isinstance(answer, list)
            codes.append(answer[2])
        assert codes == [0x800, 0x2000, 0]


def test_rules_are_set_over_http_too(
    endpoint: Endpoint, client: ServerProxy, control: Remote
) -> None:
    assert control.post("/faults", {"error": "ACTION", "count": 3}) == {"number": 1}
    assert version(endpoint, client) != GOOD
    (rule,) = control.get("/faults")
    assert (rule["number"], rule["count"]) == (1, 2)
    assert control.ask("DELETE", "/faults/1") == (200, {})
    assert version(endpoint, client) == GOOD


def test_a_rule_that_can_never_be_meant_is_refused(endpoint: Endpoint) -> None:
    with pytest.raises(InputError, match="probability: must be from 0 to 1"):
        endpoint.fault(drop=True, probability=2)
    assert len(endpoint.faults) == 0
