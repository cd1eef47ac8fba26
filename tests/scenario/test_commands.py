"""Each command that a scenario knows does what its real one does."""

from __future__ import annotations

from typing import Any

import pytest

from lifecycle.refusal import InputError
from lifecycle.scenario.commands import VERBS
from lifecycle.scenario.grammar import Verb, read_command
from tests.scenario.playing import READY, RUNNING, run_of

WORLD = f"""\
{RUNNING}\
- oneuser create bob secret
- onegroup create staff
- onedatastore create --name vault --type BACKUP_DS
- onemarket create --name shop
- oneimage create --name data --type DATABLOCK --size 10 --persistent -d default
- datastore: complete MKFS data
- onevm create --name db --disk data
- onevm deploy db
- onevm disk-snapshot-create db data monday
"""
"""What there is: images debian (0) and data (1), machines web (0) and db (1), and so on."""


def call_of(command: str, before: str = WORLD) -> tuple[str, list[Any], list[Any]]:
    """Type a command, and give the call, its parameters and oned's answer."""
    run = run_of(f"- {command}\n", before=before)
    step = run.trace[-1]
    return step["method"], step["params"], step["reply"]


@pytest.mark.parametrize(
    ("command", "method", "params"),
    [
        ("oneimage clone debian copy", "image.clone", [0, "copy", -1]),
        ("oneimage clone debian copy -d default", "image.clone", [0, "copy", 1]),
        ("oneimage delete debian", "image.delete", [0, False]),
        ("oneimage delete debian --force", "image.delete", [0, True]),
        ("oneimage enable debian", "image.enable", [0, True]),
        ("oneimage disable debian", "image.enable", [0, False]),
        ("oneimage persistent debian", "image.persistent", [0, True]),
        ("oneimage nonpersistent debian", "image.persistent", [0, False]),
        ("oneimage chtype debian datablock", "image.chtype", [0, "DATABLOCK"]),
        ("oneimage lock debian", "image.lock", [0, 1, False]),
        ("oneimage lock debian --use", "image.lock", [0, 1, False]),
        ("oneimage lock debian -m", "image.lock", [0, 2, False]),
        ("oneimage lock debian --admin", "image.lock", [0, 3, False]),
        ("oneimage lock debian -l", "image.lock", [0, 4, False]),
        ("oneimage unlock debian", "image.unlock", [0]),
        ("oneimage rename debian sid", "image.rename", [0, "sid"]),
        ("oneimage chown debian bob", "image.chown", [0, 2, -1]),
        ("oneimage chown debian bob staff", "image.chown", [0, 2, 100]),
        ("oneimage chgrp debian staff", "image.chown", [0, -1, 100]),
        ("oneimage chmod debian 640", "image.chmod", [0, 1, 1, 0, 1, 0, 0, 0, 0, 0]),
        ("oneimage chmod debian 751", "image.chmod", [0, 1, 1, 1, 1, 0, 1, 0, 0, 1]),
        ("oneimage update debian", "image.update", [0, "", 0]),
        ("oneimage update debian -a a=b", "image.update", [0, 'A = "b"\n', 1]),
        ("oneimage snapshot-delete data 0", "image.snapshotdelete", [1, 0]),
        ("oneimage snapshot-revert data 7", "image.snapshotrevert", [1, 7]),
        ("oneimage snapshot-flatten data 0", "image.snapshotflatten", [1, 0]),
        ("onevm deploy web", "vm.deploy", [0, 0, False, -1]),
        ("onevm deploy web host0 system", "vm.deploy", [0, 0, False, 0]),
        ("onevm terminate web", "vm.action", ["terminate", 0]),
        ("onevm terminate web --hard", "vm.action", ["terminate-hard", 0]),
        ("onevm poweroff web", "vm.action", ["poweroff", 0]),
        ("onevm undeploy web --hard", "vm.action", ["undeploy-hard", 0]),
        ("onevm reboot web", "vm.action", ["reboot", 0]),
        ("onevm hold web", "vm.action", ["hold", 0]),
        ("onevm release web", "vm.action", ["release", 0]),
        ("onevm stop web", "vm.action", ["stop", 0]),
        ("onevm suspend web", "vm.action", ["suspend", 0]),
        ("onevm resume web", "vm.action", ["resume", 0]),
        ("onevm recover web --failure", "vm.recover", [0, 0]),
        ("onevm recover web --success", "vm.recover", [0, 1]),
        ("onevm recover web --retry", "vm.recover", [0, 2]),
        ("onevm recover web --delete", "vm.recover", [0, 3]),
        ("onevm recover web --recreate", "vm.recover", [0, 4]),
        ("onevm recover web --delete-db", "vm.recover", [0, 5]),
        ("onevm disk-attach web --image data", "vm.attach", [0, 'DISK = [ IMAGE_ID="1" ]\n']),
        ("onevm disk-detach web 0", "vm.detach", [0, 0]),
        ("onevm disk-detach web debian", "vm.detach", [0, 0]),
        ("onevm disk-saveas web debian copy", "vm.disksaveas", [0, 0, "copy", "", -1]),
        (
            "onevm disk-saveas db 0 copy --type OS --snapshot monday",
            "vm.disksaveas",
            [1, 0, "copy", "OS", 0],
        ),
        ("onevm disk-snapshot-create db 0 tuesday", "vm.disksnapshotcreate", [1, 0, "tuesday"]),
        ("onevm disk-snapshot-revert db data monday", "vm.disksnapshotrevert", [1, 0, 0]),
        ("onevm disk-snapshot-delete db data 3", "vm.disksnapshotdelete", [1, 0, 3]),
        ("onevm backup web -d vault", "vm.backup", [0, 100, False]),
        ("onevm backup web --reset", "vm.backup", [0, -1, True]),
        (
            "onevm updateconf web -a BACKUP_CONFIG=[MODE=FULL]",
            "vm.updateconf",
            [0, 'BACKUP_CONFIG = [ MODE="FULL" ]\n', 1],
        ),
        ("oneuser create eve", "user.allocate", ["eve", "eve", "core", []]),
        ("oneuser create eve pw --group staff", "user.allocate", ["eve", "pw", "core", [100]]),
        ("oneuser delete bob", "user.delete", [2]),
        ("oneuser enable bob", "user.enable", [2, True]),
        ("oneuser disable bob", "user.enable", [2, False]),
        ("oneuser addgroup bob staff", "user.addgroup", [2, 100]),
        ("oneuser delgroup bob staff", "user.delgroup", [2, 100]),
        ("onegroup create guests", "group.allocate", ["guests"]),
        ("onedatastore delete vault", "datastore.delete", [100]),
        (
            "onemarketapp create --name app --image debian --market shop",
            "marketapp.allocate",
            ['NAME = "app"\nORIGIN_ID = "0"\nTYPE = "IMAGE"\n', 100],
        ),
    ],
)
def test_a_command_becomes_a_call(command: str, method: str, params: list[Any]) -> None:
    assert call_of(command)[:2] == (f"one.{method}", params)


