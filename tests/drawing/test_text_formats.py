"""Every text format holds the whole graph, and the programs that it is for read it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml
from docutils import nodes
from statemachine.io.scxml.processor import SCXMLProcessor

from lifecycle import IMAGE_TABLE, InputError
from lifecycle.drawing.formats import FORMATS, TextFormat, format_of, to_text
from lifecycle.drawing.formats import xstate as xstate_format
from lifecycle.drawing.formats.words import edge_labels, steps, title_of
from lifecycle.drawing.graph import START, Graph, Node
from lifecycle.drawing.overlay import Mark, Overlay
from lifecycle.drawing.picture import draw
from lifecycle.drawing.views import parse_view, standard_views
from lifecycle.markup.document import one_line
from lifecycle.states import GONE
from tests.drawing.walking import walks_of
from tests.markup.parsing import read_html, read_markdown, read_rest
from tests.markup.test_writers import HOSTILE
from tests.tools import require, run_node

ROOT = Path(__file__).parents[2]
TRACES = ROOT / "tests" / "data" / "traces"
GRAPHS = {view.name: view.graph() for view in standard_views()}
FULL = GRAPHS["full"]
SMALL = GRAPHS["around-CLONE"]._replace(quiet=())
SCXML = "{http://www.w3.org/2005/07/scxml}"


def hostile(words: str) -> Graph:
    """Give a small graph in which all that could be a stranger's words is."""
    return SMALL._replace(title=f"T {words}", captions=(f"C {words}",))


@pytest.mark.parametrize("format_", FORMATS)
def test_what_is_laid_over_a_view_is_told_in_words(format_: str) -> None:
    overlay = Overlay(
        title="a history",
        captions=("of one image",),
        nodes={"CLONE": Mark(note="stands here", numbers=(1, 4), emphasis=True)},
        edges={"READY-CLONE-user": Mark(heat=0.25), "CLONE-READY-datastore": Mark(faded=True)},
    )
    text = draw("around=CLONE", format_, overlay).decode()
    plain = re.sub(r"\x1b\[[0-9;]*m|\n|\\(?=\.)", "", text)
    for said in (
        "a history",
        "of one image",
        "CLONE: stands here, steps 1, 4, marked",
        "READY-CLONE-user: heat 0.25",
        "faded: CLONE-READY-datastore",
    ):
        assert said in plain


@pytest.mark.parametrize("format_", FORMATS.values(), ids=lambda one: one.name)
def test_a_file_is_written_in_the_format_of_its_ending(format_: TextFormat, tmp_path: Path) -> None:
    file = tmp_path / f"clone.{format_.ending}"
    done = run(["around=CLONE", "--output", str(file)])
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert file.read_text("utf-8") == to_text(GRAPHS["around-CLONE"], format_.name)


def test_a_text_format_is_printed_where_no_file_is_named() -> None:
    done = run(["simplified", "--format", "mermaid"])
    assert done.stdout.decode() == to_text(GRAPHS["simplified"], "mermaid")


def run(arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "lifecycle", "diagram", *arguments],
        capture_output=True,
        check=False,
        cwd=ROOT,
    )


def drawn(graph: Graph) -> list[Node]:
    return [node for node in graph.nodes if node.state not in {START, GONE}]


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_graph_gives_the_same_text(format_: str) -> None:
    text = to_text(FULL, format_)
    assert text == to_text(parse_view("full").graph(), format_)
    assert text.endswith("\n")


@pytest.mark.parametrize("format_", sorted(FORMATS.keys() - {"ansi"}))
def test_no_format_drops_a_guard_or_an_effect(format_: str) -> None:
    text = to_text(FULL, format_)
    rows = [step.way.row for step in steps(FULL)]
    told = {name for row in rows for name in (*row.when, *row.unless, *row.effects)}
    assert told == set(IMAGE_TABLE.guards) | set(IMAGE_TABLE.effects) - {"no one"}
    assert {name for name in told if not re.search(rf"\b{name}\b", text)} == set()


