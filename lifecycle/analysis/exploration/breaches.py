"""What does not hold in a small cloud, and the shortest history after which it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.analysis.exploration.properties import PROPERTIES, Property

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lifecycle.analysis.exploration.acts import Act
    from lifecycle.analysis.exploration.clouds import CloudConfiguration, SmallCloud
    from lifecycle.analysis.exploration.search import Graph


class Broken(NamedTuple):
    """That a property fails of objects in a state.

    Attributes:
        fails: which one.
        kind: ``image`` or ``machine``.
        state: the object's.
        times: in how many configurations.
        nearest: the number of the configuration with the shortest history.
        acts: that history, from a fresh cloud.
    """

    fails: Property
    kind: str
    state: str
    times: int
    nearest: int
    acts: tuple[Act, ...]

    @property
    def name(self) -> str:
        """The property and the state, as the name of a file."""
        return f"{self.fails.name}-{self.state.lower().replace('_', '-')}"

    def to_json(self) -> dict[str, Any]:
        """Give it as a JSON value."""
        return {
            "property": self.fails.name,
            "says": self.fails.says,
            "kind": self.kind,
            "state": self.state,
            "configurations": self.times,
            "history": [act.label for act in self.acts],
        }


def broken(
    small: SmallCloud,
    graph: Graph[Act, CloudConfiguration],
    properties: Sequence[Property] = PROPERTIES,
) -> list[Broken]:
    """Give what does not hold anywhere in a small cloud, by property and state.

    Args:
        small: the cloud that was explored.
        graph: what was reached in it.
        properties: what should hold.
    """
    nearest: dict[tuple[str, str, str], int] = {}
    times: dict[tuple[str, str, str], int] = {}
    for number, configuration in enumerate(graph.configurations):
        cloud = small.at(configuration)
        for one in properties:
            for kind, state in sorted({(two.kind, two.state) for two in one.broken(cloud)}):
                key = one.name, kind, state
                nearest.setdefault(key, number)
                times[key] = times.get(key, 0) + 1
    named = {one.name: one for one in properties}
    return [
        Broken(
            named[name],
            kind,
            state,
            times[name, kind, state],
            number,
            _acts(small, graph, number),
        )
        for (name, kind, state), number in sorted(nearest.items(), key=_by_property(properties))
    ]


def _acts(small: SmallCloud, graph: Graph[Act, CloudConfiguration], number: int) -> tuple[Act, ...]:
    return (*small.before, *(step.move for step in graph.history(number)[1]))


def _by_property(properties: Iterable[Property]) -> Any:
    order = {one.name: place for place, one in enumerate(properties)}
    return lambda item: (order[item[0][0]], item[0][1:])
