"""The guards of the machine's table: questions about a machine, each a named function.

What each means is read from its docstring, as in :mod:`lifecycle.guards`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.states import ImageState

if TYPE_CHECKING:
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.table import Guard

_IN_USE = (ImageState.USED, ImageState.USED_PERS)


def on_hold(vm: VirtualMachine, _: object) -> bool:
    """It was created on hold (SUBMIT_ON_HOLD).

    Otherwise: It was not created on hold.
    """
    return vm.on_hold


def waits(vm: VirtualMachine, _: object) -> bool:
    """At least one of its images was LOCKED when it was taken.

    Otherwise: None of its images was LOCKED when it was taken.
    """
    return bool(vm.waits_for())


def all_ready(vm: VirtualMachine, _: object) -> bool:
    """Each image that it waits for is in use by now.

    Otherwise: At least one of the images that it waits for is not in use yet.
    """
    images = vm.world.images
    return all(number in images and images[number].state in _IN_USE for number in vm.waits_for())


def some_failed(vm: VirtualMachine, _: object) -> bool:
    """At least one of the images that it waits for is in ERROR.

    Otherwise: None of the images that it waits for is in ERROR.
    """
    images = vm.world.images
    return any(
        number in images and images[number].state is ImageState.ERROR for number in vm.waits_for()
    )


def was_stopped(vm: VirtualMachine, _: object) -> bool:
    """The last thing that happened on a host was a stop.

    Otherwise: The last thing that happened on a host was no stop.
    """
    return vm.action == "STOP"


def was_undeployed(vm: VirtualMachine, _: object) -> bool:
    """The last thing that happened on a host was an undeploy.

    Otherwise: The last thing that happened on a host was no undeploy.
    """
    return vm.action in {"UNDEPLOY", "UNDEPLOY_HARD"}


def terminating(vm: VirtualMachine, _: object) -> bool:
    """The last action was a terminate, not a hard one.

    Otherwise: The last action was another than a terminate, or a hard one.
    """
    return vm.action == "TERMINATE"


def snapshot_pending(vm: VirtualMachine, _: object) -> bool:
    """One of its disks has a snapshot operation pending.

    Otherwise: None of its disks has a snapshot operation pending.
    """
    return vm.marked("snapshot") is not None


VM_GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        on_hold,
        waits,
        all_ready,
        some_failed,
        was_stopped,
        was_undeployed,
        terminating,
        snapshot_pending,
    )
}
"""Every guard of the machine's table by its name."""
