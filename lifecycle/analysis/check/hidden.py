"""What can happen to one image between two observations of it, with all around it free.

What one operation does is not written down here: it is fired on a real image.
Only what decides about later steps is told apart:

- Of the machines, copies and apps that hold the image, those of one fate count
  as one: those that are there at both observations, only at the first, only at
  the second, and others that come and go unseen. Guards ask whether the last
  holder lets go, so more of a kind make no difference.
- SOURCE, FORMAT and SIZE are as at the first observation, or as at the second.
- An administrator can write any attribute (``oneimage update``) and change the
  type within its family at any time. So SHAREABLE, FORCE_DELETE and SAVE_AS_HOT
  may hold or not whenever a guard asks, and a disk may be taken for an OS.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.analysis.surroundings import Surroundings
from lifecycle.image import Image
from lifecycle.image_table import IMAGE_TABLE
from lifecycle.operations import DRIVER_ANSWERS, OPERATIONS
from lifecycle.refusal import Refused
from lifecycle.snapshots import Orphans, Snapshots
from lifecycle.states import (
    CLONABLE_TYPES,
    FILE_TYPES,
    GONE,
    AnyState,
    ImageState,
    ImageType,
)
from lifecycle.triggers import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

BOTH, FIRST, SECOND, OTHER = 1, 2, 4, 8
"""Machines by when they hold the image: at both observations, at one, at neither."""
APP_BOTH, APP_FIRST, APP_SECOND, APP_OTHER = (16 * one for one in (BOTH, FIRST, SECOND, OTHER))
"""The same of apps; copies are numbered as machines are, apps behind them."""

EMPTY, BEFORE, AFTER, ELSE = "", "before", "after", "else"
"""A SOURCE or FORMAT: none, that of the first observation, of the second, or another."""

_COPIES = BOTH | FIRST | SECOND
_APPS = APP_BOTH | APP_FIRST | APP_SECOND | APP_OTHER
_MOST_OPEN = 2
_CLONED = 1
_GROWN = 2
_SAVED, _NEVER, _FLATTEN = "SAVEAS", "never", "INCREMENT_FLATTEN"
_SAVE_AS_ENDS = ("save_as_lost", "save_as_wiped", "save_as_success", "save_as_failure")
_FREE = ("SAVE_AS_HOT", "FORCE_DELETE", "PERSISTENT_TYPE")
_GUARDS = dict(
    zip(
        ("saving", "forced", "shareable"),
        zip(_FREE, ("YES", "YES", "SHAREABLE"), strict=True),
        strict=True,
    )
)
ONLY_WRITES = ("chmod", "chown", "chtype", "force", "lock", "rename", "unlock", "update")
"""What leads nowhere: it writes what a configuration leaves out, in every state."""
_BIRTHS = ("allocate", "allocate_clone", "allocate_save_as", "allocate_backup")
_OF_BACKUPS = ("backup_disks", "add_increment")
_ANSWERED = {operation: action for (action, _), operation in DRIVER_ANSWERS.items()}
_OF_APPS = ("export", "export_released")
_MOVES = tuple(
    sorted(
        (name for name in OPERATIONS if name not in {*ONLY_WRITES, *_BIRTHS, *_OF_BACKUPS}),
        # Of two ways that are as short, the more usual one is told.
        key=lambda name: name in _OF_APPS,
    )
)


class Hidden(NamedTuple):
    """What of an image matters between two observations.

    Attributes:
        vms, copies: who holds it, as a sum of BOTH, FIRST, ….
        cloning: whether CLONING_ID is set.
        snapshots: their ids.
        requests: what drivers were asked and have not answered.
        written: whether the record was written since it was made; before, PREV_STATE is INIT.
    """

    state: AnyState
    persistent: bool = False
    source: str = EMPTY
    format: str = BEFORE
    grown: bool = False
    cloning: bool = False
    target: int = -1
    snapshots: tuple[int, ...] = ()
    requests: tuple[str, ...] = ()
    vms: int = 0
    copies: int = 0
    written: bool = True


class Between(NamedTuple):
    """What is known of the time between two observations.

    Attributes:
        type: a type of the image's family.
        vms, copies: who may hold it, as a sum of BOTH, FIRST, ….
        snapshots: the sets of snapshots that a machine may leave in it.
        kept: the snapshots at the second observation.
        target: TARGET_SNAPSHOT at the second observation.
        source, format: which SOURCE and FORMAT a driver may give it.
        grows: whether its SIZE becomes another.
        unasked: whether drivers may answer late, again, or what nobody asked.
    """

    type: ImageType
    vms: int = 0
    copies: int = 0
    snapshots: tuple[tuple[int, ...], ...] = ((),)
    kept: tuple[int, ...] = ()
    target: int = -1
    source: str = ELSE
    format: str = BEFORE
    grows: bool = False
    unasked: bool = False


class Step(NamedTuple):
    """One hidden step: the operation, who does it (BOTH, FIRST, …; 0 for nobody), what it names."""

    operation: str
    who: int = 0
    what: str = ""


GONE_HIDDEN = Hidden(GONE)
"""An image whose record is gone: nothing of it matters any more."""


class Successors:
    """What can follow a hidden configuration; each is asked of the engine once."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._known: dict[tuple[Hidden, Between], tuple[tuple[Step, Hidden], ...]] = {}
        self._fired: dict[tuple[object, ...], tuple[Hidden, ...]] = {}

    def of(self, hidden: Hidden, between: Between) -> tuple[tuple[Step, Hidden], ...]:
        """Give the steps that lead to another configuration, and where."""
        key = hidden, between
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = tuple(self._successors(hidden, between))
        return found

    def _successors(self, hidden: Hidden, between: Between) -> Iterator[tuple[Step, Hidden]]:
        if hidden.state is GONE:
            return
        if not hidden.written:
            yield Step("update"), hidden._replace(written=True)
        seen = {hidden}
        for operation in _moves_from(hidden.state):
            left = _left_open(hidden, between, operation)
            if left is None:
                continue
            for who, what in _carried(operation, hidden, between):
                for after in self._after(hidden, between, operation, what, left):
                    if after not in seen:
                        seen.add(after)
                        named = str(what) if isinstance(what, int) and not who else ""
                        yield Step(operation, who, named), after

    def _after(
        self, hidden: Hidden, between: Between, operation: str, what: Any, left: tuple[str, ...]
    ) -> tuple[Hidden, ...]:
        reverts = operation == "snap_revert_success" and between.grows
        key = hidden, between.type, between.unasked, operation, what, reverts
        found = self._fired.get(key)
        if found is None:
            sizes = (1, _GROWN) if reverts else (_GROWN if hidden.grown else 1,)
            found = self._fired[key] = tuple(
                after
                for template in _templates(operation, _saves(hidden, between))
                for size in sizes
                for after in _fired(hidden, between, operation, what, template, left, size)
            )
        return found


