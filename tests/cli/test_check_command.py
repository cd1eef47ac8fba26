"""``lifecycle check``: what it prints, the forms that it reads, and its exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lifecycle import Cloud
from tests.cli.test_main import run
from tests.documents.samples import image_document

if TYPE_CHECKING:
    from pathlib import Path


def folder(tmp_path: Path, *documents: str) -> str:
    for number, text in enumerate(documents):
        (tmp_path / f"poll-{number}.xml").write_text(text)
    return str(tmp_path)


READY = image_document(ID=7, PATH="/debian")
USED = image_document(ID=7, PATH="/debian", STATE=2, PREV_STATE=2, RUNNING_VMS=1, VMS="<ID>3</ID>")
VIEW = {"ID": 7, "NAME": "a", "TYPE": 0, "PERSISTENT": 0, "STATE": 1, "SOURCE": "/7"}
MOVED = image_document(ID=7, PATH="/elsewhere")


def test_a_folder_of_documents_with_the_hidden_steps(tmp_path: Path) -> None:
    done = run("check", folder(tmp_path, READY, USED, "<IMAGE_POOL/>"), "--steps")
    assert done.returncode == 0
    first, *legs, last = done.stdout.splitlines()
    assert first == "image 7: possible"
    assert [leg.partition(".xml: ")[2] for leg in legs] == [
        "allocate, cp_success",
        "acquire by machine 3",
        "release by machine 3, delete, rm_success",
    ]
    assert last == "3 observations of 1 image: 1 possible, 0 impossible"


def test_the_first_impossible_observation_and_what_would_be_possible(tmp_path: Path) -> None:
    done = run("check", folder(tmp_path, READY, MOVED, READY))
    assert done.returncode == 1
    assert "poll-1.xml is the first that cannot be:" in done.stdout
    assert "PATH is '/elsewhere'; possible is '/debian'" in done.stdout


def test_a_record_does_not_come_back(tmp_path: Path) -> None:
    done = run("check", folder(tmp_path, READY, "<IMAGE_POOL/>", READY), "--json")
    assert done.returncode == 1
    (image,) = json.loads(done.stdout)["images"]
    assert image["impossible_at"].endswith("poll-2.xml")
    assert image["wrong"][0]["possible"] == "gone for ever: a record does not come back"


def test_a_document_of_one_image_says_nothing_of_others(tmp_path: Path) -> None:
    alone = READY.replace("<IMAGE_POOL>", "").replace("</IMAGE_POOL>", "")
    other = image_document(ID=8).replace("<IMAGE_POOL>", "").replace("</IMAGE_POOL>", "")
    assert run("check", folder(tmp_path, alone, other, alone)).returncode == 0


def test_answers_that_nobody_asked_for_are_told(tmp_path: Path) -> None:
    # Nothing that was asked for leads from READY, used by nobody, to ERROR with its file.
    failed = image_document(ID=7, PATH="/debian", STATE=5, PREV_STATE=5)
    where = folder(tmp_path, READY, failed.replace("/ds/debian", ""))
    done = run("check", where)
    assert done.returncode == 0
    assert "need a late, repeated or unasked answer of a driver" in done.stdout
    assert run("check", where, "--asked").returncode == 1


def test_polls_as_lines(tmp_path: Path) -> None:
    path = tmp_path / "polls.jsonl"
    used = VIEW | {"STATE": 2, "VMS": [3, 4]}
    polls = ({"IMAGE_POOL": [VIEW]}, {"IMAGE": used}, used)
    path.write_text("\n\n".join(map(json.dumps, polls)))
    done = run("check", str(path), "--steps")
    assert done.returncode == 0
    assert "polls.jsonl:3: acquire by each of machines 3, 4" in done.stdout
    assert "polls.jsonl:5: nothing need have happened" in done.stdout


def test_a_name_may_hold_what_ends_a_line_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "polls.jsonl"
    poll = json.dumps(VIEW | {"NAME": "a\u2028b\x85c"}, ensure_ascii=False)
    path.write_text(f"{poll}\r\n{poll}\r\n", encoding="utf-8", newline="")
    done = run("check", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("2 observations of 1 image: 1 possible")


def test_recorded_histories_can_be_checked() -> None:
    done = run("check", "tests/data/traces/level1.jsonl.xz")
    assert done.returncode == 0
    assert done.stdout == "1800 observations of 352 images: 352 possible, 0 impossible\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "polls.jsonl:1: not JSON: "),
        ("[]", "polls.jsonl:1: a poll must be a JSON object"),
        ('{"IMAGE_POOL": 3}', "polls.jsonl:1: IMAGE_POOL: must be a list of images"),
        ('{"ID": 7}', "polls.jsonl:1: IMAGE 7: TYPE: is missing"),
        ('{"STATE": 7}', "polls.jsonl:1: IMAGE without an ID: ID: is missing"),
        ("[" * 100000, "polls.jsonl:1: not JSON: "),
        (
            json.dumps({"IMAGE_POOL": [VIEW, VIEW]}),
            "polls.jsonl:1: IMAGE 7: is there twice",
        ),
        (
            '{"ID": 7, "NAME": "a", "TYPE": 0, "PERSISTENT": 0, "STATE": 1, "VMS": ["x"]}',
            "polls.jsonl:1: IMAGE 7: VMS: must hold IDs",
        ),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "polls.jsonl"
    path.write_text(text)
    done = run("check", str(path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert problem in done.stderr


def test_a_folder_without_documents_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "holds no documents (*.xml, *.xml.gz)" in run("check", str(tmp_path)).stderr
    assert run("check", str(tmp_path / "none.jsonl")).returncode == 2
    assert run("check", str(tmp_path / "none.xml")).returncode == 2


def hooks(tmp_path: Path, *changes: str) -> str:
    path = tmp_path / "hooks.jsonl"
    rows = [dict(zip(("FROM", "TO"), change.split(), strict=True)) for change in changes]
    path.write_text("\n".join(json.dumps({"hook": {"ID": 7, **row}}) for row in rows))
    return str(path)


def test_state_hooks_tell_every_change(tmp_path: Path) -> None:
    done = run("check", hooks(tmp_path, "INIT READY", "READY USED", "USED READY"), "--steps")
    assert done.returncode == 0
    assert "hooks.jsonl:1: allocate" in done.stdout
    assert "hooks.jsonl:3: release by another machine" in done.stdout


def test_a_hook_that_cannot_be(tmp_path: Path) -> None:
    done = run("check", hooks(tmp_path, "INIT READY", "READY LOCKED_USED"))
    assert done.returncode == 1
    assert "hooks.jsonl:2 is the first that cannot be:" in done.stdout
    assert "READY → USED" in done.stdout


def test_the_journal_of_a_saved_cloud(tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.plan("success", "CP")
    image = cloud.image.allocate('NAME="a" PATH="/a" SIZE="1"', 1)
    cloud.image.enable(image, enabled=False)
    cloud.save(tmp_path / "cloud.json")
    done = run("check", str(tmp_path / "cloud.json"))
    assert done.returncode == 0
    assert done.stdout == "2 observations of 1 image: 1 possible, 0 impossible\n"
    (tmp_path / "cloud.json").write_text("[]")
    assert (
        "must be a saved cloud with its journal"
        in run("check", str(tmp_path / "cloud.json")).stderr
    )


def test_a_hook_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "hooks.jsonl"
    path.write_text('{"hook": [7, "READY"]}')
    done = run("check", str(path))
    assert done.returncode == 2
    assert 'hooks.jsonl:1: hook: must be like {"ID": 7' in done.stderr


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0"?>\n'])
def test_documents_that_were_appended_to_one_file(declaration: str, tmp_path: Path) -> None:
    path = tmp_path / "polls.xml"
    pretty = [text.replace("><", ">\n  <") for text in (READY, USED, MOVED)]
    path.write_text("\n".join(declaration + text for text in pretty[:2]))
    assert run("check", str(path)).stdout.startswith("2 observations of 1 image: 1 possible")
    path.write_text("\n".join(declaration + text for text in pretty))
    assert "polls.xml (3 of 3) is the first that cannot be:" in run("check", str(path)).stdout
    path.write_text("\n".join([*pretty[:2], pretty[2].replace("<STATE>1<", "<STATE>x<")]))
    done = run("check", str(path))
    assert done.returncode == 2
    lines = path.read_text().split("\n")
    place = f"polls.xml:{1 + len(lines) - len(pretty[2].split(chr(10))) + 1}: IMAGE 7: STATE: must"
    assert place in done.stderr
