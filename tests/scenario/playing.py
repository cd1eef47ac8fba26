"""Scenarios for tests: played from a text, and told in plain lines."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from lifecycle.scenario.format import parse
from lifecycle.scenario.run import play
from lifecycle.scenario.timeline import rows
from lifecycle.trace.format import History, Step
from lifecycle.trace.replay import replay

if TYPE_CHECKING:
    from lifecycle.scenario.moments import Moment, Run
    from lifecycle.trace.replay import Difference

FILE = "story.yaml"

READY = """\
- oneimage create --name debian --path /debian -d default
- datastore: complete CP debian
"""
"""The steps after which there is an image that can be used."""

CREATED = "- oneimage create --name a --path /a -d default\n"
"""The step after which an image waits for its file."""

RUNNING = f"""\
{READY}- onevm create --name web --disk debian
- onevm deploy web
"""
"""The steps after which a machine runs on it."""


def run_of(steps: str, *, before: str = "", head: str = "", seed: int | None = None) -> Run:
    """Play steps, after others, with plans and the like at the top."""
    text = f"{dedent(head)}steps:\n{before}{dedent(steps)}"
    return play(parse(text, FILE), seed)


def last(steps: str, *, before: str = "", head: str = "") -> Moment:
    """Play steps and give the last moment that is no checkpoint."""
    run = run_of(steps, before=before, head=head)
    return [moment for moment in run.moments if moment.kind != "check"][-1]


def told(run: Run) -> list[str]:
    """Give the rows of a run, each as one line."""
    return [
        " | ".join(
            [row.who, row.what, *("".join(piece.text for piece in line) for line in row.lines)]
        )
        for row in rows(run)
    ]


def differences(run: Run) -> list[Difference]:
    """Replay the trace of a run, and give what differs."""
    header, *steps = run.trace
    history = History("trace", header, [Step(line, one) for line, one in enumerate(steps, 2)])
    return replay(history, stop_at_first=False).differences
