"""A simulated OpenNebula that a test's clients are pointed at, for any test runner.

>>> from lifecycle.testing import OpenNebula
>>> with OpenNebula() as opennebula:
...     image = opennebula.cloud.image.allocate('NAME="a" SIZE="1" TYPE="DATABLOCK"', 1)
...     opennebula.endpoint.endswith("/RPC2"), opennebula.session
(True, 'oneadmin:opennebula')
"""

from __future__ import annotations

import functools
import inspect
import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar, overload

from lifecycle.endpoint import Endpoint
from lifecycle.refusal import InputError
from lifecycle.testing.report import told
from lifecycle.testing.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from threading import RLock
    from types import TracebackType
    from typing import Self

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.endpoint.rules import FaultRule

__all__ = ["Credentials", "OpenNebula", "with_opennebula"]

R = TypeVar("R")
_PARAMETER = "opennebula"
_NOT_YET = "this OpenNebula does not run yet; use it inside its with block"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where a client finds the cloud, and as whom it comes.

    Attributes:
        endpoint: the address for XML-RPC, as ``http://127.0.0.1:40613/RPC2``.
        username: the user's name.
        password: the user's password.
        auth_file: a file that holds ``user:password``, for ONE_AUTH.
    """

    endpoint: str
    username: str
    password: str
    auth_file: Path

    @property
    def session(self) -> str:
        """The first parameter of every call: ``user:password``."""
        return f"{self.username}:{self.password}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which clients find all this.

        ONE_XMLRPC and ONE_AUTH are OpenNebula's own; ONE_URL, ONE_USERNAME and
        ONE_PASSWORD those of Ansible's modules; OPENNEBULA_ENDPOINT,
        OPENNEBULA_USERNAME and OPENNEBULA_PASSWORD those of the Terraform
        provider.
        """
        return {
            "ONE_XMLRPC": self.endpoint,
            "ONE_AUTH": str(self.auth_file),
            "ONE_URL": self.endpoint,
            "ONE_USERNAME": self.username,
            "ONE_PASSWORD": self.password,
            "OPENNEBULA_ENDPOINT": self.endpoint,
            "OPENNEBULA_USERNAME": self.username,
            "OPENNEBULA_PASSWORD": self.password,
        }


