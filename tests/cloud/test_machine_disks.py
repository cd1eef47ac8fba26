"""What stands in the disks of machines, and what becomes of it.

No recorded history shows a machine's disk; each docstring names the functions
of OpenNebula 7.4.0 that were read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lifecycle import Cloud
from lifecycle.refusal import Refused
from tests.cloud.histories import (
    FAILURE,
    HOST,
    SUCCESS,
    backup_datastore,
    machine_on,
    ready_image,
    running_machine_on,
    uploaded_image,
)

if TYPE_CHECKING:
    from lifecycle.cloud.vm import VirtualMachine

ANN = 2


def machine_of(cloud: Cloud, *disks: str, more: str = "") -> VirtualMachine:
    """Create a machine with disks, as their vectors are written, and give it."""
    written = "".join(f"DISK=[{disk}]\n" for disk in disks)
    return cloud.vms[cloud.vm.allocate(f"CPU=1\nMEMORY=64\n{written}{more}")]


def targets(vm: VirtualMachine) -> list[str]:
    """Give the names of a machine's devices."""
    return [disk.get("TARGET") for disk in vm.disks]


def backups_of(cloud: Cloud, vm: int) -> set[int]:
    """Give the images that are backups of a machine."""
    backups = cloud.vms[vm].backups
    return set() if backups is None else set(backups.ids)


def test_disks_are_named_system_first_then_cdroms_then_the_rest() -> None:
    """VirtualMachineDisks::assign_disk_targets."""
    cloud = Cloud()
    block = ready_image(cloud, more="TYPE=DATABLOCK")
    cdrom = uploaded_image(cloud, "CDROM")
    system = uploaded_image(cloud, "OS")
    vm = machine_of(cloud, *(f"IMAGE_ID={one}" for one in (block, cdrom, system)))
    assert targets(vm) == ["sdb", "hda", "sda"]


def test_a_chosen_target_is_left_out_when_the_others_are_named() -> None:
    """VirtualMachineDisks::assign_disk_targets."""
    cloud = Cloud()
    image = ready_image(cloud)
    vm = machine_of(cloud, f"IMAGE_ID={image}", f"IMAGE_ID={image},TARGET=sda", f"IMAGE_ID={image}")
    assert targets(vm) == ["sdb", "sda", "sdc"]


def test_the_context_takes_a_device_and_an_id() -> None:
    """VirtualMachineDisks::get_images: a disk that is attached gets the id after it."""
    cloud = Cloud()
    image = ready_image(cloud)
    vm = machine_of(cloud, f"IMAGE_ID={image}", more="CONTEXT=[A=1]")
    context = vm.template["CONTEXT"][0]
    assert (context["DISK_ID"], context["TARGET"]) == ("1", "hda")
    cloud.vm.deploy(vm.id, HOST)
    cloud.vm.attach(vm.id, f"DISK=[IMAGE_ID={image}]")
    assert [disk.id for disk in vm.disks] == [0, 2]


def test_a_target_in_use_refuses_an_attachment_and_the_image_is_given_back() -> None:
    """VirtualMachineDisks::set_up_attach."""
    cloud = Cloud()
    image = ready_image(cloud)
    vm = running_machine_on(cloud, image)
    other = ready_image(cloud)
    with pytest.raises(Refused, match="Target sda is already in use"):
        cloud.vm.attach(vm, f"DISK=[IMAGE_ID={other},TARGET=sda]")
    assert (cloud.images[other].state.name, cloud.images[other].running_vms) == ("READY", 0)
    assert len(cloud.vms[vm].disks) == 1


def test_an_image_that_cannot_be_read_as_a_number_is_no_image() -> None:
    """VectorAttribute::vector_value, VirtualMachineDisk::get_images; the id is lost."""
    cloud = Cloud()
    with pytest.raises(Refused, match="Unknown disk type "):
        machine_of(cloud, "IMAGE_ID=many")
    assert (list(cloud.vms), cloud.vms.next_id) == ([], 1)


def test_a_volatile_disk_learns_at_the_deployment_where_it_lives() -> None:
    """VirtualMachineDisks::volatile_info, Datastore::disk_attribute."""
    cloud = Cloud()
    vm = machine_of(cloud, "TYPE=fs,SIZE=10,FORMAT=qcow2", "TYPE=swap,SIZE=10")
    assert vm.disks[0].get("TM_MAD") == ""
    cloud.vm.deploy(vm.id, HOST)
    told = [(one.get("TM_MAD"), one.get("DRIVER"), one.get("DATASTORE_ID")) for one in vm.disks]
    assert told == [("local", "qcow2", "0"), ("local", "raw", "0")]


