"""Checkpoints: what a thing must be like, and what it is like.

A checkpoint names a state, or fields of an image, a machine or an app. What
is not so is told by what was wanted and what was met.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.cloud.objects import AppState
from lifecycle.cloud.vm_states import VmState
from lifecycle.refusal import InputError
from lifecycle.scenario.names import NOTHING, NotThereError
from lifecycle.scenario.phrases import LEVELS
from lifecycle.scenario.words import DRIVER_OF, DRIVERS, KIND_OF, quoted, shortened, suggestion
from lifecycle.states import ImageState, ImageType
from lifecycle.trace.views import app_view, image_view

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.objects import App
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.image import Image
    from lifecycle.scenario.names import Names
    from lifecycle.scenario.steps import Expected, Unanswered

GONE = "gone"

STATES: Mapping[str, tuple[str, ...]] = {
    "image": (*ImageState.__members__, GONE),
    "machine": (*VmState.__members__,),
    "app": (*AppState.__members__, GONE),
}
"""The states of each kind of thing."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "image": (
        "state",
        "vms",
        "clones",
        "persistent",
        "type",
        "owner",
        "lock",
        "snapshots",
        "increments",
        "error",
    ),
    "machine": ("state", "disks"),
    "app": ("state", "error"),
}
"""The fields of each kind of thing that a checkpoint may name."""

_YES, _NO = "yes", "no"
_FLAGS = {"yes": _YES, "true": _YES, "no": _NO, "false": _NO}
_COUNTS = frozenset({"clones", "snapshots", "increments"})
_NOTHING = "none"
_FEW = 10
_WORDS: Mapping[str, tuple[str, ...]] = {
    "state": tuple(dict.fromkeys(state for names in STATES.values() for state in names)),
    "type": tuple(ImageType.__members__),
    "lock": (*LEVELS.values(), _NOTHING),
}


class Unmet(NamedTuple):
    """A checkpoint that is not so.

    Attributes:
        line: where it stands.
        what: what it is about.
        wanted, met: what it must be, and what it is.
    """

    line: int
    what: str
    wanted: str
    met: str

    def __str__(self) -> str:
        """Tell it in one line."""
        return f"{self.what}: expected {self.wanted}, met {self.met}"


def check_form(expected: Expected) -> None:
    """Let pass a field and a value that some kind of thing can have.

    Raises:
        ValueError: no thing has the field, or it cannot have that value.
    """
    field, value = expected.field, expected.value
    known = list(dict.fromkeys(name for names in FIELDS.values() for name in names))
    if field not in known:
        raise ValueError(f"unknown field {quoted(field)}{suggestion(field, known)}")
    if isinstance(value, tuple):
        if field not in {"vms", "disks"}:
            raise ValueError(f"{field} must be a text, not a list")
        return
    if field in _WORDS and value not in _WORDS[field]:
        raise ValueError(f"unknown {field} {quoted(value)}{_near(value, _WORDS[field])}")
    if field == "persistent" and value.lower() not in _FLAGS:
        raise ValueError(f"persistent is yes or no, not {quoted(value)}")
    if field in _COUNTS and not _is_count(value):
        raise ValueError(f"{field} must be a number, not {quoted(value)}")


def _near(value: str, words: tuple[str, ...]) -> str:
    """Suggest what is near; of many words, nothing else."""
    hint = suggestion(value if value in words else value.upper(), words)
    return hint if len(words) <= _FEW or hint.startswith("; did") else ""


def _is_count(value: str) -> bool:
    return value.isascii() and value.isdigit()


def check(expected: Expected, cloud: Cloud, names: Names) -> Unmet | None:
    """Compare a field of a thing with what it must be.

    Raises:
        InputError: nothing has that name, or its kind has no such field or state.
    """
    name, field, wanted = expected.name, expected.field, expected.value
    thing, met = met_by(expected, cloud, names)
    missing = field == "state" and wanted == GONE
    if missing if thing is None else _agree(field, wanted, met):
        return None
    what = name if field == "state" else f"{name} {field}"
    return Unmet(expected.line, what, _shown(wanted), _shown(met))


def met_by(
    expected: Expected, cloud: Cloud, names: Names
) -> tuple[Image | VirtualMachine | App | None, str | tuple[str, ...]]:
    """Give a thing, None if there is none, and what its field is: a text, or names.

    Raises:
        InputError: nothing has that name, or its kind has no such field or state.
    """
    kind, number = names.kind_of(expected.name)
    if kind != NOTHING:
        _check_kind(kind, expected)
    thing = _thing(cloud, kind, number)
    if thing is None:
        return None, "never made" if kind == NOTHING else GONE
    if expected.field == "state":
        return thing, str(thing.state.name)
    return thing, _READERS[kind, expected.field](thing, names, cloud)


