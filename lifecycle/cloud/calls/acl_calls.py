"""The calls on ACL rules: ``one.acl.*``.

Source: ``src/rm/api/AclAPI.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from lifecycle.cloud.authorization import AclRule, Right, Subject
from lifecycle.cloud.calls.remote import CallGroup, remote
from lifecycle.refusal import ActionRefused


class AclCalls(CallGroup):
    """The calls on ACL rules."""

    __slots__ = ()

    @remote("acl.addrule", "sss")
    def addrule(self, user: str, resource: str, rights: str) -> int:
        """Add a rule, whose three parts are hexadecimal numbers, and give its id.

        Raises:
            Refused: a part is no number.
        """
        cloud = self.cloud
        self.authorize((Right.CREATE, Subject("ACL")))
        try:
            parts = [int(part, 16) for part in (user, resource, rights)]
        except ValueError as error:
            raise ActionRefused(f"Wrong ACL rule: {error}") from error
        rule = AclRule(cloud.next_acl_id, *parts)
        cloud.next_acl_id += 1
        cloud.acl_rules.append(rule)
        return rule.id

    @remote("acl.delrule", "i")
    def delrule(self, rule: int) -> int:
        """Remove a rule.

        Raises:
            Refused: there is none with that id.
        """
        cloud = self.cloud
        self.authorize((Right.MANAGE, Subject("ACL")))
        kept = [one for one in cloud.acl_rules if one.id != rule]
        if len(kept) == len(cloud.acl_rules):
            raise ActionRefused(f"Rule {rule} does not exist")
        cloud.acl_rules[:] = kept
        return rule
