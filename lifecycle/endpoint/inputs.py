"""What can be done to a cloud from outside, as plain values that can be kept and done again.

A cloud is deterministic: the same inputs at the same virtual times make the
same cloud. So an input is all that need be kept of what was done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.cloud.codecs import BOOL, INT, STR, Fields, decode, optional, refuse_unknown, wrong
from lifecycle.cloud.drivers import ROLES, Delayed, Plan
from lifecycle.refusal import InputError, LifecycleError, NotAskedError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.cloud.cloud import Cloud

Data = dict[str, Any]

_PAYLOAD: Fields = {"payload": optional(STR)}
_ANSWER: Fields = {
    "action": STR,
    "id": INT,
    "ok": BOOL,
    "role": optional(STR),
    "unasked": BOOL,
    **_PAYLOAD,
}
_RULE: Fields = {"role": STR, "action": STR, "mode": STR, **_PAYLOAD}


def _call(cloud: Cloud, data: Data) -> object:
    return cloud.call(data["method"], *data["params"], session=data["session"])


def _answer(cloud: Cloud, data: Data) -> object:
    found = _checked(data, _ANSWER, ("action", "id"))
    if found.get("role") not in (None, *ROLES):
        raise wrong("role", f"{found['role']!r} is none of {', '.join(ROLES)}")
    action, number = found.pop("action"), found.pop("id")
    request = cloud.answer(action, number, **found)
    return None if request is None else request.number


def _end(cloud: Cloud, data: Data) -> object:
    """Answer the open request of a number."""
    found = _checked(data, {"request": INT, "ok": BOOL, **_PAYLOAD}, ("request", "ok"))
    number = found["request"]
    request = next((one for one in cloud.drivers.open if one.number == number), None)
    if request is None:
        raise NotAskedError(f"no request {number} is open")
    cloud.answer_request(request, Delayed(cloud.clock.now, found["ok"], found.get("payload")))
    return number


def _rule(cloud: Cloud, data: Data) -> object:
    found = _checked(data, _RULE, ("role", "action", "mode"))
    cloud.rule(found["role"], found["action"], found["mode"], found.get("payload"))
    return None


def _plan(cloud: Cloud, data: Data) -> object:
    cloud.drivers.plans.append(plan_of(data))
    return len(cloud.drivers.plans) - 1


def _unplan(cloud: Cloud, data: Data) -> object:
    plans = cloud.drivers.plans
    number = _checked(data, {"plan": optional(INT)}, ()).get("plan")
    if number is None:
        plans.clear()
    elif 0 <= number < len(plans):
        del plans[number]
    else:
        raise InputError(f"there is no plan {number}")
    return None


def _otherwise(cloud: Cloud, data: Data) -> object:
    cloud.drivers.otherwise = plan_of(data)
    return None


def _password(cloud: Cloud, data: Data) -> object:
    """Change oneadmin's password."""
    password = _checked(data, {"password": STR}, ("password",))["password"]
    try:
        cloud.user.passwd(0, password)
    except Refused as refused:
        raise wrong("password", str(refused)) from refused
    return None


def _advance(cloud: Cloud, data: Data) -> object:
    seconds = data.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise wrong("seconds", "must be a number")
    cloud.advance(seconds)
    return None


INPUTS: dict[str, Callable[[Cloud, Data], object]] = {
    "call": _call,
    "answer": _answer,
    "end": _end,
    "rule": _rule,
    "plan": _plan,
    "unplan": _unplan,
    "otherwise": _otherwise,
    "advance": _advance,
    "password": _password,
}
"""What each kind of input does."""


def perform(cloud: Cloud, kind: str, data: Data) -> Any:
    """Do to a cloud what an input says.

    Raises:
        LifecycleError: it cannot be done; the cloud is as it was.
    """
    return INPUTS[kind](cloud, data)


def again(cloud: Cloud, time: float, kind: str, data: Data) -> None:
    """Do at its time what was done before; what could not be done then cannot be done now."""
    if time > cloud.clock.now:
        cloud.clock.advance_to(time)
        cloud.settle()
    try:
        perform(cloud, kind, data)
    except LifecycleError:
        return


def plan_of(data: Any) -> Plan:
    """Make a plan of a JSON object.

    Raises:
        InputError: it is none.
    """
    if not isinstance(data, dict):
        raise InputError("a plan must be an object")
    refuse_unknown(data, Plan.__slots__, "")
    return Plan(**data)


def _checked(data: Any, fields: Fields, needed: tuple[str, ...]) -> Data:
    found = decode(data, fields, "")
    for name in needed:
        if name not in found:
            raise wrong(name, "is missing")
    return found
