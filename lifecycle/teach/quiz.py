"""Questions that are made from the model with a seed: the same seed asks the same.

Every story is a history of a real simulated cloud, every answer is what the
cloud does, and every explanation is what a scenario of that history tells.
"""

from __future__ import annotations

from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from lifecycle.analysis.planning import plan
from lifecycle.analysis.situation import Labels
from lifecycle.cloud.vm_states import VmState
from lifecycle.refusal import InputError
from lifecycle.states import GONE, ImageState
from lifecycle.teach.histories import Walk, outcome, sentence
from lifecycle.teach.question import Question, mixed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lifecycle.analysis.exploration.acts import Act
    from lifecycle.analysis.planning import Plans

_SHORTEST, _LONGEST = 2, 6
_TRIES = 60
_MACHINES = tuple(
    state.name
    for state in (
        VmState.PENDING,
        VmState.CLONING,
        VmState.CLONING_FAILURE,
        VmState.RUNNING,
        VmState.DONE,
        VmState.PROLOG_FAILURE,
    )
)
_GONE = GONE.value


def quiz(count: int, seed: int = 0) -> Iterator[Question]:
    """Give questions, the families in turn, none twice.

    Args:
        count: how many.
        seed: of the random numbers; the same seed gives the same questions.

    Raises:
        InputError: the number is below 1.
    """
    if count < 1:
        raise InputError(f"must be 1 or more, not {count}", field="questions")
    random = Random(seed)
    asked: set[tuple[tuple[str, ...], str]] = set()
    families = list(FAMILIES.values())
    while len(asked) < count:
        question = families[len(asked) % len(families)](random)
        what = question.story, question.prompt
        if what not in asked:
            asked.add(what)
            yield question


def what_now(random: Random) -> Question:
    """Ask for the state of an image after what happened last."""
    while True:
        walk = _walk(random)
        before, after = (dict(one.images) for one in walk.snapshots[-2:])
        moved = [name for name in before if before[name] != after.get(name, _GONE)]
        if not moved:
            continue
        name = random.choice(moved)
        others = [state.name for state in ImageState if state is not ImageState.INIT]
        random.shuffle(others)
        wrong = [before[name], *(state for state in (*others, _GONE))]
        choices, right = mixed(random, after.get(name, _GONE), wrong)
        last = walk.acts[-1]
        return Question(
            "what state now?",
            tuple(map(sentence, walk.acts[:-1])),
            f"{name} is {before[name]}. Now: {sentence(last)}. In which state is {name} then?",
            choices,
            right,
            outcome(walk.told()[-1]),
        )


def which_refused(random: Random) -> Question:
    """Ask which of several commands is refused, or which one is not."""
    while True:
        walk = _walk(random)
        accepted, refused = walk.choices()
        if len(refused) >= 1 and len(accepted) >= 3:  # noqa: PLR2004 - with it, four choices
            odd, rest, word = random.choice(refused), accepted, "refused"
        elif len(accepted) >= 1 and len(refused) >= 3:  # noqa: PLR2004 - the same
            odd, rest, word = random.choice(accepted), refused, "accepted"
        else:
            continue
        others = [act.text for act in rest]
        random.shuffle(others)
        choices, right = mixed(random, odd.text, others)
        return Question(
            "which is refused, and why?",
            tuple(map(sentence, walk.acts)),
            f"Which one of these is {word} now?",
            choices,
            right,
            (f"{odd.text}:", *outcome(walk.told(odd)[-1])),
        )


def what_happens_to_machines(random: Random) -> Question:
    """Ask what becomes of a machine by something that is not done to it."""
    while True:
        walk = _walk(random)
        before, after = (dict(one.machines) for one in walk.snapshots[-2:])
        last = walk.acts[-1]
        moved = [name for name in before if before[name] != after[name]]
        if not moved or any(name in last.text.split() for name in moved):
            continue
        name = random.choice(moved)
        others = list(_MACHINES)
        random.shuffle(others)
        choices, right = mixed(random, after[name], [before[name], *others])
        return Question(
            "what happens to the machines?",
            tuple(map(sentence, walk.acts[:-1])),
            f"{name} is {before[name]}. Now: {sentence(last)}. What is {name} then?",
            choices,
            right,
            outcome(walk.told()[-1]),
        )


def shortest_way_out(random: Random) -> Question:
    """Ask for the first step of the shortest way to READY, or to the end of the image."""
    while True:
        walk = _walk(random)
        number = random.choice([image.id for image in walk.cloud.images] or [-1])
        accepted, refused = walk.choices()
        if number < 0 or walk.cloud.images[number].state is ImageState.READY:
            continue
        goal = random.choice(("READY with no VMs and no clones", "gone"))
        name = walk.cloud.images[number].name
        found = plan(walk.cloud, goal, image=number, labels=Labels(walk.cloud, by_id=False), ways=9)
        firsts = {way.steps[0].move.text for way in found.hoped if way.steps}
        firsts |= {text for way in found.hoped if way.steps for text in way.steps[0].instead}
        typed = {act.text for act in accepted}
        best = sorted(firsts & typed)
        others = [*accepted, *refused]
        random.shuffle(others)
        if not best:
            continue
        longer = (
            act.text
            for act in others
            if act.text not in firsts and not _shortens(walk, act, number, goal, found)
        )
        wrong = list(islice(longer, 3))
        if len(wrong) < 3:  # noqa: PLR2004 - with it, four choices
            continue
        choices, right = mixed(random, best[0], wrong)
        way = found.hoped[0].steps
        return Question(
            "the shortest way out",
            tuple(map(sentence, walk.acts)),
            f"With which of these does the shortest way begin that leads {name} to {goal}?",
            choices,
            right,
            tuple(f"{step.move.text}: {step.before.name} to {step.after.name}" for step in way),
        )


def _shortens(walk: Walk, act: Act, image: int, goal: str, found: Plans) -> bool:
    """Tell whether another command is the first step of an equally short way, too."""
    with walk.tried(act) as cloud:
        if image not in cloud.images:
            return goal == _GONE
        after = plan(cloud, goal, image=image)
        return after.already or any(way.most < found.hoped[0].most for way in after.hoped)


def _walk(random: Random) -> Walk:
    """Give a random history of a few acts."""
    for _ in range(_TRIES):
        walk = Walk(random)
        length = random.randint(_SHORTEST, _LONGEST)
        while len(walk.acts) < length and walk.go():
            pass
        if len(walk.acts) >= _SHORTEST:
            return walk
    raise AssertionError("a fresh cloud can always move")


FAMILIES: dict[str, Callable[[Random], Question]] = {
    "what-now": what_now,
    "which-refused": which_refused,
    "machines": what_happens_to_machines,
    "way-out": shortest_way_out,
}
"""The kinds of questions, each with what makes one."""
