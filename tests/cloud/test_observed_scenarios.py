"""A cloud tells every recorded story, line by line.

Each story is played here, and writes the lines that the recording wrote: how a
call was answered, and how images and machines stood after a step. The ids of
images and machines are compared by their order of appearance.
"""

from __future__ import annotations

import lzma
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lifecycle import Cloud
from tests.cloud.histories import (
    DELETE,
    SUCCESS,
    attach,
    clone_of,
    image_with_snapshots,
    machine_on,
    new_image,
    ready_image,
    running_machine_on,
    save_disk,
    shown_machine,
)

if TYPE_CHECKING:
    from collections.abc import Callable

RECORDS = Path(__file__).parent.parent / "data" / "observed" / "scenarios.txt.xz"

NOT_PLAYED = {
    "what the driver is asked (RM payload IMAGE state)": (
        "a request of the simulator names an action and an image, and carries no document"
    ),
}
"""What was recorded and is not played, and why not."""

IMAGE_IDS = re.compile(r"(?<=mage )\d+|(?<=IMAGE \[)\d+|(?<=img-)\d+")
MACHINE_IDS = re.compile(r"(?<=vms\[)[\d, ]+")


class Story:
    """A cloud, and what was written about it."""

    def __init__(self) -> None:
        self.cloud = Cloud(journal=False)
        self.lines: list[str] = []

    def show(self, label: str, *images: int, vms: tuple[int, ...] = ()) -> None:
        """Write how images and machines stand."""
        parts = [self._image(image) for image in images]
        parts += [f"vm {shown_machine(self.cloud, vm)}" for vm in vms]
        self.lines.append(f"{label} {' | '.join(parts)}".strip())

    def _image(self, number: int) -> str:
        image = self.cloud.images.get(number)
        if image is None:
            return "gone"
        shown = f"{image.state.name} r{image.running_vms} c{image.cloning_ops}"
        shown += f" vms[{', '.join(map(str, sorted(image.vms)))}]"
        shown += " P" if image.is_persistent else ""
        return f"{shown} src={image.source}" if image.source else f"{shown} nosrc"

    def call(self, label: str, method: str, *params: object) -> None:
        """Make a call, and write how it was answered."""
        reply = self.cloud.call(f"one.{method}", *params)
        answer = "ok" if reply.ok else f"refused 0x{reply.code:04x} {reply.value}"
        self.lines.append(f"{label}: {answer}" if label else answer)

    def enable(self, image: int) -> None:
        self.cloud.image.enable(image, True)

    def terminate(self, vm: int) -> None:
        self.cloud.vm.action("terminate-hard", vm)


STORIES: dict[str, Callable[[Story], None]] = {}


def story(title: str) -> Callable[[Callable[[Story], None]], Callable[[Story], None]]:
    """Name the recorded story that a function plays."""

    def note(play: Callable[[Story], None]) -> Callable[[Story], None]:
        STORIES[title] = play
        return play

    return note


def waiting(of: Story) -> tuple[int, int, int]:
    """Create a machine on two LOCKED images."""
    first, second = new_image(of.cloud), new_image(of.cloud)
    return first, second, machine_on(of.cloud, first, second)


@story("a VM on two LOCKED images: one fails, the other succeeds, then enable")
def one_fails(of: Story) -> None:
    a, b, vm = waiting(of)
    of.show("start", a, b, vms=(vm,))
    of.cloud.fail("MKFS", a)
    of.show("A fails", a, b, vms=(vm,))
    of.cloud.complete("MKFS", b)
    of.show("B succeeds", a, b, vms=(vm,))
    of.enable(a)
    of.show("enable A", a, b, vms=(vm,))


@story("the same, enable A before B answers; then B fails / succeeds")
def enabled_before_the_other_answers(of: Story) -> None:
    a, b, vm = waiting(of)
    of.cloud.fail("MKFS", a)
    of.enable(a)
    of.show("A failed, enabled", a, b, vms=(vm,))
    of.cloud.complete("MKFS", b)
    of.show("B succeeds", a, b, vms=(vm,))


@story("both succeed")
def both_succeed(of: Story) -> None:
    a, b, vm = waiting(of)
    of.cloud.complete("MKFS", a)
    of.show("A ok", a, b, vms=(vm,))
    of.cloud.complete("MKFS", b)
    of.show("B ok", a, b, vms=(vm,))


