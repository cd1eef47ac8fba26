"""What the calls on machines have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud.authorization import Right, Subject
from lifecycle.cloud.calls.remote import CallGroup, found
from lifecycle.cloud.configuration import VM_ADMIN_ACTIONS
from lifecycle.cloud.vm_states import VmState
from lifecycle.cloud.vm_triggers import VM_EVENTS

if TYPE_CHECKING:
    from lifecycle.cloud.vm import VirtualMachine


class VmGroup(CallGroup):
    """Calls on machines."""

    __slots__ = ()

    def machine(self, number: int, action: str) -> Any:
        """Give a machine on which the caller may do something.

        Raises:
            Refused: there is none, or the right is missing.
        """
        right = Right.ADMIN if action in VM_ADMIN_ACTIONS else Right.MANAGE
        thing = found(self.cloud.vms, number, self.cloud.vms.get(number))
        self.authorize((right, Subject("VM", thing)))
        return thing

    def fire(self, vm: VirtualMachine, event: str) -> None:
        """Fire an event on a machine.

        Raises:
            Refused: its state does not allow it.
        """
        VM_EVENTS[event].fire(vm)
        self.cloud.vm_written(vm)

    def interrupt(self, vm: VirtualMachine, event: str) -> None:
        """Fire an event that ends a record of a machine's history and begins one like it.

        Source: ``DispatchManager::close_cp_history``.

        Raises:
            Refused: its state does not allow it.
        """
        here = vm.state is not VmState.UNDEPLOYED
        self.fire(vm, event)
        if vm.actions and here:
            vm.actions.insert(-1, event.upper())

    def test(self, vm: VirtualMachine, event: str) -> None:
        """Let pass an event that a machine's state allows.

        Raises:
            Refused: its state does not allow it.
        """
        objection = VM_EVENTS[event].objection(vm)
        if objection is not None:
            raise objection
