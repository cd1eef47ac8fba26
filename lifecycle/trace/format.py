"""The trace format: a header line, then one line a step, as JSON.

A file may hold several histories, each beginning with its header, and may be
compressed (``.jsonl.xz``, ``.jsonl.gz``).
"""

from __future__ import annotations

import gzip
import json
import lzma
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from lifecycle.cloud.drivers import ROLES
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = "lifecycle-trace/1"
FREE_LEVEL = 5
"""The level of the histories that are told apart by their subjects; machines take part in them."""
SUFFIXES = (".jsonl", ".jsonl.xz", ".jsonl.gz")

_MOST_BYTES_A_LINE = 16 * 1024 * 1024
_KINDS = {"call", "driver", "rule"}
_FIELDS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "call": {"method": str, "params": list, "reply": list},
    "driver": {"action": str, "id": int, "ok": bool, "payload": str},
    "rule": {"role": str, "action": str, "mode": str},
}
_OPTIONAL: dict[str, tuple[type, ...]] = {
    "as": (str, type(None)),
    "payload": (str, type(None)),
    "role": (str, type(None)),
    "then": (dict, type(None)),
    "unsolicited": (bool, type(None)),
}
_WORDS = {str: "a text", dict: "an object", bool: "true or false", type(None): "null"}

EXTRAS = ("apps", "backup", "owner", "saveas", "templates")
"""What a history may show besides what every one shows."""
OBJECTS = ("images", "apps", "templates", "vms")
"""What a step shows of objects: their fields by their ids."""
HAPPENINGS = ("asked", "hooks")
"""What a step shows of requests and hooks: lists whose order does not count."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a history: its line in the file, and what stands there."""

    line: int
    data: dict[str, Any]

    @property
    def kind(self) -> str:
        """``call``, ``driver`` or ``rule``."""
        return str(self.data["do"])


@dataclass(slots=True)
class History:
    """One history of a fresh cloud.

    Attributes:
        file: where it stands.
        header: its first line.
        steps: the others.
    """

    file: str
    header: dict[str, Any]
    steps: list[Step] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name in the header, or the file's."""
        return str(self.header.get("name", self.file))

    @property
    def level(self) -> int:
        """The level in the header, 0 when there is none."""
        level = self.header.get("level", 0)
        return level if isinstance(level, int) else 0

    @property
    def subject(self) -> str:
        """What it is about: ``level 3``, or the folder's or file's name at level 5."""
        if self.level != FREE_LEVEL:
            return f"level {self.level}" if self.level else Path(self.file).parent.name
        path = Path(self.file)
        packed = not path.name.endswith(".jsonl")
        return f"level 5 {path.name.partition('.')[0] if packed else path.parent.name}"


def find(paths: list[str]) -> list[Path]:
    """Give the trace files among some files and below some folders, in order.

    Raises:
        InputError: a path does not exist, or there is no trace file at all.
    """
    found: list[Path] = []
    for name in paths:
        path = Path(name)
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.name.endswith(SUFFIXES))
            if not inside:
                raise InputError(
                    "no trace files (*.jsonl, *.jsonl.xz, *.jsonl.gz) below it", file=name
                )
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise InputError("there is no such file or folder", file=name)
    return found


def read(path: Path) -> Iterator[History]:
    """Read the histories of a file.

    Raises:
        InputError: the file cannot be read, or a line is not what it must be.
    """
    history: History | None = None
    file = str(path)
    try:
        with _open(path) as lines:
            for number, line in enumerate(_lines(lines, file), 1):
                value = _parse(line, file, number)
                if "format" in value:
                    if history is not None:
                        yield history
                    history = History(file, _header(value, file, number))
                elif history is None:
                    raise InputError(
                        f'the first line must be a header with "format": "{FORMAT}"',
                        file=file,
                        line=number,
                    )
                else:
                    history.steps.append(Step(number, _step(value, file, number)))
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {_why(error)}", file=file) from error
    if history is None:
        raise InputError("the file is empty; a trace begins with a header line", file=file)
    yield history


