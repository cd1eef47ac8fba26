"""How Waldur's site agent looks for the image of a model: one JSON line for each question."""

import json
import os
import sys

from waldur_site_agent.backend.exceptions import BackendError
from waldur_site_agent_opennebula.client import OpenNebulaClient

session = f"{os.environ['ONE_USERNAME']}:{os.environ['ONE_PASSWORD']}"
client = OpenNebulaClient(os.environ["ONE_XMLRPC"], session)


def say(what, call, *params):
    try:
        print(json.dumps([what, call(*params)]), flush=True)
    except BackendError as error:
        print(json.dumps([what, str(error)]), flush=True)


for name in sys.argv[1:]:
    say(name, client.resolve_image_id, name)
    if client._get_image_by_name(name) is not None:
        say(f"{name} usable", client._ensure_image_usable, client.resolve_image_id(name))
say("by id", client.resolve_image_id, "7")
say("absent, usable", client._ensure_image_usable, 999)
template = client.one.template.allocate('NAME="engine"\nCPU="1"\nMEMORY="64"\nDISK=[IMAGE_ID="0"]')
say("base disks", client._get_template_base_disks, template)
say(
    "instantiate",
    client.one.template.instantiate,
    template,
    "vm",
    False,
    'DISK=[IMAGE_ID="0"]\nDISK=[IMAGE_ID="1"]',
)
