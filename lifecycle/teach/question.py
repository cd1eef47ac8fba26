"""A question with its choices, and how an answer to it is graded.

What is asked is a key and the values that are filled in: the words stand with
all other texts that people see, in ``lifecycle/page/texts``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lifecycle.cloud.vm_states import VmState
from lifecycle.states import GONE, ImageState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

LETTERS = "abcdef"
"""What the choices are called."""


class Question(NamedTuple):
    """One question.

    Attributes:
        family: what kind of question it is.
        ask: the key of the text that asks, behind ``quiz.ask.``.
        values: what is filled in there, by name.
        choices: of which one is right: states, commands, words of oned's, or
            `ACCEPTED` and `REFUSED`.
        right: its place, from 0.
        because: what happens, line by line, for whoever did not know.
        story: what has happened so far, one step of a scenario a line.
        replays: for each choice the steps that show, behind the story, what comes of it.
        then: what is asked next about the same, the why; None for nothing.
    """

    family: str
    ask: str
    values: Mapping[str, str]
    choices: tuple[str, ...]
    right: int
    because: tuple[str, ...] = ()
    story: tuple[str, ...] = ()
    replays: tuple[tuple[str, ...], ...] = ()
    then: Question | None = None

    @property
    def answer(self) -> str:
        """The right choice."""
        return self.choices[self.right]

    def choice(self, answer: str) -> int | None:
        """Give the place of the choice that an answer names; None when it names none.

        Args:
            answer: the letter of a choice, or the choice itself; case does not matter.
        """
        given = answer.strip().lower()
        for place, choice in enumerate(self.choices):
            if given in {LETTERS[place], choice.lower()}:
                return place
        return None

    def grade(self, answer: str) -> bool | None:
        """Tell whether an answer is right; None when it names no choice.

        Args:
            answer: the letter of a choice, or the choice itself; case does not matter.
        """
        place = self.choice(answer)
        return None if place is None else place == self.right


PLAUSIBLE: Mapping[str, tuple[str, ...]] = {
    "image": (*(state.name for state in ImageState if state is not ImageState.INIT), GONE.value),
    "machine": tuple(
        state.name
        for state in (
            VmState.PENDING,
            VmState.CLONING,
            VmState.CLONING_FAILURE,
            VmState.RUNNING,
            VmState.DONE,
            VmState.PROLOG_FAILURE,
            VmState.POWEROFF,
            VmState.HOTPLUG_SAVEAS,
        )
    ),
}
"""The states that are offered as answers, by the kind of thing."""

ACCEPTED, REFUSED = "accepted", "refused"
"""The choices of a question whether a command is accepted; the page has a text for each."""


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
