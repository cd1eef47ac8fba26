"""The quotas of a user or group, with what is used of them.

Sources: ``Quotas::to_xml``, ``Quota::check_quota`` and ``cleanup_quota``,
``QuotaDatastore``, ``QuotaImage`` and ``QuotaVirtualMachine`` of OpenNebula
7.4.0. What oneadmin and its group use is not counted. A row is there while
there is a limit or something is used.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lifecycle.cloud.attributes import text_of
from lifecycle.cloud.authorization import ONEADMIN
from lifecycle.cloud.objects import User
from lifecycle.cloud.quotas import size_of
from lifecycle.cloud.vm_states import VmState
from lifecycle.documents import markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.objects import Group
    from lifecycle.cloud.vm import VirtualMachine

NO_QUOTAS = (
    "<DATASTORE_QUOTA></DATASTORE_QUOTA><NETWORK_QUOTA></NETWORK_QUOTA>"
    "<VM_QUOTA></VM_QUOTA><IMAGE_QUOTA></IMAGE_QUOTA>"
)
_DEFAULT = -1
_DATASTORE = ("SIZE", "IMAGES")
_VM = ("VMS", "CPU", "MEMORY", "PCI_DEV", "PCI_NIC")
_NOT_RUNNING = (
    *("STOPPED", "SUSPENDED", "POWEROFF", "UNDEPLOYED"),
    *("_POWEROFF", "_SUSPENDED", "_STOPPED", "_UNDEPLOYED"),
)
_RUNNING_ALL_THE_SAME = frozenset(
    {
        *(VmState.SHUTDOWN_POWEROFF, VmState.BOOT_POWEROFF, VmState.BOOT_SUSPENDED),
        *(VmState.BOOT_STOPPED, VmState.BACKUP_POWEROFF),
    }
)


def quotas_of(cloud: Cloud, holder: User | Group) -> str:
    """Give the four quotas of a user or group."""
    if holder.id == ONEADMIN:
        return NO_QUOTAS
    mine = "uid" if isinstance(holder, User) else "gid"
    stores: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for image in cloud.images:
        if getattr(image, mine) == holder.id:
            used = stores[image.datastore_id]
            used[0] += size_of(image)
            used[1] += 1
    for number in holder.quotas:
        stores[number]
    machines = [
        vm for vm in cloud.vms if getattr(vm, mine) == holder.id and vm.state is not VmState.DONE
    ]
    if not stores and not machines:
        return NO_QUOTAS
    rows = "".join(
        [
            _row("DATASTORE", number, _DATASTORE, used, holder.quotas.get(number, {}))
            for number, used in sorted(stores.items())
        ]
    )
    return (
        f"<DATASTORE_QUOTA>{rows}</DATASTORE_QUOTA><NETWORK_QUOTA></NETWORK_QUOTA>"
        f"<VM_QUOTA>{_machines(machines)}</VM_QUOTA>"
        f"<IMAGE_QUOTA>{_images(machines)}</IMAGE_QUOTA>"
    )


def _row(
    name: str,
    number: int,
    metrics: Iterable[str],
    used: Iterable[float],
    limits: Mapping[str, int],
) -> str:
    values = {} if number < 0 else {"ID": str(number)}
    for metric, amount in zip(metrics, used, strict=True):
        values[metric] = str(limits.get(metric, _DEFAULT))
        values[f"{metric}_USED"] = amount_text(amount)
    return markup.attribute(name, values)


def amount_text(amount: float) -> str:
    """Give a number as oned writes it: two decimals, none where it is whole."""
    return f"{amount:.0f}" if amount == int(amount) else f"{amount:.2f}"


def _machines(machines: list[VirtualMachine]) -> str:
    if not machines:
        return ""
    running = [vm for vm in machines if is_running(vm)]
    metrics = [*_VM, *(f"RUNNING_{metric}" for metric in _VM), "SYSTEM_DISK_SIZE"]
    system = sum(disk.number("SIZE") for vm in machines for disk in vm.disks if _on_system(disk))
    used = [*_used(machines), *_used(running), system]
    return _row("VM", -1, metrics, used, {})


def _used(machines: list[VirtualMachine]) -> list[float]:
    cpu = sum(number_in(vm, "CPU") for vm in machines)
    memory = sum(number_in(vm, "MEMORY") for vm in machines)
    return [len(machines), cpu, memory, 0, 0]


def number_in(vm: VirtualMachine, name: str) -> float:
    """Give an attribute of a machine as a number, 0 when it is none."""
    try:
        return float(text_of(vm.template, name) or 0)
    except ValueError:
        return 0


def _on_system(disk: object) -> bool:
    return getattr(disk, "target", "") == "SYSTEM" or bool(getattr(disk, "volatile", False))


def is_running(vm: VirtualMachine) -> bool:
    """Tell whether a machine counts as running (``VirtualMachine::is_running_quota``)."""
    if vm.state in _RUNNING_ALL_THE_SAME:
        return True
    return vm.state is not VmState.DONE and not vm.state.name.endswith(_NOT_RUNNING)


def _images(machines: list[VirtualMachine]) -> str:
    used: dict[int, int] = defaultdict(int)
    for vm in machines:
        for number in vm.image_ids():
            used[number] += 1
    return "".join(
        [_row("IMAGE", number, ("RVMS",), [count], {}) for number, count in sorted(used.items())]
    )
