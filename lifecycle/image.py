"""One image: what it carries, and the operations that move it.

An image works alone, for unit tests and for teaching: its counters are guards
of its own state machine. In a cloud, its `world` is the cloud, which is told
what the image asks of drivers and of other objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.increments import Increments
from lifecycle.states import AnyState, ImageState, ImageType
from lifecycle.triggers import ImageTriggers
from lifecycle.world import World

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from lifecycle.snapshots import Snapshots

__all__ = ["Image", "Lock", "LockRequest", "Template", "World"]

Template = dict[str, Any]
"""Attributes by their upper-case names: a text, a dict of texts, or a list of either."""

LEVEL_USE, LEVEL_ALL = 1, 4
"""Levels of a lock: against every use, and against all, which comes to the same."""

_NOBODY: AbstractSet[int] = frozenset()
_NO_TEMPLATE: Template = {}
_NO_INCREMENTS = Increments()


class Lock(NamedTuple):
    """What LOCK holds: level 1 (use), 2 (manage) or 3 (admin); seconds since the epoch."""

    level: int
    owner: int
    time: int
    request: int


class LockRequest(NamedTuple):
    """What ``oneimage lock`` asks: level 1 to 4, by whom, and whether only to test."""

    level: int
    owner: int = 0
    admin: bool = True
    test: bool = False
    time: int = 0
    request: int = -1

    def held(self) -> Lock:
        """Give the lock that this becomes; level 4 (all) is stored as 1."""
        return Lock(
            LEVEL_USE if self.level == LEVEL_ALL else self.level,
            self.owner,
            self.time,
            self.request,
        )


class Image(ImageTriggers):
    """An image and all that its record holds.

    Attributes:
        state, prev_state: the state now, and that of the last write.
        running_vms, cloning_ops: the counters; equal to the sizes of the sets
            except in a situation that was loaded so.
        is_persistent: the flag PERSISTENT.
        lock_held: LOCK, or None.
        permissions: nine bits, owner USE first, as in ``0o600``.
        size: in MB. regtime, modtime: in seconds since the epoch.
        world: what surrounds it; None for an image alone.
    """

    __slots__ = (
        "app_clones",
        "backup_disk_ids",
        "clones",
        "cloning_id",
        "cloning_ops",
        "datastore_id",
        "disk_type",
        "format",
        "fs",
        "gid",
        "id",
        "increments",
        "is_persistent",
        "lock_held",
        "modtime",
        "name",
        "path",
        "permissions",
        "prev_state",
        "regtime",
        "running_vms",
        "size",
        "snapshots",
        "source",
        "state",
        "target_snapshot",
        "template",
        "type",
        "uid",
        "vms",
        "world",
    )

    def __init__(  # noqa: PLR0913 - an image has that many fields; all but three are named
        self,
        id: int = 0,  # noqa: A002 - ID is OpenNebula's name for it
        name: str = "",
        type: ImageType = ImageType.OS,  # noqa: A002 - TYPE is OpenNebula's name for it
        *,
        persistent: bool = False,
        state: AnyState = ImageState.INIT,
        source: str = "",
        path: str = "",
        format: str = "",  # noqa: A002 - FORMAT is OpenNebula's name for it
        size: int = 0,
        uid: int = 0,
        gid: int = 0,
        permissions: int = 0o600,
        datastore_id: int = 1,
        template: Template | None = None,
        world: World | None = None,
    ) -> None:
        """Make an image in any state; in INIT it waits for one of the operations of birth."""
        self.id = id
        self.name = name
        self.type = type
        self.is_persistent = persistent
        self.state: AnyState = state
        self.prev_state: AnyState = state
        self.source = source
        self.path = path
        self.format = format
        self.fs = ""
        self.size = size
        self.uid = uid
        self.gid = gid
        self.permissions = permissions
        self.datastore_id = datastore_id
        self.disk_type = 0
        self.template = _NO_TEMPLATE if template is None else template
        self.running_vms = 0
        self.cloning_ops = 0
        self.vms = _NOBODY
        self.clones = _NOBODY
        self.app_clones = _NOBODY
        self.cloning_id = -1
        self.target_snapshot = -1
        self.snapshots: Snapshots | None = None
        self.increments = _NO_INCREMENTS
        self.backup_disk_ids = _NOBODY
        self.lock_held: Lock | None = None
        self.regtime = 0
        self.modtime = 0
        self.world = world

    def __repr__(self) -> str:
        """Show what a reader asks for first."""
        return f"<Image {self.id} {self.name!r} {self.state.name}>"

    def copy(self) -> Image:
        """Give an independent copy, outside any cloud."""
        twin = object.__new__(Image)
        for slot in Image.__slots__:
            setattr(twin, slot, getattr(self, slot))
        twin.vms, twin.clones = frozenset(self.vms), frozenset(self.clones)
        twin.app_clones = frozenset(self.app_clones)
        twin.snapshots = None if self.snapshots is None else self.snapshots.copy()
        twin.world = None
        return twin

    def words(self) -> dict[str, object]:
        """Give the values of the placeholders in oned's texts.

        An unknown type is answered with the end of a sentence, cut by as many
        letters as the number of the image's own type: oned adds a number to a
        C string there.
        """
        state = self.state
        return {
            "id": self.id,
            "name": self.name,
            "state": state.printed if isinstance(state, ImageState) else state.name,
            "type": self.type.name,
            "vms": self.running_vms,
            "clones": self.cloning_ops,
            "unknown_type": "Unknown type "[self.type :],
            "lock_time": 0 if self.lock_held is None else self.lock_held.time,
        }
