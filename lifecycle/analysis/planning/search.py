"""The searches: shortest ways, and ways that work whatever the drivers answer.

A shortest way may choose how drivers answer. A guaranteed way may not: it is a
rule that says, for every configuration it can get into, what to type, or to
wait for an answer, and it comes to its end whatever is answered, in whatever
order, also when an answer comes before the next command is typed (strong
planning on an AND-OR graph). Where there is none, there may be a rule that
comes to its end unless the drivers fail for ever (strong cyclic planning).
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.analysis.planning.space import Key, Space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lifecycle.analysis.planning.moves import Move
    from lifecycle.cloud.cloud import Cloud

MOST = 5_000
"""How many configurations are looked at before a search gives up."""

Cost = tuple[int, int]
"""Steps, then harm."""


class Arc(NamedTuple):
    """A move from one configuration to another."""

    move: Move
    node: Node


@dataclass(eq=False, slots=True)
class Node:
    """A configuration.

    Attributes:
        cloud: one cloud that is in it.
        done: whether the goal holds.
        depth: the number of moves from the beginning.
        typed, answered: what leads on, by an administrator and by drivers;
            None until it is looked at.
    """

    key: Key
    cloud: Cloud
    done: bool
    depth: int
    typed: list[Arc] = field(default_factory=list, repr=False)
    answered: list[Arc] = field(default_factory=list, repr=False)
    expanded: bool = False


class Graph:
    """The configurations around a beginning, as far as somebody has looked."""

    def __init__(self, space: Space, done: Callable[[Cloud], bool]) -> None:
        """Begin at the space's beginning."""
        self.space = space
        self.is_done = done
        self.nodes: dict[Key, Node] = {}
        self._waiting: deque[Node] = deque()
        self.start = self._node(space.key(space.start), space.start, 0)

    def _node(self, key: Key, cloud: Cloud, depth: int) -> Node:
        node = self.nodes.get(key)
        if node is None:
            node = self.nodes[key] = Node(key, cloud, self.is_done(cloud), depth)
            self._waiting.append(node)
        return node

    def expand_next(self) -> Node | None:
        """Look at the next configuration, nearest first; None when all have been looked at."""
        if not self._waiting:
            return None
        node = self._waiting.popleft()
        node.expanded = True
        for move, cloud, key in self.space.edges(node.cloud):
            arc = Arc(move, self._node(key, cloud, node.depth + 1))
            (node.typed if move.typed else node.answered).append(arc)
        return node

    def expand(self, most: int = MOST) -> bool:
        """Look at all configurations, `most` at most; tell whether that was all."""
        while self._waiting:
            if len(self.nodes) > most:
                return False
            self.expand_next()
        return True

    def nearest(self, most: int = MOST) -> Node | None:
        """Give the nearest configuration in which the goal holds, or None."""
        if self.start.done:
            return self.start
        while self._waiting and len(self.nodes) <= most:
            # A goal that is found one move further than another is no nearer one.
            found = [one for one in self.nodes.values() if one.done]
            if found and self._waiting[0].depth >= min(one.depth for one in found):
                break
            self.expand_next()
        return min((one for one in self.nodes.values() if one.done), key=_depth, default=None)


def _depth(node: Node) -> int:
    return node.depth


def shortest(graph: Graph, ways: int, most: int = MOST) -> list[list[Arc]]:
    """Give the shortest ways, the gentlest first; an empty one where the goal holds already.

    Ways through the same configurations are one; so are those that differ only
    in the order of their moves, or in which of several machines comes first.

    Args:
        graph: in which they are looked for.
        ways: how many to give at most.
        most: how many configurations to look at at most.
    """
    goal = graph.nearest(most)
    if goal is None:
        return []
    left = _distances(graph)
    gentlest = _gentlest(graph, left, goal.depth)
    found: list[list[Arc]] = []
    seen: set[frozenset[tuple[object, int]]] = set()
    count = 0
    # Of equally gentle ways the one that has come furthest goes on first.
    waiting: list[tuple[int, int, int, int, Node, list[Arc], Counter[object]]] = [
        (gentlest[graph.start.key], 0, 0, 0, graph.start, [], Counter())
    ]
    while waiting and len(found) < ways and count < _MOST_WAYS:
        _, _, _, harm, node, way, moves = heappop(waiting)
        if node.done:
            if (made := frozenset(moves.items())) not in seen:
                seen.add(made)
                found.append(way)
            continue
        for arc in _gentle(node):
            if left[arc.node.key] == goal.depth - len(way) - 1:
                count += 1
                total = harm + arc.move.harm
                rest = total + gentlest[arc.node.key]
                done = moves + Counter([arc.move.kind])
                heappush(waiting, (rest, -len(way), count, total, arc.node, [*way, arc], done))
    return found


