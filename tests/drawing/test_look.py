"""The colours can be read, in light and in dark, and no actor is told by its colour alone."""

from __future__ import annotations

import pytest

from lifecycle.drawing.graph import Outcome
from lifecycle.drawing.look import DARK, LIGHT, LINES, PALETTES, Palette, contrast
from lifecycle.table import Actor

ENOUGH = 4.5


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#ff0000", "#ff0000", 1.0)],
)
def test_contrast_is_that_of_the_web_content_guidelines(
    one: str, two: str, expected: float
) -> None:
    assert contrast(one, two) == pytest.approx(expected, abs=0.01)
    assert contrast(one, two) == contrast(two, one)


@pytest.mark.parametrize("name", PALETTES)
def test_every_text_and_line_stands_out_from_what_is_behind_it(name: str) -> None:
    palette = PALETTES[name]
    texts = {
        "ink": palette.ink,
        "muted": palette.muted,
        "failure": palette.failure,
        "initial": palette.initial,
        "unused": palette.unused,
        "emphasis": palette.emphasis,
        **{actor.name: colour for actor, colour in palette.actors.items()},
    }
    assert {text: contrast(colour, palette.paper) for text, colour in texts.items()}
    assert [
        text for text, colour in texts.items() if contrast(colour, palette.paper) < ENOUGH
    ] == []


@pytest.mark.parametrize("name", PALETTES)
def test_every_text_in_a_state_stands_out_from_the_state(name: str) -> None:
    palette = PALETTES[name]
    written = [palette.ink, palette.muted, *palette.actors.values()]
    inside = [*palette.fills.values(), *palette.heat]
    faint = [(text, fill) for text in written for fill in inside if contrast(text, fill) < ENOUGH]
    assert faint == []


def test_each_actor_has_a_colour_and_a_line_of_its_own() -> None:
    for palette in PALETTES.values():
        assert set(palette.actors) == set(Actor) == set(LINES)
        assert len({*palette.actors.values(), palette.failure}) == len(Actor) + 1
    assert len(set(LINES.values())) == len(Actor)


def test_every_colour_of_light_has_one_of_dark_and_no_two_are_mixed_up() -> None:
    light, dark = LIGHT.colours(), DARK.colours()
    assert len(light) == len(dark)
    assert len(set(light)) == len(light)
    assert all(len(colour) == len("#rrggbb") and colour == colour.lower() for colour in light)


def test_a_failure_has_the_colour_of_failures_whoever_fails() -> None:
    palette: Palette = LIGHT
    assert {palette.line(actor, Outcome.FAILURE) for actor in Actor} == {palette.failure}
    assert palette.line(None, Outcome.SUCCESS) == palette.initial
