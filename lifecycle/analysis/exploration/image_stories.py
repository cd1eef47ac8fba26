"""Histories of one image as scenarios that ``lifecycle simulate`` plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.analysis.exploration.configuration import Configuration, Holder
from lifecycle.analysis.exploration.outcomes import ANSWERS
from lifecycle.refusal import InputError
from lifecycle.states import FILE_TYPES, GONE, ImageType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lifecycle.analysis.exploration.moves import Move
    from lifecycle.analysis.exploration.search import Step

IMAGE = "image"

_WAYS = {
    "PATH": "--path /file",
    "empty": "--size 1",
    "SOURCE": "--source /disk --size 1 --format raw",
}
_COMMANDS = {
    "enable": "oneimage enable image",
    "disable": "oneimage disable image",
    "persistent": "oneimage persistent image",
    "nonpersistent": "oneimage nonpersistent image",
    "delete": "oneimage delete image",
    "delete_force": "oneimage delete image --force",
}


def image_story(
    title: str,
    born: str,
    beginning: Configuration,
    steps: Iterable[Step[Move, Configuration]],
    *,
    unasked: bool = False,
) -> str:
    """Give a history of one image as a scenario, with a checkpoint at its end.

    Args:
        title: one line.
        born: how it is born, as the beginnings are named.
        beginning: its configuration then.
        steps: what happens.
        unasked: whether the datastore answers what nobody asks.

    Raises:
        InputError: the image is born as a backup, or with snapshots, which takes a machine.
    """
    lines = [*_birth(born)]
    players = _Players(unasked=unasked)
    now = beginning
    for step in steps:
        lines += players.lines(step.move, now, step.after)
        now = step.after
    checks = "gone"
    if now.state is not GONE:
        checks = f"{{state: {now.state.name}, vms: {now.vms}, clones: {now.cloning_ops}}}"
    body = "\n".join(f"  - {line}" for line in [*lines, f"expect: {{{IMAGE}: {checks}}}"])
    return f"title: {title}\nsteps:\n{body}\n"


def can_be_told(born: str) -> bool:
    """Tell whether a birth is one that a scenario can begin with."""
    return born.partition(", ")[2] in {*_WAYS, "copy"}


def _birth(born: str) -> Iterator[str]:
    words, _, way = born.partition(", ")
    kind, *flags = words.split()
    if not can_be_told(born):
        raise InputError(f"a scenario cannot begin with: {born}")
    of = f"--type {kind}" + " --persistent" * ("persistent" in flags)
    rest = "-d files" if ImageType[kind] in FILE_TYPES else "-d default"
    rest += " PERSISTENT_TYPE=SHAREABLE" * ("shareable" in flags)
    if way == "copy":
        yield f"oneimage create --name source {of} {_WAYS['SOURCE']} {rest}"
        yield f"oneimage clone source {IMAGE}"
    else:
        yield f"oneimage create --name {IMAGE} {of} {_WAYS[way]} {rest}"


class _Players:
    """The machines and copies of a story, by what has become of them."""

    def __init__(self, *, unasked: bool) -> None:
        self._unasked = "unasked " if unasked else ""
        self._made = {"vm": 0, "copy": 0}
        self._machines: dict[Holder, list[str]] = {Holder.WAITING: [], Holder.ACTIVE: []}
        self._copies: list[str] = []

    def lines(self, move: Move, before: Configuration, after: Configuration) -> Iterator[str]:
        """Give the steps of a scenario for a move; machines that need not wait are deployed."""
        if move.operation in ANSWERS:
            action, ok = ANSWERS[move.operation]
            word = "complete" if ok else "fail"
            yield f"datastore: {self._unasked}{word} {action} {IMAGE}"
        elif move.operation == "chtype":
            yield f"oneimage chtype {IMAGE} {move.what}"
        elif move.operation.startswith("snapshot_"):
            word = move.operation.replace("_", "-")
            yield f"oneimage {word} {IMAGE} {min(before.record.snapshots, default=0)}"
        elif move.operation in _COMMANDS:
            yield _COMMANDS[move.operation]
        elif move.operation.startswith("clone"):
            yield self._copied(move)
        else:
            yield self._machine(move)
        yield from self._deployed(after)

    def _copied(self, move: Move) -> str:
        if move.operation == "clone":
            self._made["copy"] += 1
            self._copies.append(f"copy{self._made['copy']}")
            return f"oneimage clone {IMAGE} {self._copies[-1]}"
        copy = self._copies.pop(0)
        if move.operation == "clone_lost":
            return f"datastore: unasked complete RM {copy}"
        return f"datastore: complete CLONE {copy}"

    def _machine(self, move: Move) -> str:
        if move.operation == "acquire":
            self._made["vm"] += 1
            name = f"vm{self._made['vm']}"
            self._machines[Holder.WAITING].append(name)
            return f"onevm create --name {name} --disk {IMAGE}"
        assert move.holder is not None, move  # noqa: S101 - every other move is a holder's
        if move.operation == "recover":
            return f"onevm recover {self._machines[move.holder][0]} --success"
        name = self._machines[move.holder].pop(0)
        word = "--delete" if move.operation == "release_failed" else "--delete-db"
        return f"onevm recover {name} {word}"

    def _deployed(self, after: Configuration) -> Iterator[str]:
        """Send to a host whoever need not wait any more, youngest first, as a scheduler would."""
        waiting = self._machines[Holder.WAITING]
        while len(waiting) > after.machines.count(Holder.WAITING) and after.state is not GONE:
            name = waiting.pop()
            self._machines[Holder.ACTIVE].append(name)
            yield f"onevm deploy {name}"
