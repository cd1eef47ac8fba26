"""Every guard and effect says in its docstring what it means; the words are read there."""

from __future__ import annotations

import doctest

import pytest

from lifecycle import IMAGE_TABLE, Table, wording
from lifecycle.cloud.vm_table import VM_TABLE
from lifecycle.wording import effect_words, guard_words, lowered, opposite

TABLES = {table.name: table for table in (IMAGE_TABLE, VM_TABLE)}
GUARDS = [(table, name) for table in TABLES.values() for name in table.guards]
EFFECTS = [(table, name) for table in TABLES.values() for name in table.effects]


@pytest.mark.parametrize(
    ("table", "name"), GUARDS, ids=[f"{table.name} {name}" for table, name in GUARDS]
)
def test_a_guard_says_what_holds_either_way(table: Table, name: str) -> None:
    yes, no = guard_words(table, name), guard_words(table, f"not {name}")
    assert yes != no
    for sentence in (yes, no):
        assert sentence[0].isupper()
        assert "\n" not in sentence
        assert not sentence.endswith((".", " "))
        assert sentence != name


@pytest.mark.parametrize(
    ("table", "name"), EFFECTS, ids=[f"{table.name} {name}" for table, name in EFFECTS]
)
def test_an_effect_says_what_it_does(table: Table, name: str) -> None:
    sentence = effect_words(table, name)
    assert sentence[0].isupper()
    assert "\n" not in sentence
    assert "``" not in sentence
    assert not sentence.endswith((".", " "))


def test_no_two_guards_of_a_table_say_the_same() -> None:
    for table in TABLES.values():
        said = [guard_words(table, form + name) for name in table.guards for form in ("", "not ")]
        assert sorted(set(said)) == sorted(said)


def test_a_guard_that_does_not_say_what_holds_otherwise_is_told() -> None:
    def silent(_: object, __: object) -> bool:
        """Something holds."""
        return True

    table = Table("one", IMAGE_TABLE.states, (), {}, (), (), {"silent": silent}, {})
    assert guard_words(table, "silent") == "Something holds"
    with pytest.raises(ValueError, match="silent has no line 'Otherwise:' in its docstring"):
        guard_words(table, "not silent")


def test_the_opposite_of_a_guard_is_its_negation_and_back() -> None:
    assert opposite("disk") == "not disk"
    assert opposite(opposite("disk")) == "disk"


@pytest.mark.parametrize(
    ("sentence", "inside"),
    [
        ("The type is OS", "the type is OS"),
        ("RUNNING_VMS is 0", "RUNNING_VMS is 0"),
        ("PERSISTENT becomes yes", "PERSISTENT becomes yes"),
        ("A", "a"),
        ("", ""),
    ],
)
def test_a_sentence_inside_another_begins_small_unless_it_begins_with_a_name(
    sentence: str, inside: str
) -> None:
    assert lowered(sentence) == inside


def test_the_example_of_the_module_is_true() -> None:
    assert doctest.testmod(wording).failed == 0
