"""Documents of a real cloud, and small ones to be changed."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "data" / "documents"
IMAGES, MACHINES, APP = (FOLDER / f"{name}.xml" for name in ("images", "machines", "app"))

_FIELDS = {
    "ID": 0,
    "UID": 0,
    "GID": 0,
    "NAME": "debian",
    "TYPE": 0,
    "PERSISTENT": 0,
    "REGTIME": 1795444460,
    "MODTIME": 1795444460,
    "SOURCE": "/ds/debian",
    "PATH": "",
    "FORMAT": "raw",
    "SIZE": 10,
    "STATE": 1,
    "PREV_STATE": 1,
    "RUNNING_VMS": 0,
    "CLONING_OPS": 0,
    "CLONING_ID": -1,
    "TARGET_SNAPSHOT": -1,
    "DATASTORE_ID": 1,
    "VMS": "",
    "CLONES": "",
    "APP_CLONES": "",
    "TEMPLATE": "",
    "SNAPSHOTS": "",
}


def image_document(**fields: object) -> str:
    """Give a pool of one image that is READY; a field that is None is left out."""
    text = "".join(
        f"<{name}>{value}</{name}>"
        for name, value in (_FIELDS | fields).items()
        if value is not None
    )
    return f"<IMAGE_POOL><IMAGE>{text}</IMAGE></IMAGE_POOL>"
