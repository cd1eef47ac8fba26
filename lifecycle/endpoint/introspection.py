"""The calls about calls: ``system.*``, which need no session.

Sources: ``src/system_method.c`` and ``src/xmlrpc_decompose.c`` of xmlrpc-c 1.33.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.calls.remote import METHODS
from lifecycle.endpoint import reply
from lifecycle.endpoint.call import Other
from lifecycle.endpoint.fault import Fault, FaultCode, no_such_method

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.endpoint.call import Value
    from lifecycle.endpoint.reply import Answer

    Answering = Callable[[str, list[Value]], Answer]

_TYPE_NAMES = {"i": "int", "s": "string", "b": "boolean", "a": "array"}
_HELP = {"one.image.info": "Returns Image information"}
_VERSION = (1, 33, 14)
_KINDS: dict[type, tuple[int, str]] = {
    int: (0, "INT"),
    bool: (1, "BOOL"),
    str: (4, "STRING"),
    list: (6, "ARRAY"),
    dict: (7, "STRUCT"),
}
_OTHERS = {
    "double": (2, "DOUBLE"),
    "dateTime.iso8601": (3, "DATETIME"),
    "base64": (5, "BASE64"),
    "nil": (9, "NIL"),
    "ex:nil": (9, "NIL"),
    "i8": (10, "I8"),
    "ex:i8": (10, "I8"),
}
_MULTICALL = "system.multicall"


def list_methods() -> list[str]:
    """Name all calls that are answered."""
    return [*SYSTEM, *METHODS]


def answer(name: str, params: list[Value], call: Answering) -> Answer:
    """Answer a call about calls.

    Args:
        name: as in ``system.listMethods``.
        params: its parameters.
        call: answers a call of any kind, for ``system.multicall``.

    Raises:
        Fault: there is no such call, or a parameter is wrong.
    """
    if name not in SYSTEM:
        raise no_such_method(name)
    return SYSTEM[name](params, call)


def _methods(params: list[Value], _: Answering) -> Answer:
    _take(params, 0)
    return list(list_methods())


def _exists(params: list[Value], _: Answering) -> Answer:
    return _name(params) in list_methods()


def _help(params: list[Value], _: Answering) -> Answer:
    name = _known(params)
    if name in _HELP or name not in METHODS:
        return _HELP.get(name, "")
    return (METHODS[name].function.__doc__ or "").partition("\n")[0]


def _signature(params: list[Value], _: Answering) -> Answer:
    method = METHODS.get(_known(params))
    if method is None:
        return "undef"
    kinds = [_TYPE_NAMES[letter] for letter in method.required + method.optional]
    return [["array", "string", *kinds]]


def _capabilities(params: list[Value], _: Answering) -> Answer:
    _take(params, 0)
    major, minor, point = _VERSION
    return {
        "facility": "xmlrpc-c",
        "version_major": major,
        "version_minor": minor,
        "version_point": point,
        "protocol_version": 2,
    }


def _standard_capabilities(params: list[Value], _: Answering) -> Answer:
    _take(params, 0)
    place = "xmlrpc-c.sourceforge.net/xmlrpc-c/introspection.html"
    return {"introspect": {"specUrl": f"http://{place}", "specVersion": 1}}


def _shutdown(params: list[Value], _: Answering) -> Answer:
    """Refuse to end the server, as oned does."""
    try:
        _name(params)
    except Fault as fault:
        raise Fault(fault.code, f"Invalid parameter list.  {fault.text}") from fault
    raise Fault(0, "This server program is not capable of shutting down")


def _multicall(params: list[Value], call: Answering) -> Answer:
    if len(params) != 1:
        raise Fault(
            FaultCode.PARSE,
            "system.multicall takes one parameter, which is an array, each element describing"
            f" one RPC.  You supplied {len(params)} arguments",
        )
    calls = params[0]
    if not isinstance(calls, list):
        raise Fault(
            FaultCode.TYPE,
            "system.multicall's parameter should be an array, each element describing one RPC."
            f"  But it is type {_kind(calls)[0]} instead.",
        )
    return [_one_of_many(*_parts(one), call) for one in calls]


def _one_of_many(name: str, params: list[Value], call: Answering) -> Answer:
    try:
        return [call(name, params)]
    except Fault as fault:
        return reply.fault_struct(fault)


def _parts(one: Value) -> tuple[str, list[Value]]:
    """Give the name and the parameters of a call within a call."""
    if not isinstance(one, dict):
        raise Fault(
            FaultCode.TYPE,
            f"An element of the multicall array is type {_kind(one)[0]}, but should be a struct"
            " (with members 'methodName' and 'params')",
        )
    for member in ("methodName", "params"):
        if member not in one:
            raise Fault(FaultCode.INDEX, f"No member of struct has key '{member}'")
    name, params = one["methodName"], one["params"]
    if not isinstance(name, str):
        raise _not_a_string(name)
    if not isinstance(params, list):
        raise Fault(
            FaultCode.TYPE,
            f"Value to be decomposed is of type {_kind(params)[1]},"
            " but the 'A' specifier requires type ARRAY",
        )
    if name == _MULTICALL:
        raise Fault(FaultCode.REFUSED, "Recursive system.multicall forbidden")
    return name, params


SYSTEM: dict[str, Callable[[list[Value], Answering], Answer]] = {
    "system.listMethods": _methods,
    "system.methodExist": _exists,
    "system.methodHelp": _help,
    "system.methodSignature": _signature,
    _MULTICALL: _multicall,
    "system.shutdown": _shutdown,
    "system.capabilities": _capabilities,
    "system.getCapabilities": _standard_capabilities,
}


def _take(params: list[Value], count: int) -> None:
    """Let pass a certain number of parameters."""
    if len(params) < count:
        raise Fault(
            FaultCode.INDEX,
            f"Format string requests {count} items from array, but array has only"
            f" {len(params)} items.",
        )
    if len(params) > count:
        raise Fault(
            FaultCode.INDEX,
            f"Format string requests exactly {count} items from array, but array has"
            f" {len(params)} items.  (A '*' at the end would avoid this failure)",
        )


def _name(params: list[Value]) -> str:
    _take(params, 1)
    if not isinstance(params[0], str):
        raise _not_a_string(params[0])
    return params[0]


def _not_a_string(value: Value) -> Fault:
    kind = _kind(value)[1]
    return Fault(FaultCode.TYPE, f"Value of type {kind} supplied where type STRING was expected.")


def _kind(value: Value) -> tuple[int, str]:
    """Give the number and the name of a value's type."""
    return _OTHERS[value.type] if isinstance(value, Other) else _KINDS[type(value)]


def _known(params: list[Value]) -> str:
    name = _name(params)
    if name not in list_methods():
        raise Fault(FaultCode.NO_SUCH_METHOD, f"Method '{name}' does not exist")
    return name
