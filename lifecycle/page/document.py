"""Puts the page together: structure, style, scripts, and what the simulator told, in one file."""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any

from lifecycle.page.colours import colours
from lifecycle.page.diagram import diagram
from lifecycle.page.explanations import explanations
from lifecycle.page.linking import linked, modules
from lifecycle.page.rules import rules
from lifecycle.page.said import said
from lifecycle.page.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.scenario.steps import Scenario

_MAIN = "main"


def document(
    *,
    live: bool = False,
    own: Iterable[Scenario] = (),
    count: int | None = None,
    seed: int = 0,
    wording: Wording | None = None,
) -> str:
    """Give the page as HTML: one file, with nothing to fetch.

    Args:
        live: whether it shows the cloud of the endpoint that serves it, instead
            of one of its own; it asks that for lessons and quiz when they are wanted.
        own: scenarios that are lessons, behind those that come with the package.
        count: how many questions the quiz has; None for as many as are usual.
        seed: of the questions.
        wording: its language; None for English. It knows afterwards what the page says.

    Raises:
        InputError: a name in a scenario means nothing, or the quiz cannot have so many questions.
    """
    style, script = _sources()
    words = Wording() if wording is None else wording
    told = words.texts
    data = {"language": words.language, "texts": told, **explanations()}
    data |= {"live": True} if live else _played(own, count, seed)
    return _filled(
        _asset("page.html"),
        {
            "policy": policy(style, script, live=live),
            "language": escape(words.language),
            "direction": words.direction,
            "title": escape(told["title"]),
            "noscript": escape(told["noscript"]),
            "style": style,
            "diagram": diagram(told["play.diagram"], words),
            "data": _embedded(said(data, words)),
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


def _played(own: Iterable[Scenario], count: int | None, seed: int) -> dict[str, Any]:
    """Give what else the scripts of a page know that has a cloud of its own."""
    # Scenarios need PyYAML, which a live page does without.
    from lifecycle.page.learning import QUESTIONS, lessons, questions  # noqa: PLC0415 - as said

    return {
        "live": False,
        "rules": rules(),
        "lessons": lessons(own, seed),
        "questions": questions(QUESTIONS if count is None else count, seed),
    }


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
