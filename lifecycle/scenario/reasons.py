"""Why something was refused, in plain words made of the lifecycle's own tables.

Nothing about the lifecycle stands here: the words are those with which guards
and states are described where they are defined.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from lifecycle.cloud.vm_states import VmState
from lifecycle.cloud.vm_table import VM_TABLE
from lifecycle.guards import LASTING
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.operations import OPERATIONS
from lifecycle.refusal import AuthorizationRefused
from lifecycle.scenario.moments import Refusal
from lifecycle.table import Actor
from lifecycle.wording import guard_words, lowered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.refusal import Refused
    from lifecycle.table import Operation, Row, Table

_RECOVERY = "one.vm.recover"
_BIRTH = "INIT"
_MOST_STATES = 8
_NOUNS = {IMAGE_TABLE.name: "the image", VM_TABLE.name: "the machine"}


def explain(refused: Refused) -> Refusal:
    """Give a refusal, with its reasons, as plain values."""
    if isinstance(refused, AuthorizationRefused) and refused.locked == "IMAGE":
        meaning, unlock = OPERATIONS["lock"].meaning, typed(OPERATIONS["unlock"])
        return Refusal(refused.text, refused.code.name, (meaning,), (unlock,))
    unmet = refused.unmet
    if not unmet:
        return Refusal(refused.text, refused.code.name)
    table = _table_of(unmet[0].row)
    if all(one.state for one in unmet):
        why = _by_state(table, refused)
    else:
        ways = [one.guards for one in unmet if not one.state and _does_something(one.row)]
        # Where only asking for what is so already is possible, more is so in other states.
        why = _by_guards(table, ways) or _by_state(table, refused)
    state = "" if refused.state is None else refused.state.name
    return Refusal(
        refused.text,
        refused.code.name,
        why,
        _ways_on(table, refused),
        refused.operation,
        state,
    )


def _table_of(row: Row) -> Table:
    return VM_TABLE if isinstance(row.origins[0], VmState) else IMAGE_TABLE


def _by_state(table: Table, refused: Refused) -> tuple[str, ...]:
    every = table.rows_of(refused.operation)
    rows = [row for row in every if _does_something(row)] or every
    origins = {state for row in rows for state in row.origins}
    states = [state.name for state in table.states if state in origins and state.name != _BIRTH]
    where = f"{typed(table.operations[refused.operation])} is possible in {_listed(states)}"
    here = refused.state.name if isinstance(refused.state, Enum) else "elsewhere"
    return (f"{where}; {_NOUNS[table.name]} is {here}",)


def _by_guards(table: Table, unmet: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Give for each way that could have been gone what stands in it, the shortest of them only.

    A way in which something stands that never changes is told where there is no other.
    """
    ways = sorted({frozenset(one) for one in unmet if one}, key=lambda way: (len(way), sorted(way)))
    ways = [way for way in ways if not any(map(_lasts, way))] or ways
    least = [way for way in ways if not any(other < way for other in ways)]
    return tuple(" and ".join(_guard_words(table, guard) for guard in sorted(way)) for way in least)


def guard_reasons() -> tuple[str, ...]:
    """Give each guard that may stand in a user's way, as `explain` tells it."""
    return tuple(
        dict.fromkeys(
            _guard_words(table, guard)
            for table in (IMAGE_TABLE, VM_TABLE)
            for row in table.rows
            if table.operations[row.operation].actor is Actor.USER
            for guard in row.guards
        )
    )


def _does_something(row: Row) -> bool:
    """Tell whether a row is more than asking for what already is so."""
    return row.target is not None or bool(row.effects)


def _lasts(guard: str) -> bool:
    return _asked(guard) in LASTING


def _asked(guard: str) -> str:
    """Give the name of a guard, whether it is to hold or not."""
    return guard.removeprefix("not ")


def _guard_words(table: Table, guard: str) -> str:
    name = _asked(guard)
    sentence = lowered(guard_words(table, name))
    return f"in the way: {sentence}" if guard != name else f"missing: {sentence}"


def _ways_on(table: Table, refused: Refused) -> tuple[str, ...]:
    """Give the commands that would do something now, of those that sometimes move the object."""
    operations = [
        table.operations[name]
        for name in refused.legal
        if any(refused.state in row.origins and _does_something(row) for row in table.rows_of(name))
    ]
    commands = [
        _short(typed(one)) if one.call == _RECOVERY else typed(one)
        for one in operations
        if one.command
        and (one.call != _RECOVERY or table is VM_TABLE)
        and any(row.target is not None for row in table.rows_of(one.name))
    ]
    # A flag is told only where the command is not possible without it.
    return tuple(
        dict.fromkeys(one for one in commands if one == _short(one) or _short(one) not in commands)
    )


def _short(command: str) -> str:
    """Give a command without its flags."""
    return " ".join(command.split()[:2])


def typed(operation: Operation) -> str:
    """Give an operation as it is typed, in short: ``oneimage delete --force``; else its name."""
    if not operation.command:
        return spoken(operation.name)
    program, word, *rest = operation.command.split()
    following = [*rest[1:], "--"]
    flags = [
        one
        for one, after in zip(rest, following, strict=True)
        if one.startswith("--") and after.startswith("--")
    ]
    return " ".join((program, word, *flags))


def spoken(operation: str) -> str:
    """Give an operation's name as it is spoken."""
    return operation.replace("_", " ")


def _listed(words: list[str]) -> str:
    if len(words) > _MOST_STATES:
        return f"{', '.join(words[:_MOST_STATES])} and {len(words) - _MOST_STATES} more states"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
