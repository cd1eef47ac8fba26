"""The command ``lifecycle``.

Exit codes, the same for every command: 0 when all is well, 1 when what was
asked for does not hold (a history differs, an expectation is not met), 2 when
the input or the command cannot be used, 130 when it was interrupted. A mistake
in the input is told in one line on standard error.
"""

from __future__ import annotations

import sys

from lifecycle.refusal import LifecycleError

OK, DIFFERENT, UNUSABLE, INTERRUPTED = 0, 1, 2, 130

_EXTRA = {"click", "rich", "yaml"}


def main() -> None:
    """Run the command line and exit."""
    try:
        from lifecycle.cli.commands import run  # noqa: PLC0415 - needs the extra `cli`

        run()
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in _EXTRA:
            raise
        _complain(
            f"the command line needs {package};"
            " install it with: pip install 'opennebula-image-lifecycle[cli]'"
        )
        sys.exit(UNUSABLE)
    except LifecycleError as error:
        _complain(str(error))
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        _complain("interrupted")
        sys.exit(INTERRUPTED)


def _complain(message: str) -> None:
    line = " ".join(message.split())
    sys.stderr.write(f"lifecycle: {line}\n")
