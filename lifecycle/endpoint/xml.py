"""The XML of a call as a tree; what is not well-formed, or may do harm, is a fault.

The words of the faults are those of the parser in xmlrpc-c, which is an early
expat. What it would expand, a document type with its entities, is refused
here: the one thing in which this is not oned.

Source: ``lib/expat/xmlparse/xmlparse.c`` of xmlrpc-c 1.33.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from defusedxml.common import DefusedXmlException
from defusedxml.xmlrpc import DefusedExpatParser

from lifecycle.endpoint.fault import Fault, FaultCode

_NOT_VALID = "Call XML not a proper XML-RPC call.  Call is not valid XML.  "
_SAMPLE = 40
_MOST_ELEMENTS = 100_000
_MOST_DEPTH = 1000

_INVALID = expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]
_MISMATCHED = expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH]
_OUTSIDE = {
    expat.errors.codes[one]
    for one in (
        expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT,
        expat.errors.XML_ERROR_UNKNOWN_ENCODING,
        expat.errors.XML_ERROR_INCORRECT_ENCODING,
    )
}
"""Errors that are told without the token at which they were found."""
_UTF8_BOM = b"\xef\xbb\xbf"
_DECLARED = re.compile(rb"<\?xml[^>]*\bencoding\s*=", re.ASCII)
_LENGTHS = (
    dict.fromkeys(range(0xC0, 0xE0), 2)
    | dict.fromkeys(range(0xE0, 0xF0), 3)
    | dict.fromkeys(range(0xF0, 0xF8), 4)
)
"""How many bytes a character has in UTF-8, by its first."""
_STAND_INS = {2: "\u0080".encode(), 3: "\u0800".encode(), 4: "\U00010000".encode()}


class Element:
    """An element of the call: its name, its text, and its children."""

    __slots__ = ("children", "name", "parts")

    def __init__(self, name: str) -> None:
        """Begin an empty element."""
        self.name = name
        self.parts: list[str] = []
        self.children: list[Element] = []

    @property
    def text(self) -> str:
        """All that stands between its tags, its children aside."""
        return "".join(self.parts)


class _Builder:
    """Builds the tree from what the parser reports."""

    __slots__ = ("count", "open", "root")

    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []
        self.count = 0

    def xml(self, encoding: str | None, standalone: object) -> None:
        """Begin; part of what the parser expects of its target."""

    def start(self, name: str, attributes: object) -> None:
        del attributes
        self.count += 1
        if self.count > _MOST_ELEMENTS or len(self.open) > _MOST_DEPTH:
            raise Fault(FaultCode.LIMIT_EXCEEDED, "XML-RPC request has too many elements")
        element = Element(name)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, name: str) -> None:
        del name
        self.open.pop()

    def data(self, text: str) -> None:
        # expat reports text only inside of the root element.
        self.open[-1].parts.append(text)


class _Parser(DefusedExpatParser):
    """The parser that refuses a document type, entities and anything external."""

    _parser: expat.XMLParserType

    def __init__(self, target: _Builder) -> None:
        super().__init__(target, forbid_dtd=True)  # type: ignore[arg-type]  # any target will do
        self._parser.buffer_text = True

    def parse(self, body: bytes) -> None:
        """Parse a whole document."""
        self._parser.Parse(body, True)  # noqa: FBT003 - expat's own signature

    @property
    def place(self) -> int:
        """The byte at which the parser stopped."""
        return int(self._parser.ErrorByteIndex)


def parse(body: bytes) -> Element:
    """Give the root element of a call.

    Raises:
        Fault: it is not well-formed, has a document type, or far too many elements.
    """
    if body.startswith(_UTF8_BOM):
        raise Fault(FaultCode.PARSE, _NOT_VALID + "not well-formed")
    builder = _Builder()
    parser = _Parser(builder)
    try:
        parser.parse(_as_read(body))
    except expat.ExpatError as error:
        words = _words(body, error.code, parser.place, begun=builder.root is not None)
        raise Fault(FaultCode.PARSE, _NOT_VALID + words) from error
    except DefusedXmlException as error:
        raise Fault(
            FaultCode.PARSE, _NOT_VALID + "A document type is not accepted here."
        ) from error
    except (LookupError, ValueError) as error:  # an encoding that Python does not read
        raise Fault(FaultCode.PARSE, _NOT_VALID + "unknown encoding") from error
    if builder.root is None:
        raise Fault(FaultCode.PARSE, _NOT_VALID + "no element found")
    return builder.root


def _as_read(body: bytes) -> bytes:
    """Give the bytes as an early expat takes them, where they are not quite UTF-8.

    It trusts the first byte of a character and swallows as many as that
    announces: a tag behind a stray Latin-1 letter is gone, and what is
    missing is told of, not the letter.
    """
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        if _DECLARED.match(body):
            return body
    else:
        return body
    taken, place = bytearray(body), 0
    while place < len(taken):
        length = _LENGTHS.get(taken[place], 1)
        character = bytes(taken[place : place + length])
        if length > 1 and not _is_utf8(character):
            taken[place : place + length] = _STAND_INS.get(len(character), b"?")
        place += length
    return bytes(taken)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _words(body: bytes, code: int, place: int, *, begun: bool) -> str:
    if code in _OUTSIDE:
        return expat.ErrorString(code)
    if not begun:
        # In front of the root, a text is a syntax error; what cannot begin a text is not.
        plain = code != _INVALID or body[place : place + 1].isalnum()
        return "syntax error" if plain else "not well-formed"
    start = place
    what = expat.ErrorString(code)
    if code == _INVALID:
        tag = body.rfind(b"<", 0, place + 1)
        start = tag if tag > body.rfind(b">", 0, place) else place
        what = f"Invalid token, starting {place - start} bytes in"
    elif code == _MISMATCHED and body[:place].endswith(b"</"):
        # A newer expat points behind the beginning of the tag.
        start = place - len(b"</")
    return f"Invalid XML \"content\".  Problem with token at '{_sample(body[start:])}...': {what}"


def _sample(rest: bytes) -> str:
    return "".join(_shown(byte) for byte in rest[:_SAMPLE])


def _shown(byte: int) -> str:
    special = {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t", 0x5C: "\\\\"}
    if byte in special:
        return special[byte]
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}"  # noqa: PLR2004 - printable ASCII
