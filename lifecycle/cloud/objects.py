"""What else lives in a cloud besides images and machines.

Sources: ``include/User.h``, ``Datastore.h``, ``MarketPlaceApp.h`` and others
of OpenNebula 7.4.0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifecycle.image import Lock


class DatastoreType(IntEnum):
    """The type of a datastore; its value is OpenNebula's number."""

    IMAGE_DS = 0
    SYSTEM_DS = 1
    FILE_DS = 2
    BACKUP_DS = 3


class AppState(IntEnum):
    """The state of a marketplace app; its value is OpenNebula's number."""

    INIT = 0
    READY = 1
    LOCKED = 2
    ERROR = 3
    DISABLED = 4


class AppType(IntEnum):
    """The type of a marketplace app; its value is OpenNebula's number."""

    UNKNOWN = 0
    IMAGE = 1
    VMTEMPLATE = 2
    SERVICE_TEMPLATE = 3


@dataclass(slots=True)
class User:
    """A user; the first of its groups is its primary one."""

    id: int
    name: str
    password: str
    groups: list[int]
    driver: str = "core"
    enabled: bool = True
    template: dict[str, Any] = field(default_factory=dict)
    quotas: dict[int, dict[str, int]] = field(default_factory=dict)

    uid: int = 0
    permissions: int = 0o600
    lock_held: Lock | None = None

    def __post_init__(self) -> None:
        """A user is owned by itself."""
        self.uid = self.id

    @property
    def gid(self) -> int:
        """The primary group."""
        return self.groups[0]


def new_token(user: int) -> dict[str, Any]:
    """Give the attributes that a new user has: a password for tokens, which follows from its id.

    In oned it is random.
    """
    return {"TOKEN_PASSWORD": sha256(f"token of user {user}".encode()).hexdigest()}


@dataclass(slots=True)
class Group:
    """A group of users."""

    id: int
    name: str
    template: dict[str, Any] = field(default_factory=dict)
    quotas: dict[int, dict[str, int]] = field(default_factory=dict)

    uid: int = 0
    permissions: int = 0o040
    lock_held: Lock | None = None

    @property
    def gid(self) -> int:
        """A group belongs to itself."""
        return self.id


@dataclass(slots=True)
class Datastore:
    """A datastore; capacities in MB.

    Attributes:
        disk_type: OpenNebula's number of the type of its disks (0 FILE, 2
            BLOCK, 3 RBD, …).
        images: the ids of the images in it.
    """

    id: int
    name: str
    type: DatastoreType = DatastoreType.IMAGE_DS
    ds_mad: str = "fs"
    tm_mad: str = "ssh"
    uid: int = 0
    gid: int = 0
    permissions: int = 0o640
    disk_type: int = 0
    template: dict[str, Any] = field(default_factory=dict)
    total_mb: int = 0
    free_mb: int = 0
    used_mb: int = 0
    enabled: bool = True
    images: set[int] = field(default_factory=set)
    lock_held: Lock | None = None


@dataclass(slots=True)
class Host:
    """A host that machines are deployed to."""

    id: int
    name: str
    uid: int = 0
    gid: int = 0
    permissions: int = 0o600
    lock_held: Lock | None = None


@dataclass(slots=True)
class Cluster:
    """A cluster of hosts and datastores; all that there are belong to the first one."""

    id: int
    name: str
    uid: int = 0
    gid: int = 0
    permissions: int = 0o600
    lock_held: Lock | None = None


@dataclass(slots=True)
class Zone:
    """A zone, with the addresses under which its daemon is called."""

    id: int
    name: str
    endpoint: str = "http://localhost:2633/RPC2"
    endpoint_grpc: str = "localhost:2634"
    uid: int = 0
    gid: int = 0
    permissions: int = 0o644
    lock_held: Lock | None = None


@dataclass(slots=True)
class VmTemplate:
    """A template of machines."""

    id: int
    name: str
    uid: int
    gid: int
    permissions: int = 0o600
    template: dict[str, list[Any]] = field(default_factory=dict)
    regtime: int = 0
    lock_held: Lock | None = None


@dataclass(slots=True)
class Market:
    """A marketplace."""

    id: int
    name: str
    uid: int = 0
    gid: int = 0
    permissions: int = 0o644
    mad: str = "http"
    template: dict[str, Any] = field(default_factory=dict)
    apps: set[int] = field(default_factory=set)
    enabled: bool = True
    lock_held: Lock | None = None


@dataclass(slots=True)
class App:
    """An app of a marketplace; size in MB."""

    id: int
    name: str
    uid: int
    gid: int
    market_id: int
    origin_id: int = -1
    type: AppType = AppType.IMAGE
    state: AppState = AppState.INIT
    permissions: int = 0o600
    source: str = ""
    md5: str = ""
    size: int = 0
    format: str = ""
    version: str = "0.0"
    description: str = ""
    template: dict[str, Any] = field(default_factory=dict)
    regtime: int = 0
    lock_held: Lock | None = None
