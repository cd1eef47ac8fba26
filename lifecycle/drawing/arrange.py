"""Looks for a better layout of a view, and keeps it: ``python -m lifecycle.drawing.arrange VIEW``.

For whoever changes the table: a picture that no longer reads well is laid out
anew by trying. In turn, the hints of a few edges that cross or hide something
are drawn at random, and kept if the picture reads no worse for it. What is found
stands in ``layouts.json``; the same seed and rounds find the same.
"""

from __future__ import annotations

import argparse
import json
import re
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.drawing.dot import to_dot
from lifecycle.drawing.engine import find_engine
from lifecycle.drawing.graph import START
from lifecycle.drawing.layout import FILE, Hint, Layout, layout_of, to_json
from lifecycle.drawing.readability import Picture, picture_of, score
from lifecycle.drawing.views import parse_view
from lifecycle.files import write_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lifecycle.drawing.engine import Engine
    from lifecycle.drawing.graph import Graph

_LIST = re.compile(r"\[[^\[\]]*\]")

_OVERLAP, _CROSSING = 25.0, 9.0
_WIDEST = 1.35
"""How wide a picture should be at most, beside its height."""


class Found(NamedTuple):
    """A layout, what it costs a reader, and the edges that cost it."""

    layout: Layout
    cost: float
    overlaps: int
    crossings: int
    guilty: tuple[str, ...]


def arrange(graph: Graph, engine: Engine, random: Random, rounds: int) -> Found:
    """Give the best layout of a graph that some rounds of trying find.

    Args:
        graph: what is laid out; the search begins with the layout that it has.
        engine: what draws it.
        random: what the tries are drawn from.
        rounds: how many there are, each of some hundredths of a second.
    """
    best = _tried(graph, engine, _whole(graph))
    for _ in range(rounds):
        one = _tried(graph, engine, _varied(best, random))
        if one.cost <= best.cost:
            best = one
    return best


def main(arguments: Sequence[str] | None = None, file: Path = FILE) -> None:
    """Look for a layout of each view that is named, and write down what is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("views", nargs="+")
    parser.add_argument("--rounds", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args(arguments)
    engine = find_engine(pinned=True)
    layouts = json.loads(file.read_text("utf-8"))
    for text in told.views:
        graph = parse_view(text).graph()
        found = arrange(graph, engine, Random(told.seed), told.rounds)
        layouts[graph.name] = to_json(found.layout)
        print(f"{graph.name}: {found.overlaps} overlaps, {found.crossings} crossings")  # noqa: T201 - for whoever runs it
    write_file(file, written(layouts))


def written(layouts: dict[str, Any]) -> str:
    """Write layouts as JSON, each edge on a line of its own."""
    text = json.dumps(layouts, indent=1, sort_keys=True)
    return f"{_LIST.sub(lambda found: ' '.join(found[0].split()), text)}\n"


def _whole(graph: Graph) -> Layout:
    """Give the layout that a graph has, with every node and edge in its order."""
    layout = layout_of(graph)
    edges = layout.in_order_of_edges(graph.edges)
    return Layout(
        tuple(node.identifier for node in layout.in_order_of_nodes(graph.nodes)),
        tuple(edge.identifier for edge in edges),
        {edge.identifier: layout.hint(edge) for edge in edges},
    )


def _tried(graph: Graph, engine: Engine, layout: Layout) -> Found:
    drawn = engine.draw(to_dot(graph, layout=layout), "json")
    picture = picture_of(json.loads(drawn))
    found = score(picture)
    pairs = (
        *found.crossings,
        *found.line_through_label,
        *found.line_through_node,
        *found.label_on_label,
        *found.label_on_node,
    )
    named = [name.removeprefix("edge-") for pair in pairs for name in pair]
    guilty = tuple(name for name in named if name in layout.hints)
    cost = _OVERLAP * found.overlaps + _CROSSING * len(found.crossings) + _ugliness(picture)
    return Found(layout, cost, found.overlaps, len(found.crossings), guilty)


def _ugliness(picture: Picture) -> float:
    """Give what a large, lopsided or upside-down picture costs."""
    across, up = picture.size
    cost = across * up / 40_000 + 30 * max(0.0, across / up - _WIDEST, up / across - _WIDEST)
    start = picture.nodes.get(START.value)
    if start is not None:
        cost += (max(box.high for box in picture.nodes.values()) - start.high) / 12
    return cost


def _varied(found: Found, random: Random) -> Layout:
    nodes, edges = list(found.layout.nodes), list(found.layout.edges)
    hints = dict(found.layout.hints)
    loose = [edge for edge in edges if not edge.endswith("-start")]
    guilty = [edge for edge in found.guilty if edge in loose] or loose
    chosen = [random.choice(guilty) for _ in range(random.choice((1, 2, 3)))]
    chosen.append(random.choice(loose))
    for edge in chosen:
        hints[edge] = Hint(
            back=random.choice((True, False, hints[edge].back, hints[edge].back)),
            weight=random.choice((0, 1, 1, 2, 4)),
            minlen=random.choice((1, 1, 1, 2)),
            constraint=random.random() < 0.9,  # noqa: PLR2004 - nine times of ten
        )
        edges.remove(edge)
        edges.insert(random.randrange(len(edges) + 1), edge)
    if random.random() < 0.1:  # noqa: PLR2004 - one time of ten
        nodes.insert(random.randrange(len(nodes)), nodes.pop(random.randrange(len(nodes))))
    return Layout(tuple(nodes), tuple(edges), hints)


if __name__ == "__main__":  # pragma: no cover - the test calls `main`
    main()
