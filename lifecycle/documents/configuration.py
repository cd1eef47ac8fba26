"""The document of oned's configuration.

Its contents are facts, and stand in ``configuration.json``: what a running
OpenNebula 7.4.0 answered, but for its key and its port.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from lifecycle.documents import markup

if TYPE_CHECKING:
    from lifecycle.cloud.calls.system_calls import Configuration
    from lifecycle.cloud.cloud import Cloud

_HIDDEN = {"DB": ("BACKEND", "HOST", "PASSWD", "PORT", "SERVER", "USER")}
"""What only administrators see of the configuration."""


@lru_cache(maxsize=1)
def _contents() -> dict[str, Any]:
    text = files("lifecycle.documents").joinpath("configuration.json").read_text("utf-8")
    contents: dict[str, Any] = json.loads(text)
    return contents


def configuration_document(cloud: Cloud, configuration: Configuration) -> str:
    """Give OPENNEBULA_CONFIGURATION; to whom it is not all shown, ``***`` for the rest."""
    values = _contents() | {"DATASTORE_CAPACITY_CHECK": "yes" if cloud.capacity_check else "no"}
    if configuration.hidden:
        values = {name: _hidden(name, value) for name, value in values.items()}
    return markup.template(values, "OPENNEBULA_CONFIGURATION")


def _hidden(name: str, value: Any) -> Any:
    parts = _HIDDEN.get(name, ())
    if not parts or not isinstance(value, dict):
        return value
    return {part: "***" if part in parts else one for part, one in value.items()}
