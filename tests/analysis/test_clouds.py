"""Histories of small clouds of all kinds play as scenarios, and what fails is found."""

from __future__ import annotations

import pytest

from lifecycle.analysis.exploration.acts import CloudBounds
from lifecycle.analysis.exploration.breaches import broken
from lifecycle.analysis.exploration.clouds import SmallCloud, configuration_of, explore_cloud
from lifecycle.analysis.exploration.graphs import cloud_words
from lifecycle.analysis.exploration.stories import scenario
from lifecycle.cloud.cloud import Cloud
from lifecycle.scenario.format import parse
from lifecycle.scenario.run import play
from lifecycle.states import ImageType

BOUNDS = {
    "copies and machines": CloudBounds(images=2, symmetry=False),
    "disks saved as images": CloudBounds(images=2, copies=False, saving=True, persistent=(False,)),
    "disks attached and detached": CloudBounds(images=2, copies=False, attach=True),
    "snapshots": CloudBounds(machines=2, snapshots=1, persistent=(True,)),
    "exports": CloudBounds(apps=1, machines=0, types=(ImageType.OS, ImageType.KERNEL)),
    "backups": CloudBounds(backups=1, persistent=(False,), faults=False, copies=False),
    "answers that nobody asked": CloudBounds(unasked=2),
}


@pytest.mark.parametrize("bounds", BOUNDS.values(), ids=BOUNDS)
def test_histories_play_as_scenarios_to_the_same_end(bounds: CloudBounds) -> None:
    small = SmallCloud(bounds)
    graph = explore_cloud(small, most=1000)
    count = len(graph.configurations)
    for number in range(1, count, max(count // 25, 1)):
        _, steps = graph.history(number)
        acts = (*small.before, *(step.move for step in steps))
        text = scenario("any", acts, small.at(graph.configurations[number]))
        assert play(parse(text)).unmet == (), text
        assert cloud_words(graph.configurations[number])


def test_symmetry_makes_fewer_of_the_same() -> None:
    apart = explore_cloud(SmallCloud(CloudBounds(machines=2, persistent=(False,), symmetry=False)))
    small = SmallCloud(CloudBounds(machines=2, persistent=(False,)))
    together = explore_cloud(small)
    assert len(together.configurations) < len(apart.configurations)

    # What can be told of a cloud without naming anything is the same.
    def states(words: set[str]) -> set[str]:
        return {"".join(letter for letter in one if not letter.isdigit()) for one in words}

    # Of two machines in two states, either may be named first.
    def sorted_words(one: str) -> str:
        return ", ".join(sorted(states(set(one.split(", ")))))

    def all_words(graph: object) -> set[str]:
        return {sorted_words(cloud_words(one)) for one in graph.configurations}  # type: ignore[attr-defined]  # any graph

    assert all_words(together) == all_words(apart)
    assert {one.name for one in broken(small, together)} >= {"machines-are-there-used"}


def test_a_machine_that_saves_into_nothing_is_noticed() -> None:
    bounds = CloudBounds(images=2, copies=False, saving=True, persistent=(False,), unasked=1)
    small = SmallCloud(bounds)
    failing = broken(small, explore_cloud(small, most=1500))
    found = {one.fails.name for one in failing}
    assert "saves-into-something" in found


def test_every_order_of_what_is_alike_gives_the_same_configuration() -> None:
    bounds = CloudBounds(images=2, machines=2, persistent=(False,), copies=False)
    graph = explore_cloud(SmallCloud(bounds), most=500)
    found = set()
    for first, second in (("a", "b"), ("b", "a")):
        cloud = Cloud(journal=False)
        for name in ("a", "b"):
            cloud.image.allocate(f'NAME="{name}" TYPE="OS" PATH="/x"', 1)
        numbers = {"a": 0, "b": 1}
        cloud.complete("CP", numbers[first])
        cloud.vm.allocate(f'NAME="vm1" CPU="1" MEMORY="1" DISK=[IMAGE_ID="{numbers[second]}"]')
        found.add(configuration_of(cloud, 0, symmetry=True))
    (one,) = found
    assert one in graph.configurations


def saving_cloud() -> Cloud:
    """Give a cloud in which a machine's disk is being saved as image 1."""
    cloud = Cloud(journal=False)
    cloud.image.allocate('NAME="a" TYPE="OS" PATH="/x"', 1)
    cloud.complete("CP", 0)
    cloud.vm.allocate('NAME="vm1" CPU="1" MEMORY="1" DISK=[IMAGE_ID="0"]')
    cloud.vm.deploy(0, 0)
    cloud.vm.disksaveas(0, 0, "b", "", -1)
    cloud.complete("MKFS", 1)
    return cloud


def test_clouds_with_a_disk_of_which_no_format_is_known_are_others() -> None:
    cloud = saving_cloud()
    known = configuration_of(cloud, 0, symmetry=True)
    cloud.images[0].format = ""
    image = configuration_of(cloud, 0, symmetry=True)
    for name in ("FORMAT", "DRIVER"):
        cloud.vms[0].disks[0].attributes.pop(name)
    assert len({known, image, configuration_of(cloud, 0, symmetry=True)}) == 3


def test_clouds_in_which_a_disk_is_copied_into_another_image_are_others() -> None:
    found = set()
    for into in (1, 0, 7):
        cloud = saving_cloud()
        cloud.vms[0].disks[0].attributes["HOTPLUG_SAVE_AS"] = str(into)
        found.add(configuration_of(cloud, 0, symmetry=True))
    assert len(found) == 3
