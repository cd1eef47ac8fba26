"""The doctor: every rule on everything that was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.analysis.doctor.holder_rules import HOLDER_RULES
from lifecycle.analysis.doctor.machine_rules import APP_RULES, MACHINE_RULES
from lifecycle.analysis.doctor.operation_rules import OPERATION_RULES
from lifecycle.analysis.doctor.remedies import foresee
from lifecycle.analysis.doctor.rules import Finding, Rule, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lifecycle.analysis.doctor.observed import Observed

RULES: dict[str, tuple[Rule, ...]] = {
    "image": (*HOLDER_RULES, *OPERATION_RULES),
    "machine": MACHINE_RULES,
    "app": APP_RULES,
}
"""Every rule, by the kind of object that it is about."""


def examine(observed: Observed) -> list[Finding]:
    """Give everything that is wrong, the worst first, then by kind, rule and id.

    Args:
        observed: what was seen of a cloud; rules that need more are passed over.
    """
    found = [
        Finding(rule, kind, thing.id, thing.name, thing.state.name, _unlocking(observed, trouble))
        for kind, things in _things(observed)
        for rule, thing, trouble in _troubles(observed, kind, things)
    ]
    order = list(RULES)
    found.sort(key=lambda one: (-one.severity.value, order.index(one.kind), one.rule.name, one.id))
    return found


def twice(look: Callable[[], Observed]) -> tuple[Observed, list[Finding]]:
    """Look at a cloud that runs; where something is wrong look again, and give what stayed.

    Args:
        look: gives what is seen now. Its parts are not seen at one instant, so
            that what moves meanwhile seems inconsistent.
    """
    observed = look()
    first = {(one.rule.name, one.kind, one.id) for one in examine(observed)}
    if not first:
        return observed, []
    observed = look()
    found = examine(observed)
    return observed, [one for one in found if (one.rule.name, one.kind, one.id) in first]


def with_outcome(observed: Observed, finding: Finding) -> Finding:
    """Give a finding with what its commands would come to in the simulated cloud."""
    outcome = foresee(observed, finding.kind, finding.id, finding.trouble.commands)
    return finding._replace(outcome=outcome)


def can_be_checked(observed: Observed, rule: Rule) -> bool:
    """Tell whether enough was seen for a rule."""
    known = {
        "machines": observed.machines is not None,
        "apps": observed.apps is not None,
        "clock": observed.now > 0,
    }
    return all(known[need] for need in rule.needs)


def _things(observed: Observed) -> Iterator[tuple[str, Iterable[Any]]]:
    yield "image", observed.images.values()
    yield "machine", (observed.machines or {}).values()
    yield "app", (observed.apps or {}).values()


def _troubles(
    observed: Observed, kind: str, things: Iterable[Any]
) -> Iterator[tuple[Rule, Any, Trouble]]:
    rules = [rule for rule in RULES[kind] if can_be_checked(observed, rule)]
    for thing in things:
        for rule in rules:
            trouble = rule.find(observed, thing)
            if trouble is not None:
                yield rule, thing, trouble


def _unlocking(observed: Observed, trouble: Trouble) -> Trouble:
    """Take locks off first, where there are any: even the administrator is refused by them."""
    commands: list[str] = []
    for command in trouble.commands:
        program, _, image, *_ = [*command.split(), "", "", ""]
        if program == "oneimage" and image.isdecimal():
            seen = observed.images.get(int(image))
            unlock = f"oneimage unlock {image}"
            if seen is not None and seen.lock_held is not None and unlock not in commands:
                commands.append(unlock)
        commands.append(command)
    return trouble._replace(commands=tuple(commands))
