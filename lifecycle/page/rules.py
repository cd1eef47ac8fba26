"""The rules by which the page is played, as data: what the simulator did, and nothing else.

The file is made by :mod:`lifecycle.page.encoding` from what
:mod:`lifecycle.page.learned` tried: ``python -m tests.page.agreement --write``.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

FILE = "rules.json"


def rules() -> dict[str, Any]:
    """Give the rules, in the form that ``scripts/rules.js`` reads."""
    text = (resources.files("lifecycle.page") / FILE).read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
