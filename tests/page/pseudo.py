"""A translation that is none: English with marks around whatever was translated."""

from __future__ import annotations

import json
import re
from typing import Any

from lifecycle.page.wording import HOLE

BEGIN, END = "⟦", "⟧"
NAMES = ("world.copy_name", "world.disk_name", "world.image_names", "world.machine_names")
"""The keys of the texts that things of the page are named by."""

LANGUAGE = "de-CH"

_SPOKEN = re.compile(r"[A-Za-z]")


def pseudo(file: str) -> dict[str, Any]:
    """Translate what ``lifecycle page --texts`` wrote.

    What is filled in is not marked: it has to be translated by itself, or to need none.
    """
    found: dict[str, Any] = json.loads(file)
    texts = {key: text if key in NAMES else marked(text) for key, text in found["texts"].items()}
    sentences = {english: marked(text) for english, text in found["sentences"].items()}
    return {"language": LANGUAGE, "texts": texts, "sentences": sentences}


def marked(text: str) -> str:
    """Put marks around a text, but not around its holes."""
    pieces = re.split(f"({HOLE.pattern.replace('(', '(?:')})", text)
    return "".join(
        f"{BEGIN}{one}{END}" if not HOLE.fullmatch(one) and _SPOKEN.search(one) else one
        for one in pieces
    )
