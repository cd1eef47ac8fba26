"""The views of the lifecycle: each a question, answered by a graph that is read from the table.

>>> from lifecycle.drawing.views import parse_view
>>> graph = parse_view("around=CLONE").graph()
>>> [(edge.origin.name, edge.target.name) for edge in graph.edges]
[('READY', 'CLONE'), ('READY', 'CLONE'), ('CLONE', 'READY'), ('CLONE', 'READY')]
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.drawing.graph import (
    HOLDING,
    Graph,
    NodeState,
    Outcome,
    full_state,
    merge,
    nodes_of,
    simplified_state,
)
from lifecycle.drawing.kinds import kinds_of
from lifecycle.drawing.orderly import late_ways, orderly_ways
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.refusal import InputError
from lifecycle.states import GONE, ImageState, ImageType
from lifecycle.table import Actor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lifecycle.drawing.graph import Way
    from lifecycle.drawing.kinds import Kind
    from lifecycle.table import Table

_READ = {actor.name.lower(): actor.value for actor in Actor}
"""How a reader knows what is written short."""

_LATE = "Answers of drivers that nobody waits for any more count too: see the view late."
_QUIET = "Operations that leave an image as it stands are not drawn."


class ViewKind(NamedTuple):
    """A way to look at the lifecycle.

    Attributes:
        name: as it is asked for.
        parameters: the names of what it has to be told, in order.
        meaning: one sentence for people.
        choices: what may be said for a parameter.
        title: what stands above the picture, with places for what was said.
        make: what gives the graph, given the view and the table.
    """

    name: str
    parameters: tuple[str, ...]
    meaning: str
    choices: Callable[[], tuple[str, ...]]
    title: str
    make: Callable[[View, Table], Graph]


class View(NamedTuple):
    """A view with what it was told, each as it is written in `VIEWS`' choices."""

    kind: ViewKind
    values: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """A name for files and identifiers: ``full``, ``actor-user``, ``way-READY-GONE``."""
        return "-".join((self.kind.name, *self.values))

    @property
    def title(self) -> str:
        """What stands above the picture."""
        return self.kind.title.format(*(_READ.get(value, value) for value in self.values))

    def graph(self, table: Table = IMAGE_TABLE) -> Graph:
        """Give what the view shows of a table."""
        return _graph_of(self, table)


@lru_cache(maxsize=64)
def _graph_of(view: View, table: Table) -> Graph:
    return view.kind.make(view, table)


def parse_view(text: str) -> View:
    """Read a view as it is asked for: ``full``, ``actor=user``, ``way from=READY to=ERROR``.

    Raises:
        InputError: there is no such view, or it is not told what it has to be.
    """
    words = text.split()
    head, _, value = (words or [""])[0].partition("=")
    kind = VIEWS.get(head)
    if kind is None:
        raise InputError(f"no view is named {head!r}; there are: {', '.join(VIEWS)}")
    told = [word.partition("=")[::2] for word in words[1:]]
    if value or "=" in words[0]:
        told.insert(0, (head, value))
    given = dict(told)
    if len(given) != len(told) or sorted(given) != sorted(kind.parameters):
        raise InputError(f"the view {head} is asked for as: {usage(kind)}")
    return View(kind, tuple(_chosen(kind, name, given[name]) for name in kind.parameters))


def usage(kind: ViewKind) -> str:
    """Tell how a view is asked for."""
    if kind.parameters == (kind.name,):
        return f"{kind.name}={kind.name.upper()}"
    return " ".join((kind.name, *(f"{name}={name.upper()}" for name in kind.parameters)))


def standard_views() -> tuple[View, ...]:
    """Give the views that ship as pictures: all but those between two states."""
    found = []
    for kind in VIEWS.values():
        if not kind.parameters:
            found.append(View(kind))
        elif len(kind.parameters) == 1:
            found += [View(kind, (choice,)) for choice in kind.choices()]
    return tuple(found)


def _chosen(kind: ViewKind, name: str, value: str) -> str:
    choices = kind.choices()
    for choice in choices:
        if choice.lower() == value.lower():
            return choice
    raise InputError(f"{name} is one of {', '.join(choices)}, not {value!r}")


def _states() -> tuple[str, ...]:
    return tuple(state.name for state in ImageState)


def _ends() -> tuple[str, ...]:
    return (*_states(), GONE.name)


def _actors() -> tuple[str, ...]:
    return tuple(actor.name.lower() for actor in Actor)


def _types() -> tuple[str, ...]:
    return tuple(type_.name for type_ in ImageType)


def _graph(
    view: View,
    ways: Iterable[Way],
    *captions: str,
    shown: Callable[..., NodeState] = full_state,
    loops: bool = True,
) -> Graph:
    moving: list[Way] = []
    held: list[Way] = []
    quiet: list[Way] = []
    for way in ways:
        if shown(way.origin) is not shown(way.target):
            moving.append(way)
        elif loops and (way.row.target is not None or not HOLDING.isdisjoint(way.row.effects)):
            held.append(way)
        else:
            quiet.append(way)
    edges, kept = merge(moving, shown), tuple(edge for edge in merge(held, shown) if edge.ways)
    return Graph(
        view.name,
        view.title,
        captions,
        nodes_of((*edges, *kept), shown),
        edges,
        kept,
        tuple(quiet),
    )


