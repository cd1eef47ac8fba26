"""OpenNebula's templates as XML, read node by node as oned does.

An element that holds one text is an attribute; one that holds elements is a
vector of those that begin with a text; any other, an empty one too, is passed
over.

Source: ``Template::rebuild_attributes``, ``single_xml_att`` and
``vector_xml_att`` of ``src/template/Template.cc``, over the nodes of libxml2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from lifecycle.cloud.template_text import ParseError, attribute_name

if TYPE_CHECKING:
    from lifecycle.cloud.template_text import Pairs

_ATTRIBUTE, _PART, _DEEPER = 2, 3, 4
_DEEPEST = 256
"""How deep elements may lie within each other: libxml2 takes no more."""


def elements(text: str) -> Pairs:
    """Read attributes from XML: names in capitals, and values, in the order of the text.

    Raises:
        ParseError: the text is not well-formed, or has a document type, and so perhaps entities.
    """
    content = text.encode(errors="surrogatepass")
    nodes = _Nodes()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = len(content) + 1  # so that a text comes in one piece
    parser.StartDoctypeDeclHandler = nodes.refuse
    parser.StartElementHandler = nodes.start
    parser.EndElementHandler = nodes.end
    parser.CharacterDataHandler = nodes.text
    parser.StartCdataSectionHandler = nodes.start_cdata
    parser.EndCdataSectionHandler = nodes.end_cdata
    parser.CommentHandler = nodes.other
    parser.ProcessingInstructionHandler = nodes.other
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat has no name for it
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise _malformed() from error
    return nodes.pairs


def _malformed() -> ParseError:
    return ParseError("Parse error: XML Template malformed.")


class _Nodes:
    """Takes nodes as they come, and keeps the attributes that they make."""

    def __init__(self) -> None:
        self.pairs: Pairs = []
        self._depth = 0
        self._name = self._part = ""
        self._texts: list[str] = []
        self._part_texts: list[str] = []
        self._vector: dict[str, str] | None = None
        # How many nodes the attribute and its part hold, and whether the last was CDATA.
        self._count = [0, 0]
        self._last_cdata = self._in_cdata = self._came = False

    def refuse(self, *_: object) -> None:
        raise _malformed()

    def start(self, name: str, _: object) -> None:
        self._depth += 1
        self._last_cdata = False
        if self._depth > _DEEPEST:
            raise _malformed()
        name = name.rpartition(":")[2]
        if self._depth == _ATTRIBUTE:
            self._name, self._texts, self._vector = name, [], None
            self._count = [0, 0]
        elif self._depth == _PART:
            self._count = [self._count[0] + 1, 0]
            self._part, self._part_texts = name.upper(), []
            self._vector = {} if self._vector is None else self._vector
        elif self._depth == _DEEPER:
            self._count[1] += 1

    def end(self, _: str) -> None:
        if self._depth == _ATTRIBUTE:
            if self._count[0] == 1 and self._texts:
                self.pairs.append((attribute_name(self._name), "".join(self._texts)))
            elif self._vector is not None:
                self.pairs.append((attribute_name(self._name), self._vector))
        elif self._depth == _PART and self._part_texts and self._vector is not None:
            self._vector[self._part] = "".join(self._part_texts)
        self._depth -= 1
        self._last_cdata = False

    def text(self, data: str) -> None:
        self._came = True
        # Sections that touch are one node.
        goes_on = self._in_cdata and self._last_cdata
        self._last_cdata = self._in_cdata
        if self._depth not in (_ATTRIBUTE, _PART):
            return
        level = self._depth - _ATTRIBUTE
        self._count[level] += not goes_on
        if self._count[level] != 1:
            return
        if self._depth == _ATTRIBUTE:
            self._texts.append(data)
        else:
            self._part_texts.append(data)

    def start_cdata(self) -> None:
        self._in_cdata, self._came = True, False

    def end_cdata(self) -> None:
        if not self._came:
            self.text("")
        self._in_cdata = False

    def other(self, *_: object) -> None:
        self._last_cdata = False
        if self._depth in (_ATTRIBUTE, _PART):
            self._count[self._depth - _ATTRIBUTE] += 1
