"""The keyboard alone reaches and does everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.hands import CREATE, TEXTS, Hands

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

_MOST = 200
_STOPS = """
() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const visible = at.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  return { tag: at.tagName, seen: visible && box.width > 0 && box.height > 0 };
}
"""


def tab_to(target: Locator, key: str = "Tab") -> None:
    """Press Tab until something has the focus."""
    for _ in range(_MOST):
        if target.evaluate("(one) => one === document.activeElement"):
            return
        target.page.keyboard.press(key)
    raise AssertionError(f"Tab does not reach {target}")


def press(target: Locator, key: str = "Enter") -> None:
    tab_to(target)
    target.page.keyboard.press(key)


def test_a_whole_story_is_played_with_the_keyboard_alone(played: Page) -> None:
    hands = Hands(played)
    rows = played.locator("#timeline > li")
    press(hands.act(CREATE))
    expect(rows).to_have_count(1)
    press(played.locator("#requests button").first, "Space")
    expect(rows).to_have_count(2)
    assert hands.states() == ["READY"]
    press(hands.act("onevm create"))
    expect(rows).to_have_count(3)
    press(hands.act("oneimage delete"))
    expect(played.locator("#refusal")).to_be_visible()
    press(hands.tool("undo"))
    expect(rows).to_have_count(3)
    press(hands.tool("redo"), "Space")
    expect(rows).to_have_count(4)
    press(hands.card("debian"))
    press(hands.tool("share"))
    expect(played.locator("#share-link")).to_be_focused()
    played.keyboard.press("Escape")
    expect(hands.tool("share")).to_be_focused()


def test_every_stop_of_the_tab_key_is_seen_and_none_holds_it(played: Page) -> None:
    hands = Hands(played)
    hands.story()
    played.evaluate("document.activeElement.blur()")
    first, stops = None, 0
    for _ in range(_MOST):
        played.keyboard.press("Tab")
        at = played.evaluate_handle("document.activeElement")
        stop = played.evaluate(_STOPS)
        if stop["tag"] == "BODY" or (first and first.evaluate("(a, b) => a === b", at)):
            break
        first = first or at
        stops += 1
        assert stop["seen"], at.evaluate("(one) => one.outerHTML.slice(0, 200)")
    else:
        raise AssertionError("Tab goes on and on")
    assert stops > 15


def test_arrows_walk_through_the_states_and_enter_explains_one(played: Page) -> None:
    state = played.locator("#diagram .state[role=button][tabindex='0']")
    tab_to(state)
    before = state.get_attribute("data-state")
    played.keyboard.press("ArrowRight")
    name = played.evaluate("document.activeElement.dataset.state")
    assert name not in {None, before}
    played.keyboard.press("Enter")
    expect(played.locator("#dialog-title")).to_have_text(name)
    played.keyboard.press("Escape")
    expect(played.locator("dialog")).to_be_hidden()
    assert played.evaluate("document.activeElement.dataset.state") == name


def test_the_keys_of_the_help_do_what_it_says(played: Page) -> None:
    hands = Hands(played)
    hands.do(CREATE)
    rows = played.locator("#timeline > li")
    played.keyboard.press("u")
    expect(rows).to_have_count(0)
    played.keyboard.press("r")
    expect(rows).to_have_count(1)
    played.keyboard.press("n")
    expect(hands.card(TEXTS["board.new"])).to_have_attribute("aria-pressed", "true")
    played.keyboard.press("?")
    expect(played.locator("#dialog-title")).to_have_text(TEXTS["toolbar.help"])
    # Whoever speaks to the computer can switch them off.
    played.locator("#shortcuts").uncheck()
    played.keyboard.press("Escape")
    played.keyboard.press("u")
    expect(rows).to_have_count(1)


def test_after_each_act_the_focus_is_somewhere(played: Page) -> None:
    hands = Hands(played)
    for act in (CREATE, "onevm create", "oneimage delete"):
        press(hands.act(act))
        expect(played.locator("#timeline > li").first).to_be_visible()
        assert played.evaluate("document.activeElement !== document.body")
