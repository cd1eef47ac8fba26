"""Takes nodes for what they must be: fields, a list, a text, a number, a time.

Every mistake becomes an `InputError` with file, line and field.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from lifecycle.refusal import InputError
from lifecycle.scenario.nodes import Fields, Items, Node, Text, called
from lifecycle.scenario.words import quoted, seconds_of, shortened, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable

Read = TypeVar("Read")

_NUMBER = re.compile("-?[0-9]{1,19}", re.ASCII)
_MOST = 10**9


class Form:
    """The form of one file.

    Raises:
        InputError: from each method, when a node is not what it must be.
    """

    def __init__(self, file: str) -> None:
        """Read nodes of a file; its name is for messages."""
        self.file = file

    def fields(self, node: Node, field: str, known: tuple[str, ...]) -> dict[str, Node]:
        """Give fields by their names, all of which must be known."""
        fields: dict[str, Node] = {}
        for name, value in self.pairs(node, field):
            if name.value not in known:
                hint = suggestion(name.value, known)
                raise self.wrong(name, field, f"unknown field {quoted(name.value)}{hint}")
            fields[name.value] = value
        return fields

    def pairs(self, node: Node, field: str) -> tuple[tuple[Text, Node], ...]:
        """Give fields in their order, whatever their names."""
        if not isinstance(node, Fields):
            raise self.wrong(node, field, f"must be fields, not {called(node)}")
        return node.pairs

    def items(self, node: Node, field: str) -> tuple[Node, ...]:
        """Give the items of a list."""
        if not isinstance(node, Items):
            raise self.wrong(node, field, f"must be a list, not {called(node)}")
        return node.items

    def text(self, node: Node, field: str) -> str:
        """Give a text, which must not be empty, without the space around it."""
        if not isinstance(node, Text):
            raise self.wrong(node, field, f"must be a text, not {called(node)}")
        if not node.value.strip():
            raise self.wrong(node, field, "must not be empty")
        return node.value.strip()

    def number(self, node: Node, field: str, least: int, most: int = _MOST) -> int:
        """Give a whole number in a range."""
        text = self.text(node, field)
        if _NUMBER.fullmatch(text) is None or not least <= int(text) <= most:
            what = f"{quoted(text)} is no whole number from {least} to {most}"
            raise self.wrong(node, field, what)
        return int(text)

    def seconds(self, node: Node, field: str, *, least: int) -> int:
        """Give a time in seconds."""
        text = self.text(node, field)
        seconds = self.told(node, field, lambda: seconds_of(text))
        if seconds < least:
            raise self.wrong(node, field, f"must be at least {least} s")
        return seconds

    def told(self, node: Node, field: str, read: Callable[[], Read]) -> Read:
        """Give what a reader of words gives; its problem gets a place."""
        try:
            return read()
        except ValueError as error:
            raise self.wrong(node, field, str(error)) from error

    def wrong(self, node: Node, field: str, problem: str) -> InputError:
        """Give the error of a node."""
        return InputError(problem, file=self.file, line=node.line, field=shortened(field))
