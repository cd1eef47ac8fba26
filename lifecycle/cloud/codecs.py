"""How values become JSON and come back, each mistake told with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.clock import END
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from enum import Enum

_MOST_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Codec:
    """A way to write a value as JSON, and to read it again.

    Attributes:
        encode: gives the JSON value.
        decode: gives the value back, for a JSON value and the place where it
            stands; raises `InputError` when it is not of the right kind.
    """

    encode: Callable[[Any], Any]
    decode: Callable[[Any, str], Any]


Fields = Mapping[str, Codec]


def wrong(place: str, problem: str) -> InputError:
    """Give the error for a value at a place, to be raised."""
    return InputError(problem, field=place)


def _same(value: Any) -> Any:
    return value


def _plain(kind: type, word: str) -> Codec:
    def decode(value: Any, place: str) -> Any:
        # A boolean is an int to Python, and is not one to anybody else.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise wrong(place, f"must be {word}")
        return value

    return Codec(_same, decode)


INT = _plain(int, "a whole number")
STR = _plain(str, "a text")
BOOL = _plain(bool, "true or false")


def _decode_float(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(place, "must be a number")
    if not 0 <= value < END:
        raise wrong(place, "must be seconds, 0 or more, before the year 10000")
    return float(value)


FLOAT = Codec(_same, _decode_float)


def enum(kind: type[Enum]) -> Codec:
    """Give the codec of an enumeration, written by its names."""

    def decode(value: Any, place: str) -> Any:
        if not isinstance(value, str) or value not in kind.__members__:
            raise wrong(place, f"unknown: {value!r}; one of {', '.join(kind.__members__)}")
        return kind[value]

    return Codec(lambda member: member.name, decode)


def optional(codec: Codec) -> Codec:
    """Give the codec of a value that may be null."""
    return Codec(
        lambda value: None if value is None else codec.encode(value),
        lambda value, place: None if value is None else codec.decode(value, place),
    )


def sequence(codec: Codec) -> Codec:
    """Give the codec of a list."""

    def decode(value: Any, place: str) -> list[Any]:
        if not isinstance(value, list):
            raise wrong(place, "must be a list")
        return [codec.decode(one, f"{place}[{number}]") for number, one in enumerate(value)]

    return Codec(lambda values: [codec.encode(one) for one in values], decode)


def _decode_ids(value: Any, place: str) -> set[int]:
    return set(sequence(INT).decode(value, place))


IDS = Codec(sorted, _decode_ids)
"""A set of ids, written ascending."""


def mapping(codec: Codec) -> Codec:
    """Give the codec of an object with any keys."""

    def decode(value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise wrong(place, "must be an object")
        return {name: codec.decode(one, f"{place}.{name}") for name, one in value.items()}

    return Codec(lambda values: {name: codec.encode(one) for name, one in values.items()}, decode)


def _decode_attribute(value: Any, place: str, depth: int = 0) -> Any:
    if isinstance(value, str):
        return value
    if depth < _MOST_DEPTH:
        if isinstance(value, dict):
            return {
                name: _decode_attribute(one, f"{place}.{name}", depth + 1)
                for name, one in value.items()
            }
        if isinstance(value, list):
            return [_decode_attribute(one, place, depth + 1) for one in value]
    raise wrong(place, "must be a text, or an object or list of texts")


ATTRIBUTES = mapping(Codec(_same, _decode_attribute))
"""The attributes of a template."""


def by_number(codec: Codec) -> Codec:
    """Give the codec of an object whose keys are numbers."""

    def decode(value: Any, place: str) -> dict[int, Any]:
        found = mapping(codec).decode(value, place)
        if not all(name.isdigit() for name in found):
            raise wrong(place, "must have numbers as its keys")
        return {int(name): one for name, one in found.items()}

    return Codec(
        lambda values: {str(key): codec.encode(one) for key, one in values.items()}, decode
    )


def made_by(encode: Callable[[Any], Any], decode: Callable[[Any], Any], word: str) -> Codec:
    """Give the codec of a value that writes and reads itself.

    Args:
        encode: gives its JSON value.
        decode: makes it again, and raises KeyError, TypeError, ValueError or
            AttributeError or OverflowError when it cannot.
        word: what it is, for the message.
    """

    def guarded(value: Any, place: str) -> Any:
        try:
            return decode(value)
        except InputError as error:
            raise wrong(f"{place}.{error.field}", error.problem) from error
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise wrong(place, f"is not {word}: {error!r}") from error

    return Codec(encode, guarded)


def encode(thing: object, fields: Fields) -> dict[str, Any]:
    """Write the fields of an object as JSON."""
    return {name: codec.encode(getattr(thing, name)) for name, codec in fields.items()}


def decode(value: Any, fields: Fields, place: str) -> dict[str, Any]:
    """Read the fields of an object; those that are not given are left out.

    Raises:
        InputError: the value is no object, has a field that is not known, or
            one of a wrong kind.
    """
    if not isinstance(value, dict):
        raise wrong(place, "must be an object")
    refuse_unknown(value, fields, place)
    inside = f"{place}." if place else ""
    return {
        name: codec.decode(value[name], f"{inside}{name}")
        for name, codec in fields.items()
        if name in value
    }


def refuse_unknown(value: Mapping[str, Any], known: Iterable[str], place: str) -> None:
    """Let pass an object all of whose fields are known.

    Raises:
        InputError: one is not.
    """
    for name in value:
        if name not in known:
            where = f"{place}.{name}" if place else name
            raise wrong(where, f"unknown field; one of {', '.join(known)}")
