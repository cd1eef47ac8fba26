"""OpenNebula's template text, read token by token as oned does.

What oned takes is more than its guides tell: letters that begin no token are
passed over, a value in quotes ends at the last quote that it can, and where a
parser meets what it did not expect it says what that would have been, and where.

Sources: the rules of ``src/parsers/template_parser.l`` and the grammar of
``src/parsers/template_syntax.y``; ``include/Attribute.h``; and texts that a
running oned refused.
"""

from __future__ import annotations

import re
from typing import NamedTuple

Value = str | dict[str, str]
Pairs = list[tuple[str, Value]]

_NAMES = re.compile(
    r"(?P<VARIABLE>[A-Za-z0-9_]+)"
    r"|(?P<EQUAL_EMPTY>[ \t]*+=[ \t]*+\n)"
    r"|(?P<EQUAL>[ \t]*+=[ \t]*+)"
    r"|(?P<COMMA>[ \t\n]*+,[ \t\n]*+)"
    r"|(?P<CBRACKET>[ \t\n]*+\][ \t\n]*+)"
    r"|(?P<comment>[ \t]*+#)"
    r"|(?P<blank>[ \t\n]++)"
)
_OBRACKET = re.compile(r"[ \t]*+\[[ \t\n]*+")
_QUOTED = re.compile(r'"[^"]*+(?:(?<=\\)"[^"]*+)*"')
_PLAIN = re.compile(r"[^=# \t\n,\[\]]++")
_PASSED_OVER = re.compile(r"(?:[=#,\]]|[ \t]++(?!\[))+|.", re.DOTALL)
_BLANKS = re.compile(r"[ \t\n]*+")
_VALUE = (
    r'[ \t]*+=[ \t]*+(?:"([^"\\]*+)"(?![^=# \t\n,\[\]])|([^=# \t\n,\[\]"\\]++)(?!["\\]){})[ \t\n]*+'
)
_USUAL = re.compile(r"((?!XML)[A-Za-z_][A-Za-z0-9_]*+)" + _VALUE.format(r"|(\[)"))
_USUAL_PART = re.compile(r"([A-Za-z0-9_]++)" + _VALUE.format("") + r"([,\]])[ \t\n]*+")
_CDATA_END = "]]>"
_END = "$end"


class ParseError(ValueError):
    """When a text is no template; the message is oned's."""


class _Token(NamedTuple):
    kind: str
    text: str


