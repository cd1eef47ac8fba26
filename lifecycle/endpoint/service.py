"""A cloud that is called from several threads: one call at a time, each whole or not at all."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from lifecycle.cloud.calls.remote import METHODS, authenticate
from lifecycle.cloud.pool import Selection
from lifecycle.codes import ErrorCode
from lifecycle.documents import pieces_of, text_of
from lifecycle.endpoint import introspection, reply
from lifecycle.endpoint.call import read_call
from lifecycle.endpoint.fault import Fault, no_parameters, no_such_method, too_few, wrong_type
from lifecycle.refusal import AuthenticationRefused

if TYPE_CHECKING:
    from lifecycle.cloud.calls.remote import Method
    from lifecycle.cloud.cloud import Cloud
    from lifecycle.endpoint.call import Value
    from lifecycle.endpoint.reply import Answer

_DUE: dict[type, str] = {int: "integer", bool: "boolean", str: "a string", list: "an array"}


class Service:
    """Answers calls on a cloud.

    Attributes:
        cloud: the cloud.
        lock: is held while the cloud is looked at or changed.
    """

    def __init__(self, cloud: Cloud) -> None:
        """Answer calls on a cloud."""
        self.cloud = cloud
        self.lock = threading.RLock()

    def answer(self, body: bytes) -> list[bytes]:
        """Give the answer to the body of a request, whatever it is, in pieces."""
        try:
            call = read_call(body)
            return self.answer_call(call.method, call.params)
        except Fault as fault:
            return reply.fault(fault)

    def answer_call(self, name: str, params: list[Value]) -> list[bytes]:
        """Give the answer to a call, in pieces.

        Raises:
            Fault: the call is none that is let through.
        """
        with self.lock:
            return reply.result(self.call(name, params))

    def call(self, name: str, params: list[Value]) -> Answer:
        """Make a call; the lock must be held until the answer is written.

        Raises:
            Fault: there is no such call, or a parameter is missing or of a wrong type.
        """
        method = METHODS.get(name)
        if method is None:
            if not name.startswith("system."):
                raise no_such_method(name)
            return introspection.answer(name, params, self.call)
        if not params:
            raise no_parameters()
        session, given = params[0], params[1:]
        # A session of another type is nobody's.
        if not isinstance(session, str) or authenticate(self.cloud, session) is None:
            message = AuthenticationRefused().message(name)
            return reply.refusal(message, ErrorCode.AUTHENTICATION)
        check(method, given)
        found = self.cloud.call(name, *given, session=session)
        if found.ok:
            value = found.value
            whole = not isinstance(value, Selection)
            document = text_of(self.cloud, value) if whole else pieces_of(self.cloud, value)
            return [True, document, 0]
        return reply.refusal(found.value, found.code, found.object_id)


def check(method: Method, params: list[Value]) -> None:
    """Let pass the parameters of a call, without the session; what is surplus is not looked at.

    Raises:
        Fault: one is missing, or of a wrong type.
    """
    place = method.wrong_place(params)
    if place is None:
        return
    if place >= len(params):
        raise too_few()
    kind = method.kinds[place]
    raise wrong_type(_DUE[int if isinstance(params[place], kind) else kind])
