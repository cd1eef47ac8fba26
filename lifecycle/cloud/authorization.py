"""Who may do what: sessions, permissions, locks and ACL rules.

Sources: ``src/authm/AuthManager.cc``, ``src/acl/AclManager.cc``,
``src/um/UserPool.cc`` and ``share/etc/oned.conf`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.refusal import AuthorizationRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

ONEADMIN = 0
"""The id of the user, and of the group, that may do everything."""


class Right(IntEnum):
    """What is asked of an object; the value is OpenNebula's bit."""

    USE = 1
    MANAGE = 2
    ADMIN = 4
    CREATE = 8
    USE_NO_LCK = 0x11
    MANAGE_NO_LCK = 0x12
    ADMIN_NO_LCK = 0x14

    @property
    def printed(self) -> str:
        """The word in messages."""
        return self.name.removesuffix("_NO_LCK")


OBJECT_BITS = {
    "VM": 0x1000000000,
    "HOST": 0x2000000000,
    "NET": 0x4000000000,
    "IMAGE": 0x8000000000,
    "USER": 0x10000000000,
    "TEMPLATE": 0x20000000000,
    "GROUP": 0x40000000000,
    "ACL": 0x80000000000,
    "DATASTORE": 0x100000000000,
    "CLUSTER": 0x200000000000,
    "DOCUMENT": 0x400000000000,
    "ZONE": 0x800000000000,
    "SECGROUP": 0x1000000000000,
    "VDC": 0x2000000000000,
    "VROUTER": 0x4000000000000,
    "MARKETPLACE": 0x8000000000000,
    "MARKETPLACEAPP": 0x10000000000000,
    "VMGROUP": 0x20000000000000,
    "VNTEMPLATE": 0x40000000000000,
    "BACKUPJOB": 0x100000000000000,
}
"""The bit of each kind of object in an ACL rule (``include/PoolObjectSQL.h``)."""

INDIVIDUAL, IN_GROUP, ALL = 0x100000000, 0x200000000, 0x400000000
_NUMBER = 0xFFFFFFFF
_HERE = (ALL, INDIVIDUAL)
"""What a rule says of its zone when it is for this one, whose id is 0."""


class AclRule(NamedTuple):
    """One ACL rule, as numbers; it is for one zone, or for all."""

    id: int
    user: int
    resource: int
    rights: int
    zone: int = INDIVIDUAL


def _kinds(*names: str) -> int:
    return sum(OBJECT_BITS[name] for name in names)


_CREATED_BY_USERS = (
    *("VM", "IMAGE", "TEMPLATE", "DOCUMENT", "SECGROUP"),
    *("VMGROUP", "BACKUPJOB"),
)


def default_rules() -> list[AclRule]:
    """Give the rules of a fresh cloud: what everybody, and the group `users`, may do."""
    first = [
        AclRule(0, IN_GROUP | 1, _kinds(*_CREATED_BY_USERS) | ALL, int(Right.CREATE), ALL),
        AclRule(1, ALL, _kinds("ZONE") | ALL, int(Right.USE), ALL),
        AclRule(2, ALL, _kinds("MARKETPLACE", "MARKETPLACEAPP") | ALL, int(Right.USE), ALL),
    ]
    return first + rules_of_group(1, 3)


def rules_of_group(group: int, first_id: int) -> list[AclRule]:
    """Give the rules that a group gets from the default virtual data center."""
    return [
        AclRule(first_id, IN_GROUP | group, _kinds("HOST") | ALL, int(Right.MANAGE)),
        AclRule(first_id + 1, IN_GROUP | group, _kinds("NET") | ALL, int(Right.USE)),
        AclRule(first_id + 2, IN_GROUP | group, _kinds("DATASTORE") | ALL, int(Right.USE)),
    ]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a call."""

    uid: int
    gid: int
    groups: frozenset[int]
    umask: int = 0o177

    @property
    def admin(self) -> bool:
        """Whether it is oneadmin, or in oneadmin's group."""
        return self.uid == ONEADMIN or ONEADMIN in self.groups


class Subject(NamedTuple):
    """What a right is asked of: a kind of object, and the object unless it is to be created."""

    kind: str
    object: Any = None


def check(caller: Caller, asked: Iterable[tuple[Right, Subject]], rules: Iterable[AclRule]) -> None:
    """Let a caller pass who has every right asked for.

    Raises:
        AuthorizationRefused: with all that is missing, in oned's words.
    """
    missing, locked = [], ""
    for right, subject in asked:
        if _may(caller, right, subject, rules):
            continue
        if _is_locked(right, subject.object):
            locked = subject.kind
        place = "" if subject.object is None else f" [{subject.object.id}]"
        if caller.admin:
            missing.append(f"{subject.kind} is locked.{place}")
        else:
            missing.append(f"Not authorized to perform {right.printed} {subject.kind}{place}")
    if missing:
        refused = AuthorizationRefused("; ".join(missing), operation="authorize", uid=caller.uid)
        refused.locked = locked
        raise refused


def _may(caller: Caller, right: Right, subject: Subject, rules: Iterable[AclRule]) -> bool:
    thing = subject.object
    wanted = right & 0x0F
    if _is_locked(right, thing):
        return False
    if caller.admin:
        return True
    return _by_permissions(caller, wanted, thing) or _by_rules(caller, wanted, subject, rules)


def _is_locked(right: Right, thing: Any) -> bool:
    """Tell whether the lock of an object is against a right on it."""
    if thing is None or right & 0x10:
        return False
    lock = thing.lock_held
    return lock is not None and 0 < lock.level <= right & 0x0F


def _by_permissions(caller: Caller, wanted: int, thing: Any) -> bool:
    if thing is None or wanted not in {1, 2, 4}:
        return False
    bit = {1: 4, 2: 2, 4: 1}[wanted]
    permissions = thing.permissions
    return bool(
        permissions & bit
        or (thing.uid == caller.uid and permissions & (bit << 6))
        or (thing.gid in caller.groups and permissions & (bit << 3))
    )


def _by_rules(caller: Caller, wanted: int, subject: Subject, rules: Iterable[AclRule]) -> bool:
    who = {ALL, INDIVIDUAL | caller.uid, *(IN_GROUP | group for group in caller.groups)}
    thing = subject.object
    targets = {ALL}
    if thing is not None:
        targets |= {INDIVIDUAL | thing.id, IN_GROUP | thing.gid}
    else:
        targets.add(IN_GROUP | caller.gid)
    bits = INDIVIDUAL | IN_GROUP | ALL | _NUMBER
    return any(
        rule.user in who
        and rule.zone in _HERE
        and rule.resource & OBJECT_BITS[subject.kind]
        and rule.resource & bits in targets
        and rule.rights & wanted
        for rule in rules
    )


def may_use(caller: Caller, kind: str, thing: Any, rules: Iterable[AclRule]) -> bool:
    """Tell whether a caller may use an object, its lock aside."""
    return _may(caller, Right.USE_NO_LCK, Subject(kind, thing), rules)


def permissions_for(caller: Caller) -> int:
    """Give the permissions of a new object (``PoolObjectSQL::set_umask``)."""
    full = 0o777 if ONEADMIN in {caller.uid, caller.gid} else 0o666
    return full & ~caller.umask
