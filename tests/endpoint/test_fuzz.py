"""Any parameter of any type for any method: always an answer in the form, never a hang."""

from __future__ import annotations

import http.client
import logging
import xmlrpc.client
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle import Cloud
from lifecycle.cloud.calls import GROUPS
from lifecycle.cloud.calls.remote import METHODS
from lifecycle.codes import ErrorCode
from lifecycle.endpoint import Endpoint
from lifecycle.endpoint.fault import FaultCode
from lifecycle.endpoint.reply import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

ADMIN = "oneadmin:opennebula"
KNOWN_FAULTS = {int(code) for code in FaultCode}
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n\t\r"),
    max_size=30,
)
TEMPLATES = st.sampled_from(
    [
        "",
        'NAME="a" PATH="/a" SIZE="1"',
        'NAME="b" TYPE="DATABLOCK" SIZE="1"',
        'NAME="v" CPU="1" MEMORY="1" DISK=[IMAGE_ID="0"]',
        'DISK=[IMAGE_ID="1"]',
        "<TEMPLATE><NAME>x</NAME><SIZE>1</SIZE></TEMPLATE>",
        "A=[B=",
        "READY",
        "OS",
        "terminate-hard",
    ]
)
NUMBERS = st.integers(-5, 5) | st.sampled_from([2**31 - 1, -(2**31)])


def tag(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    return values.map(lambda value: f"<{name}>{escape(str(value))}</{name}>")


SCALARS = st.one_of(
    tag("int", NUMBERS),
    tag("i4", NUMBERS),
    tag("i8", st.integers(-(2**63), 2**63 - 1)),
    tag("boolean", st.sampled_from([0, 1])),
    tag("string", TEXT | TEMPLATES),
    TEXT.map(escape),
    tag("double", st.floats(allow_nan=False, allow_infinity=False)),
    tag("dateTime.iso8601", st.just("20260101T00:00:00")),
    tag("base64", st.just("Ng==")),
    tag("int", st.sampled_from(["", " 1", "1x", "99999999999", "0x1"])),
    tag("boolean", st.sampled_from(["", "true", "2"])),
    st.just("<nil/>"),
)


def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    values = st.lists(inner.map("<value>{}</value>".format), max_size=3).map("".join)
    member = inner.map("<member><name>a</name><value>{}</value></member>".format)
    return values.map("<array><data>{}</data></array>".format) | member.map(
        "<struct>{}</struct>".format
    )


ANYTHING = st.recursive(SCALARS, deeper, max_leaves=4)
FITTING = {
    "i": tag("int", NUMBERS),
    "s": tag("string", TEXT | TEMPLATES),
    "b": tag("boolean", st.sampled_from([0, 1])),
    "a": st.just("<array><data><value><int>1</int></value></data></array>"),
}


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, bytes]:
    """Draw a call: often each parameter fits, often one does not."""
    assert GROUPS
    name = draw(st.sampled_from(sorted(METHODS)))
    letters = METHODS[name].required + METHODS[name].optional
    count = draw(st.integers(0, len(letters) + 1) | st.just(len(letters)))
    session = draw(st.just(ADMIN) | st.just(ADMIN) | TEXT)
    params = [f"<string>{escape(session)}</string>"]
    for place in range(count):
        fits = place < len(letters) and draw(st.integers(0, 4))
        params.append(draw(FITTING[letters[place]] if fits else ANYTHING))
    inside = "".join(f"<param><value>{one}</value></param>" for one in params)
    body = (
        f"<?xml version='1.0'?><methodCall><methodName>{name}</methodName>"
        f"<params>{inside}</params></methodCall>"
    )
    return name, body.encode()


class Sender:
    """Sends bodies to an endpoint on a kept connection."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=20)

    def send(self, body: bytes) -> Any:  # noqa: ANN401 - a call's value
        """Give the value that is answered, or the fault."""
        self.connection.request("POST", "/RPC2", body)
        response = self.connection.getresponse()
        answer = response.read()
        assert response.status == 200
        try:
            (value,), _ = xmlrpc.client.loads(answer.decode())
        except xmlrpc.client.Fault as fault:
            return fault
        return value


@pytest.fixture(scope="module")
def sender() -> Iterator[Sender]:
    cloud = Cloud(journal=False)
    with Endpoint(cloud) as endpoint:
        made = Sender(endpoint)
        yield made
        made.connection.close()


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)


@settings(max_examples=400, deadline=None)
@given(call=calls())
def test_every_call_gets_an_answer_in_the_form(sender: Sender, call: tuple[str, bytes]) -> None:
    name, body = call
    with sender.endpoint.lock:
        # A call before may have changed it.
        sender.endpoint.cloud.users[0].password = ADMIN.partition(":")[2]
    answer = sender.send(body)
    if isinstance(answer, xmlrpc.client.Fault):
        assert answer.faultCode in KNOWN_FAULTS
        assert "simulator" not in answer.faultString, answer.faultString
    elif answer[0]:
        assert len(answer) == 3
        assert isinstance(answer[1], str | int)
        assert answer[2] == 0
    else:
        _, message, code, number, index = answer
        assert message.startswith(f"[{name}] ")
        assert code in set(ErrorCode)
        assert isinstance(number, int)
        assert index == -1


@settings(max_examples=200, deadline=None)
@given(body=st.binary(min_size=1, max_size=200))
def test_any_bytes_get_a_parse_fault(sender: Sender, body: bytes) -> None:
    answer = sender.send(body)
    assert isinstance(answer, xmlrpc.client.Fault)
    assert answer.faultCode == FaultCode.PARSE


GOOD = xmlrpc.client.dumps((ADMIN, 1, True, "text"), "one.image.info").encode()


@settings(max_examples=200, deadline=None)
@given(cut=st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12)), put=st.binary(max_size=6))
def test_a_damaged_call_gets_an_answer(sender: Sender, cut: tuple[int, int], put: bytes) -> None:
    start, length = cut
    body = GOOD[:start] + put + GOOD[start + length :]
    answer = sender.send(body or b" ")
    if isinstance(answer, xmlrpc.client.Fault):
        assert answer.faultCode in KNOWN_FAULTS
        assert "simulator" not in answer.faultString, answer.faultString