def test_a_disk_takes_over_how_it_is_brought_to_another_kind_of_system_datastore() -> None:
    """VirtualMachineDisks::check_tm_mad: the first deployment decides for good."""
    cloud = Cloud()
    images = cloud.datastore.allocate("NAME=images\nDS_MAD=fs\nTM_MAD=shared")
    system = cloud.datastore.allocate("NAME=hosts\nTYPE=SYSTEM_DS\nTM_MAD=ssh")
    image = cloud.image.allocate("NAME=one\nSIZE=10", images)
    cloud.complete("MKFS", image)
    vm = machine_of(cloud, f"IMAGE_ID={image}")
    assert vm.disks[0].get("CLONE_TARGET") == "SYSTEM"
    cloud.vm.deploy(vm.id, HOST, False, system)
    disk = vm.disks[0]
    assert (disk.get("TM_MAD_SYSTEM"), disk.get("LN_TARGET")) == ("ssh", "SYSTEM")
    assert vm.template["TM_MAD_SYSTEM"] == ["ssh"]


@pytest.mark.parametrize(("how", "size"), [(SUCCESS, "25"), (FAILURE, "10")])
def test_a_resize_that_fails_leaves_the_size_that_was(how: int, size: str) -> None:
    """LifeCycleManager::trigger_disk_resize_success and _failure."""
    cloud = Cloud()
    vm = running_machine_on(cloud, ready_image(cloud))
    cloud.rule("vmm", "RESIZEDISK", "hold")
    cloud.vm.diskresize(vm, 0, "25")
    assert cloud.vms[vm].state.name == "DISK_RESIZE"
    assert cloud.vms[vm].disks[0].get("SIZE") == "25"
    cloud.vm.recover(vm, how)
    disk = cloud.vms[vm].disks[0]
    assert cloud.vms[vm].state.name == "RUNNING"
    assert (disk.get("SIZE"), disk.get("RESIZE"), disk.get("SIZE_PREV")) == (size, "", "")


@pytest.mark.parametrize(("driver", "during"), [("qcow2", 25), ("local", 10)])
def test_a_resized_disk_makes_its_persistent_image_larger(driver: str, during: int) -> None:
    """LifeCycleManager::trigger_disk_resize_success, VirtualMachineDisks::release_images.

    At once where the disk is a link to the image, else when the machine ends.
    """
    cloud = Cloud()
    images = cloud.datastore.allocate(f"NAME=images\nDS_MAD=fs\nTM_MAD={driver}")
    system = cloud.datastore.allocate(f"NAME=hosts\nTYPE=SYSTEM_DS\nTM_MAD={driver}")
    image = cloud.image.allocate("NAME=one\nSIZE=10\nPERSISTENT=YES", images)
    cloud.complete("MKFS", image)
    vm = machine_of(cloud, f"IMAGE_ID={image}")
    cloud.vm.deploy(vm.id, HOST, False, system)
    cloud.vm.diskresize(vm.id, 0, "25")
    assert cloud.images[image].size == during
    cloud.vm.action("terminate-hard", vm.id)
    assert cloud.images[image].size == 25


def test_a_resize_needs_a_machine_that_stands_or_runs() -> None:
    """DispatchManager::disk_resize."""
    cloud = Cloud()
    vm = machine_on(cloud, ready_image(cloud))
    with pytest.raises(Refused, match="wrong state"):
        cloud.vm.diskresize(vm, 0, "25")
    assert cloud.vms[vm].disks[0].get("SIZE") == "10"


def test_a_snapshot_of_a_disk_gets_another_name() -> None:
    """VirtualMachineAPI::disk_snapshot_rename: in any state."""
    cloud = Cloud()
    vm = running_machine_on(cloud, ready_image(cloud))
    snapshot = cloud.vm.disksnapshotcreate(vm, 0, "old")
    cloud.vm.disksnapshotrename(vm, 0, snapshot, "new")
    snapshots = cloud.vms[vm].disks[0].snapshots
    assert snapshots is not None
    assert [one.name for one in snapshots] == ["new"]


def test_a_backup_is_written_into_the_disks_of_a_machine_that_is_off() -> None:
    """DispatchManager::restore, LifeCycleManager::trigger_disk_restore_success."""
    cloud = Cloud()
    vm = running_machine_on(cloud, ready_image(cloud))
    cloud.vm.backup(vm, backup_datastore(cloud))
    (backup,) = backups_of(cloud, vm)
    with pytest.raises(Refused, match="it must be in poweroff"):
        cloud.vm.restore(vm, backup, -1, -1)
    cloud.vm.action("poweroff", vm)
    with pytest.raises(Refused, match="Wrong increment"):
        cloud.vm.restore(vm, backup, 5, -1)
    cloud.rule("tm", "TRANSFER", "hold")
    cloud.vm.restore(vm, backup, -1, -1)
    assert cloud.vms[vm].state.name == "RESTORE"
    cloud.complete("TRANSFER.restore", vm)
    assert cloud.vms[vm].state.name == "POWEROFF"


