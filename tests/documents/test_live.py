"""A running cloud is read, and never written to."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from xmlrpc.client import dumps, loads

import pytest

from lifecycle import Cloud
from lifecycle.documents.live import CALLS, LiveCloud
from lifecycle.endpoint import Endpoint
from lifecycle.refusal import InputError, LifecycleError
from tests.cli.test_main import run
from tests.documents.samples import APP, IMAGES, MACHINES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCUMENTS = {
    "one.imagepool.info": IMAGES.read_text("utf-8"),
    "one.vmpool.info": MACHINES.read_text("utf-8"),
    "one.marketapppool.info": APP.read_text("utf-8"),
}


@contextmanager
def server(answer: object = None) -> Iterator[tuple[str, list[tuple[str, tuple[Any, ...]]]]]:
    """Run a server that notes calls; it gives `answer`, bytes or a value, for the documents."""
    calls: list[tuple[str, tuple[Any, ...]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            params, method = loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert method is not None
            calls.append((method, params))
            value: Any = [True, DOCUMENTS.get(method, ""), 0] if answer is None else answer
            body = value
            if not isinstance(body, bytes):
                body = dumps((value,), methodresponse=True, allow_none=True).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as there
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_port}/RPC2", calls
        finally:
            running.shutdown()
            thread.join()


@pytest.fixture
def credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one_auth").write_text("oneadmin:secret\n")
    monkeypatch.setenv("ONE_AUTH", str(tmp_path / "one_auth"))


def test_only_calls_that_read_are_made(credentials: None) -> None:
    with server() as (url, calls):
        done = run("doctor", "--endpoint", url, "--now", "1795544460")
    assert done.returncode == 1
    assert "47 images, 4 machines, 1 app: " in done.stdout
    # Each pool once, and once more because something was found.
    assert [method for method, _ in calls] == list(CALLS) * 2
    assert all(method.endswith("pool.info") for method, _ in calls)
    assert {params[0] for _, params in calls} == {"oneadmin:secret"}
    assert [params[1:] for _, params in calls[:3]] == [(-2, -1, -1), (-2, -1, -1, -1), (-2, -1, -1)]


def test_the_environment_names_the_server(
    credentials: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server([True, "<IMAGE_POOL/>", 0]) as (url, calls):
        monkeypatch.setenv("ONE_XMLRPC", url)
        assert LiveCloud.from_environment().images() == []
    assert [method for method, _ in calls] == ["one.imagepool.info"]


def test_a_call_that_writes_cannot_be_made() -> None:
    with server() as (url, calls):
        with pytest.raises(LifecycleError, match="none of the calls that only read"):
            LiveCloud(url, "a:b")._call("one.image.delete", (7,))
        assert calls == []


def test_a_simulated_cloud_is_as_it_was(credentials: None, tmp_path: Path) -> None:
    cloud = Cloud.from_json(
        {"images": [{"id": 7, "name": "a", "state": "USED", "source": "/7", "vms": [3]}]}
    )
    cloud.users[0].password = "secret"  # noqa: S105 - that of the test's own cloud
    before = cloud.to_json(journal=False)
    with Endpoint(cloud) as endpoint:
        done = run("doctor", "--endpoint", endpoint.url)
    assert "It counts machine 3, which is gone, and nobody else." in done.stdout, done.stderr
    assert cloud.to_json(journal=False) == before
    assert {entry.what for entry in cloud.journal} == set(CALLS)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (
            [False, "[one.imagepool.info] User couldn't be authenticated, aborting call.", 256],
            "auth",
        ),
        (17, "the answer is not one of oned's"),
        ([True, "<VM_POOL/>", 0], "holds 'VM_POOL' where IMAGE_POOL or IMAGE is due"),
        ([True, "<IMAGE_POOL><IMAGE/></IMAGE_POOL>", 0], "ID: is missing"),
        (b"<html>", "one.imagepool.info: "),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><methodResponse/>", "the answer is no XML-RPC"),
    ],
)
def test_an_answer_that_cannot_be_used(answer: object, problem: str) -> None:
    with server(answer) as (url, _), pytest.raises(InputError) as caught:
        LiveCloud(url, "a:b").images()
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nobody_is_there_and_what_is_no_address(
    credentials: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    done = run("doctor", "--endpoint", "http://127.0.0.1:1/RPC2")
    assert done.returncode == 2
    assert "one.imagepool.info: Connection refused" in done.stderr
    for address in ("ftp://x", "http://[", "http://x:port/RPC2", "http://x:99999/RPC2"):
        done = run("doctor", "--endpoint", address)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "is no address like" in done.stderr
    assert "cannot be mixed" in run("doctor", "a.xml", "--endpoint", "http://x").stderr
    monkeypatch.setenv("ONE_AUTH", str(tmp_path / "none"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "there are no credentials" in run("doctor", "--live").stderr
