"""DOT is a pure function of a graph, an overlay and a palette."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from lifecycle import GONE
from lifecycle.drawing.dot import to_dot
from lifecycle.drawing.labels import guards_line, joined
from lifecycle.drawing.layout import Hint
from lifecycle.drawing.look import DARK, LIGHT
from lifecycle.drawing.overlay import Mark, Overlay, steps
from lifecycle.drawing.views import parse_view

ROOT = Path(__file__).parents[2]
FULL = parse_view("full").graph()


def test_the_same_input_gives_the_same_bytes_in_every_process() -> None:
    program = (
        "from lifecycle.drawing.picture import draw; import sys;"
        "sys.stdout.buffer.write(draw('full', 'dot'))"
    )
    drawn = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=ROOT,
        ).stdout
        for seed in ("1", "2")
    }
    assert drawn == {to_dot(FULL).encode()}


def test_a_palette_changes_nothing_but_colours() -> None:
    dark = to_dot(FULL, palette=DARK)
    for light, other in zip(LIGHT.colours(), DARK.colours(), strict=True):
        dark = dark.replace(other, light)
    assert dark == to_dot(FULL)


def test_marks_change_what_they_are_laid_over_and_nothing_else() -> None:
    overlay = Overlay(
        nodes={"READY": Mark(emphasis=True, heat=0.5), "USED": Mark(faded=True)},
        edges={
            "READY-USED-vm": Mark(numbers=(1, 3), heat=1.0),
            "USED-READY-vm": Mark(emphasis=True, note="2 times"),
            "READY-USED-marketplace": Mark(faded=True),
        },
    )
    plain, marked = (to_dot(FULL, one).splitlines() for one in (Overlay(), overlay))
    changed = {
        line.split("id=", 1)[1].split()[0].strip('"')
        for line, other in zip(plain, marked, strict=True)
        if line != other
    }
    assert changed == {
        "state-READY",
        "state-USED",
        "edge-READY-USED-vm",
        "edge-USED-READY-vm",
        "edge-READY-USED-marketplace",
    }


def test_the_heat_of_a_state_is_its_colour() -> None:
    colours = [
        next(
            line.split('fillcolor="', 1)[1][:7]
            for line in to_dot(FULL, Overlay(nodes={"CLONE": Mark(heat=heat)})).splitlines()
            if "id=" in line and "state-CLONE" in line
        )
        for heat in (0.0, 0.5, 1.0)
    ]
    assert colours == [LIGHT.heat[0], LIGHT.heat[2], LIGHT.heat[-1]]


def test_a_mark_on_a_start_or_an_end_is_seen() -> None:
    overlay = Overlay(nodes={"start": Mark(emphasis=True), "gone": Mark(emphasis=True)})
    marked = [
        line
        for line in to_dot(FULL, overlay).splitlines()
        if f'fillcolor="{LIGHT.emphasis}"' in line
    ]
    assert len(marked) == 1 + len(FULL.edges_to(GONE))


def test_the_legend_explains_the_actors_of_the_picture_and_no_others() -> None:
    dot = to_dot(parse_view("actor=marketplace").graph())
    head = dot.split("\tnode [", 1)[0]
    assert ">marketplace<" in head
    assert ">user<" not in head
    assert ">virtual machine fails<" in to_dot(FULL)


def test_operations_are_named_together() -> None:
    assert joined(["cp done", "mkfs done"]) == "cp, mkfs done"
    assert joined(["snap delete done", "snap delete failed"]) == "snap delete ended"
    assert joined(["delete", "delete force"]) == "delete (force)"
    assert joined(["release", "release failed"]) == "release (failed)"
    assert joined([]) == ""


def test_guards_are_written_as_they_are_read() -> None:
    assert guards_line(["not has_vms", "has_source", "not persistent"]) == (
        "[no VMs, SOURCE, not persistent]"
    )


def test_only_the_guards_that_decide_are_written() -> None:
    dot = to_dot(parse_view("full").graph())
    assert "[not persistent]" in dot
    assert "[clonable" not in dot.split("tooltip", 1)[0]
    assert "[persistent]" not in to_dot(parse_view("type=KERNEL").graph()).replace("tooltip", "")


def test_many_steps_are_told_shortly() -> None:
    assert steps((1, 2, 3)) == "1, 2, 3"
    assert steps(tuple(range(1, 10_000))) == "1, 2, 3, 4, 5, ... 9999 (9999 times)"


def test_a_hint_is_told_to_the_engine() -> None:
    hint = Hint(back=True, weight=3, minlen=2, constraint=False)
    assert hint.attributes() == {
        "dir": "back",
        "weight": "3",
        "minlen": "2",
        "constraint": "false",
    }
    assert Hint().attributes() == {}
