"""OpenNebula's template text: ``NAME = "value"``, ``DISK = [ IMAGE_ID = "3" ]``, or XML.

Source: ``src/parsers/template_parser.l`` and ``src/template/Template.cc`` of
OpenNebula 7.4.0, and what a running daemon was seen to accept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree as ET

Value = str | dict[str, str]
Pairs = list[tuple[str, Value]]

_SKIP = re.compile(r"(?:[ \t\r]*#[^\n]*(?:\n|$)|\s+)*")
_NAME = re.compile(r"(\w+)[ \t]*=[ \t]*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_WORD = re.compile(r"[^\s=,\]\[#]+")
_OPEN = re.compile(r"\[\s*")
_CLOSE = re.compile(r"\s*\]\s*")
_COMMA = re.compile(r"\s*,\s*")
_NUMBER = re.compile(r"[+-]?[0-9]+")
_MOST = 2**63
_MOST_DIGITS = 100


class ParseError(ValueError):
    """When a text is no template; the message is oned's, roughly."""


def parse(text: str) -> Pairs:
    """Read a template into names (upper-case) and values, in the order of the text.

    Raises:
        ParseError: the text is no template.
    """
    if text.startswith("<"):
        return _parse_xml(text)
    pairs: Pairs = []
    place = _end(_SKIP, text, 0)
    while place < len(text):
        found = _NAME.match(text, place)
        if found is None:
            raise _error(text, place, "VARIABLE")
        name, place = found[1].upper(), found.end()
        value: Value
        if text.startswith("[", place):
            value, place = _vector(text, place)
        else:
            value, place = _single(text, place)
        pairs.append((name, value))
        place = _end(_SKIP, text, place)
    return pairs


def single(pairs: Pairs) -> dict[str, Value]:
    """Give attributes of which a later one of the same name wins, as images have them."""
    return dict(pairs)


def multiple(pairs: Pairs) -> dict[str, list[Value]]:
    """Give attributes of which each name may have several, as machines have them."""
    many: dict[str, list[Value]] = {}
    for name, value in pairs:
        many.setdefault(name, []).append(value)
    return many


def text_of(template: Mapping[str, Any], name: str) -> str:
    """Give an attribute's text, "" when there is none."""
    value = template.get(name, "")
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str)), "")
    return value if isinstance(value, str) else ""


def number_of(template: Mapping[str, Any], name: str) -> int | None:
    """Give an attribute as a whole number of 64 bits, None when it is none."""
    found = _NUMBER.fullmatch(text_of(template, name))
    number = int(found[0]) if found and len(found[0]) < _MOST_DIGITS else None
    return number if number is not None and -_MOST <= number < _MOST else None


def leading_number(text: str) -> int | None:
    """Give the whole number that a text begins with, as a C++ stream reads it."""
    found = _NUMBER.match(text.lstrip())
    return int(found[0]) if found and len(found[0]) < _MOST_DIGITS else None


def kept(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Give the attributes that a record keeps: a vector without parts is lost."""
    return {
        name: [one for one in value if one != {}] if isinstance(value, list) else value
        for name, value in attributes.items()
        if value not in ({}, [{}])
    }


def write(template: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> str:
    """Give a template as text that `parse` reads again.

    A list stands for several attributes of one name, a dict for a vector.
    """
    items = template.items() if isinstance(template, Mapping) else template
    lines = []
    for name, value in items:
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Mapping):
                inner = ", ".join(f"{key}={_quoted(item)}" for key, item in one.items())
                lines.append(f"{name} = [ {inner} ]\n")
            else:
                lines.append(f"{name} = {_quoted(one)}\n")
    return "".join(lines)


def _quoted(value: object) -> str:
    text = ("YES" if value else "NO") if isinstance(value, bool) else str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _single(text: str, place: int) -> tuple[str, int]:
    found = _QUOTED.match(text, place)
    if found is not None:
        return found[1].replace('\\"', '"').replace("\\\\", "\\").strip(), found.end()
    found = _WORD.match(text, place)
    if found is not None:
        return found[0], found.end()
    if place >= len(text) or text[place] == "\n":
        return "", place
    raise _error(text, place, "STRING")


def _vector(text: str, place: int) -> tuple[dict[str, str], int]:
    place = _end(_OPEN, text, place)
    values: dict[str, str] = {}
    if (closed := _CLOSE.match(text, place)) is not None:
        return values, closed.end()
    while True:
        found = _NAME.match(text, place)
        if found is None:
            raise _error(text, place, "CBRACKET or VARIABLE")
        value, place = _single(text, found.end())
        values[found[1].upper()] = value
        if (closed := _CLOSE.match(text, place)) is not None:
            return values, closed.end()
        comma = _COMMA.match(text, place)
        if comma is None:
            raise _error(text, place, "COMMA or CBRACKET")
        place = comma.end()


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found is not None else place


def _error(text: str, place: int, expected: str) -> ParseError:
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    met = "$end" if place >= len(text) else repr(text[place])
    return ParseError(
        f"Parse error: syntax error, unexpected {met}, expecting {expected}"
        f" at line {line}, columns {column}:{column + 1}"
    )


def _parse_xml(text: str) -> Pairs:
    if "<!" in text.replace("<![CDATA[", ""):
        raise ParseError("Parse error: XML Template malformed.")
    try:
        root = ET.fromstring(text)  # noqa: S314 - a document type, and so every entity, is refused above
    except ET.ParseError as error:
        raise ParseError("Parse error: XML Template malformed.") from error
    pairs: Pairs = []
    for child in root:
        if len(child):
            vector = {leaf.tag.upper(): (leaf.text or "").strip() for leaf in child}
            pairs.append((child.tag.upper(), vector))
        else:
            pairs.append((child.tag.upper(), (child.text or "").strip()))
    return pairs
