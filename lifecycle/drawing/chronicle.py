"""What a history did to images and machines, in order: what timelines and plots are drawn from.

A chronicle comes from a scenario that was played, a recorded history, or a
journal. :mod:`lifecycle.drawing.chronicles` reads the files.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.cloud.vm import VirtualMachine
from lifecycle.cloud.vm_operations import VM_OPERATIONS
from lifecycle.image import Image
from lifecycle.operations import OPERATIONS
from lifecycle.scenario.words import DRIVERS
from lifecycle.states import ImageState
from lifecycle.trace.format import History, Step
from lifecycle.trace.replay import cloud_for, perform

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.journal import Entry
    from lifecycle.scenario.moments import Moment, Run

IMAGE, MACHINE = "image", "machine"

_LANES: dict[type, str] = {Image: IMAGE, VirtualMachine: MACHINE}
_KINDS = {"image": IMAGE, "vm": MACHINE}
_DIGITS = 18
_RELEASES = frozenset({"release", "release_failed"})


@dataclass(frozen=True, slots=True, order=True)
class Lane:
    """An image or a machine: its kind (``image`` or ``machine``) and its id."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What a happening did to one image or machine.

    Attributes:
        lane: which one.
        name: its name then, "" where none is known.
        states: the states that it was in, the first one before; ``GONE`` ends the list.
    """

    lane: Lane
    name: str
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """One row of a timeline.

    Attributes:
        time: virtual seconds since the start, or the step's number.
        who: a user or a driver.
        what: what was done, in one line.
        moved: what it did.
        asked: what drivers were asked for, as ``CP debian``.
        refused: oned's words when it was refused, else "".
        failed: whether it is a driver's bad answer.
        about: what the command names, for the mark of a refusal.
    """

    time: float
    who: str
    what: str
    moved: tuple[Moved, ...] = ()
    asked: tuple[str, ...] = ()
    refused: str = ""
    failed: bool = False
    about: tuple[Lane, ...] = ()


class Move(NamedTuple):
    """One row of the table that applied to an image.

    Attributes:
        lane: the image.
        origin, target: the states before and after, by their names; the same where it stays.
        row: the key of the row.
    """

    lane: Lane
    origin: str
    target: str
    row: str


@dataclass(frozen=True, slots=True)
class Chronicle:
    """A history as happenings.

    Attributes:
        title: what it is about.
        happenings: in order.
        elapsed: when it ends, in the unit of the happenings' times.
        unit: ``seconds``, or ``steps`` where the history tells no times.
        moves: every row of the table that applied to an image, in order.
    """

    title: str
    happenings: tuple[Happening, ...]
    elapsed: float
    unit: str = "seconds"
    moves: tuple[Move, ...] = ()

    def names(self) -> dict[Lane, str]:
        """Give each image and machine that appears, with its last name, in order of appearance."""
        found: dict[Lane, str] = {}
        for happening in self.happenings:
            for moved in happening.moved:
                found[moved.lane] = moved.name or found.get(moved.lane, "")
        return found


def of_run(run: Run) -> Chronicle:
    """Give the chronicle of a scenario that was played."""
    lanes: dict[str, Lane] = {}
    happenings = []
    for moment in run.moments:
        if moment.kind not in {"command", "answer", "rule"}:
            continue
        moved = tuple(
            Moved(Lane(one.kind, one.id), one.name, one.states)
            for one in moment.changes
            if one.kind in {IMAGE, MACHINE} and (len(one.states) > 1 or one.new)
        )
        lanes |= {one.name: one.lane for one in moved}
        happenings.append(_told(moment, moved, lanes))
    title = run.scenario.title or run.scenario.file
    return Chronicle(title, tuple(happenings), run.elapsed, moves=_moves(run))


def _moves(run: Run) -> tuple[Move, ...]:
    """Give the moves of a run, which its trace makes again."""
    header, *lines = run.trace
    steps = [Step(number, line) for number, line in enumerate(lines, 2)]
    return of_history(History(run.scenario.file, header, steps)).moves


def _told(moment: Moment, moved: tuple[Moved, ...], lanes: dict[str, Lane]) -> Happening:
    refused = moment.refusal.text if moment.refusal is not None else ""
    words = moment.what.split()
    return Happening(
        moment.time,
        moment.who,
        moment.what,
        moved,
        tuple(f"{one.action} {one.name}" for one in moment.asked),
        refused,
        moment.kind == "answer" and moment.what.startswith("fails "),
        tuple(lane for name, lane in lanes.items() if name in words) if refused else (),
    )


def of_history(history: History) -> Chronicle:
    """Give the chronicle of a recorded history: what the cloud does when it is replayed.

    Raises:
        InputError: a step makes a call that is not known.
    """
    cloud = cloud_for(history)
    seen = _Seen(cloud)
    happenings = []
    for number, step in enumerate(history.steps, 1):
        reply = perform(cloud, step, history.file)
        refused = str(reply[1]) if reply is not None and not reply[0] else ""
        who, what = _step(step)
        moved, asked = seen.take()
        failed = step.kind == "driver" and not step.data["ok"]
        about = _about(step.data.get("method", ""), step.data.get("params", []))
        happenings.append(
            Happening(number, who, what, moved, asked, refused, failed, about if refused else ())
        )
        cloud.clock.advance(1)
    title = str(history.header.get("title") or history.header.get("name") or history.file)
    return Chronicle(title, tuple(happenings), len(history.steps), "steps", tuple(seen.moves))


class _Seen:
    """What happens in a cloud between two looks."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._states: dict[Lane, list[str]] = {}
        self._names: dict[Lane, str] = {}
        self._last: dict[Lane, str] = {}
        self._asked: list[Any] = []
        self.moves: list[Move] = []
        cloud.observers.append(self._see)

    def _see(self, kind: str, thing: Any, what: Any) -> None:
        if kind == "asked":
            self._asked.append(thing)
        elif kind == "row" and type(thing) in _LANES:
            lane = Lane(_LANES[type(thing)], thing.id)
            self._names[lane] = thing.name
            if lane.kind == IMAGE:
                origin = self._last.get(lane, ImageState.INIT.name)
                self.moves.append(Move(lane, origin, thing.state.name, what.key))
            path = self._states.setdefault(lane, [self._last.get(lane, ImageState.INIT.name)])
            if path[-1] != thing.state.name:
                path.append(thing.state.name)
            self._last[lane] = thing.state.name

    def take(self) -> tuple[tuple[Moved, ...], tuple[str, ...]]:
        """Give what moved since the last look, and the requests that wait."""
        moved = tuple(
            Moved(lane, self._names[lane], tuple(states))
            for lane, states in self._states.items()
            if len(states) > 1
        )
        asked = tuple(
            f"{one.action} {one.name}" for one in self._asked if one in self._cloud.drivers.open
        )
        self._states, self._asked = {}, []
        return moved, asked


