"""The states of a virtual machine, as far as images feel them.

OpenNebula keeps two numbers: STATE, and LCM_STATE while STATE is ACTIVE. Here
each pair that can be met is one member. Source: ``include/VirtualMachine.h``
of OpenNebula 7.4.0.
"""

from __future__ import annotations

from enum import IntEnum

_ACTIVE = 3


class VmState(IntEnum):
    """A state of a machine; its value is ``100 * STATE + LCM_STATE``."""

    INIT = 0
    PENDING = 100
    HOLD = 200
    STOPPED = 400
    SUSPENDED = 500
    DONE = 600
    POWEROFF = 800
    UNDEPLOYED = 900
    CLONING = 1000
    CLONING_FAILURE = 1100
    PROLOG = 301
    BOOT = 302
    RUNNING = 303
    SAVE_STOP = 305
    SAVE_SUSPEND = 306
    PROLOG_RESUME = 309
    EPILOG_STOP = 310
    EPILOG = 311
    SHUTDOWN = 312
    CLEANUP_RESUBMIT = 315
    HOTPLUG = 317
    SHUTDOWN_POWEROFF = 318
    BOOT_POWEROFF = 320
    BOOT_SUSPENDED = 321
    BOOT_STOPPED = 322
    CLEANUP_DELETE = 323
    HOTPLUG_SAVEAS = 326
    HOTPLUG_SAVEAS_POWEROFF = 327
    HOTPLUG_SAVEAS_SUSPENDED = 328
    SHUTDOWN_UNDEPLOY = 329
    EPILOG_UNDEPLOY = 330
    PROLOG_UNDEPLOY = 331
    BOOT_UNDEPLOY = 332
    HOTPLUG_PROLOG_POWEROFF = 333
    HOTPLUG_EPILOG_POWEROFF = 334
    BOOT_FAILURE = 336
    PROLOG_FAILURE = 339
    EPILOG_FAILURE = 340
    EPILOG_STOP_FAILURE = 341
    EPILOG_UNDEPLOY_FAILURE = 342
    BOOT_UNDEPLOY_FAILURE = 347
    BOOT_STOPPED_FAILURE = 348
    PROLOG_RESUME_FAILURE = 349
    PROLOG_UNDEPLOY_FAILURE = 350
    DISK_SNAPSHOT_POWEROFF = 351
    DISK_SNAPSHOT_REVERT_POWEROFF = 352
    DISK_SNAPSHOT_DELETE_POWEROFF = 353
    DISK_SNAPSHOT_SUSPENDED = 354
    DISK_SNAPSHOT_DELETE_SUSPENDED = 356
    DISK_SNAPSHOT = 357
    DISK_SNAPSHOT_DELETE = 359
    DISK_RESIZE = 362
    DISK_RESIZE_POWEROFF = 363
    DISK_RESIZE_UNDEPLOYED = 364
    HOTPLUG_SAVEAS_UNDEPLOYED = 367
    HOTPLUG_SAVEAS_STOPPED = 368
    BACKUP = 369
    BACKUP_POWEROFF = 370
    RESTORE = 371

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
