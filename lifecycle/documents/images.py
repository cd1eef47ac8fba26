"""The document of an image.

Source: ``Image::to_xml``, ``Snapshots`` and ``BackupIncrements`` of OpenNebula
7.4.0. Clients index into it: empty lists are empty elements, never left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.documents import markup
from lifecycle.documents.owners import head, name_of

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.image import Image, Template
    from lifecycle.snapshots import Snapshots

_NO_INCREMENTS = "<BACKUP_INCREMENTS></BACKUP_INCREMENTS>"


def image_document(cloud: Cloud, image: Image) -> str:
    """Give IMAGE."""
    if {} in image.template.values():
        return image_row(
            cloud, image, {key: one for key, one in image.template.items() if one != {}}
        )
    return image_row(cloud, image)


def image_row(cloud: Cloud, image: Image, template: Template | None = None) -> str:
    """Give IMAGE as it stands in a pool: as the record was written, empty vectors included.

    Args:
        cloud: where the image is.
        image: the image.
        template: what to show as its attributes, where that differs.
    """
    template = image.template if template is None else template
    permissions = image.permissions & 0o777
    return (
        f"<IMAGE>{head(cloud, image)}<NAME>{markup.text(image.name)}</NAME>"
        f"{markup.lock(image.lock_held)}{markup.permissions(permissions)}"
        f"<TYPE>{image.type.value}</TYPE><DISK_TYPE>{image.disk_type}</DISK_TYPE>"
        f"<PERSISTENT>{int(image.is_persistent)}</PERSISTENT>"
        f"<REGTIME>{image.regtime}</REGTIME><MODTIME>{image.modtime}</MODTIME>"
        f"<SOURCE>{markup.cdata(image.source)}</SOURCE><PATH>{markup.cdata(image.path)}</PATH>"
        f"<FORMAT>{markup.cdata(image.format)}</FORMAT><FS>{markup.cdata(image.fs)}</FS>"
        f"<SIZE>{image.size}</SIZE><STATE>{image.state.value}</STATE>"
        f"<PREV_STATE>{image.prev_state.value}</PREV_STATE>"
        f"<RUNNING_VMS>{image.running_vms}</RUNNING_VMS>"
        f"<CLONING_OPS>{image.cloning_ops}</CLONING_OPS>"
        f"<CLONING_ID>{image.cloning_id}</CLONING_ID>"
        f"<TARGET_SNAPSHOT>{image.target_snapshot}</TARGET_SNAPSHOT>"
        f"<DATASTORE_ID>{image.datastore_id}</DATASTORE_ID>"
        f"<DATASTORE>{name_of(cloud.datastores, image.datastore_id)}</DATASTORE>"
        f"{markup.ids('VMS', image.vms)}{markup.ids('CLONES', image.clones)}"
        f"{markup.ids('APP_CLONES', image.app_clones)}{markup.template(template)}"
        f"{snapshots_of(image.snapshots)}{_increments(image)}"
        f"{markup.ids('BACKUP_DISK_IDS', image.backup_disk_ids)}</IMAGE>"
    )


_NO_SNAPSHOTS = "<SNAPSHOTS></SNAPSHOTS>"


def snapshots_of(snapshots: Snapshots | None, disk: int = -1) -> str:
    """Give SNAPSHOTS of an image, or of a machine's disk.

    Where none were ever taken, it tells that of a new list; where they were
    cleared, nothing.
    """
    if snapshots is None:
        return _FRESH
    if snapshots.cleared:
        return _NO_SNAPSHOTS
    head: dict[str, object] = {
        "ALLOW_ORPHANS": snapshots.orphans.value,
        "CURRENT_BASE": snapshots.current_base,
        "NEXT_SNAPSHOT": snapshots.next_id,
    }
    if disk >= 0:
        head["DISK_ID"] = disk
    rows = [
        markup.attribute("SNAPSHOT", row | {"DATE": str(one.date)})
        for one, row in zip(snapshots, snapshots.attributes(), strict=True)
    ]
    return f"<SNAPSHOTS>{markup.attributes(head)}{''.join(rows)}</SNAPSHOTS>"


def _increments(image: Image) -> str:
    if not image.increments:
        return _NO_INCREMENTS
    rows = [
        markup.attribute("INCREMENT", row | {"DATE": str(one.date)})
        for one, row in zip(image.increments, image.increments.attributes(), strict=True)
    ]
    return f"<BACKUP_INCREMENTS>{''.join(rows)}</BACKUP_INCREMENTS>"


_FRESH = (
    "<SNAPSHOTS><ALLOW_ORPHANS><![CDATA[NO]]></ALLOW_ORPHANS>"
    "<CURRENT_BASE><![CDATA[-1]]></CURRENT_BASE>"
    "<NEXT_SNAPSHOT><![CDATA[0]]></NEXT_SNAPSHOT></SNAPSHOTS>"
)
