"""The calls on ACL rules: ``one.acl.*``.

Sources: ``src/rm/api/AclAPI.cc``, ``src/acl/AclManager.cc`` and ``AclRule.cc``
of OpenNebula 7.4.0.
"""

from __future__ import annotations

import re

from lifecycle.cloud.authorization import (
    ALL,
    IN_GROUP,
    INDIVIDUAL,
    OBJECT_BITS,
    AclRule,
    Right,
    Subject,
)
from lifecycle.cloud.calls.remote import CallGroup, remote
from lifecycle.cloud.pool import Selection
from lifecycle.refusal import InternalRefused

_HEX = re.compile(r"\s*[+-]?(?:0[xX])?[0-9a-fA-F]+")
_NUMBER = 0xFFFFFFFF
_RIGHTS = (Right.USE, Right.MANAGE, Right.ADMIN, Right.CREATE)
_ALL_RIGHTS = sum(_RIGHTS)
_CLUSTER = 0x800000000
_KINDS = ~0xFFFFFFFFF


class AclCalls(CallGroup):
    """The calls on ACL rules."""

    __slots__ = ()

    @remote("acl.info")
    def info(self) -> Selection[AclRule]:
        """Give all rules, by ascending id.

        Raises:
            Refused: the right to see them is missing.
        """
        self.authorize((Right.MANAGE, Subject("ACL")))
        return Selection("ACL", self.cloud.acl_rules)

    @remote("acl.addrule", "sss", "s")
    def addrule(self, user: str, resource: str, rights: str, zone: str = "") -> int:
        """Add a rule, whose parts are hexadecimal numbers, and give its id.

        Raises:
            Refused: there is such a rule already, or it makes no sense.
        """
        cloud = self.cloud
        self.authorize((Right.MANAGE, Subject("ACL")))
        rule = AclRule(
            cloud.next_acl_id,
            _number(user),
            _number(resource),
            _number(rights),
            _number(zone) if zone else INDIVIDUAL,
        )
        if any(rule[1:] == other[1:] for other in cloud.acl_rules):
            raise InternalRefused(f"Rule {rule_text(rule)} already exists")
        if objection := _objection(rule):
            raise InternalRefused(f"Rule {rule_text(rule)} is malformed: {objection}")
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
            raise InternalRefused(f"Rule {rule} does not exist")
        cloud.acl_rules[:] = kept
        return rule


def _number(text: str) -> int:
    """Read a hexadecimal number as a C++ stream does: what is none is 0."""
    found = _HEX.match(text)
    return int(found[0], 16) if found else 0


def _objection(rule: AclRule) -> str:
    """Say in oned's words what is wrong with a rule, or ""."""
    who = rule.user & (INDIVIDUAL | IN_GROUP | ALL)
    where = rule.resource & (INDIVIDUAL | IN_GROUP | ALL | _CLUSTER)
    checks = (
        (
            who & INDIVIDUAL and who & IN_GROUP,
            "[user] INDIVIDUAL (#) and GROUP (@) bits are exclusive",
        ),
        (who & INDIVIDUAL and who & ALL, "[user] INDIVIDUAL (#) and ALL (*) bits are exclusive"),
        (who & IN_GROUP and who & ALL, "[user] GROUP (@) and ALL (*) bits are exclusive"),
        (not who, "[user] is missing one of the INDIVIDUAL, GROUP or ALL bits"),
        (who & ALL and rule.user & _NUMBER, "when using the ALL bit, [user] ID must be 0"),
        (
            not where,
            "[resource] is missing one of the INDIVIDUAL, GROUP, CLUSTER or ALL bits",
        ),
        (
            where & ALL and rule.resource & _NUMBER,
            "when using the ALL bit, [resource] ID must be 0",
        ),
        (not rule.resource & _KINDS, "[resource] type is missing"),
        (not rule.rights, "wrong [rights], it cannot be 0"),
        (rule.rights > _ALL_RIGHTS, "wrong [rights], it cannot be bigger than 0xF"),
    )
    return "; ".join(words for wrong, words in checks if wrong)


def rule_text(rule: AclRule) -> str:
    """Write a rule as oned prints it: ``@1 VM+IMAGE/* USE #0``."""
    kinds = "+".join(
        name for name, bit in OBJECT_BITS.items() if name != "ACL" and rule.resource & bit
    )
    rights = "+".join(right.name for right in _RIGHTS if rule.rights & right)
    return f"{_whom(rule.user)} {kinds}/{_whom(rule.resource)} {rights} {_whom(rule.zone)}"


def _whom(part: int) -> str:
    for bit, mark in ((IN_GROUP, "@"), (INDIVIDUAL, "#"), (_CLUSTER, "%")):
        if part & bit:
            return f"{mark}{part & _NUMBER}"
    return "*" if part & ALL else "??"
