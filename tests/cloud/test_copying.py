"""A copy of a cloud is like the cloud, and what happens in one does not reach the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lifecycle import Cloud
from lifecycle.cloud.copying import branched, copied, excerpt

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def cloud() -> Cloud:
    """Give a cloud in which something of everything is under way."""
    made = Cloud()
    made.plan("success", "MKFS", delay=60)
    image = made.image.allocate('NAME="base" PATH="/p" SIZE="8"', 1)
    made.complete("CP", image)
    made.vm.allocate(f'NAME="one" CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image}"]')
    made.vm.deploy(0, 0)
    made.image.clone(image, "copy")
    made.image.allocate('NAME="empty" SIZE="8"', 1)
    made.image.allocate('NAME="other" PATH="/p" SIZE="8"', 1)
    market = made.market.allocate('NAME="m" MARKET_MAD="http" BASE_URL="u" PUBLIC_DIR="d"')
    made.marketapp.allocate(f'NAME="app" ORIGIN_ID="{image}" TYPE="IMAGE"', market)
    return made


def parts(cloud: Cloud) -> list[Any]:
    value = cloud.to_json(journal=False)
    return [value[name] for name in ("images", "vms", "apps", "drivers", "users", "clock")]


def test_a_copy_is_what_saving_and_loading_give(cloud: Cloud) -> None:
    assert copied(cloud).to_json(journal=False) == cloud.to_json(journal=False)


def test_answers_that_are_on_their_way_come_in_the_copy_too(cloud: Cloud) -> None:
    copy = copied(cloud)
    copy.advance(60)
    assert copy.images[2].state.name == "READY"
    assert cloud.images[2].state.name == "LOCKED"


def test_a_copy_keeps_a_journal_where_asked(cloud: Cloud) -> None:
    copy = copied(cloud, journal=True)
    assert len(copy.journal) == 0
    copy.complete("CP", 3)
    assert len(copy.journal) > 0


@pytest.mark.parametrize("way", [copied, branched])
def test_what_happens_in_a_copy_does_not_reach_the_cloud(
    cloud: Cloud, way: Callable[[Cloud], Cloud]
) -> None:
    before = parts(cloud)
    copy = way(cloud)
    copy.complete("CLONE", 1)
    copy.vm.action("terminate", 0)
    copy.marketapp.delete(0)
    copy.image.delete(3, True)
    copy.answer("IMPORT", 0, role="market", ok=False)
    assert copy.images[0].running_vms == 0
    assert parts(cloud) == before


def test_what_happens_in_the_cloud_does_not_reach_a_copy(cloud: Cloud) -> None:
    copies = [copied(cloud), branched(cloud)]
    before = [copy.images[0].running_vms for copy in copies]
    cloud.vm.action("terminate", 0)
    cloud.complete("CLONE", 1)
    assert [copy.images[0].running_vms for copy in copies] == before


def test_an_excerpt_holds_what_an_image_depends_on_and_nothing_else(cloud: Cloud) -> None:
    part = excerpt(cloud, 0)
    assert part.images.ids() == [0, 1]
    assert (part.vms.ids(), part.apps.ids()) == ([0], [0])
    assert {(one.action, one.id) for one in part.drivers.open} == {("CLONE", 1), ("IMPORT", 0)}
    assert part.drivers.plans == []
    assert excerpt(cloud, 3).images.ids() == [3]
    with pytest.raises(KeyError):
        excerpt(cloud, 9)


def test_an_excerpt_asks_no_plan(cloud: Cloud) -> None:
    part = excerpt(cloud, 2)
    assert [one.action for one in part.drivers.open] == ["MKFS"]
    part.complete("MKFS", 2)
    assert part.images[2].state.name == "READY"
