"""What the README and the guides show is what happens: their code and commands are run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.tools import python_path

ROOT = Path(__file__).parent.parent
GUIDES = sorted(
    path
    for path in (
        ROOT / "README.md",
        *(ROOT / "examples").glob("*.md"),
        *ROOT.glob("tests/data/*.md"),
    )
)
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INSTALL = re.compile(r"^python3 -m pip install [^&]*(?:$|&& PYTHONPATH=\.tools )")
NOT_RUN_HERE = {
    "python3 -m venv .venv && .venv/bin/python -m pip install --quiet '.[cli]'"
    " && .venv/bin/lifecycle --help": "installs; .ci/run does the same elsewhere",
    "python3 -m pytest -q": "these tests; .ci/run runs the line as it stands",
    "python3 -m benchmarks": "takes a minute; .ci/run and test_benchmarks run it in short",
}


def blocks(path: Path, language: str) -> list[str]:
    return [
        text for found, text in BLOCK.findall(path.read_text(encoding="utf-8")) if found == language
    ]


def output_of(command: str) -> str:
    words = shlex.split(command)
    if words[:1] == ["lifecycle"]:
        words = [sys.executable, "-m", *words]
    assert words[:1] in ([sys.executable], ["python3"]), command
    words[0] = sys.executable
    done = subprocess.run(  # noqa: S603 - the commands of our own guides
        words, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    return done.stdout + done.stderr


def consoles() -> list[tuple[str, str]]:
    found = []
    for path in GUIDES:
        for text in blocks(path, "console"):
            for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                found.append((command, output))
    return found


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_code_of_a_guide_runs_from_top_to_bottom(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {}
    for text in blocks(path, "python"):
        exec(compile(text, str(path), "exec"), namespace)  # noqa: S102 - the code of our own guides


@pytest.mark.parametrize(("command", "output"), consoles())
def test_a_command_of_a_guide_prints_what_the_guide_shows(command: str, output: str) -> None:
    assert output_of(command).rstrip("\n") == output.rstrip("\n")


@pytest.mark.parametrize("line", blocks(ROOT / "README.md", "sh"))
def test_a_shell_line_of_the_readme_is_one_line_and_runs(line: str) -> None:
    assert line.count("\n") == 1
    command = INSTALL.sub("", line.strip())
    if command not in NOT_RUN_HERE:
        assert "Traceback" not in output_of(command)
        assert output_of(command)


@pytest.mark.parametrize(
    ("guide", "line"),
    [
        (path, line)
        for path in GUIDES
        if path.parent.name == "examples"
        for text in blocks(path, "sh")
        for line in text.splitlines()
    ],
)
def test_a_shell_line_of_a_guide_runs(
    guide: Path, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder where nothing but what the line names is there, and what it writes may stay."""
    del guide
    for name in ("examples", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.setenv("PYTHONPATH", python_path())
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line)
    assert words[0] == "lifecycle"
    done = subprocess.run(  # noqa: S603 - the commands of our own guides
        [sys.executable, "-m", *words], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for option, value in pairwise(words):
        if option == "-o":
            assert (tmp_path / value).stat().st_size


def test_the_readme_opens_with_two_commands_to_paste() -> None:
    first, second, *_ = blocks(ROOT / "README.md", "sh")
    assert "lifecycle simulate" in first
    assert "pytest" in second
