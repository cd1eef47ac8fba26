"""The commands that draw histories: timeline, occupancy, and diagram with one laid over it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from defusedxml import ElementTree as ET  # noqa: N817 - as its standard twin is called

from lifecycle.drawing.engine import find_engine

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "lifecycle"]
FIRST = "examples/first-image.yaml"
SVG = "{http://www.w3.org/2000/svg}"
PNG = b"\x89PNG"
HOSTILE = """title: '<b>&" onload="alert(1)'
steps:
  - oneimage create --name debian --type OS --path /x -d default
  - datastore: {answer}
"""


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, check=False, cwd=ROOT)


def refused(*arguments: str) -> str:
    done = run(*arguments)
    told = done.stderr.decode()
    assert done.returncode == 2, told
    assert done.stdout == b""
    assert told.count("\n") == 1
    return told


def test_a_timeline_is_an_accessible_picture(tmp_path: Path) -> None:
    file = tmp_path / "first.svg"
    done = run("timeline", FIRST, "-o", str(file))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    root = ET.fromstring(file.read_text("utf-8"))
    assert root.get("role") == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text == "The first image"
    assert description is not None
    assert "debian LOCKED to READY" in (description.text or "")
    assert "prefers-color-scheme:dark" in file.read_text("utf-8")
    told = [one.text for one in root.iter(f"{SVG}title")]
    assert "debian: LOCKED" in told
    assert "refused: Cannot delete image. There are 1 VMs using it." in told


@pytest.mark.parametrize("command", [("timeline",), ("occupancy", "--runs", "3")])
def test_the_same_command_gives_the_same_bytes_in_every_format(command: tuple[str, ...]) -> None:
    for format_, begins in (("dot", b"graph "), ("svg", b"<svg "), ("png", PNG)):
        one, two = (run(*command, FIRST, "-f", format_) for _ in range(2))
        assert one.returncode == 0, one.stderr
        assert one.stdout == two.stdout
        assert one.stdout.startswith(begins)


def test_every_engine_paints_a_timeline(tmp_path: Path) -> None:
    dot = run("timeline", FIRST, "-f", "dot").stdout.decode()
    painted = {
        engine: ET.fromstring(engine.draw(dot, "svg", placed=True))
        for engine in {find_engine(), find_engine(pinned=True)}
    }
    texts = {tuple(text.text for text in root.iter(f"{SVG}text")) for root in painted.values()}
    assert len(texts) == 1


def test_occupancy_is_told_as_numbers_too() -> None:
    done = run("occupancy", FIRST, "--bins", "10", "--json")
    value = json.loads(done.stdout)
    assert value["images"]["LOCKED"] == [1] * 8 + [0] * 2
    assert value["runs"] == 1


@pytest.mark.parametrize("show", ["path", "standing", "heat", "coverage"])
def test_a_history_is_laid_over_a_view(show: str) -> None:
    plain = run("diagram", "-f", "dot").stdout
    done = run("diagram", "-f", "dot", "--history", FIRST, "--show", show)
    assert done.returncode == 0, done.stderr
    assert done.stdout != plain
    lines = {"path": b"the path of debian", "standing": b"gone", "heat": b"once"}
    assert lines.get(show, b"never") in done.stdout


def test_a_hostile_name_is_only_text(tmp_path: Path) -> None:
    story = tmp_path / "hostile.yaml"
    words = """'fail CP debian <i>a&b</i></svg><script>alert(1)</script>'"""
    story.write_text(HOSTILE.format(answer=words), encoding="utf-8")
    for arguments in (
        ("timeline", str(story)),
        ("occupancy", str(story)),
        ("diagram", "--history", str(story)),
        ("diagram", "--history", str(story), "--show", "standing"),
    ):
        done = run(*arguments)
        assert done.returncode == 0, done.stderr
        root = ET.fromstring(done.stdout)
        tags = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert not tags & {"script", "i", "b"}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("timeline", "none.yaml"), "none.yaml"),
        (("timeline", FIRST, "-f", "gif"), "no picture has the format 'gif'; there are: dot"),
        (("timeline", FIRST, "--theme", "pink"), "no theme is named 'pink'"),
        (("timeline", FIRST, "--number", "2"), "holds no history number 2"),
        (("timeline", FIRST, "-o", "nowhere/a.svg"), "nowhere/a.svg: cannot be written"),
        (("timeline", "pyproject.toml"), "must end in one of .yaml"),
        (("occupancy",), "Missing argument"),
        (("occupancy", FIRST, "--runs", "0"), "--runs"),
        (("occupancy", FIRST, "tests/data/traces/level1.jsonl.xz"), "seconds and some in steps"),
        (("diagram", "--history", FIRST, "--show", "x"), "--show: must be one of path, standing"),
        (("diagram", "--history", FIRST, "--image", "x"), "no image 'x' in it"),
        (("diagram", "--history", "none.yaml"), "none.yaml"),
    ],
)
def test_bad_input_is_told_in_one_line(arguments: tuple[str, ...], problem: str) -> None:
    assert problem in refused(*arguments)