def births(between: Between, *, with_path: bool) -> Iterator[tuple[Step, Hidden]]:
    """Give every way in which an image of a family can be born.

    Args:
        between: what is known until its first observation.
        with_path: whether it has a PATH.
    """
    source = AFTER if between.source is AFTER else ELSE
    for persistent in (False, True):
        if persistent and between.type in FILE_TYPES:
            continue
        if with_path:
            yield from _born("allocate", between, persistent=persistent, path="/path")
        else:
            yield from _born("allocate", between, persistent=persistent)
            yield from _born("allocate", between, persistent=persistent, source=source)
            if between.type in CLONABLE_TYPES:
                yield from _born("allocate_save_as", between, persistent=persistent)
        if between.type in CLONABLE_TYPES:
            # Its PATH is the SOURCE of what it copies, which may be empty.
            yield from _born("allocate_clone", between, persistent=persistent, cloning=True)
    if between.type is ImageType.BACKUP:
        for vm in _bits(between.vms):
            yield from _born("allocate_backup", between, persistent=True, source=source, vm=vm)


def _born(  # noqa: PLR0913 - what an image can be born with; all but two are named
    operation: str,
    between: Between,
    *,
    persistent: bool,
    path: str = "",
    source: str = EMPTY,
    cloning: bool = False,
    vm: int | None = None,
) -> Iterator[tuple[Step, Hidden]]:
    world: Any = Surroundings()
    template = {"SAVE_AS_HOT": "YES"} if operation == "allocate_save_as" else None
    # A FORMAT other than that at the first observation is given by drivers only.
    for form in dict.fromkeys((between.format, BEFORE)):
        image = Image(
            0,
            "image",
            between.type,
            persistent=persistent,
            source=source,
            path=path,
            format=form,
            template=template,
            world=world,
        )
        image.cloning_id = _CLONED if cloning else -1
        world.actions.clear()
        try:
            if not EVENTS[operation].fire(image, vm):
                return
        except Refused:
            return
        asked = (*world.actions, *((_SAVED,) if operation == "allocate_save_as" else ()))
        for grown in (False, True) if between.grows else (False,):
            yield Step(operation, vm or 0), _noted(image, asked, grown=grown)


