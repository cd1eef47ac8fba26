"""What the writers of text formats have in common: which block is written how."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from lifecycle.markup.document import Block, Bullets, Grid, Heading, Paragraph, Picture

if TYPE_CHECKING:
    from lifecycle.markup.document import Text


class Writer(ABC):
    """Gives each block as its lines."""

    def block(self, block: Block) -> str:
        """Give one block."""
        match block:
            case Heading():
                return self.heading(block)
            case Paragraph(text):
                return self.paragraph(text)
            case Bullets(items):
                return self.bullets(items)
            case Grid():
                return self.grid(block)
            case Picture():
                return self.picture(block)

    @abstractmethod
    def heading(self, heading: Heading) -> str:
        """Give a heading."""

    def paragraph(self, text: Text) -> str:
        """Give a paragraph."""
        return self.text(text)

    def bullets(self, items: tuple[Text, ...]) -> str:
        """Give a list, as Markdown and reStructuredText write it."""
        return "\n".join(f"- {self.text(item)}" for item in items)

    @abstractmethod
    def grid(self, grid: Grid) -> str:
        """Give a table."""

    @abstractmethod
    def picture(self, picture: Picture) -> str:
        """Give a picture, or, where there is none, what it shows in words."""

    @abstractmethod
    def text(self, text: Text) -> str:
        """Give a text."""
