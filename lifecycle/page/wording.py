"""The words of a page in one language, and the file in which somebody translates them.

The file is JSON: ``language``, a tag as ``de`` or ``pt-BR``; ``texts``, the page's own
words by their keys; ``sentences``, whatever else is read on the page, by its English. What
stands in braces is filled in by the page: a translation has the same, in any order.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from lifecycle.page.texts import ENGLISH, texts
from lifecycle.refusal import InputError

HOLE = re.compile(r"\{(\w+)\}")
"""What is filled in."""

_PARTS = ("language", "texts", "sentences")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


class Wording:
    """Gives texts in the language of a page, and knows which there were.

    Attributes:
        language: its tag.
        texts: the page's own words by their keys; in English where nobody translated them.
    """

    def __init__(
        self,
        language: str = ENGLISH,
        own: dict[str, str] | None = None,
        sentences: dict[str, str] | None = None,
    ) -> None:
        """Take the translated texts, which are English where there are none.

        Args:
            language: its tag.
            own: the page's own words by their keys; None for the English ones.
            sentences: others by their English; None for the English ones.
        """
        english = texts()
        known = english if own is None else own
        self.language = language
        self.texts = {key: known.get(key, text) for key, text in english.items()}
        self._lost = [key for key in english if key not in known]
        self._sentences = sentences
        self._said: dict[str, str | None] = {}

    def __call__(self, english: str) -> str:
        """Give a sentence in this language; in English where nobody translated it."""
        known = english if self._sentences is None else self._sentences.get(english)
        self._said[english] = known
        return english if known is None else known

    @property
    def missing(self) -> list[str]:
        """The keys and the English sentences that the page has, and nobody translated."""
        return [*self._lost, *sorted(one for one, known in self._said.items() if known is None)]

    def file(self) -> str:
        """Give all that the page says as the text of a file for translators."""
        sentences = {one: self(one) for one in sorted(self._said)}
        whole = dict(zip(_PARTS, (self.language, self.texts, sentences), strict=True))
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def read_wording(file: str) -> Wording:
    """Read a file that was translated.

    Args:
        file: its name; `Wording.file` says what stands in one.

    Raises:
        InputError: it cannot be read, or something in it cannot be used.
    """
    try:
        return _wording(_read(file))
    except InputError as error:
        raise error.at(file) from error


def _read(file: str) -> Any:
    try:
        text = Path(file).read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise InputError(f"cannot be read: {why}") from error
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise InputError(f"line {error.lineno} is no JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise InputError("must be an object of texts") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError("stands there twice", field=key)
        found[key] = value
    return found


def _wording(whole: Any) -> Wording:
    for key in _object(whole, ""):
        if key not in _PARTS:
            raise InputError(f"is none of {', '.join(_PARTS)}", field=key)
    language = _text(whole.get("language"), "language")
    if _TAG.fullmatch(language) is None:
        raise InputError("must be the tag of a language, as de or pt-BR", field="language")
    english = texts()
    own, sentences = (_object(whole.get(part, {}), part) for part in _PARTS[1:])
    for key, text in own.items():
        if key not in english:
            raise InputError("the page has no such text", field=f"texts: {key}")
        _check(english[key], text, f"texts: {key}")
    for sentence, text in sentences.items():
        _check(sentence, text, f"sentences: {sentence}")
    return Wording(language, _written(own), _written(sentences))


def _object(value: Any, field: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError("must be an object of texts", field=field)
    return value


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise InputError("must be a text", field=field)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InputError("must be a text, and has half a letter in it", field=field) from error
    return value


def _check(english: str, value: Any, field: str) -> None:
    text = _text(value, field)
    if not text.strip():
        return
    wanted, found = set(HOLE.findall(english)), set(HOLE.findall(text))
    for name in sorted(wanted - found):
        raise InputError(f"lacks {{{name}}}, which the English text has", field=field)
    for name in sorted(found - wanted):
        raise InputError(f"has {{{name}}}, which the English text has not", field=field)


def _written(given: dict[str, str]) -> dict[str, str]:
    """Leave out what nobody has written yet."""
    return {key: text for key, text in given.items() if text.strip()}
