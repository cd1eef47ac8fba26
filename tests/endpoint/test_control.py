"""The control path: requests, plans, time, the whole cloud, the journal."""

from __future__ import annotations

import http.client
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle import Cloud, Plan
from lifecycle.cloud.clock import Clock
from lifecycle.endpoint import Endpoint
from tests.endpoint.conftest import Remote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xmlrpc.client import ServerProxy

TEXT = 'NAME="debian" PATH="/images/debian" SIZE="1"'


def make(endpoint: Endpoint, client: ServerProxy, name: str = "debian") -> int:
    text = f'NAME="{name}" PATH="/images/{name}" SIZE="1"'
    answer = client.one.image.allocate(endpoint.session, text, 1)
    assert isinstance(answer, list)
    assert isinstance(answer[1], int)
    return answer[1]


def state(endpoint: Endpoint, number: int = 0) -> str:
    with endpoint.lock:
        endpoint.service.catch_up()
        return endpoint.cloud.images[number].state.name


def test_an_open_request_is_listed_and_completed(
    endpoint: Endpoint, client: ServerProxy, control: Remote
) -> None:
    make(endpoint, client)
    (request,) = control.get("/requests")
    assert (request["role"], request["action"], request["id"]) == ("ds", "CP", 0)
    assert control.post(f"/requests/{request['number']}/complete") == {"request": 1}
    assert state(endpoint) == "READY"
    assert control.get("/requests") == []


def test_a_request_fails_with_the_words_given(
    endpoint: Endpoint, client: ServerProxy, control: Remote
) -> None:
    make(endpoint, client)
    control.post("/requests/1/fail", {"payload": "no space"})
    assert state(endpoint) == "ERROR"
    assert "no space" in endpoint.cloud.images[0].template["ERROR"]


def test_a_request_that_is_not_open_is_told(control: Remote) -> None:
    assert control.ask("POST", "/requests/7/fail", {}) == (404, {"error": "no request 7 is open"})


def test_an_answer_may_come_unasked(
    endpoint: Endpoint, client: ServerProxy, control: Remote
) -> None:
    make(endpoint, client)
    control.post("/requests/1/complete")
    late = {"action": "CP", "id": 0, "ok": False, "payload": "late", "unasked": True}
    assert control.post("/answers", late) == {"request": None}
    assert state(endpoint) == "ERROR"


def test_plans_decide_and_can_be_taken_back(
    endpoint: Endpoint, client: ServerProxy, control: Remote
) -> None:
    control.post("/plans", {"outcome": "failure", "action": "CP", "name": "bad*"})
    assert [plan["name"] for plan in control.get("/plans")] == ["bad*"]
    assert state(endpoint, make(endpoint, client, "bad")) == "ERROR"
    assert state(endpoint, make(endpoint, client, "good")) == "LOCKED"
    assert control.ask("DELETE", "/plans/0") == (200, {})
    assert state(endpoint, make(endpoint, client, "bad-2")) == "LOCKED"


def test_what_no_plan_is_about_can_be_answered_too(
    endpoint: Endpoint, client: ServerProxy, control: Remote
) -> None:
    assert control.ask("PUT", "/otherwise", {"outcome": "success"}) == (200, {})
    assert control.get("/otherwise")["outcome"] == "success"
    assert state(endpoint, make(endpoint, client)) == "READY"


def test_a_mode_answers_a_drivers_action(
    endpoint: Endpoint, client: ServerProxy, control: Remote
) -> None:
    control.post("/modes", {"role": "ds", "action": "CP", "mode": "failure"})
    assert state(endpoint, make(endpoint, client)) == "ERROR"


def test_the_clock_moves_when_told(
    endpoint: Endpoint, client: ServerProxy, control: Remote
) -> None:
    control.post("/plans", {"delay": 30})
    make(endpoint, client)
    before = control.get("/clock")
    assert before["next_due"] == before["now"] + 30
    assert control.post("/clock", {"advance": 29})["next_due"] == before["now"] + 30
    assert state(endpoint) == "LOCKED"
    control.post("/clock", {"advance": 1})
    assert state(endpoint) == "READY"


