"""What ``onedb fsck`` makes of an image's counters and state.

Source: ``check_image`` in ``src/onedb/fsck/image.rb`` of OpenNebula 7.4.0. It
recounts the holders and then sets the state by them, without a look at what a
datastore is doing: that mends ghosts, and breaks what is under way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.states import AnyState, ImageState

if TYPE_CHECKING:
    from lifecycle.image import Image

_HELD = {ImageState.USED_PERS, ImageState.CLONE}


def after_fsck(image: Image, vms: int, clones: int) -> AnyState:
    """Give the state that fsck sets.

    Args:
        image: as it is.
        vms: the machines that have it as a disk.
        clones: the copies and exports of it that are being made.
    """
    if image.is_persistent:
        if vms:
            return ImageState.USED_PERS
        if clones:
            return ImageState.CLONE
        return ImageState.READY if image.state in _HELD else image.state
    if vms or clones:
        return ImageState.USED
    return ImageState.READY if image.state is ImageState.USED else image.state


def advice(image: Image, vms: int, clones: int) -> str:
    """Say what fsck, run with oned stopped, does for an image with so many real holders."""
    after = after_fsck(image, vms, clones)
    holders = f"{vms} machine{'' if vms == 1 else 's'}"
    if clones:
        holders += f" and {clones} cop{'y' if clones == 1 else 'ies'}"
    if after is image.state:
        if not vms and not clones:
            return (
                f"Not even `onedb fsck` helps: it counts 0 holders and leaves {after.name}; only"
                " the STATE in the database can be edited, with oned stopped."
            )
        return (
            f"`onedb fsck`, with oned stopped, counts {holders} and leaves it {after.name} until"
            " the last of them lets go."
        )
    if isinstance(image.state, ImageState) and image.state.locked:
        return (
            f"Beware of `onedb fsck`: it counts {holders} and makes it {after.name} although the"
            " datastore may still be at work; run it only when nothing is."
        )
    return f"`onedb fsck`, with oned stopped, counts {holders} and makes it {after.name}."
