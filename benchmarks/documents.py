"""What OpenNebula's documents cost: one image, a page, a pool, and how that grows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from benchmarks.measure import Result, side_by_side
from lifecycle import Cloud
from lifecycle.documents import pieces_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

FEW, PAGE = 10, 100
_MILLI = 1_000


def run(quick: bool) -> list[Result]:
    """Measure clouds of 10 to 100,000 images."""
    sizes = (100, 1_000) if quick else (1_000, 10_000, 100_000)
    clouds = {size: _cloud_of(size) for size in (FEW, *sizes)}
    return [*_alone(clouds[FEW], quick=quick), *_growing(clouds, quick=quick)]


def _cloud_of(size: int) -> Cloud:
    cloud = Cloud(journal=False)
    for number in range(size):
        cloud.image.allocate(
            f'NAME="image-{number}" TYPE="OS" SOURCE="/ds/{number}" FORMAT="raw" SIZE="1"', 1
        )
    return cloud


def _alone(cloud: Cloud, *, quick: bool) -> list[Result]:
    """Measure one document against reading it, which its client does."""
    image = cloud.images[3]
    document = str(text_of(cloud, image))
    spent = side_by_side(
        {
            "write": lambda: text_of(cloud, image),
            "read": lambda: ET.fromstring(document),  # noqa: S314 - written above
        },
        rounds=5 if quick else 15,
        times=100,
    )
    return [Result("write IMAGE", spent["write"], "µs", "ElementTree reads it", spent["read"], 100)]


def _growing(clouds: dict[int, Cloud], *, quick: bool) -> list[Result]:
    results = []
    for what, bar, make in (
        ("one.image.info with its document", None, _info),
        (f"a page of {PAGE} with its document", 4 * _MILLI, _page),
    ):
        candidates = {str(size): make(cloud) for size, cloud in clouds.items()}
        spent = side_by_side(candidates, rounds=5 if quick else 15, times=10)
        few = spent[str(FEW)]
        for size in list(clouds)[1:]:
            figure = spent[str(size)]
            against = f"{FEW} images"
            results.append(Result(f"{what}, {size:,} images", figure, "µs", against, few, bar))
    thousand = clouds.get(1_000)
    if thousand is not None:
        spent = side_by_side({"pool": _pool(thousand)}, rounds=5, times=3)
        results.append(Result("a pool of 1,000 in pieces", spent["pool"], "µs", "", None, 40_000))
    return results


def _info(cloud: Cloud) -> Callable[[], object]:
    return lambda: text_of(cloud, cloud.call("one.image.info", 3).value)


def _page(cloud: Cloud) -> Callable[[], object]:
    return lambda: text_of(cloud, cloud.call("one.imagepool.info", -2, 0, -PAGE).value)


def _pool(cloud: Cloud) -> Callable[[], object]:
    def written() -> None:
        for _ in pieces_of(cloud, cloud.call("one.imagepool.info", -2, -1, -1).value):
            pass

    return written
