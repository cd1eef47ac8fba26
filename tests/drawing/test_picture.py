"""Pictures are drawn by what there is, and where nothing draws the shipped ones are given."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from lifecycle import InputError
from lifecycle.drawing import engine
from lifecycle.drawing.overlay import Overlay
from lifecycle.drawing.picture import draw
from lifecycle.drawing.shipped import picture
from lifecycle.drawing.views import parse_view

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


def test_where_nothing_draws_the_standard_views_are_there_all_the_same(bare: None) -> None:
    assert draw("actor=user", "svg") == picture(parse_view("actor=user"), "svg", "auto")
    assert draw("full", "png", theme="dark").startswith(b"\x89PNG")


def test_without_the_extra_the_standard_views_are_there_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "graphviz", None)
    monkeypatch.delitem(sys.modules, "lifecycle.drawing.dot", raising=False)
    assert draw("full", "svg").startswith(b"<svg")


def test_a_machine_without_fonts_and_without_dot_draws_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usual = draw("simplified", "png", engine=PINNED)
    monkeypatch.delenv(engine.ENVIRONMENT, raising=False)
    for name in ("FONTCONFIG_FILE", "FONTCONFIG_PATH", "HOME", "XDG_DATA_HOME", "PATH"):
        monkeypatch.setenv(name, str(tmp_path))
    assert draw("simplified", "png") == usual


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


def test_without_the_package_that_writes_dot_a_pdf_needs_more_than_graphviz(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "lifecycle.drawing.dot", raising=False)
    monkeypatch.setitem(sys.modules, "graphviz", None)
    with pytest.raises(InputError, match=r"pip install '.*\[drawing\]'"):
        draw("full", "pdf")


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
