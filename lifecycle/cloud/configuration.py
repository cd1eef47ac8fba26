"""What oned.conf says about drivers, restricted attributes and the rights that calls need.

Source: ``share/etc/oned.conf`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifecycle.cloud.objects import DatastoreType

if TYPE_CHECKING:
    from lifecycle.cloud.restricted import Restricted

DEFAULT_TYPE = "OS"
"""DEFAULT_IMAGE_TYPE."""

DEFAULT_PREFIX = "sd"
"""DEFAULT_DEVICE_PREFIX."""

_SSH = {
    "TM_MAD_SYSTEM": "ssh",
    "LN_TARGET_SSH": "SYSTEM",
    "CLONE_TARGET_SSH": "SYSTEM",
    "DISK_TYPE_SSH": "FILE",
}


def _transfer(link: str, clone: str, orphans: str = "NO", **more: str) -> dict[str, str]:
    return {
        "LN_TARGET": link,
        "CLONE_TARGET": clone,
        "ALLOW_ORPHANS": orphans,
        "PERSISTENT_SNAPSHOTS": "YES",
        **more,
    }


TM_MADS = {
    "dummy": _transfer("NONE", "SYSTEM"),
    "shared": _transfer("NONE", "SYSTEM", "FORMAT", **_SSH),
    "lvm": _transfer("NONE", "SELF", "YES", DRIVER="raw", DISK_TYPE="BLOCK"),
    "fs_lvm": _transfer("SYSTEM", "SYSTEM", DRIVER="raw", DISK_TYPE="BLOCK"),
    "fs_lvm_ssh": _transfer(
        "SYSTEM", "SYSTEM", "YES", DRIVER="raw", DISK_TYPE="BLOCK", PERSISTENT_SNAPSHOTS="NO"
    ),
    "qcow2": _transfer("NONE", "SYSTEM", "FORMAT", DRIVER="qcow2", **_SSH),
    "ssh": _transfer("SYSTEM", "SYSTEM", "YES"),
    "local": _transfer("SYSTEM", "SYSTEM", "FORMAT"),
    "ceph": _transfer("NONE", "SELF", "mixed", DRIVER="raw", **_SSH),
    "iscsi_libvirt": _transfer("NONE", "SELF", DRIVER="raw"),
    "dev": _transfer("NONE", "NONE", DRIVER="raw"),
    "netapp": _transfer("NONE", "SELF", "LINEAR", DRIVER="raw", DISK_TYPE="BLOCK"),
    "purefa": _transfer("NONE", "SELF", "YES", DRIVER="raw", DISK_TYPE="BLOCK"),
    "virtiofs": _transfer("NONE", "NONE", DRIVER="virtiofs", DISK_TYPE="filesystem"),
}
"""TM_MAD_CONF: what a transfer driver writes into an image or file datastore."""

_SYSTEM_KEEPS = ("ALLOW_ORPHANS", "PERSISTENT_SNAPSHOTS")
_MIGRATIONS = ("DS_MIGRATE", "DS_LIVE_MIGRATE", "DS_MIGRATE_SNAP")
_MIGRATES = {
    **dict.fromkeys(("dummy", "shared", "qcow2", "ssh", "local"), ("YES", "YES", "YES")),
    **dict.fromkeys(("lvm", "fs_lvm"), ("YES", "NO", "NO")),
    "fs_lvm_ssh": ("YES", "YES", "NO"),
}
_NOT_SHARED = ("ssh", "local")


def transfer_attributes(kind: DatastoreType, tm_mad: str) -> dict[str, str]:
    """Give what a transfer driver writes into a datastore of a type.

    Raises:
        KeyError: there is no such driver.
    """
    found = TM_MADS[tm_mad]
    if kind is not DatastoreType.SYSTEM_DS:
        return dict(found)
    migrates = _MIGRATES.get(tm_mad, ("NO", "NO", "NO"))
    return {
        "SHARED": "NO" if tm_mad in _NOT_SHARED else "YES",
        **dict(zip(_MIGRATIONS, migrates, strict=True)),
        **{name: found[name] for name in _SYSTEM_KEEPS},
    }


DS_MADS: dict[str, tuple[str, ...]] = {
    "ceph": ("DISK_TYPE", "BRIDGE_LIST"),
    "dev": ("DISK_TYPE",),
    "iscsi_libvirt": ("DISK_TYPE", "ISCSI_HOST"),
    "dummy": (),
    "fs": (),
    "lvm": (),
    "restic": ("RESTIC_PASSWORD",),
    "rsync": ("RSYNC_HOST", "RSYNC_USER"),
    "netapp": (
        "NETAPP_HOST",
        "NETAPP_USER",
        "NETAPP_PASS",
        "NETAPP_AGGREGATES",
        "NETAPP_SVM",
        "NETAPP_IGROUP",
        "NETAPP_TARGET",
    ),
    "purefa": ("PUREFA_HOST", "PUREFA_API_TOKEN", "PUREFA_TARGET"),
    "virtiofs": (),
    "interactive": (),
    "shared": (),
    "ssh": (),
    "vmfs": ("BRIDGE_LIST",),
}
"""DS_MAD_CONF: the attributes that a datastore of a driver must have.

