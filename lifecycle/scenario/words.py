"""The small languages inside a scenario: times, what drivers can do, and who is meant.

Everything here raises `ValueError` with a problem in one line; whoever knows
the place makes an `InputError` of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecycle.cloud.drivers import Role
    from lifecycle.scenario.steps import Driver, Mode

ROLES: Mapping[Driver, Role] = {
    "datastore": "ds",
    "transfer": "tm",
    "hypervisor": "vmm",
    "market": "market",
}
"""The role that the cloud knows each driver by."""

DRIVERS: dict[str, Driver] = {role: driver for driver, role in ROLES.items()}
"""The driver of each role."""

ACTIONS: Mapping[Driver, tuple[str, ...]] = {
    "datastore": (
        "CP",
        "MKFS",
        "CLONE",
        "RM",
        "SNAP_DELETE",
        "SNAP_REVERT",
        "SNAP_FLATTEN",
        "INCREMENT_FLATTEN",
    ),
    "transfer": (
        "SAVEAS",
        "TRANSFER.prolog",
        "TRANSFER.epilog",
        "TRANSFER.stop",
        "TRANSFER.resume",
        "TRANSFER.delete",
        "TRANSFER.prolog_attach",
        "TRANSFER.epilog_detach",
        "TRANSFER.disk_snapshot",
    ),
    "hypervisor": (
        "DEPLOY",
        "RESTORE",
        "SAVE",
        "SHUTDOWN",
        "CANCEL",
        "REBOOT",
        "RESET",
        "CLEANUP",
        "ATTACHDISK",
        "DETACHDISK",
        "DISKSNAPSHOTCREATE",
        "BACKUP",
    ),
    "market": ("IMPORT", "DELETE"),
}
"""What each driver is asked to do."""

DRIVER_OF: dict[str, Driver] = {
    action: driver for driver, actions in ACTIONS.items() for action in actions
}
"""The driver that has each action."""

KIND_OF: Mapping[Driver, str] = {
    "datastore": "image",
    "transfer": "machine",
    "hypervisor": "machine",
    "market": "app",
}
"""What kind of thing each driver is asked about."""

_WORD = re.compile(r'"([^"]*)"|(\S+)')
_DURATION = re.compile(
    r"([0-9]{1,10}) ?(?:(s|seconds?)|(min|minutes?)|(h|hours?)|(d|days?))?", re.ASCII
)
_UNITS = (1, 60, 3600, 86_400)
LONGEST = 36_500 * 86_400
"""A hundred years, in seconds: no scenario lasts longer."""


_MOST_SHOWN = 60
_CUT = "…"


def shortened(text: str, most: int = _MOST_SHOWN) -> str:
    """Give a text for a message: in one line, and without its middle where it is long."""
    line = " ".join(text.split()) if "\n" in text else text
    if len(line) <= most:
        return line
    half = (most - len(_CUT)) // 2
    return line[: most - len(_CUT) - half] + _CUT + line[-half:]


def quoted(text: str) -> str:
    """Give a text in quotes for a message, without its middle where it is long."""
    return repr(shortened(text))


def suggestion(word: str, known: Iterable[str]) -> str:
    """Give the end of a message: what may have been meant, or all that there is."""
    names = list(known)
    close = get_close_matches(word, names, 1)
    if close:
        return f"; did you mean {shortened(close[0])}?"
    return f"; there is: {', '.join(map(shortened, names))}" if names else ""


def seconds_of(text: str) -> int:
    """Read a time: ``10 s``, ``5 min``, ``2 h``, ``1 d``, or just seconds.

    Raises:
        ValueError: it is none, or longer than a hundred years.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{quoted(text)} is no time; write 10 s, 5 min, 2 h or 1 d")
    unit = next((place for place in range(4) if found[place + 2]), 0)
    seconds = int(found[1]) * _UNITS[unit]
    if seconds > LONGEST:
        raise ValueError("is longer than a hundred years")
    return seconds


def time_text(seconds: int) -> str:
    """Write seconds as ``0:00:10``, with days in front where there are any."""
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days}d {clock}" if days else clock


def span_text(seconds: int) -> str:
    """Write a span of time in its largest whole unit: ``90 s``, ``5 min``."""
    for unit, word in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds and seconds % unit == 0:
            return f"{seconds // unit} {word}"
    return f"{seconds} s"


def action_of(word: str, driver: Driver | None) -> tuple[str, Driver]:
    """Give an action in its exact form, and the driver that has it.

    Raises:
        ValueError: no driver, or not this one, has it.
    """
    known = DRIVER_OF if driver is None else ACTIONS[driver]
    exact = {name.upper(): name for name in known}.get(word.upper())
    if exact is None:
        who = "no driver has" if driver is None else f"the {driver} driver does not have"
        raise ValueError(f"{who} the action {quoted(word)}{suggestion(word, known)}")
    return exact, DRIVER_OF[exact]


@dataclass(frozen=True, slots=True)
class Said:
    """What stands behind ``datastore:`` and its like."""

    mode: Mode
    action: str
    thing: str = ""
    words: str | None = None
    unasked: bool = False
    always: bool = False


_MODES: dict[str, Mode] = {"complete": "success", "fail": "failure", "hold": "hold"}
_FORM = "write complete or fail, the action and the name: complete CP debian"


def said(text: str, driver: Driver) -> Said:
    """Read what a driver does: ``[unasked] complete|fail ACTION NAME [words]``.

    Or, for all requests to come: ``always complete|fail|hold ACTION [words]``,
    which ``as usual ACTION`` takes back.

    Raises:
        ValueError: it is neither.
    """
    words, rest = _first(text, 2)
    if words[:2] == ["as", "usual"]:
        (word, *_), rest = _first(rest, 1, "which action? as usual DEPLOY")
        return Said("default", _only(action_of(word, driver)[0], rest), always=True)
    always, unasked = words[:1] == ["always"], words[:1] == ["unasked"]
    if always or unasked:
        _, text = _first(text, 1)
    wanted = 2 if always else 3
    words, rest = _first(text, wanted, _FORM)
    allowed = [*_MODES] if always else ["complete", "fail"]
    if words[0] not in allowed:
        raise ValueError(f"{quoted(words[0])}: {_FORM}")
    action = action_of(words[1], driver)[0]
    thing = "" if always else words[2]
    return Said(_MODES[words[0]], action, thing, _unquoted(rest), unasked, always)


def request_of(text: str) -> tuple[str, str]:
    """Read a request: an action and a name, as ``CP debian``.

    Raises:
        ValueError: it is none.
    """
    words, rest = _first(text, 2, "a request is an action and a name: CP debian")
    return _only(action_of(words[0], None)[0], rest), words[1]


def _first(text: str, count: int, form: str = "") -> tuple[list[str], str]:
    """Give the first words of a text, and the rest; fewer only where no form is asked for."""
    words: list[str] = []
    rest = text.strip()
    while len(words) < count and (found := _WORD.match(rest)) is not None:
        words.append(found[2] or found[1])
        rest = rest[found.end() :].strip()
    if form and len(words) < count:
        raise ValueError(form)
    return words, rest


def _unquoted(rest: str) -> str | None:
    if not rest:
        return None
    found = _WORD.fullmatch(rest)
    return rest if found is None or found[1] is None else found[1]


def _only(value: str, rest: str) -> str:
    if rest:
        raise ValueError(f"{quoted(rest)} is too much")
    return value
