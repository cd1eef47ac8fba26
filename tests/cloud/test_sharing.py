"""Who may see and do what: users, groups, rules, locks, and the lists of all there is.

No recorded history shows these; each docstring names the functions of
OpenNebula 7.4.0 that were read, or says that a running daemon was heard.
"""

from __future__ import annotations

import pytest

from lifecycle import Cloud
from lifecycle.refusal import Refused
from tests.cloud.histories import IMAGES, backup_datastore, machine_on, ready_image

ANN, BOB = 2, 3
FIRST, SECOND = 100, 101
MINE, ALL, MINE_AND_GROUPS, MY_GROUP = -3, -2, -1, -4


def cloud_with_users() -> Cloud:
    """Make a cloud in which there are Ann and Bob, who have nothing."""
    cloud = Cloud(journal=False)
    cloud.user.allocate("ann", "secret")
    cloud.user.allocate("bob", "secret")
    return cloud


# Users and groups


def test_a_user_of_a_group_may_not_see_its_mates() -> None:
    """UserPool::allocate: a user's permissions are 600."""
    cloud = cloud_with_users()
    assert cloud.acting(ANN).user.info(ANN).name == "ann"
    with pytest.raises(Refused, match="Not authorized"):
        cloud.acting(ANN).user.info(BOB)
    assert [user.id for user in cloud.acting(ANN).userpool.info()] == [ANN]


def test_a_user_that_changes_its_group_leaves_the_old_one() -> None:
    """UserAPI::chgrp: unless it was in the new one already."""
    cloud = cloud_with_users()
    cloud.group.allocate("first")
    cloud.group.allocate("second")
    cloud.user.chgrp(ANN, FIRST)
    assert cloud.users[ANN].groups == [FIRST]
    cloud.user.addgroup(ANN, SECOND)
    cloud.user.chgrp(ANN, SECOND)
    assert cloud.users[ANN].groups == [SECOND, FIRST]


def test_a_user_with_groups_has_the_first_as_its_primary_one() -> None:
    """UserPool::allocate."""
    cloud = cloud_with_users()
    cloud.group.allocate("first")
    user = cloud.user.allocate("carl", "secret", "core", [FIRST, 1, FIRST])
    assert cloud.users[user].groups == [FIRST, 1]


def test_the_user_of_the_web_server_can_be_deleted() -> None:
    """UserPool::drop: only oneadmin cannot."""
    cloud = Cloud()
    cloud.user.delete(1)
    assert 1 not in [user.id for user in cloud.users]


def test_a_deleted_group_takes_the_rules_about_it_along() -> None:
    """AclManager::del_gid_rules."""
    cloud = cloud_with_users()
    before = list(cloud.acl_rules)
    group = cloud.group.allocate("first")
    assert len(cloud.acl_rules) > len(before)
    cloud.group.delete(group)
    assert cloud.acl_rules == before


def test_a_user_may_set_its_own_attributes_but_not_those_of_administrators() -> None:
    """UserAPI::update, Template::check_restricted with USER_RESTRICTED_ATTR."""
    cloud = cloud_with_users()
    ann = cloud.acting(ANN)
    ann.user.update(ANN, "LABEL=one", 1)
    assert cloud.users[ANN].template["LABEL"] == "one"
    with pytest.raises(Refused, match="restricted attribute"):
        ann.user.update(ANN, "VM_USE_OPERATIONS=all", 1)


def test_a_template_that_is_replaced_keeps_what_only_administrators_may_set() -> None:
    """Template::check_restricted: what is not given is taken over."""
    cloud = cloud_with_users()
    image = ready_image(cloud)
    cloud.image.update(image, "DEV_PREFIX=vd\nSOURCE=/one", 1)
    cloud.image.chown(image, ANN, 1)
    kept = cloud.images[image].template.get("SOURCE")
    assert kept
    cloud.acting(ANN).image.update(image, "A=b", 0)
    assert cloud.images[image].template["A"] == "b"
    assert cloud.images[image].template.get("SOURCE") == kept


# Templates


def test_a_templates_images_get_its_permissions_too_if_that_is_asked_for() -> None:
    """VMTemplateAPI::chmod."""
    cloud = Cloud()
    image = ready_image(cloud)
    template = cloud.template.allocate(f"NAME=one\nDISK=[IMAGE_ID={image}]")
    public = (-1, -1, -1, -1, -1, -1, 1, -1, -1)
    cloud.template.chmod(template, *public)
    assert not cloud.images[image].permissions & 0o004
    cloud.template.chmod(template, *public, True)
    assert cloud.images[image].permissions & 0o004


def test_a_template_with_a_lost_image_tells_which_one_got_no_permissions() -> None:
    """VMTemplateAPI::chmod: the template has been changed all the same."""
    cloud = Cloud()
    template = cloud.template.allocate("NAME=one\nDISK=[IMAGE_ID=7]")
    with pytest.raises(Refused, match="Cannot chmod image: 7"):
        cloud.template.chmod(template, -1, -1, -1, -1, -1, -1, 1, -1, -1, True)
    assert cloud.templates[template].permissions & 0o004


