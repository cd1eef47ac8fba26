"""How a page is looked at: on a desk, on a phone, in the dark, on paper, without motion."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at.

    Attributes:
        width: of what is seen, in CSS pixels.
        height: the same.
        dark: whether the system is set to dark colours.
        still: whether it is set to reduced motion.
        printed: whether the page is laid out for paper.
        scriptless: whether no script may run.
    """

    width: int = 1280
    height: int = 800
    dark: bool = False
    still: bool = False
    printed: bool = False
    scriptless: bool = False

    def __str__(self) -> str:
        """Give a name for the tests, as ``dark-360``."""
        told = [one.name for one in fields(self) if getattr(self, one.name) is True]
        return "-".join([*told, str(self.width)])

    def put_on(self, page: Page) -> None:
        """Look so at a page that is open already, as far as width, height and colours go."""
        page.set_viewport_size({"width": self.width, "height": self.height})
        page.emulate_media(color_scheme="dark" if self.dark else "light")


DESK = Look()
DARK = Look(dark=True)
PHONE = Look(width=360, height=740)
STILL = Look(still=True)
PRINTED = Look(printed=True)
SCRIPTLESS = Look(scriptless=True)