def _full(view: View, table: Table) -> Graph:
    graph = _graph(view, orderly_ways(table), _QUIET, _LATE)
    return graph._replace(late=late_ways(table))


def _simplified(view: View, table: Table) -> Graph:
    ways = orderly_ways(table)
    return _graph(view, ways, _QUIET, _LATE, shown=simplified_state, loops=False)


def _actor(view: View, table: Table) -> Graph:
    actor = Actor[view.values[0].upper()]
    return _graph(view, (way for way in orderly_ways(table) if way.operation.actor is actor))


def _kinds(matches: Callable[[View, Kind], bool]) -> Callable[[View, Table], Graph]:
    def make(view: View, table: Table) -> Graph:
        kinds = tuple(kind for kind in kinds_of(table) if matches(view, kind))
        return _graph(view, orderly_ways(table, kinds), _QUIET, _LATE)

    return make


def _failures(view: View, table: Table) -> Graph:
    ways = orderly_ways(table)
    return _graph(view, (way for way in ways if way.outcome is Outcome.FAILURE), _LATE)


def _late(view: View, table: Table) -> Graph:
    return _graph(view, late_ways(table))


def _around(view: View, table: Table) -> Graph:
    state = ImageState[view.values[0]]
    ways = (way for way in orderly_ways(table) if state in {way.origin, way.target})
    return _graph(view, ways, _QUIET, _LATE)


def _way(view: View, table: Table) -> Graph:
    start, end = (_ENDS[name] for name in view.values)
    full = _full(view, table)
    ahead = _distances(start, [(edge.origin, edge.target) for edge in full.edges])
    back = _distances(end, [(edge.target, edge.origin) for edge in full.edges])
    if end not in ahead:
        raise InputError(f"no way leads from {start.name} to {end.name} in an orderly life")
    edges = tuple(
        edge
        for edge in full.edges
        if ahead.get(edge.origin, ahead[end]) + 1 + back.get(edge.target, ahead[end]) == ahead[end]
    )
    return full._replace(edges=edges, loops=(), quiet=(), late=(), nodes=nodes_of(edges))


_ENDS: Mapping[str, NodeState] = {state.name: state for state in (*ImageState, GONE)}


def _distances(start: NodeState, steps: list[tuple[NodeState, NodeState]]) -> dict[NodeState, int]:
    """Count the steps from a state to each that can be reached from it."""
    far = {start: 0}
    for one in (found := [start]):
        for origin, target in steps:
            if origin is one and target not in far:
                far[target] = far[one] + 1
                found.append(target)
    return far


def _none() -> tuple[str, ...]:
    return ()


_NAME = "OpenNebula image lifecycle"

VIEWS: Mapping[str, ViewKind] = {
    kind.name: kind
    for kind in (
        ViewKind(
            "full", (), "The eleven states, and all that moves an image.", _none, _NAME, _full
        ),
        ViewKind(
            "simplified",
            (),
            "The seven states of the user guide.",
            _none,
            f"{_NAME}, simplified",
            _simplified,
        ),
        ViewKind("actor", ("actor",), "What one actor does.", _actors, f"{_NAME}: {{}}", _actor),
        ViewKind(
            "type",
            ("type",),
            "The life of images of one type.",
            _types,
            f"{_NAME}: type {{}}",
            _kinds(lambda view, kind: kind.type is ImageType[view.values[0]]),
        ),
        ViewKind(
            "persistent",
            (),
            "The life of persistent images.",
            _none,
            f"{_NAME}: persistent images",
            _kinds(lambda _, kind: kind.persistent),
        ),
        ViewKind(
            "nonpersistent",
            (),
            "The life of images that are not persistent.",
            _none,
            f"{_NAME}: non-persistent images",
            _kinds(lambda _, kind: not kind.persistent),
        ),
        ViewKind(
            "shareable",
            (),
            "The life of persistent images that several machines may share.",
            _none,
            f"{_NAME}: shareable images",
            _kinds(lambda _, kind: kind.shareable),
        ),
        ViewKind(
            "around",
            ("around",),
            "What leads into one state and out of it.",
            _states,
            f"{_NAME}: around {{}}",
            _around,
        ),
        ViewKind(
            "failures",
            (),
            "What fails, and where that leads.",
            _none,
            f"{_NAME}: failures",
            _failures,
        ),
        ViewKind(
            "late",
            (),
            "Answers of drivers that meet an image when nobody waits for them.",
            _none,
            f"{_NAME}: late and unasked answers",
            _late,
        ),
        ViewKind(
            "way",
            ("from", "to"),
            "The shortest ways from one state to another.",
            _ends,
            f"{_NAME}: from {{}} to {{}}",
            _way,
        ),
    )
}
"""The views by their names."""
