"""Why something did not happen, as data.

The tree of exceptions::

    LifecycleError              whatever this package raises on purpose
    ├── GoneError               the record left the pool; nothing can be done to it
    ├── ClockError              the clock was asked to go back
    ├── NotAskedError           a driver is to answer what it was not asked
    ├── InputError              a file or an argument cannot be used: file, line, field
    ├── UnknownMethodError      oned has no such call (XML-RPC fault -506)
    ├── WrongParameterError     a parameter of a wrong type, or missing (fault -501)
    └── Refused                 oned refuses the call; one class per error code:
        ├── AuthenticationRefused   0x0100
        ├── AuthorizationRefused    0x0200
        ├── NotFoundRefused         0x0400
        ├── ActionRefused           0x0800
        ├── ApiRefused              0x1000
        ├── InternalRefused         0x2000
        ├── AllocateRefused         0x4000
        └── LockedRefused           0x8000

Beside it stands :class:`lifecycle.table.TableError`, a ValueError: only who
writes a table can meet it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypeVar

from lifecycle.codes import OBJECT_NAMES, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import Enum

    from lifecycle.table import Row

R = TypeVar("R", bound="Refused")


class LifecycleError(Exception):
    """Whatever this package raises on purpose."""


class GoneError(LifecycleError):
    """When an operation is tried on a record that has left its pool."""


class ClockError(LifecycleError):
    """When a clock is asked to go back."""


class NotAskedError(LifecycleError, LookupError):
    """When a driver is to answer a request that is not open."""


class InputError(LifecycleError):
    """When a file or an argument cannot be used; the message is one clear line.

    Attributes:
        file: the file's name, "" where it was no file.
        line: the line counted from 1, 0 where unknown.
        field: the field or argument, "" where unknown.
        problem: what is wrong, and what to do.
    """

    def __init__(self, problem: str, *, file: str = "", line: int = 0, field: str = "") -> None:
        """Put the place in front of the problem."""
        self.problem, self.file, self.line, self.field = problem, file, line, field
        place = file + (f":{line}" if line else "")
        parts = [part for part in (place, field, problem) if part]
        super().__init__(": ".join(parts))

    def at(self, file: str, line: int = 0) -> InputError:
        """Give the same mistake with the place where it was found."""
        return InputError(self.problem, file=file, line=line or self.line, field=self.field)


class UnknownMethodError(LifecycleError):
    """When a call names a method that oned does not have (XML-RPC fault -506)."""


class WrongParameterError(LifecycleError):
    """When a parameter is missing or of a wrong type (XML-RPC fault -501)."""


class Unmet(NamedTuple):
    """What keeps one row from applying.

    Attributes:
        row: the row.
        state: whether the state is not one of the row's origins.
        guards: the guards that do not hold, as ``name`` or ``not name``.
    """

    row: Row
    state: bool
    guards: tuple[str, ...]


class Why(NamedTuple):
    """The reasons behind a refusal, as the table tells them.

    Attributes:
        unmet: for each row that could have applied, what keeps it from it.
        legal: the names of the operations that would be accepted now.
        source: where the refusal's words come from.
        rule: the line of the table that spoke, by its key.
    """

    unmet: tuple[Unmet, ...] = ()
    legal: tuple[str, ...] = ()
    source: str = ""
    rule: str = ""


class Refused(LifecycleError):
    """When oned refuses a call.

    Attributes:
        code: oned's error code.
        reason: the sentence that oned's message is built around.
        operation: the operation or the check that refused.
        state: the state of the object that it was refused for, or None.
        uid: who asked, where the message says so.
        kind: the type of object that the message is about ("IMAGE").
        number: the id that the message names, -1 for none.
    """

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL

    def __init__(  # noqa: PLR0913 - what can be known of a refusal; all but one are named
        self,
        reason: str = "",
        *,
        operation: str = "",
        state: Enum | None = None,
        why: Callable[[], Why] | None = None,
        kind: str = "IMAGE",
        number: int = -1,
        uid: int = 0,
    ) -> None:
        """Keep what is known; the reasons are worked out when somebody looks at them."""
        super().__init__(reason)
        self.reason = reason
        self.operation = operation
        self.state = state
        self.kind = kind
        self.number = number
        self.uid = uid
        self._ask_why = why

    @property
    def text(self) -> str:
        """Oned's exact words, without the method's name in front."""
        return self.reason

    def message(self, method: str) -> str:
        """Oned's exact answer to a call of a method."""
        return f"[{method}] {self.text}"

    def __str__(self) -> str:
        """Give oned's words."""
        return self.text

    @cached_property
    def why(self) -> Why:
        """The reasons: unmet guards, and what would be legal now."""
        return self._ask_why() if self._ask_why is not None else Why()

    def retold(
        self, answer: type[R], reason: str = "", *, operation: str = "", kind: str = ""
    ) -> R:
        """Give the answer of a call that met this refusal on its way.

        Args:
            answer: the kind of refusal that the call answers with.
            reason: its words, if they differ.
            operation: what was refused then, if it has another name.
            kind: the type of object that it is about, if it is another one.
        """
        return answer(
            reason or self.reason,
            operation=operation or self.operation,
            state=self.state,
            why=lambda: self.why,
            kind=kind or self.kind,
        )

    @property
    def unmet(self) -> tuple[Unmet, ...]:
        """For each row that could have applied, what keeps it from it."""
        return self.why.unmet

    @property
    def legal(self) -> tuple[str, ...]:
        """The names of the operations that would be accepted now."""
        return self.why.legal