def _left_open(hidden: Hidden, between: Between, operation: str) -> tuple[str, ...] | None:
    """Give the requests that stay open; None where the operation answers what nobody asked."""
    if not between.unasked and _cannot_be(hidden, operation):
        return None
    answered = _ANSWERED.get(operation)
    if operation in _SAVE_AS_ENDS:
        # The copy begins when the image is made.
        answered = _SAVED if "MKFS" not in hidden.requests else _NEVER
    if answered is None or between.unasked:
        return hidden.requests
    if answered not in hidden.requests:
        return None
    place = hidden.requests.index(answered)
    return hidden.requests[:place] + hidden.requests[place + 1 :]


def _cannot_be(hidden: Hidden, operation: str) -> bool:
    """Tell whether what surrounds the image keeps an operation from it."""
    if operation == "release_failed" and hidden.state is ImageState.LOCKED_USED_PERS:
        # A machine that waits was never active; others hold it only if it had its file before.
        return hidden.target == -1
    # A backup that is being flattened is not deleted (ImageAPI::del_image).
    return operation in {"delete", "delete_force"} and _FLATTEN in hidden.requests


def _carried(operation: str, hidden: Hidden, between: Between) -> Iterator[tuple[int, Any]]:
    """Give who may do an operation (0 for nobody), and what it carries."""
    members = _holders(operation, hidden, between)
    if members is not None:
        yield from ((member, member) for member in _bits(members))
        return
    match operation:
        case "snapshot_delete" | "snapshot_revert" | "snapshot_flatten":
            yield from ((0, number) for number in _targets(operation, hidden, between))
        case "write_snapshots":
            yield from ((0, ids) for ids in between.snapshots if hidden.vms)
        case "write_size":
            yield from ((0, _GROWN) for _ in range(between.grows and hidden.vms != 0))
        case "save_as_formatted":
            yield from ((0, between.format) for _ in range(_saves(hidden, between)))
        case "cp_success" | "clone_success":
            whole = f"{between.source} {between.format}"
            yield from ((0, payload) for payload in (whole, between.source, ""))
        case "mkfs_success":
            yield from ((0, payload) for payload in (between.source, ""))
        case _:
            yield 0, "-"


def _holders(operation: str, hidden: Hidden, between: Between) -> int | None:
    """Give the holders that may do an operation; None where no holder does it."""
    vms, copies = hidden.vms, hidden.copies
    who = {
        "acquire": between.vms & ~vms,
        "attach": between.vms & ~vms,
        "release": vms,
        "release_failed": vms,
        # A copy is made once, and has its own id.
        "clone": between.copies & SECOND & ~copies,
        "clone_released": copies & FIRST,
        "export": between.copies & (APP_SECOND | APP_OTHER) & ~copies,
        "export_released": copies & (APP_FIRST | APP_OTHER),
    }
    return who.get(operation)


def _targets(operation: str, hidden: Hidden, between: Between) -> Iterator[int]:
    """Give the snapshots that it makes a difference to name: in which order they go makes none."""
    there = hidden.snapshots
    if between.target in there:
        yield between.target
    others = there
    if operation == "snapshot_delete":
        others = tuple(number for number in there if number not in between.kept)
    if others and others[0] != between.target:
        yield others[0]


