"""The page of `lifecycle serve` over a running cloud: it moves with it, and cannot be misled."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any
from xmlrpc.client import ServerProxy

import pytest
from playwright.sync_api import expect

from lifecycle import Cloud
from lifecycle.endpoint import Endpoint
from lifecycle.endpoint.events import Stream
from lifecycle.operations import OPERATIONS
from lifecycle.page.texts import texts
from tests.browser.auditing import audit
from tests.browser.conditions import until
from tests.browser.looks import DARK, DESK, PHONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page, Route

    from tests.browser.conftest import Opener

Client = Any
"""Makes calls by their names, and is answered with what XML-RPC gives."""

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "\"'><svg onload=alert(3)>",
    "javascript:alert(4)",
    "{{constructor.constructor('alert(5)')()}}",
    "${alert(6)}",
    "\u202egnp.exe",
    "x" * 120,
    "&lt;b&gt;&amp;",
    "url(http://127.0.0.1:9/x)",
    "--force; rm -rf /",
    "{name} {id}",
    "__proto__",
]
"""Names that mean something elsewhere."""

LOST = ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE", "ERR_EMPTY", "ERR_CONNECTION_RESET")
"""What a browser says of a server that is gone."""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as running:
        yield running


@pytest.fixture
def origins(endpoint: Endpoint) -> tuple[str, ...]:
    """Give the one place that the page may fetch from."""
    return (f"{endpoint.root}/",)


@pytest.fixture
def one(endpoint: Endpoint) -> Iterator[Client]:
    """Give a client of the endpoint, as a script has it."""
    with ServerProxy(endpoint.url) as proxy:
        yield proxy.one


@pytest.fixture
def live(endpoint: Endpoint, opened: Opener) -> Page:
    """Give the page of the endpoint, once it is told of what happens."""
    page = opened(endpoint.page_url)
    expect(page.locator(".live-state")).to_have_attribute("data-connection", "live")
    return page


def make(endpoint: Endpoint, name: str = "debian") -> int:
    """Make an image, behind the back of the page."""
    words = "".join(f"\\{letter}" if letter in '"\\' else letter for letter in name)
    with endpoint.lock:
        number = endpoint.cloud.image.allocate(f'NAME="{words}" PATH="/p" SIZE="1"', 1)
        endpoint.cloud.complete("CP", number)
    return number


def delete(endpoint: Endpoint, number: int) -> None:
    """Have an image go, behind the back of the page."""
    with endpoint.lock:
        endpoint.cloud.image.delete(number)
        endpoint.cloud.complete("RM", number)


def card(page: Page, number: int) -> Locator:
    """Give the card of an image."""
    return page.locator(f"#images [data-key='{number}']")


def shows(page: Page, number: int, state: str) -> None:
    """Wait until a card shows a state."""
    expect(card(page, number).locator(".badge")).to_have_text(state)


def seen(name: str) -> str:
    """Give a name as it is shown: what turns it around is a word."""
    return name.replace("\u202e", "\\u{202e}").replace("\u2028", "\\u{2028}")


def token_field(page: Page) -> Locator:
    return page.get_by_label(texts()["live.ask.token"], exact=True)


class TestLive:
    def test_what_a_script_does_shows_at_once(
        self, live: Page, endpoint: Endpoint, one: Client
    ) -> None:
        me = endpoint.session
        one.image.allocate(me, 'NAME="debian" PATH="/p" SIZE="1"', 1)
        shows(live, 0, "LOCKED")
        expect(live.locator("#requests")).to_contain_text("CP debian")
        with endpoint.lock:
            endpoint.cloud.complete("CP", 0)
        shows(live, 0, "READY")
        one.image.enable(me, 0, False)
        shows(live, 0, "DISABLED")
        expect(live.locator("#timeline li").first).to_contain_text("oneimage disable 0")
        expect(live.locator("#timeline li").first).to_contain_text("one.image.enable 0 False")
        one.image.enable(me, 0, True)
        shows(live, 0, "READY")
        one.vm.allocate(me, 'NAME="web" CPU="1" MEMORY="1" DISK=[IMAGE_ID="0"]')
        shows(live, 0, "USED")
        expect(live.locator("#machines")).to_contain_text("web")
        expect(live.locator("#timeline")).to_contain_text("debian: READY → USED")

    def test_many_requests_leave_room_for_what_can_be_done(
        self, endpoint: Endpoint, live: Page, one: Client
    ) -> None:
        for number in range(15):
            one.image.allocate(endpoint.session, f'NAME="i{number}" PATH="/p" SIZE="1"', 1)
        expect(live.locator("#requests li")).to_have_count(15)
        assert live.locator("#requests").evaluate("(all) => all.clientHeight") < 300
        live.locator("#requests li").last.get_by_text(texts()["requests.complete"]).click()
        shows(live, 14, "READY")

    def test_a_lock_is_named_where_it_refuses_and_so_is_what_takes_it_off(
        self, endpoint: Endpoint, live: Page, one: Client
    ) -> None:
        make(endpoint)
        one.image.lock(endpoint.session, 0, 1)
        expect(card(live, 0)).to_contain_text("LOCK use")
        card(live, 0).locator("button").click()
        live.locator("#moves-refused .act", has_text="oneimage delete 0").first.click()
        refusal = live.locator("#refusal")
        expect(refusal).to_contain_text("IMAGE is locked")
        expect(refusal).to_contain_text(OPERATIONS["lock"].meaning)
        refusal.get_by_role("button", name="oneimage unlock 0").click()
        expect(live.locator("#moves-now")).to_contain_text("oneimage delete 0")

    @pytest.mark.parametrize("look", [DESK, DARK, PHONE], ids=str)
    def test_a_script_that_is_refused_is_told_of_with_the_reason(
        self, endpoint: Endpoint, live: Page, one: Client
    ) -> None:
        make(endpoint)
        one.image.enable(endpoint.session, 0, False)
        message = one.image.clone(endpoint.session, 0, "copy")[1]
        row = live.locator("#timeline li").first
        expect(row).to_contain_text(message)
        expect(row).to_contain_text("oneimage clone is possible in READY, USED and CLONE")
        expect(row).to_contain_text("oneimage enable")
        assert audit(live) == []
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert live.evaluate(wide)

    def test_the_diagram_moves_with_the_chosen_image(
        self, endpoint: Endpoint, live: Page, one: Client
    ) -> None:
        make(endpoint)
        card(live, 0).locator("button").click()
        lit = live.locator("#diagram .state.lit")
        expect(lit).to_have_attribute("data-state", "READY")
        one.image.enable(endpoint.session, 0, False)
        expect(lit).to_have_attribute("data-state", "DISABLED")

    def test_who_chose_nothing_sees_what_moved_last(self, endpoint: Endpoint, live: Page) -> None:
        for name in ("first", "second"):
            make(endpoint, name)
            expect(live.locator("#chosen")).to_contain_text(name)
        expect(live.locator("#diagram .edge.taken")).to_have_attribute("data-to", "READY")
        with endpoint.lock:
            endpoint.cloud.image.enable(0, enabled=False)
        expect(live.locator("#chosen")).to_contain_text("first")
        expect(live.locator("#diagram .edge.taken")).to_have_attribute("data-to", "DISABLED")
        card(live, 1).locator("button").click()
        with endpoint.lock:
            endpoint.cloud.image.enable(0, enabled=True)
        shows(live, 0, "READY")
        expect(live.locator("#chosen")).to_contain_text("second")

    def test_the_chosen_image_stays_when_it_goes(self, endpoint: Endpoint, live: Page) -> None:
        make(endpoint)
        make(endpoint, "other")
        card(live, 0).locator("button").click()
        with endpoint.lock:
            endpoint.cloud.image.delete(0)
            endpoint.cloud.complete("RM", 0)
        expect(card(live, 0)).to_have_count(0)
        expect(live.locator("#chosen .badge")).to_have_text("gone")
        expect(live.locator("#chosen")).to_contain_text("debian")
        expect(live.locator("#timeline")).to_contain_text("debian: DELETE → gone")
        expect(live.locator("#acts .act")).to_have_count(0)

    def test_the_focus_stays_when_others_change_what_is_shown(
        self, endpoint: Endpoint, live: Page, one: Client
    ) -> None:
        for place in range(21):
            make(endpoint, f"image-{place}")
        held = card(live, 15).locator("button")
        held.focus()
        shows(live, 20, "READY")
        expect(card(live, 0)).to_have_count(0)
        one.image.enable(endpoint.session, 0, False)
        shows(live, 0, "DISABLED")
        expect(held).to_be_focused()
        # Where it goes with what was chosen, that is where one goes on.
        held.click()
        live.locator("#moves-now .act").first.focus()
        delete(endpoint, 15)
        expect(card(live, 15)).to_have_count(0)
        expect(live.locator("#chosen")).to_be_focused()
        card(live, 16).locator("button").click()
        live.locator("#moves-now .explain").first.click()
        delete(endpoint, 16)
        expect(card(live, 16)).to_have_count(0)
        live.keyboard.press("Escape")
        expect(live.locator("#main")).to_be_focused()

    def test_what_is_pressed_is_a_call_that_scripts_see(
        self, endpoint: Endpoint, live: Page, one: Client
    ) -> None:
        make(endpoint)
        card(live, 0).locator("button").click()
        live.locator("#moves-now .act", has_text="oneimage disable 0").click()
        shows(live, 0, "DISABLED")
        assert "<STATE>3</STATE>" in one.image.info(endpoint.session, 0)[1]
        live.locator("#moves-refused .act", has_text="oneimage clone").click()
        expect(live.locator("#refusal")).to_contain_text("Cannot clone image in state: DISABLED")
        assert len(endpoint.cloud.images) == 1

    @pytest.mark.parametrize("look", [DESK, DARK, PHONE], ids=str)
    def test_what_is_refused_is_done_by_the_way_that_is_told(
        self, endpoint: Endpoint, live: Page, one: Client
    ) -> None:
        make(endpoint)
        one.vm.allocate(endpoint.session, 'NAME="web" CPU="1" MEMORY="1" DISK=[IMAGE_ID="0"]')
        shows(live, 0, "USED")
        card(live, 0).locator("button").click()
        live.locator("#moves-refused .act", has_text="oneimage disable 0").click()
        refusal = live.locator("#refusal")
        expect(refusal).to_contain_text(texts()["refusal.instead"])
        expect(refusal.locator(".then")).to_have_text(
            [f"{texts()['refusal.then']} oneimage disable 0"]
        )
        expect(live.locator("#status")).to_contain_text(
            "onevm terminate 0, then oneimage disable 0"
        )
        assert audit(live) == []
        refusal.get_by_role("button", name="onevm terminate 0").first.click()
        shows(live, 0, "READY")
        expect(refusal).to_be_hidden()
        live.locator("#moves-now .act", has_text="oneimage disable 0").click()
        shows(live, 0, "DISABLED")

    def test_nothing_is_offered_on_a_machine_that_is_done_and_still_counted(
        self, endpoint: Endpoint, live: Page, one: Client
    ) -> None:
        one.image.allocate(endpoint.session, 'NAME="debian" PATH="/p" SIZE="1"', 1)
        one.vm.allocate(endpoint.session, 'NAME="web" CPU="1" MEMORY="1" DISK=[IMAGE_ID="0"]')
        with endpoint.lock:
            endpoint.cloud.fail("CP", 0)
        one.vm.action(endpoint.session, "terminate", 0)
        one.image.enable(endpoint.session, 0, True)
        shows(live, 0, "USED")
        expect(card(live, 0)).to_contain_text("Held by web (DONE)")
        card(live, 0).locator("button").click()
        live.locator("#moves-refused .act", has_text="oneimage delete 0").first.click()
        expect(live.locator("#refusal")).to_contain_text(texts()["refusal.nowhere"])
        expect(live.locator("#refusal")).to_contain_text("oneimage clone 0")
        expect(live.locator("#refusal")).not_to_contain_text("onevm terminate 0")

    def test_a_way_that_is_found_late_is_not_shown_where_something_else_is_looked_at(
        self, endpoint: Endpoint, live: Page
    ) -> None:
        make(endpoint)
        make(endpoint, "other")
        with endpoint.lock:
            endpoint.cloud.image.lock(0, 1)
        asked: list[Route] = []
        live.route("**/control/instead*", lambda route: asked.append(route))  # noqa: PLW0108 - a list takes no marks of Playwright's
        card(live, 0).locator("button").click()
        live.locator("#moves-refused .act", has_text="oneimage disable 0").click()
        refusal = live.locator("#refusal")
        expect(refusal).to_contain_text(OPERATIONS["lock"].meaning)
        until(live, lambda: len(asked) == 1)
        card(live, 1).locator("button").click()
        expect(refusal).to_be_hidden()
        asked.pop().continue_()
        expect(live.locator("#chosen")).to_contain_text("other")
        live.wait_for_timeout(300)
        expect(refusal).to_be_hidden()

    def test_a_driver_answers_as_it_is_told(
        self, endpoint: Endpoint, live: Page, one: Client
    ) -> None:
        one.image.allocate(endpoint.session, 'NAME="debian" PATH="/p" SIZE="1"', 1)
        live.locator("#requests .reply[data-kind=fails]").click()
        shows(live, 0, "ERROR")
        assert endpoint.cloud.images[0].state.name == "ERROR"

    def test_a_new_image_is_made_from_the_page(self, endpoint: Endpoint, live: Page) -> None:
        live.locator("#moves-now .act").first.click()
        shows(live, 0, "LOCKED")
        assert endpoint.cloud.images[0].name == "image-0"

    def test_another_cloud_is_shown_at_once(self, endpoint: Endpoint, live: Page) -> None:
        make(endpoint)
        shows(live, 0, "READY")
        endpoint.service.reset()
        expect(card(live, 0)).to_have_count(0)
        make(endpoint, "another")
        expect(card(live, 0)).to_contain_text("another")

    @pytest.mark.parametrize("look", [DESK, DARK, PHONE], ids=str)
    def test_it_keeps_nobody_out(self, endpoint: Endpoint, live: Page) -> None:
        make(endpoint)
        shows(live, 0, "READY")
        assert audit(live) == []
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert live.evaluate(wide)


class TestLearning:
    """Lessons and the quiz stand beside the running cloud, and leave it alone."""

    @pytest.mark.parametrize("look", [DESK, DARK, PHONE], ids=str)
    def test_lessons_and_quiz_are_taken_while_the_cloud_runs_on(
        self, endpoint: Endpoint, live: Page
    ) -> None:
        make(endpoint)
        shows(live, 0, "READY")
        before = endpoint.cloud.journal[-1].number
        for name in ("lessons", "quiz"):
            live.get_by_role("button", name=texts()[f"nav.{name}"], exact=True).click()
            host = live.locator(f"#{name}")
            expect(host).to_contain_text(texts()["live.learn.apart"])
            # The questions are made when they are first asked for.
            host.locator(".lesson").first.click(timeout=60_000)
            expect(live.locator("section.live")).to_be_hidden()
            assert audit(live) == []
            wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            assert live.evaluate(wide)
            host.locator(".next, button.answer").first.click()
        assert endpoint.cloud.journal[-1].number == before
        make(endpoint, "meanwhile")
        live.get_by_role("button", name=texts()["nav.play"], exact=True).click()
        shows(live, 1, "READY")
        expect(live.locator("section.live")).to_be_visible()

    def test_what_the_server_does_not_give_is_asked_for_again(
        self, live: Page, troubles: list[str]
    ) -> None:
        live.route("**/control/lessons", lambda route: route.fulfill(status=501, json={}))
        open_lessons = live.get_by_role("button", name=texts()["nav.lessons"], exact=True)
        open_lessons.click()
        expect(live.locator("#lessons")).to_contain_text(texts()["live.learn.lost"])
        live.unroute("**/control/lessons")
        open_lessons.click()
        expect(live.locator("#lessons .lesson")).to_have_count(10)
        assert [one for one in troubles if "501" not in one] == []
        troubles.clear()


class TestToken:
    def test_the_page_asks_for_the_token_and_keeps_it_for_the_tab(
        self, endpoint: Endpoint, opened: Opener, troubles: list[str]
    ) -> None:
        make(endpoint)
        page = opened(endpoint.root)
        expect(page.get_by_role("heading", name=texts()["live.ask"])).to_be_visible()
        assert audit(page) == []
        token_field(page).fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text(texts()["live.refused"])
        assert [one for one in troubles if "401" not in one] == []
        troubles.clear()
        token_field(page).fill(endpoint.page_url)
        page.keyboard.press("Enter")
        shows(page, 0, "READY")
        expect(page.locator("#main")).to_be_focused()
        page.reload()
        shows(page, 0, "READY")
        # Another tab does not know it.
        other = opened(endpoint.root)
        expect(token_field(other)).to_be_visible()

    def test_another_address_in_the_same_tab_is_followed(
        self, endpoint: Endpoint, opened: Opener
    ) -> None:
        make(endpoint)
        page = opened(endpoint.root)
        expect(token_field(page)).to_be_focused()
        page.evaluate("(token) => { location.hash = `token=${token}`; }", endpoint.token)
        shows(page, 0, "READY")
        assert page.url == f"{endpoint.root}/"

    def test_the_token_does_not_stay_in_the_address(self, endpoint: Endpoint, live: Page) -> None:
        assert live.url == f"{endpoint.root}/"
        assert endpoint.token not in live.content()
        assert live.evaluate("[document.cookie, localStorage.length]") == ["", 0]


class TestHostile:
    def test_names_are_shown_as_they_are_and_do_nothing(
        self, endpoint: Endpoint, live: Page
    ) -> None:
        """Also names that oned takes from nobody: a cloud that is loaded may hold them."""
        endpoint.service.load(
            {
                "images": [
                    {"id": number, "name": name, "state": "USED", "vms": [number]}
                    for number, name in enumerate(HOSTILE)
                ],
                "vms": [
                    {
                        "id": number,
                        "name": name,
                        "state": "RUNNING",
                        "disks": [{"attributes": {"DISK_ID": "0", "IMAGE_ID": str(number)}}],
                    }
                    for number, name in enumerate(HOSTILE)
                ],
            }
        )
        shows(live, len(HOSTILE) - 1, "USED")
        for number, name in enumerate(HOSTILE):
            assert card(live, number).locator(".card-name").text_content() == seen(name)
            card(live, number).locator("button").click()
            expect(live.locator("#chosen")).to_contain_text(seen(name))
            vm = live.locator(f"#machines [data-key='{number}']")
            assert vm.locator(".card-name").text_content() == seen(name)
            vm.locator("button").click()
            expect(live.locator("#moves-now .act").first).to_be_visible()
        tall = "(all) => new Set(all.map((one) => one.clientHeight)).size"
        assert live.locator("#images .card-id").evaluate_all(tall) == 1, "a number is broken"
        self.nothing_ran(live)

    def test_what_scripts_call_things_is_shown_as_it_is_and_does_nothing(
        self, endpoint: Endpoint, live: Page, one: Client
    ) -> None:
        made = 0
        for name in HOSTILE:
            words = name.replace("\\", "\\\\").replace('"', '\\"')
            ok, told, *_ = one.image.allocate(endpoint.session, f'NAME="{words}" SIZE="1"', 1)
            if ok:
                assert endpoint.cloud.images[told].name == name
                expect(card(live, told).locator(".card-name")).to_have_text(seen(name))
                made += 1
            else:
                assert "is not allowed" in told
                expect(live.locator("#timeline")).to_contain_text(told)
        assert made >= 3
        self.nothing_ran(live)

    def test_drivers_words_and_refusals_are_shown_as_they_are_and_do_nothing(
        self, endpoint: Endpoint, live: Page, one: Client
    ) -> None:
        for number, words in enumerate(HOSTILE):
            one.image.allocate(endpoint.session, f'NAME="i{number}" PATH="/p" SIZE="1"', 1)
            with endpoint.lock:
                endpoint.cloud.fail("CP", number, words)
            one.image.rename(endpoint.session, 999, words)
            one.image.chtype(endpoint.session, number, words)
        shows(live, len(HOSTILE) - 1, "ERROR")
        for number, words in enumerate(HOSTILE):
            with endpoint.lock:
                told = endpoint.cloud.images[number].template.get("ERROR", "")
            assert seen(str(told)) in (card(live, number).text_content() or "")
            assert words in str(told) or words.startswith("-")  # oned leaves that out
        self.nothing_ran(live)

    def test_snapshots_and_newlines_do_nothing(
        self, endpoint: Endpoint, live: Page, one: Client
    ) -> None:
        me = endpoint.session
        number = make(endpoint, "two\u2028lines")
        one.image.persistent(me, number, True)
        one.vm.allocate(me, f'CPU="1" MEMORY="1" DISK=[IMAGE_ID="{number}"]')
        one.vm.deploy(me, 0, 0, False, -1, "")
        for name in HOSTILE[:5]:
            assert one.vm.disksnapshotcreate(me, 0, 0, name)[0]
        one.vm.action(me, "terminate", 0)
        shows(live, number, "READY")
        expect(card(live, number)).to_contain_text(seen("two\u2028lines"))
        expect(card(live, number)).to_contain_text("#0, #1, #2, #3, #4")
        card(live, number).locator("button").click()
        expect(live.locator("#acts")).to_contain_text(f"oneimage snapshot-flatten {number} 4")
        self.nothing_ran(live)

    @staticmethod
    def nothing_ran(page: Page) -> None:
        """Look that no element came from a name; what else goes wrong, `troubles` tells."""
        assert (
            page.locator("img, iframe, object, embed, [onerror], [onload], [href^=java]").count()
            == 0
        )
        assert page.locator("script").count() == 2
        assert page.evaluate("Object.prototype.name") is None


class TestServer:
    @pytest.mark.parametrize("look", [DESK, DARK, PHONE], ids=str)
    def test_while_it_is_gone_what_could_be_done_stays_and_does_nothing(
        self, opened: Opener, troubles: list[str], endpoint: Endpoint, one: Client
    ) -> None:
        make(endpoint)
        one.image.allocate(endpoint.session, 'NAME="new" PATH="/p" SIZE="1"', 1)
        page = opened(endpoint.page_url)
        card(page, 0).locator("button").click()
        acts = page.locator("#moves-now .act")
        expect(acts.first).to_have_attribute("aria-disabled", "false")
        before, port = acts.all_text_contents(), endpoint.port
        endpoint.stop()
        expect(page.locator(".live-state")).to_have_text(texts()["live.lost"])
        for place in ("#moves-now .act", "#moves-refused .act", "#requests .reply"):
            expect(page.locator(place).first).to_have_attribute("aria-disabled", "true")
            expect(page.locator(f"{place}[aria-disabled=false]")).to_have_count(0)
        assert acts.all_text_contents() == before
        assert audit(page) == []
        expect(page.locator("#diagram .edge.lit")).to_have_count(0)
        # Whoever presses is told, and nothing else comes of it.
        for place in ("#moves-now .act", "#requests .reply"):
            page.evaluate("document.querySelector('#status').textContent = ''")
            page.locator(place).first.click(force=True)
            expect(page.locator("#status")).to_have_text(texts()["live.lost"])
        expect(page.locator("#refusal")).to_be_hidden()
        # Of another image what was known last is not shown as if it were of this.
        card(page, 1).locator("button").click()
        expect(page.locator("#chosen")).to_contain_text("new")
        expect(page.locator("#acts .act", has_text="oneimage disable 0")).to_have_count(0)
        card(page, 0).locator("button").click()
        with Endpoint(endpoint.cloud, port=port, token=endpoint.token):
            expect(acts.first).to_have_attribute("aria-disabled", "false")
            page.locator("#moves-now .act", has_text="oneimage disable 0").click()
            shows(page, 0, "DISABLED")
            page.close()
        assert [one for one in troubles if not any(word in one for word in LOST)] == []
        troubles.clear()

    def test_one_that_is_gone_is_told_and_found_again(
        self, opened: Opener, troubles: list[str], endpoint: Endpoint
    ) -> None:
        make(endpoint)
        page = opened(endpoint.page_url)
        shows(page, 0, "READY")
        port = endpoint.port
        endpoint.stop()
        state = page.locator(".live-state")
        expect(state).to_have_text(texts()["live.lost"])
        card(page, 0).locator("button").click()
        with Endpoint(Cloud(), port=port, token=endpoint.token) as again:
            make(again, "after")
            expect(card(page, 0)).to_contain_text("after")
            expect(state).to_have_attribute("data-connection", "live")
            make(again, "later")
            expect(card(page, 1)).to_contain_text("later")
        expect(state).to_have_text(texts()["live.lost"])
        with Endpoint(Cloud(), port=port) as stranger:
            expect(token_field(page)).to_be_visible()
            token_field(page).fill(stranger.token)
            page.keyboard.press("Enter")
            make(stranger, "anew")
            expect(card(page, 0)).to_contain_text("anew")
            page.close()
        known = (*LOST, "401")
        assert [one for one in troubles if not any(word in one for word in known)] == []
        troubles.clear()

    def test_where_too_many_listen_already_it_looks_now_and_then(
        self, endpoint: Endpoint, opened: Opener, troubles: list[str]
    ) -> None:
        endpoint.control.streams += [Stream() for _ in range(32)]
        page = opened(endpoint.page_url)
        for name in ("one", "two"):
            number = make(endpoint, name)
            expect(card(page, number)).to_contain_text(name)
        endpoint.control.streams.clear()
        expect(page.locator(".live-state")).to_have_attribute("data-connection", "live")
        page.close()
        assert [one for one in troubles if "503" not in one] == []
        troubles.clear()


class TestMany:
    IMAGES = 1000

    def test_a_part_is_shown_and_said_to_be_one(self, endpoint: Endpoint, live: Page) -> None:
        self.fill(endpoint)
        expect(live.locator("#images-hidden")).to_have_text("Shown: 20 of 1,000 images")
        expect(live.locator(".live-totals")).to_contain_text(texts()["live.part"])
        live.get_by_label(texts()["live.search"]).fill("i99")
        expect(card(live, 99)).to_be_visible()
        expect(card(live, 995)).to_be_visible()
        live.get_by_label(texts()["live.search"]).fill("nothing is called so")
        expect(live.locator("#requests-none")).to_have_text(texts()["requests.none.shown"])
        live.get_by_label(texts()["live.search"]).fill("")
        make(endpoint, "last")
        with endpoint.lock:
            endpoint.cloud.image.enable(7, enabled=False)
        live.get_by_label(texts()["live.only"], exact=True).select_option("DISABLED")
        expect(live.locator("#images .card-name")).to_have_text(["i7", texts()["board.new"]])
        live.get_by_label(texts()["live.only"], exact=True).select_option("")
        live.get_by_label(texts()["live.size"]).select_option("100")
        expect(live.locator("#images-hidden")).to_have_text("Shown: 100 of 1,001 images")

    def test_the_chosen_image_stays_among_what_is_shown(
        self, endpoint: Endpoint, live: Page
    ) -> None:
        self.fill(endpoint)
        card(live, 990).locator("button").click()
        with endpoint.lock:
            for number in range(500):
                endpoint.cloud.image.enable(number, enabled=False)
        shows(live, 499, "DISABLED")
        expect(live.locator("#chosen")).to_contain_text("i990")
        expect(card(live, 990)).to_be_visible()

    def test_it_keeps_up_with_two_hundred_events_a_second(
        self, endpoint: Endpoint, live: Page
    ) -> None:
        """At the end the last state is shown, until then the page answers; benchmarks/ times it."""
        self.fill(endpoint)
        expect(live.locator("#images-hidden")).to_be_visible()
        ended = threading.Event()
        script = threading.Thread(target=self.run, args=(endpoint, 3.0, ended))
        script.start()
        looks = 0
        while not ended.is_set():
            assert live.evaluate("new Promise((done) => setTimeout(() => done(1)))") == 1
            live.wait_for_timeout(20)
            looks += 1
        script.join()
        until(live, lambda: card(live, 7).locator(".badge").all_text_contents() == ["DISABLED"])
        assert looks > 5
        number = endpoint.cloud.journal[-1].number
        assert number > 600

    def fill(self, endpoint: Endpoint) -> None:
        with endpoint.lock:
            for number in range(self.IMAGES):
                make(endpoint, f"i{number}")

    def run(self, endpoint: Endpoint, seconds: float, ended: threading.Event) -> None:
        """Make 200 calls a second as a script does, and last of all disable an image."""
        with ServerProxy(endpoint.url) as proxy:
            one: Client = proxy.one
            begin, made = time.monotonic(), 0
            while (now := time.monotonic() - begin) < seconds:
                if made / 200 > now:
                    time.sleep(made / 200 - now)
                one.image.enable(endpoint.session, made * 37 % self.IMAGES, made % 2 == 0)
                made += 1
            one.image.enable(endpoint.session, 7, False)
        ended.set()
