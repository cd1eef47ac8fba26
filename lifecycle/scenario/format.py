"""Reads a scenario: a YAML file with a title, plans and steps.

The guide beside the examples tells the form. Everything that can be known to
be wrong without playing the scenario is found here, with file, line and field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.refusal import InputError
from lifecycle.scenario.forms import Form
from lifecycle.scenario.nodes import compose, read_file
from lifecycle.scenario.plan_form import read_plan
from lifecycle.scenario.step_form import read_step
from lifecycle.scenario.steps import Scenario, Step, Wait
from lifecycle.scenario.words import LONGEST

if TYPE_CHECKING:
    from lifecycle.scenario.nodes import Node

_FIELDS = ("title", "text", "seed", "plans", "steps")
_SEED = 2**62


def read(file: str) -> Scenario:
    """Read a scenario from a file.

    Raises:
        InputError: the file cannot be used; with line and field.
    """
    return parse(read_file(file), file)


def parse(text: str, file: str = "") -> Scenario:
    """Read a scenario from a text.

    Args:
        text: in YAML.
        file: its name, for messages.

    Raises:
        InputError: the text is no scenario; with line and field.
    """
    return _scenario(Form(file), compose(text, file))


def _scenario(form: Form, node: Node) -> Scenario:
    fields = form.fields(node, "", _FIELDS)
    title = form.text(fields["title"], "title") if "title" in fields else ""
    if "\n" in title:
        raise form.wrong(fields["title"], "title", "must be one line")
    if "steps" not in fields:
        raise form.wrong(node, "steps", "is missing")
    plans = form.items(fields["plans"], "plans") if "plans" in fields else ()
    steps = tuple(read_step(form, one) for one in form.items(fields["steps"], "steps"))
    if not steps:
        raise form.wrong(fields["steps"], "steps", "must not be empty")
    _check_span(form, steps)
    return Scenario(
        form.file,
        title,
        steps,
        tuple(read_plan(form, one) for one in plans),
        form.text(fields["text"], "text") if "text" in fields else "",
        form.number(fields["seed"], "seed", -_SEED, _SEED) if "seed" in fields else 0,
    )


def _check_span(form: Form, steps: tuple[Step, ...]) -> None:
    passed = 0
    for step in steps:
        if isinstance(step, Wait):
            passed += step.seconds
            if passed > LONGEST:
                problem = "more than a hundred years have passed by then"
                raise InputError(problem, file=form.file, line=step.line, field="wait")
