"""The snapshots of an image or of a machine's disk.

Source: ``src/vm/Snapshots.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Orphans(Enum):
    """ALLOW_ORPHANS: whether a snapshot may outlive the one it was taken on."""

    DENY = "NO"
    ALLOW = "YES"
    FORMAT = "FORMAT"
    MIXED = "MIXED"
    LINEAR = "LINEAR"

    @classmethod
    def parse(cls, text: str) -> Orphans:
        """Read OpenNebula's word, in any case; an unknown one means DENY."""
        try:
            return cls(text.upper())
        except ValueError:
            return cls.DENY


@dataclass(slots=True)
class Snapshot:
    """One snapshot; size in MB, date in seconds since the epoch, parent -1 for none."""

    id: int
    name: str
    size: int
    date: int
    parent: int
    children: tuple[int, ...] = ()
    active: bool = False


class Snapshots:
    """A set of snapshots, some of which may depend on others.

    Attributes:
        cleared: whether it is what oned leaves when it clears a set
            (``Snapshots::clear``): empty, and without any attributes.
    """

    __slots__ = ("_by_id", "cleared", "current_base", "next_id", "orphans")

    def __init__(
        self, orphans: Orphans = Orphans.DENY, next_id: int = 0, current_base: int = -1
    ) -> None:
        """Begin an empty set."""
        self.orphans = orphans
        self.next_id = next_id
        self.current_base = current_base
        self.cleared = False
        self._by_id: dict[int, Snapshot] = {}

    @classmethod
    def none_left(cls) -> Snapshots:
        """Give what is left of a set that is cleared."""
        made = cls()
        made.cleared = True
        return made

    def __len__(self) -> int:
        """Count the snapshots."""
        return len(self._by_id)

    def __iter__(self) -> Iterator[Snapshot]:
        """Go through the snapshots by ascending id."""
        return iter([self._by_id[key] for key in sorted(self._by_id)])

    def __contains__(self, snapshot: object) -> bool:
        """Tell whether there is a snapshot with that id."""
        return snapshot in self._by_id

    def __eq__(self, other: object) -> bool:
        """Compare all that there is to a set of snapshots."""
        return isinstance(other, Snapshots) and self.to_json() == other.to_json()

    __hash__ = None  # type: ignore[assignment]  # a mutable value, like a list

    def copy(self) -> Snapshots:
        """Give an independent copy."""
        twin = Snapshots(self.orphans, self.next_id, self.current_base)
        twin.cleared = self.cleared
        twin._by_id = {key: replace(one) for key, one in self._by_id.items()}
        return twin

    def size(self, snapshot: int) -> int:
        """Give the size of one snapshot in MB, 0 where there is none."""
        return self._by_id[snapshot].size if snapshot in self._by_id else 0

    @property
    def total_size(self) -> int:
        """The size of all snapshots together, in MB."""
        return sum(one.size for one in self._by_id.values())

    @property
    def active_id(self) -> int:
        """The id of the active snapshot, -1 when none is."""
        return next((one.id for one in self._by_id.values() if one.active), -1)

    def active(self, snapshot: int) -> bool:
        """Tell whether a snapshot is the active one."""
        return snapshot in self._by_id and self._by_id[snapshot].active

    def has_children(self, snapshot: int) -> bool:
        """Tell whether other snapshots were taken on this one."""
        return snapshot in self._by_id and bool(self._by_id[snapshot].children)

    def create(self, name: str, size: int, date: int) -> int:
        """Add a snapshot of some size (MB) and give its id."""
        parent = {Orphans.DENY: self.active_id, Orphans.MIXED: self.current_base}.get(
            self.orphans, -1
        )
        number = self.next_id
        self.cleared = False
        self._by_id[number] = Snapshot(number, name, size, date, parent)
        if parent in self._by_id:
            self._by_id[parent].children += (number,)
        self.next_id += 1
        return number

    def activate(self, snapshot: int, *, revert: bool) -> None:
        """Make a snapshot the active one; one that does not exist changes nothing."""
        if snapshot not in self._by_id or snapshot == self.active_id:
            return
        if self.orphans is Orphans.MIXED:
            if not revert:
                return
            self.current_base = snapshot
        for one in self._by_id.values():
            one.active = one.id == snapshot

    def rename(self, snapshot: int, name: str) -> None:
        """Give a snapshot another name."""
        self._by_id[snapshot].name = name

    def delete(self, snapshot: int) -> None:
        """Remove a snapshot; in a tree, its only child moves to its parent."""
        gone = self._by_id.get(snapshot)
        if gone is None:
            return
        parent = self._by_id.get(gone.parent)
        if self.orphans in {Orphans.DENY, Orphans.MIXED} and parent is not None:
            children = set(parent.children) - {snapshot}
            if len(gone.children) == 1:
                heir = gone.children[0]
                children.add(heir)
                if heir in self._by_id:
                    self._by_id[heir].parent = parent.id
            parent.children = tuple(sorted(children))
            if gone.active:
                parent.active = True
        del self._by_id[snapshot]

    def delete_younger(self, snapshot: int) -> None:
        """Remove all snapshots with a higher id."""
        for number in [number for number in self._by_id if number > snapshot]:
            self.delete(number)

    def objection(self, snapshot: int, *, persistent: bool) -> str:
        """Say in oned's words why a machine may not delete a snapshot of its disk, or "".

        Source: ``Snapshots::test_delete``.
        """
        one = self._by_id.get(snapshot)
        if one is None:
            return "Snapshot does not exist"
        if self.orphans is Orphans.MIXED:
            if one.active:
                return "Cannot delete the active snapshot"
            return "Cannot delete snapshot with children" if one.children else ""
        if self.orphans is Orphans.FORMAT:
            return "Inconsistent snapshot orphan mode"
        if self.orphans is Orphans.ALLOW:
            return ""
        return self._objection_in_line(one, persistent=persistent)

    def _objection_in_line(self, one: Snapshot, *, persistent: bool) -> str:
        if persistent and one.id == 0:
            return "Cannot delete snapshot 0 for persistent disk images"
        if len(one.children) > 1:
            return "Cannot delete snapshot with more than one children"
        if not one.children:
            return ""
        if one.active:
            return "Cannot delete the active snapshot with children"
        return self._objection_of_family(one)

    def _objection_of_family(self, one: Snapshot) -> str:
        child = self._by_id.get(one.children[0])
        if child is not None and (
            len(child.children) > 1 or (len(child.children) == 1 and child.active)
        ):
            return "Cannot delete snapshot if child has children"
        parent = self._by_id.get(one.parent)
        if parent is not None and len(parent.children) > 1:
            return "Cannot delete snapshot if parent has more than one child"
        return ""

    def attributes(self) -> list[dict[str, str]]:
        """Give each snapshot's attributes as OpenNebula's documents have them, without DATE."""
        rows = []
        for one in self:
            row = {"ID": str(one.id), "PARENT": str(one.parent), "SIZE": str(one.size)}
            if one.name:
                row["NAME"] = one.name
            if one.children:
                row["CHILDREN"] = ",".join(map(str, one.children))
            if one.active:
                row["ACTIVE"] = "YES"
            rows.append(row)
        return rows

    def to_json(self) -> dict[str, Any]:
        """Give all of it as a JSON value."""
        return {
            "orphans": self.orphans.value,
            "next_id": self.next_id,
            "current_base": self.current_base,
            "snapshots": [asdict(one) | {"children": list(one.children)} for one in self],
            **({"cleared": True} if self.cleared else {}),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Snapshots:
        """Make a set again out of what `to_json` gave.

        Raises:
            KeyError, TypeError, ValueError: the value is not such a one.
        """
        made = cls(Orphans(value["orphans"]), value["next_id"], value["current_base"])
        made.cleared = value.get("cleared", False) is True
        for row in value["snapshots"]:
            one = Snapshot(**(row | {"children": tuple(row["children"])}))
            made._by_id[one.id] = one
        return made
