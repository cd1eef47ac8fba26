"""Help for the tests of whatever talks to OpenNebula: fixtures, contexts, Hypothesis strategies.

The pytest plugin is loaded by pytest itself; the rest is imported from here.
Needs the extra ``testing``. Each name is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifecycle.testing.client_machine import ImageClientMachine
    from lifecycle.testing.clients import (
        ClientRefused,
        ImageClient,
        PyoneClient,
        SeenImage,
        XmlRpcClient,
    )
    from lifecycle.testing.opennebula import Credentials, OpenNebula, with_opennebula
    from lifecycle.testing.report import told
    from lifecycle.testing.settings import Settings
    from lifecycle.testing.steps import Answer, Call, History, Step, Wait, next_steps
    from lifecycle.testing.strategies import (
        api_faults,
        fault_plans,
        histories,
        plans,
        situations,
    )

__all__ = [
    "Answer",
    "Call",
    "ClientRefused",
    "Credentials",
    "History",
    "ImageClient",
    "ImageClientMachine",
    "OpenNebula",
    "PyoneClient",
    "SeenImage",
    "Settings",
    "Step",
    "Wait",
    "XmlRpcClient",
    "api_faults",
    "fault_plans",
    "histories",
    "next_steps",
    "plans",
    "situations",
    "told",
    "with_opennebula",
]

_MODULES = {
    "Answer": "steps",
    "Call": "steps",
    "ClientRefused": "clients",
    "Credentials": "opennebula",
    "History": "steps",
    "ImageClient": "clients",
    "ImageClientMachine": "client_machine",
    "OpenNebula": "opennebula",
    "PyoneClient": "clients",
    "SeenImage": "clients",
    "Settings": "settings",
    "Step": "steps",
    "Wait": "steps",
    "XmlRpcClient": "clients",
    "api_faults": "strategies",
    "fault_plans": "strategies",
    "histories": "strategies",
    "next_steps": "steps",
    "plans": "strategies",
    "situations": "strategies",
    "told": "report",
    "with_opennebula": "opennebula",
}
"""Where each public name is at home."""


# To a type checker, a name that is not imported above is a mistake.
if not TYPE_CHECKING:  # pragma: no branch

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used.

        Raises:
            AttributeError: there is no such public name.
        """
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """Name what can be used."""
    return __all__