def test_the_full_view_carries_every_row_from_every_state() -> None:
    shown = {(step.way.row.key, step.way.origin) for step in steps(FULL)}
    every = {(row.key, origin) for row in IMAGE_TABLE.rows for origin in row.origins}
    left_out = every - shown
    # In INIT nothing but a birth meets an image; and what asks a USED_PERS image, say,
    # whether it is no persistent one, finds none, and would do nothing.
    rows = {row.key: row for row in IMAGE_TABLE.rows}
    assert {
        (key, origin.name)
        for key, origin in left_out
        if origin.name != "INIT" and (rows[key].target or rows[key].effects)
    } == set()


def test_mermaid_reads_every_standard_view_and_finds_all_of_it() -> None:
    graphs = list(GRAPHS.values())
    for graph, told in zip(
        graphs, run_node("mermaid.mjs", [to_text(one, "mermaid") for one in graphs]), strict=True
    ):
        assert told["diagramType"] == "stateDiagram"
        labels = edge_labels(graph)
        titles = {one["id"]: one["descriptions"] for one in told["states"]}
        for node in drawn(graph):
            loops = [labels[edge.identifier] for edge in graph.loops if edge.origin is node.state]
            assert titles[node.identifier] == [title_of(node), *loops]
        found = [
            (origin.replace("root_start", "start"), target.replace("root_end", "gone"), label)
            for origin, target, label in told["relations"]
        ]
        assert found == [
            (
                graph.node(edge.origin).identifier,
                graph.node(edge.target).identifier,
                labels[edge.identifier],
            )
            for edge in graph.edges
        ]


def test_the_title_of_a_mermaid_diagram_is_in_its_front_matter() -> None:
    for words in HOSTILE:
        front = to_text(hostile(words), "mermaid").split("---\n")[1]
        assert yaml.safe_load(front) == {"title": one_line(f"T {words}")}


def test_mermaid_interprets_no_strangers_words() -> None:
    graphs = [SMALL, *map(hostile, HOSTILE)]
    plain, *told = run_node("mermaid.mjs", [to_text(graph, "mermaid") for graph in graphs])
    for one in told:
        assert one["states"] == plain["states"]
        assert one["relations"] == plain["relations"]


