"""One who walks through a cloud, and looks after each step at all that must hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lifecycle import Cloud
from lifecycle.cloud.calls.remote import METHODS
from lifecycle.cloud.vm_states import VmState
from lifecycle.cloud.vm_triggers import VM_EVENTS
from lifecycle.operations import OPERATIONS
from lifecycle.triggers import EVENTS
from tests.cloud import walks
from tests.cloud.excuses import unexcused
from tests.engine.situations import ARGUMENTS

if TYPE_CHECKING:
    from lifecycle.cloud.journal import Entry
    from tests.cloud.walks import Step

WITHOUT_ARGUMENTS = sorted(set(OPERATIONS) - set(ARGUMENTS))
"""The operations on an image that carry nothing."""


def written(cloud: Cloud) -> dict[str, Any]:
    """Give all that a cloud holds but its journal."""
    return cloud.to_json(journal=False)


def journal(cloud: Cloud) -> list[Any]:
    """Give a journal as JSON gives it back."""
    entries: list[Any] = json.loads(json.dumps(cloud.journal.to_json()))
    return entries


def gone(steps: list[Step], seed: int = walks.SEED) -> Cloud:
    """Give the cloud in which a walk was gone."""
    cloud = walks.furnished(seed)
    for step in steps:
        walks.perform(cloud, step)
    return cloud


class Walker:
    """Goes steps, and remembers them."""

    def __init__(self) -> None:
        self.cloud = walks.furnished()
        self.steps: list[Step] = []
        self.seen = 0
        self.asked: dict[int, tuple[str, int]] = {}
        self.now = written(self.cloud)

    def go(self, step: Step) -> None:
        """Go a step, and look; a call that is refused changes nothing but what oned changes."""
        self.steps.append(step)
        before = self.now
        reply = walks.perform(self.cloud, step)
        self.now = written(self.cloud)
        if reply is not None and not reply.ok:
            assert unexcused(step, reply, before, self.now) == {}, (step, reply)
        self.look()

    def look(self) -> None:
        """Look at all that must hold at any time."""
        cloud = self.cloud
        for image in cloud.images:
            assert image.running_vms == len(image.vms), image
            assert image.cloning_ops == len(image.clones) + len(image.app_clones), image
            for ids in (image.vms, image.clones, image.app_clones, image.backup_disk_ids):
                assert all(type(one) is int for one in ids), image
            assert image.id in cloud.datastores[image.datastore_id].images, image
        for datastore in cloud.datastores:
            assert all(number in cloud.images for number in datastore.images), datastore
        for vm in cloud.vms:
            assert vm.state is not VmState.CLONING or vm.waits_for(), vm
            assert vm.backups is None or all(type(one) is int for one in vm.backups.ids), vm
        for place in range(self.seen, len(cloud.journal)):
            self._look_at(cloud.journal[place])
        self.seen = len(cloud.journal)
        for request in cloud.drivers.open:
            assert self.asked[request.number] == (request.action, request.id), request

    def _look_at(self, entry: Entry) -> None:
        detail = entry.detail
        if entry.kind == "asked":
            self.asked[detail["request"]] = (entry.what, int(entry.object.split()[1]))
        if entry.kind == "move" and "CLONE" == detail["to"] != detail["from"]:
            image = self.cloud.images.get(int(entry.object.removeprefix("image ")))
            assert image is None or image.is_persistent, entry

    def read(self, who: str | None, flag: int, start: int, end: int) -> None:
        """Read all kinds of things, which changes nothing."""
        before, cloud = self.now, self.cloud
        for method in METHODS.values():
            if method.name.endswith("pool.info"):
                name = method.name.removeprefix("one.")
                self.go(["call", who, name, *(flag, start, end, -1)[: len(method.required)]])
        for group, pool in (
            ("image", cloud.images),
            ("vm", cloud.vms),
            ("template", cloud.templates),
            ("marketapp", cloud.apps),
            ("datastore", cloud.datastores),
            ("user", cloud.users),
        ):
            for number in (*pool.ids()[-2:], walks.MISSING):
                self.go(["call", who, f"{group}.info", number])
        assert self.now == before

    def explain(self) -> None:
        """Ask what would be refused, why, and what is legal, which changes nothing."""
        count = len(self.cloud.journal)
        for image in self.cloud.images:
            for name in WITHOUT_ARGUMENTS:
                refusal = EVENTS[name].objection(image)
                assert refusal is None or name not in refusal.legal
        for vm in self.cloud.vms:
            for name in VM_EVENTS:
                refusal = VM_EVENTS[name].objection(vm)
                assert refusal is None or name not in refusal.legal
        assert len(self.cloud.journal) == count
        assert written(self.cloud) == self.now

    def save_and_load(self) -> None:
        """Walk on in a cloud that was saved and loaded; it is the same in all."""
        saved = json.loads(json.dumps(self.cloud.to_json()))
        self.cloud = Cloud.from_json(saved)
        assert json.loads(json.dumps(self.cloud.to_json())) == saved

    def end(self) -> None:
        """Go the walk again, step by step beside another walk: both are as if each was alone."""
        stranger, again = walks.furnished(1), walks.furnished()
        for step, other in zip(self.steps, reversed(self.steps), strict=True):
            walks.perform(again, step)
            walks.perform(stranger, other)
        assert journal(again) == journal(self.cloud)
        assert written(again) == written(self.cloud)
        assert journal(stranger) == journal(gone(self.steps[::-1], seed=1))
