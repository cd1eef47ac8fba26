"""How a scenario is played: time, drivers, plans, names, and what must come of a step."""

from __future__ import annotations

import pytest

from lifecycle.refusal import InputError
from lifecycle.scenario.format import parse
from lifecycle.scenario.run import play
from tests.scenario.playing import CREATED, FILE, READY, RUNNING, differences, last, run_of, told


def times(steps: str, *, before: str = "", head: str = "") -> list[tuple[int, str]]:
    run = run_of(steps, before=before, head=head)
    return [(one.time, one.what) for one in run.moments if one.kind != "check"]


def problem_of(steps: str, *, before: str = "", head: str = "") -> str:
    with pytest.raises(InputError) as caught:
        run_of(steps, before=before, head=head)
    return str(caught.value)


class TestTime:
    def test_a_second_passes_between_two_steps(self) -> None:
        assert [when for when, _ in times(READY)] == [0, 1]

    def test_waiting_takes_the_place_of_that_second(self) -> None:
        story = "- oneuser create a\n- wait: 10 s\n- oneuser create b\n- oneuser create c\n"
        assert times(story) == [
            (0, "oneuser create a"),
            (0, "wait 10 s"),
            (10, "oneuser create b"),
            (11, "oneuser create c"),
        ]

    def test_texts_and_checkpoints_take_no_time(self) -> None:
        story = "- say: a\n- unanswered: none\n- say: b\n- oneuser create c\n"
        assert times(story) == [(0, "a"), (0, "b"), (0, "oneuser create c")]

    def test_the_run_knows_how_long_it_took(self) -> None:
        assert run_of("- wait: 1 h\n- wait: 1 min\n").elapsed == 3660


