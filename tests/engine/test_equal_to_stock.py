"""The lean machine does what a machine of the library's own events does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from transitions import Event, Machine, Transition

from lifecycle import GONE, IMAGE_MACHINE, IMAGE_TABLE, OPERATIONS, ImageState
from lifecycle.machine import LeanEvent, build_machine
from lifecycle.refusal import GoneError, LifecycleError, Refused
from tests.engine.situations import ARGUMENTS, everything, situations
from tests.engine.stubs import STUB_TABLE, Thing, assignments

if TYPE_CHECKING:
    from lifecycle.world import Moved

STOCK = build_machine(IMAGE_TABLE, Event)
STUBBED_LEAN = build_machine(STUB_TABLE)
STUBBED_STOCK = build_machine(STUB_TABLE, Event)


def fired(machine: Machine, operation: str, thing: Moved, what: object = None) -> bool:
    """Fire an event as the library's callers do, and tell whether a transition took place."""
    try:
        return bool(machine.events[operation].trigger(thing, thing, what))
    except (Refused, GoneError):
        return False


@pytest.mark.parametrize("operation", OPERATIONS)
def test_both_agree_in_every_state_and_on_every_combination_of_guards(operation: str) -> None:
    """The same state, the same effects in the same order, the same "nothing applied"."""
    for state in (*ImageState, GONE):
        for truth in assignments(operation):
            lean, stock = Thing(state, truth), Thing(state, truth)
            applied = fired(STUBBED_STOCK, operation, stock)
            assert fired(STUBBED_LEAN, operation, lean) is applied, (state, truth)
            assert lean.state is stock.state, (state, truth)
            if applied:
                assert lean.called == stock.called, (state, truth)
            else:
                # What oned does although it refuses is not the library's business.
                assert lean.called == said_effects(operation, lean), (state, truth)
                assert stock.called == [], (state, truth)


def said_effects(operation: str, thing: Thing) -> list[str]:
    """Give the effects of what refuses or ignores an operation; it has left the state alone."""
    for other in STUB_TABLE.otherwise_of(operation):
        guards = [thing.truth[name] for name in other.when]
        guards += [not thing.truth[name] for name in other.unless]
        if thing.state in other.origins and all(guards):
            return list(other.effects)
    return []


@pytest.mark.parametrize("state", ImageState, ids=lambda state: state.name)
def test_both_leave_a_real_image_the_same_way(state: ImageState) -> None:
    """Of the images on which all guards of an operation agree, one is fired on."""
    tried = set()
    for image in situations(state):
        for operation in OPERATIONS:
            names = IMAGE_TABLE.guards_of(operation)
            for what in ARGUMENTS.get(operation, (None,)):
                values = tuple(IMAGE_TABLE.guards[name](image, what) for name in names)
                if (operation, repr(what), values) in tried:
                    continue
                tried.add((operation, repr(what), values))
                lean, stock = image.copy(), image.copy()
                applied = fired(STOCK, operation, stock, what)
                assert fired(IMAGE_MACHINE, operation, lean, what) is applied, (operation, what)
                assert everything(lean) == everything(stock), (operation, what)


def test_guards_return_real_booleans() -> None:
    """The library compares what a guard returns with True."""
    for image in situations(ImageState.READY):
        for operation in OPERATIONS:
            for what in (None, *ARGUMENTS.get(operation, ())):
                for name in IMAGE_TABLE.guards_of(operation):
                    assert type(IMAGE_TABLE.guards[name](image, what)) is bool, name


def test_a_machine_is_of_all_images_and_has_none_of_its_own() -> None:
    assert IMAGE_MACHINE.models == []
    assert set(IMAGE_MACHINE.events) == set(OPERATIONS)
    assert all(isinstance(event, LeanEvent) for event in IMAGE_MACHINE.events.values())


def test_a_transition_that_stands_in_no_row_is_not_fired() -> None:
    """Nothing slips into the machine past the table."""
    event = build_machine(STUB_TABLE).events["rename"]
    event.add_transition(Transition("READY", "LOCKED"))
    with pytest.raises(LifecycleError, match="no row of the table"):
        event.trigger(Thing(ImageState.READY, {}))
