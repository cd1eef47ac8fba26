"""What can be tried on an image or a machine right now.

The commands are those of the operations in the tables, filled in with what the
cloud has, and read as a scenario's are. Nothing about what comes of them
stands here.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.cloud.objects import DatastoreType
from lifecycle.cloud.vm_states import VmState
from lifecycle.cloud.vm_table import VM_TABLE
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.operations import DRIVER_ANSWERS
from lifecycle.refusal import NotAskedError
from lifecycle.scenario.commands import VERBS
from lifecycle.scenario.given import Given
from lifecycle.scenario.grammar import read_command
from lifecycle.scenario.names import Numbers
from lifecycle.scenario.words import DRIVERS, shortened
from lifecycle.states import CLONABLE_TYPES, FILE_TYPES
from lifecycle.table import Actor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.drivers import Request
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.image import Image
    from lifecycle.scenario.given import Call
    from lifecycle.table import Operation, Table

IMAGE, MACHINE = "image", "machine"

VM = "vm."
"""What the key of a machine's operation begins with; an image's has its name alone."""

_MOST_OTHERS = 3
"""How many others (machines to attach to, hosts, …) are offered where any would do."""

_LEFT_OUT = frozenset({"rename", "update"})
"""What needs words of the user's own."""

_MAKES = {"create": "vm", "disk-snapshot-create": "snapshot"}
"""What commands of ``onevm`` make that is no image."""

_HOLE = re.compile(r"[A-Z]+")
_RUNS = frozenset({VmState.RUNNING, VmState.POWEROFF, VmState.SUSPENDED})

_NEW = (
    "--path /images/NAME",
    "--path /images/NAME --persistent",
    "--type DATABLOCK --size 1024",
    "--source /images/NAME --size 1024 --format raw",
)
"""Ways in which an image is born in a datastore for images."""

_NEW_FILES = ("--path /files/NAME --type KERNEL",)
"""The same in one for files."""


class Ref(NamedTuple):
    """An image or a machine: its kind (``image`` or ``machine``) and its id."""

    kind: str
    id: int


class Attempt(NamedTuple):
    """What can be tried.

    Attributes:
        key: the same for the same act.
        on: what it is done to, None for a new image.
        operation: the key of the operation, "" where only a try tells.
        text: the command; for an answer, what the driver does.
        request: the request that it answers, None for a command.
        ok: whether the driver succeeds.
    """

    key: str
    on: Ref | None
    operation: str
    text: str
    request: Request | None = None
    ok: bool = True

    @property
    def label(self) -> str:
        """The act in few words, with the driver that does it."""
        driver = "" if self.request is None else f"{DRIVERS[self.request.role]}: "
        return driver + self.text


def attempts(cloud: Cloud, on: Ref | None) -> list[Attempt]:
    """Give what can be tried, the answers to open requests last.

    Args:
        cloud: in which.
        on: an image or a machine; None for what makes a new image.

    Raises:
        NotAskedError: there is no such image or machine.
    """
    if on is None:
        return list(_births(cloud))
    thing = found(cloud, on)
    table, hole = (IMAGE_TABLE, "IMAGE") if on.kind == IMAGE else (VM_TABLE, "VM")
    commands = [
        one for operation in _commands(table) for one in _filled(cloud, on, thing, operation, hole)
    ]
    return [*commands, *_answers(cloud, on)]


def found(cloud: Cloud, on: Ref) -> Image | VirtualMachine:
    """Give an image or a machine.

    Raises:
        NotAskedError: there is none.
    """
    pool: Any = cloud.images if on.kind == IMAGE else cloud.vms
    thing: Image | VirtualMachine | None = pool.get(on.id)
    if thing is None:
        raise NotAskedError(f"there is no {on.kind} {on.id}")
    return thing


def about(cloud: Cloud, request: Request) -> Ref | None:
    """Give the image or machine that a request is about; of an app, the image that it is of."""
    if request.role == "ds":
        return Ref(IMAGE, request.id) if request.id in cloud.images else None
    if request.role != "market":
        return Ref(MACHINE, request.id) if request.id in cloud.vms else None
    app = cloud.apps.get(request.id)
    origin = None if app is None else cloud.images.get(app.origin_id)
    return None if origin is None else Ref(IMAGE, origin.id)


def call_of(cloud: Cloud, attempt: Attempt) -> Call:
    """Give the call that a command makes."""
    read = read_command(attempt.text, VERBS)
    return read.verb.call(Given(read, Numbers(cloud), cloud))


def _commands(table: Table) -> list[Operation]:
    """Give the operations that are typed, one for each command: the one that moves most."""
    chosen: dict[str, tuple[bool, Operation]] = {}
    for name, operation in table.operations.items():
        words = " ".join(operation.command.split()[:2])
        if operation.actor is not Actor.USER and name not in {"acquire", "attach", "export"}:
            continue
        if name in _LEFT_OUT or words not in VERBS:
            continue
        moves = any(row.target is not None for row in table.rows_of(name))
        before = chosen.get(operation.command)
        if before is None or (moves, name) > (before[0], before[1].name):
            chosen[operation.command] = (moves, operation)
    return [operation for _, operation in chosen.values()]


