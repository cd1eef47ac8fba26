"""Rules about who holds an image: counters, sets, and holders that are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.analysis.doctor import fsck
from lifecycle.analysis.doctor.rules import (
    CRITICAL,
    NOTICE,
    WARNING,
    Rule,
    Severity,
    Trouble,
    is_are,
    listed,
)
from lifecycle.analysis.names import creation
from lifecycle.guards import forced, shareable
from lifecycle.row_makers import HELD, WAITED_FOR
from lifecycle.states import DISK_TYPES, FILE_TYPES, ImageState, ImageType

if TYPE_CHECKING:
    from lifecycle.analysis.doctor.observed import Observed
    from lifecycle.image import Image
    from lifecycle.states import AnyState

S = ImageState
_TWO = 2
_IDLE = (S.READY, S.DISABLED)
_SHARED = (
    "A machine that shares it and is wiped puts it in ERROR, from where it can be deleted; whoever"
    " uses it loses it. "
)


def _counters(_: Observed, image: Image) -> Trouble | None:
    wrong = []
    if image.running_vms != len(image.vms):
        wrong.append(f"RUNNING_VMS is {image.running_vms} and VMS holds {len(image.vms)}")
    copies = len(image.clones) + len(image.app_clones)
    if image.cloning_ops != copies:
        wrong.append(f"CLONING_OPS is {image.cloning_ops}, CLONES and APP_CLONES hold {copies}")
    if not wrong:
        return None
    return Trouble(
        f"{'; '.join(wrong)}.",
        advice="`onedb fsck`, with oned stopped, counts anew; beware where a datastore is at work:"
        " it sets the state by the counters alone.",
    )


def way_out(observed: Observed, image: Image, what: str) -> Trouble:
    """Tell how an image gets rid of holders that are gone."""
    vms = len(observed.holders(image))
    clones = len(image.clones) - len(observed.ghost_clones(image))
    clones += len(image.app_clones) - len(observed.ghost_apps(image))
    mended = fsck.advice(image, vms, clones)
    keep = f"To keep it: {mended[0].lower()}{mended[1:]}"
    delete = f"oneimage delete {image.id}"
    if image.state is S.USED_PERS and shareable(image, None):
        return Trouble(what, (*_wiping(image.id), delete), _SHARED + keep, WARNING)
    if image.state is S.USED and image.type in DISK_TYPES:
        advice = f"{mended} Its content is safe: it can be used, and cloned, meanwhile."
        return Trouble(what, (), advice)
    ways: dict[AnyState, tuple[tuple[str, ...], str, Severity]] = {
        S.ERROR: ((delete,), f"Do not enable it: nobody could free it any more. {keep}", WARNING),
        S.DISABLED: ((delete,), f"Enabled and used, it never comes free. {keep}", WARNING),
        S.READY: (
            (f"oneimage disable {image.id}", delete),
            f"It can be used, but never comes free again after its next use. {keep}",
            WARNING,
        ),
        S.LOCKED: (
            (f"{delete} --force",),
            "If the datastore answers first, it becomes READY and still counts them.",
            WARNING,
        ),
        S.DELETE: ((delete,), "It goes when the datastore answers.", NOTICE),
    }
    return Trouble(what, *ways.get(image.state, ((), mended, CRITICAL)))


def _wiping(number: int) -> tuple[str, ...]:
    name = f"way-out-of-{number}"
    return (
        creation(name, number),
        f"onevm deploy {name} 0",
        f"onevm recover {name} --delete",
    )


def _ghost_machines(observed: Observed, image: Image) -> Trouble | None:
    # A backup counts the machine that it is of for good, and goes all the same.
    if image.type is ImageType.BACKUP or not (gone := observed.ghosts(image)):
        return None
    left = observed.holders(image)
    rest = f"; {listed('machine', left)} {is_are(left)} there" if left else ", and nobody else"
    return way_out(
        observed,
        image,
        f"It counts {listed('machine', gone)}, which {is_are(gone)} gone{rest}.",
    )


def _ghost_clones(observed: Observed, image: Image) -> Trouble | None:
    if not (gone := observed.ghost_clones(image)):
        return None
    there = [number for number in gone if number in observed.images]
    end = "ended long ago" if there else f"{is_are(gone)} gone"
    return way_out(observed, image, f"It counts {listed('copy', gone)}, which {end}.")


def _ghost_apps(observed: Observed, image: Image) -> Trouble | None:
    gone = observed.ghost_apps(image)
    if not gone or image.type in FILE_TYPES:
        return None
    return way_out(
        observed,
        image,
        f"It counts the export to {listed('app', gone)}, which {is_are(gone)} gone or done.",
    )


def _exported_file(_: Observed, image: Image) -> Trouble | None:
    if image.type not in FILE_TYPES or not image.app_clones:
        return None
    mended = fsck.advice(image, 0, 0)
    return Trouble(
        f"It was exported to {listed('app', sorted(image.app_clones))}, and a {image.type.name}"
        " never notices that an export has ended.",
        (f"oneimage delete {image.id}",) if image.state in {S.ERROR, S.DISABLED} else (),
        mended,
        None if image.state is S.USED else WARNING,
    )


def _used_by_nobody(_: Observed, image: Image) -> Trouble | None:
    if image.state not in {S.USED, S.USED_PERS, S.CLONE}:
        return None
    if image.running_vms or image.cloning_ops or image.type is ImageType.BACKUP:
        return None
    what = f"It is {image.state.name}, and nobody holds it."
    if image.state is S.USED and image.type in DISK_TYPES:
        name = f"way-out-of-{image.id}"
        commands = (creation(name, image.id), f"onevm terminate {name}")
        advice = "The last machine that lets it go makes it READY."
        return Trouble(what, commands, advice, WARNING)
    return Trouble(what, (), fsck.advice(image, 0, 0))


def _waited_for_by_nobody(_: Observed, image: Image) -> Trouble | None:
    if image.state not in WAITED_FOR or image.running_vms:
        return None
    return Trouble(
        f"It is {image.state.name}, and no machine waits for it.",
        (),
        "It comes free only if the datastore still answers. " + fsck.advice(image, 0, 0),
    )


def _holds_while_idle(observed: Observed, image: Image) -> Trouble | None:
    if image.state not in _IDLE or image.type not in DISK_TYPES:
        return None
    held = observed.holders(image)
    if not held or observed.ghosts(image):
        return None
    what = (
        f"It is {image.state.name} while {listed('machine', held)} {_has(held)} it: when"
        f" {'that machine lets' if len(held) == 1 else 'they let'} it go, it does not notice."
    )
    name = f"hold-{image.id}"
    commands: tuple[str, ...] = (f"{creation(name, image.id)} --hold",)
    if image.state is S.DISABLED:
        commands = (f"oneimage enable {image.id}", *commands)
    advice = (
        f"Taken once more it counts again. Terminate {name} at the end."
        if image.source
        else "It has no file: terminate the machines, then disable and delete it."
    )
    return Trouble(what, commands if image.source else (), advice)


def _two_write(observed: Observed, image: Image) -> Trouble | None:
    if image.state not in {S.USED_PERS, S.LOCKED_USED_PERS} or shareable(image, None):
        return None
    held = [] if image.type is ImageType.BACKUP else observed.holders(image)
    if len(held) < _TWO:
        return None
    return Trouble(
        f"It is persistent and not SHAREABLE, and {listed('machine', held)} have it: they write"
        " into one disk.",
        tuple(f"onevm terminate {number}" for number in held[1:]),
        "Which of them may keep it, only you can say; power them off before anything else.",
    )


def _has(numbers: list[int]) -> str:
    return "has" if len(numbers) == 1 else "have"


def _forced(_: Observed, image: Image) -> Trouble | None:
    if not forced(image, None) or image.state is S.DELETE:
        return None
    if image.state is S.LOCKED or image.state in HELD:
        advice = "Take it out when the image is READY again."
    else:
        advice = "The command opens an editor: take the line FORCE_DELETE out."
    return Trouble(
        "FORCE_DELETE is left from a forced delete that was refused: if a later delete fails in"
        " the datastore, the record goes all the same and the file stays; copies inherit it.",
        (f"oneimage update {image.id}",),
        advice,
    )


HOLDER_RULES = (
    Rule(
        "counters-disagree",
        CRITICAL,
        "No history of oned's leads here: the database was edited, or a write was lost.",
        _counters,
    ),
    Rule(
        "ghost-machines",
        CRITICAL,
        "The image was in ERROR (or READY, after disable and enable) when the machine let it go;"
        " an image notices that only while it is USED or waited for.",
        _ghost_machines,
        needs=("machines",),
        example="stuck/ghost-in-used.yaml",
    ),
    Rule(
        "ghost-clones",
        CRITICAL,
        "The copy ended while the image was neither USED nor CLONE, or the copy's record went"
        " before the datastore answered its CLONE; an image notices the end only in those states.",
        _ghost_clones,
        example="stuck/lost-copy.yaml",
    ),
    Rule(
        "ghost-apps",
        CRITICAL,
        "The export ended, or the app was deleted, while the image was neither USED nor CLONE; or"
        " a market's DELETE was answered while the app was LOCKED.",
        _ghost_apps,
        needs=("apps",),
        example="stuck/error-counts-an-export.yaml",
    ),
    Rule(
        "exported-file",
        CRITICAL,
        "A KERNEL, RAMDISK or CONTEXT file can be exported to a marketplace, which takes it; what"
        " lets go of an image passes these types over.",
        _exported_file,
        example="stuck/exported-file.yaml",
    ),
    Rule(
        "used-by-nobody",
        CRITICAL,
        "No history of oned's leads here: the database was edited, or a write was lost.",
        _used_by_nobody,
    ),
    Rule(
        "waited-for-by-nobody",
        CRITICAL,
        "Only `onedb fsck` leads here: it recounts the machines and leaves the state as it is.",
        _waited_for_by_nobody,
    ),
    Rule(
        "held-while-idle",
        WARNING,
        "The image went to ERROR while machines had it, and was disabled and enabled again.",
        _holds_while_idle,
        example="stuck/ready-and-held.yaml",
    ),
    Rule(
        "two-write-into-one",
        WARNING,
        "The image was READY again while a machine had it (it failed, was disabled and enabled),"
        " and another took it.",
        _two_write,
        needs=("machines",),
        example="stuck/two-write-into-one.yaml",
    ),
    Rule(
        "force-delete-left",
        NOTICE,
        "A forced delete writes FORCE_DELETE before it looks at anything else, so it stays when"
        " the call is then refused.",
        _forced,
        example="stuck/force-left-behind.yaml",
    ),
)
"""Rules about an image's holders."""
