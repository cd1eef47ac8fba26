"""How a run is told: rows with what changed and why not, and everything as JSON."""

from __future__ import annotations

import json
import re

import pytest

from lifecycle.image_table import IMAGE_TABLE
from lifecycle.refusal import ActionRefused
from lifecycle.scenario.reasons import explain, typed
from lifecycle.scenario.telling import as_json
from lifecycle.scenario.timeline import rows, summary
from lifecycle.scenario.words import span_text, time_text
from tests.scenario.playing import CREATED, READY, RUNNING, run_of, told


def row(steps: str, before: str = READY) -> str:
    return told(run_of(steps, before=before))[-1]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (CREATED, "a INIT → LOCKED | asks datastore: CP a"),
        (
            "- onevm create --name web --disk debian\n",
            "web INIT → PENDING | debian READY → USED, V",
        ),
        ("- oneuser create bob\n", "new user bob"),
        ("- onedatastore create --name vault --type BACKUP_DS\n", "new datastore vault"),
        ("- onegroup create staff\n", "new group staff"),
        ("- oneimage enable debian\n", "nothing changes"),
        ("- oneimage persistent debian\n", "debian READY, persistent"),
        ("- oneimage chtype debian CDROM\n", "debian READY, type CDROM"),
        ("- oneimage rename debian sid\n", "sid READY, was debian"),
        ("- oneimage chmod debian 640\n", "debian READY, mode 640"),
        ("- oneimage chgrp debian users\n", "debian READY, group 1"),
        ("- oneimage lock debian -m\n", "debian READY, locked against manage"),
        ("- oneimage update debian A=b C=d\n", "debian READY, A=b, C=d"),
        ("- onetemplate create --name plan\n", "plan , new template"),
        ("- datastore: unasked complete SNAP_REVERT debian\n", "nothing changes"),
        ("- oneimage delete debian\n", "debian READY → DELETE | asks datastore: RM debian"),
    ],
)
def test_a_row_tells_what_came_of_it(steps: str, expected: str) -> None:
    _, _, came = row(steps).split(" | ", 2)
    assert came.startswith(expected)


def test_a_flag_that_is_taken_back_is_told() -> None:
    before = f"{READY}- oneimage persistent debian\n- oneimage lock debian\n"
    refused = row("- oneimage nonpersistent debian\n", before)
    assert "is locked. [0]. | why: " in refused
    assert refused.endswith("| possible now: oneimage unlock")
    assert row("- oneimage unlock debian\n", before).endswith("debian READY, lock off")
    before += "- oneimage unlock debian\n- oneimage update debian A=b\n"
    assert row("- oneimage nonpersistent debian\n", before).endswith("debian READY, not persistent")
    assert row("- oneimage update debian C=d\n", before).endswith("debian READY, C=d, no A")


def test_disks_of_a_machine_come_and_go() -> None:
    before = f"{RUNNING}- oneimage create --name b --source /b --size 1 --format raw -d default\n"
    assert "web RUNNING, new disk 1 | b READY → USED" in row(
        "- onevm disk-attach web --image b\n", before
    )
    before += "- onevm disk-attach web --image b\n"
    assert "web RUNNING, disk 1 gone" in row("- onevm disk-detach web b\n", before)
    assert row("- onevm disk-snapshot-create web 0 monday\n", before).endswith(" | done")


def test_snapshots_are_counted_and_their_order_is_noticed() -> None:
    story = """\
- oneimage create --name data --type DATABLOCK --size 10 --persistent -d default
- datastore: complete MKFS data
- onevm create --name db --disk data
- onevm deploy db
- onevm disk-snapshot-create db 0 one
- onevm disk-snapshot-create db 0 two
- onevm terminate db
"""
    assert row("", story).endswith("data USED_PERS → READY, VMs 1→0, snapshots 0→2")
    story += "- oneimage snapshot-revert data one\n- datastore: complete SNAP_REVERT data\n"
    assert row("", story).endswith("data LOCKED → READY, snapshots changed")


def test_an_error_text_has_a_line_of_its_own_and_is_told_once() -> None:
    before = f"{CREATED}- datastore: fail CP a no space\n"
    assert row("", before).endswith(
        "a LOCKED → ERROR | ERROR text: Error copying image in the datastore: no space"
    )
    assert "ERROR text" not in row("- oneimage enable a\n", before)


