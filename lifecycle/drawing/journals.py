"""Reads the entries of a journal that was written as JSON."""

from __future__ import annotations

from typing import Any, get_args

from lifecycle.cloud.journal import Entry, Kind
from lifecycle.cloud.vm_states import VmState
from lifecycle.refusal import InputError
from lifecycle.states import GONE, ImageState

_KINDS = get_args(Kind)
_FIELDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "number": (int, "a number"),
    "time": ((int, float), "seconds since the epoch"),
    "kind": (str, "a text"),
    "object": (str, "a text"),
    "what": (str, "a text"),
    "detail": (dict, "an object"),
}
_STATES = {"image": {*ImageState.__members__, GONE.name}, "vm": set(VmState.__members__)}
_LATEST = 1e12
"""Seconds; what is no time of any year that has four digits."""


def read_entries(value: Any, *, file: str = "", place: str = "") -> list[Entry]:
    """Give the entries of a journal.

    Args:
        value: what `Journal.to_json` gives.
        file: where it was read, for messages.
        place: where it stands there, for messages.

    Raises:
        InputError: it is no journal; with the entry and its field.
    """
    if not isinstance(value, list):
        raise InputError("must be a list of a journal's entries", file=file, field=place)
    return [_entry(one, file, f"{place}[{number}]") for number, one in enumerate(value)]


def _entry(value: Any, file: str, here: str) -> Entry:
    if not isinstance(value, dict):
        raise InputError("must be an object", file=file, field=here)
    for name, (kinds, word) in _FIELDS.items():
        found = value.get(name)
        if not isinstance(found, kinds) or isinstance(found, bool):
            raise InputError(f"must be {word}", file=file, field=f"{here}.{name}")
    if value["kind"] not in _KINDS:
        raise InputError(f"is none of {', '.join(_KINDS)}", file=file, field=f"{here}.kind")
    if not abs(value["time"]) < _LATEST:
        raise InputError("is no time", file=file, field=f"{here}.time")
    _check_detail(value, file, f"{here}.detail")
    return Entry(**{name: value[name] for name in _FIELDS})


def _check_detail(value: dict[str, Any], file: str, here: str) -> None:
    detail = value["detail"]
    if value["kind"] == "call" and not isinstance(detail.get("params", []), list):
        raise InputError("must be a list", file=file, field=f"{here}.params")
    if value["kind"] != "move":
        return
    for name in ("from", "to", "row"):
        if not isinstance(detail.get(name), str):
            raise InputError("must be a text", file=file, field=f"{here}.{name}")
    states = _STATES.get(value["object"].partition(" ")[0])
    for name in ("from", "to"):
        if states is not None and detail[name] not in states:
            raise InputError("is no state", file=file, field=f"{here}.{name}")
