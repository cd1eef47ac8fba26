"""The effects of the image table: what an operation does besides moving the state.

An effect is given the image and what the operation carries. It changes the
image, or tells the image's surroundings (the cloud, where there is one).
Effects run in the order of their row, after the state has changed. What an
effect does is told by the first sentence of its docstring, which
:mod:`lifecycle.wording` reads.

Sources: ``src/image/ImageManagerActions.cc``, ``ImageManagerProtocol.cc`` and
``Image.cc`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lifecycle.snapshots import Orphans, Snapshots
from lifecycle.states import ImageType

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from lifecycle.image import Image
    from lifecycle.table import Effect


def insert(image: Image, _: object) -> None:
    """The record is put into the pool; this first writing fires no hook."""
    if image.world is not None:
        image.world.inserted(image)


def write(image: Image, _: object) -> None:
    """The record is written: a hook fires if the state is another than at the last write."""
    if image.world is not None:
        image.world.written(image)
    image.prev_state = image.state


def drop(image: Image, _: object) -> None:
    """The record leaves the pool, and its datastore."""
    if image.world is not None:
        image.world.dropped(image)


def clear_lock(image: Image, _: object) -> None:
    """A user's lock does not outlive a change of state (``Image::set_state``)."""
    image.lock_held = None


def touch(image: Image, _: object) -> None:
    """MODTIME becomes now."""
    if image.world is not None:
        image.modtime = image.world.now()


# Asking drivers, telling others


def ask_cp(image: Image, _: object) -> None:
    """The datastore is asked to copy PATH."""
    _ask(image, "CP")


def ask_mkfs(image: Image, _: object) -> None:
    """The datastore is asked to make an empty disk."""
    _ask(image, "MKFS")


def ask_clone(image: Image, _: object) -> None:
    """The datastore is asked to copy another image."""
    _ask(image, "CLONE")


def ask_rm(image: Image, _: object) -> None:
    """The datastore is asked to remove SOURCE."""
    _ask(image, "RM")


def ask_snap_delete(image: Image, _: object) -> None:
    """The datastore is asked to remove TARGET_SNAPSHOT."""
    _ask(image, "SNAP_DELETE")


def ask_snap_revert(image: Image, _: object) -> None:
    """The datastore is asked to go back to TARGET_SNAPSHOT."""
    _ask(image, "SNAP_REVERT")


def ask_snap_flatten(image: Image, _: object) -> None:
    """The datastore is asked to merge the snapshots."""
    _ask(image, "SNAP_FLATTEN")


def ask_increment_flatten(image: Image, _: object) -> None:
    """The datastore is asked to merge the oldest increments."""
    _ask(image, "INCREMENT_FLATTEN")


def _ask(image: Image, action: str) -> None:
    if image.world is not None:
        image.world.asked(image, action)


def tell_machines(image: Image, _: object) -> None:
    """Every machine in VMS is told that the image's datastore operation has ended."""
    if image.world is not None:
        image.world.tell_machines(image)


def release_source(image: Image, _: object) -> None:
    """The image that this one was a copy of (CLONING_ID) loses this clone."""
    if image.world is not None and image.cloning_id != -1:
        image.world.release_clone(image.cloning_id, image.id)


def leave_source(image: Image, _: object) -> None:
    """CLONING_ID becomes -1; when that is written, the image that it named loses this clone."""
    source = image.cloning_id
    image.cloning_id = -1
    write(image, _)
    if image.world is not None and source != -1:
        image.world.release_clone(source, image.id)


def start_save_as_copy(image: Image, _: object) -> None:
    """The machine whose disk is being saved (SAVED_VM_ID) starts to copy it."""
    if image.world is not None:
        image.world.start_save_as_copy(image)


def end_save_as(image: Image, _: object) -> None:
    """The machine whose disk was to be saved leaves its save-as state."""
    if image.world is not None:
        image.world.end_save_as(image)


def leave_backups(image: Image, _: object) -> None:
    """The machine that the backup is of forgets it (``ImageManager::_rm`` only)."""
    if image.type is ImageType.BACKUP and image.world is not None:
        image.world.leave_backups(image)


def flatten_ended(image: Image, _: object) -> None:
    """The machine that the backup is of may make backups again."""
    if image.world is not None:
        image.world.flatten_ended(image)


# Holders


def add_vm(image: Image, vm: Any) -> None:
    """The machine is added to VMS; RUNNING_VMS grows if it was not there."""
    if vm not in image.vms:
        image.vms = _with(image.vms, vm)
        image.running_vms += 1


def remove_vm(image: Image, vm: Any) -> None:
    """The machine is taken out of VMS; RUNNING_VMS shrinks if it was there."""
    if vm in image.vms:
        image.vms = _without(image.vms, vm)
        image.running_vms -= 1


def add_clone(image: Image, clone: Any) -> None:
    """The copy is added to CLONES; CLONING_OPS grows if it was not there."""
    if clone not in image.clones:
        image.clones = _with(image.clones, clone)
        image.cloning_ops += 1


