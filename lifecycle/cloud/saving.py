"""A whole cloud as JSON, and back, without loss.

The same form serves to load any situation, also one that no legal history
reaches: whatever is left out has its usual value, counters that are not given
follow from their sets, and nothing is made consistent that was not.
"""

from __future__ import annotations

import json
from dataclasses import fields as fields_of
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.authorization import AclRule
from lifecycle.cloud.backups import Backups
from lifecycle.cloud.codecs import (
    ATTRIBUTES,
    BOOL,
    FLOAT,
    IDS,
    INT,
    STR,
    Codec,
    Fields,
    by_number,
    decode,
    encode,
    enum,
    made_by,
    mapping,
    optional,
    refuse_unknown,
    sequence,
    wrong,
)
from lifecycle.cloud.objects import (
    App,
    AppState,
    AppType,
    Datastore,
    DatastoreType,
    Group,
    Host,
    Market,
    User,
    VmTemplate,
)
from lifecycle.cloud.vm import Disk, VirtualMachine
from lifecycle.cloud.vm_states import VmState
from lifecycle.files import write_file
from lifecycle.image import Image, Lock
from lifecycle.increments import Increments
from lifecycle.refusal import InputError, LifecycleError
from lifecycle.snapshots import Snapshots
from lifecycle.states import ImageState, ImageType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.cloud.pool import Pool

FORMAT = "lifecycle-cloud/1"

_MOST_BYTES = 1024 * 1024 * 1024

_LOCK_FIELDS: Fields = {"level": INT, "owner": INT, "time": INT, "request": INT}


def _lock(value: Any, place: str) -> Lock:
    found = {"owner": 0, "time": 0, "request": -1} | decode(value, _LOCK_FIELDS, place)
    if "level" not in found:
        raise wrong(f"{place}.level", "is missing")
    return Lock(**found)


_LOCK = optional(Codec(lambda lock: encode(lock, _LOCK_FIELDS), _lock))
_SNAPSHOTS = optional(made_by(Snapshots.to_json, Snapshots.from_json, "a set of snapshots"))
_INCREMENTS = made_by(Increments.to_json, Increments.from_json, "a chain of increments")
_BACKUPS = optional(made_by(Backups.to_json, Backups.from_json, "the backups of a machine"))
_QUOTAS = by_number(mapping(INT))

_IMAGE: Fields = {
    "id": INT,
    "name": STR,
    "type": enum(ImageType),
    "is_persistent": BOOL,
    "state": enum(ImageState),
    "prev_state": enum(ImageState),
    "running_vms": INT,
    "vms": IDS,
    "cloning_ops": INT,
    "clones": IDS,
    "app_clones": IDS,
    "cloning_id": INT,
    "target_snapshot": INT,
    "source": STR,
    "path": STR,
    "format": STR,
    "fs": STR,
    "size": INT,
    "disk_type": INT,
    "datastore_id": INT,
    "uid": INT,
    "gid": INT,
    "permissions": INT,
    "lock_held": _LOCK,
    "regtime": INT,
    "modtime": INT,
    "template": ATTRIBUTES,
    "snapshots": _SNAPSHOTS,
    "increments": _INCREMENTS,
    "backup_disk_ids": IDS,
}

_DISK: Fields = {
    "attributes": mapping(STR),
    "snapshots": _SNAPSHOTS,
    "attaching": BOOL,
    "saving": BOOL,
    "snapshot": optional(INT),
}


def _disk(value: Any, place: str) -> Disk:
    found = decode(value, _DISK, place)
    attributes = found.setdefault("attributes", {})
    if not attributes.get("DISK_ID", "").isdigit():
        raise wrong(f"{place}.attributes.DISK_ID", "must be the disk's id, as a text")
    return Disk(**found)


_OWNED: Fields = {
    "id": INT,
    "name": STR,
    "uid": INT,
    "gid": INT,
    "permissions": INT,
    "lock_held": _LOCK,
}
_TEMPLATE: Fields = {"template": ATTRIBUTES}

_VM: Fields = {
    **_OWNED,
    "state": enum(VmState),
    "disks": sequence(Codec(lambda disk: encode(disk, _DISK), _disk)),
    **_TEMPLATE,
    "actions": sequence(STR),
    "on_hold": BOOL,
    "deploy_id": STR,
    "stime": INT,
    "etime": INT,
    "error": STR,
    "backups": _BACKUPS,
    "host": INT,
    "datastore": INT,
}
_USER: Fields = {
    "id": INT,
    "name": STR,
    "password": STR,
    "groups": sequence(INT),
    "driver": STR,
    "enabled": BOOL,
    **_TEMPLATE,
    "quotas": _QUOTAS,
    "permissions": INT,
    "lock_held": _LOCK,
}
_GROUP: Fields = {
    "id": INT,
    "name": STR,
    **_TEMPLATE,
    "quotas": _QUOTAS,
    "permissions": INT,
    "lock_held": _LOCK,
}
_DATASTORE: Fields = {
    **_OWNED,
    "type": enum(DatastoreType),
    "ds_mad": STR,
    "tm_mad": STR,
    "disk_type": INT,
    **_TEMPLATE,
    "total_mb": INT,
    "free_mb": INT,
    "used_mb": INT,
    "enabled": BOOL,
    "images": IDS,
}
_VM_TEMPLATE: Fields = {**_OWNED, **_TEMPLATE, "regtime": INT}
_MARKET: Fields = {**_OWNED, "mad": STR, **_TEMPLATE, "apps": IDS, "enabled": BOOL}
_APP: Fields = {
    **_OWNED,
    "market_id": INT,
    "origin_id": INT,
    "type": enum(AppType),
    "state": enum(AppState),
    "source": STR,
    "md5": STR,
    "size": INT,
    "format": STR,
    "version": STR,
    "description": STR,
    **_TEMPLATE,
    "regtime": INT,
}

