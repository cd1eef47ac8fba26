"""What can be done to a cloud, drawn at random: calls, answers of drivers, rules, plans, time.

A step is a plain JSON value, so that a walk can be written down and gone again
by another cloud. Most steps are about things that are there and in a state that
fits, so that walks get somewhere; the others are about anything, or nothing.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from lifecycle import Cloud
from lifecycle.cloud.calls.remote import METHODS
from lifecycle.cloud.calls.vm_calls import ACTIONS
from tests.cloud.histories import FILES, HOST, IMAGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from lifecycle.cloud.calls.remote import Reply
    from lifecycle.cloud.pool import Pool
    from lifecycle.cloud.vm import VirtualMachine

Step = list[Any]
"""``["call", session, method, *params]``, ``["answer", …]``, ``["rule", …]`` and so on."""

MISSING = 999
"""The id of nothing at all."""

BACKUPS, QCOW2 = 100, 101
"""The ids of a datastore for backups, and of one whose images are qcow2."""

SEED = 7
"""Of the random numbers of the cloud's own plans."""


def furnished(seed: int = SEED) -> Cloud:
    """Give a cloud with two users, a marketplace, and two more datastores."""
    cloud = Cloud(seed=seed)
    for name in ("ann", "bob"):
        cloud.user.allocate(name, "pw")
    backups = "NAME=backups\nTYPE=BACKUP_DS\nDS_MAD=restic\nTM_MAD=-\nRESTIC_PASSWORD=pw"
    assert cloud.datastore.allocate(backups) == BACKUPS
    assert cloud.datastore.allocate("NAME=qcow2\nDS_MAD=fs\nTM_MAD=qcow2") == QCOW2
    cloud.market.allocate("NAME=market\nMARKET_MAD=http\nBASE_URL=u\nPUBLIC_DIR=d")
    return cloud


def perform(cloud: Cloud, step: Step) -> Reply | None:
    """Do what a step says; give the answer of a call."""
    kind, *rest = step
    if kind == "call":
        session, method, *params = rest
        return cloud.call(f"one.{method}", *params, session=session)
    if kind == "answer":
        action, number, ok, payload, role, unasked = rest
        cloud.answer(action, number, ok=ok, payload=payload, role=role, unasked=unasked)
    elif kind == "rule":
        cloud.rule(*rest)
    elif kind == "plan":
        cloud.plan(**rest[0])
    else:
        assert kind == "wait"
        cloud.advance(*rest)
    return None


def drawn(cloud: Cloud, random: Random) -> Step:
    """Draw a step."""
    (maker,) = random.choices(list(MAKERS), list(MAKERS.values()))
    return maker(cloud, random)


# What to do it to


def _one(pool: Pool[Any], random: Random, fits: Callable[[Any], object] = lambda _: True) -> int:
    """Give the id of something, mostly of one that fits, seldom of nothing."""
    number = random.random()
    things = list(pool)
    if number < 0.03 or not things:
        return MISSING
    if number < 0.85:
        things = [thing for thing in things if fits(thing)] or things
    return int(random.choice(things).id)


def _who(random: Random) -> str | None:
    return random.choice((None,) * 10 + ("ann:pw", "bob:pw"))


def _call(random: Random, method: str, *params: object) -> Step:
    return ["call", _who(random), method, *params]


def _name(pool: Pool[Any], random: Random) -> str:
    return (
        random.choice(("", "taken", "bad|name"))
        if random.random() < 0.05
        else (f"{pool.kind.lower()}-{pool.next_id}")
    )


def _in(*states: str) -> Callable[[Any], bool]:
    return lambda thing: thing.state.name in states


def _alive(vm: VirtualMachine) -> bool:
    return vm.state.name != "DONE"


_RUNS = _in("RUNNING", "POWEROFF")
_USABLE = _in("READY", "USED", "LOCKED", "LOCKED_USED")


# Images