def remove_clone(image: Image, clone: Any) -> None:
    """The copy is taken out of CLONES; CLONING_OPS shrinks if it was there."""
    if clone in image.clones:
        image.clones = _without(image.clones, clone)
        image.cloning_ops -= 1


def add_app(image: Image, app: Any) -> None:
    """The app is added to APP_CLONES; CLONING_OPS grows if it was not there."""
    if app not in image.app_clones:
        image.app_clones = _with(image.app_clones, app)
        image.cloning_ops += 1


def remove_app(image: Image, app: Any) -> None:
    """The app is taken out of APP_CLONES; CLONING_OPS shrinks if it was there."""
    if app in image.app_clones:
        image.app_clones = _without(image.app_clones, app)
        image.cloning_ops -= 1


def _with(members: AbstractSet[int], member: int) -> AbstractSet[int]:
    # An image without holders shares one empty set with all others: it costs no memory.
    if isinstance(members, set):
        members.add(member)
        return members
    return {*members, member}


def _without(members: AbstractSet[int], member: int) -> AbstractSet[int]:
    if isinstance(members, set):
        members.discard(member)
        return members
    return members - {member}


# Fields


def set_persistent(image: Image, _: object) -> None:
    """PERSISTENT becomes yes."""
    image.is_persistent = True


def clear_persistent(image: Image, _: object) -> None:
    """PERSISTENT becomes no."""
    image.is_persistent = False


def set_type(image: Image, name: Any) -> None:
    """TYPE becomes the one named; no name at all means OS."""
    image.type = ImageType[name.upper()] if name else ImageType.OS


def set_lock(image: Image, request: Any) -> None:
    """LOCK is written; level 4 is stored as 1."""
    image.lock_held = request.held()


def set_name(image: Image, name: Any) -> None:
    """NAME becomes the one given."""
    image.name = name


def set_owner(image: Image, owner: Any) -> None:
    """UID and GID become those given; None keeps what there is."""
    uid, gid = owner
    image.uid = image.uid if uid is None else uid
    image.gid = image.gid if gid is None else gid


def set_permissions(image: Image, permissions: Any) -> None:
    """The permission bits become those given."""
    image.permissions = permissions


def set_template(image: Image, template: Any) -> None:
    """The attributes become those given."""
    image.template = template


def mark_force_delete(image: Image, _: object) -> None:
    """FORCE_DELETE is written into the template."""
    image.template = image.template | {"FORCE_DELETE": "YES"}


def clear_saving(image: Image, _: object) -> None:
    """SAVE_AS_HOT leaves the template; the other SAVED_* attributes stay for good."""
    image.template = {key: value for key, value in image.template.items() if key != "SAVE_AS_HOT"}


def clear_cloning_id(image: Image, _: object) -> None:
    """CLONING_ID becomes -1."""
    image.cloning_id = -1


def set_target_snapshot(image: Image, snapshot: Any) -> None:
    """TARGET_SNAPSHOT becomes the snapshot asked for."""
    image.target_snapshot = snapshot


def clear_target_snapshot(image: Image, _: object) -> None:
    """TARGET_SNAPSHOT becomes -1."""
    image.target_snapshot = -1


def set_answered_source(image: Image, payload: Any) -> None:
    """SOURCE becomes the first word of the answer."""
    image.source = payload.split()[0]


def set_answered_format(image: Image, payload: Any) -> None:
    """FORMAT becomes the second word of the answer, where there is one."""
    words = payload.split()
    if len(words) > 1:
        image.format = words[1]


def set_whole_source(image: Image, payload: Any) -> None:
    """SOURCE becomes the whole answer, even an empty one."""
    image.source = payload


def set_format(image: Image, format_: Any) -> None:
    """FORMAT becomes the one given."""
    image.format = format_


def set_size(image: Image, size: Any) -> None:
    """SIZE becomes the one given, in MB."""
    image.size = size


def set_snapshots(image: Image, snapshots: Any) -> None:
    """The snapshots become a copy of those given; none at all clears them."""
    image.snapshots = snapshots.copy() if snapshots else Snapshots.none_left()


def clear_snapshots(image: Image, _: object) -> None:
    """All snapshots are gone; the numbering starts anew."""
    image.snapshots = Snapshots.none_left()


def delete_target_snapshot(image: Image, _: object) -> None:
    """TARGET_SNAPSHOT is removed, where one is set."""
    if image.snapshots is not None and image.target_snapshot != -1:
        image.snapshots.delete(image.target_snapshot)


def revert_target_snapshot(image: Image, _: object) -> None:
    """TARGET_SNAPSHOT becomes the active one, and its size the image's, where one is set.

    Source: ``Image::revert_snapshot``: a snapshot that is gone has the size 0.
    """
    target = image.target_snapshot
    if target == -1:
        return
    snapshots = image.snapshots if image.snapshots is not None else Snapshots()
    snapshots.activate(target, revert=True)
    image.size = snapshots.size(target)
    if snapshots.orphans is Orphans.LINEAR:
        snapshots.delete_younger(target)


