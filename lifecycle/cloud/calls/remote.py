"""How a call is made: its parameters are checked, it is noted, and what it triggers happens.

A method of a group that is marked `remote` is a call of oned's. Called from
Python it gives its value or raises `Refused`; called by name, through
`answer`, it gives a `Reply`.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar, cast

from lifecycle.cloud.authorization import Caller, Right, Subject, check
from lifecycle.cloud.noting import noted_refusal
from lifecycle.refusal import (
    AuthenticationRefused,
    NotFoundRefused,
    Refused,
    UnknownMethodError,
    WrongParameterError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.pool import Pool

P = ParamSpec("P")
R = TypeVar("R")
G = TypeVar("G", bound="CallGroup")

_TYPES: dict[str, type] = {"i": int, "s": str, "b": bool, "a": list}


class Reply(NamedTuple):
    """Oned's answer.

    Attributes:
        ok: whether it was done.
        value: the value, an object or a `Selection`
            (`lifecycle.documents.text_of` gives what goes over the wire), or
            oned's message.
        code: the error code, 0 when it was done.
        object_id: the object that an error is about, -1 where oned names none.
    """

    ok: bool
    value: Any
    code: int
    object_id: int = -1


@dataclass(frozen=True)
class Method:
    """A call that can be made by name.

    Attributes:
        name: as in ``one.image.enable``.
        group: the name of its group.
        required, optional: the types of its parameters: i, s, b, or a (array).
        function: what does it.
    """

    name: str
    group: str
    required: str
    optional: str
    function: Callable[..., Any]

    @cached_property
    def kinds(self) -> tuple[type, ...]:
        """The types of all its parameters, in order."""
        return tuple(_TYPES[letter] for letter in self.required + self.optional)

    @cached_property
    def reading_order(self) -> tuple[int, ...]:
        """The places of its parameters in the order in which oned reads them.

        The first that is missing or of a wrong type is the one it complains of.
        The object's id is read first, where the call answers with it; the others
        from the last to the first, in which order the arguments of a function
        are worked out (``src/rm/xml-rpc`` of OpenNebula 7.4.0).
        """
        places = range(len(self.kinds))
        first = _READ_FIRST.get(self.name)
        if first is None and self.name.rpartition(".")[2] not in _ALL_AT_ONCE:
            first = 0
        if first is None or first >= len(places) or self.name in _ALL_AT_ONCE:
            return tuple(reversed(places))
        return (first, *(place for place in reversed(places) if place != first))

    def wrong_place(self, params: Sequence[object]) -> int | None:
        """Give the place of the parameter that oned complains of, None when all are well.

        Args:
            params: without the session; what is surplus is not looked at.
        """
        for place in self.reading_order:
            if place < len(params):
                if not _fits(self.kinds[place], params[place]):
                    return place
            elif place < len(self.required):
                return place
        return None


_READ_FIRST = {"one.user.allocate": 3, "one.vm.action": 1}
_ALL_AT_ONCE = frozenset(
    {
        *("allocate", "clone", "disksaveas", "disksnapshotcreate", "info", "infoextended"),
        *("infoset", "instantiate", "addrule", "one.image.restore"),
    }
)


METHODS: dict[str, Method] = {}
"""Every call by its name."""


class CallGroup:
    """Calls of one group, made as one user."""

    __slots__ = ("cloud", "uid")

    def __init__(self, cloud: Cloud, uid: int) -> None:
        """Make calls on a cloud, as the user of an id."""
        self.cloud, self.uid = cloud, uid

    @property
    def caller(self) -> Caller:
        """Who makes the calls."""
        return self.cloud.caller(self.uid)

    def authorize(self, *asked: tuple[Right, Subject]) -> None:
        """Let the caller pass if it has all these rights.

        Raises:
            AuthorizationRefused: something is missing.
        """
        check(self.caller, asked, self.cloud.acl_rules)

    def authorized(self, pool: Pool[Any], number: int, right: Right = Right.MANAGE) -> Any:
        """Give an object that the caller has a right on; None for a negative id.

        Raises:
            NotFoundRefused: there is no object with that id.
            AuthorizationRefused: the right is missing.
        """
        thing = pool.get(number) if number >= 0 else None
        if number >= 0 and thing is None:
            raise NotFoundRefused(kind=pool.kind, number=number)
        self.authorize((right, Subject(pool.kind, thing)))
        return thing

    def existing(self, pool: Pool[Any], number: int, right: Right = Right.MANAGE) -> Any:
        """Give an object that the caller has a right on.

        Raises:
            NotFoundRefused: there is no object with that id, negative ones included.
            AuthorizationRefused: the right is missing.
        """
        return found(pool, number, self.authorized(pool, number, right))


def found(pool: Pool[Any], number: int, thing: Any) -> Any:
    """Give an object unless it is None.

    Raises:
        NotFoundRefused: it is None.
    """
    if thing is None:
        raise NotFoundRefused(kind=pool.kind, number=number)
    return thing


def remote(
    name: str, required: str = "", optional: str = ""
) -> Callable[[Callable[Concatenate[G, P], R]], Callable[Concatenate[G, P], R]]:
    """Mark a method as a call of oned's.

    On the wire all that is required must be given; in Python what has a default
    may be left out.

    Args:
        name: the call's name, without ``one.``.
        required: the types of the parameters that must be given, a letter each.
        optional: the types of those that may be left out.
    """
    group = name.partition(".")[0]

    def mark(function: Callable[Concatenate[G, P], R]) -> Callable[Concatenate[G, P], R]:
        least = len(required)
        if defaults := function.__defaults__:
            least = min(least, function.__code__.co_argcount - 1 - len(defaults))

        @wraps(function)
        def call(self: G, *args: P.args, **kwargs: P.kwargs) -> R:
            cloud = self.cloud
            params = [*args, *kwargs.values()]
            _check_types(method, args)
            if not kwargs and len(args) < least:
                raise too_few(method, len(args))
            try:
                value = function(self, *args, **kwargs)
            except Refused as refusal:
                refusal.uid = self.uid
                cloud.told_refusal(refusal)
                _note(cloud, f"one.{name}", self.uid, params, refusal)
                raise
            else:
                _note(cloud, f"one.{name}", self.uid, params, value)
                return value
            finally:
                cloud.settle()

        method = METHODS[f"one.{name}"] = Method(f"one.{name}", group, required, optional, call)
        return cast("Callable[Concatenate[G, P], R]", call)

    return mark


def _note(cloud: Cloud, name: str, uid: int, params: list[Any], outcome: Any) -> None:
    if not cloud.journal.enabled:
        return
    if isinstance(outcome, Refused):
        detail = {
            "ok": False,
            "value": outcome.message(name),
            "code": int(outcome.code),
            **noted_refusal(outcome),
        }
    else:
        detail = {"ok": True, "value": _noted(outcome), "code": 0}
    cloud.journal.add(cloud.clock.now, "call", "", name, user=uid, params=params, **detail)


def _noted(value: Any) -> Any:
    """Give a call's value as a trace shows it: a document as ``(xml)``, a pool as its ids."""
    if isinstance(value, list):
        return {"ids": [one.id for one in value]}
    return value if isinstance(value, int | str | bool) else "(xml)"


