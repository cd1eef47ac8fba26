"""Shows that page and simulator agree: on what can be tried, what is refused, what comes of it.

Every act is tried in a simulated cloud, in every configuration of a small one
and along random walks through larger ones; the page's own scripts, run by Node,
must come to the same each time. What the page has not learned it does not offer;
how often that is so is told.

Run by itself (``python -m tests.page.agreement``) it goes through all that two
images and two machines can come to, which takes minutes; with ``--nearest``
through those with the shortest histories. With ``--write`` it has
the rules learned again, and writes them, which takes as long.
"""

from __future__ import annotations

import json
import subprocess
import sys
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.analysis.exploration.acts import CloudBounds
from lifecycle.analysis.exploration.copies import put_back
from lifecycle.page import encoding, rules
from lifecycle.page.learned import Tries, along_a_walk, everywhere
from lifecycle.page.neighbourhood import IMAGE, MACHINE, SIDES, Neighbourhood
from lifecycle.scenario.reasons import explain
from tests.tools import NPM, ROOT, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lifecycle.analysis.exploration.copies import Moment
    from lifecycle.page.learned import Study, Try

RULES = ROOT / "lifecycle" / "page" / rules.FILE
_WALKS = 20
_NEAREST = 6000
_REASONS = 10
"""Of how many refusals the reasons are worked out for one: that takes long."""

_RELATIONS = {
    kind: [name for other in (IMAGE, MACHINE) for name in SIDES[kind, other]]
    for kind in (IMAGE, MACHINE)
}


class Agreed(NamedTuple):
    """How much was compared, and how often the page did not offer what could be tried."""

    configurations: int
    tries: int
    unknown: int


class Comparison:
    """Node, which compares what it is told with what the page's scripts come to."""

    def __init__(self, tries: Tries) -> None:
        node = require("node", mend="apt-get install nodejs npm")
        self._tries = tries
        self._refusals = 0
        self._node = subprocess.Popen(  # noqa: S603 - runs our own script
            [node, str(NPM / "agree.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def study(self, moment: Moment) -> Iterator[Try]:
        """Try everything at a moment, and have it compared."""
        cloud = self._tries.cloud
        put_back(cloud, moment)
        before = {
            "things": _things(Neighbourhood(cloud)),
            "next": {IMAGE: cloud.images.next_id, MACHINE: cloud.vms.next_id},
        }
        tried = []
        for one in self._tries.all_of(moment):
            target = "" if one.target is None else f"{one.target[0]}{one.target[1]}"
            what = f"{one.template.driver}|{one.template.text}"
            tried.append((what, target, _things(one.after), self._refusal(one)))
            yield one
        assert self._node.stdin is not None
        try:
            self._node.stdin.write(
                json.dumps({"before": before, "tried": tried}, separators=(",", ":")) + "\n"
            )
        except BrokenPipeError:
            self.ended()

    def _refusal(self, one: Try) -> tuple[Any, ...] | None:
        if one.refused is None:
            return None
        self._refusals += 1
        words = one.refused.text, one.refused.code.name
        if self._refusals % _REASONS:
            return words
        told = explain(one.refused)
        return (*words, told.why, told.legal)

    def close(self) -> None:
        """End Node, if it has not ended by itself."""
        self._node.kill()
        self._node.communicate()

    def ended(self) -> Agreed:
        """Give how much was compared.

        Raises:
            AssertionError: page and simulator do not agree.
        """
        out, err = self._node.communicate()
        assert self._node.returncode == 0, err
        return Agreed(**json.loads(out))


def _things(seen: Neighbourhood) -> list[tuple[Any, ...]]:
    return [
        (
            *one,
            seen.records[one],
            {name: sorted(seen.held[one, name]) for name in _RELATIONS[one[0]]},
        )
        for one in sorted(seen.records)
    ]


def compare(tries: Tries, go: Callable[[Tries, Study], object]) -> Agreed:
    """Compare all that is tried somewhere.

    Raises:
        AssertionError: page and simulator do not agree.
    """
    comparison = Comparison(tries)
    try:
        go(tries, comparison.study)
        return comparison.ended()
    finally:
        comparison.close()


def compare_all(bounds: CloudBounds, most: int | None = None) -> Agreed:
    """Compare everything in every configuration within bounds, or in the nearest ones."""
    return compare(Tries(bounds, first=0), lambda tries, study: everywhere(tries, study, most))


def compare_walk(bounds: CloudBounds, seed: int, steps: int) -> Agreed:
    """Compare everything along a random walk."""
    return compare(
        Tries(bounds, first=0), lambda tries, study: along_a_walk(tries, study, Random(seed), steps)
    )


def made() -> str:
    """Give the page's rules as they are when they are made now."""
    return encoding.written(encoding.encoded(encoding.learn(_tell)))


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Compare everything, or write the rules."""
    if "--write" in sys.argv[1:]:
        RULES.write_text(made(), "utf-8")
        return
    for bounds in (
        CloudBounds(images=2, machines=2, apart=True),
        CloudBounds(images=2, machines=1, saving=True, apart=True),
    ):
        agreed = compare_all(bounds, _NEAREST if "--nearest" in sys.argv[1:] else None)
        _tell(f"{bounds.images} images, {bounds.machines} machines: {agreed}")
    wide = CloudBounds(images=4, machines=4, saving=True, living=True, apart=True)
    for seed in range(_WALKS):
        agreed = compare_walk(wide, seed, 200)
        _tell(f"walk {seed} with 4 images, 4 machines: {agreed}")


if __name__ == "__main__":
    main()
