"""Histories that walks seldom come upon, and where page and simulator once differed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.analysis.exploration.copies import put_aside

if TYPE_CHECKING:
    from lifecycle.analysis.exploration.copies import Moment
    from lifecycle.page.learned import Tries

_RUNNING = "oneimage create", "complete CP a", "onevm create", "onevm deploy vm1"
_TWICE = (
    *_RUNNING,
    "onevm disk-saveas vm1 0 b",
    "onevm recover vm1 --success",
    "onevm disk-saveas vm1 0 c",
    "complete MKFS b",
)
_UNFORMATTED = (
    "oneimage create",
    "fail CP a",
    "oneimage enable a",
    "oneimage clone a b",
    "complete CLONE b",
)

HISTORIES = {
    "a machine waits for the disk of another to be saved": (
        *_RUNNING,
        "onevm disk-saveas vm1",
        "oneimage persistent b",
        "onevm create --name vm2 --disk b",
        "complete MKFS b",
    ),
    "a disk is saved of which no format is known": (
        *_UNFORMATTED,
        "onevm create --name vm1 --disk b",
        "onevm deploy vm1",
        "onevm disk-saveas vm1 0 c",
    ),
    "a disk is saved of which no format is known, and what it was copied from is gone": (
        *_UNFORMATTED,
        "oneimage delete a",
        "onevm create --name vm1 --disk b",
        "onevm deploy vm1",
        "onevm disk-saveas vm1 0 c",
    ),
    "a disk is copied into the former of two images": _TWICE,
    "a disk is copied into the former of two images no more": (
        *_TWICE,
        "complete MKFS c",
        "complete SAVEAS vm1",
        "onevm disk-saveas vm1 0 d",
    ),
}
"""By what is told of each: what is done one after the other, as far as it tells acts apart."""


def end_of(history: tuple[str, ...], tries: Tries) -> Moment:
    """Give where a history leads from where a cloud is."""
    moment = put_aside(tries.cloud)
    for text in history:
        moment = next(
            put_aside(tries.cloud)
            for tried in tries.all_of(moment)
            if text in tried.act.label.replace(": ", " ")
        )
    return moment
