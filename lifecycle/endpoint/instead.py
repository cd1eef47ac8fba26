"""What to do first, so that something that is refused now is done: looked for in a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.analysis.planning import ways_until
from lifecycle.cloud.copying import branched, excerpt
from lifecycle.endpoint.attempts import IMAGE, MACHINE, Ref, about, attempts, call_of
from lifecycle.endpoint.trials import Trial, machines_of, surroundings_of
from lifecycle.page.views import cloud_views
from lifecycle.refusal import NotAskedError

if TYPE_CHECKING:
    from lifecycle.analysis.planning import Move, Way
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.endpoint.attempts import Attempt
    from lifecycle.scenario.given import Call

_MOST_LOOKED = 100
"""How many configurations are looked at: whoever was refused is not to wait for long."""

_MOST_HOLDERS = 8
"""Of how many machines or copies a way may get rid: nobody goes a longer one."""

_MOST_WAYS = 3
_MOST_IMAGES = 3
"""How many of a machine's images are tried to be brought to where its act is done."""

_TYPED_ON = {"one.image": IMAGE, "one.vm": MACHINE}
"""What a command of a plan is done to, by the group of its call."""


class Instead:
    """A copy of what an act depends on, in which ways to where it is done are looked for.

    What is asked of datastores, and of drivers already, is answered on the way; hosts are taken
    to do what they are asked, whatever the cloud's own rules about drivers say.

    Args:
        cloud: with nothing under way; it is left alone afterwards.
        on: what the act is done to.
        key: that of the act.

    Raises:
        NotAskedError: there is no such image or machine, or that cannot be tried now.
    """

    def __init__(self, cloud: Cloud, on: Ref, key: str) -> None:
        """Copy what is needed."""
        known = attempts(cloud, on)
        found = next((one for one in known if one.key == key), None)
        if found is None:
            raise NotAskedError("that cannot be tried any more")
        self._act = found
        self._flagged = [one for one in known if one.text.startswith(f"{found.text} --")]
        self._base = surroundings_of(cloud, on, [found, *self._flagged], most=_MOST_HOLDERS)
        self._on = on

    def ways(self) -> list[dict[str, Any]] | None:
        """Give the shortest ways, each as the page's ``WayView``; of those that begin alike one.

        None where none was found and not all was looked at: plans do not know all that can be
        done to a machine.

        Ways to the same with a flag are told where they are shorter. That a driver fails is
        hoped for only where nothing else helps.
        """
        plain = self._shortest(self._act, _MOST_WAYS)
        least = min(map(len, plain), default=None)
        sooner = [
            way
            for one in self._flagged
            for way in self._shortest(one, 1)
            if least is None or len(way) < least
        ]
        told = [self._told(way) for way in (*plain, *sooner)]
        if not told and self._on.kind == MACHINE:
            return None
        return list({one["first"]["key"]: one for one in reversed(told)}.values())[::-1]

    def _shortest(self, act: Attempt, ways: int) -> list[list[Attempt]]:
        """Give ways as what is done, the act itself at their ends if it does anything there."""
        if act.request is not None:
            return []
        call = call_of(self._base, act)

        def is_done(cloud: Cloud) -> bool:
            return branched(cloud).call(call.method, *call.params).ok

        found = []
        for image in self._images():
            cloud = excerpt(self._base, image)
            named = machines_of(self._on, act)
            for way in ways_until(cloud, image, is_done, apart=named, ways=ways, most=_MOST_LOOKED):
                end = branched(cloud)
                steps = _gone(end, way)
                if steps is not None:
                    found.append([*steps, act] if named or _does_something(end, call) else steps)
        hoped = [way for way in found if all(one.ok for one in way)]
        return (hoped or found)[:ways]

    def _images(self) -> list[int]:
        """Give the images whose lives are moved on."""
        if self._on.kind == IMAGE:
            return [self._on.id]
        images = self._base.vms[self._on.id].image_ids()
        return [one for one in dict.fromkeys(images) if one in self._base.images][:_MOST_IMAGES]

    def _told(self, way: list[Attempt]) -> dict[str, Any]:
        first, *others = way
        trial = Trial(self._base, first.on, [first])
        return {"first": trial.of(first), "then": [one.label for one in others]}


def _gone(cloud: Cloud, way: Way) -> list[Attempt] | None:
    """Go a way in a cloud; None where it has something that the page does not offer."""
    steps = []
    for step in way.steps:
        attempt = _attempt_of(cloud, step.move)
        if attempt is None:
            return None
        steps.append(attempt)
        step.move.make(cloud)
    return steps


def _attempt_of(cloud: Cloud, move: Move) -> Attempt | None:
    """Give what is tried on the page where a plan has a move."""
    if move.typed:
        on = _TYPED_ON.get(move.method.rpartition(".")[0])
        every = [] if on is None else attempts(cloud, Ref(on, move.id))
        return next((one for one in every if one.text == move.text), None)
    asked = (move.role, move.action, move.id)
    request = next(one for one in cloud.drivers.open if (one.role, one.action, one.id) == asked)
    place = about(cloud, request)
    every = [] if place is None else attempts(cloud, place)
    return next((one for one in every if one.request == request and one.ok is move.ok), None)


def _does_something(cloud: Cloud, call: Call) -> bool:
    """Tell whether a call changes anything that the page shows."""
    after = branched(cloud)
    after.call(call.method, *call.params)
    before, later = (
        cloud_views(one, lambda kind, number: f"{kind} {number}") for one in (cloud, after)
    )
    return before != later
