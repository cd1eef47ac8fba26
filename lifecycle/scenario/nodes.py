"""Reads YAML into plain nodes that know their line, and refuses what a scenario never needs.

A scenario is written by hand, so what YAML offers beside texts, lists and
fields (anchors, aliases, tags, several documents) is a mistake here, and so
is a field that is given twice. Every text stays the text that was written:
``yes``, ``1`` and ``0640`` mean something only to whoever reads the field.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from lifecycle.refusal import InputError
from lifecycle.scenario.words import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 1_000_000
"""The size of the largest file that is read."""

_DEEPEST = 8
_LONGEST = 120
_HINTS = (
    ("'\\t'", "; indent with spaces, not with tabs"),
    ("mapping values are not allowed", "; put a text with ': ' in it into quotes"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text, and the line that it begins in."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields with their names, in the order of the file."""

    pairs: tuple[tuple[Text, Node], ...]
    line: int


Node = Text | Items | Fields

_KINDS: dict[type[Node], str] = {Text: "a text", Items: "a list", Fields: "fields"}
_NULLS = ("", "~", "null")


def called(node: Node) -> str:
    """Give what a node is called in messages; nothing where no more than its place is there."""
    if isinstance(node, Text) and node.value.strip() in _NULLS:
        return "nothing"
    return _KINDS[type(node)]


def read_file(file: str) -> str:
    """Give the text of a file.

    Raises:
        InputError: it cannot be read, is too large, or is not UTF-8.
    """
    path = Path(file)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError("is larger than 1 MB", file=file)
        # No more than that is read, even of what has no size, such as a pipe.
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=file) from error
    except ValueError as error:
        raise InputError(f"cannot be read: {error}", file=file) from error
    if len(content) > MOST_BYTES:
        raise InputError("is larger than 1 MB", file=file)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError("is not UTF-8", file=file, line=line) from error


def compose(text: str, file: str) -> Node:
    """Give the one document of a YAML text as nodes.

    Raises:
        InputError: it is no YAML, is empty, or uses what a scenario never needs.
    """
    builder = _Builder(text, file)
    try:
        return builder.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "cannot be read"
        problem += next((hint for word, hint in _HINTS if word in problem), "")
        line = mark.line + 1 if mark is not None else 0
        raise InputError(
            f"not YAML: {shortened(problem, _LONGEST)}", file=file, line=line
        ) from error
    except yaml.YAMLError as error:
        what = " ".join(str(error).split())
        raise InputError(f"not YAML: {shortened(what, _LONGEST)}", file=file) from error
    except (ValueError, OverflowError) as error:
        # An escape such as "\UFFFFFFFF" that is no character.
        raise InputError(
            f"not YAML: {shortened(str(error), _LONGEST)}",
            file=file,
            line=builder.line,
            field="an escape",
        ) from error


class _Builder:
    """Makes nodes of the events that the YAML parser gives."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.line = 1
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.SafeLoader)

    def document(self) -> Node:
        event = self._next()
        while isinstance(event, StreamStartEvent | DocumentStartEvent):
            event = self._next()
        if isinstance(event, StreamEndEvent):
            raise InputError("is empty; a scenario has at least steps", file=self.file)
        node = self._node(event, 0)
        self._next()
        if not isinstance(self._next(), StreamEndEvent):
            raise self._wrong("a second document begins; a file holds one scenario")
        return node

    def _next(self) -> yaml.Event:
        event = next(self._events)
        mark = event.start_mark
        self.line = self.line if mark is None else mark.line + 1
        return event

    def _node(self, event: yaml.Event, depth: int) -> Node:
        line = self.line
        self._refuse_extras(event, depth)
        if isinstance(event, SequenceStartEvent):
            return Items(tuple(self._items(depth + 1)), line)
        if isinstance(event, MappingStartEvent):
            return Fields(tuple(self._pairs(depth + 1)), line)
        value = str(event.value) if isinstance(event, ScalarEvent) else ""
        for letter in value:
            if letter not in "\n\t" and unicodedata.category(letter) in {"Cc", "Cs"}:
                raise self._wrong(f"a text holds the control character U+{ord(letter):04X}")
        return Text(value, line)

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := self._next(), SequenceEndEvent):
            yield self._node(event, depth)

    def _pairs(self, depth: int) -> Iterator[tuple[Text, Node]]:
        seen: dict[str, int] = {}
        while not isinstance(event := self._next(), MappingEndEvent):
            name = self._node(event, depth)
            if not isinstance(name, Text):
                raise self._wrong(f"the name of a field must be a text, not {called(name)}")
            if name.value in seen:
                raise InputError(
                    f"is there twice; first in line {seen[name.value]}",
                    file=self.file,
                    line=name.line,
                    field=shortened(name.value),
                )
            seen[name.value] = name.line
            yield name, self._node(self._next(), depth)

    def _refuse_extras(self, event: yaml.Event, depth: int) -> None:
        if isinstance(event, AliasEvent):
            raise self._wrong(
                f"aliases (*{shortened(str(event.anchor))}) are not used in scenarios"
            )
        if isinstance(event, NodeEvent) and event.anchor is not None:
            raise self._wrong(
                f"anchors (&{shortened(str(event.anchor))}) are not used in scenarios"
            )
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            raise self._wrong(f"tags ({shortened(tag)}) are not used in scenarios")
        if depth > _DEEPEST:
            raise self._wrong("is nested too deeply")

    def _wrong(self, problem: str) -> InputError:
        return InputError(problem, file=self.file, line=self.line)
