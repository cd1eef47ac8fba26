"""Every operation of the image table as a method that editors and type checkers can see.

The methods are the static face of :mod:`lifecycle.operations`; a test holds
them against the table. What each does, state by state, stands in
:mod:`lifecycle.image_table`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.image import LockRequest, Template
    from lifecycle.machine import LeanEvent
    from lifecycle.snapshots import Snapshots


class _Events(dict[str, "LeanEvent"]):
    """The events of the machine of all images by the name of their operation.

    The machine is most of what the package costs to import, and an image can be
    made and looked at without it: it is built when the first event is asked for.
    """

    def __missing__(self, operation: str) -> LeanEvent:
        """Build the machine; from then on every operation is there."""
        from lifecycle.image_machine import IMAGE_EVENTS  # noqa: PLC0415 - only when needed

        self.update(IMAGE_EVENTS)
        return IMAGE_EVENTS[operation]


EVENTS = _Events()
"""The events of the machine of all images, to be asked for by name."""


class ImageTriggers:
    """The operations on an image.

    Each returns True when it was done, and False when oned ignores it. Each
    raises `Refused` when oned refuses it, and `GoneError` when the image is
    gone.
    """

    __slots__ = ()
    state: Any
    world: Any

    if TYPE_CHECKING:

        def words(self) -> dict[str, object]:
            """Give the values of the placeholders in oned's texts."""

        def copy(self) -> Any:
            """Give an independent copy."""

    def legal(self) -> tuple[str, ...]:
        """Name the operations that would be accepted now, whatever they may carry."""
        from lifecycle.image_table import IMAGE_TABLE  # noqa: PLC0415 - only when needed
        from lifecycle.machine import legal  # noqa: PLC0415 - only when needed

        return legal(IMAGE_TABLE, self)

    def allocate(self) -> bool:
        """A new image is registered: copied, formatted, or taken as it is from a SOURCE."""
        return EVENTS["allocate"].fire(self, None)

    def allocate_clone(self) -> bool:
        """The record of a copy is made, which the datastore is asked to fill."""
        return EVENTS["allocate_clone"].fire(self, None)

    def allocate_save_as(self) -> bool:
        """The record is made into which the disk of a machine will be copied."""
        return EVENTS["allocate_save_as"].fire(self, None)

    def allocate_backup(self, vm: int) -> bool:
        """A backup of a machine ended well and is registered.

        Args:
            vm: the id of the machine that it is a backup of.
        """
        return EVENTS["allocate_backup"].fire(self, vm)

    def enable(self) -> bool:
        """The image may be used again."""
        return EVENTS["enable"].fire(self, None)

    def disable(self) -> bool:
        """No new machine may take the image."""
        return EVENTS["disable"].fire(self, None)

    def persistent(self) -> bool:
        """Machines will write into the image itself."""
        return EVENTS["persistent"].fire(self, None)

    def nonpersistent(self) -> bool:
        """Machines will work on copies of the image."""
        return EVENTS["nonpersistent"].fire(self, None)

    def chtype(self, name: str) -> bool:
        """The type changes within its family.

        Args:
            name: the new type, in any case.
        """
        return EVENTS["chtype"].fire(self, name)

    def lock(self, request: LockRequest) -> bool:
        """The record is locked against calls (this is LOCK, not a state).

        Args:
            request: the level, and who asks.
        """
        return EVENTS["lock"].fire(self, request)

    def unlock(self, owner: int = -1) -> bool:
        """The lock on the record is taken off.

        Args:
            owner: the uid that asks, -1 for an administrator.
        """
        return EVENTS["unlock"].fire(self, owner)

    def rename(self, name: str) -> bool:
        """The name changes.

        Args:
            name: the new name.
        """
        return EVENTS["rename"].fire(self, name)

    def chown(self, owner: tuple[int | None, int | None]) -> bool:
        """The owner or the group changes.

        Args:
            owner: uid and gid; None keeps what there is.
        """
        return EVENTS["chown"].fire(self, owner)

    def chmod(self, permissions: int) -> bool:
        """The permissions change.

        Args:
            permissions: nine bits, owner USE first, as in ``0o600``.
        """
        return EVENTS["chmod"].fire(self, permissions)

    def update(self, template: Template) -> bool:
        """The attributes of the template change.

        Args:
            template: all attributes, in their new form.
        """
        return EVENTS["update"].fire(self, template)

    def delete(self) -> bool:
        """The image goes: at once without a SOURCE, else when the datastore has removed it."""
        return EVENTS["delete"].fire(self, None)

    def force(self) -> bool:
        """FORCE_DELETE is written, before a forced delete looks at anything else."""
        return EVENTS["force"].fire(self, None)

    def delete_force(self) -> bool:
        """FORCE_DELETE is written, and then the image goes, even from LOCKED.

        The mark stays when the delete is refused.
        """
        EVENTS["force"].fire(self, None)
        return EVENTS["delete_force"].fire(self, None)

    def snapshot_delete(self, snapshot: int) -> bool:
        """The datastore is asked to remove a snapshot.

        Args:
            snapshot: its id.
        """
        return EVENTS["snapshot_delete"].fire(self, snapshot)

    def snapshot_revert(self, snapshot: int) -> bool:
        """The datastore is asked to go back to a snapshot.

        Args:
            snapshot: its id.
        """
        return EVENTS["snapshot_revert"].fire(self, snapshot)

    def snapshot_flatten(self, snapshot: int) -> bool:
        """The datastore is asked to merge all snapshots into the image.

        Args:
            snapshot: its id.
        """
        return EVENTS["snapshot_flatten"].fire(self, snapshot)

    def clone(self, clone: int) -> bool:
        """The image becomes the source of a copy.

        Args:
            clone: the id of the image that is the copy.
        """
        return EVENTS["clone"].fire(self, clone)

    def clone_released(self, clone: int) -> bool:
        """A copy of this image ended, well or badly, or its target was deleted.

        Args:
            clone: the id of the image that is the copy.
        """
        return EVENTS["clone_released"].fire(self, clone)

    def export(self, app: int) -> bool:
        """The image becomes the source of a marketplace app.

        Args:
            app: the id of the marketplace app.
        """
        return EVENTS["export"].fire(self, app)

    def export_released(self, app: int) -> bool:
        """The export into an app ended, or the app was deleted.

        Args:
            app: the id of the marketplace app.
        """
        return EVENTS["export_released"].fire(self, app)

    def acquire(self, vm: int) -> bool:
        """A machine that is being created takes the image as a disk.

        Args:
            vm: the id of the machine.
        """
        return EVENTS["acquire"].fire(self, vm)

    def attach(self, vm: int) -> bool:
        """The image is attached as a disk to a machine that exists.

        Args:
            vm: the id of the machine.
        """
        return EVENTS["attach"].fire(self, vm)

    def release(self, vm: int) -> bool:
        """A machine lets the image go in good order.

        Args:
            vm: the id of the machine.
        """
        return EVENTS["release"].fire(self, vm)

    def release_failed(self, vm: int) -> bool:
        """A machine is wiped while it was active, and lets the image go as failed.

        Args:
            vm: the id of the machine.
        """
        return EVENTS["release_failed"].fire(self, vm)

    def write_snapshots(self, snapshots: Snapshots | None) -> bool:
        """The snapshots of a machine's disk are written back to its persistent image.

        Args:
            snapshots: the disk's; None, or an empty set, clears them.
        """
        return EVENTS["write_snapshots"].fire(self, snapshots)

    def write_size(self, size: int) -> bool:
        """The size of a machine's disk is written back to its persistent image.

        Args:
            size: in MB.
        """
        return EVENTS["write_size"].fire(self, size)

    def save_as_formatted(self, format_: str) -> bool:
        """The format of the disk that is being saved is written into its target.

        Args:
            format_: the disk's FORMAT.
        """
        return EVENTS["save_as_formatted"].fire(self, format_)

    def save_as_lost(self, text: str) -> bool:
        """The machine whose disk is being saved is gone or cannot save any more.

        Args:
            text: the ERROR text.
        """
        return EVENTS["save_as_lost"].fire(self, text)

    def save_as_wiped(self) -> bool:
        """The machine was wiped while its disk was being copied into this image."""
        return EVENTS["save_as_wiped"].fire(self, None)

    def save_as_success(self) -> bool:
        """The transfer driver has copied the disk into this image."""
        return EVENTS["save_as_success"].fire(self, None)

    def save_as_failure(self) -> bool:
        """The transfer driver could not copy the disk into this image."""
        return EVENTS["save_as_failure"].fire(self, None)

    def backup_disks(self, disks: Iterable[int]) -> bool:
        """The disks that a backup holds are noted.

        Args:
            disks: the ids of the disks.
        """
        return EVENTS["backup_disks"].fire(self, disks)

    def add_increment(self, increment: tuple[str, int, str, int]) -> bool:
        """One more increment is added to a backup.

        Args:
            increment: SOURCE, SIZE in MB, FULL or INCREMENT, DATE in seconds since the epoch.
        """
        return EVENTS["add_increment"].fire(self, increment)

    def flatten_increments(self) -> bool:
        """The datastore is asked to merge the oldest increments of a backup."""
        return EVENTS["flatten_increments"].fire(self, None)

    def cp_success(self, payload: str = "") -> bool:
        """The file was copied into the datastore.

        Args:
            payload: the driver's words.
        """
        return EVENTS["cp_success"].fire(self, payload)

    def cp_failure(self, payload: str = "") -> bool:
        """The file could not be copied into the datastore.

        Args:
            payload: the driver's words.
        """
        return EVENTS["cp_failure"].fire(self, payload)

    def mkfs_success(self, payload: str = "") -> bool:
        """The empty disk was made.

        Args:
            payload: the driver's words.
        """
        return EVENTS["mkfs_success"].fire(self, payload)

    def mkfs_failure(self, payload: str = "") -> bool:
        """The empty disk could not be made.

        Args:
            payload: the driver's words.
        """
        return EVENTS["mkfs_failure"].fire(self, payload)

    def clone_success(self, payload: str = "") -> bool:
        """The copy of another image is complete.

        Args:
            payload: the driver's words.
        """
        return EVENTS["clone_success"].fire(self, payload)

    def clone_failure(self, payload: str = "") -> bool:
        """The copy of another image failed.

        Args:
            payload: the driver's words.
        """
        return EVENTS["clone_failure"].fire(self, payload)

    def rm_success(self, payload: str = "") -> bool:
        """The file was removed from the datastore.

        Args:
            payload: the driver's words.
        """
        return EVENTS["rm_success"].fire(self, payload)

    def rm_failure(self, payload: str = "") -> bool:
        """The file could not be removed from the datastore.

        Args:
            payload: the driver's words.
        """
        return EVENTS["rm_failure"].fire(self, payload)

    def snap_delete_success(self, payload: str = "") -> bool:
        """The snapshot was removed.

        Args:
            payload: the driver's words.
        """
        return EVENTS["snap_delete_success"].fire(self, payload)

    def snap_delete_failure(self, payload: str = "") -> bool:
        """The snapshot could not be removed.

        Args:
            payload: the driver's words.
        """
        return EVENTS["snap_delete_failure"].fire(self, payload)

    def snap_revert_success(self, payload: str = "") -> bool:
        """The image went back to the snapshot.

        Args:
            payload: the driver's words.
        """
        return EVENTS["snap_revert_success"].fire(self, payload)

    def snap_revert_failure(self, payload: str = "") -> bool:
        """The image could not go back to the snapshot.

        Args:
            payload: the driver's words.
        """
        return EVENTS["snap_revert_failure"].fire(self, payload)

    def snap_flatten_success(self, payload: str = "") -> bool:
        """The snapshots were merged.

        Args:
            payload: the driver's words.
        """
        return EVENTS["snap_flatten_success"].fire(self, payload)

    def snap_flatten_failure(self, payload: str = "") -> bool:
        """The snapshots could not be merged.

        Args:
            payload: the driver's words.
        """
        return EVENTS["snap_flatten_failure"].fire(self, payload)

    def increment_flatten_success(self, payload: str = "") -> bool:
        """The oldest increments were merged.

        Args:
            payload: the driver's words.
        """
        return EVENTS["increment_flatten_success"].fire(self, payload)

    def increment_flatten_failure(self, payload: str = "") -> bool:
        """The oldest increments could not be merged.

        Args:
            payload: the driver's words.
        """
        return EVENTS["increment_flatten_failure"].fire(self, payload)
