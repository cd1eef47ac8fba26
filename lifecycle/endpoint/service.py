"""A cloud that is called from several threads: one call at a time, each whole or not at all."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.calls.remote import METHODS, authenticate
from lifecycle.cloud.clock import END, Clock
from lifecycle.cloud.cloud import Cloud
from lifecycle.cloud.journal import Entry
from lifecycle.cloud.pool import Selection
from lifecycle.codes import ErrorCode
from lifecycle.documents import pieces_of, text_of
from lifecycle.endpoint import introspection, reply
from lifecycle.endpoint.call import read_call
from lifecycle.endpoint.fault import (
    Fault,
    FaultCode,
    no_parameters,
    no_such_method,
    too_few,
    wrong_type,
)
from lifecycle.endpoint.inputs import perform
from lifecycle.endpoint.store import Store
from lifecycle.refusal import AuthenticationRefused, ClockError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lifecycle.cloud.calls.remote import Method
    from lifecycle.endpoint.call import Value
    from lifecycle.endpoint.reply import Answer

log = logging.getLogger(__name__)

MOST_NOTED = 50_000
"""How many entries of the journal are kept, where nothing else was said: a server runs for long."""

_TICK = 0.1
_DUE: dict[type, str] = {int: "integer", bool: "boolean", str: "a string", list: "an array"}
READS = frozenset({"info", "infoextended", "config", "version", "monitoring", "raftstatus"})
"""How the names of calls end that only read: nothing need be kept of them."""


class Service:
    """Answers calls on a cloud, and whatever else may be done to it.

    Args:
        cloud: the cloud, or what makes a fresh one.
        state: the file in which it outlives the process, None for none.
        speed: virtual seconds per real second; 0 leaves time to whoever moves it.

    Attributes:
        cloud: the cloud; another one after it was reset or loaded.
        lock: is held while the cloud is looked at or changed.
        admits: is asked about every other cloud, and raises `InputError` for one that may not be.

    Raises:
        InputError: the file cannot be used.
    """

    def __init__(
        self,
        cloud: Cloud | Callable[[], Cloud],
        *,
        state: str | Path | None = None,
        speed: float = 0,
    ) -> None:
        """Answer calls on a cloud."""
        self.lock = threading.RLock()
        self.admits: Callable[[Cloud], object] = _anything
        self._fresh: Callable[[], Cloud] = Cloud if isinstance(cloud, Cloud) else cloud
        self._listeners: list[Callable[[Entry], object]] = []
        self._store: Store | None = None
        if state is not None:
            self._store = Store(state)
            made = cloud if isinstance(cloud, Cloud) else None
            cloud = self._store.restore(lambda: made or self._fresh())
        self.cloud = cloud if isinstance(cloud, Cloud) else self._fresh()
        self._listen()
        self._speed = 0.0
        self._since = (0.0, 0.0)
        self._moved = threading.Condition(self.lock)
        self._closed = False
        self._ticker: threading.Thread | None = None
        if speed:
            self.tie(speed)

    # Calls

    def call(self, name: str, params: list[Value]) -> Answer:
        """Make a call; the lock must be held until the answer is written.

        Raises:
            Fault: there is no such call, or a parameter is missing or of a wrong type.
        """
        method = METHODS.get(name)
        if method is None:
            if name.startswith("system."):
                return introspection.answer(name, params, self.call)
            log.warning("a call was made that is not there: %.200s", name)
            raise no_such_method(name)
        if not params:
            raise no_parameters()
        session, given = params[0], params[1:]
        if not isinstance(session, str) or authenticate(self.cloud, session) is None:
            message = AuthenticationRefused().message(name)
            return reply.refusal(message, ErrorCode.AUTHENTICATION)
        check(method, given)
        self.catch_up()
        if name.rpartition(".")[2] not in READS:
            self._keep("call", {"method": name, "params": given, "session": session})
        found = self.cloud.call(name, *given, session=session)
        if not found.ok:
            return reply.refusal(found.value, found.code, found.object_id)
        value = found.value
        whole = not isinstance(value, Selection)
        return [True, text_of(self.cloud, value) if whole else pieces_of(self.cloud, value), 0]

    def answer(self, body: bytes) -> list[bytes]:
        """Give the answer to the body of a request, whatever it is, in pieces."""
        try:
            return self.answer_call(*read_call(body))
        except Fault as fault:
            return reply.fault(fault)

    def answer_call(self, name: str, params: list[Value]) -> list[bytes]:
        """Give the answer to a call as the body of a response, in pieces.

        Raises:
            Fault: there is no such call, or a parameter is missing or of a wrong type.
        """
        with self.lock:
            return reply.result(self.call(name, params))

    # Whatever else is done from outside

    def do(self, kind: str, data: dict[str, Any]) -> Any:
        """Do to the cloud what an input says (`lifecycle.endpoint.inputs`).

        Raises:
            LifecycleError: it cannot be done; the cloud is as it was.
        """
        with self.lock:
            self.catch_up()
            self._keep(kind, data)
            done = perform(self.cloud, kind, data)
            if kind == "advance":
                self._since = (time.monotonic(), self.cloud.clock.now)
            self._moved.notify_all()
            return done

    def replace(self, cloud: Cloud) -> None:
        """Put another cloud in the place of the one that there is.

        Raises:
            InputError: it may not be, or the file cannot be written; the old cloud stays.
        """
        self.admits(cloud)
        with self.lock:
            if self._store is not None:
                self._store.save(cloud)
            self.cloud = cloud
            self._since = (time.monotonic(), cloud.clock.now)
            self._listen()
            # Not a thing that happened in the new cloud: only who listens is told.
            self._tell(_loaded(cloud))
            self._moved.notify_all()

    def missed(self, after: int) -> list[Entry]:
        """Give what came behind an entry, by its number, to whoever listens from now on.

        Who knows of a later entry than there is knows another cloud, and is told so.
        """
        journal = self.cloud.journal
        another = _loaded(self.cloud)
        return (
            [another] if after > another.number else [one for one in journal if one.number > after]
        )

    def load(self, value: Any) -> None:
        """Put a cloud in the place of the one that there is: the whole of one, or just a situation.

        A situation that says nothing of users, drivers or time begins with
        oneadmin's password as it is, and for the rest like a fresh cloud.

        Args:
            value: what `Cloud.to_json` gives, or parts of it.

        Raises:
            InputError: it is none, it may not be, or the file cannot be written.
        """
        with self.lock:
            fresh = self._fresh()
            cloud = Cloud.from_json(value, clock=Clock(fresh.clock.start))
            if "drivers" not in value:
                cloud.drivers.otherwise = fresh.drivers.otherwise
            if "users" not in value:
                cloud.users[0].password = self.cloud.users[0].password
            self.replace(cloud)

    def reset(self) -> None:
        """Put a fresh cloud in the place of the one that there is; oneadmin's password stays."""
        with self.lock:
            cloud = self._fresh()
            cloud.users[0].password = self.cloud.users[0].password
            self.replace(cloud)

    def _keep(self, kind: str, data: dict[str, Any], when: float | None = None) -> None:
        """Keep an input before it is done.

        Raises:
            Fault: it cannot be written; then it must not be done.
        """
        if self._store is None:
            return
        try:
            self._store.save_in_time(self.cloud)
            self._store.add(self.cloud.clock.now if when is None else when, kind, data)
        except InputError as error:
            log.error("%s", error)  # noqa: TRY400 - one line says it all
            raise Fault(FaultCode.INTERNAL, f"the state cannot be kept: {error}") from error

    # Time

    @property
    def speed(self) -> float:
        """Virtual seconds per real second, 0 when they are not tied."""
        return self._speed

    def tie(self, speed: float) -> None:
        """Tie virtual time to real time.

        Args:
            speed: virtual seconds per real second; 0 unties them.

        Raises:
            InputError: it is below 0, or none.
        """
        given: object = speed
        number = isinstance(given, int | float) and not isinstance(given, bool)
        if not number or not 0 <= speed < END:
            raise InputError(f"must be 0 or more, not {speed!r}", field="speed")
        with self.lock:
            self.catch_up()
            self._speed = float(speed)
            self._since = (time.monotonic(), self.cloud.clock.now)
            if speed and self._ticker is None:
                self._ticker = threading.Thread(
                    target=self._tick, name="lifecycle-clock", daemon=True
                )
                self._ticker.start()
            self._moved.notify_all()

    def catch_up(self) -> None:
        """Let the virtual time pass that real time has passed; the lock must be held."""
        if not self._speed:
            return
        real, virtual = self._since
        target = virtual + (time.monotonic() - real) * self._speed
        if target > self.cloud.clock.now:
            due = self.cloud.clock.next_due
            if due is not None and due <= target:
                # Something happens now that somebody may see.
                self._keep("advance", {"seconds": 0}, target)
            try:
                self.cloud.clock.advance_to(target)
            except ClockError as error:
                log.warning("%s", error)
                self._speed = 0.0
            self.cloud.settle()

    def _tick(self) -> None:
        """Have happen in its time what nobody's call brings about."""
        with self.lock:
            while not self._closed:
                with suppress(Fault):  # a call will tell
                    self.catch_up()
                self._moved.wait(_TICK if self._speed else None)

    # The journal

    def listen(self, listener: Callable[[Entry], object]) -> Callable[[], None]:
        """Have every further entry handed to a function, of whichever cloud; give what ends it."""
        with self.lock:
            self._listeners.append(listener)
        return lambda: self._forget(listener)

    def _forget(self, listener: Callable[[Entry], object]) -> None:
        with self.lock:
            self._listeners.remove(listener)

    def _listen(self) -> None:
        journal = self.cloud.journal
        journal.limit = MOST_NOTED if journal.limit is None else journal.limit
        journal.listen(self._tell)

    def _tell(self, entry: Entry) -> None:
        for listener in self._listeners:
            listener(entry)

    def close(self) -> None:
        """Give the file back, and let time stand."""
        with self.lock:
            self._closed = True
            self._moved.notify_all()
        if self._ticker is not None:
            self._ticker.join()
        if self._store is not None:
            self._store.close()


def _loaded(cloud: Cloud) -> Entry:
    """Give the entry by which who listens is told that it is another cloud."""
    last = cloud.journal[-1].number if len(cloud.journal) else 0
    return Entry(last, cloud.clock.now, "loaded", "", "another cloud")


def _anything(cloud: Cloud) -> None:
    """Let any cloud be."""
    del cloud


def check(method: Method, params: list[Value]) -> None:
    """Let pass the parameters of a call, without the session; what is surplus is not looked at.

    Raises:
        Fault: one is missing, or of a wrong type.
    """
    place = method.wrong_place(params)
    if place is None:
        return
    if place >= len(params):
        raise too_few()
    kind = method.kinds[place]
    raise wrong_type(_DUE[int if isinstance(params[place], kind) else kind])
