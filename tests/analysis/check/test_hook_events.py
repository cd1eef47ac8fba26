"""The state hooks of real clouds can have fired in their order, and not in every other."""

from __future__ import annotations

from collections import defaultdict

import pytest

from lifecycle.analysis.check.hidden import Successors
from lifecycle.analysis.check.hook_events import Change, check_events
from lifecycle.states import ImageState
from lifecycle.trace.format import find, read
from tests.cloud.unrecorded import TRACES

S = ImageState


def recorded_hooks() -> list[tuple[str, bool, list[Change]]]:
    found = []
    for file in find([str(TRACES)]):
        for history in read(file):
            told: dict[int, list[Change]] = defaultdict(list)
            asked = not any(step.data.get("unsolicited") for step in history.steps)
            for step in history.steps:
                for number, _, before, after in (step.data.get("then") or {}).get("hooks", []):
                    told[number].append(Change(ImageState[before], ImageState[after]))
            found += [(history.name, asked, events) for events in told.values()]
    return found


def test_recorded_hooks_are_possible() -> None:
    successors = Successors()
    recorded = recorded_hooks()
    assert len(recorded) > 2000
    for name, asked, events in recorded:
        verdict = check_events(events, successors)
        assert verdict.possible, (name, events, verdict.instead)
        assert not (asked and verdict.unasked), (name, events)


@pytest.mark.parametrize(
    ("words", "impossible"),
    [
        ("INIT>LOCKED LOCKED>READY READY>USED USED>READY", -1),
        ("INIT>READY READY>CLONE CLONE>READY", -1),
        ("READY>USED USED>READY", -1),
        ("INIT>READY READY>USED_PERS USED_PERS>USED", 2),
        ("INIT>READY READY>READY", 1),
        ("INIT>LOCKED LOCKED>USED", 1),
        ("INIT>USED", 0),
        ("INIT>READY INIT>READY", 1),
        ("INIT>READY READY>CLONE CLONE>USED_PERS", 2),
    ],
)
def test_the_first_event_that_cannot_be(words: str, impossible: int) -> None:
    events = [Change(*(ImageState[name] for name in one.split(">"))) for one in words.split()]
    verdict = check_events(events, Successors())
    assert verdict.impossible == impossible
    assert bool(verdict.instead) is (impossible >= 0)


def test_an_answer_that_nobody_asked_for_is_needed_only_where_it_is() -> None:
    events = [Change(S.INIT, S.READY), Change(S.READY, S.ERROR)]
    assert check_events(events, Successors()).unasked
    assert not check_events(events, Successors(), unasked=False).possible
