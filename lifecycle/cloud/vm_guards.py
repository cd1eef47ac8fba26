"""The guards of the machine's table: questions about a machine, each a named function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.states import ImageState

if TYPE_CHECKING:
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.table import Guard

_IN_USE = (ImageState.USED, ImageState.USED_PERS)


def on_hold(vm: VirtualMachine, _: object) -> bool:
    """It was created on hold (SUBMIT_ON_HOLD)."""
    return vm.on_hold


def waits(vm: VirtualMachine, _: object) -> bool:
    """At least one of its images was LOCKED when it was taken."""
    return bool(vm.waits_for())


def all_ready(vm: VirtualMachine, _: object) -> bool:
    """Each image that it waits for is in use by now."""
    images = vm.world.images
    return all(number in images and images[number].state in _IN_USE for number in vm.waits_for())


def some_failed(vm: VirtualMachine, _: object) -> bool:
    """At least one of the images that it waits for is in ERROR."""
    images = vm.world.images
    return any(
        number in images and images[number].state is ImageState.ERROR for number in vm.waits_for()
    )


def was_stopped(vm: VirtualMachine, _: object) -> bool:
    """The last thing that happened on a host was a stop."""
    return vm.action == "STOP"


def was_undeployed(vm: VirtualMachine, _: object) -> bool:
    """The last thing that happened on a host was an undeploy."""
    return vm.action in {"UNDEPLOY", "UNDEPLOY_HARD"}


def terminating(vm: VirtualMachine, _: object) -> bool:
    """The last action was a terminate, not a hard one."""
    return vm.action == "TERMINATE"


def snapshot_pending(vm: VirtualMachine, _: object) -> bool:
    """One of its disks has a snapshot operation pending."""
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
