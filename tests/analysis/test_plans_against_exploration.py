"""No way is shorter than a plan: held against exploration, for every pair within its bounds.

Exploration has its own configurations and its own moves; both ask real clouds.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeVar

from lifecycle.analysis.exploration.acts import CloudBounds
from lifecycle.analysis.exploration.clouds import SmallCloud, explore_cloud
from lifecycle.analysis.planning.search import Graph
from lifecycle.analysis.planning.space import Space
from lifecycle.analysis.situation import Labels
from lifecycle.cloud.copying import excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from lifecycle.analysis.exploration.clouds import CloudConfiguration
    from lifecycle.cloud.cloud import Cloud

T = TypeVar("T", bound="Hashable")

IMAGE = 0
GONE = "GONE"


def nearest(
    start: T, following: Callable[[T], Iterable[T]], state: Callable[[T], str]
) -> dict[str, int]:
    """Give how many moves each state is away, from breadth first search."""
    far = {start: 0}
    near: dict[str, int] = {}
    waiting = deque([start])
    while waiting:
        one = waiting.popleft()
        near.setdefault(state(one), far[one])
        for after in following(one):
            if after not in far:
                far[after] = far[one] + 1
                waiting.append(after)
    return near


def state_of(configuration: CloudConfiguration) -> str:
    return next((str(one[1]) for one in configuration.images if one[0] == IMAGE), GONE)


class Planned:
    """The distances that planning finds: the graphs that it searches, each looked at whole."""

    def __init__(self) -> None:
        self._graphs: list[tuple[Space, Graph]] = []

    def nearest(self, cloud: Cloud) -> dict[str, int]:
        space, graph = self._graph(cloud)
        return nearest(
            space.key(cloud),
            lambda key: [
                arc.node.key
                for arcs in (graph.nodes[key].typed, graph.nodes[key].answered)
                for arc in arcs
            ],
            lambda key: space.state(graph.nodes[key].cloud).name,
        )

    def _graph(self, cloud: Cloud) -> tuple[Space, Graph]:
        """Give a graph that the cloud is in, one that was searched before if there is."""
        for space, graph in self._graphs:
            if space.key(cloud) in graph.nodes:
                return space, graph
        space = Space(cloud, IMAGE, Labels(cloud, by_id=True))
        graph = Graph(space, lambda _: False)
        assert graph.expand()
        self._graphs.append((space, graph))
        return space, graph


def test_between_any_two_situations_within_the_bound_no_way_is_shorter_than_a_plan() -> None:
    small = SmallCloud(CloudBounds(images=1, machines=1, copies=False))
    explored = explore_cloud(small)
    assert explored.complete
    following: dict[int, list[int]] = {}
    for edge in explored.edges:
        following.setdefault(edge.origin, []).append(edge.target)
    planned, pairs = Planned(), 0
    for number, configuration in enumerate(explored.configurations):
        if state_of(configuration) == GONE:
            continue
        known = planned.nearest(excerpt(small.at(configuration), IMAGE))
        found = nearest(
            number,
            lambda one: following.get(one, []),
            lambda one: state_of(explored.configurations[one]),
        )
        for state, moves in found.items():
            pairs += 1
            assert known[state] <= moves, (configuration, state)
    assert pairs > 1_000
