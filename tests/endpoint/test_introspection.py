"""Calls about calls: what is answered to parameters that cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lifecycle import Cloud
from lifecycle.cloud.calls.remote import METHODS
from lifecycle.endpoint.call import Other
from lifecycle.endpoint.fault import Fault
from lifecycle.endpoint.introspection import SYSTEM, list_methods
from lifecycle.endpoint.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable

ADMIN = "oneadmin:opennebula"


@pytest.fixture
def call() -> Callable[[str, list[Any]], Any]:
    return Service(Cloud()).call


@pytest.mark.parametrize(
    ("name", "params", "code", "text"),
    [
        ("system.nope", [], -506, "Method 'system.nope' not defined"),
        ("system.listMethods", [1], -502, "Format string requests exactly 0 items"),
        ("system.capabilities", [1], -502, "Format string requests exactly 0 items"),
        ("system.methodHelp", [], -502, "Format string requests 1 items from array"),
        ("system.methodHelp", [5], -501, "Value of type INT supplied where type STRING"),
        ("system.methodHelp", [Other("i8", "1")], -501, "Value of type I8 supplied where"),
        ("system.methodHelp", ["one.nope"], -506, "Method 'one.nope' does not exist"),
        ("system.methodSignature", ["one.nope"], -506, "Method 'one.nope' does not exist"),
        ("system.shutdown", [], -502, "Invalid parameter list.  Format string requests"),
        ("system.shutdown", ["bye"], 0, "This server program is not capable of"),
        ("system.multicall", [], -503, "system.multicall takes one parameter"),
        ("system.multicall", ["x"], -501, "system.multicall's parameter should be an array"),
        ("system.multicall", [[5]], -501, "An element of the multicall array is type 0"),
        ("system.multicall", [[{}]], -502, "No member of struct has key 'methodName'"),
        ("system.multicall", [[{"methodName": "x"}]], -502, "No member of struct has key 'params'"),
        ("system.multicall", [[{"methodName": 1, "params": []}]], -501, "Value of type INT"),
        ("system.multicall", [[{"methodName": "x", "params": 1}]], -501, "Value to be decomposed"),
        (
            "system.multicall",
            [[{"methodName": "system.multicall", "params": []}]],
            -507,
            "Recursive system.multicall forbidden",
        ),
    ],
)
def test_a_wrong_parameter_is_a_fault(
    call: Callable[[str, list[Any]], Any], name: str, params: list[Any], code: int, text: str
) -> None:
    with pytest.raises(Fault) as fault:
        call(name, params)
    assert fault.value.code == code
    assert fault.value.text.startswith(text)


def test_every_method_has_a_signature_and_a_help(call: Callable[[str, list[Any]], Any]) -> None:
    assert {*SYSTEM, *METHODS} == set(call("system.listMethods", []))
    for name in list_methods():
        assert call("system.methodExist", [name]) is True
        assert isinstance(call("system.methodHelp", [name]), str)
        signature = call("system.methodSignature", [name])
        assert signature == "undef" if name in SYSTEM else signature[0][:2] == ["array", "string"]


def test_of_many_calls_each_gets_its_answer(call: Callable[[str, list[Any]], Any]) -> None:
    version = {"methodName": "one.system.version", "params": [ADMIN]}
    nope = {"methodName": "one.nope", "params": []}
    good, bad = call("system.multicall", [[version, nope]])
    assert good == [[True, "7.4.0", 0]]
    assert bad["faultCode"] == -506
