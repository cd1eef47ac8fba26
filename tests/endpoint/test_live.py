"""The page over the running cloud: what it is served with, what it is told, what it can do."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from lifecycle import Cloud
from lifecycle.cloud.copying import copied
from lifecycle.endpoint import Endpoint, live
from lifecycle.endpoint.attempts import Ref
from lifecycle.endpoint.service import Service
from lifecycle.endpoint.window import Wish
from lifecycle.operations import OPERATIONS
from lifecycle.page import document, learning
from lifecycle.page.wording import Wording, read_wording
from lifecycle.refusal import InputError
from lifecycle.states import GONE
from tests.cloud import walks
from tests.page.pseudo import BEGIN, LANGUAGE, marked, pseudo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from xmlrpc.client import ServerProxy

    from tests.endpoint.conftest import Remote

WORDS = 'NAME="{}" PATH="/images/{}" SIZE="1"'


def asked(
    endpoint: Endpoint, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, str]:
    """Give the status, the headers and the body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=30)
    try:
        connection.request(method, path, headers=dict(headers or {}))
        response = connection.getresponse()
        return response.status, response.headers, response.read().decode()
    finally:
        connection.close()


def make(endpoint: Endpoint, name: str = "debian", state: str = "READY") -> int:
    """Make an image."""
    with endpoint.lock:
        number = endpoint.cloud.image.allocate(WORDS.format(name, name), 1)
        if state == "READY":
            endpoint.cloud.complete("CP", number)
    return number


def images(window: dict[str, Any]) -> list[int]:
    return [one["id"] for one in window["images"]]


