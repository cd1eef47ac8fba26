"""State hooks run when a written record shows another state, after what was under way."""

from __future__ import annotations

import pytest

from lifecycle import Cloud, HookEvent, ImageState, InputError


def test_a_hook_is_told_of_every_change_of_state() -> None:
    cloud = Cloud()
    seen: list[tuple[int, str, str]] = []
    cloud.hook(lambda event: seen.append((event.image.id, event.before.name, event.after.name)))
    image = cloud.image.allocate('NAME="one" PATH="/image" SIZE="1" PERSISTENT="YES"', 1)
    assert seen == []  # the record that is inserted fires none
    cloud.complete("CP", image)
    cloud.vm.allocate(f'CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image}"]')
    assert seen == [(image, "INIT", "READY"), (image, "READY", "USED_PERS")]


@pytest.mark.parametrize(
    ("state", "runs"),
    [
        ("READY", ["READY", "READY"]),
        ("ready", ["READY", "READY"]),
        (ImageState.DISABLED, ["DISABLED"]),
        ("USED", []),
        (None, ["READY", "DISABLED", "READY"]),
    ],
)
def test_a_hook_waits_for_its_state(state: ImageState | str | None, runs: list[str]) -> None:
    cloud = Cloud()
    seen: list[HookEvent] = []
    cloud.hook(seen.append, state)
    cloud.plan("success", "CP")
    image = cloud.image.allocate('NAME="one" PATH="/image" SIZE="1"', 1)
    cloud.image.enable(image, False)
    cloud.image.enable(image, True)
    assert [event.printed for event in seen] == runs


def test_a_hook_on_a_state_runs_for_the_other_that_prints_the_same() -> None:
    cloud = Cloud()
    seen: list[HookEvent] = []
    cloud.hook(seen.append, "USED_PERS")
    cloud.plan("success", "CP")
    image = cloud.image.allocate('NAME="one" PATH="/image" SIZE="1"', 1)
    cloud.vm.allocate(f'CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image}"]')
    assert [(event.printed, event.after.name) for event in seen] == [("USED", "USED")]


@pytest.mark.parametrize("state", ["INIT", ImageState.INIT, "SLEEPING", ""])
def test_a_state_that_no_hook_can_wait_for_is_refused(state: ImageState | str) -> None:
    cloud = Cloud()
    with pytest.raises(InputError, match="is no state of a hook; take one of READY, USED, "):
        cloud.hook(print, state)
    assert cloud.hooks == []


def test_a_hook_that_cannot_be_called_is_refused() -> None:
    with pytest.raises(InputError, match="a hook must be something to call, not 5"):
        Cloud().hook(5)  # type: ignore[arg-type]  # wrong on purpose


def test_a_hook_may_make_calls_itself() -> None:
    cloud = Cloud()
    cloud.hook(lambda event: cloud.image.enable(event.image.id, False), "READY")
    image = cloud.image.allocate('NAME="one" PATH="/image" SIZE="1"', 1)
    cloud.complete("CP", image)
    assert cloud.images[image].state is ImageState.DISABLED
    assert [entry.what for entry in cloud.journal.of("hook")] == ["READY", "DISABLED"]


def test_a_hook_that_is_removed_runs_no_more() -> None:
    cloud = Cloud()
    seen: list[HookEvent] = []
    cloud.hooks.remove(cloud.hook(seen.append))
    cloud.complete("CP", cloud.image.allocate('NAME="one" PATH="/image" SIZE="1"', 1))
    assert seen == []
