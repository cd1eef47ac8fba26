"""The command that makes a call, as somebody would have typed it.

Nothing about commands stands here. Each command of :mod:`lifecycle.scenario.commands`
is made once with holes in the places of what is typed; a call that fits fills them.
What was filled in is read as any command is, and must make that very call.
"""

from __future__ import annotations

import inspect
import shlex
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations, product
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.attributes import parse, write
from lifecycle.cloud.calls.remote import METHODS
from lifecycle.cloud.template_text import ParseError
from lifecycle.refusal import InputError
from lifecycle.scenario.commands import VERBS
from lifecycle.scenario.given import Given
from lifecycle.scenario.grammar import read_command
from lifecycle.scenario.names import Numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.scenario.grammar import Verb


def command_of(cloud: Cloud, method: str, params: Sequence[Any]) -> str:
    """Give the command that makes a call, with numbers for names; "" where there is none.

    Args:
        cloud: in which it is, or was, made.
        method: as in ``one.image.enable``.
        params: without the session.
    """
    forms = _forms().get(method)
    if forms is None:
        return ""
    whole = _whole(method, params)
    found = []
    for form in forms:
        filled = _Filled()
        if len(form.params) == len(whole) and all(
            filled.fits(part, value) for part, value in zip(form.params, whole, strict=True)
        ):
            found.append((len(filled.attributes), _written(form, filled)))
    for _, text in sorted(found):
        if _makes(cloud, text, method, whole):
            return text
    return ""


def _makes(cloud: Cloud, text: str, method: str, whole: list[Any]) -> bool:
    """Tell whether a command makes a call."""
    try:
        read = read_command(text, VERBS)
        call = read.verb.call(Given(read, Numbers(cloud), cloud))
    except (InputError, ValueError):
        return False
    return call.method == method and all(
        one == other or _template(one) == _template(other) != []
        for one, other in zip(_whole(method, call.params), whole, strict=True)
    )


def _template(value: object) -> list[tuple[str, Any]]:
    """Give the attributes of a template, each name's together; none where it is no template."""
    try:
        return sorted(parse(value), key=lambda one: one[0]) if isinstance(value, str) else []
    except ParseError:
        return []


def _whole(method: str, params: Sequence[Any]) -> list[Any]:
    """Give the parameters of a call with those that were left out."""
    return [*params, *_usual(method)[len(params) :]]


@cache
def _usual(method: str) -> list[Any]:
    """Give what each parameter of a call is where it is left out."""
    _, *parameters = inspect.signature(METHODS[method].function).parameters.values()
    return [one.default for one in parameters]


@dataclass(frozen=True)
class _Hole:
    """The place of what is typed: an argument or the value of an option.

    Attributes:
        place: its name.
        usual: what stands for it where it is not typed.
        there: whether it is taken to be typed by who asks for that.
    """

    place: str
    usual: object = None
    there: bool = True

    def __bool__(self) -> bool:
        return self.there

    def upper(self) -> _Hole:
        """Take it as it is."""
        return self


@dataclass(frozen=True)
class _Text:
    """A template with holes; an open one takes any attribute besides."""

    options: dict[str, Any]
    is_open: bool


@dataclass(frozen=True)
class _Form:
    """A call with holes, and the command that makes it."""

    verb: Verb
    flags: tuple[str, ...]
    params: tuple[Any, ...]


