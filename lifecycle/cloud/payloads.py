"""The words that drivers usually answer with."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from lifecycle.cloud.attributes import write

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.drivers import Request

FAILURE = "scripted failure"
"""What a driver usually says of a failure."""

_MD5 = "0" * 32


def usual_payload(cloud: Cloud, request: Request, *, ok: bool) -> str:
    """Give what a driver says in answer to a request when nobody tells it what.

    Args:
        cloud: where it was asked.
        request: what was asked.
        ok: whether the driver succeeded.
    """
    if not ok:
        return FAILURE
    kind = request.role, request.action
    made = _MADE.get(kind)
    if made is not None:
        return made(cloud, request.id)
    return usual_words(*kind).format(id=request.id)


def usual_words(role: str, action: str) -> str:
    """Give what a driver usually says of a success, with ``{id}`` for the object's id.

    "" where it says nothing, or what depends on the cloud.
    """
    return _FIXED.get((role, action), "")


def imported(cloud: Cloud, app_id: int) -> str:
    """Give what a market says of a new app: where it is and what it is like, in base64."""
    app = cloud.apps.get(app_id)
    image = None if app is None else cloud.images.get(app.origin_id)
    attributes = {
        "SOURCE": f"http://market/app-{app_id}",
        "MD5": _MD5,
        "SIZE": 0 if image is None else image.size,
        "FORMAT": "raw" if image is None else image.format or "raw",
    }
    return b64encode(write(attributes).encode("utf-8", "surrogatepass")).decode()


def flattened(cloud: Cloud, image_id: int) -> str:
    """Give what a datastore says when it has merged the oldest increments of a backup.

    As many increments stay as the machine's KEEP_LAST says, all if it says none.
    """
    image = cloud.images.get(image_id)
    vm = None if image is None or not image.vms else cloud.vms.get(min(image.vms))
    if image is None or vm is None or vm.backups is None:
        return ""
    chain = list(image.increments)
    kept = chain[-vm.backups.keep_last :] if vm.backups.keep_last else chain
    if not kept:
        return ""
    merged = sum(int(one.size) for one in chain if one.id <= kept[0].id)
    return f"{merged} {','.join(f'{one.id}:{one.source}' for one in kept)}"


_FIXED = {
    ("ds", "CP"): "/ds/img-{id} raw",
    ("ds", "CLONE"): "/ds/img-{id}",
    ("ds", "MKFS"): "/ds/img-{id}",
    ("ds", "STAT"): "128",
    ("ds", "RESTORE"): "30",
    ("vmm", "DEPLOY"): "one-{id}",
    ("vmm", "BACKUP"): "dummy-backup-id 1024 raw",
}
"""The words by role and action, with a place for the object's id."""

_MADE: dict[tuple[str, str], Callable[[Cloud, int], str]] = {
    ("ds", "INCREMENT_FLATTEN"): flattened,
    ("market", "IMPORT"): imported,
}
"""What makes the words that depend on the cloud."""
