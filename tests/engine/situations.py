"""Many different images, and what operations may be given."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from lifecycle import Image, ImageState, ImageType, Lock, LockRequest, Snapshots
from lifecycle.snapshots import Orphans

if TYPE_CHECKING:
    from collections.abc import Iterator

HELD_VM, HELD_CLONE, HELD_APP = 1, 2, 3
"""The machine, the copy and the app that hold an image which is held."""


def snapshots_in(orphans: Orphans) -> Snapshots:
    """Give two snapshots; in a tree, the second is the child of the first, which is active."""
    made = Snapshots(orphans)
    made.create("first", 10, 0)
    made.activate(0, revert=True)
    made.create("second", 20, 0)
    return made


def situations(state: ImageState) -> Iterator[Image]:
    """Give images in a state that differ in all that guards ask about."""
    for kind, persistent, holders, snapshots, source, template in product(
        ImageType,
        (False, True),
        ("", "v", "vv", "c", "a", "vc"),
        (None, Orphans.DENY, Orphans.ALLOW),
        ("", "/source"),
        ({}, {"PERSISTENT_TYPE": "shareable", "SAVE_AS_HOT": "YES", "FORCE_DELETE": "yes"}),
    ):
        image = Image(9, "some", kind, persistent=persistent, state=state, source=source)
        image.path = "" if persistent else "/path"
        image.format = "raw" if persistent or template else ""
        image.template = dict(template)
        image.snapshots = None if snapshots is None else snapshots_in(snapshots)
        image.target_snapshot = 0 if snapshots else -1
        image.cloning_id = 4 if template else -1
        image.lock_held = Lock(1, 5, 0, -1) if source else None
        hold(image, holders)
        yield image


def hold(image: Image, holders: str) -> None:
    """Let machines (v), a copy (c) and an app (a) hold the image."""
    image.vms = frozenset(range(HELD_VM, HELD_VM + holders.count("v")))
    image.clones = frozenset({HELD_CLONE} if "c" in holders else ())
    image.app_clones = frozenset({HELD_APP} if "a" in holders else ())
    image.running_vms = len(image.vms)
    image.cloning_ops = len(image.clones) + len(image.app_clones)


_ANSWERS = ("", "/new", "/new qcow2")
_MACHINES = (HELD_VM, 8)

ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "allocate_backup": _MACHINES,
    "chtype": ("OS", "cdrom", "KERNEL", "FILESYSTEM", "BACKUP", "no such", ""),
    "lock": (
        LockRequest(4, owner=5, admin=False),
        LockRequest(2, owner=6, admin=False),
        LockRequest(3, test=True),
        LockRequest(0),
        LockRequest(5),
    ),
    "unlock": (-1, 5, 6),
    "rename": ("other",),
    "chown": ((3, None), (None, 4)),
    "chmod": (0o640,),
    "update": ({"A": "B"},),
    "snapshot_delete": (0, 1, 7),
    "snapshot_revert": (0, 7),
    "snapshot_flatten": (0, 7),
    "clone": (HELD_CLONE, 8),
    "clone_released": (HELD_CLONE, 8),
    "export": (HELD_APP, 8),
    "export_released": (HELD_APP, 8),
    "acquire": _MACHINES,
    "attach": _MACHINES,
    "release": _MACHINES,
    "release_failed": _MACHINES,
    "write_snapshots": (None, snapshots_in(Orphans.ALLOW)),
    "write_size": (77,),
    "save_as_formatted": ("qcow2",),
    "save_as_lost": ("a text",),
    "backup_disks": ((0, 1),),
    "add_increment": (("/inc", 5, "FULL", 0), ("/inc", 5, "INCREMENT", 0)),
    "increment_flatten_success": ("", "12 0:/new"),
    "cp_success": _ANSWERS,
    "clone_success": _ANSWERS,
    "mkfs_success": _ANSWERS,
    "cp_failure": ("", "-", "why"),
    "clone_failure": ("why",),
    "mkfs_failure": ("why",),
    "snap_delete_failure": ("why",),
    "snap_revert_failure": ("why",),
    "snap_flatten_failure": ("why",),
    "increment_flatten_failure": ("why",),
}
"""What each operation may be given; those that are missing carry nothing."""


def do(image: Image, operation: str, what: object = None) -> bool:
    """Do an operation, with what it carries if it carries anything."""
    method = getattr(image, operation)
    return bool(method(what) if operation in ARGUMENTS else method())


def everything(image: Image) -> dict[str, Any]:
    """Give all that an image carries, but for what surrounds it."""
    return {slot: getattr(image, slot) for slot in Image.__slots__ if slot != "world"}