def _open(path: Path) -> IO[str]:
    if path.name.endswith(".xz"):
        return lzma.open(path, "rt", encoding="utf-8-sig")
    if path.name.endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def _lines(lines: IO[str], file: str) -> Iterator[str]:
    number = 0
    while line := lines.readline(_MOST_BYTES_A_LINE):
        number += 1
        if len(line) >= _MOST_BYTES_A_LINE:
            raise InputError("the line is longer than 16 MiB", file=file, line=number)
        yield line


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or str(error) or type(error).__name__)


def _parse(line: str, file: str, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        what = f"not JSON ({error.msg})" + ("; is the file cut off?" if line.strip() else "")
        raise InputError(what, file=file, line=number) from error
    except RecursionError as error:
        raise InputError("nested too deeply", file=file, line=number) from error
    except ValueError as error:  # a number of thousands of digits
        raise InputError(f"not JSON ({error})", file=file, line=number) from error
    if not isinstance(value, dict):
        raise InputError("a line must be a JSON object", file=file, line=number)
    return value


def _header(value: dict[str, Any], file: str, number: int) -> dict[str, Any]:
    if value["format"] != FORMAT:
        raise InputError(f'must be "{FORMAT}"', file=file, line=number, field="format")
    for name, kind in (("name", str), ("level", int), ("extra", list), ("group", str)):
        if name in value and type(value[name]) is not kind:
            raise InputError(f"must be {kind.__name__}", file=file, line=number, field=name)
    for one in value.get("extra", []):
        if one not in EXTRAS:
            raise InputError(
                f"{one!r} is none of {', '.join(EXTRAS)}", file=file, line=number, field="extra"
            )
    host = value.get("host")
    if host is not None and type(host) is not int:
        raise InputError("must be a host's id or null", file=file, line=number, field="host")
    return value


def _step(value: dict[str, Any], file: str, number: int) -> dict[str, Any]:
    kind = value.get("do")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise InputError("must be call, driver or rule", file=file, line=number, field="do")
    for name, wanted in _FIELDS[kind].items():
        if name not in value:
            raise InputError("is missing", file=file, line=number, field=name)
        if not isinstance(value[name], wanted) or (wanted is int and isinstance(value[name], bool)):
            word = wanted.__name__ if isinstance(wanted, type) else "a value"
            raise InputError(f"must be {word}", file=file, line=number, field=name)
    if kind == "call" and len(value["reply"]) < len(("ok", "value", "code")):
        raise InputError("must be [ok, value, code]", file=file, line=number, field="reply")
    for name, allowed in _OPTIONAL.items():
        if not isinstance(value.get(name), allowed):
            words = " or ".join(_WORDS[one] for one in allowed)
            raise InputError(f"must be {words}", file=file, line=number, field=name)
    role = value.get("role")
    if role is not None and role not in ROLES:
        raise InputError(
            f"{role!r} is none of {', '.join(ROLES)}", file=file, line=number, field="role"
        )
    _check_then(value.get("then") or {}, file, number)
    return value


def _check_then(then: dict[str, Any], file: str, number: int) -> None:
    """Refuse a record of what followed that cannot be compared."""
    for part in OBJECTS:
        views = then.get(part, {})
        if not isinstance(views, dict):
            raise InputError("must be an object", file=file, line=number, field=f"then.{part}")
        for key, view in views.items():
            if not isinstance(view, dict | None):
                raise InputError(
                    "must be an object or null", file=file, line=number, field=f"then.{part}.{key}"
                )
    for part in HAPPENINGS:
        rows = then.get(part, [])
        if not isinstance(rows, list) or not all(_is_flat(row) for row in rows):
            raise InputError(
                "must be a list of lists of plain values",
                file=file,
                line=number,
                field=f"then.{part}",
            )


def _is_flat(row: Any) -> bool:
    return isinstance(row, list) and not any(isinstance(one, list | dict) for one in row)
