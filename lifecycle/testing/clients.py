"""Clients of ``one.image.*`` in one shape, so that a state machine can drive any of them.

To have your own client driven, write an `ImageClient` around it: a method for
each call, which raises `ClientRefused` where your client tells that oned
refused. `XmlRpcClient` and `PyoneClient` are two that are ready.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from xmlrpc.client import ServerProxy

from defusedxml.ElementTree import fromstring

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

__all__ = ["ClientRefused", "ImageClient", "PyoneClient", "SeenImage", "XmlRpcClient"]


class ClientRefused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """When a client tells that oned refused a call.

    Attributes:
        message: oned's message, or what the client makes of it.
        code: oned's error code, None where the client does not tell.
    """

    def __init__(self, message: str, code: int | None = None) -> None:
        """Keep what the client tells."""
        super().__init__(message)
        self.message = message
        self.code = code


class SeenImage(NamedTuple):
    """An image as a client shows it.

    Attributes:
        id: the image's id.
        name: its name.
        state: OpenNebula's number of its state.
        persistent: whether it is persistent.
        running_vms: how many machines use it.
    """

    id: int
    name: str
    state: int
    persistent: bool
    running_vms: int


class ImageClient(Protocol):
    """What a client can do with images; every method raises `ClientRefused` where oned refuses."""

    def allocate(self, template: str, datastore: int) -> int:
        """Register an image and give its id."""

    def clone(self, image: int, name: str) -> int:
        """Have an image copied and give the id of the copy."""

    def delete(self, image: int) -> object:
        """Delete an image."""

    def enable(self, image: int, enabled: bool) -> object:  # noqa: FBT001 - as on the wire
        """Enable or disable an image."""

    def persistent(self, image: int, persistent: bool) -> object:  # noqa: FBT001 - as on the wire
        """Make an image persistent or not."""

    def rename(self, image: int, name: str) -> object:
        """Give an image another name."""

    def info(self, image: int) -> SeenImage:
        """Show an image."""

    def ids(self) -> list[int]:
        """Give the ids of all images, in any order."""


_ALL = (-2, -1, -1)


class XmlRpcClient:
    """The standard library's XML-RPC client, as an `ImageClient`.

    Args:
        endpoint: the address, as ``http://127.0.0.1:40613/RPC2``.
        session: ``user:password``.
    """

    def __init__(self, endpoint: str, session: str) -> None:
        """Keep a connection for as long as the client lives."""
        self.server = ServerProxy(endpoint)
        self.session = session

    def close(self) -> None:
        """Give the connection back."""
        self.server("close")()

    def __enter__(self) -> Self:
        """Give the connection back when the block ends."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def call(self, method: str, *params: int | str | bool) -> Any:
        """Make a call by its name, without the session, and give its value.

        Raises:
            ClientRefused: oned refuses it.
        """
        done, value, code, *_ = _answer(getattr(self.server, method)(self.session, *params))
        if not done:
            raise ClientRefused(str(value), int(code))
        return value

    def allocate(self, template: str, datastore: int) -> int:
        """Register an image and give its id."""
        return int(self.call("one.image.allocate", template, datastore))

    def clone(self, image: int, name: str) -> int:
        """Have an image copied and give the id of the copy."""
        return int(self.call("one.image.clone", image, name))

    def delete(self, image: int) -> None:
        """Delete an image."""
        self.call("one.image.delete", image)

    def enable(self, image: int, enabled: bool) -> None:  # noqa: FBT001 - as on the wire
        """Enable or disable an image."""
        self.call("one.image.enable", image, enabled)

    def persistent(self, image: int, persistent: bool) -> None:  # noqa: FBT001 - as on the wire
        """Make an image persistent or not."""
        self.call("one.image.persistent", image, persistent)

    def rename(self, image: int, name: str) -> None:
        """Give an image another name."""
        self.call("one.image.rename", image, name)

    def info(self, image: int) -> SeenImage:
        """Show an image."""
        found = fromstring(self.call("one.image.info", image))
        return SeenImage(
            int(found.findtext("ID", "")),
            found.findtext("NAME", ""),
            int(found.findtext("STATE", "")),
            found.findtext("PERSISTENT") == "1",
            int(found.findtext("RUNNING_VMS", "")),
        )

    def ids(self) -> list[int]:
        """Give the ids of all images."""
        pool = fromstring(self.call("one.imagepool.info", *_ALL))
        return [int(image.findtext("ID", "")) for image in pool.iterfind("IMAGE")]


def _answer(answer: object) -> list[Any]:
    if not isinstance(answer, list):
        raise TypeError(f"oned answers with an array, not {answer!r}")
    return answer


class PyoneClient:
    """A ``pyone.OneServer``, as an `ImageClient`.

    pyone tells by the class of its exceptions what kind of refusal it was, and
    not the code.

    Args:
        one: the server; pyone itself is what brings it.
    """

    def __init__(self, one: Any) -> None:
        """Drive a server of pyone's."""
        self.one = one

    def _call(self, method: Any, *params: object) -> Any:
        refused: type[Exception] = import_module("pyone").OneException
        try:
            return method(*params)
        except refused as error:
            raise ClientRefused(str(error)) from error

    def allocate(self, template: str, datastore: int) -> int:
        """Register an image and give its id."""
        return int(self._call(self.one.image.allocate, template, datastore))

    def clone(self, image: int, name: str) -> int:
        """Have an image copied and give the id of the copy."""
        return int(self._call(self.one.image.clone, image, name))

    def delete(self, image: int) -> None:
        """Delete an image."""
        self._call(self.one.image.delete, image)

    def enable(self, image: int, enabled: bool) -> None:  # noqa: FBT001 - as on the wire
        """Enable or disable an image."""
        self._call(self.one.image.enable, image, enabled)

    def persistent(self, image: int, persistent: bool) -> None:  # noqa: FBT001 - as on the wire
        """Make an image persistent or not."""
        self._call(self.one.image.persistent, image, persistent)

    def rename(self, image: int, name: str) -> None:
        """Give an image another name."""
        self._call(self.one.image.rename, image, name)

    def info(self, image: int) -> SeenImage:
        """Show an image."""
        found = self._call(self.one.image.info, image)
        return SeenImage(
            found.ID, found.NAME, found.STATE, bool(found.PERSISTENT), found.RUNNING_VMS
        )

    def ids(self) -> list[int]:
        """Give the ids of all images."""
        return [image.ID for image in self._call(self.one.imagepool.info, *_ALL).IMAGE]
