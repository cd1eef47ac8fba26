"""The reference inside a site of Sphinx: the directive ``image-lifecycle``.

With ``extensions = ["lifecycle.reference.sphinx"]`` in ``conf.py``:

.. code-block:: rst

    .. image-lifecycle::

    .. image-lifecycle:: around=LOCKED
       :caption: What leads into LOCKED and out of it

    .. image-lifecycle::
       :about: LOCKED

The first two draw a view, named as for ``lifecycle diagram``; HTML gets the
picture itself, dark where the reader's screen is, every other builder what it
shows in words. The last writes what the reference tells of a state, an operation
or a page's subject, as ``lifecycle docs`` does.
"""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from lifecycle.markup.document import one_line
from lifecycle.markup.html import within_page
from lifecycle.markup.rest import Rest
from lifecycle.reference.pages import about
from lifecycle.reference.pictures import drawn
from lifecycle.refusal import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator


class image_lifecycle(nodes.General, nodes.Inline, nodes.Element):  # noqa: N801 - docutils finds a node's visitor by this name
    """A picture of the lifecycle; `svg` is the picture, and its children tell it in words."""


class ImageLifecycle(SphinxDirective):
    """The directive ``image-lifecycle``."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        "about": directives.unchanged_required,
        "caption": directives.unchanged,
        "class": directives.class_option,
        "name": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Give the nodes; what cannot be used is an error at the directive's line."""
        if self.arguments and "about" in self.options:
            raise self.error("image-lifecycle shows a view or tells about a topic, not both")
        try:
            if "about" in self.options:
                return self._told(self.options["about"])
            return [self._drawn(self.arguments[0] if self.arguments else "full")]
        except InputError as mistake:
            raise self.error(f"image-lifecycle: {mistake}") from mistake

    def _told(self, topic: str) -> list[nodes.Node]:
        blocks = Rest(references=False).blocks(about(topic).blocks)
        return self.parse_text_to_nodes("\n\n".join(blocks), allow_section_headings=True)

    def _drawn(self, view: str) -> nodes.Node:
        picture = drawn(view)
        number = self.env.new_serialno("image-lifecycle")
        svg = within_page(picture.svg, f"{picture.name}-{number}")
        shown = image_lifecycle("", svg=svg, classes=self.options.get("class", []))
        shown += [nodes.paragraph("", one_line(line)) for line in picture.alt.splitlines()]
        figure = nodes.figure("", shown)
        caption = nodes.caption("", self.options.get("caption", picture.title))
        figure += caption
        self.set_source_info(figure)
        self.add_name(figure)
        return figure


def _visit_html(self: HTML5Translator, node: image_lifecycle) -> None:
    if not node["svg"]:
        return
    classes = " ".join(["image-lifecycle", *node["classes"]])
    self.body.append(f'<div class="{self.attval(classes)}">{node["svg"]}</div>\n')
    raise nodes.SkipNode


def _visit_words(_: object, __: image_lifecycle) -> None:
    """Leave it to the words that the node holds."""


def _depart(_: object, __: image_lifecycle) -> None:
    """Do nothing: what the node holds is all."""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Make the directive known to Sphinx."""
    words = (_visit_words, _depart)
    app.add_node(
        image_lifecycle,
        html=(_visit_html, _depart),
        latex=words,
        text=words,
        man=words,
        texinfo=words,
    )
    app.add_directive("image-lifecycle", ImageLifecycle)
    try:
        version = metadata.version("opennebula-image-lifecycle")
    except metadata.PackageNotFoundError:
        version = "unknown"
    return {"version": version, "parallel_read_safe": True, "parallel_write_safe": True}
