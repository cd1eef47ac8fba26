"""A question with its choices, and how an answer to it is graded."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

LETTERS = "abcdef"
"""What the choices are called."""


class Question(NamedTuple):
    """One question.

    Attributes:
        family: what kind of question it is.
        story: what has happened so far, one thing a line.
        prompt: what is asked.
        choices: of which one is right.
        right: its place, from 0.
        because: what happens, line by line, for whoever did not know.
    """

    family: str
    story: tuple[str, ...]
    prompt: str
    choices: tuple[str, ...]
    right: int
    because: tuple[str, ...]

    @property
    def answer(self) -> str:
        """The right choice."""
        return self.choices[self.right]

    def grade(self, answer: str) -> bool | None:
        """Tell whether an answer is right; None when it names no choice.

        Args:
            answer: the letter of a choice, or the choice itself; case does not matter.
        """
        given = answer.strip().lower()
        for place, choice in enumerate(self.choices):
            if given in {LETTERS[place], choice.lower()}:
                return place == self.right
        return None


def mixed(
    random: Random, right: str, wrong: Sequence[str], count: int = 4
) -> tuple[tuple[str, ...], int]:
    """Give choices in a random order, and the place of the right one.

    Args:
        random: where the order and the choice among the wrong ones come from.
        right: the right choice.
        wrong: others; those that are right too are left out, the first ones are taken.
        count: how many choices there are at most.
    """
    others = [one for one in dict.fromkeys(wrong) if one != right][: count - 1]
    choices = [right, *others]
    random.shuffle(choices)
    return tuple(choices), choices.index(right)
