"""The engine: a `transitions` machine built from a table, with lean events.

There is one machine per table for all objects of its kind; no object is ever
added to it as a model (that costs 15 KB an object). An event of the machine
is fired on an object directly. :class:`LeanEvent` does what the library's own
event does for the features that a table uses (guards, one target, effects
afterwards), several times faster, and has a refusal carry its reasons. That
both agree is proved by a test over every state, operation and combination of
guards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from transitions import Event, Machine, Transition

from lifecycle.refusal import REFUSALS, GoneError, LifecycleError, Refused, Unmet, Why
from lifecycle.table import Effect, Guard, Otherwise, Row, Table, applies
from lifecycle.world import Moved, Watcher

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import Enum


__all__ = [
    "LeanEvent",
    "Moved",
    "RowTransition",
    "Watcher",
    "build_machine",
    "legal",
    "unmet",
]

Way = tuple[tuple[tuple[Guard, bool], ...], "Enum | None", tuple[Effect, ...], Row]
"""One way in which an operation succeeds: guards and what they must say, target, effects, row."""


class RowTransition(Transition):
    """A transition that knows the row of the table that it was made from."""

    def __init__(self, *args: Any, row: Row, **kwargs: Any) -> None:
        """Make the library's transition and note its row."""
        super().__init__(*args, **kwargs)
        self.row = row


class LeanEvent(Event):
    """An event that is fired on any object of the table's kind.

    It reads the transitions that the library holds for it, and nothing else.
    """

    table: Table
    _ways: dict[Any, tuple[Way, ...]] | None = None

    def fire(self, thing: Moved, what: Any = None) -> bool:
        """Fire the event on an object, with what the operation carries.

        Returns:
            whether a row applied; False when oned ignores the event.

        Raises:
            Refused: oned refuses the operation; nothing has changed but what
                oned itself changes.
            GoneError: the object has left its pool.
        """
        ways = self._ways
        if ways is None:
            ways = self._compile()
        for conditions, target, effects, row in ways.get(thing.state, ()):
            for guard, wanted in conditions:
                if guard(thing, what) is not wanted:
                    break
            else:
                origin = thing.state
                if target is not None:
                    thing.state = target
                if thing.world is not None:
                    thing.world.fired(thing, row, origin)
                for effect in effects:
                    effect(thing, what)
                return True
        return self._otherwise(thing, what)

    def trigger(self, model: Any, *args: Any, **kwargs: Any) -> bool:
        """Fire the event as the library's callers do: ``trigger(model, model, what)``."""
        return self.fire(model, *args[1:], **kwargs)

    def objection(self, thing: Moved, what: Any = None) -> Refused | None:
        """Give the refusal that firing would raise, or None; nothing changes."""
        if any(_holds(self.table, row, thing, what) for row in self.table.rows_of(self.name)):
            return None
        other = self._speaker(thing, what)
        return None if other is None else self._refusal(other, thing, what)

    def _compile(self) -> dict[Any, tuple[Way, ...]]:
        ways: dict[Any, tuple[Way, ...]] = {}
        for name, transitions in self.transitions.items():
            state = self.machine.states[name].value
            ways[state] = tuple(_way(self.table, one) for one in transitions)
        self._ways = ways
        return ways

    def _speaker(self, thing: Moved, what: Any) -> Otherwise | None:
        for other in self.table.otherwise_of(self.name):
            if thing.state in other.origins and applies(self.table.guards, other, thing, what):
                return other
        return None

    def _otherwise(self, thing: Moved, what: Any) -> bool:
        other = self._speaker(thing, what)
        if other is None:
            if thing.state in self.table.final:
                raise GoneError(f"cannot {self.name}: the {self.table.name} is gone")
            raise LifecycleError(f"the table does not say what {self.name} does in {thing.state!r}")
        refusal = self._refusal(other, thing, what)
        if refusal is not None and thing.world is not None:
            thing.world.refused(thing, refusal)
        for name in other.effects:
            self.table.effects[name](thing, what)
        if refusal is not None:
            raise refusal
        if thing.world is not None:
            thing.world.ignored(thing, other)
        return False

    def _refusal(self, other: Otherwise, thing: Moved, what: Any) -> Refused | None:
        if other.code is None:
            return None
        then = thing.copy()

        def why() -> Why:
            found = unmet(self.table, self.name, then, what)
            return Why(found, legal(self.table, then), other.source, other.key)

        return REFUSALS[other.code](
            other.text.format(**thing.words()), operation=self.name, state=thing.state, why=why
        )


def _way(table: Table, transition: Transition) -> Way:
    if not isinstance(transition, RowTransition):
        raise LifecycleError("a transition that no row of the table stands for")
    row = transition.row
    return (
        tuple((cast("Guard", one.func), one.target) for one in transition.conditions),
        row.target,
        tuple(table.effects[name] for name in row.effects),
        row,
    )


def _holds(table: Table, row: Row, thing: Moved, what: Any) -> bool:
    return thing.state in row.origins and applies(table.guards, row, thing, what)


def unmet(table: Table, operation: str, thing: Moved, what: Any = None) -> tuple[Unmet, ...]:
    """Tell what keeps each row that could have applied from it.

    The rows that could have applied are those that start from the object's
    state or, where there are none, all rows of the operation.
    """
    rows = table.rows_of(operation)
    near = [row for row in rows if thing.state in row.origins] or rows
    found = []
    for row in near:
        failed = tuple(name for name in row.when if not table.guards[name](thing, what))
        failed += tuple(f"not {name}" for name in row.unless if table.guards[name](thing, what))
        found.append(Unmet(row, thing.state not in row.origins, failed))
    return tuple(found)


def legal(table: Table, thing: Moved) -> tuple[str, ...]:
    """Name the operations of which some row would apply now, whatever they may carry."""
    return tuple(
        name
        for name in table.operations
        if any(_holds(table, row, thing, None) for row in table.rows_of(name))
    )


def build_machine(table: Table, event_cls: type[Event] = LeanEvent) -> Machine:
    """Build the `transitions` machine of a table, with no model in it.

    Args:
        table: the rows.
        event_cls: the library's own `Event` gives a stock machine, of which an
            event is fired by ``machine.events[name].trigger(thing, thing, what)``.
    """
    kinds = {"event_cls": event_cls, "transition_cls": RowTransition}
    machine_cls: Callable[..., Machine] = type("TableMachine", (Machine,), kinds)
    machine = machine_cls(
        model=None,
        states=[*table.states, *table.final],
        initial=None,
        auto_transitions=False,
        ignore_invalid_triggers=True,
    )
    guards, effects = table.guards, table.effects
    for row in table.rows:
        machine.add_transition(
            row.operation,
            list(row.origins),
            row.target,
            conditions=[guards[name] for name in row.when],
            unless=[guards[name] for name in row.unless],
            after=[effects[name] for name in row.effects],
            row=row,
        )
    for event in machine.events.values():
        if isinstance(event, LeanEvent):
            event.table = table
    return machine
