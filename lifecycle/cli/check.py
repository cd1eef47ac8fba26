"""``lifecycle check OBSERVATIONS…``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from rich.text import Text

from lifecycle.analysis.check.facts import Wrong
from lifecycle.analysis.check.observations import Observations, read_observations
from lifecycle.analysis.check.possible import Checker, Leg, Verdict
from lifecycle.analysis.check.words import told
from lifecycle.cli import DIFFERENT
from lifecycle.cli.output import console, counted, print_json, print_text, progress

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.analysis.check.hook_events import EventVerdict

_MOST_SHOWN = 20


class Checked(NamedTuple):
    """What came of checking one image: which, the verdict, and where each observation stands."""

    history: str
    image: int
    verdict: Verdict
    places: list[str]


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="OBSERVATIONS…")
@click.option("--asked", is_flag=True, help="Accept no late or unasked answer of a driver.")
@click.option("--steps", is_flag=True, help="Print the shortest hidden history of each image.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(*, paths: tuple[str, ...], asked: bool, steps: bool, as_json: bool) -> None:
    """Tell whether images can have gone through what was observed of them.

    OBSERVATIONS is a folder with a document a poll (what `oneimage list -x` or
    `show -x` printed, *.xml or *.xml.gz, in the order of their names), a file to which
    such documents were appended, a file with a poll a line
    (*.jsonl: the fields of an image as JSON, or {"IMAGE_POOL": [...]}), or a recorded
    history. What happened between two polls may be anything that OpenNebula
    does. Lines {"hook": {"ID": 7, "FROM": "LOCKED", "TO": "READY"}}, and the journal of a
    saved cloud (*.json), are every state hook that fired.

    Exit codes: 0 all of it is possible, 1 something is not, 2 input that cannot
    be read.
    """
    checker = Checker(unasked=not asked)
    everything = [one for path in paths for one in read_observations(path)]
    total = sum(len(one.images()) + len(one.told()) for one in everything)
    with progress("images") as bar:
        task = bar.add_task("check", total=total)
        checked = []
        for one in everything:
            for result in _checked(checker, one):
                checked.append(result)
                bar.advance(task)
    if as_json:
        print_json(_as_json(everything, checked))
    else:
        _print(everything, checked, steps=steps)
    if not all(one.verdict.possible for one in checked):
        sys.exit(DIFFERENT)


def _checked(checker: Checker, observations: Observations) -> Iterable[Checked]:
    for number in observations.images():
        seen, places = observations.of(number)
        yield Checked(observations.name, number, checker.check(seen), places)
    for number in observations.told():
        events = [one for one in observations.events if one.image == number]
        places = [one.place for one in events]
        verdict = _of_polls(checker.check_events([one.change for one in events]))
        yield Checked(observations.name, number, verdict, places)


def _of_polls(told: EventVerdict) -> Verdict:
    """Give the verdict on events in the form of that on polls."""
    legs = tuple(Leg(steps, {}) for steps in told.legs)
    instead = " or ".join(change.words() for change in told.instead)
    wrong = () if told.possible else (Wrong("hook", "another", instead or "none at all"),)
    return Verdict(legs, told.impossible, wrong, 0 if told.unasked and told.possible else -1)


def _print(everything: list[Observations], checked: list[Checked], *, steps: bool) -> None:
    out = console()
    several = len(everything) > 1
    impossible = [one for one in checked if not one.verdict.possible]
    for one in checked if steps else impossible[:_MOST_SHOWN]:
        name = f"image {one.image}" + (f" of {one.history}" if several else "")
        print_text(out, Text.assemble((name, "bold"), ": ", _word(one)))
        for depth, line in _lines(one, steps=steps):
            print_text(out, Text(line), depth)
    if not steps and len(impossible) > _MOST_SHOWN:
        print_text(out, Text(f"… and {len(impossible) - _MOST_SHOWN} more"))
    polls = sum(len(one.seen) + len(one.events) for one in everything)
    unasked = sum(one.verdict.unasked >= 0 for one in checked)
    print_text(
        out,
        Text(
            f"{counted(polls, 'observation')} of {counted(len(checked), 'image')}:"
            f" {len(checked) - len(impossible)} possible, {len(impossible)} impossible"
        ),
    )
    if unasked:
        words = "of the possible need a late, repeated or unasked answer of a driver"
        print_text(out, Text(f"{unasked} {words}"))


def _word(one: Checked) -> tuple[str, str]:
    return ("possible", "green") if one.verdict.possible else ("impossible", "bold red")


def _lines(one: Checked, *, steps: bool) -> Iterable[tuple[int, str]]:
    verdict = one.verdict
    if steps:
        for place, leg in zip(one.places, verdict.legs, strict=False):
            yield 1, f"{place}: {', '.join(told(leg)) or 'nothing need have happened'}"
    if verdict.unasked >= 0:
        yield (
            1,
            f"{one.places[verdict.unasked]}: needs a late, repeated or unasked answer of a driver",
        )
    if not verdict.possible:
        yield 1, f"{one.places[verdict.impossible]} is the first that cannot be:"
        for wrong in verdict.wrong:
            yield 2, wrong.words()


def _as_json(everything: list[Observations], checked: list[Checked]) -> dict[str, Any]:
    return {
        "format": "lifecycle-check/1",
        "observations": sum(len(one.seen) + len(one.events) for one in everything),
        "images": [
            {
                "history": one.history,
                "id": one.image,
                "possible": one.verdict.possible,
                "hidden": [
                    {"before": place, "steps": told(leg)}
                    for place, leg in zip(one.places, one.verdict.legs, strict=False)
                ],
                "unasked_from": _place(one, one.verdict.unasked),
                "impossible_at": _place(one, one.verdict.impossible),
                "wrong": [wrong._asdict() for wrong in one.verdict.wrong],
            }
            for one in checked
        ],
    }


def _place(one: Checked, number: int) -> str | None:
    return one.places[number] if number >= 0 else None