@story("both fail, enable one after the other")
def both_fail(of: Story) -> None:
    a, b, vm = waiting(of)
    of.cloud.fail("MKFS", a)
    of.cloud.fail("MKFS", b)
    of.show("both failed", a, b, vms=(vm,))
    of.enable(a)
    of.show("enable A", a, b, vms=(vm,))
    of.enable(b)
    of.show("enable B", a, b, vms=(vm,))


@story("VM held at creation")
def held_at_creation(of: Story) -> None:
    image = new_image(of.cloud)
    vm = machine_on(of.cloud, image, hold=True)
    of.show("start", image, vms=(vm,))
    of.cloud.complete("MKFS", image)
    of.show("MKFS ok", image, vms=(vm,))


@story("terminate after enable of an ERROR image")
def no_source(of: Story) -> None:
    image = new_image(of.cloud)
    vm = machine_on(of.cloud, image)
    of.cloud.fail("MKFS", image)
    of.enable(image)
    of.show("enabled", image, vms=(vm,))
    of.call("deploy", "vm.deploy", vm, 0)
    of.show("deployed (no SOURCE)", image, vms=(vm,))
    of.call("terminate-hard", "vm.action", "terminate-hard", vm)
    of.show("terminated", image, vms=(vm,))


@story("terminate in CLONING_FAILURE, then enable: the VM stays in VMS")
def ghost(of: Story) -> None:
    image = new_image(of.cloud)
    vm = machine_on(of.cloud, image)
    of.cloud.fail("MKFS", image)
    of.terminate(vm)
    of.show("terminated", image, vms=(vm,))
    of.enable(image)
    of.show("enabled", image, vms=(vm,))
    of.call("delete", "image.delete", image)
    of.call("a new VM", "vm.allocate", f"CPU=0.1\nMEMORY=64\nDISK=[IMAGE_ID={image}]")
    of.show("", image)


@story("two VMs wait, MKFS fails, the image is made persistent in ERROR, enabled: USED_PERS by two")
def persistent_by_two(of: Story) -> None:
    image = new_image(of.cloud)
    vms = machine_on(of.cloud, image), machine_on(of.cloud, image)
    of.cloud.fail("MKFS", image)
    of.call("persistent", "image.persistent", image, True)
    of.enable(image)
    of.show("enabled", image, vms=vms)


@story("one VM waits, persistent image, MKFS fails, made non persistent, enabled")
def no_longer_persistent(of: Story) -> None:
    image = new_image(of.cloud, persistent=True)
    vm = machine_on(of.cloud, image)
    of.cloud.fail("MKFS", image)
    of.cloud.image.persistent(image, False)
    of.enable(image)
    of.show("enabled", image, vms=(vm,))


@story("delete of an ERROR image that VMs hold")
def deleted_while_held(of: Story) -> None:
    image = new_image(of.cloud)
    vm = machine_on(of.cloud, image)
    of.cloud.fail("MKFS", image)
    of.call("delete", "image.delete", image)
    of.show("deleted", image, vms=(vm,))
    of.call("terminate", "vm.action", "terminate", vm)
    of.show("terminated", image, vms=(vm,))


@story("the image of a running VM gets ERROR by a late failure; VM ends; enable")
def late_failure(of: Story) -> None:
    image = ready_image(of.cloud)
    vm = running_machine_on(of.cloud, image)
    of.cloud.answer("CP", image, ok=False, unasked=True)
    of.show("late CP FAILURE", image, vms=(vm,))
    of.terminate(vm)
    of.show("VM terminated", image, vms=(vm,))
    of.enable(image)
    of.show("enabled", image)


@story("RM asked twice, first FAILURE, enable, a VM, second SUCCESS")
def removed_while_in_use(of: Story) -> None:
    image = ready_image(of.cloud)
    of.cloud.image.delete(image)
    of.cloud.image.delete(image)
    of.cloud.fail("RM", image)
    of.enable(image)
    vm = running_machine_on(of.cloud, image)
    of.show("in use", image, vms=(vm,))
    of.cloud.complete("RM", image)
    of.show("second RM ok", image, vms=(vm,))
    of.call("terminate", "vm.action", "terminate", vm)
    of.show("VM terminated", image, vms=(vm,))


