"""A browser for the tests beside this file, and pages in it that may not go wrong unnoticed.

`played` is the page of ``lifecycle page``, opened as a file with the network
switched off; `opened` opens any other, or the same once more. How it is looked
at is a test's parameter of the name `look`::

    @pytest.mark.parametrize("look", [Look(), DARK, PHONE, STILL, PRINTED], ids=str)
    def test_something(played: Page) -> None: ...

Whatever the browser complains of fails the test at its end: a console message
of an error or a warning, an error that nobody caught, a dialog, a violation of
the content security policy, a request to anywhere but the page itself. A test
that provokes such a thing looks at `troubles` and empties it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Protocol

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.looks import Look
from tests.tools import ROOT, require

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Dialog,
        Page,
        Request,
    )

_TELLING = ("error", "warning", "assert")
_PATIENCE = 10_000
"""Milliseconds until what is waited for is taken to fail; where all is well nothing takes long."""


class Opener(Protocol):
    """Opens a page in a tab of its own."""

    def __call__(self, url: str) -> Page:
        """Open an address and give the tab, once its script has run."""


# Of the package, not of the session: while it is open, an event loop runs in this
# thread, and the tests of other packages could start none of their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Give Debian's Chromium, headless; it is found on the machine, never fetched."""
    path = require("chromium", mend="apt-get install chromium")
    with sync_playwright() as playwright:
        # Without its sandbox, which does not work for root.
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=False)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file that ``lifecycle page`` writes."""
    file = tmp_path_factory.mktemp("page") / "lifecycle.html"
    command = [sys.executable, "-m", "lifecycle", "page", "--out", str(file)]
    # What the command runs through is measured by tests of its own, and takes its time then.
    environment = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    subprocess.run(  # noqa: S603 - our own command
        command, check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    return file


@pytest.fixture
def look() -> Look:
    """Give how the page is looked at: as on a desk, unless a test's parameter says otherwise."""
    return Look()


@pytest.fixture
def troubles() -> Iterator[list[str]]:
    """Give what the browser complained of; what is left of it at the end fails the test."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def origins() -> tuple[str, ...]:
    """Give what the addresses begin with that may be fetched: none, but for a live page's tests."""
    return ()


@pytest.fixture
def context(
    browser: Browser, look: Look, troubles: list[str], origins: tuple[str, ...]
) -> Iterator[BrowserContext]:
    """Give a browser's window of its own, which shares nothing with that of another test."""
    context = browser.new_context(
        viewport={"width": look.width, "height": look.height},
        color_scheme="dark" if look.dark else "light",
        reduced_motion="reduce" if look.still else "no-preference",
        java_script_enabled=not look.scriptless,
        offline=not origins,
    )
    context.set_default_timeout(_PATIENCE)

    def dismiss(dialog: Dialog) -> None:
        troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    context.on("dialog", dismiss)

    def told(message: ConsoleMessage) -> None:
        if message.type in _TELLING:
            troubles.append(f"console: {message.type}: {message.text}")

    def requested(request: Request) -> None:
        if not request.url.startswith(("file:", "data:", *origins)):
            troubles.append(f"request: {request.url}")

    context.on("console", told)
    context.on("request", requested)
    context.on("weberror", lambda error: troubles.append(f"not caught: {error.error}"))
    yield context
    for page in context.pages:
        page.evaluate("0")  # an answer comes after all that was told before it
    context.close()


@pytest.fixture
def opened(context: BrowserContext, look: Look) -> Opener:
    """Give a function that opens an address in a tab of its own."""

    def open_in_a_tab(url: str) -> Page:
        page = context.new_page()
        if look.printed:
            page.emulate_media(media="print")
        page.goto(url)
        return page

    return open_in_a_tab


@pytest.fixture
def played(opened: Opener, page_file: Path) -> Page:
    """Give the page of ``lifecycle page``, opened as a file without a network."""
    return opened(page_file.as_uri())
