"""Reads a plan: ``complete: CP debian*``, with ``after``, ``nth``, ``probability`` beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from lifecycle.scenario.steps import Plan
from lifecycle.scenario.words import action_of, quoted

if TYPE_CHECKING:
    from lifecycle.scenario.forms import Form
    from lifecycle.scenario.nodes import Node

_OUTCOMES: dict[str, Literal["success", "failure", "hold"]] = {
    "complete": "success",
    "fail": "failure",
    "never": "hold",
}
_MORE = ("after", "nth", "times", "probability", "words")
_OF_AN_ANSWER = ("after", "words")
_PROBABILITY = re.compile(r"0?\.[0-9]{1,9}|[01](?:\.0)?", re.ASCII)
_EVERY = "*"


def read_plan(form: Form, node: Node) -> Plan:
    """Read a plan.

    Raises:
        InputError: it is none; with line and field.
    """
    fields = form.fields(node, "plans", (*_OUTCOMES, *_MORE))
    chosen = [word for word in _OUTCOMES if word in fields]
    if len(chosen) != 1:
        raise form.wrong(node, "plans", "a plan begins with one of complete, fail and never")
    word = chosen[0]
    place = fields[word]
    first, _, pattern = form.text(place, word).partition(" ")
    action, driver = form.told(place, word, lambda: action_of(first, None))
    pattern = pattern.strip() or _EVERY
    if not _is_closed(pattern):
        problem = "has a [ that no ] closes; write [[] for the letter [ itself"
        raise form.wrong(place, word, f"{quoted(pattern)} {problem}")
    more = {name: fields[name] for name in _MORE if name in fields}
    if word == "never" and any(name in more for name in _OF_AN_ANSWER):
        raise form.wrong(node, word, "what is never answered has neither after nor words")
    # `nth` alone means that one request only.
    times = 1 if "nth" in more else None
    return Plan(
        node.line,
        _OUTCOMES[word],
        action,
        driver,
        pattern,
        form.seconds(more["after"], "after", least=0) if "after" in more else 0,
        form.number(more["nth"], "nth", 1) if "nth" in more else 1,
        form.number(more["times"], "times", 1) if "times" in more else times,
        _probability(form, more["probability"]) if "probability" in more else 1.0,
        form.text(more["words"], "words") if "words" in more else None,
    )


def _is_closed(pattern: str) -> bool:
    """Tell whether every choice of letters in a pattern ends, as ``[ab]`` and ``[!]x]`` do."""
    start = pattern.find("[")
    while start >= 0:
        first = start + (2 if pattern.startswith("[!", start) else 1)
        end = pattern.find("]", first + 1)
        if end < 0:
            return False
        start = pattern.find("[", end)
    return True


def _probability(form: Form, node: Node) -> float:
    text = form.text(node, "probability")
    if _PROBABILITY.fullmatch(text) is None:
        raise form.wrong(node, "probability", f"{quoted(text)} is no number from 0 to 1")
    return float(text)