def test_a_backup_that_is_given_up_ends_when_the_driver_says_so() -> None:
    """DispatchManager::backup_cancel, LifeCycleManager::trigger_backup_failure."""
    cloud = Cloud()
    vm = running_machine_on(cloud, ready_image(cloud))
    with pytest.raises(Refused, match="no backup in progress"):
        cloud.vm.backupcancel(vm)
    cloud.rule("vmm", "BACKUP", "hold")
    cloud.vm.backup(vm, backup_datastore(cloud))
    cloud.vm.backupcancel(vm)
    assert cloud.vms[vm].state.name == "BACKUP"
    cloud.fail("BACKUP", vm, "canceled")
    assert cloud.vms[vm].state.name == "RUNNING"
    assert not backups_of(cloud, vm)


def test_a_wrong_configuration_of_backups_changes_nothing() -> None:
    """VirtualMachine::updateconf, Backups::parse."""
    cloud = Cloud()
    vm = machine_on(cloud, ready_image(cloud))
    cloud.vm.updateconf(vm, "BACKUP_CONFIG=[KEEP_LAST=3]", 1)
    before = cloud.to_json(journal=False)
    with pytest.raises(Refused):
        cloud.vm.updateconf(vm, 'BACKUP_CONFIG="KEEP_LAST"', 1)
    assert cloud.to_json(journal=False) == before


def test_machines_may_have_the_same_name() -> None:
    """VirtualMachinePool: names are not unique in it."""
    cloud = Cloud()
    for vm in (machine_on(cloud), machine_on(cloud)):
        cloud.vm.rename(vm, "one")
    assert [vm.name for vm in cloud.vms] == ["one", "one"]


def test_a_machine_keeps_what_its_user_does_not_own_when_it_is_updated() -> None:
    """VirtualMachine::update: only USER_TEMPLATE is replaced."""
    cloud = Cloud()
    vm = machine_on(cloud)
    cloud.vm.update(vm, "LABELS=one", 0)
    cloud.vm.update(vm, "CPU=7\nSCHED=two", 0)
    assert cloud.vms[vm].template["CPU"] == ["0.1"]
    assert "LABELS" not in cloud.vms[vm].template
    assert cloud.vms[vm].template["SCHED"] == ["two"]


def test_a_machine_gets_permissions_and_an_owner() -> None:
    """SharedAPI::chmod, VirtualMachineAPI::chown."""
    cloud = Cloud()
    cloud.user.allocate("ann", "secret")
    vm = machine_on(cloud)
    with pytest.raises(Refused):
        cloud.acting(ANN).vm.info(vm)
    cloud.vm.chmod(vm, -1, -1, -1, -1, -1, -1, 1, -1, -1)
    assert cloud.acting(ANN).vm.info(vm).permissions == 0o604
    cloud.vm.chown(vm, ANN, 1)
    assert (cloud.vms[vm].uid, cloud.vms[vm].gid) == (ANN, 1)


@pytest.mark.parametrize(("told", "size"), [("bk 12abc raw", 12), ("bk", 0), ("bk x", 0)])
@pytest.mark.parametrize("mode", ["FULL", "INCREMENT"])
def test_the_size_of_a_backup_is_read_as_far_as_it_is_a_number(
    told: str, size: int, mode: str
) -> None:
    """LifeCycleManager::trigger_backup_success, Image::insert: C++ streams."""
    cloud = Cloud()
    vm = running_machine_on(cloud, ready_image(cloud, more="FORMAT=qcow2"))
    cloud.vm.updateconf(vm, f"BACKUP_CONFIG=[MODE={mode}]", 1)
    cloud.rule("vmm", "BACKUP", "hold")
    cloud.vm.backup(vm, backup_datastore(cloud))
    cloud.complete("BACKUP", vm, told)
    (backup,) = backups_of(cloud, vm)
    image = cloud.images[backup]
    assert (image.source, image.size, image.format) == ("bk", size, "raw")
    assert all(one.size == str(size) for one in image.increments)


def test_a_backup_without_a_source_is_lost() -> None:
    """Image::insert: SOURCE cannot be empty for BACKUP images; the machine goes on."""
    cloud = Cloud()
    vm = running_machine_on(cloud, ready_image(cloud))
    cloud.rule("vmm", "BACKUP", "hold")
    cloud.vm.backup(vm, backup_datastore(cloud))
    cloud.complete("BACKUP", vm, "")
    assert cloud.vms[vm].state.name == "RUNNING"
    assert not backups_of(cloud, vm)
    assert cloud.images.next_id == 1
