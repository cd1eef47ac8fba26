"""Writing files: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHOWN = 40
"""How much of a file's name its temporary name begins with; the whole may be too long for more."""


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
        target = Path(path)
        if target.is_dir():
            raise InputError("cannot be written: it is a folder", file=str(path))
        if target.exists() and not target.is_file():
            # Not resolved: what /dev/stdout leads to may be a pipe, which has no name.
            target.write_bytes(content)
        else:
            _replace(target.resolve(), content)
    except (OSError, ValueError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be written: {why}", file=str(path)) from error


def write_files(folder: str | Path, files: Mapping[str, str]) -> None:
    """Write texts as UTF-8 to files in a folder, which is made if it is not there: all or none.

    Every file is first written to a temporary name beside it. Only when all are
    there are they renamed, so that a full disk leaves what was there before.

    Raises:
        InputError: they cannot be written.
    """
    if not str(folder):
        raise InputError("the name of the folder to write into is empty")
    place = Path(folder)
    made = [one for one in (place, *place.parents) if not _there(one)]
    staged: dict[Path, Path] = {}
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            target = (place / name).resolve()
            staged[_staged(target, text.encode("utf-8", "backslashreplace"))] = target
        for beside, target in staged.items():
            beside.replace(target)
    except BaseException as error:
        for beside in staged:
            beside.unlink(missing_ok=True)
        for one in made:
            with suppress(OSError):
                one.rmdir()
        if isinstance(error, OSError | ValueError | RuntimeError):
            why = getattr(error, "strerror", None) or str(error)
            raise InputError(f"cannot be written: {why}", file=str(folder)) from error
        raise


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return True


def _replace(target: Path, content: bytes) -> None:
    beside = _staged(target, content)
    try:
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _staged(target: Path, content: bytes) -> Path:
    """Write to a temporary name beside a file, with the mode that the file has or will have."""
    if target.is_dir():
        raise IsADirectoryError(f"{target.name} is a folder")
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:_SHOWN]}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        beside.chmod(mode)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
