"""What is impossible by exhaustive search is rejected, and nothing that is possible."""

from __future__ import annotations

from random import Random

from lifecycle.analysis.check.possible import Checker
from tests.analysis.check.mutations import image_of, measured, possible, world


def test_single_changes_that_make_a_history_impossible_are_noticed() -> None:
    tally = measured(Checker(unasked=False), Random(7), 60)
    assert tally.rejected_walks == 0
    assert tally.accepted == tally.possible
    assert tally.impossible > 60
    assert tally.possible > 20
    assert tally.rejected >= 0.95 * tally.impossible


def test_the_search_knows_more_than_one_way() -> None:
    assert len(world().configurations) > 1000
    assert possible([None, None])
    assert image_of(None) is None
