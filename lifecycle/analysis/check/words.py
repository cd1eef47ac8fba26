"""Hidden steps in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.analysis.check.hidden import APP_BOTH, BOTH, OTHER, Step

if TYPE_CHECKING:
    from lifecycle.analysis.check.possible import Leg

_OF_MACHINES = {"acquire", "attach", "release", "release_failed"}
_OF_COPIES = {"clone", "clone_released"}
_OF_APPS = {"export", "export_released"}
_APP = APP_BOTH // BOTH


def told(leg: Leg) -> list[str]:
    """Give the steps of a leg in words: ``acquire by machine 3``, ``cp_success``."""
    return [_told(step, leg.members) for step in leg.steps]


def _told(step: Step, members: dict[int, list[int]]) -> str:
    operation, who, what = step
    if operation in _OF_MACHINES or (operation == "allocate_backup" and who):
        return f"{operation} by {_named('machine', who, who, members)}"
    if operation in _OF_COPIES:
        return f"{operation} for {_named('image', who, -who, members)}"
    if operation in _OF_APPS:
        return f"{operation} for {_named('app', who, who, members)}"
    return f"{operation} {what}" if what else operation


def _named(kind: str, who: int, key: int, members: dict[int, list[int]]) -> str:
    found = members.get(key)
    if found is None or who in {OTHER, _APP * OTHER}:
        return f"another {kind}"
    names = ", ".join(map(str, found))
    return f"{kind} {names}" if len(found) == 1 else f"each of {kind}s {names}"