def test_plantuml_reads_every_kind_of_view(tmp_path: Path) -> None:
    plantuml = require("plantuml", mend="apt-get install plantuml")
    graphs = [FULL, GRAPHS["simplified"], GRAPHS["failures"], *map(hostile, HOSTILE)]
    for number, graph in enumerate(graphs):
        (tmp_path / f"{number}.puml").write_text(to_text(graph, "plantuml"), "utf-8")
    text = "".join(to_text(graph, "plantuml") for graph in graphs)
    done = subprocess.run(
        [plantuml, "-charset", "UTF-8", "-syntax"],
        input=text,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    told = done.stdout.split("STATE\n")[1:]
    assert "ERROR" not in done.stdout
    assert [int(one.strip("()\n").split()[0]) for one in told] == [
        len(drawn(graph))
        + bool({START, GONE} & {node.state for node in graph.nodes}) * pseudo(graph)
        for graph in graphs
    ]


def pseudo(graph: Graph) -> int:
    return sum(node.state in {START, GONE} for node in graph.nodes)


def test_state_machine_cat_reads_every_standard_view_and_finds_all_of_it() -> None:
    graphs = list(GRAPHS.values())
    texts = [["smcat", to_text(graph, "smcat")] for graph in graphs]
    for graph, told in zip(graphs, run_node("smcat.mjs", texts), strict=True):
        assert [one["name"] for one in told["states"]] == [one.identifier for one in graph.nodes]
        born = [edge for edge in graph.edges if edge.actor is None]
        expected = [(graph.node(edge.origin).identifier, "", "", "") for edge in born] + [
            (
                graph.node(step.origin).identifier,
                step.way.row.operation,
                ", ".join(step.way.row.guards),
                ", ".join(step.way.row.effects),
            )
            for step in steps(graph)
        ]
        assert [
            (one["from"], one.get("event", ""), one.get("cond", ""), one.get("action", ""))
            for one in told["transitions"]
        ] == expected


def test_state_machine_cat_interprets_no_strangers_words() -> None:
    graphs = [hostile(words) for words in HOSTILE]
    told = run_node("smcat.mjs", [["smcat", to_text(graph, "smcat")] for graph in graphs])
    for one in told:
        # The title becomes a note of the first state.
        assert len(one["states"][0].pop("note")) == 2
        assert one == told[0]


def test_another_reader_of_scxml_finds_the_same_machine() -> None:
    graphs = list(GRAPHS.values())
    texts = [["scxml", to_text(graph, "scxml")] for graph in graphs]
    for graph, told in zip(graphs, run_node("smcat.mjs", texts), strict=True):
        names = {one["name"] for one in told["states"]} - {"initial"}
        assert names == {node.identifier for node in graph.nodes}
        found = [one for one in told["transitions"] if one["from"] != "initial"]
        born = [edge for edge in graph.edges if edge.actor is None]
        assert len(found) == len(list(steps(graph))) + len(born)


@pytest.mark.parametrize("words", HOSTILE)
def test_scxml_is_xml_whatever_the_words(words: str) -> None:
    root = ET.fromstring(to_text(hostile(words), "scxml"))
    assert [one.get("id") for one in root] == ["READY", "CLONE"]


def test_a_machine_of_scxml_walks_recorded_histories(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    processor = SCXMLProcessor()
    processor.parse_scxml("full", to_text(FULL, "scxml"))
    (machine,) = processor.scs.values()
    walks = walks_of(TRACES / "level4.jsonl.xz", 2, monkeypatch)
    assert sum(len(walk.events) for walk in walks) > 50
    for walk in walks:
        running = machine()
        for event, after in zip(walk.events, walk.after, strict=True):
            running.send(event["type"], **event["guards"])
            assert list(running.configuration_values) == [after]
    assert "add_vm: 'The machine is added to VMS" in capsys.readouterr().out


def test_a_machine_of_xstate_walks_recorded_histories(monkeypatch: pytest.MonkeyPatch) -> None:
    files = sorted(TRACES.rglob("*.jsonl.xz"))
    walks = [walk for file in files for walk in walks_of(file, 4, monkeypatch)]
    assert len(files) == 15
    assert sum(len(walk.events) for walk in walks) > 1500
    machine = json.loads(to_text(FULL, "xstate"))
    told = run_node("xstate.mjs", {"machine": machine, "walks": [walk.events for walk in walks]})
    for walk, found in zip(walks, told, strict=True):
        assert found == [
            [after, True, list(effects)]
            for after, effects in zip(walk.after, walk.effects, strict=True)
        ]


def test_a_machine_of_xstate_takes_nothing_that_its_guards_refuse() -> None:
    event = {"type": "enable", "guards": {"backup": True}}
    born = {"type": "allocate_backup", "guards": {"backup": True, "has_source": True}}
    told = run_node(
        "xstate.mjs", {"machine": xstate_format.machine(FULL), "walks": [[born, event]]}
    )
    assert [one[:2] for one in told[0]] == [["READY", True], ["READY", False]]


@pytest.mark.parametrize("name", GRAPHS)
def test_xstate_is_given_every_node_and_row(name: str) -> None:
    machine = json.loads(to_text(GRAPHS[name], "xstate"))
    assert list(machine["states"]) == [node.identifier for node in GRAPHS[name].nodes]
    written = [
        one["meta"]["key"]
        for state in machine["states"].values()
        for listed in state.get("on", {}).values()
        for one in listed
    ]
    assert sorted(written) == sorted(step.way.row.key for step in steps(GRAPHS[name]))


def test_the_table_as_json_is_the_table() -> None:
    told = json.loads(to_text(FULL, "json"))
    assert told["format"] == "lifecycle-table/1"
    rows = {row["key"]: row for row in told["rows"]}
    assert set(rows) == {row.key for row in IMAGE_TABLE.rows}
    for row in IMAGE_TABLE.rows:
        found = rows[row.key]
        assert found["operation"] == row.operation
        assert found["target"] == (None if row.target is None else row.target.name)
        for field in ("when", "unless", "effects"):
            assert tuple(found[field]) == getattr(row, field)
        assert found["source"] == row.source
        assert set(found["origins"]) <= {state.name for state in row.origins}
    assert [one["key"] for one in told["otherwise"]] == [one.key for one in IMAGE_TABLE.otherwise]
    assert [one["name"] for one in told["operations"]] == list(IMAGE_TABLE.operations)
    assert set(told["guards"]) == set(IMAGE_TABLE.guards)


@pytest.mark.parametrize("name", ["actor-user", "failures"])
def test_tables_hold_a_line_for_every_node_and_row(name: str) -> None:
    graph = GRAPHS[name]
    markdown = read_markdown(to_text(graph, "markdown")).tables
    html = read_html(to_text(graph, "html")).tables
    assert [[row[:5] for row in table] for table in markdown[:1]] == [
        [row[:5] for row in table] for table in html[:1]
    ]
    assert [row[1] for row in markdown[0][1:]] == [node.name for node in graph.nodes]
    told = [
        [
            graph.node(step.origin).name,
            "stays" if step.target is None else graph.node(step.target).name,
            step.way.operation.actor.value,
            step.way.row.operation,
        ]
        for step in steps(graph)
    ]
    assert [row[:4] for row in markdown[1][1:]] == told
    assert [row[:4] for row in html[1][1:]] == told
    entries = [one.astext() for one in read_rest(to_text(graph, "rst")).findall(nodes.entry)]
    assert [step.way.row.operation for step in steps(graph)] == [
        operation
        for actor, operation in pairwise(entries)
        if actor in {"user", "datastore driver", "virtual machine", "marketplace"}
    ]


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("format_", ["markdown", "rst", "html", "json", "xstate", "ansi"])
def test_no_words_break_a_format(format_: str, words: str) -> None:
    text = to_text(hostile(words), format_)
    if format_ in {"json", "xstate"}:
        assert json.loads(text)
    elif format_ == "rst":
        assert len(list(read_rest(text).findall(nodes.table))) == 3
    elif format_ == "ansi":
        assert re.sub("\x1b\\[[0-9;]*m", "", text).replace("\n", "").isprintable()
    else:
        read = read_html(text) if format_ == "html" else read_markdown(text)
        assert len(read.tables) == 3
        assert "script" not in {tag for tag, _ in read.tags}


def test_a_listing_for_terminals_shows_every_state_and_edge() -> None:
    plain = re.sub("\x1b\\[[0-9;]*m", "", to_text(FULL, "ansi"))
    for node in FULL.nodes:
        assert f" {title_of(node)} " in plain
    arrows = len(re.findall("^ +(?:──▶|╌╌▶|━━▶|┄┄▶|↻) +\\w", plain, re.MULTILINE))
    assert arrows == len(FULL.edges) + len(FULL.loops)
    assert max(map(len, plain.splitlines())) <= 80


def test_a_format_is_found_by_the_ending_of_a_file() -> None:
    assert format_of("a.mmd") == "mermaid"
    assert format_of("b.xstate.json") == "xstate"
    assert format_of("b.json") == "json"
    assert format_of("c.svg") is None


def test_a_format_that_there_is_not() -> None:
    with pytest.raises(InputError, match="no format is named 'visio'; there are: mermaid, "):
        to_text(FULL, "visio")