BIRTHS = (
    ("TYPE=OS\nSIZE=10", IMAGES),
    ("TYPE=OS\nSIZE=10\nPERSISTENT=YES", IMAGES),
    ("TYPE=OS\nSIZE=10\nSOURCE=/ds/there\nFORMAT=raw", IMAGES),
    ("TYPE=OS\nSIZE=10\nSOURCE=/ds/there\nFORMAT=raw\nPERSISTENT=YES", IMAGES),
    ("TYPE=OS\nSIZE=10\nSOURCE=/ds/there\nFORMAT=qcow2", QCOW2),
    ("TYPE=OS\nSIZE=10\nSOURCE=/a\nFORMAT=raw\nPERSISTENT=YES\nPERSISTENT_TYPE=SHAREABLE", IMAGES),
    ("TYPE=OS\nSIZE=10\nPERSISTENT=YES\nPERSISTENT_TYPE=SHAREABLE", IMAGES),
    ("TYPE=DATABLOCK\nSIZE=20\nPERSISTENT=YES", QCOW2),
    ("TYPE=OS\nPATH=/path", IMAGES),
    ("TYPE=CDROM\nPATH=/path", IMAGES),
    ("TYPE=FILESYSTEM\nPATH=/path\nPERSISTENT=YES", IMAGES),
    ("TYPE=KERNEL\nPATH=/path", FILES),
    ("TYPE=KERNEL\nPATH=/path", IMAGES),
    ("TYPE=OS\nPATH=/path", FILES),
    ("TYPE=OS", IMAGES),
    ("TYPE=OS\nPATH=/path\nSOURCE=/ds/there", IMAGES),
    ("TYPE=BACKUP\nSIZE=1", BACKUPS),
    ("TYPE=NONE\nSIZE=1", IMAGES),
    ("no template at all", IMAGES),
)
TYPES = ("OS", "DATABLOCK", "CDROM", "KERNEL", "RAMDISK", "BACKUP", "", "none")
UPDATES = (
    "A=B",
    "SOURCE=/other",
    "FORCE_DELETE=YES",
    "PERSISTENT_TYPE=SHAREABLE",
    "SAVED_VM_ID=none",
    "not a template",
)


def allocate_image(cloud: Cloud, random: Random) -> Step:
    """Register an image, mostly one that can be."""
    births = BIRTHS if random.random() < 0.2 else BIRTHS[:12]
    template, datastore = random.choice(births)
    name = _name(cloud.images, random)
    return _call(random, "image.allocate", f"NAME={name}\n{template}", datastore)


def import_app(cloud: Cloud, random: Random) -> Step:
    """Register an image of an app."""
    template = f"NAME={_name(cloud.images, random)}\nFROM_APP={_one(cloud.apps, random)}"
    return _call(random, "image.allocate", template, IMAGES)


def clone_image(cloud: Cloud, random: Random) -> Step:
    """Have an image copied."""
    image = _one(cloud.images, random, _in("READY", "USED", "CLONE"))
    datastore = random.choice((-1, -1, -1, IMAGES, FILES, QCOW2))
    return _call(random, "image.clone", image, _name(cloud.images, random), datastore)


def delete_image(cloud: Cloud, random: Random) -> Step:
    """Delete an image, by force or not."""
    image = _one(cloud.images, random)
    return _call(random, "image.delete", image, random.random() < 0.4)


def switch_image(cloud: Cloud, random: Random) -> Step:
    """Enable or disable an image, or make it persistent or not."""
    image = _one(cloud.images, random, _in("READY", "DISABLED", "ERROR"))
    method = random.choice(("image.enable", "image.persistent"))
    return _call(random, method, image, random.random() < 0.6)


def image_snapshot(cloud: Cloud, random: Random) -> Step:
    """Delete, revert to, or flatten a snapshot of an image."""
    image = _one(cloud.images, random, lambda one: one.snapshots and one.state.name == "READY")
    how = random.choice(("delete", "revert", "flatten"))
    return _call(random, f"image.snapshot{how}", image, _snapshot(cloud.images.get(image), random))


def _snapshot(holder: Any, random: Random) -> int:  # noqa: ANN401 - an image, a disk, or nothing
    snapshots = getattr(holder, "snapshots", None)
    ids = [one.id for one in snapshots or ()]
    return random.choice(ids) if ids and random.random() < 0.9 else random.randrange(-1, 4)


def tweak_image(cloud: Cloud, random: Random) -> Step:
    """Do something to an image that does not move it."""
    image = _one(cloud.images, random)
    method, params = random.choice(
        (
            ("image.lock", (random.randrange(6), random.random() < 0.2)),
            ("image.unlock", ()),
            ("image.chtype", (random.choice(TYPES),)),
            ("image.rename", (_name(cloud.images, random),)),
            ("image.chown", (random.randrange(-1, 5), random.randrange(-1, 3))),
            ("image.chmod", tuple(random.choice((-1, 0, 1, 1, 1)) for _ in range(9))),
            ("image.update", (random.choice(UPDATES), random.randrange(3))),
            ("image.restore", (IMAGES, random.choice(("", "DISK_ID=0", "DISK_ID=5")))),
        )
    )
    return _call(random, method, image, *params)


# Machines

