"""The calls on images: ``one.image.*``.

Source: ``src/rm/api/ImageAPI.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud import backup_runs
from lifecycle.cloud.attributes import leading_number, number_of, single, text_of
from lifecycle.cloud.authorization import Right, Subject
from lifecycle.cloud.calls import image_records, shared
from lifecycle.cloud.calls.remote import CallGroup, remote
from lifecycle.cloud.calls.shared import parsed
from lifecycle.cloud.configuration import IMAGE_RESTRICTED, PERSISTENT_ONLY
from lifecycle.cloud.objects import Datastore, DatastoreType
from lifecycle.cloud.quotas import check_quota, size_of
from lifecycle.cloud.restricted import first_of
from lifecycle.codes import ErrorCode
from lifecycle.guards import is_true
from lifecycle.refusal import (
    ActionRefused,
    AllocateRefused,
    AuthorizationRefused,
    InternalRefused,
    NotFoundRefused,
    Refused,
)
from lifecycle.states import FILE_TYPES, ImageType
from lifecycle.triggers import EVENTS

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.image import Image

_NO_SUCH_IMAGE = "Image does not exist"


class ImageCalls(CallGroup):
    """The calls on one image."""

    __slots__ = ()

    @remote("image.allocate", "si", "b")
    def allocate(self, template: str, datastore: int, skip_capacity_check: bool = False) -> int:  # noqa: FBT001, FBT002 - as on the wire
        """Register a new image and give its id.

        Args:
            template: NAME, TYPE, PATH or SOURCE or SIZE, and so on.
            datastore: the id of the datastore for its file.
            skip_capacity_check: take it even if it does not fit (administrators only).

        Raises:
            Refused: see section 3.1 of the lifecycle.
        """
        cloud, caller = self.cloud, self.caller
        attributes: dict[str, Any] = dict(single(parsed(template)))
        store = cloud.datastores.get(datastore)
        if store is None:
            raise NotFoundRefused(kind="DATASTORE", number=datastore)
        if store.type in {DatastoreType.SYSTEM_DS, DatastoreType.BACKUP_DS}:
            reason = "New images can only be allocated in a files or image datastore."
            raise AllocateRefused(reason, operation="allocate")
        size = _size_of_new(cloud, attributes, store)
        megabytes = leading_number(size) or 0
        if not (skip_capacity_check and caller.admin):
            image_records.check_space(cloud, store, megabytes)
        attributes["SIZE"] = size
        if not caller.admin:
            _refuse_restricted(attributes)
        self.authorize((Right.CREATE, Subject("IMAGE")), (Right.USE, Subject("DATASTORE", store)))
        check_quota(cloud, caller.uid, caller.gid, store.id, megabytes)
        persistent = image_records.settle_persistent(cloud, caller, attributes, allocate=True)
        if store.ds_mad in PERSISTENT_ONLY and not persistent:
            reason = "This Datastore only accepts persistent images."
            raise AllocateRefused(reason, operation="allocate")
        image = image_records.new_image(cloud, caller, attributes, store)
        try:
            image.allocate()
        except Refused:
            cloud.images.give_back_id(image.id)
            raise
        return image.id

    @remote("image.clone", "is", "i")
    def clone(self, image: int, name: str, datastore: int = -1) -> int:
        """Have an image copied, and give the id of the copy.

        Args:
            image: the id of the source.
            name: of the copy.
            datastore: for the copy's file; -1 for that of the source.

        Raises:
            Refused: see section 3.5 of the lifecycle.
        """
        return clone(self, image, name, datastore)

    @remote("image.delete", "i", "b")
    def delete(self, image: int, force: bool = False) -> int:  # noqa: FBT001, FBT002 - as on the wire
        """Delete an image; FORCE_DELETE is written before anything else is looked at.

        Raises:
            Refused: see section 3.8 of the lifecycle.
        """
        return delete(self, image, force=force)

    @remote("image.info", "i", "b")
    def info(self, image: int, decrypt: bool = False) -> Image:  # noqa: ARG002, FBT001, FBT002 - as on the wire
        """Give an image.

        Raises:
            Refused: there is none, or the right to use it is missing.
        """
        thing: Image = self.existing(self.cloud.images, image, Right.USE_NO_LCK)
        return thing

    @remote("image.enable", "ib")
    def enable(self, image: int, enabled: bool) -> int:  # noqa: FBT001 - as on the wire
        """Enable or disable an image.

        Raises:
            Refused: see section 3.7 of the lifecycle.
        """
        thing = self.authorized(self.cloud.images, image)
        if thing is None:
            word = "enable" if enabled else "disable"
            raise InternalRefused(f"Could not {word} image: ", operation=word)
        if enabled:
            thing.enable()
        else:
            thing.disable()
        return image

    @remote("image.persistent", "ib")
    def persistent(self, image: int, persistent: bool) -> int:  # noqa: FBT001 - as on the wire
        """Make an image persistent or not.

        Raises:
            Refused: see section 3.7 of the lifecycle.
        """
        thing: Image = self.existing(self.cloud.images, image)
        if thing.is_persistent != persistent:
            self._check_persistence(thing, persistent=persistent)
        if persistent:
            thing.persistent()
        else:
            thing.nonpersistent()
        return image

    def _check_persistence(self, image: Image, *, persistent: bool) -> None:
        store = self.cloud.datastores.get(image.datastore_id)
        if store is None:
            raise InternalRefused("Datastore no longer exists.")
        if store.ds_mad.lower() == "lvm":
            raise InternalRefused("lvm datastores doesn't support change of image persistency.")
        fixed = image.type in FILE_TYPES or image.type is ImageType.BACKUP
        if store.ds_mad in PERSISTENT_ONLY and not persistent and not fixed:
            raise InternalRefused("This Datastore only accepts persistent images.")

    @remote("image.chtype", "is")
    def chtype(self, image: int, type_: str) -> int:
        """Change the type of an image within its family.

        Raises:
            Refused: see section 3.7 of the lifecycle.
        """
        self.existing(self.cloud.images, image).chtype(type_)
        return image

    @remote("image.lock", "ii", "b")
    def lock(self, image: int, level: int, test: bool = False) -> int:  # noqa: FBT001, FBT002 - as on the wire
        """Lock an image against calls: 1 use, 2 manage, 3 admin, 4 all.

        Raises:
            Refused: the level is unknown, or somebody else holds the lock.
        """
        thing = self.existing(self.cloud.images, image, Right.MANAGE_NO_LCK)
        thing.lock(shared.lock_request(self, level, test=test))
        return image

    @remote("image.unlock", "i")
    def unlock(self, image: int) -> int:
        """Take the lock off an image.

        Raises:
            Refused: somebody else holds it.
        """
        thing = self.existing(self.cloud.images, image, Right.MANAGE_NO_LCK)
        thing.unlock(-1 if self.caller.admin else self.uid)
        return image

    @remote("image.rename", "is")
    def rename(self, image: int, name: str) -> int:
        """Give an image another name.

        Raises:
            Refused: the name is taken or cannot be used.
        """
        thing = shared.may_rename(self, self.cloud.images, image, name)
        if thing is not None:
            self.cloud.images.forget_name(thing)
            thing.rename(name)
            self.cloud.images.note_name(thing)
        return image

    @remote("image.chown", "iii")
    def chown(self, image: int, uid: int, gid: int) -> int:
        """Give an image another owner or group; -1 keeps what there is.

        Raises:
            Refused: there is no such user or group, or the new owner has that name already.
        """
        cloud = self.cloud
        thing, user, group = shared.new_owner(self, cloud.images, image, uid, gid)
        if user is not None or group is not None:
            check_quota(cloud, user or -1, group or -1, thing.datastore_id, size_of(thing))
        cloud.images.forget_name(thing)
        thing.chown((user, group))
        cloud.images.note_name(thing)
        return image

    @remote("image.chmod", "iiiiiiiiii")
    def chmod(self, image: int, *bits: int) -> int:
        """Change the nine permission bits of an image, owner USE first; -1 keeps.

        Raises:
            Refused: a value is not -1, 0 or 1.
        """
        chmod(self, image, bits)
        return image

    @remote("image.update", "is", "i")
    def update(self, image: int, template: str, append: int = 0) -> int:
        """Replace (0) or append to (1) the attributes of an image.

        Raises:
            Refused: the text is no template, or names what only administrators may set.
        """
        thing, attributes = shared.new_template(
            self, self.cloud.images, image, template, append, restricted=IMAGE_RESTRICTED
        )
        thing.update(attributes)
        return image

    @remote("image.snapshotdelete", "ii")
    def snapshotdelete(self, image: int, snapshot: int) -> int:
        """Have a snapshot removed.

        Raises:
            Refused: see section 3.7 of the lifecycle.
        """
        self._with_snapshots(image).snapshot_delete(snapshot)
        return image

    @remote("image.snapshotrevert", "ii")
    def snapshotrevert(self, image: int, snapshot: int) -> int:
        """Have an image go back to a snapshot.

        Raises:
            Refused: see section 3.7 of the lifecycle.
        """
        self._with_snapshots(image).snapshot_revert(snapshot)
        return image

    @remote("image.snapshotflatten", "ii")
    def snapshotflatten(self, image: int, snapshot: int) -> int:
        """Have all snapshots merged into an image.

        Raises:
            Refused: see section 3.7 of the lifecycle.
        """
        self._with_snapshots(image).snapshot_flatten(snapshot)
        return image

    def _with_snapshots(self, image: int) -> Image:
        thing: Image | None = self.authorized(self.cloud.images, image)
        if thing is None:
            raise ActionRefused(_NO_SUCH_IMAGE)
        return thing

    @remote("image.restore", "iis")
    def restore(self, image: int, datastore: int, options: str) -> str:
        """Have the disks of a backup restored into a datastore; give the driver's words.

        Without the right to use the image, or without the image, oned answers
        that all went well, with the reason as the value.

        Raises:
            Refused: the image is no backup, the datastore does not fit, or the driver fails.
        """
        cloud = self.cloud
        try:
            thing: Image | None = self.authorized(cloud.images, image, Right.USE)
        except Refused as refusal:
            return refusal.reason
        if datastore >= 0 and datastore not in cloud.datastores:
            raise NotFoundRefused(number=datastore)
        self.authorized(cloud.datastores, datastore, Right.USE)
        wanted = number_of(single(parsed(options)), "DISK_ID")
        if thing is not None:
            _check_restored_disk(thing, -1 if wanted is None else wanted)
        if thing is None:
            raise ActionRefused(_NO_SUCH_IMAGE)
        if thing.type is not ImageType.BACKUP:
            raise ActionRefused("Can only restore images of type BACKUP")
        target = cloud.datastores.get(datastore)
        if target is None:
            raise ActionRefused("Destination datastore does not exist")
        if target.type is not DatastoreType.IMAGE_DS:
            raise ActionRefused("Destination can be only an image datastore")
        return _restored(cloud)


def _restored(cloud: Cloud) -> str:
    """Ask the datastore to restore, and wait for its answer."""
    request = cloud.drivers.add("ds", "RESTORE", cloud.next_sync_id, "", cloud.clock.now)
    cloud.next_sync_id += 1
    cloud.noted_request(request)
    plan = cloud.drivers.decide(request)
    cloud.drivers.close(request)
    if plan.outcome == "hold":
        raise ActionRefused("Request timeout")
    words = plan.payload if plan.payload is not None else "30"
    if plan.outcome == "failure":
        raise ActionRefused(plan.payload if plan.payload is not None else "scripted failure")
    if not words:
        raise ActionRefused("Cannot get info about restored disk images")
    return words


def _check_restored_disk(image: Image, disk: int) -> None:
    if is_true(image.template.get("BACKUP_SELECTED_DISKS")) and disk < 0:
        raise ActionRefused("Cannot restore a VM from a selected disk backup")
    if disk >= 0 and disk not in image.backup_disk_ids:
        raise ActionRefused(f"Cannot restore disk {disk}, it is not part of the backup")


def _size_of_new(cloud: Cloud, attributes: dict[str, Any], store: Datastore) -> str:
    number = number_of(attributes, "FROM_APP")
    if number is not None:
        return _size_of_app(cloud, attributes, store, number)
    backup = number_of(attributes, "FROM_BACKUP_DS")
    if backup is not None and backup not in cloud.datastores:
        raise InternalRefused("Could not get associated backup datastore.")
    size = image_records.stat_size(cloud, attributes)
    if leading_number(size) is None:
        raise InternalRefused(f"Cannot parse image SIZE: {size}")
    return size


def _size_of_app(cloud: Cloud, attributes: dict[str, Any], store: Datastore, number: int) -> str:
    app = cloud.apps.get(number)
    if app is None:
        raise InternalRefused("Cannot determine image SIZE.")
    attributes.update(
        FROM_APP_NAME=app.name, PATH=app.source, FORMAT=app.format, FROM_APP_MD5=app.md5
    )
    if app.market_id not in cloud.markets:
        raise InternalRefused("Could not get the appliance's market.")
    if text_of(store.template, "DRIVER"):
        attributes.pop("DRIVER", None)
    return str(app.size)


def _refuse_restricted(attributes: dict[str, Any]) -> None:
    if name := first_of(attributes, IMAGE_RESTRICTED):
        raise AuthorizationRefused(f"Template includes a restricted attribute {name}")


def clone(
    group: CallGroup, number: int, name: str, datastore: int, *, persistent: bool = False
) -> int:
    """Have an image copied, and give the id of the copy.

    Raises:
        Refused: see section 3.5 of the lifecycle.
    """
    cloud, caller = group.cloud, group.caller
    source = cloud.images.get(number)
    if source is None:
        raise NotFoundRefused(number=number)
    objection = EVENTS["clone"].objection(source)
    if objection is not None and objection.code is ErrorCode.ACTION:
        raise objection
    template: dict[str, Any] = {
        **source.template,
        "NAME": name,
        "TYPE": source.type.name,
        "PATH": source.source,
        "FORMAT": source.format,
        "SIZE": str(source.size),
        "PERSISTENT": "YES" if persistent or source.is_persistent else "NO",
    }
    if not persistent:
        image_records.settle_persistent(cloud, caller, template, allocate=False)
    store = _store_for_clone(cloud, source, datastore)
    image_records.check_space(cloud, store, source.size)
    asked = [
        (Right.CREATE, Subject("IMAGE")),
        (Right.USE, Subject("IMAGE", source)),
        (Right.USE, Subject("DATASTORE", store)),
    ]
    if store.id != source.datastore_id:
        asked.append((Right.USE, Subject("DATASTORE", cloud.datastores[source.datastore_id])))
    group.authorize(*asked)
    check_quota(cloud, caller.uid, caller.gid, store.id, source.size)
    copy = image_records.new_image(cloud, caller, template, store, cloning_id=source.id)
    source.clone(copy.id)
    copy.allocate_clone()
    return copy.id


def _store_for_clone(cloud: Cloud, source: Image, number: int) -> Datastore:
    own = source.datastore_id
    wanted = own if number == -1 else number
    store = cloud.datastores.get(wanted)
    if store is None:
        raise NotFoundRefused(kind="DATASTORE", number=wanted)
    if store.type is not DatastoreType.IMAGE_DS:
        raise ActionRefused("Clone only supported for IMAGE_DS Datastores")
    if wanted != own:
        origin = cloud.datastores.get(own)
        if origin is None:
            raise NotFoundRefused(kind="DATASTORE", number=own)
        if origin.type is not DatastoreType.IMAGE_DS:
            raise ActionRefused("Clone only supported for IMAGE_DS Datastores")
        if origin.ds_mad != store.ds_mad:
            raise ActionRefused("Clone only supported to same DS_MAD Datastores")
    return store


def chmod(group: CallGroup, number: int, bits: tuple[int, ...]) -> None:
    """Change the permissions of an image.

    Raises:
        Refused: there is none, rights are missing, or a value is not -1, 0 or 1.
    """
    thing, permissions = shared.new_permissions(group, group.cloud.images, number, bits)
    thing.chmod(permissions)


def _refuse_locked(image: Image) -> None:
    """Refuse to delete a LOCKED image; oned's answer names it."""
    try:
        image.delete()
    except Refused as refusal:
        refusal.number = image.id
        raise


def delete(group: CallGroup, number: int, *, force: bool) -> int:
    """Delete an image.

    Raises:
        Refused: see section 3.8 of the lifecycle.
    """
    cloud = group.cloud
    image = cloud.images.get(number)
    if image is None:
        raise NotFoundRefused(number=number)
    right = Right.MANAGE
    if image.state.name.startswith("LOCKED"):
        right = Right.ADMIN
        if not force:
            _refuse_locked(image)
    if force:
        image.force()
    group.authorize((right, Subject("IMAGE", image)))
    if image.datastore_id not in cloud.datastores:
        raise ActionRefused("Cannot delete image. Datastore no longer exists cannot remove image")
    if backup_runs.busy(cloud, image):
        raise ActionRefused(
            "Cannot delete image. Active backup on the associated VM. Wait till it finish to"
            " delete the backup Image",
            operation="delete",
            state=image.state,
        )
    if force:
        EVENTS["delete_force"].fire(image)
    else:
        image.delete()
    shared.forget_rules(cloud, cloud.images, number)
    return number
