"""The calls on whole pools: ``one.….info`` of each, by filters and ranges.

Sources: ``src/rm/api/PoolSharedAPI.cc``, ``VirtualMachinePoolAPI.cc`` and
``src/pool/PoolSQL.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.authorization import may_use
from lifecycle.cloud.calls.remote import CallGroup, remote
from lifecycle.cloud.pool import Selection
from lifecycle.cloud.vm_states import VmState
from lifecycle.refusal import ApiRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.cloud.authorization import Caller
    from lifecycle.cloud.objects import (
        App,
        Cluster,
        Datastore,
        Group,
        Host,
        Market,
        User,
        VmTemplate,
        Zone,
    )
    from lifecycle.cloud.pool import Pool
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.image import Image

MINE, MINE_AND_MY_GROUPS, ALL_I_MAY_USE, MY_GROUP = -3, -1, -2, -4
"""What a filter flag below 0 asks for; from 0 on it is a user's id."""

ALL_MACHINES, NOT_DONE = -2, -1
"""What a state below 0 asks for in the pool of machines."""


class PoolGroup(CallGroup):
    """Calls on a whole pool."""

    __slots__ = ()

    def chosen(
        self,
        pool: Pool[Any],
        filter_flag: int = ALL_I_MAY_USE,
        start: int = -1,
        end: int = -1,
        things: Iterable[Any] | None = None,
    ) -> Selection[Any]:
        """Give the objects that a filter and a range let pass, by descending id.

        Args:
            pool: where they are.
            filter_flag: -2 all that may be used, -1 mine and my groups', -3
                mine, -4 my primary group's, from 0 on those of a user.
            start: the first id, or the number of objects to leave out.
            end: the last id, -1 for no end; below -1 the number of objects, negated.
            things: those of the pool that come into question; None for all.

        Raises:
            ApiRefused: the filter flag is unknown.
        """
        if filter_flag < MY_GROUP:
            raise ApiRefused("Incorrect filter_flag")
        wanted = reversed(pool) if things is None else reversed(list(things))
        if start != -1 and end >= -1:
            last = end if end != -1 else pool.next_id
            wanted = (thing for thing in wanted if start <= thing.id <= last)
        caller = self.caller
        if not (caller.admin and filter_flag == ALL_I_MAY_USE):
            wanted = (
                thing for thing in wanted if self._listed(caller, pool.kind, thing, filter_flag)
            )
        if end < -1:
            first = max(start, 0)
            wanted = islice(wanted, first, first - end)
        return Selection(pool.kind, wanted)

    def _listed(self, caller: Caller, kind: str, thing: Any, flag: int) -> bool:
        mine: bool = thing.uid == caller.uid
        if flag == MINE:
            return mine
        asked = (
            (flag == MINE_AND_MY_GROUPS and (mine or thing.gid in caller.groups))
            or (flag == MY_GROUP and thing.gid == caller.gid)
            or flag in {ALL_I_MAY_USE, thing.uid}
        )
        if not asked:
            return False
        return mine or caller.admin or may_use(caller, kind, thing, self.cloud.acl_rules)


class ImagePoolCalls(PoolGroup):
    """The calls on all images."""

    __slots__ = ()

    @remote("imagepool.info", "iii")
    def info(self, filter_flag: int, start: int, end: int) -> Selection[Image]:
        """Give the images that a filter and a range let pass (see `PoolGroup.chosen`).

        Raises:
            Refused: the filter flag is unknown.
        """
        return self.chosen(self.cloud.images, filter_flag, start, end)


