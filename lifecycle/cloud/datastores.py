"""How the attributes of a datastore are settled when it is made and when they are updated.

Source: ``Datastore::insert``, ``post_update_template``, ``set_ds_mad``,
``set_tm_mad`` and ``set_ds_disk_type`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lifecycle.cloud.attributes import text_of
from lifecycle.cloud.configuration import (
    DISK_TYPE_NAMES,
    DISK_TYPES,
    DS_MADS,
    NO_CAPACITY_CHECK,
    TM_MADS,
    transfer_attributes,
)
from lifecycle.cloud.objects import Datastore, DatastoreType
from lifecycle.refusal import InternalRefused

_WITHOUT = ("BASE_PATH", "NAME")
_FIXED = (
    "LVM_THIN_ENABLE",
    "NFS_AUTO_ENABLE",
    "NFS_AUTO_HOST",
    "NFS_AUTO_PATH",
    "NFS_AUTO_OPTS",
)
_SYSTEM_TYPES = ("FILE", "RBD", "BLOCK", "FILESYSTEM")
_SYSTEM_DATASTORE = 0


@dataclass(slots=True)
class Settled:
    """What a datastore is, with the attributes that say so."""

    type: DatastoreType
    ds_mad: str
    tm_mad: str
    disk_type: int
    template: dict[str, Any]


def _kind(template: dict[str, Any], otherwise: DatastoreType) -> DatastoreType:
    word = text_of(template, "TYPE").upper()
    if not word:
        return otherwise
    return DatastoreType.__members__.get(word, DatastoreType.IMAGE_DS)


def settle_new(attributes: dict[str, Any]) -> Settled:
    """Settle the attributes of a new datastore.

    Raises:
        InternalRefused: one is wrong or missing.
    """
    template = {key: value for key, value in attributes.items() if key not in _WITHOUT}
    kind = _kind(template, DatastoreType.IMAGE_DS)
    ds_mad, tm_mad = text_of(template, "DS_MAD"), text_of(template, "TM_MAD")
    if kind is DatastoreType.SYSTEM_DS:
        if ds_mad:
            raise InternalRefused("SYSTEM datastores cannot have DS_MAD defined.")
        ds_mad = "-"
    elif not ds_mad:
        raise InternalRefused("No DS_MAD in template.")
    _settle_ds_mad(kind, ds_mad, template)
    if kind is DatastoreType.BACKUP_DS:
        tm_mad = "-"
    else:
        _settle_tm_mad(kind, tm_mad, template)
    disk_type = _settle_disk_type(kind, template.pop("DISK_TYPE", ""), template)
    if not text_of(template, "SAFE_DIRS") and not text_of(template, "RESTRICTED_DIRS"):
        template |= {"SAFE_DIRS": "/var/tmp", "RESTRICTED_DIRS": "/"}  # noqa: S108 - oned's own default, nothing is written there
    return Settled(kind, ds_mad, tm_mad, disk_type, template)


def settle_update(store: Datastore, template: dict[str, Any]) -> Settled:
    """Settle the attributes of a datastore that are being updated.

    Raises:
        InternalRefused: one is wrong or missing, or cannot be changed any more.
    """
    for name in _FIXED:
        if store.images and text_of(template, name) != text_of(store.template, name):
            raise InternalRefused(
                f"Cannot update option {name} in a datastore with existing images"
            )
    template = dict(template)
    kind = store.type
    if store.id == _SYSTEM_DATASTORE:
        kind = DatastoreType.SYSTEM_DS
    elif kind is not DatastoreType.BACKUP_DS:
        kind = _kind(template, kind)
    template["TYPE"] = kind.name
    disk_type = store.disk_type
    if named := template.pop("DISK_TYPE", ""):
        disk_type = _settle_disk_type(kind, named, template)
    tm_mad = text_of(template, "TM_MAD")
    if tm_mad and kind is not DatastoreType.BACKUP_DS:
        _settle_tm_mad(kind, tm_mad, template)
    else:
        tm_mad = template["TM_MAD"] = store.tm_mad
    ds_mad = text_of(template, "DS_MAD") or store.ds_mad
    if kind is DatastoreType.SYSTEM_DS:
        ds_mad = "-"
        template.pop("DS_MAD", None)
    else:
        template["DS_MAD"] = ds_mad
    _settle_ds_mad(kind, ds_mad, template)
    return Settled(kind, ds_mad, tm_mad, disk_type, template)


def _settle_ds_mad(kind: DatastoreType, ds_mad: str, template: dict[str, Any]) -> None:
    if kind is DatastoreType.SYSTEM_DS:
        return
    if ds_mad not in DS_MADS:
        raise InternalRefused(f'DS_MAD named "{ds_mad}" is not defined in oned.conf')
    if ds_mad in NO_CAPACITY_CHECK:
        template["DATASTORE_CAPACITY_CHECK"] = "NO"
    for name in DS_MADS[ds_mad]:
        if not text_of(template, name):
            raise InternalRefused(
                f'Datastore template is missing the "{name}" attribute or it\'s empty.'
            )


def _settle_tm_mad(kind: DatastoreType, tm_mad: str, template: dict[str, Any]) -> None:
    if not tm_mad:
        raise InternalRefused("No TM_MAD in template.")
    if tm_mad not in TM_MADS:
        raise InternalRefused(f'TM_MAD named "{tm_mad}" is not defined in oned.conf')
    system = kind is DatastoreType.SYSTEM_DS
    for name in ("LN_TARGET", "CLONE_TARGET") if system else ("SHARED",):
        template.pop(name, None)
    template.update(transfer_attributes(kind, tm_mad))


def _settle_disk_type(kind: DatastoreType, named: str, template: dict[str, Any]) -> int:
    """Give the number of the type of a datastore's disks, and write its name."""
    if kind in {DatastoreType.FILE_DS, DatastoreType.BACKUP_DS}:
        return 0
    name = named.upper() or "FILE"
    if name not in DISK_TYPES:
        raise InternalRefused("Unknown DISK_TYPE in template.")
    if kind is DatastoreType.SYSTEM_DS and name not in _SYSTEM_TYPES:
        raise InternalRefused("Invalid DISK_TYPE for a System Datastore.")
    if kind is DatastoreType.IMAGE_DS and name.endswith("CDROM"):
        raise InternalRefused("Invalid DISK_TYPE for an Image Datastore.")
    number = DISK_TYPES[name]
    template["DISK_TYPE"] = DISK_TYPE_NAMES[number]
    return number


def driver_of(store: Datastore) -> str:
    """Give the format that all disks of a datastore have, "" when they may differ."""
    return TM_MADS.get(store.tm_mad, {}).get("DRIVER", "") or text_of(store.template, "DRIVER")