@story(
    "a refused delete --force leaves FORCE_DELETE: a later RM failure counts as success;"
    " a clone inherits it"
)
def force_stays(of: Story) -> None:
    image = ready_image(of.cloud)
    vm = machine_on(of.cloud, image)
    of.call("delete force", "image.delete", image, True)
    of.lines.append(f"FORCE_DELETE: {of.cloud.images[image].template['FORCE_DELETE']}")
    copy = clone_of(of.cloud, image)
    assert of.cloud.images[copy].template["FORCE_DELETE"] == "YES"
    of.cloud.complete("CLONE", copy)
    of.terminate(vm)
    of.call("delete", "image.delete", image)
    of.cloud.fail("RM", image)
    of.show("RM FAILURE", image)


@story(
    "force delete of a LOCKED image with SOURCE (snapshot operation): RM, then the late "
    "snapshot answer"
)
def force_during_a_snapshot_operation(of: Story) -> None:
    image = image_with_snapshots(of.cloud)
    of.cloud.image.snapshotdelete(image, 0)
    of.call("delete force", "image.delete", image, True)
    of.show("DELETE", image)
    of.cloud.complete("SNAP_DELETE", image)
    of.show("late SNAP_DELETE ok", image)
    of.cloud.complete("RM", image)
    of.show("RM ok", image)


@story("saveas: VM recovered (delete) while the MKFS is out, then MKFS ok")
def wiped_while_saving(of: Story) -> None:
    source = ready_image(of.cloud)
    vm = running_machine_on(of.cloud, source)
    target = save_disk(of.cloud, vm)
    of.cloud.vm.recover(vm, DELETE)
    of.show("VM deleted", target, source, vms=(vm,))
    of.cloud.complete("MKFS", target)
    of.show("MKFS ok", target, source, vms=(vm,))


def saving_with_a_machine_on_the_target(of: Story) -> tuple[int, int, int, int]:
    """Save the disk of a machine in POWEROFF, and create another one on the new image."""
    source = ready_image(of.cloud)
    vm = running_machine_on(of.cloud, source)
    of.cloud.vm.action("poweroff", vm)
    target = save_disk(of.cloud, vm)
    return target, source, vm, machine_on(of.cloud, target)


@story("saveas of a stopped (POWEROFF) VM, a VM instantiated on the target")
def saved_while_waited_for(of: Story) -> None:
    target, source, vm, other = saving_with_a_machine_on_the_target(of)
    of.show("target instantiated", target, source, vms=(vm, other))
    of.cloud.complete("MKFS", target)
    of.show("MKFS ok", target, vms=(vm, other))
    of.cloud.complete("SAVEAS", vm)
    of.show("TRANSFER ok", target, vms=(vm, other))


@story("the same, TRANSFER fails")
def not_saved_while_waited_for(of: Story) -> None:
    target, _, vm, other = saving_with_a_machine_on_the_target(of)
    of.cloud.complete("MKFS", target)
    of.cloud.fail("SAVEAS", vm)
    of.show("TRANSFER failed", target, vms=(vm, other))


def twice(image: int) -> str:
    """Give the template of a machine that has an image in two disks."""
    return f"CPU=0.1\nMEMORY=64\nDISK=[IMAGE_ID={image}]\nDISK=[IMAGE_ID={image}]"


@story("CDROM and same image twice in one VM")
def same_image_twice(of: Story) -> None:
    image = ready_image(of.cloud)
    of.call("twice, non persistent", "vm.allocate", twice(image))
    of.show("", image)
    image = ready_image(of.cloud, persistent=True)
    of.call("twice, persistent", "vm.allocate", twice(image))
    of.show("", image)


@story("twice in one VM, terminate")
def terminated_with_an_image_twice(of: Story) -> None:
    image = ready_image(of.cloud)
    vm = machine_on(of.cloud, image, image)
    of.show("start", image, vms=(vm,))
    of.terminate(vm)
    of.show("terminated", image, vms=(vm,))