class VmPoolCalls(PoolGroup):
    """The calls on all machines."""

    __slots__ = ()

    @remote("vmpool.info", "iiii", "s")
    def info(
        self, filter_flag: int, start: int, end: int, state: int = NOT_DONE, match: str = ""
    ) -> Selection[VirtualMachine]:
        """Give the machines that a filter and a range let pass (see `PoolGroup.chosen`).

        The state is STATE, -1 for all but DONE, -2 for all; what the documents
        must match is not looked at.

        Raises:
            Refused: the filter flag or the state is unknown.
        """
        del match
        return self._machines(filter_flag, start, end, state)

    @remote("vmpool.infoextended", "iiii", "s")
    def infoextended(
        self, filter_flag: int, start: int, end: int, state: int = NOT_DONE, match: str = ""
    ) -> Selection[VirtualMachine]:
        """Give the same as `info`, with whole documents.

        Raises:
            Refused: the filter flag or the state is unknown.
        """
        del match
        found = self._machines(filter_flag, start, end, state)
        found.extended = True
        return found

    @remote("vmpool.infoset", "sb")
    def infoset(self, numbers: str, extended: bool = False) -> Selection[VirtualMachine]:  # noqa: FBT001, FBT002 - as on the wire
        """Give the machines of some ids, ``1,3,7``, that may be used."""
        wanted = {int(one) for one in numbers.split(",") if one.strip().isdecimal()}
        things = [vm for vm in self.cloud.vms if vm.id in wanted]
        found = self.chosen(self.cloud.vms, things=things)
        found.extended = extended
        return found

    def _machines(
        self, filter_flag: int, start: int, end: int, state: int
    ) -> Selection[VirtualMachine]:
        if not ALL_MACHINES <= state <= VmState.CLONING_FAILURE.number:
            raise ApiRefused("Incorrect filter_flag, state")
        things = [
            vm
            for vm in self.cloud.vms
            if state in (ALL_MACHINES, vm.state.number)
            or (state == NOT_DONE and vm.state is not VmState.DONE)
        ]
        return self.chosen(self.cloud.vms, filter_flag, start, end, things)


class TemplatePoolCalls(PoolGroup):
    """The calls on all templates."""

    __slots__ = ()

    @remote("templatepool.info", "iii")
    def info(self, filter_flag: int, start: int, end: int) -> Selection[VmTemplate]:
        """Give the templates that a filter and a range let pass (see `PoolGroup.chosen`).

        Raises:
            Refused: the filter flag is unknown.
        """
        return self.chosen(self.cloud.templates, filter_flag, start, end)


class MarketAppPoolCalls(PoolGroup):
    """The calls on all apps."""

    __slots__ = ()

    @remote("marketapppool.info", "iii")
    def info(self, filter_flag: int, start: int, end: int) -> Selection[App]:
        """Give the apps that a filter and a range let pass (see `PoolGroup.chosen`).

        Raises:
            Refused: the filter flag is unknown.
        """
        return self.chosen(self.cloud.apps, filter_flag, start, end)


class MarketPoolCalls(PoolGroup):
    """The calls on all marketplaces."""

    __slots__ = ()

    @remote("marketpool.info")
    def info(self) -> Selection[Market]:
        """Give the marketplaces that may be used, by descending id."""
        return self.chosen(self.cloud.markets)


class DatastorePoolCalls(PoolGroup):
    """The calls on all datastores."""

    __slots__ = ()

    @remote("datastorepool.info")
    def info(self) -> Selection[Datastore]:
        """Give the datastores that may be used, by descending id."""
        return self.chosen(self.cloud.datastores)


class HostPoolCalls(PoolGroup):
    """The calls on all hosts."""

    __slots__ = ()

    @remote("hostpool.info")
    def info(self) -> Selection[Host]:
        """Give the hosts that may be used, by descending id."""
        return self.chosen(self.cloud.hosts)


class UserPoolCalls(PoolGroup):
    """The calls on all users."""

    __slots__ = ()

    @remote("userpool.info")
    def info(self) -> Selection[User]:
        """Give the users that the caller may see, by descending id."""
        return self.chosen(self.cloud.users)


class GroupPoolCalls(PoolGroup):
    """The calls on all groups."""

    __slots__ = ()

    @remote("grouppool.info")
    def info(self) -> Selection[Group]:
        """Give the groups that the caller may see, by descending id."""
        return self.chosen(self.cloud.groups)


class ClusterPoolCalls(PoolGroup):
    """The calls on all clusters."""

    __slots__ = ()

    @remote("clusterpool.info")
    def info(self) -> Selection[Cluster]:
        """Give the clusters that may be used, by descending id."""
        return self.chosen(self.cloud.clusters)


class ZonePoolCalls(PoolGroup):
    """The calls on all zones."""

    __slots__ = ()

    @remote("zonepool.info")
    def info(self) -> Selection[Zone]:
        """Give the zones that may be used, by descending id."""
        return self.chosen(self.cloud.zones)
