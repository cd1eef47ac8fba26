"""The calls on groups: ``one.group.*``.

Source: ``src/rm/api/GroupAPI.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from lifecycle.cloud.authorization import Right, Subject, rules_of_group
from lifecycle.cloud.calls.remote import CallGroup, remote
from lifecycle.cloud.names import objection_to
from lifecycle.cloud.objects import Group
from lifecycle.refusal import AllocateRefused


class GroupCalls(CallGroup):
    """The calls on one group."""

    __slots__ = ()

    @remote("group.allocate", "s")
    def allocate(self, name: str) -> int:
        """Make a group and give its id; it may use what the default data center has.

        Raises:
            Refused: the name is taken or cannot be used.
        """
        cloud = self.cloud
        self.authorize((Right.CREATE, Subject("GROUP")))
        if objection := objection_to(name):
            raise AllocateRefused(objection, kind="GROUP")
        taken = cloud.groups.named(name)
        if taken is not None:
            raise AllocateRefused(f"NAME is already taken by GROUP {taken.id}.", kind="GROUP")
        group = Group(cloud.groups.take_id(), name)
        cloud.groups.add(group)
        rules = rules_of_group(group.id, cloud.next_acl_id)
        cloud.acl_rules.extend(rules)
        cloud.next_acl_id += len(rules)
        return group.id

    @remote("group.info", "i", "b")
    def info(self, group: int, decrypt: bool = False) -> Group:  # noqa: ARG002, FBT001, FBT002 - as on the wire
        """Give a group, -1 for the primary one of the user who calls.

        Raises:
            Refused: there is none, or the right to use it is missing.
        """
        number = self.caller.gid if group == -1 else group
        thing: Group = self.existing(self.cloud.groups, number, Right.USE_NO_LCK)
        return thing
