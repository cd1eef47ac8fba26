"""One image: it is born, held, copied, locked and removed, and its counters follow."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle import (
    GONE,
    IMAGE_TABLE,
    OPERATIONS,
    AllocateRefused,
    Image,
    ImageState,
    ImageType,
    InternalRefused,
    Lock,
    LockRequest,
    Refused,
    Snapshots,
)
from lifecycle.guards import GUARDS, LASTING
from lifecycle.increments import FULL, INCREMENT
from lifecycle.snapshots import Orphans
from lifecycle.states import SNAPSHOT_TYPES
from tests.engine.recorder import Recorder
from tests.engine.situations import ARGUMENTS, do, everything, hold, snapshots_in

S, T = ImageState, ImageType


def image(state: ImageState, holders: str = "", *, persistent: bool = False) -> Image:
    """Give an image in a state that machines (v), a copy (c) and an app (a) hold."""
    made = Image(7, "debian", persistent=persistent, state=state, source="/disk", format="raw")
    hold(made, holders)
    return made


def watched(thing: Image) -> list[str]:
    """Put an image into a world, and give the list of what the world is told."""
    thing.world = world = Recorder()
    return world.told


# Birth


def test_an_image_with_a_path_is_born_locked_and_copied() -> None:
    born = Image(7, "debian", path="/tmp/debian.img")  # noqa: S108 - nothing is there
    told = watched(born)
    assert born.allocate()
    assert born.state is S.LOCKED
    assert told == ["fired allocate: INIT -> LOCKED", "inserted 7", "asked CP 7"]
    assert born.cp_success("/disk qcow2")
    assert (born.state, born.source, born.format) == (S.READY, "/disk", "qcow2")
    assert told[3:] == ["fired cp_success: LOCKED -> READY", "written INIT -> READY"]
    assert born.prev_state is S.READY


@pytest.mark.parametrize("kind", ImageType)
def test_only_disks_that_can_be_formatted_are_born_of_nothing(kind: ImageType) -> None:
    born = Image(7, "empty", kind)
    if kind in SNAPSHOT_TYPES:
        assert born.allocate()
        assert born.mkfs_success("")
        assert (born.state, born.source) == (S.READY, "")
    else:
        with pytest.raises(Refused):
            born.allocate()
        assert born.state is S.INIT


def test_an_image_with_a_source_is_born_ready() -> None:
    born = Image(7, "there", source="/disk", format="raw")
    told = watched(born)
    assert born.allocate()
    assert born.state is S.READY
    assert told == ["fired allocate: INIT -> READY", "inserted 7", "written INIT -> READY"]


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        ({"path": "/a", "source": "/b"}, AllocateRefused, "PATH and SOURCE cannot be both set"),
        ({"source": "/b"}, AllocateRefused, "SOURCE needs FORMAT to be set"),
        ({"type": T.BACKUP, "source": "/b", "format": "raw"}, AllocateRefused, "BACKUP_DS"),
        ({"type": T.BACKUP, "path": "/a"}, AllocateRefused, "BACKUP_DS"),
        ({"type": T.CDROM}, InternalRefused, "Either PATH or SOURCE are required for CDROM"),
        ({"type": T.KERNEL}, InternalRefused, "Either PATH or SOURCE are required for KERNEL"),
        ({"type": T.FILESYSTEM}, InternalRefused, "Missing PATH attribute"),
        (
            {"type": T.FILESYSTEM, "source": "/b", "format": "dir"},
            InternalRefused,
            "Missing PATH attribute",
        ),
    ],
)
def test_a_birth_is_refused(fields: dict[str, Any], kind: type[Refused], text: str) -> None:
    unborn = Image(7, "never", **fields)
    with pytest.raises(kind, match=text):
        unborn.allocate()
    assert unborn.state is S.INIT


def test_a_copy_is_born_locked_and_its_source_loses_it_when_it_ends() -> None:
    source, copy = image(S.READY), Image(8, "copy")
    source.clone(copy.id)
    copy.cloning_id = source.id
    told = watched(copy)
    copy.allocate_clone()
    assert (source.state, copy.state) == (S.USED, S.LOCKED)
    copy.clone_success("/copy")
    assert (copy.state, copy.source, copy.format, copy.cloning_id) == (S.READY, "/copy", "", -1)
    # The record is written before the source is told: so the hooks come in oned's order.
    assert told[-2:] == ["written INIT -> READY", "7 loses 8"]


def test_the_source_of_a_copy_is_told_of_a_failure_too() -> None:
    copy = Image(8, "copy", state=S.LOCKED)
    copy.cloning_id = 7
    told = watched(copy)
    copy.clone_failure("disk full")
    assert copy.state is S.ERROR
    assert copy.template["ERROR"].endswith(" : Error cloning from Image 7: disk full")
    assert told[-1] == "7 loses 8"


def test_a_disk_that_is_saved_is_born_only_as_a_target() -> None:
    assert Image(7, "target", template={"SAVE_AS_HOT": "yes"}).allocate_save_as()
    assert not Image(7, "no target").allocate_save_as()


def test_a_backup_is_born_ready_and_held_by_its_machine() -> None:
    backup = Image(7, "backup", T.BACKUP, source="/backup")
    assert backup.allocate_backup(3)
    assert (backup.state, backup.vms, backup.running_vms) == (S.READY, {3}, 1)
    with pytest.raises(AllocateRefused, match="SOURCE cannot be empty"):
        Image(7, "backup", T.BACKUP).allocate_backup(3)
    assert not Image(7, "disk", source="/disk").allocate_backup(3)


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name.startswith("allocate")])
def test_an_image_is_born_once(operation: str) -> None:
    thing = image(S.READY)
    assert do(thing, operation, 1) is False
    assert thing.state is S.READY


# Machines


@pytest.mark.parametrize(
    ("persistent", "ready", "locked"),
    [(False, S.USED, S.LOCKED_USED), (True, S.USED_PERS, S.LOCKED_USED_PERS)],
)
def test_a_machine_takes_an_image_and_lets_it_go(
    persistent: bool, ready: ImageState, locked: ImageState
) -> None:
    for idle, held in ((S.READY, ready), (S.LOCKED, locked)):
        thing = image(idle, persistent=persistent)
        thing.acquire(1)
        assert (thing.state, thing.running_vms) == (held, 1)
        thing.release(1)
        assert (thing.state, thing.running_vms) == (idle, 0)


def test_counters_count_members_of_sets() -> None:
    thing = image(S.READY)
    for _ in range(2):
        thing.acquire(1)
        thing.clone(8)
        thing.export(8)
    assert (thing.vms, thing.clones, thing.app_clones) == ({1}, {8}, {8})
    assert (thing.running_vms, thing.cloning_ops) == (1, 2)
    thing.release(5)
    thing.clone_released(5)
    thing.export_released(5)
    assert (thing.state, thing.running_vms, thing.cloning_ops) == (S.USED, 1, 2)


def test_a_used_image_is_ready_when_the_last_holder_lets_go() -> None:
    thing = image(S.USED, "vca")
    thing.release(1)
    thing.clone_released(2)
    assert thing.state is S.USED
    thing.export_released(3)
    assert (thing.state, thing.running_vms, thing.cloning_ops) == (S.READY, 0, 0)


def test_letting_go_what_one_does_not_hold_frees_an_image_that_nobody_holds() -> None:
    """An image in USED that nobody holds can be loaded, and was seen."""
    for operation in ("release", "clone_released", "export_released"):
        thing = image(S.USED)
        getattr(thing, operation)(99)
        assert thing.state is S.READY


def test_a_failed_release_makes_a_difference_to_persistent_images_only() -> None:
    shared = image(S.USED, "v")
    shared.release_failed(1)
    assert shared.state is S.READY
    own = image(S.USED_PERS, "vv", persistent=True)
    told = watched(own)
    own.release_failed(1)
    assert (own.state, own.running_vms) == (S.ERROR, 1)
    assert own.modtime == 1_700_000_000
    assert told == ["fired release_failed: USED_PERS -> ERROR", "written USED_PERS -> ERROR"]


def test_a_machine_that_fails_is_not_told_of_the_failure_of_its_image() -> None:
    thing = image(S.LOCKED_USED_PERS, "vv", persistent=True)
    told = watched(thing)
    thing.release_failed(1)
    assert "machines [2] of ERROR" in told


def test_an_image_in_error_keeps_counting_machines_that_are_gone() -> None:
    thing = image(S.ERROR, "v")
    assert thing.release(1) is False
    assert thing.running_vms == 1
    thing.enable()
    assert thing.state is S.USED
    thing.release(1)
    assert thing.state is S.READY


def test_a_shareable_persistent_image_is_taken_more_than_once() -> None:
    thing = image(S.READY, persistent=True)
    thing.template = {"PERSISTENT_TYPE": "Shareable"}
    thing.acquire(1)
    thing.acquire(2)
    assert (thing.state, thing.running_vms) == (S.USED_PERS, 2)
    thing.template = {"PERSISTENT_TYPE": ["SHAREABLE", "SHAREABLE"]}
    with pytest.raises(Refused):
        thing.acquire(3)


def test_machines_write_back_only_into_a_persistent_image_in_use() -> None:
    used, ready = image(S.USED_PERS, "v", persistent=True), image(S.READY)
    snapshots = snapshots_in(Orphans.ALLOW)
    assert used.write_snapshots(snapshots)
    assert used.snapshots == snapshots
    assert used.snapshots is not snapshots
    assert used.write_size(99)
    assert used.size == 99
    assert used.write_snapshots(Snapshots())
    assert used.snapshots == Snapshots.none_left()
    assert not ready.write_snapshots(snapshots)
    assert not ready.write_size(99)
    assert (ready.snapshots, ready.size) == (None, 0)


# Administration


def test_machines_that_wait_are_told_when_the_image_is_ready_or_not() -> None:
    for answer, state in (("cp_success", S.USED), ("cp_failure", S.ERROR)):
        thing = image(S.LOCKED_USED, "vv")
        told = watched(thing)
        getattr(thing, answer)("/disk raw")
        assert told[:3] == [
            f"fired {answer}: LOCKED_USED -> {state.name}",
            f"machines [1, 2] of {state.name}",
            f"written LOCKED_USED -> {state.name}",
        ]


def test_persistence_is_a_flag_that_is_written_only_when_it_changes() -> None:
    thing = image(S.READY)
    told = watched(thing)
    assert thing.persistent()
    assert thing.persistent()
    assert thing.is_persistent
    assert thing.nonpersistent()
    assert thing.nonpersistent()
    assert not thing.is_persistent
    assert told.count("written READY -> READY") == 2


@pytest.mark.parametrize(("name", "kind"), [("cdrom", T.CDROM), ("", T.OS), ("os", T.OS)])
def test_a_type_is_named_in_any_case_and_none_at_all_means_os(name: str, kind: ImageType) -> None:
    thing = image(S.READY)
    thing.type = T.DATABLOCK
    assert thing.chtype(name)
    assert thing.type is kind


@pytest.mark.parametrize("guard", sorted(LASTING))
def test_what_lasts_never_changes(guard: str) -> None:
    kinds = {one: image(S.READY) for one in T}
    for one, thing in kinds.items():
        thing.type = one
    lasting = [one for one, thing in kinds.items() if GUARDS[guard](thing, None)]
    assert lasting
    for one, name in product(T, T):
        if one in lasting or name in lasting:
            with pytest.raises(Refused):
                kinds[one].chtype(name.name)
            assert kinds[one].type is one


def test_a_lock_of_all_is_stored_as_a_lock_of_use() -> None:
    thing = image(S.READY)
    assert thing.lock(LockRequest(4, owner=3, admin=False, time=5, request=6))
    assert thing.lock_held == Lock(1, 3, 5, 6)
    assert thing.lock(LockRequest(2, owner=9))
    assert thing.lock_held == Lock(2, 9, 0, -1)
    assert thing.unlock(9)
    assert thing.lock_held is None


def test_a_lock_does_not_outlive_a_change_of_state_but_to_locked() -> None:
    for operation, kept in (("disable", False), ("snapshot_revert", True)):
        thing = image(S.READY)
        thing.snapshots = snapshots_in(Orphans.ALLOW)
        thing.lock(LockRequest(1))
        do(thing, operation, 0)
        assert (thing.lock_held is not None) is kept


def test_what_an_owner_may_write_is_written() -> None:
    thing = image(S.ERROR)
    told = watched(thing)
    thing.rename("buster")
    thing.chown((3, None))
    thing.chown((None, 4))
    thing.chmod(0o640)
    thing.update({"A": "B"})
    assert (thing.name, thing.uid, thing.gid) == ("buster", 3, 4)
    assert (thing.permissions, thing.template) == (0o640, {"A": "B"})
    assert told.count("written READY -> ERROR") + told.count("written ERROR -> ERROR") == 5


# Snapshots and increments


def test_a_snapshot_operation_locks_the_image_until_it_is_answered() -> None:
    thing = image(S.READY)
    thing.snapshots = snapshots_in(Orphans.ALLOW)
    told = watched(thing)
    thing.snapshot_revert(1)
    assert (thing.state, thing.target_snapshot) == (S.LOCKED, 1)
    assert told[1] == "asked SNAP_REVERT 7"
    thing.snap_revert_success()
    assert (thing.state, thing.target_snapshot, thing.size) == (S.READY, -1, 20)
    assert thing.snapshots.active_id == 1
    thing.snapshot_delete(0)
    thing.snap_delete_success()
    assert [one.id for one in thing.snapshots] == [1]
    thing.snapshot_flatten(1)
    thing.snap_flatten_success()
    assert (thing.state, thing.snapshots) == (S.READY, Snapshots.none_left())


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        ("delete", "Error removing snapshot 1 from image 7: why"),
        ("revert", "Error reverting image 7 to snapshot 1: why"),
        ("flatten", "Error flattening image snapshot: why"),
    ],
)
def test_a_snapshot_operation_that_fails_leaves_an_error_and_the_image_ready(
    operation: str, text: str
) -> None:
    thing = image(S.READY)
    thing.snapshots = snapshots_in(Orphans.ALLOW)
    getattr(thing, f"snapshot_{operation}")(1)
    getattr(thing, f"snap_{operation}_failure")("why")
    assert (thing.state, thing.template) == (S.READY, {"ERROR": text})
    assert len(thing.snapshots) == 2


def test_answers_about_no_snapshot_change_none() -> None:
    thing = image(S.READY)
    thing.snapshots = snapshots_in(Orphans.ALLOW)
    before = thing.snapshots.copy()
    thing.snap_delete_success()
    thing.snap_revert_success()
    thing.snap_delete_failure("why")
    thing.snap_revert_failure("why")
    assert (thing.snapshots, thing.template) == (before, {})


def test_reverting_to_a_snapshot_that_is_gone_leaves_no_size() -> None:
    thing = image(S.LOCKED)
    thing.size, thing.target_snapshot = 50, 3
    thing.snap_delete_success()
    assert thing.size == 50
    thing.target_snapshot = 3
    thing.snap_revert_success()
    assert thing.size == 0


def test_reverting_in_a_line_removes_the_younger_snapshots() -> None:
    thing = image(S.READY)
    thing.snapshots = snapshots_in(Orphans.LINEAR)
    thing.snapshot_revert(0)
    thing.snap_revert_success()
    assert [one.id for one in thing.snapshots] == [0]


def test_in_a_tree_only_leaves_that_are_not_active_are_deleted() -> None:
    thing = image(S.READY)
    thing.snapshots = snapshots_in(Orphans.DENY)
    with pytest.raises(Refused, match="Cannot delete the active snapshot"):
        thing.snapshot_delete(0)
    thing.snapshots.activate(1, revert=True)
    with pytest.raises(Refused, match="Cannot delete snapshot with children"):
        thing.snapshot_delete(0)
    thing.snapshots.activate(0, revert=True)
    assert thing.snapshot_delete(1)


def backup(length: int) -> Image:
    """Give a backup with a chain of increments of 10 MB each."""
    made = Image(7, "backup", T.BACKUP, persistent=True, state=S.READY, source="/backup")
    for number in range(length):
        made.add_increment((f"/inc/{number}", 10, INCREMENT if number else FULL, 0))
    return made


def test_a_backup_grows_by_increments_and_shrinks_by_flattening() -> None:
    thing = backup(3)
    told = watched(thing)
    assert (thing.size, len(thing.increments)) == (30, 3)
    thing.backup_disks([0])
    thing.backup_disks([1])
    assert thing.backup_disk_ids == {0, 1}
    thing.flatten_increments()
    assert (thing.state, told[-2]) == (S.LOCKED, "asked INCREMENT_FLATTEN 7")
    thing.increment_flatten_success("15 1:/flat")
    assert (thing.state, thing.size, len(thing.increments)) == (S.READY, 25, 2)
    assert told[-1] == "flatten of 7 ended"


def test_a_chain_of_increments_begins_with_a_full_one() -> None:
    thing = backup(0)
    told = watched(thing)
    assert not thing.add_increment(("/inc", 10, INCREMENT, 0))
    assert (told, len(thing.increments)) == (["ignored add_increment in READY"], 0)


def test_a_flatten_that_fails_or_answers_nonsense_leaves_an_error() -> None:
    for answer in (Image.increment_flatten_failure, Image.increment_flatten_success):
        thing = backup(1)
        thing.flatten_increments()
        answer(thing, "5 9:/nobody")
        error = "Error flattening backup increments: 5 9:/nobody"
        assert (thing.state, thing.template) == (S.READY, {"ERROR": error})


# Save-as and the end


def test_a_disk_is_formatted_then_copied_then_ready() -> None:
    thing = Image(7, "saved", state=S.LOCKED, template={"SAVE_AS_HOT": "YES", "SAVED_VM_ID": "3"})
    told = watched(thing)
    thing.mkfs_success("/disk")
    assert (thing.state, told[-1]) == (S.LOCKED, "copy into 7")
    thing.save_as_formatted("qcow2")
    thing.save_as_success()
    assert (thing.state, thing.format, thing.template) == (S.READY, "qcow2", {"SAVED_VM_ID": "3"})


@pytest.mark.parametrize(
    ("operation", "saving", "error"),
    [
        ("mkfs_failure", True, "Error creating datablock: why"),
        ("save_as_lost", True, "why"),
        ("save_as_wiped", True, None),
        ("save_as_failure", False, None),
    ],
)
def test_a_disk_that_cannot_be_saved_ends_in_error(
    operation: str, saving: bool, error: str | None
) -> None:
    thing = Image(7, "saved", state=S.LOCKED, template={"SAVE_AS_HOT": "YES"})
    do(thing, operation, "why")
    assert thing.state is S.ERROR
    assert ("SAVE_AS_HOT" in thing.template) is saving
    assert thing.template.get("ERROR") == error


def test_the_error_text_is_behind_a_fixed_sentence_and_the_date() -> None:
    thing = image(S.LOCKED)
    for payload, end in (("why", ": why"), ("-", ""), ("- why", ""), ("", "")):
        thing.cp_failure(payload)
        assert thing.template["ERROR"] == f"Error copying image in the datastore{end}"
    watched(thing)
    thing.cp_success("/disk")
    sentence = "CP operation succeeded but image FORMAT was not returned."
    assert thing.template["ERROR"] == f"Tue Nov 14 22:13:20 2023 : {sentence}"
    assert (thing.state, thing.source) == (S.ERROR, "/disk")


def test_an_image_goes_at_once_without_a_source_and_else_when_it_is_removed() -> None:
    empty, full = image(S.READY), image(S.READY)
    empty.source = ""
    told = watched(empty)
    empty.delete()
    assert (empty.state, told) == (GONE, ["fired delete: READY -> GONE", "dropped 7"])
    told = watched(full)
    full.delete()
    assert (full.state, told[1:]) == (S.DELETE, ["asked RM 7", "written READY -> DELETE"])
    full.rm_success()
    assert (full.state, told[-1]) == (GONE, "dropped 7")


def test_a_failed_removal_is_an_error_unless_it_is_forced() -> None:
    thing = image(S.DELETE)
    thing.rm_failure("why")
    assert thing.state is S.ERROR
    assert "Retry the operation or manually remove image source  and run" in thing.template["ERROR"]
    thing.delete_force()
    thing.rm_failure("why")
    assert thing.state is GONE


def test_a_locked_target_lets_its_source_go_when_it_is_deleted() -> None:
    for source, last in (
        ("", ["dropped 7", "4 loses 7", "no copy into 7"]),
        ("/disk", ["written LOCKED -> DELETE", "4 loses 7", "no copy into 7"]),
    ):
        thing = Image(7, "copy", state=S.LOCKED, source=source, template={"SAVE_AS_HOT": "YES"})
        thing.cloning_id = 4
        told = watched(thing)
        thing.delete_force()
        assert told[-3:] == last


# The object itself


def test_an_image_shows_what_a_reader_asks_for_first() -> None:
    assert repr(image(S.LOCKED)) == "<Image 7 'debian' LOCKED>"


def test_a_copy_is_independent() -> None:
    thing = image(S.USED, "vc")
    thing.acquire(5)
    thing.snapshots = snapshots_in(Orphans.ALLOW)
    watched(thing)
    twin = thing.copy()
    assert everything(twin) == everything(thing)
    assert twin.world is None
    twin.acquire(6)
    assert twin.snapshots is not None
    twin.snapshots.delete(0)
    assert (thing.running_vms, len(thing.snapshots)) == (2, 2)


def test_images_without_template_share_nothing_that_changes() -> None:
    one, two = Image(1, "one"), Image(2, "two")
    one.force()
    assert (one.template, two.template) == ({"FORCE_DELETE": "YES"}, {})


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_guard_needs_to_know_what_an_operation_carries(operation: str) -> None:
    """What it may carry counts as the best: so `legal` can ask before anything is given."""
    thing = image(S.READY)
    thing.snapshots = snapshots_in(Orphans.ALLOW)
    for name in IMAGE_TABLE.guards_of(operation):
        assert type(IMAGE_TABLE.guards[name](thing, None)) is bool


# Whatever happens

STEPS = st.lists(
    st.sampled_from([(name, what) for name in OPERATIONS for what in ARGUMENTS.get(name, (None,))]),
    max_size=30,
)
BIRTHS = st.builds(
    Image,
    st.just(7),
    st.just("any"),
    st.sampled_from(ImageType),
    persistent=st.booleans(),
    state=st.sampled_from([S.INIT, S.READY, S.LOCKED]),
    source=st.sampled_from(["", "/disk"]),
    path=st.sampled_from(["", "/path"]),
    format=st.sampled_from(["", "raw"]),
)


def steps(thing: Image, operation: str, what: object) -> bool:
    """Do one step; tell whether it was done."""
    try:
        return do(thing, operation, what)
    except Refused:
        return False


@given(BIRTHS, STEPS)
@settings(max_examples=300, deadline=None)
def test_whatever_happens_the_counters_are_the_sizes_of_the_sets(
    thing: Image, history: list[tuple[str, Any]]
) -> None:
    for operation, what in history:
        if thing.state is GONE:
            break
        before = everything(thing.copy())
        if not steps(thing, operation, what):
            expected = before["template"]
            if operation == "delete_force":
                expected = expected | {"FORCE_DELETE": "YES"}
            prev = thing.prev_state
            assert everything(thing) == before | {"template": expected, "prev_state": prev}
            assert prev in {before["prev_state"], before["state"]}
        assert thing.running_vms == len(thing.vms)
        assert thing.cloning_ops == len(thing.clones) + len(thing.app_clones)
        if thing.state is S.CLONE:
            assert thing.cloning_ops > 0
        if thing.state in {S.CLONE, S.USED_PERS, S.LOCKED_USED_PERS}:
            assert thing.is_persistent


@given(BIRTHS, STEPS)
@settings(max_examples=100, deadline=None)
def test_the_same_history_has_the_same_end(thing: Image, history: list[tuple[str, Any]]) -> None:
    twin = thing.copy()
    for operation, what in history:
        if thing.state is GONE:
            break
        assert steps(thing, operation, what) is steps(twin, operation, what)
    assert everything(thing) == everything(twin)
