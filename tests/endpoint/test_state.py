"""A cloud that outlives its process in a file."""

from __future__ import annotations

import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xmlrpc.client import Fault, ServerProxy

import pytest

from lifecycle import Cloud
from lifecycle.endpoint import Endpoint
from lifecycle.endpoint.service import Service
from lifecycle.endpoint.store import Store
from lifecycle.refusal import InputError, LifecycleError
from lifecycle.trace.format import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lifecycle.trace.format import Step

ADMIN = "oneadmin:opennebula"
MIXED = Path(__file__).parent.parent / "data" / "traces" / "level5" / "mixed.jsonl.xz"


def whole(cloud: Cloud) -> dict[str, Any]:
    return cloud.to_json(journal=False)


def do(service: Service, step: Step) -> None:
    """Do what a recorded step says, as clients and the control path do it."""
    data = step.data
    try:
        if step.kind == "call":
            session = data.get("as") or ADMIN
            service.answer_call(data["method"], [session, *data["params"]])
        elif step.kind == "rule":
            names = ("role", "action", "mode", "payload")
            service.do("rule", {name: data.get(name) for name in names})
        else:
            answer = {name: data.get(name) for name in ("action", "id", "ok", "payload", "role")}
            service.do("answer", answer | {"unasked": bool(data.get("unsolicited"))})
    except LifecycleError:
        return


@pytest.mark.parametrize("number", range(0, 12, 3))
def test_a_history_that_was_kept_makes_the_same_cloud(tmp_path: Path, number: int) -> None:
    history = list(read(MIXED))[number]
    service = Service(Cloud, state=tmp_path / "state")
    for step in history.steps:
        do(service, step)
        service.do("advance", {"seconds": 1})
    before = whole(service.cloud)
    service.close()
    after = Service(Cloud, state=tmp_path / "state")
    assert whole(after.cloud) == before
    after.close()
    # Now it is read from what was saved, without a single input.
    again = Service(Cloud, state=tmp_path / "state")
    assert whole(again.cloud) == before
    again.close()


def test_plans_and_answers_on_their_way_are_kept(tmp_path: Path) -> None:
    with Endpoint(state=tmp_path / "state") as endpoint:
        endpoint.service.do("plan", {"delay": 30, "probability": 0.5})
        for number in range(8):
            text = f'NAME="i{number}" PATH="/i" SIZE="1"'
            endpoint.service.answer_call("one.image.allocate", [ADMIN, text, 1])
        before = whole(endpoint.cloud)
    with Endpoint(state=tmp_path / "state") as endpoint:
        assert whole(endpoint.cloud) == before
        endpoint.service.do("advance", {"seconds": 30})
        states = {image.state.name for image in endpoint.cloud.images}
        assert states == {"READY", "LOCKED"}


def test_what_was_loaded_and_reset_is_kept(tmp_path: Path) -> None:
    with Endpoint(state=tmp_path / "state") as endpoint:
        endpoint.service.replace(Cloud.from_json({"images": [{"id": 7}]}))
    with Endpoint(state=tmp_path / "state") as endpoint:
        assert 7 in endpoint.cloud.images
        endpoint.service.reset()
    with Endpoint(state=tmp_path / "state") as endpoint:
        assert len(endpoint.cloud.images) == 0


def test_what_time_brought_about_is_kept(tmp_path: Path) -> None:
    """What a client may have seen does not come undone, though nobody but the clock did it."""
    service = Service(Cloud, state=tmp_path / "state", speed=100_000)
    service.do("plan", {"delay": 1000})
    service.answer_call("one.image.allocate", [ADMIN, 'NAME=a PATH="/a" SIZE=1', 1])
    happened = threading.Event()
    with service.lock:
        service.listen(lambda entry: happened.set() if entry.what == "cp_success" else None)
        if service.cloud.images[0].state.name == "READY":
            happened.set()
    assert happened.wait(10)
    service.close()
    after = Service(Cloud, state=tmp_path / "state")
    assert after.cloud.images[0].state.name == "READY"
    after.close()


def test_a_password_is_kept(tmp_path: Path) -> None:
    with Endpoint(state=tmp_path / "state", password="secret-1") as endpoint:
        assert endpoint.session == "oneadmin:secret-1"
    with Endpoint(state=tmp_path / "state") as endpoint:
        assert endpoint.session == "oneadmin:secret-1"


def test_a_long_log_is_saved_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lifecycle.endpoint.store._ENOUGH", 10)
    monkeypatch.setattr("lifecycle.endpoint.store._PER_OBJECT", 0)
    service = Service(Cloud, state=tmp_path / "state")
    for number in range(100):
        text = f'NAME="i{number}" PATH="/i" SIZE="1"'
        service.answer_call("one.image.allocate", [ADMIN, text, 1])
    before = whole(service.cloud)
    service.close()
    database = sqlite3.connect(tmp_path / "state")
    (left,) = database.execute("SELECT count(*) FROM inputs").fetchone()
    database.close()
    assert left < 100
    after = Service(Cloud, state=tmp_path / "state")
    assert whole(after.cloud) == before
    after.close()


