"""OpenNebula's template text: ``NAME = "value"``, ``DISK = [ IMAGE_ID = "3" ]``, or XML.

Source: ``src/parsers/template_parser.l`` and ``src/template/Template.cc`` of
OpenNebula 7.4.0, and what a running daemon was seen to accept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lifecycle.cloud.template_text import Pairs, Value, attributes
from lifecycle.cloud.template_xml import elements

_PLAIN = re.compile(r"[^=# \t\n,\[\]\"]+")
_NUMBER = re.compile(r"[+-]?[0-9]+")
_MOST = 2**63
_MOST_DIGITS = 100


def parse(text: str) -> Pairs:
    """Read a template into names (upper-case) and values, in the order of the text.

    Raises:
        ParseError: the text is no template.
    """
    return _trimmed(elements(text) if text.startswith("<") else attributes(text))


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
    found = _NUMBER.fullmatch(text_of(template, name).lstrip())
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
    if text.endswith("\\") and _PLAIN.fullmatch(text):
        return text  # a quote behind it would be taken for one of the value
    return '"' + text.replace('"', '\\"') + '"'


def _trimmed(pairs: Pairs) -> Pairs:
    """Cut the blanks around a name, and around nothing else."""
    return [
        (name, value.strip() if name == "NAME" and isinstance(value, str) else value)
        for name, value in pairs
    ]
