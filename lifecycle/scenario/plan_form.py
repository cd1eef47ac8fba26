"""Reads a plan: ``complete: CP debian*``, with ``after``, ``nth``, ``probability`` beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from lifecycle.scenario.steps import Plan
from lifecycle.scenario.words import action_of

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
        pattern.strip() or _EVERY,
        form.seconds(more["after"], "after", least=0) if "after" in more else 0,
        form.number(more["nth"], "nth", 1) if "nth" in more else 1,
        form.number(more["times"], "times", 1) if "times" in more else times,
        _probability(form, more["probability"]) if "probability" in more else 1.0,
        form.text(more["words"], "words") if "words" in more else None,
    )


def _probability(form: Form, node: Node) -> float:
    text = form.text(node, "probability")
    if _PROBABILITY.fullmatch(text) is None:
        raise form.wrong(node, "probability", f"{text!r} is no number from 0 to 1")
    return float(text)
