"""Calls that no client could make are refused before anything happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lifecycle import Cloud, InputError, WrongParameterError

if TYPE_CHECKING:
    from collections.abc import Callable

WRONG: list[Callable[[Cloud], object]] = [
    lambda cloud: cloud.image.allocate(5, 1),  # type: ignore[arg-type]  # wrong on purpose
    lambda cloud: cloud.image.allocate(b"NAME=a", 1),  # type: ignore[arg-type]  # the same
    lambda cloud: cloud.image.allocate("NAME=a", "default"),  # type: ignore[arg-type]  # the same
    lambda cloud: cloud.image.delete(None),  # type: ignore[arg-type]  # the same
    lambda cloud: cloud.image.delete(True),
    lambda cloud: cloud.image.chtype(0, 5),  # type: ignore[arg-type]  # the same
    lambda cloud: cloud.image.rename(0, 5),  # type: ignore[arg-type]  # the same
    lambda cloud: cloud.image.chown(0, "x", None),  # type: ignore[arg-type]  # the same
    lambda cloud: cloud.image.chmod(0),
    lambda cloud: cloud.vm.allocate(None),  # type: ignore[arg-type]  # the same
    lambda cloud: cloud.group.allocate(5),  # type: ignore[arg-type]  # the same
    lambda cloud: cloud.user.allocate("a", "b", "core", ["c"]),  # type: ignore[list-item]  # the same
    lambda cloud: cloud.call("one.image.info", session=5),  # type: ignore[arg-type]  # the same
    lambda cloud: cloud.call("one.image.info", 0, session=5),  # type: ignore[arg-type]  # the same
]


@pytest.mark.parametrize("call", WRONG)
def test_a_parameter_of_a_wrong_type_is_refused(call: Callable[[Cloud], object]) -> None:
    cloud = Cloud()
    before = cloud.to_json()
    with pytest.raises(WrongParameterError):
        call(cloud)
    assert cloud.to_json() == before


@pytest.mark.parametrize("keep", ["9" * 5000, "+-5", "²", ""])
def test_a_number_that_is_none_breaks_nothing(keep: str) -> None:
    cloud = Cloud()
    vm = cloud.vm.allocate('CPU="1" MEMORY="1"')
    cloud.vm.updateconf(vm, f'BACKUP_CONFIG=[KEEP_LAST="{keep}",MODE="INCREMENT"]')
    backups = cloud.vms[vm].backups
    assert backups is not None
    assert "KEEP_LAST" not in backups.config


@pytest.mark.parametrize("uid", [99, -1, "bob", None])
def test_nobody_acts_as_a_user_that_there_is_not(uid: object) -> None:
    with pytest.raises(InputError, match="there is no user with the id "):
        Cloud().acting(uid)  # type: ignore[arg-type]  # wrong on purpose
