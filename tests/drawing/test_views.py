"""Every view shows what the table says, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecycle import GONE, IMAGE_TABLE, Image, ImageState, InputError
from lifecycle.drawing.graph import HOLDING, START, Graph, NodeState
from lifecycle.drawing.kinds import kinds_of
from lifecycle.drawing.views import VIEWS, View, parse_view, standard_views
from lifecycle.operations import DRIVER_ANSWERS
from lifecycle.states import Simplified
from lifecycle.table import Actor
from lifecycle.trace.format import find, read
from lifecycle.trace.replay import cloud_for, perform

TRACES = Path(__file__).parents[1] / "data" / "traces"
S = ImageState
Move = tuple[str, str, str]

# Written from the specification, not taken from the package: where each answer is in time.
LOCKED = {S.LOCKED, S.LOCKED_USED, S.LOCKED_USED_PERS}
OPERATED = ("cp", "mkfs", "clone", "snap_delete", "snap_revert", "snap_flatten")
IN_TIME: dict[str, set[ImageState]] = {
    **{f"rm_{end}": {S.DELETE} for end in ("success", "failure")},
    **{f"increment_flatten_{end}": {S.LOCKED} for end in ("success", "failure")},
    **{f"{one}_{end}": LOCKED for one in OPERATED for end in ("success", "failure")},
    **{f"save_as_{end}": LOCKED for end in ("success", "failure", "lost", "wiped")},
}
BIRTH = ("allocate", "allocate_clone", "allocate_save_as", "allocate_backup")


def moves(graph: Graph) -> set[Move]:
    return {
        (edge.origin.name, edge.target.name, edge.actor.name)
        for edge in graph.edges
        if edge.actor is not None
    }


def in_table(*, late: bool) -> set[Move]:
    """Give every move of the table, in time or late, worked out row by row."""
    return {
        (origin.name, row.target.name, IMAGE_TABLE.operations[row.operation].actor.name)
        for row in IMAGE_TABLE.rows
        for origin in row.origins
        if row.target is not None and row.target is not origin
        if (origin is S.INIT) == (row.operation in BIRTH)
        if (origin not in IN_TIME.get(row.operation, set(S))) is late
    }


def full() -> Graph:
    return parse_view("full").graph()


def test_the_full_view_shows_every_move_of_an_orderly_life_and_nothing_else() -> None:
    graph = full()
    assert moves(graph) == in_table(late=False)
    assert [node.state for node in graph.nodes] == [START, *S, GONE]


def test_the_late_view_shows_every_answer_that_comes_too_late_and_nothing_else() -> None:
    assert moves(parse_view("late").graph()) == in_table(late=True)


@pytest.mark.parametrize("name", ["level2", "late-answers", "save-as-and-clone", "mixed"])
def test_whatever_a_recorded_image_did_is_in_the_full_view_or_came_late(name: str) -> None:
    shown = {move[:2] for view in ("full", "late") for move in moves(parse_view(view).graph())}
    done = set()
    for file in find([str(TRACES)]):
        if not file.name.startswith(name):
            continue
        for history in read(file):
            cloud = cloud_for(history)
            cloud.journal.enabled = True
            for step in history.steps:
                perform(cloud, step)
            done |= {
                (entry.detail["from"], entry.detail["to"])
                for entry in cloud.journal.of("move")
                if entry.object.startswith("image ")
                if entry.detail["from"] != entry.detail["to"]
            }
    assert len(done) > 10
    assert done <= shown


def test_no_row_that_belongs_to_a_view_is_lost() -> None:
    graph = full()
    shown = {
        (way.row.key, way.origin)
        for way in (
            *(way for edge in (*graph.edges, *graph.loops) for way in edge.ways),
            *graph.quiet,
        )
    }
    orderly = {
        (row.key, origin)
        for row in IMAGE_TABLE.rows
        for origin in row.origins
        if (origin is S.INIT) == (row.operation in BIRTH)
        if origin in IN_TIME.get(row.operation, set(S))
    }
    late = {
        (way.row.key, way.origin) for edge in parse_view("late").graph().edges for way in edge.ways
    }
    assert shown <= orderly
    # PERSISTENT is asked for, and is already what is asked for, in a state that needs the opposite.
    assert {key.partition(":")[0] for key, _ in orderly - shown} == {"persistent", "nonpersistent"}
    assert shown.isdisjoint(late)


@pytest.mark.parametrize("view", standard_views(), ids=lambda view: view.name)
def test_edges_and_nodes_of_every_standard_view_are_whole(view: View) -> None:
    graph = view.graph()
    names = [edge.identifier for edge in (*graph.edges, *graph.loops)]
    assert len(set(names)) == len(names)
    ends = {state for edge in graph.edges for state in (edge.origin, edge.target)}
    ends |= {edge.origin for edge in graph.loops}
    assert ends == {node.state for node in graph.nodes}
    assert graph.edges
    assert all(edge.ways or edge.origin is START for edge in graph.edges)
    assert all(edge.origin is not edge.target for edge in graph.edges)
    assert len({node.identifier for node in graph.nodes}) == len(graph.nodes)


@pytest.mark.parametrize("view", standard_views(), ids=lambda view: view.name)
def test_a_view_of_the_orderly_life_is_a_part_of_the_full_view(view: View) -> None:
    if view.name not in {"late", "simplified"}:
        assert moves(view.graph()) <= moves(full())


def test_the_simplified_view_merges_states_as_the_user_guide_does() -> None:
    graph = parse_view("simplified").graph()
    assert [node.state for node in graph.nodes] == [START, *Simplified, GONE]

    def shown(state: NodeState) -> str:
        if isinstance(state, ImageState):
            return "START" if state.simplified is None else state.simplified.name
        return state.name

    merged = {
        (shown(edge.origin), shown(edge.target), edge.actor.name)
        for edge in full().edges
        if edge.actor is not None
    }
    assert moves(graph) == {move for move in merged if move[0] != move[1]}
    assert graph.node(Simplified.LOCKED).members == (S.LOCKED, S.LOCKED_USED, S.LOCKED_USED_PERS)


@pytest.mark.parametrize("actor", Actor)
def test_an_actors_view_shows_all_that_it_does(actor: Actor) -> None:
    graph = parse_view(f"actor={actor.name.lower()}").graph()
    assert moves(graph) == {move for move in moves(full()) if move[2] == actor.name}


@pytest.mark.parametrize(
    ("view", "absent"),
    [
        ("persistent", {"USED", "LOCKED_USED"}),
        ("nonpersistent", {"CLONE", "USED_PERS", "LOCKED_USED_PERS"}),
        ("type=KERNEL", {"CLONE", "USED_PERS", "LOCKED_USED_PERS", "LOCKED_USED"}),
        ("type=OS", set()),
    ],
)
def test_states_that_a_kind_of_image_never_reaches_are_not_in_its_view(
    view: str, absent: set[str]
) -> None:
    names = {node.name for node in parse_view(view).graph().nodes}
    assert {state.name for state in S} - names == absent


def test_a_backup_is_neither_used_nor_disabled_and_never_waited_for() -> None:
    graph = parse_view("type=BACKUP").graph()
    assert {node.name for node in graph.nodes} == {
        "start",
        "INIT",
        "READY",
        "LOCKED",
        "ERROR",
        "DELETE",
        "gone",
    }
    assert ("READY", "LOCKED", "VM") in moves(graph)
    assert ("ERROR", "READY", "USER") not in moves(graph)


def test_only_a_shareable_image_is_taken_by_more_than_one_machine() -> None:
    def shared(view: str) -> bool:
        loops = parse_view(view).graph().loops
        acquired = [way for edge in loops for way in edge.ways if way.operation.name == "acquire"]
        return any(way.origin is S.USED_PERS for way in acquired)

    assert shared("shareable")
    assert shared("persistent")
    assert not shared("nonpersistent")


def test_the_surroundings_of_a_state_are_what_touches_it() -> None:
    around = moves(parse_view("around=clone").graph())
    assert around == {move for move in moves(full()) if "CLONE" in move[:2]}


def test_the_failures_are_what_drivers_fail_at_and_what_ends_in_error() -> None:
    graph = parse_view("failures").graph()
    failed = {name for (_, success), name in DRIVER_ANSWERS.items() if not success}
    for edge in graph.edges:
        for way in edge.ways:
            assert way.operation.name in failed or way.target is S.ERROR
    assert {move for move in moves(full()) if move[1] == "ERROR"} <= moves(graph)


def test_the_way_between_two_states_is_the_shortest() -> None:
    graph = parse_view("way from=LOCKED to=USED_PERS").graph()
    assert {move[:2] for move in moves(graph)} == {
        ("LOCKED", "READY"),
        ("READY", "USED_PERS"),
        ("LOCKED", "LOCKED_USED_PERS"),
        ("LOCKED_USED_PERS", "USED_PERS"),
        ("LOCKED", "ERROR"),
        ("ERROR", "USED_PERS"),
    }


def test_a_way_that_does_not_exist_is_told() -> None:
    with pytest.raises(InputError, match="no way leads from READY to INIT"):
        parse_view("way from=READY to=INIT").graph()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no view is named ''; there are: full, simplified"),
        ("fool", "no view is named 'fool'"),
        ("actor", "the view actor is asked for as: actor=ACTOR"),
        ("actor=nobody", "actor is one of user, datastore, vm, marketplace, not 'nobody'"),
        ("around=GONE", "around is one of INIT"),
        ("full=1", "the view full is asked for as: full"),
        ("way from=READY", "the view way is asked for as: way from=FROM to=TO"),
        ("way from=READY from=READY to=GONE", "the view way is asked for as"),
        ("way=READY", "the view way is asked for as"),
    ],
)
def test_a_view_that_does_not_exist_is_told_in_one_line(text: str, told: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_view(text)
    assert str(raised.value).startswith(told)
    assert "\n" not in str(raised.value)


def test_every_view_can_be_asked_for_by_its_name() -> None:
    for name in VIEWS:
        assert VIEWS[name].name == name
    assert parse_view("AROUND=ready" if "AROUND" in VIEWS else "around=ready").values == ("READY",)
    names = [view.name for view in standard_views()]
    assert len(set(names)) == len(names)


def test_what_is_called_holding_is_what_changes_the_counters() -> None:
    changing = set()
    for name, effect in IMAGE_TABLE.effects.items():
        image = Image(1, "held", state=S.USED)
        image.running_vms, image.vms = 1, {1}
        image.cloning_ops, image.clones, image.app_clones = 2, {1}, {1}
        for number in (1, 2):
            try:
                effect(image, number)
            except (AttributeError, TypeError):
                continue  # it is given something else than a number, so it counts nobody
        if (image.running_vms, image.cloning_ops) != (1, 2):
            changing.add(name)
    assert changing == set(HOLDING)


def test_a_file_is_never_persistent_and_a_backup_always() -> None:
    flags = {(kind.type.name, kind.persistent) for kind in kinds_of(IMAGE_TABLE)}
    assert {kind for kind in flags if kind[0] in {"KERNEL", "BACKUP"}} == {
        ("KERNEL", False),
        ("BACKUP", True),
    }
    assert len(flags) == 12
