"""The documents of virtual machines: the whole one, and the short one of ``one.vmpool.info``.

Sources: ``VirtualMachine::to_xml_extended`` and ``to_xml_short``,
``History::to_xml``, ``Backups::to_xml`` and ``VirtualMachine::insert`` of
OpenNebula 7.4.0. The UUID is a random one of oned's; here it follows from the id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from lifecycle.cloud.attributes import text_of
from lifecycle.cloud.vm import HIDDEN_ATTRIBUTES, OWN_ATTRIBUTES
from lifecycle.documents import markup
from lifecycle.documents.history import history_records, short_history
from lifecycle.documents.images import snapshots_of
from lifecycle.documents.owners import head
from lifecycle.documents.quotas import number_in

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.vm import Disk, VirtualMachine

_SPACE = UUID(int=0)

_UNPINNED = "!(PIN_POLICY = PINNED)"
_IN_CLUSTER = '("CLUSTERS/ID" @> 0)'
_SHARED = '(SHARED = "YES")'

_SHORT_DISK = (
    *("DISK_ID", "DATASTORE", "DATASTORE_ID", "IMAGE", "IMAGE_ID", "SIZE", "TYPE", "CLONE"),
    *("CLONE_TARGET", "LN_TARGET", "DISK_SNAPSHOT_TOTAL_SIZE"),
)
_SHORT_USER = (
    *("LABELS", "ERROR", "SCHED_MESSAGE", "SCHED_RANK", "SCHED_DS_RANK", "SCHED_REQUIREMENTS"),
    *("SCHED_DS_REQUIREMENTS", "USER_PRIORITY"),
)


def vm_document(cloud: Cloud, vm: VirtualMachine) -> str:
    """Give VM."""
    return _whole(cloud, vm, history_records(cloud, vm))


def vm_extended_row(cloud: Cloud, vm: VirtualMachine) -> str:
    """Give VM as ``one.vmpool.infoextended`` shows it: with the last record of its history only."""
    return _whole(cloud, vm, history_records(cloud, vm, last=True))


def _whole(cloud: Cloud, vm: VirtualMachine, history: str) -> str:
    state, lcm = vm.state.number, vm.state.lcm
    snapshots = "".join(
        [snapshots_of(disk.snapshots, disk.id) for disk in vm.disks if disk.snapshots is not None]
    )
    return (
        f"<VM>{head(cloud, vm)}<NAME>{markup.text(vm.name)}</NAME>"
        f"{markup.permissions(vm.permissions & 0o777)}<LAST_POLL>0</LAST_POLL>"
        f"<STATE>{state}</STATE><LCM_STATE>{lcm}</LCM_STATE>"
        f"<PREV_STATE>{state}</PREV_STATE><PREV_LCM_STATE>{lcm}</PREV_LCM_STATE>"
        f"<RESCHED>0</RESCHED><STIME>{vm.stime}</STIME><ETIME>{vm.etime}</ETIME>"
        f"<DEPLOY_ID>{markup.text(vm.deploy_id)}</DEPLOY_ID>{markup.lock(vm.lock_held)}"
        "<MONITORING></MONITORING><SCHED_ACTIONS></SCHED_ACTIONS>"
        f"{markup.template(_template(vm))}"
        f"{markup.template(_user_template(vm), 'USER_TEMPLATE')}"
        f"{history}{snapshots}{_backups(vm)}</VM>"
    )


def vm_row(cloud: Cloud, vm: VirtualMachine) -> str:
    """Give VM as ``one.vmpool.info`` shows it."""
    lock = vm.lock_held
    locked = "" if lock is None else f"<LOCK><LOCKED>{lock.level}</LOCKED></LOCK>"
    user = _user_template(vm)
    shown = [markup.attribute(name, text_of(user, name)) for name in _SHORT_USER if name in user]
    words = f"<USER_TEMPLATE>{''.join(shown)}</USER_TEMPLATE>" if user else "<USER_TEMPLATE/>"
    numbers = "".join(
        [f"<{name}>{markup.text(_number(vm, name))}</{name}>" for name in ("CPU", "MEMORY", "VCPU")]
    )
    disks = "".join([_short_disk(disk) for disk in vm.disks])
    return (
        f"<VM>{head(cloud, vm)}<NAME>{markup.text(vm.name)}</NAME><LAST_POLL>0</LAST_POLL>"
        f"<STATE>{vm.state.number}</STATE><LCM_STATE>{vm.state.lcm}</LCM_STATE>"
        f"<RESCHED>0</RESCHED><STIME>{vm.stime}</STIME><ETIME>{vm.etime}</ETIME>"
        f"<DEPLOY_ID>{markup.text(vm.deploy_id)}</DEPLOY_ID>{locked}"
        f"<TEMPLATE>{numbers}{disks}</TEMPLATE><MONITORING/>{words}"
        f"{short_history(cloud, vm)}</VM>"
    )


def _number(vm: VirtualMachine, name: str) -> str:
    """Give CPU, MEMORY or VCPU as oned writes a number, "" where there is none."""
    return f"{number_in(vm, name):.6g}" if text_of(vm.template, name) else ""


def _template(vm: VirtualMachine) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: value for name, value in vm.template.items() if name in OWN_ATTRIBUTES
    }
    for name in ("CPU", "MEMORY", "VCPU"):
        if text := _number(vm, name):
            values[name] = text
    os = next((one for one in values.pop("OS", []) if isinstance(one, dict)), {})
    uuid = str(uuid5(_SPACE, f"one-{vm.id}"))
    return {
        **_requirements(vm),
        **values,
        "DISK": [_disk(disk) for disk in vm.disks],
        "OS": {"UUID": uuid} | os,
        "VMID": str(vm.id),
    }


def _requirements(vm: VirtualMachine) -> dict[str, str]:
    """Give where a machine can go: where the datastores of its images are.

    Source: ``VirtualMachine::automatic_requirements``.
    """
    shared = [_SHARED] if any(disk.yes("SHAREABLE") for disk in vm.disks) else []
    if not any(disk.image_id != -1 for disk in vm.disks):
        return {"AUTOMATIC_REQUIREMENTS": _UNPINNED}
    return {
        "AUTOMATIC_DS_REQUIREMENTS": " & ".join([_IN_CLUSTER, *shared]),
        "AUTOMATIC_NIC_REQUIREMENTS": _IN_CLUSTER,
        "AUTOMATIC_REQUIREMENTS": f"(CLUSTER_ID = 0) & {_UNPINNED}",
    }


def _user_template(vm: VirtualMachine) -> dict[str, Any]:
    values = {
        name: value
        for name, value in vm.template.items()
        if name not in OWN_ATTRIBUTES and name not in HIDDEN_ATTRIBUTES
    }
    return values | {"ERROR": vm.error} if vm.error else values


def _disk(disk: Disk) -> dict[str, str]:
    marks = {
        "ATTACH": disk.attaching,
        "HOTPLUG_SAVE_AS_ACTIVE": disk.saving,
        "DISK_SNAPSHOT_ACTIVE": disk.snapshot is not None,
    }
    return disk.attributes | {name: "YES" for name, marked in marks.items() if marked}


def _short_disk(disk: Disk) -> str:
    parts = [
        f"<{name}>{markup.cdata(value)}</{name}>"
        for name in _SHORT_DISK
        if (value := disk.attributes.get(name))
    ]
    return f"<DISK>{''.join(parts)}</DISK>"


def _backups(vm: VirtualMachine) -> str:
    backups = vm.backups
    if backups is None or not backups.config:
        config = "<BACKUP_CONFIG/>"
    else:
        config = markup.template(backups.config, "BACKUP_CONFIG")
    numbers = () if backups is None else backups.ids
    return f"<BACKUPS>{config}{markup.ids('BACKUP_IDS', numbers)}</BACKUPS>"
