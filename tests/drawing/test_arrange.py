"""A layout is looked for by trying, and what is found is kept."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

from lifecycle.drawing.arrange import arrange, main
from lifecycle.drawing.engine import find_engine
from lifecycle.drawing.views import parse_view

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_same_seed_finds_the_same_and_nothing_worse_than_there_was() -> None:
    graph = parse_view("actor=vm").graph()
    engine = find_engine(pinned=True)
    start = arrange(graph, engine, Random(1), 0)
    found = [arrange(graph, engine, Random(1), 8) for _ in range(2)]
    assert found[0] == found[1]
    assert found[0].cost <= start.cost
    assert sorted(found[0].layout.edges) == sorted(edge.identifier for edge in graph.edges)


def test_what_is_found_is_written_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "layouts.json"
    file.write_text('{"full": {"nodes": [], "edges": []}}', encoding="utf-8")
    main(["around=CLONE", "--rounds", "2"], file)
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert sorted(kept) == ["around-CLONE", "full"]
    assert {edge[0] for edge in kept["around-CLONE"]["edges"]} == {
        edge.identifier for edge in parse_view("around=CLONE").graph().edges
    }
    assert capsys.readouterr().out == "around-CLONE: 0 overlaps, 0 crossings\n"
