"""Runs recorded histories through a cloud, and compares everything that stands in them.

Compared by pattern and not by text is what carries the recording's clock: the
answer of a lock that is only tested, the name of a backup, and the parser's
own words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.calls.remote import Reply
from lifecycle.cloud.cloud import Cloud
from lifecycle.refusal import InputError, UnknownMethodError, WrongParameterError
from lifecycle.trace.format import FREE_LEVEL, HAPPENINGS, OBJECTS
from lifecycle.trace.happenings import Happenings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.trace.format import History, Step

Calling = Callable[..., Reply]
"""Makes a call by its name."""

_SECOND = 1.0
_BACKUP_NAME = re.compile(r"^\d+ \d\d-\w{3} \d\d\.\d\d\.\d\d$")
_LOCK_TIME = re.compile(r"^\[one\.\w+\.lock\] \d+$")
# oned counts lines from a number in memory that it never wrote.
_PARSE_LINE = re.compile(r"(?<= at line )-?\d+(?=, columns )")
_NO_SUCH = "(not there)"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which a recorded step and the cloud differ.

    Attributes:
        history: the history.
        step: the step.
        place: the field, as ``images.3.STATE``.
        recorded: what the recording says.
        simulated: what the cloud did.
        detail: whether it is only a machine's own detail that reaches no image.
    """

    history: History
    step: Step
    place: str
    recorded: Any
    simulated: Any
    detail: bool = False


@dataclass(slots=True)
class Result:
    """What came of replaying a history."""

    history: History
    steps: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether everything about images, apps, replies, hooks and requests is equal."""
        return all(one.detail for one in self.differences)


def cloud_for(history: History) -> Cloud:
    """Make the fresh cloud that a history starts from."""
    return Cloud(
        capacity_check=history.header.get("group") == "k",
        journal=False,
        host=history.header.get("host", 0) is not None,
    )


def replay(
    history: History,
    cloud: Cloud | None = None,
    *,
    stop_at_first: bool = True,
    call: Calling | None = None,
) -> Result:
    """Run a history through a cloud.

    Args:
        history: what was recorded.
        cloud: where; a fresh one unless given.
        stop_at_first: whether to stop at the first step that differs: what
            comes after it follows from it.
        call: makes the calls, where that is not the cloud itself, as `Cloud.call` does.

    Raises:
        InputError: a step makes a call that is not known.
    """
    cloud = cloud_for(history) if cloud is None else cloud
    extra = tuple(history.header.get("extra") or ())
    happenings = Happenings(cloud, extra, machine_requests=history.level >= FREE_LEVEL)
    result = Result(history)
    try:
        for step in history.steps:
            reply = perform(cloud, step, history.file, call)
            then = happenings.take()
            result.steps += 1
            found = list(_differences(history, step, reply, then))
            result.differences += found
            if stop_at_first and any(not one.detail for one in found):
                break
            cloud.clock.advance(_SECOND)
    finally:
        happenings.stop()
    return result


def perform(
    cloud: Cloud, step: Step, file: str = "", call: Calling | None = None
) -> list[Any] | None:
    """Do what a step says; give the answer of a call.

    Args:
        cloud: where.
        step: what was recorded.
        file: the file that it stands in, for what is wrong with it.
        call: makes the calls, where that is not the cloud itself, as `Cloud.call` does.

    Raises:
        InputError: the call is not known, or a parameter has a wrong type.
    """
    data = step.data
    if step.kind == "rule":
        try:
            cloud.rule(data["role"], data["action"], data["mode"], data.get("payload"))
        except InputError as error:
            raise error.at(file, step.line) from error
        return None
    if step.kind == "driver":
        cloud.answer(
            data["action"],
            data["id"],
            ok=data["ok"],
            payload=data["payload"],
            role=data.get("role"),
            unasked=bool(data.get("unsolicited")),
        )
        return None
    try:
        reply = (call or cloud.call)(data["method"], *data["params"], session=data.get("as"))
    except (UnknownMethodError, WrongParameterError) as error:
        raise InputError(str(error), file=file, line=step.line, field="method") from error
    return [reply.ok, shown(reply.value), reply.code]


def shown(value: Any) -> Any:
    """Give a call's value as a trace shows it: a document as ``(xml)``, a pool as its ids."""
    if isinstance(value, list):
        return {"ids": [one.id for one in value]}
    return value if isinstance(value, int | str | bool) else "(xml)"


def _differences(
    history: History, step: Step, reply: list[Any] | None, then: dict[str, Any]
) -> Iterator[Difference]:
    data = step.data
    if reply is not None and not _same_reply(data["reply"], reply):
        yield Difference(history, step, "reply", data["reply"][:3], reply)
    recorded = data.get("then") or {}
    if recorded == then:
        return
    for part in ("images", "apps", "templates"):
        yield from _objects(history, step, part, recorded.get(part, {}), then.get(part, {}))
    for one in _objects(history, step, "vms", recorded.get("vms", {}), then.get("vms", {})):
        yield Difference(
            history, step, one.place, one.recorded, one.simulated, _is_detail(history, one)
        )
    for part in recorded.keys() - {*OBJECTS, *HAPPENINGS}:
        yield Difference(history, step, part, recorded[part], _NO_SUCH)
    for part in HAPPENINGS:
        want, got = _multiset(recorded.get(part, [])), _multiset(then.get(part, []))
        if want != got:
            lost, added = sorted((want - got).elements()), sorted((got - want).elements())
            yield Difference(history, step, part, lost, added)


def _is_detail(history: History, one: Difference) -> bool:
    return history.subject.endswith("machine-failures") and one.place.endswith(".LCM_STATE")


def _multiset(rows: list[Any]) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(row) for row in rows)


def _same_reply(recorded: list[Any], reply: list[Any]) -> bool:
    want = recorded[:3]
    if want == reply:
        return True
    if want[0] is not reply[0] or want[2] != reply[2]:
        return False
    one, two = str(want[1]), str(reply[1])
    if _LOCK_TIME.match(one) and _LOCK_TIME.match(two):
        return True
    return _PARSE_LINE.sub("", one) == _PARSE_LINE.sub("", two)


def _objects(
    history: History,
    step: Step,
    part: str,
    recorded: dict[str, Any],
    simulated: dict[str, Any],
) -> Iterator[Difference]:
    for number in dict.fromkeys([*recorded, *simulated]):
        want, got = recorded.get(number, {}), simulated.get(number, {})
        if want is None or got is None:
            if want is not got:
                yield Difference(history, step, f"{part}.{number}", want, got)
            continue
        for name in dict.fromkeys([*want, *got]):
            one, two = want.get(name, _NO_SUCH), got.get(name, _NO_SUCH)
            if one != two and not _same_field(part, name, one, two):
                yield Difference(history, step, f"{part}.{number}.{name}", one, two)


def _same_field(part: str, name: str, one: Any, two: Any) -> bool:
    if name == "NAME" and part == "images":
        return bool(_BACKUP_NAME.match(str(one)) and _BACKUP_NAME.match(str(two)))
    if name == "ERROR" and part == "apps":
        return _PARSE_LINE.sub("", str(one)) == _PARSE_LINE.sub("", str(two))
    return False
