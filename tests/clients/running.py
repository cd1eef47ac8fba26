"""Running a client's program against an endpoint, and reading what it saw."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecycle.testing import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from lifecycle import Cloud

PROGRAMS = Path(__file__).parent / "programs"

PATIENT = Settings(delay=1)
"""Datastores that take a second, which passes when the program moves the clock."""

NO_SPACE = "no space left on device"
FAILS = "Error creating datablock: " + NO_SPACE
"""What the image named ``bad`` says in its attribute ERROR, behind the date."""


def new(name: str) -> str:
    """Give the template of a small image."""
    return f'NAME="{name}" TYPE="DATABLOCK" SIZE="10"'


def let_bad_ones_fail(cloud: Cloud) -> None:
    """Have the datastore fail whatever is called ``bad``."""
    cloud.plan("failure", "MKFS", name="bad", payload=NO_SPACE)


def run(command: list[str | Path], home: Path) -> str:
    """Run a command that ends well, with a home of its own, and give what it prints."""
    environment = os.environ | {
        "HOME": str(home),
        "NO_COLOR": "1",
        "COLUMNS": "200",
        "PYTHONUTF8": "1",
    }
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        command,
        capture_output=True,
        check=False,
        cwd=home,
        encoding="utf-8",
        env=environment,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def seen(python: str, program: str, home: Path, *words: str) -> dict[str, Any]:
    """Run a program and give what it saw: by what it did, the rest of the line."""
    printed = run([python, PROGRAMS / program, *words], home)
    lines = [json.loads(line) for line in printed.splitlines()]
    found = {what: rest for what, *rest in lines}
    assert len(found) == len(lines)
    return found


def once(
    temporary: pytest.TempPathFactory, client: str, walk: Callable[[Path], dict[str, Any]]
) -> dict[str, Any]:
    """Have a client go its walk, once for all processes that run tests, and give what it saw.

    Args:
        temporary: where temporary folders are made.
        client: its name.
        walk: goes the walk, in a home that it is given.
    """
    shared = temporary.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    kept = shared / f"{client}.json"
    with (shared / f"{client}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_text(json.dumps(walk(temporary.mktemp(client))), "utf-8")
    found: dict[str, Any] = json.loads(kept.read_text("utf-8"))
    return found
