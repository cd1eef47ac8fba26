"""The quotas of users and groups on what a datastore holds of theirs.

Source: ``src/um/QuotaDatastore.cc`` of OpenNebula 7.4.0. What is used is
counted from the images when it is asked for, so it cannot go wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.attributes import multiple, parse
from lifecycle.refusal import AuthorizationRefused

if TYPE_CHECKING:
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.objects import Group, User
    from lifecycle.cloud.template_text import Value
    from lifecycle.image import Image

_LIMITS = ("SIZE", "IMAGES")
_UNLIMITED = (-1, -2)


def parse_quotas(text: str) -> dict[int, dict[str, int]]:
    """Read ``DATASTORE = [ ID = 1, SIZE = 20, IMAGES = 4 ]``, by datastore.

    Raises:
        ParseError: the text is no template.
    """
    quotas: dict[int, dict[str, int]] = {}
    values: list[Value] = multiple(parse(text)).get("DATASTORE", [])
    for value in values:
        if isinstance(value, dict) and value.get("ID", "").isdigit():
            limits = {name: int(value[name]) for name in _LIMITS if _is_number(value.get(name, ""))}
            quotas[int(value["ID"])] = limits
    return quotas


def check_quota(cloud: Cloud, uid: int, gid: int, datastore: int, size: int) -> None:
    """Let a new image of some size (MB) pass, unless its owner's or group's quota is reached.

    Raises:
        AuthorizationRefused: a limit is reached, or the size is negative.
    """
    user, group = cloud.users.get(uid), cloud.groups.get(gid)
    for word, holder, number in (("user", user, uid), ("group", group, gid)):
        if number <= 0 or holder is None:
            continue
        if size < 0:
            raise AuthorizationRefused(
                f"{word} [{number}] Image size must be a positive integer value",
                operation="quota",
            )
        _check(cloud, word, holder, datastore, size)


def _check(cloud: Cloud, word: str, holder: User | Group, datastore: int, size: int) -> None:
    limits = holder.quotas.get(datastore)
    if not limits:
        return
    used = {"SIZE": size, "IMAGES": 1}
    for image in cloud.images:
        if image.datastore_id == datastore and holder.id == (
            image.uid if word == "user" else image.gid
        ):
            used["SIZE"] += size_of(image)
            used["IMAGES"] += 1
    for name in _LIMITS:
        limit = limits.get(name, -1)
        if limit not in _UNLIMITED and used[name] > limit:
            raise AuthorizationRefused(
                f"{word} [{holder.id}] limit of {limit} reached for {name} quota in DATASTORE"
                f" with ID: {datastore}",
                operation="quota",
            )


def size_of(image: Image) -> int:
    """Give what an image takes of a quota: its size and that of its snapshots, in MB."""
    return image.size + (0 if image.snapshots is None else image.snapshots.total_size)


def _is_number(text: str) -> bool:
    return text.lstrip("+-").isdigit()
