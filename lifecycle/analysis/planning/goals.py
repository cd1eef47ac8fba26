"""Goals of a plan: a state, ``gone``, or what else is to hold, in words that can be typed.

>>> from lifecycle.analysis.planning.goals import parse_goal
>>> str(parse_goal("ready with no vms, no snapshots"))
'READY with no VMs and no snapshots'
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecycle.analysis.names import any_state_of
from lifecycle.guards import forced, has_source
from lifecycle.refusal import InputError
from lifecycle.scenario.words import quoted, suggestion
from lifecycle.states import GONE, AnyState, ImageState

if TYPE_CHECKING:
    from lifecycle.image import Image

Test = Callable[["Image | None"], bool]
"""Tells of an image, None for one that is gone, whether it is as it should be."""

_COUNTED: dict[str, Callable[[Image], int]] = {
    "VMs": lambda image: image.running_vms,
    "clones": lambda image: image.cloning_ops,
    "holders": lambda image: image.running_vms + image.cloning_ops,
    "snapshots": lambda image: 0 if image.snapshots is None else len(image.snapshots),
}
_FLAGS: dict[str, Callable[[Image], bool]] = {
    "SOURCE": lambda image: has_source(image, None),
    "FORCE_DELETE": lambda image: forced(image, None),
}
_PLAIN: dict[str, Callable[[Image], bool]] = {
    "persistent": lambda image: image.is_persistent,
    "nonpersistent": lambda image: not image.is_persistent,
}
_SPLIT = re.compile(r"\s+(?:with|and)\s+|\s*,\s*(?:and\s+)?")
_NO = ("no", "without", "0")
_ANY = "any"
_WORDS = (
    "a goal is a state (or several: READY or DISABLED), gone, or any, then what holds:"
    " READY with no VMs and no snapshots"
)


@dataclass(frozen=True)
class Goal:
    """What an image is to be like.

    Attributes:
        text: the goal in words, as it is told.
        test: tells of an image, None for one that is gone, whether it is so.
        most_vms, most_clones: how many machines and copies must exist for it
            at most, so that a plan may make them.
    """

    text: str
    test: Test
    most_vms: int = 0
    most_clones: int = 0

    def __str__(self) -> str:
        """Give the goal in words."""
        return self.text

    def holds(self, image: Image | None) -> bool:
        """Tell whether an image, None for one that is gone, is as it should be."""
        return self.test(image)


def parse_goal(text: str) -> Goal:
    """Read a goal: ``READY``, ``gone``, ``READY or DISABLED with no VMs``, ``any with no clones``.

    After ``with`` come conditions, joined by ``and`` or commas: ``no VMs``, ``2
    VMs``, the same of clones (CLONING_OPS), holders (both) and snapshots; ``a
    SOURCE``, ``no SOURCE``, ``no FORCE_DELETE``; ``persistent``, ``nonpersistent``.

    Raises:
        InputError: it is no goal; the message says how goals are written.
    """
    first, *rest = [part for part in _SPLIT.split(text.strip()) if part] or [""]
    states = _states(first)
    if GONE in states and rest:
        raise InputError("what is gone has nothing more to be; write gone alone", field="goal")
    conditions = [_condition(part) for part in rest]
    tests = [test for _, test, _, _ in conditions]

    def test(image: Image | None) -> bool:
        if image is None:
            return GONE in states
        return image.state in states and all(one(image) for one in tests)

    first = (
        _ANY
        if len(states) == len(ImageState)
        else " or ".join("gone" if state is GONE else state.name for state in states)
    )
    words = " and ".join(told for told, _, _, _ in conditions)
    return Goal(
        f"{first} with {words}" if words else first,
        test,
        max((vms for _, _, vms, _ in conditions), default=0),
        max((clones for _, _, _, clones in conditions), default=0),
    )


def _states(text: str) -> tuple[AnyState, ...]:
    if text.lower() == _ANY:
        return tuple(ImageState)
    return tuple(_state(one) for one in re.split(r"\s+or\s+|\s*\|\s*", text))


def _state(word: str) -> AnyState:
    try:
        return any_state_of(word, _ANY)
    except InputError as error:
        raise InputError(f"{error.problem}; {_WORDS}", field="goal") from error


def _condition(text: str) -> tuple[str, Callable[[Image], bool], int, int]:
    words = text.split()
    for name, plain in _PLAIN.items():
        if text.lower().replace("-", "") == name:
            return name, plain, 0, 0
    if len(words) == 2:  # noqa: PLR2004 - a number or an article, and a thing
        number, thing = words[0].lower(), words[1].upper()
        for name, count in _COUNTED.items():
            if thing.rstrip("S") == name.upper().rstrip("S"):
                return _counted(name, number, count)
        if thing in _FLAGS:
            return _flag(thing, _FLAGS[thing], wanted=number not in _NO)
    known = [*(f"no {name}" for name in (*_COUNTED, *_FLAGS)), *_PLAIN]
    raise InputError(f"unknown condition {quoted(text)}{suggestion(text, known)}", field="goal")


def _flag(
    name: str, holds: Callable[[Image], bool], *, wanted: bool
) -> tuple[str, Callable[[Image], bool], int, int]:
    return f"{'a' if wanted else 'no'} {name}", (lambda image: holds(image) is wanted), 0, 0


def _counted(
    name: str, word: str, count: Callable[[Image], int]
) -> tuple[str, Callable[[Image], bool], int, int]:
    if word not in _NO and not word.isdigit():
        raise InputError(f"{quoted(word)} is no number of {name}", field="goal")
    wanted = 0 if word in _NO else int(word)
    told = f"{wanted or 'no'} {name if wanted != 1 else name.removesuffix('s')}"
    vms = wanted if name == "VMs" else 0
    clones = wanted if name == "clones" else 0
    return told, (lambda image: count(image) == wanted), vms, clones
