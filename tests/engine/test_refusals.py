"""A refusal is data: operation, state, unmet guards, oned's words and code, what is legal now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from lifecycle import (
    GONE,
    IMAGE_TABLE,
    OPERATIONS,
    ActionRefused,
    Actor,
    AllocateRefused,
    ApiRefused,
    AuthenticationRefused,
    AuthorizationRefused,
    ErrorCode,
    GoneError,
    Image,
    ImageState,
    ImageType,
    InputError,
    InternalRefused,
    LifecycleError,
    LockedRefused,
    LockRequest,
    NotFoundRefused,
    Refused,
    Snapshots,
)
from lifecycle.image_machine import IMAGE_EVENTS
from lifecycle.machine import build_machine
from lifecycle.refusal import REFUSALS
from tests.engine.recorder import Recorder
from tests.engine.situations import ARGUMENTS, do, everything, hold, situations

S, T = ImageState, ImageType


def image(
    state: ImageState,
    kind: ImageType = T.OS,
    *,
    holders: str = "",
    persistent: bool = False,
    source: str = "",
    snapshots: Snapshots | None = None,
) -> Image:
    """Give an image in a state; `holders` are those of `hold`."""
    made = Image(7, "debian", kind, state=state, persistent=persistent, source=source)
    made.snapshots = snapshots
    hold(made, holders)
    return made


class Case(NamedTuple):
    """A refusal of the specification; `unmet` is None where no row starts from the state."""

    image: Image
    operation: str
    given: Any
    kind: type[Refused]
    text: str
    unmet: list[tuple[str, ...]] | None = None


CASES = {
    "enable an image in use": Case(
        image(S.USED, holders="v"),
        "enable",
        None,
        InternalRefused,
        "Could not enable image: Image cannot be in state USED.",
    ),
    "disable a backup": Case(
        image(S.READY, T.BACKUP),
        "disable",
        None,
        InternalRefused,
        "Could not disable image: Backup images cannot be enabled or disabled.",
        [("not backup",)],
    ),
    "delete a locked image": Case(
        image(S.LOCKED_USED, holders="v"),
        "delete",
        None,
        InternalRefused,
        (
            "Image locked, use --force flag to remove the image."
            " Force delete may leave some files on Datastore"
        ),
    ),
    "delete an image that only a clone holds": Case(
        image(S.USED, holders="c"),
        "delete",
        None,
        ActionRefused,
        "Cannot delete image. There are 0 VMs using it.",
    ),
    "delete an image that is being cloned": Case(
        image(S.CLONE, persistent=True, holders="ca"),
        "delete",
        None,
        ActionRefused,
        "Cannot delete image. There are 2 active clone operations.",
    ),
    "delete a ready image that still counts machines": Case(
        image(S.READY, holders="vv"),
        "delete",
        None,
        ActionRefused,
        "Cannot delete image. There are 2 VMs using it.",
        [
            ("not has_vms",),
            ("has_source", "not has_vms"),
            ("backup",),
            ("backup", "has_source"),
        ],
    ),
    "clone a kernel": Case(
        image(S.READY, T.KERNEL),
        "clone",
        8,
        ActionRefused,
        "KERNEL images cannot be cloned.",
        [("clonable", "persistent"), ("clonable",)],
    ),
    "clone an image in ERROR": Case(
        image(S.ERROR),
        "clone",
        8,
        AllocateRefused,
        "Error allocating a new image. Cannot clone image in state: ERROR",
    ),
    "take a persistent image twice": Case(
        image(S.USED_PERS, persistent=True, holders="v"),
        "acquire",
        8,
        InternalRefused,
        "Cannot acquire image 7, it is persistent and already in use",
        [("shareable",)],
    ),
    "attach a locked image": Case(
        image(S.LOCKED),
        "attach",
        8,
        ActionRefused,
        "Cannot acquire image 7, it is locked",
    ),
    "use a file as a disk": Case(
        image(S.READY, T.CONTEXT),
        "acquire",
        8,
        InternalRefused,
        "Image 7 (debian) of type CONTEXT cannot be used as DISK.",
        [("disk", "persistent"), ("disk",)],
    ),
    "make a used image persistent": Case(
        image(S.LOCKED_USED, holders="v"),
        "persistent",
        None,
        InternalRefused,
        "Could not make image persistent: Image cannot be in state LOCKED_USED.",
        [("persistent",)],
    ),
    "make a file persistent": Case(
        image(S.READY, T.RAMDISK),
        "persistent",
        None,
        ActionRefused,
        "KERNEL, RAMDISK and CONTEXT must be non-persistent",
        [("persistent",), ("not file",)],
    ),
    "revert to a snapshot that does not exist": Case(
        image(S.READY, snapshots=Snapshots()),
        "snapshot_revert",
        3,
        ActionRefused,
        "Snapshot does not exist",
        [("snapshot_exists",)],
    ),
    "change a disk into a file": Case(
        image(S.READY),
        "chtype",
        "KERNEL",
        ActionRefused,
        "Cannot change image type to an incompatible type for the current datastore.",
        [("type_in_family",), ("type_in_family", "has_snapshots", "type_with_snapshots")],
    ),
    "change the type of a shared file system": Case(
        image(S.READY, T.FILESYSTEM),
        "chtype",
        "FILESYSTEM",
        ActionRefused,
        "Cannot change type forFILESYSTEM images.",
        [
            ("type_in_family", "not filesystem"),
            ("type_in_family", "has_snapshots", "type_with_snapshots", "not filesystem"),
        ],
    ),
    "change into a type that nobody knows": Case(
        image(S.READY, T.DATABLOCK),
        "chtype",
        "floppy",
        InternalRefused,
        "known type ",
        [("type_known",), ("type_known", "has_snapshots", "type_with_snapshots")],
    ),
    "export a backup": Case(
        image(S.READY, T.BACKUP),
        "export",
        8,
        InternalRefused,
        "Cannoe clone backup images",
        [("persistent", "not backup"), ("not backup",)],
    ),
    "lock with a level that there is not": Case(
        image(S.READY),
        "lock",
        LockRequest(5),
        ActionRefused,
        "Wrong lock level specified",
        [("level_known",)],
    ),
    "unlock what another has locked": Case(
        image(S.READY),
        "unlock",
        4,
        ActionRefused,
        "Cannot unlock: Lock is owned by another user",
        [("lock_owned",)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_refusal_carries_its_reasons(case: str) -> None:
    of, operation, given, kind, text, unmet = CASES[case]
    thing = of.copy()
    with pytest.raises(Refused) as caught:
        do(thing, operation, given)
    refusal = caught.value
    assert type(refusal) is kind
    assert refusal.code is kind.code
    assert (refusal.operation, refusal.state) == (operation, of.state)
    assert refusal.text == str(refusal) == text
    if unmet is None:
        assert {one.row for one in refusal.unmet} == set(IMAGE_TABLE.rows_of(operation))
        assert all(one.state for one in refusal.unmet)
    else:
        assert [one.guards for one in refusal.unmet] == unmet
        assert not any(one.state for one in refusal.unmet)
    assert refusal.legal == of.legal()
    assert refusal.why.source != ""
    assert everything(thing) == everything(of)


def test_what_is_legal_now_is_told_with_the_refusal() -> None:
    """Of a locked image, what its users may do; drivers may always answer."""
    with pytest.raises(Refused) as caught:
        image(S.LOCKED).enable()
    asked = {name for name in caught.value.legal if OPERATIONS[name].actor is Actor.USER}
    assert asked == {
        "persistent",
        "nonpersistent",
        "chtype",
        "lock",
        "unlock",
        "rename",
        "chown",
        "chmod",
        "update",
        "force",
        "delete_force",
    }


def test_the_reasons_are_those_of_the_moment_of_the_refusal() -> None:
    """They are worked out when somebody looks, and the image may have moved on."""
    thing = image(S.USED, holders="v")
    with pytest.raises(Refused) as caught:
        thing.enable()
    thing.release(1)
    assert thing.state is S.READY
    assert "release" in caught.value.legal
    assert "disable" not in caught.value.legal


def shown(refusal: Refused | None) -> object:
    """Give what there is to a refusal, for comparing two."""
    return refusal and (refusal.code, refusal.text, refusal.state, refusal.unmet, refusal.legal)


def test_an_objection_is_the_refusal_that_firing_would_raise() -> None:
    for thing in situations(S.DISABLED):
        before = everything(thing.copy())
        for operation in ("clone", "delete", "acquire", "persistent", "release"):
            what = ARGUMENTS.get(operation, (None,))[0]
            objection = IMAGE_EVENTS[operation].objection(thing, what)
            said = None
            try:
                IMAGE_EVENTS[operation].fire(thing.copy(), what)
            except Refused as refusal:
                said = refusal
            assert shown(objection) == shown(said)
        assert everything(thing) == before


def test_a_lock_that_is_refused_is_written_all_the_same() -> None:
    """SharedAPI::lock writes the record before it looks at what became of the lock."""
    thing = image(S.READY)
    thing.lock(LockRequest(1, owner=5, admin=False))
    thing.world = world = Recorder()
    with pytest.raises(ActionRefused, match="Error trying to lock the resource"):
        thing.lock(LockRequest(2, owner=6, admin=False))
    assert world.told == ["refused lock in READY", "written READY -> READY"]
    assert thing.lock_held is not None
    assert thing.lock_held.owner == 5


def test_a_test_for_a_lock_answers_with_the_time_of_the_lock() -> None:
    thing = image(S.READY)
    thing.lock(LockRequest(2, time=1234))
    with pytest.raises(ActionRefused, match=r"^1234$"):
        thing.lock(LockRequest(2, test=True))


def test_the_mark_of_a_forced_delete_stays_when_the_delete_is_refused() -> None:
    thing = image(S.USED, holders="v", source="/disk")
    thing.world = world = Recorder()
    with pytest.raises(ActionRefused, match="There are 1 VMs using it"):
        thing.delete_force()
    assert thing.template == {"FORCE_DELETE": "YES"}
    assert thing.state is S.USED
    assert world.told == [
        "fired force: USED -> USED",
        "written USED -> USED",
        "refused delete_force in USED",
    ]


def test_an_ignored_event_is_told_and_changes_nothing() -> None:
    thing = image(S.ERROR, holders="v")
    thing.world = world = Recorder()
    assert thing.release(1) is False
    assert world.told == ["ignored release in ERROR"]
    assert thing.running_vms == 1


def test_nothing_can_be_done_to_an_image_that_is_gone() -> None:
    thing = Image(7, "debian", state=GONE)
    with pytest.raises(GoneError, match="cannot enable: the image is gone"):
        thing.enable()
    assert thing.legal() == ()
    assert IMAGE_EVENTS["enable"].objection(thing) is None
    assert thing.words()["state"] == "GONE"


def test_a_table_with_a_gap_says_so() -> None:
    """It is a mistake of whoever wrote the table, and not an answer of oned's."""
    gaps = build_machine(replace(IMAGE_TABLE, otherwise=()))
    thing = image(S.USED)
    with pytest.raises(LifecycleError, match="does not say what enable does"):
        gaps.events["enable"].trigger(thing, thing)


