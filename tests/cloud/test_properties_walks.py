"""What holds on every walk through a cloud, whatever is called, answered or failed.

The usual walks are the same on every run. ``LIFECYCLE_WALKS=2000`` goes that
many other ones, for a long search.
"""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.cloud import walks
from tests.cloud.walker import Walker

MANY = int(os.environ.get("LIFECYCLE_WALKS", "0"))
"""How many walks a long search goes, 0 for the usual ones."""

FIRST = Random().randrange(2**32) if MANY else 0
"""Where the seeds of the long walks begin."""

STEPS = 400

who = st.sampled_from((None, "ann:pw", "bob:pw"))
flags, places = st.integers(-5, 3), st.integers(-3, 3)


class Walk(RuleBasedStateMachine):
    """Short walks, which Hypothesis makes shorter where something does not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.walker = Walker()

    @rule(seed=st.integers(0, 2**32), count=st.integers(1, 15))
    def go(self, seed: int, count: int) -> None:
        random = Random(f"{seed} {len(self.walker.steps)}")
        for _ in range(count):
            self.walker.go(walks.drawn(self.walker.cloud, random))

    @rule(who=who, flag=flags, start=places, end=places)
    def read(self, who: str | None, flag: int, start: int, end: int) -> None:
        self.walker.read(who, flag, start, end)

    @rule()
    def explain(self) -> None:
        self.walker.explain()

    @rule()
    def save_and_load(self) -> None:
        self.walker.save_and_load()

    def teardown(self) -> None:
        self.walker.end()


Walk.TestCase.settings = settings(
    max_examples=MANY or 30,
    stateful_step_count=30,
    derandomize=not MANY,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


TestShortWalks = Walk.TestCase


def walk(seed: int, steps: int) -> Walker:
    """Go a long walk, with all that changes nothing now and then."""
    random, walker = Random(seed), Walker()
    others: list[tuple[Any, tuple[Any, ...]]] = [
        (walker.read, (None, -2, -1, -1)),
        (walker.read, ("ann:pw", -1, 0, -2)),
        (walker.explain, ()),
        (walker.save_and_load, ()),
    ]
    for _ in range(steps):
        walker.go(walks.drawn(walker.cloud, random))
        if random.random() < 0.02:
            act, arguments = random.choice(others)
            act(*arguments)
    return walker


@pytest.mark.parametrize("seed", range(FIRST, FIRST + (MANY or 25)))
def test_what_must_hold_holds_on_a_long_walk(seed: int) -> None:
    walk(seed, STEPS).end()