def test_the_clock_can_be_tied_to_real_time(
    endpoint: Endpoint, client: ServerProxy, control: Remote
) -> None:
    control.post("/plans", {"delay": 3600})
    make(endpoint, client)
    happened = threading.Event()
    with endpoint.lock:
        stop = endpoint.service.listen(
            lambda entry: happened.set() if entry.what == "cp_success" else None
        )
    control.post("/clock", {"speed": 360_000})
    # Nobody calls: the clock goes on by itself.
    assert happened.wait(10)
    stop()
    control.post("/clock", {"speed": 0})
    assert state(endpoint) == "READY"
    now = control.get("/clock")["now"]
    assert control.get("/clock")["now"] == now


def test_a_cloud_is_saved_loaded_and_reset(
    endpoint: Endpoint, client: ServerProxy, control: Remote
) -> None:
    make(endpoint, client)
    saved = control.get("/cloud")
    control.post("/reset")
    assert len(endpoint.cloud.images) == 0
    assert control.ask("PUT", "/cloud", saved) == (200, {})
    assert state(endpoint) == "LOCKED"
    control.post("/requests/1/complete")
    assert state(endpoint) == "READY"


def test_any_situation_can_be_loaded(
    endpoint: Endpoint, client: ServerProxy, control: Remote
) -> None:
    odd = {"images": [{"id": 7, "state": "USED", "running_vms": 0}]}
    assert control.ask("PUT", "/cloud", odd) == (200, {})
    message = "[one.image.delete] Cannot delete image. There are 0 VMs using it. "
    answer = client.one.image.delete(endpoint.session, 7)
    assert isinstance(answer, list)
    assert str(answer[1]).strip() == message.strip()


def test_the_journal_tells_what_happened(
    endpoint: Endpoint, client: ServerProxy, control: Remote
) -> None:
    make(endpoint, client)
    kinds = [entry["kind"] for entry in control.get("/journal")]
    assert kinds[-1] == "call"
    assert "asked" in kinds
    last = control.get("/journal")[-1]["number"]
    assert control.get(f"/journal?after={last}") == []
    assert [one["what"] for one in control.get("/journal?kind=asked")] == ["CP"]


def test_about_tells_how_much_there_is(
    endpoint: Endpoint, client: ServerProxy, control: Remote
) -> None:
    make(endpoint, client)
    about = control.get("")
    assert (about["version"], about["images"], about["requests"]) == ("7.4.0", 1, 1)