class _Holes(Given):
    """What a command is given when nothing is typed yet."""

    def __init__(self, verb: Verb, flags: tuple[str, ...], *, there: bool) -> None:
        self._verb, self._flags, self._there = verb, flags, there

    def text(self, name: str, default: str = "") -> Any:
        return _Hole(name, default, self._there)

    def flag(self, name: str) -> bool:
        return name in self._flags

    def gives(self, *names: str) -> bool:
        del names
        return True

    def find(self, kind: str, name: str = "") -> Any:
        return _Hole(name or kind.upper())

    def found(self, kind: str, name: str, default: int) -> Any:
        del kind
        return _Hole(name, default)

    def disk(self) -> Any:
        return _Hole("DISK")

    def snapshot_of_image(self, name: str = "SNAPSHOT") -> Any:
        return _Hole(name)

    def snapshot_of_disk(self, name: str = "SNAPSHOT") -> Any:
        return _Hole(name)

    def images(self, name: str) -> list[Any]:
        return [_Hole(name)]

    def template(self, **options: Any) -> Any:
        there = {
            name: value for name, value in options.items() if value or isinstance(value, _Hole)
        }
        return _Text(there, self._verb.attributes)


@cache
def _forms() -> dict[str, list[_Form]]:
    """Give every command with holes, by the call that it makes."""
    found: dict[str, list[_Form]] = {}
    for verb in VERBS.values():
        flags = dict.fromkeys(one.name for one in verb.options.values() if not one.value)
        sets = chain(*(combinations(flags, count) for count in range(len(flags) + 1)))
        for chosen, there in product(sets, (True, False)):
            try:
                call = verb.call(_Holes(verb, chosen, there=there))
            except (InputError, TypeError):
                continue  # flags that exclude each other, or what cannot be told back
            found.setdefault(call.method, []).append(
                _Form(verb, chosen, tuple(_whole(call.method, call.params)))
            )
    return found


class _Filled:
    """What is in the holes, and the attributes that are typed as they are."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.attributes: list[tuple[str, Any]] = []

    def fits(self, part: Any, value: Any) -> bool:
        """Fill the holes of a parameter; tell whether the rest of it is the value."""
        if isinstance(part, _Hole):
            return value == part.usual or self._fill(part.place, value)
        if isinstance(part, _Text):
            return isinstance(value, str) and self._fits_template(part, value)
        if isinstance(part, list):
            alike = isinstance(value, list) and len(value) == len(part)
            return alike and all(map(self.fits, part, value))
        return type(part) is type(value) and bool(part == value)

    def _fill(self, place: str, value: Any) -> bool:
        known = isinstance(value, str | int) and not isinstance(value, bool)
        return known and self.texts.setdefault(place, str(value)) == str(value)

    def _fits_template(self, part: _Text, text: str) -> bool:
        try:
            pairs = parse(text)
        except ParseError:
            return False
        for name, value in pairs:
            option = part.options.get(name)
            if isinstance(option, list):
                self._fits_disk(option[0], name, value)
            elif isinstance(option, _Hole) and isinstance(value, str):
                if not self._fill(option.place, value):
                    return False
            elif option is None and part.is_open:
                self.attributes.append((name, value))
        return True

    def _fits_disk(self, option: dict[str, _Hole], name: str, value: Any) -> None:
        """Add an image to the list of an option, or give the disk as it is."""
        ((key, hole),) = option.items()
        if isinstance(value, dict) and value.keys() == {key}:
            before = self.texts.get(hole.place)
            self.texts[hole.place] = value[key] if before is None else f"{before},{value[key]}"
        else:
            self.attributes.append((name, value))


def _written(form: _Form, filled: _Filled) -> str:
    return " ".join((form.verb.words, *map(shlex.quote, _words(form, filled))))


def _words(form: _Form, filled: _Filled) -> Iterator[str]:
    verb, texts = form.verb, filled.texts
    yield from (texts[one] for one in (*verb.needed, *verb.optional) if one in texts)
    for option in dict.fromkeys(verb.options.values()):
        if option.name in form.flags:
            yield option.spellings[-1]
        elif option.value and option.name in texts:
            yield from (option.spellings[-1], texts[option.name])
    for name, value in filled.attributes:
        yield f"{name}={_attribute(name, value)}"


def _attribute(name: str, value: Any) -> str:
    """Give the value of an attribute as it is typed: a text, or a list in brackets."""
    return value if isinstance(value, str) else write({name: value}).partition("=")[2].strip()
