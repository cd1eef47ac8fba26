"""The calls about calls: ``system.*``, which need no session.

Source: ``src/registry.c``, ``src/system_method.c`` of xmlrpc-c 1.33.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.calls.remote import METHODS
from lifecycle.endpoint import reply
from lifecycle.endpoint.fault import Fault, FaultCode, no_such_method, too_few, wrong_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.endpoint.call import Value
    from lifecycle.endpoint.reply import Answer

    Answering = Callable[[str, list[Value]], Answer]

_TYPE_NAMES = {"i": "int", "s": "string", "b": "boolean", "a": "array"}
_HELP = {"one.image.info": "Returns Image information"}
_VERSION = (1, 33, 14)


def list_methods() -> list[str]:
    """Name all calls that are answered."""
    return [*SYSTEM, "system.multicall", *METHODS]


def answer(name: str, params: list[Value], call: Answering) -> Answer:
    """Answer a call about calls.

    Args:
        name: as in ``system.listMethods``.
        params: its parameters.
        call: answers a call of any kind, for ``system.multicall``.

    Raises:
        Fault: there is no such call, or a parameter is wrong.
    """
    if name == "system.multicall":
        return _multicall(params, call)
    if name not in SYSTEM:
        raise no_such_method(name)
    return SYSTEM[name](params)


def _methods(params: list[Value]) -> Answer:
    _no_more_than(params, 0)
    return list(list_methods())


def _exists(params: list[Value]) -> Answer:
    return _name(params) in list_methods()


def _help(params: list[Value]) -> Answer:
    name = _known(params)
    if name in _HELP or name not in METHODS:
        return _HELP.get(name, "")
    return (METHODS[name].function.__doc__ or "").partition("\n")[0]


def _signature(params: list[Value]) -> Answer:
    name = _known(params)
    method = METHODS.get(name)
    if method is None:
        return "undef"
    kinds = [_TYPE_NAMES[letter] for letter in method.required + method.optional]
    return [["array", "string", *kinds]]


def _capabilities(params: list[Value]) -> Answer:
    _no_more_than(params, 0)
    major, minor, point = _VERSION
    return {
        "facility": "xmlrpc-c",
        "version_major": major,
        "version_minor": minor,
        "version_point": point,
        "protocol_version": 2,
    }


def _standard_capabilities(params: list[Value]) -> Answer:
    _no_more_than(params, 0)
    place = "xmlrpc-c.sourceforge.net/xmlrpc-c/introspection.html"
    return {"introspect": {"specUrl": f"http://{place}", "specVersion": 1}}


SYSTEM: dict[str, Callable[[list[Value]], Answer]] = {
    "system.listMethods": _methods,
    "system.methodExist": _exists,
    "system.methodHelp": _help,
    "system.methodSignature": _signature,
    "system.capabilities": _capabilities,
    "system.getCapabilities": _standard_capabilities,
}


def _no_more_than(params: list[Value], count: int) -> None:
    if len(params) > count:
        raise Fault(FaultCode.TYPE, "Invalid argument list: too many arguments")


def _name(params: list[Value]) -> str:
    if not params:
        raise too_few()
    if not isinstance(params[0], str):
        raise wrong_type("a string")
    return params[0]


def _known(params: list[Value]) -> str:
    name = _name(params)
    if name not in list_methods():
        raise no_such_method(name)
    return name


def _multicall(params: list[Value], call: Answering) -> Answer:
    if not params:
        raise too_few()
    calls = params[0]
    if not isinstance(calls, list):
        raise wrong_type("an array")
    return [_one_of_many(one, call) for one in calls]


def _one_of_many(one: Value, call: Answering) -> Answer:
    try:
        return [call(*_parts(one))]
    except Fault as fault:
        return reply.fault_struct(fault)


def _parts(one: Value) -> tuple[str, list[Value]]:
    """Give the name and the parameters of a call within a call."""
    if not isinstance(one, dict):
        raise wrong_type("a struct")
    name, params = one.get("methodName"), one.get("params")
    if not isinstance(name, str) or not isinstance(params, list):
        raise Fault(FaultCode.TYPE, "a call needs methodName, a string, and params, an array")
    if name == "system.multicall":
        raise Fault(FaultCode.TYPE, "Recursive system.multicall forbidden")
    return name, params
