"""The configurations that one image can get into, and the moves between them.

A configuration is a small cloud, and what a move does is decided by that cloud
and by nothing else. Two clouds are one configuration when they differ in
nothing that the image's life can depend on: neither in ids (which of two
machines holds it), nor in times, nor in things that have let it go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.analysis.planning.moves import answers, commands, creations
from lifecycle.analysis.situation import Holders
from lifecycle.cloud.copying import branched
from lifecycle.cloud.objects import AppState
from lifecycle.cloud.vm_states import VmState
from lifecycle.guards import forced, saving, shareable
from lifecycle.states import GONE, AnyState

if TYPE_CHECKING:
    from lifecycle.analysis.planning.moves import Move
    from lifecycle.analysis.situation import Labels
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.vm import Disk, VirtualMachine
    from lifecycle.image import Image
    from lifecycle.snapshots import Snapshots

Key = Hashable
"""What is equal for two clouds that are one configuration."""


class Edge(NamedTuple):
    """A move that can be made, and the cloud after it."""

    move: Move
    cloud: Cloud
    key: Key


class Space:
    """The configurations of one image that can be reached from a cloud.

    Args:
        cloud: where it begins; it is not changed.
        subject: the id of the image.
        labels: what things are called in commands.
        more_machines: how many more machines than at the beginning a way may
            have the image hold at the same time, those that are gone included.
        more_copies: the same of copies (exports, where an image cannot be copied).
        apart: the ids of machines that are not taken for others that are like them.
    """

    def __init__(  # noqa: PLR0913 - all but the first three are named
        self,
        cloud: Cloud,
        subject: int,
        labels: Labels,
        *,
        more_machines: int = 1,
        more_copies: int = 1,
        apart: Collection[int] = (),
    ) -> None:
        """Count who holds the image at the beginning."""
        self._apart = frozenset(apart)
        self.start = cloud
        self.subject = subject
        self._labels = labels
        image = cloud.images.get(subject)
        machines, copies = (0, 0) if image is None else _holders(image)
        self._most_machines = machines + more_machines
        self._most_copies = copies + more_copies

    def state(self, cloud: Cloud) -> AnyState:
        """Give the state of the image in a cloud."""
        image = cloud.images.get(self.subject)
        return GONE if image is None else image.state

    def edges(self, cloud: Cloud) -> Iterator[Edge]:
        """Give what can be done next, each with what comes of it; what changes nothing is left out.

        A command that is refused is left out.
        """
        before = self.key(cloud)
        for move in self._moves(cloud):
            after = branched(cloud)
            if not move.make(after):
                continue
            _ask_once(after)
            key = self.key(after)
            if key != before:
                yield Edge(move, after, key)

    def _moves(self, cloud: Cloud) -> Iterator[Move]:
        labels = self._labels.within(cloud)
        image = cloud.images.get(self.subject)
        if image is None:
            return
        yield from answers(cloud, labels)
        alike = self._alike(cloud, image)
        for move in commands(cloud, self.subject, labels):
            if (move.role, move.id) not in alike:
                yield move
        machines, copies = _holders(image)
        for move in creations(cloud, self.subject, labels):
            room = (
                machines < self._most_machines
                if move.action == "acquire"
                else copies < self._most_copies
            )
            if room:
                yield move

    def _alike(self, cloud: Cloud, image: Image) -> set[tuple[str, int]]:
        """Give the machines and copies that differ in nothing from another with a smaller id.

        A command on one of them comes to the same as a command on the other.
        """
        asked = _asked(cloud)
        seen: set[Hashable] = set()
        alike = set()
        for vm in self._machines(cloud, image):
            what = ("vmm", self._machine(cloud, vm, asked))
            if what in seen:
                alike.add(("vmm", vm.id))
            seen.add(what)
        for copy in _copies(cloud, image):
            what = ("ds", _copy(copy, image, asked))
            if what in seen:
                alike.add(("ds", copy.id))
            seen.add(what)
        return alike

    def key(self, cloud: Cloud) -> Key:
        """Give what tells the configuration of a cloud from others."""
        image = cloud.images.get(self.subject)
        if image is None:
            return None
        asked = _asked(cloud)
        return (
            _own(image, Holders.of(cloud, image)),
            tuple(sorted(asked.get(("ds", image.id), ()))),
            _counted(self._machine(cloud, vm, asked) for vm in self._machines(cloud, image)),
            _counted(_copy(one, image, asked) for one in _copies(cloud, image)),
            _counted(
                (app.state, app.id in image.app_clones, tuple(asked.get(("market", app.id), ())))
                for app in cloud.apps
                if app.origin_id == image.id
                and (app.id in image.app_clones or app.state is AppState.LOCKED)
            ),
        )

    def _machines(self, cloud: Cloud, image: Image) -> Iterator[VirtualMachine]:
        for vm in cloud.vms:
            if vm.state is not VmState.DONE and (vm.id in image.vms or image.id in vm.image_ids()):
                yield vm

    def _machine(self, cloud: Cloud, vm: VirtualMachine, asked: Asked) -> Hashable:
        image = cloud.images[self.subject]
        return (
            vm.id if vm.id in self._apart else None,
            vm.state,
            vm.id in image.vms,
            vm.action,
            vm.on_hold,
            tuple(self._disk(cloud, disk, asked) for disk in vm.disks),
            tuple(asked.get(("vm", vm.id), ())),
        )

    def _disk(self, cloud: Cloud, disk: Disk, asked: Asked) -> Hashable:
        other = cloud.images.get(disk.image_id) if disk.image_id != self.subject else None
        return (
            disk.image_id == self.subject,
            disk.cloning,
            bool(disk.get("SOURCE")),
            disk.attaching,
            disk.saving,
            disk.snapshot is not None,
            disk.persistent,
            _tree(disk.snapshots),
            None if other is None else (other.state, tuple(asked.get(("ds", other.id), ()))),
        )


Asked = dict[tuple[str, int], list[str]]
"""What drivers have not answered, by what it is about."""


def _asked(cloud: Cloud) -> Asked:
    asked: Asked = {}
    for one in cloud.drivers.open:
        role = "vm" if one.role in {"tm", "vmm"} else one.role
        asked.setdefault((role, one.id), []).append(one.action)
    return asked


def _copies(cloud: Cloud, image: Image) -> Iterator[Image]:
    for one in cloud.images:
        if one.id in image.clones or one.cloning_id == image.id:
            yield one


def _copy(copy: Image, image: Image, asked: Asked) -> Hashable:
    return (
        copy.state,
        copy.id in image.clones,
        copy.cloning_id == image.id,
        bool(copy.source),
        forced(copy, None),
        copy.running_vms,
        tuple(asked.get(("ds", copy.id), ())),
    )


def _own(image: Image, held: Holders) -> Hashable:
    return (
        image.state,
        image.type,
        image.is_persistent,
        image.running_vms,
        image.cloning_ops,
        tuple(map(len, held)),
        image.cloning_id != -1,
        image.target_snapshot,
        bool(image.source),
        bool(image.path),
        bool(image.format),
        forced(image, None),
        saving(image, None),
        shareable(image, None),
        len(image.increments),
        _tree(image.snapshots),
        image.lock_held,
    )


def _tree(snapshots: Snapshots | None) -> Hashable:
    if snapshots is None:
        return None
    return tuple((one.id, one.parent, one.active) for one in snapshots)


def _holders(image: Image) -> tuple[int, int]:
    return len(image.vms), len(image.clones) + len(image.app_clones)


def _counted(things: Iterator[Hashable]) -> Hashable:
    """Count equal things: which is which makes no difference."""
    return frozenset(Counter(things).items())


def _ask_once(cloud: Cloud) -> None:
    """Take requests for the same as one: who asks again need not wait for two answers."""
    drivers = cloud.drivers
    drivers.open = list({(one.role, one.action, one.id): one for one in drivers.open}.values())
