"""How pictures look: colours for light and for dark, and a line of its own for each actor.

An actor is told by the colour of its lines and by their style together, so that
a reader who sees no colours misses nothing. A state has the colour of its
simplified state. Whatever is read keeps a contrast of at least 4.5 to 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifecycle.drawing.graph import Outcome
from lifecycle.states import ImageState, Simplified
from lifecycle.table import Actor

if TYPE_CHECKING:
    from collections.abc import Mapping

FONT = "Helvetica"
"""The one font: its widths are known to every engine, and every system has a stand-in for it."""


class Palette(NamedTuple):
    """Colours, as ``#rrggbb`` in small letters.

    Attributes:
        paper: the background.
        ink, muted: texts, and small texts of less weight.
        rule: the outlines of states, which are not read.
        actors: the lines and texts of each actor.
        failure: the lines and texts of failures, whoever fails.
        initial: the line from the start.
        fills: the inside of states, by their simplified state; None for what has none.
        emphasis, unused: the marks of an overlay: where it stands, what was never taken.
        heat: from little to much.
    """

    paper: str
    ink: str
    muted: str
    rule: str
    actors: Mapping[Actor, str]
    failure: str
    initial: str
    fills: Mapping[Simplified | None, str]
    emphasis: str
    unused: str
    heat: tuple[str, ...]

    def line(self, actor: Actor | None, outcome: Outcome) -> str:
        """Give the colour of an edge and of its text."""
        if actor is None:
            return self.initial
        return self.failure if outcome is Outcome.FAILURE else self.actors[actor]

    def fill(self, state: object) -> str:
        """Give the colour of a node, by the state that it stands for."""
        if isinstance(state, ImageState):
            state = state.simplified
        return self.fills[state if isinstance(state, Simplified) else None]

    def colours(self) -> tuple[str, ...]:
        """Give every colour, in the same order for every palette."""
        return (
            self.paper,
            self.ink,
            self.muted,
            self.rule,
            *(self.actors[actor] for actor in Actor),
            self.failure,
            self.initial,
            *(self.fills[state] for state in (None, *Simplified)),
            self.emphasis,
            self.unused,
            *self.heat,
        )


LIGHT = Palette(
    paper="#ffffff",
    ink="#131a26",
    muted="#4a5263",
    rule="#3c4a63",
    actors={
        Actor.USER: "#0059a3",
        Actor.DATASTORE: "#006b4d",
        Actor.VM: "#964200",
        Actor.MARKETPLACE: "#6f3bb3",
    },
    failure="#b00f3a",
    initial="#3c4a64",
    fills={
        None: "#eef0f4",
        Simplified.READY: "#d9f2e1",
        Simplified.USED: "#fde6d5",
        Simplified.DISABLED: "#e3e5ea",
        Simplified.LOCKED: "#e0eafb",
        Simplified.ERROR: "#fbdde4",
        Simplified.CLONING: "#eae2f8",
        Simplified.DELETING: "#fdf0c9",
    },
    emphasis="#d0006f",
    unused="#6b7280",
    heat=("#fff9e3", "#ffefc2", "#ffe39c", "#ffd97f", "#ffd171"),
)
"""On white."""

DARK = Palette(
    paper="#12161f",
    ink="#eef2f8",
    muted="#b3bccb",
    rule="#8fa0bd",
    actors={
        Actor.USER: "#74b6ff",
        Actor.DATASTORE: "#4fd1a1",
        Actor.VM: "#f5a05c",
        Actor.MARKETPLACE: "#c3a1ff",
    },
    failure="#ff7d98",
    initial="#8fa0be",
    fills={
        None: "#262c39",
        Simplified.READY: "#173b28",
        Simplified.USED: "#472a14",
        Simplified.DISABLED: "#30353f",
        Simplified.LOCKED: "#1d3152",
        Simplified.ERROR: "#4a1a28",
        Simplified.CLONING: "#362756",
        Simplified.DELETING: "#423714",
    },
    emphasis="#ff6ab8",
    unused="#98a1b0",
    heat=("#1f1a10", "#332710", "#46300c", "#57340c", "#65350a"),
)
"""On nearly black."""

PALETTES: Mapping[str, Palette] = {"light": LIGHT, "dark": DARK}
"""The palettes by their names."""

LINES: Mapping[Actor, str] = {
    Actor.USER: "solid",
    Actor.DATASTORE: "dashed",
    Actor.VM: "bold",
    Actor.MARKETPLACE: "dotted",
}
"""The style of each actor's lines, by Graphviz's names; a double one would lose its arrows."""


def contrast(one: str, two: str) -> float:
    """Give the contrast of two colours, from 1 to 21, as WCAG 2.2 defines it."""
    brighter, darker = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG's
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
