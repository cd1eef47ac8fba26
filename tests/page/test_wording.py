"""Everything that the page says stands in one file, and comes back out of it in translation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lifecycle.cloud.vm_states import VmState
from lifecycle.operations import OPERATIONS
from lifecycle.page import document
from lifecycle.page.learning import questions
from lifecycle.page.said import outcome, reason, said
from lifecycle.page.texts import texts
from lifecycle.page.wording import HOLE, Wording, read_wording
from lifecycle.states import ImageState
from lifecycle.teach.lessons import find, shipped
from tests.page.pseudo import BEGIN, LANGUAGE, marked, pseudo

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def english() -> Wording:
    wording = Wording()
    document(wording=wording)
    return wording


def test_the_file_holds_every_text_in_english_in_the_order_of_the_page(english: Wording) -> None:
    found = json.loads(english.file())
    assert list(found) == ["language", "texts", "sentences"]
    assert found["language"] == "en"
    assert found["texts"] == texts()
    sentences = list(found["sentences"])
    lessons = [find(name) for name in shipped()]
    # Who translates sees of what a sentence tells by those around it.
    in_order = [
        *(state.meaning for state in ImageState),
        *(state.meaning for state in VmState),
        *(OPERATIONS[name].meaning for name in ("allocate", "delete", "acquire")),
        *(lesson.text for lesson in lessons),
    ]
    assert sorted(in_order, key=sentences.index) == in_order
    assert all(sentence == text for sentence, text in found["sentences"].items())
    assert {state.meaning for state in ImageState} <= set(found["sentences"])
    assert english.missing == []


def test_a_sentence_with_names_in_it_is_translated_once(english: Wording) -> None:
    sentences = list(json.loads(english.file())["sentences"])
    assert [one for one in sentences if "is possible in" in one] == [
        "{command} is possible in {states}; the image is {state}",
        "{command} is possible in {states}; the machine is {state}",
    ]
    assert [one for one in sentences if "→" in one or "debian" in one] == []


def test_the_same_file_is_written_each_time(english: Wording) -> None:
    again = Wording()
    document(wording=again)
    assert again.file() == english.file()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "a READY → USED, VMs 0→1, not persistent, FORCE_DELETE=YES",
            "a READY → USED, ⟦VMs ⟧0→1, ⟦not persistent⟧, FORCE_DELETE=YES",
        ),
        ("a DELETE → gone", "a DELETE → ⟦gone⟧"),
        ("a READY, was b, owner 2, new disk 1", "a READY, ⟦was ⟧b, ⟦owner ⟧2, ⟦new disk ⟧1"),
        ("refused: There are 2 VMs.", "⟦refused: ⟧There are 2 VMs."),
        ("why: in the way: x is y", "⟦why: ⟧⟦in the way: x is y⟧"),
        (
            "or: oneimage enable is possible in DISABLED and ERROR; the image is USED",
            "⟦or: ⟧oneimage enable⟦ is possible in ⟧DISABLED⟦ and ⟧ERROR⟦; the image is ⟧USED",
        ),
        (
            "ignored: release of a, which still counts 1 VMs (oned's words: (x))",
            "⟦ignored: ⟧release⟦ of ⟧a⟦, which still counts ⟧1 VMs (oned's words: (x))",
        ),
        ("nothing changes", "⟦nothing changes⟧"),
        (
            "why: missing: x is y and in the way: z",
            "⟦why: ⟧⟦missing: x is y⟧⟦ and ⟧⟦in the way: z⟧",
        ),
    ],
)
def test_names_commands_and_words_of_oned_are_not_translated(line: str, told: str) -> None:
    assert outcome(line, marked) == told
    assert outcome(line, str) == line


def test_arrows_lead_onward_among_words_that_are_written_from_right_to_left() -> None:
    turned = outcome("a DELETE → gone, VMs 1→0", lambda one: "אין" if one == "gone" else one)
    assert turned == "\u2066a DELETE → אין\u2069, VMs 1→0"


def test_a_reason_of_another_form_is_translated_as_a_whole() -> None:
    assert reason("READY is not enough", marked) == "⟦READY is not enough⟧"


def test_what_is_typed_may_stand_elsewhere_in_another_language() -> None:
    pieces = ["Type ", {"code": "a b"}, " or ", {"code": "c"}, "."]
    told = {
        "meaning": "m",
        "advice": [pieces],
        "stuck": [],
    }
    turned = said(
        {"states": {"X": told}, "operations": {}},
        lambda one: "{2}, besser als {1}" if one == "Type {1} or {2}." else one,
    )
    assert turned["states"]["X"]["advice"] == [[{"code": "c"}, ", besser als ", {"code": "a b"}]]


def test_a_page_in_another_language_says_nothing_in_english(
    english: Wording, tmp_path: Path
) -> None:
    file = tmp_path / "other.json"
    file.write_text(json.dumps(pseudo(english.file())), "utf-8")
    wording = read_wording(str(file))
    page = document(wording=wording)
    assert wording.missing == []
    assert f'<html lang="{LANGUAGE}" dir="ltr">' in page
    assert f"<title>{marked(texts()['title'])}</title>" in page
    # Written anew, it is what it was.
    assert json.loads(wording.file()) == json.loads(file.read_text("utf-8"))


def test_what_nobody_translated_is_in_english_and_told(english: Wording, tmp_path: Path) -> None:
    whole = pseudo(english.file())
    del whole["texts"]["toolbar.undo"]
    whole["texts"]["toolbar.redo"] = " "
    whole["sentences"] = {"user": "Benutzer", "no such sentence any more": "x"}
    file = tmp_path / "part.json"
    file.write_text(json.dumps(whole), "utf-8")
    wording = read_wording(str(file))
    document(live=True, wording=wording)
    assert wording.texts["toolbar.undo"] == "Undo"
    assert wording.texts["toolbar.help"] == marked("Help")
    assert wording.missing[:2] == ["toolbar.redo", "toolbar.undo"]
    assert "user" not in wording.missing
    assert ImageState.READY.meaning in wording.missing
    assert wording("user") == "Benutzer"
    assert wording("virtual machine") == "virtual machine"


def test_the_file_is_complete_for_every_quiz(english: Wording) -> None:
    quiz = Wording()
    said({"states": {}, "operations": {}, "questions": questions(60, seed=7)}, quiz)
    assert set(json.loads(quiz.file())["sentences"]) <= set(json.loads(english.file())["sentences"])


@pytest.mark.parametrize(
    ("told", "form"),
    [
        ("being copied to 1 image", "⟦being copied to ⟧1⟦ image⟧"),
        ("in VMS: 2 machines that are gone", "⟦in VMS: ⟧2⟦ machines that are gone⟧"),
        ("USED, 1 snapshot, FORCE_DELETE", "USED, 1⟦ snapshot⟧, FORCE_DELETE"),
    ],
)
def test_a_situation_is_translated_by_its_form(told: str, form: str) -> None:
    question: dict[str, Any] = {
        "values": {"situation": told},
        "then": None,
        "story": [],
        "replays": [],
    }
    data = {"states": {}, "operations": {}, "questions": [question]}
    assert said(data, marked)["questions"][0]["values"]["situation"] == form


def test_what_an_older_version_had_is_no_longer_used(english: Wording, tmp_path: Path) -> None:
    whole = pseudo(english.file())
    whole["texts"]["toolbar.old"] = "Alt"
    whole["sentences"]["Old sentence."] = "Alter Satz."
    file = tmp_path / "old.json"
    file.write_text(json.dumps(whole), "utf-8")
    wording = read_wording(str(file))
    document(wording=wording)
    assert wording.missing == []
    assert wording.unused == ["toolbar.old", "Old sentence."]
    assert "Alt" not in wording.file()


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("de", "ltr"),
        ("pt-br", "ltr"),
        ("arn", "ltr"),
        ("ca-valencia", "ltr"),
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("FA", "rtl"),
        ("ar-Latn", "ltr"),
        ("pa-Arab-PK", "rtl"),
    ],
)
def test_a_page_leads_where_its_language_leads(tag: str, direction: str, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text(json.dumps({"language": tag}), "utf-8")
    page = document(live=True, wording=read_wording(str(file)))
    assert f'<html lang="{tag}" dir="{direction}">' in page


def test_the_live_page_says_nothing_that_the_file_lacks(english: Wording) -> None:
    live = Wording()
    document(live=True, wording=live)
    known = json.loads(english.file())
    assert json.loads(live.file())["sentences"].items() <= known["sentences"].items()


def test_marks_are_put_around_words_and_not_around_what_is_filled_in() -> None:
    assert marked("from {from} to {to}, {what}") == "⟦from ⟧{from}⟦ to ⟧{to}, {what}"
    assert HOLE.sub("", marked("{a}: {b}")).count(BEGIN) == 0