def test_a_machine_is_created_with_its_disks_and_attributes() -> None:
    method, params, _ = call_of(
        "onevm create --name x --disk debian,data --cpu 0.5 --memory 64 --hold DISK=[SIZE=5] A=b"
    )
    assert method == "one.vm.allocate"
    assert params == [
        (
            'NAME = "x"\nCPU = "0.5"\nMEMORY = "64"\nDISK = [ IMAGE_ID="0" ]\n'
            'DISK = [ IMAGE_ID="1" ]\nDISK = [ SIZE="5" ]\nA = "b"\n'
        ),
        True,
    ]


def test_an_image_is_created_with_options_and_attributes() -> None:
    _, params, reply = call_of(
        "oneimage create --name x --type os --path /p --persistent --prefix vd --target vda"
        " --description 'a \"b\"' --size 2G -d default --no_check_capacity FORMAT=raw"
    )
    assert params == [
        (
            'NAME = "x"\nTYPE = "OS"\nPATH = "/p"\nSIZE = "2048"\nPERSISTENT = "YES"\n'
            'DEV_PREFIX = "vd"\nTARGET = "vda"\nDESCRIPTION = "a \\"b\\""\nFORMAT = "raw"\n'
        ),
        1,
        True,
    ]
    assert reply == [True, 2, 0]


def test_an_attribute_replaces_an_option_and_may_be_given_twice() -> None:
    _, params, _ = call_of("oneimage update debian A=1 A=2 B=[C=3,D=4]")
    assert params[1] == 'A = "1"\nA = "2"\nB = [ C="3", D="4" ]\n'
    _, params, _ = call_of("oneimage create --name x --path /p PATH=/q -d default")
    assert params[0] == 'NAME = "x"\nPATH = "/q"\n'


@pytest.mark.parametrize(
    ("command", "attributes"),
    [
        ("--name x", {"TYPE": "IMAGE_DS", "DS_MAD": "fs", "TM_MAD": "local"}),
        ("--name x --type system_ds", {"TYPE": "SYSTEM_DS", "TM_MAD": "local"}),
        (
            "--name x --type BACKUP_DS",
            {
                "TYPE": "BACKUP_DS",
                "DS_MAD": "rsync",
                "RSYNC_HOST": "backup",
                "RSYNC_USER": "oneadmin",
            },
        ),
        (
            "--name x DS_MAD=ceph TM_MAD=ceph",
            {"TYPE": "IMAGE_DS", "DS_MAD": "ceph", "TM_MAD": "ceph"},
        ),
    ],
)
def test_a_datastore_gets_usual_drivers_unless_some_are_named(
    command: str, attributes: dict[str, str]
) -> None:
    _, params, _ = call_of(f"onedatastore create {command}")
    lines = ['NAME = "x"', *(f'{name} = "{value}"' for name, value in attributes.items())]
    assert params == ["\n".join(lines) + "\n", -1]


