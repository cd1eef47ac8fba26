"""The page in another language: all that is read comes from the one file with its texts."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from lifecycle.cloud.vm_operations import VM_OPERATIONS
from lifecycle.cloud.vm_states import VmState
from lifecycle.operations import OPERATIONS
from lifecycle.page import document
from lifecycle.page.wording import HOLE, Wording, read_wording
from lifecycle.states import ImageState, ImageType, Simplified
from tests.browser.hands import CREATE, TEXTS, Hands
from tests.browser.views import data_of, in_order, views
from tests.page.pseudo import BEGIN, LANGUAGE, pseudo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Opener

_SAID = """() => {
    const found = [document.title];
    const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        // What is typed, and what oned says, is code; the page itself is neither read.
        const { parentElement, data } = walk.currentNode;
        if (parentElement.closest("script, style, code, kbd, .letter") === null) found.push(data);
    }
    for (const name of ["aria-label", "aria-description", "alt", "placeholder", "title"])
        for (const one of document.querySelectorAll(`[${name}]`))
            found.push(one.getAttribute(name));
    return found;
}"""
"""Gives all that is read on a page, and that screen readers read."""

_MARKED = re.compile("⟦[^⟧]*⟧")
_WORD = re.compile(r"[A-Za-z]{2}")
_BETWEEN = re.compile(r"[\n,;:()→·+]|\.(?: |$)|/")
_COMMAND = re.compile(r"(?:one[a-z]+|datastore:|transfer:|hypervisor:)(?: (?!is )[^ \n]+)+")
_ONED = re.compile("⟦(?:[Rr]efused|ERROR text): ⟧.*", re.DOTALL)
"""What stands behind this is said by oned."""

_LEVELS = {"use", "manage", "admin"}
_DRIVERS = {"datastore", "transfer", "hypervisor", "market"}
_OTHERS = {
    "oneadmin",
    "lock",
    "RUNNING_VMS",
    "CLONING_OPS",
    "STATE",
    "LCM_STATE",
    "LOCK",
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file for translators, with marks around every text."""
    english = Wording()
    document(wording=english)
    file = tmp_path_factory.mktemp("texts") / "marked.json"
    file.write_text(json.dumps(pseudo(english.file())), "utf-8")
    return file


@pytest.fixture
def translated(file: Path, tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch) -> Page:
    """Give the page that was made with it; hands press what is written on it."""
    wording = read_wording(str(file))
    page = tmp_path / "page.html"
    page.write_text(document(wording=wording), "utf-8")
    for key, text in wording.texts.items():
        monkeypatch.setitem(TEXTS, key, text)
    return opened(page.as_uri())


class Known:
    """Tells what of a text is in no language: names, commands, states, and words of oned's."""

    def __init__(self, data: dict[str, Any]) -> None:
        operations = (*OPERATIONS, *VM_OPERATIONS)
        self.names = {
            *(name for kind in (ImageState, ImageType) for name in kind.__members__),
            *(state.name for state in VmState),
            *(one.value for one in Simplified),
            *(state.alias for state in ImageState),
            *(one.replace("_", " ") for one in operations),
            *operations,
            *_LEVELS | _DRIVERS | _OTHERS,
            *_things(data),
            *(TEXTS[key].format(name="debian") for key in ("world.copy_name", "world.disk_name")),
            *f"{TEXTS['world.image_names']} {TEXTS['world.machine_names']}".split(),
        }
        said = sorted(set(_oned(data)), key=len, reverse=True)
        self.oned = re.compile("|".join(re.escape(one).replace("0", r"\d+") for one in said))

    def left(self, text: str) -> list[str]:
        """Give what is left in English of a text."""
        rest = _MARKED.sub("\n", _ONED.sub("\n", text))
        rest = _COMMAND.sub("\n", self.oned.sub("\n", rest))
        pieces = (one.strip(" .#\u200b") for one in _BETWEEN.split(rest))
        return [one for one in pieces if _WORD.search(one) and not self.is_name(one)]

    def is_name(self, words: str) -> bool:
        """Tell whether all of these are names, with numbers among them."""
        return words in self.names or all(
            one in self.names or not _WORD.search(one) for one in words.split()
        )


def _things(value: Any) -> Iterator[str]:  # noqa: ANN401 - what the page is given is JSON
    """Name the images, machines, requests and flags that there are in lessons and quiz."""
    if isinstance(value, list):
        for one in value:
            yield from _things(one)
    if isinstance(value, dict):
        for key, one in value.items():
            if key in {"name", "action", "code"} and isinstance(one, str):
                yield one
            elif key == "flags":
                yield from (flag for flag in one if flag[:1].isupper())
            elif key not in {"states", "operations", "texts"}:
                yield from _things(one)


