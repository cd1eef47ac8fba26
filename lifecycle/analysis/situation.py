"""A situation of one image, written in a few words: state, type, flags, and who holds it.

It is a small immutable value; `Situation.cloud` makes a real cloud of it, with
real machines, copies, apps and open requests, in which anything can be tried.
What is left out is what is usual in that state.

>>> from lifecycle import ImageState
>>> from lifecycle.analysis.situation import Situation
>>> print(Situation(ImageState.USED_PERS, ghosts=1).told())
OS image, USED_PERS, persistent, in VMS: 1 machine that is gone
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.cloud.cloud import Cloud
from lifecycle.cloud.disk_attributes import describe
from lifecycle.cloud.objects import App, AppState, DatastoreType, Market
from lifecycle.cloud.vm import Disk, VirtualMachine
from lifecycle.cloud.vm_states import VmState
from lifecycle.image import Image
from lifecycle.increments import Increments
from lifecycle.operations import DRIVER_ANSWERS
from lifecycle.refusal import InputError
from lifecycle.snapshots import Snapshots
from lifecycle.states import FILE_TYPES, SNAPSHOT_TYPES, ImageState, ImageType

if TYPE_CHECKING:
    from lifecycle.cloud.drivers import Role
    from lifecycle.cloud.objects import Host
    from lifecycle.image import Template

_HELD = {ImageState.USED, ImageState.USED_PERS, ImageState.LOCKED_USED, ImageState.LOCKED_USED_PERS}
_PERSISTENT = {ImageState.USED_PERS, ImageState.LOCKED_USED_PERS, ImageState.CLONE}
_WAITED_FOR = {ImageState.LOCKED_USED, ImageState.LOCKED_USED_PERS}
_MOST = 9
_SIZE = 1024
_MARKET = 2
_SOURCE, _FORMAT, _PATH = "/datastore/{}", "raw", "/origin/{}"

IMAGE, MACHINE, COPY, APP, ORIGIN = "IMAGE", "VM", "COPY", "APP", "ORIGIN"
"""How the things of a situation are called in commands, machines and copies with a number."""


class Placed(NamedTuple):
    """A situation made real: a cloud, and the id of the image in it."""

    cloud: Cloud
    image: int


@dataclass(frozen=True)
class Situation:
    """What one image is like, and who holds it.

    Attributes:
        state: the state.
        type: the type.
        persistent: the flag; None for what is usual: a BACKUP is persistent,
            and so is an image in USED_PERS, LOCKED_USED_PERS or CLONE.
        vms: machines in VMS that exist; None for one where a state is
            named after its machines and nobody else holds the image.
        ghosts: ids in VMS of machines that exist no more.
        clones: copies of it under way; None for one in CLONE that nobody
            else holds.
        ghost_clones: ids in CLONES of images that exist no more.
        apps: exports of it under way; None for one that holds a file (KERNEL,
            RAMDISK, CONTEXT) in use, since no machine can.
        snapshots: how many it has, each taken on the one before.
        source: whether it has a SOURCE; None for what is usual: it has, unless
            the datastore is still to put the file.
        forced: whether FORCE_DELETE was left behind.
        shareable: whether PERSISTENT_TYPE is SHAREABLE.
        machines: the state of the machines; None for what is usual there.
        asked: what the datastore was asked for and has not answered (``CP``);
            None for what is usual in that state, "" for nothing.

    Raises:
        InputError: a field has a value that it cannot have.
    """

    state: ImageState = ImageState.READY
    type: ImageType = ImageType.OS
    persistent: bool | None = None
    vms: int | None = None
    ghosts: int = 0
    clones: int | None = None
    ghost_clones: int = 0
    apps: int | None = None
    snapshots: int = 0
    source: bool | None = None
    forced: bool = False
    shareable: bool = False
    machines: VmState | None = None
    asked: str | None = None

    def __post_init__(self) -> None:
        """Fill in what is usual, and refuse what can never be."""
        for name in ("vms", "ghosts", "clones", "ghost_clones", "apps", "snapshots"):
            number = getattr(self, name)
            if number is not None and not 0 <= number <= _MOST:
                raise InputError(f"must be from 0 to {_MOST}, not {number}", field=name)
        held = self.state in _HELD and not self._held
        usual = {
            "vms": int(held and self.type not in FILE_TYPES),
            "apps": int(held and self.type in FILE_TYPES),
            "clones": int(self.state is ImageState.CLONE and not self._held),
            "persistent": self.type is ImageType.BACKUP or self.state in _PERSISTENT,
            "asked": self._usually_asked(),
        }
        for name, value in usual.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)
        if self.source is None:
            object.__setattr__(self, "source", self.asked not in _PUT)
        if self.machines is None:
            object.__setattr__(self, "machines", self._usual_machines())
        self._check()

    @property
    def _held(self) -> int:
        return (
            (self.vms or 0)
            + self.ghosts
            + (self.clones or 0)
            + self.ghost_clones
            + (self.apps or 0)
        )

    def _usually_asked(self) -> str:
        if self.state is ImageState.DELETE:
            return "RM"
        if not self.state.locked:
            return ""
        if self.type is ImageType.BACKUP:
            return "INCREMENT_FLATTEN"
        # A file that is there already has been put there: the operation is one on snapshots.
        return "SNAP_FLATTEN" if self.snapshots or self.source else "CP"

    def _usual_machines(self) -> VmState:
        if self.state in _WAITED_FOR:
            return VmState.CLONING
        return VmState.CLONING_FAILURE if self.state is ImageState.ERROR else VmState.RUNNING

    def _check(self) -> None:
        if self.asked and self.asked not in _ASKABLE:
            known = ", ".join(_ASKABLE)
            raise InputError(f"{self.asked!r} is none of {known}", field="asked")
        if self.snapshots and self.type not in SNAPSHOT_TYPES:
            raise InputError(f"a {self.type.name} has none", field="snapshots")
        if self.vms and self.type in FILE_TYPES:
            raise InputError(f"no machine has a {self.type.name} as a disk", field="vms")

    # Made real

    def cloud(self) -> Placed:
        """Make a cloud in which the image is in this situation, and nothing else happens."""
        cloud = Cloud(journal=False)
        cloud.markets.add(Market(_MARKET, "MARKET"))
        image = self.image()
        image.world = cloud
        cloud.images.add(image)
        cloud.datastores[image.datastore_id].images.add(image.id)
        self._add_machines(cloud, image)
        self._add_copies(cloud, image)
        self._add_apps(cloud, image)
        self._add_request(cloud, image)
        return Placed(cloud, image.id)

    def image(self) -> Image:
        """Make the image alone: the ids of machines, copies and apps follow its own, 0."""
        store = DatastoreType.FILE_DS if self.type in FILE_TYPES else DatastoreType.IMAGE_DS
        image = Image(
            0,
            IMAGE,
            self.type,
            persistent=bool(self.persistent),
            state=self.state,
            source=_SOURCE.format(IMAGE) if self.source else "",
            path="" if self.asked == "MKFS" else _PATH.format(IMAGE),
            format=_FORMAT if self.source else "",
            size=_SIZE,
            datastore_id=2 if store is DatastoreType.FILE_DS else 1,
            template=self._template(),
        )
        machines, copies = (self.vms or 0) + self.ghosts, (self.clones or 0) + self.ghost_clones
        image.vms = set(range(machines))
        image.clones = set(range(1, 1 + copies))
        image.app_clones = set(range(self.apps or 0))
        image.running_vms, image.cloning_ops = machines, copies + len(image.app_clones)
        if self.snapshots:
            image.snapshots = _snapshots(self.snapshots)
        if self.type is ImageType.BACKUP:
            image.increments = Increments().added(image.source, _SIZE, "FULL", 0)
        if self.asked in {"SNAP_DELETE", "SNAP_REVERT", "SNAP_FLATTEN"} and self.snapshots:
            image.target_snapshot = 0
        if self.asked == "CLONE":
            image.cloning_id = 1 + copies
        return image

    def _template(self) -> Template:
        template: Template = {}
        if self.forced:
            template["FORCE_DELETE"] = "YES"
        if self.shareable:
            template["PERSISTENT_TYPE"] = "SHAREABLE"
        return template

    def _add_machines(self, cloud: Cloud, image: Image) -> None:
        waiting = self.machines in {VmState.CLONING, VmState.CLONING_FAILURE}
        for number in range(self.vms or 0):
            state = self.machines or VmState.RUNNING
            actions = [] if waiting or state in {VmState.PENDING, VmState.HOLD} else [""]
            vm = VirtualMachine(
                number, f"{MACHINE}{number + 1}", 0, 0, state=state, actions=actions, world=cloud
            )
            # A backup is of a machine, and none of its disks.
            if image.type is not ImageType.BACKUP:
                vm.disks = [_disk(cloud, image, waiting=waiting)]
            cloud.vms.add(vm)
        cloud.vms.next_id = len(image.vms)

    def _add_copies(self, cloud: Cloud, image: Image) -> None:
        for number in range(1, 1 + (self.clones or 0)):
            copy = self._other(number, f"{COPY}{number}", ImageState.LOCKED)
            copy.path, copy.cloning_id = image.source, image.id
            self._put(cloud, copy)
            cloud.drivers.add("ds", "CLONE", copy.id, copy.name, cloud.clock.now)
        cloud.images.next_id = 1 + len(image.clones)

    def _add_apps(self, cloud: Cloud, image: Image) -> None:
        for number in range(self.apps or 0):
            app = App(number, f"{APP}{number + 1}", 0, 0, _MARKET, image.id, state=AppState.LOCKED)
            cloud.apps.add(app)
            cloud.markets[_MARKET].apps.add(app.id)
            cloud.drivers.add("market", "IMPORT", app.id, app.name, cloud.clock.now)

    def _add_request(self, cloud: Cloud, image: Image) -> None:
        if not self.asked:
            return
        if self.asked == "CLONE":
            origin = self._other(image.cloning_id, ORIGIN, ImageState.USED)
            origin.source, origin.format = _SOURCE.format(ORIGIN), _FORMAT
            origin.clones, origin.cloning_ops = {image.id}, 1
            self._put(cloud, origin)
        cloud.drivers.add("ds", self.asked, image.id, image.name, cloud.clock.now)

    def _other(self, number: int, name: str, state: ImageState) -> Image:
        return Image(number, name, self.type, state=state, size=_SIZE)

    @staticmethod
    def _put(cloud: Cloud, image: Image) -> None:
        image.world = cloud
        cloud.images.add(image)
        cloud.datastores[image.datastore_id].images.add(image.id)

    # In words

    def told(self) -> str:
        """Say what the situation is, in one line."""
        placed = self.cloud()
        return told(placed.cloud, placed.cloud.images[placed.image])


def told(cloud: Cloud, image: Image) -> str:
    """Say in one line what the situation of an image in a cloud is."""
    parts = [f"{image.type.name} image", image.state.name]
    parts.append("persistent" if image.is_persistent else "not persistent")
    held = Holders.of(cloud, image)
    if held.vms:
        states = sorted({cloud.vms[vm].state.name for vm in held.vms})
        parts.append(f"held by {counted(len(held.vms), 'machine')} ({', '.join(states)})")
    if held.ghosts:
        gone = "that is gone" if len(held.ghosts) == 1 else "that are gone"
        parts.append(f"in VMS: {counted(len(held.ghosts), 'machine')} {gone}")
    if held.clones:
        parts.append(f"being copied to {counted(len(held.clones), 'image')}")
    if held.ghost_clones:
        gone = "that is gone" if len(held.ghost_clones) == 1 else "that are gone"
        parts.append(f"in CLONES: {counted(len(held.ghost_clones), 'image')} {gone}")
    if held.apps:
        parts.append(f"being exported to {counted(len(held.apps), 'app')}")
    if held.ghost_apps:
        parts.append(f"in APP_CLONES: {counted(len(held.ghost_apps), 'app')} that will not let go")
    if image.snapshots is not None and len(image.snapshots):
        parts.append(counted(len(image.snapshots), "snapshot"))
    if not image.source:
        parts.append("no SOURCE")
    if image.template.get("FORCE_DELETE"):
        parts.append("FORCE_DELETE")
    parts += [f"{word} unanswered" for word in open_requests(cloud, "ds", image.id)]
    return ", ".join(parts)


def open_requests(cloud: Cloud, role: Role, number: int) -> list[str]:
    """Name what a driver was asked about a thing and has not answered, oldest first."""
    return [one.action for one in cloud.drivers.open if (one.role, one.id) == (role, number)]


def counted(number: int, thing: str) -> str:
    """Count things: ``1 machine``, ``2 machines``."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


