"""Engines are found in order, and what they do wrong is told in one line."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from lifecycle import InputError
from lifecycle.drawing import engine
from lifecycle.drawing.engine import ENVIRONMENT, Engine, NoEngineError, find_engine
from tests.tools import require

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DOT = "digraph { a -> b }"


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], str]:
    """Make a program out of a few lines of Python."""

    def make(lines: str) -> str:
        path = tmp_path / "engine"
        path.write_text(f"#!{sys.executable}\nimport sys, time\n{lines}\n", encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    return make


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without any program that draws."""
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(engine, "_installed", lambda: None)


@pytest.mark.parametrize(("kind", "begin"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_pinned_engine_draws(kind: str, begin: bytes) -> None:
    assert find_engine(pinned=True).draw(DOT, kind).startswith(begin)


def test_the_program_that_the_environment_names_comes_first(
    monkeypatch: pytest.MonkeyPatch, program: Callable[[str], str]
) -> None:
    path = program("print('drawn by ' + ' '.join(sys.argv[1:]))")
    monkeypatch.setenv(ENVIRONMENT, path)
    assert find_engine() == Engine(path)
    assert find_engine().draw(DOT, "svg") == b"drawn by -Kdot -Tsvg\n"
    assert find_engine(pinned=True).path != path


def test_then_the_systems_dot_then_the_one_that_pip_installs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: Callable[[str], str]
) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    system = tmp_path / "dot"
    shutil.copy(program(""), system)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_engine() == Engine(str(system))
    system.unlink()
    assert find_engine().pinned


def test_without_any_it_tells_how_to_install_one(bare: None) -> None:
    with pytest.raises(NoEngineError, match=r"pip install 'opennebula-image-lifecycle\[drawing\]'"):
        find_engine()


def test_a_program_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, "no-such-program")
    with pytest.raises(InputError, match="LIFECYCLE_DOT names no program: no-such-program"):
        find_engine()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("sys.stderr.write('Error: no fonts\\nmore'); print('half')", "Error: no fonts"),
        ("sys.exit(3)", "exit code 3"),
        ("sys.stderr.write('Format: not recognized'); sys.exit(1)", "Format: not recognized"),
        ("pass", "exit code 0"),
    ],
)
def test_an_engine_that_fails_is_told_in_one_line(
    program: Callable[[str], str], lines: str, told: str
) -> None:
    path = program(lines)
    with pytest.raises(InputError) as raised:
        Engine(path).draw(DOT, "svg")
    assert str(raised.value) == f"{path} could not draw svg: {told}"


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_what_is_no_picture_is_not_taken_for_one(program: Callable[[str], str], kind: str) -> None:
    path = program("print('hello')")
    with pytest.raises(InputError, match=f"what {path} wrote is no {kind.upper()}"):
        Engine(path).draw(DOT, kind)


def test_a_warning_is_no_failure(program: Callable[[str], str]) -> None:
    path = program("sys.stderr.write('Warning: a font'); print('picture')")
    assert Engine(path).draw(DOT, "svg") == b"picture\n"


def test_an_engine_that_hangs_is_stopped(program: Callable[[str], str]) -> None:
    path = program("time.sleep(60)")
    with pytest.raises(InputError, match=r"was stopped after 0\.5 seconds"):
        Engine(path).draw(DOT, "svg", timeout=0.5)


def test_what_is_no_program_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be run"):
        Engine(str(tmp_path)).draw(DOT, "svg")


def test_the_pinned_engine_draws_no_pdf_and_says_what_does() -> None:
    with pytest.raises(InputError, match="draws no PDF; install Graphviz"):
        find_engine(pinned=True).draw(DOT, "pdf")


def test_the_systems_dot_draws_pdf() -> None:
    path = require("dot", mend="apt-get install graphviz")
    assert Engine(path).draw(DOT, "pdf").startswith(b"%PDF")


@pytest.mark.parametrize("bad", ["digraph {", "digraph { a -> }", ""])
def test_what_is_no_dot_is_told(bad: str) -> None:
    with pytest.raises(InputError, match="could not draw svg"):
        find_engine(pinned=True).draw(bad, "svg")