_USUAL: dict[type[Any], dict[str, Any]] = {
    VirtualMachine: {"uid": 0, "gid": 0},
    VmTemplate: {"uid": 0, "gid": 0},
    User: {"password": "", "groups": [1]},
    App: {"uid": 0, "gid": 0, "market_id": -1},
}

POOLS: dict[str, tuple[type[Any], Fields]] = {
    "users": (User, _USER),
    "groups": (Group, _GROUP),
    "datastores": (Datastore, _DATASTORE),
    "hosts": (Host, _OWNED),
    "images": (Image, _IMAGE),
    "vms": (VirtualMachine, _VM),
    "templates": (VmTemplate, _VM_TEMPLATE),
    "markets": (Market, _MARKET),
    "apps": (App, _APP),
}

_SETTINGS: Fields = {"capacity_check": BOOL, "next_acl_id": INT, "next_sync_id": INT}
_CLOCK: Fields = {"start": FLOAT, "now": FLOAT}
_ANYTHING = Codec(lambda one: one, lambda one, _: one)
_FORMER: Fields = {"former": by_number(STR)}
_POOL_PARTS: Fields = {"next_id": INT, "objects": sequence(_ANYTHING), **_FORMER}
_RULE: Fields = {"id": INT, "user": INT, "resource": INT, "rights": INT, "zone": INT}


def to_json(cloud: Cloud, *, journal: bool = True) -> dict[str, Any]:
    """Give a whole cloud as a JSON value.

    Args:
        cloud: with nothing under way.
        journal: whether the journal is part of it.

    Raises:
        LifecycleError: the clock holds actions that the cloud did not put there;
            they cannot be written down.
    """
    if cloud.clock.scheduled != len(cloud.drivers.delayed):
        raise LifecycleError("the clock holds actions that were not scheduled by the cloud")
    value: dict[str, Any] = {
        "format": FORMAT,
        "clock": {"start": cloud.clock.start, "now": cloud.clock.now},
        **encode(cloud, _SETTINGS),
        "acl": [rule._asdict() for rule in cloud.acl_rules],
    }
    for name, (_, fields) in POOLS.items():
        pool: Pool[Any] = getattr(cloud, name)
        value[name] = {
            "next_id": pool.next_id,
            "objects": [encode(thing, fields) for thing in pool],
            **(encode(pool, _FORMER) if pool.former else {}),
        }
    value["drivers"] = cloud.drivers.to_json()
    if journal:
        value["journal"] = cloud.journal.to_json()
    return value


def from_json(cloud: Cloud, value: Any) -> None:
    """Make a cloud what a JSON value says; what it leaves out stays as it is.

    A pool is written as ``{"next_id": 4, "objects": […]}``, or just as the list
    of its objects, which then replaces what the pool held.

    Raises:
        InputError: the value is not such a one; the cloud is as it was then.
    """
    if not isinstance(value, dict):
        raise InputError("a cloud must be an object")
    known = ("format", "clock", *_SETTINGS, "acl", *POOLS, "drivers", "journal")
    refuse_unknown(value, known, "")
    if value.get("format", FORMAT) != FORMAT:
        raise wrong("format", f'must be "{FORMAT}"')
    made = {name: _read_pool(name, value[name]) for name in POOLS if name in value}
    settings = decode({name: value[name] for name in _SETTINGS if name in value}, _SETTINGS, "")
    acl = _read_rules(value.get("acl", []))
    start, now = _read_clock(cloud, value.get("clock", {}))
    drivers = _checked(cloud, "drivers", value.get("drivers"))
    entries = _checked(cloud, "journal", value.get("journal"))
    if "clock" in value:
        cloud.clock.reset(start, now)
    for name, (objects, parts) in made.items():
        _fill(cloud, name, objects, parts)
    if "datastores" not in made:
        _tell_datastores(cloud)
    for name, setting in settings.items():
        setattr(cloud, name, setting)
    if "acl" in value:
        cloud.acl_rules = acl
        cloud.next_acl_id = max(cloud.next_acl_id, *(rule.id + 1 for rule in acl), 0)
    if drivers is not None:
        cloud.drivers.restore(drivers)
        cloud.schedule_delayed()
    if entries is not None:
        cloud.journal.restore(entries)


