"""What recorded histories show of images and machines stands in their documents.

Recorded is what ``one.image.info`` and ``one.vm.info`` answered; here the
documents are written, parsed, and laid beside it, step by step.
"""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from lifecycle.documents import text_of
from lifecycle.trace.format import find, read
from lifecycle.trace.replay import cloud_for, perform

if TYPE_CHECKING:
    from lifecycle import Cloud

TRACES = Path(__file__).parents[1] / "data" / "traces"
PACKED = find([str(TRACES)])
EACH = 4
"""How many histories of each file are laid beside the documents."""

_TEXTS = ("NAME", "SOURCE", "PATH", "FORMAT")
_LISTS = ("VMS", "CLONES", "APP_CLONES", "BACKUP_DISK_IDS")
_DATE = re.compile(r"^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} : ")
_BACKUP = re.compile(r"^\d+ \d\d-\w{3} ")
_NO_DATE = {"DATE"}


def tree(element: ET.Element | None) -> dict[str, Any]:
    """Give the children of an element as attributes."""
    return {
        one.tag: tree(one) if len(one) else one.text or ""
        for one in ([] if element is None else element)
    }


def image_fields(document: str) -> dict[str, Any]:
    """Give what a history shows of an image, read from its document."""
    root = ET.fromstring(document)  # noqa: S314 - written here
    fields: dict[str, Any] = {name: root.findtext(name) for name in _TEXTS}
    for one in root:
        if one.text is not None and re.fullmatch(r"-?\d+", one.text) and one.tag not in fields:
            fields[one.tag] = int(one.text)
    for name in _LISTS:
        fields[name] = [int(one.text or "") for one in root.iterfind(f"{name}/ID")]
    lock = tree(root.find("LOCK"))
    fields["LOCK"] = {key: int(lock[key]) for key in ("LOCKED", "OWNER")} if lock else None
    fields["TEMPLATE"] = tree(root.find("TEMPLATE"))
    if "ERROR" in fields["TEMPLATE"]:
        fields["TEMPLATE"]["ERROR"] = _DATE.sub("", fields["TEMPLATE"]["ERROR"])
    for name, part in (("SNAPSHOTS", "SNAPSHOT"), ("BACKUP_INCREMENTS", "INCREMENT")):
        rows = [tree(one) for one in root.iterfind(f"{name}/{part}")]
        fields[name] = [{key: row[key] for key in row.keys() - _NO_DATE} for row in rows]
    bits = "".join(one.text or "" for one in root.iterfind("PERMISSIONS/*"))
    fields["PERM"] = f"{int(bits, 2):03o}"
    return fields


def vm_fields(document: str) -> dict[str, Any]:
    """Give what a history shows of a machine, read from its document."""
    root = ET.fromstring(document)  # noqa: S314 - written here
    disks = {
        one.findtext("DISK_ID"): int(one.findtext("IMAGE_ID") or "")
        for one in root.iterfind("TEMPLATE/DISK")
        if one.find("IMAGE_ID") is not None
    }
    backups = root.find("BACKUPS")
    config = None if backups is None else backups.find("BACKUP_CONFIG")
    ids = [int(one.text or "") for one in root.iterfind("BACKUPS/BACKUP_IDS/ID")]
    return {
        "STATE": int(root.findtext("STATE") or ""),
        "LCM_STATE": int(root.findtext("LCM_STATE") or ""),
        "DISKS": disks,
        "BACKUPS": {"IDS": ids, "CONFIG": tree(config)},
        "SAVEAS": [
            one.findtext("DISK_ID")
            for one in root.iterfind("TEMPLATE/DISK")
            if one.findtext("HOTPLUG_SAVE_AS_ACTIVE") == "YES"
        ],
    }


def compare(cloud: Cloud, then: dict[str, Any]) -> None:
    """Lay what a step shows beside the documents."""
    for number, want in then.get("images", {}).items():
        image = cloud.images.get(int(number))
        if want is None or image is None:
            assert image is None
            continue
        got = image_fields(str(text_of(cloud, image)))
        for name, value in want.items():
            backup = name == "NAME" and _BACKUP.match(str(value))
            assert backup or got[name] == value, (number, name)
    for number, want in then.get("vms", {}).items():
        vm = cloud.vms.get(int(number))
        if want is not None and vm is not None:
            got = vm_fields(str(text_of(cloud, vm)))
            assert {name: got[name] for name in want} == want, number


@pytest.mark.parametrize("path", PACKED, ids=lambda path: path.name.removesuffix(".jsonl.xz"))
def test_documents_tell_what_was_recorded(path: Path) -> None:
    shown = 0
    for history in islice(read(path), EACH):
        cloud = cloud_for(history)
        for step in history.steps:
            perform(cloud, step)
            cloud.clock.advance(1)
            compare(cloud, step.data.get("then") or {})
            shown += 1
    assert shown
