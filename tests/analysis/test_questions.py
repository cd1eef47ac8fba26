"""What should be possible for an image is asked of all that can be reached; failures are played."""

from __future__ import annotations

import pytest

from lifecycle.analysis.exploration import Bounds, Holder, explore_image
from lifecycle.analysis.exploration.image_stories import can_be_told, image_story
from lifecycle.analysis.exploration.questions import QUESTIONS, Question, ask
from lifecycle.refusal import InputError
from lifecycle.scenario.format import parse
from lifecycle.scenario.run import play
from lifecycle.states import ImageState, ImageType

GRAPH = explore_image(Bounds(machines=2, clones=1))
BY_NAME = {one.name: one for one in QUESTIONS}


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("can-be-free", False),
        ("locked-can-leave", True),
        ("locked-can-leave-by-command", True),
        ("answers-unlock", True),
        ("error-can-be-mended", True),
    ],
)
def test_what_holds_and_what_does_not(name: str, holds: bool) -> None:
    answer = ask(BY_NAME[name], GRAPH)
    assert answer.asked > 0
    assert (answer.fails == ()) is holds


def test_answers_that_nobody_asked_lead_to_a_lock_that_no_command_opens() -> None:
    bounds = Bounds(machines=2, clones=0, snapshots=1, types=(ImageType.OS,), unasked=True)
    graph = explore_image(bounds)
    answer = ask(BY_NAME["locked-can-leave-by-command"], graph)
    nearest = graph.configurations[answer.fails[0]]
    assert nearest.state is ImageState.LOCKED_USED_PERS
    assert Holder.GHOST in nearest.machines


def test_every_question_has_a_row_above() -> None:
    assert set(BY_NAME) == {one.name for one in QUESTIONS}
    assert len(BY_NAME) == 5


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.name)
def test_the_nearest_failure_is_played_as_a_scenario(question: Question) -> None:
    for number in ask(question, GRAPH).fails[:20]:
        born, steps = GRAPH.history(number)
        if not can_be_told(born):
            continue
        beginning = GRAPH.configurations[GRAPH.beginnings[born]]
        run = play(parse(image_story(question.name, born, beginning, steps)))
        assert run.unmet == ()
        assert run.checked > 0


@pytest.mark.parametrize("unasked", [False, True], ids=["asked", "unasked"])
def test_histories_of_all_kinds_play_as_they_were_explored(unasked: bool) -> None:
    bounds = Bounds(machines=2, clones=2, unasked=unasked, types=(ImageType.OS, ImageType.CDROM))
    graph = explore_image(bounds)
    played = 0
    for number in range(0, len(graph.configurations), 41):
        born, steps = graph.history(number)
        beginning = graph.configurations[graph.beginnings[born]]
        run = play(parse(image_story("any", born, beginning, steps, unasked=unasked)))
        assert run.unmet == (), image_story("any", born, beginning, steps, unasked=unasked)
        played += 1
    assert played > 20


def test_a_backup_is_no_beginning_of_a_scenario() -> None:
    beginning = GRAPH.configurations[GRAPH.beginnings["BACKUP of a machine"]]
    with pytest.raises(InputError, match="a scenario cannot begin with: BACKUP of a machine"):
        image_story("a backup", "BACKUP of a machine", beginning, [])
