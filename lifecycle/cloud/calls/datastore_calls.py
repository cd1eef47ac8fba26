"""The calls on datastores: ``one.datastore.*``.

Sources: ``src/datastore/DatastorePool.cc`` and ``src/rm/api/DatastoreAPI.cc``
of OpenNebula 7.4.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.attributes import single, text_of
from lifecycle.cloud.authorization import Right, Subject, permissions_for
from lifecycle.cloud.calls import shared
from lifecycle.cloud.calls.remote import CallGroup, remote
from lifecycle.cloud.calls.shared import parsed
from lifecycle.cloud.datastores import settle_new, settle_update
from lifecycle.cloud.messages import measure
from lifecycle.cloud.objects import Datastore, DatastoreType
from lifecycle.effects import write
from lifecycle.refusal import ActionRefused, InternalRefused, NotFoundRefused

if TYPE_CHECKING:
    from lifecycle.image import Lock

_GROUP_USE = 0o040


@dataclass(frozen=True, slots=True)
class _Cluster:
    """The one cluster that there is."""

    id: int = 0
    uid: int = 0
    gid: int = 0
    permissions: int = 0o600
    lock_held: Lock | None = None


_DEFAULT_CLUSTER = _Cluster()


class DatastoreCalls(CallGroup):
    """The calls on one datastore."""

    __slots__ = ()

    @remote("datastore.allocate", "si")
    def allocate(self, template: str, cluster: int = -1) -> int:
        """Make a datastore and give its id.

        Raises:
            Refused: the name is taken, or an attribute that its drivers need is missing.
        """
        cloud, caller = self.cloud, self.caller
        attributes: dict[str, Any] = dict(single(parsed(template)))
        if cluster not in {-1, _DEFAULT_CLUSTER.id}:
            raise NotFoundRefused(kind="CLUSTER", number=cluster)
        self.authorize(
            (Right.CREATE, Subject("DATASTORE")),
            (Right.ADMIN, Subject("CLUSTER", _DEFAULT_CLUSTER)),
        )
        name = text_of(attributes, "NAME")
        if objection := shared.objection_to_new(cloud.datastores, name):
            raise InternalRefused(objection)
        settled = settle_new(attributes)
        store = Datastore(
            cloud.datastores.take_id(),
            name,
            settled.type,
            settled.ds_mad,
            settled.tm_mad,
            caller.uid,
            caller.gid,
            permissions_for(caller) | _GROUP_USE,
            settled.disk_type,
            settled.template,
        )
        cloud.datastores.add(store)
        measure(cloud, store.id)
        return store.id

    @remote("datastore.delete", "i")
    def delete(self, datastore: int) -> int:
        """Delete a datastore.

        Raises:
            Refused: it still holds images.
        """
        cloud = self.cloud
        store: Datastore = self.existing(cloud.datastores, datastore)
        if store.images:
            raise ActionRefused(f"Cannot delete datastore. Datastore {store.id} is not empty.")
        cloud.datastores.remove(store)
        shared.forget_rules(cloud, cloud.datastores, datastore)
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

    @remote("datastore.update", "is", "i")
    def update(self, datastore: int, template: str, append: int = 0) -> int:
        """Replace (0) or append to (1) the attributes of a datastore.

        Raises:
            Refused: an attribute that its drivers need is missing, or one cannot be changed.
        """
        store, attributes = shared.new_template(
            self, self.cloud.datastores, datastore, template, append
        )
        try:
            settled = settle_update(store, attributes)
        except InternalRefused as refusal:
            reason = f"Cannot update template. {refusal.reason}"
            raise refusal.retold(InternalRefused, reason) from refusal
        store.type, store.disk_type = settled.type, settled.disk_type
        changed = settled.ds_mad != store.ds_mad
        if settled.type is DatastoreType.SYSTEM_DS:
            changed = settled.tm_mad != store.tm_mad
        if changed:
            store.total_mb = store.free_mb = store.used_mb = 0
        store.ds_mad, store.tm_mad = settled.ds_mad, settled.tm_mad
        store.template = settled.template
        return datastore

    @remote("datastore.rename", "is")
    def rename(self, datastore: int, name: str) -> int:
        """Give a datastore another name; every image in it is written.

        Raises:
            Refused: the name is taken or cannot be used.
        """
        store = shared.rename(self, self.cloud.datastores, datastore, name)
        if store is not None:
            for number in sorted(store.images):
                image = self.cloud.images.get(number)
                if image is not None:
                    write(image, None)
        return datastore

    @remote("datastore.chmod", "iiiiiiiiii")
    def chmod(self, datastore: int, *bits: int) -> int:
        """Change the nine permission bits of a datastore, owner USE first; -1 keeps.

        Raises:
            Refused: a value is not -1, 0 or 1.
        """
        shared.chmod(self, self.cloud.datastores, datastore, bits)
        return datastore

    @remote("datastore.chown", "iii")
    def chown(self, datastore: int, uid: int, gid: int) -> int:
        """Give a datastore another owner or group; -1 keeps what there is.

        Raises:
            Refused: there is no such user or group.
        """
        shared.chown(self, self.cloud.datastores, datastore, uid, gid)
        return datastore
