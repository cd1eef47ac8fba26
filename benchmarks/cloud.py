"""How the cost of an operation grows with the number of images in a cloud: not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Result, side_by_side
from lifecycle import Cloud, ImageState

if TYPE_CHECKING:
    from collections.abc import Callable

FEW = 10
PERSISTENT = 3
"""The id of the image that is worked on."""


def run(quick: bool) -> list[Result]:
    """Measure clouds of 10 to 100,000 images."""
    sizes = (100, 1_000) if quick else (1_000, 10_000, 100_000)
    rounds, times = (5, 5) if quick else (15, 20)
    clouds = {size: _cloud_of(size) for size in (FEW, *sizes)}
    results = []
    for what, operations, make in _HISTORIES:
        candidates = {str(size): make(cloud) for size, cloud in clouds.items()}
        spent = side_by_side(candidates, rounds=rounds, times=times)
        each = {size: spent[str(size)] / operations for size in clouds}
        few = each[FEW]
        results += [
            # Twice is what a cold cache and a noisy machine may cost, no search through all.
            Result(f"{what}, {size:,} images", each[size], "µs", f"{FEW} images", few, 2 * few)
            for size in sizes
        ]
    return results


def _cloud_of(size: int) -> Cloud:
    """Make a cloud with images that are READY, a third of them persistent, and no journal."""
    cloud = Cloud(journal=False)
    cloud.plan("success")
    for number in range(size):
        persistent = "YES" if number % 3 == 0 else "NO"
        cloud.image.allocate(
            f'NAME="image-{number}" PATH="/image" SIZE="1" PERSISTENT="{persistent}"', 1
        )
    assert cloud.images[PERSISTENT].state is ImageState.READY
    return cloud


def _switching(cloud: Cloud) -> Callable[[], object]:
    def history() -> None:
        cloud.image.enable(PERSISTENT, False)  # noqa: FBT003 - oned's parameter is a plain boolean
        cloud.image.enable(PERSISTENT, True)  # noqa: FBT003 - the same

    return history


def _making(cloud: Cloud) -> Callable[[], object]:
    def history() -> None:
        made = cloud.image.allocate('NAME="another" PATH="/image" SIZE="1"', 1)
        cloud.image.rename(made, "renamed")
        cloud.image.delete(made)
        assert made not in cloud.images

    return history


def _running(cloud: Cloud) -> Callable[[], object]:
    def history() -> None:
        vm = cloud.vm.allocate(f'CPU="1" MEMORY="1" DISK=[IMAGE="image-{PERSISTENT}"]')
        cloud.vm.deploy(vm, 0)
        cloud.vm.action("terminate", vm)
        assert cloud.images[PERSISTENT].state is ImageState.READY

    return history


_HISTORIES = (
    ("disable, enable", 2, _switching),
    ("allocate, rename, delete an image", 3, _making),
    ("allocate, deploy, terminate a machine", 3, _running),
)
"""What is done, how many calls that is, and what makes it for a cloud."""
