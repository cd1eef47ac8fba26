"""Calls over HTTP: round trips on a kept connection, start and stop, and how pools grow."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from xmlrpc.client import ServerProxy

from benchmarks.measure import ROOT, Result
from lifecycle import Cloud
from lifecycle.endpoint import Endpoint

if TYPE_CHECKING:
    from collections.abc import Callable

INFO_BAR, WRITE_BAR, START_BAR, PAGE_BAR, POOL_BAR = 0.5, 0.6, 15.0, 4.0, 40.0
"""Milliseconds; a real daemon on such a machine takes 0.95, 1.25, -, 5.2 and 51."""

_SERVER = """
import sys
from lifecycle import Cloud
from lifecycle.endpoint import Endpoint
cloud = Cloud()
cloud.plan("success")
for number in range(int(sys.argv[1])):
    cloud.image.allocate(f'NAME="image-{number}" PATH="/image" SIZE="1"', 1)
with Endpoint(cloud, state=sys.argv[2] or None) as endpoint:
    print(endpoint.url, flush=True)
    sys.stdin.readline()
"""


class Served:
    """An endpoint in a process of its own, and a client's kept connection to it."""

    def __init__(self, images: int, state: str = "") -> None:
        """Start a server whose cloud holds some images."""
        self.process = subprocess.Popen(  # noqa: S603 - a program of our own
            [sys.executable, "-c", _SERVER, str(images), state],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.client: Any = ServerProxy(self.process.stdout.readline().strip())
        self.session = "oneadmin:opennebula"
        self.count = 0

    def info(self) -> None:
        """Read one image."""
        assert self.client.one.image.info(self.session, 3)[0]

    def write(self) -> None:
        """Rename one image."""
        self.count += 1
        assert self.client.one.image.rename(self.session, 3, f"name-{self.count}")[0]

    def page(self) -> None:
        """Read a hundred images from the middle."""
        assert self.client.one.imagepool.info(self.session, -2, self.count % 50, -100)[0]

    def pool(self) -> None:
        """Read all images."""
        assert self.client.one.imagepool.info(self.session, -2, -1, -1)[0]

    def stop(self) -> None:
        """End the server."""
        self.client("close")()
        self.process.communicate("\n")


def milliseconds(function: Callable[[], object], times: int) -> float:
    """Give the median of the milliseconds that a function takes."""
    function()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        spent.append((time.perf_counter() - start) * 1e3)
    return median(spent)


def run(quick: bool) -> list[Result]:
    """Measure clouds of 10 to 100,000 images."""
    times = 50 if quick else 1000
    sizes = (10, 1_000) if quick else (10, 1_000, 10_000, 100_000)
    results = [_started(20 if quick else 200)]
    few: dict[str, float] = {}
    for size in sizes:
        served = Served(size)
        try:
            for what, function, bar in (
                ("info", served.info, INFO_BAR),
                ("write", served.write, WRITE_BAR),
            ):
                took = milliseconds(function, times)
                against = {"against": "10 images", "other": few[what]} if what in few else {}
                few.setdefault(what, took)
                results.append(
                    Result(f"{what}, {size:,} images", took, "ms", at_most=bar, **against)  # type: ignore[arg-type]  # two of its fields
                )
            if size >= 1000:
                took = milliseconds(served.page, times // 10)
                results.append(Result(f"page of 100 of {size:,}", took, "ms", at_most=PAGE_BAR))
            if size == 1000:
                took = milliseconds(served.pool, times // 20)
                results.append(Result("pool of 1,000", took, "ms", at_most=POOL_BAR))
            if size == 10_000:
                results.append(Result("pool of 10,000", milliseconds(served.pool, 5), "ms"))
        finally:
            served.stop()
    results.append(_kept(times))
    return results


def _started(times: int) -> Result:
    def start_and_stop() -> None:
        with Endpoint(Cloud()):
            pass

    return Result("start and stop", milliseconds(start_and_stop, times), "ms", at_most=START_BAR)


def _kept(times: int) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        served = Served(10, str(Path(folder, "state")))
        try:
            took = milliseconds(served.write, times)
        finally:
            served.stop()
    return Result("write, kept in a file", took, "ms", at_most=WRITE_BAR)
