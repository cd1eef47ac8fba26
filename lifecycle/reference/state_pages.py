"""The pages about states: the official table, a page for each state, the simplified life-cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.markup.document import (
    Bullets,
    Code,
    Grid,
    Heading,
    Link,
    Page,
    Paragraph,
    Strong,
    cell,
)
from lifecycle.operations import OPERATIONS
from lifecycle.reference.paths import (
    Way,
    arrivals,
    departures,
    otherwise,
    stays,
    waits_for,
)
from lifecycle.reference.sentences import (
    Alternatives,
    answer,
    any_of,
    conditions,
    operation_link,
    page_of,
    placeholders,
    shown,
    simplest,
    state_link,
    state_list,
)
from lifecycle.reference.stuck import Situation, situations, way_out
from lifecycle.states import GONE, ImageState, Simplified
from lifecycle.table import Actor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from enum import Enum

    from lifecycle.markup.document import Block, Cell, Picture, Text
    from lifecycle.table import Operation, Otherwise

_BY = {
    Actor.USER: "By users",
    Actor.DATASTORE: "By the datastore",
    Actor.VM: "By virtual machines",
    Actor.MARKETPLACE: "By marketplaces",
}

OFFICIAL_HEAD = ("#", "State", "Short State Alias", "Meaning")
"""The columns of the official reference."""


def official_table(*, links: bool = True) -> Grid:
    """Give the eleven rows of the official image states reference, cell by cell."""
    rows = tuple(
        (
            cell(str(state.value)),
            cell(state_link(state) if links else Code(state.name)),
            cell(Code(state.alias)),
            cell(state.meaning),
        )
        for state in ImageState
    )
    return Grid("The states of an image", OFFICIAL_HEAD, rows)


def states_page(*pictures: Picture) -> Page:
    """Give the page with the official table, and the pictures and names that it leaves out."""
    printed = [state for state in ImageState if state.printed != state.name]
    told = tuple(
        (state_link(state), " is printed as ", Code(state.printed), ".") for state in printed
    )
    return Page(
        "states",
        "Image States Reference",
        "The states of an image, with their numbers, names and short aliases.",
        (
            official_table(),
            *(block for one in pictures for block in (Heading(2, one.title), one)),
            Heading(2, "Where the names differ"),
            Paragraph(
                ("In messages and in what hooks are told, oned writes two states otherwise:",)
            ),
            Bullets(told),
            Paragraph(
                (
                    (
                        "An image that is deleted has no state: its record leaves the pool."
                        " These pages call that "
                    ),
                    Link(shown(GONE), page_of(GONE)),
                    ".",
                )
            ),
        ),
    )


def state_page(state: ImageState, *pictures: Picture) -> Page:
    """Give the page of one state."""
    blocks: list[Block] = [_facts(state), *pictures]
    blocks += _section("What leads in", "Leads in", arrivals(state), "From")
    blocks += _section("What leads out", "Leads out", departures(state), "To")
    blocks += _section("What may be done besides", f"Accepted in {state.name}", stays(state), "")
    blocks += _refusals(state)
    blocks += _when_stuck(state)
    return Page(page_of(state), state.name, f"{state.meaning}.", tuple(blocks))


def gone_page() -> Page:
    """Give the page of what comes after the states."""
    blocks: list[Block] = [
        Paragraph(
            (
                (
                    "The record has left the pool, and its datastore. Nothing can be done to it,"
                    " and an answer that a driver still gives is dropped. OpenNebula has no number"
                    " for this: it is no state."
                ),
            )
        ),
        *_section("What leads in", "Leads to the end of an image", arrivals(GONE), "From"),
    ]
    return Page(page_of(GONE), "The image is gone", "What comes after the states.", tuple(blocks))


def simplified_page(*pictures: Picture) -> Page:
    """Give the page of the simplified life-cycle, with what each of its states stands for."""
    mapping = tuple(
        (
            cell(Strong(one.value)),
            (state_list(state for state in ImageState if state.simplified is one),),
        )
        for one in Simplified
    )
    hidden = tuple(state for state in ImageState if state.simplified is None)
    return Page(
        "simplified",
        "The simplified life-cycle",
        "The seven states that end users see, and what they stand for.",
        (
            *pictures,
            Grid(
                "What the states of the simplified life-cycle stand for",
                ("Simplified state", "States"),
                mapping,
            ),
            Paragraph(
                (*state_list(hidden), " is not shown: no image is ever found in it."),
            ),
            Heading(2, "How an image moves"),
            Grid(
                "How an image moves in the simplified life-cycle",
                ("From", "To", "By", "Operations"),
                tuple(_simplified_moves()),
            ),
        ),
    )


def _simplified_moves() -> Iterator[tuple[Cell, ...]]:
    for one in (*Simplified, None):
        moves: dict[tuple[str, Actor], dict[str, Link]] = {}
        for state in ImageState:
            if state.simplified is not one:
                continue
            for way in departures(state):
                target = way.states[0]
                name = _simplified_name(target)
                if not way.late and name != (one.value if one else ""):
                    links = moves.setdefault((name, way.operation.actor), {})
                    links[way.operation.name] = operation_link(way.operation)
        for (name, actor), links in moves.items():
            origin = Strong(one.value) if one else "new"
            listed: list[Link | str] = []
            for link in links.values():
                listed += [", ", link]
            yield cell(origin), cell(Strong(name)), cell(actor.value), (tuple(listed[1:]),)


def _simplified_name(state: Enum) -> str:
    if isinstance(state, ImageState) and state.simplified is not None:
        return state.simplified.value
    return shown(state)


def _facts(state: ImageState) -> Block:
    simplified = (
        ("the simplified life-cycle does not show it",)
        if state.simplified is None
        else (
            "in the ",
            Link("simplified life-cycle", "simplified"),
            " it is ",
            Strong(state.simplified.value),
        )
    )
    return Paragraph(
        (
            "Number ",
            Code(str(state.value)),
            ", in lists ",
            Code(state.alias),
            ", in messages ",
            Code(state.printed),
            "; ",
            *simplified,
            ".",
        )
    )


def _section(heading: str, title: str, ways: list[Way], end: str) -> Iterator[Block]:
    yield Heading(2, heading)
    usual = [way for way in ways if not way.late]
    late = [way for way in ways if way.late]
    if not usual:
        yield Paragraph(("Nothing, in an orderly life.",))
    for actor in Actor:
        found = [way for way in usual if way.operation.actor is actor]
        if found:
            yield Heading(3, _BY[actor])
            yield _ways(f"{title}: {actor.value}", found, end)
    if late:
        yield Heading(3, "Answers that nobody waits for")
        yield Paragraph(
            (
                (
                    "A driver's answer counts in whatever state it meets the image: late, repeated"
                    " and unasked ones too."
                ),
            )
        )
        yield _ways(f"{title}: late answers", late, end)


def _ways(title: str, ways: list[Way], end: str) -> Grid:
    typed = any(way.operation.command for way in ways)
    head = ("Operation", *(("Command",) if typed else ()), *((end,) if end else ()), "If")
    rows = []
    for operation, ends, given in _merged(ways):
        cells: list[Cell] = [cell(operation_link(operation))]
        if typed:
            cells.append(_command(operation.command))
        if end:
            cells.append((state_list(ends),))
        rows.append((*cells, any_of(given)))
    return Grid(title, head, tuple(rows))


Merged = tuple["Operation", tuple["Enum", ...], Alternatives]


def _merged(ways: list[Way]) -> Iterator[Merged]:
    """Tell each operation once for all the states for which it asks the same."""
    given: dict[tuple[str, Enum | None], list[tuple[str, ...]]] = {}
    for way in ways:
        for end in way.states or (None,):
            given.setdefault((way.operation.name, end), []).append(way.row.guards)
    merged: dict[tuple[str, Alternatives], list[Enum]] = {}
    for (name, end), alternatives in given.items():
        ends = merged.setdefault((name, simplest(alternatives)), [])
        ends += [] if end is None else [end]
    for (name, asked), ends in merged.items():
        yield OPERATIONS[name], tuple(ends), asked


def _command(command: str) -> Cell:
    return cell(Code(command)) if command else ()


def _refusals(state: ImageState) -> Iterator[Block]:
    refused = otherwise(state, ignored=False)
    if refused:
        yield Heading(2, "What is refused")
        yield Grid(
            f"Refused in {state.name}",
            ("Operation", "Code", "What oned answers", "If"),
            tuple(_refusal(one, state) for one in refused),
        )
        legend = placeholders(answer(one.text, state) for one in refused)
        if legend:
            yield Paragraph(
                ("Words in braces stand for what there is when it is refused: ", *legend)
            )
    ignored = otherwise(state, ignored=True)
    if ignored:
        yield Heading(2, "What is ignored")
        yield Paragraph(("The event has no effect; at most oned writes a line into its log.",))
        yield Grid(
            f"Ignored in {state.name}",
            ("Operation", "What oned logs", "If"),
            tuple(_ignored(one, state) for one in ignored),
        )


def _refusal(one: Otherwise, state: ImageState) -> tuple[Cell, ...]:
    code = one.code.name if one.code is not None else ""
    return (
        cell(operation_link(OPERATIONS[one.operation])),
        cell(Code(code)),
        cell(Code(answer(one.text, state))),
        conditions(one),
    )


def _ignored(one: Otherwise, state: ImageState) -> tuple[Cell, ...]:
    operation, _, text, given = _refusal(one, state)
    return operation, text if one.text else (), given


def _when_stuck(state: ImageState) -> Iterator[Block]:
    yield Heading(2, "When it does not go on")
    yield Bullets(tuple(advice(state)))
    known = situations(state)
    if known:
        yield Heading(3, "Known ways to get stuck here")
        yield Paragraph((Code("lifecycle doctor"), " finds such images in a cloud."))
        yield Grid(
            f"How images get stuck in {state.name}",
            ("What is seen", "How it came", "What helps"),
            tuple(_situation(one) for one in known),
        )


def _situation(one: Situation) -> tuple[Cell, ...]:
    return cell(one.sign), cell(one.cause), (way_out(one),)


def advice(state: ImageState) -> Iterator[Text]:
    """Say what there is to do where an image stays in a state: a sentence each."""
    waits = waits_for(state)
    if waits:
        yield (
            "The image waits for its datastore to answer ",
            *_joined(Code(action) for action in waits),
            ". Look whether the driver still works on it.",
        )
    ways = [way for way in departures(state) if not way.late]
    for actor, who in (
        (Actor.USER, "An administrator can type"),
        (Actor.VM, "Its machines lead out with"),
    ):
        commands: dict[str, list[Enum]] = {}
        for way in ways:
            frees = way.operation.actor is actor and "add_vm" not in way.row.effects
            if frees and way.operation.command:
                found = commands.setdefault(way.operation.command, [])
                found += [end for end in way.states if end not in found]
        if commands:
            yield (f"{who} ", *_commands(commands), ".")
        elif actor is Actor.USER:
            yield ("No command on the image itself leads out of this state.",)


def _commands(commands: dict[str, list[Enum]]) -> Text:
    pieces: list[Code | Link | str] = []
    for command, ends in commands.items():
        pieces += ["; ", Code(command), " (→ "]
        for end in ends:
            pieces += [state_link(end), " or "]
        pieces[-1] = ")"
    return tuple(pieces[1:])


def _joined(pieces: Iterable[Code]) -> Text:
    joined: list[Code | str] = []
    for piece in pieces:
        joined += [", ", piece]
    return tuple(joined[1:])
