"""Every text of the page, a language a file: whoever translates it needs nothing else."""

from __future__ import annotations

import json
from importlib import resources

ENGLISH = "en"


def texts(language: str = ENGLISH) -> dict[str, str]:
    """Give the texts of the page by their keys; ``{name}`` in one is filled in by the page."""
    file = resources.files("lifecycle.page.texts") / f"{language}.json"
    found: dict[str, str] = json.loads(file.read_text("utf-8"))
    return found
