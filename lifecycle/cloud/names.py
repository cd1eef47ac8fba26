"""The rules for names of objects.

Source: ``PoolObjectSQL::name_is_valid`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

_INVALID = frozenset("&|:\\\";/'#{}$<>\t\n\v\f\r")
_MOST_BYTES = 128


def objection_to(name: str) -> str:
    """Say in oned's words why a name cannot be used, or ""."""
    if not name:
        return "Invalid NAME, it cannot be empty"
    for letter in name:
        if letter in _INVALID:
            return f"Invalid NAME, char '{letter}' is not allowed"
    if len(name.encode()) > _MOST_BYTES:
        return f"Invalid NAME, max length is {_MOST_BYTES} chars"
    return ""
