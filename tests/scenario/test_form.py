"""How a scenario is written: what is read from it, and how every mistake is told."""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING

import pytest

from lifecycle.refusal import InputError
from lifecycle.scenario.format import parse, read
from lifecycle.scenario.steps import (
    Answer,
    Command,
    Expect,
    Expected,
    Plan,
    Rule,
    Say,
    Step,
    Unanswered,
    Wait,
)

if TYPE_CHECKING:
    from pathlib import Path

FILE = "story.yaml"


def step(text: str) -> Step:
    return parse(f"steps:\n  - {text}\n", FILE).steps[0]


def plan(text: str) -> Plan:
    scenario = parse(f"plans:\n  - {text}\nsteps:\n  - wait: 1 s\n", FILE)
    return scenario.plans[0]


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse(text, FILE)
    message = str(caught.value)
    assert "\n" not in message
    return message


class TestWhatIsRead:
    def test_a_scenario_has_a_title_a_text_and_a_seed(self) -> None:
        scenario = parse(
            "title: 7 lives\ntext: |\n  One.\n\n  Two.\nseed: -3\nsteps:\n- wait: 5\n", FILE
        )
        assert scenario.title == "7 lives"
        assert scenario.text == "One.\n\nTwo."
        assert scenario.seed == -3
        assert scenario.file == FILE

    def test_only_steps_must_be_there(self) -> None:
        scenario = parse("steps: [say: Hello]", FILE)
        assert (scenario.title, scenario.text, scenario.seed) == ("", "", 0)
        assert scenario.steps == (Say(1, "Hello"),)

    def test_a_command_is_what_is_typed(self) -> None:
        found = step("oneimage clone debian copy -d default")
        assert isinstance(found, Command)
        assert found.line == 2
        assert found.user == "oneadmin"
        assert found.must == ""
        assert found.invocation.verb.words == "oneimage clone"
        assert found.invocation.arguments == {"IMAGE": "debian", "NAME": "copy"}
        assert found.invocation.options == {"datastore": "default"}

    @pytest.mark.parametrize(
        ("key", "must", "user"),
        [
            ("accepted", "accepted", "oneadmin"),
            ("refused", "refused", "oneadmin"),
            ("as bob", "", "bob"),
            ("refused as bob", "refused", "bob"),
            ("accepted as bob", "accepted", "bob"),
        ],
    )
    def test_a_key_tells_who_types_it_and_what_must_come_of_it(
        self, key: str, must: str, user: str
    ) -> None:
        found = step(f"{key}: oneimage enable debian")
        assert isinstance(found, Command)
        assert (found.must, found.user) == (must, user)

    def test_a_refusal_may_have_to_say_something(self) -> None:
        found = step("refused: oneimage enable debian\n    saying: not now")
        assert isinstance(found, Command)
        assert found.saying == "not now"

    def test_a_command_may_go_over_several_lines(self) -> None:
        found = step(">\n    oneimage create --name debian\n    --path /x\n    -d default\n")
        assert isinstance(found, Command)
        assert found.text == "oneimage create --name debian --path /x -d default"

    @pytest.mark.parametrize(
        ("text", "answer"),
        [
            ("datastore: complete CP debian", Answer(2, "datastore", True, "CP", "debian")),
            (
                'datastore: fail CP debian "no space, left"',
                Answer(2, "datastore", False, "CP", "debian", "no space, left"),
            ),
            (
                "datastore: complete cp debian /ds/1 qcow2",
                Answer(2, "datastore", True, "CP", "debian", "/ds/1 qcow2"),
            ),
            (
                'datastore: fail RM "two words" it\'s busy',
                Answer(2, "datastore", False, "RM", "two words", "it's busy"),
            ),
            (
                "transfer: unasked complete saveas web",
                Answer(2, "transfer", True, "SAVEAS", "web", unasked=True),
            ),
            (
                "hypervisor: fail DEPLOY web",
                Answer(2, "hypervisor", False, "DEPLOY", "web"),
            ),
            ("market: complete IMPORT app", Answer(2, "market", True, "IMPORT", "app")),
            (
                "hypervisor: always fail DEPLOY no memory",
                Rule(2, "hypervisor", "failure", "DEPLOY", "no memory"),
            ),
            ("datastore: always complete CP", Rule(2, "datastore", "success", "CP")),
            (
                "transfer: always hold TRANSFER.PROLOG",
                Rule(2, "transfer", "hold", "TRANSFER.prolog"),
            ),
            ("hypervisor: as usual DEPLOY", Rule(2, "hypervisor", "default", "DEPLOY")),
        ],
    )
    def test_a_driver_answers_or_gets_a_rule(self, text: str, answer: Answer | Rule) -> None:
        assert step(text) == answer

    @pytest.mark.parametrize(
        ("text", "seconds"),
        [
            ("10 s", 10),
            ("10s", 10),
            ("90", 90),
            ("1 second", 1),
            ("5 min", 300),
            ("2 minutes", 120),
            ("2 h", 7200),
            ("1 hour", 3600),
            ("1 d", 86_400),
            ("2 days", 172_800),
        ],
    )
    def test_a_time_has_a_unit(self, text: str, seconds: int) -> None:
        assert step(f"wait: {text}") == Wait(2, seconds)

    def test_a_checkpoint_names_states_or_fields(self) -> None:
        found = step("expect: {debian: USED, data: {vms: [a, b], clones: 1}, old: gone}")
        assert found == Expect(
            2,
            (
                Expected(2, "debian", "state", "USED"),
                Expected(2, "data", "vms", ("a", "b")),
                Expected(2, "data", "clones", "1"),
                Expected(2, "old", "state", "gone"),
            ),
        )

    @pytest.mark.parametrize(
        ("text", "requests"),
        [
            ("[CP debian, rm old]", (("CP", "debian"), ("RM", "old"))),
            ("CP debian", (("CP", "debian"),)),
            ("none", ()),
            ("[]", ()),
        ],
    )
    def test_a_checkpoint_on_requests(
        self, text: str, requests: tuple[tuple[str, str], ...]
    ) -> None:
        assert step(f"unanswered: {text}") == Unanswered(2, requests)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("complete: CP", Plan(2, "success", "CP", "datastore")),
            ("never: RM old", Plan(2, "hold", "RM", "datastore", "old")),
            (
                "{fail: deploy web-*, after: 1 min, nth: 2, words: no memory}",
                Plan(
                    2,
                    "failure",
                    "DEPLOY",
                    "hypervisor",
                    "web-*",
                    after=60,
                    nth=2,
                    times=1,
                    words="no memory",
                ),
            ),
            (
                "{complete: IMPORT, nth: 2, times: 3, probability: 0.25}",
                Plan(2, "success", "IMPORT", "market", nth=2, times=3, probability=0.25),
            ),
            (
                "{fail: CP, probability: .5, after: 0}",
                Plan(2, "failure", "CP", "datastore", probability=0.5),
            ),
        ],
    )
    def test_a_plan(self, text: str, expected: Plan) -> None:
        assert plan(text) == expected

    def test_every_step_knows_its_line(self) -> None:
        scenario = parse(
            "title: x\nsteps:\n  - wait: 1 s\n\n  # a remark\n  - say: hello\n"
            "  - expect:\n      debian: READY\n      data:\n        state: USED\n        vms: 1\n",
            FILE,
        )
        assert [one.line for one in scenario.steps] == [3, 6, 7]
        checkpoint = scenario.steps[2]
        assert isinstance(checkpoint, Expect)
        assert [one.line for one in checkpoint.expected] == [8, 10, 11]


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("hello", "story.yaml:1: must be fields, not a text"),
            ("[1, 2]", "story.yaml:1: must be fields, not a list"),
            ("title: x", "story.yaml:1: steps: is missing"),
            ("steps: []", "story.yaml:1: steps: must not be empty"),
            ("steps:", "story.yaml:1: steps: must be a list, not nothing"),
            ("steps: ~", "story.yaml:1: steps: must be a list, not nothing"),
            ("steps: null", "story.yaml:1: steps: must be a list, not nothing"),
            ("steps: wait", "story.yaml:1: steps: must be a list, not a text"),
            ("steps:\n- expect:", "story.yaml:2: expect: must be fields, not nothing"),
            ("plans:\nsteps: [wait: 1]", "story.yaml:1: plans: must be a list, not nothing"),
            ("steps: {a: 1}", "story.yaml:1: steps: must be a list, not fields"),
            (
                "stops: []",
                "story.yaml:1: unknown field 'stops'; did you mean steps?",
            ),
            ("title: [a]\nsteps: [wait: 1]", "story.yaml:1: title: must be a text, not a list"),
            ("title: ''\nsteps: [wait: 1]", "story.yaml:1: title: must not be empty"),
            ('title: "a\\nb"\nsteps: [wait: 1]', "story.yaml:1: title: must be one line"),
            (
                "seed: x\nsteps: [wait: 1]",
                (
                    "story.yaml:1: seed: 'x' is no whole number from -4611686018427387904"
                    " to 4611686018427387904"
                ),
            ),
            ("steps:\n- []", "story.yaml:2: steps: a step is one of: a command, accepted,"),
            ("steps:\n- {}", "story.yaml:2: steps: a step is one of: a command, accepted,"),
            ("steps:\n- run: x", "story.yaml:2: steps: unknown step 'run'; a step is one of: "),
            ("steps:\n- refusedas bob: x", "story.yaml:2: steps: unknown step 'refusedas bob'"),
            ("steps:\n- '': x", "story.yaml:2: steps: unknown step ''"),
            ("steps:\n- ''", "story.yaml:2: steps: must not be empty"),
            ("steps:\n- say: [x]", "story.yaml:2: say: must be a text, not a list"),
            ("steps:\n- say: x\n  wait: 1", "story.yaml:3: say: 'wait' is too much"),
            (
                "steps:\n- accepted: oneimage enable x\n  saying: y",
                "story.yaml:3: accepted: 'saying' is too much",
            ),
            (
                "steps:\n- refused: oneimage enable x\n  because: y",
                "story.yaml:3: refused: 'because' is too much",
            ),
        ],
    )
    def test_of_the_whole(self, text: str, message: str) -> None:
        assert refusal(text).startswith(message)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("wait: soon", "wait: 'soon' is no time; write 10 s, 5 min, 2 h or 1 d"),
            ("wait: 0 s", "wait: must be at least 1 s"),
            ("wait: -1 s", "wait: '-1 s' is no time"),
            ("wait: 40000 d", "wait: is longer than a hundred years"),
            ("wait: ٣ s", "wait: '٣ s' is no time"),
            ("expect: debian", "expect: must be fields, not a text"),
            ("expect: {}", "expect: must not be empty"),
            ("expect: {debian: reddy}", "expect: debian: unknown state 'reddy'; did you mean READ"),
            ("expect: {debian: nowhere}", "expect: debian: unknown state 'nowhere'"),
            ("expect: {debian: [READY]}", "expect: debian: state must be a text, not a list"),
            ("expect: {debian: {stat: READY}}", "expect: debian: unknown field 'stat'; did you"),
            ("expect: {debian: {vms: {a: b}}}", "expect: debian: vms: must be a text, not fields"),
            ("expect: {debian: {vms: [[a]]}}", "expect: debian: vms: must be a text, not a list"),
            ("expect: {debian: {clones: two}}", "expect: debian: clones must be a number, not"),
            ("expect: {debian: {persistent: 2}}", "expect: debian: persistent is yes or no, not"),
            ("expect: {debian: {type: DISK}}", "expect: debian: unknown type 'DISK'"),
            ("expect: {debian: {lock: all}}", "expect: debian: unknown lock 'all'; there is: use,"),
            ("unanswered: {}", "unanswered: must be a list, not fields"),
            ("unanswered: CP", "unanswered: a request is an action and a name: CP debian"),
            ("unanswered: [CP a b]", "unanswered: 'b' is too much"),
            ("unanswered: COPY debian", "unanswered: no driver has the action 'COPY'; did you"),
            ("datastore: complete", "datastore: write complete or fail, the action and the name"),
            ("datastore: do CP debian", "datastore: 'do': write complete or fail, the action"),
            ("datastore: hold CP debian", "datastore: 'hold': write complete or fail, the"),
            ("datastore: always do CP", "datastore: 'do': write complete or fail, the action"),
            ("datastore: always hold", "datastore: write complete or fail, the action and"),
            (
                "datastore: fail DEPLOY web",
                "datastore: the datastore driver does not have the acti",
            ),
            ("market: as usual", "market: which action? as usual DEPLOY"),
            ("market: as usual IMPORT x", "market: 'x' is too much"),
            ("market: [IMPORT]", "market: must be a text, not a list"),
            ("one image", "steps: unknown command 'one'; did you mean onevm?"),
            ("ls", "steps: unknown command 'ls'; there is: oneimage, onevm, oneuser,"),
            ("oneimage", "steps: oneimage what?; there is: create, clone,"),
            ("oneimage destroy x", "steps: oneimage has no command 'destroy'"),
            ("oneimage delet x", "steps: oneimage has no command 'delet'; did you mean delete?"),
            ("oneimage delete", "steps: IMAGE is missing; usage: oneimage delete IMAGE [--force]"),
            ("oneimage delete a b", "steps: 'b' is too much; usage: oneimage delete IMAGE"),
            ("oneimage delete a --forse", "steps: oneimage delete has no option '--forse'; did"),
            ("oneimage enable a -f", "steps: oneimage enable has no option '-f'"),
            ("oneimage delete a --force=yes", "steps: --force takes no value"),
            ("oneimage delete a --force --force", "steps: --force is there twice"),
            ("oneimage create --name a", "steps: --datastore is missing; usage: oneimage create"),
            ("oneimage create --name", "steps: --name needs a value: NAME"),
            ("oneimage chtype a FLOPPY", "steps: unknown type 'FLOPPY'; there is: OS, CDROM,"),
            ("oneimage chmod a 888", "steps: '888' is no octet; write three digits from 0 to 7"),
            ("oneimage create --name a -d x --size big", "steps: 'big' is no size; write MB, or"),
            ("onedatastore create --name a --type BACKUPDS", "steps: unknown type of datastore"),
            ("'oneimage delete \"a'", "steps: No closing quotation in"),
        ],
    )
    def test_of_a_step(self, text: str, message: str) -> None:
        assert refusal(f"steps:\n  - {text}\n").startswith(f"story.yaml:2: {message}")

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("CP", "plans: must be fields, not a text"),
            ("{}", "plans: a plan begins with one of complete, fail and never"),
            ("{complete: CP, fail: CP}", "plans: a plan begins with one of complete, fail and"),
            ("finish: CP", "plans: unknown field 'finish'"),
            ("complete: COPY", "complete: no driver has the action 'COPY'; did you mean"),
            ("{never: CP, after: 1 s}", "never: what is never answered has neither after nor"),
            ("{never: CP, words: x}", "never: what is never answered has neither after nor"),
            ("'fail: CP ['", "plans: must be fields, not a text"),
            ("fail: CP [", "fail: '[' has a [ that no ] closes; write [[] for the letter ["),
            ("fail: CP []", "fail: '[]' has a [ that no ] closes"),
            ("fail: CP [!]", "fail: '[!]' has a [ that no ] closes"),
            ("fail: CP a[bc]d[e", "fail: 'a[bc]d[e' has a [ that no ] closes"),
            ("{fail: CP, nth: 0}", "nth: '0' is no whole number from 1 to 1000000000"),
            ("{fail: CP, times: many}", "times: 'many' is no whole number from 1"),
            ("{fail: CP, after: later}", "after: 'later' is no time"),
            ("{fail: CP, probability: 1.5}", "probability: '1.5' is no number from 0 to 1"),
            ("{fail: CP, probability: nan}", "probability: 'nan' is no number from 0 to 1"),
        ],
    )
    def test_of_a_plan(self, text: str, message: str) -> None:
        found = refusal(f"plans:\n  - {text}\nsteps:\n  - wait: 1 s\n")
        assert found.startswith(f"story.yaml:2: {message}")

    @pytest.mark.parametrize("pattern", ["a[bc]", "[!a]*", "[[]x]", "[]]", "[!]]", "]", "a]b"])
    def test_a_pattern_may_have_brackets_that_end(self, pattern: str) -> None:
        assert plan(f"fail: CP {pattern}").pattern == pattern

    @pytest.mark.parametrize(
        "text",
        [
            "LONG: 1",
            "seed: LONG",
            "LONG: 1\nLONG: 2",
            "a: &LONG x",
            "a: *LONG",
            "a: !LONG x",
            "a: !e!LONG x",
            "a: !LONG!e x",
            "steps: [LONG]",
            "steps: [LONG: x]",
            "steps: [say: x, LONG: y]",
            "steps: [{say: x, LONG: y}]",
            "steps: [wait: LONG]",
            "steps: [oneimage LONG]",
            "steps: ['oneimage \"LONG']",
            "steps: [oneimage enable a LONG]",
            "steps: [oneimage enable a --LONG]",
            "steps: [oneimage chmod a LONG]",
            "steps: [oneimage chtype a LONG]",
            "steps: [oneimage create --name a -d default --size LONG]",
            "steps: [onedatastore create --name a --type LONG]",
            "steps: [datastore: LONG CP a]",
            "steps: [datastore: complete LONG a]",
            "steps: [datastore: as usual CP LONG]",
            "steps: [unanswered: LONG a]",
            "steps: [unanswered: CP a LONG]",
            "steps: [refused as LONG: [x]]",
            "steps: [refused as LONG: x]",
            "steps: [as LONG: {}]",
            "steps: [{as LONG: oneimage enable x, saying: x}]",
            "steps: [expect: {LONG: {LONG: x}}]",
            "steps: [expect: {LONG: {state: LONG}}]",
            "steps: [expect: {LONG: {persistent: LONG}}]",
            "steps: [expect: {LONG: {clones: LONG}}]",
            "plans: [fail: LONG]",
            "plans: [fail: 'CP [LONG']",
            "plans: [{fail: CP, probability: LONG}]",
        ],
    )
    def test_what_is_long_is_quoted_without_its_middle(self, text: str) -> None:
        head = "" if "steps" in text else "steps: [wait: 1]\n"
        found = refusal(f"{head}{text}".replace("LONG", "x" * 5000))
        assert len(found) < 700
        assert "x" * 61 not in found

    def test_sixty_letters_are_quoted(self) -> None:
        for count, shown in ((60, "x" * 60), (61, f"{'x' * 30}…{'x' * 29}")):
            found = refusal(f"steps: [wait: {'x' * count}]")
            assert f"wait: '{shown}' is no time" in found

    def test_a_name_of_several_lines_is_told_in_one(self) -> None:
        assert refusal('steps:\n- expect: {"a\\n  b": {state: x}}').startswith(
            "story.yaml:2: expect: a b: unknown state 'x'"
        )

    def test_waiting_ends_after_a_hundred_years(self) -> None:
        story = "steps:\n" + "  - wait: 36500 d\n" * 2
        assert refusal(story) == (
            "story.yaml:3: wait: more than a hundred years have passed by then"
        )

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "story.yaml: is empty; a scenario has at least steps"),
            ("# nothing\n", "story.yaml: is empty; a scenario has at least steps"),
            ("steps:\n\t- wait: 1", "story.yaml:2: not YAML: found character '\\t' that cannot"),
            ("steps:\n- say: a: b", "story.yaml:2: not YAML: mapping values are not allowed here;"),
            ("steps: [", "story.yaml:1: not YAML: expected the node content"),
            ("a: &x 1\nsteps: []", "story.yaml:1: anchors (&x) are not used in scenarios"),
            ("a: 1\nsteps: *x", "story.yaml:2: aliases (*x) are not used in scenarios"),
            ("a: !!python/object:os.system 1", "story.yaml:1: tags (tag:yaml.org,2002:python/"),
            ("a: 1\n---\nb: 2", "story.yaml:2: a second document begins; a file holds one"),
            ("title: a\ntitle: b", "story.yaml:2: title: is there twice; first in line 1"),
            ("? [a]\n: b", "story.yaml:1: the name of a field must be a text, not a list"),
            ("a: " + "[" * 10, "story.yaml:1: is nested too deeply"),
            ('title: "\\x1b[2J"', "story.yaml:1: a text holds the control character U+001B"),
            ('title: "\\ud800"', "story.yaml:1: a text holds the control character U+D800"),
            ('title: "\\UFFFFFFFF"', "story.yaml:1: an escape: not YAML: "),
            ("title: \x00", "story.yaml: not YAML: unacceptable character #x0000: special"),
            ("%YAML 9.1\n---\na: b", "story.yaml:1: not YAML: found incompatible YAML document"),
        ],
    )
    def test_of_yaml(self, text: str, message: str) -> None:
        assert refusal(text).startswith(message)


