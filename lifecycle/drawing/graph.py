"""What a picture of the lifecycle shows: an immutable graph of states and of what moves an image.

Nothing of the table is lost in it: an edge keeps every row that it stands for,
so that a format can write down guards, effects and sources.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.operations import DRIVER_ANSWERS
from lifecycle.states import GONE, AnyState, Final, ImageState, Simplified
from lifecycle.table import Actor, Operation, Row, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Initial(Enum):
    """What comes before the eleven states; diagrams draw it as an initial pseudo-state."""

    START = "start"


START = Initial.START

NodeState = ImageState | Simplified | Initial | Final
"""What a node stands for: a state, one of the simplified states, START, or GONE."""

HOLDING = frozenset(
    f"{change}_{holder}" for change in ("add", "remove") for holder in ("vm", "clone", "app")
)
"""The effects that change who holds an image: RUNNING_VMS and CLONING_OPS."""

_FAILED = frozenset(name for (_, success), name in DRIVER_ANSWERS.items() if not success)


class Outcome(Enum):
    """Whether what moves the image is a failure."""

    SUCCESS = "success"
    FAILURE = "failure"


class Way(NamedTuple):
    """One row of the table, from one of its states.

    Attributes:
        operation: what is done.
        origin: the state of the table that it starts from.
        row: the row that applies; it has the guards, the effects, the key and the source.
    """

    operation: Operation
    origin: ImageState
    row: Row

    @property
    def target(self) -> AnyState:
        """The state that it leads to: `origin` where the row leaves the state as it is."""
        target = self.row.target
        return self.origin if target is None else target  # type: ignore[return-value]  # the image table's

    @property
    def moves(self) -> bool:
        """Whether the image is in another state afterwards."""
        return self.target is not self.origin

    @property
    def outcome(self) -> Outcome:
        """FAILURE when a driver answers with a failure, or the image ends in ERROR."""
        failed = self.operation.name in _FAILED or self.row.target is ImageState.ERROR
        return Outcome.FAILURE if failed else Outcome.SUCCESS


class Node(NamedTuple):
    """A state in the picture.

    Attributes:
        state: what it stands for.
        members: the states of the table that it stands for; none for START and GONE.
    """

    state: NodeState
    members: tuple[ImageState, ...]

    @property
    def name(self) -> str:
        """The name that a reader knows: ``LOCKED_USED``, ``Locked``, ``start``, ``gone``."""
        return self.state.name if isinstance(self.state, ImageState) else self.state.value

    @property
    def identifier(self) -> str:
        """A name of letters and ``_`` that no other node of any view has."""
        return self.state.name if isinstance(self.state, ImageState) else self.state.value.lower()

    @property
    def number(self) -> int | None:
        """OpenNebula's number; None for what has none."""
        return self.state.value if isinstance(self.state, ImageState) else None

    @property
    def alias(self) -> str:
        """The short name of ``oneimage list``; of several states, each once."""
        return " / ".join(dict.fromkeys(state.alias for state in self.members))

    @property
    def meaning(self) -> str:
        """One sentence of what it means, the official one where there is one."""
        if self.state is START:
            return "No image yet"
        if self.state is GONE:
            return "The record has left the pool"
        if isinstance(self.state, Simplified):
            return "Any of " + ", ".join(state.name for state in self.members)
        return self.members[0].meaning


