"""``lifecycle diagram``: what it prints and writes, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIRST = "examples/first-image.yaml"
COMMAND = [sys.executable, "-m", "lifecycle", "diagram"]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    assert b"Traceback" not in done.stderr
    return done


def test_it_prints_the_full_view_as_svg() -> None:
    done = run()
    assert done.returncode == 0
    assert done.stdout.startswith(b"<svg")
    assert b"OpenNebula image lifecycle</title>" in done.stdout


def test_the_ending_of_the_file_is_the_format(tmp_path: Path) -> None:
    done = run("around=ERROR", "--output", str(tmp_path / "error.png"))
    assert (done.returncode, done.stdout) == (0, b"")
    assert (tmp_path / "error.png").read_bytes().startswith(b"\x89PNG")


def test_a_view_with_parameters_is_asked_for_in_words() -> None:
    done = run("way", "from=LOCKED", "to=READY", "--format", "dot")
    assert done.stdout.startswith(b'digraph "way-LOCKED-READY"')


def test_the_views_are_listed() -> None:
    done = run("--list")
    assert b"around=AROUND" in done.stdout
    assert b"way from=FROM to=TO" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["fool"], b"no view is named 'fool'"),
        (["around=NOWHERE"], b"around is one of INIT"),
        (["--format", "gif"], b"no picture has the format 'gif'"),
        (["--theme", "sepia"], b"no theme is named 'sepia'"),
        (["--output", "no/such/folder/a.svg"], b"no/such/folder/a.svg: cannot be written"),
        (["--output", "a.unknown"], b"no picture has the format 'unknown'"),
        (["--show", "heat"], b"--show: is of a history; name its file: --history FILE"),
        (["--image", "7"], b"--image: is of a history; name its file: --history FILE"),
        (
            ["--history", FIRST, "--history", FIRST],
            b"--history: a path is that of one image in one",
        ),
        (["--history", FIRST, "--show", "hot"], b"--show: must be one of path, standing"),
        (
            ["--history", FIRST, "--show", "heat", "--image", "7"],
            b"--image: is of a path; heat shows all images",
        ),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(arguments: list[str], told: bytes) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"lifecycle: ")
    assert told in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_an_engine_that_fails_leaves_no_file_behind(tmp_path: Path) -> None:
    output = tmp_path / "full.svg"
    done = run("--output", str(output), LIFECYCLE_DOT="false")
    assert done.returncode == 2
    assert b"could not draw svg" in done.stderr
    assert list(tmp_path.iterdir()) == []