class TestFiles:
    def test_a_file_is_read_with_its_name(self, tmp_path: Path) -> None:
        path = tmp_path / "story.yaml"
        path.write_text("\ufefftitle: Grüße\nsteps: [wait: 1]", encoding="utf-8")
        scenario = read(str(path))
        assert scenario.title == "Grüße"
        assert scenario.file == str(path)

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"title: x\nsteps: \xff\n", ":2: is not UTF-8"),
            (b"", ": is empty; a scenario has at least steps"),
            (b"#" * 1_000_001, ": is larger than 1 MB"),
        ],
    )
    def test_a_file_that_cannot_be_used_is_named(
        self, tmp_path: Path, content: bytes, message: str
    ) -> None:
        path = tmp_path / "story.yaml"
        path.write_bytes(content)
        with pytest.raises(InputError) as caught:
            read(str(path))
        assert str(caught.value) == f"{path}{message}"

    def test_a_folder_or_nothing_is_no_scenario(self, tmp_path: Path) -> None:
        for path in (tmp_path, tmp_path / "none", f"{tmp_path}\0"):
            with pytest.raises(InputError, match="cannot be read"):
                read(str(path))

    def test_no_more_is_read_of_a_pipe_than_of_a_file(self, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)

        def write() -> None:
            with contextlib.suppress(BrokenPipeError), pipe.open("wb") as stream:
                stream.write(b"#" * 3_000_000)

        writer = threading.Thread(target=write)
        writer.start()
        with pytest.raises(InputError, match="is larger than 1 MB"):
            read(str(pipe))
        writer.join()
