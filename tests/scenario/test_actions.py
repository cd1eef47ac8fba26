"""A scenario can answer whatever drivers are asked, in all recorded histories."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lifecycle.cloud.drivers import UNANSWERED, Request
from lifecycle.scenario.words import ACTIONS
from lifecycle.trace.format import find, read
from lifecycle.trace.replay import cloud_for, perform

if TYPE_CHECKING:
    from lifecycle.scenario.steps import Driver

TRACES = Path(__file__).parents[1] / "data" / "traces"
DRIVERS: dict[str, Driver] = {
    "ds": "datastore",
    "tm": "transfer",
    "vmm": "hypervisor",
    "market": "market",
}
NOT_TOLD = {
    ("datastore", "RESTORE"): "it is asked by `oneimage restore`, which no scenario has",
}
NOT_RECORDED = {("hypervisor", "RESET"): "`onevm reboot --hard`"}


def test_the_actions_of_scenarios_are_those_that_drivers_are_asked() -> None:
    asked: set[tuple[str, str]] = set()

    def see(kind: str, thing: object, _: object) -> None:
        if kind == "asked" and isinstance(thing, Request) and thing.action not in UNANSWERED:
            asked.add((DRIVERS[thing.role], thing.action))

    for path in find([str(TRACES)]):
        for history in read(path):
            cloud = cloud_for(history)
            cloud.observers.append(see)
            for step in history.steps:
                perform(cloud, step)
    told = {(driver, action) for driver, actions in ACTIONS.items() for action in actions}
    assert asked - told == set(NOT_TOLD)
    assert told - asked == set(NOT_RECORDED)
