"""What the calls on several kinds of objects have in common.

Source: ``src/rm/api/SharedAPI.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud.attributes import kept, multiple, parse, single
from lifecycle.cloud.authorization import INDIVIDUAL, OBJECT_BITS, Right, Subject
from lifecycle.cloud.calls.remote import CallGroup, found
from lifecycle.cloud.names import objection_to
from lifecycle.cloud.restricted import first_changed
from lifecycle.cloud.template_text import ParseError
from lifecycle.codes import OBJECT_NAMES
from lifecycle.image import LockRequest
from lifecycle.refusal import ActionRefused, ApiRefused, InternalRefused, NotFoundRefused

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.pool import Pool
    from lifecycle.cloud.restricted import Restricted
    from lifecycle.cloud.template_text import Pairs

_KEEP = -1
_LEVELS = range(1, 5)


def parsed(template: str) -> Pairs:
    """Read a template.

    Raises:
        InternalRefused: the text is none.
    """
    try:
        return parse(template)
    except ParseError as error:
        raise InternalRefused(str(error)) from error


def objection_to_new(pool: Pool[Any], name: str, uid: int = -1, end: str = ".") -> str:
    """Say in oned's words why a new object cannot have a name, or ""."""
    if objection := objection_to(name):
        return objection
    taken = pool.named(name, uid)
    return "" if taken is None else f"NAME is already taken by {pool.kind} {taken.id}{end}"


def new_template(  # noqa: PLR0913 - what an update is made of; all but four are named
    group: CallGroup,
    pool: Pool[Any],
    number: int,
    text: str,
    append: int,
    *,
    several: bool = False,
    restricted: Restricted | None = None,
    right: Right = Right.MANAGE,
) -> tuple[Any, dict[str, Any]]:
    """Give an object and what its attributes become.

    Args:
        group: the calls that ask.
        pool: where the object is.
        number: its id.
        text: the attributes.
        append: 0 replaces all, 1 those that are given.
        several: whether a name may stand for several attributes.
        restricted: what only administrators may change.
        right: what is needed on the object.

    Raises:
        Refused: there is none, rights are missing, the kind of update is
            unknown, or the text is no template.
    """
    thing = group.authorized(pool, number, right)
    check_append(append)
    found(pool, number, thing)
    try:
        pairs = parse(text)
    except ParseError as error:
        raise InternalRefused(f"Cannot update template. {error}") from error
    given = kept(multiple(pairs) if several else single(pairs))
    refuse_changed(group, given, thing.template, restricted, append=append == 1)
    return thing, {**thing.template, **given} if append else given


def check_append(append: int) -> None:
    """Let pass the two kinds of update: 0 replaces, 1 appends.

    Raises:
        ApiRefused: it is none of them.
    """
    if append not in (0, 1):
        raise ApiRefused("Wrong update type")


def refuse_changed(
    group: CallGroup,
    given: dict[str, Any],
    base: dict[str, Any],
    restricted: Restricted | None,
    *,
    append: bool,
) -> None:
    """Let pass an update that changes nothing that only administrators may change.

    Raises:
        InternalRefused: it does.
    """
    if restricted is None or group.caller.admin:
        return
    if name := first_changed(given, base, restricted, append=append):
        words = "User Template includes a restricted attribute"
        if not append:
            words = "Tried to change restricted attribute:"
        raise InternalRefused(f"Cannot update template. {words} {name}")


def forget_rules(cloud: Cloud, pool: Pool[Any], number: int) -> None:
    """Drop the ACL rules about one object, when it is deleted.

    Source: ``AclManager::del_resource_rules``.
    """
    resource = OBJECT_BITS[pool.kind] | INDIVIDUAL | number
    cloud.acl_rules[:] = [rule for rule in cloud.acl_rules if rule.resource != resource]


def rename(group: CallGroup, pool: Pool[Any], number: int, name: str) -> Any:
    """Rename an object that has no table of its own; give it, or None if nothing changed.

    Raises:
        Refused: there is none, rights are missing, the name is taken or cannot be used.
    """
    thing = may_rename(group, pool, number, name)
    if thing is not None:
        pool.forget_name(thing)
        thing.name = name
        pool.note_name(thing)
    return thing


def chmod(group: CallGroup, pool: Pool[Any], number: int, bits: tuple[int, ...]) -> Any:
    """Change the permissions of an object that has no table of its own, and give it.

    Raises:
        Refused: there is none, rights are missing, or a value is not -1, 0 or 1.
    """
    thing, permissions = new_permissions(group, pool, number, bits)
    thing.permissions = permissions
    return thing


def chown(group: CallGroup, pool: Pool[Any], number: int, uid: int, gid: int) -> Any:
    """Change owner and group of an object that has no table of its own, and give it.

    Raises:
        Refused: there is none, rights are missing, or the new owner has that name already.
    """
    thing, user, to_group = new_owner(group, pool, number, uid, gid)
    give(pool, thing, user, to_group)
    return thing


def give(pool: Pool[Any], thing: Any, user: int | None, to_group: int | None) -> None:
    """Change the owner and the group of an object; None keeps what there is."""
    pool.forget_name(thing)
    thing.uid = thing.uid if user is None else user
    thing.gid = thing.gid if to_group is None else to_group
    pool.note_name(thing)


def may_rename(group: CallGroup, pool: Pool[Any], number: int, name: str) -> Any:
    """Give the object, if it may get a new name; None when it has that name already.

    Raises:
        Refused: there is none, rights are missing, the name is taken or cannot be used.
    """
    thing = found(pool, number, pool.get(number))
    if thing.name == name:
        return None
    group.authorize((Right.MANAGE, Subject(pool.kind, thing)))
    other = pool.named(name, thing.uid) if pool.unique_names else None
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
    owned = pool.unique_names and not pool.shared_names
    other = pool.named(thing.name, user.id) if user is not None and owned else None
    if user is not None and other is not None:
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
    if level not in _LEVELS:
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
