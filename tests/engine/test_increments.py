"""The chain of increments of a backup grows at its end and is flattened at its beginning."""

from __future__ import annotations

import json

import pytest

from lifecycle.increments import FULL, INCREMENT, Increment, Increments


def chain(length: int) -> Increments:
    """Give a chain of increments of 10, 20, … MB."""
    made = Increments()
    for number in range(length):
        kind = INCREMENT if number else FULL
        made = made.added(f"/backup/{number}", 10 * (number + 1), kind, 100 + number)
    return made


def summary(increments: Increments) -> list[tuple[int, str, str, str, int]]:
    return [(one.id, one.kind, one.source, one.size, one.parent) for one in increments.chain]


def test_an_empty_chain_has_no_last_increment_and_no_size() -> None:
    assert len(Increments()) == 0
    assert Increments().last_id == -1
    assert Increments().total_size == 0


def test_each_increment_is_the_child_of_the_one_before() -> None:
    assert summary(chain(3)) == [
        (0, FULL, "/backup/0", "10", -1),
        (1, INCREMENT, "/backup/1", "20", 0),
        (2, INCREMENT, "/backup/2", "30", 1),
    ]
    assert chain(3).last_id == 2
    assert chain(3).total_size == 60


def test_a_chain_is_never_changed() -> None:
    one = chain(1)
    two = one.added("/more", 1, INCREMENT, 0)
    assert (len(one), len(two)) == (1, 2)
    assert one == chain(1)
    assert one != two


def test_a_chain_begins_with_a_full_increment() -> None:
    with pytest.raises(ValueError, match="must be a FULL one"):
        Increments().added("/backup", 1, INCREMENT, 0)


@pytest.mark.parametrize(
    ("size", "counted"), [("12", 12), ("12.7", 12), ("-3", -3), ("+4", 4), ("", 0), ("much", 0)]
)
def test_of_a_size_the_digits_that_it_begins_with_are_counted(size: str, counted: int) -> None:
    assert Increments([Increment(0, FULL, "/backup", size, -1, 0)]).total_size == counted


def test_flattening_makes_the_first_one_named_full_and_drops_the_older_ones() -> None:
    flat, understood = chain(4).flattened("2:/merged,3:/moved", "55")
    assert understood
    assert summary(flat) == [
        (2, FULL, "/merged", "55", -1),
        (3, INCREMENT, "/moved", "40", 2),
    ]
    assert flat.total_size == 95


def test_increments_that_the_answer_does_not_name_stay() -> None:
    flat, understood = chain(3).flattened("1:/merged", "7")
    assert understood
    assert [one.id for one in flat] == [1, 2]


def test_older_increments_go_until_one_is_missing() -> None:
    gap = Increments(one for one in chain(4) if one.id != 1)
    flat, understood = gap.flattened("2:/merged", "7")
    assert understood
    assert [one.id for one in flat] == [0, 2, 3]


def test_an_answer_that_names_nothing_changes_nothing() -> None:
    assert chain(2).flattened("", "7") == (chain(2), True)
    assert chain(2).flattened(",,", "7") == (chain(2), True)


@pytest.mark.parametrize("part", ["x:/a", "9:/a", "1", "1:", ":/a", "1:/a:/b", "+-1:/a", "1x:/a"])
def test_an_answer_with_a_mistake_is_not_understood(part: str) -> None:
    assert chain(2).flattened(part, "7") == (chain(2), False)


def test_what_was_read_before_a_mistake_stays_done() -> None:
    flat, understood = chain(3).flattened("1:/merged,2:/moved,9:/nobody", "7")
    assert not understood
    assert summary(flat) == [
        (0, FULL, "/backup/0", "10", -1),
        (1, FULL, "/merged", "7", -1),
        (2, INCREMENT, "/moved", "30", 1),
    ]


def test_empty_words_and_signs_are_read_as_oned_reads_them() -> None:
    flat, understood = chain(2).flattened(",+1::/merged,", "7")
    assert understood
    assert summary(flat) == [(1, FULL, "/merged", "7", -1)]


def test_attributes_are_those_of_opennebulas_documents() -> None:
    assert chain(1).attributes() == [
        {"ID": "0", "PARENT_ID": "-1", "SIZE": "10", "SOURCE": "/backup/0", "TYPE": "FULL"}
    ]


def test_increments_survive_a_round_trip_through_json() -> None:
    text = json.dumps(chain(3).to_json())
    assert Increments.from_json(json.loads(text)) == chain(3)


def test_what_is_no_chain_cannot_be_read() -> None:
    with pytest.raises(TypeError):
        Increments.from_json([{"id": 1}])
