"""The calls on the daemon itself and on where it runs: ``one.system.*``, zones, clusters, hosts.

Sources: ``src/rm/api/SystemAPI.cc`` and ``SharedAPI.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecycle.cloud.authorization import Right
from lifecycle.cloud.calls.remote import CallGroup, remote

if TYPE_CHECKING:
    from lifecycle.cloud.objects import Cluster, Host, Zone

VERSION = "7.4.0"


@dataclass(frozen=True, slots=True)
class Configuration:
    """The daemon's configuration, of which some is hidden from all but administrators."""

    hidden: bool


@dataclass(frozen=True, slots=True)
class DefaultQuotas:
    """The quotas of whoever has none of its own, of users or of groups: there are none."""

    kind: str


class SystemCalls(CallGroup):
    """The calls on the daemon."""

    __slots__ = ()

    @remote("system.version")
    def version(self) -> str:
        """Give the version of OpenNebula that is simulated."""
        return VERSION

    @remote("system.config")
    def config(self) -> Configuration:
        """Give the daemon's configuration."""
        return Configuration(hidden=not self.caller.admin)


class UserQuotaCalls(CallGroup):
    """The calls on the usual quotas of users."""

    __slots__ = ()

    @remote("userquota.info")
    def info(self) -> DefaultQuotas:
        """Give the usual quotas of users."""
        return DefaultQuotas("USER")


class GroupQuotaCalls(CallGroup):
    """The calls on the usual quotas of groups."""

    __slots__ = ()

    @remote("groupquota.info")
    def info(self) -> DefaultQuotas:
        """Give the usual quotas of groups."""
        return DefaultQuotas("GROUP")


class ZoneCalls(CallGroup):
    """The calls on one zone."""

    __slots__ = ()

    @remote("zone.info", "i", "b")
    def info(self, zone: int, decrypt: bool = False) -> Zone:  # noqa: ARG002, FBT001, FBT002 - as on the wire
        """Give a zone.

        Raises:
            Refused: there is none, or the right to use it is missing.
        """
        thing: Zone = self.existing(self.cloud.zones, zone, Right.USE_NO_LCK)
        return thing


class ClusterCalls(CallGroup):
    """The calls on one cluster."""

    __slots__ = ()

    @remote("cluster.info", "i", "b")
    def info(self, cluster: int, decrypt: bool = False) -> Cluster:  # noqa: ARG002, FBT001, FBT002 - as on the wire
        """Give a cluster.

        Raises:
            Refused: there is none, or the right to use it is missing.
        """
        thing: Cluster = self.existing(self.cloud.clusters, cluster, Right.USE_NO_LCK)
        return thing


class HostCalls(CallGroup):
    """The calls on one host."""

    __slots__ = ()

    @remote("host.info", "i", "b")
    def info(self, host: int, decrypt: bool = False) -> Host:  # noqa: ARG002, FBT001, FBT002 - as on the wire
        """Give a host.

        Raises:
            Refused: there is none, or the right to use it is missing.
        """
        thing: Host = self.existing(self.cloud.hosts, host, Right.USE_NO_LCK)
        return thing
