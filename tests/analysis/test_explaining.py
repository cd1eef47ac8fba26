"""An explanation says what happens when it is tried, and what to do instead works."""

from __future__ import annotations

import doctest
from itertools import product

import pytest

from lifecycle import (
    IMAGE_TABLE,
    OPERATIONS,
    Cloud,
    Image,
    ImageState,
    ImageType,
    InputError,
    Refused,
    UnknownMethodError,
)
from lifecycle.analysis.explaining import calls, explain, explain_state, operations
from lifecycle.analysis.explaining.arguments import parameter_of, read_argument
from lifecycle.analysis.explaining.oddities import ODDITIES
from lifecycle.analysis.names import operation_of
from lifecycle.analysis.situation import Situation
from lifecycle.wording import guard_words, opposite

S, T = ImageState, ImageType
SITUATIONS = [
    *(Situation(state) for state in S),
    *(Situation(state, T.CDROM) for state in (S.READY, S.USED)),
    *(Situation(state, T.KERNEL) for state in (S.READY, S.USED, S.ERROR)),
    *(Situation(state, T.BACKUP, vms=1) for state in (S.READY, S.ERROR, S.LOCKED)),
    Situation(S.READY, snapshots=2),
    Situation(S.READY, ghosts=1),
    Situation(S.ERROR, vms=1, forced=True),
    Situation(S.ERROR, source=False),
    Situation(S.DELETE, persistent=True),
    Situation(S.USED, vms=0, clones=1),
    Situation(S.USED_PERS, vms=2, shareable=True),
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_explanation_says_what_happens_to_an_image_alone(operation: str) -> None:
    for begin in SITUATIONS:
        found = explain(operation, begin, instead=False)
        image = begin.image()
        outcome, refused = tried(image, operation, found.argument)
        assert (found.outcome, found.before, found.after) == (outcome, begin.state, image.state)
        assert found.rule
        assert found.source
        assert bool(found.obstacles) == (outcome != "done")
        if refused is not None:
            assert found.text.removeprefix(f"[{OPERATIONS[operation].call}] ") == refused.text
            assert (found.code, found.source) == (refused.code, refused.why.source)
            assert [one.guards for one in found.obstacles] == [one.guards for one in refused.unmet]
        if outcome == "done":
            row = next(row for row in IMAGE_TABLE.rows if row.key == found.rule)
            assert begin.state in row.origins


def tried(image: Image, operation: str, argument: object) -> tuple[str, Refused | None]:
    """Do an operation to an image alone, and say what came of it."""
    method = getattr(image, operation)
    try:
        done = method(argument) if parameter_of(operation) else method()
    except Refused as refused:
        return "refused", refused
    return ("done" if done else "ignored"), None


def test_each_unmet_guard_is_told_in_words() -> None:
    found = explain("acquire", Situation(S.USED_PERS))
    (obstacle,) = found.obstacles
    assert obstacle.guards == ("shareable",)
    assert obstacle.words == ("PERSISTENT_TYPE is not SHAREABLE",)
    for begin, operation in product(SITUATIONS, ("clone", "delete", "chtype", "export")):
        for one in explain(operation, begin, instead=False).obstacles:
            assert one.words == tuple(
                guard_words(IMAGE_TABLE, opposite(guard)) for guard in one.guards
            )
            assert one.states or one.guards


def test_what_is_done_is_told_with_what_it_does_to_others() -> None:
    found = explain("cp_success", Situation(S.LOCKED_USED))
    assert (found.before, found.after) == (S.LOCKED_USED, S.USED)
    assert "machine VM1: CLONING → PENDING" in found.others
    assert found.fields is not None
    assert found.fields["SOURCE"] == ("", "/ds/img-0")
    assert explain("delete", Situation(S.READY)).asked == ("RM of IMAGE",)


@pytest.mark.parametrize(
    ("operation", "begin"),
    [
        ("delete", Situation(S.USED)),
        ("delete", Situation(S.LOCKED)),
        ("clone", Situation(S.READY, snapshots=1)),
        ("acquire", Situation(S.USED_PERS)),
        ("acquire", Situation(S.DISABLED)),
        ("enable", Situation(S.USED)),
        ("nonpersistent", Situation(S.USED_PERS)),
        ("snapshot_flatten", Situation(S.ERROR, snapshots=1)),
        ("release", Situation(S.ERROR, vms=1)),
    ],
)
def test_what_to_do_instead_leads_to_where_it_is_done(operation: str, begin: Situation) -> None:
    found = explain(operation, begin)
    assert found.instead is not None
    cloud, image = begin.cloud()
    for step in found.instead.hoped[0].steps:
        assert step.move.make(cloud)
    assert explain(operation, cloud, image=image).outcome == "done"


def test_where_nothing_leads_to_it_nothing_is_promised() -> None:
    assert explain("delete", Situation(S.USED, ghosts=1)).instead is None
    assert explain("clone", Situation(S.READY, T.KERNEL)).instead is None


def test_an_explanation_changes_nothing() -> None:
    cloud = Cloud()
    image = cloud.image.allocate('NAME="i" PATH="/p" SIZE="1"', 1)
    before = cloud.to_json()
    for operation in OPERATIONS:
        explain(operation, cloud, image=image, instead=operation in {"delete", "clone"})
    assert cloud.to_json() == before
    with pytest.raises(InputError, match="there is no image 5"):
        explain("delete", cloud, image=5)


# What is odd


@pytest.mark.parametrize("place", range(len(ODDITIES)))
def test_an_oddity_is_met_somewhere(place: int) -> None:
    oddity = ODDITIES[place]
    assert oddity.source
    for operation in oddity.operations:
        met = [
            begin
            for begin in SITUATIONS
            if oddity.text in explain(operation, begin, instead=False).odd
        ]
        assert met, f"{operation} is never odd like that"


def test_what_is_as_one_would_guess_is_not_called_odd() -> None:
    assert explain("delete", Situation(S.READY)).odd == ()
    assert explain("acquire", Situation(S.READY)).odd == ()


# States


@pytest.mark.parametrize("state", S)
def test_a_state_is_explained_by_the_rows_of_the_table(state: ImageState) -> None:
    found = explain_state(state, ways=False)
    assert {one.operation.name for one in found.ways_out} == {
        row.operation for row in IMAGE_TABLE.rows_from(state) if row.target not in {None, state}
    }
    assert {one.operation.name for one in found.ways_in} == {
        row.operation for row in IMAGE_TABLE.rows if row.target is state and row.origins != (state,)
    }
    for operation in found.refused:
        outcome = explain(operation.name, Situation(state), instead=False).outcome
        assert outcome == "refused"


def test_a_state_says_how_to_get_away_from_it() -> None:
    found = explain_state(S.ERROR)
    assert found.free is not None
    assert [step.move.text for step in found.free.hoped[0].steps] == ["oneimage enable IMAGE"]
    assert explain_state(S.INIT).gone is None


# Calls in a cloud


@pytest.fixture
def cloud() -> Cloud:
    """Give a cloud with an image that a machine has, and a copy of it under way."""
    made = Cloud()
    image = made.image.allocate('NAME="base" PATH="/p" SIZE="8"', 1)
    made.complete("CP", image)
    made.vm.allocate(f'NAME="one" CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image}"]')
    made.image.clone(image, "copy")
    return made


def test_a_call_is_tried_in_a_copy(cloud: Cloud) -> None:
    before = cloud.to_json()
    found = cloud.explain("one.vm.action", "terminate", 0)
    assert found.ok
    assert found.changes == ("machine 0: PENDING → DONE",)
    assert found.fields[0]["RUNNING_VMS"] == (1, 0)
    assert [entry.what for entry in found.journal if entry.kind == "move"] == [
        "terminate",
        "release",
    ]
    assert cloud.to_json() == before


def test_a_refused_call_says_why_and_what_to_do(cloud: Cloud) -> None:
    found = cloud.explain("delete", cloud.images[0])
    assert (found.method, found.params, found.ok) == ("one.image.delete", (0, False), False)
    assert found.text == "[one.image.delete] Cannot delete image. There are 1 VMs using it."
    assert found.code is not None
    assert found.code.name == "ACTION"
    assert found.instead is not None
    texts = [step.move.text for step in found.instead.hoped[0].steps]
    assert texts[-1] in {"onevm terminate 0", "CLONE of 1 succeeds"}
    assert len(texts) == 2
    assert "oneimage" not in str(found).splitlines()[0]
    assert "instead: " in str(found)


def test_a_call_that_is_refused_and_changes_something_all_the_same_says_so(cloud: Cloud) -> None:
    found = cloud.explain("delete_force", 0)
    assert not found.ok
    assert found.fields[0]["TEMPLATE"][1]["FORCE_DELETE"] == "YES"
    assert any("FORCE_DELETE is written" in line for line in found.odd)
    assert "FORCE_DELETE: not there → YES" in str(found)


def test_a_call_says_what_drivers_would_be_asked(cloud: Cloud) -> None:
    found = cloud.explain("clone", 0, "second")
    assert found.ok
    assert found.value == 2
    assert found.asked == ("CLONE of second",)
    assert found.changes == ("image second: new → LOCKED",)


def test_another_user_may_not_do_everything(cloud: Cloud) -> None:
    user = cloud.user.allocate("ann", "secret", "core", [])
    found = cloud.explain("delete", 0, uid=user)
    assert found.code is not None
    assert found.code.name == "AUTHORIZATION"
    assert found.instead is None
    with pytest.raises(InputError, match="there is no user with the id 99"):
        cloud.explain("delete", 0, uid=99)


def test_what_cannot_be_explained(cloud: Cloud) -> None:
    with pytest.raises(InputError, match="did you mean delete"):
        cloud.explain("delet", 0)
    with pytest.raises(InputError, match="no call on an image makes it"):
        cloud.explain("release", 0)
    with pytest.raises(UnknownMethodError):
        cloud.explain("one.image.fly", 0)


# Words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("delete", "delete"),
        ("snapshot-delete", "snapshot_delete"),
        ("CP success", "cp_success"),
        ("force-delete", "delete_force"),
        ("create", "allocate"),
    ],
)
def test_an_operation_is_found_by_what_is_typed(text: str, name: str) -> None:
    assert operation_of(text).name == name


@pytest.mark.parametrize(
    ("operation", "text", "problem"),
    [
        ("enable", "3", "enable: carries nothing; leave '3' out"),
        ("chown", "3", "chown: carries nothing that can be given here"),
        ("release", "one", "release: 'one' is no machine; give a number"),
        ("snapshot_delete", "9" * 20, "is no snapshot; give a number"),
    ],
)
def test_an_argument_that_does_not_fit(operation: str, text: str, problem: str) -> None:
    with pytest.raises(InputError) as raised:
        read_argument(operation, text)
    assert problem in str(raised.value)


@pytest.mark.parametrize("module", [calls, operations], ids=lambda one: one.__name__)
def test_the_example_of_a_module_is_true(module: object) -> None:
    failed, attempted = doctest.testmod(module)  # type: ignore[arg-type]  # it is a module
    assert failed == 0
    assert attempted > 0
