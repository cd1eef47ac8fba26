"""Which thing a name means: scenarios name images, machines and apps, oned numbers them.

A name means the youngest thing that bears or bore it, so that a story may
speak of what is gone, and give its name again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud.vm_states import VmState
from lifecycle.refusal import InputError
from lifecycle.scenario.words import quoted, suggestion
from lifecycle.states import ImageType

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud

KINDS = {"images": "image", "vms": "machine", "apps": "app", "templates": "template"}
"""What the parts of a trace's ``then`` are about."""

NOTHING = "nothing"
"""The kind of what a name means when making the thing was refused."""

_SHARED = ("image", "machine", "app")
"""The kinds of which no two things may bear the same name, since checkpoints name them."""

_A = {"image": "an image", "machine": "a machine", "app": "an app"}
_POOLS = {
    "user": "users",
    "group": "groups",
    "datastore": "datastores",
    "market": "markets",
    "host": "hosts",
}


_ONED = {"machine": "VM", "app": "MARKETPLACEAPP", "market": "MARKETPLACE"}
"""What the command line calls the kinds that it calls otherwise than a scenario does."""


class NotThereError(InputError):
    """When a name means nothing now, as happens in a story: refused when made, or deleted.

    Attributes:
        text: what the command line says then.
    """

    def __init__(self, kind: str, name: str) -> None:
        """Name the thing that there is not."""
        self.text = f"{_ONED.get(kind, kind.upper())} named {name} not found."
        super().__init__(self.text)


class Names:
    """The names in a cloud that a scenario is played in."""

    def __init__(self, cloud: Cloud) -> None:
        """Begin with no name but those that a fresh cloud knows."""
        self._cloud = cloud
        self._ids: dict[tuple[str, str], int] = {}
        self._names: dict[tuple[str, int], str] = {}
        self._void: set[str] = set()
        self._backups: dict[int, int] = {}
        for kind, pool in _POOLS.items():
            for thing in getattr(cloud, pool):
                self._ids[kind, thing.name] = thing.id

    def find(self, kind: str, name: str) -> int:
        """Give the id of a thing: an image, machine, app, template, user, group, ….

        Raises:
            NotThereError: making it was refused, or it is a user, a group, … that is gone.
            InputError: nothing of that kind was ever to bear the name.
        """
        if kind in _POOLS:
            return self._find_in_pool(kind, name)
        number = self._ids.get((kind, name))
        if number is not None:
            return number
        raise self._unknown(kind, name, [one for what, one in self._ids if what == kind])

    def _find_in_pool(self, kind: str, name: str) -> int:
        pool: Any = getattr(self._cloud, _POOLS[kind])
        thing = pool.named(name)
        if thing is None:
            raise self._unknown(kind, name, [one.name for one in pool])
        return int(thing.id)

    def _unknown(self, kind: str, name: str, known: list[str]) -> InputError:
        if name in self._void or (kind, name) in self._ids:
            return NotThereError(kind, name)
        return InputError(f"there is no {kind} {quoted(name)}{suggestion(name, known)}")

    def kind_of(self, name: str) -> tuple[str, int]:
        """Give the kind and the id of the image, machine or app that a checkpoint names.

        Raises:
            InputError: nothing was ever to bear the name.
        """
        found = [(kind, self._ids[kind, name]) for kind in _SHARED if (kind, name) in self._ids]
        if found:
            # One of them at most is still there.
            return max(found, key=lambda one: self._is_there(*one))
        if name in self._void:
            return NOTHING, -1
        known = [one for kind, one in self._ids if kind in _SHARED]
        raise InputError(
            f"there is no image, machine or app {quoted(name)}{suggestion(name, known)}"
        )

    def of(self, kind: str, number: int) -> str:
        """Give the name of a thing, also of one that is gone; its number if it has none."""
        return self._names.get((kind, number), f"{kind} {number}")

    def refused(self, name: str) -> None:
        """Note that making a thing was refused."""
        self._void.add(name)

    def made(self, kind: str, name: str, number: int) -> None:
        """Note the name of a new thing.

        Raises:
            InputError: something that is still there bears it.
        """
        for other in _SHARED if kind in _SHARED else ():
            held = self._ids.get((other, name))
            if held is not None and (other, held) != (kind, number) and self._is_there(other, held):
                raise InputError(
                    f"the name {quoted(name)} is already that of {_A[other]}; in a scenario every"
                    " image, machine and app has a name of its own"
                )
        self._ids[kind, name] = number
        self._names[kind, number] = name

    def learn(self, then: dict[str, Any]) -> None:
        """Take over the names of what appeared, and new names, from a trace's ``then``.

        Raises:
            InputError: something that is still there bears a new name already.
        """
        for part in ("images", "apps", "templates"):
            kind = KINDS[part]
            for key, changed in then.get(part, {}).items():
                if changed is not None and "NAME" in changed:
                    name = changed["NAME"]
                    if kind == "image" and changed.get("TYPE") == ImageType.BACKUP:
                        name = self._backup_name(changed["VMS"])
                    self._rename(kind, int(key), name)

    def _rename(self, kind: str, number: int, name: str) -> None:
        before = self._names.get((kind, number))
        self.made(kind, name, number)
        if before is not None and before != name:
            del self._ids[kind, before]
            self._void.add(before)

    def _backup_name(self, vms: list[int]) -> str:
        """Give a backup a name that a scenario can foretell: oned's is made of the time."""
        vm = vms[0]
        self._backups[vm] = self._backups.get(vm, 0) + 1
        return f"{self.of('machine', vm)}.backup{self._backups[vm]}"

    def _is_there(self, kind: str, number: int) -> bool:
        cloud = self._cloud
        if kind == "machine":
            vm = cloud.vms.get(number)
            return vm is not None and vm.state is not VmState.DONE
        return number in (cloud.images if kind == "image" else cloud.apps)


class Numbers(Names):
    """Names in commands that name everything by its number."""

    def find(self, kind: str, name: str) -> int:
        """Give the id."""
        return int(name) if name.isdigit() else super().find(kind, name)
