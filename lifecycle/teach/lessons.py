"""Lessons: scenarios that are told step by step, with a question before each checkpoint.

Any scenario is a lesson. Where it says what must be the case, the learner is
asked first; the answer is what the simulated cloud came to, not what stands in
the file.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.refusal import InputError
from lifecycle.scenario.expectations import GONE, STATES, met_by
from lifecycle.scenario.format import parse, read
from lifecycle.scenario.phrases import LEVELS
from lifecycle.scenario.run import play
from lifecycle.scenario.steps import Command, Expect
from lifecycle.scenario.timeline import rows
from lifecycle.teach.question import ACCEPTED, PLAUSIBLE, REFUSED, Question, mixed
from lifecycle.teach.stories import outcome, subject
from lifecycle.teach.whys import why

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.scenario.moments import Moment, Run
    from lifecycle.scenario.names import Names
    from lifecycle.scenario.run import Seen
    from lifecycle.scenario.steps import Scenario

_ENDING = ".yaml"
_FEW = 4
_COUNTED = frozenset({"vms", "clones", "snapshots"})
"""The fields of a checkpoint that are asked for and are numbers."""

_ASKED = {"lock": (*LEVELS.values(), "none"), "persistent": ("yes", "no")}
"""The others that are asked for, besides the state, and what they can be."""

_DONE = frozenset({"command", "answer", "wait"})


class Part(NamedTuple):
    """A part of a lesson.

    Attributes:
        kind: as a moment's: say, command, answer, rule, wait.
        who: a user or a driver, or "".
        text: what is said or done.
        questions: what the learner is asked before it is told what comes of it.
        outcome: what comes of it, line by line.
        refused: whether it was refused.
    """

    kind: str
    who: str
    text: str
    questions: tuple[Question, ...] = ()
    outcome: tuple[str, ...] = ()
    refused: bool = False


class Lesson(NamedTuple):
    """A lesson.

    Attributes:
        title: of the scenario, or the name of its file where that has none.
        text: what it is about.
        parts: in order.
    """

    title: str
    text: str
    parts: tuple[Part, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Everything that the learner is asked."""
        return tuple(
            one
            for part in self.parts
            for question in part.questions
            for one in (question, question.then)
            if one is not None
        )


def shipped() -> dict[str, str]:
    """Give the names of the lessons that come with the package, with their titles, in order."""
    found = {}
    for file in sorted(_folder().iterdir(), key=lambda one: one.name):
        if file.name.endswith(_ENDING):
            name = file.name.removesuffix(_ENDING).partition("-")[2]
            found[name] = parse(file.read_text("utf-8"), file.name).title
    return found


def find(name: str) -> Scenario:
    """Give the scenario of a lesson.

    Args:
        name: of a lesson that comes with the package, or a file.

    Raises:
        InputError: there is no such lesson, or the file is no scenario.
    """
    for file in _folder().iterdir():
        if file.name.removesuffix(_ENDING).partition("-")[2] == name:
            return parse(file.read_text("utf-8"), file.name)
    if name.endswith((_ENDING, ".yml")) or Path(name).exists():
        return read(name)
    raise InputError(f"no lesson is named {name!r}; there are: {', '.join(shipped())}")


def _folder() -> resources.abc.Traversable:
    return resources.files("lifecycle.teach") / "lessons"


def lesson_of(scenario: Scenario, seed: int = 0, seen: Seen | None = None) -> Lesson:
    """Play a scenario and make a lesson of it.

    Args:
        scenario: any; one without checkpoints asks nothing.
        seed: of the order of the choices.
        seen: is called at each moment, with the cloud as it is then; each
            moment but the checkpoints is a part of the lesson.

    Raises:
        InputError: a name in it means nothing.
    """
    looked = _Looked(scenario, seen)
    run = play(scenario, seen=looked.look)
    title = scenario.title or Path(scenario.file).stem
    return Lesson(title, scenario.text, tuple(_parts(run, looked, seed)))


class _Looked:
    """What was seen in the cloud while a scenario was played.

    Attributes:
        words: by the moment of a refusal, what oned's words for its image are made of.
        met: by the line, thing and field of a checkpoint, what was met there.
    """

    def __init__(self, scenario: Scenario, seen: Seen | None) -> None:
        self._seen = seen
        self._checks = {one.line: one for one in scenario.steps if isinstance(one, Expect)}
        self.words: dict[int, dict[str, object]] = {}
        self.met: dict[tuple[int, str, str], str] = {}

    def look(self, moment: Moment, cloud: Cloud, names: Names) -> None:
        """Note what questions are made of."""
        if moment.refusal is not None:
            image = subject(moment.what, cloud, names)
            self.words[id(moment)] = {} if image is None else image.words()
        if moment.kind == "check" and moment.line in self._checks:
            for one in self._checks[moment.line].expected:
                _, met = met_by(one, cloud, names)
                counted = met if isinstance(met, str) else str(len(met))
                self.met[one.line, one.name, one.field] = counted
        if self._seen is not None:
            self._seen(moment, cloud, names)


