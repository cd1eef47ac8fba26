"""``lifecycle doctor``: what it prints, and its exit codes."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from lifecycle.analysis.doctor.examine import RULES
from tests.cli.test_main import COMMAND, ROOT, WITHOUT, run
from tests.documents.samples import APP, IMAGES, MACHINES, image_document

if TYPE_CHECKING:
    from pathlib import Path

NOW = ("--now", "1795544460")
GHOST = image_document(ID=7, STATE=2, RUNNING_VMS=1, VMS="<ID>3</ID>")


@pytest.fixture
def ghost(tmp_path: Path) -> str:
    path = tmp_path / "images.xml"
    path.write_text(GHOST)
    return str(path)


@pytest.fixture
def no_machines(tmp_path: Path) -> str:
    path = tmp_path / "machines.xml"
    path.write_text("<VM_POOL/>")
    return str(path)


def test_a_ghost_is_told_with_what_mends_it(ghost: str, no_machines: str) -> None:
    done = run("doctor", ghost, "--vms", no_machines, *NOW)
    assert done.returncode == 1
    assert done.stderr == ""
    assert "image 7 'debian' USED" in done.stdout
    assert "It counts machine 3, which is gone, and nobody else." in done.stdout
    assert "No command leads out of it." in done.stdout
    assert "lifecycle simulate examples/stuck/ghost-in-used.yaml" in done.stdout
    assert "1 image, 0 machines: 1 critical\n" in done.stdout
    assert not re.search(r" $", done.stdout, re.MULTILINE)


def test_as_json(ghost: str, no_machines: str) -> None:
    done = run("doctor", ghost, "--vms", no_machines, "--json", *NOW)
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["format"] == "lifecycle-doctor/1"
    assert told["examined"] == {"images": 1, "machines": 0}
    assert told["not_checked"] == ["ghost-apps", "export-unanswered"]
    (finding,) = told["findings"]
    assert finding["rule"] == "ghost-machines"
    assert finding["commands"] == []
    assert "`onedb fsck`, with oned stopped, counts 0 machines" in finding["advice"]


def test_a_healthy_pool_exits_with_0(tmp_path: Path) -> None:
    path = tmp_path / "images.xml.gz"
    path.write_bytes(gzip.compress(image_document().encode()))
    done = run("doctor", str(path), *NOW)
    assert done.returncode == 0
    assert done.stdout.startswith("1 image: nothing found\n")


@pytest.mark.parametrize(("least", "code"), [("notice", 1), ("warning", 0), ("critical", 0)])
def test_the_least_severity_that_fails_can_be_chosen(least: str, code: int, tmp_path: Path) -> None:
    path = tmp_path / "images.xml"
    path.write_text(image_document(TEMPLATE="<FORCE_DELETE>YES</FORCE_DELETE>"))
    assert run("doctor", str(path), "--fail-on", least, *NOW).returncode == code


def test_standard_input_serves_for_one_of_them(no_machines: str) -> None:
    done = subprocess.run(
        [*COMMAND, "doctor", "-", "--vms", no_machines, *NOW],
        input=GHOST,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "1 critical" in done.stdout
    done = run("doctor", "-", "--vms", "-")
    assert done.returncode == 2
    assert "only one of IMAGES, --vms and --apps can be standard input" in done.stderr


def test_the_recorded_pools_are_healthy_but_for_what_never_came() -> None:
    done = run(
        "doctor", str(IMAGES), "--vms", str(MACHINES), "--apps", str(APP), "--patience", "0", *NOW
    )
    assert done.returncode == 1
    assert "47 images, 4 machines, 1 app: " in done.stdout
    found = set(re.findall(r"^(\S+)  (?:critical|warning|notice)$", done.stdout, re.MULTILINE))
    assert found == {"deleting", "error-without-file", "export-unanswered", "never-answered"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<VM_POOL/>", "holds 'VM_POOL' where IMAGE_POOL or IMAGE is due"),
        (image_document()[:-9], "is cut off: the document does not end"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><IMAGE_POOL/>", "declares a DTD or entities; "),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "images.xml"
    path.write_text(text)
    done = run("doctor", str(path))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert problem in done.stderr


def test_without_a_file_it_asks_for_one() -> None:
    done = run("doctor")
    assert done.returncode == 2
    assert done.stderr.startswith("lifecycle: what is to be examined?")


def test_without_the_extra_it_tells_how_to_install_it(ghost: str) -> None:
    program = WITHOUT.format(name="defusedxml", arguments=["doctor", ghost])
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 2
    assert done.stderr == (
        "lifecycle: reading XML needs defusedxml;"
        " install it with: pip install 'opennebula-image-lifecycle[endpoint]'\n"
    )


def test_the_rules_can_be_listed() -> None:
    done = run("doctor", "--rules")
    assert done.returncode == 0
    for rules in RULES.values():
        for rule in rules:
            assert f"\n{rule.name} " in done.stdout


def test_many_findings_are_cut_short_unless_all_are_wanted(tmp_path: Path) -> None:
    path = tmp_path / "images.xml"
    one = re.sub("</?IMAGE_POOL>", "", image_document(STATE=5))
    many = "".join(one.replace("<ID>0<", f"<ID>{number}<") for number in range(150))
    path.write_text(f"<IMAGE_POOL>{many}</IMAGE_POOL>")
    done = run("doctor", str(path))
    assert "… and 50 more; --all prints them" in done.stdout
    assert "150 images: 150 warnings" in done.stdout
    assert run("doctor", str(path), "--all").stdout.count("oneimage enable") == 150