class TestUnusable:
    def test_a_file_in_use_is_refused(self, tmp_path: Path) -> None:
        with (
            Endpoint(state=tmp_path / "state"),
            pytest.raises(InputError, match="is in use by another process"),
        ):
            Endpoint(state=tmp_path / "state")

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (b"not a database, and long enough to be told from one" * 20, "is no file of"),
            (b"x", "is no file of"),
        ],
    )
    def test_a_file_of_something_else_is_refused_and_kept(
        self, tmp_path: Path, content: bytes, problem: str
    ) -> None:
        file = tmp_path / "state"
        file.write_bytes(content)
        with pytest.raises(InputError, match=problem):
            Endpoint(state=file)
        assert file.read_bytes() == content

    def test_a_database_of_something_else_is_refused(self, tmp_path: Path) -> None:
        database = sqlite3.connect(tmp_path / "state")
        database.execute("CREATE TABLE songs (title TEXT)")
        database.commit()
        database.close()
        with pytest.raises(InputError, match="is a database of something else"):
            Store(tmp_path / "state")

    def test_it_is_for_its_owner_alone(self, tmp_path: Path) -> None:
        # It holds passwords.
        with Endpoint(state=tmp_path / "state"):
            assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}

    def test_a_form_to_come_is_refused(self, tmp_path: Path) -> None:
        Store(tmp_path / "state").close()
        database = sqlite3.connect(tmp_path / "state")
        database.execute("PRAGMA user_version = 99")
        database.close()
        with pytest.raises(InputError, match="has the form 99, this reads 1"):
            Store(tmp_path / "state")

    def test_a_saved_cloud_that_cannot_be_read_is_told(self, tmp_path: Path) -> None:
        with Endpoint(state=tmp_path / "state"):
            pass
        database = sqlite3.connect(tmp_path / "state")
        database.execute("UPDATE saved SET cloud = '{\"images\": 5}'")
        database.commit()
        database.close()
        with pytest.raises(InputError, match="images"):
            Endpoint(state=tmp_path / "state")

    def test_a_folder_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="cannot be used: unable to open"):
            Endpoint(state=tmp_path / "nowhere" / "state")

    def test_what_cannot_be_written_is_not_done(self, tmp_path: Path) -> None:
        with Endpoint(state=tmp_path / "state") as endpoint, ServerProxy(endpoint.url) as client:
            store = endpoint.service._store
            assert store is not None
            store._db.execute("PRAGMA query_only = 1")
            with pytest.raises(Fault, match="the state cannot be kept"):
                client.one.image.allocate(endpoint.session, 'NAME=a PATH="/a" SIZE=1', 1)
            assert len(endpoint.cloud.images) == 0
            # Reading goes on.
            assert client.one.system.version(endpoint.session) == [True, "7.4.0", 0]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "lifecycle", "serve", "--port", "0", "--speed", "0", "--hold"]
    process = subprocess.Popen(  # noqa: S603 - this package's own command
        [*command, "--state", str(tmp_path / "state")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.match(r"export ONE_XMLRPC=(\S+)", line)
    assert found, line
    return shlex.split(found[1])[0]


def test_what_was_acknowledged_survives_kill_9(
    tmp_path: Path, server: subprocess.Popen[str]
) -> None:
    url = address(server)
    acknowledged: list[tuple[int, str]] = []
    enough = threading.Event()

    def write(worker: int) -> None:
        with ServerProxy(url) as client:
            for number in range(100_000):
                name = f"w{worker}-{number}"
                text = f'NAME="{name}" PATH="/i" SIZE="1"'
                try:
                    answer: Any = client.one.image.allocate(ADMIN, text, 1)
                except OSError:
                    return
                except Exception:  # noqa: BLE001 - cut off in the middle of an answer
                    return
                acknowledged.append((answer[1], name))
                if len(acknowledged) >= 150:
                    enough.set()

    writers = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for writer in writers:
        writer.start()
    assert enough.wait(60)
    os.kill(server.pid, signal.SIGKILL)
    for writer in writers:
        writer.join(30)
    server.wait(30)
    with Endpoint(state=tmp_path / "state") as endpoint:
        names = {image.id: image.name for image in endpoint.cloud.images}
        assert len(acknowledged) >= 150
        assert {number: names.get(number) for number, _ in acknowledged} == dict(acknowledged)
        # What was written but not acknowledged may be there too: no more than one a writer.
        assert len(names) - len(acknowledged) <= len(writers)
