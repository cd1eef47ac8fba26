"""The guide for trainers shows a lesson that is true, and stands beside it as a file."""

from __future__ import annotations

import re
from pathlib import Path

from lifecycle.scenario.run import play
from lifecycle.teach.lessons import find, lesson_of

EXAMPLES = Path(__file__).parents[2] / "examples"
LESSON = EXAMPLES / "teach" / "two-machines-one-disk.yaml"


def test_the_lesson_of_the_guide_is_the_file_beside_it() -> None:
    (block,) = re.findall(
        r"^```yaml\n(.*?)^```$",
        (EXAMPLES / "teach.md").read_text("utf-8"),
        re.DOTALL | re.MULTILINE,
    )
    assert block == LESSON.read_text("utf-8")


def test_the_lesson_of_the_guide_is_true_and_asks_as_the_guide_says() -> None:
    scenario = find(str(LESSON))
    assert play(scenario).unmet == ()
    asked = [one.ask for one in lesson_of(scenario).questions]
    assert {"state", "accepted", "why", "field.vms"} == set(asked)
