"""The colours of the page: those of the diagrams, as properties that its style sheet uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.drawing.look import DARK, LIGHT, Palette

if TYPE_CHECKING:
    from collections.abc import Iterator


def colours() -> str:
    """Give the style sheet that names the colours, for light and for dark."""
    return (
        f":root{{{_properties(LIGHT)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{_properties(DARK)}}}}}\n"
    )


def _properties(palette: Palette) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in _named(palette))


def _named(palette: Palette) -> Iterator[tuple[str, str]]:
    yield from (
        ("paper", palette.paper),
        ("ink", palette.ink),
        ("muted", palette.muted),
        ("rule", palette.rule),
        ("failure", palette.failure),
        ("emphasis", palette.emphasis),
    )
    for actor, colour in palette.actors.items():
        yield actor.name.lower(), colour
    for state, colour in palette.fills.items():
        yield f"fill-{'none' if state is None else state.name.lower()}", colour
