"""Every document of every cloud can be parsed, and has its elements in oned's order."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecycle import Cloud
from lifecycle.documents import text_of
from lifecycle.documents.markup import tag
from tests.cloud import walks
from tests.endpoint import replaying

if TYPE_CHECKING:
    from lifecycle.cloud.pool import Pool

STEPS = 250

OPTIONAL = {"LOCK", "SNAPSHOTS", "CLUSTER_TEMPLATE"}
"""What a document may have or not."""

POOLS = (
    *("images", "vms", "datastores", "users", "groups", "hosts", "clusters", "zones"),
    *("templates", "markets", "apps"),
)


def parsed(cloud: Cloud, value: Any) -> ET.Element:  # noqa: ANN401 - whatever a call answers
    """Write a document, and read it."""
    return ET.fromstring(str(text_of(cloud, value)))  # noqa: S314 - written here


@cache
def recorded_order() -> dict[str, list[str]]:
    """Give the children of each kind of document in the order of the recordings."""
    orders: dict[str, list[str]] = {}
    for path in (replaying.EXCHANGES, *replaying.SESSIONS):
        for event in replaying.events(path):
            body = replaying.body_of(event.get("response", {}))
            if b"&lt;" not in body:
                continue
            for words in ET.fromstring(body).iter("string"):  # noqa: S314 - recorded
                if (words.text or "").startswith("<"):
                    root = ET.fromstring(words.text or "")  # noqa: S314 - recorded
                    kind = root.tag if not root.tag.endswith("_POOL") else ""
                    if kind:
                        names = [child.tag for child in root if child.tag not in OPTIONAL]
                        assert orders.setdefault(kind, names) == names
    return orders


def look_at(cloud: Cloud) -> None:
    """Look at all documents that a cloud can give."""
    for name in POOLS:
        pool: Pool[Any] = getattr(cloud, name)
        for thing in pool:
            root = parsed(cloud, thing)
            order = recorded_order().get(root.tag)
            names = [child.tag for child in root if child.tag not in OPTIONAL]
            if order is not None and root.tag != "OPENNEBULA_CONFIGURATION":
                assert names == order, thing
            assert root.findtext("NAME") == thing.name
            assert root.findtext("ID") == str(thing.id)
    for image in cloud.images:
        root = parsed(cloud, image)
        assert root.findtext("STATE") == str(image.state.value)
        assert root.findtext("SOURCE") == image.source
        assert [one.text for one in root.iterfind("VMS/ID")] == [
            str(number) for number in sorted(image.vms)
        ]
        assert [one.findtext("ID") for one in root.iterfind("SNAPSHOTS/SNAPSHOT")] == [
            str(one.id) for one in image.snapshots or ()
        ]
        names = [child.tag for child in root.find("TEMPLATE") or ()]
        assert names == sorted(names)
    for vm in cloud.vms:
        root = parsed(cloud, vm)
        ids = [disk.findtext("DISK_ID") for disk in root.iterfind("TEMPLATE/DISK")]
        assert ids == [str(disk.id) for disk in vm.disks]


def look_at_pools(cloud: Cloud) -> None:
    """Look at the documents of all pools, each an object after the other."""
    for name, wanted in (
        ("imagepool", (-2, -1, -1)),
        ("vmpool", (-2, -1, -1, -2)),
        ("templatepool", (-2, -1, -1)),
        ("marketapppool", (-2, -1, -1)),
        *((f"{one}pool", ()) for one in ("datastore", "host", "cluster", "zone", "market")),
        *((f"{one}pool", ()) for one in ("user", "group")),
    ):
        found = cloud.call(f"one.{name}.info", *wanted).value
        root = parsed(cloud, found)
        kind = root.tag.removesuffix("_POOL")
        assert [one.findtext("ID") for one in root.iterfind(kind)] == [
            str(thing.id) for thing in found
        ]
    for name in ("one.acl.info", "one.system.config"):
        parsed(cloud, cloud.call(name).value)
    assert parsed(cloud, cloud.call("one.vmpool.infoextended", -2, -1, -1, -2).value) is not None


@pytest.mark.parametrize("seed", range(6))
def test_all_documents_on_a_walk_through_a_cloud_are_in_order(seed: int) -> None:
    cloud, random = walks.furnished(seed), Random(seed)
    for step in range(STEPS):
        walks.perform(cloud, walks.drawn(cloud, random))
        if step % 50 == 49:
            look_at(cloud)
            look_at_pools(cloud)


WORDS = st.text(max_size=20)
NAMES = st.text(min_size=1, max_size=8)
TEMPLATES = st.dictionaries(NAMES, st.one_of(WORDS, st.dictionaries(NAMES, WORDS)), max_size=4)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(words=st.lists(WORDS, min_size=6, max_size=6), template=TEMPLATES)
def test_any_words_make_documents_that_can_be_parsed(
    words: list[str], template: dict[str, Any]
) -> None:
    name, source, path, form, fs, deploy = words
    image = {"id": 3, "name": name, "source": source, "path": path, "format": form, "fs": fs}
    disk = {"attributes": {"DISK_ID": "0", "IMAGE": source}}
    machine = {"id": 1, "name": name, "deploy_id": deploy, "error": path, "disks": [disk]}
    cloud = Cloud.from_json(
        {
            "images": [{**image, "template": template}],
            "vms": [{**machine, "template": {key: [one] for key, one in template.items()}}],
            "users": [{"id": 0, "name": name, "groups": [0], "template": template}],
            "datastores": [{"id": 1, "name": name, "template": template}],
        }
    )
    root = parsed(cloud, cloud.images[3])
    shown = root.find("TEMPLATE")
    assert shown is not None
    assert sorted(one.tag for one in shown) == sorted(
        tag(key) for key, value in template.items() if value != {}
    )
    for thing in (cloud.vms[1], cloud.users[0], cloud.datastores[1]):
        parsed(cloud, thing)
    parsed(cloud, cloud.call("one.vmpool.info", -2, -1, -1, -2).value)


@settings(max_examples=100, deadline=None, database=None)
@given(words=st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=40))
def test_words_that_xml_can_hold_are_read_back(words: str) -> None:
    cloud = Cloud.from_json({"images": [{"id": 0, "source": words, "template": {"A": words}}]})
    root = parsed(cloud, cloud.images[0])
    assert root.findtext("SOURCE") == words
    assert root.findtext("TEMPLATE/A") == words
