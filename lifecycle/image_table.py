"""The lifecycle of an image, put together and validated.

The facts themselves stand in :mod:`lifecycle.image_rows` (what succeeds),
:mod:`lifecycle.driver_rows` (what datastore drivers answer) and
:mod:`lifecycle.image_refusals` (what is refused or ignored), and nowhere else.
"""

from __future__ import annotations

from lifecycle.driver_rows import DRIVER_ROWS
from lifecycle.effects import EFFECTS
from lifecycle.guards import GUARDS
from lifecycle.image_refusals import IMAGE_REFUSALS
from lifecycle.image_rows import IMAGE_ROWS
from lifecycle.operations import OPERATIONS
from lifecycle.states import GONE, ImageState
from lifecycle.table import Table

IMAGE_TABLE = Table(
    name="image",
    states=tuple(ImageState),
    final=(GONE,),
    operations=OPERATIONS,
    rows=(*IMAGE_ROWS, *DRIVER_ROWS),
    otherwise=IMAGE_REFUSALS,
    guards=GUARDS,
    effects=EFFECTS,
)
"""The lifecycle of an image."""
