"""Whose an object is: the ids, and the names to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.documents import markup

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.pool import Pool


def name_of(pool: Pool[Any], number: int) -> str:
    """Give the name of an object by its id, also of one that is gone; "" when it is unknown."""
    thing = pool.get(number)
    return markup.text(pool.former.get(number, "") if thing is None else thing.name)


def head(cloud: Cloud, thing: Any) -> str:
    """Give ID, UID, GID, UNAME and GNAME, with which most documents begin."""
    return (
        f"<ID>{thing.id}</ID><UID>{thing.uid}</UID><GID>{thing.gid}</GID>"
        f"<UNAME>{name_of(cloud.users, thing.uid)}</UNAME>"
        f"<GNAME>{name_of(cloud.groups, thing.gid)}</GNAME>"
    )