class Labels:
    """What the things of a cloud are called in commands: by id where the cloud is real.

    A thing that did not exist at the beginning is called by its name, since
    nobody knows which id it will get.
    """

    def __init__(self, cloud: Cloud, *, by_id: bool) -> None:
        """Note what there is; without `by_id` everything is called by its name."""
        self._cloud = cloud
        self._known = {
            role: set(getattr(cloud, pool).ids()) if by_id else set()
            for role, pool in _POOLS.items()
        }
        self._by_id = by_id

    def within(self, cloud: Cloud) -> Labels:
        """Give the same for another cloud that this one became."""
        twin = object.__new__(Labels)
        twin._cloud, twin._known, twin._by_id = cloud, self._known, self._by_id
        return twin

    def of(self, role: Role, number: int) -> str:
        """Name what a driver of some role is asked about: an image, an app or a machine."""
        if number in self._known[role]:
            return str(number)
        thing = getattr(self._cloud, _POOLS[role]).get(number)
        return str(number) if thing is None else str(thing.name)

    def host(self, host: Host) -> str:
        """Name a host."""
        return str(host.id) if self._by_id else "HOST"

    def market(self, market: Market) -> str:
        """Name a marketplace."""
        return str(market.id) if self._by_id else market.name


_POOLS: dict[Role, str] = {"ds": "images", "market": "apps", "tm": "vms", "vmm": "vms"}


