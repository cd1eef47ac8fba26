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
        assert told["ways"]
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


def test_what_is_read_literally_is_marked() -> None:
    states = explanations()["states"]
    assert {"code": "CP"} in states["LOCKED"]["advice"][0]
    assert {"code": "oneimage enable IMAGE"} in states["ERROR"]["stuck"][0]["helps"]


def test_where_no_command_on_the_image_leads_out_that_is_told() -> None:
    told = explanations()["states"]["USED"]["advice"]
    assert told == [["No command on the image itself leads out of this state."]]


def test_what_is_told_is_json() -> None:
    assert json.loads(json.dumps(explanations())) == explanations()
