"""``lifecycle page`` in another language: the file for translators, and the page made with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lifecycle.cli import main
from tests.page.pseudo import pseudo

if TYPE_CHECKING:
    from pathlib import Path


FEW = ("--questions", "1")
"""What makes a page quickly."""


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    monkeypatch.setattr("sys.argv", ["lifecycle", "page", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_texts_are_written_translated_and_put_into_the_page(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, "--texts", "--out", "en.json", *FEW) == 0
    assert capsys.readouterr() == ("en.json\n", "")
    other = pseudo((tmp_path / "en.json").read_text("utf-8"))
    del other["sentences"]["user"], other["texts"]["toolbar.undo"]
    (tmp_path / "other.json").write_text(json.dumps(other), "utf-8")

    assert run(monkeypatch, "--translation", "other.json", "--out", "other.html", *FEW) == 0
    told = "other.json: not translated, and so left as it is: 2; the first: toolbar.undo"
    assert capsys.readouterr() == ("other.html\n", f"lifecycle: {told}\n")
    assert "⟦Redo⟧" in (tmp_path / "other.html").read_text("utf-8")

    # What is new in a later version of the page is added to what is translated, and empty.
    again = ["--texts", "--translation", "other.json", "--out", "again.json"]
    assert run(monkeypatch, *again, *FEW) == 0
    told = "other.json: not translated, and so empty: 2; the first: toolbar.undo"
    assert capsys.readouterr() == ("again.json\n", f"lifecycle: {told}\n")
    other["sentences"]["user"] = other["texts"]["toolbar.undo"] = ""
    assert json.loads((tmp_path / "again.json").read_text("utf-8")) == other

    other["texts"]["toolbar.un"] = "Undo"
    (tmp_path / "wrong.json").write_text(json.dumps(other), "utf-8")
    assert run(monkeypatch, "--translation", "wrong.json", "--out", "wrong.html", *FEW) == 0
    told = "wrong.json: translated, but not on the page: 1; the first: toolbar.un"
    assert capsys.readouterr().err.splitlines()[1] == f"lifecycle: {told}"


GOOD: dict[str, Any] = {"language": "de", "texts": {}, "sentences": {}}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "line 1 is no JSON: Expecting property name enclosed in double quotes"),
        ("[" * 100_000, "must be an object of texts"),
        ("[]", "must be an object of texts"),
        ("{}", "language: must be a text"),
        ('{"language": "de", "language": "fr"}', "language: stands there twice"),
        ({**GOOD, "language": 'de"><script>'}, "language: must be the tag of a language"),
        ({**GOOD, "language": "deutsch"}, "language: must be the tag of a language"),
        ({**GOOD, "title": "x"}, "title: is none of language, texts, sentences"),
        ({**GOOD, "texts": []}, "texts: must be an object of texts"),
        ({**GOOD, "language": "de_DE"}, "language: must be the tag of a language"),
        ({**GOOD, "texts": {"toolbar.undo": 1}}, "texts: toolbar.undo: must be a text"),
        (
            '{"language": "de", "texts": {"toolbar.undo": "\\ud800"}}',
            "texts: toolbar.undo: must be a text, and has half a letter in it",
        ),
        (
            {**GOOD, "texts": {"play.explain": "Erkläre"}},
            "texts: play.explain: lacks {name}, which the English text has",
        ),
        (
            {**GOOD, "texts": {"toolbar.undo": "Zurück, {name}"}},
            "texts: toolbar.undo: has {name}, which the English text has not",
        ),
        (
            {**GOOD, "sentences": {"VMs {change}": "Maschinen {x}"}},
            "sentences: VMs {change}: lacks {change}, which the English text has",
        ),
        (
            {**GOOD, "texts": {"world.image_names": "debian a'b"}},
            "texts: world.image_names: must be names that can be typed",
        ),
        (
            {**GOOD, "texts": {"world.copy_name": "{name} Kopie"}},
            "texts: world.copy_name: must be names that can be typed",
        ),
        ({**GOOD, "sentences": {"user": None}}, "sentences: user: must be a text"),
    ],
    ids=lambda one: "" if isinstance(one, dict) else one[:30],
)
def test_what_cannot_be_used_is_told_in_one_line_and_nothing_is_written(
    content: str | dict[str, Any],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / "de.json").write_text(text, "utf-8")
    assert run(monkeypatch, "--translation", "de.json", "--out", "page.html") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"lifecycle: de.json: {told}")
    assert err.count("\n") == 1
    assert [one.name for one in tmp_path.iterdir()] == ["de.json"]


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "cannot be read: No such file or directory"), (b"\xff\xfe", "it is no text in UTF-8")],
)
def test_a_file_that_cannot_be_read_is_told(
    content: bytes | None,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "de.json"
    if content is not None:
        file.write_bytes(content)
    assert run(monkeypatch, "--translation", str(file), "--out", str(tmp_path / "a.html")) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "a.html").exists()
