"""The examples of the pytest plugin run as they stand, and fail as the guide shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.testing.test_plugin import PLUGIN
from tests.tools import python_path

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "pytest"
GUIDE = (ROOT / "examples" / "test-with-pytest.md").read_text("utf-8")


@pytest.fixture
def run_example(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], pytest.RunResult]:
    """Runs an example with nothing but the plugin, every warning an error."""
    monkeypatch.setenv("PYTHONPATH", python_path())
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.plugins = [PLUGIN]

    def run(name: str) -> pytest.RunResult:
        pytester.path.joinpath(name).write_bytes((EXAMPLES / name).read_bytes())
        return pytester.runpytest_subprocess("-W", "error", "--strict-markers", name)

    return run


def test_what_the_fixtures_offer(run_example: Callable[[str], pytest.RunResult]) -> None:
    run_example("test_images.py").assert_outcomes(passed=7)


def test_a_failing_test_shows_what_the_guide_shows(
    run_example: Callable[[str], pytest.RunResult],
) -> None:
    result = run_example("test_that_fails.py")
    result.assert_outcomes(failed=1)
    shown = re.findall(r"^```text\n(-+ OpenNebula -+\n.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    assert len(shown) == 1
    assert shown[0] in result.stdout.str()


def test_they_run_where_they_are_as_in_a_project_of_its_own() -> None:
    # The plugin of the tree, whether or not the package is installed with its own.
    options = ["-p", "no:cacheprovider", "-p", "no:lifecycle", "--co"]
    done = subprocess.run(  # noqa: S603 - runs our own examples
        [sys.executable, "-B", "-m", "pytest", *options, "examples/pytest"],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": python_path(), "PYTEST_PLUGINS": PLUGIN},
        timeout=60,
    )
    assert done.returncode == 0, done.stdout
    assert "configfile: pytest.ini" in done.stdout


def test_the_guide_shows_what_stands_in_the_examples() -> None:
    files = "".join(path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.py")))
    quoted = re.findall(r"^```py\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    assert quoted
    assert [one for one in quoted if one not in files] == []
