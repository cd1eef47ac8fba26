"""Writing files: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from lifecycle.refusal import InputError


def write_file(path: str | Path, text: str) -> None:
    """Write a text as UTF-8 to a file: to a temporary name beside it, which is then renamed.

    A link is followed, and a file keeps its mode. What is neither a file nor a
    folder, such as a pipe or a terminal, is written to directly. Half of a
    surrogate pair, which UTF-8 has no bytes for, is written escaped, as in JSON.

    Raises:
        InputError: it cannot be written; what was there before is still there.
    """
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write bytes to a file, as :func:`write_file` writes a text.

    Raises:
        InputError: it cannot be written; what was there before is still there.
    """
    if not str(path):
        raise InputError("the name of the file to write is empty")
    try:
        target = Path(path).resolve()
        if target.is_dir():
            raise InputError("cannot be written: it is a folder", file=str(path))
        if target.exists() and not target.is_file():
            target.write_bytes(content)
        else:
            _replace(target, content)
    except (OSError, ValueError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be written: {why}", file=str(path)) from error


def _replace(target: Path, content: bytes) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        beside.chmod(mode)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
