"""A call is told as the command that makes it, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from lifecycle import Cloud
from lifecycle.cloud.attributes import parse
from lifecycle.scenario.commands import VERBS
from lifecycle.scenario.given import Given
from lifecycle.scenario.grammar import read_command
from lifecycle.scenario.names import Numbers
from lifecycle.scenario.typed import command_of

Params = tuple[Any, ...]


def made(text: str) -> tuple[str, Params]:
    """Give the call that a command makes."""
    cloud = Cloud()
    read = read_command(text, VERBS)
    call = read.verb.call(Given(read, Numbers(cloud), cloud))
    return call.method, call.params


@pytest.mark.parametrize(
    "text",
    [
        "oneimage create --name debian --path /p --size 1 --datastore 1",
        "oneimage create --name a --persistent --datastore 1 --no_check_capacity 'FOO=a b'",
        "oneimage clone 0 copy",
        "oneimage clone 0 copy --datastore 1",
        "oneimage delete 0",
        "oneimage delete 0 --force",
        "oneimage enable 0",
        "oneimage disable 0",
        "oneimage persistent 0",
        "oneimage nonpersistent 0",
        "oneimage chtype 0 DATABLOCK",
        "oneimage lock 0",
        "oneimage lock 0 --admin",
        "oneimage unlock 0",
        "oneimage rename 0 '<b>; rm -rf'",
        "oneimage chown 0 2",
        "oneimage chown 0 2 1",
        "oneimage chgrp 0 1",
        "oneimage update 0 --append A=1",
        "oneimage snapshot-flatten 0 4",
        "onevm create --name web --disk 0,2 --cpu 1 --memory 1",
        "onevm deploy 0 3",
        "onevm terminate 0 --hard",
        "onevm suspend 0",
        "onevm recover 0 --delete",
        "onevm disk-attach 0 --image 4",
        "onevm disk-detach 0 1",
        "onevm disk-saveas 0 1 x",
        "onevm disk-saveas 0 1 x --type OS --snapshot 3",
        "onevm disk-snapshot-revert 0 0 1",
        "onevm backup 0 --datastore 5",
        "oneuser create a b --group 1",
        "onetemplate instantiate 0 --name t --hold",
    ],
)
def test_a_command_is_told_by_its_call(text: str) -> None:
    assert command_of(Cloud(), *made(text)) == text


@pytest.mark.parametrize(
    ("method", "params", "text"),
    [
        ("one.image.delete", (0,), "oneimage delete 0"),
        ("one.image.lock", (0, 1), "oneimage lock 0"),
        ("one.vm.deploy", (0, 0, False, -1, ""), "onevm deploy 0"),
        (
            "one.vm.allocate",
            ('NAME="w" CPU="1" MEMORY="1" DISK=[IMAGE_ID="0"] DISK=[SIZE="3",TYPE="swap"]',),
            'onevm create --name w --disk 0 --cpu 1 --memory 1 \'DISK=[ SIZE="3", TYPE="swap" ]\'',
        ),
    ],
)
def test_a_script_may_leave_out_what_is_usual(method: str, params: Params, text: str) -> None:
    assert command_of(Cloud(), method, params) == text


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("one.image.lock", (0, 4, True)),
        ("one.image.rename", (0, "--force")),
        ("one.image.chtype", (0, "os")),
        ("one.image.enable", (-1, True)),
        ("one.image.allocate", ("NAME = [ A", 1)),
        ("one.image.allocate", ('PATH="/p"', 1)),
        ("one.vm.allocate", ('NAME="w" DISK=[IMAGE_ID="0"]',)),
        ("one.vm.action", ("resched", 0)),
        ("one.hook.allocate", ("",)),
    ],
)
def test_where_no_command_makes_that_very_call_none_is_told(method: str, params: Params) -> None:
    assert command_of(Cloud(), method, params) == ""


def test_of_a_template_every_attribute_is_told() -> None:
    template = 'NAME="a" PATH="/p" A="x y" B=[C="1",D="2"]'
    _, params = made(command_of(Cloud(), "one.image.allocate", (template, 1)))
    assert sorted(map(str, parse(params[0]))) == sorted(map(str, parse(template)))
