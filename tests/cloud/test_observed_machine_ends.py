"""A machine ends as was recorded, from every state and by every way out of it.

The machine has a disk of an image and one of a persistent image, and it is the
persistent one that is looked at. Most recorded lines give one outcome: then
every history that leads into the state has it. Where a line gives alternatives,
the recording saw several situations of one name (a driver that fails or does
not answer, a disk that had been detached): then each history has one of them,
and together they have all.
"""

from __future__ import annotations

import lzma
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lifecycle import Cloud
from tests.cloud.histories import (
    DELETE,
    DELETE_DB,
    FAILURE,
    HOST,
    RECREATE,
    RETRY,
    SUCCESS,
    attach,
    machine_on,
    ready_image,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.cloud.drivers import Outcome, Role

RECORDS = Path(__file__).parent.parent / "data" / "observed" / "machine-ends.txt.xz"


class Scene:
    """A machine in PENDING on an image and on a persistent one."""

    def __init__(self) -> None:
        self.cloud = Cloud(journal=False)
        self.image = ready_image(self.cloud)
        self.persistent = ready_image(self.cloud, persistent=True)
        self.vm = machine_on(self.cloud, self.image, self.persistent)

    def deploy(self) -> None:
        self.cloud.vm.deploy(self.vm, HOST)

    def act(self, *words: str) -> None:
        for word in words:
            self.cloud.vm.action(word, self.vm)

    @property
    def state(self) -> str:
        return self.cloud.vms[self.vm].state.name

    @property
    def has_image(self) -> bool:
        return self.vm in self.cloud.images[self.persistent].vms


@dataclass(frozen=True)
class Pending:
    """How a machine gets into a state that waits for a driver.

    Attributes:
        words: the actions before, once the machine runs; none: it does not run yet.
        role, action: what the driver is asked for.
        call: what has it asked; an action of the machine, "deploy" or a call with a disk.
        fails: whether the driver fails, and does well afterwards; else it does not answer.
    """

    words: tuple[str, ...] | None
    role: Role
    action: str
    call: str
    fails: bool = False

    def __call__(self, on: Scene) -> None:
        if self.words is not None:
            on.deploy()
            on.act(*self.words)
        on.cloud.rule(self.role, self.action, "failure" if self.fails else "hold")
        if self.call == "deploy":
            on.deploy()
        elif self.call == "attach":
            attach(on.cloud, on.vm, on.image)
        elif self.call == "detach":
            on.cloud.vm.detach(on.vm, 1)
        elif self.call == "snapshot":
            on.cloud.vm.disksnapshotcreate(on.vm, 0, "snapshot")
        else:
            on.act(self.call)
        if self.fails:
            on.cloud.rule(self.role, self.action, "default")


def pending(on: Scene) -> None:
    assert on.state == "PENDING"


def running(on: Scene) -> None:
    on.deploy()


def running_after(*words: str) -> Callable[[Scene], None]:
    def into(on: Scene) -> None:
        on.deploy()
        on.act(*words)

    return into


def running_with(role: Role, action: str, mode: Outcome) -> Callable[[Scene], None]:
    def into(on: Scene) -> None:
        on.deploy()
        on.cloud.rule(role, action, mode)

    return into


def detached(*words: str) -> Callable[[Scene], None]:
    def into(on: Scene) -> None:
        on.deploy()
        on.act(*words)
        on.cloud.vm.detach(on.vm, 1)

    return into


def _with_failure(state: str, into: Pending) -> dict[str, list[Callable[[Scene], None]]]:
    return {state: [into], f"{state}_FAILURE": [replace(into, fails=True)]}


WAYS_IN: dict[str, list[Callable[[Scene], None]]] = {
    "PENDING": [pending],
    "RUNNING": [running],
    "POWEROFF": [running_after("poweroff"), running_after("poweroff-hard")],
    "SUSPENDED": [running_after("suspend")],
    "STOPPED": [running_after("stop"), running_after("suspend", "stop")],
    "UNDEPLOYED": [running_after("undeploy"), running_after("poweroff", "undeploy")],
    **_with_failure("PROLOG", Pending(None, "tm", "TRANSFER.prolog", "deploy")),
    **_with_failure("BOOT", Pending(None, "vmm", "DEPLOY", "deploy")),
    **_with_failure("EPILOG", Pending((), "tm", "TRANSFER.epilog", "terminate-hard")),
    **_with_failure("PROLOG_RESUME", Pending(("stop",), "tm", "TRANSFER.resume", "deploy")),
    **_with_failure("BOOT_STOPPED", Pending(("stop",), "vmm", "RESTORE", "deploy")),
    **_with_failure("EPILOG_STOP", Pending((), "tm", "TRANSFER.stop", "stop")),
    **_with_failure("PROLOG_UNDEPLOY", Pending(("undeploy",), "tm", "TRANSFER.resume", "deploy")),
    **_with_failure("BOOT_UNDEPLOY", Pending(("undeploy",), "vmm", "DEPLOY", "deploy")),
    **_with_failure("EPILOG_UNDEPLOY", Pending((), "tm", "TRANSFER.stop", "undeploy")),
    "BOOT_POWEROFF": [Pending(("poweroff",), "vmm", "DEPLOY", "resume")],
    "BOOT_SUSPENDED": [Pending(("suspend",), "vmm", "RESTORE", "resume")],
    "SAVE_STOP": [Pending((), "vmm", "SAVE", "stop")],
    "SAVE_SUSPEND": [Pending((), "vmm", "SAVE", "suspend")],
    "SHUTDOWN": [
        Pending((), "vmm", "SHUTDOWN", "terminate"),
        Pending((), "vmm", "CANCEL", "terminate-hard"),
    ],
    "SHUTDOWN_POWEROFF": [Pending((), "vmm", "SHUTDOWN", "poweroff")],
    "SHUTDOWN_UNDEPLOY": [Pending((), "vmm", "SHUTDOWN", "undeploy")],
    "HOTPLUG": [
        Pending((), "vmm", "ATTACHDISK", "attach"),
        Pending((), "vmm", "DETACHDISK", "detach"),
    ],
    "HOTPLUG_PROLOG_POWEROFF": [Pending(("poweroff",), "tm", "TRANSFER", "attach")],
    "HOTPLUG_EPILOG_POWEROFF": [Pending(("poweroff",), "tm", "TRANSFER", "detach")],
    "DISK_SNAPSHOT": [Pending((), "vmm", "DISKSNAPSHOTCREATE", "snapshot")],
}
"""The histories that lead into each state."""

MORE_WAYS_IN: dict[tuple[str, str], list[Callable[[Scene], None]]] = {
    ("RUNNING", "recover-delete"): [detached()],
    ("POWEROFF", "recover-delete"): [detached("poweroff")],
    ("RUNNING", "terminate"): [
        running_with("vmm", "SHUTDOWN", "failure"),
        running_with("vmm", "SHUTDOWN", "hold"),
    ],
    ("RUNNING", "terminate-hard"): [
        running_with("vmm", "CANCEL", "failure"),
        running_with("vmm", "CANCEL", "hold"),
        running_with("tm", "TRANSFER.epilog", "failure"),
        running_with("tm", "TRANSFER.epilog", "hold"),
    ],
}
"""The situations that a way out was recorded in besides."""

RECOVERIES = {
    "recover-failure": FAILURE,
    "recover-success": SUCCESS,
    "recover-retry": RETRY,
    "recover-delete": DELETE,
    "recover-recreate": RECREATE,
    "recover-delete-db": DELETE_DB,
}
"""The ways out that are recoveries; the others are actions."""


def read() -> dict[tuple[str, str], set[str]]:
    """Give the recorded outcomes by state and way out."""
    found = {}
    for line in lzma.decompress(RECORDS.read_bytes()).decode().splitlines()[1:]:
        state_and_way, arrow, outcomes = line.partition(" -> ")
        if arrow:
            state, way = state_and_way.split()
            found[state, way] = {one.strip() for one in outcomes.split("|")}
    return found


RECORDED = read()


def ended(state: str, way: str, into: Callable[[Scene], None]) -> str:
    """Lead a machine into a state and out of it; give what was recorded of that."""
    on = Scene()
    into(on)
    assert on.state == state
    had_image = on.has_image
    if way in RECOVERIES:
        reply = on.cloud.call("one.vm.recover", on.vm, RECOVERIES[way])
    else:
        reply = on.cloud.call("one.vm.action", way, on.vm)
    image = on.cloud.images[on.persistent].state.name if had_image and not on.has_image else "-"
    return f"{on.state if reply.ok else 'refused'}, {image}"


@pytest.mark.parametrize(("state", "way"), RECORDED)
def test_a_machine_ends_as_was_recorded(state: str, way: str) -> None:
    ways_in = WAYS_IN[state] + MORE_WAYS_IN.get((state, way), [])
    assert {ended(state, way, into) for into in ways_in} == RECORDED[state, way]


def test_every_recorded_line_is_played() -> None:
    assert len(RECORDED) == 251
    assert {state for state, _ in RECORDED} == set(WAYS_IN)
    assert set(MORE_WAYS_IN) < set(RECORDED)
