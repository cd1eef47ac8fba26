"""What happened in a cloud, in lines for people: the journal, and how things stand now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud.clock import Clock

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.journal import Entry

__all__ = ["told"]

_WIDEST = 160
_REST = " …"


def told(cloud: Cloud, last: int | None = None) -> str:
    """Tell what happened in a cloud, oldest first, then what is still open, and every image.

    A call stands behind what it brought about at once, as it is answered last.

    Args:
        cloud: the cloud.
        last: only so many entries of the journal, the newest; None for all.

    Returns:
        lines without a newline at the end; times are those of the cloud's clock.
    """
    # A hook fires where a state changes, and the move tells that already.
    entries = [entry for entry in cloud.journal if entry.kind != "hook"]
    shown = entries if last is None else entries[max(len(entries) - last, 0) :]
    lines = []
    if len(shown) < len(entries):
        lines.append(f"({len(entries) - len(shown)} earlier entries are left out)")
    lines += [_line(entry) for entry in shown] or ["Nothing happened."]
    lines += [
        f"open     {one.role} {one.action} of {_place(one.role, one.id)} since {_time(one.time)}"
        for one in cloud.drivers.open
    ]
    lines += [
        f"now      image {one.id} {one.name!r} is {one.state.name}"
        for one in sorted(cloud.images, key=lambda image: image.id)
    ]
    return "\n".join(_cut(line) for line in lines)


def _line(entry: Entry) -> str:
    words = _WORDS.get(entry.kind, _plain)
    return f"{_time(entry.time)} {words(entry, entry.detail)}"


def _time(seconds: float) -> str:
    return Clock(seconds).date("%H:%M:%S")


def _cut(line: str) -> str:
    line = line.replace("\n", "\\n")
    return line if len(line) <= _WIDEST else line[: _WIDEST - len(_REST)] + _REST


def _place(role: str, number: int) -> str:
    return f"{ {'ds': 'image', 'market': 'app'}.get(role, 'vm') } {number}"


def _call(entry: Entry, detail: dict[str, Any]) -> str:
    given = ", ".join(repr(one) for one in detail["params"])
    answer = detail["value"]
    if not detail["ok"]:
        answer = f"refused, 0x{detail['code']:04x} {answer}"
    return f"{entry.what}({given}) by user {detail['user']}: {answer}"


def _move(entry: Entry, detail: dict[str, Any]) -> str:
    states = detail["to"]
    if detail["from"] != detail["to"]:
        states = f"{detail['from']} → {detail['to']}"
    return f"  {entry.object} {states} ({entry.what})"


def _asked(entry: Entry, detail: dict[str, Any]) -> str:
    return f"  {detail['role']} is asked: {entry.what} of {entry.object}"


def _answer(entry: Entry, detail: dict[str, Any]) -> str:
    outcome = "success" if detail["ok"] else "failure"
    words = f", {detail['payload']!r}" if detail["payload"] else ""
    return f"  {detail['role']} answers: {entry.what} of {entry.object}, {outcome}{words}"


def _ignored(entry: Entry, detail: dict[str, Any]) -> str:
    return f"  {entry.object}: {entry.what} is ignored, {detail['text']}"


def _gone(entry: Entry, detail: dict[str, Any]) -> str:
    del detail
    return f"  {entry.object} is gone"


def _plain(entry: Entry, detail: dict[str, Any]) -> str:
    words = "".join(f" {name}={value!r}" for name, value in detail.items())
    return f"{entry.kind} {entry.object} {entry.what}{words}".replace("  ", " ")


_WORDS = {
    "call": _call,
    "move": _move,
    "asked": _asked,
    "answer": _answer,
    "ignored": _ignored,
    "gone": _gone,
}
