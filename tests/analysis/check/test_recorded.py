"""What a real cloud went through is possible, however seldom somebody looked."""

from __future__ import annotations

from random import Random

import pytest

from tests.analysis.check.recordings import checker, recordings

EVERY = 15
"""Of how many images one is checked; the benchmark checks them all."""


@pytest.mark.parametrize("step", [1, 3, 10])
def test_recorded_histories_are_possible_at_random_poll_intervals(step: int) -> None:
    random = Random(step)
    for one in recordings()[step % EVERY :: EVERY]:
        polls = [seen for seen in one.seen if random.random() < 1 / step]
        verdict = checker().check(polls)
        assert verdict.possible, (one.history, one.image, verdict.wrong)
        if one.asked:
            assert verdict.unasked == -1, (one.history, one.image)


def test_the_recordings_show_many_images() -> None:
    assert len(recordings()) > 1500
    assert {one.asked for one in recordings()} == {True, False}
