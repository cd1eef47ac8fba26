"""Why there is no way to a goal, or none that is guaranteed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.analysis.situation import Holders
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.operations import DRIVER_ANSWERS, OPERATIONS
from lifecycle.states import GONE, ImageState
from lifecycle.table import Actor
from lifecycle.wording import guard_words, lowered, opposite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lifecycle.analysis.planning.search import Arc, Graph, Policy
    from lifecycle.analysis.planning.space import Space
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.image import Image
    from lifecycle.table import Row

_MOST_STATES = 6


def why_none(graph: Graph, goal: str, tell: Callable[[Cloud], str]) -> tuple[str, ...]:
    """Say why a goal cannot be reached from the beginning of a graph that was searched.

    Args:
        graph: that was searched.
        goal: in words.
        tell: says what the image of a cloud is like.
    """
    space = graph.space
    states = {space.state(node.cloud) for node in graph.nodes.values()}
    start = space.start.images[space.subject]
    if states != {start.state}:
        names = [state.name for state in ImageState if state in states]
        listed = ", ".join([*names, "gone"] if GONE in states else names)
        return (f"what can be reached from here: {listed}; never {goal}",)
    last = min((node.cloud for node in graph.nodes.values()), key=lambda one: _left(one, space))
    lines = [f"nothing leads out of {start.state.name} here"]
    if last is not space.start:
        lines.append(f"when all has let it go that can: {tell(last)}")
    return (*lines, *_ways_out(last, last.images[space.subject]))


def _left(cloud: Cloud, space: Space) -> tuple[int, int]:
    image = cloud.images[space.subject]
    return image.running_vms + image.cloning_ops, len(cloud.drivers.open)


_LET_GO = (
    (("release",), "a machine that lets it go", "no machine holds it", (0, 1)),
    (
        ("clone_released", "export_released"),
        "a copy or an export that ends",
        "none is under way",
        (2, 3, 4, 5),
    ),
)
"""What lets an image go: its operations, in words, what is so without holders, which holders."""


def _ways_out(cloud: Cloud, image: Image) -> Iterator[str]:
    """Say of each kind of thing that leads out of the state why it does not happen."""
    rows = [
        row
        for row in IMAGE_TABLE.rows_from(image.state)
        if row.target is not None and row.target is not image.state
    ]
    held = Holders.of(cloud, image)
    for operations, who, nobody, (*places,) in _LET_GO:
        found = [row for row in rows if row.operation in operations]
        if not found:
            continue
        there = [one for place in places[::2] for one in held[place]]
        gone = [one for place in places[1::2] for one in held[place]]
        if words := _unmet(found[0], image):
            yield f"{who} would; {words}"
        elif gone and not there:
            yield f"{who} would; what is counted there ({len(gone)}) exists no more"
        elif not there:
            yield f"{who} would; {nobody}"
    if any(row.operation in DRIVER_ANSWERS.values() for row in rows):
        yield "an answer of the datastore would; it was asked for nothing that it has not answered"
    yield from _commands(rows, image)


def _commands(rows: list[Row], image: Image) -> Iterator[str]:
    lines = []
    for row in rows:
        operation = OPERATIONS[row.operation]
        if operation.actor is Actor.USER and operation.command:
            words = _unmet(row, image)
            if words:
                lines.append(f"{operation.command} would; {words}")
    yield from dict.fromkeys(lines)


_COUNTING = ("last_holder", "last_clone", "last_app", "last_vm")


def _unmet(row: Row, image: Image) -> str:
    """Say which guards keep a row from applying, but for those that count who holds the image."""
    return " and ".join(
        lowered(guard_words(IMAGE_TABLE, opposite(guard)))
        for guard in row.guards
        if guard not in _COUNTING
        and IMAGE_TABLE.guards[guard.removeprefix("not ")](image, None) is guard.startswith("not ")
    )


def why_not_guaranteed(
    graph: Graph, way: list[Arc], safe: Policy, tell: Callable[[Cloud], str]
) -> tuple[str, ...]:
    """Say which answers spoil the shortest way, and what the image is like then.

    Args:
        graph: that was searched.
        way: the shortest way.
        safe: where a way is guaranteed.
        tell: says what the image of a cloud is like.
    """
    node = graph.start
    lines: list[str] = []
    for arc in way:
        lines += [
            f"if {other.move.text}: {tell(other.node.cloud)}"
            for other in node.answered
            if other.node.key not in safe and other.node is not arc.node
        ]
        node = arc.node
    return tuple(dict.fromkeys(lines))
