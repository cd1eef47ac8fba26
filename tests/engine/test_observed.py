"""One image does what was recorded of every situation and every event that concerns it alone.

What machines and other images do at the same time needs a cloud around the
image; here it is only looked at whether they are told.
"""

from __future__ import annotations

import lzma
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from lifecycle import Image, ImageState, ImageType, LockRequest, Refused
from lifecycle.snapshots import Orphans
from tests.engine.recorder import Recorder
from tests.engine.situations import do, snapshots_in

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDS = Path(__file__).parent.parent / "data" / "observed" / "situations-x-events.txt.xz"

LINE = re.compile(
    r"(?P<situation>\S+) +(?P<event>\S+) +(?P<before>.*?) *-> (?P<after>.*?)"
    r"(?: {2,}(?P<rest>(?:REFUSED|req=|vm|src|tgt).*))?"
)
IMAGE = re.compile(
    r"(?P<state>\w+) r(?P<vms>\d+) c(?P<clones>\d+)"
    r"(?P<persistent> P)?(?: <-(?P<source>\d+))?(?P<error> E)?"
)
REFUSED = re.compile(r"REFUSED 0x(?P<code>\w+) \[\S+\] (?:DISK 0: )?(?P<text>.*)")

OPERATIONS: dict[str, tuple[str, Any]] = {
    "enable": ("enable", None),
    "disable": ("disable", None),
    "persistent": ("persistent", None),
    "nonpersistent": ("nonpersistent", None),
    "clone": ("clone", 99),
    "delete": ("delete", None),
    "delete-force": ("delete_force", None),
    "rename": ("rename", "other"),
    "update": ("update", None),
    "chtype-OS": ("chtype", "OS"),
    "chtype-CDROM": ("chtype", "CDROM"),
    "chtype-KERNEL": ("chtype", "KERNEL"),
    "chmod": ("chmod", 0o600),
    "chown": ("chown", (0, 0)),
    "lock": ("lock", LockRequest(1)),
    "unlock": ("unlock", -1),
    "snapdel-0": ("snapshot_delete", 0),
    "snapdel-1": ("snapshot_delete", 1),
    "snaprevert-0": ("snapshot_revert", 0),
    "snaprevert-1": ("snapshot_revert", 1),
    "snapflatten-0": ("snapshot_flatten", 0),
    "vm-allocate": ("acquire", 99),
    "vm-attach": ("attach", 99),
    "drv-MKFS-ok": ("mkfs_success", "/new"),
    "drv-MKFS-ok-empty": ("mkfs_success", ""),
    "drv-MKFS-fail": ("mkfs_failure", "why"),
    "drv-MKFS-fail-dash": ("mkfs_failure", "-"),
    "drv-CP-ok": ("cp_success", "/new raw"),
    "drv-CP-ok-empty": ("cp_success", ""),
    "drv-CP-ok-nofmt": ("cp_success", "/new"),
    "drv-CP-fail": ("cp_failure", "why"),
    "drv-CLONE-ok": ("clone_success", "/new raw"),
    "drv-CLONE-ok-empty": ("clone_success", ""),
    "drv-CLONE-ok-nofmt": ("clone_success", "/new"),
    "drv-CLONE-fail": ("clone_failure", "why"),
    "drv-RM-ok": ("rm_success", ""),
    "drv-RM-fail": ("rm_failure", "why"),
    "drv-SNAP_DELETE-ok": ("snap_delete_success", ""),
    "drv-SNAP_DELETE-fail": ("snap_delete_failure", "why"),
    "drv-SNAP_REVERT-ok": ("snap_revert_success", ""),
    "drv-SNAP_REVERT-fail": ("snap_revert_failure", "why"),
    "drv-SNAP_FLATTEN-ok": ("snap_flatten_success", ""),
    "drv-SNAP_FLATTEN-fail": ("snap_flatten_failure", "why"),
    "drv-INCREMENT_FLATTEN-fail": ("increment_flatten_failure", "why"),
}
"""The operation that each recorded event is, and what it carries."""

ELSEWHERE = re.compile("vm2?-(terminate|recover|deploy)|src-|tgt-|other-|tm-|drv-tgt-")
"""Events of other objects."""

WITHOUT_SOURCE = re.compile("locked_(?!saveas_tm|snap)|lup_share|error_(nosrc|vms)|.*_vms$")
"""Situations that come before the datastore has put the file."""

WITH_SNAPSHOTS = {
    "locked_snapdel": 0,
    "locked_snapflat": 0,
    "locked_snaprevert": 0,
    "lup_snapdel": 0,
    "ready_snaps": -1,
    "used_pers_snaps": -1,
}
"""Situations with snapshots, and the snapshot that an operation is pending for."""

TYPES = {"backup": ImageType.BACKUP, "cdrom": ImageType.CDROM, "kernel": ImageType.KERNEL}


class Record(NamedTuple):
    """One recorded line: an image, an event, and what became of both."""

    situation: str
    event: str
    before: str
    after: str
    rest: str


class Copying(Recorder):
    """The copy of a disk that is saved ends at once, as it did in `locked_saveas_mkfs`."""

    def start_save_as_copy(self, image: Image) -> None:
        super().start_save_as_copy(image)
        image.save_as_success()


