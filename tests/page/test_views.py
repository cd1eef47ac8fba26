"""A cloud is shown on the page by its fields; lessons and the live page show the same."""

from __future__ import annotations

from lifecycle import Cloud
from lifecycle.endpoint.window import Wish, window
from lifecycle.page.views import cloud_views, image_view, machine_view


def test_an_image_is_shown_with_its_flags_its_holders_and_what_was_said_of_a_failure() -> None:
    cloud = Cloud()
    template = 'NAME="a" TYPE="OS" PATH="/a" PERSISTENT="YES" PERSISTENT_TYPE="SHAREABLE"'
    image = cloud.image.allocate(template, 1)
    vm = cloud.vm.allocate(f'NAME="w" CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image}"]')
    cloud.image.lock(image, 1)
    shown = image_view(cloud.images[image])
    assert shown["flags"] == ["SHAREABLE", "no file", "LOCK use"]
    assert (shown["state"], shown["machines"]) == ("LOCKED_USED_PERS", [vm])
    cloud.fail("CP", image, "no space left")
    assert image_view(cloud.images[image])["error"].endswith("no space left")


def test_an_image_into_which_a_running_disk_is_saved_is_shown_as_the_played_page_shows_it() -> None:
    cloud = Cloud()
    cloud.image.allocate('NAME="a" TYPE="OS" PATH="/a"', 1)
    cloud.complete("CP", 0)
    vm = cloud.vm.allocate('NAME="w" CPU="1" MEMORY="1" DISK=[IMAGE_ID="0"]')
    cloud.vm.deploy(vm, 0)
    saved = cloud.vm.disksaveas(vm, 0, "saved", "", -1)
    assert image_view(cloud.images[saved])["flags"] == ["SAVE_AS_HOT", "no file"]


def test_of_very_much_a_part_is_shown() -> None:
    cloud = Cloud()
    image = cloud.image.allocate('NAME="debian" TYPE="OS" PATH="/a"', 1)
    for _ in range(3):
        cloud.vm.allocate(f'CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image}"]')
    shown = image_view(cloud.images[image], ids=2, letters=3)
    assert (shown["name"], shown["machines"]) == ("deb", [0, 1])
    assert machine_view(cloud.vms[0], "a machine", ids=0, letters=3)["images"] == []


def test_lessons_and_the_live_page_show_a_cloud_alike() -> None:
    cloud = Cloud()
    image = cloud.image.allocate('NAME="a" TYPE="OS" PATH="/a"', 1)
    cloud.vm.allocate(f'NAME="w" CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image}"]')
    names = {("image", image): "a", ("machine", 0): "w"}
    views = cloud_views(cloud, lambda kind, number: names[kind, number])
    live = window(cloud, Wish())
    assert {part: live[part] for part in views} == views


def test_requests_are_shown_by_what_they_are_about() -> None:
    cloud = Cloud()
    cloud.image.allocate('NAME="a" TYPE="OS" PATH="/a"', 1)
    (request,) = cloud_views(cloud, lambda kind, number: f"{kind}-{number}")["requests"]
    about = {"kind": "image", "id": 0}
    told = {"driver": "datastore", "action": "CP", "about": about, "name": "image-0"}
    assert request == {**told, "key": request["key"]}
