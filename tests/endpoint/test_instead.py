"""After a refusal on the live page: what to do so that it is done, and that it is done then."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from lifecycle import Cloud
from lifecycle.cloud.copying import copied
from lifecycle.endpoint import live
from lifecycle.endpoint.service import Service
from tests.cloud import walks

if TYPE_CHECKING:
    from tests.endpoint.conftest import Remote

VM = 'NAME="{}" CPU="1" MEMORY="1" DISK=[IMAGE_ID="{}"]'


def cloud_of(*machines: str) -> Cloud:
    """Give a cloud with an image that machines hold."""
    cloud = Cloud()
    image = cloud.image.allocate('NAME="debian" PATH="/p" SIZE="1"', 1)
    cloud.complete("CP", image)
    for name in machines:
        cloud.vm.allocate(VM.format(name, image))
    return cloud


def told(cloud: Cloud, on: str, key: str) -> list[list[str]] | None:
    """Give the ways as what is done, one after the other."""
    found = live.instead(Service(cloud), on, key)
    if found is None:
        return None
    assert all(one["first"]["legal"] for one in found)
    return [[one["first"]["label"], *one["then"]] for one in found]


def targets(cloud: Cloud) -> list[str]:
    return [f"image-{one}" for one in cloud.images.ids()] + [
        f"machine-{one}" for one in cloud.vms.ids()
    ]


def act_of(service: Service, label: str) -> tuple[str, dict[str, Any]]:
    """Give what is tried under a label, and on what."""
    return next(
        (on, act)
        for on in targets(service.cloud)
        for act in live.tried(service, on)
        if act["label"] == label
    )


def go(service: Service, labels: list[str]) -> None:
    """Do what a way tells."""
    for label in labels:
        on, act = act_of(service, label)
        assert live.done(service, {"on": on, "key": act["key"]})["accepted"], labels


def test_what_holds_an_image_is_got_rid_of_first() -> None:
    key = "oneimage delete 0"
    ways = told(cloud_of("web", "db"), "image-0", key)
    assert ways == [["onevm terminate 0", "onevm terminate 1", key]]


def test_a_flag_is_told_where_it_is_done_sooner_with_it() -> None:
    cloud = Cloud()
    cloud.image.allocate('NAME="debian" PATH="/p" SIZE="1"', 1)
    key = "oneimage delete 0"
    assert told(cloud, "image-0", key) == [
        ["datastore: complete CP debian", key],
        [f"{key} --force"],
    ]


def test_a_lock_is_taken_off_first() -> None:
    cloud = cloud_of()
    cloud.image.lock(0, 1)
    key = "oneimage disable 0"
    assert told(cloud, "image-0", key) == [["oneimage unlock 0", key]]


def test_what_is_so_already_then_is_not_done_again() -> None:
    ways = told(cloud_of("web"), "image-0", "oneimage enable 0")
    assert ways == [["onevm terminate 0"]]


def test_of_several_machines_that_are_alike_the_meant_one_is_moved_on() -> None:
    cloud = cloud_of("web", "db", "cache")
    assert told(cloud, "machine-1", "onevm suspend 1") == [
        ["onevm deploy 1 0", "onevm suspend 1"],
    ]


def test_that_a_driver_fails_is_hoped_for_only_where_nothing_else_helps() -> None:
    cloud = cloud_of()
    cloud.image.clone(0, "copy")
    ways = told(cloud, "image-1", "oneimage clone 1 NAME")
    assert ways == [["datastore: complete CLONE copy", "oneimage clone 1 image-2"]]


def test_where_nothing_helps_no_way_is_told() -> None:
    cloud = cloud_of()
    with_market = "onemarketapp create --image 0 --market 1 --name NAME"
    assert told(cloud, "image-0", with_market) == []


def test_of_machines_not_all_is_looked_at() -> None:
    cloud = cloud_of()
    # A machine without a disk, and one that is done for ever.
    cloud.vm.allocate('NAME="bare" CPU="1" MEMORY="1"')
    assert told(cloud, "machine-0", "onevm suspend 0") is None
    cloud.vm.allocate(VM.format("done", 0))
    cloud.vm.recover(1, 3)
    assert told(cloud, "machine-1", "onevm suspend 1") is None


def test_so_many_that_nobody_would_get_rid_of_them_are_not_counted_through() -> None:
    cloud = cloud_of(*map(str, range(40)))
    assert told(cloud, "image-0", "oneimage delete 0") == []


def test_the_running_cloud_is_left_alone() -> None:
    cloud = cloud_of("web")
    before = cloud.to_json()
    assert told(cloud, "image-0", "oneimage delete 0")
    assert cloud.to_json() == before


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_told_is_done_then(seed: int) -> None:
    cloud, random = walks.furnished(seed), Random(seed)
    gone = 0
    for _ in range(12):
        for _ in range(25):
            walks.perform(cloud, walks.drawn(cloud, random))
        # Rules of the cloud's own may have hosts fail.
        cloud.drivers.plans.clear()
        cloud.drivers.ruled.clear()
        service = Service(copied(cloud))
        on = random.choice(targets(cloud) or [""])
        refused = [one for one in live.tried(service, on) if not one["legal"]] if on else []
        for act in random.sample(refused, min(len(refused), 3)):
            for way in live.instead(service, on, act["key"]) or []:
                go(Service(copied(cloud)), [way["first"]["label"], *way["then"]])
                gone += 1
    assert gone > 0


def test_it_is_asked_for_over_http(control: Remote) -> None:
    status, answer = control.ask("GET", "/instead?on=image-0")
    assert (status, answer["error"]) == (
        400,
        "an act needs on, image-N or machine-N, and its key",
    )
    assert control.ask("GET", "/instead?key=x")[0] == 400
    assert control.ask("GET", "/instead?on=user-0&key=x")[0] == 400
    # Of what is gone, or cannot be tried, nothing can be told.
    assert control.get("/instead?on=image-0&key=x") is None


def test_what_cannot_be_tried_has_no_way_and_what_a_driver_answers_needs_none() -> None:
    cloud = cloud_of()
    assert told(cloud, "image-0", "oneimage explode 0") is None
    cloud.image.delete(0)
    (request,) = cloud.drivers.open
    assert told(cloud, "image-0", f"complete {request.number}") == []
