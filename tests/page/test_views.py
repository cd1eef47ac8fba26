"""A cloud is shown on the page by its fields; lessons and the live page show the same."""

from __future__ import annotations

from lifecycle import Cloud
from lifecycle.endpoint.window import image_view as live_image
from lifecycle.endpoint.window import machine_view as live_machine
from lifecycle.page.views import cloud_views, image_view, machine_view


def test_lessons_and_the_live_page_show_an_image_alike() -> None:
    cloud = Cloud()
    template = 'NAME="a" TYPE="OS" PATH="/a" PERSISTENT="YES" PERSISTENT_TYPE="SHAREABLE"'
    image = cloud.image.allocate(template, 1)
    vm = cloud.vm.allocate(f'NAME="w" CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image}"]')
    cloud.image.lock(image, 1)
    shown = image_view(cloud.images[image])
    assert shown["flags"] == ["SHAREABLE", "no file", "LOCK use"]
    assert (shown["state"], shown["machines"]) == ("LOCKED_USED_PERS", [vm])
    assert live_image(cloud.images[image]) == {**shown, "error": ""}
    assert live_machine(cloud.vms[vm]) == {**machine_view(cloud.vms[vm]), "error": ""}


def test_requests_are_shown_by_what_they_are_about() -> None:
    cloud = Cloud()
    cloud.image.allocate('NAME="a" TYPE="OS" PATH="/a"', 1)
    (request,) = cloud_views(cloud, lambda kind, number: f"{kind}-{number}")["requests"]
    about = {"kind": "image", "id": 0}
    told = {"driver": "datastore", "action": "CP", "about": about, "name": "image-0"}
    assert request == {**told, "key": request["key"]}
