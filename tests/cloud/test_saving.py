"""A cloud is saved and loaded without loss; any situation can be; bad input changes nothing."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lifecycle import ActionRefused, Cloud, Image, ImageState, InputError, LifecycleError
from lifecycle.cloud.saving import POOLS
from lifecycle.trace.format import read
from lifecycle.trace.replay import cloud_for, perform, replay

if TYPE_CHECKING:
    from collections.abc import Callable

TRACES = Path(__file__).parents[1] / "data" / "traces"


def busy_cloud() -> Cloud:
    cloud = Cloud(seed=3)
    cloud.plan("failure", "CP", delay=5, probability=0.5)
    cloud.plan("success", "CP", delay=7)
    cloud.rule("vmm", "SHUTDOWN", "hold")
    for number in range(4):
        cloud.image.allocate(f'NAME="image-{number}" PATH="/image" SIZE="1"', 1)
    cloud.image.allocate('NAME="disk" SIZE="10" TYPE="DATABLOCK" PERSISTENT="YES"', 1)
    cloud.complete("MKFS", 4)
    cloud.vm.allocate('CPU="1" MEMORY="64" DISK=[IMAGE_ID="0"] DISK=[IMAGE="disk"]')
    cloud.image.lock(4, 1, True)
    return cloud


def as_text(cloud: Cloud) -> str:
    return json.dumps(cloud.to_json())


def test_what_is_saved_is_loaded_and_saved_again_byte_for_byte(tmp_path: Path) -> None:
    cloud = busy_cloud()
    cloud.save(tmp_path / "one.json")
    Cloud.load(tmp_path / "one.json").save(tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"one.json", "two.json"}


def test_nothing_that_an_object_carries_is_left_out() -> None:
    left_out = {
        name: {one.name for one in fields(kind)} - set(written)
        for name, (kind, written) in POOLS.items()
        if is_dataclass(kind)
    }
    # The cloud that a machine lives in is no part of it; users and groups belong to nobody else.
    known = {"vms": {"world"}, "users": {"uid"}, "groups": {"uid"}}
    assert left_out == {name: known.get(name, set()) for name in left_out}
    assert set(Image.__slots__) - set(POOLS["images"][1]) == {"world"}


def test_a_loaded_cloud_goes_on_as_the_saved_one_would_have() -> None:
    cloud = busy_cloud()
    twin = Cloud.from_json(json.loads(as_text(cloud)))
    for one in (cloud, twin):
        one.advance(10)
        for number in range(5, 20):
            one.image.allocate(f'NAME="image-{number}" PATH="/image" SIZE="1"', 1)
        one.advance(10)
        one.vm.action("terminate", 0)
    assert as_text(twin) == as_text(cloud)
    assert {image.state.name for image in cloud.images} >= {"READY", "ERROR"}


def test_every_recorded_history_can_be_cut_by_saving_and_loading() -> None:
    """The second half of each history of the mixed subject is replayed in a loaded cloud."""
    for history in read(TRACES / "level5" / "mixed.jsonl.xz"):
        middle = len(history.steps) // 2
        cloud = cloud_for(history)
        for step in history.steps[:middle]:
            perform(cloud, step)
            cloud.advance(1)
        del history.steps[:middle]
        loaded = Cloud.from_json(json.loads(as_text(cloud)), journal=False)
        result = replay(history, loaded)
        assert result.equal, result.differences
        assert result.steps == len(history.steps)


def test_a_situation_is_loaded_as_it_is_even_if_no_history_leads_to_it() -> None:
    cloud = Cloud.from_json(
        {"images": [{"id": 3, "state": "USED", "vms": [7, 8], "running_vms": 5}]}
    )
    image = cloud.images[3]
    assert (image.state, image.running_vms, sorted(image.vms)) == (ImageState.USED, 5, [7, 8])
    with pytest.raises(ActionRefused, match="There are 5 VMs using it"):
        cloud.image.delete(3)


def test_what_a_situation_leaves_out_is_as_usual() -> None:
    cloud = Cloud.from_json(
        {"images": [{"id": 3, "vms": [1], "clones": [4], "app_clones": [2, 5]}]}
    )
    image = cloud.images[3]
    assert (image.name, image.state, image.running_vms, image.cloning_ops) == (
        "image-3",
        ImageState.READY,
        1,
        3,
    )
    assert cloud.datastores[1].images == {3}
    assert cloud.image.allocate('NAME="next" PATH="/image" SIZE="1"', 1) == 4


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([], "a cloud must be an object"),
        ({"format": "lifecycle-cloud/9"}, 'format: must be "lifecycle-cloud/1"'),
        ({"imagos": []}, "imagos: "),
        ({"images": 5}, "images: "),
        ({"images": [5]}, "images[0]: "),
        ({"images": [{}]}, "images[0].id: is missing"),
        ({"images": [{"id": "3"}]}, "images[0].id: "),
        ({"images": [{"id": 3, "state": "ASLEEP"}]}, "images[0].state: "),
        ({"images": [{"id": 3}, {"id": 3}]}, "images[1].id: 3 is there twice"),
        ({"images": [{"id": 3, "colour": 1}]}, "images[0].colour: "),
        ({"images": [{"id": 3, "lock_held": {}}]}, "images[0].lock_held.level: is missing"),
        ({"images": [{"id": 3, "snapshots": {"x": 1}}]}, "images[0].snapshots: "),
        ({"vms": [{"id": 1, "disks": [{}]}]}, "vms[0].disks[0].attributes.DISK_ID: "),
        ({"vms": [{"id": 1, "state": "FLYING"}]}, "vms[0].state: "),
        ({"users": [{"id": 5, "groups": []}]}, "users[0].groups: must not be empty"),
        ({"clock": {"now": "noon"}}, "clock.now: "),
        ({"acl": [{}]}, "acl[0].id: is missing"),
        ({"acl": None}, "acl: must be a list"),
        ({"users": []}, "users: must hold oneadmin, with the id 0"),
        ({"images": [{"id": -1}]}, "images[0].id: must be 0 or more"),
        ({"clock": {"now": float("nan")}}, "clock.now: must be seconds, 0 or more"),
        ({"clock": {"start": 10, "now": 5}}, "clock.now: must not be before clock.start"),
        ({"drivers": {}}, "drivers: "),
        ({"journal": [{}]}, "journal: "),
        ({"journal": 5}, "journal: "),
    ],
)
def test_what_is_no_cloud_is_refused_and_changes_nothing(value: object, problem: str) -> None:
    with pytest.raises(InputError) as raised:
        Cloud.from_json(value)
    assert str(raised.value).startswith(problem)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda drivers: drivers.update(count=None), "drivers: "),
        (lambda drivers: drivers["random"][1].__setitem__(0, -1), "drivers: "),
        (lambda drivers: drivers["open"][0].update(role=[]), "drivers.role: "),
        (lambda drivers: drivers["open"][0].update(action=None), "drivers.action: must be str"),
        (lambda drivers: drivers["plans"][0].update(action=None), "drivers.action: cannot be None"),
        (lambda drivers: drivers["plans"][0].update(colour=1), "drivers: "),
        (lambda drivers: drivers["delayed"][0].update(payload=5), "drivers.payload: must be a"),
    ],
)
def test_drivers_that_are_none_are_refused(
    change: Callable[[dict[str, Any]], object], problem: str
) -> None:
    value = json.loads(as_text(busy_cloud()))
    change(value["drivers"])
    with pytest.raises(InputError) as raised:
        Cloud.from_json(value)
    assert str(raised.value).startswith(problem)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ":1: not JSON: Expecting value"),
        (b'{\n"images": [', ":2: not JSON: Expecting value"),
        (b"\xff\xfe", ": not JSON: "),
        (b"[" * 100_000, ": not JSON: "),
        (b'{"images": [{"id": 1, "state": "ASLEEP"}]}', "images[0].state: "),
        (None, ": cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_is_no_cloud_is_refused(
    tmp_path: Path, content: bytes | None, problem: str
) -> None:
    path = tmp_path / "cloud.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        Cloud.load(path)
    assert problem in str(raised.value)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "inside").write_text("kept")
    with pytest.raises(InputError, match="cannot be written"):
        Cloud().save(folder)
    with pytest.raises(InputError, match="cannot be written"):
        Cloud().save(tmp_path / "nowhere" / "cloud.json")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
    assert (folder / "inside").read_text() == "kept"


@pytest.mark.skipif(os.name == "nt", reason="file modes are a thing of POSIX")
def test_a_saved_file_has_the_modes_of_any_new_file(tmp_path: Path) -> None:
    Cloud().save(tmp_path / "cloud.json")
    (tmp_path / "other").touch()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_what_somebody_else_put_on_the_clock_cannot_be_saved() -> None:
    cloud = Cloud()
    cloud.clock.schedule(5, lambda: None)
    with pytest.raises(LifecycleError, match="actions that were not scheduled by the cloud"):
        cloud.to_json()
