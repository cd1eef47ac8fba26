"""The words of a page in one language, and the file in which somebody translates them.

The file is JSON: ``language``, a tag as ``de`` or ``pt-BR``; ``texts``, the page's own
words by their keys; ``sentences``, whatever else is read on the page, by its English, in the
order in which the page has it. What stands in braces is filled in by the page: a translation
has the same, in any order. An empty text is not translated yet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lifecycle.page.texts import ENGLISH, texts
from lifecycle.refusal import InputError
from lifecycle.states import GONE

HOLE = re.compile(r"\{(\w+)\}")
"""What is filled in."""

_PARTS = ("language", "texts", "sentences")
_TAG = re.compile(
    r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*",
    re.ASCII | re.IGNORECASE,
)
_LEFTWARDS = re.compile("ar|arc|azb|ckb|dv|fa|glk|he|khw|lrc|mzn|nqo|pnb|ps|sd|syr|ug|ur|yi")
"""Languages that are written from right to left where their tag names no script."""
_SCRIPT = 4
"""How many letters the tag of a script has."""
_LEFTWARD_SCRIPTS = re.compile("adlm|arab|hebr|nkoo|rohg|syrc|thaa")

_NAME = r"[\w{][\w{}.-]*"
_NAMING = {
    "world.copy_name": re.compile(_NAME),
    "world.disk_name": re.compile(_NAME),
    "world.image_names": re.compile(f"{_NAME}( {_NAME})*"),
    "world.machine_names": re.compile(f"{_NAME}( {_NAME})*"),
}
"""The texts by which things of the page are named, so that their names can be typed."""

Say = Callable[[str], str]
"""Gives an English text, which may have holes, in the language of the page."""

NEW = "new"
"""Where an image is before its first state."""

_UNNAMED = {NEW: "state.new", GONE.value: "state.gone"}
"""What no state of OpenNebula's is, by its key among the page's own words."""


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
        self._own = known
        self._sentences = sentences
        self._said: dict[str, str | None] = {}

    def __call__(self, english: str) -> str:
        """Give a sentence in this language; in English where nobody translated it."""
        if english in _UNNAMED:
            return self.texts[_UNNAMED[english]]
        known = english if self._sentences is None else self._sentences.get(english)
        self._said[english] = known
        return english if known is None else known

    @property
    def direction(self) -> str:
        """Where lines of text lead: ``ltr``, or ``rtl`` for from right to left."""
        language, *rest = self.language.lower().split("-")
        script = next((one for one in rest[:1] if len(one) == _SCRIPT), None)
        if script is not None:
            return "rtl" if _LEFTWARD_SCRIPTS.fullmatch(script) else "ltr"
        return "rtl" if _LEFTWARDS.fullmatch(language) else "ltr"

    @property
    def missing(self) -> list[str]:
        """The keys and the English sentences that the page has, and nobody translated."""
        lost = [key for key in self.texts if key not in self._own]
        return [*lost, *(one for one, known in self._said.items() if known is None)]

    @property
    def unused(self) -> list[str]:
        """The keys and the English sentences that were translated, and the page has not."""
        strange = [key for key in self._own if key not in self.texts]
        return [*strange, *(one for one in self._sentences or {} if one not in self._said)]

    def file(self) -> str:
        """Give all that the page says as the text of a file for translators.

        What nobody translated is empty, and is found so; in English it is as it is.
        """
        own = {key: self._own.get(key, "") for key in self.texts}
        sentences = {one: known or "" for one, known in self._said.items()}
        whole = dict(zip(_PARTS, (self.language, own, sentences), strict=True))
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def state_name(name: str, say: Say) -> str:
    """Give the name of a state: OpenNebula's, but for what is before and after them all."""
    return say(name) if name in _UNNAMED else name


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
        # What an older version of the page had is no longer used: nobody has to take it out.
        _check(english.get(key, text), text, f"texts: {key}")
        if key in _NAMING and text.strip() and not _NAMING[key].fullmatch(text):
            told = "must be names that can be typed, of letters, digits, ., - and _"
            raise InputError(told, field=f"texts: {key}")
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
