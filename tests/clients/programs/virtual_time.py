"""How a program moves the clock of the cloud that it is tested against."""

import json
import os
from urllib.request import Request, urlopen


def advance(seconds):
    """Let virtual time pass, and have happen what becomes due."""
    request = Request(
        f"{os.environ['LIFECYCLE_CONTROL']}/clock",
        data=json.dumps({"advance": seconds}).encode(),
        headers={
            "Authorization": f"Bearer {os.environ['LIFECYCLE_TOKEN']}",
            "Content-Type": "application/json",
        },
    )
    with urlopen(request) as answer:
        answer.read()
