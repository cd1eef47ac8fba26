"""``lifecycle explain STATE-OR-OPERATION [ARGUMENT]``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from lifecycle.analysis.changes import told_fields
from lifecycle.analysis.explaining import Explanation, StateExplanation, explain, explain_state
from lifecycle.analysis.explaining.arguments import parameter_of, read_argument
from lifecycle.analysis.explaining.calls import why_lines
from lifecycle.analysis.names import is_state, operation_of, state_of
from lifecycle.cli.explained import explanation_value, operation_value, state_value
from lifecycle.cli.output import print_json
from lifecycle.cli.pages import Page, state_style, state_text
from lifecycle.cli.plan import way_rows
from lifecycle.cli.situations import given, situation_options
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.operations import OPERATIONS
from lifecycle.refusal import InputError
from lifecycle.states import GONE
from lifecycle.wording import guard_words, lowered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from enum import Enum

    from rich.console import RenderableType

    from lifecycle.analysis.explaining.states import Passage
    from lifecycle.analysis.planning import Plans
    from lifecycle.table import Operation, Otherwise, Row

_OUTCOMES = {
    "done": ("✓ done", "green"),
    "refused": ("✗ refused", "bold red"),
    "ignored": ("○ ignored", "magenta"),
}


@click.command()
@click.argument("what", metavar="STATE-OR-OPERATION")
@click.argument("argument", required=False, metavar="[ARGUMENT]")
@click.option("--state", metavar="STATE", help="Explain the operation in this state.")
@situation_options
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    what: str, argument: str | None, state: str | None, *, as_json: bool, **options: Any
) -> None:
    """Tell what a state means, or what an operation does, or why it is refused.

    Of a state: what leads into it and out of it, and how an image gets away
    from there. Of an operation: what it does in which states; with --state, or
    an image of a saved cloud, what it would do there, to what, and why, or why
    it is refused, in oned's words, and what to do instead. ARGUMENT is what
    the operation carries, where it matters: a type, a snapshot, an answer.

    Exit codes: 0 whatever the answer is, 2 the words cannot be understood.
    """
    asked = state is not None or any(value not in (None, False) for value in options.values())
    if is_state(what) and not asked and (argument is None) and not _means_operation(what):
        found = explain_state(state_of(what))
        _show_state(found) if not as_json else print_json(state_value(found))
        return
    if is_state(what) and what.lower() not in OPERATIONS:
        name = state_of(what).name
        raise InputError(
            f"{name} is a state; explain it alone, or an operation there:"
            f" lifecycle explain OPERATION --state {name}"
        )
    operation = operation_of(what)
    carried = None if argument is None else read_argument(operation.name, argument)
    if not asked:
        _show_operation(operation) if not as_json else print_json(operation_value(operation))
        return
    situation = given(state, options)
    told = explain(operation.name, situation.begin, carried, image=situation.image)
    _show(told) if not as_json else print_json(explanation_value(told))


def _means_operation(text: str) -> bool:
    """Tell the operation ``delete`` from the state ``DELETE``: states are written large."""
    return text in OPERATIONS


# What an operation would do somewhere


def _show(found: Explanation) -> None:
    with Page() as page:
        _head(page, found.operation)
        page.line(Text.assemble(("on  ", "dim"), found.situation))
        if parameter_of(found.operation.name) and isinstance(found.argument, int | str):
            page.line(
                Text.assemble(
                    ("with ", "dim"), f"{parameter_of(found.operation.name)} {found.argument}"
                )
            )
        page.gap()
        word, style = _OUTCOMES[found.outcome]
        if found.outcome == "done":
            _show_done(page, found)
        else:
            code = "" if found.code is None else f"  {found.code.name} (0x{int(found.code):04x})"
            page.line(Text.assemble((word, style), (code, "dim")))
            if found.text:
                page.items([Text(found.text, "italic")], mark="│")
            if fields := list(told_fields(found.fields or {})):
                page.heading("Changed all the same")
                page.items(fields)
            _show_why(page, found)
        if found.odd:
            page.heading("Mind", "bold yellow")
            page.items(found.odd, mark="!")
        if found.outcome != "done":
            _show_instead(page, found)
        page.line(Text(f"source: {found.source}", "dim"))


def _show_done(page: Page, found: Explanation) -> None:
    word, style = _OUTCOMES[found.outcome]
    after = _shown(found.after)
    page.line(
        Text.assemble((word, style), "  ", state_text(found.before.name), " → ", state_text(after))
        if found.before is not found.after
        else Text.assemble((word, style), "  stays ", state_text(found.before.name))
    )
    page.items([*found.effects, *(Text(line, "cyan") for line in found.others)])
    if fields := list(told_fields(found.fields or {})):
        page.heading("In its record")
        page.items(fields)


def _show_why(page: Page, found: Explanation) -> None:
    page.heading("Why")
    lines = why_lines(found.obstacles)
    if found.obstacles and all(one.states for one in found.obstacles):
        (line,) = lines
        page.items([f"{found.operation.name} is {line}; the image is {found.before.name}"])
        return
    page.items(lines or ["nothing in the table lets it happen here"])


def _show_instead(page: Page, found: Explanation) -> None:
    name = found.operation.name.replace("_", " ")
    if found.instead is None or not found.instead.hoped:
        if found.operation.command and found.obstacles:
            page.heading("Instead")
            page.items([f"no way leads to where {name} would be done"])
        return
    best = found.instead.guaranteed or found.instead.hoped[0]
    sure = "" if found.instead.guaranteed is not None else ", if all goes well"
    page.heading(f"So that it is done{sure}")
    page.rows(way_rows(best))
    page.gap()


def _head(page: Page, operation: Operation) -> None:
    page.line(
        Text.assemble(
            (operation.name, "bold"),
            *((f"   {operation.command}", "cyan"),) * bool(operation.command),
            *((f"   {operation.call}", "dim"),) * bool(operation.call),
        )
    )
    page.line(Text(operation.meaning, "italic"))


# An operation as such


def _show_operation(operation: Operation) -> None:
    with Page() as page:
        _head(page, operation)
        page.line(Text.assemble(("by  ", "dim"), f"the {operation.actor.value}"))
        page.gap()
        page.heading("Done")
        page.rows(_row_lines(IMAGE_TABLE.rows_of(operation.name)))
        page.gap()
        others = IMAGE_TABLE.otherwise_of(operation.name)
        if others:
            page.heading("Otherwise")
            page.rows(_otherwise_lines(others))
            page.gap()
        page.line(Text(f"lifecycle explain {operation.name} --state STATE tells of one", "dim"))


def _row_lines(rows: Iterable[Row]) -> Iterator[tuple[Text, Text, Text]]:
    for row in rows:
        target = (
            "stays" if row.target is None else "gone" if row.target is GONE else row.target.name
        )
        left = _states(state.name for state in row.origins)
        left.append(" → ")
        left.append_text(state_text(target))
        yield Text("✓", "green"), left, _guards(row.guards)


def _shown(state: Enum) -> str:
    return "gone" if state is GONE else state.name


def _otherwise_lines(others: Iterable[Otherwise]) -> Iterator[tuple[Text, Text, Text]]:
    for other in others:
        left = _states(state.name for state in other.origins)
        mark = Text("○", "magenta") if other.ignored else Text("✗", "red")
        right = _guards(other.guards)
        name = "ignored" if other.code is None else other.code.name
        right = Text("\n").join([right] if right else [])
        right.append(("\n" if right else "") + f"{name}: {other.text}", "dim")
        yield mark, left, right


def _states(names: Iterable[str]) -> Text:
    listed = list(names)
    if len(listed) > _MOST:
        every = [state.name for state in IMAGE_TABLE.states]
        rest = [name for name in every if name not in listed]
        text = Text("any state")
        if rest:
            text.append(" but ")
            text.append_text(Text(", ").join(map(state_text, rest)))
        return text
    return Text(", ").join(map(state_text, listed))


_MOST = 6


def _guards(guards: Iterable[str]) -> Text:
    words = [lowered(guard_words(IMAGE_TABLE, guard)) for guard in guards]
    return Text(", ".join(words))


# A state


def _show_state(found: StateExplanation) -> None:
    state = found.state
    with Page() as page:
        simple = "not shown" if state.simplified is None else state.simplified.value
        page.line(
            Text.assemble(
                (state.name, f"bold {state_style(state.name)}"),
                (f"   {int(state)}, in short {state.alias}, simplified: {simple}", "dim"),
            )
        )
        page.line(Text(f"{state.meaning}.", "italic"))
        if state.printed != state.name:
            page.line(f"Messages and hooks call it {state.printed}.")
        page.gap()
        if found.free is not None and found.gone is not None:
            page.line(Text.assemble(("From a usual one: ", "bold"), found.usual))
            page.gap()
            _show_ways(page, "Free again", found.free)
            _show_ways(page, "Gone", found.gone)
        _show_passages(page, "What leads into it", found.ways_in, "← ")
        _show_passages(page, "What leads out of it", found.ways_out, "→ ")
        for title, operations in (
            ("Done there, and it stays", found.stays),
            ("Refused there", found.refused),
        ):
            if operations:
                page.heading(title)
                page.items([", ".join(one.name for one in operations)], mark=" ")


def _show_ways(page: Page, title: str, plans: Plans) -> None:
    if plans.already:
        return
    page.heading(title)
    if not plans.hoped:
        page.items(plans.why)
        return
    best = plans.guaranteed or plans.hoped[0]
    page.rows(way_rows(best))
    page.gap()


def _show_passages(page: Page, title: str, passages: tuple[Passage, ...], arrow: str) -> None:
    if not passages:
        return
    page.heading(title)
    by_operation: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for one in passages:
        by_operation.setdefault(one.operation.name, []).append((one.states, one.when))
    alike: dict[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...], list[str]] = {}
    for name, ways in by_operation.items():
        alike.setdefault(tuple(ways), []).append(name)
    page.rows(
        (Text(), Text(", ".join(names), "bold"), _ends(ways, arrow))
        for ways, names in alike.items()
    )
    page.gap()


def _ends(ways: Iterable[tuple[tuple[str, ...], tuple[str, ...]]], arrow: str) -> Group:
    """Tell where each way leads to, and, smaller, when."""
    parts: list[RenderableType] = []
    for states, when in ways:
        parts.append(Text(arrow).append_text(_states(states)))
        if when:
            parts.append(Padding(Text(", ".join(map(lowered, when)), "dim"), (0, 0, 0, 4)))
    return Group(*parts)
