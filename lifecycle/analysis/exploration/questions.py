"""What should always be possible for one image, or happen in the end, wherever it has got to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from lifecycle.states import GONE, ImageState

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.analysis.exploration.configuration import Configuration
    from lifecycle.analysis.exploration.moves import Move
    from lifecycle.analysis.exploration.search import Graph


class Question(NamedTuple):
    """Something that should be so of every configuration of one image.

    Attributes:
        name: in few words with hyphens.
        says: the sentence.
        of: the configurations that it is about.
        goal: what is to be reached from them.
        how: whether some way must lead there, or every way.
        along: the moves that count.
    """

    name: str
    says: str
    of: Callable[[Configuration], bool]
    goal: Callable[[Configuration], bool]
    how: Literal["possible", "inevitable"]
    along: Callable[[Move], bool]


class Answer(NamedTuple):
    """What exploring says to a question.

    Attributes:
        question: the question.
        asked: of how many configurations.
        fails: the numbers of those of which it is not so, nearest first.
    """

    question: Question
    asked: int
    fails: tuple[int, ...]


def free(one: Configuration) -> bool:
    """Tell whether an image is gone, or READY and held by nobody: where everything can end."""
    return one.state is GONE or (
        one.state is ImageState.READY and not one.vms and not one.cloning_ops
    )


def locked(one: Configuration) -> bool:
    """Tell whether an image waits for the datastore."""
    return isinstance(one.state, ImageState) and one.state.locked


def by_command(move: Move) -> bool:
    """Tell whether somebody does it, not the datastore."""
    return not move.answers


def going_well(move: Move) -> bool:
    """Tell whether it is a command, or an answer that is no failure."""
    return not move.fault


def by_answer(move: Move) -> bool:
    """Tell whether the datastore does it."""
    return bool(move.answers)


QUESTIONS = (
    Question(
        "can-be-free",
        "From everywhere some way leads to READY and free, or gone.",
        lambda _: True,
        free,
        "possible",
        lambda _: True,
    ),
    Question(
        "locked-can-leave",
        "Every LOCKED image can leave when the datastore answers well.",
        locked,
        lambda one: not locked(one),
        "possible",
        going_well,
    ),
    Question(
        "locked-can-leave-by-command",
        "Every LOCKED image can be got out of it by commands alone.",
        locked,
        lambda one: not locked(one),
        "possible",
        by_command,
    ),
    Question(
        "answers-unlock",
        "When the datastore answers, however it does, no image stays LOCKED.",
        locked,
        lambda one: not locked(one),
        "inevitable",
        by_answer,
    ),
    Question(
        "error-can-be-mended",
        "From ERROR some way leads to READY and free, or gone, when all goes well.",
        lambda one: one.state is ImageState.ERROR,
        free,
        "possible",
        going_well,
    ),
)
"""What should be so of every image."""


def ask(question: Question, graph: Graph[Move, Configuration]) -> Answer:
    """Give what a graph says to a question.

    Args:
        question: about one image.
        graph: all that can be reached; of an incomplete one the answer is a guess.
    """
    ways = graph.without_way_to if question.how == "possible" else graph.can_avoid
    asked = graph.that(question.of)
    about = set(asked)
    fails = tuple(one for one in ways(question.goal, question.along) if one in about)
    return Answer(question, len(asked), fails)
