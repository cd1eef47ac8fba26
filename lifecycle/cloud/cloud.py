"""A simulated cloud: images, machines, drivers, users, and the time that passes.

What happens is decided elsewhere: the tables move images and machines, the
calls (:mod:`lifecycle.cloud.calls`) check what oned checks. The cloud holds
the objects, passes on what one object tells another, and keeps the order:
what is triggered while something is under way happens after it, first come,
first served.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from lifecycle.cloud import backup_runs, disks, saving
from lifecycle.cloud.attributes import kept
from lifecycle.cloud.authorization import AclRule, Caller, default_rules
from lifecycle.cloud.clock import Clock
from lifecycle.cloud.drivers import UNANSWERED, Delayed, Drivers, Plan, Request, Role
from lifecycle.cloud.fresh import furnish
from lifecycle.cloud.hooks import HookAction, HookEvent, StateHook, state_hook
from lifecycle.cloud.journal import Journal
from lifecycle.cloud.messages import handle
from lifecycle.cloud.payloads import usual_payload
from lifecycle.cloud.pool import Pool
from lifecycle.cloud.vm_triggers import VM_EVENTS
from lifecycle.image import Image
from lifecycle.refusal import InputError, NotAskedError
from lifecycle.states import GONE, ImageState
from lifecycle.triggers import EVENTS

if TYPE_CHECKING:
    from enum import Enum
    from pathlib import Path

    from lifecycle.analysis.explaining import CallExplanation
    from lifecycle.cloud.calls import Calls, Groups
    from lifecycle.cloud.calls.remote import Reply
    from lifecycle.cloud.drivers import Outcome
    from lifecycle.cloud.objects import (
        App,
        Cluster,
        Datastore,
        Group,
        Host,
        Market,
        User,
        VmTemplate,
        Zone,
    )
    from lifecycle.cloud.vm import VirtualMachine
    from lifecycle.refusal import Refused
    from lifecycle.table import Otherwise, Row
else:
    # At run time the groups of calls are found when they are first used.
    Groups = object

Seen = Callable[[str, Any, Any], object]
"""What an observer is told: the kind of a happening, its object, and the rest."""


class Cloud(Groups):
    """A cloud as a fresh OpenNebula 7.4 makes it: three datastores, one host, oneadmin.

    Calls are made in the groups that the XML-RPC interface has: ``cloud.image``,
    ``cloud.vm``, ``cloud.datastore`` and so on, as oneadmin; ``cloud.acting(uid)``
    gives the same groups as another user; `call` makes a call by its name.

    Args:
        clock: the time; a virtual one of its own unless given.
        seed: of the random numbers, for plans with a probability.
        capacity_check: DATASTORE_CAPACITY_CHECK of oned.conf.
        journal: whether to keep a journal.
        host: whether there is a host, with id 0.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        seed: int = 0,
        capacity_check: bool = False,
        journal: bool = True,
        host: bool = True,
    ) -> None:
        """Make a fresh cloud."""
        self.clock = Clock() if clock is None else clock
        self.capacity_check = capacity_check
        self.journal = Journal(enabled=journal)
        self.drivers = Drivers(seed)
        self.images: Pool[Image] = Pool("IMAGE")
        self.vms: Pool[VirtualMachine] = Pool("VM")
        self.datastores: Pool[Datastore] = Pool("DATASTORE", shared_names=True)
        self.clusters: Pool[Cluster] = Pool("CLUSTER", shared_names=True)
        self.zones: Pool[Zone] = Pool("ZONE", shared_names=True)
        self.hosts: Pool[Host] = Pool("HOST", shared_names=True)
        self.users: Pool[User] = Pool("USER", shared_names=True)
        self.groups: Pool[Group] = Pool("GROUP", shared_names=True)
        self.templates: Pool[VmTemplate] = Pool("TEMPLATE")
        self.markets: Pool[Market] = Pool("MARKETPLACE", shared_names=True)
        self.apps: Pool[App] = Pool("MARKETPLACEAPP")
        self.acl_rules: list[AclRule] = default_rules()
        self.next_acl_id = len(self.acl_rules)
        self.next_sync_id = 0
        self.hooks: list[StateHook] = []
        self.observers: list[Seen] = []
        self._queue: deque[tuple[Callable[..., object], tuple[Any, ...]]] = deque()
        self._settling = False
        self._calls: dict[int, Calls] = {}
        furnish(self, host=host)

    # Calls

    def acting(self, uid: int) -> Calls:
        """Give the calls, made as a user.

        Raises:
            InputError: there is no such user.
        """
        from lifecycle.cloud.calls import Calls  # noqa: PLC0415 - the calls need the cloud

        calls = self._calls.get(uid)
        if calls is None:
            if uid not in self.users:
                raise InputError(f"there is no user with the id {uid!r}")
            calls = self._calls[uid] = Calls(self, uid)
        return calls

    # To a type checker, a name that is neither defined here nor in Groups is a mistake.
    if not TYPE_CHECKING:  # pragma: no branch

        def __getattr__(self, name: str) -> object:
            """Give a group of calls, made as oneadmin."""
            from lifecycle.cloud.calls import GROUPS  # noqa: PLC0415 - the calls need the cloud

            if name not in GROUPS:
                raise AttributeError(f"'Cloud' object has no attribute {name!r}")
            group = getattr(self.acting(0), name)
            setattr(self, name, group)
            return group

    def call(self, method: str, *params: Any, session: str | None = None) -> Reply:
        """Make a call by its name, as a client does.

        Args:
            method: as in ``one.image.enable``.
            params: without the session.
            session: ``user:password``; None for oneadmin, whatever its password.

        Returns:
            whether it was done, the value or oned's message, and the error code.

        Raises:
            UnknownMethodError: there is no such call.
            WrongParameterError: a parameter is missing or of a wrong type.
        """
        from lifecycle.cloud.calls.remote import answer  # noqa: PLC0415 - the calls need the cloud

        return answer(self, method, params, session)

    def caller(self, uid: int) -> Caller:
        """Give a user as one who makes a call."""
        user = self.users[uid]
        return Caller(uid, user.gid, frozenset(user.groups))

    # Time and order

    def now(self) -> int:
        """Give the time in whole seconds since the epoch."""
        return int(self.clock.now)

    def date(self) -> str:
        """Give the time as oned writes it in front of an ERROR text."""
        return self.clock.date("%a %b %e %H:%M:%S %Y")

    def advance(self, seconds: float) -> None:
        """Let time pass, and have happen what becomes due.

        Raises:
            ClockError: the number of seconds is negative.
        """
        self.clock.advance(seconds)
        self.settle()

    def later(self, action: Callable[..., object], *arguments: Any) -> None:
        """Have something happen after what is under way."""
        self._queue.append((action, arguments))

    def settle(self) -> None:
        """Have everything happen that was triggered, in order."""
        if self._settling:
            return
        self._settling = True
        try:
            while self._queue:
                action, arguments = self._queue.popleft()
                action(*arguments)
        finally:
            self._settling = False

    # What objects tell their world

    def fired(self, thing: Any, row: Row, origin: Enum) -> None:
        """A row of a table applied."""
        if self.journal.enabled:
            target = row.target if row.target is not None else origin
            self._note(
                "move",
                thing,
                row.operation,
                **{"from": origin.name, "to": target.name, "row": row.key},
            )
        self._tell("row", thing, row)

    def ignored(self, thing: Any, other: Otherwise) -> None:
        """An event was ignored; one that oned does not even log is not noted."""
        if self.journal.enabled and other.text:
            text = other.text.format(**thing.words())
            self._note("ignored", thing, other.operation, text=text, rule=other.key)
        self._tell("ignored", thing, other)

    def refused(self, thing: Any, refusal: Refused) -> None:
        """An operation was refused by a table; whoever tried it notes what came of that."""

    def told_refusal(self, refusal: Refused) -> None:
        """A call was refused, by a table or by a check."""
        self._tell("refused", None, refusal)

    def inserted(self, image: Image) -> None:
        """An image's record enters the pool."""
        image.regtime = image.modtime = self.now()
        self.images.add(image)
        datastore = self.datastores.get(image.datastore_id)
        if datastore is not None:
            datastore.images.add(image.id)
        self._tell("image", image, None)

    def written(self, image: Image) -> None:
        """An image's record is written; a hook fires if its state is another than before."""
        before, after = image.prev_state, image.state
        if before is ImageState.INIT and {} in image.template.values():
            # A vector without parts is lost when the record is read for its first write.
            image.template = kept(image.template)
        if before is not after and before is not GONE and after is not GONE:
            self._run_hooks(HookEvent(image, after.printed, before, after))
        self._tell("image", image, None)

    def _run_hooks(self, event: HookEvent) -> None:
        if self.journal.enabled:
            states = {"from": event.before.name, "to": event.after.name}
            self._note("hook", event.image, event.printed, **states)
        for hook in self.hooks:
            if hook.wants(event):
                self.later(hook.action, event)
        self._tell("hook", event.image, event)

    def dropped(self, image: Image) -> None:
        """An image's record leaves the pool."""
        self.images.remove(image)
        datastore = self.datastores.get(image.datastore_id)
        if datastore is not None:
            datastore.images.discard(image.id)
        if self.journal.enabled:
            self._note("gone", image, "dropped")
        self._tell("image", image, None)

    def asked(self, image: Image, action: str) -> None:
        """The datastore driver is asked about an image."""
        self.ask("ds", action, image.id, image.name)

    def tell_machines(self, image: Image) -> None:
        """The machines in VMS are told that the image's operation has ended."""
        for number in sorted(image.vms):
            self.later(self.fire_vm, number, "images_changed")

    def release_clone(self, source: int, clone: int) -> None:
        """An image loses a clone."""
        image = self.images.get(source)
        if image is not None:
            image.clone_released(clone)

    def start_save_as_copy(self, image: Image) -> None:
        """The machine whose disk is saved into the image starts to copy it."""
        disks.start_save_as_copy(self, image)

    def end_save_as(self, image: Image) -> None:
        """The machine whose disk was to be saved into the image leaves its save-as state."""
        disks.end_save_as(self, image)

    def leave_backups(self, image: Image) -> None:
        """The machine that the backup is of forgets it."""
        backup_runs.forget_image(self, image)

    def flatten_ended(self, image: Image) -> None:
        """The machine that a backup is of may make backups again."""
        backup_runs.flatten_ended(self, image)

    def fire_vm(self, number: int, event: str) -> None:
        """Fire an event on a machine, if it is still there."""
        vm = self.vms.get(number)
        if vm is not None:
            VM_EVENTS[event].fire(vm)
            self.vm_written(vm)

    def fire_image(self, image: Image, event: str, what: Any = None) -> None:
        """Fire an event on an image."""
        EVENTS[event].fire(image, what)

    def vm_written(self, vm: VirtualMachine) -> None:
        """A machine's record is written."""
        self._tell("vm", vm, None)

    def app_written(self, app: App) -> None:
        """An app's record is written, or dropped."""
        self._tell("app", app, None)

    def template_written(self, template: VmTemplate) -> None:
        """A template's record is written, or dropped."""
        self._tell("template", template, None)

    def ask_for_vm(self, vm: VirtualMachine, role: Role, action: str) -> None:
        """A machine or transfer driver is asked about a machine."""
        self.ask(role, action, vm.id, vm.name)

    def release_images(self, vm: VirtualMachine, *, failed: bool) -> None:
        """A machine lets all its images go."""
        disks.release_images(self, vm, failed=failed)

    def remove_disk(self, vm: VirtualMachine, *, backups: bool) -> None:
        """A machine loses the disk that was being attached or detached."""
        disks.remove_disk(self, vm, backups=backups)

    def end_disk_snapshot(self, vm: VirtualMachine, how: str) -> None:
        """A snapshot operation on a machine's disk has ended."""
        disks.end_snapshot(self, vm, how)

    def backup_disks(self, vm: VirtualMachine) -> list[int]:
        """Give the disks of a machine that its backups hold."""
        return backup_runs.disk_ids(vm)

    def register_backup(self, vm: VirtualMachine) -> None:
        """A backup of a machine ended well."""
        backup_runs.register(self, vm)

    # Drivers

    def ask(self, role: Role, action: str, id_: int, name: str) -> Request:
        """Ask a driver for something, and have a plan decide about the answer."""
        request = self.drivers.add(role, action, id_, name, self.clock.now)
        self.noted_request(request)
        if action in UNANSWERED:
            self.drivers.close(request)
            return request
        plan = self.drivers.decide(request)
        if plan.outcome == "hold":
            return request
        answer = Delayed(self.clock.now + plan.delay, plan.outcome == "success", plan.payload)
        if plan.delay > 0:
            self.drivers.delayed[request.number] = answer
            self.clock.schedule(plan.delay, lambda: self._answer_late(request.number))
        else:
            self.later(self.answer_request, request, answer)
        return request

    def schedule_delayed(self) -> None:
        """Have the answers that are on their way come in their time, after a cloud was loaded."""
        for number, answer in sorted(
            self.drivers.delayed.items(), key=lambda item: (item[1].due, item[0])
        ):
            delay = max(answer.due - self.clock.now, 0)
            self.clock.schedule(delay, lambda number=number: self._answer_late(number))  # type: ignore[misc]  # the default binds it now

    def noted_request(self, request: Request) -> None:
        """A driver was asked for something."""
        if self.journal.enabled:
            place = _place(request.role, request.id)
            self._add("asked", place, request.action, role=request.role, request=request.number)
        self._tell("asked", request, None)

    def _answer_late(self, number: int) -> None:
        answer = self.drivers.delayed.pop(number)
        request = next((one for one in self.drivers.open if one.number == number), None)
        if request is not None:
            self.answer_request(request, answer)

    def answer_request(self, request: Request, answer: Delayed) -> None:
        """Have a driver answer a certain request, if it is still open."""
        if request not in self.drivers.open:
            return
        self.drivers.close(request)
        payload = answer.payload
        usual = usual_payload(self, request, ok=answer.ok) if payload is None else payload
        self._deliver(request.role, request.action, request.id, usual, ok=answer.ok)
        self.settle()

    def answer(  # noqa: PLR0913 - what an answer consists of; all but three are named
        self,
        action: str,
        id_: int,
        *,
        ok: bool = True,
        payload: str | None = None,
        role: Role | None = None,
        unasked: bool = False,
    ) -> Request | None:
        """Have a driver answer by hand.

        Args:
            action: CP, MKFS, CLONE, DEPLOY, TRANSFER, SAVEAS, …
            id_: the image, machine or app.
            ok: whether it succeeded.
            payload: the driver's words; None for what is usual.
            role: which driver, where the action alone does not tell.
            unasked: the answer is one that nobody waits for; requests stay open.

        Returns:
            the oldest open request that this answers, None if there was none:
            the answer is then taken at face value, as oned does.

        Raises:
            InputError: the payload is no text; the request stays open.
        """
        if not isinstance(payload, str | None):
            raise InputError(f"must be a text, not {payload!r}", field="payload")
        request = None if unasked else self.drivers.oldest(action, id_, role)
        if request is not None:
            self.drivers.close(request)
            role, action = request.role, request.action
        if role is None:
            role = "tm" if action == "SAVEAS" else "ds"
        if payload is None:
            stand_in = request or Request(0, role, action, id_, "", self.clock.now)
            payload = usual_payload(self, stand_in, ok=ok)
        self._deliver(role, action, id_, payload, ok=ok)
        self.settle()
        return request

    def complete(self, action: str, id_: int, payload: str | None = None) -> None:
        """Have a driver answer an open request well.

        Raises:
            NotAskedError: no request of that action is open for that object.
        """
        self._must_be_open(action, id_)
        self.answer(action, id_, ok=True, payload=payload)

    def fail(self, action: str, id_: int, payload: str | None = None) -> None:
        """Have a driver answer an open request badly.

        Raises:
            NotAskedError: no request of that action is open for that object.
        """
        self._must_be_open(action, id_)
        self.answer(action, id_, ok=False, payload=payload)

    def _must_be_open(self, action: str, id_: int) -> None:
        if self.drivers.oldest(action, id_) is None:
            waiting = ", ".join(f"{one.action} {one.id}" for one in self.drivers.open) or "none"
            raise NotAskedError(f"no open request {action} for {id_}; open: {waiting}")

    def _deliver(self, role: Role, action: str, id_: int, payload: str, *, ok: bool) -> None:
        if self.journal.enabled:
            self._add("answer", _place(role, id_), action, role=role, ok=ok, payload=payload)
        handle(self, role, action, id_, payload, ok=ok)

    def rule(
        self,
        role: Role,
        action: str,
        mode: Outcome | Literal["default"],
        payload: str | None = None,
    ) -> None:
        """Have a driver answer an action at once from now on, or hold it.

        Args:
            role: ds, tm, vmm or market.
            action: as in `answer`; ``TRANSFER.prolog`` for one kind of transfer.
            mode: success, failure, hold; default takes the rule back.
            payload: the driver's words; None for what is usual.

        Raises:
            InputError: there is no such role or mode.
        """
        self.drivers.rule(role, action, mode, payload)
        if self.journal.enabled:
            self._add("rule", "", action, role=role, mode=mode)

    def plan(  # noqa: PLR0913 - the fields of a plan; all but the first two are named
        self,
        outcome: Outcome = "success",
        action: str = "*",
        *,
        role: Role | None = None,
        id: int | None = None,  # noqa: A002 - as the field of a plan is called
        name: str = "*",
        payload: str | None = None,
        delay: float = 0,
        skip: int = 0,
        count: int | None = None,
        probability: float = 1.0,
    ) -> Plan:
        """Add a plan behind those that there are; its fields are told at `Plan`.

        Raises:
            InputError: a field is none of what it can be.
        """
        plan = Plan(outcome, action, role, id, name, payload, delay, skip, count, probability)
        self.drivers.plans.append(plan)
        return plan

    def hook(self, action: HookAction, state: ImageState | str | None = None) -> StateHook:
        """Have something run whenever an image's state has changed.

        It runs after the operation that is under way, and may make calls
        itself. To end it, remove it from `hooks`. Hooks are not saved.

        Args:
            action: is called with a `HookEvent`.
            state: the state to wait for, or its name; None for every change.

        Raises:
            InputError: there is no such state, or it is INIT.
        """
        made = state_hook(action, state)
        self.hooks.append(made)
        return made

    def explain(self, what: str, *params: Any, uid: int = 0) -> CallExplanation:
        """Tell what a call, or an operation on an image, would do: see `explain_call`."""
        from lifecycle.analysis.explaining import explain_call  # noqa: PLC0415 - stands above it

        return explain_call(self, what, *params, uid=uid)

    # Saving and loading

    def to_json(self, *, journal: bool = True) -> dict[str, Any]:
        """Give the whole cloud as a JSON value, with or without its journal.

        Raises:
            LifecycleError: the clock holds actions that the cloud did not put there.
        """
        return saving.to_json(self, journal=journal)

    @classmethod
    def from_json(cls, value: Any, **settings: Any) -> Cloud:
        """Make a cloud of a JSON value, the whole of one or just a situation.

        Args:
            value: as `to_json` gives it; what is left out is as in a fresh cloud.
            settings: as for a new cloud.

        Raises:
            InputError: the value is not such a one.
        """
        cloud = cls(**settings)
        saving.from_json(cloud, value)
        return cloud

    def save(self, path: str | Path) -> None:
        """Write the whole cloud to a file, whole or not at all.

        Raises:
            InputError: the file cannot be written.
        """
        saving.save(self, path)

    @classmethod
    def load(cls, path: str | Path, **settings: Any) -> Cloud:
        """Make a cloud of a file that `save` wrote, or that somebody wrote by hand.

        Raises:
            InputError: the file cannot be read, or is no cloud.
        """
        value = saving.read(path)
        try:
            return cls.from_json(value, **settings)
        except InputError as error:
            raise error.at(str(path)) from error

    # Telling

    def _note(self, kind: Any, thing: Any, what: str, **detail: Any) -> None:
        word = "image" if isinstance(thing, Image) else "vm"
        self.journal.add(self.clock.now, kind, f"{word} {thing.id}", what, **detail)

    def _add(self, kind: Any, place: str, what: str, **detail: Any) -> None:
        self.journal.add(self.clock.now, kind, place, what, **detail)

    def _tell(self, kind: str, thing: Any, rest: Any) -> None:
        for observer in self.observers:
            observer(kind, thing, rest)


def _place(role: Role, id_: int) -> str:
    return f"{ {'ds': 'image', 'market': 'app'}.get(role, 'vm') } {id_}"
