"""The effects of the machine's table: what an operation does besides moving the machine.

Sources: ``src/lcm/LifeCycleActions.cc``, ``LifeCycleStates.cc`` and
``src/dm/DispatchManagerActions.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.states import ImageState

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.cloud.drivers import Role
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.table import Effect

    VmEffect = Callable[[VirtualMachine, Any], None]


def _asks(role: Role, action: str) -> VmEffect:
    def ask(vm: VirtualMachine, _: object) -> None:
        vm.world.ask_for_vm(vm, role, action)

    ask.__name__ = f"ask_{action.lower().replace('.', '_')}"
    ask.__doc__ = f"The {role} driver is asked for {action}."
    return ask


_REQUESTS = {
    "ask_deploy": _asks("vmm", "DEPLOY"),
    "ask_restore": _asks("vmm", "RESTORE"),
    "ask_save": _asks("vmm", "SAVE"),
    "ask_shutdown": _asks("vmm", "SHUTDOWN"),
    "ask_cancel": _asks("vmm", "CANCEL"),
    "ask_reboot": _asks("vmm", "REBOOT"),
    "ask_reset": _asks("vmm", "RESET"),
    "ask_cleanup": _asks("vmm", "CLEANUP"),
    "ask_detach": _asks("vmm", "DETACHDISK"),
    "ask_disk_snapshot": _asks("vmm", "DISKSNAPSHOTCREATE"),
    "ask_backup": _asks("vmm", "BACKUP"),
    "ask_backup_cancel": _asks("vmm", "BACKUPCANCEL"),
    "cancel_vmm": _asks("vmm", "DRIVER_CANCEL"),
    "cancel_tm": _asks("tm", "DRIVER_CANCEL"),
    "ask_epilog": _asks("tm", "TRANSFER.epilog"),
    "ask_epilog_stop": _asks("tm", "TRANSFER.stop"),
    "ask_epilog_delete": _asks("tm", "TRANSFER.delete"),
    "ask_prolog_resume": _asks("tm", "TRANSFER.resume"),
    "ask_epilog_detach": _asks("tm", "TRANSFER.epilog_detach"),
    "ask_snapshot_create": _asks("tm", "TRANSFER.disk_snapshot"),
    "ask_snapshot_revert": _asks("tm", "TRANSFER.disk_snapshot"),
    "ask_resize_disk": _asks("vmm", "RESIZEDISK"),
    "ask_resize": _asks("tm", "TRANSFER.disk_resize"),
    "ask_tm_restore": _asks("tm", "TRANSFER.restore"),
    "ask_snapshot_delete": _asks("tm", "TRANSFER.disk_snapshot"),
}


def ask_prolog(vm: VirtualMachine, _: object) -> None:
    """The transfer driver brings the disks, unless one lacks what it needs (no SOURCE)."""
    if all(disk.can_be_prepared for disk in vm.disks):
        vm.world.ask_for_vm(vm, "tm", "TRANSFER.prolog")
    else:
        vm.world.later(vm.world.fire_vm, vm.id, "prolog_failure")


def ask_attach(vm: VirtualMachine, _: object) -> None:
    """The machine driver attaches the disk; without what it needs (no SOURCE) that fails."""
    disk = vm.marked("attaching")
    if disk is not None and disk.can_be_prepared:
        vm.world.ask_for_vm(vm, "vmm", "ATTACHDISK")
    else:
        vm.world.later(vm.world.fire_vm, vm.id, "attach_failure")


def ask_prolog_attach(vm: VirtualMachine, _: object) -> None:
    """The transfer driver brings the disk to the host.

    Without what it needs (no SOURCE), oned reports the failure of a prolog,
    which the machine's state ignores: it stays there until it is recovered.
    """
    disk = vm.marked("attaching")
    if disk is not None and disk.can_be_prepared:
        vm.world.ask_for_vm(vm, "tm", "TRANSFER.prolog_attach")
    else:
        vm.world.later(vm.world.fire_vm, vm.id, "prolog_failure")


def _acts(action: str) -> VmEffect:
    def note(vm: VirtualMachine, _: object) -> None:
        vm.action = action

    note.__name__ = f"note_{action.lower() or 'nothing'}"
    note.__doc__ = f"The last action on the host becomes {action or 'none'}."
    return note


_ACTIONS = {
    f"note_{action.lower() or 'nothing'}": _acts(action)
    for action in (
        "",
        "STOP",
        "SUSPEND",
        "UNDEPLOY",
        "UNDEPLOY_HARD",
        "POWEROFF",
        "POWEROFF_HARD",
        "TERMINATE",
        "TERMINATE_HARD",
        "DELETE",
        "DELETE_RECREATE",
    )
}


def arrive(vm: VirtualMachine, _: object) -> None:
    """A time on a host begins, with no action noted yet."""
    vm.actions.append("")


def resume(vm: VirtualMachine, _: object) -> None:
    """A time on the same host begins, noted as a resume."""
    vm.actions.append("RESUME")


def note_stop_if_nothing(vm: VirtualMachine, _: object) -> None:
    """The last action becomes a stop, where none is noted, so that the next deploy resumes."""
    if not vm.action:
        vm.action = "STOP"


def note_undeploy_if_nothing(vm: VirtualMachine, _: object) -> None:
    """The last action becomes an undeploy, where none is noted."""
    if not vm.action:
        vm.action = "UNDEPLOY"


def forget_deploy_id(vm: VirtualMachine, _: object) -> None:
    """The machine has no name in the hypervisor any more."""
    vm.deploy_id = ""


def refresh_disks(vm: VirtualMachine, _: object) -> None:
    """A disk of each image that is in use by now takes over its SOURCE and FORMAT.

    Only the first disk of an image does, so that a machine that has an image
    twice keeps one without SOURCE (``clear_cloning_image_id``).
    """
    for number in vm.waits_for():
        image = vm.world.images.get(number)
        if image is None or image.state not in {ImageState.USED, ImageState.USED_PERS}:
            continue
        disk = next(disk for disk in vm.disks if disk.image_id == number)
        disk.attributes.pop("CLONING", None)
        disk.attributes["SOURCE"] = image.source
        if image.format:
            disk.attributes["FORMAT"] = disk.attributes["DRIVER"] = image.format


def release_images(vm: VirtualMachine, _: object) -> None:
    """All images are let go in good order; the machine has ended."""
    vm.etime = vm.world.now()
    vm.world.release_images(vm, failed=False)


def release_images_failed(vm: VirtualMachine, _: object) -> None:
    """All images are let go as failed; the machine has ended."""
    vm.etime = vm.world.now()
    vm.world.release_images(vm, failed=True)


def trigger_done(vm: VirtualMachine, _: object) -> None:
    """The machine ends as soon as what is under way has been done."""
    vm.world.later(vm.world.fire_vm, vm.id, "done")


def trigger_resubmit(vm: VirtualMachine, _: object) -> None:
    """The machine becomes PENDING as soon as what is under way has been done."""
    vm.world.later(vm.world.fire_vm, vm.id, "cleanup_success")


def drop_snapshots(vm: VirtualMachine, _: object) -> None:
    """Snapshots that the image does not hold itself are lost with the disks."""
    for disk in vm.disks:
        if disk.snapshots is not None and len(disk.snapshots) and disk.target != "NONE":
            disk.snapshots = None
            disk.attributes.pop("DISK_SNAPSHOT_TOTAL_SIZE", None)


# Disks


def end_attach(vm: VirtualMachine, _: object) -> None:
    """The disk is there; a chain of increments that it is part of begins anew."""
    disk = vm.marked("attaching")
    if disk is None:
        return
    if vm.backups is not None and vm.backups.configured and disk.id in vm.world.backup_disks(vm):
        vm.backups.reset_chain()
    disk.attaching = False


def keep_disk(vm: VirtualMachine, _: object) -> None:
    """The disk stays."""
    disk = vm.marked("attaching")
    if disk is not None:
        disk.attaching = False


def drop_attached_disk(vm: VirtualMachine, _: object) -> None:
    """The disk that could not be attached is let go."""
    vm.world.remove_disk(vm, backups=False)


def drop_detached_disk(vm: VirtualMachine, _: object) -> None:
    """The disk that was detached is let go, and is part of no backup any more."""
    vm.world.remove_disk(vm, backups=True)


def end_snapshot_mark(vm: VirtualMachine, _: object) -> None:
    """No snapshot operation is pending any more."""
    disk = vm.marked("snapshot")
    if disk is not None:
        disk.snapshot = None


def activate_snapshot(vm: VirtualMachine, _: object) -> None:
    """The snapshot is taken: it is the active one."""
    vm.world.end_disk_snapshot(vm, "activate")


def revert_snapshot(vm: VirtualMachine, _: object) -> None:
    """The disk is back at the snapshot: it is the active one."""
    vm.world.end_disk_snapshot(vm, "revert")


def delete_snapshot(vm: VirtualMachine, _: object) -> None:
    """The snapshot is gone."""
    vm.world.end_disk_snapshot(vm, "delete")


def keep_snapshot(vm: VirtualMachine, _: object) -> None:
    """The snapshots stay as they are."""
    vm.world.end_disk_snapshot(vm, "keep")


# Save-as and backups


def saved(vm: VirtualMachine, _: object) -> None:
    """The image that the disk was saved into gets ready."""
    _end_save_as(vm, "save_as_success")


def not_saved(vm: VirtualMachine, _: object) -> None:
    """The image that the disk was saved into fails."""
    _end_save_as(vm, "save_as_failure")


def end_save_as_mark(vm: VirtualMachine, _: object) -> None:
    """No disk is being saved any more."""
    disk = vm.marked("saving")
    if disk is not None:
        disk.stop_saving()


def wipe_save_as(vm: VirtualMachine, _: object) -> None:
    """The copy under way is lost, and its image fails; before the copy began nothing happens."""
    disk = vm.marked("saving")
    if disk is None:
        return
    image = vm.world.images.get(disk.stop_saving())
    if image is not None:
        image.save_as_wiped()


def _end_save_as(vm: VirtualMachine, event: str) -> None:
    disk = vm.marked("saving")
    if disk is None:
        return
    image = vm.world.images.get(disk.stop_saving())
    if image is not None:
        getattr(image, event)()


def keep_size(vm: VirtualMachine, _: object) -> None:
    """The disk is larger; so is a persistent image that it is a link to."""
    disk = vm.resizing()
    if disk is None:
        return
    disk.stop_resizing()
    image = vm.world.images.get(disk.image_id)
    if image is not None and disk.persistent and disk.target == "NONE":
        image.write_size(disk.number("SIZE"))


def undo_resize(vm: VirtualMachine, _: object) -> None:
    """The disk has the size that it had before."""
    disk = vm.resizing()
    if disk is not None:
        disk.attributes["SIZE"] = disk.get("SIZE_PREV")
        disk.stop_resizing()


def reset_chain(vm: VirtualMachine, _: object) -> None:
    """The next backup is a full one, where backups are configured."""
    if vm.backups is not None and vm.backups.configured:
        vm.backups.reset_chain()


def register_backup(vm: VirtualMachine, _: object) -> None:
    """The backup becomes an image, or an increment of one."""
    vm.world.register_backup(vm)


def forget_backup(vm: VirtualMachine, _: object) -> None:
    """What the driver said of the backup is forgotten."""
    if vm.backups is not None:
        vm.backups.end()


VM_EFFECTS: dict[str, Effect] = {
    **_REQUESTS,
    **_ACTIONS,
    **{
        effect.__name__: effect
        for effect in (
            ask_prolog,
            ask_attach,
            ask_prolog_attach,
            arrive,
            resume,
            note_stop_if_nothing,
            note_undeploy_if_nothing,
            forget_deploy_id,
            refresh_disks,
            release_images,
            release_images_failed,
            trigger_done,
            trigger_resubmit,
            drop_snapshots,
            end_attach,
            keep_disk,
            drop_attached_disk,
            drop_detached_disk,
            end_snapshot_mark,
            activate_snapshot,
            revert_snapshot,
            delete_snapshot,
            keep_snapshot,
            saved,
            not_saved,
            end_save_as_mark,
            wipe_save_as,
            keep_size,
            undo_resize,
            reset_chain,
            register_backup,
            forget_backup,
        )
    },
}
"""Every effect of the machine's table by its name."""
