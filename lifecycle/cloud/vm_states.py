"""The states of a virtual machine, as far as images feel them.

OpenNebula keeps two numbers: STATE, and LCM_STATE while STATE is ACTIVE. Here
each pair that can be met is one member. Source: ``include/VirtualMachine.h``
(the enumerations ``VmState`` and ``LcmState``) and the virtual machine states
reference of OpenNebula 7.4.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

_ACTIVE = 3


class VmState(IntEnum):
    """A state of a machine; its value is ``100 * STATE + LCM_STATE``.

    Attributes:
        meaning: what a machine in it is like, as a sentence without its full stop.
    """

    meaning: str

    def __new__(cls, value: int, meaning: str = "") -> Self:
        """Make a member of its value and its meaning.

        Every member has both; the default lets type checkers accept
        ``VmState(303)``, which finds a state by its value.
        """
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    INIT = 0, "It is being created"
    PENDING = 100, "It waits to be sent to a host"
    HOLD = 200, "It is kept from being sent to a host until somebody releases it"
    STOPPED = (
        400,
        "Its memory is saved, and its disks have gone back to the frontend",
    )
    SUSPENDED = 500, "Its memory is saved on its host, and it can go on there"
    DONE = 600, "It has ended, and holds no images any more"
    POWEROFF = 800, "It is switched off, and its disks stay on its host"
    UNDEPLOYED = 900, "It is switched off, and its disks have gone back to the frontend"
    CLONING = 1000, "It waits until the datastore has copied an image of its disks"
    CLONING_FAILURE = 1100, "An image that it waited for could not be copied"
    PROLOG = 301, "Its disks are being brought to the host"
    BOOT = 302, "It is being started"
    RUNNING = 303, "It runs on its host"
    SAVE_STOP = 305, "Its memory is being saved, so that it can be stopped"
    SAVE_SUSPEND = 306, "Its memory is being saved, so that it can be suspended"
    PROLOG_RESUME = 309, "It was stopped, and its disks are being brought to a host again"
    EPILOG_STOP = 310, "It is being stopped, and its disks are going back to the frontend"
    EPILOG = 311, "It is ending, and its disks are leaving the host"
    SHUTDOWN = 312, "It is being shut down, to end"
    CLEANUP_RESUBMIT = 315, "Its host is being cleaned, before it is made anew"
    HOTPLUG = 317, "It runs, and a disk is being attached or detached"
    SHUTDOWN_POWEROFF = 318, "It is being shut down, to stay on its host switched off"
    BOOT_POWEROFF = 320, "It was switched off, and is being started again"
    BOOT_SUSPENDED = 321, "It was suspended, and is being started where it left off"
    BOOT_STOPPED = 322, "It was stopped, and is being started where it left off"
    CLEANUP_DELETE = 323, "It has been wiped, and its host is being cleaned"
    HOTPLUG_SAVEAS = 326, "It runs, and a disk is being saved as a new image"
    HOTPLUG_SAVEAS_POWEROFF = 327, "It is switched off, and a disk is being saved as a new image"
    HOTPLUG_SAVEAS_SUSPENDED = 328, "It is suspended, and a disk is being saved as a new image"
    SHUTDOWN_UNDEPLOY = 329, "It is being shut down, so that its disks can go back to the frontend"
    EPILOG_UNDEPLOY = 330, "It is switched off, and its disks are going back to the frontend"
    PROLOG_UNDEPLOY = 331, "It was undeployed, and its disks are being brought to a host again"
    BOOT_UNDEPLOY = 332, "It was undeployed, and is being started again"
    HOTPLUG_PROLOG_POWEROFF = 333, "It is switched off, and a disk is being attached"
    HOTPLUG_EPILOG_POWEROFF = 334, "It is switched off, and a disk is being detached"
    BOOT_FAILURE = 336, "It could not be started"
    PROLOG_FAILURE = 339, "Its disks could not be brought to the host"
    EPILOG_FAILURE = 340, "It was ending, and its disks could not be taken from the host"
    EPILOG_STOP_FAILURE = (
        341,
        "It was being stopped, and its disks could not go back to the frontend",
    )
    EPILOG_UNDEPLOY_FAILURE = (
        342,
        "It was being undeployed, and its disks could not go back to the frontend",
    )
    BOOT_UNDEPLOY_FAILURE = 347, "It was undeployed, and could not be started again"
    BOOT_STOPPED_FAILURE = 348, "It was stopped, and could not be started where it left off"
    PROLOG_RESUME_FAILURE = (
        349,
        "It was stopped, and its disks could not be brought to a host again",
    )
    PROLOG_UNDEPLOY_FAILURE = (
        350,
        "It was undeployed, and its disks could not be brought to a host again",
    )
    DISK_SNAPSHOT_POWEROFF = 351, "It is switched off, and a snapshot of a disk is being taken"
    DISK_SNAPSHOT_REVERT_POWEROFF = (
        352,
        "It is switched off, and a disk is going back to a snapshot",
    )
    DISK_SNAPSHOT_DELETE_POWEROFF = (
        353,
        "It is switched off, and a snapshot of a disk is being removed",
    )
    DISK_SNAPSHOT_SUSPENDED = 354, "It is suspended, and a snapshot of a disk is being taken"
    DISK_SNAPSHOT_DELETE_SUSPENDED = (
        356,
        "It is suspended, and a snapshot of a disk is being removed",
    )
    DISK_SNAPSHOT = 357, "It runs, and a snapshot of a disk is being taken"
    DISK_SNAPSHOT_DELETE = 359, "It runs, and a snapshot of a disk is being removed"
    DISK_RESIZE = 362, "It runs, and a disk is being made larger"
    DISK_RESIZE_POWEROFF = 363, "It is switched off, and a disk is being made larger"
    DISK_RESIZE_UNDEPLOYED = 364, "It is undeployed, and a disk is being made larger"
    HOTPLUG_SAVEAS_UNDEPLOYED = 367, "It is undeployed, and a disk is being saved as a new image"
    HOTPLUG_SAVEAS_STOPPED = 368, "It is stopped, and a disk is being saved as a new image"
    BACKUP = 369, "It runs, and a backup is being made"
    BACKUP_POWEROFF = 370, "It is switched off, and a backup is being made"
    RESTORE = 371, "It is switched off, and a backup is being written into its disks"

    @property
    def number(self) -> int:
        """STATE."""
        return self.value // 100

    @property
    def lcm(self) -> int:
        """LCM_STATE, 0 (LCM_INIT) unless the machine is ACTIVE."""
        return self.value % 100

    @property
    def active(self) -> bool:
        """Whether STATE is ACTIVE."""
        return self.value // 100 == _ACTIVE

    @property
    def printed(self) -> str:
        """The name that oned prints in messages."""
        return self.name
