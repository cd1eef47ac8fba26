"""What would come of an act right now: it is tried in a copy of what it can touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud.copying import branched, surroundings
from lifecycle.cloud.drivers import Delayed, Drivers
from lifecycle.cloud.vm import VirtualMachine
from lifecycle.endpoint import past
from lifecycle.endpoint.attempts import IMAGE, MACHINE, VM, call_of
from lifecycle.refusal import Refused
from lifecycle.scenario.words import DRIVERS
from lifecycle.states import GONE, ImageState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.endpoint.attempts import Attempt, Ref

_MOST_HOLDERS = 20

Seen = tuple[str, Any, Any]
"""What an observer of a cloud is told: the kind of a happening, its object, and the rest."""


def machines_of(on: Ref | None, attempt: Attempt) -> set[int]:
    """Give the machines that an attempt names."""
    words = attempt.text.split()
    found = {on.id} if on is not None and on.kind == MACHINE else set()
    return found | {int(words[2])} if "disk-attach" in words else found


def surroundings_of(
    cloud: Cloud, on: Ref | None, tried: Collection[Attempt], *, most: int
) -> Cloud:
    """Give a copy of what some attempts depend on.

    Args:
        cloud: with nothing under way.
        on: what the attempts are done to.
        tried: the attempts.
        most: how many of those that hold an image are copied.
    """
    images = {on.id} if on is not None and on.kind == IMAGE else set()
    vms = {one for attempt in tried for one in machines_of(on, attempt)}
    images.update(int(one.text.split()[-1]) for one in tried if "disk-attach" in one.text.split())
    return surroundings(cloud, images, vms, most=most)


class Trial:
    """A copy of what some attempts depend on, in which each is tried.

    Args:
        cloud: with nothing under way; it is left alone afterwards.
        on: what the attempts are done to.
        tried: the attempts.
    """

    def __init__(self, cloud: Cloud, on: Ref | None, tried: list[Attempt]) -> None:
        """Copy what is needed."""
        self._base = surroundings_of(cloud, on, tried, most=_MOST_HOLDERS)
        self._on = on

    def of(self, attempt: Attempt) -> dict[str, Any]:
        """Give an attempt, and what would come of it, as the page's ``ActView``."""
        twin = branched(self._base)
        twin.drivers = Drivers()
        twin.drivers.take_over(self._base.drivers)
        seen: list[Seen] = []
        twin.observers.append(lambda *what: seen.append(what))
        refused = None
        if attempt.request is not None:
            answer = Delayed(twin.clock.now, attempt.ok, None)
            twin.answer_request(attempt.request, answer)
        else:
            call = call_of(self._base, attempt)
            reply = twin.call(call.method, *call.params)
            refused = None if reply.ok else refusal(seen, reply.value, reply.code)
        return view(attempt) | {
            "operation": attempt.operation or _fired(seen),
            "legal": refused is None,
            "edge": self._edge(twin),
            "refusal": refused,
        }

    def _edge(self, twin: Cloud) -> tuple[str, str] | None:
        """Give the state of the image before and after, where that changes."""
        base, on = self._base, self._on
        if on is None:
            made = [one.state.name for one in twin.images if one.id not in base.images]
            return (ImageState.INIT.name, made[0]) if made else None
        vm = base.vms.get(on.id) if on.kind == MACHINE else None
        own = [on.id] if vm is None else [one for one in vm.image_ids() if one in base.images]
        for number in (*own, *(() if vm is None else base.images.ids())):
            after = twin.images.get(number)
            before = base.images[number].state
            now = GONE if after is None else after.state
            if now is not before:
                return before.name, GONE.value if now is GONE else now.name
        return None


def view(attempt: Attempt) -> dict[str, Any]:
    """Give what is known of an attempt before it is tried."""
    request = attempt.request
    return {
        "key": attempt.key,
        "on": None if attempt.on is None else attempt.on._asdict(),
        "operation": attempt.operation,
        "label": attempt.label,
        "driver": "" if request is None else DRIVERS[request.role],
        "fails": request is not None and not attempt.ok,
        "request": "" if request is None else str(request.number),
    }


def refusal(seen: list[Seen], text: str, code: int) -> dict[str, Any]:
    """Give a refusal as the page's ``RefusalView``.

    Args:
        seen: what an observer of the cloud was told meanwhile.
        text: what the call answered.
        code: the error code.
    """
    told = next((rest for kind, _, rest in reversed(seen) if kind == "refused"), None)
    if isinstance(told, Refused):
        return past.refusal(told.text, code, told)
    return past.refusal(text, code)


def _fired(seen: Iterable[Seen]) -> str:
    """Give the operation that an answer was: the first that fired."""
    for kind, thing, part in seen:
        if kind in {"row", "ignored"}:
            return str(VM + part.operation if isinstance(thing, VirtualMachine) else part.operation)
    return ""
