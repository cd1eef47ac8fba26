"""The page's own words, a language a file.

What states and operations mean, and why something is refused, is told by the table; what a
lesson says, by its scenario. :mod:`lifecycle.page.wording` has all of it for translators.
"""

from __future__ import annotations

import json
from importlib import resources

ENGLISH = "en"


def texts(language: str = ENGLISH) -> dict[str, str]:
    """Give the texts of the page by their keys; ``{name}`` in one is filled in by the page."""
    file = resources.files("lifecycle.page.texts") / f"{language}.json"
    found: dict[str, str] = json.loads(file.read_text("utf-8"))
    return found
