"""The page about the calls that are answered says what is so."""

from __future__ import annotations

from tests.endpoint import coverage_page


def test_the_page_is_fresh() -> None:
    written = coverage_page.PAGE.read_text("utf-8")
    assert written == coverage_page.page(), "run python -m tests.endpoint.coverage_page"
