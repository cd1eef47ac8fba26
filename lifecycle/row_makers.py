"""Short ways to write the rows of the image table, and the groups of states that they use.

Guards are given as a reader writes them: ``"disk"`` must hold, ``"not disk"`` must not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.states import GONE, AnyState, ImageState
from lifecycle.table import Otherwise, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.codes import ErrorCode

States = tuple[ImageState, ...]
Names = tuple[str, ...]

(
    INIT,
    READY,
    USED,
    DISABLED,
    LOCKED,
    ERROR,
    CLONE,
    DELETE,
    USED_PERS,
    LOCKED_USED,
    LOCKED_USED_PERS,
) = ImageState

ANY = tuple(ImageState)
WAITED_FOR = (LOCKED_USED, LOCKED_USED_PERS)
ANY_LOCKED = (LOCKED, *WAITED_FOR)
HELD = (USED, USED_PERS, *WAITED_FOR)


def other_than(*states: ImageState) -> States:
    """Give all states but these."""
    return tuple(state for state in ANY if state not in states)


def row(
    operation: str,
    origins: States,
    target: AnyState | None,
    *effects: str,
    given: Names = (),
    source: str,
) -> Row:
    """Give a row; going to any state but LOCKED also clears the record's LOCK.

    Source: ``Image::set_state``.
    """
    if target is not None and target is not LOCKED and target is not GONE:
        effects = ("clear_lock", *effects)
    when, unless = _parted(given)
    return Row(operation, origins, target, when, unless, effects, source)


def stays(
    operation: str, *effects: str, where: States = ANY, given: Names = (), source: str
) -> Row:
    """Give a row that leaves the state as it is."""
    return row(operation, where, None, *effects, given=given, source=source)


def unlocks(
    operation: str, *effects: str, where: States = ANY, given: Names = (), source: str
) -> Iterator[Row]:
    """Give the rows of what ends a datastore operation, for the states in `where`.

    Source: ``Image::set_state_unlock``.
    """
    source = f"Image::set_state_unlock; {source}"
    moves: tuple[tuple[ImageState, ImageState, Names, Names], ...] = (
        (LOCKED, READY, (), ()),
        (LOCKED_USED, USED, ("tell_machines",), ()),
        (LOCKED_USED_PERS, USED_PERS, ("tell_machines",), ()),
        (ERROR, READY, (), ("not has_vms",)),
        (ERROR, USED_PERS, ("tell_machines",), ("has_vms", "persistent")),
        (ERROR, USED, ("tell_machines",), ("has_vms", "not persistent")),
    )
    for origin, target, told, held in moves:
        if origin in where:
            guards = (*given, *held)
            yield row(operation, (origin,), target, *told, *effects, given=guards, source=source)
    rest = tuple(state for state in where if state not in (*ANY_LOCKED, ERROR))
    if rest:
        yield stays(operation, *effects, where=rest, given=given, source=source)


def fails(
    operation: str, *effects: str, where: States = ANY, given: Names = (), source: str
) -> Iterator[Row]:
    """Give the rows of what ends in ERROR; only machines that wait for the image are told.

    Source: ``Image::set_state``.
    """
    source = f"Image::set_state; {source}"
    waited = tuple(state for state in where if state in WAITED_FOR)
    others = tuple(state for state in where if state not in WAITED_FOR)
    yield row(operation, waited, ERROR, "tell_machines", *effects, given=given, source=source)
    yield row(operation, others, ERROR, *effects, given=given, source=source)


def refused(  # noqa: PLR0913 - a refusal has as many columns as the table
    operation: str,
    code: ErrorCode,
    text: str,
    *effects: str,
    where: States = ANY,
    given: Names = (),
    source: str,
) -> Otherwise:
    """Give what is refused with an error code and oned's words."""
    when, unless = _parted(given)
    return Otherwise(operation, where, code, text, when, unless, effects, source)


def ignored(
    operation: str, text: str, *, where: States = ANY, given: Names = (), source: str
) -> Otherwise:
    """Give what oned only logs."""
    when, unless = _parted(given)
    return Otherwise(operation, where, None, text, when, unless, (), source)


def _parted(given: Names) -> tuple[Names, Names]:
    when = tuple(name for name in given if not name.startswith("not "))
    unless = tuple(name.removeprefix("not ") for name in given if name.startswith("not "))
    return when, unless