def _gentle(node: Node) -> Iterable[Arc]:
    """Give one arc to each configuration that can be next: the gentlest."""
    found: dict[Key, Arc] = {}
    for arc in (*node.answered, *node.typed):
        if arc.node.key not in found or arc.move.harm < found[arc.node.key].move.harm:
            found[arc.node.key] = arc
    return found.values()


_MOST_WAYS = 5_000


def _gentlest(graph: Graph, left: dict[Key, int], length: int) -> dict[Key, int]:
    """Give the least harm that is still to be done on a shortest way, by where one is."""
    harm = {key: 0 for key, steps in left.items() if steps == 0}
    for steps in range(1, length + 1):
        for key, found in left.items():
            if found == steps:
                node = graph.nodes[key]
                harm[key] = min(
                    arc.move.harm + harm[arc.node.key]
                    for arc in (*node.answered, *node.typed)
                    if left[arc.node.key] == steps - 1
                )
    return harm


def _distances(graph: Graph) -> dict[Key, int]:
    """Give how far each configuration is from the goal, -1 where no way is known."""
    before: dict[Key, list[Node]] = {}
    for node in graph.nodes.values():
        for arc in (*node.typed, *node.answered):
            before.setdefault(arc.node.key, []).append(node)
    found = {node.key: 0 for node in graph.nodes.values() if node.done}
    waiting = deque(found)
    while waiting:
        key = waiting.popleft()
        for node in before.get(key, ()):
            if node.key not in found:
                found[node.key] = found[key] + 1
                waiting.append(node.key)
    return {key: found.get(key, -1) for key in graph.nodes}


class Choice(NamedTuple):
    """What a guaranteed way does in a configuration.

    Attributes:
        arc: the command to type; None to wait for an answer.
        cost: the steps to the goal that are left at most, and their harm.
    """

    arc: Arc | None
    cost: Cost


Policy = dict[Key, Choice]
"""What to do in each configuration."""


def strong(graph: Graph) -> Policy:
    """Give for each configuration the best thing to do, where a way is guaranteed.

    Every move that can be made then, the chosen one and any answer that comes
    instead, leads to a configuration of a lower rank, so that it comes to an
    end; among what does, the way is chosen that has the fewest steps at most.
    """
    rank: dict[Key, int] = {}
    policy: Policy = {}
    for node in graph.nodes.values():
        if node.done:
            rank[node.key], policy[node.key] = 0, Choice(None, (0, 0))
    level = 0
    while True:
        level += 1
        found = []
        for node in graph.nodes.values():
            if node.key in rank or not all(arc.node.key in rank for arc in node.answered):
                continue
            choice = _best(node, node.typed, policy)
            if choice is not None:
                found.append((node.key, choice))
        if not found:
            return policy
        for key, choice in found:
            rank[key], policy[key] = level, choice


def _best(node: Node, typed: Iterable[Arc], policy: Policy) -> Choice | None:
    """Choose what costs least at most, of what leads into the policy for certain."""
    choices = [Choice(arc, _after(arc, policy)) for arc in typed if arc.node.key in policy]
    if node.answered and all(arc.node.key in policy for arc in node.answered):
        choices.append(Choice(None, max(_after(arc, policy) for arc in node.answered)))
    return min(choices, key=lambda one: one.cost, default=None)


def _after(arc: Arc, policy: Policy) -> Cost:
    steps, harm = policy[arc.node.key].cost
    return steps + 1, harm + arc.move.harm


def strong_cyclic(graph: Graph) -> Policy:
    """Give a rule that gets to the goal unless the drivers fail for ever, where there is one.

    It never leads to where no way goes on, and keeps trying.
    """
    safe = dict(graph.nodes)
    while True:
        policy = _towards_goal(safe)
        if len(policy) == len(safe):
            return policy
        safe = {key: node for key, node in safe.items() if key in policy}


def _towards_goal(safe: dict[Key, Node]) -> Policy:
    """Give the first step of a shortest way to the goal that stays among some configurations."""
    policy: Policy = {key: Choice(None, (0, 0)) for key, node in safe.items() if node.done}
    while True:
        found: Policy = {}
        for key, node in safe.items():
            if key in policy or not all(arc.node.key in safe for arc in node.answered):
                continue
            choices = [
                Choice(arc, _after(arc, policy)) for arc in node.typed if arc.node.key in policy
            ]
            answered = [_after(arc, policy) for arc in node.answered if arc.node.key in policy]
            if answered:
                choices.append(Choice(None, min(answered)))
            if choices:
                found[key] = min(choices, key=lambda one: one.cost)
        if not found:
            return policy
        policy |= found
