"""Every method, with parameters of every wrong type, and with any right ones."""

from __future__ import annotations

from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import lifecycle.cloud.calls  # noqa: F401 - it fills METHODS
from lifecycle.cloud.calls.remote import METHODS
from lifecycle.endpoint.fault import Fault
from lifecycle.endpoint.service import Service
from tests.cloud import walks

SESSION = "oneadmin:opennebula"
RIGHT: dict[type, Any] = {int: 0, str: "", bool: False, list: []}
WORDS = {int: "integer", str: "a string", bool: "boolean", list: "an array"}
INTEGERS = (-(2**31), -77, -5, -2, -1, 0, 1, 2, 3, 77, 100, 2**31 - 1)
TEXTS = (
    *("", " ", "\n", "a", "ONEADMIN", "0", "-1", "1,2", "YES", "]]>", "<A>", "<A/>", "\U0001f600"),
    *('NAME="x"', "NAME=x\nTYPE=OS\nSIZE=1", 'A="1"\nA=[B="2"]', "DISK=[IMAGE_ID=0]", "X=[Y=[Z]]"),
    *("DATASTORE=[ID=1,SIZE=-1]", "<T><NAME>n</NAME></T>", "A" * 200, "#", "=", "NAME=\x00"),
    *("NAME=m\nCPU=1\nMEMORY=1\nDISK=[IMAGE_ID=1]", "terminate", "poweroff-hard", "\ud800"),
)
LISTS: tuple[list[int], ...] = ([], [0], [1, 100], [-1], [77])
VALUES: dict[type, tuple[Any, ...]] = {
    int: INTEGERS,
    str: TEXTS,
    bool: (False, True),
    list: LISTS,
}


@pytest.mark.parametrize("name", sorted(METHODS))
def test_a_parameter_of_a_wrong_type_is_a_fault_and_changes_nothing(name: str) -> None:
    method = METHODS[name]
    service = Service(walks.furnished())
    before = service.cloud.to_json(journal=False)
    right = [RIGHT[kind] for kind in method.kinds]
    for place, kind in enumerate(method.kinds):
        for wrong in (value for other, value in RIGHT.items() if other is not kind):
            params = [*right[:place], wrong, *right[place + 1 :]]
            with pytest.raises(Fault) as caught:
                service.answer_call(name, [SESSION, *params])
            assert caught.value.code == -501
            assert caught.value.text == f"Parameter that is supposed to be {WORDS[kind]} is not"
    for count in range(len(method.required)):
        with pytest.raises(Fault, match="Not enough parameters"):
            service.answer_call(name, [SESSION, *right[:count]])
    assert service.cloud.to_json(journal=False) == before


@pytest.mark.parametrize("seed", range(4))
def test_any_parameters_of_the_right_types_are_answered(seed: int) -> None:
    random = Random(seed)
    cloud = walks.furnished(seed)
    for _ in range(60):
        walks.perform(cloud, walks.drawn(cloud, random))
    service = Service(cloud)
    names = sorted(METHODS)
    for _ in range(1200):
        method = METHODS[random.choice(names)]
        count = random.randint(len(method.required), len(method.kinds))
        params = [random.choice(VALUES[kind]) for kind in method.kinds[:count]]
        body = b"".join(service.answer_call(method.name, [SESSION, *params]))
        root = ET.fromstring(body)  # noqa: S314 - written here
        for words in root.iter("string"):
            if (words.text or "").startswith("<") and root.find(".//boolean").text == "1":  # type: ignore[union-attr]  # every answer has one
                ET.fromstring(words.text or "")  # noqa: S314 - written here
