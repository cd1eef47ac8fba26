"""The command ``lifecycle``.

Exit codes, the same for every command: 0 when all is well, 1 when what was
asked for does not hold (a history differs, an expectation is not met), 2 when
the input or the command cannot be used. A mistake in the input is told in one
line on standard error.
"""

from __future__ import annotations

import os
import sys

from lifecycle.refusal import InputError, LifecycleError

OK, DIFFERENT, UNUSABLE = 0, 1, 2


def main() -> None:
    """Run the command line and exit."""
    try:
        from lifecycle.cli.commands import root  # noqa: PLC0415 - needs the extra `cli`
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"click", "rich", "yaml"}:
            raise
        _complain(
            f"the command line needs {error.name};"
            " install it with: pip install 'opennebula-image-lifecycle[cli]'"
        )
        sys.exit(UNUSABLE)
    try:
        root(prog_name="lifecycle")
    except InputError as error:
        _complain(str(error))
        sys.exit(UNUSABLE)
    except LifecycleError as error:
        _complain(str(error))
        sys.exit(UNUSABLE)
    except BrokenPipeError:
        # Whoever read the output has had enough; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        _complain("interrupted")
        sys.exit(130)


def _complain(message: str) -> None:
    line = " ".join(message.split())
    sys.stderr.write(f"lifecycle: {line}\n")
