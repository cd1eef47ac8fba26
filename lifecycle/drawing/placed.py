"""Pictures of which every place is given: the engine only paints (``neato -n2``).

Places and sizes are in points, from the top left. Nothing is an edge and
nothing is laid out, so the same picture comes as SVG, PNG and PDF, from every
engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import graphviz

from lifecycle.drawing.engine import find_engine
from lifecycle.drawing.escaping import attribute_text
from lifecycle.drawing.look import FONT
from lifecycle.drawing.svg import Told, finished
from lifecycle.drawing.text_width import width_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lifecycle.drawing.engine import Engine

Align = Literal["left", "center", "right"]

_POINTS_PER_INCH = 72
_LINE = 1.2
_WIDER = 1.5
_JUSTIFIED: Mapping[Align, str] = {"left": r"\l", "center": "", "right": r"\r"}


class Picture:
    """Boxes and texts at their places.

    Attributes:
        width, height: in points.
        told: what is said of it to whoever does not see it.
    """

    def __init__(self, name: str, width: float, height: float, ground: str) -> None:
        """Begin an empty picture.

        Args:
            name: letters and ``-``.
            width: in points.
            height: in points.
            ground: the colour of the background.
        """
        self.name, self.width, self.height = name, width, height
        self._ground = ground
        self._nodes: list[dict[str, str]] = []
        self._parts: dict[str, str] = {}

    def box(  # noqa: PLR0913 - a box has four sides; what else it has is named
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        *,
        fill: str,
        line: str = "",
        kind: str = "rule",
        tooltip: str = "",
        rounded: bool = False,
    ) -> None:
        """Add a box; without a colour for its line it has none."""
        self._add(
            (left, top, width, height),
            kind,
            tooltip,
            label="",
            style="rounded,filled" if rounded else "filled",
            fillcolor=fill,
            color=line or fill,
            penwidth="1" if line else "0",
        )

    def text(  # noqa: PLR0913 - a text has a place and a look; what else it has is named
        self,
        left: float,
        top: float,
        width: float,
        text: str,
        *,
        size: float,
        ink: str,
        align: Align = "left",
        kind: str = "text",
        tooltip: str = "",
    ) -> None:
        """Add one line of text, of which `top` is the upper end; it must fit."""
        # An engine that knows a wider font only would shift what it thinks does not fit.
        more = max(width_of(text, size) * _WIDER - width, 0)
        shift = {"left": 0.0, "center": more / 2, "right": more}[align]
        self._add(
            (left - shift, top, width + more, size * _LINE),
            kind,
            tooltip,
            label=attribute_text(text) + _JUSTIFIED[align],
            shape="plaintext",
            fontsize=f"{size:g}",
            fontcolor=ink,
        )

    def _add(
        self,
        place: tuple[float, float, float, float],
        kind: str,
        tooltip: str,
        **attributes: str,
    ) -> None:
        left, top, width, height = place
        x, y = left + width / 2, self.height - top - height / 2
        name = f"{self.name}-{len(self._nodes)}"
        if tooltip:
            self._parts[name] = tooltip
        self._nodes.append(
            {
                "id": name,
                "class": kind,
                "pos": f"{x:.2f},{y:.2f}!",
                "width": f"{width / _POINTS_PER_INCH:.4f}",
                "height": f"{height / _POINTS_PER_INCH:.4f}",
                **attributes,
            }
        )

    def source(self) -> str:
        """Give the picture as DOT; the same picture gives the same bytes."""
        made = graphviz.Graph(self.name, engine="neato")
        made.attr("graph", bgcolor=self._ground, pad="0.15", fontname=FONT)
        made.attr("node", shape="box", fixedsize="true", margin="0", fontname=FONT)
        for node in self._nodes:
            made.node(node["id"], **node)
        return str(made.source)

    def drawn(
        self,
        format: str,  # noqa: A002 - Graphviz's word
        *,
        title: str,
        description: str,
        both: bool = True,
        engine: Engine | None = None,
    ) -> bytes:
        """Draw the picture.

        Args:
            format: ``dot``, ``svg``, ``png`` or ``pdf``.
            title: what it shows.
            description: the same in words, for whoever does not see it.
            both: whether an SVG is dark where the reader's pages are.
            engine: what draws; the first that there is, unless told otherwise.

        Raises:
            InputError: nothing here draws it, or the engine fails.
        """
        dot = self.source()
        if format == "dot":
            return dot.encode()
        picture = (engine or find_engine()).draw(dot, format, placed=True)
        if format != "svg":
            return picture
        told = Told(self.name, title, description, self._parts)
        return finished(picture, told, both=both).encode()
