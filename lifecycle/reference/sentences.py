"""What guards, effects and states are called in a sentence, as pieces of a page's text."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from lifecycle.image_table import IMAGE_TABLE
from lifecycle.markup.document import Code, Link, Strong
from lifecycle.states import GONE, ImageState
from lifecycle.wording import effect_words, guard_words, lowered, opposite

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import Enum

    from lifecycle.markup.document import Cell, Piece, Text
    from lifecycle.table import Operation, Part, Row

_LITERAL = re.compile(r"``([^`]+)``")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def sentence(words: str) -> Text:
    """Give words of a docstring as a sentence, literals in them as code."""
    pieces: list[Piece] = []
    for number, piece in enumerate(_LITERAL.split(words)):
        if piece:
            pieces.append(Code(piece) if number % 2 else piece)
    return (*pieces, ".")


def effect_sentence(effect: str) -> Text:
    """Say what an effect does."""
    return sentence(effect_words(IMAGE_TABLE, effect))


def guard_sentence(guard: str) -> Text:
    """Say what holds when a guard does, or, for ``not guard``, when it does not."""
    return sentence(guard_words(IMAGE_TABLE, guard))


def conditions(part: Part) -> Cell:
    """Give all guards of a row or an otherwise, one to a line."""
    return tuple((lowered(guard_words(IMAGE_TABLE, guard)),) for guard in part.guards)


Alternatives = tuple[tuple[str, ...], ...]
"""Guards of which all must hold, and several such tuples of which one must."""


def simplest(alternatives: Iterable[tuple[str, ...]]) -> Alternatives:
    """Give alternatives without guards of which it makes no difference whether they hold."""
    left = list(dict.fromkeys(alternatives))
    for one, two in combinations(left, 2):
        different = sorted(set(one) ^ set(two))
        if len(different) == 2 and opposite(different[0]) == different[1]:  # noqa: PLR2004 - a pair
            same = tuple(guard for guard in one if guard in two)
            return simplest(same if kept is one else kept for kept in left if kept is not two)
    return tuple(left)


def any_of(alternatives: Alternatives) -> Cell:
    """Give alternatives, one to a line; where one always holds, there is nothing to say."""
    if not all(alternatives):
        return ()
    first, *others = (
        "; ".join(lowered(guard_words(IMAGE_TABLE, guard)) for guard in guards)
        for guards in alternatives
    )
    return ((first,), *((Strong("or"), f" {text}") for text in others))


def effects(row: Row) -> Cell:
    """Give the names of what a row does besides, in its order, each with a way to its sentence."""
    pieces: list[Link | str] = []
    for name in row.effects:
        pieces += [", ", Link(name, "conditions", name, code=True)]
    return (tuple(pieces[1:]),) if pieces else ()


def sources(part: Part) -> Cell:
    """Give the functions of OpenNebula in which a row or an otherwise can be read."""
    pieces: list[Piece] = []
    for name in re.split("[;,] ", part.source):
        pieces += [", ", Code(name)]
    return (tuple(pieces[1:]),)


def page_of(state: Enum) -> str:
    """Give the name of a state's page."""
    return f"state-{state.name.lower().replace('_', '-')}"


def state_link(state: Enum) -> Link:
    """Give the name of a state with a way to its page."""
    return Link(shown(state), page_of(state), code=True)


def shown(state: Enum) -> str:
    """Give what a state is called; that there is none any more is no name of OpenNebula's."""
    return "gone" if state is GONE else state.name


def state_list(states: Iterable[Enum]) -> Text:
    """Give some states, or, when they are most, what is left out."""
    given = list(states)
    named = [state for state in (*ImageState, GONE) if state in given]
    others = [state for state in ImageState if state not in named]
    if not others:
        return ("any state",)
    if len(others) <= len(named):
        return ("any state but ", *_listed(others))
    return _listed(named)


def _listed(states: list[ImageState] | list[Enum]) -> Text:
    pieces: list[Link | str] = []
    for state in states:
        pieces += [", ", state_link(state)]
    return tuple(pieces[1:])


def operation_link(operation: Operation) -> Link:
    """Give the name of an operation with a way to its section."""
    return Link(operation.name, actor_page(operation), operation.name, code=True)


def actor_page(operation: Operation) -> str:
    """Give the name of the page that holds an operation."""
    return f"operations-{operation.actor.name.lower()}"


PLACEHOLDERS = {
    "id": "the image's ID",
    "name": "its NAME",
    "state": "the name of its state, as oned prints it",
    "type": "its TYPE",
    "vms": "its RUNNING_VMS",
    "clones": "its CLONING_OPS",
    "unknown_type": "the words “Unknown type ” without as many of their first letters as the"
    " number of the image's type says",
    "lock_time": "the time of the lock, in seconds since 1970",
}
"""What the words in braces in oned's texts stand for (:meth:`lifecycle.Image.words`)."""


def placeholders(texts: Iterable[str]) -> Text:
    """Say what the words in braces in some of oned's texts stand for, where there are any."""
    names = dict.fromkeys(name for text in texts for name in _PLACEHOLDER.findall(text))
    pieces: list[Piece] = []
    for name in names:
        pieces += [", ", Code(f"{{{name}}}"), f" {PLACEHOLDERS[name]}"]
    return (*pieces[1:], ".") if pieces else ()


def answer(text: str, state: ImageState | None = None) -> str:
    """Give oned's words; where the state is known, with the name that oned prints for it."""
    if state is None:
        return text
    return _PLACEHOLDER.sub(lambda found: state.printed if found[1] == "state" else found[0], text)
