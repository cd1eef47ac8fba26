"""Plans reach their goal when they are carried out, and no shorter way exists."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING

import pytest

from lifecycle import Cloud, ImageState, ImageType, InputError
from lifecycle.analysis import situation as situations
from lifecycle.analysis.planning import (
    Branch,
    Goal,
    Step,
    Wait,
    goals,
    parse_goal,
    plan,
    plans,
    ways_until,
)
from lifecycle.analysis.planning.moves import commands, creations
from lifecycle.analysis.planning.search import Graph
from lifecycle.analysis.planning.space import Space
from lifecycle.analysis.situation import Labels, Situation
from lifecycle.cloud.vm_states import VmState
from lifecycle.scenario.commands import VERBS
from lifecycle.scenario.given import Given
from lifecycle.scenario.grammar import read_command
from lifecycle.scenario.names import Names
from tests.analysis.exhaustive import copied, layers

if TYPE_CHECKING:
    from lifecycle import Image
    from lifecycle.analysis.planning.plans import Part

S, T = ImageState, ImageType
MOST = 2
"""To which length the independent search is run."""

SITUATIONS = [
    Situation(S.READY),
    Situation(S.READY, persistent=True),
    Situation(S.READY, source=False),
    Situation(S.READY, snapshots=1),
    Situation(S.READY, ghosts=1),
    Situation(S.USED),
    Situation(S.USED, vms=2),
    Situation(S.USED, vms=0, clones=1),
    Situation(S.USED, ghosts=1),
    Situation(S.USED, vms=0, ghost_clones=1),
    Situation(S.USED, machines=VmState.PENDING),
    Situation(S.USED_PERS),
    Situation(S.USED_PERS, shareable=True),
    Situation(S.USED_PERS, ghosts=1),
    Situation(S.DISABLED),
    Situation(S.DISABLED, ghosts=1),
    Situation(S.LOCKED),
    Situation(S.LOCKED, asked="MKFS"),
    Situation(S.LOCKED, asked="CLONE"),
    Situation(S.LOCKED, asked=""),
    Situation(S.LOCKED, snapshots=1, persistent=True),
    Situation(S.LOCKED_USED),
    Situation(S.LOCKED_USED_PERS),
    Situation(S.LOCKED_USED_PERS, ghosts=1, asked=""),
    Situation(S.ERROR),
    Situation(S.ERROR, source=False, vms=1),
    Situation(S.ERROR, ghosts=1, persistent=True),
    Situation(S.CLONE),
    Situation(S.CLONE, ghost_clones=1),
    Situation(S.DELETE),
    Situation(S.DELETE, forced=True),
    Situation(S.DELETE, asked=""),
    Situation(S.READY, T.CDROM),
    Situation(S.READY, T.KERNEL),
    Situation(S.USED, T.KERNEL),
    Situation(S.READY, T.BACKUP, vms=1),
    Situation(S.USED_PERS, T.BACKUP),
]
GOALS = [
    "READY",
    "READY with no VMs",
    "gone",
    "ERROR",
    "DISABLED with no holders",
    "LOCKED_USED_PERS",
]


@pytest.mark.parametrize("begin", SITUATIONS, ids=lambda one: one.told())
def test_a_plan_is_carried_out_and_no_shorter_way_exists(begin: Situation) -> None:
    placed = begin.cloud()
    reached = layers(placed.cloud, placed.image, MOST)
    for goal in GOALS:
        found, wanted = plan(begin, goal, ways=2), parse_goal(goal)
        nearest = [any(map(wanted.holds, layer)) for layer in reached]
        if found.already:
            assert nearest[0]
            continue
        assert found.complete
        length = found.hoped[0].most if found.hoped else MOST + 1
        assert not any(nearest[:length]), goal
        assert all(nearest[length : length + 1]), goal
        for way in found.hoped:
            assert way.most == length
            carry_out(begin, wanted, way.steps)
        assert bool(found.why) == (found.guaranteed is None)
        assert found.guaranteed is None or found.trying is None
        if found.guaranteed is not None:
            most = follow(begin.cloud().cloud, wanted, found.guaranteed.parts)
            assert most == found.guaranteed.most


@pytest.mark.parametrize("begin", SITUATIONS, ids=lambda one: one.told())
def test_from_a_situation_to_each_that_is_near_no_way_is_shorter(begin: Situation) -> None:
    """The planner finds exactly what is found by trying every call, and as near."""
    placed = begin.cloud()
    reached = layers(placed.cloud, placed.image, MOST)
    nearest: dict[Looks, int] = {}
    for depth, layer in enumerate(reached):
        for image in layer:
            nearest.setdefault(looks(image), depth)
    space = Space(placed.cloud, placed.image, Labels(placed.cloud, by_id=False))
    graph = Graph(space, lambda _: False)
    while (node := graph.expand_next()) is not None and node.depth < MOST:
        pass
    planned: dict[Looks, int] = {}
    for node in sorted(graph.nodes.values(), key=lambda one: one.depth):
        if node.depth <= MOST:
            planned.setdefault(looks(node.cloud.images.get(placed.image)), node.depth)
    assert planned == nearest


Looks = tuple[object, ...]


def looks(image: Image | None) -> Looks:
    """Give what can be seen of an image, so that two situations can be told apart."""
    if image is None:
        return ()
    return (
        image.state,
        image.is_persistent,
        len(image.vms),
        len(image.clones),
        len(image.app_clones),
        bool(image.source),
        len(image.snapshots or ()),
        image.template.get("FORCE_DELETE"),
    )


def carry_out(begin: Situation, goal: Goal, steps: tuple[Step, ...]) -> None:
    """Make the moves of a way in a fresh cloud: each does what it says, the last what is wanted."""
    cloud, image = begin.cloud()
    for step in steps:
        assert not goal.holds(cloud.images.get(image))
        assert state_of(cloud, image) == step.before.name
        assert step.move.make(cloud)
        assert state_of(cloud, image) == step.after.name
        assert step.situation == told(cloud, image)
    assert goal.holds(cloud.images.get(image))


def follow(cloud: Cloud, goal: Goal, parts: tuple[Part, ...]) -> int:
    """Follow a guaranteed way whatever is answered; give the most moves that it takes."""
    for place, part in enumerate(parts):
        assert not goal.holds(cloud.images.get(0))
        if isinstance(part, Wait):
            assert place == len(parts) - 1
            return place + 1 + max(followed(cloud, goal, part, branch) for branch in part.branches)
        assert part.move.make(cloud)
    assert goal.holds(cloud.images.get(0))
    return len(parts)


def followed(cloud: Cloud, goal: Goal, wait: Wait, branch: Branch) -> int:
    """Follow a branch for each of its answers; together the branches know every answer."""
    open_now = {(one.role, one.action, one.id) for one in cloud.drivers.open}
    answers = [move for one in wait.branches for move in one.answers]
    known = {(move.role, move.action, move.id, move.ok) for move in answers}
    assert known == {(*one, ok) for one in open_now for ok in (True, False)} or all(
        move[:3] in open_now for move in known
    )
    lengths = set()
    for move in branch.answers:
        after = copied(cloud)
        assert move.make(after)
        lengths.add(follow(after, goal, branch.parts) if not branch.again else -1)
    assert len(lengths) == 1
    return lengths.pop()


def state_of(cloud: Cloud, image: int) -> str:
    thing = cloud.images.get(image)
    return "GONE" if thing is None else thing.state.name


def told(cloud: Cloud, image: int) -> str:
    thing = cloud.images.get(image)
    return "gone" if thing is None else situations.told(cloud, thing)


# A guaranteed way withstands answers that come when nobody waits for them


@pytest.mark.parametrize("goal", ["READY", "gone"])
@pytest.mark.parametrize(
    "begin",
    [
        Situation(S.LOCKED),
        Situation(S.LOCKED, asked="CLONE"),
        Situation(S.LOCKED_USED),
        Situation(S.CLONE),
        Situation(S.DELETE),
    ],
    ids=lambda one: one.told() if isinstance(one, Situation) else None,
)
def test_after_every_answer_that_comes_too_early_a_way_is_still_guaranteed(
    begin: Situation, goal: str
) -> None:
    wanted = parse_goal(goal)
    found = plan(begin, goal)
    if found.guaranteed is None:
        return
    waiting = [begin.cloud()[0]]
    count = 0
    while waiting:
        cloud = waiting.pop()
        count += 1
        assert count < 100, "it does not come to an end"
        rest = plan(cloud, goal)
        if rest.already:
            assert wanted.holds(cloud.images.get(0))
            continue
        assert rest.guaranteed is not None
        for request in cloud.drivers.open:
            for ok in (True, False):
                after = copied(cloud)
                after.answer(request.action, request.id, ok=ok, role=request.role)
                if 0 in after.images:
                    waiting.append(after)


# Ways in words


def test_a_way_is_told_as_commands_and_what_comes_of_them() -> None:
    way = plan(Situation(S.USED), "gone").hoped[0]
    first, second, third = way.steps
    assert first.move.text == "onevm terminate VM1"
    assert first.others == ("machine VM1: RUNNING → DONE",)
    assert "onevm recover VM1 --delete-db" in first.instead
    assert (second.move.who, third.move.who) == ("administrator", "datastore")
    assert third.situation == "gone"


def test_of_equally_long_ways_the_gentler_is_told() -> None:
    assert plan(Situation(S.USED), "READY").hoped[0].steps[0].move.text == "onevm terminate VM1"
    data = Situation(S.USED, T.DATABLOCK)
    assert plan(data, "READY").hoped[0].steps[0].move.text == "onevm disk-detach VM1 0"


def test_what_needs_no_answer_says_so() -> None:
    stuck = plan(Situation(S.LOCKED, source=False, asked=""), "gone")
    assert stuck.guaranteed is not None
    assert not stuck.guaranteed.needs_answers
    assert [step.move.text for step in stuck.guaranteed.steps] == ["oneimage delete IMAGE --force"]


def test_only_ghosts_leave_no_way_and_it_is_said_why() -> None:
    found = plan(Situation(S.LOCKED_USED_PERS, ghosts=1, asked=""), "gone")
    assert not found.possible
    assert found.why[:2] == (
        "nothing leads out of LOCKED_USED_PERS here",
        "a machine that lets it go would; what is counted there (1) exists no more",
    )


def test_a_way_that_no_answer_can_spoil_is_missing_and_it_is_said_which_answer_does() -> None:
    found = plan(Situation(S.LOCKED), "READY with a SOURCE")
    assert found.guaranteed is found.trying is None
    assert found.why == ("if CP of IMAGE fails: OS image, ERROR, not persistent, no SOURCE",)


def test_what_may_fail_again_and_again_is_tried_again_and_again() -> None:
    found = plan(Situation(S.READY, snapshots=2), "READY with no snapshots")
    assert found.trying is not None
    wait = found.trying.parts[1]
    assert isinstance(wait, Wait)
    assert [branch.again for branch in wait.branches] == [0, 1]


def test_more_ways_differ_in_more_than_their_order() -> None:
    found = plan(Situation(S.USED, vms=2), "gone", ways=5)
    texts = [tuple(step.move.text for step in way.steps) for way in found.hoped]
    assert len(set(texts)) == len(texts) > 1
    assert len({frozenset(text) for text in texts}) == len(texts)


def test_many_holders_are_no_burden() -> None:
    found = plan(Situation(S.USED, vms=5, clones=3), "gone")
    assert found.complete
    assert found.searched < 500
    assert found.hoped[0].most == 5 + 3 + 2
    assert found.guaranteed is not None


def test_a_search_that_is_cut_short_promises_nothing() -> None:
    found = plan(Situation(S.USED, vms=2), "gone", most=5)
    assert not found.complete
    assert not found.possible
    assert found.guaranteed is None


@pytest.mark.parametrize("begin", SITUATIONS, ids=lambda one: one.told())
def test_a_command_is_typed_as_administrators_type_it_and_means_its_call(begin: Situation) -> None:
    cloud, image = begin.cloud()
    labels = Labels(cloud, by_id=False)
    names = Names(cloud)
    for kind, pool in (("image", cloud.images), ("machine", cloud.vms), ("app", cloud.apps)):
        for thing in pool:
            names.made(kind, thing.name, thing.id)
    host = next(iter(cloud.hosts)).name
    moves = [*commands(cloud, image, labels), *creations(cloud, image, labels)]
    assert moves
    for move in moves:
        invocation = read_command(move.text.replace(" HOST", f" {host}"), VERBS)
        call = invocation.verb.call(Given(invocation, names, cloud))
        assert call.method == move.method
        if move.action not in {"acquire", "export"}:
            # Where a template is written, or the datastore of a copy, more may stand there.
            usual = [one for one in call.params if one != -1]
            assert usual[: len(move.params)] == [one for one in move.params if one != -1]


# An image of a real cloud


def test_the_commands_for_an_image_of_a_cloud_have_its_ids_and_the_cloud_stays_as_it_is() -> None:
    cloud = Cloud()
    for number in range(5):
        image = cloud.image.allocate(f'NAME="i{number}" PATH="/p" SIZE="1"', 1)
        cloud.complete("CP", image)
    vm = cloud.vm.allocate('CPU="1" MEMORY="1" DISK=[IMAGE_ID="3"] DISK=[IMAGE_ID="4"]')
    before = cloud.to_json()
    found = plan(cloud, "gone", image=3)
    assert [step.move.text for step in found.hoped[0].steps] == [
        f"onevm terminate {vm}",
        "oneimage delete 3",
        "RM of 3 succeeds",
    ]
    assert "image 4: USED → READY" in found.hoped[0].steps[0].others
    assert cloud.to_json() == before
    for step in found.hoped[0].steps:
        assert step.move.make(cloud)
    assert 3 not in cloud.images


def test_an_image_that_there_is_not() -> None:
    with pytest.raises(InputError, match="there is no image 7"):
        plan(Cloud(), "gone", image=7)


# Goals and situations in words


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ready", "READY"),
        ("locked-used-pers", "LOCKED_USED_PERS"),
        ("gone", "gone"),
        ("any with no clones", "any with no clones"),
        ("READY or disabled with 2 vms", "READY or DISABLED with 2 VMs"),
        ("USED with 1 VM, a source and persistent", "USED with 1 VM and a SOURCE and persistent"),
        ("error with no force_delete", "ERROR with no FORCE_DELETE"),
    ],
)
def test_a_goal_is_read_and_told(text: str, told: str) -> None:
    assert str(parse_goal(text)) == told
    assert str(parse_goal(told)) == told


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("redy", "did you mean READY?"),
        ("", "unknown state ''"),
        ("READY with no wms", "did you mean no VMs?"),
        ("READY with many VMs", "'many' is no number of VMs"),
        ("gone with no VMs", "what is gone has nothing more to be"),
    ],
)
def test_a_goal_that_is_none(text: str, problem: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_goal(text)
    assert problem in str(raised.value)
    assert raised.value.field == "goal"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"vms": 10}, "vms: must be from 0 to 9, not 10"),
        ({"asked": "FLY"}, "asked: 'FLY' is none of CP, MKFS"),
        ({"type": T.CDROM, "snapshots": 1}, "snapshots: a CDROM has none"),
        ({"type": T.KERNEL, "vms": 1}, "vms: no machine has a KERNEL as a disk"),
    ],
)
def test_a_situation_that_can_never_be(fields: dict[str, object], problem: str) -> None:
    with pytest.raises(InputError) as raised:
        Situation(**fields)  # type: ignore[arg-type]  # wrong on purpose
    assert str(raised.value).startswith(problem)


def held_by(machines: int) -> Cloud:
    """Give a cloud with an image that machines hold which wait for a host."""
    cloud = Cloud()
    image = cloud.image.allocate('NAME="a" PATH="/a" SIZE="1"', 1)
    cloud.complete("CP", image)
    for _ in range(machines):
        cloud.vm.allocate(f'CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image}"]')
    return cloud


def test_a_record_that_is_locked_is_unlocked_first() -> None:
    cloud = held_by(0)
    cloud.image.lock(0, 1)
    found = plan(cloud, "DISABLED", guarantee=False)
    assert [step.move.text for step in found.hoped[0].steps] == [
        "oneimage unlock 0",
        "oneimage disable 0",
    ]


@pytest.mark.parametrize(
    ("apart", "texts"),
    [((1,), ["onevm deploy 1 0"]), ((), ["onevm deploy 0 0", "onevm deploy 1 0"])],
)
def test_a_way_leads_to_whatever_is_to_hold_of_one_of_several_machines(
    apart: tuple[int, ...], texts: list[str]
) -> None:
    (way,) = ways_until(
        held_by(3), 0, lambda cloud: cloud.vms[1].state is VmState.RUNNING, apart=apart
    )
    assert [step.move.text for step in way.steps] == texts


def test_what_holds_at_the_beginning_needs_no_way_and_what_never_holds_has_none() -> None:
    (way,) = ways_until(held_by(1), 0, lambda _: True)
    assert way.parts == ()
    assert ways_until(held_by(1), 0, lambda _: False, most=20) == ()
    with pytest.raises(KeyError):
        ways_until(Cloud(), 0, lambda _: True)


@pytest.mark.parametrize("module", [goals, plans, situations], ids=lambda one: one.__name__)
def test_the_example_of_a_module_is_true(module: object) -> None:
    failed, attempted = doctest.testmod(module)  # type: ignore[arg-type]  # it is a module
    assert failed == 0
    assert attempted > 0
