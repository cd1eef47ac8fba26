"""Overlays: where images stand, the path of one, how often, and what was never exercised."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lifecycle import InputError
from lifecycle.drawing import overlays
from lifecycle.drawing.chronicle import Chronicle
from lifecycle.drawing.chronicles import read
from lifecycle.drawing.views import parse_view

ROOT = Path(__file__).parents[2]
FIRST = str(ROOT / "examples/first-image.yaml")
FORCE = str(ROOT / "examples/force-delete.yaml")
TRACES = sorted((ROOT / "tests/data/traces").rglob("level[123].jsonl.xz"))
FULL = parse_view("full").graph()


def recorded() -> list[Chronicle]:
    return [chronicle for path in TRACES for chronicle in read(str(path))]


def test_the_path_of_an_image_is_numbered_in_order() -> None:
    (chronicle,) = read(FIRST)
    marked = overlays.path(FULL, chronicle)
    numbers = {edge: mark.numbers for edge, mark in marked.edges.items() if mark.numbers}
    assert numbers == {
        "INIT-LOCKED-user": (1,),
        "LOCKED-READY-datastore": (2,),
        "READY-USED-vm": (3,),
        "USED-READY-vm": (4,),
        "READY-DELETE-user": (5,),
        "DELETE-gone-datastore": (6,),
    }
    assert marked.title == "the path of debian"
    assert marked.nodes["gone"].note == "now"
    assert marked.nodes["ERROR"].faded
    assert not marked.nodes["USED"].faded
    assert marked.edges["ERROR-READY-user"].faded


def test_a_path_comes_by_a_state_that_stands_for_several() -> None:
    (chronicle,) = read(FIRST)
    marked = overlays.path(parse_view("simplified").graph(), chronicle)
    shown = {node for node, mark in marked.nodes.items() if not mark.faded}
    assert shown == {"start", "locked", "ready", "used", "deleting", "gone"}
    # Born by allocate, not by the others that begin a life.
    born = {edge for edge in marked.edges if edge.startswith("start-")}
    assert {edge for edge in born if not marked.edges[edge].faded} == {"start-locked-user"}
    assert len(born) == 3


@pytest.mark.parametrize(("image", "name"), [("lost", "lost"), ("1", "debian")])
def test_an_image_is_found_by_its_name_and_its_id(image: str, name: str) -> None:
    (chronicle,) = read(FORCE)
    assert overlays.path(FULL, chronicle, image).title == f"the path of {name}"


def test_an_image_that_is_not_there_is_refused() -> None:
    (chronicle,) = read(FORCE)
    with pytest.raises(
        InputError, match=r"no image 'x' in it; there are: 0 \(lost\), 1 \(debian\)"
    ):
        overlays.path(FULL, chronicle, "x")
    with pytest.raises(InputError, match="no image moves"):
        overlays.path(FULL, Chronicle("none", (), 0))


def test_where_images_stand_is_marked_with_their_names() -> None:
    chronicles = list(read(str(ROOT / "examples/two-machines-wait.yaml")))
    marked = overlays.standing(FULL, chronicles)
    assert {node: mark.note for node, mark in marked.nodes.items()} == {"USED": "debian, data"}
    many = overlays.standing(FULL, chronicles * 3)
    assert many.nodes["USED"].note == "debian, data, debian and 3 more"


def test_what_a_view_does_not_show_is_counted_in_words() -> None:
    (chronicle,) = read(str(ROOT / "examples/late-answers.yaml"))
    failures = parse_view("failures").graph()
    assert any(
        "not part of this view" in one for one in overlays.heat(failures, [chronicle]).captions
    )
    standing = overlays.standing(parse_view("around=CLONE").graph(), list(read(FORCE)))
    assert standing.captions == ("2 images stand where this view shows no state.",)


def test_heat_counts_every_move_of_the_view() -> None:
    chronicles = recorded()
    marked = overlays.heat(FULL, chronicles)
    moves = Counter(
        (move.origin, move.target)
        for chronicle in chronicles
        for move in chronicle.moves
        if move.origin != move.target
    )
    used = "1 time" if moves["READY", "USED"] == 1 else f"{moves['READY', 'USED']} times"
    drawn = [
        mark.note
        for edge, mark in marked.edges.items()
        if edge.startswith("READY-USED-") and not mark.faded
    ]
    assert sum(int(note.split()[0]) for note in drawn) == int(used.split(maxsplit=1)[0])
    assert max(mark.heat or 0 for mark in marked.edges.values()) == 1
    assert all((mark.heat is None) is mark.faded for mark in marked.edges.values())


def test_coverage_agrees_with_the_coverage_of_the_table() -> None:
    chronicles = recorded()
    taken = {(move.row, move.origin) for one in chronicles for move in one.moves}
    marked = overlays.coverage(FULL, chronicles)
    for edge in (*FULL.edges, *FULL.loops):
        done = sum((way.row.key, way.origin.name) in taken for way in edge.ways)
        if not edge.ways:
            assert edge.identifier not in marked.edges
            continue
        mark = marked.edges[edge.identifier]
        assert mark.faded is (done == len(edge.ways))
        assert mark.emphasis is (done == 0)
        assert (mark.note == f"{done} of {len(edge.ways)} rows") is (0 < done < len(edge.ways))


def test_the_caption_of_coverage_counts_what_is_marked() -> None:
    marked = overlays.coverage(FULL, recorded())
    full = sum(mark.faded for mark in marked.edges.values())
    never = sum(mark.note == "never" for mark in marked.edges.values())
    assert full
    assert marked.captions == (
        f"Of {len(marked.edges)} edges {full} were exercised in full, {never} never.",
    )


def test_nothing_at_all_is_never_exercised() -> None:
    marked = overlays.coverage(FULL, [])
    assert all(mark.note == "never" for mark in marked.edges.values())
    assert len(marked.edges) == len([one for one in (*FULL.edges, *FULL.loops) if one.ways])