DISK_EXTRAS = ("SIZE=40", "SIZE=1", "TARGET=vda", "READONLY=YES", "CLONING=YES")
MACHINE_EXTRAS = (
    "SUBMIT_ON_HOLD=YES",
    "BACKUP_CONFIG=[MODE=INCREMENT,KEEP_LAST=2]",
    "BACKUP_CONFIG=[KEEP_LAST=1]",
    "BACKUP_CONFIG=[DISK_IDS=7]",
    "MEMORY=0",
    "DISK=[TYPE=FS,SIZE=5]",
    "DISK=[TYPE=FS]",
)
CONFIGURATIONS = (
    "BACKUP_CONFIG=[MODE=INCREMENT,KEEP_LAST=2]",
    "BACKUP_CONFIG=[MODE=INCREMENT,KEEP_LAST=1]",
    "BACKUP_CONFIG=[MODE=FULL,KEEP_LAST=1]",
    'BACKUP_CONFIG=[KEEP_LAST=3,DISK_IDS="0"]',
    'BACKUP_CONFIG=[KEEP_LAST=3,DISK_IDS="9"]',
    "BACKUP_CONFIG=[MODE=INCREMENT,INCREMENT_MODE=SNAPSHOT,INTERACTIVE=YES]",
    "no template",
)


def _disk(cloud: Cloud, random: Random) -> str:
    image = _one(cloud.images, random, _USABLE)
    extra = f", {random.choice(DISK_EXTRAS)}" if random.random() < 0.1 else ""
    return f"DISK=[IMAGE_ID={image}{extra}]\n"


def _machine(cloud: Cloud, random: Random) -> str:
    disks = "".join(_disk(cloud, random) for _ in range(random.choice((0, 1, 1, 1, 2, 3))))
    extra = random.choice(MACHINE_EXTRAS) if random.random() < 0.15 else ""
    return f"CPU=1\nMEMORY=1\n{disks}{extra}\n"


def create(cloud: Cloud, random: Random) -> Step:
    """Create a machine on up to three images."""
    return _call(random, "vm.allocate", _machine(cloud, random), random.random() < 0.1)


def deploy(cloud: Cloud, random: Random) -> Step:
    """Send a machine to the host."""
    vm = _one(cloud.vms, random, _in("PENDING", "HOLD", "STOPPED", "UNDEPLOYED"))
    return _call(random, "vm.deploy", vm, HOST if random.random() < 0.95 else MISSING)


FROM = {
    "resume": ("SUSPENDED", "POWEROFF", "STOPPED", "UNDEPLOYED"),
    "release": ("HOLD",),
    "hold": ("PENDING",),
    "undeploy": ("RUNNING", "POWEROFF"),
    "stop": ("RUNNING", "SUSPENDED"),
    "poweroff-hard": ("RUNNING", "SHUTDOWN_POWEROFF"),
    "undeploy-hard": ("RUNNING", "SHUTDOWN_UNDEPLOY"),
}
"""Where an action is accepted, if not while the machine is RUNNING."""


def act(cloud: Cloud, random: Random) -> Step:
    """Do one of the actions of a machine."""
    word = random.choice((*ACTIONS, "resume", "suspend", "stop", "undeploy", "none"))
    fits = _alive if word.startswith("terminate") else _in(*FROM.get(word, ("RUNNING",)))
    return _call(random, "vm.action", word, _one(cloud.vms, random, fits))


def recover(cloud: Cloud, random: Random) -> Step:
    """Recover a machine, in one of the six ways."""
    vm = _one(cloud.vms, random, lambda one: one.state.active or "CLONING" in one.state.name)
    return _call(random, "vm.recover", vm, random.choice((0, 0, 1, 1, 2, 2, 3, 4, 5, 6)))


def attach(cloud: Cloud, random: Random) -> Step:
    """Attach a disk."""
    return _call(random, "vm.attach", _one(cloud.vms, random, _RUNS), _disk(cloud, random))


def detach(cloud: Cloud, random: Random) -> Step:
    """Detach a disk."""
    vm, disk = _disk_of(cloud, random, _RUNS)
    return _call(random, "vm.detach", vm, disk)


def _disk_of(
    cloud: Cloud, random: Random, fits: Callable[[VirtualMachine], bool]
) -> tuple[int, int]:
    vm = _one(cloud.vms, random, lambda one: fits(one) and one.disks)
    one = cloud.vms.get(vm)
    ids = [disk.id for disk in one.disks] if one is not None else []
    return vm, random.choice(ids) if ids and random.random() < 0.95 else random.randrange(4)


