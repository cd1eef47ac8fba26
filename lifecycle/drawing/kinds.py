"""The kinds of images there are, and what the guards of the table say about each.

No second list of rules: a guard is asked, about sample images of a kind that
differ in all else. What it then says of all of them alike, and of another kind
otherwise, it says of the kind.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.image import Image
from lifecycle.states import ImageType

if TYPE_CHECKING:
    from lifecycle.table import Guard, Row, Table


class Kind(NamedTuple):
    """What an image is for as long as nobody changes it."""

    type: ImageType
    persistent: bool
    shareable: bool


_EVERY = tuple(
    Kind(type_, persistent, shareable)
    for type_ in ImageType
    for persistent, shareable in ((False, False), (True, False), (True, True))
)


def kinds_of(table: Table) -> tuple[Kind, ...]:
    """Give the kinds of images that there can be.

    A type of which the flag PERSISTENT can be set comes with and without it. A
    file is never persistent, and a backup always is.

    Source: ``ImageAllocateAPI``, ``Image::insert``.
    """
    return tuple(kind for kind in _EVERY if _exists(table, kind))


def possible(table: Table, row: Row, kind: Kind) -> bool:
    """Tell whether a row can apply to images of a kind at all."""
    return not any(decided(table.guards[name], kind) is False for name in row.when) and not any(
        decided(table.guards[name], kind) is True for name in row.unless
    )


@cache
def decided(guard: Guard, kind: Kind) -> bool | None:
    """Give what a guard says of every image of a kind; None when the kind does not decide it."""
    answers = {_alike(guard, one) for one in _EVERY}
    return _alike(guard, kind) if len(answers) > 1 else None


def _alike(guard: Guard, kind: Kind) -> bool | None:
    answers = {guard(image, None) for image in _samples(kind)}
    return answers.pop() if len(answers) == 1 else None


def _exists(table: Table, kind: Kind) -> bool:
    changes = any(
        possible(table, row, kind._replace(persistent=False, shareable=False))
        for row in table.rows
        if "set_persistent" in row.effects
    )
    if changes:
        return True
    return kind.persistent is (kind.type is ImageType.BACKUP) and not kind.shareable


@cache
def _samples(kind: Kind) -> tuple[Image, ...]:
    """Give images of a kind that differ in everything else that a guard may look at."""
    return tuple(
        _sample(kind, held=held, filled=filled, marked=marked)
        for held, filled, marked in product((False, True), repeat=3)
    )


def _sample(kind: Kind, *, held: bool, filled: bool, marked: bool) -> Image:
    template = {"PERSISTENT_TYPE": "SHAREABLE"} if kind.shareable else {}
    if marked:
        template |= {"SAVE_AS_HOT": "YES", "FORCE_DELETE": "YES"}
    image = Image(0, "sample", type=kind.type, persistent=kind.persistent, template=template)
    if held:
        image.running_vms, image.vms = 2, frozenset({1, 2})
        image.cloning_ops, image.clones = 2, frozenset({1, 2})
        image.app_clones = frozenset({1, 2})
    if filled:
        image.source, image.path, image.format = "source", "path", "raw"
    return image
