"""Plans: ways to a goal, told step by step in the words of the cloud that they begin in.

>>> from lifecycle import ImageState
>>> from lifecycle.analysis.planning import plan
>>> from lifecycle.analysis.situation import Situation
>>> found = plan(Situation(ImageState.USED), "gone")
>>> [step.move.text for step in found.hoped[0].steps]
['onevm terminate VM1', 'oneimage delete IMAGE', 'RM of IMAGE succeeds']
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.analysis.changes import state_changes
from lifecycle.analysis.planning.dead_ends import why_none, why_not_guaranteed
from lifecycle.analysis.planning.goals import Goal, parse_goal
from lifecycle.analysis.planning.search import MOST, Graph, shortest, strong, strong_cyclic
from lifecycle.analysis.planning.space import Edge, Space
from lifecycle.analysis.situation import Labels, Situation, told
from lifecycle.cloud.copying import copied, excerpt
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from lifecycle.analysis.planning.moves import Move
    from lifecycle.analysis.planning.search import Arc, Policy
    from lifecycle.analysis.planning.space import Key
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.states import AnyState


class Step(NamedTuple):
    """One move of a way, and what comes of it.

    Attributes:
        move: what is typed, or answered.
        before, after: the states of the image.
        situation: in words, what the image is like then.
        others: what changes of other things, in words.
        instead: other commands that come to the same.
    """

    move: Move
    before: AnyState
    after: AnyState
    situation: str
    others: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()


class Branch(NamedTuple):
    """What is done after one of several answers.

    Attributes:
        answers: the answers, each of which leads there.
        step: the first of them, and what comes of it.
        parts: what is done then.
        again: the number of the step from which on things are done again;
            0 where `parts` says all.
    """

    answers: tuple[Move, ...]
    step: Step
    parts: tuple[Part, ...]
    again: int = 0


class Wait(NamedTuple):
    """The drivers are waited for, and one of them answers.

    Attributes:
        branches: one for each configuration that an answer leads to.
    """

    branches: tuple[Branch, ...]


Part = Step | Wait
"""A part of a way; a `Wait` is the last of its parts."""


class Way(NamedTuple):
    """A way to the goal.

    Attributes:
        parts: what is done, one after the other.
        most: the number of moves at most; of a way that keeps trying, at least.
    """

    parts: tuple[Part, ...]
    most: int

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps up to the first answer that decides how it goes on."""
        return tuple(part for part in self.parts if isinstance(part, Step))

    @property
    def needs_answers(self) -> bool:
        """Whether it comes to nothing as long as a driver says nothing."""
        return any(isinstance(part, Wait) or not part.move.typed for part in self.parts)


@dataclass(frozen=True)
class Plans:
    """The ways from a situation to a goal.

    Attributes:
        goal: the goal.
        begin: the situation, in words.
        already: whether the goal holds at the beginning.
        hoped: the shortest ways if the drivers answer as these ways need it,
            the gentlest first.
        guaranteed: a way that works whatever the drivers answer, or None.
        trying: where none is guaranteed: a way that works unless the drivers
            fail for ever, or None.
        why: where there is no way, or none is guaranteed: why.
        searched: how many configurations were looked at.
        complete: whether these are all that can be reached.
    """

    goal: Goal
    begin: str
    already: bool
    hoped: tuple[Way, ...]
    guaranteed: Way | None
    trying: Way | None
    why: tuple[str, ...]
    searched: int
    complete: bool

    @property
    def possible(self) -> bool:
        """Whether there is a way at all."""
        return self.already or bool(self.hoped)


def plan(  # noqa: PLR0913 - all but the first two are named
    begin: Situation | Cloud,
    goal: Goal | str,
    *,
    image: int = 0,
    labels: Labels | None = None,
    ways: int = 1,
    more: int = 1,
    most: int = MOST,
    guarantee: bool = True,
) -> Plans:
    """Find the ways from a situation to a goal.

    Commands are those of an administrator. The machines' hosts are taken to do
    what they are asked; datastores, marketplaces and the copying of a disk into
    an image are not.

    Args:
        begin: a situation, or a cloud; the cloud is not changed.
        goal: the goal, or its words, as `parse_goal` reads them.
        image: the id of the image in the cloud.
        labels: what things are called in commands; by their ids in a cloud,
            by their names in a situation, unless given.
        ways: how many of the shortest ways to give at most.
        more: how many machines, and how many copies, a way may make beside
            those that the goal speaks of.
        most: how many configurations to look at at most.
        guarantee: whether to look for guaranteed ways, too; the shortest ways
            alone are found much sooner.

    Raises:
        InputError: the goal is none, or the cloud has no such image.
    """
    wanted = parse_goal(goal) if isinstance(goal, str) else goal
    if isinstance(begin, Situation):
        cloud, subject = begin.cloud()
        names = Labels(cloud, by_id=False)
    else:
        if image not in begin.images:
            raise InputError(f"there is no image {image}", field="image")
        cloud, subject = excerpt(begin, image), image
        names = Labels(cloud, by_id=True)
    names = names if labels is None else labels.within(cloud)
    space = Space(
        cloud,
        subject,
        names,
        more_machines=max(more, wanted.most_vms),
        more_copies=max(more, wanted.most_clones),
    )
    graph = Graph(space, lambda one: wanted.holds(one.images.get(subject)))
    return _Planner(space, graph, names).plans(wanted, ways, most, guarantee=guarantee)


