"""Attributes that only administrators may set.

Sources: ``Template::check_restricted`` of OpenNebula 7.4.0, and the lists of
its ``oned.conf`` (:mod:`lifecycle.cloud.configuration`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Restricted = dict[str, tuple[str, ...]]
"""Names in the order in which they are looked for; of a vector, those of its parts."""


def first_of(template: Mapping[str, Any], restricted: Restricted) -> str:
    """Give the first restricted attribute (or part of a vector) that a template has, or ""."""
    for name, parts in restricted.items():
        if not parts and _single(template, name) is not None:
            return name
        for vector in _vectors(template, name):
            for part in parts:
                if part in vector:
                    return part
    return ""


def first_changed(
    given: dict[str, Any], base: Mapping[str, Any], restricted: Restricted, *, append: bool
) -> str:
    """Give the first restricted attribute in which a template differs from another, or "".

    A single attribute that is not given is taken over from the base.
    """
    for name, parts in restricted.items():
        if parts:
            mine, theirs = _parts(given, name, parts), _parts(base, name, parts)
            there = bool(_vectors(given, name)) or (not append and bool(_vectors(base, name)))
            if there and mine != theirs:
                return name
            continue
        new, old = _single(given, name), _single(base, name)
        if new is None:
            if old is not None:
                given[name] = [old] if isinstance(base.get(name), list) else old
        elif new != (old or ""):
            return name
    return ""


def _values(template: Mapping[str, Any], name: str) -> list[Any]:
    value = template.get(name, [])
    return value if isinstance(value, list) else [value]


def _single(template: Mapping[str, Any], name: str) -> str | None:
    return next((one for one in _values(template, name) if isinstance(one, str)), None)


def _vectors(template: Mapping[str, Any], name: str) -> list[dict[str, str]]:
    return [one for one in _values(template, name) if isinstance(one, dict)]


def _parts(template: Mapping[str, Any], name: str, parts: tuple[str, ...]) -> list[str]:
    return sorted(
        f"{part}={vector[part]}"
        for vector in _vectors(template, name)
        for part in parts
        if part in vector
    )
