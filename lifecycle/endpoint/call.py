"""A call as it comes over the wire: the method's name and its parameters as values.

Integers are ``int``, booleans ``bool``, texts ``str``, arrays ``list``, structs
``dict``; what no call of oned's takes is an `Other`, so that it is of a wrong
type wherever it stands.

Sources: ``src/parse_value.c`` and ``src/xmlrpc_parse.c`` of xmlrpc-c 1.33.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.endpoint.fault import Fault, FaultCode
from lifecycle.endpoint.xml import parse

if TYPE_CHECKING:
    from lifecycle.endpoint.xml import Element

_MOST_NESTED = 64
_LEAST_INT, _MOST_INT = -(2**31), 2**31 - 1
_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_MOST_DIGITS = 20
_INT_NAMES = frozenset({"int", "i4", "i1", "i2", "ex:i1", "ex:i2"})
_BLANKS = " \t\n\v\f\r"


class Other(NamedTuple):
    """A value of a type that no call takes: i8, double, dateTime, base64, nil.

    Attributes:
        type: the type, by the name of its element.
        text: the value, as it was sent.
    """

    type: str
    text: str


Value = int | str | bool | Other | list["Value"] | dict[str, "Value"]


class Call(NamedTuple):
    """A call.

    Attributes:
        method: the name of the method.
        params: all parameters; the first is the session, where it needs one.
    """

    method: str
    params: list[Value]


def read_call(body: bytes) -> Call:
    """Read the body of a request.

    Raises:
        Fault: it is not well-formed, or no call.
    """
    root = parse(body)
    if root.name != "methodCall":
        raise _broken(
            f"XML-RPC call should be a <methodCall> element.  Instead, we have a <{root.name}>"
            " element."
        )
    name = _child(root, "methodName")
    if name.children:
        raise _broken(
            "A <methodName> element should not have children."
            f"  This one has {len(name.children)} of them."
        )
    count = len(root.children)
    params = [_param(one) for one in _child(root, "params").children] if count > 1 else []
    if count > 2:  # noqa: PLR2004 - the name and the parameters
        raise _broken(
            "<methodCall> has extraneous children, other than <methodName> and <params>."
            f"  Total child count = {count}"
        )
    return Call(name.text, params)


def _broken(what: str) -> Fault:
    return Fault(FaultCode.PARSE, f"Call XML not a proper XML-RPC call.  {what}")


def _child(parent: Element, name: str) -> Element:
    for child in parent.children:
        if child.name == name:
            return child
    raise _broken(f"Expected <{parent.name}> to have child <{name}>")


def _expect(element: Element, name: str) -> None:
    if element.name != name:
        raise _broken(f"Expected element of type <{name}>, found <{element.name}>")


def _param(element: Element) -> Value:
    _expect(element, "param")
    if len(element.children) != 1:
        raise _broken(f"Expected <param> to have 1 children, found {len(element.children)}")
    _expect(element.children[0], "value")
    return _value(element.children[0], _MOST_NESTED)


def _value(element: Element, depth: int) -> Value:
    if depth < 1:
        raise _broken("Nested data structure too deep.")
    if element.name != "value":
        raise _broken(f"<{element.name}> element where <value> expected")
    children = element.children
    if not children:
        return element.text
    if len(children) > 1:
        raise _broken(f"<value> has {len(children)} child elements.  Only zero or one make sense.")
    child = children[0]
    if child.name == "struct":
        return dict(_member(one, depth) for one in child.children)
    if child.name == "array":
        return _array(child, depth)
    if child.children:
        raise _broken(
            "The child of a <value> element is neither <array> nor <struct>,"
            f" but has {len(child.children)} child elements of its own."
        )
    return _simple(child.name, child.text)


def _array(element: Element, depth: int) -> list[Value]:
    if len(element.children) != 1:
        raise _broken(
            f"<array> element has {len(element.children)} children.  Only one <data> makes sense."
        )
    data = element.children[0]
    if data.name != "data":
        raise _broken(f"<array> element has <{data.name}> child.  Only <data> makes sense.")
    values = []
    for one in data.children:
        if one.name != "value":
            raise _broken(f"<data> element has <{one.name}> child.  Only <value> makes sense.")
        values.append(_value(one, depth - 1))
    return values


def _member(element: Element, depth: int) -> tuple[str, Value]:
    if element.name != "member":
        raise _broken(f"<{element.name}> element found where only <member> makes sense")
    if len(element.children) != 2:  # noqa: PLR2004 - the name and the value
        raise _broken(
            f"<member> element has {len(element.children)} children."
            "  Only one <name> and one <value> make sense."
        )
    found = {child.name: child for child in element.children}
    for name in ("name", "value"):
        if name not in found:
            raise _broken(f"<member> has no <{name}> child")
    if found["name"].children:
        raise _broken(
            f"<name> element has {len(found['name'].children)} children.  Should have none."
        )
    return found["name"].text, _value(found["value"], depth - 1)


def _simple(name: str, text: str) -> Value:
    if name == "string":
        return text
    if name in _INT_NAMES:
        return _integer(text)
    if name == "boolean":
        if text not in {"0", "1"}:
            raise _broken(
                "<boolean> XML element content must be either '0' or '1' according to XML-RPC."
                f"  This one has '{text}'"
            )
        return text == "1"
    if name in {"i8", "ex:i8"}:
        _check_i8(text)
    elif name == "double":
        _check_double(text)
    elif name == "base64":
        _check_base64(text)
    elif name not in {"nil", "ex:nil", "dateTime.iso8601"}:
        raise _broken(f"Unknown value type -- XML element is named <{name}>")
    return Other(name, text)


def _integer(text: str) -> int:
    if not text:
        raise _broken("<int> XML element content is empty")
    if text[0] in _BLANKS:
        raise _broken(f"<int> content '{text}' starts with white space")
    match = _INTEGER.match(text)
    digits = match.group() if match else ""
    number = int(digits[: _MOST_DIGITS + 1] or "0")
    if not -(2**63) <= number < 2**63:
        raise _broken(
            f"<int> XML element value '{text}' represents a number beyond the range that"
            f" XML-RPC allows ({_LEAST_INT} - {_MOST_INT})"
        )
    if number < _LEAST_INT:
        raise _broken(
            f"<int> value {number} is below the range allowed by XML-RPC (minimum is {_LEAST_INT})"
        )
    if number > _MOST_INT:
        raise _broken(
            f"<int> value {number} is above the range allowed by XML-RPC (maximum is {_MOST_INT})"
        )
    if junk := text[len(digits) :]:
        raise _broken(f"<int> value '{text}' contains non-numerical junk: '{junk}'")
    return number


def _check_i8(text: str) -> None:
    if not text:
        raise _broken("<i8> XML element content is empty")
    if text[0] in _BLANKS:
        raise _broken(f"<i8> content '{text}' starts with white space")
    if not _INTEGER.fullmatch(text) or not -(2**63) <= int(text[:_MOST_DIGITS]) < 2**63:
        raise _broken(
            f"<i8> XML element value '{text}' is invalid because it does not represent"
            " a 64 bit integer."
        )


def _check_double(text: str) -> None:
    try:
        float(text)
    except ValueError:
        raise _broken(
            f"<double> element value '{text}' is not a valid floating point number."
            f"  {_why_no_double(text)}"
        ) from None


def _why_no_double(text: str) -> str:
    digits = text[1:] if text[:1] in {"+", "-"} else text
    rest = digits.lstrip("0123456789")
    if rest.startswith("."):
        rest = rest[1:].lstrip("0123456789")
        if rest.startswith("."):
            return "Two decimal points"
    return f"Garbage (not sign, digit, or period) starting at '{rest}'" if rest else "No digits"


def _check_base64(text: str) -> None:
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise _broken("Invalid base64 data") from None
