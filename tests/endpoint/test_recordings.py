"""The recordings of the wire, played again in the process, are answered alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lifecycle.endpoint.service import Service
from tests.endpoint import comparing, replaying

if TYPE_CHECKING:
    from pathlib import Path

    from tests.endpoint.replaying import Event


def answered(path: Path) -> list[tuple[Event, list[str]]]:
    """Play a recording in the process; give its calls with what is unequal."""
    cloud = replaying.recorded_cloud()
    service = Service(cloud)

    def answer(event: Event) -> bytes | None:
        if not replaying.is_call(event):
            return None
        return b"".join(service.answer(replaying.body_of(event["request"])))

    return list(replaying.play(path, cloud, answer))


@pytest.mark.parametrize("path", [replaying.EXCHANGES, *replaying.SESSIONS], ids=replaying.name_of)
def test_a_recording_is_answered_alike(path: Path) -> None:
    name = replaying.name_of(path)
    found = answered(path)
    assert found
    unequal = {(name, event["n"]): problems for event, problems in found if problems}
    excused = {key for key in replaying.UNEQUAL if key[0] == name}
    assert {key: unequal[key] for key in unequal.keys() - excused} == {}
    assert excused <= unequal.keys(), "what is equal needs no excuse"


def test_all_exchanges_that_reach_a_call_are_played() -> None:
    played = answered(replaying.EXCHANGES)
    assert len(played) == 493
    assert len(list(replaying.events(replaying.EXCHANGES))) == 519


ANSWER = (
    "<methodResponse><params><param><value><array><data>"
    "<value><boolean>1</boolean></value><value><string>{}</string></value>"
    "<value><i4>0</i4></value></data></array></value></param></params></methodResponse>"
)
IMAGE = "&lt;IMAGE&gt;&lt;ID&gt;{}&lt;/ID&gt;&lt;REGTIME&gt;{}&lt;/REGTIME&gt;&lt;/IMAGE&gt;"


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (ANSWER.format(IMAGE.format(2, 5)), "/IMAGE/ID"),
        (ANSWER.format("x"), "string"),
        (ANSWER.format(IMAGE.format(1, 5)).replace("i4", "i8"), "i8"),
        (ANSWER.format(IMAGE.format(1, 5)).replace("<value><i4>0</i4></value>", ""), "data"),
        (ANSWER.format(IMAGE.format(1, 5).replace("&lt;/IMAGE", "&lt;A/&gt;&lt;/IMAGE")), "/A"),
    ],
)
def test_a_difference_is_found(answer: str, part: str) -> None:
    problems = comparing.differences(ANSWER.format(IMAGE.format(1, 4)), answer)
    assert len(problems) == 1
    assert part in problems[0]


def test_what_a_clock_made_is_set_aside() -> None:
    one, two = (ANSWER.format(IMAGE.format(1, time)) for time in (4, 5))
    assert comparing.differences(one, two) == []
    assert comparing.documents_differ("<A><TIME>1</TIME></A>", "<A><TIME>2</TIME></A>") == []
    assert comparing.documents_differ("<A><B/><C/></A>", "<A><C/><B/></A>") != []
