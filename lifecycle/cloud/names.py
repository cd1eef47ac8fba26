"""The rules for names of objects.

Source: ``PoolObjectSQL::name_is_valid`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

_INVALID = frozenset("&|:\\\";/'#{}$<>\t\n\v\f\r")
_MOST_BYTES = 128


_INVALID_PASSWORD = frozenset(" \t\n\v\f\r")
_MOST_OF_PASSWORD = {
    "core": 256,
    "ldap": 256,
    "saml": 12 * 1024,
    "server_cipher": 4096,
    "server_x509": 64 * 1024,
    "ssh": 16 * 1024,
    "sunstone": 256,
    "x509": 64 * 1024,
}


def objection_to_password(password: str, driver: str = "core") -> str:
    """Say in oned's words why a password cannot be used, or ""."""
    if not password:
        return "Invalid password, it cannot be empty"
    most = _MOST_OF_PASSWORD.get(driver)
    if most is not None and len(password.encode("utf-8", "surrogatepass")) > most:
        return (
            "Password is longer than max allowed length. Max allowed length for the driver"
            f" {driver} : {most} bytes"
        )
    for letter in password:
        if letter in _INVALID_PASSWORD:
            return f"Invalid password, character '{letter}' is not allowed"
    return ""


def objection_to(name: str, more: str = "") -> str:
    """Say in oned's words why a name cannot be used, or ""; `more` are letters not allowed."""
    if not name:
        return "Invalid NAME, it cannot be empty"
    for letter in name:
        if letter in _INVALID or letter in more:
            return f"Invalid NAME, char '{letter}' is not allowed"
    if len(name.encode("utf-8", "surrogatepass")) > _MOST_BYTES:
        return f"Invalid NAME, max length is {_MOST_BYTES} chars"
    return ""
