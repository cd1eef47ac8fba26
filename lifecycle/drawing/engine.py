"""The engine that draws DOT: the system's `dot` where there is one, else the one that pip installs.

In this order: the program that the environment variable ``LIFECYCLE_DOT``
names, the system's ``dot``, and ``graphviz-pure``, which the extra `drawing`
brings. The last is young: nothing reaches it but a DOT text through a pipe, and
nothing comes back but the picture.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from lifecycle.refusal import InputError

ENVIRONMENT = "LIFECYCLE_DOT"
"""The environment variable that names the program to draw with."""

PINNED = "graphviz-pure"
"""The engine whose pictures are the same on every system, and are checked in."""

TIMEOUT = 60.0
"""How many seconds a picture may take."""

FORMATS = ("svg", "png", "pdf", "json")
"""What an engine is asked for."""

_BEGINNINGS = {"png": b"\x89PNG", "pdf": b"%PDF"}
"""What a picture of a format begins with; an SVG is read anyway."""


class NoEngineError(InputError):
    """When there is nothing on this machine that draws."""


class Engine(NamedTuple):
    """A program that understands Graphviz's ``dot`` command line.

    Attributes:
        path: where it is.
        pinned: whether it is the one that pip installed.
    """

    path: str
    pinned: bool = False

    def draw(
        self,
        dot: str,
        format: str,  # noqa: A002 - Graphviz's word
        timeout: float = TIMEOUT,
        *,
        placed: bool = False,
    ) -> bytes:
        """Draw.

        Args:
            dot: the picture as DOT.
            format: one of `FORMATS`.
            timeout: after how many seconds the engine is stopped.
            placed: whether every place is given, and nothing is laid out.

        Raises:
            InputError: the engine cannot be run, hangs, fails, or cannot write that format.
        """
        if format == "pdf" and self.pinned:
            raise InputError(
                f"{PINNED} draws no PDF; install Graphviz (apt-get install graphviz),"
                f" or name its dot in {ENVIRONMENT}"
            )
        done = self._run(dot, ["-Kneato", "-n2"] if placed else ["-Kdot"], format, timeout)
        told = done.stderr.decode("utf-8", "replace")
        mistake = next((line for line in told.splitlines() if "Error" in line), "")
        if done.returncode == 0 and not mistake and done.stdout:
            if not done.stdout.startswith(_BEGINNINGS.get(format, b"")):
                raise InputError(f"what {self.path} wrote is no {format.upper()}")
            return done.stdout
        reason = mistake or next(iter(told.splitlines()), "") or f"exit code {done.returncode}"
        raise InputError(f"{self.path} could not draw {format}: {' '.join(reason.split())[:200]}")

    def _run(
        self,
        dot: str,
        layout: list[str],
        format: str,  # noqa: A002 - the same
        timeout: float,
    ) -> subprocess.CompletedProcess[bytes]:
        command = [self.path, *layout, f"-T{format}"]
        try:
            return subprocess.run(  # noqa: S603 - the user's own program, with fixed arguments
                command,
                input=dot.encode("utf-8", "replace"),
                capture_output=True,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as slow:
            raise InputError(f"{self.path} was stopped after {timeout:g} seconds") from slow
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise InputError(f"{self.path} cannot be run: {why}") from error


def find_engine(*, pinned: bool = False) -> Engine:
    """Give the engine to draw with.

    Args:
        pinned: only the one that pip installs, whatever else there is.

    Raises:
        NoEngineError: there is none.
        InputError: the environment names one that is not there.
    """
    if not pinned:
        named = os.environ.get(ENVIRONMENT)
        if named:
            found = shutil.which(named)
            if found is None:
                raise InputError(f"{ENVIRONMENT} names no program: {named}")
            return Engine(found)
        system = shutil.which("dot")
        if system is not None:
            return Engine(system)
    installed = _installed()
    if installed is None:
        raise NoEngineError(
            "nothing here draws: pip install 'opennebula-image-lifecycle[drawing]',"
            " or apt-get install graphviz"
        )
    return Engine(installed, pinned=True)


@cache
def _installed() -> str | None:
    """Find the program of graphviz-pure: pip puts it where it puts programs."""
    places = [Path(sysconfig.get_path("scripts"))]
    try:
        package = metadata.distribution(PINNED)
    except metadata.PackageNotFoundError:
        return shutil.which(PINNED)
    for file in package.files or ():
        if file.stem == PINNED:
            places.insert(0, Path(str(package.locate_file(file))).resolve().parent)
    # With `pip install --target`, beside the packages.
    places.insert(0, Path(str(package.locate_file("bin"))))
    return shutil.which(PINNED, path=os.pathsep.join(map(str, places))) or shutil.which(PINNED)
