"""What the page tells of states and operations is what the tables and the reference say."""

from __future__ import annotations

import json

from lifecycle.cloud.vm_operations import VM_OPERATIONS
from lifecycle.cloud.vm_states import VmState
from lifecycle.cloud.vm_table import VM_TABLE
from lifecycle.operations import OPERATIONS
from lifecycle.page.explanations import MACHINE, explanations
from lifecycle.reference.stuck import SITUATIONS
from lifecycle.states import ImageState


def test_every_state_is_told_with_its_meaning_and_what_to_do() -> None:
    states = explanations()["states"]
    assert [one for one in states if not one.startswith(MACHINE)] == list(ImageState.__members__)
    for state in ImageState:
        told = states[state.name]
        assert told["meaning"] == state.meaning
        assert told["number"] == state.value
        assert told["ways"]
        assert all(way["to"] and way["operation"] in OPERATIONS for way in told["ways"])
        known = [one.sign for one in SITUATIONS if one.state is state]
        assert [one["sign"] for one in told["stuck"]] == known


def test_every_state_of_a_machine_is_told_with_what_leads_out_of_it() -> None:
    states = explanations()["states"]
    for state in VmState:
        told = states[MACHINE + state.name]
        assert (told["number"], told["lcm"]) == (state.number, state.lcm)
        assert told["meaning"] == state.meaning
        assert not state.meaning.endswith(".")
        rows = [row for row in VM_TABLE.rows_from(state) if row.target not in {None, state}]
        ways = {(way["operation"], end) for way in told["ways"] for end in way["to"]}
        assert ways == {(MACHINE + row.operation, row.target.name) for row in rows if row.target}
        assert bool(ways) is (state is not VmState.DONE)
    assert len({state.meaning for state in VmState}) == len(VmState)


def test_what_a_machine_waits_for_comes_first_and_what_ends_the_waiting_is_told() -> None:
    told = explanations()["states"]["vm.PROLOG"]
    assert [way["operation"] for way in told["ways"]][:2] == [
        "vm.prolog_success",
        "vm.prolog_failure",
    ]
    assert {"code": "onevm recover VM --success|--failure"} in told["advice"][0]
    assert explanations()["states"]["vm.RUNNING"]["advice"] == []


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