def note_backup_disks(image: Image, disks: Any) -> None:
    """The disks given are added to BACKUP_DISK_IDS."""
    image.backup_disk_ids = image.backup_disk_ids | frozenset(disks)


def append_increment(image: Image, increment: Any) -> None:
    """An increment follows the last one; SIZE becomes the sum of all."""
    image.increments = image.increments.added(*increment)
    image.size = image.increments.total_size


def merge_increments(image: Image, payload: Any) -> None:
    """The chain becomes what the answer says (``SIZE id:source,…``), SIZE the sum of it.

    Source: ``BackupIncrements::update_increments``: what was read before the
    answer turned out to be wrong stays.
    """
    words = payload.split()
    size, chain = [*words, "", ""][:2]
    image.increments, understood = image.increments.flattened(chain, size)
    image.size = image.increments.total_size
    if not understood:
        _error(image, "Error flattening backup increments", payload)


# The ERROR text


def error_copying(image: Image, payload: Any) -> None:
    """TEMPLATE/ERROR says that the copy failed."""
    _error(image, "Error copying image in the datastore", payload)


def error_no_format(image: Image, _: object) -> None:
    """TEMPLATE/ERROR says that the copy came back without a FORMAT."""
    _error(image, "CP operation succeeded but image FORMAT was not returned.", "")


def error_making(image: Image, payload: Any) -> None:
    """TEMPLATE/ERROR says that no empty disk could be made."""
    _error(image, "Error creating datablock", payload)


def error_cloning(image: Image, payload: Any) -> None:
    """TEMPLATE/ERROR says that the copy of another image failed."""
    _error(image, f"Error cloning from Image {image.cloning_id}", payload)


def error_removing(image: Image, _: object) -> None:
    """TEMPLATE/ERROR says that the file could not be removed (the two blanks are oned's)."""
    _error(
        image,
        "Error removing image from datastore. Retry the operation or manually remove image"
        " source  and run the delete --force operation to completely delete the image",
        "",
    )


def error_deleting_snapshot(image: Image, payload: Any) -> None:
    """TEMPLATE/ERROR names the snapshot that stayed, where TARGET_SNAPSHOT is set."""
    if image.target_snapshot != -1:
        _error(
            image,
            f"Error removing snapshot {image.target_snapshot} from image {image.id}",
            payload,
        )


def error_reverting_snapshot(image: Image, payload: Any) -> None:
    """TEMPLATE/ERROR names the snapshot asked for, where TARGET_SNAPSHOT is set."""
    if image.target_snapshot != -1:
        _error(
            image,
            f"Error reverting image {image.id} to snapshot {image.target_snapshot}",
            payload,
        )


def error_flattening_snapshots(image: Image, payload: Any) -> None:
    """TEMPLATE/ERROR says that the snapshots could not be merged."""
    _error(image, "Error flattening image snapshot", payload)


def error_flattening_increments(image: Image, payload: Any) -> None:
    """TEMPLATE/ERROR says that the increments could not be merged."""
    _error(image, "Error flattening backup increments", payload)


def error_given(image: Image, text: Any) -> None:
    """TEMPLATE/ERROR says what was given."""
    _error(image, text, "")


def _error(image: Image, sentence: str, payload: str) -> None:
    text = f"{sentence}: {payload}" if payload and payload[0] != "-" else sentence
    if image.world is not None:
        text = f"{image.world.date()} : {text}"
    image.template = image.template | {"ERROR": text}


EFFECTS: dict[str, Effect] = {
    effect.__name__: effect
    for effect in (
        insert,
        write,
        drop,
        clear_lock,
        touch,
        ask_cp,
        ask_mkfs,
        ask_clone,
        ask_rm,
        ask_snap_delete,
        ask_snap_revert,
        ask_snap_flatten,
        ask_increment_flatten,
        tell_machines,
        release_source,
        leave_source,
        start_save_as_copy,
        end_save_as,
        leave_backups,
        flatten_ended,
        add_vm,
        remove_vm,
        add_clone,
        remove_clone,
        add_app,
        remove_app,
        set_persistent,
        clear_persistent,
        set_type,
        set_lock,
        set_name,
        set_owner,
        set_permissions,
        set_template,
        mark_force_delete,
        clear_saving,
        clear_cloning_id,
        set_target_snapshot,
        clear_target_snapshot,
        set_answered_source,
        set_answered_format,
        set_whole_source,
        set_format,
        set_size,
        set_snapshots,
        clear_snapshots,
        delete_target_snapshot,
        revert_target_snapshot,
        note_backup_disks,
        append_increment,
        merge_increments,
        error_copying,
        error_no_format,
        error_making,
        error_cloning,
        error_removing,
        error_deleting_snapshot,
        error_reverting_snapshot,
        error_flattening_snapshots,
        error_flattening_increments,
        error_given,
    )
}
"""Every effect of the image table by its name."""
