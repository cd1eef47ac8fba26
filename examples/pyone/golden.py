"""Replaces a golden image by a new one: the script that test_golden.py tests.

The new image is made beside the old one, and takes its name when it is READY.
Machines that use the old one keep it; it is deleted if nobody uses it.
"""

import os
import sys
import time
from pathlib import Path

import pyone

DATASTORE = 1
READY, ERROR = pyone.IMAGE_STATES.READY, pyone.IMAGE_STATES.ERROR


class RefreshError(Exception):
    """When the new image does not come to be; the old one is as it was."""


def connect():
    """Connect as OpenNebula's own tools do: by ONE_XMLRPC and ONE_AUTH."""
    session = Path(os.environ["ONE_AUTH"]).read_text("utf-8").strip()
    return pyone.OneServer(os.environ["ONE_XMLRPC"], session=session)


def find(one, name):
    """Give the image of a name, or None."""
    pool = one.imagepool.info(-2, -1, -1, -1)
    return next((image for image in pool.IMAGE if name == image.NAME), None)


def refresh(one, name, path, *, patience=600, pause=1.0):
    """Replace the image of a name by a copy of a file, and give its id."""
    made = one.image.allocate(f'NAME="{name}.new"\nPATH="{path}"', DATASTORE)
    try:
        wait(one, made, patience, pause)
    except RefreshError:
        one.image.delete(made)
        raise
    old = find(one, name)
    if old is not None:
        one.image.rename(old.ID, f"{name}.old-{old.ID}")
    one.image.rename(made, name)
    if old is not None and old.RUNNING_VMS == 0:
        one.image.delete(old.ID)
    return made


def wait(one, image, patience, pause):
    """Wait until an image is READY."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        seen = one.image.info(image)
        if seen.STATE == READY:
            return
        if seen.STATE == ERROR:
            raise RefreshError(seen.TEMPLATE["ERROR"])
        time.sleep(pause)
    raise RefreshError(f"image {image} is not READY after {patience} s")


if __name__ == "__main__":
    print(refresh(connect(), *sys.argv[1:3]))
