"""The recorded histories as somebody sees them who polls."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.analysis.check.observations import read_observations
from lifecycle.analysis.check.possible import Checker
from lifecycle.trace.format import find, read
from tests.cloud.unrecorded import TRACES

if TYPE_CHECKING:
    from lifecycle.image import Image


class Recording(NamedTuple):
    """What could be seen of one image after each step, and whether every answer was asked for."""

    history: str
    image: int
    seen: list[Image | None]
    asked: bool


@cache
def recordings() -> list[Recording]:
    """Give what could be seen of each image of each recorded history."""
    found = []
    for file in find([str(TRACES)]):
        unasked = {
            history.name
            for history in read(file)
            if any(step.data.get("unsolicited") for step in history.steps)
        }
        for one in read_observations(str(file)):
            for number in one.images():
                seen, _ = one.of(number)
                found.append(Recording(one.name, number, seen, one.name not in unasked))
    return found


@cache
def checker() -> Checker:
    """Give the checker that all tests share: what it works out it knows from then on."""
    return Checker()
