"""The state machine that drives a client: a good one passes, and each mistake is found and told."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from lifecycle.testing import (
    ClientRefused,
    ImageClient,
    ImageClientMachine,
    OpenNebula,
    PyoneClient,
    SeenImage,
    XmlRpcClient,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SHORT = settings(
    derandomize=True,
    database=None,
    deadline=None,
    # A mistake is to be found; that its example becomes small is Hypothesis's own doing.
    phases=[Phase.generate],
    max_examples=30,
    stateful_step_count=15,
    suppress_health_check=list(HealthCheck),
)


def run(make: Callable[[OpenNebula], ImageClient]) -> None:
    """Drive the client that is made for each example."""

    class Machine(ImageClientMachine):
        def client(self, opennebula: OpenNebula) -> ImageClient:
            return make(opennebula)

    run_state_machine_as_test(Machine, settings=SHORT)


def made(kind: type[XmlRpcClient]) -> Callable[[OpenNebula], ImageClient]:
    return lambda opennebula: kind(opennebula.endpoint, opennebula.session)


def test_a_good_client_passes() -> None:
    run(made(XmlRpcClient))


class Content(XmlRpcClient):
    """Takes no refusal for one."""

    def delete(self, image: int) -> None:
        try:
            super().delete(image)
        except ClientRefused:
            return


class Fearful(XmlRpcClient):
    """Takes a success for a refusal."""

    def rename(self, image: int, name: str) -> None:
        super().rename(image, name)
        raise ClientRefused("it did not feel right")


class Forgetful(XmlRpcClient):
    """Gives another id than the cloud."""

    def allocate(self, template: str, datastore: int) -> int:
        return super().allocate(template, datastore) + 1


class Lazy(XmlRpcClient):
    """Does not call at all."""

    def enable(self, image: int, enabled: bool) -> None:
        del image, enabled


class Contrary(XmlRpcClient):
    """Asks for the opposite."""

    def persistent(self, image: int, persistent: bool) -> None:
        super().persistent(image, not persistent)


class Muddled(XmlRpcClient):
    """Tells another code than oned."""

    def clone(self, image: int, name: str) -> int:
        try:
            return super().clone(image, name)
        except ClientRefused as refused:
            raise ClientRefused(refused.message, 7) from refused


class Blind(XmlRpcClient):
    """Shows every image as one that is ready."""

    def info(self, image: int) -> SeenImage:
        return super().info(image)._replace(state=1)


class Inventive(XmlRpcClient):
    """Shows images that are not there."""

    def info(self, image: int) -> SeenImage:
        try:
            return super().info(image)
        except ClientRefused:
            return SeenImage(image, "nowhere", 1, persistent=False, running_vms=0)


class Shy(XmlRpcClient):
    """Finds no image that is there."""

    def info(self, image: int) -> SeenImage:
        raise ClientRefused(f"there is no image {image}")


class Short(XmlRpcClient):
    """Lists the newest image alone."""

    def ids(self) -> list[int]:
        return super().ids()[:1]


@pytest.mark.parametrize(
    ("client", "words"),
    [
        (Content, r"delete\(.*\) was refused, .*, and the client is content"),
        (Fearful, r"rename\(.*\) was done, and the client says: it did not feel right"),
        (Forgetful, r"allocate\(.*\) made image \d, and the client says \d"),
        (Lazy, r"enable\(.*\) made no call one.image.enable"),
        (Contrary, r"persistent\(.*\) asked for one.image.persistent\(.*\)"),
        (Muddled, r"clone\(.*\) was refused with \d+, not 7"),
        (Blind, r"info\(\d\) showed .*state=1.*, the cloud holds .*state=\d"),
        (Inventive, r"info\(999\) showed .*, and there is no such image"),
        (Shy, r"info\(\d\) was refused: there is no image \d, and there it is"),
        (Short, r"ids\(\) listed \[\d\], the cloud holds \[\d, \d.*\]"),
    ],
    ids=lambda one: one.__name__ if isinstance(one, type) else "",
)
def test_a_mistake_of_a_client_is_found_and_told(client: type[XmlRpcClient], words: str) -> None:
    with pytest.raises(AssertionError, match=words) as raised:
        run(made(client))
    assert "00:00:00" in str(raised.value) or "Nothing happened." in str(raised.value)


def test_a_machine_says_which_client_it_drives() -> None:
    with pytest.raises(NotImplementedError, match="say in client"):
        run_state_machine_as_test(ImageClientMachine, settings=SHORT)


class OneError(Exception):
    """Stands for the exception of pyone."""


def of_pyone(client: XmlRpcClient) -> SimpleNamespace:
    """Give what looks like a OneServer; the real one is driven in tests/clients."""

    def call(name: str) -> Callable[..., object]:
        def made_call(*params: int | str) -> object:
            try:
                return client.call(name, *params)
            except ClientRefused as refused:
                raise OneError(refused.message) from refused

        return made_call

    def info(image: int) -> object:
        try:
            seen = client.info(image)
        except ClientRefused as refused:
            raise OneError(refused.message) from refused
        return SimpleNamespace(
            ID=seen.id,
            NAME=seen.name,
            STATE=seen.state,
            PERSISTENT=int(seen.persistent),
            RUNNING_VMS=seen.running_vms,
        )

    def pool(*params: int) -> object:
        assert params == (-2, -1, -1)
        return SimpleNamespace(IMAGE=[SimpleNamespace(ID=one) for one in client.ids()])

    names = ("allocate", "clone", "delete", "enable", "persistent", "rename")
    calls = {name: call(f"one.image.{name}") for name in names}
    return SimpleNamespace(
        image=SimpleNamespace(info=info, **calls), imagepool=SimpleNamespace(info=pool)
    )


def test_a_client_of_pyone_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyone", SimpleNamespace(OneException=OneError))
    clients = []

    def make(opennebula: OpenNebula) -> ImageClient:
        clients.append(XmlRpcClient(opennebula.endpoint, opennebula.session))
        return PyoneClient(of_pyone(clients[-1]))

    try:
        run(make)
    finally:
        for client in clients:
            client.close()
