"""What holds of every image at any time, and of any two observations of one image.

Each fact is a small function that gives what is wrong, or nothing. Sources: the
table of the image (no effect writes ID, PATH, REGTIME, …), and ``Image::insert``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifecycle.states import (
    CLONABLE_TYPES,
    FILE_TYPES,
    SNAPSHOT_TYPES,
    ImageState,
    ImageType,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

    from lifecycle.image import Image

FAMILIES = (CLONABLE_TYPES, FILE_TYPES, {ImageType.BACKUP}, {ImageType.FILESYSTEM})
"""The types among which a type can change."""

_LEVELS = range(1, 4)
_FIXED = ("regtime", "path", "datastore_id", "disk_type", "fs")


class Wrong(NamedTuple):
    """That an observation cannot be: the field, what was seen, and what would be possible."""

    field: str
    seen: str
    possible: str

    def words(self) -> str:
        """Say it in one line."""
        return f"{self.field} is {self.seen}; possible is {self.possible}"


def family_of(image: Image) -> AbstractSet[ImageType]:
    """Give the types that an image can get."""
    return next(family for family in FAMILIES if image.type in family)


def wrong_alone(image: Image) -> list[Wrong]:
    """Give what of an observation is never possible, whatever came before."""
    return [*_wrong_counters(image), *_wrong_kind(image), *_wrong_values(image)]


def _wrong_counters(image: Image) -> Iterator[Wrong]:
    if image.running_vms != len(image.vms):
        yield Wrong("RUNNING_VMS", str(image.running_vms), f"{len(image.vms)}, as in VMS")
    copies = len(image.clones) + len(image.app_clones)
    if image.cloning_ops != copies:
        sets = "as in CLONES and APP_CLONES"
        yield Wrong("CLONING_OPS", str(image.cloning_ops), f"{copies}, {sets}")
    sets_of_ids = {"VMS": image.vms, "CLONES": image.clones, "APP_CLONES": image.app_clones}
    for name, ids in sets_of_ids.items():
        if ids and min(ids) < 0:
            yield Wrong(name, str(min(ids)), "0 or more")


def _wrong_kind(image: Image) -> Iterator[Wrong]:
    name = image.type.name
    if image.snapshots is not None and image.type not in SNAPSHOT_TYPES and len(image.snapshots):
        yield Wrong("TYPE", name, "OS or DATABLOCK, as it has snapshots")
    if image.type in FILE_TYPES and image.is_persistent:
        yield Wrong("PERSISTENT", "1", f"0, as of every {name}")
    if image.type is ImageType.BACKUP and not image.is_persistent:
        yield Wrong("PERSISTENT", "0", "1, as of every BACKUP")
    if image.type is not ImageType.BACKUP and (image.increments or image.backup_disk_ids):
        yield Wrong("BACKUP_INCREMENTS", "filled", "empty, as of all but a BACKUP")


def _wrong_values(image: Image) -> Iterator[Wrong]:
    if image.prev_state is not image.state and image.prev_state is not ImageState.INIT:
        yield Wrong("PREV_STATE", image.prev_state.name, image.state.name)
    if image.lock_held is not None and image.lock_held.level not in _LEVELS:
        yield Wrong("LOCK/LOCKED", str(image.lock_held.level), "1, 2 or 3")
    if not image.name:
        yield Wrong("NAME", "empty", "a name")
    if image.id < 0:
        yield Wrong("ID", str(image.id), "0 or more")
    if image.modtime < image.regtime:
        yield Wrong("MODTIME", str(image.modtime), f"{image.regtime} (REGTIME) or later")


def wrong_together(before: Image, after: Image, sizes: set[int]) -> list[Wrong]:
    """Give what of a later observation is not possible after an earlier one.

    Args:
        before: the earlier one.
        after: the later one.
        sizes: every SIZE that was seen of the image before.
    """
    found = [
        Wrong(name.upper(), repr(now), repr(then))
        for name in _FIXED
        if (then := getattr(before, name)) != (now := getattr(after, name))
    ]
    checks: tuple[Callable[[], Wrong | None], ...] = (
        lambda: _type(before, after),
        lambda: _cloning(before, after),
        lambda: _members("CLONES", before.clones, after.clones, before.id),
        lambda: _members("APP_CLONES", before.app_clones, after.app_clones),
        lambda: _size(before, after, sizes),
        lambda: _time(before, after),
        lambda: _prev(before, after),
        lambda: _disks(before, after),
    )
    return found + [wrong for check in checks if (wrong := check()) is not None]


def _type(before: Image, after: Image) -> Wrong | None:
    family = family_of(before)
    if after.type in family:
        return None
    names = sorted(kind.name for kind in family)
    return Wrong("TYPE", after.type.name, " or ".join(names))


def _cloning(before: Image, after: Image) -> Wrong | None:
    if after.cloning_id in {-1, before.cloning_id}:
        return None
    possible = "-1" if before.cloning_id == -1 else f"{before.cloning_id} or -1"
    return Wrong("CLONING_ID", str(after.cloning_id), possible)


def _members(
    name: str, before: AbstractSet[int], after: AbstractSet[int], own: int = -1
) -> Wrong | None:
    """A new copy has a new id: higher than all that were there, and than the image's own."""
    new = set(after) - set(before)
    least = max([*before, own], default=-1)
    if not new or min(new) > least:
        return None
    return Wrong(name, str(min(new)), f"an id above {least} for a new one")


def _size(before: Image, after: Image, sizes: set[int]) -> Wrong | None:
    if after.size == before.size or after.type is ImageType.BACKUP:
        return None
    if after.type not in CLONABLE_TYPES:
        return Wrong("SIZE", str(after.size), str(before.size))
    known = sizes | {
        one.size for image in (before, after) if image.snapshots for one in image.snapshots
    }
    if after.size > before.size or after.size in known or before.vms:
        return None
    return Wrong("SIZE", str(after.size), f"{before.size} or more")


def _time(before: Image, after: Image) -> Wrong | None:
    if after.modtime >= before.modtime:
        return None
    return Wrong("MODTIME", str(after.modtime), f"{before.modtime} or later")


def _prev(before: Image, after: Image) -> Wrong | None:
    if after.prev_state is after.state or before.prev_state is ImageState.INIT:
        return None
    return Wrong("PREV_STATE", after.prev_state.name, after.state.name)


def _disks(before: Image, after: Image) -> Wrong | None:
    lost = set(before.backup_disk_ids) - set(after.backup_disk_ids)
    if not lost:
        return None
    return Wrong("BACKUP_DISK_IDS", "shorter", "what was there, or more")