class TestDrivers:
    def test_a_request_waits_until_it_is_answered(self) -> None:
        run = run_of("- oneimage create --name debian --path /x -d default\n")
        assert run.unanswered == ("CP debian",)
        assert run_of("", before=READY).unanswered == ()

    def test_the_words_of_an_answer_are_the_drivers(self) -> None:
        moment = last("- datastore: complete CP a /ds/a qcow2\n", before=CREATED)
        assert moment.what == "completes CP a: /ds/a qcow2"
        assert moment.changes[0].fields["SOURCE"] == ("", "/ds/a")
        assert moment.changes[0].fields["FORMAT"] == ("", "qcow2")

    def test_an_answer_that_nobody_asked_for_leaves_requests_open(self) -> None:
        run = run_of("- datastore: unasked fail CP a late\n", before=CREATED)
        assert run.unanswered == ("CP a",)
        assert run.moments[-1].changes[0].states == ("LOCKED", "ERROR")
        assert run.trace[-1]["unsolicited"] is True

    def test_an_answer_that_nobody_waits_for_is_a_failed_check(self) -> None:
        run = run_of("- datastore: complete RM a\n- oneimage delete a --force\n", before=CREATED)
        (unmet,) = run.unmet
        assert str(unmet) == "completes RM a: expected RM a to be asked for, met CP a"
        assert unmet.line == 3
        assert run.moments[-1].changes[0].gone

    def test_an_answer_about_what_was_never_made_is_a_failed_check(self) -> None:
        story = "- oneimage clone a b\n- datastore: unasked complete CLONE b\n"
        (unmet,) = run_of(story, before=CREATED).unmet
        assert str(unmet).startswith("completes CLONE b, unasked: expected CLONE b to be asked")

    def test_an_answer_about_an_unknown_name_cannot_be_played(self) -> None:
        assert problem_of("- market: complete IMPORT x\n") == (
            "story.yaml:2: market: there is no app 'x'"
        )

    def test_machines_are_served_at_once(self) -> None:
        moment = last("- onevm deploy web\n", before=READY + MACHINE)
        assert moment.changes[0].states == ("PENDING", "PROLOG", "BOOT", "RUNNING")
        assert moment.asked == ()

    def test_a_rule_holds_from_then_on_until_it_is_taken_back(self) -> None:
        story = (
            "- hypervisor: always fail DEPLOY no memory\n- onevm deploy web\n"
            "- expect: {web: BOOT_FAILURE}\n- hypervisor: always hold DEPLOY\n"
            "- onevm recover web --retry\n- unanswered: DEPLOY web\n"
            "- hypervisor: complete DEPLOY web\n- expect: {web: RUNNING}\n"
            "- hypervisor: as usual DEPLOY\n"
        )
        run = run_of(story, before=READY + MACHINE)
        assert run.unmet == ()
        assert [one.what for one in run.moments if one.kind == "rule"] == [
            "from now on fails DEPLOY: no memory",
            "from now on holds DEPLOY",
            "as usual again: DEPLOY",
        ]
        assert differences(run) == []

    def test_an_import_gets_what_a_market_says_of_an_app(self) -> None:
        story = "- market: complete IMPORT app\n"
        moment = last(story, before=EXPORT)
        assert moment.changes[-1].states == ("LOCKED", "READY")
        assert moment.changes[-1].fields["SIZE"] == (0, 128)

    @pytest.mark.parametrize(
        ("words", "state", "error"),
        [
            (" SOURCE=http://x MD5=1 SIZE=7 FORMAT=raw", "READY", ""),
            (" SOURCE=http://x", "ERROR", "Missing app attributes"),
            (" what is this", "ERROR", "Parse error"),
        ],
    )
    def test_the_words_of_an_import_are_attributes(
        self, words: str, state: str, error: str
    ) -> None:
        moment = last(f"- market: complete IMPORT app{words}\n", before=EXPORT)
        assert moment.changes[-1].states[-1] == state
        assert error in str(moment.changes[-1].fields.get("ERROR", ""))

    def test_a_failed_import_has_plain_words(self) -> None:
        moment = last("- market: fail IMPORT app no route\n", before=EXPORT)
        assert "no route" in str(moment.changes[-1].fields["ERROR"])

    def test_merged_increments_keep_as_many_as_the_machine_keeps(self) -> None:
        story = (
            "- onevm backup web -d vault\n- onevm backup web\n- onevm backup web\n"
            "- expect: {web.backup1: {state: LOCKED, increments: 3}}\n"
            "- datastore: complete INCREMENT_FLATTEN web.backup1\n"
            "- expect: {web.backup1: {state: READY, increments: 2, error: none}}\n"
        )
        run = run_of(story, before=CHAIN)
        assert run.unmet == ()

    def test_an_unasked_merge_changes_no_increments_that_are_not_there(self) -> None:
        story = "- datastore: unasked complete INCREMENT_FLATTEN debian\n"
        moment = last(story, before=READY)
        assert moment.changes[0].states == ("READY",)
        assert "SIZE" in moment.changes[0].fields
        story = (
            "- onedatastore create --name vault --type BACKUP_DS\n- onevm backup web -d vault\n"
            "- datastore: unasked complete INCREMENT_FLATTEN web.backup1\n"
        )
        moment = last(story, before=RUNNING)
        assert [one.states for one in moment.changes if one.kind == "image"] in ([], [("READY",)])


MACHINE = "- onevm create --name web --disk debian\n"
EXPORT = (
    f"{READY}- onemarket create --name shop\n"
    "- onemarketapp create --name app --image debian --market shop\n"
)
CHAIN = """\
- onedatastore create --name vault --type BACKUP_DS
- oneimage create --name debian --path /debian -d default
- datastore: complete CP debian /ds/debian qcow2
- onevm create --name web --disk debian BACKUP_CONFIG=[MODE=INCREMENT,KEEP_LAST=2]
- onevm deploy web
"""


