"""Calls over HTTP, with the standard library's client."""

from __future__ import annotations

import xmlrpc.client
from typing import TYPE_CHECKING, Any

import pytest

from lifecycle.endpoint import Endpoint

if TYPE_CHECKING:
    from xmlrpc.client import ServerProxy


def test_a_call_gives_its_value_in_three_elements(endpoint: Endpoint, client: ServerProxy) -> None:
    assert client.one.system.version(endpoint.session) == [True, "7.4.0", 0]


def test_a_call_changes_the_cloud(endpoint: Endpoint, client: ServerProxy) -> None:
    text = 'NAME="debian" PATH="/images/debian" SIZE="1"'
    assert client.one.image.allocate(endpoint.session, text, 1) == [True, 0, 0]
    assert endpoint.cloud.images[0].state.name == "LOCKED"


def test_a_refusal_names_the_object_that_is_not_there(
    endpoint: Endpoint, client: ServerProxy
) -> None:
    assert client.one.image.info(endpoint.session, 77) == [
        False,
        "[one.image.info] Error getting image [77].",
        0x400,
        77,
        -1,
    ]


@pytest.mark.parametrize("session", ["", "oneadmin", "oneadmin:wrong", "nobody:opennebula", 1])
def test_a_session_that_is_nobodys_is_refused(client: ServerProxy, session: str | int) -> None:
    message = "[one.system.version] User couldn't be authenticated, aborting call."
    assert client.one.system.version(session) == [False, message, 0x100, -1, -1]


@pytest.mark.parametrize(
    ("method", "params", "code", "text"),
    [
        ("one.nope", ["oneadmin:opennebula"], -506, "Method 'one.nope' not defined"),
        ("one.image.info", ["oneadmin:opennebula"], -501, "Not enough parameters"),
        (
            "one.image.info",
            ["oneadmin:opennebula", "6"],
            -501,
            "Parameter that is supposed to be integer is not",
        ),
        (
            "one.image.enable",
            ["oneadmin:opennebula", 1, 1],
            -501,
            "Parameter that is supposed to be boolean is not",
        ),
    ],
)
def test_a_call_that_cannot_be_is_a_fault(
    client: ServerProxy, method: str, params: list[Any], code: int, text: str
) -> None:
    with pytest.raises(xmlrpc.client.Fault) as fault:
        getattr(client, method)(*params)
    assert (fault.value.faultCode, fault.value.faultString) == (code, text)


def test_calls_about_calls_need_no_session(client: ServerProxy) -> None:
    methods = client.system.listMethods()
    assert isinstance(methods, list)
    assert "one.image.clone" in methods
    assert client.system.methodSignature("one.image.info") == [
        ["array", "string", "int", "boolean"]
    ]
    assert client.system.methodHelp("one.image.info") == "Returns Image information"


def test_several_calls_can_be_made_at_once(endpoint: Endpoint, client: ServerProxy) -> None:
    version = {"methodName": "one.system.version", "params": [endpoint.session]}
    answers = client.system.multicall([version, {"methodName": "one.nope", "params": []}])
    assert answers == [
        [[True, "7.4.0", 0]],
        {"faultCode": -506, "faultString": "Method 'one.nope' not defined"},
    ]


def test_an_endpoint_gives_its_port_back() -> None:
    with Endpoint() as first:
        port = first.port
    with Endpoint(port=port) as second:
        assert second.port == port


def test_a_call_that_is_not_there_leaves_a_line_in_the_log(
    client: ServerProxy, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(xmlrpc.client.Fault):
        client.one.vn.info("oneadmin:opennebula", 0)
    assert "a call was made that is not there: one.vn.info" in caplog.text


@pytest.mark.parametrize("session", ["serveradmin:", "serveradmin:x"])
def test_a_user_without_a_password_cannot_call(client: ServerProxy, session: str) -> None:
    answer = client.one.system.version(session)
    assert isinstance(answer, list)
    assert answer[0] is False
