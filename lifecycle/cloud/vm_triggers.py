"""The one `transitions` machine of all virtual machines, and its events."""

from __future__ import annotations

from lifecycle.cloud.vm_table import VM_TABLE
from lifecycle.machine import LeanEvent, build_machine

VM_MACHINE = build_machine(VM_TABLE)
"""The one `transitions` machine of all virtual machines."""

VM_EVENTS: dict[str, LeanEvent] = {
    name: event for name, event in VM_MACHINE.events.items() if isinstance(event, LeanEvent)
}
"""The events of the machine by the name of their operation."""
