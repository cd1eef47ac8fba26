"""Checkpoints: each field of each kind of thing, what is met, and what cannot be meant."""

from __future__ import annotations

import pytest

from lifecycle.refusal import InputError
from tests.scenario.playing import READY, RUNNING, run_of

WORLD = f"""\
- oneuser create bob
{RUNNING}\
- onevm create --name web2 --disk debian
- oneimage clone debian copy
- oneimage create --name data --type DATABLOCK --size 10 --persistent -d default
- datastore: fail MKFS data permission denied
- oneimage chown copy bob
- oneimage lock data --manage
- onemarket create --name shop
- onemarketapp create --name app --image debian --market shop
- market: fail IMPORT app no route
"""


def unmet(what: str, before: str = WORLD) -> list[str]:
    return [str(one) for one in run_of(f"- expect: {what}\n", before=before).unmet]


@pytest.mark.parametrize(
    "what",
    [
        "{debian: USED, copy: LOCKED, data: ERROR, web: RUNNING, web2: PENDING, app: ERROR}",
        "{debian: {state: USED, vms: 2, clones: 1}}",
        "{debian: {vms: [web2, web]}}",
        "{copy: {vms: none, owner: bob, error: none, lock: none}}",
        "{copy: {vms: []}}",
        "{copy: {vms: 0, clones: 0, snapshots: 0, increments: 0}}",
        "{data: {persistent: yes, type: DATABLOCK, lock: manage, error: permission denied}}",
        "{debian: {persistent: No, owner: oneadmin}}",
        "{web: {disks: [debian]}, web2: {disks: debian}}",
        "{web: {disks: 1}}",
        "{app: {error: no route}}",
    ],
)
def test_what_is_so_passes(what: str) -> None:
    assert unmet(what) == []


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("{debian: READY}", "debian: expected READY, met USED"),
        ("{debian: gone}", "debian: expected gone, met USED"),
        ("{debian: {vms: 1}}", "debian vms: expected 1, met web, web2"),
        ("{debian: {vms: [web]}}", "debian vms: expected web, met web, web2"),
        ("{debian: {vms: web}}", "debian vms: expected web, met web, web2"),
        ("{debian: {vms: none}}", "debian vms: expected none, met web, web2"),
        ("{copy: {vms: [web]}}", "copy vms: expected web, met none"),
        ("{debian: {clones: 0}}", "debian clones: expected 0, met 1"),
        ("{data: {persistent: no}}", "data persistent: expected no, met yes"),
        ("{data: {lock: none}}", "data lock: expected none, met manage"),
        ("{data: {type: OS}}", "data type: expected OS, met DATABLOCK"),
        ("{copy: {owner: oneadmin}}", "copy owner: expected oneadmin, met bob"),
        (
            "{data: {error: no space}}",
            "data error: expected no space, met Error creating datablock: permission denied",
        ),
        (
            "{data: {error: none}}",
            "data error: expected none, met Error creating datablock: permission denied",
        ),
        ("{web: {disks: 2}}", "web disks: expected 2, met debian"),
        ("{app: {error: none}}", "app error: expected none, met Error importing app into"),
    ],
)
def test_what_is_not_so_is_told_with_both(what: str, message: str) -> None:
    (found,) = unmet(what)
    assert found.startswith(message)


def test_nothing_is_left_to_check_of_what_is_gone() -> None:
    gone = f"{READY}- oneimage delete debian\n- datastore: complete RM debian\n"
    assert unmet("{debian: gone}", gone) == []
    assert unmet("{debian: {vms: 0}}", gone) == ["debian vms: expected 0, met gone"]
    assert unmet("{debian: {owner: gone}}", gone) == ["debian owner: expected gone, met gone"]


def test_an_owner_that_is_gone_is_a_number() -> None:
    story = f"{WORLD}- oneuser delete bob\n"
    assert unmet("{copy: {owner: bob}}", story) == ["copy owner: expected bob, met user 2"]


def test_snapshots_and_increments_are_counted() -> None:
    story = f"""\
{RUNNING}\
- oneimage create --name data --type DATABLOCK --size 10 --persistent -d default
- datastore: complete MKFS data
- onevm create --name db --disk data
- onevm deploy db
- onevm disk-snapshot-create db data one
- onevm terminate db
"""
    assert unmet("{data: {snapshots: 1, increments: 0}}", story) == []
    assert unmet("{data: {snapshots: 2}}", story) == ["data snapshots: expected 2, met 1"]


@pytest.mark.parametrize(
    ("what", "problem"),
    [
        ("{debain: READY}", "there is no image, machine or app 'debain'; did you mean debian?"),
        ("{debian: RUNNING}", "debian is of the kind image, which has no state 'RUNNING'"),
        ("{web: READY}", "web is of the kind machine, which has no state 'READY'"),
        ("{web: gone}", "web is of the kind machine, which has no state 'gone'"),
        ("{app: USED}", "app is of the kind app, which has no state 'USED'"),
        ("{web: {clones: 1}}", "web is of the kind machine, which has no field 'clones'"),
    ],
)
def test_what_cannot_be_meant_is_an_error(what: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        unmet(what)
    line = WORLD.count("\n") + 2
    assert str(caught.value) == f"story.yaml:{line}: expect: {problem}"


def test_all_that_is_not_so_is_told_and_the_story_goes_on() -> None:
    story = "- expect: {debian: READY, copy: READY}\n- expect: {data: READY}\n- say: the end\n"
    run = run_of(story, before=WORLD)
    assert [one.what for one in run.unmet] == ["debian", "copy", "data"]
    assert run.checked == 3
    assert run.moments[-1].what == "the end"


@pytest.mark.parametrize(
    ("requests", "message"),
    [
        ("[CLONE copy]", []),
        ("none", ["unanswered requests: expected none, met CLONE copy"]),
        (
            "[CLONE copy, CLONE copy]",
            ["unanswered requests: expected CLONE copy, CLONE copy, met CLONE copy"],
        ),
    ],
)
def test_the_open_requests_must_be_exactly_these(requests: str, message: list[str]) -> None:
    run = run_of(f"- unanswered: {requests}\n", before=WORLD)
    assert [str(one) for one in run.unmet] == message


def test_a_request_about_an_unknown_name_is_an_error() -> None:
    with pytest.raises(InputError, match="unanswered: there is no machine 'copy'"):
        run_of("- unanswered: SAVEAS copy\n", before=WORLD)
