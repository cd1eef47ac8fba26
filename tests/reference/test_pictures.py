"""The pictures of the pages: with links where something draws, else as they came along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lifecycle import InputError
from lifecycle.drawing import engine
from lifecycle.reference.pictures import drawn, linked

if TYPE_CHECKING:
    from pathlib import Path


def test_states_and_edges_lead_to_pages_where_they_are_asked_to() -> None:
    picture = drawn("around=CLONE", ending=".html")
    assert 'href="state-clone.html"' in picture.svg
    assert "lifecycle:state" not in picture.svg
    assert 'href="state-' not in drawn("around=CLONE").svg
    assert 'href="simplified.html"' in drawn("simplified", ending=".html").svg


def test_where_nothing_draws_the_picture_is_the_one_that_came_along(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(engine.ENVIRONMENT, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(engine, "_installed", lambda: None)
    assert "<svg" in drawn("around=CLONE", ending=".html").svg
    with pytest.raises(InputError, match="nothing here draws"):
        drawn("way from=READY to=ERROR", ending=".html")


def test_an_engine_that_fails_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(engine.ENVIRONMENT, "/bin/false")
    with pytest.raises(InputError):
        drawn("around=CLONE", ending=".html")


def test_a_picture_of_the_gallery_is_only_named() -> None:
    picture = linked("around=CLONE")
    assert (picture.file, picture.svg) == ("../views/around-CLONE.svg", "")
