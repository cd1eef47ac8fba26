"""Many images at once come to what a plain search comes to."""

from __future__ import annotations

import pytest

from lifecycle.analysis.exploration import Bounds
from lifecycle.analysis.exploration.product import (
    BEGINNING,
    Moved,
    explore_independent,
    one_image,
    plain,
)
from lifecycle.refusal import InputError
from lifecycle.states import ImageType


def test_the_usual_image_has_eleven_configurations() -> None:
    one = one_image()
    assert (len(one.configurations), len(one.edges)) == (11, 32)
    assert one.beginnings == {BEGINNING: 0}


@pytest.mark.parametrize("images", [1, 2, 3, 4])
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_arrays_reach_what_a_plain_set_reaches(images: int, workers: int) -> None:
    found = explore_independent(images, workers=workers)
    assert (found.configurations, found.edges) == plain(images)


@pytest.mark.parametrize("images", [1, 2, 3])
def test_with_symmetry_the_orders_of_a_combination_count_once(images: int) -> None:
    one = one_image()
    targets: dict[int, list[int]] = {}
    for edge in one.edges:
        targets.setdefault(edge.origin, []).append(edge.target)
    start = (0,) * images
    seen, todo, edges = {start}, [start], 0
    for now in todo:
        for number in sorted(set(now)):
            rest = list(now)
            rest.remove(number)
            for target in targets.get(number, []):
                edges += 1
                after = tuple(sorted([*rest, target]))
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
    found = explore_independent(images, one, symmetry=True)
    assert (found.configurations, found.edges) == (len(seen), edges)


def test_a_graph_that_does_not_reach_everything_is_counted_right() -> None:
    # Born with a PATH, an image that is gone or READY never goes back.
    bounds = Bounds(machines=0, clones=1, types=(ImageType.OS,), force=False)
    one = one_image(bounds, "OS, PATH")
    told: list[int] = []
    found = explore_independent(2, one, told=lambda count, _: told.append(count))
    assert (found.configurations, found.edges) == plain(2, one)
    assert told[-1] == found.configurations
    both = explore_independent(2, one, symmetry=True, told=lambda count, _: told.append(count))
    assert both.steps == found.steps
    assert told[-1] == both.configurations


def test_a_history_to_any_combination_is_a_shortest_one() -> None:
    found = explore_independent(3)
    one = found.one
    for combination in ((0, 0, 0), (3, 0, 5), (10, 10, 10)):
        now = [0, 0, 0]
        steps = found.history(combination)
        for step in steps:
            assert isinstance(step, Moved)
            (now[step.image],) = {
                edge.target
                for edge in one.edges
                if (edge.origin, edge.move) == (now[step.image], step.move)
            }
        assert tuple(now) == combination
        alone = [len(one.history(number)[1]) for number in combination]
        assert len(steps) == sum(alone)


def test_what_cannot_be_is_told_in_one_line() -> None:
    with pytest.raises(InputError, match="is no way of birth within the bounds"):
        one_image(beginning="a stork")
    with pytest.raises(InputError, match="1 MB are allowed: take fewer images, or symmetry"):
        explore_independent(6, megabytes=1)
    with pytest.raises(InputError, match="1 MB are allowed"):
        explore_independent(12, symmetry=True, megabytes=1)
    with pytest.raises(InputError, match="no history to"):
        explore_independent(2, symmetry=True).history((0, 0))
