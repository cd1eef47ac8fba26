"""The commands of ``onevm``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.refusal import InputError
from lifecycle.scenario.given import Call, Given
from lifecycle.scenario.grammar import Verb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_RECOVERIES = {
    "failure": 0,
    "success": 1,
    "retry": 2,
    "delete": 3,
    "recreate": 4,
    "delete-db": 5,
}
_WITH_HARD = ("terminate", "poweroff", "undeploy", "reboot")
_WITHOUT = ("hold", "release", "stop", "suspend", "resume")
_NONE = -1


def vm_verbs() -> Iterator[Verb]:
    """Give every command of ``onevm`` that a scenario knows."""
    yield Verb(
        "onevm create",
        "--name NAME [--disk IMAGE,…] [--cpu CPU] [--memory MEMORY] [--hold] [KEY=VALUE…]",
        _create,
    )
    yield Verb("onevm deploy", "VM [HOST] [DATASTORE]", _deploy)
    for word in _WITH_HARD:
        yield Verb(f"onevm {word}", "VM [--hard]", _action(word))
    for word in _WITHOUT:
        yield Verb(f"onevm {word}", "VM", _action(word))
    yield Verb(
        "onevm recover",
        "VM [--success] [--failure] [--retry] [--delete] [--recreate] [--delete-db]",
        _recover,
    )
    yield Verb("onevm disk-attach", "VM --image IMAGE", _attach)
    yield Verb("onevm disk-detach", "VM DISK", _detach)
    yield Verb("onevm disk-saveas", "VM DISK NAME [--type TYPE] [--snapshot SNAPSHOT]", _save_as)
    yield Verb("onevm disk-snapshot-create", "VM DISK NAME", _snapshot_create)
    for word in ("revert", "delete"):
        yield Verb(f"onevm disk-snapshot-{word}", "VM DISK SNAPSHOT", _snapshot(word))
    yield Verb("onevm backup", "VM [-d|--datastore DATASTORE] [--reset]", _backup)
    yield Verb("onevm updateconf", "VM [-a|--append] [KEY=VALUE…]", _updateconf)


def _create(given: Given) -> Call:
    name = given.text("name")
    disks = [{"IMAGE_ID": number} for number in given.images("disk")]
    template = given.template(
        NAME=name,
        CPU=given.text("cpu", "1"),
        MEMORY=given.text("memory", "1024"),
        DISK=disks,
    )
    return Call("one.vm.allocate", (template, given.flag("hold")), "machine", name)


def _deploy(given: Given) -> Call:
    host = given.found("host", "HOST", 0)
    datastore = given.found("datastore", "DATASTORE", _NONE)
    return Call("one.vm.deploy", (given.vm(), host, False, datastore))


def _action(word: str) -> Callable[[Given], Call]:
    def call(given: Given) -> Call:
        return Call("one.vm.action", (word + ("-hard" if given.flag("hard") else ""), given.vm()))

    return call


def _recover(given: Given) -> Call:
    chosen = [number for name, number in _RECOVERIES.items() if given.flag(name)]
    if len(chosen) != 1:
        words = ", ".join(f"--{name}" for name in _RECOVERIES)
        raise InputError(f"say how, with one of {words}")
    return Call("one.vm.recover", (given.vm(), chosen[0]))


def _attach(given: Given) -> Call:
    template = given.template(DISK=[{"IMAGE_ID": given.image("image")}])
    return Call("one.vm.attach", (given.vm(), template))


def _detach(given: Given) -> Call:
    return Call("one.vm.detach", (given.vm(), given.disk()))


def _save_as(given: Given) -> Call:
    name = given.text("NAME")
    snapshot = given.snapshot_of_disk("snapshot") if given.text("snapshot") else _NONE
    params = (given.vm(), given.disk(), name, given.text("type"), snapshot)
    return Call("one.vm.disksaveas", params, "image", name)


def _snapshot_create(given: Given) -> Call:
    return Call("one.vm.disksnapshotcreate", (given.vm(), given.disk(), given.text("NAME")))


def _snapshot(word: str) -> Callable[[Given], Call]:
    def call(given: Given) -> Call:
        params = (given.vm(), given.disk(), given.snapshot_of_disk())
        return Call(f"one.vm.disksnapshot{word}", params)

    return call


def _backup(given: Given) -> Call:
    params = (given.vm(), given.found("datastore", "datastore", _NONE), given.flag("reset"))
    return Call("one.vm.backup", params)


def _updateconf(given: Given) -> Call:
    append = 1 if given.flag("append") else 0
    return Call("one.vm.updateconf", (given.vm(), given.template(), append))
