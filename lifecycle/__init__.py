"""A simulator of OpenNebula's image lifecycle, exact in what it accepts, refuses and answers.

>>> from lifecycle import ActionRefused, Image, ImageState
>>> image = Image(7, "debian", state=ImageState.READY)
>>> image.acquire(vm=1), image.state.name
(True, 'USED')
>>> try: image.delete()
... except ActionRefused as refused: print(refused)
Cannot delete image. There are 1 VMs using it.

Each name is imported when it is first used, so that what is not used costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifecycle.cloud.clock import Clock
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.drivers import Plan
    from lifecycle.cloud.hooks import HookEvent
    from lifecycle.codes import ErrorCode
    from lifecycle.image import Image, Lock, LockRequest
    from lifecycle.image_machine import IMAGE_MACHINE
    from lifecycle.image_table import IMAGE_TABLE
    from lifecycle.operations import OPERATIONS
    from lifecycle.refusal import (
        ActionRefused,
        AllocateRefused,
        ApiRefused,
        AuthenticationRefused,
        AuthorizationRefused,
        ClockError,
        GoneError,
        InputError,
        InternalRefused,
        LifecycleError,
        LockedRefused,
        NotAskedError,
        NotFoundRefused,
        Refused,
        UnknownMethodError,
        WrongParameterError,
    )
    from lifecycle.snapshots import Snapshots
    from lifecycle.states import GONE, ImageState, ImageType
    from lifecycle.table import Actor, Operation, Otherwise, Row, Table, TableError

__all__ = [
    "GONE",
    "IMAGE_MACHINE",
    "IMAGE_TABLE",
    "OPERATIONS",
    "ActionRefused",
    "Actor",
    "AllocateRefused",
    "ApiRefused",
    "AuthenticationRefused",
    "AuthorizationRefused",
    "Clock",
    "ClockError",
    "Cloud",
    "ErrorCode",
    "GoneError",
    "HookEvent",
    "Image",
    "ImageState",
    "ImageType",
    "InputError",
    "InternalRefused",
    "LifecycleError",
    "Lock",
    "LockRequest",
    "LockedRefused",
    "NotAskedError",
    "NotFoundRefused",
    "Operation",
    "Otherwise",
    "Plan",
    "Refused",
    "Row",
    "Snapshots",
    "Table",
    "TableError",
    "UnknownMethodError",
    "WrongParameterError",
]

_MODULES = {
    "GONE": "states",
    "IMAGE_MACHINE": "image_machine",
    "IMAGE_TABLE": "image_table",
    "OPERATIONS": "operations",
    "Actor": "table",
    "Clock": "cloud.clock",
    "Cloud": "cloud.cloud",
    "ErrorCode": "codes",
    "HookEvent": "cloud.hooks",
    "Image": "image",
    "ImageState": "states",
    "ImageType": "states",
    "Lock": "image",
    "LockRequest": "image",
    "Operation": "table",
    "Otherwise": "table",
    "Plan": "cloud.drivers",
    "Row": "table",
    "Snapshots": "snapshots",
    "Table": "table",
    "TableError": "table",
}
"""Where each public name is at home; the others, all exceptions, in `refusal`."""


# To a type checker, a name that is not imported above is a mistake.
if not TYPE_CHECKING:  # pragma: no branch

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used.

        Raises:
            AttributeError: there is no such public name.
        """
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = import_module(f"{__name__}.{_MODULES.get(name, 'refusal')}")
        value = getattr(module, name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """Name what can be used."""
    return __all__