class Reader:
    """Reads events as they come."""

    def __init__(self, endpoint: Endpoint, path: str, headers: dict[str, str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=10)
        self.connection.request("GET", f"/control/{path}", headers=headers)
        self.response = self.connection.getresponse()
        assert self.response.status == 200
        assert self.response.headers["Content-Type"] == "text/event-stream"
        assert self.response.readline().startswith(b":")

    def close(self) -> None:
        self.response.close()
        self.connection.close()

    def next(self) -> dict[str, Any]:
        found: dict[str, str] = {}
        while True:
            line = self.response.readline().decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                found[name] = value
            elif "data" in found:
                entry: dict[str, Any] = json.loads(found["data"])
                assert found["id"] == str(entry["number"])
                assert found["event"] == entry["kind"]
                return entry


class TestEvents:
    def test_entries_come_as_they_happen(
        self, endpoint: Endpoint, client: ServerProxy, control: Remote
    ) -> None:
        reader = Reader(endpoint, "events", control.headers)
        make(endpoint, client)
        seen = [reader.next() for _ in range(len(endpoint.cloud.journal))]
        assert seen == control.get("/journal")
        reader.close()

    def test_a_reader_may_ask_for_what_it_missed(
        self, endpoint: Endpoint, client: ServerProxy, control: Remote
    ) -> None:
        make(endpoint, client)
        reader = Reader(endpoint, "events", control.headers | {"Last-Event-ID": "1"})
        assert reader.next()["number"] == 2
        reader.close()

    def test_a_browser_may_name_the_token_in_the_address(
        self, endpoint: Endpoint, client: ServerProxy
    ) -> None:
        reader = Reader(endpoint, f"events?token={endpoint.token}&after=0", {})
        make(endpoint, client)
        assert reader.next()["number"] == 1
        reader.close()

    def test_events_go_on_after_a_reset(
        self, endpoint: Endpoint, client: ServerProxy, control: Remote
    ) -> None:
        reader = Reader(endpoint, "events", control.headers)
        control.post("/reset")
        make(endpoint, client)
        # Who listens is told that it is another cloud; in its journal that is nothing.
        assert (reader.next()["kind"], reader.next()["number"]) == ("loaded", 1)
        assert control.get("/journal")[0]["number"] == 1
        reader.close()

    def test_who_knows_of_more_than_there_is_is_told_that_it_is_another_cloud(
        self, endpoint: Endpoint, client: ServerProxy, control: Remote
    ) -> None:
        make(endpoint, client)
        known = endpoint.cloud.journal[-1].number
        control.post("/reset")
        reader = Reader(endpoint, f"events?after={known}", control.headers)
        assert (reader.next()["kind"], len(endpoint.cloud.journal)) == ("loaded", 0)
        make(endpoint, client)
        assert reader.next()["number"] == 1
        reader.close()

    def test_an_endpoint_that_ends_waits_for_no_reader(self) -> None:
        with Endpoint() as endpoint:
            reader = Reader(endpoint, "events", Remote(endpoint).headers)
        assert reader.response.read() == b"\n"
        reader.close()


class TestMistakes:
    @pytest.mark.parametrize(
        ("method", "path", "body", "error"),
        [
            ("POST", "/plans", b"{", "the body is not JSON"),
            ("POST", "/plans", b"[" * 100_000, "the body is not JSON"),
            ("POST", "/plans", b"\xff", "the body is not JSON"),
            ("POST", "/plans", [], "the body must be a JSON object"),
            ("POST", "/plans", {"outcome": "maybe"}, "outcome: 'maybe' is none of"),
            ("POST", "/plans", {"nope": 1}, "nope: unknown field"),
            ("POST", "/plans", {"delay": "soon"}, "delay: cannot be 'soon'"),
            ("POST", "/answers", {"action": "CP"}, "id: is missing"),
            ("POST", "/answers", {"action": "CP", "id": "1"}, "id: must be a whole number"),
            ("POST", "/answers", {"action": "CP", "id": 1, "role": "x"}, "role: 'x' is none of"),
            ("POST", "/modes", {"role": "ds", "action": "CP", "mode": "x"}, "mode: 'x' is none"),
            ("POST", "/clock", {}, "needs advance"),
            ("POST", "/clock", {"advance": -1}, "the clock cannot go back"),
            ("POST", "/clock", {"advance": "x"}, "seconds: must be a number"),
            ("POST", "/clock", {"speed": -1}, "speed: must be 0 or more"),
            ("POST", "/clock", {"hands": 2}, "hands: unknown field"),
            ("PUT", "/cloud", {"images": [{}]}, "images[0].id: is missing"),
            ("GET", "/journal?after=x", None, "after: must be a whole number"),
            ("POST", "/faults", {}, "a rule needs one of"),
            ("POST", "/faults", {"error": "NOPE"}, "error: 'NOPE' is none of"),
            ("POST", "/faults", {"drop": True, "status": 500}, "drop: cannot stand beside status"),
            ("POST", "/faults", {"status": 200}, "status: must be from 400"),
            ("POST", "/faults", {"cut": -1}, "cut: must be 0 or more"),
            ("POST", "/faults", {"drop": 1}, "drop: cannot be 1"),
            ("POST", "/faults", {"nope": 1}, "nope: unknown field"),
            ("DELETE", "/faults/9", None, "there is no fault rule 9"),
            ("DELETE", "/plans/9", None, "there is no plan 9"),
        ],
    )
    def test_a_mistake_is_told_in_one_line(
        self, control: Remote, method: str, path: str, body: object, error: str
    ) -> None:
        status, answer = control.ask(method, path, body)
        assert status == 400
        assert answer["error"].startswith(error)
        assert "\n" not in answer["error"]

    def test_an_unknown_place_and_way_are_told(self, control: Remote) -> None:
        assert control.ask("GET", "/nowhere")[0] == 404
        status, answer = control.ask("PUT", "/clock", {})
        assert (status, answer) == (405, {"error": "only GET, POST can be used here"})


class TestSafety:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Authorization": "Bearer wrong"},
            {"Authorization": "Bearer "},
            {"Authorization": "Basic b25lYWRtaW46b3Blbm5lYnVsYQ=="},
        ],
    )
    def test_nothing_is_told_without_the_token(
        self, control: Remote, headers: dict[str, str]
    ) -> None:
        status, answer = control.ask("GET", "/cloud", headers=headers)
        assert status == 401
        assert "token" in answer["error"]

    @pytest.mark.parametrize("path", ["/cloud", "/journal", "/requests"])
    def test_the_token_in_the_address_is_good_for_events_only(
        self, endpoint: Endpoint, control: Remote, path: str
    ) -> None:
        assert control.ask("GET", f"{path}?token={endpoint.token}", headers={})[0] == 401

    @pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1"])
    def test_a_page_of_another_origin_is_refused(self, control: Remote, origin: str) -> None:
        headers = control.headers | {"Origin": origin}
        assert control.ask("GET", "/clock", headers=headers)[0] == 403

    def test_a_page_of_the_endpoint_itself_is_not(
        self, endpoint: Endpoint, control: Remote
    ) -> None:
        headers = control.headers | {"Origin": endpoint.root}
        assert control.ask("GET", "/clock", headers=headers)[0] == 200

    @pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "[::1"])
    def test_a_name_that_was_bound_anew_is_refused(self, control: Remote, host: str) -> None:
        headers = control.headers | {"Host": host}
        assert control.ask("GET", "/clock", headers=headers)[0] == 403


