"""What an administrator types with opennebula-cli, and what it prints: one JSON line a command.

The commands are run one after the other in this process: what they do is the
same, and the second a process costs to start is spent once.
"""

import json

from opennebula_cli.cli.app import app
from typer.testing import CliRunner
from virtual_time import advance


def one(*words):
    """Run a command; give its exit code, and what it prints."""
    done = CliRunner().invoke(app, ["--output", "json", *words], prog_name="one")
    text = done.output.strip()
    try:
        return done.exit_code, json.loads(text)
    except ValueError:
        return done.exit_code, text


def say(what, answer):
    print(json.dumps([what, *answer]), flush=True)


def wait(image):
    """Show an image until the datastore has done its work: 4 is LOCKED."""
    answer = one("image", "show", str(image))
    while answer[0] == 0 and answer[1]["state_id"] == 4:
        advance(1)
        answer = one("image", "show", str(image))
    return answer


def create(name):
    return one("image", "create", "-d", "1", "--name", name, "--type", "DATABLOCK", "--size", "5")


say("empty list", one("image", "list"))
say("create", create("a"))
say("locked", one("image", "show", "0"))
say("ready", wait(0))
say("clone", one("image", "clone", "0", "copy"))
say("source", one("image", "show", "0"))
say("copy", wait(1))
say("persistent", one("image", "persistent", "1"))
say("use", one("vm", "create", "--name", "vm", "--cpu", "1", "--memory", "64", "--disk", "copy"))
say("used", one("image", "show", "1"))
say("owner", one("image", "owner", "1"))
say("delete what is used", one("image", "delete", "1"))
say("deploy", one("vm", "deploy", "0", "0"))
say("snapshot", one("vm", "disk-snapshot-create", "0", "0", "before"))
say("terminate", one("vm", "terminate", "0", "--hard"))
say("revert", one("image", "snapshot-revert", "1", "0"))
say("reverted", wait(1))
say("flatten", one("image", "snapshot-flatten", "1", "0"))
say("flattened", wait(1))
say("disable", one("image", "disable", "0"))
say("disabled", one("image", "show", "0"))
say("clone what is disabled", one("image", "clone", "0", "no"))
say("enable", one("image", "enable", "0"))
say("chmod", one("image", "chmod", "0", "640"))
say("lock", one("image", "lock", "0"))
say("delete what is locked", one("image", "delete", "0"))
say("unlock", one("image", "unlock", "0"))
say("failing create", create("bad"))
say("failure", wait(2))
say("list", one("image", "list"))
say("delete", one("image", "delete", "0"))
say("deleting", one("image", "show", "0"))
advance(60)
say("gone", one("image", "show", "0"))
say("restore", one("image", "restore", "1", "-d", "1"))
