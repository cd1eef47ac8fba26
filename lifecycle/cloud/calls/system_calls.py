"""The calls on the daemon itself: ``one.system.*``."""

from __future__ import annotations

from lifecycle.cloud.calls.remote import CallGroup, remote

VERSION = "7.4.0"


class SystemCalls(CallGroup):
    """The calls on the daemon."""

    __slots__ = ()

    @remote("system.version")
    def version(self) -> str:
        """Give the version of OpenNebula that is simulated."""
        return VERSION