def save(cloud: Cloud, path: str | Path, *, journal: bool = True) -> None:
    """Write a cloud to a file, whole or not at all.

    Raises:
        InputError: the file cannot be written.
    """
    text = json.dumps(to_json(cloud, journal=journal), ensure_ascii=False, indent=1)
    write_file(path, text + "\n")


def read(path: str | Path) -> Any:
    """Read the JSON value of a file.

    Raises:
        InputError: the file cannot be read, or is not JSON.
    """
    source = Path(path)
    try:
        if source.stat().st_size > _MOST_BYTES:
            raise InputError("is larger than 1 GiB", file=str(path))
        return json.loads(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from error
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg}", file=str(path), line=error.lineno) from error
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise InputError(f"not JSON: {error}", file=str(path)) from error


def _read_pool(name: str, value: Any) -> tuple[list[Any], dict[str, Any]]:
    if isinstance(value, list):
        value = {"objects": value}
    parts = decode(value, _POOL_PARTS, name)
    kind, fields = POOLS[name]
    objects, seen = [], set()
    for number, one in enumerate(parts.get("objects", [])):
        place = f"{name}[{number}]"
        thing = _READERS.get(kind, _dataclass)(kind, decode(one, fields, place), place)
        if thing.id < 0:
            raise wrong(f"{place}.id", "must be 0 or more")
        if thing.id in seen:
            raise wrong(f"{place}.id", f"{thing.id} is there twice")
        seen.add(thing.id)
        objects.append(thing)
    if kind is User and 0 not in seen:
        raise wrong(name, "must hold oneadmin, with the id 0")
    return objects, parts


def _dataclass(kind: type[Any], found: dict[str, Any], place: str) -> Any:
    _require(found, ("id",), place)
    found = {"name": f"{kind.__name__.lower()}-{found['id']}"} | _USUAL.get(kind, {}) | found
    if kind is User and not found["groups"]:
        raise wrong(f"{place}.groups", "must not be empty; the first is the primary group")
    known = {one.name for one in fields_of(kind)}
    return kind(**{name: one for name, one in found.items() if name in known})


def _image(_: type[Any], found: dict[str, Any], place: str) -> Image:
    _require(found, ("id",), place)
    image = Image(found["id"], f"image-{found['id']}", state=ImageState.READY)
    for name, one in found.items():
        setattr(image, name, one)
    if "prev_state" not in found:
        image.prev_state = image.state
    if "running_vms" not in found:
        image.running_vms = len(image.vms)
    if "cloning_ops" not in found:
        image.cloning_ops = len(image.clones) + len(image.app_clones)
    return image


_READERS: dict[type[Any], Callable[[type[Any], dict[str, Any], str], Any]] = {Image: _image}


def _require(found: dict[str, Any], names: Iterable[str], place: str) -> None:
    for name in names:
        if name not in found:
            raise wrong(f"{place}.{name}", "is missing")


def _read_rules(value: Any) -> list[AclRule]:
    rules = sequence(_ANYTHING).decode(value, "acl")
    return [AclRule(**_complete_rule(rule, place)) for place, rule in enumerate(rules)]


def _read_clock(cloud: Cloud, value: Any) -> tuple[float, float]:
    given = decode(value, _CLOCK, "clock")
    start = given.get("start", cloud.clock.start)
    now = given.get("now", max(start, cloud.clock.now))
    if now < start:
        raise wrong("clock.now", "must not be before clock.start")
    return start, now


def _complete_rule(value: Any, place: int) -> dict[str, Any]:
    found = decode(value, _RULE, f"acl[{place}]")
    _require(found, [name for name in _RULE if name != "zone"], f"acl[{place}]")
    return found


def _checked(cloud: Cloud, name: str, value: Any) -> Any:
    """Try a part on an object of its own first, so that a wrong one changes nothing."""
    if value is None:
        return None
    part = type(getattr(cloud, name))()
    made_by(lambda one: one, part.restore, f"what a cloud writes as its {name}").decode(value, name)
    return value


def _fill(cloud: Cloud, name: str, objects: list[Any], parts: dict[str, Any]) -> None:
    pool: Pool[Any] = getattr(cloud, name)
    pool.clear()
    for thing in objects:
        if isinstance(thing, Image | VirtualMachine):
            thing.world = cloud
        pool.add(thing)
    pool.next_id = max(pool.next_id, parts.get("next_id", 0))
    pool.former.update(parts.get("former", {}))


def _tell_datastores(cloud: Cloud) -> None:
    """Have the datastores of a fresh cloud hold the images that were loaded."""
    for image in cloud.images:
        datastore = cloud.datastores.get(image.datastore_id)
        if datastore is not None:
            datastore.images.add(image.id)