class TestPassword:
    def test_it_stays_when_a_cloud_is_reset(self) -> None:
        with Endpoint(password="a-word") as endpoint:
            assert Remote(endpoint).ask("POST", "/reset", {})[0] == 200
            assert endpoint.session == "oneadmin:a-word"

    def test_a_cloud_that_everybody_could_call_is_not_loaded_where_others_reach_it(self) -> None:
        with Endpoint(host="0.0.0.0", password="a-word") as endpoint:  # noqa: S104 - the point
            control = Remote(endpoint)
            status, answer = control.ask("PUT", "/cloud", Cloud().to_json())
            assert status == 400
            assert "usual password" in answer["error"]
            assert control.ask("PUT", "/cloud", control.get("/cloud"))[0] == 200

    def test_it_stays_when_a_situation_is_loaded(self) -> None:
        with Endpoint(password="a-word") as endpoint:
            assert Remote(endpoint).ask("PUT", "/cloud", {"images": []})[0] == 200
            assert endpoint.session == "oneadmin:a-word"


def test_a_situation_has_the_drivers_and_the_time_of_a_fresh_cloud() -> None:
    def fresh() -> Cloud:
        made = Cloud(clock=Clock(1000))
        made.drivers.otherwise = Plan("success", delay=3)
        return made

    with Endpoint(fresh) as endpoint:
        control = Remote(endpoint)
        assert control.ask("PUT", "/cloud", {"images": [{"id": 7, "state": "ERROR"}]})[0] == 200
        assert control.get("/otherwise")["delay"] == 3
        assert control.get("/clock")["start"] == 1000
        whole = Cloud().to_json()
        assert control.ask("PUT", "/cloud", whole)[0] == 200
        assert control.get("/otherwise")["outcome"] == "hold"
        assert control.get("/clock")["start"] == whole["clock"]["start"]


def test_a_request_of_no_words_needs_no_length(endpoint: Endpoint, client: ServerProxy) -> None:
    make(endpoint, client)
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=10)
    connection.putrequest("POST", "/control/requests/1/complete")  # as `curl -X POST` does it
    connection.putheader("Authorization", f"Bearer {endpoint.token}")
    connection.endheaders()
    assert json.loads(connection.getresponse().read()) == {"request": 1}
    connection.close()
    assert state(endpoint) == "READY"


PLACES = [
    ("POST", "/answers"),
    ("POST", "/modes"),
    ("POST", "/plans"),
    ("PUT", "/otherwise"),
    ("POST", "/faults"),
    ("POST", "/clock"),
    ("PUT", "/cloud"),
    ("POST", "/reset"),
    ("POST", "/requests/1/complete"),
    ("GET", "/journal?after=1"),
]
NAMES = [
    *("action", "id", "ok", "payload", "role", "unasked", "mode", "outcome", "delay", "skip"),
    *("count", "probability", "name", "error", "fault", "status", "drop", "cut", "advance"),
    *("speed", "images", "users", "vms", "clock", "drivers", "faults", "seed", "method"),
]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.just(10**30)
    | st.floats()
    | st.sampled_from(["CP", "ds", "success", "failure", "ERROR", "*", "[", "", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "state", "now", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Remote]:
    with Endpoint() as running:
        yield Remote(running)


@settings(max_examples=300, deadline=None)
@given(
    place=st.sampled_from(PLACES),
    body=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4) | VALUES,
)
def test_any_json_gets_an_answer_in_one_line(
    shared: Remote, place: tuple[str, str], body: object
) -> None:
    status, answer = shared.ask(*place, body)
    assert status in {200, 400, 404}, (status, answer)
    if status != 200:
        assert "\n" not in answer["error"]
    assert shared.ask("DELETE", "/plans")[0] == 200
