"""What stands above a picture: its title, what its lines mean, and its captions."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, NamedTuple

from lifecycle.drawing.escaping import label_text, shown
from lifecycle.drawing.graph import Outcome
from lifecycle.drawing.look import LINES

if TYPE_CHECKING:
    from lifecycle.drawing.graph import Graph
    from lifecycle.drawing.look import Palette
    from lifecycle.drawing.overlay import Overlay
    from lifecycle.table import Actor

_LETTERS = 110
_ABREAST = 3
_TWO_ROWS = 4
"""So many stand two and two."""
_LONGEST_TITLE = 90


class Entry(NamedTuple):
    """A line of the legend."""

    actor: Actor
    outcome: Outcome

    @property
    def words(self) -> str:
        """What it says."""
        return self.actor.value + (" fails" if self.outcome is Outcome.FAILURE else "")


def entries(graph: Graph) -> tuple[Entry, ...]:
    """Give what the lines of a graph have to be explained by, each once."""
    found = {
        Entry(edge.actor, edge.outcome)
        for edge in (*graph.edges, *graph.loops)
        if edge.actor is not None
    }
    order = list(LINES)
    return tuple(
        sorted(found, key=lambda one: (one.outcome is Outcome.FAILURE, order.index(one.actor)))
    )


def graph_label(graph: Graph, overlay: Overlay, palette: Palette) -> str:
    """Give the label of the whole picture."""
    title = label_text(graph.title)
    if overlay.title:
        told = label_text(shown(overlay.title, _LONGEST_TITLE))
        title = f'{title}<FONT COLOR="{palette.muted}">: {told}</FONT>'
    rows = [_row(f'<FONT POINT-SIZE="15"><B>{title}</B></FONT>')]
    found = entries(graph)
    if found:
        columns = 2 if len(found) == _TWO_ROWS else _ABREAST
        abreast = (found[start : start + columns] for start in range(0, len(found), columns))
        lines = "".join(
            f"<TR>{''.join(_sample(one, palette) for one in row)}</TR>" for row in abreast
        )
        # Nothing beside it would let it be stretched to the width of the title.
        rows.append(f"<TR><TD>{_TABLE}{lines}</TABLE></TD><TD></TD></TR>")
    captions = [*graph.captions, *(shown(caption, 2 * _LETTERS) for caption in overlay.captions)]
    for caption in captions:
        for line in textwrap.wrap(caption, _LETTERS):
            small = f'<FONT POINT-SIZE="9" COLOR="{palette.muted}">{label_text(line)}</FONT>'
            rows.append(_row(small))
    return f"<{_TABLE}{''.join(rows)}</TABLE>>"


_TABLE = '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">'


def _row(content: str) -> str:
    return f'<TR><TD COLSPAN="2" ALIGN="LEFT" BALIGN="LEFT">{content}</TD></TR>'


def _sample(entry: Entry, palette: Palette) -> str:
    """Draw a piece of the line and say whose it is."""
    colour = palette.line(entry.actor, entry.outcome)
    style = LINES[entry.actor]
    width = "2" if style == "bold" else "1"
    broken = f' STYLE="{style.upper()}"' if style in {"dashed", "dotted"} else ""
    line = (
        f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">'
        f'<TR><TD WIDTH="30" HEIGHT="5" FIXEDSIZE="TRUE" BORDER="{width}" SIDES="B"'
        f' COLOR="{colour}"{broken}></TD></TR>'
        f'<TR><TD WIDTH="30" HEIGHT="4" FIXEDSIZE="TRUE"></TD></TR></TABLE>'
    )
    words = f'<FONT COLOR="{colour}">{label_text(entry.words)}</FONT>'
    return f'<TD>{line}</TD><TD ALIGN="LEFT">{words}</TD><TD WIDTH="10"></TD>'