def test_a_market_gets_usual_places_unless_some_are_named() -> None:
    _, params, reply = call_of("onemarket create --name x")
    assert params == [
        (
            'NAME = "x"\nMARKET_MAD = "http"\nBASE_URL = "http://market"\n'
            'PUBLIC_DIR = "/var/www/market"\n'
        )
    ]
    assert reply[0]
    _, params, reply = call_of("onemarket create --name x BASE_URL=http://there")
    assert params == ['NAME = "x"\nMARKET_MAD = "http"\nBASE_URL = "http://there"\n']
    assert not reply[0]
    assert call_of("onemarket create --name x --mad one")[1] == ['NAME = "x"\nMARKET_MAD = "one"\n']


APP = f"""\
{READY}\
- onemarket create --name shop
- onemarketapp create --name app --image debian --market shop
- market: complete IMPORT app
"""


@pytest.mark.parametrize(
    ("command", "method", "params"),
    [
        (
            "onemarketapp export app copy -d default",
            "image.allocate",
            ['NAME = "copy"\nFROM_APP = "0"\n', 1, False],
        ),
        ("onemarketapp delete app", "marketapp.delete", [0]),
        ("onemarketapp enable app", "marketapp.enable", [0, True]),
        ("onemarketapp disable app", "marketapp.enable", [0, False]),
    ],
)
def test_a_command_on_an_app(command: str, method: str, params: list[Any]) -> None:
    found, given, reply = call_of(command, APP)
    assert (found, given) == (f"one.{method}", params)
    assert reply[0]


TEMPLATE = f"{READY}- onetemplate create --name plan --disk debian\n"


@pytest.mark.parametrize(
    ("command", "method", "params"),
    [
        ("instantiate plan --name web", "instantiate", [0, "web", False, "", False]),
        (
            "instantiate plan --name web --hold --persistent",
            "instantiate",
            [0, "web", True, "", True],
        ),
        ("delete plan --recursive", "delete", [0, True]),
    ],
)
def test_a_command_on_a_template(command: str, method: str, params: list[Any]) -> None:
    found, given, reply = call_of(f"onetemplate {command}", TEMPLATE)
    assert (found, given) == (f"one.template.{method}", params)
    assert reply[0]


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("oneimage delete debain", "there is no image 'debain'; did you mean debian?"),
        ("onevm stop debian", "there is no machine 'debian'; there is: web, db"),
        ("oneimage chown debian eve", "there is no user 'eve'; there is: oneadmin, serveradmin"),
        ("oneimage clone debian x -d nowhere", "there is no datastore 'nowhere'; there is: "),
        ("onevm deploy web node1", "there is no host 'node1'; there is: host0"),
        ("onevm recover web", "say how, with one of --failure, --success, --retry, --delete,"),
        ("onevm recover web --retry --delete", "say how, with one of"),
        ("onevm disk-detach web data", "web has no disk of data; name a disk by its number"),
        ("onevm disk-detach web 1234567890", "DISK: '1234567890' is no number"),
        ("onevm disk-snapshot-delete db 0 friday", "there is no snapshot 'friday'; name it by"),
        ("onevm disk-snapshot-delete db 7 friday", "there is no snapshot 'friday'"),
        ("oneimage snapshot-delete data ²", "SNAPSHOT: '²' is no number"),
        ("oneimage create --name a -d default NAME=b", "NAME: the name is given by --name"),
        ("oneimage update debian A=[B", "A: '[B' is no list of attributes: Parse error"),
    ],
)
def test_what_a_command_means_is_looked_up_when_it_is_typed(command: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        run_of(f"- {command}\n", before=WORLD)
    line = WORLD.count("\n") + 2
    message = str(caught.value)
    assert message.startswith(
        (f"story.yaml:{line}: steps: {problem}", f"story.yaml:{line}: {problem}")
    )


def test_a_usage_tells_arguments_and_options() -> None:
    verb = VERBS["onemarketapp export"]
    assert verb.needed == ("APP", "NAME")
    assert verb.optional == ()
    assert verb.options["-d"] is verb.options["--datastore"]
    assert verb.options["-d"].required
    assert not verb.attributes
    assert verb.form == "onemarketapp export APP NAME -d|--datastore DATASTORE"
    assert VERBS["oneimage chown"].optional == ("GROUP",)
    assert VERBS["oneimage update"].attributes


def test_a_value_may_stand_behind_an_equals_sign() -> None:
    found = read_command("oneimage create --name=a --datastore=default", VERBS)
    assert found.options == {"name": "a", "datastore": "default"}


def test_nothing_is_no_command() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        read_command("", VERBS)


def test_a_negative_number_is_no_option() -> None:
    verb = Verb("oneimage shift", "IMAGE NUMBER", VERBS["oneimage enable"].call)
    found = read_command("oneimage shift debian -1", {verb.words: verb})
    assert found.arguments == {"IMAGE": "debian", "NUMBER": "-1"}


def test_a_command_knows_the_name_of_what_it_makes() -> None:
    assert read_command("oneimage clone a b", VERBS).new_name == "b"
    assert read_command("onevm create --name web", VERBS).new_name == "web"
    assert read_command("oneimage enable a", VERBS).new_name == ""