def records() -> dict[str, list[Record]]:
    """Give the recorded lines by situation."""
    found = defaultdict(list)
    for line in lzma.decompress(RECORDS.read_bytes()).decode().splitlines():
        match = LINE.fullmatch(line.rstrip())
        assert match is not None, line
        record = Record(**{name: text or "" for name, text in match.groupdict().items()})
        if not ELSEWHERE.match(record.event):
            found[record.situation].append(record)
    return found


RECORDED = records()


def image_in(situation: str, before: str) -> Image:
    """Make the image of a recorded situation."""
    seen = IMAGE.fullmatch(before)
    assert seen is not None, before
    kind = next((kind for name, kind in TYPES.items() if name in situation), ImageType.OS)
    image = Image(7, "some", kind, state=ImageState[seen["state"]])
    image.world = Copying() if situation == "locked_saveas_mkfs" else Recorder()
    image.is_persistent = seen["persistent"] is not None
    image.vms = frozenset(range(int(seen["vms"])))
    image.running_vms = len(image.vms)
    image.clones = frozenset(range(int(seen["clones"])))
    image.cloning_ops = len(image.clones)
    image.cloning_id = int(seen["source"] or -1)
    image.source = "" if WITHOUT_SOURCE.match(situation) else "/source"
    if situation in WITH_SNAPSHOTS:
        image.snapshots = snapshots_in(Orphans.ALLOW)
        image.target_snapshot = WITH_SNAPSHOTS[situation]
    image.template = dict(attributes(situation))
    if seen["error"]:
        image.template["ERROR"] = "before"
    return image


def attributes(situation: str) -> Iterator[tuple[str, str]]:
    """Give the attributes that the name of a situation tells of."""
    if "saveas" in situation:
        yield "SAVE_AS_HOT", "YES"
    if "share" in situation:
        yield "PERSISTENT_TYPE", "SHAREABLE"
    if situation == "delete_force":
        yield "FORCE_DELETE", "YES"


def shown(image: Image) -> str:
    """Show an image as the records do."""
    if not isinstance(image.state, ImageState):
        return "GONE"
    shown = f"{image.state.name} r{image.running_vms} c{image.cloning_ops}"
    shown += " P" if image.is_persistent else ""
    shown += f" <-{image.cloning_id}" if image.cloning_id != -1 else ""
    return shown + (" E" if "ERROR" in image.template else "")


def without_names(text: str) -> str:
    """Take ids and names, which were others when this was recorded, out of oned's words."""
    return re.sub(r"mage \d+( \(.*?\))?", "mage", text)


def done(record: Record) -> tuple[Image, Refused | None]:
    """Do what was recorded; give the image afterwards, and oned's refusal if there was one."""
    image = image_in(record.situation, record.before)
    operation, what = OPERATIONS[record.event]
    if (record.situation, record.event) == ("ready_vms", "vm-attach"):
        what = 0  # the machine that runs is one of those that hold the image already
    if operation == "update":
        what = image.template | {"A": "B"}
    try:
        do(image, operation, what)
    except Refused as refusal:
        return image, refusal
    return image, None


def answer(record: Record) -> tuple[int, str] | None:
    """Give the error code and the words of a recorded refusal."""
    refused = REFUSED.search(record.rest)
    return refused and (int(refused["code"], 16), without_names(refused["text"]))


def told(image: Image, beginning: str) -> bool:
    """Tell whether the world was told something that begins so."""
    assert isinstance(image.world, Recorder)
    return any(words.startswith(beginning) for words in image.world.told)


@pytest.mark.parametrize("situation", RECORDED)
def test_an_image_does_what_was_recorded(situation: str) -> None:
    for record in RECORDED[situation]:
        image, refusal = done(record)
        assert shown(image) == record.after, record
        words = refusal and (refusal.code, without_names(refusal.text))
        assert words == answer(record), record


@pytest.mark.parametrize("situation", RECORDED)
def test_drivers_are_asked_for_what_was_recorded(situation: str) -> None:
    for record in RECORDED[situation]:
        if record.event != "clone":  # that asks for the copy, which is another image
            image, _ = done(record)
            asked = re.search(r"req=\['(\w+)'\]", record.rest)
            assert asked is None or told(image, f"asked {asked[1]} "), record
            assert told(image, "asked ") is (asked is not None), record


@pytest.mark.parametrize("situation", RECORDED)
def test_others_are_told_when_it_was_recorded_that_they_moved(situation: str) -> None:
    for record in RECORDED[situation]:
        image, _ = done(record)
        if "vm: CLONING" in record.rest:
            assert told(image, "machines "), record
        if "vm: ACTIVE/HOTPLUG_SAVEAS->" in record.rest:
            assert told(image, "no copy ") or told(image, "copy "), record
        source = re.search("<-([0-9]+)", record.before)
        if source is not None:
            assert told(image, f"{source[1]} loses ") is ("src: " in record.rest), record


def test_the_records_are_all_there() -> None:
    assert len(RECORDED) == 45
    assert all(len(found) == len(OPERATIONS) for found in RECORDED.values())
