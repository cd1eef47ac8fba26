"""Firing an operation on an image, making an image, and importing the package.

The machines that are compared are built from all rows of the image table, with
the same guards and effects, and do the same history on an image: disable,
enable, two machines that take and release it, a copy and its end, an answer of
the datastore. The libraries do other things besides: `transitions` offers
callbacks around every step, `python-statemachine` and `sismic` run whole
statecharts to completion.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from transitions import Event

from benchmarks.measure import Result, fresh_processes, memory, side_by_side
from lifecycle import GONE, IMAGE_TABLE, Image, ImageState, Refused
from lifecycle.machine import build_machine

if TYPE_CHECKING:
    from lifecycle.table import Effect, Guard

Fire = Callable[[str, Any], object]
"""Fires an operation, with what it carries."""

HISTORY: tuple[tuple[str, Any], ...] = (
    ("disable", None),
    ("enable", None),
    ("acquire", 1),
    ("acquire", 2),
    ("release", 1),
    ("release", 2),
    ("clone", 8),
    ("clone_released", 8),
    ("cp_success", "/disk raw"),
)
STATES = (*ImageState, GONE)


def run(quick: bool) -> list[Result]:
    """Measure the engine."""
    return [*_firing(quick), *_making(quick), *_importing(quick)]


def _ready() -> Image:
    return Image(7, "debian", state=ImageState.READY, source="/disk", format="raw")


def _lean() -> Callable[[], object]:
    image = _ready()

    def history() -> None:
        image.disable()
        image.enable()
        image.acquire(1)
        image.acquire(2)
        image.release(1)
        image.release(2)
        image.clone(8)
        image.clone_released(8)
        image.cp_success("/disk raw")
        assert image.state is ImageState.READY

    return history


def _told(image: Image, fire: Fire) -> Callable[[], object]:
    def history() -> None:
        for operation, what in HISTORY:
            fire(operation, what)
        assert image.state is ImageState.READY

    return history


def _stock() -> Callable[[], object]:
    image, events = _ready(), build_machine(IMAGE_TABLE, Event).events
    return _told(image, lambda operation, what: events[operation].trigger(image, image, what))


def _statemachine() -> Callable[[], object]:
    from statemachine import State, StateMachine  # noqa: PLC0415 - it may not be installed

    def named(function: Guard | Effect) -> Callable[[Any, Any], object]:
        # The library passes arguments by the names of the parameters.
        def call(model: object, what: object) -> object:
            return function(model, what)

        return call

    states = {
        state: State(state.name, value=state, initial=state is ImageState.READY) for state in STATES
    }
    events: dict[str, Any] = {}
    for row in IMAGE_TABLE.rows:
        for origin in row.origins:
            transition = states[origin].to(
                states[origin if row.target is None else row.target],
                internal=row.target is None,
                cond=[named(IMAGE_TABLE.guards[name]) for name in row.when],
                unless=[named(IMAGE_TABLE.guards[name]) for name in row.unless],
                after=[named(IMAGE_TABLE.effects[name]) for name in row.effects],
            )
            known = events.get(row.operation)
            events[row.operation] = transition if known is None else known | transition
    checks = ("disconnected_states", "trap_states", "final_reachability")
    body = {state.name.lower(): made for state, made in states.items()} | events
    body |= {f"validate_{check}": False for check in checks}
    image = _ready()
    machine = type("ImageChart", (StateMachine,), body)(image)
    return _told(image, lambda operation, what: machine.send(operation, what=what))


def _sismic() -> Callable[[], object]:
    from sismic.interpreter import Interpreter  # noqa: PLC0415 - it may not be installed
    from sismic.model import (  # noqa: PLC0415 - the same
        BasicState,
        CompoundState,
        Statechart,
        Transition,
    )

    chart = Statechart("image")
    chart.add_state(CompoundState("all", initial="READY"), None)
    for state in STATES:
        chart.add_state(BasicState(state.name), "all")
    for row in IMAGE_TABLE.rows:
        guard = " and ".join(f"{name}(image, event.what)" for name in row.guards)
        actions = [f"{name}(image, event.what)" for name in row.effects]
        target = None if row.target is None else row.target.name
        if target is not None:
            actions.insert(0, f"image.state = states[{target!r}]")
        for origin in row.origins:
            chart.add_transition(
                Transition(
                    origin.name,
                    target,
                    event=row.operation,
                    guard=guard or None,
                    action="\n".join(actions),
                )
            )
    image = _ready()
    known = {"image": image, "states": {state.name: state for state in STATES}}
    context = {**known, **IMAGE_TABLE.guards, **IMAGE_TABLE.effects}
    interpreter = Interpreter(chart, initial_context=context)
    interpreter.execute_once()

    def fire(operation: str, what: object) -> None:
        interpreter.queue(operation, what=what)
        interpreter.execute_once()

    return _told(image, fire)


RIVALS = {
    "transitions, stock events": (_stock, 4.0),
    "python-statemachine": (_statemachine, None),
    "sismic": (_sismic, None),
}
"""What the engine is compared with, and how many times as fast it must be."""


def _firing(quick: bool) -> list[Result]:
    candidates, missing = {"lifecycle": _lean()}, []
    for name, (build, _) in RIVALS.items():
        try:
            candidates[name] = build()
        except ModuleNotFoundError:
            missing.append(name)
    rounds, times = (5, 20) if quick else (25, 100)
    spent = side_by_side(candidates, rounds=rounds, times=times)
    each = {name: figure / len(HISTORY) for name, figure in spent.items()}
    fired = "firing an operation"
    results = [
        Result(fired, None, "µs", name)
        if name in missing
        else Result(fired, each["lifecycle"], "µs", name, each[name], at_least=bar)
        for name, (_, bar) in RIVALS.items()
    ]
    refused = side_by_side({"refused": _refused}, rounds=rounds, times=times)["refused"]
    return [*results, Result("refusing one, with its reasons kept", refused, "µs")]


_USED = Image(7, "debian", state=ImageState.USED)


def _refused() -> None:
    try:
        _USED.enable()
    except Refused:
        return
    raise AssertionError("it was to be refused")


def _making(quick: bool) -> list[Result]:
    count = 20_000 if quick else 100_000
    chunk = count // 10
    kept: list[list[Image]] = []
    spent = []
    for number in range(10):
        start = perf_counter()
        kept.append(_images(chunk, number * chunk))
        spent.append((perf_counter() - start) / chunk * 1e6)
    first, last = median(spent[:3]), median(spent[-3:])
    size = memory(lambda: _images(chunk)) / chunk
    few = 20 if quick else 100
    models = side_by_side({"": lambda: _models(few)}, rounds=3, times=1)[""] / few
    model_size = memory(lambda: _models(few)) / few
    model = f"one of {few} models of transitions"
    return [
        Result("making an image", median(spent), "µs", model, models, at_most=3.0),
        Result(f"one of the last of {count:,}", last, "µs", "one of the first", first, 2 * first),
        Result("memory of an image", size, "bytes", model, model_size, at_most=800.0),
    ]


def _images(count: int, start: int = 0) -> list[Image]:
    return [Image(number, f"image-{number}") for number in range(start, start + count)]


class Model:
    """What an image would be to `transitions`."""


_MODELS = build_machine(IMAGE_TABLE, Event)


def _models(count: int) -> list[Model]:
    _MODELS.models.clear()
    made = [Model() for _ in range(count)]
    for model in made:
        _MODELS.add_model(model, initial="INIT")
    return made


def _importing(quick: bool) -> list[Result]:
    library, package = "import transitions", "from lifecycle import Image"
    first = f"{package}; Image().persistent()"
    programs = {program: program for program in (library, package, first)}
    spent = fresh_processes(programs, rounds=5 if quick else 21)
    other = spent[library]
    return [
        Result(package, spent[package], "ms", library, other, at_most=other + 15),
        Result("the same, and a first operation", spent[first], "ms", library, other),
    ]
