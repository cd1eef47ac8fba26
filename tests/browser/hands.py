"""What people do on the page: press what they read, and read what came of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from lifecycle.page.texts import texts

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

CREATE = "oneimage create"
TEXTS = texts()


class Hands:
    """A person at the page, who presses what is labelled with what they want.

    Attributes:
        page: the page.
    """

    def __init__(self, page: Page) -> None:
        self.page = page

    def act(self, label: str) -> Locator:
        """Give the first button of an act whose command begins so, and does not force."""
        begins = self.page.locator("code", has_text=re.compile(rf"^{re.escape(label)}(?! --force)"))
        return self.page.locator("#acts .acts .act", has=begins).first

    def do(self, *labels: str) -> None:
        """Press for each the first act whose command begins so, and wait for the timeline."""
        for label in labels:
            before = self.happened()
            self.act(label).click()
            expect(self.page.locator("#timeline > li")).to_have_count(before + 1)

    def answer(self, *, well: bool = True) -> None:
        """Have the first request that is open answered, well or badly."""
        before = self.happened()
        told = TEXTS["requests.complete" if well else "requests.fail"]
        self.page.locator("#requests li").first.get_by_text(told, exact=True).click()
        expect(self.page.locator("#timeline > li")).to_have_count(before + 1)

    def choose(self, name: str) -> None:
        """Select an image, a machine, or what makes a new image."""
        card = self.card(name)
        card.click()
        expect(card).to_have_attribute("aria-pressed", "true")

    def choose_new(self) -> None:
        """Select what makes a new image."""
        self.choose(TEXTS["board.new"])

    def card(self, name: str) -> Locator:
        """Give the card of an image or a machine."""
        named = self.page.locator(".card-name", has_text=re.compile(rf"^{re.escape(name)}$"))
        return self.page.locator(".card", has=named).first

    def tool(self, name: str) -> Locator:
        """Give a button of the toolbar: undo, redo, restart, share, help."""
        return self.page.locator(f"#tool-{name}")

    def happened(self) -> int:
        """Tell how many rows the timeline has."""
        return self.page.locator("#timeline > li").count()

    def states(self) -> list[str]:
        """Give the states of all images, in the order in which they stand on the board."""
        return self.page.locator("#images .badge").all_inner_texts()

    def situation(self) -> str:
        """Give all that the page tells of the situation, to be compared."""
        return "\n".join(
            self.page.locator(part).inner_text()
            for part in ("#images", "#machines", "#requests", "#timeline")
            if self.page.locator(part).is_visible()
        )

    def announced(self) -> str:
        """Give what screen readers were told last."""
        return (self.page.locator("#status").text_content() or "").strip("\u200b")

    def story(self) -> None:
        """Play until there are images, machines, open requests and a refusal to see."""
        self.choose_new()
        self.do(CREATE)
        self.do("onevm create")
        self.answer()
        self.do("oneimage clone")
        self.do("oneimage delete")  # refused: a machine uses it
