"""Why something is refused: oned's own words, among what it says elsewhere.

The other words come from the same lines of the table: what would be said if
the image were otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.image_table import IMAGE_TABLE
from lifecycle.states import ImageState
from lifecycle.teach.question import Question, mixed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from random import Random

    from lifecycle.scenario.moments import Moment
    from lifecycle.table import Otherwise

_COUNTED = ("vms", "clones")


def why(
    random: Random,
    family: str,
    moment: Moment,
    words: Mapping[str, object],
    *,
    fewest: int = 1,
) -> Question | None:
    """Ask why a command on an image was refused; None where there is nothing to choose from.

    Args:
        random: of the order of the choices.
        family: of the question.
        moment: the refusal.
        words: what oned's words for the image are made of, as it is then.
        fewest: how many wrong choices there are at least.
    """
    refusal = moment.refusal
    if refusal is None or refusal.operation not in IMAGE_TABLE.operations:
        return None
    wrong = list(dict.fromkeys(_elsewhere(refusal.operation, refusal.text, words)))
    if len(wrong) < fewest:
        return None
    random.shuffle(wrong)
    choices, right = mixed(random, refusal.text, wrong)
    return Question(family, "why", {"command": moment.what}, choices, right, refusal.why)


def _elsewhere(operation: str, said: str, words: Mapping[str, object]) -> Iterator[str]:
    """Give what oned says to the same operation where something else is the matter."""
    here = dict(words)
    # Nobody is told of "0 VMs" who has seen that there are none.
    elsewhere = here | {name: here[name] or 1 for name in _COUNTED}
    parts = [one for one in IMAGE_TABLE.otherwise_of(operation) if not one.ignored]
    heard = [one.text.format(**here) for one in parts]
    inner = max((text for text in heard if said.endswith(text)), key=len, default=None)
    if inner is None:
        return
    before = said.removesuffix(inner)
    for part in parts:
        for text in _texts(part, elsewhere):
            if text != inner:
                yield before + text


def _texts(part: Otherwise, words: Mapping[str, object]) -> Iterator[str]:
    if "{state}" not in part.text:
        yield part.text.format(**words)
        return
    for state in part.origins:
        if isinstance(state, ImageState) and state is not ImageState.INIT:
            yield part.text.format(**{**words, "state": state.printed})
