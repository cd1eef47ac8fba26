"""What a trace shows of images, machines, apps and templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.attributes import kept

if TYPE_CHECKING:
    from lifecycle.cloud.objects import App, VmTemplate
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.image import Image

_DATE = re.compile(r"^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} : ")


def image_view(image: Image, *, owner: bool = False, backup: bool = False) -> dict[str, Any]:
    """Give the fields of an image; with owner UID, GID and PERM, with backup the increments."""
    lock = image.lock_held
    view: dict[str, Any] = {
        "NAME": image.name,
        "TYPE": int(image.type),
        "PERSISTENT": int(image.is_persistent),
        "STATE": image.state.value,
        "PREV_STATE": image.prev_state.value,
        "RUNNING_VMS": image.running_vms,
        "CLONING_OPS": image.cloning_ops,
        "CLONING_ID": image.cloning_id,
        "TARGET_SNAPSHOT": image.target_snapshot,
        "DATASTORE_ID": image.datastore_id,
        "SOURCE": image.source,
        "PATH": image.path,
        "FORMAT": image.format,
        "SIZE": image.size,
        "VMS": sorted(image.vms),
        "CLONES": sorted(image.clones),
        "APP_CLONES": sorted(image.app_clones),
        "LOCK": None if lock is None else {"LOCKED": lock.level, "OWNER": lock.owner},
        "TEMPLATE": _undated(image.template),
        "SNAPSHOTS": [] if image.snapshots is None else image.snapshots.attributes(),
    }
    if owner:
        view |= {"UID": image.uid, "GID": image.gid, "PERM": f"{image.permissions:03o}"}
    if backup:
        view |= {
            "BACKUP_INCREMENTS": image.increments.attributes(),
            "BACKUP_DISK_IDS": sorted(image.backup_disk_ids),
        }
    return view


def vm_view(vm: VirtualMachine, *, backup: bool = False, saveas: bool = False) -> dict[str, Any]:
    """Give the fields of a machine; with backup BACKUPS, with saveas the disks being saved."""
    view: dict[str, Any] = {
        "STATE": vm.state.number,
        "LCM_STATE": vm.state.lcm,
        "DISKS": {str(disk.id): disk.image_id for disk in vm.disks if disk.image_id != -1},
    }
    if backup:
        backups = vm.backups
        view["BACKUPS"] = {
            "IDS": [] if backups is None else sorted(backups.ids),
            "CONFIG": {} if backups is None else dict(backups.config),
        }
    if saveas:
        view["SAVEAS"] = [str(disk.id) for disk in vm.disks if disk.saving]
    return view


def app_view(app: App) -> dict[str, Any]:
    """Give the fields of an app."""
    return {
        "NAME": app.name,
        "STATE": int(app.state),
        "ORIGIN_ID": app.origin_id,
        "SOURCE": app.source,
        "SIZE": app.size,
        "FORMAT": app.format,
        "TYPE": int(app.type),
        "MARKETPLACE_ID": app.market_id,
        "ERROR": _DATE.sub("", str(app.template.get("ERROR", ""))),
    }


def template_view(template: VmTemplate) -> dict[str, Any]:
    """Give the fields of a template of machines."""
    disks = [one for one in template.template.get("DISK", []) if isinstance(one, dict)]
    return {"NAME": template.name, "DISKS": [dict(disk) for disk in disks]}


def _undated(template: dict[str, Any]) -> dict[str, Any]:
    template = kept(template)
    if "ERROR" not in template:
        return template
    return template | {"ERROR": _DATE.sub("", str(template["ERROR"]))}


def changes(before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any] | None:
    """Give the fields that changed: all of a new object, None for one that is gone."""
    if after is None or before is None:
        return after
    return {name: value for name, value in after.items() if before.get(name) != value}
