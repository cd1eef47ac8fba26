"""What the engine asks of an object that it moves, and of the object's surroundings.

Protocols only: a cloud is a world, and so is whatever a test puts in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from lifecycle.image import Image
    from lifecycle.refusal import Refused
    from lifecycle.table import Otherwise, Row


class Watcher(Protocol):
    """What an object's surroundings are told about every event fired on it."""

    def fired(self, thing: Any, row: Row, origin: Any) -> None:
        """A row applied; the object was in the state `origin` before."""

    def ignored(self, thing: Any, other: Otherwise) -> None:
        """An event was ignored."""

    def refused(self, thing: Any, refusal: Refused) -> None:
        """An operation is about to be refused."""


class Moved(Protocol):
    """An object that a table's machine can move."""

    state: Any
    world: Any

    def words(self) -> dict[str, object]:
        """Give the values of the placeholders in oned's texts."""

    def copy(self) -> Any:
        """Give an independent copy, for explaining a refusal later."""


class World(Watcher, Protocol):
    """What surrounds an image: it is told what the image does and asks for."""

    def inserted(self, image: Image) -> None:
        """The record enters the pool."""

    def written(self, image: Image) -> None:
        """The record is written; `prev_state` is still that of the write before."""

    def dropped(self, image: Image) -> None:
        """The record leaves the pool."""

    def asked(self, image: Image, action: str) -> None:
        """The datastore driver is asked to do something."""

    def tell_machines(self, image: Image) -> None:
        """The machines in VMS are told that the image's operation has ended."""

    def release_clone(self, source: int, clone: int) -> None:
        """An image loses a clone."""

    def start_save_as_copy(self, image: Image) -> None:
        """The machine that saves its disk into the image starts to copy."""

    def end_save_as(self, image: Image) -> None:
        """The machine that saves its disk into the image stops doing so."""

    def leave_backups(self, image: Image) -> None:
        """The machine that the backup is of forgets it."""

    def flatten_ended(self, image: Image) -> None:
        """The machine that the backup is of may make backups again."""

    def now(self) -> int:
        """Give the time in whole seconds since the epoch."""

    def date(self) -> str:
        """Give the time as oned writes it in front of an ERROR text."""
