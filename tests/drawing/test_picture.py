"""Pictures are drawn by what there is, and where nothing draws the shipped ones are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lifecycle import InputError
from lifecycle.drawing import engine
from lifecycle.drawing.overlay import Overlay
from lifecycle.drawing.picture import draw

if TYPE_CHECKING:
    from pathlib import Path

PINNED = engine.find_engine(pinned=True)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without any program that draws."""
    monkeypatch.delenv(engine.ENVIRONMENT, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(engine, "_installed", lambda: None)


@pytest.mark.parametrize(
    ("format_", "begin"),
    [("dot", b"digraph"), ("svg", b"<svg"), ("png", b"\x89PNG"), ("mermaid", b"---")],
)
def test_a_view_is_drawn_in_each_format(format_: str, begin: bytes) -> None:
    assert draw("full", format_, engine=PINNED).startswith(begin)


@pytest.mark.parametrize(
    ("view", "format_", "overlay", "told"),
    [
        ("way from=READY to=GONE", "svg", Overlay(), "nothing here draws"),
        ("full", "svg", Overlay(title="mine"), "nothing here draws"),
        ("full", "pdf", Overlay(), "a PDF needs Graphviz"),
    ],
)
def test_what_did_not_come_along_is_told(
    bare: None, view: str, format_: str, overlay: Overlay, told: str
) -> None:
    with pytest.raises(InputError, match=told) as raised:
        draw(view, format_, overlay)
    assert "install" in str(raised.value)


@pytest.mark.parametrize(
    ("format_", "theme", "told"),
    [
        ("gif", "auto", "no picture has the format 'gif'; there are: dot, svg, png, pdf, mermaid,"),
        ("svg", "sepia", "no theme is named 'sepia'; there are: auto, light, dark"),
    ],
)
def test_a_format_or_theme_that_does_not_exist_is_told(format_: str, theme: str, told: str) -> None:
    with pytest.raises(InputError) as raised:
        draw("full", format_, theme=theme)
    assert str(raised.value).startswith(told)