def refused_beside(of: Story, good: int) -> None:
    """Have a machine refused for its second image, which is in ERROR."""
    bad = new_image(of.cloud)
    of.cloud.fail("MKFS", bad)
    disks = f"DISK=[IMAGE_ID={good}]\nDISK=[IMAGE_ID={bad}]"
    of.call("", "vm.allocate", f"CPU=0.1\nMEMORY=64\n{disks}")
    of.show("", good, bad)


@story("VM allocate with a good and a refused image: roll back of the first")
def rolled_back(of: Story) -> None:
    refused_beside(of, ready_image(of.cloud))


@story("the same, the first LOCKED")
def rolled_back_to_locked(of: Story) -> None:
    refused_beside(of, new_image(of.cloud))


def failed_on(of: Story, action: str, state: str) -> tuple[int, int]:
    """Have the transfer of a machine's persistent disk fail, and show it."""
    image = ready_image(of.cloud, persistent=True)
    of.cloud.rule("tm", action, "failure")
    vm = running_machine_on(of.cloud, image)
    if of.cloud.vms[vm].state.name == "RUNNING":
        of.terminate(vm)
    of.cloud.rule("tm", action, "default")
    of.show(state, image, vms=(vm,))
    return image, vm


@story("epilog fails on a persistent disk; recover success / delete")
def epilog_fails(of: Story) -> None:
    image, vm = failed_on(of, "TRANSFER.epilog", "EPILOG_FAILURE")
    of.cloud.vm.recover(vm, SUCCESS)
    of.show("recover success", image, vms=(vm,))
    image, vm = failed_on(of, "TRANSFER.epilog", "EPILOG_FAILURE")
    of.cloud.vm.recover(vm, DELETE)
    of.show("recover delete", image, vms=(vm,))


@story("prolog fails on a persistent disk; recover delete")
def prolog_fails(of: Story) -> None:
    image, vm = failed_on(of, "TRANSFER.prolog", "PROLOG_FAILURE")
    of.cloud.vm.recover(vm, DELETE)
    of.show("recover delete", image, vms=(vm,))


@story("deploy (boot) fails on a persistent disk; terminate-hard")
def boot_fails(of: Story) -> None:
    image = ready_image(of.cloud, persistent=True)
    of.cloud.rule("vmm", "DEPLOY", "failure")
    vm = running_machine_on(of.cloud, image)
    of.show("BOOT_FAILURE", image, vms=(vm,))
    of.call("", "vm.action", "terminate-hard", vm)
    of.show("terminate-hard", image, vms=(vm,))


@story("detach of a persistent disk: failure, success; recover delete while HOTPLUG")
def wiped_in_hotplug(of: Story) -> None:
    image = ready_image(of.cloud, persistent=True)
    vm = running_machine_on(of.cloud)
    attach(of.cloud, vm, image)
    of.show("attached", image, vms=(vm,))
    of.cloud.rule("vmm", "DETACHDISK", "hold")
    of.cloud.vm.detach(vm, 0)
    of.cloud.vm.recover(vm, DELETE)
    of.show("recover delete in HOTPLUG (detach)", image, vms=(vm,))
    image = ready_image(of.cloud, persistent=True)
    vm = running_machine_on(of.cloud)
    of.cloud.rule("vmm", "ATTACHDISK", "hold")
    attach(of.cloud, vm, image)
    of.cloud.vm.recover(vm, DELETE)
    of.show("recover delete in HOTPLUG (attach)", image, vms=(vm,))


@story("TRANSFER failure during attach in POWEROFF, persistent")
def transfer_fails_in_poweroff(of: Story) -> None:
    image = ready_image(of.cloud, persistent=True)
    vm = running_machine_on(of.cloud)
    of.cloud.vm.action("poweroff", vm)
    of.cloud.rule("tm", "TRANSFER", "failure")
    of.call("", "vm.attach", vm, f"DISK=[IMAGE_ID={image}]")
    of.show("attach failed", image, vms=(vm,))
    of.cloud.rule("tm", "TRANSFER", "default")
    attach(of.cloud, vm, image)
    of.cloud.rule("tm", "TRANSFER", "failure")
    of.call("", "vm.detach", vm, 0)
    of.show("detach failed", image, vms=(vm,))


