"""Acts with holes: the same act on another object has the same words but for the names.

``oneimage clone debian copy`` and ``oneimage clone alpine twin`` are both
``oneimage clone {image} {new}``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.cloud.vm_table import VM_TABLE
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.operations import DRIVER_ANSWERS
from lifecycle.page.neighbourhood import IMAGE, MACHINE, Ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecycle.analysis.exploration.acts import Act
    from lifecycle.table import Table

NEW = "{new}"

_HOLES = {IMAGE: "{image}", MACHINE: "{machine}"}
_WORDS = {"IMAGE": "{image}", "VM": "{machine}", "NAME": NEW}
_VM_ANSWERS = {"SAVEAS": "save_as"}
_BIRTH = "oneimage create"
_TABLES = {IMAGE: {"": IMAGE_TABLE, "vm.": VM_TABLE}, MACHINE: {"vm.": VM_TABLE}}


class Template(NamedTuple):
    """An act with holes.

    Attributes:
        driver: who answers, "" for a command.
        text: the command, or the answer.
        kind: of the object that it is done to; "" for a new image.
        makes: the kind of the object that it makes, "" for none.
    """

    driver: str
    text: str
    kind: str
    makes: str


def template_of(act: Act, names: Mapping[str, Ref]) -> tuple[Template, Ref | None]:
    """Give an act with holes, and the object that it is done to.

    Args:
        act: as it is tried.
        names: the objects that there are, by their names.
    """
    words = act.text.split()
    found = [names[word] for word in words if word in names]
    target = found[0] if found else None
    holed = [_HOLES[names[word][0]] if word in names else word for word in words]
    if act.makes:
        new = _new(words)
        holed = [re.sub(rf"^(/?){re.escape(new)}$", rf"\1{NEW}", word) for word in holed]
    makes = "" if not act.makes else MACHINE if words[:2] == ["onevm", "create"] else IMAGE
    kind = "" if target is None else target[0]
    return Template(act.driver, " ".join(holed), kind, makes), target


def _new(words: list[str]) -> str:
    """Give the name of what an act makes: behind --name, or the last word."""
    return words[words.index("--name") + 1] if "--name" in words else words[-1]


def operation_of(template: Template) -> str:
    """Give the name of the operation that an act is; a machine's begins with ``vm.``.

    Raises:
        ValueError: the tables have no such operation.
    """
    words = template.text.split()
    if template.driver:
        ok, action = words[0] == "complete", words[1]
        if template.kind == IMAGE:
            return DRIVER_ANSWERS[action, ok]
        return f"vm.{_VM_ANSWERS[action]}_{'success' if ok else 'failure'}"
    if template.text.startswith(_BIRTH):
        return "allocate"
    found = [
        (_alike(words, operation.command), _moves(table, name), prefix + name)
        for prefix, table in _TABLES[template.kind].items()
        for name, operation in table.operations.items()
        if operation.command
    ]
    likeness, _, name = max(found)
    if likeness < 0:
        raise ValueError(f"no operation is typed {template.text!r}")
    return name


def _moves(table: Table, operation: str) -> bool:
    return any(row.target is not None for row in table.rows_of(operation))


def _alike(words: list[str], command: str) -> int:
    """Tell how many words a command shares with an operation's; -1: it is another command."""
    theirs = [_WORDS.get(word, word) for word in command.split()]
    if words[:2] != theirs[:2]:
        return -1
    flags = {word for word in theirs if word.startswith("--") and "|" not in word}
    return -1 if flags - set(words) else len(set(words) & set(theirs))