def test_force_that_is_refused_is_told_with_what_it_left() -> None:
    line = row("- oneimage delete debian --force\n", RUNNING)
    assert "refused: Cannot delete image. There are 1 VMs using it." in line
    assert line.endswith("debian USED, FORCE_DELETE=YES")


def test_what_oned_only_logs_is_told_with_the_counter_that_stays() -> None:
    before = f"{RUNNING}- datastore: unasked fail CP debian late\n"
    assert row("- onevm terminate web\n", before).endswith(
        "ignored: release of debian, which still counts 1 VMs"
        " (Releasing image in wrong state: ERROR)"
    )
    before = (
        f"{READY}- oneimage clone debian copy\n- datastore: unasked fail CP debian late\n"
        "- datastore: complete CLONE copy\n"
    )
    assert row("", before).endswith(
        "ignored: clone released of debian, which still counts 1 clones"
        " (Release cloning image in wrong state)"
    )
    before = f"{READY}- oneimage delete debian\n- datastore: unasked complete MKFS debian\n"
    assert row("", before).endswith(
        "ignored: mkfs success of debian (Ignoring mkfs callback, image is being deleted)"
    )


@pytest.mark.parametrize(
    ("before", "command", "why"),
    [
        (
            RUNNING,
            "oneimage delete debian",
            (
                "why: oneimage delete is possible in READY, DISABLED, ERROR and DELETE;"
                " the image is USED | possible now: oneimage clone; onemarketapp create;"
                " onevm create, disk-attach, terminate"
            ),
        ),
        (
            CREATED,
            "oneimage enable a",
            (
                "why: oneimage enable is possible in DISABLED and ERROR; the image is LOCKED"
                " | possible now: oneimage delete --force; onevm create"
            ),
        ),
        (
            RUNNING,
            "onevm hold web",
            (
                "why: onevm hold is possible in PENDING; the machine is RUNNING | possible now:"
                " onevm stop, suspend, poweroff, undeploy, terminate, disk-attach, disk-detach,"
                " disk-saveas, disk-snapshot-create, …"
            ),
        ),
        (
            RUNNING,
            "oneimage persistent debian",
            (
                "why: oneimage persistent is possible in READY, DISABLED, LOCKED, ERROR and DELETE;"
                " the image is USED |"
            ),
        ),
        (
            READY + "- oneimage persistent debian\n- onevm create --name w --disk debian\n",
            "onevm create --name w2 --disk debian",
            "why: missing: PERSISTENT_TYPE is SHAREABLE",
        ),
    ],
)
def test_a_refusal_is_told_with_reasons_and_ways_on(before: str, command: str, why: str) -> None:
    assert why in row(f"- {command}\n", before)


def test_of_many_states_not_all_are_listed() -> None:
    before = f"{READY}- onevm create --name web --disk debian\n"
    line = row("- onevm recover web --retry\n", before)
    assert re.search(r"--retry is possible in (\w+, ){7}\w+ and \d+ more states;", line)


def test_a_recovery_is_possible_where_something_is_pending() -> None:
    line = row("- onevm recover web --success\n", f"{READY}- onevm create --name web\n")
    assert "why: onevm recover --success|--failure is possible in CLONING_FAILURE," in line


def test_of_several_ways_each_is_told() -> None:
    kernel = (
        "- oneimage create --name k --type KERNEL --path /k -d files\n- datastore: complete CP k\n"
    )
    line = row("- oneimage clone k copy\n", kernel)
    assert "why: missing: the type is OS, DATABLOCK or CDROM" in line
    line = row("- oneimage chtype k OS\n", kernel)
    assert "why: missing: the new type is of the same family" in line


def test_what_never_changes_is_not_asked_for() -> None:
    ghost = """\
- oneimage create --name a --path /a -d default
- onevm create --name web --disk a
- datastore: fail CP a gone
- onevm terminate web
- oneimage disable a
- oneimage enable a
"""
    line = row("- oneimage delete a\n", ghost)
    assert "why: in the way: RUNNING_VMS is not 0 |" in line