class Holders(NamedTuple):
    """Who stands in an image's VMS, CLONES and APP_CLONES, and whether they are there.

    Attributes:
        vms, clones, apps: the ids of those that hold it and can let it go.
        ghosts, ghost_clones, ghost_apps: the ids of those that never will.
    """

    vms: tuple[int, ...]
    ghosts: tuple[int, ...]
    clones: tuple[int, ...]
    ghost_clones: tuple[int, ...]
    apps: tuple[int, ...]
    ghost_apps: tuple[int, ...]

    @classmethod
    def of(cls, cloud: Cloud, image: Image) -> Holders:
        """Look up who holds an image.

        A machine holds it while it has it as a disk (or, for a backup, exists);
        a copy while it is being made from it; an app while it is LOCKED.
        """
        vms = [vm for vm in sorted(image.vms) if _has(cloud, vm, image)]
        clones = [one for one in sorted(image.clones) if _is_copied(cloud, one, image)]
        apps = [one for one in sorted(image.app_clones) if _is_exported(cloud, one, image)]
        return cls(
            tuple(vms),
            tuple(one for one in sorted(image.vms) if one not in vms),
            tuple(clones),
            tuple(one for one in sorted(image.clones) if one not in clones),
            tuple(apps),
            tuple(one for one in sorted(image.app_clones) if one not in apps),
        )


