"""The pages of the gallery: the reference in Markdown, with the gallery's own pictures.

They are checked in under ``diagrams/reference/`` and compared with a fresh run.
"""

from __future__ import annotations

from lifecycle.reference.pictures import linked
from lifecycle.reference.writing import reference

FOLDER = "reference"
"""The folder in the gallery."""


def pages() -> dict[str, str]:
    """Give every page by the name of its file."""
    return reference("markdown", linked)
