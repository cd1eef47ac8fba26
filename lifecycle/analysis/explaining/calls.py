"""What a call would do in a cloud: it is made in a copy, and what changed there is told.

>>> from lifecycle import Cloud
>>> cloud = Cloud()
>>> image = cloud.image.allocate('NAME="debian" PATH="/debian" SIZE="8"', 1)
>>> print(cloud.explain("delete", image))
one.image.delete(0, False) is refused: INTERNAL
  [one.image.delete] Image locked, use --force flag to remove the image. Force delete may leave \
some files on Datastore
  possible in READY, INIT, DISABLED, ERROR, DELETE
instead: CP of 0 succeeds
>>> cloud.images[0].state.name
'LOCKED'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lifecycle.analysis.changes import field_changes, state_changes, told_fields
from lifecycle.analysis.explaining.oddities import odd
from lifecycle.analysis.explaining.operations import Obstacle, explain, obstacle
from lifecycle.analysis.names import operation_of
from lifecycle.analysis.situation import Labels
from lifecycle.cloud.copying import copied
from lifecycle.image import Image
from lifecycle.operations import OPERATIONS
from lifecycle.refusal import InputError
from lifecycle.table import Actor

if TYPE_CHECKING:
    from lifecycle.analysis.planning import Plans
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.journal import Entry
    from lifecycle.codes import ErrorCode
    from lifecycle.refusal import Refused

_CARRIES: dict[str, tuple[Any, ...]] = {
    "enable": (True,),
    "disable": (False,),
    "persistent": (True,),
    "nonpersistent": (False,),
    "delete": (False,),
    "delete_force": (True,),
}
"""What the call of an operation carries behind the image, where the operation alone says it."""


@dataclass(frozen=True)
class CallExplanation:
    """What a call would do in a cloud.

    Attributes:
        method, params: the call.
        ok: whether it would be done.
        value: what it would answer.
        code, text: of a refusal: the error code, and oned's whole message.
        changes: what would change, a line for each thing.
        fields: for each image that would change, its fields as before and after.
        asked: what drivers would be asked for.
        journal: all that would happen, in order.
        obstacles: of a refusal by a table: what keeps each row from applying.
        instead: ways to where it would be done; None where it is done, or
            where the image's state has nothing to do with it.
        odd: what nobody would guess about it.
        source: of a refusal by a table: where the fact comes from.
    """

    method: str
    params: tuple[Any, ...]
    ok: bool
    value: Any
    code: ErrorCode | None
    text: str
    changes: tuple[str, ...]
    fields: dict[int, dict[str, tuple[Any, Any]]]
    asked: tuple[str, ...]
    journal: tuple[Entry, ...]
    obstacles: tuple[Obstacle, ...] = ()
    instead: Plans | None = None
    odd: tuple[str, ...] = ()
    source: str = ""

    def __str__(self) -> str:
        """Tell it in a few lines."""
        call = f"{self.method}({', '.join(map(repr, self.params))})"
        if self.ok:
            lines = [f"{call} is done"]
        else:
            name = "" if self.code is None else self.code.name
            lines = [f"{call} is refused: {name}", f"  {self.text}", *self._why()]
        lines += [f"  {line}" for line in self.changes]
        for number, fields in self.fields.items():
            lines += [f"  image {number} {line}" for line in told_fields(fields)]
        lines += [f"  asked: {one}" for one in self.asked]
        lines += [f"odd: {one}" for one in self.odd]
        if self.instead is not None and self.instead.hoped:
            steps = [step.move.text for step in self.instead.hoped[0].steps]
            lines.append(f"instead: {', then '.join(steps)}")
        return "\n".join(lines)

    def _why(self) -> list[str]:
        return [f"  {line}" for line in why_lines(self.obstacles)]


def why_lines(obstacles: tuple[Obstacle, ...]) -> list[str]:
    """Say why no row applies: the states in which one would, or what holds in its way."""
    if obstacles and all(one.states for one in obstacles):
        states = dict.fromkeys(state for one in obstacles for state in one.states)
        return [f"possible in {', '.join(states)}"]
    return list(
        dict.fromkeys("; ".join(one.words) for one in obstacles if not one.states and one.words)
    )


def explain_call(cloud: Cloud, what: str, *params: Any, uid: int = 0) -> CallExplanation:
    """Explain what a call would do; it is made in a copy of the cloud.

    Args:
        cloud: it is not changed.
        what: a call (``one.image.delete``), or an operation that a user does
            on an image (``delete``).
        params: of the call, without the session; of an operation the image,
            or its id, and what else its call carries.
        uid: who makes the call.

    Raises:
        UnknownMethodError: there is no such call.
        WrongParameterError: a parameter is missing or of a wrong type.
        InputError: there is no such operation, or no call makes it.
    """
    given = tuple(one.id if isinstance(one, Image) else one for one in params)
    operation = ""
    if not what.startswith("one."):
        operation, what, given = _call_of(what, given)
    copy = copied(cloud, journal=True)
    refusals: list[Refused] = []
    copy.observers.append(
        lambda kind, _, rest: refusals.append(rest) if kind == "refused" else None
    )
    user = copy.users.get(uid)
    if user is None:
        raise InputError(f"there is no user with the id {uid!r}")
    session = None if uid == 0 else f"{user.name}:{user.password}"
    reply = copy.call(what, *given, session=session)
    labels = Labels(cloud, by_id=True)
    had = {one.number for one in cloud.drivers.open}
    refused = refusals[-1] if refusals and not reply.ok else None
    subject = cloud.images.get(given[0]) if given and isinstance(given[0], int) else None
    subject = subject if what.startswith("one.image.") else None
    operation = operation or (refused.operation if refused is not None else "")
    return CallExplanation(
        what,
        given,
        reply.ok,
        reply.value if reply.ok else None,
        None if refused is None else refused.code,
        "" if reply.ok else str(reply.value),
        tuple(state_changes(cloud, copy, labels)),
        {
            image.id: fields
            for image in cloud.images
            if image.id in copy.images and (fields := field_changes(image, copy.images[image.id]))
        },
        tuple(
            f"{one.action} of {labels.within(copy).of(one.role, one.id)}"
            for one in copy.drivers.open
            if one.number not in had
        ),
        tuple(copy.journal),
        () if refused is None else tuple(obstacle(one) for one in refused.unmet if _known(one)),
        _instead(cloud, operation, subject, refused),
        ()
        if subject is None or operation not in OPERATIONS
        else odd(operation, subject, "done" if reply.ok else "refused"),
        "" if refused is None else refused.why.source,
    )


def _known(unmet: Any) -> bool:
    return unmet.row.operation in OPERATIONS and type(unmet.row.origins[0]).__name__ == "ImageState"


def _call_of(name: str, given: tuple[Any, ...]) -> tuple[str, str, tuple[Any, ...]]:
    operation = operation_of(name)
    if operation.actor is not Actor.USER or not operation.call.startswith("one.image."):
        raise InputError(
            f"no call on an image makes it; name the call itself (one.vm.action, …), or ask"
            f" lifecycle explain {operation.name}",
            field=operation.name,
        )
    rest = _CARRIES.get(operation.name, given[1:])
    return operation.name, operation.call, (*given[:1], *rest)


def _instead(
    cloud: Cloud, operation: str, subject: Image | None, refused: Refused | None
) -> Plans | None:
    if refused is None or subject is None or not refused.unmet or operation not in OPERATIONS:
        return None
    return explain(operation, cloud, image=subject.id).instead
