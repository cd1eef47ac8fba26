"""Page and simulator agree, where a whole comparison is quick; all of it is compared in CI."""

from __future__ import annotations

import json
from random import Random

import pytest

from lifecycle.analysis.exploration.acts import CloudBounds
from lifecycle.analysis.exploration.copies import put_aside
from lifecycle.cloud.calls.image_calls import ImageCalls
from lifecycle.page import rules
from lifecycle.page.learned import Learned, LocalityError, Tries, readings
from tests.page.agreement import WIDE, Place, all_of, beyond, compare, curious, walk
from tests.page.histories import HISTORIES


def test_they_agree_on_all_that_one_image_and_two_machines_can_come_to() -> None:
    _, agreed = Place("", CloudBounds(images=1, machines=2, apart=True), all_of()).compared()
    assert agreed.configurations > 1000
    assert agreed.lacking == {}


def test_they_agree_on_images_that_are_copied_and_saved_for_a_while() -> None:
    bounds = CloudBounds(images=2, machines=1, saving=True, apart=True)
    _, agreed = Place("", bounds, all_of(1000)).compared()
    assert agreed.tries > 5000
    assert agreed.lacking == {}


@pytest.mark.parametrize("seed", range(3))
def test_they_agree_along_walks_with_as_many_images_and_machines_as_the_page_has(seed: int) -> None:
    _, agreed = Place("", WIDE, walk(seed, 60)).compared()
    assert agreed.configurations == 60
    assert agreed.lacking == {}


def test_they_agree_along_walks_to_what_is_new() -> None:
    _, agreed = Place("", WIDE, curious((1000,), 120)).compared()
    assert agreed.configurations == 120
    assert agreed.lacking == {}


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_they_agree_where_histories_lead_that_are_seldom(history: tuple[str, ...]) -> None:
    bounds = CloudBounds(images=4, machines=2, saving=True, apart=True)
    agreed = compare(Tries(bounds, first=0), beyond(history, 3))
    assert agreed.tries > 30
    assert agreed.lacking == {}


def test_a_simulator_that_does_something_else_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = Tries(CloudBounds(images=1, machines=0, apart=True), first=0)
    tries.cloud.image.allocate('NAME="x" PATH="/x"', 1)

    def enable(calls: ImageCalls, image: int, *, enabled: bool) -> int:
        return calls.delete(image, force=enabled)

    monkeypatch.setattr(ImageCalls, "enable", enable)
    with pytest.raises(AssertionError, match="the page has"):
        compare(tries, lambda tries, study: list(study(put_aside(tries.cloud))))


def test_what_the_rules_lack_is_told_with_a_moment_that_teaches_it() -> None:
    told = rules.rules()
    place = next(
        number
        for number, act in enumerate(told["acts"])
        if act["text"] == "oneimage disable {image}"
    )
    del told["acts"][place]["outcomes"]["to"]["READY"]
    there = Place("", CloudBounds(images=1, machines=0, apart=True), all_of())
    tries, agreed = there.compared(told)
    assert set(agreed.lacking) == {"|oneimage disable {image}: outcomes|READY"}
    learned = Learned()
    for moment in agreed.telling:
        list(learned.study(tries, moment))
    outcomes = learned.outcomes[next(one for one in learned.outcomes if "disable" in one.text)]
    assert {situation.own.record[0] for situation in outcomes} >= {"READY"}
    assert len(agreed.telling) == 1


def test_the_page_has_every_kind_of_refusal_that_its_acts_can_meet() -> None:
    learned = Learned()
    learned.explore(Tries(CloudBounds(images=3, machines=3)), 150)
    met = {
        (outcome.refusal.code, outcome.refusal.why)
        for outcomes in learned.outcomes.values()
        for outcome in outcomes.values()
        if outcome.refusal is not None
    }
    on_page = {(code, tuple(why)) for _, code, why in rules.rules()["refusals"]}
    assert len(met) > 15
    assert met <= on_page


def test_what_depends_on_more_than_the_neighbourhood_is_noticed() -> None:
    learned = Learned()
    tries = Tries(CloudBounds(images=2, machines=2, apart=True))
    fresh = put_aside(tries.cloud)
    list(learned.study(tries, fresh))
    learned.births = dict.fromkeys(learned.births, ("USED",))
    with pytest.raises(LocalityError, match="oneimage create"):
        list(learned.study(tries, fresh))


def test_numbers_in_words_of_oned_are_read_as_what_has_their_value() -> None:
    assert readings("image 3 of 4", {"id": 3, "vms": 2}) == {"image 3 of 4", "image {id} of 4"}


def test_the_same_walk_teaches_the_same() -> None:
    taught = []
    for _ in range(2):
        learned = Learned()
        learned.wander(WIDE, Random(1), 20)
        taught.append(learned)
    assert taught[0].outcomes == taught[1].outcomes
    assert taught[0].changes == taught[1].changes


def test_the_rules_stand_one_a_line_so_that_changes_of_them_can_be_read() -> None:
    found = rules.rules()
    assert json.dumps(found)
    assert {"acts", "births", "changes", "outcomes", "refusals"} <= set(found)
