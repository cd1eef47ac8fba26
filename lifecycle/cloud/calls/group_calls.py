"""The calls on groups: ``one.group.*``.

Source: ``src/rm/api/GroupAPI.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from lifecycle.cloud.authorization import IN_GROUP, ONEADMIN, Right, Subject, rules_of_group
from lifecycle.cloud.calls import shared
from lifecycle.cloud.calls.remote import CallGroup, remote
from lifecycle.cloud.configuration import USER_RESTRICTED
from lifecycle.cloud.objects import Group
from lifecycle.cloud.quotas import parse_quotas
from lifecycle.cloud.template_text import ParseError
from lifecycle.refusal import ActionRefused, AuthorizationRefused, InternalRefused, Refused

_FIRST_OWN = 100
_NUMBER = 0xFFFFFFFF


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
        if objection := shared.objection_to_new(cloud.groups, name):
            raise InternalRefused(objection)
        group = Group(cloud.groups.take_id(), name)
        cloud.groups.add(group)
        rules = rules_of_group(group.id, cloud.next_acl_id)
        cloud.acl_rules.extend(rules)
        cloud.next_acl_id += len(rules)
        return group.id

    @remote("group.delete", "i")
    def delete(self, group: int) -> int:
        """Delete a group that has no users; the ACL rules about it go.

        Raises:
            Refused: there is none, it is one of the system's, or it has users.
        """
        cloud = self.cloud
        thing: Group = self.existing(cloud.groups, group, Right.ADMIN)
        if group < _FIRST_OWN:
            raise ActionRefused("Cannot delete group. System Groups (ID < 100) cannot be deleted.")
        if any(group in user.groups for user in cloud.users):
            raise ActionRefused(f"Cannot delete group. Group {group} is not empty.")
        cloud.groups.remove(thing)
        mine = IN_GROUP | group
        cloud.acl_rules[:] = [
            rule
            for rule in cloud.acl_rules
            if rule.user != mine and rule.resource & (IN_GROUP | _NUMBER) != mine
        ]
        shared.forget_rules(cloud, cloud.groups, group)
        return group

    @remote("group.info", "i", "b")
    def info(self, group: int, decrypt: bool = False) -> Group:  # noqa: ARG002, FBT001, FBT002 - as on the wire
        """Give a group, -1 for the primary one of the user who calls.

        Raises:
            Refused: there is none, or the right to use it is missing.
        """
        number = self.caller.gid if group == -1 else group
        thing: Group = self.existing(self.cloud.groups, number, Right.USE_NO_LCK)
        return thing

    @remote("group.update", "is", "i")
    def update(self, group: int, template: str, append: int = 0) -> int:
        """Replace (0) or append to (1) the attributes of a group.

        Raises:
            Refused: the text is no template, or names what only administrators may set.
        """
        thing, attributes = shared.new_template(
            self,
            self.cloud.groups,
            group,
            template,
            append,
            restricted=USER_RESTRICTED,
            right=Right.ADMIN,
        )
        thing.template = attributes
        return group

    @remote("group.quota", "is")
    def quota(self, group: int, template: str) -> int:
        """Set a group's quotas on datastores (SIZE in MB, IMAGES); -1 means no limit.

        Raises:
            Refused: there is no such group, it is oneadmin's, or the text is no template.
        """
        if group == ONEADMIN:
            raise ActionRefused("Cannot set quotas for oneadmin group")
        try:
            thing: Group = self.existing(self.cloud.groups, group, Right.ADMIN)
        except Refused as refusal:
            # Whatever the reason, oned answers that the right is missing.
            reason = refusal.reason if isinstance(refusal, AuthorizationRefused) else ""
            raise refusal.retold(AuthorizationRefused, reason, kind="GROUP") from refusal
        try:
            quotas = parse_quotas(template)
        except ParseError as error:
            raise ActionRefused(str(error)) from error
        thing.quotas = thing.quotas | quotas
        return group
