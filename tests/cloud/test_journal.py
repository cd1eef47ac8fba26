"""The journal: how much of it is kept."""

from __future__ import annotations

import pytest

from lifecycle import Cloud
from lifecycle.cloud.journal import Journal


@pytest.mark.parametrize("limit", [0, 1, 8, 100])
def test_a_journal_with_a_limit_drops_the_oldest(limit: int) -> None:
    journal = Journal()
    journal.limit = limit
    for number in range(1000):
        journal.add(0.0, "clock", "", str(number))
        assert len(journal) <= limit + limit // 8
    numbers = [entry.number for entry in journal]
    assert numbers == list(range(1001 - len(numbers), 1001))
    assert len(numbers) >= limit


def test_entries_are_numbered_on_after_loading() -> None:
    cloud = Cloud()
    cloud.journal.limit = 4
    for _ in range(10):
        cloud.system.version()
    copy = Cloud.from_json(cloud.to_json())
    copy.system.version()
    assert copy.journal[-1].number == 11
