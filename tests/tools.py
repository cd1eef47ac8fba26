"""What a test needs besides Python: absent tools skip it on a desk, and fail it in CI."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent

NPM = Path(__file__).parent / "npm"
_INSTALL = "npm install --prefix tests/npm --no-package-lock --ignore-scripts"


def require(tool: str, *, mend: str) -> str:
    """Give the path of a program; without it the test is skipped, in CI it fails.

    Args:
        tool: the program's name, or its path.
        mend: the command that installs it, for whoever reads why the test did not run.
    """
    return required(shutil.which(tool), tool, mend=mend)


def required(found: str | None, what: str, *, mend: str) -> str:
    """Give what was found; None skips the test on a desk, and fails it in CI."""
    if found is not None:
        return found
    reason = f"needs {what}: {mend}"
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (in CI nothing is skipped for want of a tool)")
    pytest.skip(reason)


def run_node(script: str, given: object) -> Any:  # noqa: ANN401 - what a script tells is JSON
    """Give what a script of ``tests/npm`` tells, in JSON, of what it is given in JSON."""
    node = require("node", mend="apt-get install nodejs npm")
    npm_package("")
    done = subprocess.run(  # noqa: S603 - runs our own script
        [node, str(NPM / script)],
        input=json.dumps(given),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def npm_package(name: str) -> Path:
    """Give the folder of an installed package of ``tests/npm``."""
    place = NPM / "node_modules" / name
    return Path(required(str(place) if place.is_dir() else None, f"npm's {name}", mend=_INSTALL))


def npm_program(name: str) -> str:
    """Give the path of a program that a package of ``tests/npm`` brings."""
    require("node", mend="apt-get install nodejs npm")
    return require(str(NPM / "node_modules" / ".bin" / name), mend=_INSTALL)


def python_path() -> str:
    """Give a PYTHONPATH with the tree first, and with what it names now, for any working folder.

    A relative path, as in the README's command, is one of the folder of the tree.
    """
    now = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return os.pathsep.join([str(ROOT), *(str(ROOT / one) for one in now if one)])
