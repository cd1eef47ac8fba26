"""What the page tells of states and operations is what the tables and the reference say."""

from __future__ import annotations

import json

from lifecycle.cloud.vm_operations import VM_OPERATIONS
from lifecycle.operations import OPERATIONS
from lifecycle.page.explanations import MACHINE, explanations
from lifecycle.reference.stuck import SITUATIONS
from lifecycle.states import ImageState


def test_every_state_is_told_with_its_meaning_and_what_to_do() -> None:
    states = explanations()["states"]
    assert list(states) == [state.name for state in ImageState]
    for state in ImageState:
        told = states[state.name]
        assert told["meaning"] == state.meaning
        assert told["number"] == state.value
        assert told["advice"]
        assert all(way["to"] and way["operation"] in OPERATIONS for way in told["ways"])
        known = [one.sign for one in SITUATIONS if one.state is state]
        assert [one["sign"] for one in told["stuck"]] == known


def test_every_operation_is_told_with_what_is_typed() -> None:
    operations = explanations()["operations"]
    for name, one in OPERATIONS.items():
        assert (operations[name]["meaning"], operations[name]["command"]) == one[2:4]
    for name, one in VM_OPERATIONS.items():
        assert operations[MACHINE + name]["command"] == one.command
    assert len(operations) == len(OPERATIONS) + len(VM_OPERATIONS)


def test_commands_in_a_text_are_marked() -> None:
    (told,) = explanations()["states"]["DISABLED"]["advice"]
    assert {"code": "oneimage enable IMAGE"} in told


def test_what_is_told_is_json() -> None:
    assert json.loads(json.dumps(explanations())) == explanations()
