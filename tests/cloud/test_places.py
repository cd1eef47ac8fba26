"""What datastores and marketplaces are made of, and what becomes of what is in them.

No recorded history shows these documents; each docstring names the functions
of OpenNebula 7.4.0 that were read, or says that a running daemon was heard.
"""

from __future__ import annotations

from base64 import b64encode

import pytest

from lifecycle import Cloud
from lifecycle.refusal import Refused
from tests.cloud.histories import IMAGES, ready_image

PUBLIC, LXC, PRIVATE = 0, 1, 100
ANN = 2
HTTP = "NAME=private\nMARKET_MAD=http\nBASE_URL=http://m\nPUBLIC_DIR=/m\n"


def exported(cloud: Cloud) -> int:
    """Make a marketplace, and have image 0 exported into it; give the app."""
    cloud.market.allocate(HTTP)
    app: int = cloud.marketapp.allocate(f"NAME=app\nORIGIN_ID={ready_image(cloud)}", PRIVATE)
    return app


def imported(**values: str) -> str:
    """Give what a market driver answers."""
    text = "".join(f'{name}="{value}"\n' for name, value in values.items())
    return b64encode(text.encode()).decode()


# Datastores


def test_a_new_datastore_has_what_its_drivers_say() -> None:
    """A running daemon's answer to one.datastore.info."""
    cloud = Cloud()
    store = cloud.datastores[cloud.datastore.allocate("NAME=a\nDS_MAD=fs\nTM_MAD=qcow2")]
    assert store.template["DISK_TYPE"] == "FILE"
    assert store.template["DRIVER"] == "qcow2"
    assert store.template["SAFE_DIRS"] == "/var/tmp"  # noqa: S108 - oned's own default
    assert "SHARED" not in store.template
    system = cloud.datastores[cloud.datastore.allocate("NAME=b\nTYPE=SYSTEM_DS\nTM_MAD=ssh")]
    assert (system.template["SHARED"], system.template["DS_MIGRATE"]) == ("NO", "YES")
    assert "LN_TARGET" not in system.template


def test_a_datastore_may_be_used_by_its_group() -> None:
    """DatastorePool::allocate: the group's USE bit is set whatever the umask."""
    cloud = Cloud()
    number = cloud.datastore.allocate("NAME=a\nDS_MAD=fs\nTM_MAD=local")
    assert cloud.datastores[number].permissions & 0o040


def test_the_first_datastore_stays_one_for_systems() -> None:
    """Datastore::post_update_template."""
    cloud = Cloud()
    cloud.datastore.update(0, "TYPE=IMAGE_DS", 1)
    assert cloud.datastores[0].type.name == "SYSTEM_DS"


def test_a_datastore_whose_attributes_are_replaced_keeps_its_drivers() -> None:
    """Datastore::post_update_template."""
    cloud = Cloud()
    cloud.datastore.update(IMAGES, "LIMIT_MB=5", 0)
    store = cloud.datastores[IMAGES]
    assert (store.ds_mad, store.tm_mad) == ("fs", "local")
    assert store.template == {
        "LIMIT_MB": "5",
        "TYPE": "IMAGE_DS",
        "DS_MAD": "fs",
        "TM_MAD": "local",
    }


def test_a_limit_that_is_set_later_binds_new_images() -> None:
    """Datastore::get_avail_mb."""
    cloud = Cloud(capacity_check=True)
    cloud.datastore.update(IMAGES, "LIMIT_MB=5", 1)
    with pytest.raises(Refused, match="Not enough space in datastore"):
        cloud.image.allocate("NAME=big\nSIZE=10", IMAGES)
    cloud.datastore.update(IMAGES, "LIMIT_MB=50", 1)
    cloud.image.allocate("NAME=big\nSIZE=10", IMAGES)


def test_a_renamed_datastore_has_every_image_in_it_written() -> None:
    """DatastoreAPI::rename, ImagePool::update."""
    cloud = Cloud()
    image = ready_image(cloud)
    written: list[object] = []
    cloud.observers.append(
        lambda kind, thing, _: written.append(thing) if kind == "image" else None
    )
    cloud.datastore.rename(IMAGES, "other")
    assert cloud.datastores[IMAGES].name == "other"
    assert written == [cloud.images[image]]


def test_a_deleted_datastore_takes_the_rules_about_it_along() -> None:
    """AclManager::del_resource_rules."""
    cloud = Cloud()
    number = cloud.datastore.allocate("NAME=a\nDS_MAD=fs\nTM_MAD=local")
    rule = cloud.acl.addrule("0x100000002", hex(0x100000000000 | 0x100000000 | number), "0x1")
    kept = cloud.acl.addrule("0x100000002", "0x8400000000", "0x1")
    cloud.datastore.delete(number)
    left = [one.id for one in cloud.acl_rules]
    assert kept in left
    assert rule not in left