def _has(cloud: Cloud, number: int, image: Image) -> bool:
    vm = cloud.vms.get(number)
    if vm is None or vm.state is VmState.DONE:
        return False
    return image.type is ImageType.BACKUP or image.id in vm.image_ids()


def _is_copied(cloud: Cloud, number: int, image: Image) -> bool:
    copy = cloud.images.get(number)
    return copy is not None and copy.cloning_id == image.id


def _is_exported(cloud: Cloud, number: int, image: Image) -> bool:
    app = cloud.apps.get(number)
    return app is not None and app.origin_id == image.id and app.state is AppState.LOCKED


def _disk(cloud: Cloud, image: Image, *, waiting: bool) -> Disk:
    disk = Disk({"DISK_ID": "0"})
    describe(cloud, disk, image)
    if waiting:
        disk.attributes["CLONING"] = "YES"
    return disk


def _snapshots(number: int) -> Snapshots:
    made = Snapshots()
    for _ in range(number):
        made.activate(made.create("", _SIZE, 0), revert=False)
    return made


_PUT = ("CP", "MKFS", "CLONE")
"""What a datastore is asked to put an image's file there."""

_ASKABLE = tuple(dict.fromkeys(action for action, _ in DRIVER_ANSWERS))
"""What a datastore can be asked about an image."""
