"""The one `transitions` machine of all images, built when this module is imported."""

from __future__ import annotations

from lifecycle.image_table import IMAGE_TABLE
from lifecycle.machine import LeanEvent, build_machine

IMAGE_MACHINE = build_machine(IMAGE_TABLE)
"""The one `transitions` machine of all images."""

IMAGE_EVENTS: dict[str, LeanEvent] = {
    name: event for name, event in IMAGE_MACHINE.events.items() if isinstance(event, LeanEvent)
}
"""The events of the machine by the name of their operation."""
