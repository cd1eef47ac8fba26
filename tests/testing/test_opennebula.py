"""The context manager and the decorator: for unittest, for pytest, for any runner."""

from __future__ import annotations

import asyncio
import inspect
import os
import unittest
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from lifecycle import Cloud, ImageState, InputError, InternalRefused, NotAskedError
from lifecycle.testing import ClientRefused, OpenNebula, Settings, XmlRpcClient, with_opennebula

if TYPE_CHECKING:
    from lifecycle.testing import Credentials

NEW = 'NAME="new" TYPE="DATABLOCK" SIZE="1"'


def client(credentials: OpenNebula | Credentials) -> XmlRpcClient:
    return XmlRpcClient(credentials.endpoint, credentials.session)


def test_clients_find_the_cloud_by_its_endpoint() -> None:
    with OpenNebula() as opennebula, client(opennebula) as one:
        assert one.allocate(NEW, 1) == 0
        assert opennebula.cloud.images[0].state.name == "READY"


def test_the_environment_names_the_endpoint_while_it_runs_and_is_as_before_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ONE_XMLRPC", "http://production.example/RPC2")
    monkeypatch.delenv("ONE_AUTH", raising=False)
    with OpenNebula() as opennebula:
        names = {name: os.environ[name] for name in opennebula.environment}
        assert names == {
            "ONE_XMLRPC": opennebula.endpoint,
            "ONE_AUTH": str(opennebula.auth_file),
            "ONE_URL": opennebula.endpoint,
            "ONE_USERNAME": "oneadmin",
            "ONE_PASSWORD": "opennebula",
            "OPENNEBULA_ENDPOINT": opennebula.endpoint,
            "OPENNEBULA_USERNAME": "oneadmin",
            "OPENNEBULA_PASSWORD": "opennebula",
            "LIFECYCLE_CONTROL": names["LIFECYCLE_CONTROL"],
            "LIFECYCLE_TOKEN": names["LIFECYCLE_TOKEN"],
        }
        assert opennebula.auth_file.read_text("utf-8") == f"{opennebula.session}\n"
        assert opennebula.auth_file.stat().st_mode & 0o777 == 0o600
    assert os.environ["ONE_XMLRPC"] == "http://production.example/RPC2"
    assert "ONE_AUTH" not in os.environ
    assert not opennebula.auth_file.exists()


def test_the_environment_can_be_left_alone() -> None:
    before = dict(os.environ)
    with OpenNebula(export=False):
        assert dict(os.environ) == before


def test_a_cloud_that_is_there_already_stays_as_it_is() -> None:
    cloud = Cloud()
    cloud.image.allocate(NEW, 1)
    with OpenNebula(cloud=cloud) as opennebula, client(opennebula) as one:
        assert opennebula.cloud is cloud
        assert one.call("one.image.rename", 0, "renamed") == 0
        assert one.call("one.image.allocate", NEW, 1) == 1
    assert [image.state.name for image in cloud.images] == ["LOCKED", "LOCKED"]


def test_requests_are_answered_while_clients_call() -> None:
    with OpenNebula(Settings(answers="hold")) as opennebula, client(opennebula) as one:
        for name in ("good", "bad", "late"):
            one.allocate(f'NAME="{name}" TYPE="DATABLOCK" SIZE="1"', 1)
        opennebula.complete("MKFS", 0)
        opennebula.fail("MKFS", 1, "disk full")
        opennebula.advance(60)
        states = [image.state.name for image in opennebula.cloud.images]
        assert states == ["READY", "ERROR", "LOCKED"]
        assert "failure, 'disk full'" in opennebula.told()
        with pytest.raises(NotAskedError):
            opennebula.complete("MKFS", 0)
    assert opennebula.told(1).splitlines()[0].endswith("earlier entries are left out)")


def test_calls_fail_on_demand() -> None:
    with OpenNebula() as opennebula, client(opennebula) as one:
        opennebula.fault("one.image.*", error="INTERNAL", text="try later", count=1)
        with pytest.raises(ClientRefused, match=r"^\[one.image.allocate\] try later$") as refused:
            one.allocate(NEW, 1)
        assert refused.value.code == 0x2000
        assert one.allocate(NEW, 1) == 0
        with pytest.raises(InputError, match="a rule does one thing"):
            opennebula.fault(drop=True, status=500)


