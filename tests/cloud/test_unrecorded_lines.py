"""Every line of the tables is exercised by a recorded history, or has a case of its own."""

from __future__ import annotations

import pytest

from lifecycle.analysis.coverage import Coverage
from tests.cloud import (
    test_unrecorded_answers,
    test_unrecorded_image_calls,
    test_unrecorded_machine_answers,
    test_unrecorded_machine_calls,
)
from tests.cloud.unrecorded import Case, play, recorded

IMAGE_CASES = [*test_unrecorded_answers.CASES, *test_unrecorded_image_calls.CASES]
MACHINE_CASES = [*test_unrecorded_machine_answers.CASES, *test_unrecorded_machine_calls.CASES]
CASES = {"image": IMAGE_CASES, "machine": MACHINE_CASES}
NEVER_UNMET = {"image": test_unrecorded_image_calls.NEVER_UNMET, "machine": {}}


@pytest.mark.parametrize("table", CASES)
def test_every_line_that_no_recording_exercises_has_a_case(table: str) -> None:
    missing = [part.key for part in recorded().tables[table].missing()]
    assert set(missing) <= {case.key for case in CASES[table]}


@pytest.mark.parametrize(
    ("table", "case"),
    [(table, case) for table, cases in CASES.items() for case in cases],
    ids=lambda value: value.key if isinstance(value, Case) else value,
)
def test_every_case_exercises_its_line_and_names_its_source(table: str, case: Case) -> None:
    coverage = Coverage()
    play(case, coverage)
    assert case.key in coverage.tables[table].lines
    assert case.source


@pytest.mark.parametrize("table", CASES)
def test_every_guard_is_seen_unmet_or_cannot_be(table: str) -> None:
    coverage = Coverage()
    for case in CASES[table]:
        play(case, coverage)
    seen = coverage.tables[table].unmet
    left = [pair for pair in recorded().tables[table].never_unmet() if pair not in seen]
    assert left == sorted(NEVER_UNMET[table])
