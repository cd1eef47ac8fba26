"""The drivers: what the cloud asks of them, and who decides how they answer.

A request stays open until it is answered: by hand, or by the first plan that
matches it. Where none does, the datastore and market drivers hold their
requests, unless `Drivers.otherwise` says something else; machine and transfer
drivers answer at once and well, but for the copying of a disk into an image
that is being saved.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from lifecycle.cloud.clock import END
from lifecycle.refusal import InputError

Role = Literal["ds", "tm", "vmm", "market"]
Outcome = Literal["success", "failure", "hold"]
ROLES: tuple[Role, ...] = get_args(Role)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

SAVE_AS = "SAVEAS"
"""What the transfer of a disk into an image that is being saved is called here."""

UNANSWERED = frozenset({"DRIVER_CANCEL", "BACKUPCANCEL"})
"""What drivers are told and do not answer."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something that a driver was asked to do.

    Attributes:
        number: counts the requests of a cloud, from 1.
        role: which driver: datastore, transfer, machine or market.
        action: CP, MKFS, DEPLOY, TRANSFER.prolog, …
        id: the image, machine or app.
        name: its name, for plans that match names.
        time: virtual seconds since the epoch.
    """

    number: int
    role: Role
    action: str
    id: int
    name: str
    time: float


@dataclass(slots=True)
class Plan:
    """How requests that match are answered.

    Attributes:
        outcome: success, failure, or hold (never, until answered by hand).
        action: a pattern (``CP``, ``SNAP_*``, ``TRANSFER*``).
        role: which driver, None for any.
        id: which image, machine or app, None for any.
        name: a pattern of its name.
        payload: the driver's words; None for what is usual.
        delay: virtual seconds until the answer.
        skip: how many matching requests are left to other plans first.
        count: how many requests it answers at most, None for all.
        probability: how likely it is to answer a matching request.
    """

    outcome: Outcome = "success"
    action: str = "*"
    role: Role | None = None
    id: int | None = None
    name: str = "*"
    payload: str | None = None
    delay: float = 0
    skip: int = 0
    count: int | None = None
    probability: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a plan that can never be meant.

        Raises:
            InputError: a field is none of what it can be.
        """
        for name, kinds in _PLAN_TYPES.items():
            value = getattr(self, name)
            if not isinstance(value, kinds) or isinstance(value, bool):
                raise InputError(f"cannot be {value!r}", field=name)
        _must_be(self.outcome, OUTCOMES, "outcome")
        _must_be(self.role, (*ROLES, None), "role")
        if not 0 <= self.delay < END:
            raise InputError(f"must be seconds, 0 or more, not {self.delay}", field="delay")
        if not 0 <= self.probability <= 1:
            raise InputError(f"must be from 0 to 1, not {self.probability}", field="probability")
        for name, number in (("skip", self.skip), ("count", self.count)):
            if number is not None and number < 0:
                raise InputError(f"must be 0 or more, not {number}", field=name)

    def matches(self, request: Request) -> bool:
        """Tell whether the plan is about a request."""
        return (
            self.role in (None, request.role)
            and self.id in (None, request.id)
            and fnmatchcase(request.action, self.action)
            and fnmatchcase(request.name, self.name)
        )


_PLAN_TYPES: dict[str, tuple[type, ...]] = {
    "action": (str,),
    "name": (str,),
    "id": (int, type(None)),
    "payload": (str, type(None)),
    "delay": (int, float),
    "probability": (int, float),
    "skip": (int,),
    "count": (int, type(None)),
}


def _must_be(word: object, known: tuple[str | None, ...], field: str) -> None:
    if word not in known:
        words = ", ".join(str(one) for one in known if one is not None)
        raise InputError(f"{word!r} is none of {words}", field=field)


@dataclass(frozen=True, slots=True)
class Delayed:
    """An answer that is on its way: when it comes (seconds since the epoch), and what it says."""

    due: float
    ok: bool
    payload: str | None


