"""Situations in which images and machines get stuck or contradict each other.

Each finding names a property that fails, and where; how that comes about, by a
shortest history, is found by exploring a small cloud, and so is the way out, where there is one.
The list says what is worth a name. What happens, the exploration finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.analysis.exploration.acts import Act, CloudBounds
from lifecycle.analysis.exploration.clouds import CloudConfiguration, SmallCloud, explore_cloud
from lifecycle.analysis.exploration.properties import PROPERTIES, WISHES, Breach, Property
from lifecycle.analysis.exploration.search import search
from lifecycle.states import ImageType

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud

_PLAIN = (False,)
_PERSISTENT = (True,)
_MOST = 50_000
_FURTHEST = 20_000

_BY_NAME = {one.name: one for one in (*PROPERTIES, *WISHES)}


class Finding(NamedTuple):
    """A situation that is worth a name.

    Attributes:
        name: in few words with hyphens; the scenario's file is called so.
        title: what it is, in one line.
        fails: the name of the property that does not hold.
        state: the state of the image or machine of which it does not hold.
        bounds: the small cloud in which it is looked for.
        known: its number in the list of well-known ways to get stuck, 0 for none.
    """

    name: str
    title: str
    fails: str
    state: str
    bounds: CloudBounds
    known: int = 0

    @property
    def property(self) -> Property:
        """The property that does not hold."""
        return _BY_NAME[self.fails]


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its history.

    Attributes:
        acts: the shortest history, from a fresh cloud.
        breach: the image or machine of which the property fails.
        cloud: the cloud as it is then.
        way_out: the shortest way to where all properties hold, as commands and
            answers that go well; None where there is none.
    """

    finding: Finding
    acts: tuple[Act, ...]
    breach: Breach
    cloud: Cloud
    way_out: tuple[Act, ...] | None


def find(finding: Finding) -> Found | None:
    """Look for a finding; None where it cannot be reached within its bounds."""
    small = SmallCloud(finding.bounds)

    def here(configuration: CloudConfiguration) -> bool:
        return _breach(finding, small.at(configuration)) is not None

    graph = explore_cloud(small, most=_MOST, until=here)
    last = graph.configurations[-1]
    if not here(last):
        return None
    _, steps = graph.history(len(graph.configurations) - 1)
    way_out = _way_out(finding, small, last)
    cloud = small.at(last)
    breach = _breach(finding, cloud)
    assert breach is not None  # noqa: S101 - looked at a moment ago
    acts = (*small.before, *(step.move for step in steps))
    return Found(finding, acts, breach, cloud, way_out)


def _breach(finding: Finding, cloud: Cloud) -> Breach | None:
    found = finding.property.broken(cloud)
    return next((one for one in found if one.state == finding.state), None)


def _way_out(
    finding: Finding, small: SmallCloud, start: CloudConfiguration
) -> tuple[Act, ...] | None:
    """Give the shortest way to a cloud of which every property holds, None where there is none."""

    def well(configuration: CloudConfiguration) -> bool:
        cloud = small.at(configuration)
        if any(True for _ in finding.property.broken(cloud)):
            return False
        return not any(True for one in PROPERTIES for _ in one.broken(cloud))

    def onward(configuration: CloudConfiguration) -> list[tuple[Act, CloudConfiguration]]:
        return [
            (act, after)
            for act, after in small.successors(configuration)
            if not (act.unasked or act.fault or act.makes)
        ]

    graph = search({"here": start}, onward, most=_FURTHEST, until=well)
    last = len(graph.configurations) - 1
    if not well(graph.configurations[last]):
        return None
    return tuple(step.move for step in graph.history(last)[1])


_TWO = CloudBounds(machines=2, persistent=_PLAIN, symmetry=False)
_ONE = CloudBounds(persistent=_PLAIN, symmetry=False)
_KEPT = CloudBounds(persistent=_PERSISTENT, symmetry=False)
_COPIES = CloudBounds(images=2, machines=0, persistent=_PLAIN, symmetry=False)
_LATE_COPIES = CloudBounds(
    images=2, machines=0, persistent=_PLAIN, unasked=1, faults=False, symmetry=False
)
_EXPORTS = CloudBounds(apps=1, machines=0, persistent=_PLAIN, symmetry=False)
_FILES = CloudBounds(
    apps=1, machines=0, persistent=_PLAIN, types=(ImageType.KERNEL,), symmetry=False
)
_DISCS = CloudBounds(
    machines=0, persistent=_PERSISTENT, types=(ImageType.OS, ImageType.CDROM), symmetry=False
)
_BACKUPS = CloudBounds(backups=1, persistent=_PLAIN, unasked=1, copies=False, symmetry=False)
_SNAPSHOTS = CloudBounds(
    machines=3, snapshots=1, persistent=_PERSISTENT, copies=False, symmetry=False
)

