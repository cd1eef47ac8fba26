"""The words in which guards and effects are told, read where they are defined.

A guard's docstring says what holds when the guard is True and, behind
"Otherwise:", what holds when it is False; an effect's says what it does. No
other text about them exists.

>>> from lifecycle import IMAGE_TABLE
>>> guard_words(IMAGE_TABLE, "has_vms"), guard_words(IMAGE_TABLE, "not has_vms")
('RUNNING_VMS is not 0', 'RUNNING_VMS is 0')
>>> effect_words(IMAGE_TABLE, "ask_rm")
'The datastore is asked to remove SOURCE'
"""

from __future__ import annotations

import re
from functools import cache
from inspect import getdoc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.table import Table

OTHERWISE = "Otherwise:"
_NOT = "not "
_REFERENCE = re.compile(r"\s*\(``[^`]*``(?: only)?\)")


def guard_words(table: Table, guard: str) -> str:
    """Say what holds when a guard does, as a sentence without its full stop.

    Args:
        table: in which the guard is named.
        guard: ``name`` for what holds when it is True, ``not name`` for what
            holds when it is False.

    Raises:
        KeyError: the table has no such guard.
        ValueError: the guard does not say what holds when it is False.
    """
    name = guard.removeprefix(_NOT)
    if name == guard:
        return _sentence(table.guards[name])
    return _part(table.guards[name], OTHERWISE)


def opposite(guard: str) -> str:
    """Give the name of what holds when a guard does not: ``not name``, or ``name`` again."""
    return guard.removeprefix(_NOT) if guard.startswith(_NOT) else _NOT + guard


def effect_words(table: Table, effect: str) -> str:
    """Say what an effect does, as a sentence without its full stop.

    Raises:
        KeyError: the table has no such effect.
    """
    return _sentence(table.effects[effect])


def lowered(sentence: str) -> str:
    """Give a sentence as it stands inside another: ``The type …`` as ``the type …``.

    A word that is not written like any other (RUNNING_VMS, OpenNebula) keeps its form.
    """
    first = sentence.split(" ", 1)[0]
    return sentence if first != first.capitalize() else sentence[:1].lower() + sentence[1:]


@cache
def _sentence(function: Callable[..., object]) -> str:
    first = " ".join(_paragraphs(function)[0].split())
    # Where in OpenNebula's source it stands is no part of the sentence.
    return _REFERENCE.sub("", first).removesuffix(".")


@cache
def _part(function: Callable[..., object], label: str) -> str:
    for paragraph in _paragraphs(function)[1:]:
        if paragraph.startswith(label):
            return " ".join(paragraph.removeprefix(label).split()).removesuffix(".")
    raise ValueError(f"{function.__name__} has no line {label!r} in its docstring")


def _paragraphs(function: Callable[..., object]) -> list[str]:
    return (getdoc(function) or function.__name__).split("\n\n")
