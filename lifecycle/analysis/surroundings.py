"""What an image has around it where nothing but the image is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifecycle.image import Image


class Surroundings:
    """A world that notes what an image asks for and tells, and does nothing.

    Attributes:
        actions: what drivers were asked for, in order.
        told: whether the machines in VMS were told that the datastore is done.
    """

    def __init__(self) -> None:
        """Begin with nothing noted."""
        self.actions: list[str] = []
        self.told = False

    def asked(self, _: Image, action: str) -> None:
        """The datastore driver is asked to do something."""
        self.actions.append(action)

    def tell_machines(self, _: Image) -> None:
        """The machines in VMS are told that the image's operation has ended."""
        self.told = True

    def now(self) -> int:
        """Give a time that is always the same."""
        return 0

    def date(self) -> str:
        """Give no date, so that texts are the same."""
        return ""

    def __getattr__(self, name: str) -> Any:
        """Hear everything else that an image tells its world, and do nothing."""
        return _hear


def _hear(*_: object) -> None:
    pass
