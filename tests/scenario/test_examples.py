"""The examples print what stands beside them, and the guide says what is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from lifecycle.cli.commands import root
from lifecycle.scenario.commands import VERBS
from lifecycle.scenario.expectations import FIELDS
from lifecycle.scenario.format import parse
from lifecycle.scenario.run import play
from lifecycle.scenario.step_form import STEPS
from lifecycle.scenario.words import ACTIONS

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
SCENARIOS = sorted(EXAMPLES.glob("*.yaml"))
PROGRAMS = sorted(EXAMPLES.glob("*.py"))
GUIDE = (EXAMPLES / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for found, text in BLOCK.findall(GUIDE) if found == language]


def expected(path: Path) -> str:
    return path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_prints_what_stands_beside_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(root, ["simulate", f"examples/{path.name}"])
    assert done.stderr == ""
    assert done.exit_code == 0
    assert done.stdout == expected(path)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_prints_what_stands_beside_it(path: Path) -> None:
    command = [sys.executable, "-W", "error", str(path)]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(  # noqa: S603 - our own example
        command,
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"},
    )
    assert done.stderr == ""
    assert done.stdout == expected(path)


def test_there_is_nothing_beside_the_examples_but_what_they_print() -> None:
    printed = {path.with_suffix(".txt") for path in (*SCENARIOS, *PROGRAMS)}
    assert set(EXAMPLES.glob("*.txt")) == printed


def test_the_guide_names_every_example() -> None:
    linked = set(re.findall(r"\]\(([\w-]+\.(?:yaml|py))\)", GUIDE))
    assert linked == {path.name for path in (*SCENARIOS, *PROGRAMS)}


@pytest.mark.parametrize("text", blocks("yaml"))
def test_a_scenario_of_the_guide_is_played_and_all_of_it_is_so(text: str) -> None:
    run = play(parse(text, "README.md"))
    assert run.unmet == ()
    assert run.checked > 0
    assert all(moment.refusal is None for moment in run.moments)


@pytest.mark.parametrize("line", [line for text in blocks("sh") for line in text.splitlines()])
def test_a_command_of_the_guide_runs(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    program, *words = line.split()
    assert program == "lifecycle"
    done = CliRunner().invoke(root, words)
    assert done.exit_code == 0
    assert done.stdout


def test_the_guide_lists_every_command() -> None:
    (text,) = blocks("text")
    listed = re.sub(r"\n +", " ", text).splitlines()
    assert listed == [verb.form for verb in VERBS.values()]


def test_the_guide_lists_what_drivers_are_asked() -> None:
    for driver, actions in ACTIONS.items():
        assert f"| `{driver}` | {', '.join(actions)}: a" in GUIDE


def test_the_guide_names_every_kind_of_step_and_every_field_of_a_checkpoint() -> None:
    named = set(re.findall(r"`([\w]+)", GUIDE))
    assert {*STEPS, "accepted", "refused", "as"} <= named
    assert {field for fields in FIELDS.values() for field in fields} <= named
