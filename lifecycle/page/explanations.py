"""What the page tells of each state and operation on demand, read from tables and reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud.vm_groups import RECOVERS
from lifecycle.cloud.vm_operations import VM_OPERATIONS
from lifecycle.cloud.vm_states import VmState
from lifecycle.cloud.vm_table import VM_TABLE
from lifecycle.markup.document import Code, Link
from lifecycle.operations import OPERATIONS
from lifecycle.reference.paths import departures
from lifecycle.reference.sentences import shown
from lifecycle.reference.state_pages import advice
from lifecycle.reference.stuck import situations, way_out
from lifecycle.states import ImageState
from lifecycle.table import Actor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.markup.document import Text
    from lifecycle.table import Operation

MACHINE = "vm."
"""What the key of a machine's state or operation begins with; an image's has its name alone."""

_RECOVER = VM_OPERATIONS["recover"]


def explanations() -> dict[str, Any]:
    """Give ``states`` and ``operations`` by their names, as JSON.

    Texts are lists of pieces: a string, or ``{"code": …}`` for what is typed
    or read literally.
    """
    return {
        "states": {
            **{state.name: _state(state) for state in ImageState},
            **{MACHINE + state.name: _machine_state(state) for state in VmState},
        },
        "operations": {
            **{name: _operation(one) for name, one in OPERATIONS.items()},
            **{MACHINE + name: _operation(one) for name, one in VM_OPERATIONS.items()},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    # Whoever does it is told in words, which are not the same in every language.
    return {**operation.told, **({"machine": True} if operation.actor is Actor.VM else {})}


def _state(state: ImageState) -> dict[str, Any]:
    return {
        "number": state.value,
        "alias": state.alias,
        "printed": state.printed,
        "simplified": "" if state.simplified is None else state.simplified.value,
        "meaning": state.meaning,
        "ways": _ways(state),
        # What is typed is told with the ways.
        "advice": [_pieces(text) for text in advice(state) if not _types(text)],
        "stuck": [
            {"sign": one.sign, "cause": one.cause, "helps": _pieces(way_out(one))}
            for one in situations(state)
        ],
    }


def _machine_state(state: VmState) -> dict[str, Any]:
    rows = [row for row in VM_TABLE.rows_from(state) if row.target not in {None, state}]
    # What the machine waits for comes before what else can be done meanwhile.
    rows.sort(key=lambda row: VM_OPERATIONS[row.operation].actor is not Actor.VM)
    return {
        "number": state.number,
        "lcm": state.lcm,
        "meaning": state.meaning,
        "ways": _ends((MACHINE + row.operation, [row.target.name]) for row in rows if row.target),
        "advice": [[f"{_RECOVER.meaning} ", {"code": _RECOVER.command}]]
        if state in RECOVERS
        else [],
        "stuck": [],
    }


def _ways(state: ImageState) -> list[dict[str, Any]]:
    """Give what leads out of a state in an orderly life: each operation once, with its ends."""
    return _ends(
        (way.operation.name, map(shown, way.states)) for way in departures(state) if not way.late
    )


def _ends(ways: Iterable[tuple[str, Iterable[str]]]) -> list[dict[str, Any]]:
    """Give each operation once, with all its ends."""
    found: dict[str, dict[str, None]] = {}
    for operation, ends in ways:
        found.setdefault(operation, {}).update(dict.fromkeys(ends))
    return [{"operation": name, "to": list(ends)} for name, ends in found.items()]


def _types(text: Text) -> bool:
    """Tell whether a sentence names a command."""
    return any(isinstance(piece, Code) and " " in piece.text for piece in text)


def _pieces(text: Text) -> list[str | dict[str, str]]:
    pieces: list[str | dict[str, str]] = []
    for piece in text:
        if isinstance(piece, str):
            pieces.append(piece)
        elif isinstance(piece, Code) or (isinstance(piece, Link) and piece.code):
            pieces.append({"code": piece.text})
        else:
            pieces.append(piece.text)
    return pieces
