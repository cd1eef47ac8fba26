"""The scripts of the page are typed, clean, and hold no text for people."""

from __future__ import annotations

import json
import re
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING, TypedDict

import pytest

from lifecycle.page.linking import modules
from lifecycle.page.texts import texts
from tests.tools import NPM, ROOT, npm_program, run_node

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = ROOT / "lifecycle" / "page"
ESLINT = str(NPM / "eslint.config.js")
SPOKEN = re.compile(r"[A-Za-z]{2,} |  ?[A-Za-z]{2,}|^[A-Z][a-z]+$|[a-z]{2,}[.!?…:]$")
"""Words with a blank, a word with a capital, the end of a sentence."""

KEYS = {"Enter", "Escape", "Home", "End", "Tab", "Delete"}
IGNORES = re.compile(r"eslint-disable|@ts-(?:ignore|nocheck|expect-error)")
EXPLAINED = re.compile(r"(?:eslint-disable[\w-]* [\w/, -]+? -- |@ts-expect-error -- )\w{2}")


class Found(TypedDict):
    """A string of a script."""

    module: str
    line: int
    text: str
    role: str


@pytest.fixture(scope="module")
def strings() -> list[Found]:
    found: list[Found] = run_node("strings.mjs", modules())
    return found


def checked(*command: str) -> str:
    done = subprocess.run(  # noqa: S603 - what package.json pins
        command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    return done.stdout + done.stderr


def test_the_scripts_are_typed() -> None:
    assert checked(npm_program("tsc"), "--project", str(NPM / "tsconfig.json")) == ""


def test_the_scripts_are_clean() -> None:
    eslint = npm_program("eslint")
    assert checked(eslint, "--max-warnings=0", "--config", ESLINT, str(PAGE / "scripts")) == ""


def test_what_makes_markup_or_code_of_text_is_noticed() -> None:
    lines = {
        "document.body.innerHTML = location.hash;": "no-restricted-syntax",
        'document.body["innerHTML"] = location.hash;': "no-restricted-syntax",
        'document.body.insertAdjacentHTML("beforeend", location.hash);': "no-restricted-syntax",
        "document.write(location.hash);": "no-restricted-syntax",
        'new DOMParser().parseFromString(location.hash, "text/html");': "no-restricted-syntax",
        "eval(location.hash);": "no-eval",
        'setTimeout("alert()");': "no-implied-eval",
    }
    done = subprocess.run(  # noqa: S603 - what package.json pins
        [npm_program("eslint"), "--config", ESLINT, "--format", "json", "--stdin"],
        input="\n".join(lines),
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    (told,) = json.loads(done.stdout)
    found = {(one["line"], one["ruleId"]) for one in told["messages"]}
    assert set(enumerate(lines.values(), 1)) <= found


@pytest.mark.parametrize("name", sorted(modules()))
def test_whatever_silences_a_tool_has_a_reason(name: str) -> None:
    ignores = [line for line in modules()[name].splitlines() if IGNORES.search(line)]
    assert [line for line in ignores if not EXPLAINED.search(line)] == []


def used(found: Iterable[Found]) -> tuple[set[str], list[re.Pattern[str]]]:
    """Give the keys that stand in scripts, and for those with holes what they can become."""
    plain, holed = set[str](), list[re.Pattern[str]]()
    for one in found:
        if "{}" not in one["text"]:
            plain.add(one["text"])
        elif one["role"] == "text" and re.match(r"[a-z]+\.", one["text"]):
            holed.append(re.compile(re.escape(one["text"]).replace(r"\{\}", r"[\w.-]+")))
    return plain, holed


def test_every_key_of_a_text_is_known(strings: list[Found]) -> None:
    asked = [one for one in strings if one["role"] == "text"]
    known = texts()
    _, holed = used(asked)
    unknown = [
        f"{one['module']}.js:{one['line']}: {one['text']}"
        for one in asked
        if "{}" not in one["text"] and one["text"] not in known
    ]
    assert unknown == []
    assert [one.pattern for one in holed if not any(map(one.fullmatch, known))] == []


def test_every_text_is_used(strings: list[Found]) -> None:
    plain, holed = used(strings)
    python = "".join(file.read_text("utf-8") for file in PAGE.glob("*.py"))
    assert [
        key
        for key in texts()
        if key not in plain
        and not any(one.fullmatch(key) for one in holed)
        and f'"{key}"' not in python
    ] == []


def test_texts_are_sorted_by_their_keys() -> None:
    assert list(texts()) == sorted(texts())


def test_the_scripts_hold_no_texts_for_people(strings: list[Found]) -> None:
    assert [
        f"{one['module']}.js:{one['line']}: {one['text']!r}"
        for one in strings
        if not one["role"]
        and SPOKEN.search(one["text"])
        and one["text"] not in {"use strict", *KEYS}
        and not one["text"].startswith("Arrow")
    ] == []


class _Texts(HTMLParser):
    """Collects what a page says by itself: between its tags, and in attributes for people."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        shown = ("alt", "aria-description", "aria-label", "placeholder", "title")
        self.found += [value or "" for name, value in attrs if name in shown]


def test_the_structure_holds_no_texts_for_people() -> None:
    page = _Texts()
    page.feed((PAGE / "page.html").read_text("utf-8"))
    said = [re.sub(r"\{\{.*?\}\}", "", one).strip() for one in page.found]
    assert [one for one in said if one] == []