@story("clone target: VM waits, clone fails")
def clone_fails(of: Story) -> None:
    source = ready_image(of.cloud)
    target = clone_of(of.cloud, source)
    vm = machine_on(of.cloud, target)
    of.show("start", source, target, vms=(vm,))
    of.cloud.fail("CLONE", target)
    of.show("CLONE failed", source, target, vms=(vm,))
    of.enable(target)
    of.show("enabled", source, target, vms=(vm,))


@story("clone source turned ERROR by a late failure while cloning; CLONE ok: cloning count stays")
def clone_stays_counted(of: Story) -> None:
    source = ready_image(of.cloud)
    target = clone_of(of.cloud, source)
    of.cloud.answer("CP", source, ok=False, unasked=True)
    of.show("source ERROR", source, target)
    of.cloud.complete("CLONE", target)
    of.show("CLONE ok", source, target)
    of.enable(source)
    of.show("enabled", source)
    of.call("delete", "image.delete", source)
    of.show("", source)


@story("non persistent USED by a VM and a clone; last of either releases; made persistent between")
def machine_and_clone(of: Story) -> None:
    image = ready_image(of.cloud)
    vm, copy = machine_on(of.cloud, image), clone_of(of.cloud, image)
    of.terminate(vm)
    of.show("VM gone", image)
    of.call("persistent", "image.persistent", image, True)
    of.cloud.complete("CLONE", copy)
    of.show("clone done", image)


@story("restart with a LOCKED_USED image")
def restart(of: Story) -> None:
    image = new_image(of.cloud)
    vm = machine_on(of.cloud, image)
    of.show("before", image, vms=(vm,))
    of.cloud = Cloud.from_json(of.cloud.to_json())
    of.show("after restart", image, vms=(vm,))
    of.cloud.answer("MKFS", image, payload="/ds/x", unasked=True)
    of.show("late MKFS ok", image, vms=(vm,))


@story("image.restore on what is not there or not a backup, user without rights")
def without_rights(of: Story) -> None:
    cloud = of.cloud
    of.call("", "image.restore", 999, 1, "")
    image = ready_image(cloud)
    of.call("", "image.restore", image, 1, "")
    cloud.user.allocate("bob", "secret")

    def as_bob(method: str, *params: object) -> tuple[Any, ...]:
        reply = cloud.call(f"one.{method}", *params, session="bob:secret")
        return ("ok", reply.value) if reply.ok else ("refused", reply.code, reply.value)

    of.lines += [
        f"as bob: info {as_bob('image.info', image)}",
        f"restore {as_bob('image.restore', image, 1, '')}",
        f"delete {as_bob('image.delete', image)}",
        f"enable {as_bob('image.enable', image, True)}",
    ]
    image = new_image(cloud)
    plain, forced = as_bob("image.delete", image), as_bob("image.delete", image, True)
    of.lines.append(
        f"bob deletes a LOCKED image of oneadmin: no force {plain} force {forced}"
        f" FORCE_DELETE now {cloud.images[image].template['FORCE_DELETE']}"
    )


def read() -> dict[str, list[str]]:
    """Give the recorded lines by the title of their story, with single spaces."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in lzma.decompress(RECORDS.read_bytes()).decode().splitlines():
        if line.startswith("== "):
            lines = found[line[3:].strip()] = []
        elif line.strip():
            lines.append(" ".join(line.split()))
    return found


def renumbered(lines: list[str]) -> list[str]:
    """Replace the ids of images, and those of machines, by their order of appearance."""
    images: dict[str, int] = {}
    machines: dict[str, int] = {}

    def all_machines(found: re.Match[str]) -> str:
        ids = [machines.setdefault(one, len(machines)) for one in found[0].split(", ")]
        return ", ".join(map(str, ids))

    return [
        MACHINE_IDS.sub(
            all_machines,
            IMAGE_IDS.sub(lambda found: str(images.setdefault(found[0], len(images))), line),
        )
        for line in lines
    ]


RECORDED = read()


@pytest.mark.parametrize("title", STORIES)
def test_a_story_is_told_as_it_was_recorded(title: str) -> None:
    of = Story()
    STORIES[title](of)
    assert renumbered(of.lines) == renumbered(RECORDED[title])


def test_every_recorded_story_is_told() -> None:
    assert set(RECORDED) == set(STORIES) | set(NOT_PLAYED)
