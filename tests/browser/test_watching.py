"""Whatever goes wrong in a page is noticed, so that the other tests here can pass with reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.auditing import audit
from tests.browser.conditions import until

if TYPE_CHECKING:
    from playwright.sync_api import Page


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


def test_what_keeps_people_from_using_it_is_noticed(played: Page) -> None:
    played.evaluate("document.body.append(document.createElement('button'))")
    assert [one for one in audit(played) if one.startswith("button-name: <button></button>")]
