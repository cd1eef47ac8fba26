"""What one operation would do to an image, or why not, and what to do instead.

>>> from lifecycle import ImageState
>>> from lifecycle.analysis.explaining import explain
>>> from lifecycle.analysis.situation import Situation
>>> found = explain("delete", Situation(ImageState.USED))
>>> found.outcome, found.text
('refused', '[one.image.delete] Cannot delete image. There are 1 VMs using it.')
>>> [step.move.text for step in found.instead.hoped[0].steps]
['onevm terminate VM1']
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.analysis.changes import field_changes, state_changes
from lifecycle.analysis.explaining.arguments import fitting, parameter_of
from lifecycle.analysis.explaining.oddities import Outcome, odd
from lifecycle.analysis.planning import Goal, Plans, plan
from lifecycle.analysis.situation import Labels, Placed, Situation, told
from lifecycle.cloud.cloud import Cloud
from lifecycle.cloud.copying import copied, excerpt
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.machine import unmet
from lifecycle.operations import OPERATIONS
from lifecycle.refusal import InputError, Refused
from lifecycle.states import GONE, AnyState
from lifecycle.table import applies
from lifecycle.wording import effect_words, guard_words, opposite

if TYPE_CHECKING:
    from lifecycle.codes import ErrorCode
    from lifecycle.image import Image
    from lifecycle.refusal import Unmet
    from lifecycle.table import Operation, Otherwise, Part, Row

_BOOKKEEPING = {"insert", "write", "touch", "clear_lock"}
"""Effects that are told in no explanation: they say nothing about this operation."""


class Obstacle(NamedTuple):
    """What keeps one row of the table from applying.

    Attributes:
        row: the row, by its key.
        states: the states that it starts from, where the image's is none of them.
        guards: the guards that do not hold, as ``name`` or ``not name``.
        words: what holds instead, a sentence for each guard.
        source: where the row comes from.
    """

    row: str
    states: tuple[str, ...]
    guards: tuple[str, ...]
    words: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Explanation:
    """What an operation would do to an image.

    Attributes:
        operation: the operation.
        situation: in words, what the image is like.
        argument: what the operation carries.
        outcome: ``done``, ``refused``, or ``ignored``, which oned only logs.
        before, after: the states of the image.
        rule: the row or line of the table that speaks, by its key.
        effects: what the row does besides, in words.
        fields: what changes in the image's record, as before and after.
        others: what changes of other things, in words.
        asked: what drivers are asked for.
        code: the error code of a refusal.
        text: oned's words, of a refusal as its call answers them.
        obstacles: what keeps each row that could have applied from it.
        instead: ways to where the operation would be done; None where it is
            done, or where nobody can bring that about.
        legal: the operations that would be accepted now.
        source: where the fact comes from.
        odd: what nobody would guess about it.
    """

    operation: Operation
    situation: str
    argument: Any
    outcome: Outcome
    before: AnyState
    after: AnyState
    rule: str = ""
    effects: tuple[str, ...] = ()
    fields: dict[str, tuple[Any, Any]] | None = None
    others: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    code: ErrorCode | None = None
    text: str = ""
    obstacles: tuple[Obstacle, ...] = ()
    instead: Plans | None = None
    legal: tuple[str, ...] = ()
    source: str = ""
    odd: tuple[str, ...] = ()


def explain(
    operation: str,
    begin: Situation | Cloud,
    argument: Any = None,
    *,
    image: int = 0,
    instead: bool = True,
) -> Explanation:
    """Explain what an operation would do to an image, or why it would not be done.

    It is done to a copy, in a copy of the cloud.

    Args:
        operation: its name.
        begin: a situation, or a cloud.
        argument: what the operation carries; None for something that fits.
        image: the id of the image in the cloud.
        instead: whether to look for ways to where a refused operation would be done.

    Raises:
        InputError: the cloud has no such image.
        KeyError: there is no such operation.
    """
    known = OPERATIONS[operation]
    if isinstance(begin, Situation):
        placed, labels = begin.cloud(), None
    elif image in begin.images:
        placed, labels = Placed(excerpt(begin, image), image), Labels(begin, by_id=True)
    else:
        raise InputError(f"there is no image {image}", field="image")
    found = Labels(placed.cloud, by_id=False) if labels is None else labels
    return _Trial(known, placed, found, argument, ways=instead).explanation()


class _Trial:
    """An operation, tried on an image in a copy of its cloud."""

    def __init__(
        self, operation: Operation, placed: Placed, labels: Labels, argument: Any, *, ways: bool
    ) -> None:
        self._operation, self._labels, self._ways = operation, labels, ways
        self._before, self._number = placed
        self._image = placed.cloud.images[placed.image]
        self._given = argument
        self._argument = (
            fitting(operation.name, placed.cloud, self._image) if argument is None else argument
        )
        self._after = copied(placed.cloud)
        self._spoke: list[Part] = []
        self._after.observers.append(self._see)

    def _see(self, kind: str, thing: Any, rest: Any) -> None:
        if kind in {"row", "ignored"} and thing is self._tried:
            self._spoke.append(rest)

    def explanation(self) -> Explanation:
        tried = self._tried = self._after.images[self._number]
        try:
            done = _fire(tried, self._operation.name, self._argument)
        except Refused as refused:
            return self._refused(refused)
        self._after.settle()
        part = next(one for one in self._spoke if one.operation == self._operation.name)
        return self._done(part) if done else self._ignored(part)

    def _common(self, outcome: Outcome) -> dict[str, Any]:
        return {
            "operation": self._operation,
            "situation": told(self._before, self._image),
            "argument": self._argument,
            "outcome": outcome,
            "before": self._image.state,
            "odd": odd(self._operation.name, self._image, outcome),
            "legal": self._image.legal(),
        }

    def _done(self, part: Part) -> Explanation:
        after = self._after.images.get(self._number)
        had = {one.number for one in self._before.drivers.open}
        labels = self._labels.within(self._after)
        return Explanation(
            **self._common("done"),
            after=GONE if after is None else after.state,
            rule=part.key,
            effects=_effects(part),
            fields=field_changes(self._image, self._tried),
            others=tuple(state_changes(self._before, self._after, self._labels, but=self._number)),
            asked=tuple(
                f"{one.action} of {labels.of(one.role, one.id)}"
                for one in self._after.drivers.open
                if one.number not in had
            ),
            source=part.source,
        )

    def _ignored(self, part: Part) -> Explanation:
        text = getattr(part, "text", "")
        return Explanation(
            **self._common("ignored"),
            after=self._image.state,
            rule=part.key,
            text=text.format(**self._image.words()),
            obstacles=self._obstacles(None),
            instead=self._instead(),
            source=part.source,
        )

    def _refused(self, refused: Refused) -> Explanation:
        call = self._operation.call
        return Explanation(
            **self._common("refused"),
            after=self._image.state,
            rule=refused.why.rule,
            fields=field_changes(self._image, self._tried),
            code=refused.code,
            text=refused.message(call) if call else refused.text,
            obstacles=self._obstacles(refused),
            instead=self._instead(),
            source=refused.why.source,
        )

    def _obstacles(self, refused: Refused | None) -> tuple[Obstacle, ...]:
        found = (
            unmet(IMAGE_TABLE, self._operation.name, self._image, self._argument)
            if refused is None
            else refused.unmet
        )
        return tuple(obstacle(one) for one in found)

    def _instead(self) -> Plans | None:
        if not self._ways:
            return None
        name = self._operation.name
        goal = Goal(f"where {spoken(name)} would be done", self._accepts)
        found = plan(
            self._before, goal, image=self._number, labels=self._labels.within(self._before)
        )
        return found if found.possible else None

    def _accepts(self, image: Image | None) -> bool:
        """Tell whether the operation would do something to an image."""
        if image is None or not isinstance(image.world, Cloud):
            return False
        name = self._operation.name
        what = fitting(name, image.world, image) if self._given is None else self._given
        return any(
            image.state in row.origins
            and (row.target is not None or row.effects)
            and applies(IMAGE_TABLE.guards, row, image, what)
            for row in IMAGE_TABLE.rows_of(name)
        )


def _fire(image: Image, operation: str, argument: Any) -> bool:
    method = getattr(image, operation)
    return bool(method(argument) if parameter_of(operation) else method())


def obstacle(one: Unmet) -> Obstacle:
    """Give what keeps a row from applying, in words."""
    return Obstacle(
        one.row.key,
        tuple(state.name for state in one.row.origins) if one.state else (),
        one.guards,
        tuple(guard_words(IMAGE_TABLE, opposite(guard)) for guard in one.guards),
        one.row.source,
    )


def _effects(part: Row | Otherwise) -> tuple[str, ...]:
    return tuple(effect_words(IMAGE_TABLE, one) for one in part.effects if one not in _BOOKKEEPING)


def spoken(operation: str) -> str:
    """Give an operation's name as it is spoken."""
    return operation.replace("_", " ")