class TestPlans:
    def test_a_plan_answers_at_once_in_a_step_of_its_own(self) -> None:
        run = run_of(CREATED, head="plans: [complete: CP]\n")
        assert [(one.kind, one.time, one.line) for one in run.moments] == [
            ("command", 0, 3),
            ("answer", 0, 0),
        ]
        assert run.moments[0].asked[0].action == "CP"
        assert run.moments[1].changes[0].states == ("LOCKED", "READY")

    def test_a_plan_may_take_its_time(self) -> None:
        head = "plans: [{complete: CP, after: 30 s}]\n"
        assert times(f"{CREATED}- wait: 20 s\n- oneuser create bob\n- wait: 20 s\n", head=head) == [
            (0, CREATED[2:-1]),
            (0, "wait 20 s"),
            (20, "oneuser create bob"),
            (20, "wait 20 s"),
            (30, "completes CP a"),
        ]

    def test_an_answer_comes_before_a_step_of_the_same_second(self) -> None:
        head = "plans: [{complete: CP, after: 1}]\n"
        assert times(f"{CREATED}- oneimage disable a\n", head=head)[1:] == [
            (1, "completes CP a"),
            (1, "oneimage disable a"),
        ]

    def test_who_answers_by_hand_is_faster_than_a_plan(self) -> None:
        head = "plans: [{fail: CP, after: 1 min}]\n"
        run = run_of(f"{CREATED}- datastore: complete CP a\n- wait: 2 min\n", head=head)
        assert [one.kind for one in run.moments] == ["command", "answer", "wait"]

    def test_the_first_plan_that_matches_answers(self) -> None:
        head = "plans: [fail: CP b*, complete: CP, fail: CP a]\n"
        run = run_of(f"{CREATED}- oneimage create --name bee --path /x -d default\n", head=head)
        assert [one.what for one in run.moments if one.kind == "answer"] == [
            "completes CP a",
            "fails CP bee",
        ]

    @pytest.mark.parametrize(
        ("more", "outcomes"),
        [
            ("nth: 2", ["LOCKED", "ERROR", "LOCKED"]),
            ("times: 2", ["ERROR", "ERROR", "LOCKED"]),
            ("nth: 2, times: 5", ["LOCKED", "ERROR", "ERROR"]),
            ("probability: 0", ["LOCKED", "LOCKED", "LOCKED"]),
            ("probability: 1.0", ["ERROR", "ERROR", "ERROR"]),
        ],
    )
    def test_a_plan_may_be_about_some_requests_only(self, more: str, outcomes: list[str]) -> None:
        story = "".join(
            f"- oneimage create --name image-{number} --path /x -d default\n"
            f"- expect: {{image-{number}: {state}}}\n"
            for number, state in enumerate(outcomes)
        )
        assert run_of(story, head=f"plans: [{{fail: CP, {more}}}]\n").unmet == ()

    def test_chance_is_under_the_seed(self) -> None:
        head = "seed: 4\nplans: [{fail: CP, probability: 0.5}, complete: CP]\n"
        story = "".join(
            f"- oneimage create --name image-{number} --path /x -d default\n"
            for number in range(20)
        )
        runs = [told(run_of(story, head=head, seed=seed)) for seed in (None, 4, 5)]
        assert runs[0] == runs[1]
        assert runs[1] != runs[2]

    def test_what_is_never_answered_waits_for_the_scenario(self) -> None:
        head = "plans: [never: CP, complete: CP]\n"
        run = run_of(f"{CREATED}- wait: 1 d\n- datastore: complete CP a\n", head=head)
        assert run.moments[-1].changes[0].states == ("LOCKED", "READY")

    def test_a_machine_driver_can_be_planned_too(self) -> None:
        head = "plans: [{fail: DEPLOY web, nth: 2, after: 5 s, words: no memory}]\n"
        story = (
            f"{MACHINE}- onevm deploy web\n- expect: {{web: RUNNING}}\n- onevm poweroff web\n"
            "- onevm resume web\n- expect: {web: BOOT_POWEROFF}\n- wait: 5 s\n"
            "- expect: {web: POWEROFF}\n"
        )
        run = run_of(story, before=READY, head=head)
        assert run.unmet == ()
        assert [one.what for one in run.moments if one.who == "hypervisor"] == [
            "completes DEPLOY web",
            "fails DEPLOY web: no memory",
        ]
        assert differences(run) == []

    def test_an_action_with_plans_takes_no_rule(self) -> None:
        head = "plans: [fail: DEPLOY]\n"
        assert problem_of("- hypervisor: always hold DEPLOY\n", head=head) == (
            "story.yaml:3: hypervisor: DEPLOY has plans, and so no other rule"
        )


