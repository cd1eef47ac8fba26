"""Tells a run as rows: when, who, what, and what came of it.

A row is made of pieces, each a text and what it is, so that whoever prints it
can colour it. Nothing here knows how wide a terminal is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.scenario.phrases import error_of, phrases
from lifecycle.scenario.reasons import spoken
from lifecycle.scenario.words import time_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.scenario.moments import Change, Moment, Refusal, Run

GONE = "gone"
ARROW = " → "

_MOST_COMMANDS = 9
_FAILED = "_failed"
_SEEN = "one.image."
_MACHINE = "machine"


class Piece(NamedTuple):
    """A text, and what it is: name, state, refused, why, asked, ignored, unmet, quiet, or ""."""

    text: str
    kind: str = ""


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a timeline; a text for the reader has nothing but `what`."""

    kind: str
    time: str
    who: str
    what: str
    lines: tuple[Line, ...] = ()


def rows(run: Run) -> list[Row]:
    """Give the rows of a run, without the checkpoints that are as they must be."""
    found = []
    for moment in run.moments:
        if moment.kind == "check" and not moment.unmet:
            continue
        lines = () if moment.kind == "say" else tuple(_lines(moment))
        what = "expect" if moment.kind == "check" else moment.what
        found.append(Row(moment.kind, time_text(moment.time), moment.who, what, lines))
    return found


def summary(run: Run) -> str:
    """Give a run in one line."""
    done = [one for one in run.moments if one.kind in {"command", "answer"}]
    refused = sum(one.refusal is not None for one in done)
    parts = [f"{len(done)} {'step' if len(done) == 1 else 'steps'} in {time_text(run.elapsed)}"]
    if refused:
        parts.append(f"{refused} refused")
    if run.unanswered:
        parts.append(f"unanswered: {', '.join(run.unanswered)}")
    if run.checked:
        unmet = len(run.unmet)
        checks = f"{run.checked} {'check' if run.checked == 1 else 'checks'}"
        parts.append(f"{unmet} of {checks} failed" if unmet else f"{checks} passed")
    return "; ".join(parts) + "."


def _lines(moment: Moment) -> Iterator[Line]:
    if moment.refusal is not None:
        yield from _refusal(moment.refusal)
    if moment.made:
        yield (Piece("new "), Piece(moment.made, "name"))
    for change in moment.changes:
        line = _change(change)
        if line:
            yield line
        error = error_of(change)
        if error:
            yield (Piece("ERROR text: ", "quiet"), Piece(error))
    for one in moment.ignored:
        yield (
            Piece("ignored: ", "ignored"),
            Piece(f"{spoken(one.operation.removesuffix(_FAILED))} of "),
            Piece(one.name, "name"),
            Piece(f", which still counts {one.kept}" if one.kept else ""),
            Piece(f" ({one.text})", "quiet"),
        )
    for asked in moment.asked:
        yield (Piece(f"asks {asked.driver}: {asked.action} {asked.name}", "asked"),)
    for unmet in moment.unmet:
        yield (
            Piece("unmet:", "unmet"),
            Piece(f" {unmet}"),
        )
    if moment.kind in {"command", "answer"} and not _anything(moment):
        unseen = moment.reply is not None and not moment.method.startswith(_SEEN)
        yield (Piece("done" if unseen else "nothing changes", "quiet"),)


def _anything(moment: Moment) -> bool:
    seen = any(_change(change) for change in moment.changes)
    return bool(
        seen or moment.refusal or moment.made or moment.ignored or moment.asked or moment.unmet
    )


def _refusal(refusal: Refusal) -> Iterator[Line]:
    yield (Piece("refused: ", "refused"), Piece(refusal.text))
    for number, why in enumerate(refusal.why):
        yield (Piece("or: " if number else "why: ", "why"), Piece(why))
    if refusal.legal:
        more = ", …" if len(refusal.legal) > _MOST_COMMANDS else ""
        commands = _commands(refusal.legal[:_MOST_COMMANDS])
        yield (Piece("possible now: ", "why"), Piece(commands + more))


def _commands(commands: tuple[str, ...]) -> str:
    """Name commands, each program once: ``oneimage enable, delete; onevm create``."""
    programs: dict[str, list[str]] = {}
    for command in commands:
        program, _, word = command.partition(" ")
        programs.setdefault(program, []).append(word)
    return "; ".join(f"{program} {', '.join(words)}" for program, words in programs.items())


def _change(change: Change) -> Line:
    told = phrases(change)
    states = change.states
    if change.kind == _MACHINE:
        # What is done at once is left out: PROLOG, BOOT, HOTPLUG, ….
        states = (states[0], states[-1]) if states[0] != states[-1] else states[:1]
    if len(states) == 1 and not told and not (change.new or change.gone):
        return ()
    pieces = [Piece(change.name, "name"), Piece(" ")]
    for number, state in enumerate(states):
        if number:
            pieces.append(Piece(ARROW))
        pieces.append(Piece(GONE if state == "GONE" else state, "state"))
    pieces += [Piece(f", {words}") for words in told]
    return tuple(pieces)
