"""Shows that page and simulator agree: on what can be tried, what is refused, what comes of it.

Every act is tried in a simulated cloud, in every configuration of a small one
and along random walks to what is new in larger ones; the page's own scripts, run by Node,
must come to the same, and offer all of it in the small ones. Along the walks it is
told how often something is not offered that was never tried when the rules were learned.

Run by itself (``python -m tests.page.agreement``) it goes through all that two
images and two machines can come to, and through all that two images and a
machine can whose disk is saved as an image, in some minutes. With ``--whole``
disks of both machines may be saved: that takes a quarter of an hour. With
``--write`` it has the rules learned again, and writes them, which takes longer still.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from itertools import cycle
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from lifecycle.analysis.exploration.acts import CloudBounds
from lifecycle.analysis.exploration.copies import put_back
from lifecycle.page import encoding, rules
from lifecycle.page.learned import Study, Tries, along_a_walk, along_curious_walks, everywhere
from lifecycle.page.neighbourhood import IMAGE, MACHINE, SIDES, Neighbourhood
from lifecycle.scenario.reasons import explain
from tests.page.histories import HISTORIES, end_of
from tests.tools import NPM, ROOT, require

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lifecycle.analysis.exploration.copies import Moment
    from lifecycle.page.learned import Learned, Try

RULES = ROOT / "lifecycle" / "page" / rules.FILE
_STEPS = 200
_NEAR = 300
_COMPARED, _TAUGHT = range(20), range(1000, 1100)
"""The walks along which they are compared, by their seeds; and others, from which is learned."""
_TOLD = 5
_REASONS = 10
"""Of how many refusals the reasons are worked out for one: that takes long."""

_RELATIONS = {
    kind: [name for other in (IMAGE, MACHINE) for name in SIDES[kind, other]]
    for kind in (IMAGE, MACHINE)
}


class Agreed(NamedTuple):
    """What was compared, and what the page did not offer.

    Attributes:
        configurations: how many.
        tries: how many acts were tried in them.
        lacking: what the page's rules lack, each with how often an act was not offered for it.
        telling: moments from which they can be learned, if moments are kept; and what is wrong.
    """

    configurations: int
    tries: int
    lacking: dict[str, int]
    telling: list[Moment]

    @property
    def unknown(self) -> int:
        """How often something was tried that the page does not offer."""
        return sum(self.lacking.values())


class Comparison:
    """Node, which compares what it is told with what the page's scripts come to."""

    def __init__(self, tries: Tries, told: Mapping[str, Any], *, keeping: bool) -> None:
        node = require("node", mend="apt-get install nodejs npm")
        self._tries = tries
        self._refusals = 0
        self._moments: list[Moment] | None = [] if keeping else None
        self._node = subprocess.Popen(  # noqa: S603 - runs our own script
            [node, str(NPM / "agree.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._tell(told)

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
        if self._moments is not None:
            self._moments.append(moment)
        self._tell({"before": before, "tried": tried})

    def _tell(self, what: object) -> None:
        assert self._node.stdin is not None
        try:
            self._node.stdin.write(json.dumps(what, separators=(",", ":")) + "\n")
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
        found = json.loads(out)
        assert self._moments is not None or not found["wrong"], "\n".join(found["wrong"])
        return Agreed(
            found["configurations"],
            found["tries"],
            dict(found["lacking"]),
            [] if self._moments is None else [self._moments[one] for one in found["telling"]],
        )


def _things(seen: Neighbourhood) -> list[tuple[Any, ...]]:
    return [
        (
            *one,
            seen.records[one],
            {name: sorted(seen.held[one, name]) for name in _RELATIONS[one[0]]},
        )
        for one in sorted(seen.records)
    ]


Go = Callable[[Tries, Study], object]
"""Goes through configurations: what is done in each is given."""


def compare(tries: Tries, go: Go, told: Mapping[str, Any] | None = None) -> Agreed:
    """Compare all that is tried somewhere.

    Args:
        tries: in which cloud.
        go: goes where it is tried.
        told: the rules to compare, of which all moments are kept from which more can be
            learned, and of which nothing is said when they are wrong; those of the page
            where none are given.

    Raises:
        AssertionError: page and simulator do not agree.
    """
    comparison = Comparison(tries, told or rules.rules(), keeping=told is not None)
    try:
        go(tries, comparison.study)
        return comparison.ended()
    finally:
        comparison.close()


def all_of(most: int | None = None) -> Go:
    """Go through all configurations, or the nearest ones."""
    return lambda tries, study: everywhere(tries, study, most)


def beyond(history: tuple[str, ...], most: int) -> Go:
    """Go through the configurations nearest to where a history leads."""

    def go(tries: Tries, study: Study) -> None:
        put_back(tries.cloud, end_of(history, tries))
        everywhere(tries, study, most)

    return go


def curious(seeds: Iterable[int], steps: int) -> Go:
    """Go along random walks to what is new."""
    return lambda tries, study: along_curious_walks(tries, study, seeds, steps)


def walk(seed: int, steps: int) -> Go:
    """Go along a random walk."""
    return lambda tries, study: along_a_walk(tries, study, Random(seed), steps)


class Place(NamedTuple):
    """Where page and simulator are compared.

    Attributes:
        name: what there is.
        bounds: how much of it.
        go: goes through it.
    """

    name: str
    bounds: CloudBounds
    go: Go

    def compared(self, told: Mapping[str, Any] | None = None) -> tuple[Tries, Agreed]:
        """Compare page and simulator there.

        Raises:
            AssertionError: they do not agree.
        """
        tries = Tries(self.bounds, first=0)
        return tries, compare(tries, self.go, told)


_NARROW, _MIDDLE, WIDE = (
    CloudBounds(images=4, machines=most, saving=True, living=True, apart=True) for most in (1, 2, 4)
)
"""As many images as the page has, and few machines, or as many as it has."""

_SMALL = CloudBounds(images=2, machines=1, saving=True, apart=True)
_PAIRS = CloudBounds(images=2, machines=2, apart=True)
_SAVED_PAIRS = CloudBounds(images=2, machines=2, saving=True, apart=True)
_SAVED = CloudBounds(images=4, machines=2, saving=True, apart=True)


PARTS = (
    Place("2 images, 1 machine, disks saved", _SMALL, all_of()),
    Place("2 images, 2 machines", _PAIRS, all_of()),
)
"""What can be gone through whole in some minutes."""

WHOLE = Place("2 images, 2 machines, disks saved", _SAVED_PAIRS, all_of())
"""All that two images and two machines can come to: both parts, and more."""


SELDOM = tuple(Place(name, _SAVED, beyond(history, _NEAR)) for name, history in HISTORIES.items())
"""What is near to where histories lead that walks seldom come upon."""


def learned_rules() -> dict[str, Any]:
    """Learn the page's rules: first what is learned anyway, then where that is wrong or lacking.

    It ends when nothing more is to be learned, neither from all that two images and two machines
    can come to nor along walks with as many images as the page has.

    Raises:
        AssertionError: the page offers what cannot be tried.
        LocalityError: an act depends on more than its neighbourhood.
    """
    learned = encoding.learn(_say)
    found = encoding.encoded(learned)
    for part in PARTS:
        if _taught(learned, part, found):
            found = encoding.encoded(learned)
    last = *SELDOM, *_walks(_TAUGHT), WHOLE
    quiet = 0
    for place in cycle(last):
        quiet += 1
        while _taught(learned, place, found):
            found = encoding.encoded(learned)
            quiet = 1
        if quiet == len(last):
            break
    return found


def _taught(learned: Learned, place: Place, found: Mapping[str, Any]) -> bool:
    """Study where rules are wrong or lacking; tell whether there was anything."""
    tries, agreed = place.compared(found)
    _say(f"{place.name}: {_summary(agreed)}")
    for moment in agreed.telling:
        for _ in learned.study(tries, moment):
            pass
    return bool(agreed.telling)


def _walks(seeds: Sequence[int]) -> Iterator[Place]:
    """Go along walks to what is new, with as many images as the page has."""
    for bounds in (_NARROW, _MIDDLE, WIDE):
        name = f"{len(seeds)} walks with {bounds.images} images, {bounds.machines} machines"
        yield Place(name, bounds, curious(seeds, _STEPS))


def _summary(agreed: Agreed) -> str:
    return (
        f"{agreed.configurations:,} configurations, {agreed.tries:,} tries, "
        f"{agreed.unknown:,} of them not offered by the page"
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Compare, or write the rules; give the exit code."""
    options = sys.argv[1:]
    if "--write" in options:
        RULES.write_text(encoding.written(learned_rules()), "utf-8")
        return 0
    lacking = 0
    gone_through = *((WHOLE,) if "--whole" in options else PARTS), *SELDOM
    for place in (*gone_through, *_walks(_COMPARED)):
        _, agreed = place.compared()
        _say(f"{place.name}: {_summary(agreed)}")
        for what, times in list(agreed.lacking.items())[:_TOLD]:
            _say(f"    {times} times {what}")
        if place in gone_through:
            lacking += agreed.unknown
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
