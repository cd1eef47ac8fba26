"""The page in a browser: its size, how soon it can be played, how soon a click is answered."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Result
from lifecycle.page import document

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SIZE_BAR, PAINT_BAR, CLICK_BAR = 1500.0, 1000.0, 50.0
"""Kilobytes, milliseconds, milliseconds."""

MISSING = "the page: needs Chromium and pip install playwright"

_EMPTY_PAGE = "an empty page"
_EMPTY = """<!DOCTYPE html>
<title>empty</title>
<button class="act">press</button><ol id="timeline"></ol>
<script>
document.querySelector("button").addEventListener("click", () => {
  document.querySelector("ol").prepend(document.createElement("li"));
});
performance.mark("playable");
</script>
"""

_OPENED = """
async () => {
  const painted = () => performance.getEntriesByName("first-contentful-paint")[0];
  const playable = () => performance.getEntriesByName("playable")[0];
  while (!painted() || !playable()) await new Promise((done) => setTimeout(done, 5));
  const first = painted().startTime;
  return { painted: first, playable: Math.max(first, playable().startTime) };
}
"""

_CLICKED = """
async ({ times, seed }) => {
  // Numbers drawn under a seed, so that each run presses the same buttons.
  let drawn = seed;
  const below = (most) => (drawn = (drawn * 48271) % 2147483647) % most;
  const painted = () =>
    new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const rows = () => document.querySelectorAll("#timeline li").length;
  const buttons = () => [
    ...document.querySelectorAll("button.act, #requests button, .pill:not([aria-expanded])"),
  ];
  const took = [];
  for (let tries = 0; took.length < times && tries < 4 * times; tries += 1) {
    const cards = [...document.querySelectorAll(".card")];
    cards[below(cards.length || 1)]?.click();
    await painted();
    const found = buttons();
    if (found.length === 0) continue; // what was chosen is gone, or its driver is silent
    const pressed = found[below(found.length)];
    const before = rows();
    const start = performance.now();
    pressed.click();
    await painted();
    const spent = performance.now() - start;
    if (rows() === before + 1) took.push(spent);
    if (rows() > 60) document.getElementById("tool-restart")?.click();
  }
  return took;
}
"""


def run(quick: bool) -> list[Result]:
    """Measure in Debian's Chromium, next to an empty page in the same browser."""
    page = document()
    results = [Result("size of the file", len(page.encode()) / 1000, "kB", at_most=SIZE_BAR)]
    chromium = shutil.which("chromium")
    if chromium is None or importlib.util.find_spec("playwright") is None:
        return [*results, Result(MISSING, None, "ms")]

    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - it may not be installed

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        played, empty = Path(folder, "played.html"), Path(folder, "empty.html")
        played.write_text(page, "utf-8")
        empty.write_text(_EMPTY, "utf-8")
        browser = playwright.chromium.launch(executable_path=chromium, chromium_sandbox=False)
        try:
            results += _openings(browser, played, empty, 3 if quick else 21)
            results += _clicks(browser, played, empty, 30 if quick else 500)
        finally:
            browser.close()
    return results


def _openings(browser: Browser, played: Path, empty: Path, rounds: int) -> list[Result]:
    spent: dict[Path, list[dict[str, float]]] = {played: [], empty: []}
    for number in range(rounds + 1):
        for file, found in spent.items():
            told = _told(browser, file, _OPENED)
            if number:  # the first one warms up
                found.append(told)
    return [
        Result(
            what,
            median(one[key] for one in spent[played]),
            "ms",
            _EMPTY_PAGE,
            median(one[key] for one in spent[empty]),
            at_most=PAINT_BAR,
        )
        for what, key in (("first paint", "painted"), ("first paint to be played", "playable"))
    ]


def _clicks(browser: Browser, played: Path, empty: Path, times: int) -> list[Result]:
    asked = {"times": times, "seed": 6}
    took = sorted(_told(browser, played, _CLICKED, asked))
    assert len(took) == times, "clicks are left without an answer"
    bare = median(_told(browser, empty, _CLICKED, asked))
    return [
        Result("click to painted answer", median(took), "ms", _EMPTY_PAGE, bare, at_most=CLICK_BAR),
        Result("the same, of 100 the 95th", took[len(took) * 95 // 100], "ms"),
    ]


def _told(browser: Browser, file: Path, script: str, given: object = None) -> Any:  # noqa: ANN401 - what a script tells
    """Give what a script tells in a fresh window."""
    context = browser.new_context(offline=True)
    try:
        page = context.new_page()
        page.goto(file.as_uri())
        return page.evaluate(script, given)
    finally:
        context.close()
