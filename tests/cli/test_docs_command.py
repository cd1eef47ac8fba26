"""``lifecycle docs``: pages for a site, and what they tell on a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def docs(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lifecycle", "docs", *arguments],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
        env={**os.environ, **environment},
    )


def test_without_a_topic_it_shows_the_states() -> None:
    done = docs()
    assert (done.returncode, done.stderr) == (0, "")
    assert "Image States Reference" in done.stdout
    assert "FS operation in progress, VMs waiting. Persistent" in done.stdout


def test_a_topic_is_told_in_plain_text_where_there_is_no_terminal() -> None:
    done = docs("DISABLED")
    assert done.returncode == 0
    assert "oneimage enable IMAGE" in done.stdout
    assert "\x1b" not in done.stdout
    assert all(line == line.rstrip() for line in done.stdout.splitlines())


@pytest.mark.parametrize(
    ("format_", "first"),
    [
        ("hugo", '---\ntitle: "The image life-cycle"\n'),
        ("sphinx", ".. _image-lifecycle-index:\n"),
        ("markdown", "# The image life-cycle\n"),
        ("html", '<!DOCTYPE html>\n<html lang="en">\n'),
    ],
)
def test_all_pages_are_written_in_the_format_of_a_site(
    tmp_path: Path, format_: str, first: str
) -> None:
    done = docs("--format", format_, "--out", str(tmp_path / "new" / "site"))
    assert (done.returncode, done.stderr) == (0, "")
    written = sorted((tmp_path / "new" / "site").iterdir())
    assert done.stdout == f"{len(written)} files in {tmp_path / 'new' / 'site'}\n"
    index = next(path for path in written if path.stem in {"index", "_index"})
    assert index.read_text("utf-8").startswith(first)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["mars"], "no page tells of 'mars'; there are: init, ready, "),
        (["--format", "pdf", "--out", "x"], "no format is named 'pdf'; there are: hugo, "),
        (["--format", "html"], "pages are written with both --format and --out"),
        (["LOCKED", "--format", "html", "--out", "x"], "pages are written with both"),
        (["--format", "html", "--out", ""], "the name of the folder to write into is empty"),
        (["--format", "html", "--out", "README.md"], "README.md: cannot be written: "),
        (["--format", "html", "--out", "README.md/x"], "README.md/x: cannot be written: "),
        (["--format", "html", "--out", "/dev/null/x"], "/dev/null/x: cannot be written: "),
    ],
)
def test_a_mistake_is_told_in_one_line(arguments: list[str], problem: str) -> None:
    done = docs(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"lifecycle: {problem}")
    assert done.stderr.count("\n") == 1
    assert not (ROOT / "x").exists()


def test_an_engine_that_fails_leaves_no_pages(tmp_path: Path) -> None:
    out = tmp_path / "site"
    done = docs("--format", "markdown", "--out", str(out), LIFECYCLE_DOT="/bin/false")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("lifecycle: ")
    assert done.stderr.count("\n") == 1
    assert not out.exists()
