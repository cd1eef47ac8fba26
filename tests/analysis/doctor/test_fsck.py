"""What ``onedb fsck`` makes of an image, and what the doctor says of it."""

from __future__ import annotations

import pytest

from lifecycle.analysis.doctor.fsck import advice, after_fsck
from lifecycle.image import Image
from lifecycle.states import ImageState

S = ImageState


@pytest.mark.parametrize(
    ("state", "persistent", "vms", "clones", "after"),
    [
        (S.USED, False, 0, 0, S.READY),
        (S.USED, False, 1, 0, S.USED),
        (S.USED, False, 0, 1, S.USED),
        (S.LOCKED_USED, False, 1, 0, S.USED),
        (S.LOCKED_USED, False, 0, 0, S.LOCKED_USED),
        (S.ERROR, False, 0, 0, S.ERROR),
        (S.USED_PERS, True, 0, 0, S.READY),
        (S.CLONE, True, 0, 0, S.READY),
        (S.CLONE, True, 0, 2, S.CLONE),
        (S.READY, True, 1, 1, S.USED_PERS),
        (S.LOCKED_USED_PERS, True, 0, 0, S.LOCKED_USED_PERS),
        (S.LOCKED_USED_PERS, True, 1, 0, S.USED_PERS),
    ],
)
def test_the_state_follows_from_the_holders_alone(
    state: S, persistent: bool, vms: int, clones: int, after: S
) -> None:
    image = Image(7, state=state, persistent=persistent)
    assert after_fsck(image, vms, clones) is after


def test_it_breaks_what_is_under_way() -> None:
    words = advice(Image(7, state=S.LOCKED_USED), 1, 0)
    assert words.startswith("Beware of `onedb fsck`: it counts 1 machine and makes it USED")


def test_it_does_not_mend_everything() -> None:
    words = advice(Image(7, state=S.LOCKED_USED_PERS, persistent=True), 0, 0)
    assert words.startswith("Not even `onedb fsck` helps")


def test_it_counts_machines_and_copies() -> None:
    words = advice(Image(7, state=S.USED), 2, 1)
    assert "counts 2 machines and 1 copy and leaves it USED" in words
    assert "1 copies" not in words