def _births(cloud: Cloud) -> Iterator[Attempt]:
    for kind, ways in ((DatastoreType.IMAGE_DS, _NEW), (DatastoreType.FILE_DS, _NEW_FILES)):
        for store, way in product(_stores(cloud, kind)[:1], ways):
            key = f"oneimage create --name NAME {way} -d {store}"
            text = key.replace("NAME", _new_name(cloud, IMAGE))
            yield Attempt(key, None, "allocate", text)


def _new_name(cloud: Cloud, kind: str) -> str:
    """Give a name that nothing bears yet; machines and snapshots may share theirs."""
    if kind != IMAGE:
        return f"{kind}-{cloud.vms.next_id}"
    number = cloud.images.next_id
    while cloud.images.named(f"image-{number}", 0) is not None:
        number += 1
    return f"image-{number}"


def _filled(
    cloud: Cloud, on: Ref, thing: Image | VirtualMachine, operation: Operation, hole: str
) -> Iterator[Attempt]:
    """Give an operation's command with every hole filled, in each way that fits."""
    if hole not in operation.command.split():
        return
    prefix = VM if on.kind == MACHINE else ""
    for words in map(_named, _alternatives(operation.command.split())):
        makes = _MAKES.get(words[1] if words[0] == "onevm" else "", IMAGE)
        holes = _Holes(cloud, on, thing, hole)
        for key in holes.fill(words):
            text = re.sub(r"\bNAME\b", _new_name(cloud, makes), key)
            yield Attempt(key, on, prefix + operation.name, text)


def _named(words: list[str]) -> list[str]:
    """Give a command with the name that it needs, where a table leaves that out."""
    options = VERBS[" ".join(words[:2])].options
    needs = "--name" in options and options["--name"].required and "--name" not in words
    return [*words, "--name", "NAME"] if needs else words


def _alternatives(words: list[str]) -> Iterator[list[str]]:
    """Give a command once for each of the flags that exclude each other."""
    place = next((place for place, word in enumerate(words) if "|" in word), None)
    if place is None:
        yield words
        return
    for flag in words[place].split("|"):
        yield [*words[:place], flag, *words[place + 1 :]]


class _Holes:
    """What the words in capitals of a command can be, on an image or a machine."""

    def __init__(self, cloud: Cloud, on: Ref, thing: Image | VirtualMachine, hole: str) -> None:
        self._cloud, self._on, self._thing = cloud, on, thing
        self._values: dict[str, Callable[[list[str]], Iterable[object]]] = {
            "NAME": lambda _: ("NAME",),
            "DATASTORE": lambda _: _stores(cloud, DatastoreType.BACKUP_DS),
            "HOST": lambda _: cloud.hosts.ids()[:_MOST_OTHERS],
            "MARKET": lambda _: cloud.markets.ids()[-1:],
            "TYPE": lambda _: self._types(),
            "SNAPSHOT": self._snapshots,
            "DISK": lambda _: self._disks(),
            "IMAGE": lambda _: self._others(),
            "VM": lambda _: self._others(),
            hole: lambda _: (on.id,),
        }

    def fill(self, words: list[str], done: int = 0) -> Iterator[str]:
        """Give the command in each way to fill its holes; none where a hole is unknown."""
        for place in range(done, len(words)):
            if _HOLE.fullmatch(words[place]) and len(words[place]) > 1:
                values = self._values.get(words[place])
                for value in () if values is None else values(words):
                    filled = [*words[:place], str(value), *words[place + 1 :]]
                    yield from self.fill(filled, place + 1)
                return
        yield " ".join(words)

    def _types(self) -> Iterator[str]:
        kind = self._thing.type  # type: ignore[union-attr]  # only images have this hole
        family = FILE_TYPES if kind in FILE_TYPES else CLONABLE_TYPES
        yield from (one.name for one in sorted(family) if one is not kind)

    def _disks(self) -> Iterator[int]:
        for disk in self._thing.disks:  # type: ignore[union-attr]  # only machines have this hole
            yield disk.id

    def _snapshots(self, words: list[str]) -> Iterator[int]:
        thing: Any = self._thing
        if self._on.kind == MACHINE:
            # A machine's command names the disk before its snapshot.
            thing = thing.disk(int(words[3]))
        yield from (one.id for one in thing.snapshots or ())

    def _others(self) -> Iterator[int]:
        """Give the youngest machines or images that could be attached."""
        thing: Any = self._thing
        if self._on.kind == IMAGE:
            pool: Any = self._cloud.vms
            fit = (vm.id for vm in reversed(pool) if vm.state in _RUNS and vm.id not in thing.vms)
        else:
            held = set(thing.image_ids())
            fit = (one.id for one in reversed(self._cloud.images) if one.id not in held)
        for _ in range(_MOST_OTHERS):
            number = next(fit, None)
            if number is None:
                return
            yield number


def _stores(cloud: Cloud, kind: DatastoreType) -> list[int]:
    return [one.id for one in cloud.datastores if one.type is kind][:_MOST_OTHERS]


def _answers(cloud: Cloud, on: Ref) -> Iterator[Attempt]:
    thing = found(cloud, on)
    for request in cloud.drivers.open:
        if about(cloud, request) != on:
            continue
        for ok, word in ((True, "complete"), (False, "fail")):
            operation = ""
            if request.role == "ds":
                operation = DRIVER_ANSWERS.get((request.action, ok), "")
            text = f"{word} {request.action} {shortened(thing.name)}"
            yield Attempt(f"{word} {request.number}", on, operation, text, request, ok)
