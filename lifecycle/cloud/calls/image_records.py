"""How the record of a new image is made: what is checked, and what its fields become.

Sources: ``ImagePool::allocate``, ``Image::insert``, ``ImageManager::stat_image``
and ``Image::test_set_persistent`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud.attributes import leading_number, number_of, text_of
from lifecycle.cloud.authorization import Caller, permissions_for
from lifecycle.cloud.configuration import DEFAULT_PREFIX, DEFAULT_TYPE, NO_CAPACITY_CHECK
from lifecycle.cloud.datastores import driver_of
from lifecycle.cloud.names import objection_to
from lifecycle.cloud.objects import Datastore, DatastoreType
from lifecycle.guards import is_true
from lifecycle.image import Image
from lifecycle.refusal import ActionRefused, AllocateRefused, InternalRefused, Refused
from lifecycle.states import DISK_TYPES, FILE_TYPES, ImageType

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud

_TAKEN_OUT = (
    "NAME",
    "TYPE",
    "PERSISTENT",
    "SIZE",
    "FS",
    "DRIVER",
    "PATH",
    "SOURCE",
    "FORMAT",
    "TM_MAD",
)
_WITH_PREFIX = (ImageType.OS, ImageType.DATABLOCK)
_CAN_PERSIST = (*_WITH_PREFIX, ImageType.FILESYSTEM)


def type_of(template: dict[str, Any]) -> ImageType:
    """Give the type that a template names; an unknown one counts as OS until the record is made."""
    name = text_of(template, "TYPE") or DEFAULT_TYPE
    return ImageType.__members__.get(name.upper(), ImageType.OS)


def stat_size(cloud: Cloud, template: dict[str, Any]) -> str:
    """Give the SIZE of a new image, as its template or the datastore tells.

    Raises:
        InternalRefused: it cannot be told.
    """
    kind = type_of(template)
    source, path = text_of(template, "SOURCE"), text_of(template, "PATH")
    size = text_of(template, "SIZE")
    problem = ""
    if kind is ImageType.BACKUP:
        if size:
            return size
        raise InternalRefused("Cannot parse image SIZE: ")
    if kind is ImageType.FILESYSTEM:
        problem = "" if path else "Missing PATH attribute."
    elif source or (not path and kind in _WITH_PREFIX):
        if number_of(template, "SIZE") is not None:
            return size
        problem = "Wrong number or missing SIZE attribute."
    elif not path:
        problem = f"Either PATH or SOURCE are required for {kind.name}"
    if problem:
        raise InternalRefused(f"Cannot parse image SIZE: {problem}")
    return stat(cloud)


def stat(cloud: Cloud) -> str:
    """Ask the datastore for the size of a file.

    Raises:
        InternalRefused: it does not tell.
    """
    cloud.next_sync_id += 1
    plan = cloud.drivers.ruled.get(("ds", "STAT"))
    if plan is not None and plan.outcome == "failure":
        raise InternalRefused(f"Cannot parse image SIZE: {plan.payload or 'scripted failure'}")
    return "128" if plan is None or plan.payload is None else plan.payload


def check_space(cloud: Cloud, datastore: Datastore, size: int, reason: str = "") -> None:
    """Let pass what fits into a datastore, or any size where nobody looks.

    Raises:
        ActionRefused: the datastore has less free space (MB).
    """
    word = text_of(datastore.template, "DATASTORE_CAPACITY_CHECK")
    looks = is_true(word) if word else cloud.capacity_check
    if not looks or datastore.ds_mad in NO_CAPACITY_CHECK:
        return
    limit = number_of(datastore.template, "LIMIT_MB")
    free = datastore.free_mb if limit is None else limit - datastore.used_mb
    if size > max(free, 0):
        raise ActionRefused(reason or "Not enough space in datastore")


def settle_persistent(
    cloud: Cloud, caller: Caller, template: dict[str, Any], *, allocate: bool
) -> bool:
    """Decide whether a new image is persistent, and write it into its template.

    A default of the user or the group decides, unless ``oneimage create`` says otherwise.
    """
    given = text_of(template, "PERSISTENT")
    name = "DEFAULT_IMAGE_PERSISTENT_NEW" if allocate else "DEFAULT_IMAGE_PERSISTENT"
    user, group = cloud.users.get(caller.uid), cloud.groups.get(caller.gid)
    default = next(
        (word for one in (user, group) if one and (word := text_of(one.template, name))), ""
    )
    persistent = is_true(given)
    if default and not (allocate and "PERSISTENT" in template):
        persistent = is_true(default)
    template["PERSISTENT"] = "YES" if persistent else "NO"
    if not persistent and text_of(template, "PERSISTENT_TYPE").upper() == "SHAREABLE":
        del template["PERSISTENT_TYPE"]
    return persistent


def new_image(  # noqa: PLR0913 - what a record is made of; all but four are named
    cloud: Cloud,
    caller: Caller,
    template: dict[str, Any],
    datastore: Datastore,
    *,
    cloning_id: int = -1,
    as_type: DatastoreType | None = None,
) -> Image:
    """Make the record of a new image, in INIT, with an id of its own.

    Args:
        cloud: where it will live.
        caller: its owner.
        template: its attributes, PERSISTENT and SIZE among them.
        datastore: where its file will be.
        cloning_id: the image that it is a copy of, -1 for none.
        as_type: the type that the datastore is taken for.

    Raises:
        AllocateRefused: its name, or its type in that datastore, cannot be.
    """
    name = text_of(template, "NAME")
    if objection := objection_to(name):
        raise AllocateRefused(objection, operation="allocate")
    _check_type(type_of(template), datastore.type if as_type is None else as_type)
    taken = cloud.images.named(name, caller.uid)
    if taken is not None:
        raise AllocateRefused(f"NAME is already taken by IMAGE {taken.id}.", operation="allocate")
    if cloning_id != -1:
        # The state of the source is looked at before an id is taken.
        check_source(cloud, cloning_id)
    number = cloud.images.take_id()
    try:
        return _record(cloud, caller, template, datastore, number, cloning_id)
    except Refused:
        cloud.images.give_back_id(number)
        raise


def check_source(cloud: Cloud, number: int) -> None:
    """Let pass the source of a clone whose state allows it.

    Raises:
        AllocateRefused: it does not.
    """
    from lifecycle.triggers import EVENTS  # noqa: PLC0415 - only clones need it

    source = cloud.images.get(number)
    if source is None:
        raise AllocateRefused("Cannot clone image, it does not exist", operation="clone")
    objection = EVENTS["clone"].objection(source)
    if objection is not None:
        raise objection


def _check_type(kind: ImageType, datastore: DatastoreType) -> None:
    if kind in DISK_TYPES and datastore is not DatastoreType.IMAGE_DS:
        reason = (
            "Only IMAGES of type KERNEL, RAMDISK and CONTEXT can be registered in a FILE_DS"
            " datastore"
        )
    elif kind in FILE_TYPES and datastore is not DatastoreType.FILE_DS:
        reason = (
            "IMAGES of type KERNEL, RAMDISK and CONTEXT cannot be registered in an IMAGE_DS"
            " datastore"
        )
    elif kind is ImageType.BACKUP and datastore is not DatastoreType.BACKUP_DS:
        reason = "IMAGES of type BACKUP can only be registered in an BACKUP_DS datastore"
    else:
        return
    raise AllocateRefused(reason, operation="allocate")


def _record(  # noqa: PLR0913, PLR0917 - the same, once an id is taken
    cloud: Cloud,
    caller: Caller,
    template: dict[str, Any],
    datastore: Datastore,
    number: int,
    cloning_id: int,
) -> Image:
    named = text_of(template, "TYPE")
    if named and named.upper() not in ImageType.__members__:
        raise AllocateRefused("Unknown type ", operation="allocate")
    kind = type_of(template)
    kept = dict(template)
    for name in _TAKEN_OUT:
        kept.pop(name, None)
    if kind in _WITH_PREFIX:
        kept["DEV_PREFIX"] = text_of(template, "DEV_PREFIX") or DEFAULT_PREFIX
    else:
        kept.pop("DEV_PREFIX", None)
    image = Image(
        number,
        text_of(template, "NAME"),
        kind,
        persistent=kind in _CAN_PERSIST and is_true(text_of(template, "PERSISTENT")),
        source=text_of(template, "SOURCE"),
        path=text_of(template, "PATH"),
        format=text_of(template, "FORMAT"),
        size=leading_number(text_of(template, "SIZE")) or 0,
        uid=caller.uid,
        gid=caller.gid,
        permissions=permissions_for(caller),
        datastore_id=datastore.id,
        template=kept,
        world=cloud,
    )
    image.fs = text_of(template, "FS")
    image.disk_type = datastore.disk_type
    image.cloning_id = cloning_id
    _settle_format(image, datastore, is_clone=cloning_id != -1)
    return image


def _settle_format(image: Image, datastore: Datastore, *, is_clone: bool) -> None:
    if is_true(image.template.get("SAVE_AS_HOT")):
        image.format = "save_as"
    elif is_clone or image.source:
        return
    elif image.path:
        image.format = ""
    elif image.type in _WITH_PREFIX:
        driver = driver_of(datastore)
        if driver:
            image.template["DRIVER"] = driver
        image.format = driver or image.format or "raw"