def disk_snapshot(cloud: Cloud, random: Random) -> Step:
    """Take a snapshot of a disk, delete one, or revert to it."""
    vm, disk = _disk_of(cloud, random, _in("RUNNING", "POWEROFF", "SUSPENDED"))
    one = cloud.vms.get(vm)
    snapshot = _snapshot(None if one is None else one.disk(disk), random)
    method, what = random.choice(
        (
            ("create", "name"),
            ("create", "name"),
            ("delete", snapshot),
            ("revert", snapshot),
        )
    )
    return _call(random, f"vm.disksnapshot{method}", vm, disk, what)


def save_as(cloud: Cloud, random: Random) -> Step:
    """Save a disk as a new image."""
    saves = _in("RUNNING", "POWEROFF", "SUSPENDED", "STOPPED", "UNDEPLOYED")
    vm, disk = _disk_of(cloud, random, saves)
    kind = random.choice(("", "", "", "DATABLOCK", "CDROM", "KERNEL"))
    return _call(random, "vm.disksaveas", vm, disk, _name(cloud.images, random), kind, -1)


def backup(cloud: Cloud, random: Random) -> Step:
    """Make a backup of a machine."""
    vm = _one(cloud.vms, random, _RUNS)
    datastore = random.choice((BACKUPS, BACKUPS, BACKUPS, BACKUPS, -1, IMAGES))
    return _call(random, "vm.backup", vm, datastore, random.random() < 0.15)


def configure_backups(cloud: Cloud, random: Random) -> Step:
    """Say how backups of a machine are to be."""
    vm = _one(cloud.vms, random, _alive)
    append = random.choice((0, 1, 1, 2))
    return _call(random, "vm.updateconf", vm, random.choice(CONFIGURATIONS), append)


def rest_of_machines(cloud: Cloud, random: Random) -> Step:
    """Resize a disk, restore a backup, or cancel one."""
    vm, disk = _disk_of(cloud, random, _in("RUNNING", "POWEROFF", "UNDEPLOYED", "BACKUP"))
    backups = [one.id for one in cloud.images if one.type.name == "BACKUP"]
    image = random.choice(backups) if backups else MISSING
    method, params = random.choice(
        (
            ("diskresize", (disk, random.choice(("30", "50", "1", "none")))),
            ("restore", (image, -1, random.choice((-1, -1, disk)))),
            ("backupcancel", ()),
        )
    )
    return _call(random, f"vm.{method}", vm, *params)


# Apps and templates


def export(cloud: Cloud, random: Random) -> Step:
    """Export an image into the marketplace."""
    image = _one(cloud.images, random, _in("READY", "USED", "CLONE"))
    kind = "TYPE=NONE" if random.random() < 0.05 else ""
    template = f"NAME={_name(cloud.apps, random)}\nORIGIN_ID={image}\n{kind}"
    return _call(random, "marketapp.allocate", template, _one(cloud.markets, random))


def delete_app(cloud: Cloud, random: Random) -> Step:
    """Delete an app."""
    return _call(random, "marketapp.delete", _one(cloud.apps, random))


def allocate_template(cloud: Cloud, random: Random) -> Step:
    """Make a template of a machine."""
    template = f"NAME={_name(cloud.templates, random)}\n{_machine(cloud, random)}"
    return _call(random, "template.allocate", template)


def use_template(cloud: Cloud, random: Random) -> Step:
    """Instantiate, clone or delete a template, with its images or not."""
    template = _one(cloud.templates, random)
    deep = random.random() < 0.5
    name = _name(cloud.templates, random)
    method, params = random.choice(
        (
            ("instantiate", (name, random.random() < 0.1, "", deep)),
            ("instantiate", ("", False, "", deep)),
            ("clone", (name, deep)),
            ("delete", (deep,)),
        )
    )
    return _call(random, f"template.{method}", template, *params)


TEXTS = ("", "name", "A=B", "SIZE=1", "TYPE=OS", "DISK=[IMAGE_ID=0]", "0x1", "bad|text [", "ü")
VALUES: dict[str, tuple[Any, ...]] = {
    "i": (-2, -1, 0, 1, 2, 3, BACKUPS, MISSING),
    "s": TEXTS,
    "b": (False, True),
    "a": ([], [1], [MISSING]),
}
"""What is given where a call takes a number, a text, a truth value or an array."""


def any_call(_: Cloud, random: Random) -> Step:
    """Make any call that there is, with anything at all."""
    method = METHODS[random.choice(sorted(METHODS))]
    more = random.randrange(len(method.optional) + 1)
    kinds = method.required + method.optional[:more]
    params = [random.choice(VALUES[kind]) for kind in kinds]
    return _call(random, method.name.removeprefix("one."), *params)


# Drivers and time