class TestPage:
    def test_the_page_is_that_of_the_package_and_holds_no_secret(self, endpoint: Endpoint) -> None:
        status, headers, body = asked(endpoint, "/")
        assert status == 200
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert body == document(live=True)
        assert endpoint.token not in body
        assert "opennebula:" not in body

    def test_it_may_load_nothing_from_elsewhere_and_stand_in_no_frame(
        self, endpoint: Endpoint
    ) -> None:
        _, headers, body = asked(endpoint, "/")
        rules = headers["Content-Security-Policy"].split("; ")
        assert rules[0] == "default-src 'none'"
        assert "connect-src 'self'" in rules
        assert rules[-1] == "frame-ancestors 'none'"
        assert all(rule in body for rule in rules[:-1])
        for foreign in ("unsafe", "http:", "https:", "*", "blob:"):
            assert foreign not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"

    def test_its_head_can_be_asked_for(self, endpoint: Endpoint) -> None:
        status, headers, body = asked(endpoint, "/", "HEAD")
        assert (status, body) == (200, "")
        assert int(headers["Content-Length"]) == len(document(live=True).encode())

    @pytest.mark.parametrize("path", ["/index.html", "/live", "//", "/favicon.ico"])
    def test_it_is_nowhere_else(self, endpoint: Endpoint, path: str) -> None:
        assert asked(endpoint, path)[0] == 404

    def test_it_is_got_and_not_posted_to(self, endpoint: Endpoint) -> None:
        assert asked(endpoint, "/", "POST", {"Content-Length": "0"})[0] == 404

    def test_it_is_in_another_language_with_all_that_it_is_told(self, tmp_path: Path) -> None:
        english = Wording()
        document(wording=english)
        file = tmp_path / "other.json"
        file.write_text(json.dumps(pseudo(english.file())), "utf-8")
        with Endpoint(wording=read_wording(str(file))) as endpoint:
            head = {"Authorization": f"Bearer {endpoint.token}"}
            assert f'<html lang="{LANGUAGE}"' in asked(endpoint, "/")[2]
            make(endpoint, state="LOCKED")
            shown = json.loads(asked(endpoint, "/control/window", headers=head)[2])
            assert shown["images"][0]["flags"] == [marked("no file")]
            acts = json.loads(asked(endpoint, "/control/acts?on=image-0", headers=head)[2])
            why = [one for act in acts if act["refusal"] for one in act["refusal"]["why"]]
            assert why
            assert all(BEGIN in one for one in why)
            lessons = json.loads(asked(endpoint, "/control/lessons", headers=head)[2])
            assert all(one["title"].startswith(BEGIN) for one in lessons)

    def test_another_name_for_this_machine_does_not_show_it(self, endpoint: Endpoint) -> None:
        status, _, body = asked(endpoint, "/", headers={"Host": "evil.example"})
        assert (status, "<script" in body) == (404, False)
        assert asked(endpoint, "/", headers={"Origin": "http://evil.example"})[0] == 403

    def test_its_address_has_the_token_where_it_is_sent_to_nobody(self, endpoint: Endpoint) -> None:
        assert endpoint.page_url == f"{endpoint.root}/#token={endpoint.token}"

    def test_an_endpoint_loads_the_page_only_when_it_is_asked_for(self) -> None:
        script = (
            "import sys, lifecycle.endpoint as e\n"
            "with e.Endpoint() as one: pass\n"
            "print([m for m in sys.modules if m.startswith(('lifecycle.page', 'lifecycle.drawing',"
            " 'lifecycle.endpoint.live', 'lifecycle.scenario'))])\n"
        )
        done = subprocess.run(  # noqa: S603 - this package's own
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
        assert done.stdout == "[]\n"

    def test_it_needs_no_more_than_the_endpoint(self) -> None:
        script = (
            "import sys\n"
            "for name in ('click', 'graphviz', 'graphviz_pure', 'rich', 'yaml'):\n"
            "    sys.modules[name] = None\n"
            "from lifecycle.endpoint import Endpoint, live\n"
            "page = live.Page().answer()\n"
            "with Endpoint() as endpoint:\n"
            "    acts = live.tried(endpoint.service, None)\n"
            "print(page.status, len(acts) > 0)\n"
        )
        done = subprocess.run(  # noqa: S603 - this package's own
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
        assert done.stdout == "200 True\n"

    def test_what_is_missing_for_it_is_told_in_one_line(
        self, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "lifecycle.page.document", None)
        status, _, body = asked(endpoint, "/")
        assert status == 501
        assert "<p>The page needs the Python package lifecycle.</p>" in body
        monkeypatch.undo()
        assert asked(endpoint, "/")[0] == 200


class TestLearning:
    def test_lessons_and_questions_are_those_of_the_page(
        self, control: Remote, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert control.get("/lessons") == learning.lessons()
        made = learning.questions(8)
        monkeypatch.setattr(learning, "questions", lambda: made)
        assert control.get("/questions") == made
        monkeypatch.setattr(learning, "questions", list)
        assert control.get("/questions") == made, "they are made once"

    def test_while_they_are_made_everything_else_is_answered(
        self,
        endpoint: Endpoint,
        client: ServerProxy,
        control: Remote,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        begun, go_on = threading.Event(), threading.Event()

        def made() -> list[Any]:
            begun.set()
            assert go_on.wait(60)
            return ["made"]

        monkeypatch.setattr(learning, "questions", made)
        got: list[Any] = []
        asked = threading.Thread(target=lambda: got.append(control.get("/questions")))
        asked.start()
        try:
            assert begun.wait(60)
            assert make(endpoint) == 0
            shown: Any = client.one.image.info(endpoint.session, 0)
            assert shown[0] is True
            assert images(control.get("/window")) == [0]
            assert control.post("/acts", {"on": "image-0", "key": "oneimage disable 0"})["accepted"]
            assert len(control.get("/lessons")) == 10
            assert got == []
        finally:
            go_on.set()
            asked.join()
        assert got == [["made"]]

    def test_what_is_missing_for_them_is_told_in_one_line(
        self, control: Remote, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def needs_yaml() -> None:
            raise ModuleNotFoundError(name="yaml")

        monkeypatch.setattr(learning, "lessons", needs_yaml)
        problem = {"error": "needs the Python package yaml"}
        assert control.ask("GET", "/lessons") == (501, problem)
        monkeypatch.undo()
        assert len(control.get("/lessons")) == 10


class TestAccess:
    PATHS = (
        "/control/window",
        "/control/acts",
        "/control/acts?on=image-0",
        "/control/instead?on=image-0&key=oneimage+clone+0+NAME",
        "/control/lessons",
        "/control/questions",
    )

    @pytest.mark.parametrize("path", PATHS)
    def test_nothing_is_told_without_the_token(self, endpoint: Endpoint, path: str) -> None:
        make(endpoint)
        for headers in ({}, {"Authorization": "Bearer nope"}):
            status, _, body = asked(endpoint, path, headers=headers)
            assert status == 401
            assert "debian" not in body
        in_query = f"{path}{'&' if '?' in path else '?'}token={endpoint.token}"
        assert asked(endpoint, in_query)[0] == 401

    def test_nothing_is_done_without_the_token(self, endpoint: Endpoint, control: Remote) -> None:
        make(endpoint)
        body = {"on": "image-0", "key": "oneimage disable 0"}
        assert control.ask("POST", "/acts", body, {})[0] == 401
        assert endpoint.cloud.images[0].state.name == "READY"

    @pytest.mark.parametrize("path", PATHS)
    def test_pages_of_others_are_refused_even_with_it(self, endpoint: Endpoint, path: str) -> None:
        known = {"Authorization": f"Bearer {endpoint.token}"}
        foreign = ({"Origin": "http://evil.example"}, {"Host": "evil.example"})
        assert [asked(endpoint, path, headers=known | one)[0] for one in foreign] == [403, 403]


class TestWindow:
    def test_it_shows_what_there_is(
        self, endpoint: Endpoint, client: ServerProxy, control: Remote
    ) -> None:
        image = make(endpoint)
        client.one.vm.allocate(
            endpoint.session, f'NAME="web" CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image}"]'
        )
        make(endpoint, "copied", "LOCKED")
        window = control.get("/window")
        debian, copy = window["images"]
        assert (debian["name"], debian["state"], debian["machines"]) == ("debian", "USED", [0])
        assert (copy["state"], copy["flags"]) == ("LOCKED", ["no file"])
        (vm,) = window["machines"]
        assert (vm["name"], vm["state"], vm["images"]) == ("web", "PENDING", [0])
        (request,) = window["requests"]
        assert (request["driver"], request["action"]) == ("datastore", "CP")
        assert request["about"] == {"kind": "image", "id": 1}
        assert window["totals"] == {"images": 2, "machines": 1, "requests": 1}
        assert window["states"] == {"USED": 1, "LOCKED": 1}
        assert window["hidden"] == {"images": 0, "machines": 0}
        assert window["number"] == control.get("/journal")[-1]["number"]

    def test_its_timeline_tells_calls_and_answers_and_what_they_did(
        self, endpoint: Endpoint, client: ServerProxy, control: Remote
    ) -> None:
        make(endpoint)
        me = endpoint.session
        client.one.image.enable(me, 0, False)
        client.one.image.info(me, 0)
        client.one.image.lock(me, 7, 1)
        made, copied_, disabled, refused = control.get("/window")["timeline"]
        assert made["changes"] == [
            {"kind": "image", "id": 0, "name": "debian", "from": "", "to": "LOCKED"}
        ]
        assert (copied_["who"], copied_["what"]) == ("datastore", "completes CP image 0")
        assert (disabled["what"], disabled["accepted"]) == ("oneimage disable 0", True)
        assert disabled["call"] == "one.image.enable 0 False"
        assert disabled["changes"][0]["to"] == "DISABLED"
        assert (refused["accepted"], refused["refusal"]["code"]) == (False, "NO_EXISTS")
        numbers = [one["number"] for one in (made, copied_, disabled, refused)]
        assert numbers == sorted(set(numbers))

    def test_whoever_was_refused_the_timeline_tells_why_and_what_was_possible(
        self, endpoint: Endpoint, client: ServerProxy, control: Remote
    ) -> None:
        make(endpoint)
        me = endpoint.session
        client.one.image.enable(me, 0, False)
        answer: Any = client.one.image.clone(me, 0, "copy")
        own = control.post("/acts", {"on": "image-0", "key": "oneimage clone 0 NAME"})["refusal"]
        script, page = (one["refusal"] for one in control.get("/window")["timeline"][-2:])
        assert script == page == own | {"text": answer[1]}
        assert script["why"] == [
            "oneimage clone is possible in READY, USED and CLONE; the image is DISABLED"
        ]
        assert "oneimage enable" in script["ways"]

    def test_a_lock_that_refused_somebody_is_named(
        self, endpoint: Endpoint, client: ServerProxy, control: Remote
    ) -> None:
        make(endpoint)
        me = endpoint.session
        client.one.image.lock(me, 0, 1)
        client.one.image.delete(me, 0, False)
        client.one.image.unlock(me, 0)
        client.one.image.delete(me, 7, False)
        *_, locked, _, nothing = control.get("/window")["timeline"]
        assert locked["refusal"]["why"] == [OPERATIONS["lock"].meaning]
        assert locked["refusal"]["ways"] == ["oneimage unlock"]
        assert (nothing["refusal"]["why"], nothing["refusal"]["ways"]) == ([], [])

    def test_reasons_outlive_the_server(self, tmp_path: Path) -> None:
        with Endpoint(state=tmp_path / "state") as before, before.lock:
            before.service.call("one.image.allocate", [before.session, WORDS.format("a", "a"), 1])
            before.service.call("one.image.clone", [before.session, 0, "b"])
        with Endpoint(state=tmp_path / "state") as again:
            found = live.seen(again.service, text=None, state=None, around=None, size=None)
        assert "the image is LOCKED" in found["timeline"][-1]["refusal"]["why"][0]

    def test_what_is_gone_is_told_as_gone(
        self, endpoint: Endpoint, client: ServerProxy, control: Remote
    ) -> None:
        make(endpoint)
        client.one.image.delete(endpoint.session, 0)
        with endpoint.lock:
            endpoint.cloud.complete("RM", 0)
        last = control.get("/window")["timeline"][-1]
        assert last["changes"] == [
            {"kind": "image", "id": 0, "name": "image 0", "from": "DELETE", "to": GONE.value}
        ]

    def test_of_a_thousand_images_it_shows_some_and_says_so(
        self, endpoint: Endpoint, control: Remote
    ) -> None:
        with endpoint.lock:
            for number in range(1000):
                make(endpoint, f"i{number}", "READY" if number % 2 else "LOCKED")
        window = control.get("/window")
        assert images(window) == list(range(980, 1000))
        assert window["hidden"]["images"] == 980
        assert window["states"] == {"READY": 500, "LOCKED": 500}
        with endpoint.lock:
            endpoint.cloud.image.enable(7, enabled=False)
        # That with which something happened lately is there.
        assert images(control.get("/window?size=3"))[0] == 7
        assert images(control.get("/window?text=i99&size=200")) == [99, *range(990, 1000)]
        assert images(control.get("/window?text=42&size=1")) == [942]
        assert images(control.get("/window?state=DISABLED")) == [7]
        assert images(control.get("/window?around=image-12&size=1")) == [12]
        whole = control.get("/window?size=200")
        assert len(whole["images"]) == 200
        assert len(json.dumps(whole)) < 200_000
        assert len(whole["timeline"]) <= 60

    def test_machines_are_found_by_name_and_come_with_their_images(
        self, endpoint: Endpoint, control: Remote
    ) -> None:
        for number in range(30):
            make(endpoint, f"i{number}")
        with endpoint.lock:
            words = 'NAME="{}" CPU="1" MEMORY="1" DISK=[IMAGE_ID="{}"]'
            endpoint.cloud.vm.allocate(words.format("web", 3))
            endpoint.cloud.vm.allocate(words.format("db", 4))
            endpoint.cloud.vm.recover(1, 3)
        found = control.get("/window?text=WEB")
        assert (images(found), [one["name"] for one in found["machines"]]) == ([3], ["web"])
        around = control.get("/window?around=machine-0&size=1")
        assert (images(around), len(around["machines"])) == ([3], 1)
        # A machine that is done is no more, unless it is asked for.
        assert control.get("/window")["totals"]["machines"] == 1
        done = control.get("/window?around=machine-1")
        assert {"id": 1, "state": "DONE"}.items() <= done["machines"][1].items()
        assert done["hidden"]["machines"] == 0

    def test_a_machine_that_is_done_is_shown_as_long_as_an_image_counts_it(
        self, endpoint: Endpoint, control: Remote
    ) -> None:
        image = make(endpoint, state="LOCKED")
        with endpoint.lock:
            cloud = endpoint.cloud
            ghost, other = (
                cloud.vm.allocate(f'NAME="{name}" CPU="1" MEMORY="1" DISK=[IMAGE_ID="{image}"]')
                for name in ("ghost", "other")
            )
            cloud.vm.action("terminate", other)
            cloud.fail("CP", image)
            cloud.vm.action("terminate", ghost)
        window = control.get("/window")
        assert window["images"][0]["machines"] == [ghost]
        assert [(one["name"], one["state"]) for one in window["machines"]] == [("ghost", "DONE")]
        assert (window["totals"]["machines"], window["hidden"]["machines"]) == (0, 0)

    def test_very_many_holders_of_one_image_are_told_in_part(
        self, endpoint: Endpoint, control: Remote
    ) -> None:
        make(endpoint)
        with endpoint.lock:
            for _ in range(300):
                endpoint.cloud.vm.allocate('CPU="1" MEMORY="1" DISK=[IMAGE_ID="0"]')
        window = control.get("/window")
        assert window["images"][0]["runningVms"] == 300
        assert len(window["images"][0]["machines"]) == 50
        assert len(window["machines"]) == 20
        assert window["hidden"]["machines"] == 280

    def test_a_drivers_words_are_told_in_part_where_they_are_long(
        self, endpoint: Endpoint, control: Remote
    ) -> None:
        make(endpoint, state="LOCKED")
        with endpoint.lock:
            endpoint.cloud.fail("CP", 0, "no space left " * 10_000)
        window = control.get("/window")
        assert "no space left" in window["images"][0]["error"]
        assert len(json.dumps(window)) < 5000

    def test_locks_and_flags_are_told(self, endpoint: Endpoint, control: Remote) -> None:
        make(endpoint)
        with endpoint.lock:
            endpoint.cloud.image.lock(0, 2)
        assert control.get("/window")["images"][0]["flags"] == ["LOCK manage"]

    def test_a_cloud_without_a_journal_is_shown_all_the_same(self) -> None:
        service = Service(Cloud(journal=False))
        (act, *_) = live.tried(service, None)
        assert live.done(service, {"on": None, "key": act["key"]})["accepted"]
        found = live.seen(service, text=None, state=None, around=None, size=None)
        assert (images(found), found["number"], found["timeline"]) == ([0], 0, [])

    @pytest.mark.parametrize(
        ("query", "problem"),
        [
            ({"state": "NOPE"}, "state: is none of INIT, READY, "),
            ({"size": "0"}, "size: must be from 1 to 200"),
            ({"size": "201"}, "size: must be from 1 to 200"),
            ({"size": "-1"}, "size: must be a whole number"),
            ({"around": "image"}, "on: must be image-N or machine-N"),
            ({"around": "user-0"}, "on: must be image-N or machine-N"),
            ({"around": "image-" + "9" * 99}, "on: must be image-N or machine-N"),
        ],
    )
    def test_what_cannot_be_asked_for_is_told(
        self, control: Remote, query: dict[str, str], problem: str
    ) -> None:
        status, answer = control.ask("GET", f"/window?{urlencode(query)}")
        assert status == 400
        assert answer["error"].startswith(problem)

    def test_what_is_not_there_is_shown_as_nothing(self, control: Remote) -> None:
        assert images(control.get("/window?around=image-5&text=nope")) == []


class TestActs:
    def test_an_act_tells_the_command_and_what_would_come_of_it(
        self, endpoint: Endpoint, control: Remote
    ) -> None:
        make(endpoint)
        acts = {one["key"]: one for one in control.get("/acts?on=image-0")}
        assert acts["oneimage disable 0"] == {
            "key": "oneimage disable 0",
            "on": {"kind": "image", "id": 0},
            "operation": "disable",
            "label": "oneimage disable 0",
            "driver": "",
            "fails": False,
            "request": "",
            "legal": True,
            "edge": ["READY", "DISABLED"],
            "refusal": None,
        }
        control.post("/acts", {"on": "image-0", "key": "oneimage disable 0"})
        acts = {one["key"]: one for one in control.get("/acts?on=image-0")}
        refused = acts["oneimage clone 0 NAME"]
        assert (refused["legal"], refused["edge"]) == (False, None)
        assert refused["label"] == "oneimage clone 0 image-1"
        refusal = refused["refusal"]
        assert (refusal["code"], refusal["text"]) == (
            "ALLOCATE",
            "Error allocating a new image. Cannot clone image in state: DISABLED",
        )
        assert refusal["why"] == [
            "oneimage clone is possible in READY, USED and CLONE; the image is DISABLED"
        ]
        assert "oneimage enable" in refusal["ways"]

    def test_requests_can_be_answered_well_and_badly(
        self, endpoint: Endpoint, control: Remote
    ) -> None:
        make(endpoint, state="LOCKED")
        well, badly = control.get("/acts?on=image-0")[-2:]
        assert (well["label"], well["driver"]) == ("datastore: complete CP debian", "datastore")
        assert (well["operation"], badly["operation"]) == ("cp_success", "cp_failure")
        assert (well["fails"], badly["fails"]) == (False, True)
        assert (well["edge"], badly["edge"]) == (["LOCKED", "READY"], ["LOCKED", "ERROR"])
        done = control.post("/acts", {"on": "image-0", "key": badly["key"]})
        assert (done["what"], done["accepted"]) == ("datastore: fail CP debian", True)
        assert endpoint.cloud.images[0].state.name == "ERROR"

    def test_a_driver_of_machines_answers_for_its_operation(
        self, endpoint: Endpoint, control: Remote
    ) -> None:
        make(endpoint)
        with endpoint.lock:
            cloud = endpoint.cloud
            cloud.rule("tm", "TRANSFER.prolog", "hold")
            cloud.vm.allocate('NAME="web" CPU="1" MEMORY="1" DISK=[IMAGE_ID="0"]')
            cloud.vm.deploy(0, 0)
        well, badly = control.get("/acts?on=machine-0")[-2:]
        assert (well["operation"], badly["operation"]) == ("vm.prolog_success", "vm.prolog_failure")
        assert well["label"] == "transfer: complete TRANSFER.prolog web"

    def test_an_app_is_answered_at_the_image_that_it_is_of(
        self, endpoint: Endpoint, control: Remote
    ) -> None:
        make(endpoint)
        with endpoint.lock:
            cloud = endpoint.cloud
            market = cloud.market.allocate('NAME="m" MARKET_MAD="http" BASE_URL="u" PUBLIC_DIR="d"')
            cloud.marketapp.allocate('NAME="app" ORIGIN_ID="0" TYPE="IMAGE"', market)
        well, _ = control.get("/acts?on=image-0")[-2:]
        assert (well["driver"], well["label"]) == ("market", "market: complete IMPORT debian")
        assert well["edge"] == ["LOCKED_USED", "READY"] or well["edge"][1] == "READY"
        assert control.get("/window")["requests"][0]["driver"] == "market"

    def test_new_images_are_made(self, endpoint: Endpoint, control: Remote) -> None:
        make(endpoint, "image-1")
        for act in control.get("/acts"):
            assert act["on"] is None
            assert act["operation"] == "allocate"
            done = control.post("/acts", {"on": None, "key": act["key"]})
            assert done["accepted"] == act["legal"] is True
            (change,) = done["changes"]
            assert [change["from"], change["to"]] == ["", act["edge"][1]]
        assert len(endpoint.cloud.images) == 6

    def test_doing_one_is_a_call_like_any(
        self, endpoint: Endpoint, client: ServerProxy, control: Remote
    ) -> None:
        make(endpoint)
        done = control.post("/acts", {"on": "image-0", "key": "oneimage disable 0"})
        assert done == {
            "number": done["number"],
            "who": "oneadmin",
            "what": "oneimage disable 0",
            "call": "one.image.enable 0 False",
            "accepted": True,
            "changes": [
                {"kind": "image", "id": 0, "name": "debian", "from": "READY", "to": "DISABLED"}
            ],
            "refusal": None,
        }
        shown: Any = client.one.image.info(endpoint.session, 0)
        assert "<STATE>3</STATE>" in shown[1]
        entry = control.get("/journal?kind=call")[-2]
        assert (entry["what"], entry["detail"]["params"]) == ("one.image.enable", [0, False])

    def test_it_outlives_the_process(self, tmp_path: Path) -> None:
        state = tmp_path / "cloud.db"
        with Endpoint(state=state) as endpoint:
            make_here = {"on": None, "key": live.tried(endpoint.service, None)[0]["key"]}
            live.done(endpoint.service, make_here)
            (well, _) = live.tried(endpoint.service, "image-0")[-2:]
            live.done(endpoint.service, {"on": "image-0", "key": well["key"]})
        with Endpoint(state=state) as endpoint:
            assert [one.state.name for one in endpoint.cloud.images] == ["READY"]

    def test_a_refusal_is_told_as_it_was_foretold(
        self, endpoint: Endpoint, control: Remote
    ) -> None:
        make(endpoint, state="LOCKED")
        act = next(one for one in control.get("/acts?on=image-0") if not one["legal"])
        done = control.post("/acts", {"on": "image-0", "key": act["key"]})
        assert not done["accepted"]
        assert done["refusal"] == act["refusal"]

    @pytest.mark.parametrize("on", ["image-9", "machine-0"])
    def test_to_what_is_not_there_nothing_can_be_done(self, control: Remote, on: str) -> None:
        kind, _, number = on.partition("-")
        problem = {"error": f"there is no {kind} {number}"}
        assert control.get(f"/acts?on={on}") == []
        assert control.ask("POST", "/acts", {"on": on, "key": "x"}) == (404, problem)

    def test_what_cannot_be_tried_any_more_is_not_found(
        self, endpoint: Endpoint, control: Remote
    ) -> None:
        make(endpoint, state="LOCKED")
        key = control.get("/acts?on=image-0")[-1]["key"]
        with endpoint.lock:
            endpoint.cloud.complete("CP", 0)
        for gone in (key, "oneimage delete 1", "oneuser delete 0", ""):
            body = {"on": "image-0", "key": gone}
            answer = (404, {"error": "that cannot be tried any more"})
            assert control.ask("POST", "/acts", body) == answer

    @pytest.mark.parametrize(
        "body", [{}, {"on": 0, "key": "x"}, {"on": "image-0"}, {"key": 1}, {"on": [], "key": "x"}]
    )
    def test_what_is_no_act_is_told(self, control: Remote, body: object) -> None:
        status, answer = control.ask("POST", "/acts", body)
        assert status == 400
        assert answer["error"] == "an act needs a key, and on: image-N, machine-N or null"

    def test_trying_changes_nothing(self, endpoint: Endpoint, control: Remote) -> None:
        make(endpoint)
        with endpoint.lock:
            endpoint.cloud.plan("failure", "*", count=1, probability=0.5)
            before = endpoint.cloud.to_json()
        control.get("/acts?on=image-0")
        control.get("/acts")
        with endpoint.lock:
            assert endpoint.cloud.to_json() == before


@pytest.mark.parametrize("seed", range(6))
def test_what_is_foretold_is_what_then_happens(seed: int) -> None:
    """Over clouds that grew at random, with users, plans, backups, marketplaces, failures."""
    random = Random(seed)
    cloud = walks.furnished(seed)
    tried = 0
    for number in range(120):
        walks.perform(cloud, walks.drawn(cloud, random))
        if number % 6:
            continue
        things = [f"image-{one.id}" for one in cloud.images]
        things += [f"machine-{one.id}" for one in cloud.vms]
        on = random.choice([None, *things])
        acts = live.tried(Service(copied(cloud)), on)
        for act in random.sample(acts, min(5, len(acts))):
            check(cloud, on, act)
            tried += 1
    assert tried > 50


@pytest.mark.parametrize("persistent", [False, True])
def test_it_is_foretold_of_an_image_with_very_many_holders_too(persistent: bool) -> None:
    cloud = Cloud()
    cloud.image.allocate('NAME="held" PATH="/p" SIZE="1"', 1)
    cloud.complete("CP", 0)
    for number in range(60):
        cloud.vm.allocate('CPU="1" MEMORY="1" DISK=[IMAGE_ID="0"]')
        cloud.image.clone(0, f"copy-{number}")
        if number % 2:
            cloud.vm.deploy(number, 0)
    if persistent:
        cloud.images[0].is_persistent = True
    for on in ("image-0", "image-60", "machine-0", "machine-59"):
        for act in live.tried(Service(copied(cloud)), on):
            check(cloud, on, act)


def check(cloud: Cloud, on: str | None, act: dict[str, Any]) -> None:
    """Do an act in a copy, and look whether it was what was foretold."""
    twin = copied(cloud, journal=True)
    before = {one.id: one.state.name for one in twin.images}
    done = live.done(Service(twin), {"on": on, "key": act["key"]})
    assert (done["accepted"], done["refusal"]) == (act["legal"], act["refusal"]), act
    after = {one.id: one.state.name for one in twin.images}
    moved = {
        number: (before.get(number, "INIT"), after.get(number, GONE.value))
        for number in before.keys() | after.keys()
        if before.get(number) != after.get(number)
    }
    kind, _, target = (on or "").partition("-")
    if kind == "image":
        assert act["edge"] == moved.get(int(target)), act
    elif act["edge"] is not None:
        assert act["edge"] in moved.values(), act


def test_a_wish_is_checked_wherever_it_is_made() -> None:
    with pytest.raises(InputError, match="around: must be image-N or machine-N"):
        Wish(around=Ref("user", 0))
