"""A cloud does what was recorded of every situation of an image and every event.

Each situation is reached by a legal history; then the event happens, and the
whole recorded line is compared: the image, oned's refusal, the requests of the
datastore driver, and what became of the machines and of the other images.
Nothing that was recorded is left out.
"""

from __future__ import annotations

import lzma
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from lifecycle import Cloud
from tests.cloud.histories import (
    DELETE,
    DELETE_DB,
    FILES,
    HOST,
    IMAGES,
    RETRY,
    backup_datastore,
    clone_of,
    image_with_snapshots,
    machine_on,
    new_image,
    ready_image,
    running_machine_on,
    save_disk,
    shown_image,
    shown_machine,
    uploaded_image,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.cloud.drivers import Request

RECORDS = Path(__file__).parent.parent / "data" / "observed" / "situations-x-events.txt.xz"

LINE = re.compile(r"(\S+) +(\S+) +(.*?) *-> (.*?)(?: {2,}(.*))?")
REFUSED = re.compile(r"REFUSED (0x\w+) (.*)")
REQUESTS = re.compile(r"req=\[(.*?)\]")
MOVED = re.compile(r"(vm2?|src|tgt|other): (.*?)->(.*?)(?= +(?:vm2?|src|tgt|other): |$)")
NAMES = (
    (re.compile(r"mage \d+( \(.*?\))?"), "mage N"),
    (re.compile(r"VM \d+"), "VM N"),
    (re.compile(r"<-\d+"), "<-SOURCE"),
    (re.compile(r"CLONE:\d+"), "CLONE:COPY"),
)
"""Ids and names, which were others when this was recorded."""


class Record(NamedTuple):
    """A recorded line, with ids and names replaced by words.

    Attributes:
        refusal: the error code and oned's message, or "".
        requests: what the datastore driver was asked for.
        moved: what became of machines and other images, by who they are.
    """

    event: str
    before: str
    after: str
    refusal: str = ""
    requests: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


@dataclass
class Scene:
    """A situation: the image that is looked at, and who else takes part in it."""

    cloud: Cloud
    image: int
    vm: int = -1
    vm2: int = -1
    source: int = -1
    target: int = -1
    other: int = -1

    def cast(self) -> dict[str, str]:
        """Show all but the image, by who they are."""
        shown = {
            name: shown_machine(self.cloud, vm)
            for name, vm in (("vm", self.vm), ("vm2", self.vm2))
            if vm != -1
        }
        images = (("src", self.source), ("tgt", self.target), ("other", self.other))
        return shown | {
            name: shown_image(self.cloud, image) for name, image in images if image != -1
        }


# The situations


def locked_mkfs(cloud: Cloud) -> Scene:
    return Scene(cloud, new_image(cloud))


def locked_mkfs_pers(cloud: Cloud) -> Scene:
    return Scene(cloud, new_image(cloud, persistent=True))


def locked_cp(cloud: Cloud) -> Scene:
    return Scene(cloud, cloud.image.allocate("NAME=image\nTYPE=OS\nPATH=/path", IMAGES))


def locked_clone(cloud: Cloud, *, persistent: bool = False) -> Scene:
    source = ready_image(cloud, persistent=persistent)
    return Scene(cloud, clone_of(cloud, source), source=source)


def locked_clone_pers(cloud: Cloud) -> Scene:
    return locked_clone(cloud, persistent=True)


def locked_saveas_mkfs(cloud: Cloud) -> Scene:
    # When this was recorded, the transfer driver answered at once.
    cloud.plan("success", "SAVEAS")
    source = ready_image(cloud)
    vm = running_machine_on(cloud, source)
    return Scene(cloud, save_disk(cloud, vm), vm, source=source)


def locked_saveas_tm(cloud: Cloud) -> Scene:
    source = ready_image(cloud)
    vm = running_machine_on(cloud, source)
    target = save_disk(cloud, vm)
    cloud.complete("MKFS", target)
    return Scene(cloud, target, vm, source=source)


def locked_snapdel(cloud: Cloud) -> Scene:
    image = image_with_snapshots(cloud)
    cloud.image.snapshotdelete(image, 0)
    return Scene(cloud, image)


def locked_snaprevert(cloud: Cloud) -> Scene:
    image = image_with_snapshots(cloud)
    cloud.image.snapshotrevert(image, 0)
    return Scene(cloud, image)


def locked_snapflat(cloud: Cloud) -> Scene:
    image = image_with_snapshots(cloud)
    cloud.image.snapshotflatten(image, 0)
    return Scene(cloud, image)


def lup_snapdel(cloud: Cloud) -> Scene:
    image = image_with_snapshots(cloud)
    cloud.image.snapshotdelete(image, 0)
    return Scene(cloud, image, machine_on(cloud, image))


def ready(cloud: Cloud) -> Scene:
    return Scene(cloud, ready_image(cloud))


def ready_pers(cloud: Cloud) -> Scene:
    return Scene(cloud, ready_image(cloud, persistent=True))


def ready_snaps(cloud: Cloud) -> Scene:
    return Scene(cloud, image_with_snapshots(cloud))


def ready_cdrom(cloud: Cloud) -> Scene:
    return Scene(cloud, uploaded_image(cloud, "CDROM"))


def ready_kernel(cloud: Cloud) -> Scene:
    return Scene(cloud, uploaded_image(cloud, "KERNEL", FILES))


def used_vm(cloud: Cloud) -> Scene:
    image = ready_image(cloud)
    return Scene(cloud, image, machine_on(cloud, image))


def used_vm_running(cloud: Cloud) -> Scene:
    image = ready_image(cloud)
    return Scene(cloud, image, running_machine_on(cloud, image))


def used_clone(cloud: Cloud) -> Scene:
    image = ready_image(cloud)
    return Scene(cloud, image, target=clone_of(cloud, image))


def used_vm_clone(cloud: Cloud) -> Scene:
    image = ready_image(cloud)
    return Scene(cloud, image, machine_on(cloud, image), target=clone_of(cloud, image))


def used_2clones(cloud: Cloud) -> Scene:
    image = ready_image(cloud)
    clone_of(cloud, image)
    return Scene(cloud, image, target=clone_of(cloud, image))


def used_pers(cloud: Cloud) -> Scene:
    image = ready_image(cloud, persistent=True)
    return Scene(cloud, image, machine_on(cloud, image))


def used_pers_running(cloud: Cloud) -> Scene:
    image = ready_image(cloud, persistent=True)
    return Scene(cloud, image, running_machine_on(cloud, image))


def used_pers_snaps(cloud: Cloud) -> Scene:
    image = image_with_snapshots(cloud)
    return Scene(cloud, image, machine_on(cloud, image))


def used_pers_share(cloud: Cloud) -> Scene:
    image = ready_image(cloud, persistent=True, more="PERSISTENT_TYPE=SHAREABLE")
    return Scene(cloud, image, machine_on(cloud, image), machine_on(cloud, image))


def lup_share(cloud: Cloud) -> Scene:
    image = new_image(cloud, persistent=True, more="PERSISTENT_TYPE=SHAREABLE")
    return Scene(cloud, image, machine_on(cloud, image), machine_on(cloud, image))


def clone(cloud: Cloud) -> Scene:
    image = ready_image(cloud, persistent=True)
    return Scene(cloud, image, target=clone_of(cloud, image))


def clone2(cloud: Cloud) -> Scene:
    image = ready_image(cloud, persistent=True)
    clone_of(cloud, image)
    return Scene(cloud, image, target=clone_of(cloud, image))


def disabled(cloud: Cloud, *, persistent: bool = False) -> Scene:
    image = ready_image(cloud, persistent=persistent)
    cloud.image.enable(image, False)
    return Scene(cloud, image)


def disabled_pers(cloud: Cloud) -> Scene:
    return disabled(cloud, persistent=True)


def error_nosrc(cloud: Cloud) -> Scene:
    image = new_image(cloud)
    cloud.fail("MKFS", image)
    return Scene(cloud, image)


def error_src(cloud: Cloud) -> Scene:
    image = ready_image(cloud)
    cloud.image.delete(image)
    cloud.fail("RM", image)
    return Scene(cloud, image)


def error_vms(cloud: Cloud) -> Scene:
    scene = locked_used_2(cloud)
    cloud.fail("MKFS", scene.image)
    return scene


def error_vms_pers(cloud: Cloud) -> Scene:
    scene = locked_used_pers(cloud)
    cloud.fail("MKFS", scene.image)
    return scene


def disabled_vms(cloud: Cloud) -> Scene:
    scene = error_vms(cloud)
    cloud.image.enable(scene.image, False)
    return scene


def ready_vms(cloud: Cloud) -> Scene:
    scene = disabled_vms(cloud)
    cloud.image.enable(scene.image, True)
    return scene


def delete(cloud: Cloud, *, force: bool = False) -> Scene:
    image = ready_image(cloud)
    cloud.image.delete(image, force)
    return Scene(cloud, image)


def delete_force(cloud: Cloud) -> Scene:
    return delete(cloud, force=True)


def locked_used(cloud: Cloud) -> Scene:
    image = new_image(cloud)
    return Scene(cloud, image, machine_on(cloud, image))


def locked_used_clone(cloud: Cloud) -> Scene:
    scene = locked_clone(cloud)
    scene.vm = machine_on(cloud, scene.image)
    return scene


def locked_used_2(cloud: Cloud) -> Scene:
    image = new_image(cloud)
    return Scene(cloud, image, machine_on(cloud, image), machine_on(cloud, image))


def locked_used_hold(cloud: Cloud) -> Scene:
    image = new_image(cloud)
    return Scene(cloud, image, machine_on(cloud, image, hold=True))


def locked_used_pers(cloud: Cloud) -> Scene:
    image = new_image(cloud, persistent=True)
    return Scene(cloud, image, machine_on(cloud, image))


def locked_2imgs(cloud: Cloud) -> Scene:
    image, other = new_image(cloud), new_image(cloud)
    return Scene(cloud, image, machine_on(cloud, image, other), other=other)


def backup_ready(cloud: Cloud) -> Scene:
    vm = running_machine_on(cloud, ready_image(cloud))
    image = cloud.images.next_id
    cloud.vm.backup(vm, backup_datastore(cloud))
    return Scene(cloud, image, vm)


SITUATIONS: dict[str, Callable[[Cloud], Scene]] = {
    situation.__name__: situation
    for situation in (
        locked_mkfs,
        locked_mkfs_pers,
        locked_cp,
        locked_clone,
        locked_clone_pers,
        locked_saveas_mkfs,
        locked_saveas_tm,
        locked_snapdel,
        locked_snaprevert,
        locked_snapflat,
        lup_snapdel,
        ready,
        ready_pers,
        ready_snaps,
        ready_cdrom,
        ready_kernel,
        used_vm,
        used_vm_running,
        used_clone,
        used_vm_clone,
        used_2clones,
        used_pers,
        used_pers_running,
        used_pers_snaps,
        used_pers_share,
        lup_share,
        clone,
        clone2,
        disabled,
        disabled_pers,
        error_nosrc,
        error_src,
        error_vms,
        error_vms_pers,
        disabled_vms,
        ready_vms,
        delete,
        delete_force,
        locked_used,
        locked_used_clone,
        locked_used_2,
        locked_used_hold,
        locked_used_pers,
        locked_2imgs,
        backup_ready,
    )
}
"""How each situation is reached, by its recorded name."""


# The events

CALLS: dict[str, Callable[[Scene], tuple[Any, ...]]] = {
    "enable": lambda on: ("image.enable", on.image, True),
    "disable": lambda on: ("image.enable", on.image, False),
    "persistent": lambda on: ("image.persistent", on.image, True),
    "nonpersistent": lambda on: ("image.persistent", on.image, False),
    "clone": lambda on: ("image.clone", on.image, "copy"),
    "delete": lambda on: ("image.delete", on.image),
    "delete-force": lambda on: ("image.delete", on.image, True),
    "src-delete": lambda on: ("image.delete", on.source),
    "tgt-delete-force": lambda on: ("image.delete", on.target, True),
    "rename": lambda on: ("image.rename", on.image, "renamed"),
    "update": lambda on: ("image.update", on.image, "A=B", 1),
    "chtype-OS": lambda on: ("image.chtype", on.image, "OS"),
    "chtype-CDROM": lambda on: ("image.chtype", on.image, "CDROM"),
    "chtype-KERNEL": lambda on: ("image.chtype", on.image, "KERNEL"),
    "chmod": lambda on: ("image.chmod", on.image, 1, 1, 0, 1, 0, 0, 0, 0, 0),
    "chown": lambda on: ("image.chown", on.image, 0, 0),
    "lock": lambda on: ("image.lock", on.image, 1),
    "unlock": lambda on: ("image.unlock", on.image),
    "snapdel-0": lambda on: ("image.snapshotdelete", on.image, 0),
    "snapdel-1": lambda on: ("image.snapshotdelete", on.image, 1),
    "snaprevert-0": lambda on: ("image.snapshotrevert", on.image, 0),
    "snaprevert-1": lambda on: ("image.snapshotrevert", on.image, 1),
    "snapflatten-0": lambda on: ("image.snapshotflatten", on.image, 0),
    "vm-allocate": lambda on: (
        "vm.allocate",
        f"CPU=0.1\nMEMORY=64\nDISK=[IMAGE_ID={on.image}]",
    ),
    "vm-attach": lambda on: (
        "vm.attach",
        running_machine_on(on.cloud),
        f"DISK=[IMAGE_ID={on.image}]",
    ),
    "vm-deploy": lambda on: ("vm.deploy", on.vm, HOST),
    "vm-terminate": lambda on: ("vm.action", "terminate-hard", on.vm),
    "vm2-terminate": lambda on: ("vm.action", "terminate-hard", on.vm2),
    "vm-recover-retry": lambda on: ("vm.recover", on.vm, RETRY),
    "vm-recover-delete": lambda on: ("vm.recover", on.vm, DELETE),
    "vm-recover-delete-db": lambda on: ("vm.recover", on.vm, DELETE_DB),
}
"""The call that each event is; the others are answers of drivers."""

ANSWER = re.compile(r"(drv|tgt|drv-tgt|other|tm)-(?:([A-Z_]+)-)?(ok|fail)(-\w+)?")
PAYLOADS = {
    "-empty": "",
    "-nofmt": "/ds/new",
    "-dash": "-",
    "CP-ok": "/ds/new raw",
    "CLONE-ok": "/ds/new raw",
    "MKFS-ok": "/ds/new",
}


def happen(event: str, on: Scene) -> str:
    """Have an event happen; give the code and the message of a refusal, or ""."""
    if event in CALLS:
        method, *params = CALLS[event](on)
        reply = on.cloud.call(f"one.{method}", *params)
        return "" if reply.ok else f"0x{reply.code:04x} {reply.value}"
    found = ANSWER.fullmatch(event)
    assert found is not None, event
    whose, action, how, variant = found.groups()
    if whose == "tm":
        on.cloud.answer("SAVEAS", on.vm, ok=how == "ok")
        return ""
    image = {"drv": on.image, "drv-tgt": on.target, "other": on.other}[whose]
    usual = "" if how == "ok" else "why"
    payload = PAYLOADS.get(variant or "", PAYLOADS.get(f"{action}-{how}", usual))
    on.cloud.answer(action, image, ok=how == "ok", payload=payload)
    return ""


def played(situation: str, event: str) -> Record:
    """Reach a situation, have an event happen, and write down all that is recorded."""
    on = SITUATIONS[situation](Cloud(journal=False))
    asked: list[Request] = []
    on.cloud.observers.append(lambda kind, one, _: asked.append(one) if kind == "asked" else None)
    before, cast = shown_image(on.cloud, on.image), on.cast()
    refusal = happen(event, on)
    moved = tuple(
        f"{name}: {cast[name]}->{shown}" for name, shown in on.cast().items() if shown != cast[name]
    )
    requests = tuple(
        one.action if one.id == on.image else f"{one.action}:{one.id}"
        for one in asked
        if one.role == "ds"
    )
    record = Record(
        event, before, shown_image(on.cloud, on.image), refusal, requests, tuple(sorted(moved))
    )
    return nameless(record, on)


def nameless(record: Record, on: Scene) -> Record:
    """Take the ids and the name of this scene, and no others, out of a record."""
    image = on.cloud.images.get(on.image)
    name = "" if image is None else image.name
    ours = [
        (f"mage {on.image} ({name})", "mage N"),
        (f"mage {on.image},", "mage N,"),
        (f"VM {on.vm}", "VM N"),
        (f"<-{on.source}", "<-SOURCE"),
        (f"CLONE:{on.cloud.images.next_id - 1}", "CLONE:COPY"),
    ]
    if on.target != -1:
        ours.append((f"<-{on.image}", "<-SOURCE"))

    def change(text: str) -> str:
        for old, new in ours:
            text = text.replace(old, new)
        return text

    return replaced(record, change)


def without_names(text: str) -> str:
    """Take any ids and names out of a recorded text."""
    for pattern, word in NAMES:
        text = pattern.sub(word, text)
    return text


def replaced(record: Record, change: Callable[[str], str]) -> Record:
    """Change every text of a record."""
    return Record(
        record.event,
        change(record.before),
        change(record.after),
        change(record.refusal),
        tuple(map(change, record.requests)),
        tuple(map(change, record.moved)),
    )


def read() -> dict[str, list[Record]]:
    """Give the recorded lines by situation."""
    found = defaultdict(list)
    for line in lzma.decompress(RECORDS.read_bytes()).decode().splitlines():
        match = LINE.fullmatch(line.rstrip())
        assert match is not None, line
        situation, event, before, after, rest = match.groups()
        rest = rest or ""
        refused = REFUSED.match(rest)
        asked = REQUESTS.search(rest)
        moved = [] if refused else MOVED.findall(rest)
        assert refused or not REQUESTS.sub("", MOVED.sub("", rest)).strip(), line
        record = Record(
            event,
            before,
            after.strip(),
            f"{refused[1]} {refused[2]}" if refused else "",
            tuple(one.strip(" '") for one in asked[1].split(",")) if asked else (),
            tuple(sorted(f"{who}: {old}->{new.strip()}" for who, old, new in moved)),
        )
        found[situation].append(replaced(record, without_names))
    return found


RECORDED = read()


@pytest.mark.parametrize("situation", RECORDED)
def test_every_event_does_to_a_situation_what_was_recorded(situation: str) -> None:
    records = RECORDED[situation]
    assert [played(situation, record.event) for record in records] == records


def test_every_recorded_line_is_played() -> None:
    assert set(RECORDED) == set(SITUATIONS)
    assert sum(len(records) for records in RECORDED.values()) == 2120