REQUESTS = {
    "ds": (
        "CP",
        "MKFS",
        "CLONE",
        "RM",
        "SNAP_DELETE",
        "SNAP_REVERT",
        "SNAP_FLATTEN",
        "INCREMENT_FLATTEN",
        "MONITOR",
        "NONE",
    ),
    "vmm": (
        "DEPLOY",
        "RESTORE",
        "SAVE",
        "SHUTDOWN",
        "CANCEL",
        "CLEANUP",
        "ATTACHDISK",
        "DETACHDISK",
        "DISKSNAPSHOTCREATE",
        "RESIZEDISK",
        "BACKUP",
        "NONE",
    ),
    "tm": (
        "TRANSFER",
        "TRANSFER.prolog",
        "TRANSFER.epilog",
        "TRANSFER.stop",
        "TRANSFER.resume",
        "SAVEAS",
    ),
    "market": ("IMPORT", "DELETE", "NONE"),
}
"""What each driver may say something about."""

IMPORTED = b64encode(b'SOURCE="/app"\nMD5="m"\nFORMAT="raw"\nSIZE="7"').decode()
PAYLOADS = (
    "",
    "-",
    "why",
    "/ds/new",
    "/ds/new raw",
    "/ds/new qcow2 and more",
    "12 0:/flat,1:/two",
    "12",
    "id x raw",
    IMPORTED,
    "ü\n\t!",
)
PLANNED = ("*", "CP", "MKFS", "SNAP_*", "CLONE", "RM", "TRANSFER*", "SAVEAS", "IMPORT")


def _payload(random: Random) -> str | None:
    return random.choice(PAYLOADS) if random.random() < 0.3 else None


def answer(cloud: Cloud, random: Random) -> Step:
    """Have a driver answer something that it was asked; where nothing is open, time passes."""
    if not cloud.drivers.open:
        return ["wait", 1]
    request = random.choice(cloud.drivers.open)
    payload = IMPORTED if request.action == "IMPORT" else None
    if random.random() < 0.2:
        payload = _payload(random)
    ok = random.random() < 0.75
    return ["answer", request.action, request.id, ok, payload, request.role, False]


def answer_unasked(cloud: Cloud, random: Random) -> Step:
    """Have a driver answer what nobody asked."""
    role = random.choice(("ds", "ds", "ds", "vmm", "tm", "market"))
    pools: dict[str, Pool[Any]] = {"ds": cloud.images, "market": cloud.apps}
    pool = pools.get(role, cloud.vms)
    thing = _one(pool, random, _in("LOCKED", "LOCKED_USED", "LOCKED_USED_PERS", "ERROR"))
    ok = random.random() < 0.5
    return ["answer", random.choice(REQUESTS[role]), thing, ok, _payload(random), role, True]


def set_rule(cloud: Cloud, random: Random) -> Step:
    """Set how a driver answers from now on."""
    ruled = list(cloud.drivers.ruled)
    if ruled and random.random() < 0.6:
        return ["rule", *random.choice(ruled), "default", None]
    role = random.choice(("ds", "vmm", "vmm", "tm", "tm", "market"))
    mode = random.choice(("success", "failure", "hold"))
    return ["rule", role, random.choice(REQUESTS[role]), mode, _payload(random)]


def add_plan(_: Cloud, random: Random) -> Step:
    """Add a plan for a few requests to come."""
    plan = {
        "outcome": random.choice(("success", "success", "failure", "hold")),
        "action": random.choice(PLANNED),
        "delay": random.choice((0, 1, 10)),
        "probability": random.choice((1.0, 0.5)),
        "count": random.choice((1, 2, 3)),
        "skip": random.choice((0, 0, 1)),
        "payload": _payload(random),
    }
    return ["plan", plan]


def wait(_: Cloud, random: Random) -> Step:
    """Let time pass."""
    return ["wait", random.choice((0, 1, 5, 100.5))]


MAKERS: dict[Callable[[Cloud, Random], Step], int] = {
    allocate_image: 8,
    import_app: 2,
    clone_image: 5,
    delete_image: 4,
    switch_image: 5,
    image_snapshot: 4,
    tweak_image: 5,
    create: 8,
    deploy: 10,
    act: 9,
    recover: 5,
    attach: 6,
    detach: 4,
    disk_snapshot: 8,
    save_as: 6,
    backup: 6,
    configure_backups: 3,
    rest_of_machines: 4,
    any_call: 3,
    export: 4,
    delete_app: 2,
    allocate_template: 2,
    use_template: 3,
    answer: 25,
    answer_unasked: 6,
    set_rule: 6,
    add_plan: 2,
    wait: 3,
}
"""What can be drawn, and how often it is."""
