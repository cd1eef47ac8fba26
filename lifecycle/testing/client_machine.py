"""A Hypothesis state machine that drives a client of yours against a cloud, and compares.

Machines come and go, drivers answer well and badly, and between two calls of
the client anything may have happened. After each call the client must have
told what the cloud answered: the new id, a refusal with oned's words, or
nothing at all where all went well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from lifecycle.testing.clients import ClientRefused, ImageClient, SeenImage
from lifecycle.testing.opennebula import OpenNebula
from lifecycle.testing.settings import Settings
from lifecycle.testing.steps import Call, next_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lifecycle.testing.steps import Step

__all__ = ["ImageClientMachine"]

_MISSING = 999
_DATASTORES = (1, 2, _MISSING)
_NAMES = ("a name", "image-0", "", "bad|name", "ünïcode", "x" * 129)
_OF_OTHERS = ("answer", "machine", "wait")


class ImageClientMachine(RuleBasedStateMachine):
    """Drives a client of images; say in `client` which one.

    >>> from lifecycle.testing import ImageClientMachine, XmlRpcClient
    >>> class MyClient(ImageClientMachine):
    ...     def client(self, opennebula):
    ...         return XmlRpcClient(opennebula.endpoint, opennebula.session)
    >>> TestMyClient = MyClient.TestCase  # pytest and unittest both run it

    Each example has a cloud and an endpoint of its own. A failing one prints
    the calls that show the mistake, as few as Hypothesis can find.

    Attributes:
        begin: how the cloud begins; its drivers answer when the machine says so.
        opennebula: the cloud of the example that is running.
    """

    begin = Settings(answers="hold")

    def __init__(self) -> None:
        """Begin with a fresh cloud and a fresh client."""
        super().__init__()
        self.opennebula = OpenNebula(self.begin).__enter__()
        try:
            self._client = self.client(self.opennebula)
        except BaseException:
            self.opennebula.__exit__(None, None, None)
            raise

    def client(self, opennebula: OpenNebula) -> ImageClient:
        """Give the client that is to be driven, pointed at the cloud of an example."""
        raise NotImplementedError("say in client() which client is to be driven")

    def teardown(self) -> None:
        """End the example: close the client, if it can be closed, and the cloud."""
        try:
            close = getattr(self._client, "close", None)
            if close is not None:
                close()
        finally:
            self.opennebula.__exit__(None, None, None)

    # What the client does

    @rule(data=st.data())
    def do_what_is_possible(self, data: st.DataObject) -> None:
        """Have the client make a call that the cloud accepts now."""
        possible: dict[str, list[Call]] = {}
        for call in _driven(self._possible("birth", "copy", "image")):
            possible.setdefault(_method(call), []).append(call)
        if possible:
            # The method first, or those of which there are many ways would crowd out the rest.
            method = data.draw(st.sampled_from(sorted(possible)), "method")
            self._make(data.draw(st.sampled_from(possible[method]), "call"))

    @rule(data=st.data())
    def do_anything(self, data: st.DataObject) -> None:
        """Have the client make any call, on any image or on none that there is."""
        ids = [*self.opennebula.cloud.images.ids(), _MISSING]
        image, name = st.sampled_from(ids), st.sampled_from(_NAMES)
        template = name.map(lambda text: f'NAME="{text}" TYPE="DATABLOCK" SIZE="1"')
        any_call = st.one_of(
            st.builds(_call("allocate"), template, st.sampled_from(_DATASTORES)),
            st.builds(_call("clone"), image, name),
            st.builds(_call("delete"), image),
            st.builds(_call("enable"), image, st.booleans()),
            st.builds(_call("persistent"), image, st.booleans()),
            st.builds(_call("rename"), image, name),
        )
        self._make(data.draw(any_call, "call"))

    @rule(data=st.data())
    def look_at_one(self, data: st.DataObject) -> None:
        """Have the client show an image, and compare it with the cloud's."""
        number = data.draw(
            st.sampled_from([*self.opennebula.cloud.images.ids(), _MISSING]), "image"
        )
        image = self.opennebula.cloud.images.get(number)
        try:
            seen = self._client.info(number)
        except ClientRefused as refused:
            self._must(image is None, f"info({number}) was refused: {refused}, and there it is")
            return
        if image is None:
            self._must(False, f"info({number}) showed {seen}, and there is no such image")  # noqa: FBT003 - it is one
            return
        held = SeenImage(
            image.id, image.name, image.state.value, image.is_persistent, image.running_vms
        )
        self._must(seen == held, f"info({number}) showed {seen}, the cloud holds {held}")

    @rule()
    def look_at_all(self) -> None:
        """Have the client list the images."""
        seen, held = sorted(self._client.ids()), sorted(self.opennebula.cloud.images.ids())
        self._must(seen == held, f"ids() listed {seen}, the cloud holds {held}")

    # What others do meanwhile

    @precondition(lambda self: self._possible(*_OF_OTHERS))
    @rule(data=st.data())
    def have_others_do_something(self, data: st.DataObject) -> None:
        """Have a driver answer, a machine come, move or go, or time pass."""
        step = data.draw(st.sampled_from(self._possible(*_OF_OTHERS)), "meanwhile")
        with self.opennebula.lock:
            step.take(self.opennebula.cloud)

    def _possible(self, *subjects: str) -> list[Step]:
        found = next_steps(self.opennebula.cloud)
        return [step for subject in subjects for step in found.get(subject, ())]

    def _make(self, call: Call) -> None:
        """Make a call through the client, and hold what it tells against the cloud's answer."""
        cloud = self.opennebula.cloud
        before = len(cloud.journal)
        told: Any = None
        refused: ClientRefused | None = None
        function: Callable[..., Any] = getattr(self._client, _method(call))
        try:
            told = function(*call.params)
        except ClientRefused as error:
            refused = error
        made = [
            entry
            for entry in cloud.journal.of("call")
            if entry.number > before and entry.what == call.method
        ]
        words = f"{_method(call)}{call.params!r}"
        if not made:
            self._must(False, f"{words} made no call {call.method}")  # noqa: FBT003 - it made none
            return
        answer = made[-1].detail
        if call.method != "one.image.allocate":
            given = tuple(answer["params"][: len(call.params)])
            self._must(given == call.params, f"{words} asked for {call.method}{given!r}")
        if answer["ok"]:
            self._must(refused is None, f"{words} was done, and the client says: {refused}")
            if call.method in _MAKERS:
                value = answer["value"]
                self._must(told == value, f"{words} made image {value}, and the client says {told}")
            return
        if refused is None:
            self._must(False, f"{words} was refused, {answer['value']}, and the client is content")  # noqa: FBT003 - it is not
            return
        told_code = refused.code in (None, answer["code"])
        self._must(told_code, f"{words} was refused with {answer['code']}, not {refused.code}")

    def _must(self, holds: bool, what: str) -> None:  # noqa: FBT001 - it is what is checked
        if not holds:
            raise AssertionError(f"{what}\n\n{self.opennebula.told()}")


_MAKERS = ("one.image.allocate", "one.image.clone")
_DRIVEN = ("allocate", "clone", "delete", "enable", "persistent", "rename")


def _method(call: Call) -> str:
    return call.method.removeprefix("one.image.")


def _driven(steps: list[Step]) -> Iterator[Call]:
    """Give the steps that an `ImageClient` can take; a forced delete is none."""
    for step in steps:
        if isinstance(step, Call) and _method(step) in _DRIVEN:
            forced = step.method == "one.image.delete" and len(step.params) > 1
            if not forced:
                yield step


def _call(method: str) -> Callable[..., Call]:
    return lambda *params: Call(f"one.image.{method}", params)
