"""A virtual machine, its disks and its backups, as far as images feel them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lifecycle.cloud.vm_states import VmState
from lifecycle.snapshots import Orphans, Snapshots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.cloud.backups import Backups

OWN_ATTRIBUTES = frozenset(
    {
        *("CLONING_TEMPLATE_ID", "CONTEXT", "CPU", "CPU_COST", "CPU_MODEL", "DISK", "DISK_COST"),
        *("EMULATOR", "FEATURES", "GRAPHICS", "HYPERV_OPTIONS", "INPUT", "IOMMU", "MEMORY"),
        *("MEMORY_COST", "MEMORY_ENCRYPTION", "MEMORY_MAX", "MEMORY_RESIZE_MODE", "MEMORY_SLOTS"),
        *("NIC", "NIC_ALIAS", "NIC_DEFAULT", "NUMA_NODE", "OS", "PCI", "RAW", "SPICE_OPTIONS"),
        *("SUBMIT_ON_HOLD", "TEMPLATE_ID", "TM_MAD_SYSTEM", "TOPOLOGY", "TPM", "VCPU"),
        *("VCPU_MAX", "VIDEO", "VMGROUP"),
    }
)
"""What stands in a machine's own template; the rest is its user's.

Source: ``VirtualMachine::insert`` and ``parse_well_known_attributes``.
"""

HIDDEN_ATTRIBUTES = frozenset({"DEPLOY_ID", "TEMPLATE_NAME", "VMID"})
"""What oned takes out of a template and shows neither here nor there."""


@dataclass(slots=True)
class Disk:
    """One disk of a machine.

    Attributes:
        attributes: as OpenNebula's documents have them, by upper-case names.
        snapshots: the disk's own, or None.
        attaching: whether it is being attached or detached.
        saving: whether it is being saved as an image.
        snapshot: the snapshot of which an operation is pending, or None.
    """

    attributes: dict[str, str]
    snapshots: Snapshots | None = None
    attaching: bool = False
    saving: bool = False
    snapshot: int | None = None

    @property
    def id(self) -> int:
        """DISK_ID."""
        return int(self.attributes["DISK_ID"])

    @property
    def image_id(self) -> int:
        """IMAGE_ID, -1 for a volatile disk."""
        return self.number("IMAGE_ID", -1)

    @property
    def cloning(self) -> bool:
        """Whether the machine waits for its image."""
        return self.yes("CLONING")

    @property
    def volatile(self) -> bool:
        """Whether it is made for the machine and not of an image."""
        return self.get("TYPE").upper() in {"SWAP", "FS"}

    @property
    def persistent(self) -> bool:
        """Whether its image was persistent when it was taken."""
        return self.yes("PERSISTENT")

    @property
    def format(self) -> str:
        """The format of its file; "" where it is not known."""
        return self.get("FORMAT") or self.get("DRIVER")

    @property
    def keeps_snapshots(self) -> bool:
        """Whether its snapshots are written back to the image."""
        return self.get("PERSISTENT_SNAPSHOTS").upper() != "NO"

    @property
    def target(self) -> str:
        """Where the transfer driver puts the disk: NONE, SELF, SYSTEM, or "" if unknown."""
        clone = self.get("CLONE").upper()
        if clone not in {"YES", "NO"}:
            return ""
        return self.get("CLONE_TARGET" if clone == "YES" else "LN_TARGET").upper()

    @property
    def orphans(self) -> Orphans:
        """Whether a snapshot of the disk may outlive the one it was taken on."""
        orphans = Orphans.parse(self.get("ALLOW_ORPHANS") or "NO")
        if orphans is Orphans.FORMAT:
            return Orphans.ALLOW if self.get("FORMAT").lower() == "raw" else Orphans.DENY
        return orphans

    def get(self, name: str) -> str:
        """Give an attribute, "" when there is none."""
        return self.attributes.get(name, "")

    def number(self, name: str, default: int = 0) -> int:
        """Give an attribute as a number."""
        try:
            return int(self.attributes[name])
        except (KeyError, ValueError):
            return default

    def yes(self, name: str) -> bool:
        """Tell whether an attribute says YES."""
        return self.get(name).upper() == "YES"

    @property
    def saved_into(self) -> int:
        """The id of the image that it is being copied into; -1 when none is known, or none yet."""
        return self.number("HOTPLUG_SAVE_AS", -1)

    def stop_saving(self) -> int:
        """End a save-as; give the image that it was for, -1 when no image was known yet."""
        image = self.saved_into
        for name in ("HOTPLUG_SAVE_AS", "HOTPLUG_SAVE_AS_SOURCE", "HOTPLUG_SAVE_AS_SNAPSHOT_ID"):
            self.attributes.pop(name, None)
        self.saving = False
        return image

    def stop_resizing(self) -> None:
        """End a change of size."""
        for name in ("RESIZE", "SIZE_PREV"):
            self.attributes.pop(name, None)

    @property
    def can_be_prepared(self) -> bool:
        """Whether the transfer driver knows enough to bring it to a host."""
        if self.volatile or self.get("TYPE").upper() == "FILESYSTEM":
            return True
        return all(self.get(name) for name in ("SOURCE", "TM_MAD", "DATASTORE_ID", "CLONE"))


@dataclass(slots=True)
class VirtualMachine:
    """A machine.

    Attributes:
        template: its attributes but for the disks, by upper-case names; each
            is a list of texts or of dicts.
        actions: for each record of its history, the action that ended it
            (``STOP``, ``TERMINATE``, ``ATTACH``, … or "").
        on_hold: whether it goes to HOLD when its images are ready.
        host, datastore: where it was sent last, -1 for nowhere yet.
        world: the cloud that it lives in.
    """

    id: int
    name: str
    uid: int
    gid: int
    permissions: int = 0o600
    state: VmState = VmState.INIT
    disks: list[Disk] = field(default_factory=list)
    template: dict[str, list[Any]] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)
    on_hold: bool = False
    deploy_id: str = ""
    stime: int = 0
    etime: int = 0
    error: str = ""
    backups: Backups | None = None
    host: int = -1
    datastore: int = -1
    lock_held: Any = None
    world: Any = None

    def __repr__(self) -> str:
        """Show what a reader asks for first."""
        return f"<VirtualMachine {self.id} {self.name!r} {self.state.name}>"

    def words(self) -> dict[str, object]:
        """Give the values of the placeholders in oned's texts."""
        return {"id": self.id, "name": self.name, "state": self.state.printed}

    def copy(self) -> VirtualMachine:
        """Give a copy for explaining a refusal later; it reads the same cloud."""
        twin = object.__new__(VirtualMachine)
        for slot in VirtualMachine.__slots__:
            setattr(twin, slot, getattr(self, slot))
        twin.disks, twin.actions = list(self.disks), list(self.actions)
        return twin

    @property
    def on_host(self) -> bool:
        """Whether it takes room on its host."""
        return self.state.active or self.state in {VmState.POWEROFF, VmState.SUSPENDED}

    @property
    def has_history(self) -> bool:
        """Whether it was ever sent to a host."""
        return bool(self.actions)

    @property
    def action(self) -> str:
        """The last action, "" when none is noted."""
        return self.actions[-1] if self.actions else ""

    @action.setter
    def action(self, name: str) -> None:
        if self.actions:
            self.actions[-1] = name

    @property
    def previous_action(self) -> str:
        """The last action of the time before this one on a host."""
        return self.actions[-2] if len(self.actions) > 1 else ""

    def disk(self, number: int) -> Disk | None:
        """Give a disk by its id."""
        return next((disk for disk in self.disks if disk.id == number), None)

    def marked(self, what: str) -> Disk | None:
        """Give the disk that is `attaching`, `saving` or has a `snapshot` pending."""
        for disk in self.disks:
            mark = getattr(disk, what)
            if mark is not None and mark is not False:
                return disk
        return None

    def resizing(self) -> Disk | None:
        """Give the disk that is being made larger, or None."""
        return next((disk for disk in self.disks if disk.yes("RESIZE")), None)

    def waits_for(self) -> set[int]:
        """Give the ids of the images that the machine waits for."""
        return {disk.image_id for disk in self.disks if disk.cloning and disk.image_id != -1}

    def image_ids(self) -> Iterable[int]:
        """Give the ids of the images of its disks, in the order of the disks."""
        return [disk.image_id for disk in self.disks if disk.image_id != -1]