def _oned(data: dict[str, Any]) -> Iterator[str]:
    """Give what oned says: its words, and the names of its errors."""
    for text, code, _ in data["rules"]["refusals"]:
        yield from (HOLE.sub("0", text), code)
    firsts = [
        *data["questions"],
        *(
            one
            for lesson in data["lessons"]
            for part in lesson["parts"]
            for one in part["questions"]
        ),
    ]
    for one in (one for first in firsts for one in in_order(first)):
        if one["ask"] == "why":
            yield from one["choices"]


def test_nothing_is_left_in_english_but_names_commands_and_words_of_oned(translated: Page) -> None:
    known = Known(data_of(translated))
    seen: list[str] = []
    found: dict[str, str] = {}
    for view in views(translated):
        seen.append(view)
        for text in translated.evaluate(_SAID):
            found |= dict.fromkeys(known.left(text), f"{view}: {text}")
    assert found == {}
    assert {"images, machines, requests, a refusal", "a state, explained", "quiz, its end"} < {
        *seen
    }
    assert "lesson 1, its end" in seen


def test_a_page_that_is_written_from_right_to_left_leads_there(
    file: Path, tmp_path: Path, opened: Opener
) -> None:
    whole = json.loads(file.read_text("utf-8"))
    whole["language"] = "he"
    other = tmp_path / "he.json"
    other.write_text(json.dumps(whole), "utf-8")
    to = tmp_path / "he.html"
    to.write_text(document(wording=read_wording(str(other))), "utf-8")
    page = opened(to.as_uri())
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    middle = page.locator("#stage").bounding_box()
    things = page.locator("#things").bounding_box()
    assert middle is not None
    assert things is not None
    assert things["x"] > middle["x"] + middle["width"]
    # What is typed reads from left to right, and so does the diagram.
    assert page.evaluate("getComputedStyle(document.querySelector('code')).direction") == "ltr"
    assert page.evaluate("getComputedStyle(document.getElementById('stage')).direction") == "ltr"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_state_of_an_image_is_explained_in_the_language_of_the_page(translated: Page) -> None:
    known = Known(data_of(translated))
    found: dict[str, str] = {}
    for name in ImageState.__members__:
        translated.locator(f"#state-{name}").dispatch_event("click")
        expect(translated.locator("#dialog-title")).to_have_text(name)
        for text in translated.evaluate(_SAID):
            found |= dict.fromkeys(known.left(text), f"{name}: {text}")
        translated.keyboard.press("Escape")
    assert found == {}


def test_what_is_left_in_english_is_noticed(played: Page) -> None:
    known = Known(data_of(played))
    left = {one for text in played.evaluate(_SAID) for one in known.left(text)}
    assert {TEXTS["toolbar.undo"], TEXTS["nav.skip"], TEXTS["board.new"]} <= left
    assert any(one.startswith("Image ready to use") for one in left)


def test_a_refusal_is_explained_in_the_language_of_the_page(translated: Page) -> None:
    assert translated.locator("html").get_attribute("lang") == LANGUAGE
    hands = Hands(translated)
    hands.do(CREATE, "oneimage disable")
    reason = translated.locator("#refusal ul").first
    expect(reason).to_have_text(
        "oneimage disable⟦ is possible in ⟧READY⟦ and ⟧ERROR⟦; the image is ⟧LOCKED"
    )
    assert BEGIN in hands.announced()
    # What oned says is in English on every page, and read aloud so.
    assert translated.locator("#refusal .oned code").get_attribute("lang") == "en"
    # Who does a thing is told in words, and known without them.
    assert translated.locator("#acts .act[data-kind=user]").count() > 0


def test_a_translation_can_put_nothing_into_the_page(
    file: Path, tmp_path: Path, opened: Opener
) -> None:
    evil = "</script></title><img src=x onerror='ran=1'><script>ran=1</script>{{ data }}<!--"
    whole = json.loads(file.read_text("utf-8"))
    for part in ("texts", "sentences"):
        for key, text in whole[part].items():
            if not key.startswith("world."):
                holes = dict.fromkeys(HOLE.findall(text))
                whole[part][key] = evil + "".join(f"{{{name}}}" for name in holes)
    other = tmp_path / "evil.json"
    other.write_text(json.dumps(whole), "utf-8")
    to = tmp_path / "evil.html"
    to.write_text(document(wording=read_wording(str(other))), "utf-8")
    page = opened(to.as_uri())
    expect(page.locator("h1")).to_have_text(evil)
    hands = Hands(page)
    hands.do(CREATE, "oneimage disable")
    page.locator("#chosen-about .explain").click()
    expect(page.locator("dialog .lead")).to_contain_text(evil)
    page.keyboard.press("Escape")
    page.locator("#top nav button").nth(1).click()
    page.locator("#lessons .lesson").first.click()
    expect(page.locator("#lessons h2")).to_have_text(evil)
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 2
    assert page.evaluate("window.ran") is None
    assert page.title().startswith("</script></title><img")