def answer(cloud: Cloud, name: str, params: tuple[Any, ...], session: str | None) -> Reply:
    """Make a call by its name.

    Args:
        cloud: the cloud.
        name: as in ``one.image.enable``.
        params: without the session.
        session: ``user:password``; None for oneadmin, whatever its password.

    Raises:
        UnknownMethodError: there is no such call.
        WrongParameterError: a parameter is missing or of a wrong type.
    """
    method = METHODS.get(name)
    if method is None:
        raise UnknownMethodError(f"there is no call {name}")
    if not isinstance(session, str | None):
        raise WrongParameterError(f"{name}: the session must be a text")
    uid = 0 if session is None else authenticate(cloud, session)
    if uid is None:
        return Reply(False, AuthenticationRefused().message(name), AuthenticationRefused.code)  # noqa: FBT003 - a reply has its place for it
    given = _checked(method, params)
    group = getattr(cloud.acting(uid), method.group)
    try:
        return Reply(True, method.function(group, *given), 0)  # noqa: FBT003 - as above
    except Refused as refusal:
        return Reply(False, refusal.message(name), int(refusal.code), refusal.number)  # noqa: FBT003 - as above


def authenticate(cloud: Cloud, session: str) -> int | None:
    """Give the id of the user that a session is of, None when it is nobody's.

    A user without a password, such as serveradmin, is for another way to authenticate.
    """
    name, colon, password = session.partition(":")
    user = cloud.users.named(name)
    if not colon or user is None or not user.enabled or not user.password:
        return None
    same = hmac.compare_digest(
        user.password.encode("utf-8", "replace"), password.encode("utf-8", "replace")
    )
    return user.id if same else None


def _checked(method: Method, params: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(params) < len(method.required):
        raise too_few(method, len(params))
    params = params[: len(method.required) + len(method.optional)]
    _check_types(method, params)
    return params


def too_few(method: Method, given: int) -> WrongParameterError:
    """Give the error for a call with too few parameters, to be raised."""
    return WrongParameterError(
        f"{method.name} takes {len(method.required)} parameters, {given} given"
    )


def _check_types(method: Method, params: tuple[Any, ...]) -> None:
    for place, (kind, value) in enumerate(zip(method.kinds, params, strict=False)):
        if not isinstance(value, list) and not _fits(kind, value):
            raise WrongParameterError(
                f"{method.name}: parameter {place} must be {kind.__name__},"
                f" not {type(value).__name__}"
            )
        if not _fits(kind, value):
            raise WrongParameterError(f"{method.name}: parameter {place} must be a list of ids")


def _fits(kind: type, value: object) -> bool:
    # A boolean is an int to Python, and is not one to anybody else.
    if not isinstance(value, kind) or (kind is int and type(value) is bool):
        return False
    return not isinstance(value, list) or all(type(one) is int for one in value)
