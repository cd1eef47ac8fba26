"""What a cloud holds when OpenNebula 7.4.0 has just been installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.datastores import settle_new
from lifecycle.cloud.objects import (
    Cluster,
    Datastore,
    DatastoreType,
    Group,
    Host,
    Market,
    User,
    Zone,
    new_token,
)

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud

_TM_MAD = "local"
_PUBLIC_MARKET = {"DESCRIPTION": "OpenNebula Systems MarketPlace", "MARKET_MAD": "one"}
_PUBLIC = 0o744
_VIEWS = {
    "SUNSTONE": {
        "DEFAULT_VIEW": "cloud",
        "GROUP_ADMIN_DEFAULT_VIEW": "groupadmin",
        "GROUP_ADMIN_VIEWS": "groupadmin,cloud",
        "VIEWS": "cloud",
    }
}
_LXC_MARKET = {
    "DESCRIPTION": "MarketPlace for the public image server fo LXC & LXD hosted at"
    " linuxcontainers.org",
    "MARKET_MAD": "linuxcontainers",
}


def furnish(cloud: Cloud, *, host: bool) -> None:
    """Put in the users, groups, zone, cluster, datastores, marketplaces, and maybe a host."""
    for number, name in ((0, "oneadmin"), (1, "users")):
        cloud.groups.add(Group(number, name, dict(_VIEWS) if number else {}))
    cloud.groups.next_id = 100
    cloud.zones.add(Zone(0, "OpenNebula"))
    cloud.clusters.add(Cluster(0, "default"))
    cloud.users.add(User(0, "oneadmin", "opennebula", [0], template=new_token(0)))
    cloud.users.add(User(1, "serveradmin", "", [0], driver="server_cipher", template=new_token(1)))
    for number, name, kind, ds_mad in (
        (0, "system", DatastoreType.SYSTEM_DS, "-"),
        (1, "default", DatastoreType.IMAGE_DS, "fs"),
        (2, "files", DatastoreType.FILE_DS, "fs"),
    ):
        attributes = {"TYPE": kind.name, "TM_MAD": _TM_MAD}
        settled = settle_new(attributes if ds_mad == "-" else attributes | {"DS_MAD": ds_mad})
        store = Datastore(number, name, kind, ds_mad, _TM_MAD, template=settled.template)
        cloud.datastores.add(store)
    cloud.datastores.next_id = 100
    cloud.markets.add(
        Market(0, "OpenNebula Public", permissions=_PUBLIC, mad="one", template=_PUBLIC_MARKET)
    )
    cloud.markets.add(
        Market(
            1,
            "Linux Containers",
            permissions=_PUBLIC,
            mad="linuxcontainers",
            template=_LXC_MARKET,
            enabled=False,
        )
    )
    cloud.markets.next_id = 100
    if host:
        cloud.hosts.add(Host(0, "host0"))
