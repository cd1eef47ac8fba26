"""``lifecycle page`` with lessons of one's own, and with as many questions as one wants."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.tools import ROOT

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "lifecycle", "page"]
DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
    )


def data(*arguments: str) -> Any:  # noqa: ANN401 - what the page is given is JSON
    done = run("--out", "-", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    found = DATA.search(done.stdout)
    assert found is not None
    return json.loads(found[1])


def test_scenarios_become_lessons_and_questions_are_chosen(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("title: </script><b>Mine</b>\nsteps:\n  - say: <i>hello</i>\n", "utf-8")
    given = ["--lesson", str(own), "--lesson", "examples/copy-fails.yaml"]
    found = data(*given, "--questions", "3", "--seed", "5")
    assert [one["title"] for one in found["lessons"][-2:]] == [
        "</script><b>Mine</b>",
        "A copy fails, and the image is enabled",
    ]
    assert len(found["lessons"]) == 12
    assert len(found["questions"]) == 3
    other = data("--questions", "3", "--seed", "6")
    assert found["questions"] != other["questions"]
    assert len(other["lessons"]) == 10


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--questions", "0"], "questions: must be from 1 to 100, not 0"),
        (["--questions", "1000"], "questions: must be from 1 to 100, not 1000"),
        (["--lesson", "nowhere.yaml"], "nowhere.yaml: cannot be read: No such file or directory"),
        (["--lesson", "LICENSE"], "LICENSE"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line_and_nothing_is_written(
    arguments: list[str], told: str, tmp_path: Path
) -> None:
    done = run("--out", str(tmp_path / "page.html"), *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
