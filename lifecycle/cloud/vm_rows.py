"""How a machine is created, started, paused and ended: every row that succeeds.

Sources are given per row: functions of ``src/lcm`` and ``src/dm`` of OpenNebula 7.4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.cloud.vm_groups import (
    BOOTS,
    EPILOGS,
    FAILURES,
    NEVER_RAN,
    PROLOGS,
    SAVES,
    SHUTDOWNS,
    WAITING,
    failed,
    row,
)
from lifecycle.cloud.vm_recovery_rows import wipe
from lifecycle.cloud.vm_states import VmState as S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.table import Row


def _creation() -> Iterator[Row]:
    source = "VirtualMachine::insert"
    yield row("allocate", (S.INIT,), S.CLONING, when=("waits",), source=source)
    yield row("allocate", (S.INIT,), S.HOLD, when=("on_hold",), unless=("waits",), source=source)
    yield row("allocate", (S.INIT,), S.PENDING, unless=("waits", "on_hold"), source=source)
    source = "LifeCycleManager::trigger_disk_lock_success"
    told = "images_changed"
    yield row(told, WAITING, S.HOLD, "refresh_disks", when=("all_ready", "on_hold"), source=source)
    yield row(
        told,
        WAITING,
        S.PENDING,
        "refresh_disks",
        when=("all_ready",),
        unless=("on_hold",),
        source=source,
    )
    yield row(
        told,
        WAITING,
        S.CLONING_FAILURE,
        "refresh_disks",
        when=("some_failed",),
        unless=("all_ready",),
        source=source,
    )
    yield row(
        told,
        WAITING,
        S.CLONING,
        "refresh_disks",
        unless=("all_ready", "some_failed"),
        source=source,
    )


def _start() -> Iterator[Row]:
    source = "DispatchManager::hold, release"
    yield row("hold", (S.PENDING,), S.HOLD, source=source)
    yield row("release", (S.HOLD,), S.PENDING, source=source)
    source = "LifeCycleManager::trigger_deploy"
    idle = (S.PENDING, S.HOLD, S.STOPPED, S.UNDEPLOYED)
    yield row(
        "deploy",
        idle,
        S.PROLOG_RESUME,
        "arrive",
        "ask_prolog_resume",
        when=("was_stopped",),
        source=source,
    )
    yield row(
        "deploy",
        idle,
        S.PROLOG_UNDEPLOY,
        "arrive",
        "ask_prolog_resume",
        when=("was_undeployed",),
        unless=("was_stopped",),
        source=source,
    )
    yield row(
        "deploy",
        idle,
        S.PROLOG,
        "arrive",
        "ask_prolog",
        unless=("was_stopped", "was_undeployed"),
        source=source,
    )
    source = "LifeCycleManager::trigger_prolog_success, trigger_prolog_failure"
    boots = {
        S.PROLOG: (S.BOOT, "ask_deploy"),
        S.PROLOG_RESUME: (S.BOOT_STOPPED, "ask_restore"),
        S.PROLOG_UNDEPLOY: (S.BOOT_UNDEPLOY, "ask_deploy"),
    }
    for state, (boot, ask) in boots.items():
        yield row("prolog_success", (state, *failed(state)), boot, ask, source=source)
        yield row("prolog_failure", (state,), failed(state)[0], source=source)
    yield row("prolog_failure", failed(*PROLOGS), None, source=source)
    source = "LifeCycleManager::trigger_deploy_success, trigger_deploy_failure"
    yield row("deploy_success", (*BOOTS, *failed(*BOOTS)), S.RUNNING, "note_nothing", source=source)
    yield row("deploy_success", (S.RUNNING,), None, source=source)
    for boot, failure in (
        (S.BOOT, S.BOOT_FAILURE),
        (S.BOOT_STOPPED, S.BOOT_STOPPED_FAILURE),
        (S.BOOT_UNDEPLOY, S.BOOT_UNDEPLOY_FAILURE),
        (S.BOOT_POWEROFF, S.POWEROFF),
        (S.BOOT_SUSPENDED, S.SUSPENDED),
    ):
        yield row("deploy_failure", (boot,), failure, source=source)
    yield row("deploy_failure", failed(*BOOTS), None, source=source)


def _pauses() -> Iterator[Row]:
    running = (S.RUNNING,)
    source = "LifeCycleManager::trigger_suspend, trigger_stop"
    yield row("suspend", running, S.SAVE_SUSPEND, "note_suspend", "ask_save", source=source)
    yield row("stop", running, S.SAVE_STOP, "note_stop", "ask_save", source=source)
    yield row("stop", (S.SUSPENDED,), S.EPILOG_STOP, "note_stop", "ask_epilog_stop", source=source)
    source = "LifeCycleManager::trigger_poweroff, trigger_undeploy"
    yield row(
        "poweroff", running, S.SHUTDOWN_POWEROFF, "note_poweroff", "ask_shutdown", source=source
    )
    yield row(
        "undeploy", running, S.SHUTDOWN_UNDEPLOY, "note_undeploy", "ask_shutdown", source=source
    )
    for name, state in (("poweroff", S.SHUTDOWN_POWEROFF), ("undeploy", S.SHUTDOWN_UNDEPLOY)):
        note = f"note_{name}_hard"
        yield row(f"{name}_hard", running, state, note, "ask_cancel", source=source)
        yield row(f"{name}_hard", (state,), state, "cancel_vmm", note, "ask_cancel", source=source)
    for name in ("undeploy", "undeploy_hard"):
        yield row(
            name,
            (S.POWEROFF,),
            S.EPILOG_UNDEPLOY,
            "note_undeploy",
            "ask_epilog_stop",
            source=source,
        )
    source = "DispatchManager::resume, LifeCycleManager::trigger_restore, trigger_restart"
    yield row("resume", (S.STOPPED, S.UNDEPLOYED), S.PENDING, source=source)
    yield row("resume", (S.SUSPENDED,), S.BOOT_SUSPENDED, "resume", "ask_restore", source=source)
    yield row("resume", (S.POWEROFF,), S.BOOT_POWEROFF, "resume", "ask_deploy", source=source)
    source = "DispatchManager::reboot, resched"
    yield row("reboot", running, None, "ask_reboot", source=source)
    yield row("reboot_hard", running, None, "ask_reset", source=source)
    for name in ("resched", "unresched"):
        yield row(name, (S.RUNNING, S.POWEROFF), None, source=source)
    source = "LifeCycleManager::trigger_save_success, trigger_save_failure"
    yield row("save_success", (S.SAVE_SUSPEND,), S.SUSPENDED, source=source)
    yield row("save_success", (S.SAVE_STOP,), S.EPILOG_STOP, "ask_epilog_stop", source=source)
    yield row("save_failure", SAVES, S.RUNNING, "note_nothing", source=source)


def _ending() -> Iterator[Row]:
    source = "DispatchManager::terminate, LifeCycleManager::trigger_shutdown"
    yield row(
        "terminate", (S.RUNNING,), S.SHUTDOWN, "note_terminate", "ask_shutdown", source=source
    )
    yield row(
        "terminate_hard",
        (S.RUNNING,),
        S.SHUTDOWN,
        "note_terminate_hard",
        "ask_cancel",
        source=source,
    )
    yield row(
        "terminate_hard",
        (S.SHUTDOWN,),
        S.SHUTDOWN,
        "cancel_vmm",
        "note_terminate_hard",
        "ask_cancel",
        source=source,
    )
    for name in ("terminate", "terminate_hard"):
        away = (S.SUSPENDED, S.POWEROFF, S.STOPPED, S.UNDEPLOYED)
        yield row(name, away, S.EPILOG, "note_terminate", "ask_epilog", source=source)
        yield row(name, NEVER_RAN, S.DONE, "release_images", source=source)
        yield row(name, (S.DONE,), None, source=source)
        yield from wipe(name, tuple(FAILURES))
    source = "LifeCycleManager::trigger_shutdown_success, trigger_shutdown_failure"
    yield row("shutdown_success", (S.SHUTDOWN,), S.EPILOG, "ask_epilog", source=source)
    yield row("shutdown_success", (S.SHUTDOWN_POWEROFF,), S.POWEROFF, source=source)
    yield row(
        "shutdown_success",
        (S.SHUTDOWN_UNDEPLOY,),
        S.EPILOG_UNDEPLOY,
        "ask_epilog_stop",
        source=source,
    )
    yield row("shutdown_failure", SHUTDOWNS, S.RUNNING, "note_nothing", source=source)
    source = "LifeCycleManager::trigger_epilog_success, trigger_epilog_failure"
    yield row(
        "epilog_success", (S.EPILOG, S.EPILOG_FAILURE), S.DONE, "release_images", source=source
    )
    yield row(
        "epilog_success",
        (S.EPILOG_STOP, S.EPILOG_STOP_FAILURE),
        S.STOPPED,
        "note_stop_if_nothing",
        source=source,
    )
    yield row(
        "epilog_success",
        (S.EPILOG_UNDEPLOY, S.EPILOG_UNDEPLOY_FAILURE),
        S.UNDEPLOYED,
        "note_undeploy_if_nothing",
        source=source,
    )
    for state in EPILOGS:
        yield row("epilog_failure", (state,), failed(state)[0], source=source)
    yield row("epilog_failure", failed(*EPILOGS), None, source=source)
    for name in ("epilog_success", "epilog_failure", "cleanup_success", "cleanup_failure"):
        yield row(
            name,
            (S.CLEANUP_RESUBMIT,),
            S.PENDING,
            "forget_deploy_id",
            source="DispatchManager::trigger_resubmit",
        )


VM_ROWS = (
    *_creation(),
    *_start(),
    *_pauses(),
    *_ending(),
)