The last three are not in the stock oned.conf, but in that of the recorded daemon.
"""

PERSISTENT_ONLY = frozenset({"dev", "iscsi_libvirt", "restic", "rsync"})
"""The datastore drivers that take only persistent images."""

NO_CAPACITY_CHECK = frozenset({"virtiofs", "interactive"})
"""The datastore drivers whose free space is never looked at."""

DISK_TYPES = {
    "FILE": 0,
    "CDROM": 1,
    "BLOCK": 2,
    "RBD": 3,
    "RBD_CDROM": 4,
    "GLUSTER": 5,
    "GLUSTER_CDROM": 6,
    "SHEEPDOG": 7,
    "SHEEPDOG_CDROM": 8,
    "ISCSI": 9,
    "FILESYSTEM": 10,
}
"""The types of disks and their numbers (``include/Image.h``)."""

DISK_TYPE_NAMES = {number: name for name, number in DISK_TYPES.items()}

INHERIT_IMAGE = (
    "ISCSI_USER",
    "ISCSI_USAGE",
    "ISCSI_HOST",
    "ISCSI_IQN",
    "LUKS_SECRET",
    "DISK_TYPE",
    "SERIAL",
    "MOUNT_POINT",
    "MOUNT_TAG",
)
"""INHERIT_IMAGE_ATTR: what a disk takes over from its image."""

INHERIT_DATASTORE = (
    "CEPH_HOST",
    "CEPH_SECRET",
    "CEPH_KEY",
    "CEPH_USER",
    "CEPH_CONF",
    "CEPH_TRASH",
    "POOL_NAME",
    "ISCSI_USER",
    "ISCSI_USAGE",
    "ISCSI_HOST",
    "GLUSTER_HOST",
    "GLUSTER_VOLUME",
    "DISK_TYPE",
    "ALLOW_ORPHANS",
    "QCOW2_STANDALONE",
    "SPARSE",
    "LVM_THIN_ENABLE",
    "PERSISTENT_SNAPSHOTS",
)
"""INHERIT_DATASTORE_ATTR: what a disk takes over from its image's datastore."""

IMAGE_RESTRICTED: Restricted = {"SOURCE": ()}
"""IMAGE_RESTRICTED_ATTR."""

_RATES = ("TOTAL_BYTES_SEC", "READ_BYTES_SEC", "WRITE_BYTES_SEC")
_OPERATIONS = ("TOTAL_IOPS_SEC", "READ_IOPS_SEC", "WRITE_IOPS_SEC")
_LIMITS = tuple(
    f"{name}{end}" for name in (*_RATES, *_OPERATIONS) for end in ("", "_MAX", "_MAX_LENGTH")
)
_NIC_BANDWIDTH = ("INBOUND_AVG_BW", "INBOUND_PEAK_BW", "INBOUND_PEAK_KB")
_NIC_BANDWIDTH_OUT = ("OUTBOUND_AVG_BW", "OUTBOUND_PEAK_BW", "OUTBOUND_PEAK_KB")
_NIC = (
    "BRIDGE",
    *_NIC_BANDWIDTH,
    "MAC",
    "OPENNEBULA_MANAGED",
    *_NIC_BANDWIDTH_OUT,
    "VLAN_ID",
)

VM_RESTRICTED: Restricted = {
    "CONTEXT": ("FILES",),
    "CPU_COST": (),
    "DEPLOY_ID": (),
    "DISK": tuple(
        sorted((*_LIMITS, "OPENNEBULA_MANAGED", "ORIGINAL_SIZE", "SIZE_IOPS_SEC", "SIZE_PREV"))
    ),
    "DISK_COST": (),
    "EMULATOR": (),
    "MEMORY_COST": (),
    "NIC": tuple(
        sorted(
            (
                *_NIC,
                "EXTERNAL",
                "FILTER",
                "FILTER_IP_SPOOFING",
                "FILTER_MAC_SPOOFING",
                "VLAN_TAGGED_ID",
            )
        )
    ),
    "NIC_ALIAS": _NIC,
    "NIC_DEFAULT": ("BRIDGE", "EXTERNAL", "FILTER", "MAC", "VLAN_ID"),
    "PCI": (),
    "RAW": ("DATA",),
    "TOPOLOGY": ("HUGEPAGE_SIZE", "PIN_POLICY"),
    "USER_INPUTS": ("CPU", "MEMORY", "VCPU"),
    "USER_PRIORITY": (),
}
"""VM_RESTRICTED_ATTR, in the order of their names."""

USER_RESTRICTED: Restricted = {
    "VM_ADMIN_OPERATIONS": (),
    "VM_MANAGE_OPERATIONS": (),
    "VM_USE_OPERATIONS": (),
}
"""USER_RESTRICTED_ATTR, and GROUP_RESTRICTED_ATTR."""


class MarketMad(NamedTuple):
    """What a marketplace of a driver must have, what can be done to its apps, if it is public."""

    required: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    public: bool = False


MARKET_MADS = {
    "one": MarketMad(public=True),
    "http": MarketMad(("BASE_URL", "PUBLIC_DIR"), ("create", "delete")),
    "s3": MarketMad(
        ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "REGION", "BUCKET"), ("create", "delete")
    ),
    "linuxcontainers": MarketMad(public=True),
}
"""MARKET_MAD_CONF."""

VM_ADMIN_ACTIONS = frozenset(
    {"migrate", "delete", "recover", "retry", "deploy", "resched", "unresched", "backup", "restore"}
)
"""VM_ADMIN_OPERATIONS: what needs ADMIN on a machine; the rest needs MANAGE."""
