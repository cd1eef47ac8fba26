"""Hypothesis strategies: situations that a cloud can be in, histories that lead there, plans.

All of them shrink: a history towards fewer and earlier steps, a plan towards
one that succeeds at once.

>>> from hypothesis import given
>>> from lifecycle.testing.strategies import situations
>>> @given(situations())
... def test_my_report_bears_any_cloud(cloud): ...
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from hypothesis import note
from hypothesis import strategies as st

from lifecycle.cloud.cloud import Cloud
from lifecycle.cloud.drivers import OUTCOMES, Plan
from lifecycle.codes import ErrorCode
from lifecycle.endpoint.rules import FaultRule
from lifecycle.refusal import InputError, LifecycleError
from lifecycle.testing.steps import SUBJECTS, History, Step

if TYPE_CHECKING:
    from lifecycle.cloud.drivers import Outcome

__all__ = ["api_faults", "fault_plans", "histories", "plans", "situations"]

_MANY = 1000
"""More than there ever are subjects, or steps about one."""

_ACTIONS = ("*", "CP", "MKFS", "CLONE", "RM", "SNAP_*", "SAVEAS")
_WORDS = (None, "no space left on device", "", "host unreachable: 10.0.0.1 «ñ»")


def histories(*, min_size: int = 0, max_size: int = 25) -> st.SearchStrategy[History]:
    """Give histories of which every step is accepted when it is taken, from a fresh cloud on.

    Images are born, copied, used by machines, switched, snapshotted and
    deleted; drivers answer well or badly, in any order. Every one of them can
    be replayed in a cloud of its own: ``history.cloud()``.

    Args:
        min_size: how many steps there are at least.
        max_size: how many steps there are at most.

    Raises:
        InputError: the sizes are no whole numbers, 0 or more, in this order.
    """
    _must_be_sizes(min_size, max_size)
    return _histories(min_size, max_size)


@st.composite
def _histories(draw: st.DrawFn, least: int, most: int) -> History:
    # Drawn as numbers, of which any make a history, so that any may be left out;
    # as lists of lists, as Hypothesis draws few long lists.
    choice = st.tuples(st.integers(0, _MANY), st.integers(0, _MANY))
    first = draw(st.lists(choice, min_size=least, max_size=least))
    rest = draw(st.lists(st.lists(choice, max_size=6), max_size=most))
    return _chosen(list(chain(first, *rest))[:most])


def _chosen(choices: list[tuple[int, int]]) -> History:
    cloud = Cloud(journal=False)
    taken: list[Step] = []
    for about, which in choices:
        steps = _about(cloud, about)
        step = steps[which % len(steps)]
        step.take(cloud)
        taken.append(step)
    return History(tuple(taken))


def _about(cloud: Cloud, number: int) -> list[Step]:
    """Give the steps about a subject; where there are none, those about one that follows."""
    subjects = list(SUBJECTS.values())
    for place in range(len(subjects)):
        steps = list(subjects[(number + place) % len(subjects)](cloud))
        if steps:
            return steps
    raise LifecycleError("there is always something to do")  # pragma: no cover - images live on


def situations(*, max_size: int = 25) -> st.SearchStrategy[Cloud]:
    """Give clouds in any situation that a history of accepted steps leads to.

    Each is a cloud of its own, with the journal of how it came there.

    Args:
        max_size: how many steps lead there at most.

    Raises:
        InputError: the size is no whole number, 0 or more.
    """
    _must_be_sizes(0, max_size)
    return _situations(max_size)


@st.composite
def _situations(draw: st.DrawFn, most: int) -> Cloud:
    history = draw(_histories(0, most))
    # A cloud does not print as what it holds: where a test fails, this is what led there.
    note(f"the cloud is {history!r}.cloud()")
    return history.cloud()


def plans(
    *, outcomes: tuple[Outcome, ...] = OUTCOMES, actions: tuple[str, ...] = _ACTIONS
) -> st.SearchStrategy[Plan]:
    """Give plans for what drivers are asked: how they answer, when, how often, how likely.

    Args:
        outcomes: of success, failure and hold, those that may be drawn.
        actions: the patterns of actions that may be drawn.
    """
    return st.builds(
        Plan,
        st.sampled_from(outcomes),
        st.sampled_from(actions),
        payload=st.sampled_from(_WORDS),
        delay=st.sampled_from((0, 1, 30, 3600)),
        skip=st.integers(0, 3),
        count=st.none() | st.integers(1, 3),
        probability=st.sampled_from((1.0, 0.5, 0.1)),
    )


def fault_plans(*, max_size: int = 3) -> st.SearchStrategy[list[Plan]]:
    """Give lists of plans under which drivers fail, or never answer, now and then.

    Add them to a cloud with ``cloud.drivers.plans.extend(drawn)``.

    Args:
        max_size: how many plans there are at most.

    Raises:
        InputError: the size is no whole number, 0 or more.
    """
    _must_be_sizes(0, max_size)
    return st.lists(plans(outcomes=("failure", "hold")), max_size=max_size)


def api_faults(*, max_size: int = 3) -> st.SearchStrategy[list[FaultRule]]:
    """Give lists of rules by which calls fail on the wire, now and then.

    Refusals, faults, HTTP errors, dropped connections and cut replies; each for
    a few calls at most, so that a client that tries again comes through. Add
    them with ``opennebula.add_faults(drawn)``.

    Args:
        max_size: how many rules there are at most.

    Raises:
        InputError: the size is no whole number, 0 or more.
    """
    _must_be_sizes(0, max_size)
    effects: st.SearchStrategy[dict[str, Any]] = st.one_of(
        st.builds(dict, error=st.sampled_from([code.name for code in ErrorCode])),
        st.builds(dict, fault=st.sampled_from((-500, -501, -503, -506))),
        st.builds(dict, status=st.sampled_from((429, 500, 502, 503, 504))),
        st.just({"drop": True}),
        st.builds(dict, cut=st.integers(0, 300)),
    )
    return st.lists(
        st.builds(
            lambda effect, **often: FaultRule(**effect, **often),
            effects,
            method=st.sampled_from(("*", "one.image.*", "one.image.info", "one.imagepool.info")),
            skip=st.integers(0, 3),
            count=st.integers(1, 3),
        ),
        max_size=max_size,
    )


def _must_be_sizes(least: int, most: int) -> None:
    for name, size in (("min_size", least), ("max_size", most)):
        if type(size) is not int or size < 0:
            raise InputError(f"must be a whole number, 0 or more, not {size!r}", field=name)
    if least > most:
        raise InputError(f"must be {most} or less, as max_size is, not {least}", field="min_size")
