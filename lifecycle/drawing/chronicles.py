"""Reads chronicles from files: scenarios, recorded histories, journals and saved clouds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecycle.cloud import saving
from lifecycle.drawing.chronicle import IMAGE, MACHINE, Lane, of_history, of_journal, of_run
from lifecycle.drawing.journals import read_entries
from lifecycle.refusal import InputError
from lifecycle.scenario.format import read as read_scenario
from lifecycle.scenario.run import play
from lifecycle.trace.format import SUFFIXES
from lifecycle.trace.format import read as read_histories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.drawing.chronicle import Chronicle

SCENARIO_SUFFIXES = (".yaml", ".yml")
JOURNAL_SUFFIX = ".json"


def read(path: str, *, runs: int = 1, seed: int | None = None) -> Iterator[Chronicle]:
    """Give the chronicles of a file; its name's end tells what it holds.

    Args:
        path: a scenario (``.yaml``), recorded histories (``.jsonl``, packed or
            not), a journal, or a saved cloud with one (``.json``).
        runs: how often a scenario is played, each time with the next seed.
        seed: of the first run, instead of the scenario's own.

    Raises:
        InputError: it cannot be read, or is none of these.
    """
    if path.endswith(SCENARIO_SUFFIXES):
        scenario = read_scenario(path)
        first = scenario.seed if seed is None else seed
        for number in range(runs):
            yield of_run(play(scenario, first + number))
    elif path.endswith(SUFFIXES):
        for history in read_histories(Path(path)):
            yield of_history(history)
    elif path.endswith(JOURNAL_SUFFIX):
        yield _journal(path)
    else:
        ends = ", ".join((*SCENARIO_SUFFIXES, *SUFFIXES, JOURNAL_SUFFIX))
        raise InputError(f"must end in one of {ends}, to tell what it holds", file=path)


def _journal(path: str) -> Chronicle:
    value = saving.read(path)
    place, names = "", {}
    if isinstance(value, dict) and "journal" in value:
        names = dict(_names(value))
        value, place = value["journal"], "journal"
    return of_journal(read_entries(value, file=path, place=place), Path(path).name, names)


def _names(cloud: dict[str, Any]) -> Iterator[tuple[Lane, str]]:
    """Give the names of the images and machines that a saved cloud holds."""
    for kind, pool in ((IMAGE, cloud.get("images")), (MACHINE, cloud.get("vms"))):
        objects = pool.get("objects") if isinstance(pool, dict) else pool
        for one in objects if isinstance(objects, list) else ():
            if isinstance(one, dict) and type(one.get("id")) is int:
                yield Lane(kind, one["id"]), str(one.get("name", ""))
