"""Plays a scenario in a cloud, and gives what came of it.

Between two things that somebody does, a second passes, or what the scenario
waits. Answers that a plan gives come in their time; those that come at once
follow the step that asked for them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lifecycle.cloud.cloud import Cloud
from lifecycle.cloud.drivers import Request
from lifecycle.refusal import InputError
from lifecycle.scenario.answers import payload_of
from lifecycle.scenario.expectations import (
    Unmet,
    check,
    check_unanswered,
    open_requests,
)
from lifecycle.scenario.given import Given
from lifecycle.scenario.moments import Kind, Moment, Refusal, Run, Value
from lifecycle.scenario.names import Names, NotThereError
from lifecycle.scenario.planned import Coming, PlannedDrivers
from lifecycle.scenario.reasons import explain
from lifecycle.scenario.recording import Recording
from lifecycle.scenario.steps import (
    Answer,
    Command,
    Expect,
    Rule,
    Say,
    Scenario,
    Step,
    Unanswered,
    Wait,
)
from lifecycle.scenario.watch import Watch
from lifecycle.scenario.words import DRIVERS, KIND_OF, ROLES, span_text

if TYPE_CHECKING:
    from lifecycle.cloud.calls.remote import Reply
    from lifecycle.cloud.drivers import Role
    from lifecycle.scenario.steps import Mode

ADMINISTRATOR = "oneadmin"

_NO_ONE = -1

_STATELESS = frozenset({"user", "group", "datastore", "market"})
_MODES = {
    "success": "from now on completes",
    "failure": "from now on fails",
    "hold": "from now on holds",
    "default": "as usual again:",
}


Seen = Callable[["Moment", Cloud, Names], None]
"""Is shown each moment of a run with the cloud as it is then, and the names in it."""


def play(scenario: Scenario, seed: int | None = None, seen: Seen | None = None) -> Run:
    """Play a scenario in a fresh cloud.

    Args:
        scenario: what happens.
        seed: of the random numbers, instead of the scenario's own.
        seen: is called at each moment; it must change nothing.

    Raises:
        InputError: a name means nothing, two things would bear one name, or
            something of a thing is asked for that its kind does not have; with
            line and field.
    """
    return _Player(scenario, scenario.seed if seed is None else seed, seen).play()


class _Player:
    """A scenario that is being played."""

    def __init__(self, scenario: Scenario, seed: int, seen: Seen | None = None) -> None:
        self._scenario = scenario
        self._seed = seed
        self._seen = seen
        self._cloud = Cloud(seed=seed, journal=False)
        self._drivers = PlannedDrivers(seed, scenario.plans)
        self._cloud.drivers = self._drivers
        self._names = Names(self._cloud)
        self._watch = Watch(self._cloud, self._names)
        name = Path(scenario.file).stem or "scenario"
        self._recording = Recording(scenario, self._cloud, name)
        self._moments: list[Moment] = []
        self._waited = True

    def play(self) -> Run:
        for role, action in self._drivers.held:
            self._rule(role, action, "hold", None)
        for step in self._scenario.steps:
            try:
                self._step(step)
            except InputError as error:
                field = error.field or _place(step)
                raise InputError(
                    error.problem, file=self._scenario.file, line=step.line, field=field
                ) from error
        return Run(
            self._scenario,
            self._seed,
            self._elapsed,
            tuple(self._moments),
            tuple(open_requests(self._cloud, self._names)),
            tuple(self._recording.lines),
        )

    @property
    def _elapsed(self) -> int:
        return int(self._cloud.clock.elapsed)

    def _step(self, step: Step) -> None:
        match step:
            case Command():
                self._tick()
                self._command(step)
            case Answer():
                self._tick()
                self._answer(step)
            case Rule():
                self._tick()
                self._change_rule(step)
            case Wait():
                self._wait(step)
            case Say():
                self._note("say", step.line, "", step.text)
            case Expect():
                found = [check(one, self._cloud, self._names) for one in step.expected]
                self._check(step, found)
            case _:
                self._check(step, [check_unanswered(step, self._cloud, self._names)])

    # Time

    def _tick(self) -> None:
        """Let a second pass since the last thing that somebody did, unless it was waited."""
        if not self._waited:
            self._pass(1)
        self._waited = False

    def _wait(self, step: Wait) -> None:
        self._note("wait", step.line, "", f"wait {span_text(step.seconds)}")
        self._pass(step.seconds)
        self._waited = True

    def _pass(self, seconds: int) -> None:
        clock = self._cloud.clock
        until = clock.now + seconds
        for coming in self._drivers.due(until):
            clock.advance_to(max(coming.due, clock.now))
            self._deliver(coming)
        clock.advance_to(until)

    # What happens

    def _command(self, step: Command) -> None:
        try:
            call = step.invocation.verb.call(Given(step.invocation, self._names, self._cloud))
            session = self._session(step.user)
        except NotThereError as error:
            # The command line looks names up, and finds nothing to call oned for.
            self._names.refused(step.invocation.new_name)
            self._commanded(step, Refusal(error.text, "NO_EXISTS"))
            return
        self._watch.refusal = None
        reply = self._cloud.call(call.method, *call.params, session=session)
        refusal, made = None, ""
        if not reply.ok:
            refusal = self._refusal(reply, call.method)
            self._names.refused(call.name)
        elif call.makes:
            made = f"{call.makes} {call.name}" if call.makes in _STATELESS else ""
            if made or call.makes == "machine":
                self._names.made(call.makes, call.name, int(reply.value))
        self._recording.call(call, session, reply)
        answer = (reply.ok, reply.value, reply.code)
        self._commanded(step, refusal, method=call.method, reply=answer, made=made)

    def _commanded(self, step: Command, refusal: Refusal | None, **more: Value) -> None:
        unmet = _verdict(step, refusal)
        self._happened(
            "command",
            step.line,
            step.user,
            step.text,
            refusal=refusal,
            unmet=() if unmet is None else (unmet,),
            checked=1 if step.must else 0,
            **more,
        )

    def _session(self, name: str) -> str | None:
        if name == ADMINISTRATOR:
            return None
        user = self._cloud.users[self._names.find("user", name)]
        return f"{user.name}:{user.password}"

    def _refusal(self, reply: Reply, method: str) -> Refusal:
        refused = self._watch.refusal
        if refused is None:
            text = str(reply.value).removeprefix(f"[{method}] ")
            return Refusal(text, "AUTHENTICATION")
        return explain(refused)

    def _answer(self, step: Answer) -> None:
        role = ROLES[step.driver]
        try:
            number = self._names.find(KIND_OF[step.driver], step.thing)
        except NotThereError:
            number = _NO_ONE
        request = self._drivers.oldest(step.action, number, role)
        if step.unasked and number != _NO_ONE:
            request = Request(0, role, step.action, number, step.thing, self._cloud.clock.now)
        if request is not None:
            self._deliver_one(step.line, request, step.words, ok=step.ok, unasked=step.unasked)
            return
        what = _answered(step.action, step.thing, step.words, ok=step.ok, unasked=step.unasked)
        waiting = ", ".join(open_requests(self._cloud, self._names)) or "nothing"
        unmet = Unmet(step.line, what, f"{step.action} {step.thing} to be asked for", waiting)
        self._happened("answer", step.line, step.driver, what, unmet=(unmet,), checked=1)

    def _deliver(self, coming: Coming) -> None:
        self._deliver_one(0, coming.request, coming.words, ok=coming.ok, unasked=False)

    def _deliver_one(
        self, line: int, request: Request, words: str | None, *, ok: bool, unasked: bool
    ) -> None:
        payload = payload_of(self._cloud, request, words, ok=ok)
        role, action, number = request.role, request.action, request.id
        name = self._names.of(KIND_OF[DRIVERS[role]], number)
        self._drivers.close(request)
        self._cloud.answer(action, number, ok=ok, payload=payload, role=role, unasked=True)
        self._recording.answer(request, payload, ok=ok, unasked=unasked)
        what = _answered(action, name, words, ok=ok, unasked=unasked)
        self._happened("answer", line, DRIVERS[role], what)

    def _change_rule(self, step: Rule) -> None:
        if any(one.action == step.action for one in self._scenario.plans):
            raise InputError(f"{step.action} has plans, and so no other rule")
        self._rule(ROLES[step.driver], step.action, step.mode, step.words)
        what = f"{_MODES[step.mode]} {step.action}" + (f": {step.words}" if step.words else "")
        self._happened("rule", step.line, step.driver, what)

    def _rule(self, role: Role, action: str, mode: Mode, words: str | None) -> None:
        self._cloud.rule(role, action, mode, words)
        self._recording.rule(role, action, mode, words)

    # What is told of it

    def _happened(self, kind: Kind, line: int, who: str, what: str, **more: Value) -> None:
        """Note what somebody did, and have the drivers answer that answer at once."""
        then = self._watch.then()
        self._names.learn(then)
        self._note(
            kind,
            line,
            who,
            what,
            changes=self._watch.changes(then),
            asked=self._watch.asked(),
            ignored=self._watch.ignored(),
            hooks=self._watch.hooks(then),
            **more,
        )
        for coming in self._drivers.due(self._cloud.clock.now):
            self._deliver(coming)

    def _note(self, kind: Kind, line: int, who: str, what: str, **more: Value) -> None:
        moment = Moment(kind, self._elapsed, line, who, what, **more)
        self._moments.append(moment)
        if self._seen is not None:
            self._seen(moment, self._cloud, self._names)

    def _check(self, step: Expect | Unanswered, found: list[Unmet | None]) -> None:
        unmet = tuple(one for one in found if one is not None)
        self._note("check", step.line, "", "", unmet=unmet, checked=len(found))


def _answered(action: str, name: str, words: str | None, *, ok: bool, unasked: bool) -> str:
    what = f"{'completes' if ok else 'fails'} {action} {name}"
    what += f": {words}" if words else ""
    return f"{what}, unasked" if unasked else what


def _verdict(step: Command, refusal: Refusal | None) -> Unmet | None:
    if step.must == "accepted" and refusal is not None:
        return Unmet(step.line, step.text, "accepted", f"refused: {refusal.text}")
    if step.must != "refused":
        return None
    if refusal is None:
        return Unmet(step.line, step.text, "refused", "accepted")
    if step.saying not in refusal.text:
        return Unmet(step.line, step.text, f"refused: {step.saying}", f"refused: {refusal.text}")
    return None


def _place(step: Step) -> str:
    """Give what the reader calls the field that a step stands in."""
    if isinstance(step, Answer | Rule):
        return step.driver
    return {Expect: "expect", Unanswered: "unanswered"}.get(type(step), "steps")