class AuthenticationRefused(Refused):
    """When the session is not known."""

    code = ErrorCode.AUTHENTICATION

    @property
    def text(self) -> str:
        """The same words whatever the cause."""
        return "User couldn't be authenticated, aborting call."


class AuthorizationRefused(Refused):
    """When rights, a lock or a quota are in the way.

    Attributes:
        locked: the kind of the object whose lock is in the way, "" where none is.
    """

    code = ErrorCode.AUTHORIZATION
    locked: str = ""

    @property
    def text(self) -> str:
        """The user's id and the reason."""
        if not self.reason:
            name = OBJECT_NAMES[self.kind]
            return f"User [{self.uid}] not authorized to perform action on {name}."
        return f"User [{self.uid}] : {self.reason}."


class NotFoundRefused(Refused):
    """When there is no object with that id."""

    code = ErrorCode.NO_EXISTS

    @property
    def text(self) -> str:
        """The kind of object and its id; for -1 oned says Pool."""
        place = "Pool" if self.number == -1 else f"[{self.number}]"
        return f"Error getting {OBJECT_NAMES[self.kind]} {place}."


class ActionRefused(Refused):
    """When the object cannot do that now."""

    code = ErrorCode.ACTION


class ApiRefused(Refused):
    """When a parameter has a value that the call does not know."""

    code = ErrorCode.RPC_API


class InternalRefused(Refused):
    """When the call fails inside."""

    code = ErrorCode.INTERNAL


class AllocateRefused(Refused):
    """When no new object can be made."""

    code = ErrorCode.ALLOCATE

    @property
    def text(self) -> str:
        """What could not be made, and the reason."""
        head = f"Error allocating a new {OBJECT_NAMES[self.kind]}."
        return f"{head} {self.reason}" if self.reason else head


class LockedRefused(Refused):
    """When the resource is locked by another request."""

    code = ErrorCode.LOCKED

    @property
    def text(self) -> str:
        """The kind of object and its id."""
        place = "" if self.number == -1 else f" [{self.number}]."
        return f"The resource {OBJECT_NAMES[self.kind]} is locked.{place}"


REFUSALS: dict[ErrorCode, type[Refused]] = {
    kind.code: kind
    for kind in (
        AuthenticationRefused,
        AuthorizationRefused,
        NotFoundRefused,
        ActionRefused,
        ApiRefused,
        InternalRefused,
        AllocateRefused,
        LockedRefused,
    )
}
"""The class of exception of each error code."""