def _step(step: Step) -> tuple[str, str]:
    data = step.data
    if step.kind == "call":
        who = str(data.get("as") or "oneadmin").partition(":")[0]
        return who, _call(data["method"], data["params"])
    driver = DRIVERS[data.get("role") or ("tm" if data["action"] == "SAVEAS" else "ds")]
    if step.kind == "rule":
        return driver, f"{data['mode']} {data['action']} from now on"
    verb = "completes" if data["ok"] else "fails"
    return driver, f"{verb} {data['action']} {data['id']}"


def _call(method: str, params: Sequence[Any]) -> str:
    """Give a call in one line; templates are left to the reader's imagination."""
    shown = [
        "…" if isinstance(one, str) and ("=" in one or "\n" in one) else str(one) for one in params
    ]
    return " ".join([method.removeprefix("one."), *shown])


def _about(method: str, params: Sequence[Any]) -> tuple[Lane, ...]:
    """Give what a call names: its group says the kind; the action of a machine comes first."""
    kind = {"one.image": IMAGE, "one.vm": MACHINE}.get(method.rpartition(".")[0])
    place = 1 if method == "one.vm.action" else 0
    if kind is None or len(params) <= place or type(params[place]) is not int:
        return ()
    return (Lane(kind, params[place]),)


def of_journal(
    entries: Sequence[Entry],
    title: str = "A journal",
    names: Mapping[Lane, str] = MappingProxyType({}),
) -> Chronicle:
    """Give the chronicle of a journal.

    A call is noted when it ends, an answer when it comes: moves that calls
    make belong to the call that is noted next, others to what was noted before.

    Args:
        entries: in order.
        title: what it is about.
        names: those of images and machines where they are known; the journal knows none.
    """
    if not entries:
        return Chronicle(title, (), 0)
    start = entries[0].time
    happenings = [noted(group, start, names) for group in groups(entries)]
    moves = []
    for entry in entries:
        lane = lane_of(entry.object)
        if entry.kind == "move" and lane is not None and lane.kind == IMAGE:
            detail = entry.detail
            moves.append(Move(lane, detail["from"], detail["to"], detail["row"]))
    elapsed = entries[-1].time - start
    return Chronicle(title, tuple(happenings), elapsed, moves=tuple(moves))