def _bits(members: int) -> Iterator[int]:
    bit = 1
    while bit <= members:
        if members & bit:
            yield bit
        bit *= 2


def _saves(hidden: Hidden, between: Between) -> bool:
    """Tell whether the disk of a machine may be being saved into the image."""
    return between.unasked or _SAVED in hidden.requests


@cache
def _templates(operation: str, saves: bool) -> tuple[dict[str, str], ...]:  # noqa: FBT001 - of two kinds
    """Give the attributes that make a difference to an operation, each set or not."""
    guards = IMAGE_TABLE.guards_of(operation)
    asked = [
        pair for name, pair in _GUARDS.items() if name in guards and (saves or name != "saving")
    ]
    return tuple(
        {name: value for (name, value), on in zip(asked, chosen, strict=True) if on}
        for chosen in product((False, True), repeat=len(asked))
    )


@cache
def _moves_from(state: AnyState) -> tuple[str, ...]:
    """Give the operations that can do anything in a state; no refusal changes what counts."""
    return tuple(
        name for name in _MOVES if any(state in row.origins for row in IMAGE_TABLE.rows_of(name))
    )


def _fired(  # noqa: PLR0913, PLR0917 - a step is made of that many things
    hidden: Hidden,
    between: Between,
    operation: str,
    what: Any,
    template: dict[str, str],
    left: tuple[str, ...],
    size: int,
) -> Iterator[Hidden]:
    world = Surroundings()
    image = _image(hidden, between, template, world, size)
    carried = _snapshots(what) if operation == "write_snapshots" else what
    try:
        if not EVENTS[operation].fire(image, carried):
            return
    except Refused:
        return
    asked = world.actions if not between.unasked else []
    unsaved = operation == "mkfs_success" and "SAVE_AS_HOT" not in template
    if unsaved or operation in {"delete_force", "mkfs_failure"}:
        # No disk is copied into the image any more.
        left = tuple(action for action in left if action != _SAVED)
    requests = tuple(sorted((*left, *asked)))
    if not asked or _few_enough(requests):
        yield _noted(image, requests, grown=image.size != 1)


def _few_enough(requests: tuple[str, ...]) -> bool:
    """Tell whether no more is open than drivers that answer in time ever have open."""
    of_snapshots = sum(action.startswith("SNAP_") for action in requests)
    alike = len(requests) - len(set(requests))
    return len(requests) <= _MOST_OPEN and of_snapshots <= 1 and not alike


def _image(
    hidden: Hidden, between: Between, template: dict[str, str], world: Any, of_snapshots: int
) -> Image:
    image = Image(
        0,
        "image",
        between.type,
        persistent=hidden.persistent,
        state=hidden.state,
        source=hidden.source,
        format=hidden.format,
        size=_GROWN if hidden.grown else 1,
        template=template,
        world=world,
    )
    if not hidden.written:
        image.prev_state = ImageState.INIT
    image.vms = set(_bits(hidden.vms))
    image.running_vms = len(image.vms)
    image.clones = set(_bits(hidden.copies & _COPIES))
    image.app_clones = set(_bits(hidden.copies & _APPS))
    image.cloning_ops = len(image.clones) + len(image.app_clones)
    image.cloning_id = _CLONED if hidden.cloning else -1
    image.target_snapshot = hidden.target
    image.snapshots = _snapshots(hidden.snapshots, of_snapshots)
    return image


def _snapshots(ids: tuple[int, ...], size: int = 1) -> Snapshots | None:
    if not ids:
        return None
    made = Snapshots(Orphans.ALLOW)
    for number in ids:
        made.next_id = number
        made.create("", size, 0)
    return made


def _noted(image: Image, requests: tuple[str, ...], *, grown: bool) -> Hidden:
    state = image.state
    if not isinstance(state, ImageState):
        return GONE_HIDDEN
    return Hidden(
        state,
        image.is_persistent,
        image.source,
        image.format,
        grown,
        image.cloning_id != -1,
        image.target_snapshot,
        () if image.snapshots is None else tuple(one.id for one in image.snapshots),
        requests,
        sum(image.vms),
        sum(image.clones) + sum(image.app_clones),
        image.prev_state is not ImageState.INIT,
    )
