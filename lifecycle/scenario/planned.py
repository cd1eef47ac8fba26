"""The drivers of a cloud that a scenario is played in: they hold what a plan answers.

A plan's answer is a step of its own, also where it comes at once: so it can be
seen in the timeline, and be written into a trace.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.cloud.drivers import SAVE_AS, Drivers, Plan, Request
from lifecycle.scenario.words import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.cloud.drivers import Role
    from lifecycle.scenario import steps

_HOLD = Plan("hold")
_MACHINE_ROLES: tuple[Role, ...] = ("tm", "vmm")


class Coming(NamedTuple):
    """An answer that is on its way: when, the how many-th, to what, and which."""

    due: float
    number: int
    request: Request
    ok: bool
    words: str | None


class PlannedDrivers(Drivers):
    """Drivers whose plans are a scenario's."""

    __slots__ = ("_coming", "_count_coming", "_own", "held")

    def __init__(self, seed: int, planned: tuple[steps.Plan, ...]) -> None:
        """Take over a scenario's plans, and a seed for those with a probability."""
        super().__init__(seed)
        self._coming: list[Coming] = []
        self._count_coming = 0
        self._own = [_cloud_plan(one) for one in planned]
        self.plans.extend(self._own)
        self.held: list[tuple[Role, str]] = [
            (role, action)
            for action, role in dict.fromkeys((one.action, ROLES[one.driver]) for one in planned)
            if role in _MACHINE_ROLES and action != SAVE_AS
        ]
        """The actions that usually succeed at once, and must be held for plans to answer."""

    def decide(self, request: Request) -> Plan:
        """Hold what a plan answers, and note when it is to be answered."""
        plan = super().decide(request)
        if any(plan is one for one in self._own):
            if plan.outcome != "hold":
                self._note(request, plan)
            return _HOLD
        if (request.role, request.action) in self.held:
            self._note(request, Plan("success"))
        return plan

    def _note(self, request: Request, plan: Plan) -> None:
        self._count_coming += 1
        ok = plan.outcome == "success"
        coming = Coming(request.time + plan.delay, self._count_coming, request, ok, plan.payload)
        heapq.heappush(self._coming, coming)

    def due(self, until: float) -> Iterator[Coming]:
        """Give the answers that come until a time, in order; also those that follow from them."""
        while self._coming and self._coming[0].due <= until:
            coming = heapq.heappop(self._coming)
            if coming.request in self.open:
                yield coming


def _cloud_plan(one: steps.Plan) -> Plan:
    return Plan(
        one.outcome,
        one.action,
        role=ROLES[one.driver],
        name=one.pattern,
        payload=one.words,
        delay=one.after,
        skip=one.nth - 1,
        count=one.times,
        probability=one.probability,
    )
