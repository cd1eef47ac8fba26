"""What an operation carries when nobody says what: something that fits the image."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

from lifecycle.analysis.situation import Holders
from lifecycle.cloud.drivers import Request
from lifecycle.cloud.payloads import usual_payload
from lifecycle.image import Image, LockRequest
from lifecycle.operations import DRIVER_ANSWERS
from lifecycle.refusal import InputError
from lifecycle.scenario.words import quoted
from lifecycle.states import ImageType

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.cloud.cloud import Cloud

_NUMBERS = ("vm", "clone", "app", "snapshot", "size", "permissions")
_TEXTS = ("name", "payload", "format_", "text")
_ENDS = ("release", "release_failed", "clone_released", "export_released")
_MOST_DIGITS = 10


def parameter_of(operation: str) -> str:
    """Give the name of what an operation carries (``vm``), "" where it carries nothing."""
    return next(iter(list(signature(getattr(Image, operation)).parameters)[1:]), "")


def read_argument(operation: str, text: str) -> Any:
    """Read what an operation is to carry.

    Raises:
        InputError: the operation carries nothing, or something else.
    """
    name = parameter_of(operation)
    if name in _TEXTS:
        return text
    if name not in _NUMBERS:
        what = "nothing that can be given here" if name else "nothing"
        raise InputError(f"carries {what}; leave {quoted(text)} out", field=operation)
    if not text.isdigit() or len(text) > _MOST_DIGITS:
        word = name.replace("vm", "machine")
        raise InputError(f"{quoted(text)} is no {word}; give a number", field=operation)
    return int(text)


def fitting(operation: str, cloud: Cloud, image: Image) -> Any:
    """Give something that an operation can carry, None where it carries nothing.

    A machine, copy or app that lets go is one that holds the image, if one
    does; one that takes it is new. A snapshot is the youngest. Drivers answer
    in their usual words.
    """
    made = _MADE.get(parameter_of(operation))
    return None if made is None else made(operation, cloud, image)


def _machine(operation: str, cloud: Cloud, image: Image) -> int:
    held = Holders.of(cloud, image)
    return _member(operation, (*held.vms, *held.ghosts), cloud.vms.next_id)


def _copy(operation: str, cloud: Cloud, image: Image) -> int:
    held = Holders.of(cloud, image)
    return _member(operation, (*held.clones, *held.ghost_clones), cloud.images.next_id)


def _app(operation: str, cloud: Cloud, image: Image) -> int:
    held = Holders.of(cloud, image)
    return _member(operation, (*held.apps, *held.ghost_apps), cloud.apps.next_id)


def _member(operation: str, members: tuple[int, ...], new: int) -> int:
    return members[0] if operation in _ENDS and members else new


def _snapshot(_: str, __: Cloud, image: Image) -> int:
    return max((one.id for one in image.snapshots or ()), default=0)


def _payload(operation: str, cloud: Cloud, image: Image) -> str:
    action, ok = next(kind for kind, name in DRIVER_ANSWERS.items() if name == operation)
    return usual_payload(cloud, Request(0, "ds", action, image.id, "", 0), ok=ok)


def _name(operation: str, _: Cloud, image: Image) -> str:
    if operation != "chtype":
        return "new-name"
    return "DATABLOCK" if image.type is ImageType.OS else "OS"


_MADE: dict[str, Callable[[str, Cloud, Image], Any]] = {
    "vm": _machine,
    "clone": _copy,
    "app": _app,
    "snapshot": _snapshot,
    "payload": _payload,
    "name": _name,
    "request": lambda *_: LockRequest(1),
    "owner": lambda operation, *_: (1, 1) if operation == "chown" else -1,
    "permissions": lambda _, __, image: image.permissions,
    "template": lambda _, __, image: image.template,
    "snapshots": lambda _, __, image: image.snapshots,
    "size": lambda _, __, image: image.size + 1,
    "format_": lambda *_: "qcow2",
    "text": lambda *_: "the machine is gone",
    "disks": lambda *_: (0,),
    "increment": lambda *_: ("/backup", 1, "INCREMENT", 0),
}
