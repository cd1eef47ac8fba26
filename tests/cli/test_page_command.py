"""``lifecycle page`` writes the page whole, or leaves what was there."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from lifecycle.page import document
from tests.tools import ROOT

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "lifecycle", "page"]
MOST = 1_500_000


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, check=False, cwd=ROOT)


def test_the_page_is_written_and_its_name_printed(tmp_path: Path) -> None:
    file = tmp_path / "lifecycle.html"
    done = run("--out", str(file))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{file}\n".encode(), b"")
    assert file.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert file.stat().st_size <= MOST
    assert [one.name for one in tmp_path.iterdir()] == ["lifecycle.html"]


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_the_page_alone_goes_to_standard_output_and_is_the_same_each_time(name: str) -> None:
    done = run("--out", name)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == document().encode()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "lifecycle: the name of the file to write is empty\n"),
        ("tests", "lifecycle: tests: cannot be written: it is a folder\n"),
        (
            "nowhere/lifecycle.html",
            "lifecycle: nowhere/lifecycle.html: cannot be written: No such file or directory\n",
        ),
        (
            "README.md/lifecycle.html",
            "lifecycle: README.md/lifecycle.html: cannot be written: Not a directory\n",
        ),
        ("/dev/full", "lifecycle: /dev/full: cannot be written: No space left on device\n"),
    ],
)
def test_a_place_where_it_cannot_stand_is_told_in_one_line(name: str, told: str) -> None:
    done = run("--out", name)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", told)


def test_without_a_name_it_asks_for_one() -> None:
    done = run()
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"lifecycle: Missing option '--out'; see lifecycle --help\n"