class TestNames:
    def test_a_name_may_be_used_again_when_its_bearer_is_gone(self) -> None:
        story = "- oneimage delete a --force\n- oneimage delete a\n" + CREATED
        run = run_of(story, before=CREATED)
        assert run.moments[2].refusal is not None
        assert run.moments[2].refusal.text == "Error getting image [0]."
        assert run.moments[3].changes[0].id == 1

    def test_a_machine_may_be_called_as_one_that_is_done(self) -> None:
        run = run_of(f"- onevm terminate web\n{MACHINE}", before=RUNNING)
        assert run.moments[-1].changes[0].id == 1

    @pytest.mark.parametrize(
        "step",
        [
            "- onevm create --name debian --disk debian\n",
            "- as bob: oneimage create --name web --path /x -d default\n",
            "- oneimage rename debian web\n",
            "- onevm create --name web --disk debian\n",
        ],
    )
    def test_two_things_cannot_have_one_name(self, step: str) -> None:
        message = problem_of(step, before=f"- oneuser create bob\n{RUNNING}")
        assert "is already that of a" in message
        assert message.startswith("story.yaml:7: steps: the name ")

    def test_oned_itself_refuses_a_name_that_its_owner_uses(self) -> None:
        run = run_of(CREATED, before=CREATED)
        assert run.moments[-1].refusal is not None
        assert "NAME is already taken by IMAGE 0." in run.moments[-1].refusal.text

    def test_a_new_name_takes_the_place_of_the_old(self) -> None:
        story = "- oneimage rename debian sid\n- oneimage disable sid\n- oneimage enable debian\n"
        run = run_of(story, before=READY)
        assert run.moments[-2].changes[0].name == "sid"
        assert run.moments[-1].refusal is not None
        assert run.moments[-1].refusal.text == "IMAGE named debian not found."

    def test_what_is_not_there_is_not_found_by_the_command_line(self) -> None:
        story = (
            "- oneimage clone a b\n- refused: onevm create --name web --disk b\n"
            "  saying: IMAGE named b not found\n- onevm deploy web\n"
            "- expect: {b: gone, web: gone}\n"
            "- unanswered: [CP a, CLONE b]\n"
        )
        run = run_of(story, before=CREATED)
        assert [one.refusal.text for one in run.moments if one.refusal][1:] == [
            "IMAGE named b not found.",
            "VM named web not found.",
        ]
        # Oned was not called for that.
        assert len(run.trace) == 3
        assert [str(one) for one in run.unmet] == [
            "unanswered requests: expected CLONE b, CP a, met CP a"
        ]

    def test_users_and_datastores_that_are_gone_are_not_found_either(self) -> None:
        story = (
            "- oneuser create bob\n- oneuser delete bob\n- as bob: oneimage enable debian\n"
            "- onedatastore create --name x\n- onedatastore delete x\n- onedatastore delete x\n"
            "- oneuser create bob\n- accepted as bob: onevm create --name mine\n"
        )
        run = run_of(story, before=READY)
        assert [one.refusal.text for one in run.moments if one.refusal] == [
            "USER named bob not found.",
            "DATASTORE named x not found.",
        ]
        assert run.unmet == ()

    def test_apps_and_copies_of_templates_are_learned(self) -> None:
        story = (
            "- onetemplate create --name plan --disk debian\n"
            "- onetemplate instantiate plan --name mine --persistent\n"
            "- expect: {mine-disk-0: LOCKED_USED_PERS, mine: CLONING}\n"
            "- onetemplate delete plan\n"
        )
        run = run_of(story, before=READY)
        assert run.unmet == ()
        made, instantiated, deleted = [one for one in run.moments if "template" in one.what]
        assert [one.name for one in made.changes] == ["plan"]
        assert [one.name for one in instantiated.changes if one.kind == "template"] == ["mine"]
        assert deleted.changes[0].gone


