"""What a script with pyone does to images, and what it sees: one JSON line for each step."""

import json
import os
from pathlib import Path

import pyone
from virtual_time import advance

session = Path(os.environ["ONE_AUTH"]).read_text("utf-8").strip()
one = pyone.OneServer(os.environ["ONE_XMLRPC"], session=session)


def say(what, *seen):
    print(json.dumps([what, *seen]), flush=True)


def state(image):
    return pyone.IMAGE_STATES(one.image.info(image).STATE).name


def wait(image):
    """Poll as everybody does; give every state that was seen on the way, each once."""
    seen = []
    while not seen or seen[-1] not in {"READY", "ERROR"}:
        now = state(image)
        if not seen or now != seen[-1]:
            seen.append(now)
        advance(1)
    return seen


def refused(call, *params):
    try:
        return ["done", call(*params)]
    except Exception as error:
        return [type(error).__name__, str(error)]


say("version", one.system.version())
a = one.image.allocate('NAME="a"\nTYPE="DATABLOCK"\nSIZE="10"', 1)
say("create", a, wait(a))
made = refused(one.image.allocate, {"NAME": "d", "PATH": "/images/d"}, 1)
say("create from a dict", made)
copy = one.image.clone(a, "copy")
say("clone", copy, state(a), wait(copy), wait(a))
say("persistent", one.image.persistent(copy, True), one.image.info(copy).PERSISTENT)
vm = one.vm.allocate({"TEMPLATE": {"CPU": 0.1, "MEMORY": 64, "DISK": {"IMAGE_ID": copy}}})
say("use", vm, state(copy), list(one.image.info(copy).VMS.ID), one.image.info(copy).RUNNING_VMS)
say("delete what is used", refused(one.image.delete, copy))
one.vm.deploy(vm, 0, False, 0, "")
say("machine", one.vm.info(vm).STATE, one.vm.info(vm).LCM_STATE)
say("snapshots", [one.vm.disksnapshotcreate(vm, 0, name) for name in ("before", "after")])
one.vm.action("terminate-hard", vm)
shown = one.image.info(copy).SNAPSHOTS.SNAPSHOT
say("kept", state(copy), [[snapshot.ID, snapshot.NAME] for snapshot in shown])
one.image.snapshotrevert(copy, 0)
say("revert", wait(copy))
one.image.snapshotflatten(copy, 0)
say("flatten", wait(copy), len(one.image.info(copy).SNAPSHOTS.SNAPSHOT))
say("disable", one.image.enable(a, False), state(a), refused(one.image.clone, a, "no"))
say("enable", one.image.enable(a, True), state(a))
bad = one.image.allocate('NAME="bad"\nTYPE="DATABLOCK"\nSIZE="10"', 1)
say("failure", wait(bad), one.image.info(bad).TEMPLATE["ERROR"])
say("absent", refused(one.image.info, 999))
say("a wrong type", refused(one.image.info, "x"))
say("no such method", refused(one.image.nope, 1))
say("an empty reply", refused(one.image.restore, 999, 1, ""))
say("pool", [image.ID for image in one.imagepool.info(-2, -1, -1).IMAGE])
say("page", [image.ID for image in one.imagepool.info(-1, 0, -2).IMAGE])
for image in (a, copy, bad):
    one.image.delete(image)
say("deleting", state(a))
advance(60)
say("gone", refused(one.image.info, a))
