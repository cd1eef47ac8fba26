"""The table says what happens for every operation, in every state, whatever the guards say.

No combination of guards is left out as impossible: the table does not lean on
what images happen to look like.
"""

from __future__ import annotations

import pytest

from lifecycle import IMAGE_TABLE, OPERATIONS, ImageState
from lifecycle.table import Part, applies
from tests.engine.stubs import STUB_TABLE, Thing, assignments

PARTS: tuple[Part, ...] = (*IMAGE_TABLE.rows, *IMAGE_TABLE.otherwise)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_at_most_one_row_applies_and_where_none_does_an_otherwise_speaks(operation: str) -> None:
    for state in ImageState:
        for truth in assignments(operation):
            thing = Thing(state, truth)
            rows = [
                row
                for row in STUB_TABLE.rows_of(operation)
                if state in row.origins and applies(STUB_TABLE.guards, row, thing, None)
            ]
            others = [
                other
                for other in STUB_TABLE.otherwise_of(operation)
                if state in other.origins and applies(STUB_TABLE.guards, other, thing, None)
            ]
            assert len(rows) <= 1, (state, truth)
            assert rows or others, (state, truth)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_row_and_every_otherwise_is_the_answer_to_something(operation: str) -> None:
    """In each of its states: no part of the table is hidden behind another."""
    parts: tuple[Part, ...] = (
        *STUB_TABLE.rows_of(operation),
        *STUB_TABLE.otherwise_of(operation),
    )
    silent = {(part, state) for part in parts for state in part.origins}
    for state in ImageState:
        for truth in assignments(operation):
            thing = Thing(state, truth)
            answer = next(
                part
                for part in parts
                if state in part.origins and applies(STUB_TABLE.guards, part, thing, None)
            )
            silent.discard((answer, state))
    assert silent == set()


def test_nothing_happens_to_an_image_that_is_gone() -> None:
    assert all(not set(part.origins) & set(IMAGE_TABLE.final) for part in PARTS)


def test_every_guard_and_every_effect_is_used() -> None:
    assert {name for part in PARTS for name in part.when + part.unless} == set(IMAGE_TABLE.guards)
    assert {name for part in PARTS for name in part.effects} == set(IMAGE_TABLE.effects)


def test_every_fact_names_its_source() -> None:
    assert all(part.source for part in PARTS)


def test_the_keys_of_the_rows_are_unique() -> None:
    keys = [row.key for row in IMAGE_TABLE.rows]
    assert len(keys) == len(set(keys))