def test_time_can_be_tied_to_real_time() -> None:
    with OpenNebula(Settings(delay=3600, speed=1e6)) as opennebula, client(opennebula) as one:
        one.allocate(NEW, 1)
        while one.info(0).state == ImageState.LOCKED:
            pass
        assert one.info(0).state == ImageState.READY


def test_calls_wait_while_the_lock_is_held() -> None:
    with OpenNebula() as opennebula, client(opennebula) as one, ThreadPoolExecutor(1) as pool:
        with opennebula.lock:
            call = pool.submit(one.allocate, NEW, 1)
            assert opennebula.cloud.images.ids() == []
            opennebula.cloud.image.allocate('NAME="first" TYPE="DATABLOCK" SIZE="1"', 1)
        assert call.result(30) == 1


def test_another_user_comes_with_credentials_of_its_own() -> None:
    with OpenNebula() as opennebula:
        ann = opennebula.new_user("ann")
        assert ann.session == "ann:secret"
        assert ann.auth_file.read_text("utf-8") == "ann:secret\n"
        assert ann.environment["ONE_USERNAME"] == "ann"
        opennebula.cloud.image.allocate(NEW, 1)
        with client(ann) as one, pytest.raises(ClientRefused, match="Not authorized") as refused:
            one.delete(0)
        assert refused.value.code == 0x0200
        with pytest.raises(InternalRefused, match="already taken"):
            opennebula.new_user("ann")


def test_it_cannot_be_entered_twice() -> None:
    with OpenNebula() as opennebula:
        pass
    with pytest.raises(InputError, match="entered before"):
        opennebula.__enter__()


def test_before_it_is_entered_there_is_no_endpoint() -> None:
    opennebula = OpenNebula()
    with pytest.raises(InputError, match="does not run"):
        opennebula.endpoint  # noqa: B018 - that it is refused is the point
    with pytest.raises(InputError, match="does not run"):
        opennebula.advance(1)
    assert opennebula.told() == "Nothing happened."


@with_opennebula(Settings(answers="failure"))
def test_a_function_that_pytest_runs_gets_one_of_its_own(
    opennebula: OpenNebula, tmp_path: object
) -> None:
    assert tmp_path
    opennebula.cloud.image.allocate(NEW, 1)
    assert opennebula.cloud.images[0].state.name == "ERROR"


@with_opennebula
def test_a_decorator_needs_no_parentheses(opennebula: OpenNebula) -> None:
    assert opennebula.cloud.images.ids() == []


@with_opennebula()
def one_image(number: int, opennebula: OpenNebula, *, name: str = "new") -> tuple[int, str]:
    """Make an image."""
    opennebula.cloud.image.allocate(f'NAME="{name}" TYPE="DATABLOCK" SIZE="1"', 1)
    return number, opennebula.cloud.images[0].name


def test_a_decorated_function_keeps_its_other_parameters_and_its_name() -> None:
    assert one_image(1, name="a") == (1, "a")
    assert one_image(2) == (2, "new")
    assert one_image.__name__ == "one_image"
    assert one_image.__doc__ == "Make an image."
    assert list(inspect.signature(one_image).parameters) == ["number", "name"]


def test_a_coroutine_function_can_be_decorated() -> None:
    @with_opennebula()
    async def later(opennebula: OpenNebula) -> str:
        await asyncio.sleep(0)
        return opennebula.endpoint

    assert inspect.iscoroutinefunction(later)
    assert asyncio.run(later()).startswith("http://127.0.0.1:")


def test_a_function_that_does_not_take_it_cannot_be_decorated() -> None:
    with pytest.raises(InputError, match="must take a parameter 'opennebula'"):

        @with_opennebula()
        def forgetful() -> None: ...


class OfUnittest(unittest.TestCase):
    def setUp(self) -> None:
        self.opennebula = self.enterContext(OpenNebula())

    def test_it_is_there(self) -> None:
        self.opennebula.cloud.image.allocate(NEW, 1)
        assert os.environ["ONE_XMLRPC"] == self.opennebula.endpoint

    @with_opennebula(Settings(answers="hold"))
    def test_a_method_can_have_another(self, opennebula: OpenNebula) -> None:
        assert opennebula.endpoint != self.opennebula.endpoint


def test_unittest_runs_it() -> None:
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(OfUnittest).run(result)
    assert result.testsRun == 2
    assert result.wasSuccessful(), result.failures + result.errors
