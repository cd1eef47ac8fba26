"""The states and types of an image, as OpenNebula numbers and names them.

Source of every fact here: the image states reference of OpenNebula 7.4 and
``include/Image.h`` (the enumerations ``ImageState`` and ``ImageType``).
"""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self


class Simplified(Enum):
    """A state of the simplified life-cycle that OpenNebula's user guide shows."""

    READY = "Ready"
    USED = "Used"
    DISABLED = "Disabled"
    LOCKED = "Locked"
    ERROR = "Error"
    CLONING = "Cloning"
    DELETING = "Deleting"


class ImageState(IntEnum):
    """One of the eleven states of an image; its value is OpenNebula's number.

    Attributes:
        alias: the short name that ``oneimage list`` shows.
        meaning: the sentence of the official state reference.
        simplified: the state of the simplified life-cycle, None for INIT.
        printed: the name that oned prints in messages and hook events; it
            prints USED for USED_PERS and LOCKED_USED for LOCKED_USED_PERS.
    """

    alias: str
    meaning: str
    simplified: Simplified | None
    printed: str

    def __new__(
        cls,
        number: int,
        alias: str = "",
        meaning: str = "",
        simplified: Simplified | None = None,
        printed: str = "",
    ) -> Self:
        """Make a member out of OpenNebula's number and the columns of its reference.

        Every member has all columns; the defaults let type checkers accept
        ``ImageState(3)``, which finds a state by its number.
        """
        member = int.__new__(cls, number)
        member._value_ = number
        member.alias = alias
        member.meaning = meaning
        member.simplified = simplified
        member.printed = printed
        return member

    INIT = 0, "init", "Initialization state", None, "INIT"
    READY = 1, "rdy", "Image ready to use", Simplified.READY, "READY"
    USED = 2, "used", "The image is being used by other VM", Simplified.USED, "USED"
    DISABLED = (
        3,
        "disa",
        "Image can not be instantiated by a VM",
        Simplified.DISABLED,
        "DISABLED",
    )
    LOCKED = 4, "lock", "FS operation for the Image in process", Simplified.LOCKED, "LOCKED"
    ERROR = 5, "err", "Error state the operation FAILED", Simplified.ERROR, "ERROR"
    CLONE = 6, "clon", "Image is being cloned", Simplified.CLONING, "CLONE"
    DELETE = 7, "dele", "DS is deleting the image", Simplified.DELETING, "DELETE"
    USED_PERS = 8, "used", "Image is in use and persistent", Simplified.USED, "USED"
    LOCKED_USED = (
        9,
        "lock",
        "FS operation in progress, VMs waiting",
        Simplified.LOCKED,
        "LOCKED_USED",
    )
    LOCKED_USED_PERS = (
        10,
        "lock",
        "FS operation in progress, VMs waiting. Persistent",
        Simplified.LOCKED,
        "LOCKED_USED",
    )

    @property
    def locked(self) -> bool:
        """Whether a datastore operation is pending (LOCKED and its two variants)."""
        return self in _LOCKED


class Final(Enum):
    """What comes after the eleven states: the record is gone from the pool.

    OpenNebula has no number for it; diagrams draw it as a final pseudo-state.
    """

    GONE = "gone"


GONE = Final.GONE

AnyState = ImageState | Final
"""The state of an image, or GONE."""

_LOCKED = frozenset({ImageState.LOCKED, ImageState.LOCKED_USED, ImageState.LOCKED_USED_PERS})


class ImageType(IntEnum):
    """The type of an image; its value is OpenNebula's number."""

    OS = 0
    CDROM = 1
    DATABLOCK = 2
    KERNEL = 3
    RAMDISK = 4
    CONTEXT = 5
    BACKUP = 6
    FILESYSTEM = 7


DISK_TYPES = frozenset({ImageType.OS, ImageType.CDROM, ImageType.DATABLOCK, ImageType.FILESYSTEM})
"""The types that a virtual machine can have as a disk."""

FILE_TYPES = frozenset({ImageType.KERNEL, ImageType.RAMDISK, ImageType.CONTEXT})
"""The types that live in a FILE datastore."""

CLONABLE_TYPES = frozenset({ImageType.OS, ImageType.CDROM, ImageType.DATABLOCK})
"""The types of which ``oneimage clone`` makes a copy, and which let a clone go."""

SNAPSHOT_TYPES = frozenset({ImageType.OS, ImageType.DATABLOCK})
"""The types that can have snapshots."""
