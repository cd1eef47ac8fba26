"""The examples for users of real clients: they run as they stand, where their clients are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.clients.environments import ROOT, program
from tests.tools import python_path

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = ROOT / "examples"


def environment(path: str) -> dict[str, str]:
    """Give an environment with a PYTHONPATH, in which no plugin of pytest's is found by itself."""
    return os.environ | {
        "PYTHONPATH": path,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "NO_COLOR": "1",
    }


def pytest_in(folder: str, python: str, home: Path) -> str:
    """Run the tests of a folder of examples as their reader does, and give what is printed."""
    plugin = ["-p", "lifecycle.testing.plugin", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [python, "-B", "-W", "error", "-m", "pytest", "-q", *plugin, f"examples/{folder}"],
        capture_output=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
        env=environment(str(ROOT)) | {"HOME": str(home)},
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_script_with_pyone_is_tested(tmp_path: Path) -> None:
    assert "7 passed" in pytest_in("pyone", program("pyone"), tmp_path)


def test_the_role_of_ansible_is_tested(tmp_path: Path) -> None:
    assert "4 passed" in pytest_in("ansible", program("ansible"), tmp_path)


SESSION = """
import json, os
from urllib.request import Request, urlopen
from lifecycle.testing import ClientRefused, XmlRpcClient

# What lifecycle_test.go does, with what is there without Go.
request = Request(
    os.environ["LIFECYCLE_CONTROL"] + "/plans",
    data=b'{"outcome": "failure", "action": "MKFS", "name": "bad", "payload": "no space left"}',
    headers={
        "Authorization": "Bearer " + os.environ["LIFECYCLE_TOKEN"],
        "Content-Type": "application/json",
    },
)
urlopen(request).close()
session = open(os.environ["ONE_AUTH"]).read().strip()
with XmlRpcClient(os.environ["OPENNEBULA_ENDPOINT"], session) as client:
    made = client.allocate('NAME="bad"\\nTYPE="DATABLOCK"\\nSIZE="1"', 1)
    print(json.dumps([client.info(made).state, os.environ["OPENNEBULA_USERNAME"]]))
raise SystemExit(3)
"""


def test_a_command_of_any_language_finds_the_cloud_and_its_failure_is_told() -> None:
    command = [sys.executable, "with_opennebula.py", sys.executable, "-c", SESSION]
    done = subprocess.run(
        command,
        capture_output=True,
        check=False,
        cwd=EXAMPLES / "go",
        encoding="utf-8",
        env=environment(python_path()),
        timeout=60,
    )
    assert json.loads(done.stdout) == [5, "oneadmin"], done.stderr
    assert done.returncode == 3
    assert "now      image 0 'bad' is ERROR" in done.stderr


def test_a_command_that_is_not_there_is_told_in_a_line() -> None:
    done = subprocess.run(
        [sys.executable, "with_opennebula.py", "no-such-program"],
        capture_output=True,
        check=False,
        cwd=EXAMPLES / "go",
        encoding="utf-8",
        env=environment(python_path()),
        timeout=60,
    )
    assert done.stderr == "no-such-program cannot be run: No such file or directory\n"
    assert done.returncode == 127


def test_the_go_test_says_to_the_control_path_what_the_session_here_says() -> None:
    text = (EXAMPLES / "go" / "lifecycle_test.go").read_text("utf-8")
    body = SESSION.partition("data=b'")[2].partition("'")[0]
    assert f"`{body}`" in text