class Drivers:
    """The open requests of a cloud, and the plans for those to come.

    Attributes:
        open: the requests that wait for an answer, oldest first.
        delayed: the answers that are on their way, by the number of their request.
        plans: what answers requests to come; the first that matches does.
        ruled: what answers an action of a role where no plan matches.
        otherwise: what answers requests that would be held where no plan
            matches: those to the datastores and markets, and the saving of disks.
            In a fresh cloud it holds them.
        random: where the plans with a probability draw.
    """

    __slots__ = ("_count", "delayed", "open", "otherwise", "plans", "random", "ruled")

    def __init__(self, seed: int = 0) -> None:
        """Begin with no request; the seed is for plans with a probability.

        Raises:
            InputError: the seed is no whole number.
        """
        if type(seed) is not int:
            raise InputError(f"must be a whole number, not {seed!r}", field="seed")
        self.open: list[Request] = []
        self.delayed: dict[int, Delayed] = {}
        self.plans: list[Plan] = []
        self.ruled: dict[tuple[str, str], Plan] = {}
        self.otherwise: Plan = _HOLD
        self.random = random.Random(seed)
        self._count = 0

    def add(self, role: Role, action: str, id_: int, name: str, time: float) -> Request:
        """Note a request as open."""
        self._count += 1
        request = Request(self._count, role, action, id_, name, time)
        self.open.append(request)
        return request

    def decide(self, request: Request) -> Plan:
        """Give the plan that answers a request; where none does, the usual one."""
        for plan in self.plans:
            if not plan.matches(request) or plan.count == 0:
                continue
            if plan.skip > 0:
                plan.skip -= 1
                continue
            if plan.probability < 1 and self.random.random() >= plan.probability:
                continue
            if plan.count is not None:
                plan.count -= 1
            return plan
        kind = request.action.partition(".")[0]
        for action in (request.action, kind):
            if (request.role, action) in self.ruled and request.action != SAVE_AS:
                return self.ruled[request.role, action]
        held = request.role in {"ds", "market"} or request.action == SAVE_AS
        return self.otherwise if held else _SUCCEED

    def rule(
        self, role: Role, action: str, mode: Outcome | Literal["default"], payload: str | None
    ) -> None:
        """Set how a driver answers an action from now on; mode ``default`` takes it back.

        Raises:
            InputError: there is no such role or mode.
        """
        _must_be(role, ROLES, "role")
        _must_be(mode, (*OUTCOMES, "default"), "mode")
        self.ruled.pop((role, action), None)
        if mode != "default":
            self.ruled[role, action] = Plan(mode, payload=payload)

    def under_rule(self, role: str, action: str) -> bool:
        """Tell whether some rule about an action is one that does not simply let it succeed."""
        rules = (self.ruled.get((role, name)) for name in (action, action.partition(".")[0]))
        return any(rule is not None and rule.outcome != "success" for rule in rules)

    def oldest(self, action: str, id_: int, role: Role | None = None) -> Request | None:
        """Give the oldest open request of an action for an object, or None."""
        return next(
            (
                request
                for request in self.open
                if request.id == id_
                and role in (None, request.role)
                and action in (request.action, request.action.partition(".")[0])
            ),
            None,
        )

    def close(self, request: Request) -> None:
        """Take a request off the list of the open ones, if it is still there."""
        if request in self.open:
            self.open.remove(request)

    def take_over(self, other: Drivers) -> None:
        """Become what the drivers of another cloud are."""
        self._count = other._count
        self.open = list(other.open)
        self.delayed = dict(other.delayed)
        self.plans = [replace(plan) for plan in other.plans]
        self.ruled = dict(other.ruled)
        self.otherwise = other.otherwise
        self.random.setstate(other.random.getstate())

    def branched(self) -> Drivers:
        """Give drivers with the same open requests; plans and random numbers are shared."""
        twin = object.__new__(Drivers)
        for slot in Drivers.__slots__:
            setattr(twin, slot, getattr(self, slot))
        twin.open, twin.delayed = list(self.open), {}
        return twin

    def to_json(self) -> dict[str, Any]:
        """Give all of it as a JSON value, the state of the random numbers included."""
        version, numbers, gauss = self.random.getstate()
        return {
            "count": self._count,
            "open": [asdict(request) for request in self.open],
            "delayed": [
                {"request": number, **asdict(answer)} for number, answer in self.delayed.items()
            ],
            "plans": [asdict(plan) for plan in self.plans],
            "ruled": [
                {"role": role, "action": action, "plan": asdict(plan)}
                for (role, action), plan in self.ruled.items()
            ],
            "otherwise": asdict(self.otherwise),
            "random": [version, list(numbers), gauss],
        }

    def restore(self, value: dict[str, Any]) -> None:
        """Take over what `to_json` gave."""
        self._count = int(value["count"])
        self.open = [_request(request) for request in value["open"]]
        self.delayed = {int(one["request"]): _delayed(one) for one in value["delayed"]}
        self.plans = [Plan(**plan) for plan in value["plans"]]
        self.ruled = {
            (rule["role"], rule["action"]): Plan(**rule["plan"]) for rule in value["ruled"]
        }
        self.otherwise = Plan(**value.get("otherwise", {"outcome": "hold"}))
        version, numbers, gauss = value["random"]
        self.random.setstate((version, tuple(numbers), gauss))


def _request(value: dict[str, Any]) -> Request:
    request = Request(**value)
    _must_be(request.role, ROLES, "role")
    for name, kind in (("number", int), ("action", str), ("id", int), ("name", str)):
        if type(getattr(request, name)) is not kind:
            raise InputError(f"must be {kind.__name__}", field=name)
    return request


def _delayed(value: dict[str, Any]) -> Delayed:
    payload = value["payload"]
    if not isinstance(payload, str | None):
        raise InputError("must be a text or null", field="payload")
    return Delayed(float(value["due"]), bool(value["ok"]), payload)


_HOLD = Plan("hold")
_SUCCEED = Plan("success")