def ways_until(  # noqa: PLR0913 - all but the first three are named
    cloud: Cloud,
    image: int,
    done: Callable[[Cloud], bool],
    *,
    apart: Collection[int] = (),
    ways: int = 1,
    most: int = MOST,
) -> tuple[Way, ...]:
    """Give the shortest ways around one image to where something holds, the gentlest first.

    No more machines, and no more copies, hold the image than at the beginning.

    Args:
        cloud: where they begin; it is not changed.
        image: its id.
        done: tells of a cloud that only this image's life is moved on in whether it holds there.
        apart: the ids of machines that it makes a difference for which of them it is.
        ways: how many to give at most.
        most: how many configurations to look at at most.

    Raises:
        KeyError: there is no such image.
    """
    begin = excerpt(cloud, image)
    labels = Labels(begin, by_id=True)
    space = Space(begin, image, labels, more_machines=0, more_copies=0, apart=apart)
    graph = Graph(space, done)
    planner = _Planner(space, graph, labels)
    return tuple(planner.hoped(one) for one in shortest(graph, ways, most))


class _Planner:
    """Turns what a search found into what is told."""

    def __init__(self, space: Space, graph: Graph, labels: Labels) -> None:
        self._space, self._graph, self._labels = space, graph, labels

    def plans(self, goal: Goal, ways: int, most: int, *, guarantee: bool) -> Plans:
        graph, begin = self._graph, self._situation(self._space.start)
        if graph.start.done:
            return Plans(goal, begin, True, (), None, None, (), 1, False)  # noqa: FBT003 - its place says what it is
        found = shortest(graph, ways, most)
        hoped = tuple(self.hoped(one) for one in found)
        if not guarantee:
            searched = len(graph.nodes)
            return Plans(goal, begin, False, hoped, None, None, (), searched, False)  # noqa: FBT003 - the same
        complete = graph.expand(most)
        safe = strong(graph)
        guaranteed = self._ruled(safe) if graph.start.key in safe else None
        trying = None
        if guaranteed is None and hoped and complete:
            tries = strong_cyclic(graph)
            trying = self._ruled(tries) if graph.start.key in tries else None
        why: tuple[str, ...] = ()
        if not complete:
            why = (f"only {len(graph.nodes)} configurations were looked at; there are more",)
        elif not hoped:
            why = why_none(graph, goal.text, self._situation)
        elif guaranteed is None:
            why = why_not_guaranteed(graph, found[0], safe, self._situation)
        return Plans(
            goal,
            begin,
            False,  # noqa: FBT003 - its place says what it is
            hoped,
            guaranteed,
            trying,
            why,
            len(graph.nodes),
            complete,
        )

    def _situation(self, cloud: Cloud) -> str:
        image = cloud.images.get(self._space.subject)
        return "gone" if image is None else told(cloud, image)

    def hoped(self, way: list[Arc]) -> Way:
        """Give a way that `shortest` found as it is told."""
        cloud, parts = self._space.start, []
        for arc in way:
            edges = self._leading(cloud, arc.node.key)
            parts.append(self._step(cloud, edges))
            cloud = edges[0].cloud
        return Way(tuple(parts), len(parts))

    def _leading(self, cloud: Cloud, key: Key) -> list[Edge]:
        """Give the moves that lead from a cloud to a configuration, the gentlest first.

        What was found about a configuration holds in every cloud that is in
        it, but for the names of things.
        """
        edges = [edge for edge in self._space.edges(cloud) if edge.key == key]
        return sorted(edges, key=lambda edge: edge.move.harm)

    def _step(self, before: Cloud, edges: list[Edge]) -> Step:
        first = edges[0]
        instead = {
            edge.move.action: edge.move.text
            for edge in reversed(edges)
            if edge.move.typed and edge.move.action != first.move.action
        }
        return Step(
            first.move,
            self._space.state(before),
            self._space.state(first.cloud),
            self._situation(first.cloud),
            tuple(state_changes(before, first.cloud, self._labels, but=self._space.subject)),
            tuple(reversed(instead.values())),
        )

    # Ways that follow a rule

    def _ruled(self, policy: Policy) -> Way:
        start = self._space.start
        parts = self._follow(copied(start), policy, {})
        return Way(parts, policy[self._space.key(start)].cost[0])

    def _follow(self, cloud: Cloud, policy: Policy, seen: dict[Key, int]) -> tuple[Part, ...]:
        """Tell what a rule does from a cloud on; a configuration that was told is told once."""
        parts: list[Part] = []
        while True:
            key = self._space.key(cloud)
            if self._graph.is_done(cloud):
                return tuple(parts)
            # Only what an answer led to can have been told before.
            seen.setdefault(key, len(seen) + 1)
            choice = policy[key]
            if choice.arc is None:
                parts.append(self._wait(cloud, policy, seen))
                return tuple(parts)
            # An answer that comes to the same is nothing to rely on.
            edges = [edge for edge in self._leading(cloud, choice.arc.node.key) if edge.move.typed]
            parts.append(self._step(cloud, edges))
            cloud = edges[0].cloud

    def _wait(self, cloud: Cloud, policy: Policy, seen: dict[Key, int]) -> Wait:
        branches = []
        groups: dict[Key, list[Edge]] = {}
        for edge in self._space.edges(cloud):
            if not edge.move.typed:
                groups.setdefault(edge.key, []).append(edge)
        for key, edges in groups.items():
            step = self._step(cloud, edges)
            moves = tuple(edge.move for edge in edges)
            if key in seen:
                branches.append(Branch(moves, step, (), seen[key]))
            else:
                branches.append(Branch(moves, step, self._follow(edges[0].cloud, policy, seen)))
        return Wait(tuple(branches))
