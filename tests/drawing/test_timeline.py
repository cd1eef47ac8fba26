"""Timelines and plots: every place is given, nothing overlaps, no name is interpreted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lifecycle import InputError
from lifecycle.drawing.chronicle import Chronicle, Happening, Lane, Moved
from lifecycle.drawing.chronicles import read
from lifecycle.drawing.occupancy import occupancy, plot
from lifecycle.drawing.text_width import broken, cut, room_for, width_of
from lifecycle.drawing.timeline import MOST_LANES, MOST_ROWS, family, timeline
from lifecycle.states import ImageState, Simplified

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
NODE = re.compile(r'^\t"[a-z]+-\d+" \[(.*)\]$', re.MULTILINE)
ATTRIBUTE = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|[^ ]+)')
HOSTILE = [
    "<b>bold</b>",
    'a "quoted" \\N name',
    "line\nbreak\ttab",
    "\u202eright to left\u202c",
    "bell\x07",
    "x" * 10_000,
    "",
]

Place = tuple[float, float, float, float]


def nodes(source: str) -> list[dict[str, str]]:
    return [dict(ATTRIBUTE.findall(line)) for line in NODE.findall(source)]


def places(source: str, kind: str) -> list[Place]:
    found = []
    for node in nodes(source):
        if node.get("class", "").strip('"').split(" ")[0] == kind:
            x, y = (float(part) for part in node["pos"].strip('"!').split(","))
            wide, high = (72 * float(node[side]) for side in ("width", "height"))
            right = x + wide / 2
            label = node.get("label", "").strip('"')
            if label.endswith(r"\l"):
                # The room of a text is generous; what counts is where its letters are.
                size = float(node["fontsize"])
                right = x - wide / 2 + room_for(label.removesuffix(r"\l").strip(), size)
            found.append((x - wide / 2, y - high / 2, right, y + high / 2))
    return found


def overlap(one: Place, two: Place) -> bool:
    slack = 0.05
    return (
        one[0] < two[2] - slack
        and two[0] < one[2] - slack
        and one[1] < two[3] - slack
        and two[1] < one[3] - slack
    )


def told(name: str, refused: str = "") -> Chronicle:
    lane = Lane("image", 0)
    birth = Happening(0, "oneadmin", f"create {name}", (Moved(lane, name, ("INIT", "LOCKED")),))
    return Chronicle(name, (birth, Happening(9, name, name, refused=refused, about=(lane,))), 9)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_stretch_text_or_mark_of_an_example_lies_on_another(path: Path) -> None:
    (chronicle,) = read(str(path))
    source = timeline(chronicle).source()
    for kinds in (("stretch",), ("text", "what", "refused", "asked", "lane", "heading")):
        found = [place for kind in kinds for place in places(source, kind)]
        assert found
        for number, one in enumerate(found):
            assert not any(overlap(one, two) for two in found[number + 1 :])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_state_and_every_refusal_of_an_example_is_in_the_picture(path: Path) -> None:
    (chronicle,) = read(str(path))
    source = timeline(chronicle).source()
    shown = [one for one in chronicle.happenings if one.refused]
    assert len(places(source, "mark")) >= 2 * len(shown)
    states = {moved.states[-1] for one in chronicle.happenings for moved in one.moved}
    assert states == set(re.findall(r'class="stretch state-(\w+)"', source))


def test_the_same_history_gives_the_same_bytes() -> None:
    path = str(ROOT / "examples/force-delete.yaml")
    assert timeline(next(read(path))).source() == timeline(next(read(path))).source()


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_only_text(name: str) -> None:
    source = timeline(told(name, refused=name or "no")).source()
    assert "\x07" not in source
    assert "\u202e" not in source
    assert "label=<" not in source
    assert len(source) < 20_000
    lines = source.splitlines()
    assert lines[-1] == "}"
    assert all(line.startswith(("\t", "graph", "}")) for line in lines)


def test_a_long_pause_is_told_and_not_drawn_to_scale() -> None:
    (chronicle,) = read(str(ROOT / "examples/force-delete.yaml"))
    source = timeline(chronicle).source()
    assert "1 d pass" in source
    assert "not to scale" in source


def test_lanes_that_find_no_room_are_counted_in_words() -> None:
    births = tuple(
        Happening(
            number, "oneadmin", "create", (Moved(Lane("image", number), "", ("INIT", "LOCKED")),)
        )
        for number in range(MOST_LANES + 3)
    )
    source = timeline(Chronicle("many", births, 9)).source()
    assert "3 more images and machines are not shown" in source
    assert len(places(source, "stretch")) == MOST_LANES


@pytest.mark.parametrize("count", [0, MOST_ROWS + 1])
def test_nothing_and_too_much_are_refused(count: int) -> None:
    empty = Chronicle("none", (Happening(0, "a", "b"),) * count, 0)
    with pytest.raises(InputError, match=r"nothing happens|1000 at most"):
        timeline(empty)


@pytest.mark.parametrize("state", ImageState)
def test_a_state_has_the_colour_of_its_simplified_state(state: ImageState) -> None:
    assert family(state.name) is state.simplified


def test_a_machine_that_failed_has_the_colour_of_errors() -> None:
    assert family("CLONING_FAILURE") is family("BOOT_FAILURE") is Simplified.ERROR


# Plots


def test_occupancy_counts_images_by_state_in_the_mean_of_the_runs() -> None:
    path = str(ROOT / "examples/first-image.yaml")
    counted = occupancy(read(path, runs=2), bins=50)
    assert counted.runs == 2
    assert counted.times[0] == 0.5
    assert counted.counts[ImageState.LOCKED] == (1.0,) * 40 + (0.0,) * 10
    assert counted.counts[ImageState.DELETE][45:] == (1.0,) * 5
    assert sum(counts[42] for counts in counted.counts.values()) == 1
    assert set(counted.to_json()["images"]) == {"READY", "USED", "LOCKED", "DELETE"}


def test_the_bars_of_a_plot_stand_on_each_other() -> None:
    counted = occupancy(read(str(ROOT / "tests/data/traces/level3.jsonl.xz")))
    rows = counted.simplified()
    source = plot(counted).source()
    bars = places(source, "bar")
    assert len(bars) == sum(value > 0 for row in rows.values() for value in row)
    heights = {round(bar[0], 1): 0.0 for bar in bars}
    for bar in bars:
        heights[round(bar[0], 1)] += bar[3] - bar[1]
    totals = [sum(values) for values in zip(*rows.values(), strict=True)]
    scale = heights[max(heights)] / totals[-1]
    drawn = [heights[left] for left in sorted(heights)]
    assert drawn == pytest.approx([scale * total for total in totals if total], abs=0.2)


def test_seconds_and_steps_are_not_mixed() -> None:
    runs = [*read(str(ROOT / "examples/first-image.yaml"))]
    runs += [*read(str(ROOT / "tests/data/traces/level1.jsonl.xz"))]
    with pytest.raises(InputError, match="seconds and some in steps"):
        occupancy(runs)


def test_a_history_without_images_has_no_plot() -> None:
    with pytest.raises(InputError, match="no image appears"):
        occupancy([Chronicle("none", (), 0)])


# Widths


def test_widths_are_those_of_helvetica() -> None:
    assert width_of("AV", 1000) == 667 + 667
    assert width_of("il", 10) == pytest.approx(4.44)
    assert width_of("漢", 10) == 10
    assert width_of("e\u0301", 10) == width_of("e", 10)


@pytest.mark.parametrize("text", ["a few words that go on", "x" * 300, "", "one"])
def test_broken_lines_fit_and_keep_the_words(text: str) -> None:
    lines = broken(text, 60, 9, 40)
    assert all(room_for(line, 9) <= 60 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_what_is_too_long_ends_with_an_ellipsis() -> None:
    assert broken("word " * 50, 60, 9, 2)[-1].endswith("…")
    assert cut("a long name", 30, 9).endswith("…")
    assert cut("short", 100, 9) == "short"
