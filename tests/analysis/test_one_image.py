"""What one image can come to is exactly what calls in a cloud bring about."""

from __future__ import annotations

import pytest

from lifecycle.analysis.exploration import (
    Bounds,
    Configuration,
    Holder,
    OneImage,
    explore_image,
    search,
)
from lifecycle.analysis.exploration.brute_force import reach
from lifecycle.states import GONE, ImageState, ImageType

BOUNDS = {
    "all types": Bounds(machines=1, clones=1, snapshots=1),
    "more holders": Bounds(machines=2, clones=2, types=(ImageType.OS, ImageType.CDROM)),
    "snapshots": Bounds(machines=1, clones=0, snapshots=2, types=(ImageType.DATABLOCK,)),
    "a datastore that never fails": Bounds(machines=2, clones=1, faults=False),
    "answers that nobody asked": Bounds(unasked=True, types=(ImageType.OS, ImageType.BACKUP)),
}


@pytest.mark.parametrize("bounds", BOUNDS.values(), ids=BOUNDS)
def test_it_reaches_what_a_cloud_reaches_and_by_the_same_moves(bounds: Bounds) -> None:
    told: list[int] = []
    slow = reach(bounds, lambda configurations, _: told.append(configurations))
    graph = explore_image(bounds)
    assert set(graph.configurations) == slow.configurations
    edges = {
        (graph.configurations[one.origin], one.move.label, graph.configurations[one.target])
        for one in graph.edges
    }
    assert edges == slow.edges
    assert slow.calls > len(edges)
    assert told


def test_without_symmetry_each_configuration_stands_for_one_of_those_with_it() -> None:
    apart = explore_image(Bounds(machines=2, clones=2, types=(ImageType.OS,), symmetry=False))
    together = explore_image(Bounds(machines=2, clones=2, types=(ImageType.OS,)))
    assert len(apart.configurations) > len(together.configurations)
    image = OneImage(Bounds(machines=2, clones=2))

    def folded(one: Configuration) -> Configuration:
        order = sorted(one.machines, key=lambda holder: (holder is Holder.NONE, holder))
        clones = sorted(one.clones, key=lambda holder: (holder is Holder.NONE, holder))
        return Configuration(one.record, tuple(order), tuple(clones))

    assert {folded(one) for one in apart.configurations} == set(together.configurations)
    assert image.bounds.symmetry


def test_every_type_is_born_and_gone_is_reached() -> None:
    graph = explore_image(Bounds())
    assert {one.record.type for one in graph.configurations} == set(ImageType)
    assert [one.words() for one in graph.configurations if one.state is GONE] == ["gone"]
    # INIT is over before anybody sees it.
    assert {one.state for one in graph.configurations} == {*ImageState, GONE} - {ImageState.INIT}


def test_a_history_is_a_way_and_no_shorter_one_exists() -> None:
    bounds = Bounds(machines=2, clones=1, types=(ImageType.OS,))
    image, graph = OneImage(bounds), explore_image(bounds)
    # What is found later is never nearer.
    lengths = [len(graph.history(number)[1]) for number in range(len(graph.configurations))]
    assert lengths == sorted(lengths)
    for number, one in enumerate(graph.configurations):
        name, steps = graph.history(number)
        now = image.beginnings()[name] if number % 10 == 0 else None
        if now is None:
            continue
        for step in steps:
            found = image.after(now, step.move)
            assert found == step.after
            now = step.after
        assert now == one


def test_a_ghost_keeps_an_image_used_for_ever() -> None:
    graph = explore_image(Bounds(machines=1, clones=0, types=(ImageType.OS,)))
    free = {ImageState.READY, GONE}
    stuck = graph.without_way_to(lambda one: one.state in free)
    nearest = graph.configurations[stuck[0]]
    assert nearest.words() == "OS, USED, without SOURCE, 1 ghost machine"
    name, steps = graph.history(stuck[0])
    assert name == "OS, PATH"
    assert [step.move.label for step in steps] == [
        "acquire",
        "cp_failure",
        "release waiting",
        "enable",
    ]


def test_a_search_that_is_stopped_says_why() -> None:
    graph = explore_image(Bounds(machines=3, clones=2), most=100)
    assert not graph.complete
    assert graph.stopped == "more than 100 configurations"
    assert explore_image(Bounds(), megabytes=1).stopped.endswith("and 1 were allowed")
    assert explore_image(Bounds(clones=0, types=(ImageType.OS,))).complete


def test_an_image_need_not_ever_be_let_go() -> None:
    graph = explore_image(Bounds(machines=1, clones=0, types=(ImageType.OS,), faults=False))
    # The machine can stay, and the image can be disabled and enabled, for ever.
    avoiding = graph.can_avoid(lambda one: one.state is GONE)
    assert len(avoiding) == len(graph.configurations) - 1
    # Where only the datastore acts, what it was asked comes to an end.
    answers = [one for one in graph.configurations if one.record.requests]
    inevitable = graph.can_avoid(
        lambda one: not one.record.requests, lambda move: bool(move.answers)
    )
    assert answers
    assert inevitable == []


@pytest.mark.parametrize(
    "bounds",
    [Bounds(machines=2, snapshots=1), Bounds(machines=2, symmetry=False, types=(ImageType.OS,))],
    ids=["with symmetry", "without"],
)
def test_packed_numbers_find_what_a_plain_search_finds_in_the_same_order(bounds: Bounds) -> None:
    image = OneImage(bounds)
    told: list[int] = []
    packed = explore_image(bounds, told=lambda configurations, _: told.append(configurations))
    plain = search(image.beginnings(), image.successors)
    assert packed.configurations == plain.configurations
    assert list(packed.edges) == list(plain.edges)
    assert packed.edges[3:6] == plain.edges[3:6]
    assert (packed.parents, packed.beginnings) == (plain.parents, plain.beginnings)
    assert told
