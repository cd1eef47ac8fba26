"""The elements of an XML document one by one, however long it is, and nothing hostile.

The parser is that of `defusedxml`: a document with a DTD, and so with any
entity of its own, is refused. What is kept at a time is one object of a pool.
"""

from __future__ import annotations

import gzip
import re
import sys
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from lifecycle.refusal import InputError, LifecycleError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Node = dict[str, Any]
"""An element by its children's names: a text, a node, or a list where a name is there again."""

STANDARD_INPUT = "-"
"""What stands for standard input in the place of a file's name."""

_CHUNK = 64 * 1024
_MOST_BYTES_AN_OBJECT = 16 * 1024 * 1024
_MOST_DEPTH = 32
_GZIP = b"\x1f\x8b"
_DECLARATION = re.compile(rb"^<\?xml[^>]*\?>")


def objects(
    name: str, kinds: Mapping[str, str], pools: list[str] | None = None
) -> Iterator[tuple[int, str, Node]]:
    """Give the objects of a document, each with its line and its kind, as they come.

    Args:
        name: of the file, plain or packed with gzip; ``-`` for standard input.
        kinds: what the document may hold, as ``{"IMAGE_POOL": "IMAGE"}``: the
            name of a pool and that of its objects, which may also stand alone.
        pools: gets the name of the pool, where it is one.

    Raises:
        InputError: it cannot be read, is no XML, is cut off, is of another
            kind, or could harm who reads it.
    """
    shown = "standard input" if name == STANDARD_INPUT else name
    with _opened(name, shown) as stream:
        yield from read(stream, kinds, shown, pools)


