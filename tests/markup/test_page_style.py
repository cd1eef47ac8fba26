"""The style of the HTML pages can be read by everybody, on light screens, dark ones and paper."""

from __future__ import annotations

import re

import pytest

from lifecycle.markup.html import stylesheet

ROOTS = re.findall(r":root \{(.*?)\}", stylesheet(), re.DOTALL)
SCHEMES = {
    name: dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", text))
    for name, text in zip(("light", "dark", "paper"), ROOTS, strict=True)
}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(one * 2 for one in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ink", ["ink", "quiet", "link"])
@pytest.mark.parametrize("ground", ["paper", "wash", "code"])
def test_words_stand_out_from_what_is_behind_them(scheme: str, ink: str, ground: str) -> None:
    colours = SCHEMES[scheme]
    assert contrast(colours[ink], colours[ground]) >= 4.5


def test_every_colour_is_one_of_the_scheme() -> None:
    rules = re.sub(r":root \{.*?\}", "", stylesheet(), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-f]{3,6}\b", rules) == []
    assert set(re.findall(r"var\(--(\w+)\)", rules)) <= set(SCHEMES["light"])


def test_a_page_fetches_nothing() -> None:
    assert not re.search(r"url\(|@import|https?:", stylesheet())
