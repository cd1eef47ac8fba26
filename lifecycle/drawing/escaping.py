"""Texts of strangers in pictures: names and error texts may hold anything, and are only text."""

from __future__ import annotations

import unicodedata
from html import escape

LONGEST = 60
"""How many characters of a stranger's text a picture shows."""

_HIDDEN = "\N{REPLACEMENT CHARACTER}"
# What is not seen, and some of which turns the direction of the text around it.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def shown(text: str, longest: int = LONGEST) -> str:
    """Give a text as one line in which nothing is hidden, cut in its middle if it is long.

    Line ends and tabs become spaces. Control characters, marks of direction,
    halves of surrogate pairs and what Unicode does not know become U+FFFD.
    """
    if len(text) > longest:
        half = (longest - 3) // 2
        text = f"{text[:half]}...{text[-half:]}"
    spaced = " ".join(text.split())
    return "".join(
        _HIDDEN if unicodedata.category(letter) in _UNSEEN else letter for letter in spaced
    )


def label_text(text: str) -> str:
    r"""Give a text for a label between ``<`` and ``>``; markup and ``\N`` are text in it."""
    return escape(text, quote=True).replace("\\", "\\\\")


def attribute_text(text: str) -> str:
    r"""Give a text for an attribute in which Graphviz reads ``\N`` and the like, as a tooltip.

    A text that begins with ``<`` is not taken for markup either.
    """
    escaped = text.replace("\\", "\\\\")
    return f" {escaped}" if escaped.startswith("<") else escaped
