"""Snapshots depend on each other as ALLOW_ORPHANS says."""

from __future__ import annotations

import json

import pytest

from lifecycle import Snapshots
from lifecycle.snapshots import Orphans

TREES = (Orphans.DENY, Orphans.MIXED)
LOOSE = (Orphans.ALLOW, Orphans.FORMAT, Orphans.LINEAR)


def chain(orphans: Orphans, length: int) -> Snapshots:
    """Give snapshots of 10, 20, … MB, each taken on the one before."""
    made = Snapshots(orphans)
    for number in range(length):
        made.create(f"number {number}", 10 * (number + 1), 100 + number)
        made.activate(number, revert=True)
    return made


def parents(snapshots: Snapshots) -> dict[int, int]:
    return {one.id: one.parent for one in snapshots}


def children(snapshots: Snapshots) -> dict[int, tuple[int, ...]]:
    return {one.id: one.children for one in snapshots if one.children}


@pytest.mark.parametrize(
    ("text", "orphans"),
    [
        ("no", Orphans.DENY),
        ("YES", Orphans.ALLOW),
        ("Format", Orphans.FORMAT),
        ("MIXED", Orphans.MIXED),
        ("linear", Orphans.LINEAR),
        ("perhaps", Orphans.DENY),
        ("", Orphans.DENY),
    ],
)
def test_allow_orphans_is_read_in_any_case_and_an_unknown_word_denies(
    text: str, orphans: Orphans
) -> None:
    assert Orphans.parse(text) is orphans


def test_where_orphans_are_denied_a_snapshot_is_the_child_of_the_active_one() -> None:
    snapshots = chain(Orphans.DENY, 3)
    assert parents(snapshots) == {0: -1, 1: 0, 2: 1}
    assert children(snapshots) == {0: (1,), 1: (2,)}
    snapshots.activate(0, revert=False)
    snapshots.create("branch", 1, 0)
    assert children(snapshots) == {0: (1, 3), 1: (2,)}


def test_where_orphans_are_mixed_a_snapshot_is_the_child_of_the_last_one_reverted_to() -> None:
    snapshots = Snapshots(Orphans.MIXED)
    for _ in range(3):
        snapshots.activate(snapshots.create("", 1, 0), revert=False)
    assert parents(snapshots) == {0: -1, 1: -1, 2: -1}
    assert snapshots.active_id == -1
    snapshots.activate(1, revert=True)
    assert snapshots.current_base == snapshots.active_id == 1
    snapshots.create("", 1, 0)
    assert parents(snapshots)[3] == 1
    snapshots.delete(1)
    snapshots.create("", 1, 0)
    assert parents(snapshots)[4] == 1
    assert 4 not in children(snapshots)


@pytest.mark.parametrize("orphans", LOOSE)
def test_elsewhere_no_snapshot_has_a_parent(orphans: Orphans) -> None:
    snapshots = chain(orphans, 3)
    assert set(parents(snapshots).values()) == {-1}
    assert children(snapshots) == {}
    snapshots.delete(2)
    assert snapshots.active_id == -1


@pytest.mark.parametrize("orphans", TREES)
def test_in_a_tree_the_only_child_of_a_deleted_snapshot_moves_up(orphans: Orphans) -> None:
    snapshots = chain(orphans, 3)
    snapshots.delete(1)
    assert parents(snapshots) == {0: -1, 2: 0}
    assert children(snapshots) == {0: (2,)}


def test_in_a_tree_several_children_of_a_deleted_snapshot_stay_where_they_are() -> None:
    snapshots = chain(Orphans.DENY, 2)
    snapshots.create("", 1, 0)
    snapshots.create("", 1, 0)
    snapshots.delete(1)
    assert parents(snapshots) == {0: -1, 2: 1, 3: 1}
    assert children(snapshots) == {}


def test_in_a_tree_the_parent_of_a_deleted_active_snapshot_becomes_active() -> None:
    snapshots = chain(Orphans.DENY, 2)
    snapshots.delete(1)
    assert snapshots.active_id == 0
    snapshots.delete(0)
    assert snapshots.active_id == -1
    assert len(snapshots) == 0


def test_a_child_that_a_loaded_situation_lacks_does_no_harm() -> None:
    value = chain(Orphans.DENY, 3).to_json()
    del value["snapshots"][2]
    snapshots = Snapshots.from_json(value)
    snapshots.delete(1)
    assert children(snapshots) == {0: (2,)}


def test_what_is_not_there_is_neither_deleted_nor_activated() -> None:
    snapshots = chain(Orphans.DENY, 2)
    before = snapshots.copy()
    snapshots.delete(9)
    snapshots.activate(9, revert=True)
    snapshots.activate(1, revert=True)
    assert snapshots == before


def test_only_one_snapshot_is_active() -> None:
    snapshots = chain(Orphans.ALLOW, 3)
    snapshots.activate(0, revert=True)
    assert [one.id for one in snapshots if one.active] == [0]
    assert snapshots.active(0)
    assert not snapshots.active(1)
    assert not snapshots.active(9)