def test_a_locked_template_is_kept_from_others() -> None:
    """SharedAPI::lock."""
    cloud = cloud_with_users()
    ann = cloud.acting(ANN)
    template = ann.template.allocate("NAME=one\nCPU=1\nMEMORY=1")
    ann.template.lock(template, 1)
    with pytest.raises(Refused):
        ann.template.update(template, "A=b", 1)
    with pytest.raises(Refused):
        ann.template.instantiate(template, "one")
    ann.template.unlock(template)
    ann.template.update(template, "A=b", 1)
    assert cloud.templates[template].template["A"] == ["b"]


def test_a_machine_of_a_template_needs_no_right_to_make_machines() -> None:
    """VMTemplateAPI::instantiate: the right to use the template, and its images."""
    cloud = cloud_with_users()
    cloud.user.chgrp(ANN, cloud.group.allocate("first"))
    cloud.acl_rules.clear()
    template = cloud.template.allocate("NAME=one\nCPU=1\nMEMORY=1")
    cloud.template.chmod(template, -1, -1, -1, -1, -1, -1, 1, -1, -1)
    ann = cloud.acting(ANN)
    with pytest.raises(Refused, match="CREATE VM"):
        ann.vm.allocate("CPU=1\nMEMORY=1")
    vm = ann.template.instantiate(template, "one")
    with pytest.raises(Refused, match="CREATE TEMPLATE"):
        ann.template.instantiate(template, "two", False, "A=b")
    assert cloud.vms[vm].uid == ANN


# Lists


@pytest.mark.parametrize(
    ("flag", "expected"),
    [(MINE, [2]), (ALL, [2, 1]), (MINE_AND_GROUPS, [2, 1]), (MY_GROUP, [2, 1]), (BOB, [1])],
)
def test_a_list_has_what_the_caller_asks_for_and_may_use(flag: int, expected: list[int]) -> None:
    """PoolSharedAPI::info, PoolSQL::usr_filter and acl_filter."""
    cloud = cloud_with_users()
    for uid in (0, BOB, ANN):
        number = cloud.acting(uid).template.allocate(f"NAME=one-{uid}")
        if uid == BOB:
            cloud.template.chmod(number, -1, -1, -1, 1, -1, -1, -1, -1, -1)
    listed = cloud.acting(ANN).templatepool.info(flag, -1, -1)
    assert [template.id for template in listed] == expected


def test_the_list_of_machines_leaves_out_those_that_are_done() -> None:
    """VirtualMachinePoolAPI::info: unless their state is asked for."""
    cloud = Cloud()
    done, waiting = machine_on(cloud), machine_on(cloud)
    cloud.vm.recover(done, 3)
    assert [vm.id for vm in cloud.vmpool.info(ALL, -1, -1, -1)] == [waiting]
    assert [vm.id for vm in cloud.vmpool.info(ALL, -1, -1, -2)] == [waiting, done]
    assert [vm.id for vm in cloud.vmpool.info(ALL, -1, -1, 6)] == [done]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (1, 2, [2, 1]),
        (2, -1, [4, 3, 2]),
        (-1, 2, [4, 3, 2, 1, 0]),
        (0, -2, [4, 3]),
        (1, -3, [3, 2, 1]),
        (9, -3, []),
    ],
)
def test_a_list_may_be_had_by_ranges_and_by_pages(
    start: int, end: int, expected: list[int]
) -> None:
    """PoolSQL::oid_filter, PoolSQL::search."""
    cloud = Cloud()
    for _ in range(5):
        ready_image(cloud)
    assert [image.id for image in cloud.imagepool.info(ALL, start, end)] == expected


def test_everything_there_is_can_be_listed() -> None:
    """The calls one.….info on the pools; a daemon was heard to list the youngest first."""
    cloud = Cloud()
    backup_datastore(cloud)
    assert [one.id for one in cloud.datastorepool.info()] == [100, 2, IMAGES, 0]
    assert [one.id for one in cloud.hostpool.info()] == [0]
    assert [one.id for one in cloud.userpool.info()] == [1, 0]
    assert [one.id for one in cloud.grouppool.info()] == [1, 0]
    assert cloud.system.version() == "7.4.0"


# What is read


def test_what_is_too_large_for_a_number_is_none() -> None:
    """Template::get with a C++ stream: the value is as if it were not there."""
    cloud = Cloud()
    with pytest.raises(Refused, match="SIZE"):
        cloud.image.allocate(f"NAME=one\nSIZE={2**63}", IMAGES)


@pytest.mark.parametrize(
    ("told", "size"), [("128abc", 128), (" 12 ", 12), ("7.9", 7)], ids=["letters", "blank", "point"]
)
def test_a_size_that_a_driver_tells_is_read_as_far_as_it_is_a_number(told: str, size: int) -> None:
    """ImageManager::stat_image, whose answer is read with a C++ stream."""
    cloud = Cloud()
    cloud.rule("ds", "STAT", "success", told)
    image = cloud.image.allocate("NAME=one\nTYPE=OS\nPATH=/one", IMAGES)
    assert cloud.images[image].size == size


def test_a_size_below_nothing_breaks_a_users_quota() -> None:
    """QuotaDatastore::check; oneadmin has no quotas."""
    cloud = cloud_with_users()
    with pytest.raises(Refused, match="Image size must be a positive integer value"):
        cloud.acting(ANN).image.allocate("NAME=one\nSIZE=-5", IMAGES)
