"""An answer as it goes over the wire, in the spelling of xmlrpc-c.

A document may come in pieces, as that of a pool does; each is escaped and encoded
by itself, so that of thousands of images there is never more than one copy.

Sources: ``src/xmlrpc_serialize.c`` of xmlrpc-c 1.33, and ``src/rm/Request.cc``
of OpenNebula 7.4.0 for the elements of an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifecycle.endpoint.fault import Fault

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\r\n<methodResponse>\r\n'
_TAIL = "</methodResponse>\r\n"
_PIECE = 64 * 1024
_BATCH = 32
"""How many pieces of a text are escaped at once: many small steps take longer than a large one."""

Answer = int | str | bool | Iterator[str] | list["Answer"] | dict[str, "Answer"]
"""What an answer may consist of; an iterator gives a text in pieces."""


class Long(int):
    """An integer that is written as ``i8``."""


def refusal(message: str, code: int, object_id: int = -1) -> list[Answer]:
    """Give the elements of the answer to a call that was refused."""
    return [False, message, code, object_id, Long(-1)]


def result(value: Answer) -> list[bytes]:
    """Give a value as the body of an answer, in pieces."""
    return _encoded(_result(value))


def fault(what: Fault) -> list[bytes]:
    """Give a fault as the body of an answer."""
    return _encoded(_fault(what))


def fault_struct(what: Fault) -> dict[str, Answer]:
    """Give the struct that a fault consists of."""
    return {"faultCode": what.code, "faultString": what.text}


def escape(text: str) -> str:
    """Give a text as it stands in an element."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#x0d;")


def escape_long(text: str) -> str:
    """Give a long text as it stands in an element, with no more escapes than XML asks for.

    oned writes each ``>`` as an entity. A client's parser takes a third of its
    time for those, and reads the same without them.
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;")
    return text.replace("\r", "&#x0d;")


def _encoded(pieces: Iterator[str]) -> list[bytes]:
    found, waiting, size = [], [], 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size > _PIECE:
            found.append("".join(waiting).encode("utf-8", "replace"))
            waiting, size = [], 0
    found.append("".join(waiting).encode("utf-8", "replace"))
    return found


def _result(value: Answer) -> Iterator[str]:
    yield f"{_HEAD}<params>\r\n<param>"
    yield from _written(value)
    yield f"</param>\r\n</params>\r\n{_TAIL}"


def _fault(what: Fault) -> Iterator[str]:
    yield f"{_HEAD}<fault>\r\n"
    yield from _written(fault_struct(what))
    yield f"\r\n</fault>\r\n{_TAIL}"


def _written(value: Answer) -> Iterator[str]:
    if isinstance(value, str):
        yield f"<value><string>{escape(value)}</string></value>"
    elif isinstance(value, bool):
        yield f"<value><boolean>{value:d}</boolean></value>"
    elif isinstance(value, Long):
        yield f"<value><i8>{value:d}</i8></value>"
    elif isinstance(value, int):
        yield f"<value><i4>{value:d}</i4></value>"
    elif isinstance(value, list):
        yield "<value><array><data>\r\n"
        for one in value:
            yield from _written(one)
            yield "\r\n"
        yield "</data></array></value>"
    elif isinstance(value, dict):
        yield "<value><struct>\r\n"
        for name, one in value.items():
            yield f"<member><name>{escape(name)}</name>\r\n"
            yield from _written(one)
            yield "</member>\r\n"
        yield "</struct></value>"
    else:
        yield "<value><string>"
        while batch := list(islice(value, _BATCH)):
            yield escape_long("".join(batch))
        yield "</string></value>"