def read(
    stream: IO[bytes],
    kinds: Mapping[str, str],
    shown: str,
    pools: list[str] | None = None,
) -> Iterator[tuple[int, str, Node]]:
    """Give the objects of a document that is open already; see `objects`.

    Raises:
        InputError: as `objects` raises it.
    """
    parser, hostile = _parser()
    handler = _Handler(kinds, shown, parser)
    parser.setContentHandler(handler)
    total = since = 0
    try:
        while chunk := stream.read(_CHUNK):
            total += len(chunk)
            parser.feed(chunk)
            found = handler.taken()
            since = 0 if found else since + len(chunk)
            if since > _MOST_BYTES_AN_OBJECT:
                raise InputError("has an object larger than 16 MiB", file=shown, line=handler.line)
            yield from found
        if not total:
            raise InputError("is empty; an XML document is expected", file=shown)
        parser.close()
    except SAXParseException as error:
        line = error.getLineNumber() or 0
        raise InputError(_why_unreadable(error), file=shown, line=line) from error
    except hostile as error:
        problem = "declares a DTD or entities; OpenNebula's documents have none, so it is refused"
        raise InputError(problem, file=shown) from error
    except (OSError, EOFError, zlib.error, LookupError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise InputError(f"cannot be read: {why}", file=shown) from error
    yield from handler.taken()
    if pools is not None and handler.pool:
        pools.append(handler.pool)


def parts(name: str, root: str) -> list[bytes]:
    """Give the documents that stand one behind the other in a file, each from a line of its own.

    In front of each are as many line ends as in the file, so that its lines
    have the same numbers.

    Args:
        name: of the file, plain or packed with gzip; ``-`` for standard input.
        root: what the name of an outermost element begins with.

    Raises:
        InputError: it cannot be read.
    """
    shown = "standard input" if name == STANDARD_INPUT else name
    try:
        with _opened(name, shown) as stream:
            content = stream.read()
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"cannot be read: {error}", file=shown) from error
    first = re.search(rf"<({root}\w*)[\s>/]".encode(), content)
    if first is None:
        return [content]
    begins = re.compile(rb"^(?:<\?xml[^>]*\?>\s*)?<" + first[1] + rb"[\s>/]", re.MULTILINE)
    starts = [found.start() for found in begins.finditer(content)]
    if len(starts) < 2:  # noqa: PLR2004 - one document, or none that begins a line
        return [content]
    ends = [*starts[1:], len(content)]
    return [
        b"\n" * content.count(b"\n", 0, start) + _DECLARATION.sub(b"", content[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]


def texts(node: Node, name: str) -> list[Any]:
    """Give the children of a name, in order; none, one and many alike."""
    found = node.get(name, [])
    return found if isinstance(found, list) else [found]


class _Handler(ContentHandler):
    """Collects the objects of a pool, each as a node."""

    def __init__(self, kinds: Mapping[str, str], shown: str, locator: Any) -> None:
        super().__init__()
        self.locator = locator
        self.kinds = kinds
        self.shown = shown
        self.found: list[tuple[int, str, Node]] = []
        self.pool = ""
        self.stack: list[Node] = []
        self.names: list[str] = []
        self.text: list[str] = []
        self.line = 0
        # Each event of a large document passes here: methods that do one thing are bound once.
        self.characters = self.text.append  # type: ignore[method-assign, assignment]  # as good

    def taken(self) -> list[tuple[int, str, Node]]:
        found, self.found = self.found, []
        return found

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: ARG002, N802 - as xml.sax has it
        if ":" in name:
            name = name.rpartition(":")[2]
        if not self.stack:
            self._begin(name)
            return
        if self.text:
            self.text.clear()
        self.names.append(name)
        self.stack.append({})
        if len(self.stack) > _MOST_DEPTH:
            raise InputError("is nested too deeply", file=self.shown, line=self._line())

    def _begin(self, name: str) -> None:
        line = self._line()
        if not self.pool:
            if name in self.kinds:
                self.pool = name
                return
            if name not in self.kinds.values():
                raise InputError(self._foreign(name), file=self.shown, line=line)
        elif name != self.kinds[self.pool]:
            # Something of a later version beside the objects: nothing is known of it.
            name = ""
        self.text.clear()
        self.line = line
        self.names.append(name)
        self.stack.append({})

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802 - as xml.sax has it
        if not self.stack:
            return
        node = self.stack.pop()
        own = self.names.pop()
        value: Any = node or "".join(self.text)
        self.text.clear()
        if not self.stack:
            if own:
                self.found.append((self.line, own, node))
            return
        outer = self.stack[-1]
        if own not in outer:
            outer[own] = value
        elif isinstance(outer[own], list):
            outer[own].append(value)
        else:
            outer[own] = [outer[own], value]

    def _line(self) -> int:
        return self.locator.getLineNumber() or 0

    def _foreign(self, name: str) -> str:
        expected = " or ".join(dict.fromkeys((*self.kinds, *self.kinds.values())))
        return f"holds {name[:60]!r} where {expected} is due"


def _parser() -> tuple[Any, type[Exception]]:
    """Give a parser that refuses what is hostile, and the exception with which it does."""
    try:
        from defusedxml.common import DefusedXmlException  # noqa: PLC0415 - an extra
        from defusedxml.expatreader import DefusedExpatParser  # noqa: PLC0415 - the same
    except ModuleNotFoundError as error:
        raise LifecycleError(
            "reading XML needs defusedxml;"
            " install it with: pip install 'opennebula-image-lifecycle[endpoint]'"
        ) from error
    return DefusedExpatParser(forbid_dtd=True), DefusedXmlException


def _why_unreadable(error: SAXParseException) -> str:
    problem = error.getMessage()
    if "no element found" in problem or "unclosed" in problem:
        return "is cut off: the document does not end"
    return f"is not well-formed XML: {problem}"


@contextmanager
def _opened(name: str, shown: str) -> Iterator[IO[bytes]]:
    if name == STANDARD_INPUT:
        yield _unpacked(sys.stdin.buffer, shown)
        return
    try:
        stream = Path(name).open("rb")  # noqa: SIM115 - the next lines are its context
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read: {why}", file=shown) from error
    with stream:
        yield _unpacked(stream, shown)


def _unpacked(stream: Any, shown: str) -> IO[bytes]:
    try:
        packed = stream.peek(len(_GZIP))[: len(_GZIP)] == _GZIP
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=shown) from error
    return gzip.GzipFile(fileobj=stream) if packed else stream  # type: ignore[return-value]  # it reads bytes as well
