"""What is laid over a picture: marks on states and on edges, found in a history or told by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Mark(NamedTuple):
    """What is laid over one state or one edge.

    Attributes:
        note: a short text below what is written there; it may be a stranger's.
        numbers: the steps of a path that lead here, counted from 1.
        emphasis: whether it is to be seen first.
        heat: how much happens there, from 0 to 1; None for no colour of heat.
        faded: whether it steps back, as what was never taken.
    """

    note: str = ""
    numbers: tuple[int, ...] = ()
    emphasis: bool = False
    heat: float | None = None
    faded: bool = False


NO_MARK = Mark()


class Overlay(NamedTuple):
    """Marks, by the identifiers of a graph's nodes and edges.

    Attributes:
        title: what the marks show; it stands beside the title of the picture.
        captions: lines below the legend.
        nodes: by the identifier of a node.
        edges: by the identifier of an edge, loops included.
    """

    title: str = ""
    captions: tuple[str, ...] = ()
    nodes: Mapping[str, Mark] = {}
    edges: Mapping[str, Mark] = {}

    def node(self, identifier: str) -> Mark:
        """Give the mark of a node."""
        return self.nodes.get(identifier, NO_MARK)

    def edge(self, identifier: str) -> Mark:
        """Give the mark of an edge."""
        return self.edges.get(identifier, NO_MARK)


NO_OVERLAY = Overlay()
"""Nothing."""

_SHOWN = 6


def steps(numbers: tuple[int, ...]) -> str:
    """Write the numbers of steps; of many, the first ones, the last one, and how many they are.

    >>> steps((1, 4))
    '1, 4'
    >>> steps(tuple(range(1, 100)))
    '1, 2, 3, 4, 5, ... 99 (99 times)'
    """
    if len(numbers) <= _SHOWN:
        return ", ".join(map(str, numbers))
    first = ", ".join(map(str, numbers[: _SHOWN - 1]))
    return f"{first}, ... {numbers[-1]} ({len(numbers)} times)"