def test_every_error_code_has_its_class() -> None:
    assert set(REFUSALS) == set(ErrorCode)
    assert all(kind.code is code for code, kind in REFUSALS.items())


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (AuthenticationRefused("whatever"), "User couldn't be authenticated, aborting call."),
        (AuthorizationRefused("no quota", uid=3), "User [3] : no quota."),
        (AuthorizationRefused(uid=3), "User [3] not authorized to perform action on image."),
        (NotFoundRefused(number=999), "Error getting image [999]."),
        (NotFoundRefused(kind="VM"), "Error getting virtual machine Pool."),
        (ActionRefused("as it is"), "as it is"),
        (ApiRefused("as it is"), "as it is"),
        (InternalRefused("as it is"), "as it is"),
        (AllocateRefused("no name"), "Error allocating a new image. no name"),
        (AllocateRefused(kind="VM"), "Error allocating a new virtual machine."),
        (LockedRefused(number=4), "The resource image is locked. [4]."),
        (LockedRefused(), "The resource image is locked."),
    ],
)
def test_each_refusal_is_worded_as_oned_words_it(refusal: Refused, text: str) -> None:
    assert refusal.text == str(refusal) == text
    assert refusal.message("one.image.info") == f"[one.image.info] {text}"


def test_a_refusal_that_nobody_explained_has_no_reasons() -> None:
    refusal = ActionRefused("so it is")
    assert refusal.unmet == ()
    assert refusal.legal == ()
    assert refusal.why.source == ""


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (InputError("no such state"), "no such state"),
        (InputError("no such state", file="a.yaml"), "a.yaml: no such state"),
        (InputError("no such state", file="a.yaml", line=3), "a.yaml:3: no such state"),
        (InputError("none", file="a.yaml", line=3, field="state"), "a.yaml:3: state: none"),
        (InputError("none", field="state"), "state: none"),
    ],
)
def test_a_wrong_input_is_told_with_its_place(error: InputError, text: str) -> None:
    assert str(error) == text


def test_a_refusal_is_caught_as_what_this_package_raises() -> None:
    assert issubclass(Refused, LifecycleError)
    assert not issubclass(GoneError, Refused)