def groups(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Part a journal: each part holds one call or answer, if any, and what it did."""
    group: list[Entry] = []
    headed = answered = False
    for entry in entries:
        heads = entry.kind == "call" or (entry.kind == "answer" and _waits(entry))
        if headed and (heads or _begins(entry, answered=answered)):
            yield group
            group, headed, answered = [], False, False
        group.append(entry)
        headed = headed or heads
        answered = answered or entry.kind == "answer"
    if group:
        yield group


def _begins(entry: Entry, *, answered: bool) -> bool:
    """Tell whether a move is the first thing that a call does, which is noted after it.

    A machine that is asked to end lets its images go at once, or when a driver has answered.
    """
    if entry.kind != "move":
        return False
    operations = OPERATIONS if entry.object.startswith("image ") else VM_OPERATIONS
    operation = operations.get(entry.what)
    return bool(operation and operation.call) and not (answered and entry.what in _RELEASES)


def _waits(entry: Entry) -> bool:
    """Tell whether an answer is one that is waited for: others come at once."""
    return entry.detail.get("role") in {"ds", "market"} or entry.what == "SAVEAS"


def noted(group: Sequence[Entry], start: float, names: Mapping[Lane, str]) -> Happening:
    """Give a part of a journal, one of `groups`, as a happening.

    Args:
        group: the entries.
        start: the time that is counted from.
        names: those of images and machines where they are known.
    """
    paths: dict[Lane, list[str]] = defaultdict(list)
    for entry in group:
        lane = lane_of(entry.object)
        if entry.kind == "move" and lane is not None:
            path = paths[lane] or [entry.detail["from"]]
            paths[lane] = path if path[-1] == entry.detail["to"] else [*path, entry.detail["to"]]
    moved = tuple(
        Moved(lane, names.get(lane, ""), tuple(path))
        for lane, path in paths.items()
        if len(path) > 1
    )
    asked = tuple(
        f"{one.what} {one.object}"
        for one in group
        if one.kind == "asked" and one.detail.get("role") in {"ds", "market"}
    )
    head = next((one for one in group if one.kind == "call"), None)
    if head is None:
        head = next((one for one in group if one.kind == "answer"), group[0])
    time = head.time - start
    if head.kind == "answer":
        ok = bool(head.detail.get("ok"))
        what = f"{'completes' if ok else 'fails'} {head.what} {head.object}"
        driver = DRIVERS.get(str(head.detail.get("role")), "driver")
        return Happening(time, driver, what, moved, asked, failed=not ok)
    if head.kind != "call":
        return Happening(time, "", f"{head.what} {head.object}".strip(), moved, asked)
    params = head.detail.get("params", [])
    refused = "" if head.detail.get("ok", True) else str(head.detail.get("value", ""))
    about = _about(head.what, params) if refused else ()
    who = f"user {head.detail['user']}" if head.detail.get("user") else "oneadmin"
    return Happening(time, who, _call(head.what, params), moved, asked, refused, about=about)


def lane_of(place: str) -> Lane | None:
    """Give the lane of what a journal calls ``image 3`` or ``vm 0``."""
    word, _, number = place.partition(" ")
    known = word in _KINDS and number.isdecimal() and len(number) <= _DIGITS
    return Lane(_KINDS[word], int(number)) if known else None
