"""Puts the page together: structure, style, scripts, and what the simulator told, in one file."""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from importlib import resources
from typing import Any

from lifecycle.page.colours import colours
from lifecycle.page.diagram import diagram
from lifecycle.page.explanations import explanations
from lifecycle.page.linking import linked, modules
from lifecycle.page.rules import rules
from lifecycle.page.texts import texts

_MAIN = "main"


def document(*, live: bool = False) -> str:
    """Give the page as HTML: one file, with nothing to fetch.

    Args:
        live: whether it shows the cloud of the endpoint that serves it, instead
            of one of its own.
    """
    style, script = _sources()
    told = texts()
    return _filled(
        _asset("page.html"),
        {
            "policy": policy(style, script, live=live),
            "title": escape(told["title"]),
            "noscript": escape(told["noscript"]),
            "style": style,
            "diagram": diagram(told["play.diagram"]),
            "data": _embedded(_data(live=live)),
            "script": script,
        },
    )


def policy(style: str, script: str, *, live: bool) -> str:
    """Give the content security policy of a page: what stands in it, and nothing else."""
    rules = (
        "default-src 'none'",
        f"script-src {_hash(script)}",
        f"style-src {_hash(style)}",
        "img-src data:",
        "connect-src 'self'" if live else "connect-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(rules)


def policy_of(*, live: bool = False) -> str:
    """Give the content security policy of `document`, for whoever serves it."""
    return policy(*_sources(), live=live)


def _sources() -> tuple[str, str]:
    """Give the style and the script."""
    return colours() + _asset("page.css"), linked(_MAIN, modules())


def _data(*, live: bool) -> dict[str, Any]:
    """Give all that the scripts know of the lifecycle, of texts and of this page."""
    told: dict[str, Any] = {"live": live, "texts": texts(), **explanations()}
    return told if live else told | {"rules": rules()}


def _asset(name: str) -> str:
    return (resources.files("lifecycle.page") / name).read_text("utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _embedded(value: object) -> str:
    """Give a value as JSON that can stand in a script element, whatever is in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _filled(template: str, parts: dict[str, str]) -> str:
    """Fill in the places of a template, each once; what is filled in is not looked at again."""
    pieces = template.split("{{")
    found = [pieces[0]]
    for piece in pieces[1:]:
        name, _, rest = piece.partition("}}")
        found += [parts[name.strip()], rest]
    return "".join(found)
