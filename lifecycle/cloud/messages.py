"""What the cloud makes of a driver's answer.

Sources: ``src/image/ImageManagerProtocol.cc``, ``src/tm/TransferManagerProtocol.cc``,
``src/vmm/VirtualMachineManagerProtocol.cc`` and
``src/market/MarketPlaceManagerProtocol.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from lifecycle.cloud import marketplace
from lifecycle.cloud.attributes import parse, single, text_of
from lifecycle.cloud.objects import DatastoreType
from lifecycle.cloud.vm_groups import TRANSFERS
from lifecycle.operations import DRIVER_ANSWERS

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.drivers import Role
    from lifecycle.cloud.vm import VirtualMachine

_MEASURED_AFTER = frozenset({"CP", "MKFS", "CLONE", "RM"})
_MEASURED = b64encode(b"TOTAL_MB=1000000\nFREE_MB=900000\nUSED_MB=100000\n").decode()
"""What a datastore's driver usually says of its size."""

_TRANSFER_FAILED = "Error executing image transfer script"
_MOST_OF_ERROR = 100

_VMM_EVENTS = {
    "DEPLOY": "deploy",
    "RESTORE": "deploy",
    "SAVE": "save",
    "SHUTDOWN": "shutdown",
    "CANCEL": "shutdown",
    "CLEANUP": "cleanup",
    "ATTACHDISK": "attach",
    "DETACHDISK": "detach",
    "DISKSNAPSHOTCREATE": "disk_snapshot",
    "RESIZEDISK": "disk_resize",
    "BACKUP": "backup",
}


def handle(  # noqa: PLR0913 - what an answer consists of
    cloud: Cloud, role: Role, action: str, id_: int, payload: str, *, ok: bool
) -> None:
    """Take a driver's answer at face value, as oned does."""
    if role == "market":
        marketplace.answered(cloud, action, id_, payload, ok=ok)
    elif role == "ds":
        _datastore(cloud, action, id_, payload, ok=ok)
    else:
        vm = cloud.vms.get(id_)
        # An answer about a machine that is not ACTIVE is ignored, but for a backup's.
        if vm is None or not (vm.state.active or action == "BACKUP"):
            return
        if not ok:
            _tell_failure(cloud, vm, _TRANSFER_FAILED if role == "tm" else action, payload)
        if role == "tm":
            _transfer(cloud, vm, ok=ok)
        else:
            _machine(cloud, vm, action, payload, ok=ok)


def _datastore(cloud: Cloud, action: str, id_: int, payload: str, *, ok: bool) -> None:
    if action == "MONITOR":
        if ok:
            _monitor(cloud, id_, payload)
        return
    event = DRIVER_ANSWERS.get((action, ok))
    image = cloud.images.get(id_)
    if event is not None and image is not None:
        cloud.fire_image(image, event, payload)
        if action in _MEASURED_AFTER and (ok or action != "CLONE"):
            measure(cloud, image.datastore_id)


def measure(cloud: Cloud, number: int) -> None:
    """Have the driver of a datastore measure it for the first time, unless it is told not to.

    Source: ``ImageManager::monitor_datastore`` of OpenNebula 7.4.0, which asks
    when a datastore was made and when its driver has answered about an image.
    A system datastore is not asked, for it is not shared.
    """
    store = cloud.datastores.get(number)
    if store is None or store.total_mb or store.type is DatastoreType.SYSTEM_DS:
        return
    plan = cloud.drivers.ruled.get(("ds", "MONITOR"))
    if plan is None or plan.outcome == "success":
        usual = _MEASURED if plan is None or plan.payload is None else plan.payload
        _monitor(cloud, number, usual)


def _monitor(cloud: Cloud, id_: int, payload: str) -> None:
    datastore = cloud.datastores.get(id_)
    if datastore is None:
        return
    try:
        values = single(parse(b64decode(payload).decode()))
    except ValueError:  # it is no base64, no UTF-8, or no template
        return
    datastore.total_mb = _megabytes(text_of(values, "TOTAL_MB"))
    datastore.free_mb = _megabytes(text_of(values, "FREE_MB"))
    datastore.used_mb = _megabytes(text_of(values, "USED_MB"))


def _megabytes(text: str) -> int:
    try:
        return int(float(text))
    except ValueError:
        return 0


def _tell_failure(cloud: Cloud, vm: VirtualMachine, what: str, payload: str) -> None:
    """Write what a driver says of its failure into a machine's ERROR.

    Source: ``VirtualMachineManager::log_error`` and
    ``VirtualMachine::set_template_error_message``, which cuts long words.
    """
    if not payload or payload.startswith("-"):
        return
    text = f"{what}: {payload}"
    more = "... see more details in VM log" if len(text) >= _MOST_OF_ERROR else ""
    vm.error = f"{cloud.date()}: {text[:_MOST_OF_ERROR]}{more}"


def _transfer(cloud: Cloud, vm: VirtualMachine, *, ok: bool) -> None:
    event = TRANSFERS.get(vm.state)
    if event is not None:
        cloud.fire_vm(vm.id, f"{event}_{'success' if ok else 'failure'}")


def _machine(cloud: Cloud, vm: VirtualMachine, action: str, payload: str, *, ok: bool) -> None:
    event = _VMM_EVENTS.get(action)
    if event is None:
        return
    if action == "DEPLOY" and ok:
        words = payload.split()
        ok = bool(words)
        vm.deploy_id = words[0] if words else vm.deploy_id
    if event == "backup" and ok and vm.backups is not None:
        identifier, size, form = [*payload.split(), "", "", ""][:3]
        vm.backups.answer = (identifier, size, form or "raw")
    cloud.fire_vm(vm.id, f"{event}_{'success' if ok else 'failure'}")
