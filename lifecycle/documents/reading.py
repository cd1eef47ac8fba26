"""Images, machines and apps as OpenNebula's documents tell of them.

What the lifecycle needs must be there and make sense; what a later version of
OpenNebula adds is passed over. Sources: ``Image::to_xml``,
``VirtualMachine::to_xml`` and ``MarketPlaceApp::to_xml`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

import io
from enum import IntEnum
from typing import TYPE_CHECKING, Any, TypeVar

from lifecycle.cloud.objects import App, AppState, AppType
from lifecycle.cloud.vm import Disk, VirtualMachine
from lifecycle.cloud.vm_states import VmState
from lifecycle.documents.elements import Node, objects, parts, read, texts
from lifecycle.image import Image, Lock
from lifecycle.increments import Increment, Increments
from lifecycle.refusal import InputError
from lifecycle.snapshots import Orphans, Snapshots
from lifecycle.states import ImageState, ImageType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Kind = TypeVar("Kind", bound=IntEnum)
Made = TypeVar("Made", Image, VirtualMachine, App)

IMAGES = {"IMAGE_POOL": "IMAGE"}
"""What ``oneimage list -x`` and ``oneimage show -x`` print."""
MACHINES = {"VM_POOL": "VM"}
"""What ``onevm list -x`` and ``onevm show -x`` print."""
APPS = {"MARKETPLACEAPP_POOL": "MARKETPLACEAPP"}
"""What ``onemarketapp list -x`` and ``onemarketapp show -x`` print."""

_LARGEST_ID = 2**31 - 1
_ACTIVE = 3
_RIGHTS = tuple(f"{who}_{what}" for who in ("OWNER", "GROUP", "OTHER") for what in ("U", "M", "A"))


class _Reader:
    """Reads the fields of one object; a mistake is told with the object and the field."""

    __slots__ = ("kind", "node", "number")

    def __init__(self, node: Node, kind: str) -> None:
        self.node = node
        self.kind = kind
        self.number = "without an ID"
        number = self.whole("ID")
        if not 0 <= number <= _LARGEST_ID:
            raise self.wrong("ID", f"must be from 0 to {_LARGEST_ID}")
        self.number = str(number)

    def text(self, name: str) -> str:
        """Give a text, "" where there is none."""
        value = self.node.get(name, "")
        if isinstance(value, str):
            return value
        raise self.wrong(name, "must be a text, once")

    def whole(self, name: str, default: int | None = None) -> int:
        """Give a whole number; without a default it must be there."""
        value = self.node.get(name, "")
        if value == "" and default is not None:
            return default
        try:
            # Of thousands of digits Python reads none, and says so with a ValueError.
            return int(value)
        except (TypeError, ValueError):
            what = "is missing" if value == "" else "must be a whole number"
            raise self.wrong(name, what) from None

    def one_of(self, name: str, kinds: type[Kind]) -> Kind:
        """Give a member of an enumeration by its number."""
        number = self.whole(name)
        try:
            return kinds(number)
        except ValueError:
            raise self.wrong(name, f"{number} is no number of OpenNebula 7.4's") from None

    def ids(self, name: str) -> frozenset[int]:
        """Give the ids of a set."""
        if not self.node.get(name):
            return _NOBODY
        try:
            return frozenset(int(one) for one in texts(self.part(name), "ID"))
        except (TypeError, ValueError):
            raise self.wrong(name, "must hold IDs") from None

    def part(self, name: str) -> Node:
        """Give a nested element, an empty one where there is none."""
        value = self.node.get(name, "")
        if isinstance(value, dict):
            return value
        if value == "" or (isinstance(value, str) and not value.strip()):
            return {}
        raise self.wrong(name, "must hold elements")

    def wrong(self, name: str, problem: str) -> InputError:
        """Give the mistake of a field, to be raised."""
        return InputError(problem, field=f"{self.kind} {self.number}: {name}")


_NOBODY: frozenset[int] = frozenset()


def read_images(name: str) -> Iterator[Image]:
    """Give the images of a file, as they come; ``-`` is standard input.

    Raises:
        InputError: it cannot be read, or is no document of images.
    """
    yield from _each(name, objects(name, IMAGES), image_of)


def documents_of_images(name: str) -> Iterator[tuple[list[Image], bool]]:
    """Give the images of every document in a file, and whether each is a pool, which shows all.

    Raises:
        InputError: it cannot be read, or holds something else.
    """
    for text in parts(name, "IMAGE"):
        pools: list[str] = []
        found = read(io.BytesIO(text), IMAGES, name, pools)
        images = list(_each(name, found, image_of))
        yield images, bool(pools)


def read_machines(name: str) -> Iterator[VirtualMachine]:
    """Give the machines of a file, as they come; ``-`` is standard input.

    Raises:
        InputError: it cannot be read, or is no document of machines.
    """
    yield from _each(name, objects(name, MACHINES), machine_of)


def read_apps(name: str) -> Iterator[App]:
    """Give the marketplace apps of a file, as they come; ``-`` is standard input.

    Raises:
        InputError: it cannot be read, or is no document of apps.
    """
    yield from _each(name, objects(name, APPS), app_of)


def _each(
    name: str,
    found: Iterator[tuple[int, str, Node]],
    make: Callable[[Node, str], Made],
) -> Iterator[Made]:
    """Make each object of a document; of two with one id nobody could say which is so."""
    seen: set[int] = set()
    for line, kind, node in found:
        made = _at(name, line, make, node, kind)
        if made.id in seen:
            raise InputError("is there twice", field=f"{kind} {made.id}").at(name, line)
        seen.add(made.id)
        yield made


def _at(name: str, line: int, make: Callable[[Node, str], Made], node: Node, kind: str) -> Made:
    try:
        return make(node, kind)
    except InputError as error:
        raise error.at(name, line) from error


def image_of(node: Node, kind: str = "IMAGE") -> Image:
    """Make an image of its document.

    Raises:
        InputError: a field that counts is missing, or makes no sense.
    """
    read = _Reader(node, kind)
    image = Image(
        read.whole("ID"),
        read.text("NAME"),
        read.one_of("TYPE", ImageType),
        persistent=read.whole("PERSISTENT") != 0,
        state=read.one_of("STATE", ImageState),
        source=read.text("SOURCE"),
        path=read.text("PATH"),
        format=read.text("FORMAT"),
        size=read.whole("SIZE", 0),
        uid=read.whole("UID", 0),
        gid=read.whole("GID", 0),
        datastore_id=read.whole("DATASTORE_ID", -1),
        template=read.part("TEMPLATE"),
    )
    if "PREV_STATE" in node:
        image.prev_state = read.one_of("PREV_STATE", ImageState)
    image.running_vms = read.whole("RUNNING_VMS")
    image.cloning_ops = read.whole("CLONING_OPS")
    image.vms, image.clones = read.ids("VMS"), read.ids("CLONES")
    image.app_clones = read.ids("APP_CLONES")
    image.cloning_id = read.whole("CLONING_ID", -1)
    image.target_snapshot = read.whole("TARGET_SNAPSHOT", -1)
    image.disk_type = read.whole("DISK_TYPE", 0)
    image.regtime, image.modtime = read.whole("REGTIME", 0), read.whole("MODTIME", 0)
    image.fs = read.text("FS")
    image.permissions = _permissions(read)
    if read.node.get("LOCK"):
        lock = _Reader(read.part("LOCK") | {"ID": read.number}, f"{kind} LOCK")
        image.lock_held = Lock(
            lock.whole("LOCKED"), lock.whole("OWNER", 0), lock.whole("TIME", 0), -1
        )
    snapshots = read.part("SNAPSHOTS")
    if "SNAPSHOT" in snapshots:
        image.snapshots = _snapshots(snapshots, f"{kind} {image.id}")
    if increments := read.part("BACKUP_INCREMENTS"):
        image.increments = _increments(increments, f"{kind} {image.id}")
    image.backup_disk_ids = read.ids("BACKUP_DISK_IDS")
    return image


def machine_of(node: Node, kind: str = "VM") -> VirtualMachine:
    """Make a machine of its document; of a state that no image feels, RUNNING is near enough.

    Raises:
        InputError: a field that counts is missing, or makes no sense.
    """
    read = _Reader(node, kind)
    number, lcm = read.whole("STATE"), read.whole("LCM_STATE", 0)
    machine = VirtualMachine(
        read.whole("ID"),
        read.text("NAME"),
        read.whole("UID", 0),
        read.whole("GID", 0),
        permissions=_permissions(read),
        state=_machine_state(read, number, lcm),
        stime=read.whole("STIME", 0),
        etime=read.whole("ETIME", 0),
        deploy_id=read.text("DEPLOY_ID"),
    )
    for place, one in enumerate(texts(read.part("TEMPLATE"), "DISK")):
        if not isinstance(one, dict):
            raise read.wrong("TEMPLATE/DISK", "must hold elements")
        attributes = {name: value for name, value in one.items() if isinstance(value, str)}
        attributes.setdefault("DISK_ID", str(place))
        if not attributes["DISK_ID"].isdecimal():
            raise read.wrong("TEMPLATE/DISK/DISK_ID", "must be a whole number")
        machine.disks.append(Disk(attributes, saving="HOTPLUG_SAVE_AS_ACTIVE" in attributes))
    histories = texts(read.part("HISTORY_RECORDS"), "HISTORY")
    machine.actions = [""] * len(histories)
    return machine


def _machine_state(read: _Reader, number: int, lcm: int) -> VmState:
    try:
        return VmState(100 * number + (lcm if number == _ACTIVE else 0))
    except ValueError:
        if number == _ACTIVE and lcm >= 0:
            return VmState.RUNNING
        raise read.wrong("STATE", f"{number} is no number of OpenNebula 7.4's") from None


def app_of(node: Node, kind: str = "MARKETPLACEAPP") -> App:
    """Make a marketplace app of its document.

    Raises:
        InputError: a field that counts is missing, or makes no sense.
    """
    read = _Reader(node, kind)
    return App(
        read.whole("ID"),
        read.text("NAME"),
        read.whole("UID", 0),
        read.whole("GID", 0),
        market_id=read.whole("MARKETPLACE_ID", -1),
        origin_id=read.whole("ORIGIN_ID"),
        type=read.one_of("TYPE", AppType),
        state=read.one_of("STATE", AppState),
        source=read.text("SOURCE"),
        size=read.whole("SIZE", 0),
        format=read.text("FORMAT"),
        regtime=read.whole("REGTIME", 0),
        template=read.part("TEMPLATE"),
    )


def _permissions(read: _Reader) -> int:
    rights = read.part("PERMISSIONS")
    if not rights:
        return 0o600
    bits = 0
    for name in _RIGHTS:
        bits = bits * 2 + (rights.get(name) == "1")
    return bits


def _snapshots(node: Node, owner: str) -> Snapshots:
    head = _Reader(node | {"ID": 0}, f"{owner}: SNAPSHOTS")
    rows: list[dict[str, Any]] = []
    for one in texts(node, "SNAPSHOT"):
        row = _Reader(one if isinstance(one, dict) else {}, f"{owner}: SNAPSHOT")
        children = [int(word) for word in row.text("CHILDREN").split(",") if word.isdecimal()]
        rows.append(
            {
                "id": row.whole("ID"),
                "name": row.text("NAME"),
                "size": row.whole("SIZE", 0),
                "date": row.whole("DATE", 0),
                "parent": row.whole("PARENT", -1),
                "children": children,
                "active": row.text("ACTIVE").upper() == "YES",
            }
        )
    after = max((row["id"] for row in rows), default=-1) + 1
    return Snapshots.from_json(
        {
            "orphans": Orphans.parse(head.text("ALLOW_ORPHANS")),
            "next_id": head.whole("NEXT_SNAPSHOT", after),
            "current_base": head.whole("CURRENT_BASE", -1),
            "snapshots": rows,
        }
    )


def _increments(node: Node, owner: str) -> Increments:
    rows = []
    for one in texts(node, "INCREMENT"):
        row = _Reader(one if isinstance(one, dict) else {}, f"{owner}: INCREMENT")
        rows.append(
            Increment(
                row.whole("ID"),
                row.text("TYPE"),
                row.text("SOURCE"),
                row.text("SIZE"),
                row.whole("PARENT_ID", -1),
                row.whole("DATE", 0),
            )
        )
    return Increments(rows)