class TestWhatMustBe:
    def test_a_command_may_be_refused_unless_something_else_is_said(self) -> None:
        run = run_of("- oneimage enable a\n", before=CREATED)
        assert run.moments[-1].refusal is not None
        assert (run.unmet, run.checked) == ((), 0)

    def test_a_command_that_must_be_accepted_is_checked(self) -> None:
        run = run_of("- accepted: oneimage enable a\n- oneimage chmod a 600\n", before=CREATED)
        assert [str(one) for one in run.unmet] == [
            (
                "oneimage enable a: expected accepted, met refused: Could not enable image: Image"
                " cannot be in state LOCKED."
            )
        ]
        assert (run.unmet[0].line, run.checked) == (3, 1)
        assert run.moments[-1].what == "oneimage chmod a 600"

    def test_a_command_that_must_be_refused_is_checked(self) -> None:
        run = run_of("- refused: oneimage chmod a 600\n", before=CREATED)
        assert [str(one) for one in run.unmet] == [
            "oneimage chmod a 600: expected refused, met accepted"
        ]

    def test_a_refusal_must_say_what_it_must_say(self) -> None:
        story = "- refused: oneimage enable a\n  saying: state LOCKED\n"
        assert run_of(story, before=CREATED).unmet == ()
        story = "- refused: oneimage enable a\n  saying: not today\n"
        (unmet,) = run_of(story, before=CREATED).unmet
        assert unmet.wanted == "refused: not today"

    def test_a_user_without_a_valid_session_is_refused(self) -> None:
        story = "- oneuser create bob\n- oneuser disable bob\n- as bob: oneimage enable a\n"
        run = run_of(story, before=CREATED)
        assert run.moments[-1].refusal is not None
        assert run.moments[-1].refusal.code == "AUTHENTICATION"
        assert run.moments[-1].refusal.text == "User couldn't be authenticated, aborting call."
        assert run.trace[-1]["as"] == "bob:bob"


def test_a_run_has_the_scenario_and_the_seed() -> None:
    scenario = parse("seed: 9\nsteps: [wait: 1 s]", FILE)
    assert play(scenario).seed == 9
    assert play(scenario, 3).seed == 3
    assert play(scenario).scenario is scenario


@pytest.mark.parametrize(
    "step",
    [
        "oneimage enable LONG",
        "onevm disk-detach web LONG",
        "oneimage snapshot-delete debian LONG",
        "as LONG: oneimage enable debian",
        "oneimage update debian LONG=[",
        "oneimage update debian 'A=[LONG'",
        "datastore: complete CP LONG",
        "unanswered: CP LONG",
        "expect: {LONG: READY}",
        "expect: {debian: {disks: LONG}}",
    ],
)
def test_a_long_name_is_not_repeated_whole(step: str) -> None:
    with pytest.raises(InputError) as caught:
        run_of(f"- {step}\n".replace("LONG", "x" * 5000), before=RUNNING)
    assert len(str(caught.value)) < 400
    assert "x" * 61 not in str(caught.value)


def test_long_names_that_there_are_are_not_repeated_whole_either() -> None:
    name = "x" * 5000
    for wrong in (f"{name}y", "q"):
        steps = f"- oneimage create --name {name} -d default\n- oneimage enable {wrong}\n"
        with pytest.raises(InputError) as caught:
            run_of(steps)
        assert len(str(caught.value)) < 400
