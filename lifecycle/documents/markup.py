"""The parts that all of OpenNebula's documents are written with.

Sources: ``Template::to_xml``, ``VectorAttribute::to_xml``,
``PoolObjectSQL::perms_to_xml`` and ``lock_db_to_xml``, and
``ObjectCollection::to_xml`` of OpenNebula 7.4.0.

What oned writes is not always well-formed: it puts names between tags as they
are, and any byte between CDATA marks. A client could not read that, so here
everything is made readable: ``]]>`` is split over two CDATA sections (as oned's
own library does), a character that XML 1.0 does not have becomes U+FFFD, and a
letter that the name of an element cannot have becomes ``_``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifecycle.image import Lock

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile("[&<>]|" + _NO_XML.pattern)
_NO_NAME = re.compile(r"[^A-Za-z0-9_.\-]")
_NAME_START = re.compile(r"[A-Za-z_]")
_CDATA_END = "]]>"
_REPLACEMENT = "\ufffd"
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}

_BITS = (
    *("OWNER_U", "OWNER_M", "OWNER_A"),
    *("GROUP_U", "GROUP_M", "GROUP_A"),
    *("OTHER_U", "OTHER_M", "OTHER_A"),
)


def text(value: object) -> str:
    """Give what stands between two tags without CDATA: names."""
    return _SPECIAL.sub(lambda found: _ENTITIES.get(found[0], _REPLACEMENT), str(value))


def cdata(value: object) -> str:
    """Give a value between CDATA marks."""
    words = str(value)
    if not words.isascii() or not words.isprintable():
        words = _NO_XML.sub(_REPLACEMENT, words)
    if _CDATA_END in words:
        words = words.replace(_CDATA_END, "]]]]><![CDATA[>")
    return f"<![CDATA[{words}]]>"


@lru_cache(maxsize=4096)
def tag(name: str) -> str:
    """Give an attribute's name as the name of an element."""
    written = _NO_NAME.sub("_", name)
    return written if _NAME_START.match(written) else f"_{written}"


def attribute(name: str, value: Any) -> str:
    """Give one attribute: a text, or a dict, whose parts go by their names; a list is several."""
    if isinstance(value, list):
        return "".join([attribute(name, one) for one in value])
    name = tag(name)
    if not isinstance(value, dict):
        return f"<{name}>{cdata(value)}</{name}>"
    parts = "".join([attribute(part, value[part]) for part in sorted(value) if part])
    return f"<{name}>{parts}</{name}>"


def attributes(template: Mapping[str, Any]) -> str:
    """Give attributes by their names; a list stands for several of one name, in its order."""
    return "".join([attribute(name, template[name]) for name in sorted(template)])


def template(values: Mapping[str, Any], root: str = "TEMPLATE") -> str:
    """Give a template."""
    return f"<{root}>{attributes(values)}</{root}>"


def ids(root: str, numbers: Iterable[int]) -> str:
    """Give a collection of ids, ascending."""
    return f"<{root}>{''.join([f'<ID>{number}</ID>' for number in sorted(numbers)])}</{root}>"


@lru_cache(maxsize=512)
def permissions(bits: int) -> str:
    """Give nine permission bits, owner USE first."""
    parts = [f"<{name}>{bits >> (8 - at) & 1}</{name}>" for at, name in enumerate(_BITS)]
    return f"<PERMISSIONS>{''.join(parts)}</PERMISSIONS>"


def lock(held: Lock | None) -> str:
    """Give LOCK, or nothing where nobody holds one."""
    if held is None:
        return ""
    return (
        f"<LOCK><LOCKED>{held.level}</LOCKED><OWNER>{held.owner}</OWNER>"
        f"<TIME>{held.time}</TIME><REQ_ID>{held.request}</REQ_ID></LOCK>"
    )
