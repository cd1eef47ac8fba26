"""Watches a cloud while a scenario is played, and tells what each moment changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud.vm import VirtualMachine
from lifecycle.image import Image
from lifecycle.scenario.moments import Asked, Change, Ignored
from lifecycle.scenario.words import DRIVERS, KIND_OF
from lifecycle.trace.happenings import Happenings

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.drivers import Request
    from lifecycle.refusal import Refused
    from lifecycle.scenario.names import Names
    from lifecycle.table import Otherwise

EXTRA = ("owner", "backup", "saveas", "apps", "templates")
"""All the additional fields that a trace may show."""

_MOVED = {Image: "image", VirtualMachine: "machine"}
_PARTS = {"vms": "machine", "images": "image", "apps": "app", "templates": "template"}
_START = "INIT"
_RELEASES = ("release", "clone_released", "export_released")


class Watch:
    """Sees what happens in a cloud.

    Attributes:
        refusal: the last refusal, or None; whoever reads it clears it.
    """

    def __init__(self, cloud: Cloud, names: Names) -> None:
        """Begin to watch a fresh cloud."""
        self._cloud = cloud
        self._names = names
        self._happenings = Happenings(cloud, EXTRA)
        self._known: dict[tuple[str, int], dict[str, Any]] = {}
        self._states: dict[tuple[str, int], str] = {}
        self._paths: dict[tuple[str, int], list[str]] = {}
        self._requests: list[Request] = []
        self._ignored: list[tuple[Image | VirtualMachine, Otherwise]] = []
        self.refusal: Refused | None = None
        cloud.observers.append(self._see)

    def _see(self, kind: str, thing: Any, rest: Any) -> None:  # noqa: ANN401 - as observers are told
        if kind == "row" and type(thing) in _MOVED:
            path = self._paths.setdefault((_MOVED[type(thing)], thing.id), [])
            path.append(thing.state.name)
        elif kind == "ignored" and rest.text:
            self._ignored.append((thing, rest))
        elif kind == "refused":
            self.refusal = rest
        elif kind == "asked":
            self._requests.append(thing)

    def then(self) -> dict[str, Any]:
        """Give what changed since it was last asked, as a trace writes it, with all fields."""
        return self._happenings.take()

    def changes(self, then: dict[str, Any]) -> tuple[Change, ...]:
        """Give what happened to each thing, in the order in which it began."""
        found = tuple(
            self._change(kind, int(key), changed)
            for part, kind in _PARTS.items()
            for key, changed in then.get(part, {}).items()
        )
        self._paths = {}
        return found

    def _change(self, kind: str, number: int, changed: dict[str, Any] | None) -> Change:
        place = (kind, number)
        before = self._known.pop(place, None)
        start = self._states.get(place, "" if kind == "template" else _START)
        path = [start, *self._paths.get(place, [])]
        if changed is None:
            self._states.pop(place, None)
            path.append("GONE")
        else:
            self._known[place] = (before or {}) | changed
            path.append(self._state(kind, number))
            self._states[place] = path[-1]
        states = tuple(
            state for number, state in enumerate(path) if number == 0 or state != path[number - 1]
        )
        fields = {
            name: (None if before is None else before.get(name), value)
            for name, value in (changed or {}).items()
        }
        name = self._names.of(kind, number)
        new, gone = before is None, changed is None
        return Change(kind, number, name, states, fields, new, gone)

    def _state(self, kind: str, number: int) -> str:
        pools: dict[str, Any] = {
            "image": self._cloud.images,
            "machine": self._cloud.vms,
            "app": self._cloud.apps,
        }
        return str(pools[kind][number].state.name) if kind in pools else ""

    def asked(self) -> tuple[Asked, ...]:
        """Give the requests since it was last asked that wait for an answer."""
        requests, self._requests = self._requests, []
        return tuple(
            Asked(
                DRIVERS[one.role],
                one.action,
                self._names.of(KIND_OF[DRIVERS[one.role]], one.id),
            )
            for one in requests
            if one in self._cloud.drivers.open
        )

    def ignored(self) -> tuple[Ignored, ...]:
        """Give the events since it was last asked that oned only logged."""
        events, self._ignored = self._ignored, []
        return tuple(
            Ignored(
                self._names.of(_MOVED[type(thing)], thing.id),
                thing.state.name,
                other.operation,
                other.text.format(**thing.words()),
                _kept(thing, other.operation),
            )
            for thing, other in events
        )

    def hooks(self, then: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
        """Give the state hooks that fired: the image, its state at the last write, its state."""
        return tuple(
            (self._names.of("image", number), before, after)
            for number, _, before, after in then.get("hooks", [])
        )


def _kept(thing: Image | VirtualMachine, operation: str) -> str:
    """Give the counter that would have gone down: it stays, and so somebody who is gone counts."""
    if not isinstance(thing, Image) or not operation.startswith(_RELEASES):
        return ""
    if operation.startswith(_RELEASES[0]):
        return f"{thing.running_vms} VMs"
    return f"{thing.cloning_ops} clones"
