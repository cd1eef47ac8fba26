"""Whether two answers are alike: in structure, types, codes, texts, and documents.

What is compared are the bodies of XML-RPC answers, so the same comparison
serves a cloud in the process and a server behind HTTP. Documents are compared
after parsing, element by element in their order; what a clock or chance made is
set aside (`MASKED`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

MASKED = frozenset(
    {
        *("REGTIME", "MODTIME", "STIME", "ETIME", "PSTIME", "PETIME", "RSTIME", "RETIME"),
        *("ESTIME", "EETIME", "DATE", "TIME", "REQ_ID", "REQUEST_ID", "UUID"),
        *("TOKEN_PASSWORD", "ONE_KEY", "ENDPOINT", "ENDPOINT_GRPC", "PORT", "GRPC_PORT"),
    }
)
"""The elements whose text is a time, a number of a request, chance, or a port."""

_DATE = re.compile(r"\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} ?: ")
_BACKUP = re.compile(r"(\d+ )\d\d-\w{3} \d\d\.\d\d\.\d\d")
_LOCK_TIME = re.compile(r"\[one\.\w+\.lock\] \d+")
_HASH = re.compile(r"[0-9a-f]{64}")

Line = tuple[str, str]


def differences(recorded: str | bytes, answered: str | bytes) -> list[str]:
    """Say where the body of an answer differs from one that was recorded; nothing when alike."""
    return list(_unequal(list(_lines(recorded)), list(_lines(answered))))


def documents_differ(recorded: str, answered: str) -> list[str]:
    """Say where a document differs from one that was recorded; nothing when alike."""
    return list(_unequal(list(_document(recorded)), list(_document(answered))))


def _unequal(one: list[Line], two: list[Line]) -> Iterator[str]:
    for place, (want, got) in enumerate(zip(one, two, strict=False)):
        if want != got:
            yield f"line {place}: recorded {want}, answered {got}"
            return
    if len(one) != len(two):
        longer, word = (one, "recorded") if len(one) > len(two) else (two, "answered")
        yield f"line {min(len(one), len(two))}: only {word}: {longer[min(len(one), len(two))]}"


def _lines(body: str | bytes) -> Iterator[Line]:
    """Give an answer line by line: each value with its path and type, a document spread out."""
    root = ET.fromstring(body)  # noqa: S314 - recorded, or written by the project
    yield from _value_lines(root, "")


def _value_lines(element: ET.Element, path: str) -> Iterator[Line]:
    path = f"{path}/{element.tag}"
    text = element.text or ""
    if len(element):
        yield path, ""
        for child in element:
            yield from _value_lines(child, path)
    elif element.tag in {"string", "value"} and text.startswith("<"):
        yield path, "a document"
        yield from _document(text)
    else:
        yield path, "" if not text.strip() and element.tag == "data" else _masked_text(text)


def _document(text: str) -> Iterator[Line]:
    yield from _element_lines(ET.fromstring(text), "")  # noqa: S314 - as above


def _element_lines(element: ET.Element, path: str) -> Iterator[Line]:
    path = f"{path}/{element.tag}"
    text = (element.text or "").strip() if len(element) else element.text or ""
    yield path, _masked(element.tag, text, path)
    for child in element:
        yield from _element_lines(child, path)


def _masked(name: str, text: str, path: str) -> str:
    if name in MASKED:
        return "*"
    if name == "PASSWORD" and path.endswith("/USER/PASSWORD") and _HASH.fullmatch(text):
        return "a hash"
    return _masked_text(text)


def _masked_text(text: str) -> str:
    text = _DATE.sub("", text)
    text = _BACKUP.sub(r"\1*", text)
    return _LOCK_TIME.sub("*", text)
