"""What axe-core finds on a page that keeps people from using it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from tests.tools import npm_package

if TYPE_CHECKING:
    from playwright.sync_api import Page

_STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AUDIT = """
async ({ standards, beside }) => {
  const exclude = beside.map((one) => [one]);
  const { violations, passes } = await axe.run({ exclude }, {
    runOnly: { type: "tag", values: standards },
    resultTypes: ["violations"],
  });
  return { violations, passed: passes.length };
}
"""


@cache
def _axe() -> str:
    return (npm_package("axe-core") / "axe.min.js").read_text("utf-8")


def audit(page: Page, *beside: str) -> list[str]:
    """Give a line for each violation that axe-core finds in what is shown now.

    Args:
        page: the page.
        beside: selectors of what is not looked at, since it was before.
    """
    page.evaluate(f"() => {{ if (!window.axe) {{ {_axe()} }} }}")
    found: dict[str, Any] = page.evaluate(_AUDIT, {"standards": _STANDARDS, "beside": list(beside)})
    assert found["passed"], "axe-core looked at nothing"
    return [
        f"{rule['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
