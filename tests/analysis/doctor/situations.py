"""A situation for each thing that can be wrong, as the JSON of a cloud."""

from __future__ import annotations

from typing import Any

from lifecycle import Cloud
from lifecycle.analysis.doctor.observed import Observed

Value = dict[str, Any]

FILE: Value = {"source": "/ds/7", "format": "raw"}
LATER = 10 * 3600


def image(**fields: Any) -> Value:  # noqa: ANN401 - what JSON holds
    return {"id": 7, "name": "debian", **FILE, **fields}


def machine(number: int, state: str, *images: int) -> Value:
    disks = [
        {"attributes": {"DISK_ID": str(place), "IMAGE_ID": str(one)}}
        for place, one in enumerate(images)
    ]
    return {"id": number, "name": f"web-{number}", "state": state, "disks": disks}


SHARED: Value = {
    "is_persistent": True,
    "template": {"PERSISTENT_TYPE": "SHAREABLE"},
}
REMOVAL = (
    "Mon Nov 23 14:34:24 2026 : Error removing image from datastore. Retry the operation or"
    " manually remove image source  and run the delete --force operation to completely delete"
    " the image"
)

SITUATIONS: dict[str, tuple[str, str, Value]] = {
    "counters": ("counters-disagree", "critical", {"images": [image(running_vms=2)]}),
    "ghost in USED": (
        "ghost-machines",
        "critical",
        {"images": [image(state="USED", vms=[3, 4])], "vms": [machine(4, "RUNNING", 7)]},
    ),
    "ghost in USED, DONE": (
        "ghost-machines",
        "critical",
        {"images": [image(state="USED", vms=[3])], "vms": [machine(3, "DONE", 7)]},
    ),
    "ghost in USED_PERS": (
        "ghost-machines",
        "critical",
        {"images": [image(state="USED_PERS", is_persistent=True, vms=[3])]},
    ),
    "ghost in LOCKED_USED_PERS": (
        "ghost-machines",
        "critical",
        {"images": [image(state="LOCKED_USED_PERS", is_persistent=True, vms=[3], source="")]},
    ),
    "ghost in a shared image": (
        "ghost-machines",
        "warning",
        {"images": [image(state="USED_PERS", vms=[3], **SHARED)]},
    ),
    "ghost in ERROR": (
        "ghost-machines",
        "warning",
        {"images": [image(state="ERROR", vms=[3])]},
    ),
    "ghost in READY": ("ghost-machines", "warning", {"images": [image(state="READY", vms=[3])]}),
    "ghost in DISABLED": (
        "ghost-machines",
        "warning",
        {"images": [image(state="DISABLED", vms=[3])]},
    ),
    "ghost in LOCKED": (
        "ghost-machines",
        "warning",
        {"images": [image(state="LOCKED", vms=[3], target_snapshot=0)]},
    ),
    "ghost behind a lock": (
        "ghost-machines",
        "warning",
        {"images": [image(state="ERROR", vms=[3], lock_held={"level": 1})]},
    ),
    "clone gone in CLONE": (
        "ghost-clones",
        "critical",
        {"images": [image(state="CLONE", is_persistent=True, clones=[8])]},
    ),
    "clone ended in USED": (
        "ghost-clones",
        "critical",
        {"images": [image(state="USED", clones=[8]), {"id": 8, **FILE}]},
    ),
    "clone ended in ERROR": (
        "ghost-clones",
        "warning",
        {"images": [image(state="ERROR", clones=[8]), {"id": 8, **FILE}]},
    ),
    "app gone": ("ghost-apps", "critical", {"images": [image(state="USED", app_clones=[5])]}),
    "kernel exported": (
        "exported-file",
        "critical",
        {"images": [image(type="KERNEL", state="USED", app_clones=[5])]},
    ),
    "used by nobody": ("used-by-nobody", "warning", {"images": [image(state="USED")]}),
    "used by nobody, persistent": (
        "used-by-nobody",
        "critical",
        {"images": [image(state="USED_PERS", is_persistent=True)]},
    ),
    "waited for by nobody": (
        "waited-for-by-nobody",
        "critical",
        {"images": [image(state="LOCKED_USED_PERS", is_persistent=True, source="")]},
    ),
    "held while READY": (
        "held-while-idle",
        "warning",
        {"images": [image(vms=[3])], "vms": [machine(3, "RUNNING", 7)]},
    ),
    "held while DISABLED": (
        "held-while-idle",
        "warning",
        {"images": [image(state="DISABLED", vms=[3])], "vms": [machine(3, "RUNNING", 7)]},
    ),
    "forced": (
        "force-delete-left",
        "notice",
        {"images": [image(template={"FORCE_DELETE": "YES", "DEV_PREFIX": "sd"})]},
    ),
    "locked for nothing": ("locked-for-nothing", "warning", {"images": [image(state="LOCKED")]}),
    "never answered": (
        "never-answered",
        "warning",
        {"images": [image(state="LOCKED", source="")]},
    ),
    "never answered, waited for": (
        "never-answered",
        "warning",
        {
            "images": [image(state="LOCKED_USED", source="", vms=[3])],
            "vms": [machine(3, "CLONING", 7)],
        },
    ),
    "snapshot unanswered": (
        "snapshot-unanswered",
        "notice",
        {"images": [image(state="LOCKED", target_snapshot=0)]},
    ),
    "no file in ERROR": (
        "error-without-file",
        "warning",
        {"images": [image(state="ERROR", source="")]},
    ),
    "delete failed": (
        "error-after-delete",
        "warning",
        {
            "images": [
                image(
                    state="ERROR",
                    template={"ERROR": REMOVAL},
                )
            ]
        },
    ),
    "wiped": ("error-with-file", "warning", {"images": [image(state="ERROR")]}),
    "no file in READY": ("no-file", "warning", {"images": [image(source="")]}),
    "copy in limbo": (
        "copy-in-limbo",
        "warning",
        {
            "images": [
                image(cloning_id=8),
                {"id": 8, **FILE, "state": "USED", "clones": [7]},
            ]
        },
    ),
    "copy not counted": (
        "copy-not-counted",
        "notice",
        {"images": [image(state="LOCKED", source="", cloning_id=8), {"id": 8, **FILE}]},
    ),
    "copy of nothing": (
        "copy-not-counted",
        "notice",
        {"images": [image(state="LOCKED", source="", cloning_id=8)]},
    ),
    "save-as left": (
        "save-as-left",
        "warning",
        {"images": [image(state="ERROR", source="", template={"SAVE_AS_HOT": "YES"})]},
    ),
    "save-as without a format": (
        "save-as-left",
        "warning",
        {"images": [image(format="save_as")]},
    ),
    "saved from nobody": (
        "saved-from-nobody",
        "warning",
        {
            "images": [
                image(
                    state="LOCKED",
                    source="",
                    template={"SAVE_AS_HOT": "YES", "SAVED_VM_ID": "3"},
                )
            ],
            "vms": [machine(3, "RUNNING")],
        },
    ),
    "backup in USED_PERS": (
        "backup-stuck",
        "critical",
        {"images": [image(type="BACKUP", state="USED_PERS", is_persistent=True, vms=[3])]},
    ),
    "backup in ERROR": (
        "backup-stuck",
        "warning",
        {"images": [image(type="BACKUP", state="ERROR", is_persistent=True, vms=[3])]},
    ),
    "deleting": ("deleting", "notice", {"images": [image(state="DELETE")]}),
    "deleted under a machine": (
        "deleted-under-machines",
        "warning",
        {"images": [image(state="DELETE", vms=[3])], "vms": [machine(3, "POWEROFF", 7)]},
    ),
    "delete failed under a machine": (
        "error-after-delete",
        "warning",
        {
            "images": [image(state="ERROR", vms=[3], template={"ERROR": REMOVAL})],
            "vms": [machine(3, "POWEROFF", 7)],
        },
    ),
    "persistent CDROM": (
        "persistent-cdrom",
        "notice",
        {"images": [image(type="CDROM", is_persistent=True)]},
    ),
    "two machines in one": (
        "two-write-into-one",
        "warning",
        {
            "images": [image(state="USED_PERS", is_persistent=True, vms=[3, 4])],
            "vms": [machine(3, "RUNNING", 7), machine(4, "PENDING", 7)],
        },
    ),
    "no file in USED": (
        "no-file",
        "warning",
        {
            "images": [image(source="", state="USED", vms=[3])],
            "vms": [machine(3, "PENDING", 7)],
        },
    ),
    "no file in READY, held": (
        "no-file",
        "warning",
        {"images": [image(source="", vms=[3])], "vms": [machine(3, "CLONING_FAILURE", 7)]},
    ),
    "image gone": (
        "image-gone",
        "warning",
        {"images": [], "vms": [machine(3, "POWEROFF", 7)]},
    ),
    "not counted": (
        "machine-not-counted",
        "warning",
        {"images": [image()], "vms": [machine(3, "RUNNING", 7)]},
    ),
    "cloning failure": (
        "cloning-failure",
        "warning",
        {
            "images": [image(state="ERROR", source="", vms=[3])],
            "vms": [machine(3, "CLONING_FAILURE", 7)],
        },
    ),
    "cloning failure, file there": (
        "cloning-failure",
        "warning",
        {
            "images": [image(state="ERROR", vms=[3])],
            "vms": [
                machine(3, "CLONING_FAILURE")
                | {"disks": [{"attributes": {"DISK_ID": "0", "IMAGE_ID": "7", "CLONING": "YES"}}]}
            ],
        },
    ),
    "cloning failure, image READY": (
        "cloning-failure",
        "warning",
        {
            "images": [image(vms=[3])],
            "vms": [machine(3, "CLONING_FAILURE", 7)],
        },
    ),
    "waits in vain": (
        "waits-in-vain",
        "warning",
        {"images": [image(state="USED", vms=[3])], "vms": [machine(3, "CLONING", 7)]},
    ),
    "saves nothing": (
        "saves-nothing",
        "warning",
        {"vms": [machine(3, "HOTPLUG_SAVEAS")]},
    ),
    "export unanswered": (
        "export-unanswered",
        "notice",
        {
            "images": [image(state="USED", app_clones=[5])],
            "apps": [
                {"id": 5, "origin_id": 7, "market_id": 100, "state": "LOCKED", "type": "IMAGE"}
            ],
        },
    ),
}
"""By a name: the rule that finds it, how bad it is, and the situation."""


def observed(situation: Value) -> Observed:
    """Give what is seen of a situation, ten hours after it came about."""
    cloud = Cloud.from_json(situation)
    return Observed(cloud.images, cloud.vms, cloud.apps, now=cloud.now() + LATER)


def seen_again(cloud: Cloud) -> Observed:
    """Give what is seen of a cloud, as if it were ten hours after the beginning."""
    return Observed(
        [one.copy() for one in cloud.images],
        list(cloud.vms),
        list(cloud.apps),
        now=cloud.now() + LATER,
    )
