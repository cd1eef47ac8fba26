"""Reads the entries of a journal that was written as JSON."""

from __future__ import annotations

from typing import Any, get_args

from lifecycle.cloud.journal import Entry, Kind
from lifecycle.refusal import InputError

_KINDS = get_args(Kind)
_FIELDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "number": (int, "a number"),
    "time": ((int, float), "seconds since the epoch"),
    "kind": (str, "a text"),
    "object": (str, "a text"),
    "what": (str, "a text"),
    "detail": (dict, "an object"),
}
_MOVE = ("from", "to", "row")


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
    if value["kind"] == "move":
        for name in _MOVE:
            if not isinstance(value["detail"].get(name), str):
                raise InputError("must be a text", file=file, field=f"{here}.detail.{name}")
    return Entry(**{name: value[name] for name in _FIELDS})
