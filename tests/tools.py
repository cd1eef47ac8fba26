"""What a test needs besides Python: absent tools skip it on a desk, and fail it in CI."""

from __future__ import annotations

import os
import shutil

import pytest


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
