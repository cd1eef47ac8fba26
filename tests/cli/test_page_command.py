"""``lifecycle page`` writes the page whole, or leaves what was there."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from lifecycle.cli import main
from lifecycle.page import document
from tests.tools import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MOST = 1_500_000
PAGE = "<!DOCTYPE html>\n<p>ä</p>\n"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have any page at all, where it is about the place that it is written to."""
    monkeypatch.setattr("lifecycle.cli.page.document", lambda **_: PAGE)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    monkeypatch.setattr("sys.argv", ["lifecycle", "page", *arguments])
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_one_file_is_written_small_and_the_same_each_time(tmp_path: Path) -> None:
    file = tmp_path / "lifecycle.html"
    command = [sys.executable, "-m", "lifecycle", "page", "--out", str(file)]
    done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{file}\n".encode(), b"")
    assert file.stat().st_size <= MOST
    assert file.read_bytes() == document().encode()
    assert [one.name for one in tmp_path.iterdir()] == ["lifecycle.html"]


@pytest.mark.usefixtures("quick")
def test_the_page_and_nothing_else_goes_to_standard_output(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(monkeypatch, "--out", "-") == 0
    assert capfdbinary.readouterr() == (PAGE.encode(), b"")


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "the name of the file to write is empty"),
        ("tests", "tests: cannot be written: it is a folder"),
        ("nowhere/page.html", "nowhere/page.html: cannot be written: No such file or directory"),
        ("README.md/page.html", "README.md/page.html: cannot be written: Not a directory"),
        ("/dev/full", "/dev/full: cannot be written: No space left on device"),
    ],
)
def test_a_place_where_it_cannot_stand_is_told_in_one_line(
    name: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--out", name) == 2
    assert capsys.readouterr() == ("", f"lifecycle: {told}\n")


def test_without_a_name_it_asks_for_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch) == 2
    assert capsys.readouterr() == (
        "",
        "lifecycle: Missing option '--out'; see lifecycle page --help\n",
    )