def test_a_check_that_refuses_needs_no_table() -> None:
    line = row("- onevm deploy web\n- onevm backup web -d default\n", RUNNING)
    assert line.endswith("refused: Datastore needs to be of type BACKUP")
    refusal = explain(ActionRefused("because"))
    assert (refusal.text, refusal.code, refusal.why) == ("because", "ACTION", ())


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        ("delete_force", "oneimage delete --force"),
        ("acquire", "onevm create"),
        ("export", "onemarketapp create"),
        ("cp_success", "cp success"),
        ("release_failed", "onevm recover --delete"),
    ],
)
def test_an_operation_is_called_by_what_is_typed_for_it(operation: str, text: str) -> None:
    assert typed(IMAGE_TABLE.operations[operation]) == text


def test_checkpoints_are_told_only_where_something_is_not_so() -> None:
    story = "- expect: {debian: READY}\n- expect: {debian: USED}\n"
    run = run_of(story, before=READY)
    assert told(run)[-1] == " | expect | unmet: debian: expected USED, met READY"
    assert len(rows(run)) == 3


def test_a_text_is_a_row_of_its_own() -> None:
    found = rows(run_of("- say: Hello.\n", before=READY))[-1]
    assert (found.kind, found.what, found.lines) == ("say", "Hello.", ())


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("- say: x\n", "0 steps in 0:00:00."),
        (CREATED, "1 step in 0:00:00; unanswered: CP a."),
        (f"{CREATED}- oneimage enable a\n", "2 steps in 0:00:01; 1 refused; unanswered: CP a."),
        (f"{READY}- expect: {{debian: READY}}\n", "2 steps in 0:00:01; 1 check passed."),
        (
            f"{READY}- expect: {{debian: {{state: USED, vms: 0}}}}\n- wait: 1 d\n",
            "2 steps in 1d 0:00:01; 1 of 2 checks failed.",
        ),
    ],
)
def test_a_run_is_summed_up_in_a_line(steps: str, expected: str) -> None:
    assert summary(run_of(steps)) == expected


def test_times_are_written_in_words() -> None:
    assert [time_text(one) for one in (0, 61, 3_600, 90_061)] == [
        "0:00:00",
        "0:01:01",
        "1:00:00",
        "1d 1:01:01",
    ]
    assert [span_text(one) for one in (0, 90, 120, 7200, 172_800)] == [
        "0 s",
        "90 s",
        "2 min",
        "2 h",
        "2 d",
    ]


def test_everything_is_there_as_json() -> None:
    story = (
        "- oneuser create bob\n- say: now\n- refused as bob: oneimage delete debian\n"
        "- onevm terminate web\n- oneimage delete debian\n- datastore: complete RM debian\n"
        "- expect: {debian: READY}\n"
    )
    run = run_of(story, before=RUNNING, head="title: T\ntext: U\nseed: 5\n")
    value = json.loads(json.dumps(as_json(run)))
    assert (value["title"], value["text"], value["seed"]) == ("T", "U", 5)
    assert value["seconds"] == run.elapsed
    assert (value["checks"], value["unanswered"]) == (2, [])
    assert value["unmet"] == [{"line": 15, "what": "debian", "wanted": "READY", "met": "gone"}]
    created, _, acquired, *_, saying, refused, ended, deleting, gone, check = value["moments"]
    assert created["call"] == {"method": "one.image.allocate", "reply": [True, 0, 0]}
    assert created["asked"] == [{"driver": "datastore", "action": "CP", "name": "debian"}]
    assert created["changes"][0]["new"] is True
    assert created["changes"][0]["states"] == ["INIT", "LOCKED"]
    assert acquired["changes"][1]["fields"]["RUNNING_VMS"] == [0, 1]
    assert (saying["kind"], saying["what"]) == ("say", "now")
    assert refused["refused"]["code"] == "AUTHORIZATION"
    assert refused["checks"] == 1
    assert ended["hooks"] == [["debian", "USED", "READY"]]
    assert deleting["who"] == "oneadmin"
    assert gone["changes"][0]["gone"] is True
    assert gone["changes"][0]["states"] == ["DELETE", "GONE"]
    assert check["unmet"] == value["unmet"]


def test_what_was_made_or_ignored_is_there_as_json() -> None:
    story = (
        "- oneuser create bob\n- datastore: unasked fail CP debian late\n- onevm terminate web\n"
    )
    value = as_json(run_of(story, before=RUNNING))
    made, _, ended = value["moments"][-3:]
    assert made["made"] == "user bob"
    assert ended["ignored"][0]["kept"] == "1 VMs"
