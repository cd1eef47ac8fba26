"""A table that contradicts itself cannot be constructed; one that stands can be read."""

from __future__ import annotations

from enum import Enum

import pytest

from lifecycle import Actor, ErrorCode, Operation, Otherwise, Row, Table, TableError
from lifecycle.table import applies


class Door(Enum):
    OPEN = "open"
    SHUT = "shut"


class Ruin(Enum):
    RUBBLE = "rubble"


SHUT = Row("shut", (Door.OPEN,), Door.SHUT, effects=("slam",))
OPEN = Row("open", (Door.SHUT,), Door.OPEN, unless=("bolted",))
LOCKED_OUT = Otherwise("open", (Door.SHUT,), ErrorCode.ACTION, "The door is bolted.")
SHUT_ALREADY = Otherwise("shut", (Door.SHUT,), None, "It is shut.", when=("bolted",))


def table(*rows: Row, otherwise: tuple[Otherwise, ...] = ()) -> Table:
    """Give the table of a door that has these rows."""
    return Table(
        name="door",
        states=tuple(Door),
        final=(Ruin.RUBBLE,),
        operations={
            name: Operation(name, Actor.USER, "Somebody is at the door.")
            for name in ("open", "shut")
        },
        rows=rows,
        otherwise=otherwise,
        guards={"bolted": lambda thing, _: thing == "bolted", "held": lambda *_: False},
        effects={"slam": lambda *_: None},
    )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Row("knock", (Door.SHUT,), None), "knock: unknown operation"),
        (Row("open", (Ruin.RUBBLE,), None), "open: unknown state"),
        (Row("open", (Door.SHUT,), ErrorCode.ACTION), "open: unknown target"),
        (Row("open", (), Door.OPEN), "open: a row without a state to start from"),
        (Row("open", (Door.SHUT,), None, when=("oiled",)), "there is no guard 'oiled'"),
        (Row("open", (Door.SHUT,), None, unless=("oiled",)), "there is no guard 'oiled'"),
        (Row("open", (Door.SHUT,), None, effects=("creak",)), "there is no effect 'creak'"),
    ],
)
def test_a_row_names_only_what_there_is(wrong: Row, message: str) -> None:
    with pytest.raises(TableError, match=message):
        table(SHUT, OPEN, wrong)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Otherwise("knock", (Door.SHUT,), None, ""), "knock: unknown operation"),
        (Otherwise("open", (Ruin.RUBBLE,), None, ""), "open: unknown state"),
        (Otherwise("open", (), None, ""), "open: a row without a state to start from"),
        (Otherwise("open", (Door.SHUT,), None, "", when=("oiled",)), "there is no guard 'oiled'"),
        (Otherwise("open", (Door.SHUT,), None, "", effects=("creak",)), "no effect 'creak'"),
    ],
)
def test_a_refusal_names_only_what_there_is(wrong: Otherwise, message: str) -> None:
    with pytest.raises(TableError, match=message):
        table(SHUT, OPEN, otherwise=(wrong,))


def test_every_operation_does_something() -> None:
    with pytest.raises(TableError, match="operation open has no row"):
        table(SHUT)


def test_a_row_stands_there_once() -> None:
    with pytest.raises(TableError, match="both could apply: 'shut: OPEN -> SHUT'"):
        table(SHUT, OPEN, SHUT)


def test_two_rows_of_one_state_are_told_apart_by_a_guard() -> None:
    held = Row("open", (Door.SHUT,), None, when=("held",))
    with pytest.raises(TableError, match=r"both could apply: .*not bolted.* and .*held"):
        table(SHUT, OPEN, held)
    bolted = Row("open", (Door.SHUT,), None, when=("bolted",))
    assert len(table(SHUT, OPEN, bolted).rows) == 3
    assert len(table(SHUT, bolted, OPEN).rows) == 3


def test_two_rows_of_different_states_need_no_guard() -> None:
    assert len(table(SHUT, OPEN, Row("open", (Door.OPEN,), None)).rows) == 3


def test_a_row_may_lead_to_a_final_state() -> None:
    assert table(SHUT, OPEN, Row("shut", (Door.SHUT,), Ruin.RUBBLE)).final == (Ruin.RUBBLE,)


def test_a_table_is_read_by_operation_and_by_state() -> None:
    door = table(SHUT, OPEN, otherwise=(LOCKED_OUT, SHUT_ALREADY))
    assert door.rows_of("open") == (OPEN,)
    assert door.otherwise_of("open") == (LOCKED_OUT,)
    assert list(door.rows_from(Door.OPEN)) == [SHUT]
    assert door.guards_of("open") == ("bolted",)
    assert door.guards_of("shut") == ("bolted",)
    with pytest.raises(KeyError):
        door.rows_of("knock")
    with pytest.raises(KeyError):
        door.otherwise_of("knock")


def test_a_row_is_named_as_a_reader_writes_it() -> None:
    row = Row("open", (Door.SHUT, Door.OPEN), None, when=("held",), unless=("bolted",))
    assert row.guards == ("held", "not bolted")
    assert row.key == "open: any -> stays [held, not bolted]"
    assert SHUT.key == "shut: OPEN -> SHUT"


def test_an_event_without_an_error_code_is_ignored() -> None:
    assert SHUT_ALREADY.ignored
    assert not LOCKED_OUT.ignored


def test_a_row_applies_when_its_guards_hold() -> None:
    guards = table(SHUT, OPEN).guards
    assert applies(guards, OPEN, "free", None)
    assert not applies(guards, OPEN, "bolted", None)
    assert applies(guards, SHUT_ALREADY, "bolted", None)
    assert not applies(guards, SHUT_ALREADY, "free", None)


def test_a_row_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        OPEN.target = Door.SHUT  # type: ignore[misc]  # what the type checker forbids, too
