"""States and types are OpenNebula's, cell by cell."""

from __future__ import annotations

import pytest

from lifecycle import GONE, ErrorCode, ImageState, ImageType
from lifecycle.codes import OBJECT_NAMES
from lifecycle.states import CLONABLE_TYPES, DISK_TYPES, FILE_TYPES, SNAPSHOT_TYPES, Simplified

# The image states reference of OpenNebula 7.4, and its simplified life-cycle.
REFERENCE = [
    (0, "INIT", "init", "Initialization state", None),
    (1, "READY", "rdy", "Image ready to use", "Ready"),
    (2, "USED", "used", "The image is being used by other VM", "Used"),
    (3, "DISABLED", "disa", "Image can not be instantiated by a VM", "Disabled"),
    (4, "LOCKED", "lock", "FS operation for the Image in process", "Locked"),
    (5, "ERROR", "err", "Error state the operation FAILED", "Error"),
    (6, "CLONE", "clon", "Image is being cloned", "Cloning"),
    (7, "DELETE", "dele", "DS is deleting the image", "Deleting"),
    (8, "USED_PERS", "used", "Image is in use and persistent", "Used"),
    (9, "LOCKED_USED", "lock", "FS operation in progress, VMs waiting", "Locked"),
    (10, "LOCKED_USED_PERS", "lock", "FS operation in progress, VMs waiting. Persistent", "Locked"),
]


def test_the_states_are_those_of_the_official_reference() -> None:
    states = [
        (
            state.value,
            state.name,
            state.alias,
            state.meaning,
            None if state.simplified is None else state.simplified.value,
        )
        for state in ImageState
    ]
    assert states == REFERENCE


def test_every_simplified_state_stands_for_some_state() -> None:
    assert {state.simplified for state in ImageState} - {None} == set(Simplified)


def test_oned_prints_two_states_as_two_others() -> None:
    other = {state.name: state.printed for state in ImageState if state.printed != state.name}
    assert other == {"USED_PERS": "USED", "LOCKED_USED_PERS": "LOCKED_USED"}


def test_three_states_are_locked() -> None:
    locked = {state.name for state in ImageState if state.locked}
    assert locked == {"LOCKED", "LOCKED_USED", "LOCKED_USED_PERS"}


@pytest.mark.parametrize(("number", "name"), [(row[0], row[1]) for row in REFERENCE])
def test_a_state_is_found_by_its_number(number: int, name: str) -> None:
    assert ImageState(number) is ImageState[name]


def test_gone_is_not_a_state() -> None:
    assert GONE.value == "gone"
    assert not isinstance(GONE, ImageState)
    assert len(ImageState) == 11


def test_the_types_are_numbered_as_in_opennebula() -> None:
    assert [kind.name for kind in ImageType] == [
        "OS",
        "CDROM",
        "DATABLOCK",
        "KERNEL",
        "RAMDISK",
        "CONTEXT",
        "BACKUP",
        "FILESYSTEM",
    ]
    assert [kind.value for kind in ImageType] == list(range(8))


def test_every_type_is_a_disk_a_file_or_a_backup() -> None:
    assert DISK_TYPES | FILE_TYPES | {ImageType.BACKUP} == set(ImageType)
    assert not DISK_TYPES & FILE_TYPES
    assert SNAPSHOT_TYPES < CLONABLE_TYPES < DISK_TYPES


def test_the_error_codes_are_bits() -> None:
    assert [code.value for code in ErrorCode] == [1 << bit for bit in range(8, 16)]
    assert OBJECT_NAMES["IMAGE"] == "image"
