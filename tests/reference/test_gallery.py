"""The pages of the gallery are as fresh as the table."""

from __future__ import annotations

import re
from pathlib import Path

from lifecycle.drawing.gallery import COMMAND
from lifecycle.reference.gallery import FOLDER, pages

DIAGRAMS = Path(__file__).parents[2] / "diagrams"


def test_the_pages_that_are_checked_in_are_those_of_a_fresh_run() -> None:
    fresh = pages()
    there = {path.name: path.read_text("utf-8") for path in (DIAGRAMS / FOLDER).iterdir()}
    stale = sorted(name for name in fresh | there if fresh.get(name) != there.get(name))
    assert stale == [], f"mend diagrams/{FOLDER} with: {COMMAND}"


def test_every_picture_of_a_page_is_in_the_gallery() -> None:
    shown = {
        found for text in pages().values() for found in re.findall(r"!\[[^\]]*\]\(([^)]*)\)", text)
    }
    assert len(shown) == 13
    assert {name for name in shown if not (DIAGRAMS / FOLDER / name).is_file()} == set()
