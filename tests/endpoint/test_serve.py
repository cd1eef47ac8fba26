"""``lifecycle serve``, as a command of its own."""

from __future__ import annotations

import re
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen
from xmlrpc.client import ServerProxy

import pytest

from lifecycle.endpoint import ControlClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Start = Callable[..., "Running"]


class Running:
    """A `lifecycle serve`, and what it printed."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - this package's own command
            [sys.executable, "-m", "lifecycle", "serve", "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        lines = [self.process.stdout.readline() for _ in range(3)]
        self.page = lines.pop()
        self.settings = dict(re.findall(r"(\w+)=(\S+)", "".join(lines)))

    @property
    def client(self) -> ServerProxy:
        return ServerProxy(self.settings["ONE_XMLRPC"])

    @property
    def session(self) -> str:
        return Path(self.settings["ONE_AUTH"]).read_text("utf-8").strip()

    @property
    def control(self) -> ControlClient:
        return ControlClient(self.settings["LIFECYCLE_CONTROL"], self.settings["LIFECYCLE_TOKEN"])

    def end(self, how: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(how)
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[Running] = []

    def begin(*options: str) -> Running:
        running.append(Running(*options))
        return running[-1]

    yield begin
    for one in running:
        one.process.kill()
        one.process.communicate()


def refused(*options: str) -> str:
    done = subprocess.run(  # noqa: S603 - this package's own command
        [sys.executable, "-m", "lifecycle", "serve", *options],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr


def allocate(running: Running, name: str) -> object:
    text = f'NAME="{name}" PATH="/images/{name}" SIZE="1"'
    with running.client as client:
        return client.one.image.allocate(running.session, text, 1)


@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_serves_until_it_is_told_to_end(start: Start, how: signal.Signals, code: int) -> None:
    running = start()
    auth = Path(running.settings["ONE_AUTH"])
    assert running.session == "oneadmin:opennebula"
    assert stat.S_IMODE(auth.stat().st_mode) == 0o600
    assert allocate(running, "a") == [True, 0, 0]
    ended, errors = running.end(how)
    assert ended == code
    assert "Traceback" not in errors
    assert not auth.exists()


def test_a_browser_is_told_where_it_finds_the_cloud(start: Start) -> None:
    running = start()
    root = running.settings["ONE_XMLRPC"].removesuffix("/RPC2")
    token = running.settings["LIFECYCLE_TOKEN"]
    # To a shell that evaluates the lines it is a comment.
    assert running.page == f"# the page: {root}/#token={token}\n"
    with urlopen(root) as answer:  # noqa: S310 - our own server
        assert b"<!DOCTYPE html>" in answer.read()


def test_datastores_answer_in_their_time_unless_they_are_to_wait(start: Start) -> None:
    running = start("--delay", "3600", "--speed", "0")
    allocate(running, "a")
    (request,) = running.control.requests()
    assert request["due"] is not None
    running.control.advance(3600)
    assert running.control.requests() == []
    held = start("--hold")
    allocate(held, "a")
    (request,) = held.control.requests()
    assert request["due"] is None


def test_a_state_outlives_the_command(start: Start, tmp_path: Path) -> None:
    options = ("--state", str(tmp_path / "state"))
    first = start(*options)
    allocate(first, "a")
    assert "is in use by another process" in refused("--port", "0", *options)
    first.end(signal.SIGTERM)
    assert start(*options).control.about()["images"] == 1


def test_it_begins_with_any_situation(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "cloud.json"
    file.write_text('{"images": [{"id": 7, "state": "ERROR"}]}', "utf-8")
    running = start("--cloud", str(file))
    with running.client as client:
        answer = client.one.image.enable(running.session, 7, True)
    assert answer == [True, 7, 0]
    # A reset brings it back.
    running.control.reset()
    (image,) = running.control.save()["images"]["objects"]
    assert (image["id"], image["state"]) == (7, "ERROR")


def test_a_password_comes_from_a_file(start: Start, tmp_path: Path) -> None:
    auth = tmp_path / "one auth"
    auth.write_text("oneadmin:a-word-of-my-own\n", "utf-8")
    running = start("--auth", str(auth), "--host", "0.0.0.0")  # noqa: S104 - with a password
    assert running.control.about()["images"] == 0
    with ServerProxy(running.settings["ONE_XMLRPC"].replace("0.0.0.0", "127.0.0.1")) as one:  # noqa: S104 - the same
        assert one.one.system.version("oneadmin:a-word-of-my-own") == [True, "7.4.0", 0]
        answer = one.one.system.version("oneadmin:opennebula")
        assert isinstance(answer, list)
        assert answer[0] is False


class TestRefused:
    def test_others_may_not_reach_a_cloud_whose_password_everybody_knows(self) -> None:
        problem = refused("--host", "0.0.0.0", "--port", "0")  # noqa: S104 - it is refused
        assert "choose another password first" in problem

    def test_a_port_that_is_taken_is_told(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            number = taken.getsockname()[1]
            assert f"cannot listen on 127.0.0.1 port {number}" in refused("--port", str(number))

    def test_a_file_that_is_no_cloud_is_told(self, tmp_path: Path) -> None:
        file = tmp_path / "cloud.json"
        file.write_text('{"images": 5}', "utf-8")
        assert "cloud.json: images: must be" in refused("--cloud", str(file), "--port", "0")

    def test_what_is_not_installed_is_named(self) -> None:
        program = (
            "import sys; sys.modules['defusedxml'] = None; sys.argv[1:] = ['serve'];"
            " from lifecycle.cli import main; main()"
        )
        done = subprocess.run(  # noqa: S603 - this package's own command
            [sys.executable, "-c", program], capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert done.stderr == (
            "lifecycle: serve needs defusedxml; install it with:"
            " pip install 'opennebula-image-lifecycle[cli,endpoint]'\n"
        )

    @pytest.mark.parametrize("content", ["", "oneadmin", "oneadmin:", "bob:x", "oneadmin:a\nb"])
    def test_a_file_without_oneadmins_session_is_told(self, tmp_path: Path, content: str) -> None:
        auth = tmp_path / "auth"
        auth.write_text(content, "utf-8")
        assert "must hold one line: oneadmin:PASSWORD" in refused("--auth", str(auth))

    def test_a_translation_that_cannot_be_used_is_told(self, tmp_path: Path) -> None:
        file = tmp_path / "de.json"
        file.write_text('{"language": "deutsch"}', "utf-8")
        told = "de.json: language: must be the tag of a language, as de or pt-BR"
        assert told in refused("--translation", str(file))

    def test_a_file_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        assert "cannot be read" in refused("--auth", str(tmp_path / "nothing"))

    def test_a_password_that_cannot_be_is_told(self, tmp_path: Path) -> None:
        auth = tmp_path / "auth"
        auth.write_text("oneadmin:a b\tc", "utf-8")
        assert "password" in refused("--auth", str(auth)).lower()
