"""The page as a whole, whatever is played on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from lifecycle.page.texts import texts
from tests.browser.conditions import until
from tests.browser.looks import DARK, DESK, PHONE, PRINTED, STILL

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.parametrize("look", [DESK, DARK, PHONE, STILL, PRINTED], ids=str)
def test_the_page_opens_as_a_file_without_a_network(played: Page) -> None:
    expect(played.get_by_role("heading", level=1)).to_have_text(texts()["title"])


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("new Image().src = 'http://127.0.0.1:9/a'", "request: "),
        ("void fetch('http://127.0.0.1:9/b').catch(() => {})", "console: error: "),
        ("setTimeout(() => { throw new Error('lost') })", "not caught: "),
        ("setTimeout(() => confirm('sure?'))", "dialog: sure?"),
        ("console.warn('careful')", "console: warning: careful"),
    ],
)
def test_what_the_browser_complains_of_is_noticed(
    played: Page, troubles: list[str], script: str, told: str
) -> None:
    played.evaluate(script)
    until(played, lambda: any(one.startswith(told) for one in troubles))
    troubles.clear()
