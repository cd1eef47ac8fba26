"""The page over a running cloud: how soon it shows what happened, what its server is asked."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xmlrpc.client import ServerProxy

from benchmarks.measure import ROOT, Result

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LAG_BAR, FRAME_BAR, WINDOW_BAR, ACTS_BAR = 1000.0, 200.0, 20.0, 30.0
"""Milliseconds: until the last state is shown; between frames; until the server has answered."""

CALL_BAR, LONGEST_BAR = 250.0, 1000.0
"""Milliseconds until a call is answered while the quiz is made: the 99th of 100, the longest."""

MISSING = "the live page: needs Chromium and pip install playwright"
IMAGES, RATE, LAST = 1000, 200, 7

_SERVER = """
import sys
from lifecycle import Cloud
from lifecycle.endpoint import Endpoint
cloud = Cloud()
cloud.plan("success")
for number in range(int(sys.argv[1])):
    cloud.image.allocate(f'NAME="image-{number}" PATH="/image" SIZE="1"', 1)
with Endpoint(cloud) as endpoint:
    print(endpoint.page_url, flush=True)
    sys.stdin.readline()
"""

_FRAMES = """
() => {
  window.frames_ = [];
  let before = performance.now();
  const frame = (now) => {
    window.frames_.push(now - before);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
"""

_SHOWN = """
async ({ key, state }) => {
  const shown = () => document.querySelector(`#images [data-key="${key}"] .badge`)?.textContent;
  while (shown() !== state) await new Promise((done) => requestAnimationFrame(done));
  return { at: Date.now(), frames: window.frames_ };
}
"""


class Server:
    """An endpoint in a process of its own, whose cloud holds some images."""

    def __init__(self, images: int) -> None:
        """Start it."""
        self.process = subprocess.Popen(  # noqa: S603 - a program of our own
            [sys.executable, "-c", _SERVER, str(images)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.page = self.process.stdout.readline().strip()
        parts = urlsplit(self.page)
        self.root = f"http://{parts.netloc}"
        self.headers = {"Authorization": f"Bearer {parts.fragment.removeprefix('token=')}"}
        self._connection = HTTPConnection(parts.netloc)

    def ask(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Ask the control path over a kept connection."""
        self._connection.request("GET", f"/control/{path}", headers=self.headers)
        response = self._connection.getresponse()
        assert response.status == 200
        return json.loads(response.read())

    def stop(self) -> None:
        """End it."""
        self._connection.close()
        self.process.communicate("\n")


def run(quick: bool) -> list[Result]:
    """Measure what the page asks for, then the page itself, in Debian's Chromium."""
    results = _answers(20 if quick else 200, (10, 1_000) if quick else (10, 1_000, 10_000))
    results += _meanwhile(1 if quick else 5)
    chromium = shutil.which("chromium")
    if chromium is None or importlib.util.find_spec("playwright") is None:
        return [*results, Result(MISSING, None, "ms")]

    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - it may not be installed

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, chromium_sandbox=False)
        try:
            return results + _bursts(browser, 1 if quick else 5, 2.0 if quick else 10.0)
        finally:
            browser.close()


def _answers(times: int, sizes: tuple[int, ...]) -> list[Result]:
    """Measure clouds of several sizes in turns."""
    servers = {size: Server(size) for size in sizes}
    asked = {"window": ("window", WINDOW_BAR), "acts on one": ("acts?on=image-3", ACTS_BAR)}
    spent: dict[tuple[str, int], list[float]] = {}
    try:
        for _ in range(times):
            for size, server in servers.items():
                for what, (path, _) in asked.items():
                    start = time.perf_counter()
                    server.ask(path)
                    took = (time.perf_counter() - start) * 1e3
                    spent.setdefault((what, size), []).append(took)
    finally:
        for server in servers.values():
            server.stop()
    few = f"{sizes[0]} images"
    return [
        Result(
            f"{what} of {size:,} images",
            median(spent[what, size]),
            "ms",
            few,
            median(spent[what, sizes[0]]),
            at_most=bar,
        )
        for what, (_, bar) in asked.items()
        for size in sizes
    ]


def _meanwhile(rounds: int) -> list[Result]:
    """Make calls while the server makes the quiz, and as many while it makes nothing."""
    busy: list[float] = []
    idle: list[float] = []
    for _ in range(rounds):
        server = Server(IMAGES)
        try:
            asked = threading.Thread(target=server.ask, args=("questions",))
            with ServerProxy(f"{server.root}/RPC2") as proxy:
                asked.start()
                begun = len(busy)
                while asked.is_alive():
                    busy.append(_called(proxy))
                idle += [_called(proxy) for _ in busy[begun:]]
        finally:
            server.stop()
    parts = (("the 99th of 100", _late, CALL_BAR), ("the longest", max, LONGEST_BAR))
    return [
        Result(
            f"a call while the quiz is made: {part}",
            of(busy),
            "ms",
            "while nothing is",
            of(idle),
            at_most=bar,
        )
        for part, of, bar in parts
    ]


def _late(spent: list[float]) -> float:
    return sorted(spent)[len(spent) * 99 // 100]


def _called(proxy: ServerProxy) -> float:
    """Give the milliseconds that a call takes."""
    one: Any = proxy.one
    start = time.perf_counter()
    one.image.lock("oneadmin:opennebula", LAST, 1)
    return (time.perf_counter() - start) * 1e3


def _bursts(browser: Browser, rounds: int, seconds: float) -> list[Result]:
    """Make calls as a script does, then as many as there can be, and look at the page."""
    results = []
    server = Server(IMAGES)
    try:
        page = browser.new_page()
        page.goto(server.page)
        page.wait_for_selector("#images-hidden:not([hidden])")
        page.evaluate(_FRAMES)
        for rate, name in ((RATE, f"{RATE} calls a second"), (0, "calls without a pause")):
            lags, frames, rates = [], [], []
            for _ in range(rounds):
                made, lag, seen = _burst(page, server, rate, seconds)
                lags.append(lag)
                frames += seen
                rates.append(made / seconds)
            results += [
                Result(f"{name}: shown after", median(lags), "ms", at_most=LAG_BAR),
                Result(
                    f"{name}: frames, the 99th of 100",
                    _late(frames),
                    "ms",
                    at_most=FRAME_BAR,
                ),
                Result(f"{name}: events", median(rates), "/s"),
            ]
        page.close()
    finally:
        server.stop()
    return results


def _burst(page: Page, server: Server, rate: int, seconds: float) -> tuple[int, float, list[float]]:
    """Give the number of events, and the milliseconds until the last was shown, and of frames."""
    page.evaluate("() => { window.frames_ = []; }")
    before = server.ask("window")["number"]
    ended: list[float] = []
    script = threading.Thread(target=_calls, args=(server.root, rate, seconds, ended))
    script.start()
    while not ended:
        page.wait_for_timeout(50)
    shown = page.evaluate(_SHOWN, {"key": str(LAST), "state": "DISABLED"})
    script.join()
    events = server.ask("window")["number"] - before
    return events, max(shown["at"] - ended[0] * 1e3, 0), shown["frames"]


def _calls(root: str, rate: int, seconds: float, ended: list[float]) -> None:
    """Enable and disable images one after the other; last of all disable one that was not."""
    with ServerProxy(f"{root}/RPC2") as proxy:
        one: Any = proxy.one
        session, begin, made = "oneadmin:opennebula", time.monotonic(), 0
        one.image.enable(session, LAST, True)  # noqa: FBT003 - as on the wire
        while (now := time.monotonic() - begin) < seconds:
            if rate and made / rate > now:
                time.sleep(made / rate - now)
            one.image.enable(
                session, LAST + 1 + made * 37 % (IMAGES - LAST - 1), made // IMAGES % 2 == 1
            )
            made += 1
        one.image.enable(session, LAST, False)  # noqa: FBT003 - as on the wire
    ended.append(time.time())
