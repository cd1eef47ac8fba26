"""How a command is written: its words, its arguments, its options.

Each command is declared with one line of usage, as its manual page has it:
``IMAGE NAME [-d|--datastore DATASTORE]``. The line is what a command is read
by, what a mistake is answered with, and what the guide lists. Where the real
command reads attributes from a file, ``KEY=VALUE…`` takes them on the line.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lifecycle.cloud.objects import DatastoreType
from lifecycle.scenario.words import quoted, suggestion
from lifecycle.states import ImageType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lifecycle.scenario.given import Call, Given

ATTRIBUTES = "KEY=VALUE…"

_GROUP = re.compile(r"\[([^\]]*)\]|(-\S+ \S+)|(\S+)")
_ATTRIBUTE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_SIZE = re.compile(r"([0-9]{1,12})([MGT]?)", re.ASCII)
_UNITS = {"": 1, "M": 1, "G": 1024, "T": 1024 * 1024}


@dataclass(frozen=True, slots=True)
class Option:
    """An option: its spellings, what its value is ("" for a flag), whether it must be there."""

    spellings: tuple[str, ...]
    value: str
    required: bool

    @property
    def name(self) -> str:
        """The long spelling, without dashes."""
        return self.spellings[-1].lstrip("-")


@dataclass(frozen=True)
class Verb:
    """One command.

    Attributes:
        words: its first words: ``oneimage clone``.
        usage: what follows them.
        call: makes the call of it, given what was written.
        needed, optional: its arguments, by what they are.
        options: its options by their spellings.
        attributes: whether it takes attributes.
    """

    words: str
    usage: str
    call: Callable[[Given], Call]
    needed: tuple[str, ...] = field(init=False)
    optional: tuple[str, ...] = field(init=False)
    options: Mapping[str, Option] = field(init=False)
    attributes: bool = field(init=False)

    def __post_init__(self) -> None:
        """Read the usage."""
        needed: list[str] = []
        optional: list[str] = []
        options: dict[str, Option] = {}
        for bracketed, required, word in _GROUP.findall(self.usage):
            if word:
                needed.append(word)
            elif (bracketed or required).startswith("-"):
                spellings, _, value = (bracketed or required).partition(" ")
                option = Option(tuple(spellings.split("|")), value, bool(required))
                options |= dict.fromkeys(option.spellings, option)
            elif bracketed != ATTRIBUTES:
                optional.append(bracketed)
        for name, value in (
            ("needed", tuple(needed)),
            ("optional", tuple(optional)),
            ("options", options),
            ("attributes", f"[{ATTRIBUTES}]" in self.usage),
        ):
            object.__setattr__(self, name, value)

    @property
    def form(self) -> str:
        """The whole line: words and usage."""
        return f"{self.words} {self.usage}".strip()


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command as it was written.

    Attributes:
        arguments: by what they are (``IMAGE``).
        options: the values of options by their names, "" for a flag.
        attributes: as written, in their order.
    """

    verb: Verb
    arguments: Mapping[str, str]
    options: Mapping[str, str]
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def new_name(self) -> str:
        """The name of what the command would make, "" where it makes nothing."""
        return self.options.get("name") or self.arguments.get("NAME", "")


def read_command(text: str, verbs: Mapping[str, Verb]) -> Invocation:
    """Read a command.

    Args:
        text: as it is typed.
        verbs: all commands by their first two words.

    Raises:
        ValueError: there is no such command, or it is not written like that.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ValueError(f"{error} in {quoted(text)}") from error
    verb = _verb(words, verbs)
    values: list[str] = []
    options: dict[str, str] = {}
    attributes: list[tuple[str, str]] = []
    rest = iter(words[2:])
    for word in rest:
        if word.startswith("-") and not word[1:].isdigit():
            name, value = _option(verb, word, rest)
            if name in options:
                raise ValueError(f"--{name} is there twice")
            options[name] = value
        elif verb.attributes and (found := _ATTRIBUTE.fullmatch(word)) is not None:
            attributes.append((found[1].upper(), found[2]))
        else:
            values.append(word)
    arguments = _arguments(verb, values)
    for option in verb.options.values():
        if option.required and option.name not in options:
            raise ValueError(f"{option.spellings[-1]} is missing; usage: {verb.form}")
    return Invocation(verb, arguments, options, tuple(attributes))


def _verb(words: list[str], verbs: Mapping[str, Verb]) -> Verb:
    if not words:
        raise ValueError("a command must not be empty")
    programs = list(dict.fromkeys(name.partition(" ")[0] for name in verbs))
    if words[0] not in programs:
        raise ValueError(f"unknown command {quoted(words[0])}{suggestion(words[0], programs)}")
    known = [name.partition(" ")[2] for name in verbs if name.startswith(f"{words[0]} ")]
    if len(words) == 1:
        raise ValueError(f"{words[0]} what?{suggestion('', known)}")
    verb = verbs.get(f"{words[0]} {words[1]}")
    if verb is None:
        raise ValueError(
            f"{words[0]} has no command {quoted(words[1])}{suggestion(words[1], known)}"
        )
    return verb


def _option(verb: Verb, word: str, rest: Iterable[str]) -> tuple[str, str]:
    spelling, equals, value = word.partition("=")
    option = verb.options.get(spelling)
    if option is None:
        raise ValueError(
            f"{verb.words} has no option {quoted(spelling)}{suggestion(spelling, verb.options)}"
        )
    if not option.value:
        if equals:
            raise ValueError(f"{spelling} takes no value")
        return option.name, ""
    if not equals:
        value = next(iter(rest), "")
    if not value:
        raise ValueError(f"{spelling} needs a value: {option.value}")
    return option.name, _checked(option.value, value)


def _arguments(verb: Verb, values: list[str]) -> dict[str, str]:
    places = verb.needed + verb.optional
    if len(values) < len(verb.needed):
        raise ValueError(f"{places[len(values)]} is missing; usage: {verb.form}")
    if len(values) > len(places):
        raise ValueError(f"{quoted(values[len(places)])} is too much; usage: {verb.form}")
    return {place: _checked(place, value) for place, value in zip(places, values, strict=False)}


def _checked(kind: str, value: str) -> str:
    check = _CHECKS.get(kind)
    return value if check is None else check(value)


def _type(value: str) -> str:
    if value.upper() not in ImageType.__members__:
        hint = suggestion(value.upper(), ImageType.__members__)
        raise ValueError(f"unknown type {quoted(value)}{hint}")
    return value.upper()


def _size(value: str) -> str:
    found = _SIZE.fullmatch(value.upper())
    if found is None:
        raise ValueError(f"{quoted(value)} is no size; write MB, or a number with M, G or T")
    return str(int(found[1]) * _UNITS[found[2]])


def _octet(value: str) -> str:
    if re.fullmatch("[0-7]{3}", value) is None:
        raise ValueError(f"{quoted(value)} is no octet; write three digits from 0 to 7, as in 640")
    return value


def _datastore_type(value: str) -> str:
    if value.upper() not in DatastoreType.__members__:
        known = DatastoreType.__members__
        raise ValueError(
            f"unknown type of datastore {quoted(value)}{suggestion(value.upper(), known)}"
        )
    return value.upper()


_CHECKS: dict[str, Callable[[str], str]] = {
    "TYPE": _type,
    "SIZE": _size,
    "OCTET": _octet,
    "TYPE_DS": _datastore_type,
}
