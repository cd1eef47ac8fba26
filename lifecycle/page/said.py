"""What in the data of a page is read by people, and is said in the language of the page.

Commands, names, states and oned's own words are not. A sentence that has such in it is
said by its form, in which they are left out: what it is made of, is put in again.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any

from lifecycle.page.wording import HOLE, Say, state_name
from lifecycle.scenario.reasons import guard_reasons
from lifecycle.scenario.timeline import ARROW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Data = dict[str, Any]

_KINDS = {
    "count": r"\d+",
    "number": r"\d+",
    "change": r"\d+→\d+",
    "attribute": r"[A-Z_]+",
    "states": r"[^;]+",
}
"""What holes are filled with, where it is not just anything."""

_REASONS = (
    "{command} is possible in {states}; the image is {state}",
    "{command} is possible in {states}; the machine is {state}",
)
_LISTS = ("{states} and {count} more states", "{states} and {state}")
_LINES = (
    "refused: {text}",
    "why: {reason}",
    "or: {reason}",
    "possible now: {commands}",
    "ERROR text: {text}",
    "ignored: {operation} of {name}, which still counts {held} ({text})",
    "ignored: {operation} of {name} ({text})",
    "asks {driver}: {request}",
    "new {name}",
    "done",
    "nothing changes",
)
_PHRASES = (
    "persistent",
    "not persistent",
    "VMs {change}",
    "clones {change}",
    "snapshots {change}",
    "increments {change}",
    "snapshots changed",
    "increments changed",
    "locked against {level}",
    "lock off",
    "type {attribute}",
    "no {attribute}",
    "was {name}",
    "owner {number}",
    "group {number}",
    "mode {number}",
    "new disk {number}",
    "disk {number} gone",
)
_SITUATIONS = (
    "{attribute} image",
    "held by {count} machine ({states})",
    "held by {count} machines ({states})",
    "in VMS: {count} machine that is gone",
    "in VMS: {count} machines that are gone",
    "being copied to {count} image",
    "being copied to {count} images",
    "in CLONES: {count} image that is gone",
    "in CLONES: {count} images that are gone",
    "being exported to {count} app",
    "being exported to {count} apps",
    "in APP_CLONES: {count} app that will not let go",
    "in APP_CLONES: {count} apps that will not let go",
    "{count} snapshot",
    "{count} snapshots",
    "no {attribute}",
    "{attribute} unanswered",
)
_DEEDS = (
    "completes {request}",
    "fails {request}: {text}",
    "fails {request}",
    "wait {time}",
)
_FORMS = (*_REASONS, *_LISTS, *_LINES, *_PHRASES, *_SITUATIONS, *_DEEDS)

_AND = "{reason} and {also}"
_ALSO = re.compile(r" and (?=in the way: |missing: )")

_STATE = r"(?:[A-Z][A-Z_]*|gone)"
_CHANGED = re.compile(rf"(?P<name>.+?) (?P<path>{_STATE}(?: → {_STATE})*)(?P<told>(?:, .+)?)")
_LITERAL = re.compile(r"[A-Z][A-Z_]*(=.*)?")
_BETWEEN = re.compile(r", (?![^(]*\))")
_LESSON = {"say": False, "answer": True, "rule": True, "wait": True}
"""The kinds of parts of a lesson whose text is said, and whether it has a form."""


def said(data: Data, say: Say) -> Data:
    """Give the data of a page with all that people read in the language of the page.

    Args:
        data: as :mod:`lifecycle.page.document` puts it together; it stays as it is.
        say: is given each English text that there is.
    """
    found = {
        **data,
        "states": {key: _state(one, say) for key, one in data["states"].items()},
        "operations": {
            key: {**one, "meaning": say(one["meaning"]), "actor": say(one["actor"])}
            for key, one in data["operations"].items()
        },
    }
    if "rules" in data:
        refusals = [
            [text, code, [reason(one, say) for one in why]]
            for text, code, why in data["rules"]["refusals"]
        ]
        found["rules"] = {**data["rules"], "refusals": refusals}
    if "lessons" in data:
        found["lessons"] = [_lesson(one, say) for one in data["lessons"]]
    if "questions" in data:
        found["questions"] = [_question(one, say) for one in data["questions"]]
    # Which there are depends on questions, or on a running cloud: who translates gets all.
    for form in (*guard_reasons(), _AND, *_FORMS):
        say(form)
    return found


def live_said(value: Any, say: Say) -> Any:
    """Give what the live page is told of its cloud with all that people read in its language.

    Args:
        value: what is told, as JSON; it stays as it is.
        say: as for `said`.
    """
    if isinstance(value, list):
        return [live_said(one, say) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: live_said(one, say) for key, one in value.items()}
    if "why" in found:
        found["why"] = [reason(one, say) for one in value["why"]]
    if "flags" in found:
        found["flags"] = _flags(value["flags"], say)
    return found


def reason(english: str, say: Say) -> str:
    """Say why something is refused."""
    first, *others = _ALSO.split(english, maxsplit=1)
    if others:
        parts = {"reason": reason(first, say), "also": reason(others[0], say)}
        return HOLE.sub(lambda hole: parts[hole[1]], say(_AND))
    return _formed(english, _REASONS, say, {"states": _states})


def outcome(english: str, say: Say) -> str:
    """Say a line of what came of something."""
    if _form_of(english, _LINES) is not None:
        return _formed(english, _LINES, say, {"reason": reason})
    change = _CHANGED.fullmatch(english)
    if change is None:
        return say(english)
    told = [_phrase(one, say, _PHRASES) for one in _BETWEEN.split(change["told"])[1:]]
    path = ARROW.join(state_name(one, say) for one in change["path"].split(ARROW))
    return ", ".join((_onward(f"{change['name']} {path}"), *told))


def _onward(words: str) -> str:
    """Have arrows lead onward where a word among these is written from right to left."""
    leftward = any(unicodedata.bidirectional(one) in {"R", "AL"} for one in words)
    return f"\u2066{words}\u2069" if leftward else words


def _state(state: Data, say: Say) -> Data:
    return {
        **state,
        "meaning": say(state["meaning"]),
        "advice": [_pieces(one, say) for one in state["advice"]],
        "stuck": [
            {
                "sign": say(one["sign"]),
                "cause": say(one["cause"]),
                "helps": _pieces(one["helps"], say),
            }
            for one in state["stuck"]
        ],
    }


def _pieces(pieces: list[str | dict[str, str]], say: Say) -> list[str | dict[str, str]]:
    """Say a sentence in which some pieces are typed; these are its holes, by their numbers."""
    typed = [one for one in pieces if not isinstance(one, str)]
    numbers = iter(range(1, len(typed) + 1))
    english = "".join(one if isinstance(one, str) else f"{{{next(numbers)}}}" for one in pieces)
    found = HOLE.split(say(english))
    return [typed[int(one) - 1] if place % 2 else one for place, one in enumerate(found) if one]


def _lesson(lesson: Data, say: Say) -> Data:
    return {
        **lesson,
        "title": say(lesson["title"]),
        "text": lesson["text"] and say(lesson["text"]),
        "parts": [
            {
                **_step(part, say),
                "text": _told(part, say),
                "questions": [_asked(one, say) for one in part["questions"]],
            }
            for part in lesson["parts"]
        ],
    }


def _told(part: Data, say: Say) -> str:
    text: str = part["text"]
    if part["kind"] not in _LESSON or not text:
        return text
    return _formed(text, _DEEDS, say) if _LESSON[part["kind"]] else say(text)


def _question(question: Data, say: Say) -> Data:
    return {
        **_asked(question, say),
        "story": [_step(one, say) for one in question["story"]],
        "replays": [[_step(one, say) for one in steps] for steps in question["replays"]],
    }


def _asked(question: Data, say: Say) -> Data:
    values = dict(question["values"])
    if "situation" in values:
        parts = _BETWEEN.split(values["situation"])
        values["situation"] = ", ".join(_phrase(one, say, _SITUATIONS) for one in parts)
    then = question["then"]
    return {**question, "values": values, "then": None if then is None else _asked(then, say)}


def _step(step: Data, say: Say) -> Data:
    found = {**step, "outcome": [outcome(one, say) for one in step["outcome"]]}
    if "images" in step["picture"]:
        images = [{**one, "flags": _flags(one["flags"], say)} for one in step["picture"]["images"]]
        found["picture"] = {**step["picture"], "images": images}
    return found


def _flags(flags: list[str], say: Say) -> list[str]:
    """Say what else is set; what OpenNebula writes so stays."""
    return [one if one[0].isupper() else say(one) for one in flags]


def _states(english: str, say: Say) -> str:
    """Say a list of states."""
    return _formed(english, _LISTS, say) if " and " in english else english


def _phrase(english: str, say: Say, forms: Iterable[str]) -> str:
    """Say a part of a sentence; what OpenNebula writes so stays."""
    return english if _LITERAL.fullmatch(english) else _formed(english, forms, say)


def _formed(
    english: str,
    forms: Iterable[str],
    say: Say,
    within: Mapping[str, Callable[[str, Say], str]] | None = None,
) -> str:
    """Say a sentence by the form that it has; one that has none, as it is.

    Args:
        english: the sentence.
        forms: those that it may have.
        say: as for `said`.
        within: how that is said which stands in holes, where it is no name.
    """
    known = _form_of(english, forms)
    if known is None:
        return say(english)
    form, parts = known
    within = within or {}
    filled = {name: within.get(name, _same)(part, say) for name, part in parts.items()}
    return HOLE.sub(lambda hole: filled[hole[1]], say(form))


def _form_of(english: str, forms: Iterable[str]) -> tuple[str, dict[str, str]] | None:
    """Give the form that a sentence has, with what stands in its holes."""
    for form in forms:
        found = _pattern(form).fullmatch(english)
        if found is not None:
            return form, found.groupdict()
    return None


def _same(english: str, say: Say) -> str:
    del say
    return english


@cache
def _pattern(form: str) -> re.Pattern[str]:
    pieces = (
        f"(?P<{one}>{_KINDS.get(one, '.+?')})" if place % 2 else re.escape(one)
        for place, one in enumerate(HOLE.split(form))
    )
    return re.compile("".join(pieces), re.DOTALL)
