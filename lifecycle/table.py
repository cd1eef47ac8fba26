"""A state machine written down as an immutable, validated table of rows.

A table says, for each operation, what happens: a :class:`Row` that applies
moves the object (or leaves its state) and runs its effects; where none
applies, the first :class:`Otherwise` that does tells whether oned refuses the
operation, and with which words, or ignores it. Everything reads tables: the
engine, the cloud, the diagrams, the reference pages, the explanations.

This module knows nothing of images: :mod:`lifecycle.image_table` and
:mod:`lifecycle.vm_table` fill it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.codes import ErrorCode

Guard = Callable[[Any, Any], bool]
"""Decides about an object and what the operation carries; returns a real boolean."""

Effect = Callable[[Any, Any], None]
"""Changes an object, given what the operation carries, or tells its surroundings."""


class TableError(ValueError):
    """A table contradicts itself; the message says which row and how."""


class Actor(Enum):
    """Who can perform an operation."""

    USER = "user"
    DATASTORE = "datastore driver"
    VM = "virtual machine"
    MARKETPLACE = "marketplace"


class Operation(NamedTuple):
    """Something that can be done to an object.

    Attributes:
        name: the trigger's name, OpenNebula's word where it has one.
        actor: who does it.
        meaning: one sentence for people.
        command: what an administrator types, with placeholders; "" where
            nobody types it.
        call: the XML-RPC method behind the command; "" where there is none.
    """

    name: str
    actor: Actor
    meaning: str
    command: str = ""
    call: str = ""

    @property
    def told(self) -> dict[str, str]:
        """All of it as JSON can hold it, the actor by what it is called."""
        return {**self._asdict(), "actor": self.actor.value}


class Row(NamedTuple):
    """One way in which an operation succeeds.

    Attributes:
        operation: the name of the operation.
        origins: the states in which the row can apply.
        target: the state it leads to; None leaves the state as it is.
        when: the guards that must hold.
        unless: the guards that must not hold.
        effects: what is done besides, in this order, after the change of state.
        source: the place that the fact comes from.
    """

    operation: str
    origins: tuple[Enum, ...]
    target: Enum | None
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    source: str = ""

    @property
    def guards(self) -> tuple[str, ...]:
        """The guards as a reader writes them: ``name`` or ``not name``."""
        return self.when + tuple(f"not {name}" for name in self.unless)

    @property
    def key(self) -> str:
        """A text that identifies the row in its table and stays the same between versions."""
        target = self.target.name if self.target is not None else "stays"
        return f"{self.operation}: {_origins(self)} -> {target}{_bracketed(self.guards)}"


class Otherwise(NamedTuple):
    """What happens to an operation to which no row applies.

    Attributes:
        operation: the name of the operation.
        origins: the states in which it speaks.
        when: the guards that must hold for it to speak.
        unless: the guards that must not hold.
        code: oned's error code, or None when the event is ignored.
        text: oned's exact words, with placeholders for what the object's `words` give.
        effects: what oned changes all the same.
        source: the place that the fact comes from.
    """

    operation: str
    origins: tuple[Enum, ...]
    code: ErrorCode | None
    text: str
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    source: str = ""

    @property
    def guards(self) -> tuple[str, ...]:
        """The guards as a reader writes them: ``name`` or ``not name``."""
        return self.when + tuple(f"not {name}" for name in self.unless)

    @property
    def key(self) -> str:
        """A text that identifies it in its table and stays the same between versions."""
        outcome = "ignored" if self.code is None else f"refused {self.code.name}"
        return f"{self.operation}: {_origins(self)} -> {outcome}{_bracketed(self.guards)}"

    @property
    def ignored(self) -> bool:
        """Whether the event is only logged, and nothing is answered."""
        return self.code is None


Part = Row | Otherwise
"""Either part of a table."""


def _origins(part: Part) -> str:
    """Write the states: each by its name, or, when they are most, what is left out."""
    every = type(part.origins[0])
    others = [state for state in every if state not in part.origins]
    if len(others) * 2 >= len(every):
        return "|".join(state.name for state in part.origins)
    return "any" + (f" but {'|'.join(state.name for state in others)}" if others else "")


def _bracketed(guards: tuple[str, ...]) -> str:
    return f" [{', '.join(guards)}]" if guards else ""


@dataclass(frozen=True, eq=False)
class Table:
    """All rows of one kind of object, validated when built; equal to itself only.

    Raises:
        TableError: an unknown state, operation, guard or effect; an operation
            without a row; the same row twice; two rows of one operation and
            state that no guard tells apart.
    """

    name: str
    states: tuple[Enum, ...]
    final: tuple[Enum, ...]
    operations: Mapping[str, Operation]
    rows: tuple[Row, ...]
    otherwise: tuple[Otherwise, ...]
    guards: Mapping[str, Guard]
    effects: Mapping[str, Effect]
    _rows: dict[str, tuple[Row, ...]] = field(init=False, repr=False)
    _otherwise: dict[str, tuple[Otherwise, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Check the rows against each other and against the named guards and effects."""
        rows: dict[str, list[Row]] = {name: [] for name in self.operations}
        others: dict[str, list[Otherwise]] = {name: [] for name in self.operations}
        for row in self.rows:
            self._check_names(row)
            rows[row.operation].append(row)
        for other in self.otherwise:
            self._check_names(other)
            others[other.operation].append(other)
        for name, found in rows.items():
            if not found:
                raise TableError(f"{self.name}: operation {name} has no row")
            for one, two in combinations(found, 2):
                self._check_apart(one, two)
        object.__setattr__(self, "_rows", {name: tuple(found) for name, found in rows.items()})
        object.__setattr__(
            self, "_otherwise", {name: tuple(found) for name, found in others.items()}
        )

    def rows_of(self, operation: str) -> tuple[Row, ...]:
        """Give the rows of an operation, in the order of the table.

        Raises:
            KeyError: there is no such operation.
        """
        return self._rows[operation]

    def otherwise_of(self, operation: str) -> tuple[Otherwise, ...]:
        """Give what happens to an operation to which no row applies, in oned's order.

        Raises:
            KeyError: there is no such operation.
        """
        return self._otherwise[operation]

    def rows_from(self, state: Enum) -> Iterator[Row]:
        """Give the rows that can apply in a state, in the order of the table."""
        return (row for row in self.rows if state in row.origins)

    def guards_of(self, operation: str) -> tuple[str, ...]:
        """Give the names of the guards that decide about an operation, each once."""
        parts: tuple[Part, ...] = (*self._rows[operation], *self._otherwise[operation])
        return tuple(dict.fromkeys(name for part in parts for name in part.when + part.unless))

    def _check_names(self, part: Part) -> None:
        where = f"{self.name}: {part.operation}"
        if part.operation not in self.operations:
            raise TableError(f"{where}: unknown operation")
        target = part.target if isinstance(part, Row) else None
        for state in part.origins:
            if state not in self.states:
                raise TableError(f"{where}: unknown state {state!r}")
        if target is not None and target not in self.states and target not in self.final:
            raise TableError(f"{where}: unknown target {target!r}")
        if not part.origins:
            raise TableError(f"{where}: a row without a state to start from")
        for name in part.when + part.unless:
            if name not in self.guards:
                raise TableError(f"{where}: there is no guard {name!r}")
        for name in part.effects:
            if name not in self.effects:
                raise TableError(f"{where}: there is no effect {name!r}")

    def _check_apart(self, one: Row, two: Row) -> None:
        if set(one.origins).isdisjoint(two.origins):
            return
        if set(one.when) & set(two.unless) or set(one.unless) & set(two.when):
            return
        raise TableError(f"{self.name}: both could apply: {one.key!r} and {two.key!r}")


def applies(guards: Mapping[str, Guard], part: Part, thing: object, what: object) -> bool:
    """Tell whether the guards of a row, or of an otherwise, let it speak in its states."""
    return all(guards[name](thing, what) for name in part.when) and not any(
        guards[name](thing, what) for name in part.unless
    )