class OpenNebula:
    """A cloud behind an endpoint of its own, on a free port of the loopback address.

    As a context manager it runs while the block does. It is not one that can
    be entered twice: each test has a cloud of its own.

    Args:
        settings: how the cloud begins, how its drivers answer, how its time passes.
        cloud: a cloud that is there already and stays as it is; of the settings
            the speed alone is for it.
        export: whether the environment of this process names the endpoint
            while it runs, so that clients find it by themselves.

    Attributes:
        cloud: the cloud. While a client may be in the middle of a call, in
            another thread or process, touch it with `lock` held.
        settings: how it began.
    """

    def __init__(
        self, settings: Settings | None = None, *, cloud: Cloud | None = None, export: bool = True
    ) -> None:
        """Make the cloud; nothing listens yet."""
        self.settings = Settings() if settings is None else settings
        self.cloud = self.settings.cloud() if cloud is None else cloud
        self._export = export
        self._running = ExitStack()
        self._endpoint: Endpoint | None = None
        self._own: Credentials | None = None
        self._folder = Path()

    def __enter__(self) -> Self:
        """Answer calls until the block ends.

        Raises:
            InputError: it was entered before.
        """
        if self._endpoint is not None:
            raise InputError("this OpenNebula was entered before; make one for each test")
        self._endpoint = Endpoint(self.cloud, port=0, speed=self.settings.speed)
        with ExitStack() as undo:
            self._folder = Path(undo.enter_context(TemporaryDirectory(prefix="opennebula-")))
            undo.enter_context(self._endpoint)
            self._own = self._credentials(*self._endpoint.session.split(":", 1))
            if self._export:
                undo.callback(_restore, {name: os.environ.get(name) for name in self.environment})
                os.environ.update(self.environment)
            self._running = undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._running.close()

    def _begun(self) -> Endpoint:
        if self._endpoint is None:
            raise InputError(_NOT_YET)
        return self._endpoint

    def _credentials(self, username: str, password: str) -> Credentials:
        file = self._folder / f"auth-{len(list(self._folder.iterdir()))}"
        file.touch(0o600)
        file.write_text(f"{username}:{password}\n", encoding="utf-8")
        return Credentials(self._begun().url, username, password, file)

    @property
    def credentials(self) -> Credentials:
        """Where the cloud is, and oneadmin's session.

        Raises:
            InputError: nothing runs yet.
        """
        if self._own is None:
            raise InputError(_NOT_YET)
        return self._own

    @property
    def endpoint(self) -> str:
        """The address for XML-RPC, as ``http://127.0.0.1:40613/RPC2``."""
        return self.credentials.endpoint

    @property
    def session(self) -> str:
        """Oneadmin's session, as ``user:password``."""
        return self.credentials.session

    @property
    def username(self) -> str:
        """Oneadmin's name."""
        return self.credentials.username

    @property
    def password(self) -> str:
        """Oneadmin's password."""
        return self.credentials.password

    @property
    def auth_file(self) -> Path:
        """A file that holds oneadmin's session, as ONE_AUTH names it."""
        return self.credentials.auth_file

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which clients find the endpoint, as oneadmin, and its control path.

        LIFECYCLE_CONTROL is the address of the control path, LIFECYCLE_TOKEN
        the token that it asks for: with them a test in another language, or a
        script beside the client, answers requests and moves the clock.
        """
        endpoint = self._begun()
        control = {"LIFECYCLE_CONTROL": endpoint.control_url, "LIFECYCLE_TOKEN": endpoint.token}
        return self.credentials.environment | control

    @property
    def lock(self) -> RLock:
        """What keeps calls off the cloud while it is held, as in ``with opennebula.lock:``.

        Raises:
            InputError: nothing runs yet.
        """
        return self._begun().lock

    def new_user(self, name: str, password: str = "secret") -> Credentials:  # noqa: S107 - a cloud of a test holds no secrets
        """Make a user of the group ``users``, and give the credentials to come with.

        Raises:
            Refused: the name is taken, or none that oned takes.
        """
        with self.lock:
            self.cloud.user.allocate(name, password)
        return self._credentials(name, password)

    def complete(self, action: str, id_: int, payload: str | None = None) -> None:
        """Have a driver answer an open request well, whatever clients do meanwhile.

        Args:
            action: CP, MKFS, CLONE, RM, SAVEAS, …
            id_: the image, machine or app.
            payload: the driver's words; None for what is usual.

        Raises:
            NotAskedError: no such request is open.
        """
        with self.lock:
            self.cloud.complete(action, id_, payload)

    def fail(self, action: str, id_: int, payload: str | None = None) -> None:
        """Have a driver answer an open request badly, whatever clients do meanwhile.

        Args:
            action: CP, MKFS, CLONE, RM, SAVEAS, …
            id_: the image, machine or app.
            payload: the driver's words; None for what is usual.

        Raises:
            NotAskedError: no such request is open.
        """
        with self.lock:
            self.cloud.fail(action, id_, payload)

    def advance(self, seconds: float) -> None:
        """Let virtual time pass, whatever clients do meanwhile.

        Raises:
            ClockError: the number of seconds is negative.
        """
        with self.lock:
            self.cloud.advance(seconds)

    def fault(self, method: str = "*", **fields: object) -> FaultRule:
        """Have calls fail from now on that the cloud would answer.

        >>> with OpenNebula() as opennebula:
        ...     _ = opennebula.fault("one.image.info", error="INTERNAL", text="later", count=1)

        Args:
            method: a pattern of the method's name.
            fields: what happens and how often, as told at
                `lifecycle.endpoint.rules.FaultRule`: ``error``, ``fault``,
                ``status``, ``drop``, ``cut``, ``delay``, ``count``, …

        Raises:
            InputError: a field is none of what it can be, or nothing runs yet.
        """
        return self._begun().fault(method, **fields)

    def add_faults(self, rules: Iterable[FaultRule]) -> None:
        """Have calls fail by rules that were made before, behind those that there are.

        Raises:
            InputError: nothing runs yet.
        """
        for rule in rules:
            self._begun().faults.add(rule)

    def told(self, last: int | None = None) -> str:
        """Tell what happened, in lines for people: the journal, and how things stand.

        Args:
            last: only so many entries of the journal, the newest; None for all.
        """
        if self._endpoint is None:
            return told(self.cloud, last)
        with self.lock:
            return told(self.cloud, last)


def _restore(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@overload
def with_opennebula(settings: Callable[..., R]) -> Callable[..., R]: ...


@overload
def with_opennebula(
    settings: Settings | None = None,
) -> Callable[[Callable[..., R]], Callable[..., R]]: ...


def with_opennebula(
    settings: Settings | Callable[..., R] | None = None,
) -> Callable[..., R] | Callable[[Callable[..., R]], Callable[..., R]]:
    """Give each call of a test function an `OpenNebula` of its own, as ``opennebula``.

    For functions and methods, coroutine functions too; for a whole
    ``unittest.TestCase`` say ``self.enterContext(OpenNebula())`` in ``setUp``.

    >>> from lifecycle.testing import with_opennebula
    >>> @with_opennebula()
    ... def test_it_is_there(opennebula):
    ...     assert opennebula.cloud.images.ids() == []
    >>> test_it_is_there()

    Args:
        settings: how the cloud begins and how its drivers answer; without
            them, the decorator may also stand without parentheses.

    Raises:
        InputError: the function takes no parameter ``opennebula``.
    """
    if callable(settings):
        return with_opennebula()(settings)

    def decorate(function: Callable[..., R]) -> Callable[..., R]:
        signature = inspect.signature(function)
        if _PARAMETER not in signature.parameters:
            name = getattr(function, "__qualname__", function)
            raise InputError(f"{name} must take a parameter {_PARAMETER!r}")

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> R:
            with OpenNebula(settings) as opennebula:
                return function(*args, **kwargs, **{_PARAMETER: opennebula})

        @functools.wraps(function)
        async def call_later(*args: Any, **kwargs: Any) -> Any:
            awaitable: Any = function
            with OpenNebula(settings) as opennebula:
                return await awaitable(*args, **kwargs, **{_PARAMETER: opennebula})

        made: Any = call_later if inspect.iscoroutinefunction(function) else call
        # pytest takes parameters for fixtures, and this one is given here.
        rest = [one for name, one in signature.parameters.items() if name != _PARAMETER]
        made.__signature__ = signature.replace(parameters=rest)
        return made  # type: ignore[no-any-return]  # one of the two above

    return decorate
