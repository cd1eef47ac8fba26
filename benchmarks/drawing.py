"""What a picture costs beside its engine, and how that grows with what is laid over it."""

from __future__ import annotations

from benchmarks.measure import Result, side_by_side
from lifecycle.drawing.dot import to_dot
from lifecycle.drawing.engine import find_engine
from lifecycle.drawing.overlay import Mark, Overlay
from lifecycle.drawing.svg import finished, told_of
from lifecycle.drawing.views import parse_view


def run(quick: bool) -> list[Result]:
    """Measure; `quick` for a look, not for figures."""
    rounds, times = (3, 1) if quick else (21, 2)
    graph = parse_view("full").graph()
    dot = to_dot(graph)
    engine = find_engine(pinned=True)
    short, long = _overlay(1_000), _overlay(10_000)
    took = side_by_side(
        {
            "picture": lambda: finished(engine.draw(dot, "svg"), told_of(graph)),
            "engine": lambda: engine.draw(dot, "svg"),
            "dot": lambda: to_dot(graph),
            "short": lambda: to_dot(graph, short),
            "long": lambda: to_dot(graph, long),
        },
        rounds=rounds,
        times=times,
    )
    return [
        Result(
            "the full view as SVG",
            took["picture"] / 1000,
            "ms",
            "the bare engine on the same DOT",
            took["engine"] / 1000,
            at_least=round(1 / 1.3, 3),
        ),
        Result("DOT of the full view", took["dot"] / 1000, "ms", at_most=5),
        Result(
            "DOT with 10,000 steps laid over",
            took["long"] / 1000,
            "ms",
            "DOT with 1,000",
            took["short"] / 1000,
            at_least=0.1,
        ),
    ]


def _overlay(steps: int) -> Overlay:
    return Overlay(edges={"READY-USED-vm": Mark(numbers=tuple(range(1, steps + 1)))})
