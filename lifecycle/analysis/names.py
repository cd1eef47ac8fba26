"""States, types and operations as people type them, with what may have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from lifecycle.cloud.vm_states import VmState
from lifecycle.operations import OPERATIONS
from lifecycle.refusal import InputError
from lifecycle.scenario.words import quoted, suggestion
from lifecycle.states import GONE, AnyState, ImageState, ImageType

if TYPE_CHECKING:
    from enum import IntEnum

    from lifecycle.table import Operation

    E = TypeVar("E", bound=IntEnum)


def any_state_of(text: str, *more: str) -> AnyState:
    """Give the state of a name, in any case, or GONE.

    Args:
        text: the name.
        more: what else could have been typed there, for the hint.

    Raises:
        InputError: there is no such state.
    """
    if _name(text) == GONE.name:
        return GONE
    known = (*ImageState.__members__, GONE.value, *more)
    return _member(ImageState, text, "state", known)


def state_of(text: str) -> ImageState:
    """Give the state of a name or of OpenNebula's number.

    Raises:
        InputError: there is no such state.
    """
    if text.isdigit() and len(text) < _MOST_DIGITS and int(text) < len(ImageState):
        return ImageState(int(text))
    return _member(ImageState, text, "state", tuple(ImageState.__members__))


def type_of(text: str) -> ImageType:
    """Give the type of a name.

    Raises:
        InputError: there is no such type.
    """
    return _member(ImageType, text, "type", tuple(ImageType.__members__))


def machine_state_of(text: str) -> VmState:
    """Give the state of a machine by its name.

    Raises:
        InputError: there is no such state.
    """
    return _member(VmState, text, "state of a machine", tuple(VmState.__members__))


def operation_of(text: str) -> Operation:
    """Give the operation of a name, written as in the table or with blanks or dashes.

    Raises:
        InputError: there is no such operation.
    """
    name = _name(text).lower()
    name = _SYNONYMS.get(name, name)
    if name not in OPERATIONS:
        hint = suggestion(name, OPERATIONS) if _close(name) else "; see lifecycle operations"
        raise InputError(f"unknown operation {quoted(text)}{hint}")
    return OPERATIONS[name]


def creation(name: str, disk: int | str) -> str:
    """Give the command that makes a machine with a disk; oned takes none without CPU and memory."""
    return f"onevm create --name {name} --cpu 1 --memory 128 --disk {disk}"


def is_state(text: str) -> bool:
    """Tell whether a text is the name of a state."""
    return _name(text) in ImageState.__members__


_MOST_DIGITS = 3
_SYNONYMS = {
    "force_delete": "delete_force",
    "delete___force": "delete_force",
    "create": "allocate",
    "flatten": "snapshot_flatten",
    "revert": "snapshot_revert",
    "snapshotdelete": "snapshot_delete",
    "snapshotrevert": "snapshot_revert",
    "snapshotflatten": "snapshot_flatten",
}
"""What is typed for an operation that is called otherwise."""


def _close(name: str) -> bool:
    return "did you mean" in suggestion(name, OPERATIONS)


def _name(text: str) -> str:
    return text.strip().upper().replace("-", "_").replace(" ", "_")


def _member(kind: type[E], text: str, word: str, known: tuple[str, ...]) -> E:
    name = _name(text)
    if name not in kind.__members__:
        listed = known if len(known) <= _MOST_LISTED else ()
        hint = suggestion(name, known)
        if not listed and "did you mean" not in hint:
            hint = ""
        raise InputError(f"unknown {word} {quoted(text)}{hint}")
    return kind[name]


_MOST_LISTED = 20
