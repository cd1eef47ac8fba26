"""What the calls on several kinds of objects have in common.

Source: ``src/rm/api/SharedAPI.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud.authorization import Right, Subject
from lifecycle.cloud.calls.remote import CallGroup, found
from lifecycle.cloud.names import objection_to
from lifecycle.codes import OBJECT_NAMES
from lifecycle.image import LockRequest
from lifecycle.refusal import ActionRefused, InternalRefused, NotFoundRefused

if TYPE_CHECKING:
    from lifecycle.cloud.pool import Pool

_KEEP = -1


def may_rename(group: CallGroup, pool: Pool[Any], number: int, name: str) -> Any:
    """Give the object, if it may get a new name; None when it has that name already.

    Raises:
        Refused: there is none, rights are missing, the name is taken or cannot be used.
    """
    thing = found(pool, number, pool.get(number))
    if thing.name == name:
        return None
    group.authorize((Right.MANAGE, Subject(pool.kind, thing)))
    other = pool.named(name, thing.uid)
    word = OBJECT_NAMES[pool.kind]
    if other is not None:
        raise ActionRefused(
            f"{word} cannot be renamed to {name} because it collides with {word} {other.id}"
        )
    if objection := objection_to(name):
        raise ActionRefused(objection)
    return thing


def new_owner(
    group: CallGroup, pool: Pool[Any], number: int, uid: int, gid: int
) -> tuple[Any, int | None, int | None]:
    """Give the object and its new owner and group, None for what stays.

    Raises:
        Refused: there is none, rights are missing, or the new owner has that name already.
    """
    cloud = group.cloud
    user = found(cloud.users, uid, cloud.users.get(uid)) if uid > _KEEP else None
    to_group = found(cloud.groups, gid, cloud.groups.get(gid)) if gid > _KEEP else None
    thing = found(pool, number, pool.get(number))
    if user is not None and user.id == thing.uid:
        user = None
    if to_group is not None and to_group.id == thing.gid:
        to_group = None
    asked = [(Right.MANAGE, Subject(pool.kind, thing))]
    if user is not None:
        asked.append((Right.MANAGE, Subject("USER", user)))
    if to_group is not None:
        asked.append((Right.USE, Subject("GROUP", to_group)))
    group.authorize(*asked)
    if user is not None and (other := pool.named(thing.name, user.id)) is not None:
        raise InternalRefused(
            f"user [{user.id}] already owns {OBJECT_NAMES[pool.kind]} [{other.id}]"
            f" with NAME {thing.name}"
        )
    return thing, None if user is None else user.id, None if to_group is None else to_group.id


def new_permissions(
    group: CallGroup, pool: Pool[Any], number: int, wanted: tuple[int, ...]
) -> tuple[Any, int]:
    """Give the object and its new permissions.

    Args:
        group: the calls that ask.
        pool: where the object is.
        number: its id.
        wanted: nine values, owner USE first: -1 keeps, 0 or 1 sets.

    Raises:
        Refused: there is none, rights are missing, or a value is not -1, 0 or 1.
    """
    thing = pool.get(number)
    if thing is None:
        raise NotFoundRefused(kind=pool.kind, number=number)
    now = [thing.permissions >> (8 - place) & 1 for place in range(9)]
    changes_admin = any(wanted[place] not in (_KEEP, now[place]) for place in (2, 5, 8))
    right = Right.ADMIN if changes_admin else Right.MANAGE
    group.authorize((right, Subject(pool.kind, thing)))
    changed = [now[place] if value == now[place] else value for place, value in enumerate(wanted)]
    # Owner and group USE and MANAGE are looked at even when they stay as they are.
    checked = [*wanted[:2], *changed[2:3], *wanted[3:5], *changed[5:]]
    if any(value not in (-1, 0, 1) for value in checked):
        raise InternalRefused("New permission values must be -1, 0 or 1")
    permissions = 0
    for place, value in enumerate(wanted):
        bit = now[place] if value == _KEEP else value
        permissions = permissions << 1 | bit
    return thing, permissions


def lock_request(group: CallGroup, level: int, *, test: bool) -> LockRequest:
    """Give what ``one.….lock`` asks, in the caller's name and at this time."""
    caller = group.caller
    return LockRequest(level, caller.uid, caller.admin, test, group.cloud.now())


def lock(group: CallGroup, pool: Pool[Any], number: int, level: int, *, test: bool) -> Any:
    """Lock an object that has no table of its own, and give it.

    Raises:
        Refused: there is none, rights are missing, the level is unknown, or another holds it.
    """
    thing = group.existing(pool, number, Right.MANAGE_NO_LCK)
    request = lock_request(group, level, test=test)
    if not 1 <= level <= 4:
        raise ActionRefused("Wrong lock level specified")
    held = thing.lock_held
    if test and held is not None:
        raise ActionRefused(str(held.time))
    if held is not None and held.owner != request.owner and not request.admin:
        raise ActionRefused("Error trying to lock the resource.")
    thing.lock_held = request.held()
    return thing


def unlock(group: CallGroup, pool: Pool[Any], number: int) -> Any:
    """Take the lock off an object that has no table of its own, and give it.

    Raises:
        Refused: there is none, rights are missing, or another holds the lock.
    """
    thing = group.existing(pool, number, Right.MANAGE_NO_LCK)
    held = thing.lock_held
    caller = group.caller
    if not caller.admin and (held is None or held.owner != caller.uid):
        raise ActionRefused("Cannot unlock: Lock is owned by another user")
    thing.lock_held = None
    return thing
