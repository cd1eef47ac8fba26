"""``lifecycle explore`` tells what can happen, what fails, and why it stopped."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from lifecycle.cli.commands import root
from lifecycle.refusal import InputError
from lifecycle.scenario.format import read
from lifecycle.scenario.run import play

if TYPE_CHECKING:
    from pathlib import Path


class Done(NamedTuple):
    code: int
    out: str
    err: str
    problem: str


Run = Callable[..., Done]


@pytest.fixture
def run() -> Run:
    """Run the command in this process."""

    def call(*arguments: object) -> Done:
        done = CliRunner().invoke(root, ["explore", *map(str, arguments)])
        problem = str(done.exception) if isinstance(done.exception, InputError) else ""
        return Done(done.exit_code, done.stdout, done.stderr, problem)

    return call


SMALL = ("image", "--type", "OS", "--clones", "0")


def test_one_image_is_told_by_state_with_the_nearest_way_to_get_stuck(run: Run) -> None:
    done = run(*SMALL)
    assert done.code == 0
    first, heading, *rest = done.out.splitlines()
    assert first == "169 configurations, 670 edges"
    assert heading.split() == ["state", "configurations", "steps", "to", "it"]
    place = rest.index("fails: From everywhere some way leads to READY and free, or gone.")
    assert rest[place + 1 : place + 4] == [
        "  not so of 8 of 169; the nearest:",
        "  OS, USED, without SOURCE, 1 ghost machine",
        "  born: OS, PATH; acquire; cp_failure; release waiting; enable",
    ]
    assert "holds: Every LOCKED image can leave when the datastore answers well." in rest


def test_where_nothing_holds_an_image_there_is_always_a_way(run: Run) -> None:
    done = run("image", "--type", "OS", "--clones", "0", "--machines", "0")
    assert "holds: From everywhere some way leads to READY and free, or gone." in done.out


def test_what_fails_of_one_image_is_written_as_a_scenario(run: Run, tmp_path: Path) -> None:
    assert run(*SMALL, "--scenarios", tmp_path).code == 0
    (file,) = tmp_path.iterdir()
    assert file.name == "can-be-free.yaml"
    played = play(read(str(file)))
    assert played.unmet == ()
    assert played.checked > 0


def test_calls_in_a_cloud_reach_the_same(run: Run) -> None:
    done = run(*SMALL, "--verify")
    assert done.code == 0
    assert "The same 169 configurations and 670 edges were reached by" in done.out
    refused = run(*SMALL, "--verify", "--no-symmetry")
    assert refused.problem == "--verify: goes with symmetry only"


def test_json_holds_every_configuration_and_edge_and_is_the_same_each_time(run: Run) -> None:
    done = run(*SMALL, "--json")
    told = json.loads(done.out)
    assert told["complete"]
    assert len(told["configurations"]) == 169
    assert len(told["edges"]) == 670
    assert {"state": "GONE"} in told["configurations"]
    assert told["configurations"][told["beginnings"]["OS, PATH"]]["requests"] == ["CP"]
    assert run(*SMALL, "--json") == done


def test_a_graph_is_written_as_graphml_or_json(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "image.graphml"
    assert run(*SMALL, "--graph", file).code == 0
    found = ET.parse(file).getroot()  # noqa: S314 - written a moment ago
    space = "{http://graphml.graphdrawing.org/xmlns}"
    assert len(found.findall(f".//{space}node")) == 169
    assert len(found.findall(f".//{space}edge")) == 670
    file = tmp_path / "cloud.json"
    assert run("cloud", "--persistent", "no", "--graph", file).code == 0
    assert json.loads(file.read_text(encoding="utf-8"))["complete"]


def test_a_bound_stops_it_with_one_line_and_what_was_found_so_far(run: Run) -> None:
    done = run("image", "--machines", "3", "--clones", "3", "--most", "50")
    assert done.code == 1
    assert done.out.splitlines()[0].endswith("(incomplete)")
    assert done.err == "lifecycle: more than 50 configurations\n"
    done = run("cloud", "--memory", "1")
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert "1 were allowed" in done.err
    # Nothing is said of what was not looked at.
    assert done.out.splitlines()[1] == "No property fails in what was explored."


def test_a_small_cloud_is_told_by_what_fails_and_writes_it_as_scenarios(
    run: Run, tmp_path: Path
) -> None:
    done = run("cloud", "--persistent", "no", "--scenarios", tmp_path / "failing")
    assert done.code == 0
    lines = [line.split() for line in done.out.splitlines()]
    assert ["machines-are-there", "image", "USED", "5", "5"] in lines
    written = sorted((tmp_path / "failing").iterdir())
    assert len(written) == len(lines) - 2
    for file in written:
        played = play(read(str(file)))
        assert played.unmet == ()
        assert played.checked > 0


def test_a_property_that_must_hold_and_fails_is_told_by_the_exit_code(run: Run) -> None:
    small = ("cloud", "--persistent", "no", "--no-faults", "--machines", "0")
    assert run(*small, "--must", "machines-are-there").code == 0
    done = run("cloud", "--persistent", "no", "--must", "machines-are-there", "--json")
    assert done.code == 1
    assert done.err == (
        "lifecycle: does not hold: Every machine that an image counts has the image as a disk.\n"
    )
    assert "machines-are-there" in {one["property"] for one in json.loads(done.out)["broken"]}
    assert run("cloud", "--must", "nonsense").problem.startswith("--must: 'nonsense' is none of ")


def test_many_images_grow_as_told(run: Run) -> None:
    done = run("many", "--images", "3", "--json")
    assert [one["configurations"] for one in json.loads(done.out)] == [11, 121, 1331]
    done = run("many", "--images", "3", "--symmetry")
    assert done.out.splitlines()[-1].split() == ["3", "286", "2,112", "9"]
    done = run("many", "--images", "12", "--memory", "100")
    assert "100 MB are allowed: take fewer images, or symmetry" in done.problem


def test_without_numpy_one_line_names_the_extra(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.delitem(sys.modules, "lifecycle.analysis.exploration.product", raising=False)
    assert run("many").problem.endswith("pip install 'opennebula-image-lifecycle[explore]'")


def test_findings_are_listed_and_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lifecycle.analysis.exploration.findings import FINDINGS  # noqa: PLC0415 - to take a few

    monkeypatch.setattr("lifecycle.cli.explore.FINDINGS", FINDINGS[:1])
    done = run("findings", "--scenarios", tmp_path)
    assert done.code == 0
    assert done.out.splitlines()[1].split()[0] == "ghost-in-used"
    assert {path.name for path in tmp_path.iterdir()} == {
        "README.md",
        "findings.json",
        "ghost-in-used.yaml",
    }
    told = json.loads(run("findings", "--json").out)
    assert [one["name"] for one in told] == ["ghost-in-used"]
    blocked = tmp_path / "findings.json" / "below"
    assert run("findings", "--scenarios", blocked).problem.startswith(f"{blocked}: cannot be made")
