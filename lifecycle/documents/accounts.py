"""The documents of users and groups.

Sources: ``User::to_xml_extended``, ``UserPool::dump``, ``Group::to_xml_extended``
and ``GroupPool::dump`` of OpenNebula 7.4.0.

A password is shown as its SHA-256, which is what oned keeps of it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from lifecycle.documents import markup
from lifecycle.documents.owners import name_of
from lifecycle.documents.quotas import NO_QUOTAS, quotas_of

if TYPE_CHECKING:
    from lifecycle.cloud.calls.system_calls import DefaultQuotas
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.objects import Group, User


def user_document(cloud: Cloud, user: User) -> str:
    """Give USER, with its quotas."""
    quotas = f"{quotas_of(cloud, user)}{_default('USER')}"
    return f"<USER>{_user(cloud, user)}{quotas}</USER>"


def user_row(cloud: Cloud, user: User) -> str:
    """Give USER and QUOTAS, as they stand in a pool."""
    quotas = f"<QUOTAS><ID>{user.id}</ID>{quotas_of(cloud, user)}</QUOTAS>"
    return f"<USER>{_user(cloud, user)}</USER>{quotas}"


def group_document(cloud: Cloud, group: Group) -> str:
    """Give GROUP, with its quotas."""
    quotas = f"{quotas_of(cloud, group)}{_vlans(group)}{_default('GROUP')}"
    return f"<GROUP>{_group(cloud, group)}{quotas}</GROUP>"


def group_row(cloud: Cloud, group: Group) -> str:
    """Give GROUP, QUOTAS and VLAN_RULES, as they stand in a pool."""
    quotas = f"<QUOTAS><ID>{group.id}</ID>{quotas_of(cloud, group)}</QUOTAS>"
    return f"<GROUP>{_group(cloud, group)}</GROUP>{quotas}{_vlans(group)}"


def _user(cloud: Cloud, user: User) -> str:
    return (
        f"<ID>{user.id}</ID><GID>{user.gid}</GID>{markup.ids('GROUPS', user.groups)}"
        f"<GNAME>{name_of(cloud.groups, user.gid)}</GNAME><NAME>{markup.text(user.name)}</NAME>"
        f"<PASSWORD>{markup.cdata(_digest(user.password))}</PASSWORD>"
        f"<AUTH_DRIVER>{markup.cdata(user.driver)}</AUTH_DRIVER>"
        f"<ENABLED>{int(user.enabled)}</ENABLED>{markup.template(user.template)}"
    )


def _group(cloud: Cloud, group: Group) -> str:
    users = [user.id for user in cloud.users if group.id in user.groups]
    return (
        f"<ID>{group.id}</ID><NAME>{markup.text(group.name)}</NAME>"
        f"{markup.template(group.template)}{markup.ids('USERS', users)}<ADMINS></ADMINS>"
    )


def _vlans(group: Group) -> str:
    return f"<VLAN_RULES>{markup.attribute('ID', str(group.id))}</VLAN_RULES>"


def _default(kind: str) -> str:
    return f"<DEFAULT_{kind}_QUOTAS>{NO_QUOTAS}</DEFAULT_{kind}_QUOTAS>"


def quotas_document(_: Cloud, quotas: DefaultQuotas) -> str:
    """Give DEFAULT_USER_QUOTAS or DEFAULT_GROUP_QUOTAS."""
    return _default(quotas.kind)


DEFAULT_QUOTAS = {kind: _default(kind) for kind in ("USER", "GROUP")}
"""What stands at the end of the pools of users and of groups."""


def _digest(words: str) -> str:
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
