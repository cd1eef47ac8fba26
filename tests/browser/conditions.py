"""Waiting for what Playwright's own expectations do not wait for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

_SECONDS = 10


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Let a page go on until something holds; it fails where that takes unreasonably long."""
    end = time.monotonic() + _SECONDS
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        page.wait_for_timeout(5)