# Marketplaces


def test_two_marketplaces_are_there_from_the_start() -> None:
    """A running daemon's answer to one.marketpool.info after its first start."""
    cloud = Cloud()
    assert [(one.id, one.name) for one in cloud.marketpool.info()] == [
        (LXC, "Linux Containers"),
        (PUBLIC, "OpenNebula Public"),
    ]


def test_a_disabled_marketplace_drops_its_apps() -> None:
    """MarketPlaceAPI::enable: no image is told and no driver asked."""
    cloud = Cloud()
    cloud.rule("market", "IMPORT", "hold")
    app = exported(cloud)
    cloud.market.enable(PRIVATE, False)
    assert app not in cloud.apps
    assert cloud.images[0].state.name == "USED"


def test_a_marketplace_gets_attributes_a_name_and_an_owner() -> None:
    """MarketPlace::post_update_template, SharedAPI::rename, chown and chmod."""
    cloud = Cloud()
    cloud.user.allocate("ann", "secret")
    cloud.market.allocate(HTTP)
    cloud.market.update(PRIVATE, "DESCRIPTION=new", 1)
    cloud.market.rename(PRIVATE, "ours")
    cloud.market.chown(PRIVATE, ANN, 1)
    cloud.market.chmod(PRIVATE, -1, -1, -1, 1, -1, -1, -1, -1, -1)
    market = cloud.market.info(PRIVATE)
    assert (market.name, market.uid, market.gid) == ("ours", ANN, 1)
    assert market.template["DESCRIPTION"] == "new"
    assert market.permissions & 0o040
    cloud.market.update(PRIVATE, "DESCRIPTION=newer", 0)
    assert market.template == {"DESCRIPTION": "newer", "MARKET_MAD": "http"}
    with pytest.raises(Refused, match="BASE_URL"):
        cloud.market.update(PRIVATE, "MARKET_MAD=http", 0)


@pytest.mark.parametrize("lost", ["SOURCE", "MD5", "FORMAT", "SIZE"])
def test_an_app_needs_all_that_the_driver_has_to_tell(lost: str) -> None:
    """MarketPlaceApp::from_template64."""
    values = {"SOURCE": "http://m/a", "MD5": "0123", "FORMAT": "raw", "SIZE": "10"}
    del values[lost]
    cloud = Cloud()
    cloud.rule("market", "IMPORT", "hold")
    app = exported(cloud)
    cloud.complete("IMPORT", app, imported(**values))
    assert cloud.apps[app].state.name == "ERROR"
    assert cloud.apps[app].template["ERROR"].endswith("Missing app attributes.")
    assert cloud.images[0].state.name == "READY"


def test_an_app_of_an_unknown_type_stays_in_error_and_cannot_be_deleted() -> None:
    """MarketPlaceManager::import_app and delete_app: the reason is empty."""
    cloud = Cloud()
    cloud.market.allocate(HTTP)
    with pytest.raises(Refused, match=r"Marketplace app type not supported\."):
        cloud.marketapp.allocate("NAME=app\nTYPE=RIDDLE\nORIGIN_ID=0", PRIVATE)
    assert cloud.apps[0].state.name == "ERROR"
    with pytest.raises(Refused) as caught:
        cloud.marketapp.delete(0)
    assert caught.value.text == "Cannot delete marketplaceapp. "


def test_what_an_app_is_made_of_is_not_updated() -> None:
    """MarketPlaceApp::post_update_template."""
    cloud = Cloud()
    app = exported(cloud)
    cloud.marketapp.update(app, "SOURCE=/etc/passwd\nSIZE=1\nDESCRIPTION=new\nVERSION=2\nA=b", 0)
    thing = cloud.apps[app]
    assert (thing.description, thing.version) == ("new", "2")
    assert thing.source != "/etc/passwd"
    assert thing.template == {"DESCRIPTION": "new", "VERSION": "2", "A": "b"}


def test_an_app_gets_permissions_and_an_owner() -> None:
    """SharedAPI::chmod and chown."""
    cloud = Cloud()
    cloud.user.allocate("ann", "secret")
    app = exported(cloud)
    with pytest.raises(Refused):
        cloud.acting(ANN).marketapp.rename(app, "mine")
    cloud.marketapp.chmod(app, -1, -1, -1, -1, -1, -1, -1, 1, -1)
    cloud.acting(ANN).marketapp.rename(app, "mine")
    cloud.marketapp.chown(app, ANN, -1)
    assert cloud.apps[app].uid == ANN
