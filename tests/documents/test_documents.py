"""What documents tell beyond the recordings: each fact from the function named beside it."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from lifecycle import Cloud
from lifecycle.cloud import configuration
from lifecycle.cloud.calls.remote import METHODS
from lifecycle.documents import text_of

BOB, USERS, IMAGES = 2, 1, 1


def shown(cloud: Cloud, method: str, *params: object, session: str | None = None) -> ET.Element:
    """Make a call, and read the document that it is answered with."""
    reply = cloud.call(f"one.{method}", *params, session=session)
    assert reply.ok, reply
    return ET.fromstring(str(text_of(cloud, reply.value)))  # noqa: S314 - written here


def lines(element: ET.Element | None) -> list[tuple[str, str]]:
    """Give the children of an element as name and text."""
    return [] if element is None else [(one.tag, one.text or "") for one in element]


def with_bob() -> Cloud:
    """Give a cloud with a user, bob, who has an image and a machine."""
    cloud = Cloud()
    cloud.user.allocate("bob", "pw", "core", [USERS])
    bob = cloud.acting(BOB)
    bob.image.allocate('NAME="his" SIZE="10"', IMAGES)
    cloud.complete("MKFS", 0)
    bob.vm.allocate('NAME="vm" CPU="0.5" MEMORY="64" VCPU="2" NOTE="x" DISK=[IMAGE_ID="0"]')
    return cloud


def test_quotas_tell_what_is_used_and_what_is_allowed() -> None:  # Quota::check_quota
    cloud = with_bob()
    cloud.user.quota(BOB, "DATASTORE=[ID=1,SIZE=100,IMAGES=4]")
    user = shown(cloud, "user.info", BOB)
    assert lines(user.find("DATASTORE_QUOTA/DATASTORE")) == [
        ("ID", "1"),
        ("IMAGES", "4"),
        ("IMAGES_USED", "1"),
        ("SIZE", "100"),
        ("SIZE_USED", "10"),
    ]
    assert lines(user.find("IMAGE_QUOTA/IMAGE")) == [
        ("ID", "0"),
        ("RVMS", "-1"),
        ("RVMS_USED", "1"),
    ]
    used = dict(lines(user.find("VM_QUOTA/VM")))
    assert (used["VMS_USED"], used["CPU_USED"], used["MEMORY_USED"]) == ("1", "0.50", "64")
    assert used["RUNNING_VMS_USED"] == "1"
    cloud.vm.action("terminate", 0)
    cloud.image.delete(0)
    cloud.complete("RM", 0)
    left = shown(cloud, "user.info", BOB)
    assert [one.tag for one in left.iterfind("*/*") if one.tag in {"IMAGE", "VM"}] == []
    assert left.findtext("DATASTORE_QUOTA/DATASTORE/IMAGES_USED") == "0"


def test_a_powered_off_machine_uses_nothing_that_only_running_ones_use() -> None:
    # VirtualMachine::is_running_quota
    cloud = with_bob()
    cloud.vm.deploy(0, 0)
    cloud.vm.action("poweroff", 0)
    used = dict(lines(shown(cloud, "user.info", BOB).find("VM_QUOTA/VM")))
    assert (used["VMS_USED"], used["RUNNING_VMS_USED"]) == ("1", "0")


def test_groups_of_a_user_are_ascending_and_the_primary_one_stands_before() -> None:
    cloud = with_bob()  # ObjectCollection keeps a set
    cloud.group.allocate("dev")
    cloud.user.chgrp(BOB, 100)
    cloud.user.addgroup(BOB, USERS)
    user = shown(cloud, "user.info", BOB)
    assert user.findtext("GID") == "100"
    assert [one.text for one in user.iterfind("GROUPS/ID")] == ["1", "100"]


def test_what_a_user_had_keeps_its_name_when_the_user_is_gone() -> None:
    cloud = with_bob()  # UNAME is part of an object's own record
    cloud.user.delete(BOB)
    assert shown(cloud, "image.info", 0).findtext("UNAME") == "bob"
    copy = Cloud.from_json(json.loads(json.dumps(cloud.to_json())))
    assert shown(copy, "image.info", 0).findtext("UNAME") == "bob"


def test_a_token_password_goes_when_all_attributes_are_replaced() -> None:
    cloud = with_bob()  # UserPool::allocate adds it to the template
    assert len(shown(cloud, "user.info", BOB).findtext("TEMPLATE/TOKEN_PASSWORD") or "") == 64
    cloud.user.update(BOB, 'A="1"', 0)
    assert lines(shown(cloud, "user.info", BOB).find("TEMPLATE")) == [("A", "1")]


def test_a_vector_without_parts_is_seen_in_a_pool_until_the_first_write() -> None:
    cloud = Cloud()  # the pool's document is what was written, an image's what was read again
    cloud.image.allocate('NAME="a" SIZE="1" V=[] W=[A="1"]', IMAGES)
    one = shown(cloud, "image.info", 0).find("TEMPLATE")
    assert [name for name, _ in lines(one)] == ["DEV_PREFIX", "W"]
    pool = shown(cloud, "imagepool.info", -2, -1, -1)
    assert [name for name, _ in lines(pool.find("IMAGE/TEMPLATE"))] == ["DEV_PREFIX", "V", "W"]
    cloud.image.rename(0, "b")
    pool = shown(cloud, "imagepool.info", -2, -1, -1)
    assert [name for name, _ in lines(pool.find("IMAGE/TEMPLATE"))] == ["DEV_PREFIX", "W"]


def test_a_persistent_image_that_a_machine_let_go_has_an_empty_list_of_snapshots() -> None:
    cloud = Cloud()  # ImageManager::set_image_snapshots, Snapshots::clear
    cloud.image.allocate('NAME="a" SIZE="1" PERSISTENT="YES"', IMAGES)
    cloud.complete("MKFS", 0)
    assert len(lines(shown(cloud, "image.info", 0).find("SNAPSHOTS"))) == 3
    cloud.vm.allocate('CPU="1" MEMORY="1" DISK=[IMAGE_ID="0"]')
    cloud.vm.action("terminate", 0)
    assert lines(shown(cloud, "image.info", 0).find("SNAPSHOTS")) == []


def test_an_extended_template_tells_what_its_images_say() -> None:
    cloud = with_bob()  # VirtualMachineDisk::extended_info
    cloud.template.allocate('NAME="t" CPU="1" DISK=[IMAGE="his",IMAGE_UNAME="bob"] DISK=[SIZE="1"]')
    plain = shown(cloud, "template.info", 0).findall("TEMPLATE/DISK")
    assert [lines(one) for one in plain] == [
        [("IMAGE", "his"), ("IMAGE_UNAME", "bob")],
        [("SIZE", "1")],
    ]
    first, second = shown(cloud, "template.info", 0, True).findall("TEMPLATE/DISK")
    assert first.findtext("IMAGE_ID") == "0"
    assert first.findtext("DATASTORE") == "default"
    assert second.findtext("DISK_ID") == "1"
    assert "IMAGE_ID" not in json.dumps(cloud.templates[0].template)


def test_a_machine_in_a_pool_is_told_shortly() -> None:
    cloud = with_bob()  # VirtualMachine::to_xml_short
    cloud.vm.update(0, 'LABELS="a,b" NOTE="x"', 0)
    cloud.vm.lock(0, 1)
    row = shown(cloud, "vmpool.info", -2, -1, -1, -1).find("VM")
    assert row is not None
    assert [name for name, _ in lines(row)][5:13] == [
        *("NAME", "LAST_POLL", "STATE", "LCM_STATE", "RESCHED", "STIME", "ETIME", "DEPLOY_ID")
    ]
    assert lines(row.find("LOCK")) == [("LOCKED", "1")]
    assert lines(row.find("TEMPLATE"))[:3] == [("CPU", "0.5"), ("MEMORY", "64"), ("VCPU", "2")]
    assert lines(row.find("USER_TEMPLATE")) == [("LABELS", "a,b")]
    assert row.find("TEMPLATE/DISK/SOURCE") is None


def test_a_machine_tells_its_attributes_apart_from_its_users() -> None:
    cloud = with_bob()  # VirtualMachine::insert
    vm = shown(cloud, "vm.info", 0)
    assert lines(vm.find("USER_TEMPLATE")) == [("NOTE", "x")]
    assert vm.findtext("TEMPLATE/VMID") == "0"
    assert vm.findtext("TEMPLATE/DISK/IMAGE_ID") == "0"
    assert lines(vm.find("BACKUPS/BACKUP_CONFIG")) == []


@pytest.mark.parametrize(
    ("words", "shown_words"),
    [
        ("no route", "DEPLOY: no route"),
        ("-", None),
        ("x" * 200, f"DEPLOY: {'x' * 92}... see more details in VM log"),
    ],
)
def test_a_machine_tells_what_a_driver_said_of_its_failure(
    words: str, shown_words: str | None
) -> None:
    cloud = with_bob()  # VirtualMachineManager::log_error
    cloud.rule("vmm", "DEPLOY", "failure", words)
    cloud.vm.deploy(0, 0)
    text = shown(cloud, "vm.info", 0).findtext("USER_TEMPLATE/ERROR")
    assert (None if text is None else text[len("Thu Jan  1 00:00:00 1970: ") :]) == shown_words


def test_whoever_has_no_quotas_has_the_usual_ones_which_are_none() -> None:
    for kind in ("user", "group"):
        root = shown(Cloud(), f"{kind}quota.info")
        assert root.tag == f"DEFAULT_{kind.upper()}_QUOTAS"
        assert [len(one) for one in root] == [0, 0, 0, 0]


def test_machines_are_found_by_their_ids() -> None:
    cloud = with_bob()  # VirtualMachinePoolAPI::info_set
    cloud.vm.allocate('NAME="other" CPU="1" MEMORY="1"')
    pool = shown(cloud, "vmpool.infoset", "0, 7,x", True)
    assert [one.findtext("NAME") for one in pool] == ["vm"]
    assert pool.find("VM/PERMISSIONS") is not None


def test_a_host_tells_what_machines_take_of_it() -> None:
    cloud = with_bob()  # HostShare::to_xml
    cloud.vm.deploy(0, 0)
    host = shown(cloud, "host.info", 0)
    share = dict(lines(host.find("HOST_SHARE")))
    assert (share["CPU_USAGE"], share["MEM_USAGE"], share["RUNNING_VMS"]) == ("50", "65536", "1")
    assert [one.text for one in host.iterfind("VMS/ID")] == ["0"]
    assert shown(cloud, "cluster.info", 0).findtext("HOSTS/ID") == "0"


def test_marketplaces_of_a_fresh_cloud_may_be_used_by_all() -> None:
    cloud = Cloud()  # MarketPlacePool::MarketPlacePool
    pool = shown(cloud, "marketpool.info")
    assert [(one.findtext("ID"), one.findtext("STATE")) for one in pool] == [("1", "1"), ("0", "0")]
    assert dict(lines(pool.find("MARKETPLACE/PERMISSIONS")))["OTHER_U"] == "1"
    market = 'NAME="m" MARKET_MAD="http" BASE_URL="u" PUBLIC_DIR="/m" STATE="disabled"'
    number = cloud.market.allocate(market)
    made = shown(cloud, "market.info", number)
    assert made.findtext("STATE") == "1"
    assert "STATE" not in dict(lines(made.find("TEMPLATE")))


def test_rules_are_told_as_numbers_and_in_words() -> None:
    cloud = Cloud()  # AclRule::to_xml
    pool = shown(cloud, "acl.info")
    assert [one.findtext("ID") for one in pool] == [str(rule.id) for rule in cloud.acl_rules]
    assert pool[1].findtext("STRING") == "* ZONE/* USE *"
    kinds = "VM+IMAGE+TEMPLATE+DOCUMENT+SECGROUP+VMGROUP+BACKUPJOB"
    assert pool[0].findtext("STRING") == f"@1 {kinds}/* CREATE *"
    assert pool[3].findtext("STRING") == "@1 HOST/* MANAGE #0"
    assert pool[1].findtext("USER") == "400000000"
    cloud.user.allocate("bob", "pw")
    assert cloud.call("one.acl.info", session="bob:pw").code == 0x200


def test_a_rule_for_another_zone_gives_no_right_here() -> None:
    cloud = with_bob()
    cloud.image.allocate('NAME="mine" SIZE="1"', IMAGES)
    for zone, code in (("100000007", 0x200), ("400000000", 0)):
        cloud.acl.addrule(f"{0x100000000 | BOB:x}", "8400000000", "1", zone)
        assert cloud.call("one.image.info", 1, session="bob:pw").code == code


def test_a_datastore_is_measured_when_its_driver_answered_and_not_before() -> None:
    cloud = Cloud()  # ImageManager::monitor_datastore
    assert shown(cloud, "datastore.info", IMAGES).findtext("FREE_MB") == "0"
    cloud.image.allocate('NAME="a" SIZE="1"', IMAGES)
    cloud.complete("MKFS", 0)
    assert shown(cloud, "datastore.info", IMAGES).findtext("FREE_MB") == "900000"
    cloud.rule("ds", "MONITOR", "hold")
    number = cloud.datastore.allocate("NAME=b\nDS_MAD=fs\nTM_MAD=local")
    assert shown(cloud, "datastore.info", number).findtext("FREE_MB") == "0"


def test_some_of_the_configuration_is_shown_to_administrators_only() -> None:
    cloud = with_bob()  # SystemAPI::config
    assert shown(cloud, "system.config").findtext("DB/BACKEND") == "sqlite"
    hidden = shown(cloud, "system.config", session="bob:pw")
    assert hidden.findtext("DB/BACKEND") == "***"
    assert hidden.findtext("DEFAULT_DEVICE_PREFIX") == "sd"


def conf(name: str) -> dict[str, dict[str, Any]]:
    """Give the blocks of a name in the configuration, by their NAME."""
    return {
        block.findtext("NAME") or "": dict(lines(block))
        for block in shown(Cloud(), "system.config").iterfind(name)
    }


def test_the_configuration_says_what_the_cloud_does() -> None:
    document = shown(Cloud(), "system.config")
    assert document.findtext("DEFAULT_IMAGE_TYPE") == configuration.DEFAULT_TYPE
    assert document.findtext("DEFAULT_DEVICE_PREFIX") == configuration.DEFAULT_PREFIX
    inherited = tuple(one.text for one in document.iterfind("INHERIT_IMAGE_ATTR"))
    assert inherited == configuration.INHERIT_IMAGE
    inherited = tuple(one.text for one in document.iterfind("INHERIT_DATASTORE_ATTR"))
    assert inherited == configuration.INHERIT_DATASTORE
    stores = conf("DS_MAD_CONF")
    assert set(stores) == set(configuration.DS_MADS)
    for name, required in configuration.DS_MADS.items():
        assert stores[name].get("REQUIRED_ATTRS", "") == ",".join(required)
        persistent = stores[name].get("PERSISTENT_ONLY", "NO").upper() == "YES"
        assert persistent == (name in configuration.PERSISTENT_ONLY)
    transfers = conf("TM_MAD_CONF")
    assert set(transfers) == set(configuration.TM_MADS)
    # What a driver does not say of snapshots, oned fills in.
    usual = {"ALLOW_ORPHANS": "NO", "PERSISTENT_SNAPSHOTS": "YES"}
    for name, attributes in configuration.TM_MADS.items():
        assert {key: (usual | transfers[name])[key] for key in attributes} == attributes


@pytest.mark.parametrize(
    ("method", "params", "place"),
    [
        ("one.image.chmod", [6, "640"], 9),
        ("one.image.chmod", ["6"], 0),
        ("one.vm.action", [2, "terminate"], 1),
        ("one.image.allocate", [1, "x"], 1),
        ("one.image.rename", [1.0, 2], 0),
        ("one.image.lock", [1, 1, 1], 2),
        ("one.user.allocate", [1, "b", "c", "d"], 3),
        ("one.user.allocate", ["a", "b", "c", ["x"]], 3),
        ("one.image.info", [True], 0),
        ("one.image.info", [1, False, "surplus"], None),
        ("one.image.info", [], 0),
    ],
)
def test_oned_complains_of_the_parameter_that_it_reads_first(
    method: str, params: list[object], place: int | None
) -> None:
    assert METHODS[method].wrong_place(params) == place
