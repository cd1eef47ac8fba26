"""The pages about operations: all at a glance, one page for each actor, what the names mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.payloads import FAILURE, usual_words
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.markup.document import (
    Bullets,
    Code,
    Grid,
    Heading,
    Link,
    Page,
    Paragraph,
    cell,
)
from lifecycle.operations import DRIVER_ANSWERS, OPERATIONS
from lifecycle.reference.paths import asked_by
from lifecycle.reference.sentences import (
    conditions,
    effect_sentence,
    effects,
    guard_sentence,
    operation_link,
    placeholders,
    sources,
    state_link,
    state_list,
)
from lifecycle.table import Actor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lifecycle.markup.document import Block, Cell, Text
    from lifecycle.table import Operation, Otherwise, Row

_TITLES = {
    Actor.USER: "What users do",
    Actor.DATASTORE: "What datastore drivers answer",
    Actor.VM: "What virtual machines do",
    Actor.MARKETPLACE: "What marketplaces do",
}


def actor_title(actor: Actor) -> str:
    """Give the title of an actor's page."""
    return _TITLES[actor]


def operations_page() -> Page:
    """Give the page that shows every operation at a glance."""
    blocks: list[Block] = []
    for actor in Actor:
        found = [one for one in OPERATIONS.values() if one.actor is actor]
        blocks.append(Heading(2, actor_title(actor)))
        blocks.append(_overview(actor, found))
    return Page(
        "operations",
        "Image Operations Reference",
        "Every operation that can move an image, with its command and its call.",
        tuple(blocks),
    )


def _overview(actor: Actor, operations: list[Operation]) -> Grid:
    if any(one.command for one in operations):
        head: tuple[str, ...] = ("Operation", "What happens", "Command", "Call")
    else:
        head = ("Operation", "What happens")
    rows = tuple(
        (
            cell(operation_link(one)),
            cell(one.meaning),
            cell(Code(one.command)) if one.command else (),
            cell(Code(one.call)) if one.call else (),
        )[: len(head)]
        for one in operations
    )
    return Grid(f"The operations of the actor: {actor.value}", head, rows)


def actor_page(actor: Actor) -> Page:
    """Give the page with the rows of every operation of one actor."""
    blocks: list[Block] = []
    for operation in OPERATIONS.values():
        if operation.actor is actor:
            blocks += operation_blocks(operation)
    return Page(
        f"operations-{actor.name.lower()}",
        actor_title(actor),
        f"Every operation of the actor “{actor.value}”: where it leads, under which conditions,"
        " and what oned answers otherwise.",
        tuple(blocks),
    )


def operation_blocks(operation: Operation) -> Iterator[Block]:
    """Give the section of one operation: its rows, their effects, what is answered otherwise."""
    rows = IMAGE_TABLE.rows_of(operation.name)
    yield Heading(2, operation.name)
    yield Paragraph((operation.meaning,))
    if operation.command:
        yield Bullets(
            (
                ("Command: ", Code(operation.command)),
                ("Call: ", Code(operation.call)),
            )
        )
    yield Grid(
        f"What {operation.name} does",
        ("From", "To", "If", "Besides", "Source"),
        tuple(_row(row) for row in rows),
    )
    besides = tuple(dict.fromkeys(name for row in rows for name in row.effects))
    if besides:
        yield Bullets(
            tuple((Code(name), ": ", *effect_sentence(name)) for name in besides),
        )
    others = IMAGE_TABLE.otherwise_of(operation.name)
    if others:
        yield Paragraph(("Otherwise, the first that fits:",))
        yield Grid(
            f"What is answered otherwise to {operation.name}",
            ("In", "If", "Answer", "Words", "Source"),
            tuple(_otherwise(one) for one in others),
        )
        legend = placeholders(one.text for one in others)
        if legend:
            yield Paragraph(("Words in braces: ", *legend))


def _row(row: Row) -> tuple[Cell, ...]:
    target = cell("stays") if row.target is None else cell(state_link(row.target))
    return (
        (state_list(row.origins),),
        target,
        conditions(row),
        effects(row),
        sources(row),
    )


def _otherwise(one: Otherwise) -> tuple[Cell, ...]:
    besides = ", ".join(one.effects)
    code = cell("ignored") if one.code is None else cell(Code(one.code.name))
    words: Cell = cell(Code(one.text)) if one.text else ()
    if besides:
        words = (*words, ("besides: ", Code(besides)))
    return (state_list(one.origins),), conditions(one), code, words, sources(one)


def conditions_page() -> Page:
    """Give the page that says what every guard and every effect of the table means."""
    guards: list[Block] = [
        Grid(
            "The conditions of the table",
            ("Condition", "Holds", "Does not hold"),
            tuple(
                (cell(Code(name)), (guard_sentence(name),), (guard_sentence(f"not {name}"),))
                for name in IMAGE_TABLE.guards
            ),
        )
    ]
    done: list[Block] = []
    for name in IMAGE_TABLE.effects:
        done += [Heading(3, name), Paragraph(effect_sentence(name))]
    return Page(
        "conditions",
        "Conditions and effects",
        "What the conditions (guards) and the effects (actions) of the operations mean.",
        (Heading(2, "Conditions"), *guards, Heading(2, "Effects"), *done),
    )


def datastore_page() -> Page:
    """Give the page about what datastore drivers are asked, and what their answers do."""
    blocks: list[Block] = [
        Paragraph(
            (
                (
                    "Between a request and its answer an image is in a state that waits. In the"
                    " simulated cloud a request stays open until a test answers it, or a plan does;"
                    " what the driver usually says is given below."
                ),
            )
        )
    ]
    for action in dict.fromkeys(action for action, _ in DRIVER_ANSWERS):
        blocks += _action(action)
    return Page(
        "datastore",
        "What datastores are asked",
        "The requests to datastore drivers, who makes them, and what each answer does.",
        tuple(blocks),
    )


def _action(action: str) -> Iterator[Block]:
    yield Heading(2, action)
    asking: dict[str, Link] = {}
    for way in asked_by(action):
        asking[way.operation.name] = operation_link(way.operation)
    yield Paragraph(("Asked for by: ", *_joined(asking.values()), "."))
    success, failure = (OPERATIONS[DRIVER_ANSWERS[action, ok]] for ok in (True, False))
    yield Grid(
        f"The answers to {action}",
        ("Answer", "What it means", "Leads to", "What the simulated driver says"),
        (_reply(success, usual_words("ds", action)), _reply(failure, FAILURE)),
    )


def _reply(operation: Operation, words: str) -> tuple[Cell, ...]:
    said = cell(Code(words)) if words else ()
    return cell(operation_link(operation)), cell(operation.meaning), _targets(operation), said


def _targets(operation: Operation) -> Cell:
    states = dict.fromkeys(
        row.target for row in IMAGE_TABLE.rows_of(operation.name) if row.target is not None
    )
    return (_joined(state_link(state) for state in states),)


def _joined(links: Iterable[Link]) -> Text:
    pieces: list[Link | str] = []
    for link in links:
        pieces += [", ", link]
    return tuple(pieces[1:])
