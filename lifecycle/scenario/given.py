"""What was written in a command, with its names made into oned's numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.attributes import parse, write
from lifecycle.cloud.template_text import ParseError
from lifecycle.refusal import InputError
from lifecycle.scenario.words import quoted, shortened

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.scenario.grammar import Invocation
    from lifecycle.scenario.names import Names
    from lifecycle.snapshots import Snapshots


_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Call:
    """A call of oned's.

    Attributes:
        method: as in ``one.image.enable``.
        params: without the session.
        makes: the kind of the thing that it makes, "" where it makes none.
        name: the name of that thing.
    """

    method: str
    params: tuple[Any, ...]
    makes: str = ""
    name: str = ""


class Given:
    """The arguments, options and attributes of a command.

    Raises:
        InputError: from each method, when a name means nothing or a number is none.
    """

    def __init__(self, invocation: Invocation, names: Names, cloud: Cloud) -> None:
        """Look a command's names up in a cloud."""
        self._invocation = invocation
        self._names = names
        self._cloud = cloud

    def text(self, name: str, default: str = "") -> str:
        """Give an argument (``NAME``) or the value of an option (``name``)."""
        found = self._invocation.arguments.get(name)
        return self._invocation.options.get(name, default) if found is None else found

    def flag(self, name: str) -> bool:
        """Tell whether a flag was given."""
        return name in self._invocation.options

    def gives(self, *names: str) -> bool:
        """Tell whether one of these attributes was given."""
        return any(name in names for name, _ in self._invocation.attributes)

    def find(self, kind: str, name: str = "") -> int:
        """Give the id of the thing that an argument or option names.

        Args:
            kind: image, machine, datastore, ….
            name: of the argument or option; the kind in capitals unless given.
        """
        return self._names.find(kind, self.text(name or kind.upper()))

    def found(self, kind: str, name: str, default: int) -> int:
        """Give the id of the thing that an argument or option names, if it is given."""
        text = self.text(name)
        return self._names.find(kind, text) if text else default

    def image(self, name: str = "IMAGE") -> int:
        """Give the id of an image."""
        return self.find("image", name)

    def vm(self) -> int:
        """Give the id of the machine."""
        return self.find("machine", "VM")

    def disk(self) -> int:
        """Give the id of a disk: its number, or the name of its image."""
        text = self.text("DISK")
        if text.isdigit():
            return _number("DISK", text)
        image = self._names.find("image", text)
        vm = self._cloud.vms[self.vm()]
        found = [disk.id for disk in vm.disks if disk.image_id == image]
        if not found:
            what = f"{shortened(vm.name)} has no disk of {shortened(text)}"
            raise InputError(f"{what}; name a disk by its number")
        return found[0]

    def snapshot_of_image(self, name: str = "SNAPSHOT") -> int:
        """Give the id of a snapshot of the image: its number, or its name."""
        image = self._cloud.images.get(self.image())
        return _snapshot(None if image is None else image.snapshots, self.text(name))

    def snapshot_of_disk(self, name: str = "SNAPSHOT") -> int:
        """Give the id of a snapshot of the machine's disk: its number, or its name."""
        text = self.text(name)
        if text.isdigit():
            return _number("SNAPSHOT", text)
        disk = self._cloud.vms[self.vm()].disk(self.disk())
        return _snapshot(None if disk is None else disk.snapshots, text)

    def images(self, name: str) -> list[int]:
        """Give the ids of images that an option lists with commas."""
        return [self._names.find("image", one) for one in self.text(name).split(",") if one]

    def template(self, **options: str | bool | list[dict[str, Any]]) -> str:
        """Give a template's text: of options that are not empty, then of the attributes.

        An attribute replaces an option, and a name that is given several times
        stays so.
        """
        attributes: dict[str, list[Any]] = {}
        for name, value in self._invocation.attributes:
            if name == "NAME" and "NAME" in options:
                raise InputError("the name is given by --name", field=name)
            attributes.setdefault(name, []).append(_value(name, value))
        made: dict[str, Any] = {name: value for name, value in options.items() if value}
        for name, values in attributes.items():
            several = name == "DISK" and isinstance(made.get(name), list)
            made[name] = [*made[name], *values] if several else values
        return write(made)


def _value(name: str, text: str) -> str | dict[str, str]:
    if not text.startswith("["):
        return text
    try:
        return dict(parse(f"{name} = {text}"))[name]
    except ParseError as error:
        raise InputError(
            f"{quoted(text)} is no list of attributes: {error}", field=shortened(name)
        ) from error


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise InputError(f"{quoted(text)} is no number", field=name)
    return int(text)


def _snapshot(snapshots: Snapshots | None, text: str) -> int:
    if text.isdigit():
        return _number("SNAPSHOT", text)
    found = [one.id for one in snapshots or () if one.name == text]
    if not found:
        raise InputError(f"there is no snapshot {quoted(text)}; name it by its number or its name")
    return found[-1]