def _check_kind(kind: str, expected: Expected) -> None:
    name, field, value = shortened(expected.name), expected.field, expected.value
    if field not in FIELDS[kind]:
        raise InputError(f"{name} is of the kind {kind}, which has no field {quoted(field)}")
    if field == "state" and value not in STATES[kind]:
        raise InputError(
            f"{name} is of the kind {kind}, which has no state {quoted(_shown(value))}"
        )


def _thing(cloud: Cloud, kind: str, number: int) -> Image | VirtualMachine | App | None:
    if kind == "image":
        return cloud.images.get(number)
    if kind == "machine":
        return cloud.vms.get(number)
    return cloud.apps.get(number) if kind == "app" else None


def _agree(field: str, wanted: str | tuple[str, ...], met: str | tuple[str, ...]) -> bool:
    if isinstance(met, tuple) or isinstance(wanted, tuple):
        return isinstance(met, tuple) and _agree_on_names(wanted, met)
    if field == "persistent":
        return _FLAGS[wanted.lower()] == met
    if field == "error" and wanted != _NOTHING:
        return wanted in met
    return int(wanted) == int(met) if field in _COUNTS else wanted == met


def _agree_on_names(wanted: str | tuple[str, ...], met: tuple[str, ...]) -> bool:
    if isinstance(wanted, tuple):
        return sorted(wanted) == sorted(met)
    if _is_count(wanted):
        return int(wanted) == len(met)
    return met == (() if wanted == _NOTHING else (wanted,))


def _shown(value: str | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or _NOTHING
    return value


def _vms(image: Image, names: Names, _: Cloud) -> tuple[str, ...]:
    """The machines in VMS; where only the counter is known, a place for each that is missing."""
    found = [names.of("machine", number) for number in sorted(image.vms)]
    return (*found, *["?"] * (image.running_vms - len(found)))


def _disks(vm: VirtualMachine, names: Names, _: Cloud) -> tuple[str, ...]:
    return tuple(names.of("image", number) for number in vm.image_ids())


def _owner(image: Image, _: Names, cloud: Cloud) -> str:
    user = cloud.users.get(image.uid)
    return f"user {image.uid}" if user is None else user.name


def _lock(image: Image, _: Names, __: Cloud) -> str:
    return _NOTHING if image.lock_held is None else LEVELS[image.lock_held.level]


def _snapshots(image: Image, _: Names, __: Cloud) -> str:
    return str(0 if image.snapshots is None else len(image.snapshots))


def _error_of_image(image: Image, _: Names, __: Cloud) -> str:
    return str(image_view(image)["TEMPLATE"].get("ERROR", "")) or _NOTHING


def _error_of_app(app: App, _: Names, __: Cloud) -> str:
    return str(app_view(app)["ERROR"]) or _NOTHING


_READERS: dict[tuple[str, str], Callable[[Any, Names, Cloud], str | tuple[str, ...]]] = {
    ("image", "vms"): _vms,
    ("image", "clones"): lambda image, _, __: str(image.cloning_ops),
    ("image", "persistent"): lambda image, _, __: _YES if image.is_persistent else _NO,
    ("image", "type"): lambda image, _, __: str(image.type.name),
    ("image", "owner"): _owner,
    ("image", "lock"): _lock,
    ("image", "snapshots"): _snapshots,
    ("image", "increments"): lambda image, _, __: str(len(image.increments)),
    ("image", "error"): _error_of_image,
    ("machine", "disks"): _disks,
    ("app", "error"): _error_of_app,
}


def check_unanswered(step: Unanswered, cloud: Cloud, names: Names) -> Unmet | None:
    """Compare the requests that wait for an answer with those that must.

    Raises:
        InputError: a request is about something that was never to bear its name.
    """
    for action, name in step.requests:
        with suppress(NotThereError):
            names.find(KIND_OF[DRIVER_OF[action]], name)
    wanted = sorted(f"{action} {name}" for action, name in step.requests)
    met = sorted(open_requests(cloud, names))
    if wanted == met:
        return None
    return Unmet(step.line, "unanswered requests", _shown(tuple(wanted)), _shown(tuple(met)))


def open_requests(cloud: Cloud, names: Names) -> list[str]:
    """Give the requests that wait for an answer, oldest first, as ``CP debian``."""
    return [
        f"{one.action} {names.of(KIND_OF[DRIVERS[one.role]], one.id)}" for one in cloud.drivers.open
    ]