class Edge(NamedTuple):
    """All that leads from one node to another by one actor.

    Attributes:
        origin, target: where it starts and ends; the same for a loop.
        actor: who does it; None for the edge from START into INIT, which is no operation.
        ways: the rows that it stands for, in the order of the table; empty where there is no actor.
    """

    origin: NodeState
    target: NodeState
    actor: Actor | None
    ways: tuple[Way, ...]

    @property
    def outcome(self) -> Outcome:
        """FAILURE when nothing but failures leads this way."""
        failed = bool(self.ways) and all(way.outcome is Outcome.FAILURE for way in self.ways)
        return Outcome.FAILURE if failed else Outcome.SUCCESS

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations, each once, in the order of the table."""
        return tuple({way.operation.name: way.operation for way in self.ways}.values())

    @property
    def identifier(self) -> str:
        """A name of letters, ``_`` and ``-`` that no other edge of the graph has."""
        return _identifier(self.origin, self.target, self.actor)


@cache
def _identifier(origin: NodeState, target: NodeState, actor: Actor | None) -> str:
    ends = (Node(state, ()).identifier for state in (origin, target))
    return "-".join((*ends, "start" if actor is None else actor.name.lower()))


class Graph(NamedTuple):
    """What is drawn.

    Attributes:
        name: letters and ``-``, as a file or an identifier is named.
        title: what a reader sees above it.
        captions: what a reader should know that the picture does not show.
        nodes: in the order of OpenNebula's numbers, START first and GONE last.
        edges: what moves an image, in the order of their ends.
        loops: what leaves its state and changes who holds it (:data:`HOLDING`);
            a picture writes it into the node.
        quiet: what belongs to the view and is not drawn, because it leaves an
            image, as the view shows it, where it is.
        late: answers that nobody waits for any more; no picture shows them, and
            a machine that is to run needs them.
    """

    name: str
    title: str
    captions: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    loops: tuple[Edge, ...]
    quiet: tuple[Way, ...]
    late: tuple[Way, ...] = ()

    def node(self, state: NodeState) -> Node:
        """Give the node of a state.

        Raises:
            KeyError: the graph does not show it.
        """
        for node in self.nodes:
            if node.state is state:
                return node
        raise KeyError(state)

    def edges_from(self, state: NodeState) -> tuple[Edge, ...]:
        """Give what leads out of a state to another."""
        return tuple(edge for edge in self.edges if edge.origin is state)

    def edges_to(self, state: NodeState) -> tuple[Edge, ...]:
        """Give what leads into a state from another."""
        return tuple(edge for edge in self.edges if edge.target is state)


def ways_of(table: Table) -> tuple[Way, ...]:
    """Give every row of the image table from each of its states."""
    return tuple(
        Way(table.operations[row.operation], origin, row)
        for row in table.rows
        for origin in row.origins
        if isinstance(origin, ImageState)
    )


def full_state(state: AnyState) -> NodeState:
    """Show each of the eleven states."""
    return state


def simplified_state(state: AnyState) -> NodeState:
    """Show the states of the user guide's simplified life-cycle; INIT is before the start."""
    if isinstance(state, ImageState):
        return START if state.simplified is None else state.simplified
    return state


def merge(
    ways: Iterable[Way], shown: Callable[[AnyState], NodeState] = full_state
) -> tuple[Edge, ...]:
    """Merge ways that have their ends and their actor in common into edges."""
    merged: dict[tuple[NodeState, NodeState, Actor], list[Way]] = {}
    for way in ways:
        ends = shown(way.origin), shown(way.target)
        merged.setdefault((*ends, way.operation.actor), []).append(way)
    edges = [Edge(*what, tuple(found)) for what, found in merged.items()]
    if any(edge.origin is ImageState.INIT for edge in edges):
        edges.append(Edge(START, ImageState.INIT, None, ()))
    return tuple(sorted(edges, key=_place))


def nodes_of(
    edges: Iterable[Edge], shown: Callable[[AnyState], NodeState] = full_state
) -> tuple[Node, ...]:
    """Give the nodes that edges touch, in order."""
    touched = {state for edge in edges for state in (edge.origin, edge.target)}
    nodes = []
    for state in sorted(touched, key=_rank):
        members = tuple(one for one in ImageState if shown(one) is state)
        nodes.append(Node(state, () if state is START else members))
    return tuple(nodes)


_ORDER: tuple[NodeState, ...] = (START, *ImageState, *Simplified, GONE)
_ACTORS = tuple(Actor)


def _rank(state: NodeState) -> int:
    return next(place for place, one in enumerate(_ORDER) if one is state)


def _place(edge: Edge) -> tuple[int, int, int]:
    actor = -1 if edge.actor is None else _ACTORS.index(edge.actor)
    return _rank(edge.origin), _rank(edge.target), actor
