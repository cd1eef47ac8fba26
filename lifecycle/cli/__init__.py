"""The command ``lifecycle``.

Exit codes, the same for every command: 0 when all is well, 1 when what was
asked for does not hold (a history differs, an expectation is not met), 2 when
the input or the command cannot be used, 130 when it was interrupted. A mistake
in the input is told in one line on standard error.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from lifecycle.refusal import LifecycleError

OK, DIFFERENT, UNUSABLE, INTERRUPTED = 0, 1, 2, 130

_LONGEST = 2000
"""How many letters a message has at most: it may repeat what was typed."""
_LINE = "the command line", "cli"
_EXTRAS = {"click": _LINE, "rich": _LINE, "yaml": _LINE, "graphviz": ("drawing", "drawing")}
"""What needs a package, and the extra that brings it."""


def main() -> None:
    """Run the command line and exit."""
    # Not every terminal has letters for arrows and ticks.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = _run()
        # There is none where standard output is closed.
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        complain(f"the output cannot be written: {error.strerror or error}")
        # Nothing more is to be tried at the end of the process.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = UNUSABLE
    sys.exit(code)


def _run() -> int:
    try:
        from lifecycle.cli.commands import run  # noqa: PLC0415 - needs the extra `cli`

        return run()
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in _EXTRAS:
            raise
        what, extra = _EXTRAS[package]
        complain(
            f"{what} needs {package};"
            f" install it with: pip install 'opennebula-image-lifecycle[{extra}]'"
        )
    except LifecycleError as error:
        complain(str(error))
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    return UNUSABLE


def complain(message: str) -> None:
    """Tell on standard error, in one line, what is wrong."""
    line = " ".join(message.split()).encode("utf-8", "backslashreplace").decode()
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST // 2]} ... {line[-_LONGEST // 2 :]}"
    sys.stderr.write(f"lifecycle: {line}\n")
