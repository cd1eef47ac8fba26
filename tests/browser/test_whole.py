"""The page as a whole, whatever is played on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from lifecycle.page.texts import texts
from tests.browser.looks import DARK, DESK, PHONE, PRINTED, STILL

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOREIGN = ("unsafe", "http:", "https:", "*", "blob:", "'self'")


@pytest.mark.parametrize("look", [DESK, DARK, PHONE, STILL, PRINTED], ids=str)
def test_the_page_opens_as_a_file_without_a_network(played: Page) -> None:
    expect(played).to_have_title(texts()["title"])


def test_the_policy_lets_nothing_in_that_is_not_in_the_file(played: Page) -> None:
    metas = played.locator("meta[http-equiv='Content-Security-Policy']")
    policy = metas.get_attribute("content")
    assert policy
    assert policy.startswith("default-src 'none';")
    assert [one for one in FOREIGN if one in policy] == []


@pytest.mark.parametrize(
    ("tag", "told"),
    [("script", "Executing inline script violates"), ("style", "Applying inline style violates")],
)
def test_what_is_put_into_the_page_later_does_not_run(
    played: Page, troubles: list[str], tag: str, told: str
) -> None:
    played.evaluate(
        """(tag) => {
            const made = document.createElement(tag);
            made.textContent = tag === "script" ? "window.ran = true" : "body { opacity: 0.5 }";
            document.head.append(made);
        }""",
        tag,
    )
    assert played.evaluate("[window.ran, getComputedStyle(document.body).opacity]") == [None, "1"]
    assert [one for one in troubles if one.startswith(f"console: error: {told}")]
    troubles.clear()


def test_handlers_and_addresses_of_scripts_do_not_run(played: Page, troubles: list[str]) -> None:
    played.evaluate(
        """() => {
            const made = document.createElement("div");
            made.innerHTML = "<img src=x onerror='ran = true'>"
                + "<a href='javascript:ran = true'>a</a>";
            document.body.append(made);
            made.querySelector("a").click();
        }"""
    )
    played.wait_for_function("() => document.querySelector('img').complete")
    assert played.evaluate("window.ran") is None
    assert len([one for one in troubles if "violates the following Content Security" in one]) >= 2
    troubles.clear()


def test_text_is_never_made_code(played: Page, troubles: list[str]) -> None:
    played.evaluate(
        "() => setTimeout(() => { try { eval('window.ran = true') } catch { window.ran = false } })"
    )
    played.wait_for_function("() => window.ran !== undefined")
    assert played.evaluate("window.ran") is False
    troubles.clear()
