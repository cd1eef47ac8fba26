"""The calls on datastores: ``one.datastore.*``.

Sources: ``src/datastore/Datastore.cc``, ``DatastorePool.cc`` and
``src/rm/api/DatastoreAPI.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import Any

from lifecycle.cloud.attributes import single, text_of
from lifecycle.cloud.authorization import Right, Subject, permissions_for
from lifecycle.cloud.calls import shared
from lifecycle.cloud.calls.shared import parsed
from lifecycle.cloud.calls.remote import CallGroup, remote
from lifecycle.cloud.configuration import DISK_TYPES, DS_MADS, TM_MADS, transfer_attributes
from lifecycle.cloud.names import objection_to
from lifecycle.cloud.objects import Datastore, DatastoreType
from lifecycle.refusal import ActionRefused, AllocateRefused, InternalRefused


class DatastoreCalls(CallGroup):
    """The calls on one datastore."""

    __slots__ = ()

    @remote("datastore.allocate", "s", "i")
    def allocate(self, template: str, cluster: int = -1) -> int:
        """Make a datastore and give its id.

        Raises:
            Refused: the name is taken, or an attribute that its drivers need is missing.
        """
        del cluster
        cloud, caller = self.cloud, self.caller
        attributes: dict[str, Any] = dict(single(parsed(template)))
        self.authorize((Right.CREATE, Subject("DATASTORE")))
        name = text_of(attributes, "NAME")
        if objection := objection_to(name):
            raise AllocateRefused(objection, kind="DATASTORE")
        taken = cloud.datastores.named(name)
        if taken is not None:
            raise AllocateRefused(
                f"NAME is already taken by DATASTORE {taken.id}.", kind="DATASTORE"
            )
        store = _new(cloud.datastores.next_id, name, attributes)
        store.uid, store.gid = caller.uid, caller.gid
        store.permissions = permissions_for(caller)
        cloud.datastores.add(store)
        return store.id

    @remote("datastore.delete", "i")
    def delete(self, datastore: int) -> int:
        """Delete a datastore.

        Raises:
            Refused: it still holds images.
        """
        store: Datastore = self.existing(self.cloud.datastores, datastore)
        if store.images:
            raise ActionRefused(f"Cannot delete datastore. Datastore {store.id} is not empty.")
        self.cloud.datastores.remove(store)
        return datastore

    @remote("datastore.info", "i", "b")
    def info(self, datastore: int, decrypt: bool = False) -> Datastore:  # noqa: ARG002, FBT001, FBT002 - as on the wire
        """Give a datastore.

        Raises:
            Refused: there is none, or the right to use it is missing.
        """
        thing: Datastore = self.existing(self.cloud.datastores, datastore, Right.USE_NO_LCK)
        return thing

    @remote("datastore.enable", "ib")
    def enable(self, datastore: int, enabled: bool) -> int:  # noqa: FBT001 - as on the wire
        """Enable or disable a system datastore.

        Raises:
            Refused: it is no system datastore.
        """
        store: Datastore = self.existing(self.cloud.datastores, datastore)
        if store.type is not DatastoreType.SYSTEM_DS:
            raise InternalRefused("Only SYSTEM_DS can be disabled or enabled")
        store.enabled = enabled
        return datastore

    @remote("datastore.rename", "is")
    def rename(self, datastore: int, name: str) -> int:
        """Give a datastore another name.

        Raises:
            Refused: the name is taken or cannot be used.
        """
        store = shared.may_rename(self, self.cloud.datastores, datastore, name)
        if store is not None:
            self.cloud.datastores.forget_name(store)
            store.name = name
            self.cloud.datastores.note_name(store)
        return datastore

    @remote("datastore.chmod", "iiiiiiiiii")
    def chmod(self, datastore: int, *bits: int) -> int:
        """Change the nine permission bits of a datastore, owner USE first; -1 keeps.

        Raises:
            Refused: a value is not -1, 0 or 1.
        """
        store, permissions = shared.new_permissions(self, self.cloud.datastores, datastore, bits)
        store.permissions = permissions
        return datastore

    @remote("datastore.chown", "iii")
    def chown(self, datastore: int, uid: int, gid: int) -> int:
        """Give a datastore another owner or group; -1 keeps what there is.

        Raises:
            Refused: there is no such user or group.
        """
        store, user, group = shared.new_owner(self, self.cloud.datastores, datastore, uid, gid)
        store.uid = store.uid if user is None else user
        store.gid = store.gid if group is None else group
        return datastore


def _new(number: int, name: str, attributes: dict[str, Any]) -> Datastore:
    word = text_of(attributes, "TYPE").upper()
    kind = DatastoreType.__members__.get(word, DatastoreType.IMAGE_DS)
    ds_mad, tm_mad = text_of(attributes, "DS_MAD"), text_of(attributes, "TM_MAD")
    if kind is DatastoreType.SYSTEM_DS:
        if ds_mad:
            _refuse("SYSTEM datastores cannot have DS_MAD defined.")
        ds_mad = "-"
    else:
        _check_ds_mad(ds_mad, attributes)
    template = {key: value for key, value in attributes.items() if key not in {"NAME", "BASE_PATH"}}
    if kind is DatastoreType.BACKUP_DS:
        tm_mad = "-"
    else:
        template.update(_transfer_attributes(kind, tm_mad))
    disk_type = text_of(template, "DISK_TYPE").upper()
    return Datastore(
        number,
        name,
        kind,
        ds_mad,
        tm_mad,
        disk_type=DISK_TYPES.get(disk_type, 0),
        template=template,
    )


def _check_ds_mad(ds_mad: str, attributes: dict[str, Any]) -> None:
    if not ds_mad:
        _refuse("No DS_MAD in template.")
    if ds_mad not in DS_MADS:
        _refuse(f'DS_MAD named "{ds_mad}" is not defined in oned.conf')
    for name in DS_MADS[ds_mad]:
        if not text_of(attributes, name):
            _refuse(f'Datastore template is missing the "{name}" attribute or it\'s empty.')


def _transfer_attributes(kind: DatastoreType, tm_mad: str) -> dict[str, str]:
    if not tm_mad:
        _refuse("No TM_MAD in template.")
    if tm_mad not in TM_MADS:
        _refuse(f'TM_MAD named "{tm_mad}" is not defined in oned.conf')
    return transfer_attributes(kind, tm_mad)


def _refuse(reason: str) -> None:
    raise AllocateRefused(reason, kind="DATASTORE")