FINDINGS = (
    Finding(
        "ghost-in-used",
        "An image is USED by a machine that is gone",
        "machines-are-there",
        "USED",
        _ONE,
        known=1,
    ),
    Finding(
        "ghost-copy",
        "An image is USED by a copy that ended unheard",
        "copies-are-under-way",
        "USED",
        CloudBounds(images=2, persistent=_PLAIN, symmetry=False),
        known=2,
    ),
    Finding(
        "datastore-is-silent",
        "The datastore does not answer, and the image stays LOCKED",
        "datastores-answer",
        "LOCKED",
        _ONE,
        known=3,
    ),
    Finding(
        "delete-failed",
        "The datastore could not remove the file, and the image is in ERROR",
        "what-is-deleted-goes",
        "ERROR",
        _ONE,
        known=4,
    ),
    Finding(
        "machine-in-cloning-failure",
        "A machine waits for an image whose copy failed",
        "copies-succeed",
        "CLONING_FAILURE",
        _ONE,
        known=5,
    ),
    Finding(
        "lost-copy",
        "A copy was dropped before it was answered, and its source stays USED",
        "copies-are-under-way",
        "USED",
        _LATE_COPIES,
        known=6,
    ),
    Finding(
        "backup-in-use",
        "A backup is USED_PERS, and can never be deleted",
        "backups-are-idle",
        "USED_PERS",
        _BACKUPS,
        known=7,
    ),
    Finding(
        "locked-by-ghosts",
        "An image is LOCKED_USED_PERS, and only a ghost waits for it",
        "held-by-the-living",
        "LOCKED_USED_PERS",
        _SNAPSHOTS,
        known=8,
    ),
    Finding(
        "ghost-in-used-pers",
        "A persistent image is USED_PERS by a machine that is gone, and nobody else can have it",
        "machines-are-there",
        "USED_PERS",
        _KEPT,
    ),
    Finding(
        "ghost-in-error",
        "An image in ERROR counts a machine that is gone, and would come back USED",
        "machines-are-there",
        "ERROR",
        _ONE,
    ),
    Finding(
        "ghost-in-ready",
        "A READY image counts a machine that is gone, and cannot be deleted",
        "machines-are-there",
        "READY",
        _ONE,
    ),
    Finding(
        "ready-and-held",
        "An image is READY although a machine has it",
        "free-of-holders",
        "READY",
        _ONE,
    ),
    Finding(
        "disabled-and-held",
        "An image is DISABLED although a machine has it",
        "free-of-holders",
        "DISABLED",
        _ONE,
    ),
    Finding(
        "removed-under-a-machine",
        "The file of an image is removed although a machine has it",
        "free-of-holders",
        "DELETE",
        _ONE,
    ),
    Finding(
        "machine-without-its-image",
        "A machine runs on an image whose record is gone",
        "disks-are-there",
        "RUNNING",
        _ONE,
    ),
    Finding(
        "waits-for-what-is-gone",
        "A machine waits for an image whose record is gone",
        "disks-are-there",
        "CLONING_FAILURE",
        _ONE,
    ),
    Finding(
        "waits-for-what-is-disabled",
        "A machine waits for an image that is DISABLED, and nobody will tell it more",
        "waits-for-something",
        "CLONING_FAILURE",
        _ONE,
    ),
    Finding(
        "waits-for-nothing",
        "A machine is in CLONING although nothing is copied",
        "waits-for-something",
        "CLONING",
        _ONE,
    ),
    Finding(
        "runs-on-an-error",
        "A machine runs on an image that is in ERROR",
        "runs-on-firm-ground",
        "RUNNING",
        _ONE,
    ),
    Finding(
        "ready-without-a-source",
        "An image is READY although there is no file",
        "usable-has-a-source",
        "READY",
        _ONE,
    ),
    Finding(
        "used-without-a-source",
        "A machine is to use an image of which there is no file",
        "usable-has-a-source",
        "USED",
        _ONE,
    ),
    Finding(
        "two-write-into-one",
        "Two machines write into one persistent image that is not shareable",
        "written-by-one",
        "USED_PERS",
        CloudBounds(machines=2, symmetry=False),
    ),
    Finding(
        "force-left-behind",
        "FORCE_DELETE stands on an image that nobody deletes any more",
        "not-marked-for-force",
        "READY",
        _ONE,
    ),
    Finding(
        "copy-without-its-source",
        "The source of a copy that is being made is gone",
        "copied-from-somewhere",
        "LOCKED",
        _COPIES,
    ),
    Finding(
        "error-counts-a-copy",
        "An image in ERROR counts a copy that has ended",
        "copies-are-under-way",
        "ERROR",
        _COPIES,
    ),
    Finding(
        "ready-counts-a-copy",
        "A READY image counts a copy that has ended, and will be USED for ever after the next one",
        "copies-are-under-way",
        "READY",
        _COPIES,
    ),
    Finding(
        "exported-file",
        "A file that was exported to a marketplace stays USED for ever",
        "exports-are-under-way",
        "USED",
        _FILES,
    ),
    Finding(
        "error-counts-an-export",
        "An image in ERROR counts an export that has ended",
        "exports-are-under-way",
        "ERROR",
        _EXPORTS,
    ),
    Finding(
        "ready-counts-an-export",
        "A READY image counts an export that has ended",
        "exports-are-under-way",
        "READY",
        _EXPORTS,
    ),
    Finding(
        "persistent-cdrom",
        "A CDROM is persistent",
        "never-a-persistent-cdrom",
        "READY",
        _DISCS,
    ),
)
"""What is worth a name: the eight well-known ways to get stuck, and what else was found."""
