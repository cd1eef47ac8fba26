"""What commands would come to: they are tried in a simulated cloud that holds what was seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.attributes import write
from lifecycle.cloud.cloud import Cloud
from lifecycle.cloud.objects import Datastore, DatastoreType, Market
from lifecycle.cloud.vm import Disk, VirtualMachine
from lifecycle.refusal import InputError
from lifecycle.scenario.commands import VERBS
from lifecycle.scenario.given import Given
from lifecycle.scenario.grammar import read_command
from lifecycle.scenario.names import Names
from lifecycle.states import FILE_TYPES, ImageType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.analysis.doctor.observed import Observed
    from lifecycle.image import Image

GONE = "gone"
LEFT_BEHIND = ("FORCE_DELETE", "SAVE_AS_HOT")
"""The attributes that an administrator takes out in the editor of ``oneimage update``."""

_UPDATE = "oneimage update "


class _Numbered(Names):
    """The names of a cloud in which things are also called by their ids."""

    def find(self, kind: str, name: str) -> int:
        return int(name) if name.isdecimal() else super().find(kind, name)


class Rehearsal:
    """A simulated cloud that holds some of what was seen, in which commands are tried.

    Args:
        observed: what was seen.
        images: the ids of the images that matter; what they lead to comes along.
        machines: the ids of the machines that matter; the same.
        apps: the ids of the apps that matter; the same.
    """

    def __init__(
        self,
        observed: Observed,
        *,
        images: Iterable[int] = (),
        machines: Iterable[int] = (),
        apps: Iterable[int] = (),
    ) -> None:
        """Load the cloud."""
        self.cloud = Cloud(journal=False)
        self._names = _Numbered(self.cloud)
        self._load(observed, set(images), set(machines), set(apps))

    def run(self, command: str) -> str:
        """Carry a command out; give oned's words when it is refused, "" when it is done.

        Raises:
            InputError: it is no command, or names what there is not.
        """
        cloud = self.cloud
        if command.startswith(_UPDATE):
            image = cloud.images[int(command.removeprefix(_UPDATE))]
            kept = {name: one for name, one in image.template.items() if name not in LEFT_BEHIND}
            reply = cloud.call("one.image.update", image.id, write(kept), 0)
            return "" if reply.ok else str(reply.value)
        try:
            invocation = read_command(command, VERBS)
        except ValueError as error:
            raise InputError(str(error)) from error
        call = invocation.verb.call(Given(invocation, self._names, cloud))
        reply = cloud.call(call.method, *call.params)
        if not reply.ok:
            return str(reply.value)
        if call.makes:
            self._names.made(call.makes, call.name, int(reply.value))
        return ""

    def state(self, kind: str, number: int) -> str:
        """Give the state of an image, machine or app by its name; "gone" without a record."""
        pool: Any = getattr(self.cloud, {"image": "images", "machine": "vms", "app": "apps"}[kind])
        thing = pool.get(number)
        return GONE if thing is None else str(thing.state.name)

    def answer(self) -> list[str]:
        """Have every open request succeed; give what was asked, as ``RM of image 3``."""
        done = []
        while requests := self.cloud.drivers.open:
            request = requests[0]
            done.append(f"{request.action} of {_subject(request.role)} {request.id}")
            self.cloud.answer(request.action, request.id, ok=True, role=request.role)
        return done

    def _load(
        self, observed: Observed, images: set[int], machines: set[int], apps: set[int]
    ) -> None:
        _add_what_belongs(observed, images, machines, apps)
        for number in sorted(images):
            if (image := observed.images.get(number)) is not None:
                self._put_image(image)
        for number in sorted(machines):
            if (machine := observed.machine(number)) is not None:
                self._put_machine(machine)
        for number in sorted(apps):
            if (app := (observed.apps or {}).get(number)) is not None:
                self._put(self.cloud.markets, Market(app.market_id, "market"))
                self.cloud.apps.add(replace(app))
        # What is made now gets an id of its own.
        self.cloud.images.next_id = observed.next_image
        self.cloud.vms.next_id = max([observed.next_machine, *(one + 1 for one in machines)])

    def _put_image(self, image: Image) -> None:
        twin = image.copy()
        twin.world = self.cloud
        kind = DatastoreType.IMAGE_DS
        if image.type in FILE_TYPES:
            kind = DatastoreType.FILE_DS
        elif image.type is ImageType.BACKUP:
            kind = DatastoreType.BACKUP_DS
        self._put(self.cloud.datastores, Datastore(twin.datastore_id, "datastore", kind))
        self.cloud.images.add(twin)

    def _put_machine(self, machine: VirtualMachine) -> None:
        twin = machine.copy()
        twin.world = self.cloud
        twin.disks = [Disk(dict(disk.attributes), saving=disk.saving) for disk in machine.disks]
        self.cloud.vms.add(twin)

    @staticmethod
    def _put(pool: Any, thing: Any) -> None:
        if thing.id not in pool:
            pool.add(thing)


def _add_what_belongs(
    observed: Observed, images: set[int], machines: set[int], apps: set[int]
) -> None:
    for number in apps:
        app = (observed.apps or {}).get(number)
        images |= set() if app is None else {app.origin_id}
    for number in machines:
        machine = observed.machine(number)
        images |= set() if machine is None else set(machine.image_ids())
    for number in list(images):
        image = observed.images.get(number)
        if image is not None:
            images |= image.clones | {image.cloning_id}
            machines |= set(observed.holders(image))
            apps |= image.app_clones


def foresee(observed: Observed, kind: str, number: int, commands: Iterable[str]) -> tuple[str, ...]:
    """Tell what commands would come to, one line for each, and one for what the drivers answer.

    Args:
        observed: what was seen.
        kind: ``image``, ``machine`` or ``app``.
        number: the object's id.
        commands: in order.
    """
    commands = tuple(commands)
    if not commands:
        return ()
    stage = Rehearsal(observed, **{f"{kind}s": (number,)})
    seen = [stage.state(kind, number)]
    lines = []
    for command in commands:
        refused = stage.run(command)
        seen.append(stage.state(kind, number))
        lines.append(f"refused: {refused}" if refused else _told(seen))
    asked = stage.answer()
    seen.append(stage.state(kind, number))
    if asked and seen[-1] != seen[-2]:
        lines.append(f"when the driver has answered {', '.join(asked)}: {seen[-1]}")
    return tuple(lines)


def _told(seen: list[str]) -> str:
    before, after = seen[-2:]
    return f"stays {after}" if before == after else f"{before} → {after}"


def _subject(role: str) -> str:
    return {"ds": "image", "market": "app"}.get(role, "machine")