def _parts(run: Run, looked: _Looked, seed: int) -> Iterator[Part]:
    told = {id(moment): row for moment, row in zip(_shown(run), rows(_unjudged(run)), strict=True)}
    expected = {step.line: step for step in run.scenario.steps if isinstance(step, Expect)}
    commands = {step.line: step for step in run.scenario.steps if isinstance(step, Command)}
    states: dict[str, tuple[str, str]] = {}
    for place, moment in enumerate(run.moments):
        if moment.kind == "check":
            continue
        before = dict(states)
        states |= {one.name: (one.kind, _state(one.states[-1])) for one in moment.changes}
        came = outcome(told[id(moment)])
        questions: list[Question] = []
        if moment.kind in _DONE:
            command = commands.get(moment.line)
            if command is not None and command.must:
                random = Random(f"{seed} {moment.line}")
                questions.append(_accepted(random, moment, looked.words.get(id(moment), {}), came))
            for step in _checks(run, place, expected):
                questions += _states(step, before, states, came, seed)
                questions += _fields(step, looked.met, came, seed)
        refused = moment.refusal is not None
        yield Part(moment.kind, moment.who, moment.what, tuple(questions), came, refused)


def _unjudged(run: Run) -> Run:
    """Give a run without what the scenario says must be so: what is so is right."""
    judged = {"check", "command"}
    moments = (replace(one, unmet=()) if one.kind in judged else one for one in run.moments)
    return replace(run, moments=tuple(moments))


def _shown(run: Run) -> list[Moment]:
    """Give the moments that a timeline has a row for."""
    return [one for one in run.moments if one.kind != "check"]


def _checks(run: Run, place: int, expected: dict[int, Expect]) -> Iterator[Expect]:
    """Give the checkpoints that follow a moment before anything else happens."""
    for moment in run.moments[place + 1 :]:
        if moment.kind == "say":
            continue
        if moment.kind != "check":
            return
        if moment.line in expected:
            yield expected[moment.line]


def _accepted(
    random: Random, moment: Moment, words: dict[str, object], came: tuple[str, ...]
) -> Question:
    right = ACCEPTED if moment.refusal is None else REFUSED
    choices = (ACCEPTED, REFUSED)
    return Question(
        "accepted",
        "accepted",
        {},
        choices,
        choices.index(right),
        came,
        then=why(random, "accepted", moment, words) if words else None,
    )


def _states(
    step: Expect,
    before: dict[str, tuple[str, str]],
    states: dict[str, tuple[str, str]],
    came: tuple[str, ...],
    seed: int,
) -> Iterator[Question]:
    for one in step.expected:
        if one.field != "state" or one.name not in states:
            continue
        kind, state = states[one.name]
        random = Random(f"{seed} {one.line} {one.name}")
        others = [name for name in PLAUSIBLE.get(kind, STATES[kind]) if name != state]
        random.shuffle(others)
        was = [before[one.name][1]] if one.name in before else []
        choices, right = mixed(random, state, [*was, *others])
        values = {"name": one.name}
        yield Question("state", "state", values, choices, right, came)


def _fields(
    step: Expect, met: dict[tuple[int, str, str], str], came: tuple[str, ...], seed: int
) -> Iterator[Question]:
    """Ask for what else a checkpoint speaks of: counters, flags, the lock."""
    for one in step.expected:
        value = met.get((one.line, one.name, one.field), "")
        plausible = _numbers(value) if one.field in _COUNTED else _ASKED.get(one.field, ())
        if value not in plausible:
            continue
        random = Random(f"{seed} {one.line} {one.name} {one.field}")
        others = [name for name in plausible if name != value]
        random.shuffle(others)
        choices, right = mixed(random, value, others)
        yield Question("field", f"field.{one.field}", {"name": one.name}, choices, right, came)


def _numbers(value: str) -> tuple[str, ...]:
    """Give a few numbers, the right one among them; none where it is no number."""
    if not value.isdecimal():
        return ()
    least = 0 if int(value) < _FEW else int(value) - _FEW // 2
    return tuple(str(number) for number in range(least, least + _FEW))


def _state(name: str) -> str:
    return GONE if name == "GONE" else name