def test_the_younger_ones_can_be_deleted_together() -> None:
    snapshots = chain(Orphans.LINEAR, 4)
    snapshots.delete_younger(1)
    assert [one.id for one in snapshots] == [0, 1]


def test_a_number_is_never_used_twice() -> None:
    snapshots = chain(Orphans.ALLOW, 2)
    snapshots.delete(1)
    assert snapshots.create("", 1, 0) == 2


def test_sizes_are_known_one_by_one_and_together() -> None:
    snapshots = chain(Orphans.ALLOW, 3)
    assert [snapshots.size(number) for number in (0, 1, 2, 9)] == [10, 20, 30, 0]
    assert snapshots.total_size == 60


def test_a_copy_is_independent() -> None:
    snapshots = chain(Orphans.DENY, 2)
    twin = snapshots.copy()
    assert twin == snapshots
    twin.delete(1)
    assert twin != snapshots
    assert snapshots.active(1)
    assert snapshots != "snapshots"
    with pytest.raises(TypeError, match="unhashable"):
        hash(snapshots)


def test_attributes_are_those_of_opennebulas_documents() -> None:
    snapshots = chain(Orphans.DENY, 2)
    snapshots.create("", 5, 0)
    snapshots.create("", 6, 0)
    assert snapshots.attributes() == [
        {"ID": "0", "PARENT": "-1", "SIZE": "10", "NAME": "number 0", "CHILDREN": "1"},
        {
            "ID": "1",
            "PARENT": "0",
            "SIZE": "20",
            "NAME": "number 1",
            "CHILDREN": "2,3",
            "ACTIVE": "YES",
        },
        {"ID": "2", "PARENT": "1", "SIZE": "5"},
        {"ID": "3", "PARENT": "1", "SIZE": "6"},
    ]


@pytest.mark.parametrize("orphans", Orphans)
def test_snapshots_survive_a_round_trip_through_json(orphans: Orphans) -> None:
    snapshots = chain(orphans, 3)
    text = json.dumps(snapshots.to_json())
    again = Snapshots.from_json(json.loads(text))
    assert again == snapshots
    assert again.create("", 1, 0) == 3


def test_what_is_no_set_of_snapshots_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="SOMETIMES"):
        Snapshots.from_json(
            {"orphans": "SOMETIMES", "next_id": 0, "current_base": -1, "snapshots": []}
        )
    with pytest.raises(KeyError):
        Snapshots.from_json({})


@pytest.mark.parametrize("orphans", [Orphans.DENY, Orphans.LINEAR])
def test_in_a_line_a_machine_deletes_only_what_others_do_not_need(orphans: Orphans) -> None:
    snapshots = chain(orphans, 1)
    assert (
        snapshots.objection(0, persistent=True)
        == "Cannot delete snapshot 0 for persistent disk images"
    )
    assert snapshots.objection(0, persistent=False) == ""
    assert snapshots.objection(9, persistent=False) == "Snapshot does not exist"


def test_in_a_tree_a_machine_deletes_what_has_at_most_one_child_without_children() -> None:
    snapshots = chain(Orphans.DENY, 4)
    assert snapshots.objection(3, persistent=True) == ""
    assert snapshots.objection(2, persistent=True) == ""
    snapshots.activate(1, revert=True)
    assert (
        snapshots.objection(1, persistent=True) == "Cannot delete the active snapshot with children"
    )
    snapshots.create("branch", 1, 0)
    assert (
        snapshots.objection(1, persistent=True)
        == "Cannot delete snapshot with more than one children"
    )
    assert (
        snapshots.objection(0, persistent=False) == "Cannot delete snapshot if child has children"
    )
    assert (
        snapshots.objection(2, persistent=False)
        == "Cannot delete snapshot if parent has more than one child"
    )


def test_in_a_tree_a_child_that_is_active_and_has_a_child_is_needed() -> None:
    snapshots = chain(Orphans.DENY, 3)
    assert snapshots.objection(0, persistent=False) == ""
    snapshots.activate(1, revert=True)
    assert (
        snapshots.objection(0, persistent=False) == "Cannot delete snapshot if child has children"
    )


def test_where_orphans_are_mixed_a_machine_deletes_leaves_that_are_not_active() -> None:
    snapshots = chain(Orphans.MIXED, 3)
    assert snapshots.objection(2, persistent=True) == "Cannot delete the active snapshot"
    assert snapshots.objection(1, persistent=True) == "Cannot delete snapshot with children"
    snapshots.activate(0, revert=True)
    assert snapshots.objection(2, persistent=True) == ""


def test_where_orphans_are_allowed_a_machine_deletes_any() -> None:
    assert chain(Orphans.ALLOW, 2).objection(1, persistent=True) == ""


def test_a_mode_that_drivers_should_have_replaced_is_an_objection() -> None:
    objection = chain(Orphans.FORMAT, 1).objection(0, persistent=False)
    assert objection == "Inconsistent snapshot orphan mode"
