"""Situations of machine 0, which has a disk of image 0, each reached by calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cloud.histories import (
    HOST,
    RECREATE,
    backup_datastore,
    machine_on,
    ready_image,
    running_machine_on,
    save_disk,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle import Cloud
    from lifecycle.cloud.drivers import Role

    Event = Callable[[Cloud], object]


def act(word: str) -> Event:
    """Give the event that an action is done with machine 0."""
    return lambda cloud: cloud.vm.action(word, 0)


def recover(operation: int) -> Event:
    """Give the event that machine 0 is recovered."""
    return lambda cloud: cloud.vm.recover(0, operation)


def deploy(cloud: Cloud) -> None:
    """Send machine 0 to the host."""
    cloud.vm.deploy(0, HOST)


def pending(cloud: Cloud) -> None:
    """Machine 0 waits for its deployment."""
    machine_on(cloud, ready_image(cloud))


def running(cloud: Cloud) -> None:
    """Machine 0 runs."""
    running_machine_on(cloud, ready_image(cloud))


def then(*events: Event) -> Event:
    """Give what comes of one event after the other."""

    def make(cloud: Cloud) -> None:
        for event in events:
            event(cloud)

    return make


def after(*events: Event) -> Event:
    """Give the situation of a machine that ran, after more has happened."""
    return then(running, *events)


def hold(role: Role, action: str) -> Event:
    """Give the event that a driver does not answer a kind of request from now on."""
    return lambda cloud: cloud.rule(role, action, "hold")


def refuse(role: Role, action: str) -> Event:
    """Give the event that a driver fails, and says nothing about why, from now on."""
    return lambda cloud: cloud.rule(role, action, "failure", "-")


def fails(action: str) -> Event:
    """Give the event that a driver fails, and says nothing about why."""
    return lambda cloud: cloud.fail(action, 0, "-")


def done(action: str) -> Event:
    """Give the event that a driver has done what it was asked for."""
    return lambda cloud: cloud.complete(action, 0)


def snapshot(cloud: Cloud) -> None:
    """A snapshot of the disk is asked for."""
    cloud.vm.disksnapshotcreate(0, 0, f"snapshot of {cloud.vms[0].state.name}")


def drop_snapshot(cloud: Cloud) -> None:
    """The removal of snapshot 0 is asked for."""
    cloud.vm.disksnapshotdelete(0, 0, 0)


def revert_snapshot(cloud: Cloud) -> None:
    """The disk is to go back to snapshot 0."""
    cloud.vm.disksnapshotrevert(0, 0, 0)


def resize(cloud: Cloud) -> None:
    """The disk is to grow from 10 to 25 MB."""
    cloud.vm.diskresize(0, 0, "25")


def save(cloud: Cloud) -> None:
    """The disk is being copied into image 1."""
    save_disk(cloud, 0)
    cloud.complete("MKFS", 1)


def back_up(cloud: Cloud) -> None:
    """A backup of the machine is asked for."""
    cloud.vm.backup(0, backup_datastore(cloud))


def restore(cloud: Cloud) -> None:
    """The machine's backup, image 1, is to be written into its disks."""
    cloud.vm.restore(0, 1, -1, -1)


hold_transfers = hold("tm", "TRANSFER")
hold_snapshot = hold("vmm", "DISKSNAPSHOTCREATE")
off, suspended = act("poweroff"), act("suspend")

BEING_WIPED = after(hold("vmm", "CLEANUP"), recover(RECREATE))
"""The machine is in CLEANUP_RESUBMIT, and its host is not cleaned yet."""

BACKUP = after(snapshot, hold("vmm", "BACKUP"), back_up)
BACKUP_POWEROFF = after(snapshot, off, hold("vmm", "BACKUP"), back_up)
DISK_RESIZE = after(snapshot, hold("vmm", "RESIZEDISK"), resize)
DISK_RESIZE_POWEROFF = after(snapshot, off, hold_transfers, resize)
DISK_RESIZE_UNDEPLOYED = after(snapshot, act("undeploy"), hold_transfers, resize)
RESTORE = after(snapshot, back_up, off, hold_transfers, restore)
HOTPLUG_SAVEAS = after(snapshot, save)
HOTPLUG_SAVEAS_POWEROFF = after(snapshot, off, save)
HOTPLUG_SAVEAS_STOPPED = after(snapshot, act("stop"), save)
DISK_SNAPSHOT = after(hold_snapshot, snapshot)
DISK_SNAPSHOT_POWEROFF = after(off, hold_transfers, snapshot)
DISK_SNAPSHOT_SUSPENDED = after(suspended, hold_transfers, snapshot)
DISK_SNAPSHOT_REVERT_POWEROFF = after(snapshot, off, hold_transfers, revert_snapshot)
DISK_SNAPSHOT_DELETE = after(snapshot, snapshot, hold_transfers, drop_snapshot)
DISK_SNAPSHOT_DELETE_POWEROFF = after(snapshot, snapshot, off, hold_transfers, drop_snapshot)
DISK_SNAPSHOT_DELETE_SUSPENDED = after(snapshot, snapshot, suspended, hold_transfers, drop_snapshot)


def deploying(cloud: Cloud, *, until: Event) -> None:
    """A machine is sent to its host, where something does not go on."""
    pending(cloud)
    until(cloud)
    deploy(cloud)


def PROLOG(cloud: Cloud) -> None:  # noqa: N802 - named as the state
    """The disks are being brought to the host."""
    deploying(cloud, until=hold_transfers)


def BOOT(cloud: Cloud) -> None:  # noqa: N802 - named as the state
    """The machine is being started."""
    deploying(cloud, until=hold("vmm", "DEPLOY"))


PROLOG_UNDEPLOY = after(act("undeploy"), hold_transfers, deploy)
PROLOG_UNDEPLOY_FAILURE = after(act("undeploy"), refuse("tm", "TRANSFER"), deploy)
BOOT_UNDEPLOY = after(act("undeploy"), hold("vmm", "DEPLOY"), deploy)
BOOT_UNDEPLOY_FAILURE = after(act("undeploy"), refuse("vmm", "DEPLOY"), deploy)
BOOT_SUSPENDED = after(suspended, hold("vmm", "RESTORE"), act("resume"))
BOOT_POWEROFF = after(off, hold("vmm", "DEPLOY"), act("resume"))
EPILOG_STOP = after(hold_transfers, act("stop"))
EPILOG_UNDEPLOY = after(hold_transfers, act("undeploy"))
SHUTDOWN = after(hold("vmm", "SHUTDOWN"), act("terminate"))
HOTPLUG = after(hold("vmm", "DETACHDISK"), lambda cloud: cloud.vm.detach(0, 0))
