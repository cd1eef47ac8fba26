"""The times that a machine was on a host, as its document tells them.

Source: ``History::to_xml`` and ``to_xml_short`` of OpenNebula 7.4.0. The cloud
does not keep when each began and ended: STIME is the machine's own, the rest
are 0 or the machine's end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.documents import markup
from lifecycle.documents.owners import name_of

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.vm import VirtualMachine

ACTIONS = {
    "": 0,
    "UNDEPLOY": 5,
    "UNDEPLOY_HARD": 6,
    "STOP": 9,
    "SUSPEND": 10,
    "RESUME": 11,
    "DELETE": 13,
    "DELETE_RECREATE": 14,
    "POWEROFF": 19,
    "POWEROFF_HARD": 20,
    "ATTACH": 21,
    "DETACH": 22,
    "DISK_SNAPSHOT_CREATE": 25,
    "DISK_SNAPSHOT_DELETE": 26,
    "TERMINATE": 27,
    "TERMINATE_HARD": 28,
    "DISK_RESIZE": 29,
    "DISK_SNAPSHOT_REVERT": 41,
    "BACKUP": 50,
    "RESTORE": 60,
}
"""The numbers of the actions (``include/VMActions.h``)."""

_VM_MAD = f"<VM_MAD>{markup.cdata('dummy')}</VM_MAD>"
_PHASES = ("PSTIME", "PETIME", "RSTIME", "RETIME", "ESTIME", "EETIME")


_NONE = "<HISTORY_RECORDS/>"


def history_records(cloud: Cloud, vm: VirtualMachine, *, last: bool = False) -> str:
    """Give HISTORY_RECORDS: all of them, or the last one."""
    if not vm.actions:
        return _NONE
    first = len(vm.actions) - 1 if last else 0
    records = [
        _record(cloud, vm, number, vm.actions[number]) for number in range(first, len(vm.actions))
    ]
    return f"<HISTORY_RECORDS>{''.join(records)}</HISTORY_RECORDS>"


def short_history(cloud: Cloud, vm: VirtualMachine) -> str:
    """Give HISTORY_RECORDS with the last of them, shortly."""
    if not vm.actions:
        return _NONE
    return f"<HISTORY_RECORDS>{_short(cloud, vm, len(vm.actions) - 1)}</HISTORY_RECORDS>"


def _tm_mad(cloud: Cloud, vm: VirtualMachine) -> str:
    store = cloud.datastores.get(vm.datastore)
    return f"<TM_MAD>{markup.cdata('' if store is None else store.tm_mad)}</TM_MAD>"


def _record(cloud: Cloud, vm: VirtualMachine, number: int, action: str) -> str:
    ended = vm.etime if number == len(vm.actions) - 1 else vm.stime
    times = {"PSTIME": vm.stime, "PETIME": vm.stime, "RSTIME": vm.stime}
    times |= {"RETIME": ended, "ESTIME": vm.etime, "EETIME": vm.etime}
    phases = "".join([f"<{name}>{times[name]}</{name}>" for name in _PHASES])
    who, group = (vm.uid, vm.gid) if action else (-1, -1)
    return (
        f"<HISTORY><OID>{vm.id}</OID><SEQ>{number}</SEQ>"
        f"<HOSTNAME>{name_of(cloud.hosts, vm.host)}</HOSTNAME><HID>{vm.host}</HID><CID>0</CID>"
        f"<STIME>{vm.stime}</STIME><ETIME>{ended}</ETIME>{_VM_MAD}{_tm_mad(cloud, vm)}"
        f"<DS_ID>{vm.datastore}</DS_ID><PLAN_ID>-2</PLAN_ID><ACTION_ID>-1</ACTION_ID>"
        f"{phases}<ACTION>{ACTIONS.get(action, 0)}</ACTION><UID>{who}</UID><GID>{group}</GID>"
        "<REQUEST_ID>-1</REQUEST_ID></HISTORY>"
    )


def _short(cloud: Cloud, vm: VirtualMachine, number: int) -> str:
    host = cloud.hosts.get(vm.host)
    action = ACTIONS.get(vm.actions[number], 0)
    return (
        f"<HISTORY><OID>{vm.id}</OID><SEQ>{number}</SEQ>"
        f"<HOSTNAME>{markup.cdata('' if host is None else host.name)}</HOSTNAME>"
        f"<HID>{vm.host}</HID><CID>0</CID><DS_ID>{vm.datastore}</DS_ID>{_VM_MAD}"
        f"{_tm_mad(cloud, vm)}<ACTION>{markup.cdata(action)}</ACTION></HISTORY>"
    )
