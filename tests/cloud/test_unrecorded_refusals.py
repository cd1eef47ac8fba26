"""What oned answers to calls that no recorded history shows it refuse.

The words and codes are those of the functions of OpenNebula 7.4.0 that stand
beside them; many of them were also heard from a running daemon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from lifecycle import Cloud
from lifecycle.refusal import Refused
from tests.cloud.histories import HOST, IMAGES, machine_on, ready_image, running_machine_on

if TYPE_CHECKING:
    from collections.abc import Callable

ANN, BOB = 2, 3
PUBLIC, LXC = 0, 1
"""The marketplaces of a fresh cloud: the public one, and one that only reads."""

PRIVATE = 'NAME="private" MARKET_MAD="http" BASE_URL="http://m" PUBLIC_DIR="/m"'


class Refusal(NamedTuple):
    """A call that is refused.

    Attributes:
        source: the functions of OpenNebula that say so.
        call: is refused.
        answer: the error code and the words.
        given: what was before.
        nothing_else: whether the cloud is afterwards what it was before.
    """

    source: str
    call: Callable[[Cloud], object]
    answer: str
    given: Callable[[Cloud], object] = lambda _: None
    nothing_else: bool = True


def cloud_with_users() -> Cloud:
    """Make a cloud in which there are Ann and Bob, who have nothing."""
    cloud = Cloud(journal=False)
    cloud.user.allocate("ann", "secret")
    cloud.user.allocate("bob", "secret")
    return cloud


def two_groups(cloud: Cloud) -> None:
    """Make the groups 100 and 101, and put Ann into the first."""
    cloud.group.allocate("first")
    cloud.group.allocate("second")
    cloud.user.addgroup(ANN, 100)


USERS = [
    Refusal(
        "UserPool::allocate",
        lambda cloud: cloud.user.allocate("ann", "secret"),
        "INTERNAL: NAME is already taken by USER 2.",
    ),
    Refusal(
        "User::password_is_valid",
        lambda cloud: cloud.user.allocate("carl", ""),
        "INTERNAL: Invalid password, it cannot be empty.",
    ),
    Refusal(
        "UserPool::allocate, PoolObjectSQL::name_is_valid: a user's name has no blank",
        lambda cloud: cloud.user.allocate("carl smith", "secret"),
        "INTERNAL: Invalid NAME, char ' ' is not allowed.",
    ),
    Refusal(
        "UserAllocateAPI: the groups come before the rights",
        lambda cloud: cloud.acting(ANN).user.allocate("carl", "secret", "core", [777]),
        "NO_EXISTS: Error getting group [777].",
    ),
    Refusal(
        "User::password_is_valid",
        lambda cloud: cloud.user.passwd(ANN, "two words"),
        "ACTION: Invalid password, character ' ' is not allowed",
    ),
    Refusal(
        "UserPool::drop",
        lambda cloud: cloud.user.delete(0),
        "ACTION: Cannot delete user. oneadmin cannot be deleted.",
    ),
    Refusal(
        "UserEnableAPI",
        lambda cloud: cloud.user.enable(0, False),
        "ACTION: Cannot enable/disable oneadmin user",
    ),
    Refusal(
        "UserAPI::chgrp",
        lambda cloud: cloud.user.chgrp(0, 1),
        "INTERNAL: user [0] oneadmin cannot be moved outside of the group [0] oneadmin",
    ),
    Refusal(
        "UserAPI::add_group",
        lambda cloud: cloud.user.addgroup(ANN, 100),
        "ACTION: User is already in this group",
        two_groups,
    ),
    Refusal(
        "UserAPI::del_group",
        lambda cloud: cloud.user.delgroup(ANN, 101),
        "ACTION: User is not part of this group",
        two_groups,
    ),
    Refusal(
        "UserAPI::del_group",
        lambda cloud: cloud.user.delgroup(ANN, 1),
        "ACTION: Cannot remove user from the primary group",
    ),
    Refusal(
        "UserAPI::set_quota",
        lambda cloud: cloud.user.quota(0, ""),
        "ACTION: Cannot set quotas for oneadmin user",
    ),
    Refusal(
        "GroupAPI::set_quota",
        lambda cloud: cloud.group.quota(0, ""),
        "ACTION: Cannot set quotas for oneadmin group",
    ),
    Refusal(
        "GroupPool::drop",
        lambda cloud: cloud.group.delete(1),
        "ACTION: Cannot delete group. System Groups (ID < 100) cannot be deleted.",
    ),
    Refusal(
        "GroupPool::drop",
        lambda cloud: cloud.group.delete(100),
        "ACTION: Cannot delete group. Group 100 is not empty.",
        two_groups,
    ),
    Refusal(
        "GroupPool::allocate",
        lambda cloud: cloud.group.allocate("users"),
        "INTERNAL: NAME is already taken by GROUP 1.",
    ),
]

RULES = [
    Refusal(
        "AclManager::add_rule",
        lambda cloud: cloud.acl.addrule("0x100000002", "0x8400000000", "0x1"),
        "INTERNAL: Rule #2 IMAGE/* USE #0 already exists",
        lambda cloud: cloud.acl.addrule("0x100000002", "0x8400000000", "0x1"),
    ),
    Refusal(
        "AclManager::del_rule",
        lambda cloud: cloud.acl.delrule(77),
        "INTERNAL: Rule 77 does not exist",
    ),
]

PLACES = [
    Refusal(
        "DatastoreAPI::allocate: the cluster is looked for before the rights",
        lambda cloud: cloud.acting(ANN).datastore.allocate("NAME=a", 5),
        "NO_EXISTS: Error getting cluster [5].",
    ),
    Refusal(
        "Datastore::insert",
        lambda cloud: cloud.datastore.allocate("NAME=a\nTM_MAD=local"),
        "INTERNAL: No DS_MAD in template.",
    ),
    Refusal(
        "Datastore::insert",
        lambda cloud: cloud.datastore.allocate("NAME=a\nTYPE=SYSTEM_DS\nDS_MAD=fs\nTM_MAD=local"),
        "INTERNAL: SYSTEM datastores cannot have DS_MAD defined.",
    ),
    Refusal(
        "Datastore::set_tm_mad",
        lambda cloud: cloud.datastore.allocate("NAME=a\nDS_MAD=fs\nTM_MAD=pigeon"),
        'INTERNAL: TM_MAD named "pigeon" is not defined in oned.conf',
    ),
    Refusal(
        "Datastore::set_ds_mad",
        lambda cloud: cloud.datastore.allocate("NAME=a\nDS_MAD=ceph\nTM_MAD=ceph"),
        'INTERNAL: Datastore template is missing the "DISK_TYPE" attribute or it\'s empty.',
    ),
    Refusal(
        "Datastore::set_ds_disk_type",
        lambda cloud: cloud.datastore.allocate("NAME=a\nDS_MAD=fs\nTM_MAD=local\nDISK_TYPE=CDROM"),
        "INTERNAL: Invalid DISK_TYPE for an Image Datastore.",
    ),
    Refusal(
        "Datastore::post_update_template, PoolObjectSQL::replace_template",
        lambda cloud: cloud.datastore.update(IMAGES, "TM_MAD=pigeon", 1),
        'INTERNAL: Cannot update template. TM_MAD named "pigeon" is not defined in oned.conf',
    ),
    Refusal(
        "DatastorePool::drop",
        lambda cloud: cloud.datastore.delete(IMAGES),
        "ACTION: Cannot delete datastore. Datastore 1 is not empty.",
        ready_image,
    ),
    Refusal(
        "DatastoreAPI::enable",
        lambda cloud: cloud.datastore.enable(IMAGES, False),
        "INTERNAL: Only SYSTEM_DS can be disabled or enabled",
    ),
    Refusal(
        "MarketPlace::parse_template",
        lambda cloud: cloud.market.allocate('NAME="m" MARKET_MAD="http"'),
        "ALLOCATE: Error allocating a new marketplace. MarketPlace"
        ' template is missing the "BASE_URL" attribute or it\'s empty.',
    ),
    Refusal(
        "MarketPlaceAppAPI::allocate",
        lambda cloud: cloud.marketapp.allocate('NAME="a" ORIGIN_ID="0"', LXC),
        "ACTION: Create disabled for market: Linux Containers",
    ),
    Refusal(
        "MarketPlaceApp::parse_template",
        lambda cloud: cloud.marketapp.allocate('NAME="a"', 100),
        "ALLOCATE: Error allocating a new marketplaceapp. Missing ORIGIN_ID for the MARKETPLACEAPP",
        lambda cloud: cloud.market.allocate(PRIVATE),
    ),
    Refusal(
        "MarketPlacePool::drop",
        lambda cloud: cloud.market.delete(100),
        "ACTION: Cannot delete marketplace. marketplace  100 is not empty.",
        lambda cloud: (
            cloud.market.allocate(PRIVATE),
            cloud.marketapp.allocate(f'NAME="a" ORIGIN_ID="{ready_image(cloud)}"', 100),
        ),
    ),
]

RUNNING = [
    Refusal(
        "VirtualMachineDisks::check_tm_mad",
        lambda cloud: cloud.vm.deploy(0, HOST, False, 100),
        "ACTION: Image Datastore does not support transfer mode: ceph",
        lambda cloud: (
            cloud.datastore.allocate("NAME=fast\nTYPE=SYSTEM_DS\nTM_MAD=ceph"),
            machine_on(cloud, ready_image(cloud)),
        ),
    ),
    Refusal(
        "VirtualMachineAPI::deploy",
        lambda cloud: cloud.vm.deploy(0, HOST, False, IMAGES),
        "INTERNAL: Trying to use datastore [1] to deploy the VM, but it is not"
        " of type system datastore.",
        lambda cloud: machine_on(cloud, ready_image(cloud)),
    ),
    Refusal(
        "VirtualMachineDisks::set_up_attach: the image is given back",
        lambda cloud: cloud.vm.attach(0, "DISK=[IMAGE_ID=1,TARGET=sda]"),
        "ACTION: Target sda is already in use.",
        lambda cloud: (running_machine_on(cloud, ready_image(cloud)), ready_image(cloud)),
        nothing_else=False,
    ),
    Refusal(
        "VirtualMachineDisks::get_images",
        lambda cloud: cloud.vm.allocate(
            "CPU=1\nMEMORY=1\nDISK=[IMAGE_ID=0,TARGET=sdx]\nDISK=[IMAGE_ID=1,TARGET=sdx]"
        ),
        "INTERNAL: Two disks have defined the same target sdx",
        lambda cloud: (ready_image(cloud), ready_image(cloud)),
        nothing_else=False,
    ),
    Refusal(
        "VirtualMachineAPI::disk_resize",
        lambda cloud: cloud.vm.diskresize(0, 0, "much"),
        "ACTION: Disk SIZE is not a valid integer",
        lambda cloud: running_machine_on(cloud, ready_image(cloud)),
    ),
    Refusal(
        "VirtualMachineAPI::disk_resize",
        lambda cloud: cloud.vm.diskresize(0, 0, "10"),
        "ACTION: New disk size has to be greater than current one",
        lambda cloud: running_machine_on(cloud, ready_image(cloud)),
    ),
    Refusal(
        "VirtualMachineAPI::restore",
        lambda cloud: cloud.vm.restore(0, 0, -1, -1),
        "ACTION: Image has to be of type BACKUP",
        lambda cloud: machine_on(cloud, ready_image(cloud)),
    ),
    Refusal(
        "VirtualMachineAPI::disk_snapshot_rename",
        lambda cloud: cloud.vm.disksnapshotrename(0, 0, 3, "three"),
        "ACTION: Snapshot does not exist",
        lambda cloud: machine_on(cloud, ready_image(cloud)),
    ),
    Refusal(
        "VirtualMachineAPI::chown",
        lambda cloud: cloud.vm.chown(0, ANN, -1),
        "ACTION: Could not change VM ownership, wrong state",
        lambda cloud: cloud.vm.recover(machine_on(cloud), 3),
    ),
    Refusal(
        "VirtualMachineAPI::recover",
        lambda cloud: cloud.vm.recover(0, 6),
        "ACTION: Wrong recovery operation code",
    ),
    Refusal(
        "VirtualMachineAPI::action: the machine is looked for before the word",
        lambda cloud: cloud.vm.action("fly", 0),
        "NO_EXISTS: Error getting virtual machine [0].",
    ),
]

SHARED = [
    Refusal(
        "SharedAPI::update",
        lambda cloud: cloud.template.update(0, "A=1", 2),
        "RPC_API: Wrong update type",
        lambda cloud: cloud.template.allocate("NAME=one"),
    ),
    Refusal(
        "SharedAPI::update, Template::check_restricted",
        lambda cloud: cloud.acting(ANN).template.update(0, "CONTEXT=[FILES=/etc/passwd]", 1),
        "INTERNAL: Cannot update template. User Template includes a restricted attribute CONTEXT",
        lambda cloud: cloud.acting(ANN).template.allocate("NAME=one"),
    ),
    Refusal(
        "SharedAPI::update, Template::check_restricted",
        lambda cloud: cloud.acting(ANN).image.update(0, "SOURCE=/etc/passwd", 0),
        "INTERNAL: Cannot update template. Tried to change restricted attribute: SOURCE",
        lambda cloud: (ready_image(cloud), cloud.image.chown(0, ANN, -1)),
        nothing_else=False,
    ),
    Refusal(
        "SharedAPI::rename",
        lambda cloud: cloud.template.rename(0, "two"),
        "ACTION: virtual machine template cannot be renamed to two because it"
        " collides with virtual machine template 1",
        lambda cloud: (cloud.template.allocate("NAME=one"), cloud.template.allocate("NAME=two")),
    ),
    Refusal(
        "SharedAPI::chown, check_name_unique",
        lambda cloud: cloud.template.chown(0, ANN, -1),
        "INTERNAL: user [2] already owns virtual machine template [1] with NAME one",
        lambda cloud: (
            cloud.template.allocate("NAME=one"),
            cloud.acting(ANN).template.allocate("NAME=one"),
        ),
    ),
    Refusal(
        "SharedAPI::lock",
        lambda cloud: cloud.template.lock(0, 5),
        "ACTION: Wrong lock level specified",
        lambda cloud: cloud.template.allocate("NAME=one"),
    ),
    Refusal(
        "SharedAPI::chmod",
        lambda cloud: cloud.market.chmod(PUBLIC, 2, -1, -1, -1, -1, -1, -1, -1, -1),
        "INTERNAL: New permission values must be -1, 0 or 1",
    ),
    Refusal(
        "PoolSharedAPI::info",
        lambda cloud: cloud.templatepool.info(-5, -1, -1),
        "RPC_API: Incorrect filter_flag",
    ),
    Refusal(
        "VirtualMachinePoolAPI::info",
        lambda cloud: cloud.vmpool.info(-2, -1, -1, 12),
        "RPC_API: Incorrect filter_flag, state",
    ),
]

ALL = [*USERS, *RULES, *PLACES, *RUNNING, *SHARED]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.answer.partition(": ")[2][:60])
def test_a_call_is_refused_in_oneds_words(case: Refusal) -> None:
    cloud = cloud_with_users()
    case.given(cloud)
    before = cloud.to_json(journal=False)
    with pytest.raises(Refused) as caught:
        case.call(cloud)
    assert f"{caught.value.code.name}: {caught.value.text}" == case.answer
    if case.nothing_else:
        assert cloud.to_json(journal=False) == before