class _Tokens:
    """The tokens of a text, one after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._start = 0
        self._in_value = False
        self._last_newline = text.rfind("\n")
        # Where the line that is read ends, and where the next end of a CDATA is.
        self._line = self._cdata = -1

    def take(self, *kinds: str) -> _Token:
        """Give the next token.

        Raises:
            ParseError: it is none of these kinds.
        """
        token = self._next()
        if token.kind in kinds:
            return token
        # An error that oned's parser finds between two attributes is found after the last.
        expected = [_END] if _END in kinds else kinds
        raise ParseError(
            f"Parse error: syntax error, unexpected {token.kind}, expecting"
            f" {' or '.join(expected)} at line {self._text.count(chr(10), 0, self._place)},"
            f" columns {self._column(self._start)}:{self._column(self._place)}"
        )

    def _column(self, place: int) -> int:
        """Count bytes, from 1, over all lines: oned begins none anew."""
        return 1 + len(self._text[:place].encode(errors="replace"))

    def _next(self) -> _Token:
        while self._place < len(self._text):
            token = self._value() if self._in_value else self._name()
            if token is not None:
                return token
        return _Token(_END, "")

    def _move(self, start: int, end: int) -> None:
        self._start, self._place = start, end

    def _name(self) -> _Token | None:
        place = self._place
        found = _NAMES.match(self._text, place)
        if found is None:
            self._move(place, place + 1)
            return None
        kind, end = str(found.lastgroup), found.end()
        if kind == "comment":
            # Only a whole line is one; without its end, the blanks and the mark are passed over.
            whole = end <= self._last_newline
            self._move(place if whole else end - 1, self._line_end(end) + 1 if whole else end)
            return None
        self._move(place, end)
        self._in_value = kind == "EQUAL"
        return None if kind == "blank" else _Token(kind, found[0])

    def _value(self) -> _Token | None:
        text, place = self._text, self._place
        found = _OBRACKET.match(text, place)
        if found is not None:
            token, end = _Token("OBRACKET", ""), found.end()
        else:
            token, end = None, place
        # Whatever takes most of the text is meant.
        if (found := _QUOTED.match(text, place)) and found.end() > end:
            token, end = _Token("STRING", found[0][1:-1].replace('\\"', '"')), found.end()
        if (found := _PLAIN.match(text, place)) and found.end() > end:
            token, end = _Token("STRING", found[0].replace('\\"', '"')), found.end()
        if self._holds_cdata(place) and (line := self._line_end(place)) >= end:
            token, end = _Token("CCDATA", ""), line
        if token is None:
            found = _PASSED_OVER.match(text, place)
            end = place + 1 if found is None else found.end()
        self._in_value = token is None
        self._move(place if token else end - 1, end)
        return token

    def _line_end(self, place: int) -> int:
        if self._line < place:
            end = self._text.find("\n", place)
            self._line = len(self._text) if end < 0 else end
        return self._line

    def _holds_cdata(self, place: int) -> bool:
        """Tell whether the rest of the line holds the end of a CDATA section."""
        if self._cdata < place:
            end = self._text.find(_CDATA_END, place)
            self._cdata = len(self._text) if end < 0 else end
        return self._cdata < self._line_end(place)


def attributes(text: str) -> Pairs:
    """Read attributes: names in capitals, and values, in the order of the text.

    Raises:
        ParseError: the text is no template.
    """
    usual = _usual(text)
    return _by_tokens(text) if usual is None else usual


def _by_tokens(text: str) -> Pairs:
    tokens = _Tokens(text)
    pairs: Pairs = []
    while (token := tokens.take("VARIABLE", _END)).kind != _END:
        name = attribute_name(token.text)
        value: Value = ""
        if tokens.take("EQUAL", "EQUAL_EMPTY").kind == "EQUAL":
            token = tokens.take("OBRACKET", "CCDATA", "STRING")
            if token.kind == "CCDATA":
                raise ParseError("Parse error.")
            value = _vector(tokens) if token.kind == "OBRACKET" else token.text
        pairs.append((name, value))
    return pairs


def _usual(text: str) -> Pairs | None:
    """Read quickly what nearly everybody writes; None for what is to be read by its tokens."""
    if _CDATA_END in text:
        return None
    pairs: Pairs = []
    place = _BLANKS.match(text).end()  # type: ignore[union-attr]  # it always matches
    while place < len(text):
        found = _USUAL.match(text, place)
        if found is None:
            return None
        name, quoted, plain, opened = found.groups()
        place = found.end()
        value: Value = plain if quoted is None else quoted
        if opened:
            value = {}
            while opened != "]":
                part = _USUAL_PART.match(text, place)
                if part is None:
                    return None
                key, quoted, plain, opened = part.groups()
                place = part.end()
                value.setdefault(key.upper(), plain if quoted is None else quoted)
        pairs.append((name.upper(), value))
    return pairs


def attribute_name(text: str) -> str:
    """Give the name that an attribute gets, which can be that of an element of XML."""
    proper = re.match("[A-Za-z_]", text) and not text.startswith("XML")
    return text.upper() if proper else f"ONE_{text.upper()}"


def _vector(tokens: _Tokens) -> dict[str, str]:
    values: dict[str, str] = {}
    token = tokens.take("CBRACKET", "VARIABLE")
    while token.kind == "VARIABLE":
        tokens.take("EQUAL")
        # The first of a name is kept; outside of vectors it is the last.
        values.setdefault(token.text.upper(), tokens.take("STRING").text)
        token = tokens.take("COMMA", "CBRACKET")
        if token.kind == "COMMA":
            token = tokens.take("VARIABLE")
    return values
