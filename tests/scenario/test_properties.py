"""Whatever is given as a scenario is played, or refused in one line; what is played replays."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.refusal import InputError
from lifecycle.scenario.commands import VERBS
from lifecycle.scenario.format import parse
from lifecycle.scenario.nodes import compose
from lifecycle.scenario.run import play
from lifecycle.scenario.telling import as_json
from lifecycle.scenario.timeline import rows, summary
from lifecycle.scenario.words import ACTIONS, KIND_OF
from lifecycle.states import ImageType
from tests.scenario.playing import differences

if TYPE_CHECKING:
    from lifecycle.scenario.grammar import Verb
    from lifecycle.scenario.moments import Run
    from lifecycle.scenario.steps import Driver

NAMES = {
    "image": ("debian", "data", "iso", "kernel", "web.backup1"),
    "machine": ("web", "db"),
    "app": ("app1", "app2"),
}
VALUES: dict[str, tuple[str, ...]] = {
    "IMAGE": NAMES["image"],
    "IMAGE,…": ("debian", "data", "debian,data", "iso", "debian,debian"),
    "VM": NAMES["machine"],
    "APP": NAMES["app"],
    "DISK": ("0", "1", "debian", "data"),
    "SNAPSHOT": ("0", "1", "monday"),
    "DATASTORE": ("default", "files", "vault", "system"),
    "HOST": ("host",),
    "USER": ("bob", "oneadmin"),
    "GROUP": ("users", "staff"),
    "MARKET": ("shop",),
    "TEMPLATE": ("plan",),
    "TYPE": tuple(ImageType.__members__),
    "TYPE_DS": ("IMAGE_DS", "BACKUP_DS", "FILE_DS"),
    "SIZE": ("1", "10G"),
    "OCTET": ("600", "777", "000"),
    "PATH": ("/a", "/b"),
    "SOURCE": ("/s",),
    "FORMAT": ("raw", "qcow2"),
}
NEW_NAMES = {
    "oneuser": ("bob",),
    "onegroup": ("staff",),
    "onedatastore": ("vault",),
    "onemarket": ("shop",),
    "onemarketapp": NAMES["app"],
    "onetemplate": ("plan",),
    "onevm": NAMES["machine"],
    "oneimage": NAMES["image"][:4],
}
ATTRIBUTES = (
    "PERSISTENT_TYPE=SHAREABLE",
    "BACKUP_CONFIG=[MODE=INCREMENT,KEEP_LAST=1]",
    "BACKUP_CONFIG=[KEEP_LAST=1]",
    "COMMENT=x",
)
OPENING = (
    "oneuser create bob",
    "onedatastore create --name vault --type BACKUP_DS",
    "onemarket create --name shop",
    "oneimage create --name debian --path /debian -d default",
    "oneimage create --name data --type DATABLOCK --size 10 --persistent -d default",
    "onevm create --name web --disk debian",
    "onevm create --name db --disk data",
    {"datastore": "complete CP debian /ds/debian qcow2"},
    {"datastore": "complete MKFS data"},
    "onevm deploy web",
    "onetemplate create --name plan --disk data",
    "oneimage clone debian iso",
)


def played(text: str) -> Run | InputError:
    """Play a text, or give the error that it is refused with."""
    try:
        return play(parse(text, "story"))
    except InputError as error:
        refused = error
    assert refused.file == "story"
    assert refused.problem
    return refused


def value_of(verb: Verb, kind: str) -> st.SearchStrategy[str]:
    if kind == "NAME":
        program, word = verb.words.split()
        making = "oneimage" if word in {"disk-saveas", "export"} else program
        making = "onevm" if word == "instantiate" else making
        if word.startswith("disk-snapshot"):
            return st.sampled_from(("monday", "tuesday"))
        return st.sampled_from(NEW_NAMES[making])
    return st.sampled_from(VALUES.get(kind, ("word",)))


@st.composite
def commands(draw: st.DrawFn) -> str:
    verb = draw(st.sampled_from(list(VERBS.values())))
    words = [verb.words]
    words += [draw(value_of(verb, kind)) for kind in verb.needed]
    if draw(st.booleans()) and verb.optional:
        words.append(draw(value_of(verb, verb.optional[0])))
    for option in {one.name: one for one in verb.options.values()}.values():
        if option.required or draw(st.integers(0, 4)) == 0:
            words.append(option.spellings[-1])
            if option.value:
                words.append(draw(value_of(verb, option.value)))
    if draw(st.booleans()) and verb.attributes:
        words.append(draw(st.sampled_from(ATTRIBUTES)))
    return " ".join(words)


@st.composite
def driver_steps(draw: st.DrawFn) -> dict[str, str]:
    driver: Driver = draw(st.sampled_from(sorted(ACTIONS)))
    action = draw(st.sampled_from(ACTIONS[driver]))
    outcome = draw(st.sampled_from(("complete", "fail")))
    words = draw(st.sampled_from(("", " /x raw", " 100 0:a", " SOURCE=a MD5=b SIZE=1 FORMAT=raw")))
    form = draw(st.sampled_from(("answer", "answer", "answer", "always", "hold", "as usual")))
    if form == "always":
        return {driver: f"always {outcome} {action}{words}"}
    if form == "hold":
        return {driver: f"always hold {action}"}
    if form == "as usual":
        return {driver: f"as usual {action}"}
    name = draw(st.sampled_from(NAMES[KIND_OF[driver]]))
    return {driver: f"unasked {outcome} {action} {name}{words}"}


def steps() -> st.SearchStrategy[list[Any]]:
    one = st.one_of(
        commands(),
        commands(),
        driver_steps(),
        st.builds(lambda command: {"as bob": command}, commands()),
        st.just({"wait": "1 min"}),
        st.just({"say": "meanwhile"}),
    )
    return st.lists(one, min_size=1, max_size=12)


def plans() -> st.SearchStrategy[list[dict[str, str]]]:
    one = st.fixed_dictionaries(
        {},
        optional={
            "after": st.sampled_from(("0", "5 s")),
            "nth": st.sampled_from(("1", "2")),
            "probability": st.sampled_from(("0.5", "1")),
        },
    )
    actions = st.sampled_from(("CP", "MKFS", "RM", "CLONE", "DEPLOY", "SAVEAS", "IMPORT", "BACKUP"))
    made = st.builds(
        lambda outcome, action, more: {outcome: action, **more},
        st.sampled_from(("complete", "fail")),
        actions,
        one,
    )
    return st.lists(made, max_size=2)


@given(steps(), plans(), st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_what_is_played_can_be_told_and_replays_without_a_difference(
    story: list[Any], planned: list[dict[str, str]], seed: int
) -> None:
    text = json.dumps({"plans": planned, "seed": str(seed), "steps": [*OPENING, *story]})
    run = played(text)
    if isinstance(run, InputError):
        assert run.line > 0
        return
    assert rows(run)
    assert summary(run)
    json.dumps(as_json(run))
    assert differences(run) == []


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_random_bytes_are_refused(content: bytes) -> None:
    played(content.decode("utf-8", errors="replace"))


LEAVES = st.one_of(
    st.text(max_size=12),
    st.integers(),
    st.booleans(),
    st.none(),
    st.floats(),
    st.sampled_from(
        (
            "CP debian",
            "oneimage delete debian",
            "oneimage create --name debian --path /x -d default",
            "complete CP debian",
            "LOCKED",
            "10 s",
            "gone",
            "[",
            "*",
            "1",
        )
    ),
)
KEYS = st.one_of(
    st.text(max_size=5),
    st.sampled_from(
        (
            *("title", "text", "seed", "plans", "steps", "expect", "wait", "say", "unanswered"),
            *("datastore", "market", "transfer", "hypervisor", "refused", "accepted", "saying"),
            *("complete", "fail", "never", "after", "nth", "times", "probability", "words"),
            *("debian", "state", "vms"),
        )
    ),
    st.just("as bob"),
)
STRUCTURES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=20,
)


@given(
    st.one_of(
        STRUCTURES,
        st.fixed_dictionaries(
            {"steps": st.lists(STRUCTURES, max_size=4)},
            optional=dict.fromkeys(("title", "text", "seed", "plans"), STRUCTURES),
        ),
    )
)
@settings(max_examples=200, deadline=None)
def test_random_structures_are_refused(value: object) -> None:
    played(yaml.safe_dump(value, allow_unicode=True))


@given(st.text(alphabet="ab:-[]{}&*!|>'\"%@`#,? \n\t\\xUu0", max_size=60))
@settings(max_examples=200, deadline=None)
def test_random_yaml_is_composed_or_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        compose(text, "story")
