"""What was seen of a cloud: its images and, where given, its machines and apps."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lifecycle.cloud.attributes import leading_number, text_of
from lifecycle.cloud.objects import AppState
from lifecycle.cloud.vm_states import VmState
from lifecycle.guards import saving

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecycle.cloud.objects import App
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.image import Image

AN_HOUR = 3600


class Observed:
    """The objects of a cloud as they were seen, with what leads from one to another.

    Attributes:
        images: by id.
        machines: by id; None when nothing is known of machines.
        apps: by id; None when nothing is known of apps.
        next_image, next_machine: the ids that the next ones would get.
        now: when they were seen, in seconds since the epoch.
        patience: the seconds that a datastore may take.
    """

    def __init__(
        self,
        images: Iterable[Image],
        machines: Iterable[VirtualMachine] | None = None,
        apps: Iterable[App] | None = None,
        *,
        now: int = 0,
        patience: int = AN_HOUR,
    ) -> None:
        """Index what was seen."""
        self.images: dict[int, Image] = {image.id: image for image in images}
        self.machines: Mapping[int, VirtualMachine] | None = (
            None if machines is None else {machine.id: machine for machine in machines}
        )
        self.apps: Mapping[int, App] | None = (
            None if apps is None else {app.id: app for app in apps}
        )
        self.next_image = max(self.images, default=-1) + 1
        self.next_machine = max(self.machines or {}, default=-1) + 1
        self.now = now
        self.patience = patience
        self._savers: dict[int, list[int]] = defaultdict(list)
        for image in self.images.values():
            if saving(image, None) and image.state.name == "LOCKED":
                self._savers[saved_machine(image)].append(image.id)

    def machine(self, number: int) -> VirtualMachine | None:
        """Give a machine that is not DONE, or None."""
        machine = (self.machines or {}).get(number)
        return None if machine is None or machine.state is VmState.DONE else machine

    def ghosts(self, image: Image) -> list[int]:
        """Give the machines that an image counts and that are gone."""
        if self.machines is None:
            return []
        return sorted(number for number in image.vms if self.machine(number) is None)

    def holders(self, image: Image) -> list[int]:
        """Give the machines that an image counts and that are there, or may be."""
        if self.machines is None:
            return sorted(image.vms)
        return sorted(number for number in image.vms if self.machine(number) is not None)

    def ghost_clones(self, image: Image) -> list[int]:
        """Give the copies that an image counts and that are gone, or no longer being made."""
        return sorted(
            number
            for number in image.clones
            if (copy := self.images.get(number)) is None or copy.cloning_id != image.id
        )

    def ghost_apps(self, image: Image) -> list[int]:
        """Give the apps that an image counts and that are gone, or no longer being exported."""
        if self.apps is None:
            return []
        return sorted(
            number
            for number in image.app_clones
            if (app := self.apps.get(number)) is None or app.state is not AppState.LOCKED
        )

    def targets(self, machine: VirtualMachine) -> list[int]:
        """Give the images into which a disk of a machine is being saved."""
        return self._savers.get(machine.id, [])

    def overdue(self, since: int) -> bool:
        """Tell whether something that began then takes longer than a datastore may."""
        return since + self.patience < self.now


def saved_machine(image: Image) -> int:
    """Give the machine whose disk an image is to hold, as oned reads it."""
    return leading_number(text_of(image.template, "SAVED_VM_ID")) or 0
