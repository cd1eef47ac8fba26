"""What is never possible of an image, and what is not after an earlier observation."""

from __future__ import annotations

from typing import Any

import pytest

from lifecycle.analysis.check.facts import wrong_alone, wrong_together
from lifecycle.image import Image, Lock
from lifecycle.increments import Increment, Increments
from lifecycle.snapshots import Orphans, Snapshots
from lifecycle.states import ImageState, ImageType


def image(**fields: Any) -> Image:  # noqa: ANN401 - fields of any type
    made = Image(7, "debian", state=ImageState.READY, source="/7", path="/p", format="raw", size=10)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def snapshots(size: int = 5) -> Snapshots:
    made = Snapshots(Orphans.ALLOW)
    made.create("one", size, 0)
    return made


CHAIN = Increments([Increment(0, "FULL", "/a", "1", -1, 0)])


def test_an_ordinary_image_is_possible() -> None:
    assert wrong_alone(image()) == []
    assert wrong_together(image(), image(), {10}) == []


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("RUNNING_VMS", {"running_vms": 1}),
        ("CLONING_OPS", {"cloning_ops": 1}),
        ("VMS", {"vms": {-1}, "running_vms": 1}),
        ("TYPE", {"type": ImageType.CDROM, "snapshots": snapshots()}),
        ("PERSISTENT", {"type": ImageType.KERNEL, "is_persistent": True}),
        ("PERSISTENT", {"type": ImageType.BACKUP}),
        ("BACKUP_INCREMENTS", {"increments": CHAIN}),
        ("BACKUP_INCREMENTS", {"backup_disk_ids": {0}}),
        ("PREV_STATE", {"prev_state": ImageState.USED}),
        ("LOCK/LOCKED", {"lock_held": Lock(4, 0, 0, -1)}),
        ("NAME", {"name": ""}),
        ("ID", {"id": -1}),
        ("MODTIME", {"regtime": 5, "modtime": 4}),
    ],
)
def test_what_is_never_possible(field: str, fields: dict[str, Any]) -> None:
    (wrong,) = wrong_alone(image(**fields))
    assert wrong.field == field
    assert wrong.words().startswith(f"{field} is ")


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("REGTIME", {}, {"regtime": 1, "modtime": 1}),
        ("PATH", {}, {"path": "/q"}),
        ("DATASTORE_ID", {}, {"datastore_id": 2}),
        ("DISK_TYPE", {}, {"disk_type": 3}),
        ("FS", {}, {"fs": "ext4"}),
        ("TYPE", {}, {"type": ImageType.KERNEL}),
        ("TYPE", {"type": ImageType.FILESYSTEM}, {"type": ImageType.OS}),
        ("CLONING_ID", {}, {"cloning_id": 3}),
        ("CLONING_ID", {"cloning_id": 3}, {"cloning_id": 4}),
        ("CLONES", {"clones": {9}}, {"clones": {8}}),
        ("CLONES", {}, {"clones": {7}}),
        ("APP_CLONES", {"app_clones": {9}}, {"app_clones": {8}}),
        ("SIZE", {}, {"size": 9}),
        ("SIZE", {"type": ImageType.KERNEL}, {"type": ImageType.KERNEL, "size": 11}),
        ("MODTIME", {"modtime": 9}, {"modtime": 8}),
        (
            "PREV_STATE",
            {"state": ImageState.LOCKED, "prev_state": ImageState.LOCKED},
            {"state": ImageState.LOCKED, "prev_state": ImageState.INIT},
        ),
        ("BACKUP_DISK_IDS", {"backup_disk_ids": {0, 1}}, {"backup_disk_ids": {1}}),
    ],
)
def test_what_is_not_possible_afterwards(
    field: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    found = wrong_together(image(**before), image(**after), {10})
    assert [wrong.field for wrong in found] == [field]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"type": ImageType.CDROM}),
        ({"cloning_id": 3}, {"cloning_id": -1}),
        ({"clones": {9}}, {"clones": {10}}),
        ({}, {"size": 11}),
        ({"snapshots": snapshots()}, {"size": 5}),
        ({"vms": {3}, "running_vms": 1}, {"size": 5}),
        ({}, {"size": 10, "name": "other", "uid": 3, "permissions": 0o640}),
        ({"type": ImageType.BACKUP}, {"type": ImageType.BACKUP, "size": 1}),
    ],
)
def test_what_is_possible_afterwards(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert wrong_together(image(**before), image(**after), {10}) == []


def test_a_size_that_was_seen_before_may_come_back() -> None:
    assert wrong_together(image(), image(size=4), {4, 10}) == []
