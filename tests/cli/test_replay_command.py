"""``lifecycle replay`` says what is equal, what differs where, and what cannot be read."""

from __future__ import annotations

import json
import lzma
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

TRACES = Path(__file__).parents[1] / "data" / "traces"
COMMAND = [sys.executable, "-m", "lifecycle", "replay"]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def spoiled(tmp_path: Path) -> Path:
    """The histories of level 1, in which the first image of the first is in another state."""
    lines = lzma.decompress((TRACES / "level1.jsonl.xz").read_bytes()).decode().splitlines()
    for number, line in enumerate(lines):
        step = json.loads(line)
        if step.get("then", {}).get("images"):
            next(iter(step["then"]["images"].values()))["STATE"] = 9
            lines[number] = json.dumps(step)
            break
    path = tmp_path / "spoiled.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_the_recorded_histories_are_all_equal() -> None:
    done = run(TRACES)
    assert done.returncode == 0
    assert done.stderr == ""
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[0] == ["subject", "histories", "equal", "steps"]
    assert ["level", "1", "30", "30", "1800"] in lines
    assert ["level", "5", "machine-failures", "56", "56", "1872"] in lines
    assert lines[-1] == ["total", "349", "349", "15906"]


def test_a_difference_is_told_with_file_line_call_field_and_both_values(spoiled: Path) -> None:
    done = run(spoiled)
    assert done.returncode == 1
    first, field, recorded, simulated, *_ = done.stdout.splitlines()
    assert first.startswith(f"{spoiled}:2: ")
    assert "one.image.allocate(" in first
    assert field.strip() == "images.0.STATE"
    assert recorded.split() == ["recorded:", "9"]
    assert simulated.split() == ["simulated:", "1"]
    assert done.stdout.splitlines()[-1].split() == ["total", "30", "29", "1741"]


def test_text_that_no_encoding_has_is_printed_escaped(spoiled: Path) -> None:
    lines = spoiled.read_text(encoding="utf-8").splitlines()
    step = json.loads(lines[1])
    step["params"][0] = step["params"][0].replace("image-1", "\ud800")
    lines[1] = json.dumps(step)
    spoiled.write_text("\n".join(lines), encoding="utf-8")
    assert "\\ud800" in run(spoiled).stdout
    assert json.loads(run(spoiled, "--json").stdout)["differences"]


def test_differences_as_json(spoiled: Path) -> None:
    done = run(spoiled, "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert (found["histories"], found["equal"]) == (30, 29)
    (difference,) = found["differences"]
    assert difference["field"] == "images.0.STATE"
    assert (difference["recorded"], difference["simulated"]) == (9, 1)
    assert difference["line"] == 2
    assert difference["step"]["method"] == "one.image.allocate"


def test_with_all_a_history_goes_on_after_a_difference(spoiled: Path) -> None:
    assert run(spoiled, "--all").stdout.splitlines()[-1].split() == ["total", "30", "29", "1800"]


def test_input_that_cannot_be_read_is_told_in_one_line_each(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"format": "lifecycle-trace/1"}\n{"do": "call",')
    done = run(broken, TRACES / "level1.jsonl.xz")
    assert done.returncode == 2
    assert done.stderr == (
        f"lifecycle: {broken}:2: not JSON (Expecting property name enclosed in double quotes);"
        " is the file cut off?\n"
    )
    assert done.stdout.splitlines()[-1].split() == ["total", "30", "30", "1800"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "lifecycle: nowhere: there is no such file or folder"),
        ([], "Missing argument"),
        (["--fast", "."], "No such option"),
    ],
)
def test_a_command_that_cannot_be_run(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is a thing of POSIX")
def test_a_terminal_gets_a_progress_bar_that_leaves_nothing_behind() -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    with subprocess.Popen(
        [*COMMAND, str(TRACES / "level4.jsonl.xz"), str(TRACES / "level1.jsonl.xz")],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environment,
        text=True,
    ) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                chunk = os.read(ours, 4096)
            except OSError:  # Linux's way to say that the other end is closed
                break
            if not chunk:
                break
            seen += chunk
        assert process.wait() == 0
        assert process.stdout is not None
        assert process.stdout.read().splitlines()[-1].split() == ["total", "110", "110", "6600"]
    os.close(ours)
    assert "━" in seen.decode()
    assert "/2" in seen.decode()
