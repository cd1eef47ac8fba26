"""The engine's SVG made ready for pages: one picture for light and dark, named, told, and linkable.

The engine's own output is kept but for what is added: a role, a title and a
description, the tooltips as titles, a style sheet that turns each colour of the
light palette into that of the dark one, and on each text its width in
Helvetica, so that another font cannot make it spill.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from lifecycle.drawing.alternative import edge_sentence, node_sentence, text_alternative
from lifecycle.drawing.look import DARK, FONT, LIGHT
from lifecycle.drawing.widths import width
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecycle.drawing.graph import Graph

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_FAMILY = f"{FONT}, Arial, 'Liberation Sans', Arimo, sans-serif"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class Told(NamedTuple):
    """What is said of a picture to whoever does not see it.

    Attributes:
        name: letters and ``-``, for the identifiers of title and description.
        title: what it shows.
        description: the same in words.
        parts: a sentence for each part, by its id.
    """

    name: str
    title: str
    description: str
    parts: Mapping[str, str]


def told_of(graph: Graph) -> Told:
    """Give what is said of the picture of a graph."""
    parts = {f"state-{node.identifier}": node_sentence(node) for node in graph.nodes}
    parts |= {f"edge-{edge.identifier}": edge_sentence(edge) for edge in graph.edges}
    return Told(graph.name, graph.title, text_alternative(graph), parts)


def finished(drawn: bytes, told: Told, *, both: bool = True) -> str:
    """Give the SVG for a page.

    Args:
        drawn: what the engine wrote for ``-Tsvg``.
        told: what is said of it.
        both: whether it is dark where the reader's pages are.

    Raises:
        InputError: that is not what the engine wrote.
    """
    try:
        root = ET.fromstring(drawn)  # noqa: S314 - written by the engine, from our own DOT
    except ET.ParseError as error:
        raise InputError(f"the engine wrote what is no picture: {error}") from error
    _describe(root, told)
    _name_parts(root, told.parts)
    _fit_texts(root)
    _settle(root)
    style = ET.Element("style")
    style.text = _style(drawn.decode("utf-8", "replace") if both else "")
    root.insert(2, style)
    return f"{ET.tostring(root, encoding='unicode')}\n"


def _describe(root: ET.Element, told: Told) -> None:
    title, description = ET.Element("title"), ET.Element("desc")
    title.text, description.text = told.title, told.description
    title.set("id", f"title-{told.name}")
    description.set("id", f"desc-{told.name}")
    root.set("role", "img")
    root.set("aria-labelledby", f"title-{told.name}")
    root.set("aria-describedby", f"desc-{told.name}")
    root.insert(0, title)
    root.insert(1, description)


def _name_parts(root: ET.Element, told: Mapping[str, str]) -> None:
    """Write the sentences into the titles of the parts, which browsers show as tooltips."""
    for group in root.iter(f"{_SVG}g"):
        title = group.find(f"{_SVG}title")
        if title is None:
            continue
        name = group.get("id", "")
        if group.get("class") == "graph":
            group.remove(title)
        else:
            title.text = told.get(name, "gone" if name.startswith("state-gone") else title.text)


def _fit_texts(root: ET.Element) -> None:
    """Tell each text how wide it is, so that a stand-in for the font cannot make it spill."""
    for text in root.iter(f"{_SVG}text"):
        size = float(text.get("font-size", "0"))
        found = width(text.text or "", size, bold=text.get("font-weight") == "bold")
        if found:
            text.set("textLength", f"{found:.2f}")
            text.set("lengthAdjust", "spacingAndGlyphs")


def _settle(root: ET.Element) -> None:
    """Write every name without a prefix, and let the style sheet say the font."""
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        for name in [name for name in element.attrib if name.startswith("{")]:
            value = element.attrib.pop(name)
            if name == f"{_XLINK}href":
                element.set("href", value)
        element.attrib.pop("font-family", None)
        # A link without an address is what Graphviz makes of a tooltip.
        if element.tag == "a" and "href" not in element.attrib:
            element.tag = "g"
    root.set("xmlns", "http://www.w3.org/2000/svg")


def _style(picture: str) -> str:
    rules = [f"text{{font-family:{_FAMILY}}}", ":target path,:target ellipse{stroke-width:3}"]
    used = {colour.lower() for colour in _HEX.findall(picture)}
    swapped = [
        f"[{part}='{light}'i]{{{part}:{dark}}}"
        for light, dark in zip(LIGHT.colours(), DARK.colours(), strict=True)
        if light in used
        for part in ("fill", "stroke")
    ]
    if swapped:
        rules.append(f"@media (prefers-color-scheme:dark){{{''.join(swapped)}}}")
    return "".join(rules)
