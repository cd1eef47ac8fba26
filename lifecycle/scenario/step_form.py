"""Reads a step: a command, what a driver does, time that passes, a checkpoint, a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from lifecycle.scenario.commands import VERBS
from lifecycle.scenario.expectations import check_form
from lifecycle.scenario.grammar import read_command
from lifecycle.scenario.nodes import Fields, Items, Node, Text
from lifecycle.scenario.steps import (
    Answer,
    Command,
    Driver,
    Expect,
    Expected,
    Must,
    Rule,
    Say,
    Step,
    Unanswered,
    Wait,
)
from lifecycle.scenario.words import ROLES, quoted, request_of, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.scenario.forms import Form

_MUST = "(accepted|refused)"
_TYPED = re.compile(rf"{_MUST}|(?:{_MUST} )?as (\S+)")
_KINDS = ("a command", "accepted", "refused", "as NAME", *ROLES, "wait", "expect")
_FORMS = f"a step is one of: {', '.join(_KINDS)}, unanswered, say"
_NOTHING = "none"


def read_step(form: Form, node: Node) -> Step:
    """Read a step.

    Raises:
        InputError: it is none; with line and field.
    """
    if isinstance(node, Text):
        return _command(form, node, node)
    if not isinstance(node, Fields) or not node.pairs:
        raise form.wrong(node, "steps", _FORMS)
    name, value = node.pairs[0]
    read = STEPS.get(name.value)
    if read is None:
        return _typed(form, node)
    if len(node.pairs) > 1:
        more = node.pairs[1][0]
        raise form.wrong(more, name.value, f"{quoted(more.value)} is too much")
    return read(form, name, value)


def _typed(form: Form, node: Fields) -> Command:
    """Read a command with what must come of it: ``refused as bob: oneimage delete …``."""
    name, value = node.pairs[0]
    found = _TYPED.fullmatch(name.value)
    if found is None:
        raise form.wrong(name, "steps", f"unknown step {quoted(name.value)}; {_FORMS}")
    must = cast("Must", found[1] or found[2] or "")
    saying = ""
    for other, more in node.pairs[1:]:
        if other.value != "saying" or must != "refused":
            raise form.wrong(other, name.value, f"{quoted(other.value)} is too much")
        saying = form.text(more, "saying")
    return _command(form, name, value, must=must, user=found[3], saying=saying)


def _command(  # noqa: PLR0913 - as many as a command has parts
    form: Form,
    place: Text,
    node: Node,
    *,
    must: Must = "",
    user: str | None = None,
    saying: str = "",
) -> Command:
    text = " ".join(form.text(node, "steps").split("\n"))
    invocation = form.told(place, "steps", lambda: read_command(text, VERBS))
    return Command(place.line, text, invocation, user or "oneadmin", must, saying)


def _driver_step(form: Form, name: Text, value: Node) -> Answer | Rule:
    driver = cast("Driver", name.value)
    text = form.text(value, driver)
    found = form.told(name, driver, lambda: said(text, driver))
    if found.always:
        return Rule(name.line, driver, found.mode, found.action, found.words)
    ok = found.mode == "success"
    return Answer(
        name.line, driver, ok, found.action, found.thing, found.words, unasked=found.unasked
    )


def _wait(form: Form, name: Text, value: Node) -> Wait:
    return Wait(name.line, form.seconds(value, "wait", least=1))


def _say(form: Form, name: Text, value: Node) -> Say:
    return Say(name.line, form.text(value, "say"))


def _expect(form: Form, name: Text, value: Node) -> Expect:
    expected: list[Expected] = []
    for thing, wanted in form.pairs(value, "expect"):
        field = f"expect: {thing.value}"
        if isinstance(wanted, Fields):
            pairs = wanted.pairs
        else:
            pairs = ((Text("state", thing.line), wanted),)
        expected += [_expected(form, field, thing, word, one) for word, one in pairs]
    if not expected:
        raise form.wrong(value, "expect", "must not be empty")
    return Expect(name.line, tuple(expected))


def _expected(form: Form, field: str, thing: Text, word: Text, value: Node) -> Expected:
    place = f"{field}: {word.value}"
    if isinstance(value, Items):
        found: str | tuple[str, ...] = tuple(form.text(one, place) for one in value.items)
    else:
        found = form.text(value, place)
    made = Expected(word.line, thing.value, word.value, found)
    form.told(word, field, lambda: check_form(made))
    return made


def _unanswered(form: Form, name: Text, value: Node) -> Unanswered:
    if isinstance(value, Text):
        requests: tuple[Node, ...] = () if value.value == _NOTHING else (value,)
    else:
        requests = form.items(value, "unanswered")
    return Unanswered(name.line, tuple(_request(form, one) for one in requests))


def _request(form: Form, node: Node) -> tuple[str, str]:
    text = form.text(node, "unanswered")
    return form.told(node, "unanswered", lambda: request_of(text))


STEPS: dict[str, Callable[[Form, Text, Node], Step]] = {
    **dict.fromkeys(ROLES, _driver_step),
    "wait": _wait,
    "say": _say,
    "expect": _expect,
    "unanswered": _unanswered,
}
"""What reads each kind of step but commands, by the word that it begins with."""
